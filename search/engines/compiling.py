"""Writes the compiled files of a generation (see compiled.py, which reads them).

What is new comes from a Whoosh segment, everything else from the compiled files of the generation
before: an episode that did not change is not analysed again. Built from nothing or from another
generation, the files are the same to the byte.

For each posting the BM25F weight `tf·(k1+1) / (tf + k1·(1 - b + b·length/average))` is computed
from Whoosh's own lengths (whoosh.scoring.bm25) and the averages of all passages.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search.engines.arrays import Array, load_array, offsets_of, save_array
from search.engines.compiled import NO_TIME
from search.engines.merging import Postings, Union, merge, unite
from search.engines.rows import Rows, take_rows, take_values
from search.engines.string_table import StringTable
from search.engines.whoosh_index import TermPostings, WhooshReader
from search.episode import Episode, Show
from search.passage import FIELDS, Kind
from search.spelling import deletion_keys
from search.stemming import stem

K1 = 0.8
B = 0.35
"""BM25F's constants. Moments are short and alike in length, so a second mention and a shorter text
say less than in the long documents that the usual 1.2 and 0.75 are made for."""

_TERM_BITS = 32


@dataclass(frozen=True, slots=True)
class Base:
    """The generation before: its compiled files, and for each episode of the new one, in index
    order, the number of the same episode there, or -1 for one that is new or changed (E,)."""

    directory: Path
    numbers: Array


def compile_generation(
    reader: WhooshReader | None, show: Show, directory: Path, base: Base | None = None
) -> int:
    """Writes the compiled files of a show whose episodes are in index order; returns how many
    passages it has. The reader's segment holds the passages of the episodes that are not in
    `base`, in the same order; None if all are."""
    directory.mkdir()
    old = _Stored(base.directory) if base else None
    numbers = base.numbers if base else np.full(len(show.episodes), -1, np.int64)
    before = old.passages if old else _Passages.none()
    fresh = _read_passages(reader) if reader else _Passages.none()
    order = _order(numbers, before, fresh)
    passages = before.taken(order, fresh)
    passages.write(directory)
    moved = np.full(len(before), -1, np.int64)
    placed = np.empty(len(fresh), np.int64)
    is_fresh = order >= len(before)
    moved[order[~is_fresh]] = np.flatnonzero(~is_fresh)
    placed[order[is_fresh] - len(before)] = np.flatnonzero(is_fresh)
    new = _read_postings(reader) if reader else Postings.none(len(FIELDS))
    stored = old.postings if old else Postings.none(len(FIELDS))
    postings, terms = merge(stored, moved, new, placed, len(FIELDS))
    _write_postings(postings, passages.lengths, directory)
    _write_stems(old, terms, new.terms, directory)
    _write_deletion_keys(old, terms, new.terms, directory)
    _write_episodes(show.episodes, numbers, old, directory)
    about = {"name": show.name, "url": show.url, "tag_names": show.tag_names}
    text = json.dumps(about, ensure_ascii=False)
    (directory / "show.json").write_text(text, encoding="utf-8", errors="backslashreplace")
    return len(passages)


@dataclass(frozen=True, slots=True)
class _Passages:
    """Columns of passages (N,); `lengths` (N, F) as Whoosh keeps them: rounded."""

    episode: Array
    kind: Array
    start: Array
    end: Array
    lengths: Array
    texts: Rows

    @classmethod
    def none(cls) -> "_Passages":
        no = np.zeros(0, np.int32)
        lengths = np.zeros((0, len(FIELDS)), np.int32)
        return cls(no, no.astype(np.uint8), no, no, lengths, Rows.empty(np.uint8))

    def __len__(self) -> int:
        return len(self.episode)

    def taken(self, order: Array, fresh: "_Passages") -> "_Passages":
        """These and fresh ones, in an order."""
        kind = take_values(order, self.kind, fresh.kind)
        # Every episode begins with its head.
        episode = np.cumsum(kind == Kind.HEAD) - 1
        return _Passages(
            episode.astype(np.int32),
            kind,
            take_values(order, self.start, fresh.start),
            take_values(order, self.end, fresh.end),
            take_values(order, self.lengths, fresh.lengths),
            take_rows(order, self.texts, fresh.texts),
        )

    def write(self, directory: Path) -> None:
        save_array(directory / "passage_episode", self.episode)
        save_array(directory / "passage_kind", self.kind)
        save_array(directory / "passage_start", self.start)
        save_array(directory / "passage_end", self.end)
        save_array(directory / "passage_lengths", self.lengths)
        save_array(directory / "texts", self.texts.flat)
        save_array(directory / "text_offsets", self.texts.offsets)


class _Stored:
    """The compiled files of a generation, as this module wrote them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def array(self, name: str) -> Array:
        return load_array(self._directory / name)

    def strings(self, name: str) -> list[bytes]:
        return Rows(self.array(f"{name}.blob"), self.array(f"{name}.offsets")).as_bytes()

    @property
    def passages(self) -> _Passages:
        return _Passages(
            self.array("passage_episode"),
            self.array("passage_kind"),
            self.array("passage_start"),
            self.array("passage_end"),
            self.array("passage_lengths"),
            Rows(self.array("texts"), self.array("text_offsets")),
        )

    @property
    def postings(self) -> Postings:
        return Postings(
            self.strings("terms"),
            np.diff(self.array("posting_offsets")).reshape(-1, len(FIELDS)),
            self.array("posting_passages"),
            Rows(self.array("positions"), self.array("position_offsets")),
        )


