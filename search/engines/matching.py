"""Which passages hold a word in which strength: forms of words met with the compiled postings.

The *strength* of a word in a passage is the BM25F weight of its form there (1 for one occurrence
in a passage of average length) times the form's worth; the best form counts. Heads of episodes
are met field by field, everything else as one text.
"""

from collections.abc import Sequence
from itertools import chain, islice, product

import numpy as np
from msgspec.structs import replace

from search.analysis import terms
from search.engines.compiled import Compiled
from search.engines.postings import Postings, Scaled, best, best_of_first
from search.forms import Form, Kind, Slots, single_terms
from search.hits import NO_HITS, NO_ROW, Array, Hits, Row, Shape, WordHits, idf, span, union
from search.meanings import Wanted
from search.met import met as met_of
from search.passage import FIELDS
from search.remembering import remembered
from search.settings import WeightSettings

OTHER_NAME = 0.6
"""The worth of another part of a guest's name than the one that was typed."""
_INITIALS = 2
_WAYS = 8
_TEXT = FIELDS.index("text")
_HEADS = tuple(field for field in range(len(FIELDS)) if field != _TEXT)
_REMEMBERED = 2048


class Matching:
    """Meets words with one generation and remembers what it met (bounded): shows are searched for
    the same words again and again. Safe to share between threads."""

    def __init__(
        self,
        compiled: Compiled,
        postings: Postings,
        shape: Shape,
        focus: Array,
        weights: WeightSettings,
    ) -> None:
        """`focus` (N,) says how much a word that names a tag counts in the text of each passage."""
        self._shape = shape
        self._focus = focus
        self._weights = weights
        self._compiled = compiled
        self._postings = postings
        self._worth = _worth(weights)
        self._meet = remembered(self._meet_word, _REMEMBERED)

    def meet(self, wanted: Sequence[Wanted]) -> list[WordHits]:
        """Meets each word by itself."""
        return [self._meet(each) for each in wanted]

    def in_a_row(self, wanted: Sequence[Wanted]) -> Row:
        """Where the whole query stands in a row: its words, the common and light ones at either end
        left out, in any of their names."""
        # What common words say together has no terms of its own: it is no word of the row.
        said = [each for each in wanted if each.weight >= 1.0 or each.own]
        counting = [
            place for place, each in enumerate(said) if not each.common and each.weight >= 1.0
        ]
        if len(counting) < 2:
            return NO_ROW
        ways = [_ways(each) for each in said[counting[0] : counting[-1] + 1]]
        found: dict[str, list[Array]] = {"text": [], "title": []}
        for way in islice(product(*ways), _WAYS):
            for field, passages in self._postings.rows(tuple(chain(*way))):
                if FIELDS[field] in found:
                    found[FIELDS[field]].append(passages)
        text, titles = union(found["text"]), union(found["title"])
        return Row(text[self._shape.unit.take(text)], self._episodes(titles))

    def whole(self, wanted: Sequence[Wanted]) -> tuple[Sequence[WordHits], Row] | None:
        """Where the words are met, alone and in a row, without those that an unfinished one only
        begins; None where it begins none, or where the show does not have it as a word itself."""
        words = tuple(map(_whole, wanted))
        return None if words == tuple(wanted) else (self.meet(words), self.in_a_row(words))

    def holders(self, wanted: Wanted, fields: Sequence[str] = FIELDS) -> Array:
        """A mask (E,) of the episodes that hold a word or phrase in one of the fields."""
        mask = np.zeros(self._compiled.episodes, bool)
        for form in wanted.forms:
            for field, hits in self._postings.pieces(form.slots):
                if FIELDS[field] in fields:
                    mask[self._episodes(hits.passages)] = True
        return mask

    def _meet_word(self, wanted: Wanted) -> WordHits:
        forms = [form for form in wanted.forms if self._worth[form.kind] > 0]
        by_field: list[list[Scaled]] = [[] for _ in FIELDS]
        for form in forms:
            if form.sure:
                for field, hits in self._postings.pieces(form.slots):
                    by_field[field].append((hits, self._worth[form.kind]))
        own = best(by_field[_TEXT])
        sure = {
            FIELDS[field]: self._episodes(union([hits.passages for hits, _ in by_field[field]]))
            for field in _HEADS
            if by_field[field]
        }
        held = np.zeros(self._compiled.episodes, bool)
        for here in sure.values():
            held[here] = True
        # No passage is both text and head.
        frequency = len(own.passages) + int(np.count_nonzero(held))
        episodes, certain = self._episodes(own.passages), np.ones(len(own.passages), bool)
        held[episodes] = True
        by_field[_TEXT] = []
        self._add_other_names(by_field, sure.get("guests", NO_HITS.passages), forms)
        self._add_near(by_field, forms, frequency)
        if by_field[_TEXT]:
            own, certain = best_of_first(own, by_field[_TEXT])
            episodes = self._episodes(own.passages)
        if wanted.subject:
            own = Hits(own.passages, own.strengths * self._focus.take(own.passages))
        heads = {FIELDS[f]: best(by_field[f]) for f in _HEADS if by_field[f]}
        weight = 0.0 if wanted.common else wanted.weight
        more = self._weights.subject if wanted.subject else 1.0
        needed = weight >= 1.0
        return WordHits(
            own=own,
            heads=heads,
            sure=sure,
            held=held,
            met=met_of(own, episodes, certain, heads, held, needed, self._shape, self._weights),
            rarity=weight * idf(self._compiled.passages, max(frequency, 1)) * more,
            needed=needed,
            subject=wanted.subject,
        )

    def _episodes(self, passages: Array) -> Array:
        """The episodes of passages, in the type that numpy takes places in: by any other, places
        are taken ten times as slowly."""
        return self._compiled.passage_episode.take(passages).astype(np.intp)

    def _add_near(
        self, by_field: list[list[Scaled]], forms: Sequence[Form], frequency: int
    ) -> None:
        """A word of near meaning that is commoner than the word itself, which `frequency` passages
        hold, says less than it: `deploy` for `rollout` would otherwise drown the few rollouts.
        Where none hold it, its other words are all that can be meant: each is a kind nearer, and
        the rarest tells most."""
        passages, rare = self._compiled.passages, max(frequency, 1)
        for form in forms:
            if not form.sure:
                met = list(self._postings.pieces(form.slots))
                worth = self._worth[form.kind if frequency else form.kind - 1]
                # Only what all its pieces together are more than may be commoner.
                if sum([len(hits.passages) for _, hits in met]) > rare:
                    common = max(len(union([hits.passages for _, hits in met])), rare)
                    worth *= idf(passages, common) / idf(passages, rare)
                for field, hits in met:
                    by_field[field].append((hits, worth))

    def _add_other_names(
        self, by_field: list[list[Scaled]], guests: Array, forms: Sequence[Form]
    ) -> None:
        """A guest's moments mostly say the first name: who looks for the surname means those.
        `guests` are the episodes whose guests are named."""
        compiled = self._compiled
        typed = frozenset(single_terms(forms) if len(guests) else ())
        for episode in guests.tolist():
            there = span(compiled.passage_episode, episode, episode + 1)
            for guest in compiled.head(episode).guests:
                parts = {term for term in terms(guest) if len(term) > _INITIALS}
                for part in sorted(parts - typed) if parts & typed else ():
                    hits = self._postings.term(part, _TEXT)
                    inside = span(hits.passages, there.start, there.stop)
                    hits = Hits(hits.passages[inside], hits.strengths[inside])
                    by_field[_TEXT].append((hits, OTHER_NAME))


def _worth(weights: WeightSettings) -> tuple[float, ...]:
    """How much each kind of form counts, by its number; one of 0 is left out."""
    return (1.0, *[getattr(weights, kind.name.lower()) for kind in Kind if kind is not Kind.EXACT])


def _whole(wanted: Wanted) -> Wanted:
    if not {Kind.EXACT, Kind.PREFIX} <= {form.kind for form in wanted.forms}:
        return wanted
    return replace(wanted, forms=tuple(f for f in wanted.forms if f.kind != Kind.PREFIX))


def _ways(wanted: Wanted) -> list[Slots]:
    """How a word may stand in a row: as any of its single terms, as a compound taken apart."""
    sure = [form for form in wanted.forms if form.sure]
    single = tuple(sorted(single_terms(sure)))
    apart = [form.slots for form in sure if len(form.slots) > 1]
    return [(single,), *apart] if single else apart
