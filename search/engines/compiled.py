"""A generation compiled for answering: what Whoosh wrote, as arrays that are mapped, not loaded.

For each term and field the passages that have it, each with its BM25F weight
`tf·(k1+1) / (tf + k1·(1 - b + b·length/average))` computed once from Whoosh's own lengths and
averages (whoosh.scoring.bm25), Whoosh's idf beside it, and the positions. Columns say for each
passage its episode, kind and time, for each episode what it can be filtered and counted by.
`compile_generation` writes the files, `Compiled` reads them.

Shapes: T terms, F fields (search.passage.FIELDS), N passages, E episodes, P postings.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from search.engines.arrays import Array, integers, load_array, offsets_of, save_array
from search.engines.string_table import StringTable
from search.engines.whoosh_index import TermPostings, WhooshReader
from search.episode import Episode, Show, Tag
from search.passage import FIELDS, Kind
from search.spelling import deletion_keys
from search.stemming import stem

K1 = 0.8
B = 0.35
"""BM25F's constants. Moments are short and alike in length, so a second mention and a shorter text
say less than in the long documents that the usual 1.2 and 0.75 are made for."""

NO_TIME = -1
_CACHED_EPISODES = 1024


@dataclass(frozen=True, slots=True)
class Head:
    """What is shown of an episode, moments left out. See search.episode.Episode."""

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
    tags: tuple[Tag, ...]
    slugs: tuple[str, ...]


def in_index_order(episodes: Iterable[Episode]) -> list[Episode]:
    """Oldest first, undated before all: a higher episode number is a newer episode."""
    return sorted(episodes, key=lambda e: (e.date or date.min, e.id))


def compile_generation(reader: WhooshReader, show: Show, directory: Path) -> None:
    """Writes the compiled files of a Whoosh segment whose passages are in `in_index_order`."""
    directory.mkdir()
    terms = _write_postings(reader, directory)
    _write_words(terms, directory)
    _write_passages(reader, directory)
    _write_episodes(in_index_order(show.episodes), directory)
    _write_json(
        directory / "show.json", {"name": show.name, "url": show.url, "tag_names": show.tag_names}
    )


def _write_postings(reader: WhooshReader, directory: Path) -> list[str]:
    by_term: dict[str, dict[int, TermPostings]] = {}
    lengths, averages = [], []
    for number, field in enumerate(FIELDS):
        lengths.append(np.array(reader.lengths(field), np.float64))
        averages.append(reader.average_length(field) or 1.0)
        for found in reader.postings(field):
            by_term.setdefault(found.term, {})[number] = found
    terms = sorted(by_term, key=str.encode)
    counts = np.zeros((len(terms), len(FIELDS)), np.int64)
    idf = np.zeros((len(terms), len(FIELDS)), np.float64)
    passages, weights, places = [], [], []
    for row, term in enumerate(terms):
        for number, found in sorted(by_term[term].items()):
            counts[row, number] = len(found.passages)
            idf[row, number] = found.idf
            where = np.array(found.passages, np.int32)
            tf = np.array(found.frequencies, np.float64)
            length = lengths[number][where] / averages[number]
            passages.append(where)
            weights.append(tf * (K1 + 1) / (tf + K1 * (1 - B + B * length)))
            places.extend(found.positions)
    offsets = np.concatenate(([0], np.cumsum(counts.ravel())))
    save_array(directory / "posting_offsets", offsets)
    save_array(directory / "posting_passages", _join(passages, np.int32))
    save_array(directory / "posting_weights", _join(weights, np.float64).astype(np.float32))
    save_array(directory / "posting_idf", idf)
    save_array(directory / "position_offsets", offsets_of(places))
    save_array(directory / "positions", np.array([p for each in places for p in each], np.int32))
    StringTable.write(directory / "terms", terms)
    return terms


def _write_words(terms: list[str], directory: Path) -> None:
    """Beside each term: the terms of the same stem, and the keys that find it when misspelt."""
    stems: dict[str, list[int]] = {}
    keys: list[tuple[int, int]] = []
    for number, term in enumerate(terms):
        stems.setdefault(stem(term), []).append(number)
        keys.extend((key, number) for key in deletion_keys(term))
    in_order = sorted(stems, key=str.encode)
    StringTable.write(directory / "stems", in_order)
    save_array(directory / "stem_offsets", offsets_of([stems[each] for each in in_order]))
    save_array(
        directory / "stem_terms", np.array([n for s in in_order for n in stems[s]], np.int32)
    )
    table = np.array(sorted(keys), np.int64).reshape(-1, 2)
    save_array(directory / "deletion_keys", table[:, 0].astype(np.uint32))
    save_array(directory / "deletion_terms", table[:, 1].astype(np.int32))


def _write_passages(reader: WhooshReader, directory: Path) -> None:
    episode, kind, start, end, texts = [], [], [], [], []
    number = -1
    for stored in reader.stored():
        number += stored["kind"] == Kind.HEAD
        episode.append(number)
        kind.append(stored["kind"])
        start.append(NO_TIME if stored.get("start") is None else stored["start"])
        end.append(NO_TIME if stored.get("end") is None else stored["end"])
        texts.append((stored.get("text") or "").encode())
    save_array(directory / "passage_episode", np.array(episode, np.int32))
    save_array(directory / "passage_kind", np.array(kind, np.uint8))
    save_array(directory / "passage_start", np.array(start, np.int32))
    save_array(directory / "passage_end", np.array(end, np.int32))
    save_array(directory / "text_offsets", offsets_of(texts))
    save_array(directory / "texts", np.frombuffer(b"".join(texts), np.uint8))


def _write_episodes(episodes: list[Episode], directory: Path) -> None:
    heads = [json.dumps(_head_row(episode), ensure_ascii=False).encode() for episode in episodes]
    save_array(directory / "head_offsets", offsets_of(heads))
    save_array(directory / "heads", np.frombuffer(b"".join(heads), np.uint8))
    dates = [episode.date.toordinal() if episode.date else 0 for episode in episodes]
    save_array(directory / "episode_date", np.array(dates, np.int32))
    years = [episode.date.year if episode.date else 0 for episode in episodes]
    save_array(directory / "episode_year", np.array(years, np.int32))
    _write_column(directory, "tag", [[tag.slug for tag in e.tags] for e in episodes])
    _write_column(directory, "guest", [list(e.guests) for e in episodes])
    _write_column(directory, "category", [[e.category] if e.category else [] for e in episodes])


def _write_column(directory: Path, name: str, values: list[list[str]]) -> None:
    """A column of several values an episode: the values once, their numbers for each episode."""
    distinct = sorted({value for each in values for value in each}, key=str.encode)
    number = {value: place for place, value in enumerate(distinct)}
    StringTable.write(directory / f"{name}_values", distinct)
    # A value given twice counts once.
    rows = [sorted({number[value] for value in each}) for each in values]
    save_array(directory / f"{name}_offsets", offsets_of(rows))
    save_array(directory / f"{name}_numbers", np.array([n for row in rows for n in row], np.int32))


def _head_row(episode: Episode) -> list[Any]:
    return [
        episode.id,
        episode.number,
        episode.category,
        episode.title,
        episode.description,
        episode.url,
        episode.audio_url,
        episode.date.isoformat() if episode.date else None,
        episode.duration,
        episode.guests,
        [[tag.slug, tag.name] for tag in episode.tags],
    ]


def _join(arrays: list[Array], dtype: Any) -> Array:
    return np.concatenate(arrays).astype(dtype) if arrays else np.zeros(0, dtype)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


class Column:
    """A filterable property of episodes: `values` (a StringTable), and which episode has which."""

    def __init__(self, directory: Path, name: str) -> None:
        self.values = StringTable.open(directory / f"{name}_values")
        offsets = load_array(directory / f"{name}_offsets")
        self.numbers = load_array(directory / f"{name}_numbers")
        self.owners = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))

    def having(self, numbers: Iterable[int], episodes: int) -> Array:
        """A mask (E,) of the episodes that have any of the values."""
        mask = np.zeros(episodes, bool)
        mask[self.owners[np.isin(self.numbers, np.fromiter(numbers, np.int32))]] = True
        return mask

    def count(self, mask: Array) -> Array:
        """How many of the masked episodes have each value, (values,)."""
        return np.bincount(self.numbers[mask[self.owners]], minlength=len(self.values))


class Compiled:
    """An open generation's arrays. Read-only and safe to share between threads."""

    def __init__(self, directory: Path) -> None:
        def load(name: str) -> Array:
            return load_array(directory / name)

        self.terms = StringTable.open(directory / "terms")
        self.stems = StringTable.open(directory / "stems")
        self.stem_offsets, self.stem_terms = load("stem_offsets"), load("stem_terms")
        self.deletion_keys, self.deletion_terms = load("deletion_keys"), load("deletion_terms")
        self.posting_offsets = load("posting_offsets")
        self.posting_passages = load("posting_passages")
        self.posting_weights = load("posting_weights")
        self.posting_idf = load("posting_idf")
        self.position_offsets, self.positions = load("position_offsets"), load("positions")
        self.passage_episode = load("passage_episode")
        self.passage_kind = load("passage_kind")
        self.passage_start, self.passage_end = load("passage_start"), load("passage_end")
        self.episode_date, self.episode_year = load("episode_date"), load("episode_year")
        self.columns = {name: Column(directory, name) for name in ("tag", "guest", "category")}
        self._text_offsets = integers(load("text_offsets"))
        self._texts = load("texts").data
        self._head_offsets = integers(load("head_offsets"))
        self._heads = load("heads").data
        show = json.loads((directory / "show.json").read_text(encoding="utf-8"))
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
        row = json.loads(bytes(self._heads[begin:end]))
        day = date.fromisoformat(row[7]) if row[7] else None
        tags = tuple(Tag(slug, name) for slug, name in row[10])
        return Head(
            id=row[0],
            number=row[1],
            category=row[2],
            title=row[3],
            description=row[4],
            url=row[5],
            audio_url=row[6],
            date=day,
            duration=row[8],
            guests=tuple(row[9]),
            tags=tags,
            slugs=tuple(tag.slug for tag in tags),
        )
