"""What a generation says of itself.

The chain of trust is short: the pointer `current` holds the signature of the manifest (its SHA-256,
or with a key an HMAC), the manifest size and SHA-256 of every file (see soundness.py).
"""

import hashlib
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec

from search.errors import DamagedIndex, StaleIndex, reindex_command
from search.signing import same, sign

FORMAT = 8
"""The form of a generation's files; raised whenever older ones can no longer be read."""

MANIFEST = "manifest.json"

POINTER = "current"
"""The file of the index directory that says which generation is served."""


Files = dict[str, tuple[int, str]]
"""The size in bytes and the SHA-256 of files, by name."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds. `built_by` is a digest of the code and the libraries that
    decide what the files hold; `versions` names them for people."""

    generation: str
    format: int
    built_at: datetime
    built_by: str
    versions: dict[str, str]
    episodes: int
    moments: int
    passages: int
    files: Files

    @property
    def bytes(self) -> int:
        return sum(size for size, _ in self.files.values())


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation on disk: its directory, and the manifest that it was sealed with."""

    directory: Path
    manifest: Manifest


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def read_generation(directory: Path, signature: str, key: bytes) -> Generation:
    """The generation in a directory, if its manifest has that signature (search.signing). Raises
    DamagedIndex or, if another version of Seekcast wrote it, StaleIndex."""
    path = directory / MANIFEST
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DamagedIndex(f"{path}: cannot be read: {error.strerror or error}") from None
    if not same(sign(raw, key), signature):
        another = "another key than that of" if key else "a key, to be named in"
        raise DamagedIndex(
            f"{path}: was changed since it was published, or signed with {another} index.key_file"
        )
    try:
        document = json.loads(raw)
        if document["format"] != FORMAT:
            raise StaleIndex(
                f"{directory}: was built by another version of Seekcast; "
                f"run: {reindex_command(directory.parent)}"
            )
        return Generation(directory, msgspec.convert(document, Manifest))
    except (ValueError, KeyError, TypeError, RecursionError, msgspec.ValidationError) as error:
        raise DamagedIndex(f"{path}: not a manifest: {error!r}") from None


_BUILDERS = (
    *("analysis", "episode", "passage", "query_words", "spelling", "stemming"),
    *("engines/arrays", "engines/building", "engines/compiled", "engines/compiling"),
    *("engines/merging", "engines/positions", "engines/rows", "engines/segment"),
    *("engines/splicing", "engines/stored", "engines/string_table", "engines/term_tables"),
    *("engines/weighing", "engines/whoosh_index"),
)
"""The modules of search that decide what a generation's files hold."""


@cache
def built_by() -> str:
    """A digest of everything but the show that decides what a generation's files hold: the code
    that takes texts apart and writes them, and the libraries it stands on."""
    digest = hashlib.sha256(f"{FORMAT} {versions()}".encode())
    for module in _BUILDERS:
        digest.update((Path(__file__).parents[1] / f"{module}.py").read_bytes())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """What decides what a generation's files hold, for people."""
    # Only here: it takes a twentieth of what a process needs until it has opened an index.
    from importlib.metadata import version

    names = ("Whoosh", "numpy", "snowballstemmer", "PyStemmer")
    return {"Python": sys.version.split()[0], **{name: version(name) for name in names}}
