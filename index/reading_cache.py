"""What was read before: a file that did not change is not opened, parsed and rendered again.

One file in the index directory holds, for each episode file, what `read_file` gave for its bytes.
It is a convenience and no more: written aside and renamed, with a signature (search.signing), and
whatever is wrong with it only means that everything is read anew.

What a reading depends on: the file's path and bytes, the site without its tag pages, the names of
the tags it has, and the code that reads (with the versions of its libraries). Bytes are the same
while the file looks the same from outside (index.files.Stamp), else their SHA-256 tells.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import msgspec

from index.checks import Facts
from index.episode_file import read_file
from index.file_reading import FileReading
from index.files import FileContents, Stamp, stamp
from index.findings import Finding
from index.site import Site
from index.values import as_slug
from search.contents import EpisodeOutline
from search.editions import program
from search.episode import Episode
from search.settings import IndexSettings
from search.signing import read_key, sign

_NAME = "readings.cache"
_LIBRARIES = ("python-frontmatter", "PyYAML", "markdown", "python-liquid")
_SIGNATURE = 64


class _Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`data` is the digest of the file's bytes, `tags` are the slugs that were looked up among the
    tag pages, `names` a digest of what they are called there; the rest is what the file gave."""

    stamp: Stamp | None
    data: bytes
    tags: tuple[str, ...]
    names: bytes
    outline: EpisodeOutline | None
    left_out: str
    findings: tuple[Finding, ...]
    facts: Facts | None
    episode: msgspec.Raw


class _Readings(msgspec.Struct, frozen=True, array_like=True):
    """Those of one `site`, as it was when its tag pages were called `pages`: by path."""

    site: bytes = b""
    pages: bytes = b""
    kept: dict[str, _Kept] = {}


class ReadingCache:
    """Remembers what `read_file` gave. Load it, hand it to `read_site`, then `save` it."""

    def __init__(self, settings: IndexSettings) -> None:
        self._file = Path(settings.directory) / _NAME
        self._key = read_key(settings)
        self._before = _load(self._file, self._key)
        self._now = _Readings()
        self._for: Site | None = None
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Episode)
        self._changed = False

    def unchanged(self, path: str, site: Site) -> FileReading | None:
        """What a file gave, if nothing about it changed since."""
        kept = self._kept(path, site)
        if kept is None or kept.stamp is None or kept.stamp != stamp(site.root, path):
            return None
        return self._kept_reading(path, kept)

    def read(self, contents: FileContents, site: Site) -> FileReading:
        """What `read_file` gives."""
        path, data = contents.path, hashlib.sha256(contents.data).digest()
        kept = self._kept(path, site)
        if kept is not None and kept.data == data:
            self._changed |= kept.stamp != contents.stamp
            return self._kept_reading(path, msgspec.structs.replace(kept, stamp=contents.stamp))
        self._changed = True
        reading = read_file(contents.data, path, site)
        facts = reading.facts
        tags = tuple(slug for slug, _ in facts.tags) if facts else ()
        # What cannot be encoded (a lone surrogate) is simply read again next time.
        with suppress(UnicodeEncodeError):
            episode = msgspec.Raw(self._encoder.encode(reading.episode))
            # What could not be written with the others is not kept: it is read again each time.
            self._encoder.encode((tags, reading.left_out, reading.findings, facts))
            kept = _Kept(
                contents.stamp,
                data,
                tags,
                _names(tags, site),
                reading.outline,
                reading.left_out,
                reading.findings,
                facts,
                episode,
            )
            # As it was kept, and not as it was read: texts are not held twice.
            return self._kept_reading(path, kept)
        return reading

    def _kept(self, path: str, site: Site) -> _Kept | None:
        """What was kept of a file, if it is still true of the site."""
        if site is not self._for:
            self._for = site
            self._now = _Readings(_site_digest(site), _names(sorted(site.tag_names), site), {})
        if self._before.site != self._now.site:
            return None
        kept = self._before.kept.get(path)
        if kept and (
            self._before.pages == self._now.pages or kept.names == _names(kept.tags, site)
        ):
            return kept
        return None

    def _kept_reading(self, path: str, kept: _Kept) -> FileReading:
        self._now.kept[path] = kept
        fetch = partial(self._decoder.decode, kept.episode)
        return FileReading(path, kept.outline, fetch, kept.left_out, kept.findings, kept.facts)

    def save(self) -> None:
        """Writes what was read, unless it is what was there. Raises OSError."""
        before, now = self._before, self._now
        same = (before.site, before.pages, len(before.kept)) == (now.site, now.pages, len(now.kept))
        if same and not self._changed:
            return
        data = self._encoder.encode(now)
        aside = self._file.with_name(f"readings-{secrets.token_hex(3)}.tmp")
        try:
            with open(aside, "wb", opener=partial(os.open, mode=0o644)) as file:
                file.write(sign(data, self._key).encode())
                file.write(data)
            os.replace(aside, self._file)
        finally:
            aside.unlink(missing_ok=True)


def _load(file: Path, key: bytes) -> _Readings:
    try:
        data = memoryview(file.read_bytes())
    except OSError:
        return _Readings()
    if sign(data[_SIGNATURE:], key).encode() != data[:_SIGNATURE]:
        return _Readings()
    try:
        return msgspec.msgpack.decode(data[_SIGNATURE:], type=_Readings)
    except msgspec.MsgspecError:
        return _Readings()


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
    """What tells the code that reads, with its libraries, from any other."""
    folder = Path(__file__).parent
    code = [program(folder), program(folder.parent / "search")]
    return repr((code, [version(name) for name in _LIBRARIES])).encode()