def _order(numbers: Array, before: _Passages, fresh: _Passages) -> Array:
    """Where each passage comes from: a number in `before`, or len(before) + one in `fresh`."""
    old_edges = np.searchsorted(before.episode, np.arange(_episodes(before) + 1))
    new_edges = np.searchsorted(fresh.episode, np.arange(_episodes(fresh) + 1))
    is_fresh = numbers < 0
    begins = np.empty(len(numbers), np.int64)
    ends = np.empty(len(numbers), np.int64)
    begins[~is_fresh] = old_edges[numbers[~is_fresh]]
    ends[~is_fresh] = old_edges[numbers[~is_fresh] + 1]
    begins[is_fresh] = new_edges[:-1] + len(before)
    ends[is_fresh] = new_edges[1:] + len(before)
    counts = ends - begins
    firsts = np.concatenate(([0], np.cumsum(counts)))[:-1]
    order: Array = np.repeat(begins - firsts, counts) + np.arange(counts.sum())
    return order


def _episodes(passages: _Passages) -> int:
    return int(passages.episode[-1]) + 1 if len(passages) else 0


def _read_passages(reader: WhooshReader) -> _Passages:
    episode, kind, start, end, texts = [], [], [], [], []
    number = -1
    for stored in reader.stored():
        number += stored["kind"] == Kind.HEAD
        episode.append(number)
        kind.append(stored["kind"])
        start.append(NO_TIME if stored.get("start") is None else stored["start"])
        end.append(NO_TIME if stored.get("end") is None else stored["end"])
        texts.append((stored.get("text") or "").encode())
    lengths = np.array([reader.lengths(field) for field in FIELDS], np.int32)
    return _Passages(
        np.array(episode, np.int32),
        np.array(kind, np.uint8),
        np.array(start, np.int32),
        np.array(end, np.int32),
        np.ascontiguousarray(lengths.reshape(len(FIELDS), -1).T),
        Rows.of_bytes(texts),
    )


def _read_postings(reader: WhooshReader) -> Postings:
    by_term: dict[bytes, dict[int, TermPostings]] = {}
    for number, field in enumerate(FIELDS):
        for found in reader.postings(field):
            by_term.setdefault(found.term.encode(), {})[number] = found
    terms = sorted(by_term)
    counts = np.zeros((len(terms), len(FIELDS)), np.int64)
    passages: list[int] = []
    positions: list[list[int]] = []
    for row, term in enumerate(terms):
        for number, found in sorted(by_term[term].items()):
            counts[row, number] = len(found.passages)
            passages.extend(found.passages)
            positions.extend(found.positions)
    return Postings(
        terms, counts, np.array(passages, np.int32), Rows.of_numbers(positions, np.int32)
    )


