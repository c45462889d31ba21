"""What a generation says of itself, and whether its files still say the same.

The chain of trust is short: the pointer `current` holds the signature of the manifest (its SHA-256,
or with a key an HMAC), the manifest size and SHA-256 of every file. Whoosh's own files hold
pickles, which can run code: they are opened only by the builder, only where nobody else can write,
and only after their sums were compared. Servers never open them; what they map are arrays (no
pickles) and JSON.
"""

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from search.errors import DamagedIndex, StaleIndex, reindex_command
from search.signing import same, sign

FORMAT = 6
"""The form of a generation's files; raised whenever older ones can no longer be read."""

MANIFEST = "manifest.json"
UNREAD = "whoosh/"
"""Files under here are of the builder alone; a server compares only their sizes."""

_HASHERS = 4


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files`: name → (bytes, SHA-256). `built_by` is a digest of the code and the libraries that
    decide what the files hold; `versions` names them for people."""

    generation: str
    format: int
    built_at: datetime
    built_by: str
    versions: dict[str, str]
    episodes: int
    moments: int
    passages: int
    files: dict[str, tuple[int, str]]

    @property
    def bytes(self) -> int:
        return sum(size for size, _ in self.files.values())


def encode(manifest: Manifest) -> bytes:
    document = asdict(manifest) | {"built_at": manifest.built_at.isoformat()}
    return json.dumps(document, indent=1).encode()


def read_manifest(directory: Path, signature: str, key: bytes) -> Manifest:
    """The manifest of a generation, if it is the one with that signature (search.signing). Raises
    DamagedIndex or, if another version of Seekcast wrote it, StaleIndex."""
    path = directory / MANIFEST
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DamagedIndex(f"{path}: cannot be read: {error.strerror or error}") from None
    if not same(sign(raw, key), signature):
        how = ", or signed with another key than that of index.key_file" if key else ""
        raise DamagedIndex(f"{path}: was changed since it was published{how}")
    try:
        document = json.loads(raw)
        if document["format"] != FORMAT:
            raise StaleIndex(
                f"{directory}: was built by another version of Seekcast; "
                f"run: {reindex_command(directory.parent)}"
            )
        return _decode(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedIndex(f"{path}: not a manifest: {error!r}") from None


def _decode(document: dict[str, Any]) -> Manifest:
    return Manifest(
        generation=str(document["generation"]),
        format=int(document["format"]),
        built_at=datetime.fromisoformat(document["built_at"]),
        built_by=str(document["built_by"]),
        versions={str(name): str(value) for name, value in document["versions"].items()},
        episodes=int(document["episodes"]),
        moments=int(document["moments"]),
        passages=int(document["passages"]),
        files={
            str(name): (int(size), str(sum_)) for name, (size, sum_) in document["files"].items()
        },
    )


def sums(directory: Path, known: dict[str, tuple[int, str]] | None = None) -> dict[str, Any]:
    """Size and SHA-256 of every file in a directory; those in `known` are taken from there."""
    found: dict[str, tuple[int, str]] = {}
    for path in files_in(directory):
        name = path.relative_to(directory).as_posix()
        found[name] = (known or {}).get(name) or (path.stat().st_size, sha256(path))
    return found


def files_in(directory: Path) -> list[Path]:
    """Every file below a directory but its manifest, sorted."""
    manifest = directory / MANIFEST
    return [path for path in walk(directory) if path != manifest and not _is_folder(path)]


def walk(directory: Path) -> list[Path]:
    """Everything below a directory, sorted. (Path.rglob passes over what it may not read.)"""
    found = []
    with os.scandir(directory) as entries:
        for entry in entries:
            path = directory / entry.name
            found.append(path)
            if entry.is_dir(follow_symlinks=False):
                found += walk(path)
    return sorted(found)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def sha256(path: Path) -> str:
    """Read in chunks; 1 GB a second and more."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damage(directory: Path, manifest: Manifest, *, thorough: bool) -> Iterator[str]:
    """What is wrong with a generation's files, each with its path. Thorough: the sums of those
    that servers do not read are compared, too."""
    try:
        there = walk(directory)
    except OSError as error:
        yield f"{error.filename}: cannot be read: {error.strerror or error}"
        return
    for path in (directory.parent, directory, *there):
        yield from _exposed(path, directory.parent)
    yield from _differing(directory, manifest, thorough=thorough)
    for path in there:
        name = path.relative_to(directory).as_posix()
        if name != MANIFEST and not _is_folder(path) and name not in manifest.files:
            yield f"{path}: does not belong there"


def _differing(directory: Path, manifest: Manifest, *, thorough: bool) -> Iterator[str]:
    def fault(name: str) -> str:
        path = directory / name
        size, digest = manifest.files[name]
        try:
            found = path.stat().st_size
            if found != size:
                return f"{path}: has {found:,} bytes, was published with {size:,}"
            if (thorough or not name.startswith(UNREAD)) and sha256(path) != digest:
                return f"{path}: its contents were changed since it was published"
        except FileNotFoundError:
            return f"{path}: is missing"
        except OSError as error:
            return f"{path}: cannot be read: {error.strerror or error}"
        return ""

    # Sums are reckoned without the interpreter's lock.
    with ThreadPoolExecutor(_HASHERS) as hashers:
        yield from filter(None, hashers.map(fault, manifest.files))


def require_sound(directory: Path, manifest: Manifest, *, thorough: bool = False) -> None:
    """Raises DamagedIndex that names the first thing that is wrong."""
    for problem in damage(directory, manifest, thorough=thorough):
        raise DamagedIndex(problem)


def require_file(directory: Path, manifest: Manifest, name: str) -> None:
    """The same for a single file."""
    only = replace(manifest, files={name: manifest.files.get(name, (0, ""))})
    for problem in _differing(directory, only, thorough=True):
        raise DamagedIndex(problem)


def _exposed(path: Path, root: Path) -> Iterator[str]:
    """Whoever can write an index decides what a site answers: nobody but its owner may."""
    try:
        status = path.lstat()
    except OSError as error:
        yield f"{path}: cannot be looked at: {error.strerror or error}"
        return
    if stat.S_ISLNK(status.st_mode):
        if path != root:
            yield f"{path}: is a link; an index holds only files of its own"
    elif status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield f"{path}: others can write it; run: chmod go-w '{path}'"
    owners = {0, os.geteuid(), root.stat().st_uid}
    if status.st_uid not in owners:
        yield f"{path}: belongs to user {status.st_uid}, the index to {root.stat().st_uid}"


def owned(directory: Path) -> bool:
    """Whether a directory is root's or our own."""
    return directory.stat().st_uid in (0, os.geteuid())


@dataclass(frozen=True, slots=True)
class Seal:
    """How a generation's files looked when they were verified: cheap to compare again."""

    stats: tuple[tuple[str, tuple[int, ...]], ...]

    @classmethod
    def of(cls, directory: Path, manifest: Manifest) -> "Seal":
        read = [name for name in manifest.files if not name.startswith(UNREAD)]
        paths = [str(directory / name) for name in (MANIFEST, *read)]
        return cls(tuple((path, _identity(path)) for path in paths))

    def holds(self) -> bool:
        return all(_identity(path) == identity for path, identity in self.stats)


def _identity(path: str) -> tuple[int, ...]:
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns)


_BUILDERS = (
    *("analysis", "episode", "parser", "passage", "spelling", "stemming"),
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
    names = ("Whoosh", "numpy", "snowballstemmer", "PyStemmer")
    return {"Python": sys.version.split()[0], **{name: version(name) for name in names}}
