"""What a generation holds, in small: enough to say what the next publish changes, and to know
which episodes need not be built again."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, overload

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
    date: date | None
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


class Outlined(Sequence[Episode]):
    """Episodes by their outlines; each itself is fetched when it is asked for."""

    def __init__(
        self, outlines: Iterable[EpisodeOutline], fetch: Iterable[Callable[[], Episode]]
    ) -> None:
        self.outlines = tuple(outlines)
        self._fetch = tuple(fetch)

    @classmethod
    def of(cls, episodes: Sequence[Episode]) -> "Outlined":
        if isinstance(episodes, cls):
            return episodes
        fetch = (partial(episodes.__getitem__, number) for number in range(len(episodes)))
        return cls(map(outline, episodes), fetch)

    def ordered(self, place: Callable[[EpisodeOutline], Any]) -> "Outlined":
        """The same episodes, sorted by a property of their outlines."""
        order = sorted(range(len(self)), key=lambda number: place(self.outlines[number]))
        return self.chosen(order)

    def chosen(self, numbers: Sequence[int]) -> "Outlined":
        """Those of the given numbers, in that order."""
        return Outlined((self.outlines[n] for n in numbers), (self._fetch[n] for n in numbers))

    def __len__(self) -> int:
        return len(self.outlines)

    @overload
    def __getitem__(self, place: int) -> Episode: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Episode]: ...
    def __getitem__(self, place: int | slice) -> Episode | Sequence[Episode]:
        if isinstance(place, slice):
            return Outlined(self.outlines[place], self._fetch[place])
        return self._fetch[place]()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)


def contents_of(show: Show) -> Contents:
    """The outline of a show."""
    about = [show.name, show.url, sorted(show.tag_names.items())]
    return Contents(_digest(repr(about).encode()), Outlined.of(show.episodes).outlines)


def write_contents(path: Path, contents: Contents) -> None:
    path.write_bytes(msgspec.json.encode(contents))


def read_contents(path: Path) -> Contents:
    """Raises DamagedIndex."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Contents)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DamagedIndex(f"{path}: cannot be read: {error}") from None


def outline(episode: Episode) -> EpisodeOutline:
    """The outline of an episode."""
    return EpisodeOutline(
        episode.id,
        episode.path,
        episode.date,
        episode.title,
        _digest(_encoder.encode(_all_but_path(episode))),
        b"".join(_MOMENT.pack(m.start, zlib.crc32(m.text.encode())) for m in episode.moments),
    )


_all_but_path = attrgetter(*(name for name in Episode.__struct_fields__ if name != "path"))
_encoder = msgspec.msgpack.Encoder()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
