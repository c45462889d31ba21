"""A generation compiled for answering: what Whoosh wrote, as arrays that are mapped, not loaded.

For each term and field the passages that have it, each with its BM25F weight, and the positions.
Columns say for each passage its episode, kind and time, for each episode what it can be filtered
and counted by. compiling.py makes the arrays, `Compiled` gives them names.

Shapes: T terms, F fields (search.passage.FIELDS), N passages, E episodes, P postings.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np

from search.contents import EpisodeOutline
from search.engines.arrays import Array, integers, ranges, read_arrays
from search.engines.rows import Rows
from search.engines.string_table import HashedTable, StringTable
from search.episode import Episode
from search.errors import DamagedIndex

COMPILED = "compiled.safetensors"
"""The file of a generation that holds its arrays."""

NO_TIME = -1
_CACHED_EPISODES = 1024
_SOON_COUNTED = 10_000
"""So few owners of values are counted all at once sooner than it is found out how to count less."""
_FEW = 8
"""Of fewer than one in so many episodes, values are counted episode by episode."""


class Head(msgspec.Struct, frozen=True, array_like=True):
    """What is shown of an episode, moments left out, in a form that is quick to read: the fields
    are those of search.episode.Episode; `tags` are (slug, name)."""

    id: str
    number: int | None
    category: str | None
    title: str
    description: str
    url: str
    audio_url: str | None
    date: date | None
    duration: int | None
    guests: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, episode: Episode) -> "Head":
        """The head of an episode."""
        shown = {name: getattr(episode, name) for name in cls.__struct_fields__ if name != "tags"}
        return cls(**shown, tags=tuple((tag.slug, tag.name) for tag in episode.tags))


_head_decoder = msgspec.json.Decoder(Head)


def index_place(episode: Episode | EpisodeOutline) -> tuple[date, str]:
    """Episodes are in the order of this, oldest first, undated before all: a higher number in an
    index is a newer episode."""
    return (episode.date or date.min, episode.id)


class Column:
    """A filterable property of episodes: `values` (a StringTable), and which episode has which."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self.values = StringTable(arrays[f"{name}_values"], arrays[f"{name}_values_offsets"])
        offsets = arrays[f"{name}_offsets"]
        # In the type that numpy counts in: any other would be converted for each answer.
        self.numbers = arrays[f"{name}_numbers"].astype(np.intp)
        self.owners = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
        self._begins, self._lengths = offsets[:-1], np.diff(offsets)
        self._totals = np.bincount(self.numbers, minlength=len(self.values))

    def of(self, number: int) -> Array:
        """The episodes that have a value."""
        owners: Array = self.owners[self.numbers == number]
        return owners

    def having(self, numbers: Iterable[int], episodes: int) -> Array:
        """A mask (E,) of the episodes that have any of the values."""
        mask = np.zeros(episodes, bool)
        for number in numbers:
            mask[self.of(number)] = True
        return mask

    def count(self, mask: Array) -> Array:
        """How many of the masked episodes have each value, (values,)."""
        if len(self.numbers) >= _SOON_COUNTED:
            many = np.count_nonzero(mask)
            if many > len(mask) / 2:
                # What is left over is less to count.
                return self._totals - self.count(~mask)
            if many < len(mask) / _FEW:
                episodes = mask.nonzero()[0]
                places = ranges(self._begins[episodes], self._lengths[episodes])
                return self._count(self.numbers[places])
        return self._count(self.numbers.compress(mask.take(self.owners)))

    def _count(self, numbers: Array) -> Array:
        return np.bincount(numbers, minlength=len(self.values))


class Compiled:
    """An open generation's arrays. Read-only and safe to share between threads."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.terms, self.stems = _hashed(arrays, "terms"), _hashed(arrays, "stems")
        self.stem_offsets, self.stem_terms = arrays["stem_offsets"], arrays["stem_terms"]
        self.deletion_keys = arrays["deletion_keys"]
        self.deletion_terms = arrays["deletion_terms"]
        self.posting_offsets = arrays["posting_offsets"]
        self.posting_passages = arrays["posting_passages"]
        self.posting_weights = arrays["posting_weights"]
        self.position_offsets = arrays["position_offsets"]
        self.positions = arrays["positions"]
        self.passage_episode = arrays["passage_episode"]
        self.passage_kind = arrays["passage_kind"]
        self.passage_start, self.passage_end = arrays["passage_start"], arrays["passage_end"]
        self.episode_date, self.episode_year = arrays["episode_date"], arrays["episode_year"]
        self.columns = {name: Column(arrays, name) for name in ("tag", "guest", "category")}
        self.names = Column(arrays, "name")
        self._text_offsets = integers(arrays["texts_offsets"])
        self._texts = arrays["texts"].data
        self._head_offsets = integers(arrays["heads_offsets"])
        self._heads = arrays["heads"].data
        show = json.loads(arrays["show"].tobytes())
        self.show_name: str = show["name"]
        self.show_url: str = show["url"]
        self.tag_names: dict[str, tuple[str, ...]] = {
            slug: tuple(names) for slug, names in show["tag_names"].items()
        }
        self.head = lru_cache(maxsize=_CACHED_EPISODES)(self._head)

    @property
    def episodes(self) -> int:
        return len(self.episode_date)

    @property
    def passages(self) -> int:
        return len(self.passage_episode)

    def text(self, passage: int) -> str:
        """A passage's text as stored; empty for a head."""
        begin, end = self._text_offsets[passage], self._text_offsets[passage + 1]
        return bytes(self._texts[begin:end]).decode()

    def _head(self, episode: int) -> Head:
        begin, end = self._head_offsets[episode], self._head_offsets[episode + 1]
        encoded = bytes(self._heads[begin:end])
        try:
            return _head_decoder.decode(encoded)
        except msgspec.DecodeError:
            # Half of a surrogate pair somewhere; rare, and the slower way takes it.
            return msgspec.convert(json.loads(encoded), Head)


def _hashed(arrays: Mapping[str, Array], name: str) -> HashedTable:
    strings = Rows(arrays[name], arrays[f"{name}_offsets"])
    return HashedTable(strings, arrays[f"{name}_buckets"], arrays[f"{name}_members"])


def open_compiled(directory: Path) -> Compiled:
    """Maps a generation's arrays. Raises DamagedIndex."""
    try:
        return Compiled(read_arrays(directory / COMPILED))
    except (OSError, ValueError, KeyError) as error:
        raise DamagedIndex(f"{directory}: cannot be opened: {error}") from None
