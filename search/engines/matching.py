"""Which passages hold a word in which strength: forms of words met with the compiled postings.

The *strength* of a word in a passage is the BM25F weight of its form there (1 for one occurrence
in a passage of average length) times the form's worth; the best form counts. Heads of episodes
are met field by field, everything else as one text.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from search.analysis import terms
from search.engines.arrays import Array
from search.engines.compiled import Compiled
from search.hits import NO_HITS, Hits, WordHits
from search.passage import FIELDS
from search.ranking import idf
from search.understanding import Form, Kind, Wanted

OTHER_NAME = 0.6
"""The worth of another part of a guest's name than the one that was typed."""
_INITIALS = 2
_GUESTS = FIELDS.index("guests")
_TEXT = FIELDS.index("text")
HEAD_FIELDS = tuple(f for f in range(len(FIELDS)) if f != _TEXT)


def meet(compiled: Compiled, wanted: Wanted, worth: Callable[[Kind], float]) -> WordHits:
    """Meets a word with the show. `worth` says how much a kind of form counts (0 leaves it out).

    A word of near meaning that is commoner than the word itself says less than it, in the
    proportion of their idf: `deploy` for `rollout` would otherwise drown the few rollouts.
    """
    sure = [form for form in wanted.forms if form.kind < Kind.NEAR and worth(form.kind) > 0]
    other = [form for form in wanted.forms if form.kind >= Kind.NEAR and worth(form.kind) > 0]
    by_field = [
        [_times(_met(compiled, form, field), worth(form.kind)) for form in sure]
        for field in range(len(FIELDS))
    ]
    holding = _best([hits for each in by_field for hits in each]).passages
    frequency = len(holding)
    held = np.zeros(compiled.episodes, bool)
    held[compiled.passage_episode[holding]] = True
    by_field[_TEXT] += _other_names(compiled, sure, by_field[_GUESTS])
    own_idf = idf(compiled.passages, max(frequency, 1))
    for form in other:
        met = [_met(compiled, form, field) for field in range(len(FIELDS))]
        count = len(_best(met))
        if count:
            damped = worth(form.kind) * min(1.0, idf(compiled.passages, count) / own_idf)
            for field, hits in enumerate(met):
                by_field[field].append(_times(hits, damped))
    heads = {FIELDS[f]: hits for f in HEAD_FIELDS if len(hits := _best(by_field[f]))}
    own = _best(by_field[_TEXT])
    weight = 0.0 if wanted.common else wanted.weight
    return WordHits(own, heads, max(frequency, 1), held, weight, wanted.subject)


def _other_names(compiled: Compiled, forms: Sequence[Form], guests: list[Hits]) -> list[Hits]:
    """A guest's moments mostly say the first name: who looks for the surname means those too."""
    typed = {term for form in forms if len(form.slots) == 1 for term in form.slots[0]}
    found = []
    for passage in _best(guests).passages.tolist():
        episode = int(compiled.passage_episode[passage])
        span = np.searchsorted(compiled.passage_episode, [episode, episode + 1])
        for guest in compiled.head(episode).guests:
            parts = {term for term in terms(guest) if len(term) > _INITIALS}
            if parts & typed:
                for part in parts - typed:
                    hits = _term(compiled, part, _TEXT)
                    inside = slice(*np.searchsorted(hits.passages, span).tolist())
                    hits = Hits(hits.passages[inside], hits.strengths[inside])
                    found.append(_times(hits, OTHER_NAME))
    return found


def meet_all(
    compiled: Compiled,
    wanted: Sequence[Wanted],
    worth: Callable[[Kind], float],
) -> list[WordHits]:
    """Meets each word, and each word with its next: neighbours in the query, side by side in a
    passage, say more than the two words apart."""
    met = [meet(compiled, each, worth) for each in wanted]
    for place in range(len(wanted) - 1):
        slots = tuple(_sure_terms(each) for each in wanted[place : place + 2])
        if all(slots) and len(met[place].own) + len(met[place].heads) > 0:
            beside = [phrase_passages(compiled, slots, field) for field in range(len(FIELDS))]
            met[place] = replace(
                met[place],
                beside=beside[_TEXT],
                beside_heads={FIELDS[f]: beside[f] for f in HEAD_FIELDS if len(beside[f])},
            )
    return met


