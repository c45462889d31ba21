"""Compiles a generation: what its Whoosh segments hold, as arrays (see compiled.py, which reads
them).

What is new comes from a Whoosh segment, everything else from the arrays of the generation before:
an episode that did not change is not analysed again. Built from nothing or from another
generation, the arrays are the same to the byte.

For each posting the BM25F weight `tf·(k1+1) / (tf + k1·(1 - b + b·length/average))` is computed
from Whoosh's own lengths (whoosh.scoring.bm25) and the averages of all passages.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from search.engines.arrays import Array, portions
from search.engines.compiled import Head
from search.engines.merging import Postings, Union, merge, unite
from search.engines.positions import begins_of, moved
from search.engines.rows import Rows
from search.engines.segment import Segment
from search.engines.splicing import Splice
from search.engines.string_table import hashed
from search.episode import Episode, Show
from search.hits import ranges
from search.parser import terms_of_phrase
from search.passage import FIELDS, Kind
from search.spelling import deletion_keys
from search.stemming import stem

K1 = 0.8
B = 0.35
"""BM25F's constants. Moments are short and alike in length, so a second mention and a shorter text
say less than in the long documents that the usual 1.2 and 0.75 are made for."""

_PORTION = 1 << 16
"""Postings that are weighed at a time: few enough for the processor's cache."""

Arrays = dict[str, Array]


def compile_generation(
    show: Show, segment: Segment, before: Mapping[str, Array] | None, numbers: Array
) -> Arrays:
    """The arrays of a show whose episodes are in index order.

    `before` are those of the generation before. `numbers` (E,) say for each episode which one of
    that it is, -1 for one that is new or changed; the passages of these are in `segment`, in the
    same order.
    """
    old = _Stored(before) if before else _Stored.none()
    fresh = (show.episodes[n] for n in np.flatnonzero(numbers < 0).tolist())
    kept = numbers[numbers >= 0]
    is_gone = np.ones(old.episodes, bool)
    is_gone[kept] = False
    gone = np.flatnonzero(is_gone)
    places = (np.maximum.accumulate(numbers) + 1)[numbers < 0]
    episodes = Splice.of(old.episodes, gone, places)
    edges, new_edges = _edges(old.arrays["passage_kind"]), _edges(segment.kind)
    gone_passages = ranges(edges[gone], edges[gone + 1] - edges[gone])
    passage_places = np.repeat(edges[places], np.diff(new_edges))
    passages = Splice.of(int(edges[-1]), gone_passages, passage_places)
    old_begins = old.arrays["passage_begins"]
    begins = begins_of(passages.take(np.diff(old_begins), np.diff(segment.begins)))
    postings, terms = merge(
        moved(old.postings, begins[passages.moved] - old_begins[:-1]),
        passages,
        passage_places,
        moved(segment.postings, begins[passages.placed] - segment.begins[:-1]),
    )
    arrays = _passages(old.arrays, segment, passages)
    arrays["passage_begins"] = begins
    arrays |= _postings(postings, arrays["passage_lengths"])
    new_terms = segment.postings.terms.as_bytes()
    arrays |= _stems(old, terms, new_terms)
    arrays |= _deletion_keys(old, terms, new_terms)
    arrays |= _episodes(fresh, old, episodes)
    about = {"name": show.name, "url": show.url, "tag_names": show.tag_names}
    arrays["show"] = np.frombuffer(_json(about), np.uint8)
    return arrays


