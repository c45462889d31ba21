"""A generation compiled for answering: what Whoosh wrote, as arrays that are mapped, not loaded.

For each term there are the spots that have it (a field of a passage each, see positions.py), the
BM25F weight at each spot, and the positions. Columns say for each passage its episode, kind and
time, and for each episode what it can be filtered and counted by. compiling.py makes the arrays,
`Compiled` gives them names.

Shapes: T terms, F fields (search.passage.FIELDS), N passages, E episodes, P postings.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from search.contents import EpisodeOutline
from search.engines.arrays import integers, read_arrays
from search.engines.rows import Rows
from search.engines.string_table import HashedTable, StringTable
from search.episode import Episode, EpisodeHead
from search.errors import DamagedIndex
from search.hits import Array
from search.remembering import remembered

COMPILED = "compiled.safetensors"
"""The file of a generation that holds its arrays."""

NO_TIME = -1
"""The start of a passage that is no moment, and an end that is not known."""
_CACHED_EPISODES = 128


_head_decoder = msgspec.json.Decoder(EpisodeHead)


def index_place(episode: Episode | EpisodeOutline) -> tuple[int, str]:
    """Episodes are in the order of this, oldest first, undated before all: a higher number in an
    index is a newer episode."""
    return (episode.date.toordinal() if episode.date else 0, episode.id)


@dataclass(frozen=True, slots=True)
class Column:
    """A property of episodes that they can be filtered by: the values, of each episode the numbers
    of those it has, and of each value the episodes that have it, rising."""

    values: Sequence[str] | StringTable
    rows: Rows
    holders: Rows

    @classmethod
    def of(cls, values: Sequence[str] | StringTable, rows: Rows) -> "Column":
        return cls(values, rows, rows.holders(len(values)))

    @classmethod
    def of_years(cls, years: Array) -> "Column":
        """The newest first; an episode of the year 0 has none."""
        # numpy's own `unique` would import a megabyte of masked arrays for it.
        newest_first = np.flatnonzero(np.bincount(years[years > 0]))[::-1]
        numbers = len(newest_first) - 1 - newest_first[::-1].searchsorted(years[years > 0])
        offsets = np.concatenate(([0], (years > 0).cumsum()))
        return cls.of([str(year) for year in newest_first.tolist()], Rows(numbers, offsets))

    def having(self, numbers: Iterable[int]) -> Array:
        """A mask (E,) of the episodes that have any of the values."""
        mask = np.zeros(len(self.rows), bool)
        for number in numbers:
            mask[self.holders.of(range(number, number + 1))] = True
        return mask


class Compiled:
    """An open generation's arrays. Read-only and safe to share between threads."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.terms, self.stems = _hashed(arrays, "terms"), _hashed(arrays, "stems")
        self.stem_offsets, self.stem_terms = arrays["stem_offsets"], arrays["stem_terms"]
        self.deletion_keys = arrays["deletion_keys"]
        self.deletion_terms = arrays["deletion_terms"]
        self.posting_offsets = arrays["posting_offsets"]
        self.posting_spots = arrays["posting_spots"]
        self.posting_weights = arrays["posting_weights"]
        self.position_offsets = arrays["position_offsets"]
        self.positions = arrays["positions"]
        self.passage_begins = arrays["passage_begins"]
        self.passage_episode = arrays["passage_episode"]
        self.passage_kind = arrays["passage_kind"]
        self.passage_start, self.passage_end = arrays["passage_start"], arrays["passage_end"]
        self.episode_date, self.episode_year = arrays["episode_date"], arrays["episode_year"]
        kinds = ("tag", "guest", "category")
        self.columns = {kind: _column(arrays, kind, _strings(arrays, kind)) for kind in kinds}
        self.columns["year"] = Column.of_years(self.episode_year)
        self.names = _strings(arrays, "name")
        self.name_holders = _holders(arrays, "name")
        self._text_offsets = integers(arrays["texts_offsets"])
        self._texts = arrays["texts"].data
        self._head_offsets = integers(arrays["heads_offsets"])
        self._heads = arrays["heads"].data
        show = json.loads(arrays["show"].tobytes())
        self.show_name: str = show["name"]
        self.show_url: str = show["url"]
        self.head = remembered(self._head, _CACHED_EPISODES)
        self.tag_names = self._tag_names(show["tag_names"])

    @property
    def episodes(self) -> int:
        return len(self.episode_date)

    @property
    def passages(self) -> int:
        return len(self.passage_episode)

    def _tag_names(self, listed: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """All names of each tag, the one for people first: those listed for it, else the one that
        an episode gives it, as of a site without pages about its tags."""
        names = {slug: tuple(each) for slug, each in listed.items()}
        tags = self.columns["tag"]
        unlisted = [number for number, slug in enumerate(tags.values) if slug not in names]
        holders = [tags.holders.of(range(number, number + 1))[:1].tolist() for number in unlisted]
        # Each episode is read once, however many tags it has.
        for episode in sorted({first for each in holders for first in each}):
            for tag in self._head(episode).tags:
                names.setdefault(tag.slug, (tag.name,))
        return names

    def text(self, passage: int) -> str:
        """A passage's text as stored; empty for a head."""
        begin, end = self._text_offsets[passage], self._text_offsets[passage + 1]
        return bytes(self._texts[begin:end]).decode()

    def _head(self, episode: int) -> EpisodeHead:
        begin, end = self._head_offsets[episode], self._head_offsets[episode + 1]
        return _head_decoder.decode(self._heads[begin:end])


def _strings(arrays: Mapping[str, Array], name: str) -> StringTable:
    return StringTable(arrays[f"{name}_values"], arrays[f"{name}_values_offsets"])


def _column(arrays: Mapping[str, Array], name: str, values: StringTable) -> Column:
    rows = Rows(arrays[f"{name}_numbers"], arrays[f"{name}_offsets"])
    return Column(values, rows, _holders(arrays, name))


def _holders(arrays: Mapping[str, Array], name: str) -> Rows:
    return Rows(arrays[f"{name}_holders"], arrays[f"{name}_holders_offsets"])


def _hashed(arrays: Mapping[str, Array], name: str) -> HashedTable:
    strings = Rows(arrays[name], arrays[f"{name}_offsets"])
    return HashedTable(strings, arrays[f"{name}_buckets"], arrays[f"{name}_members"])


def open_compiled(directory: Path) -> Compiled:
    """Maps a generation's arrays. Raises DamagedIndex."""
    try:
        return Compiled(read_arrays(directory / COMPILED))
    except (OSError, ValueError, KeyError) as error:
        raise DamagedIndex(f"{directory}: cannot be opened: {error}") from None