def holders(compiled: Compiled, wanted: Wanted, fields: Sequence[str] = FIELDS) -> Array:
    """A mask (E,) of the episodes that hold a word or phrase in one of the fields."""
    mask = np.zeros(compiled.episodes, bool)
    for form in wanted.forms:
        for name in fields:
            hits = _met(compiled, form, FIELDS.index(name))
            mask[compiled.passage_episode[hits.passages]] = True
    return mask


def _sure_terms(wanted: Wanted) -> tuple[str, ...]:
    """The single terms that are the word itself or a name of it."""
    return tuple(
        term
        for form in wanted.forms
        if form.kind < Kind.NEAR and len(form.slots) == 1
        for term in form.slots[0]
    )


def _met(compiled: Compiled, form: Form, field: int) -> Hits:
    if len(form.slots) == 1:
        return _best([_term(compiled, term, field) for term in form.slots[0]])
    return _phrase(compiled, form.slots, field)


def _times(hits: Hits, factor: float) -> Hits:
    if factor == 1.0 or not len(hits):
        return hits
    return Hits(hits.passages, hits.strengths * np.float32(factor))


def _term(compiled: Compiled, term: str, field: int) -> Hits:
    number = compiled.terms.find(term)
    if number < 0:
        return NO_HITS
    where = compiled.postings(number, field)
    return Hits(compiled.posting_passages[where], compiled.posting_weights[where])


def _phrase(compiled: Compiled, slots: tuple[tuple[str, ...], ...], field: int) -> Hits:
    passages = phrase_passages(compiled, slots, field)
    if not len(passages):
        return NO_HITS
    # A phrase is as strong as its weakest word.
    strengths = np.full(len(passages), np.inf, np.float32)
    for slot in slots:
        hits = _best([_term(compiled, term, field) for term in slot])
        np.minimum(
            strengths,
            hits.strengths[np.searchsorted(hits.passages, passages)],
            out=strengths,
        )
    return Hits(passages, strengths)


def phrase_passages(compiled: Compiled, slots: tuple[tuple[str, ...], ...], field: int) -> Array:
    """The passages whose field holds the slots' terms side by side, rising."""
    starts: Array | None = None
    # The rarest slot first: what it does not hold need not be looked at again.
    order = sorted(range(len(slots)), key=lambda s: _slot_size(compiled, slots[s], field))
    for place in order:
        here = _slot_starts(compiled, slots[place], field, place, starts)
        starts = here if starts is None else np.intersect1d(starts, here)
        if not len(starts):
            break
    assert starts is not None
    return np.unique(starts >> _POSITION_BITS).astype(np.int32)


_POSITION_BITS = 32


def _slot_size(compiled: Compiled, terms: tuple[str, ...], field: int) -> int:
    size = 0
    for term in terms:
        number = compiled.terms.find(term)
        if number >= 0:
            where = compiled.postings(number, field)
            size += where.stop - where.start
    return size


def _slot_starts(
    compiled: Compiled, terms: tuple[str, ...], field: int, place: int, within: Array | None
) -> Array:
    """Where a phrase would have to begin for one of `terms` to be its word number `place`:
    passage and position in one number."""
    found = []
    passages_within = None if within is None else within >> _POSITION_BITS
    for term in terms:
        number = compiled.terms.find(term)
        if number < 0:
            continue
        where = compiled.postings(number, field)
        passages = compiled.posting_passages[where].astype(np.int64)
        offsets = compiled.position_offsets[where.start : where.stop + 1]
        if not len(passages):
            continue
        counts = np.diff(offsets)
        positions = compiled.positions[offsets[0] : offsets[-1]].astype(np.int64)
        starts = (np.repeat(passages, counts) << _POSITION_BITS) + positions - place
        keep = positions >= place
        if passages_within is not None:
            keep &= np.isin(np.repeat(passages, counts), passages_within)
        found.append(starts[keep])
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _best(many: list[Hits]) -> Hits:
    """All passages of many hits, each with its greatest strength."""
    full = [hits for hits in many if len(hits)]
    if not full:
        return NO_HITS
    if len(full) == 1:
        return full[0]
    passages = np.concatenate([hits.passages for hits in full])
    strengths = np.concatenate([hits.strengths for hits in full])
    order = np.argsort(passages, kind="stable")
    passages, strengths = passages[order], strengths[order]
    first = np.flatnonzero(np.diff(passages, prepend=-1))
    return Hits(passages[first], np.maximum.reduceat(strengths, first))
