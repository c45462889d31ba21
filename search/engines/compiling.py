"""Compiles a generation: what its Whoosh segments hold, as arrays (see compiled.py, which reads
them).

What is new comes from a Whoosh segment, everything else from the arrays of the generation before:
an episode that did not change is not analysed again. Built from nothing or from another
generation, the arrays are the same to the byte.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

import msgspec
import numpy as np

from search.engines.merging import PostingLists, merge, unite
from search.engines.positions import begins_of, moved, spots_of
from search.engines.rows import Rows
from search.engines.segment import Segment
from search.engines.splicing import Splice
from search.engines.stored import COLUMNS, Arrays, Stored, hashed_rows, named
from search.engines.term_tables import deletions_of, stems_of
from search.engines.weighing import weigh
from search.episode import Episode, EpisodeHead, Show
from search.hits import Array, ranges
from search.passage import PassageKind
from search.query_words import terms_of_phrase

_head = attrgetter(*EpisodeHead.__struct_fields__)


def compile_generation(
    show: Show, segment: Segment, before: Mapping[str, Array] | None, numbers: Array
) -> Arrays:
    """The arrays of a show whose episodes are in index order.

    `before` are those of the generation before. `numbers` (E,) say for each episode which one of
    that it is, -1 for one that is new or changed; the passages of these are in `segment`, in the
    same order.
    """
    old = Stored(before) if before else Stored.none()
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
    arrays |= stems_of(old, terms, new_terms)
    arrays |= deletions_of(old, terms, new_terms)
    arrays |= _episodes(fresh, old, episodes)
    about = {"name": show.name, "url": show.url, "tag_names": show.tag_names}
    arrays["show"] = np.frombuffer(msgspec.json.encode(about), np.uint8)
    return arrays


def _edges(kind: Array) -> Array:
    """Where the passages of each episode begin, and where the last one's end: each begins with
    its head."""
    return np.append(np.flatnonzero(kind == PassageKind.HEAD), len(kind))


def _passages(old: Mapping[str, Array], segment: Segment, splice: Splice) -> Arrays:
    kind = splice.take(old["passage_kind"], segment.kind)
    texts = splice.take_rows(Rows(old["texts"], old["texts_offsets"]), segment.texts)
    return {
        "passage_episode": (np.cumsum(kind == PassageKind.HEAD) - 1).astype(np.int32),
        "passage_kind": kind,
        "passage_start": splice.take(old["passage_start"], segment.start),
        "passage_end": splice.take(old["passage_end"], segment.end),
        "passage_lengths": splice.take(old["passage_lengths"], segment.lengths),
        **named("texts", texts),
    }


def _postings(postings: PostingLists, lengths: Array) -> Arrays:
    return {
        **hashed_rows("terms", postings.terms),
        "posting_offsets": postings.offsets,
        "posting_spots": spots_of(postings),
        "posting_weights": weigh(postings, lengths),
        "position_offsets": postings.positions.offsets,
        "positions": postings.positions.flat,
    }


def _episodes(fresh: Iterable[Episode], old: Stored, splice: Splice) -> Arrays:
    heads: list[bytes] = []
    dates: list[int] = []
    years: list[int] = []
    columns: dict[str, list[list[str]]] = {name: [] for name in COLUMNS}
    # One after the other: their texts are not all held at a time.
    for episode in fresh:
        heads.append(msgspec.json.encode(_head(episode)))
        dates.append(episode.date.toordinal() if episode.date else 0)
        years.append(episode.date.year if episode.date else 0)
        columns["tag"].append([tag.slug for tag in episode.tags])
        columns["guest"].append(list(episode.guests))
        columns["category"].append([episode.category] if episode.category else [])
        columns["name"].append(list(_names(episode)))
    arrays = named("heads", splice.take_rows(old.rows("heads"), Rows.of_bytes(heads)))
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


def _column(name: str, fresh: list[list[str]], old: Stored, splice: Splice) -> Arrays:
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
    new_numbers = np.concatenate((united.of_old, united.of_fresh)).astype(np.int32)
    all_values = united.take(values, distinct)
    renumbered = Rows(new_numbers[numbers.flat], numbers.offsets)
    return {
        **named(f"{name}_values", all_values),
        f"{name}_offsets": renumbered.offsets,
        f"{name}_numbers": renumbered.flat,
        **named(f"{name}_holders", renumbered.holders(len(all_values))),
    }
