"""What a generation holds, in small: enough to say what the next publish changes, and to know
which episodes need not be built again."""

import hashlib
import struct
import zlib
from operator import attrgetter
from pathlib import Path

import msgspec

from search.episode import Episode, Show
from search.errors import DamagedIndex

CONTENTS = "contents.json"
"""The file of a generation that holds its contents."""

_MOMENT = struct.Struct("<iI")


class EpisodeOutline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`digest` covers all of an episode but its path; `packed` are its moments."""

    id: str
    path: str
    title: str
    digest: str
    packed: bytes

    @property
    def moments(self) -> tuple[tuple[int, int], ...]:
        """For each moment its start and the CRC-32 of its text."""
        return tuple(_MOMENT.iter_unpack(self.packed))

    @property
    def moment_count(self) -> int:
        return len(self.packed) // _MOMENT.size


class Contents(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`show` is a digest of what is said of the show itself, episodes left out."""

    show: str
    episodes: tuple[EpisodeOutline, ...]


def contents_of(show: Show, before: Contents | None = None) -> Contents:
    """The outline of a show; what is in `before`, too, is taken from there."""
    about = [show.name, show.url, sorted(show.tag_names.items())]
    known = {(each.digest, each.path): each for each in before.episodes} if before else {}
    episodes = []
    for episode in show.episodes:
        digest = _digest(_encoded(episode))
        episodes.append(known.get((digest, episode.path)) or _outline(episode, digest))
    return Contents(_digest(_bytes(repr(about))), tuple(episodes))


def write_contents(path: Path, contents: Contents) -> None:
    path.write_bytes(msgspec.json.encode(contents))


def read_contents(path: Path) -> Contents:
    """Raises DamagedIndex."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Contents)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DamagedIndex(f"{path}: cannot be read: {error}") from None


def _outline(episode: Episode, digest: str) -> EpisodeOutline:
    return EpisodeOutline(
        _printable(episode.id),
        _printable(episode.path),
        _printable(episode.title),
        digest,
        b"".join(_MOMENT.pack(m.start, zlib.crc32(_bytes(m.text))) for m in episode.moments),
    )


_all_but_path = attrgetter(*(name for name in Episode.__struct_fields__ if name != "path"))
_encoder = msgspec.msgpack.Encoder()


def _encoded(episode: Episode) -> bytes:
    values = _all_but_path(episode)
    try:
        return _encoder.encode(values)
    except UnicodeEncodeError:
        # A lone surrogate somewhere; rare, and the slower way takes it.
        return _bytes(repr(values))


def _printable(text: str) -> str:
    """The name of a file may hold any bytes; JSON may not."""
    return text.encode("utf-8", "backslashreplace").decode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