class _Stored:
    """The arrays of a generation, as this module made them."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = arrays
        self.episodes = len(arrays["episode_date"])

    @classmethod
    def none(cls) -> "_Stored":
        """Those of no episode at all."""
        return cls(_NOTHING)

    def rows(self, name: str) -> Rows:
        return Rows(self.arrays[name], self.arrays[f"{name}_offsets"])

    @property
    def postings(self) -> Postings:
        arrays = self.arrays
        return Postings(
            self.rows("terms"),
            arrays["posting_offsets"],
            arrays["posting_passages"],
            Rows(arrays["positions"], arrays["position_offsets"]),
        )


COLUMNS = ("tag", "guest", "category", "name")


def _nothing() -> Arrays:
    rows = ("texts", "terms", "stems", "heads", *(f"{name}_values" for name in COLUMNS))
    numbers = (
        *("passage_start", "passage_end", "posting_passages", "positions", "stem_terms"),
        *(
            "deletion_terms",
            "episode_date",
            "episode_year",
            *(f"{name}_numbers" for name in COLUMNS),
        ),
    )
    none = {name: np.zeros(0, np.uint8) for name in (*rows, "passage_kind")}
    none |= {name: np.zeros(0, np.int32) for name in numbers}
    offsets = ("posting", "stem", *COLUMNS)
    none |= {f"{name}_offsets": np.zeros(1, np.int64) for name in (*rows, *offsets)}
    none |= {name: np.zeros(1, np.int32) for name in ("position_offsets", "passage_begins")}
    none["deletion_keys"] = np.zeros(0, np.uint32)
    none["passage_lengths"] = np.zeros((0, len(FIELDS)), np.int32)
    return none


_NOTHING = _nothing()


def _edges(kind: Array) -> Array:
    """Where the passages of each episode begin, and where the last one's end: each begins with
    its head."""
    return np.append(np.flatnonzero(kind == Kind.HEAD), len(kind))


def _passages(old: Mapping[str, Array], segment: Segment, splice: Splice) -> Arrays:
    kind = splice.take(old["passage_kind"], segment.kind)
    texts = splice.take_rows(Rows(old["texts"], old["texts_offsets"]), segment.texts)
    return {
        "passage_episode": (np.cumsum(kind == Kind.HEAD) - 1).astype(np.int32),
        "passage_kind": kind,
        "passage_start": splice.take(old["passage_start"], segment.start),
        "passage_end": splice.take(old["passage_end"], segment.end),
        "passage_lengths": splice.take(old["passage_lengths"], segment.lengths),
        **_named("texts", texts),
    }


def _postings(postings: Postings, lengths: Array) -> Arrays:
    mentions = np.diff(postings.positions.offsets[postings.offsets])
    totals = mentions.reshape(-1, len(FIELDS)).sum(axis=0)
    averages = np.where(totals > 0, totals / max(1, len(lengths)), 1.0)
    # Field by field: what belongs to one lies close together. A length has few different values.
    steps = np.arange(lengths.max(initial=0) + 1)
    norms = np.concatenate(
        [
            (K1 * (1 - B + B * steps / average)).astype(np.float32)[lengths[:, field]]
            for field, average in enumerate(averages)
        ]
    )
    begins = np.tile(np.arange(len(FIELDS), dtype=np.int32) * len(lengths), len(postings.terms))
    weights = np.empty(len(postings.passages), np.float32)
    for cells in portions(postings.offsets, _PORTION):
        first, last = postings.offsets[cells.start], postings.offsets[cells.stop]
        counts = np.diff(postings.offsets[cells.start : cells.stop + 1])
        tf = np.diff(postings.positions.offsets[first : last + 1]).astype(np.float32)
        norm = norms[postings.passages[first:last] + np.repeat(begins[cells], counts)]
        np.divide(tf * np.float32(K1 + 1), norm + tf, out=weights[first:last])
    return {
        **_hashed("terms", postings.terms),
        "posting_offsets": postings.offsets,
        "posting_passages": postings.passages,
        "posting_weights": weights,
        "position_offsets": postings.positions.offsets,
        "positions": postings.positions.flat,
    }


def _stems(old: _Stored, terms: Union, fresh: Sequence[bytes]) -> Arrays:
    """Beside each stem the numbers of its terms. Only terms that are new are stemmed."""
    new = [fresh[n] for n in np.flatnonzero(terms.is_new).tolist()]
    new_stems = [stem(term.decode()).encode() for term in new]
    distinct = sorted(set(new_stems))
    number = {each: place for place, each in enumerate(distinct)}
    stems, counts = old.rows("stems"), np.diff(old.arrays["stem_offsets"])
    stem_of_old = np.zeros(terms.splice.old, np.int64)
    stem_of_old[old.arrays["stem_terms"]] = np.repeat(np.arange(len(stems)), counts)
    alive = np.zeros(len(stems), bool)
    alive[stem_of_old[terms.of_old >= 0]] = True
    united = unite(stems, alive, distinct)
    of_new = np.array([number[each] for each in new_stems], np.int64)
    stem_of = terms.splice.take(united.of_old[stem_of_old], united.of_fresh[of_new])
    all_stems = united.take(stems, distinct)
    counts = np.bincount(stem_of, minlength=len(all_stems))
    return {
        **_hashed("stems", all_stems),
        "stem_offsets": np.concatenate(([0], np.cumsum(counts))),
        "stem_terms": np.argsort(stem_of, kind="stable").astype(np.int32),
    }


def _deletion_keys(old: _Stored, terms: Union, fresh: Sequence[bytes]) -> Arrays:
    """The keys that find a term when it is misspelt, sorted, with the number of the term."""
    keys, numbers = old.arrays["deletion_keys"], old.arrays["deletion_terms"]
    found = array("I")
    counts = np.zeros(len(fresh), np.int64)
    for n in np.flatnonzero(terms.is_new).tolist():
        of_term = deletion_keys(fresh[n].decode())
        found.extend(of_term)
        counts[n] = len(of_term)
    of_pairs = np.repeat(np.arange(len(fresh)), counts)
    unsorted = np.frombuffer(found, np.uint32)
    order = np.lexsort((of_pairs, unsorted))
    new_keys, of_pairs = unsorted[order], of_pairs[order]
    places = np.searchsorted(keys, new_keys)
    ends = np.searchsorted(keys, new_keys, "right")
    for pair in np.flatnonzero(ends > places).tolist():
        # Under a key that is there already, terms stand in their order.
        same = numbers[places[pair] : ends[pair]]
        places[pair] += np.searchsorted(same, terms.places[of_pairs[pair]])
    moved = terms.of_old[numbers]
    splice = Splice.of(len(keys), np.flatnonzero(moved < 0), places)
    placed = terms.of_fresh[of_pairs].astype(np.int32)
    return {
        "deletion_keys": splice.take(keys, new_keys),
        "deletion_terms": splice.take(moved, placed),
    }


def _episodes(fresh: Iterable[Episode], old: _Stored, splice: Splice) -> Arrays:
    heads: list[bytes] = []
    dates: list[int] = []
    years: list[int] = []
    columns: dict[str, list[list[str]]] = {name: [] for name in COLUMNS}
    # One after the other: their texts are not all held at a time.
    for episode in fresh:
        heads.append(_json(Head.of(episode)))
        dates.append(episode.date.toordinal() if episode.date else 0)
        years.append(episode.date.year if episode.date else 0)
        columns["tag"].append([tag.slug for tag in episode.tags])
        columns["guest"].append(list(episode.guests))
        columns["category"].append([episode.category] if episode.category else [])
        columns["name"].append(list(_names(episode)))
    arrays = _named("heads", splice.take_rows(old.rows("heads"), Rows.of_bytes(heads)))
    for name, numbers in (("episode_date", dates), ("episode_year", years)):
        arrays[name] = splice.take(old.arrays[name], np.array(numbers, np.int32))
    for name, values in columns.items():
        arrays |= _column(name, values, old, splice)
    return arrays


def _names(episode: Episode) -> Iterator[str]:
    """What an episode is called by: the terms of its title and of its guests."""
    for text in (episode.title, *episode.guests):
        terms = terms_of_phrase(text)
        if terms:
            yield " ".join(terms)


def _column(name: str, fresh: list[list[str]], old: _Stored, splice: Splice) -> Arrays:
    """A column of several values an episode: the values once, their numbers for each episode."""
    rows = [sorted({value.encode() for value in values}) for values in fresh]
    distinct = sorted({value for row in rows for value in row})
    number = {value: place for place, value in enumerate(distinct)}
    values = old.rows(f"{name}_values")
    before = Rows(old.arrays[f"{name}_numbers"], old.arrays[f"{name}_offsets"])
    added = Rows.of_numbers([[number[value] + len(values) for value in row] for row in rows])
    numbers = splice.take_rows(before, added)
    alive = np.zeros(len(values), bool)
    alive[numbers.flat[numbers.flat < len(values)]] = True
    united = unite(values, alive, distinct)
    renumbered = np.concatenate((united.of_old, united.of_fresh)).astype(np.int32)
    return {
        **_named(f"{name}_values", united.take(values, distinct)),
        f"{name}_offsets": numbers.offsets,
        f"{name}_numbers": renumbered[numbers.flat],
    }


def _named(name: str, rows: Rows) -> Arrays:
    return {name: rows.flat, f"{name}_offsets": rows.offsets}


def _hashed(name: str, rows: Rows) -> Arrays:
    buckets, members = hashed(rows)
    return {**_named(name, rows), f"{name}_buckets": buckets, f"{name}_members": members}


def _json(value: object) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # Half of a surrogate pair somewhere; rare, and the slower way takes it.
        plain = msgspec.to_builtins(value)
        return json.dumps(plain, ensure_ascii=False).encode("utf-8", "backslashreplace")
