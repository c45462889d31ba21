"""What was read before: a file that did not change is not parsed and rendered again.

One file in the index directory holds, for each episode file, what `read_file` gave for its bytes.
It is a convenience and no more: written aside and renamed, with a signature (search.signing), and
whatever is wrong with it only means that everything is read anew.

What a reading depends on is its key: the file's bytes and path, the site without its tag pages,
the names of the tags it has, and the code that reads (with the versions of its libraries).
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from index.episode_file import FileReading, read_file
from index.site import Site
from index.values import as_slug
from search.settings import IndexSettings
from search.signing import read_key, sign

_NAME = "readings.cache"
_LIBRARIES = ("python-frontmatter", "PyYAML", "markdown", "python-liquid")
_SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class _Kept:
    """`tags` are the slugs that were looked up among the tag pages, `names` a digest of what they
    are called there, `pages` one of all tag pages: while these are the same, so are the names."""

    key: bytes
    tags: tuple[str, ...]
    names: bytes
    pages: bytes
    reading: msgspec.Raw


class ReadingCache:
    """The `Cache` of index.reader. Load it, hand it to `read_site`, then `save` it."""

    def __init__(self, settings: IndexSettings) -> None:
        self._file = Path(settings.directory) / _NAME
        self._key = read_key(settings)
        self._before = _load(self._file, self._key)
        self._now: dict[str, _Kept] = {}
        self._site = hashlib.sha256()
        self._pages = b""
        self._for: Site | None = None
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(FileReading)
        self.reused = 0

    def read(self, data: bytes, path: str, site: Site) -> FileReading:
        """What `read_file` gives, from memory where nothing changed that it depends on."""
        if site is not self._for:
            self._for, self._site = site, hashlib.sha256(_site_digest(site))
            self._pages = _names(sorted(site.tag_names), site)
        key = self._site.copy()
        key.update(path.encode("utf-8", "surrogatepass") + b"\0" + data)
        kept = self._before.get(path)
        if kept and kept.key == key.digest() and self._same_names(kept, site):
            with suppress(msgspec.MsgspecError):
                reading = self._decoder.decode(kept.reading)
                self._now[path] = kept
                self.reused += 1
                return reading
        reading = read_file(data, path, site)
        tags = tuple(slug for slug, _ in reading.facts.tags) if reading.facts else ()
        # What cannot be encoded (a lone surrogate) is simply read again next time.
        with suppress(UnicodeEncodeError):
            raw = msgspec.Raw(self._encoder.encode(reading))
            self._now[path] = _Kept(key.digest(), tags, _names(tags, site), self._pages, raw)
        return reading

    def _same_names(self, kept: _Kept, site: Site) -> bool:
        return kept.pages == self._pages or kept.names == _names(kept.tags, site)

    def save(self) -> None:
        """Writes what was read, unless it is what was there. Raises OSError."""
        if self.reused == len(self._before) == len(self._now):
            return
        data = self._encoder.encode(self._now)
        aside = self._file.with_name(f"readings-{secrets.token_hex(3)}.tmp")
        try:
            with open(aside, "wb") as file:
                file.write(sign(data, self._key).encode())
                file.write(data)
            os.replace(aside, self._file)
        finally:
            aside.unlink(missing_ok=True)


def _load(file: Path, key: bytes) -> dict[str, _Kept]:
    try:
        data = memoryview(file.read_bytes())
    except OSError:
        return {}
    if sign(data[_SIGNATURE:], key).encode() != data[:_SIGNATURE]:
        return {}
    try:
        return msgspec.msgpack.decode(data[_SIGNATURE:], type=dict[str, _Kept])
    except msgspec.MsgspecError:
        return {}


def _names(tags: Iterable[str], site: Site) -> bytes:
    names = [(slug, site.tag_names.get(slug)) for slug in tags]
    return hashlib.sha256(repr(names).encode("utf-8", "surrogatepass")).digest()


def _site_digest(site: Site) -> bytes:
    # A tag page whose name is no slug decides how a tag is written, not only what it is called.
    odd = tuple(name for name in site.tag_names if as_slug(name) != name)
    about = repr((replace(site, root=Path(), tag_names={}), odd))
    return hashlib.sha256(_read_by() + about.encode("utf-8", "surrogatepass")).digest()


@cache
def _read_by() -> bytes:
    """A digest of the code that reads: ours, all of `index` and the values of `search`."""
    digest = hashlib.sha256(repr([version(name) for name in _LIBRARIES]).encode())
    folder = Path(__file__).parent
    for path in sorted([*folder.glob("*.py"), *(folder.parent / "search").glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.digest()