def _write_postings(postings: Postings, lengths: Array, directory: Path) -> None:
    counts = postings.counts.ravel()
    field = np.repeat(np.tile(np.arange(len(FIELDS), dtype=np.uint8), len(postings.terms)), counts)
    tf = postings.positions.lengths.astype(np.float64)
    totals = np.bincount(field, weights=tf, minlength=len(FIELDS))
    averages = np.where(totals > 0, totals / max(1, len(lengths)), 1.0)
    norms = K1 * (1 - B + B * lengths / averages)
    weights = tf * (K1 + 1) / (tf + norms[postings.passages, field])
    save_array(directory / "posting_offsets", np.concatenate(([0], np.cumsum(counts))))
    save_array(directory / "posting_passages", postings.passages)
    save_array(directory / "posting_weights", weights.astype(np.float32))
    save_array(directory / "position_offsets", postings.positions.offsets)
    save_array(directory / "positions", postings.positions.flat)
    _write_strings(directory / "terms", postings.terms)


def _write_stems(old: _Stored | None, terms: Union, fresh: list[bytes], directory: Path) -> None:
    """Beside each stem the numbers of its terms. Only terms that are new are stemmed."""
    new = [term for term, is_new in zip(fresh, terms.is_new.tolist(), strict=True) if is_new]
    new_stems = [stem(term.decode()).encode() for term in new]
    distinct = sorted(set(new_stems))
    number = {each: place for place, each in enumerate(distinct)}
    stems = old.strings("stems") if old else []
    stem_of_old = np.zeros(len(terms.alive), np.int64)
    if old:
        counts = np.diff(old.array("stem_offsets"))
        stem_of_old[old.array("stem_terms")] = np.repeat(np.arange(len(stems)), counts)
    alive = np.zeros(len(stems), bool)
    alive[stem_of_old[terms.alive]] = True
    united = unite(stems, alive, distinct)
    stem_of = np.empty(len(terms.order), np.int64)
    stem_of[terms.of_old[terms.alive]] = united.of_old[stem_of_old[terms.alive]]
    of_new = np.array([number[each] for each in new_stems], np.int64)
    stem_of[terms.of_fresh[terms.is_new]] = united.of_fresh[of_new]
    both = stems + distinct
    counts = np.bincount(stem_of, minlength=len(united.order))
    _write_strings(directory / "stems", [both[place] for place in united.order.tolist()])
    save_array(directory / "stem_offsets", np.concatenate(([0], np.cumsum(counts))))
    save_array(directory / "stem_terms", np.argsort(stem_of, kind="stable").astype(np.int32))


def _write_deletion_keys(
    old: _Stored | None, terms: Union, fresh: list[bytes], directory: Path
) -> None:
    """The keys that find a term when it is misspelt, sorted, with the number of the term."""
    pairs: Array = np.zeros(0, np.uint64)
    if old:
        numbers = old.array("deletion_terms")
        kept = terms.alive[numbers]
        moved = terms.of_old[numbers[kept]].astype(np.uint64)
        pairs = (old.array("deletion_keys")[kept].astype(np.uint64) << _TERM_BITS) | moved
    of_new = terms.of_fresh[terms.is_new].tolist()
    new = [term for term, is_new in zip(fresh, terms.is_new.tolist(), strict=True) if is_new]
    added = [
        (key << _TERM_BITS) | number
        for term, number in zip(new, of_new, strict=True)
        for key in deletion_keys(term.decode())
    ]
    new_pairs = np.array(sorted(added), np.uint64)
    pairs = np.insert(pairs, np.searchsorted(pairs, new_pairs), new_pairs)
    save_array(directory / "deletion_keys", (pairs >> _TERM_BITS).astype(np.uint32))
    save_array(directory / "deletion_terms", (pairs & 0xFFFFFFFF).astype(np.int32))


def _write_episodes(
    episodes: Sequence[Episode], numbers: Array, old: _Stored | None, directory: Path
) -> None:
    heads = [
        json.dumps(_head_row(episode), ensure_ascii=False).encode("utf-8", "backslashreplace")
        for episode, number in zip(episodes, numbers.tolist(), strict=True)
        if number < 0
    ]
    stored = Rows(old.array("heads"), old.array("head_offsets")) if old else Rows.empty(np.uint8)
    order = numbers.copy()
    order[numbers < 0] = len(stored) + np.arange(len(heads))
    rows = take_rows(order, stored, Rows.of_bytes(heads))
    save_array(directory / "head_offsets", rows.offsets)
    save_array(directory / "heads", rows.flat)
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


def _write_strings(path: Path, strings: list[bytes]) -> None:
    rows = Rows.of_bytes(strings)
    save_array(path.with_suffix(".offsets"), rows.offsets)
    save_array(path.with_suffix(".blob"), rows.flat)


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
