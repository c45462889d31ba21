"""Which passages hold a word in which strength: forms of words met with the compiled postings.

The *strength* of a word in a passage's text, or in a field of an episode's head, is the BM25F
weight of its form there (1 for one occurrence in a passage of average length) times the form's
worth; the best form counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice, product

import numpy as np
from msgspec.structs import replace

from search.analysis import terms
from search.engines.compiled import Compiled
from search.engines.positions import edges_of, passages_of
from search.engines.postings import Postings, Scaled, Standing, best
from search.forms import Form, Kind, Slots, single_terms
from search.hits import NO_HITS, NO_ROW, Array, Mask, Row, Shape, WordHits, firsts, idf, span, union
from search.meanings import Wanted
from search.met import Meeting
from search.passage import FIELDS, HEADS
from search.query_hits import QueryHits
from search.remembering import remembered
from search.settings import WeightSettings

_MOST_GUESTED = 200
"""A word that the guests of more episodes are called by is the name of a voice of the show, or the
beginning of many names: to look for their other names would take long and tell little."""
_INITIALS = 2
_WAYS = 8
_TITLE = FIELDS.index("title")
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
        self._meeting = Meeting(shape, weights)
        self._meet = remembered(self._meet_word, _REMEMBERED)

    def meet(self, wanted: Sequence[Wanted]) -> list[WordHits]:
        """Meets each word by itself."""
        # How it was typed makes no difference: `Docker` and a misspelt one are met as `docker` is.
        return [
            self._meet(each.forms, 0.0, False, each.subject)
            if each.common
            else self._meet(each.forms, each.weight, each.needed, each.subject)
            for each in wanted
        ]

    def in_a_row(self, wanted: Sequence[Wanted]) -> Row:
        """Where the whole query stands in a row: its words, the common and light ones at either end
        left out, in any of their names."""
        if len(wanted) < 2:
            return NO_ROW
        # What common words say together has no terms of its own: it is no word of the row.
        said = [each for each in wanted if each.needed or each.own]
        counting = [place for place, each in enumerate(said) if each.needed and not each.common]
        if len(counting) < 2:
            return NO_ROW
        ways = [_ways(each) for each in said[counting[0] : counting[-1] + 1]]
        rows = [tuple(chain(*way)) for way in islice(product(*ways), _WAYS)]
        spots = union(list(map(self._postings.rows, rows)))
        if not len(spots):
            return NO_ROW
        edges = edges_of(spots)
        texts, titles = spots[: edges[1]], spots[edges[_TITLE] : edges[_TITLE + 1]]
        return Row(texts[self._shape.unit.take(texts)], self._episodes(titles))

    def whole(self, hits: QueryHits) -> QueryHits | None:
        """The same hits without the words that an unfinished one only begins; None where it begins
        none, or where the show does not have it as a word itself."""
        wanted = hits.understood.wanted
        words = tuple(map(_whole, wanted))
        if words == wanted:
            return None
        return replace(hits, words=self.meet(words), row=self.in_a_row(words))

    def holders(self, wanted: Wanted, titles: bool = False) -> Array:
        """A mask (E,) of the episodes that hold a word or phrase, anywhere or in their titles."""
        mask = np.zeros(self._compiled.episodes, bool)
        for form in wanted.forms:
            for there in self._postings.pieces(form.slots):
                edges = edges_of(there.spots)
                here = slice(edges[_TITLE], edges[_TITLE + 1]) if titles else slice(None)
                mask[self._episodes(there.spots[here])] = True
        return mask

    def _meet_word(
        self, of: tuple[Form, ...], weight: float, needed: bool, subject: bool
    ) -> WordHits:
        """Meets a word `of` some forms; the rest is as in Wanted, but that common words weigh
        nothing and are not needed."""
        forms = [form for form in of if self._worth[form.kind] > 0]
        standing, _ = best(
            [
                (there, self._worth[form.kind])
                for form in forms
                if form.sure
                for there in self._postings.pieces(form.slots)
            ]
        )
        certain = np.ones(len(standing), bool)
        episodes, edges = self._episodes(standing.spots), edges_of(standing.spots)
        held = np.zeros(self._compiled.episodes, bool)
        held[episodes[edges[1] :]] = True
        # No passage is both text and head.
        frequency = edges[1] + int(np.count_nonzero(held))
        held[episodes[: edges[1]]] = True
        holding = Mask.of(held)
        sure = heads = _by_field(episodes, edges)
        others = [*self._other_names(sure, forms), *self._near(forms, frequency)]
        if others:
            surely = len(standing)
            standing, origin = best([(standing, 1.0), *others])
            certain = origin < surely
            episodes, edges = self._episodes(standing.spots), edges_of(standing.spots)
            heads = _by_field(episodes, edges)
        strengths, passages = standing.strengths, standing.spots[: edges[1]]
        if subject:
            focus = self._focus.take(passages)
            strengths = np.concatenate((strengths[: edges[1]] * focus, strengths[edges[1] :]))
        more = self._weights.subject if subject else 1.0
        of_heads = np.diff(edges[1:])
        return WordHits(
            heads=heads,
            sure=sure,
            holding=holding,
            met=self._meeting.met(
                passages, of_heads, strengths, episodes, certain, held, holding, needed
            ),
            rarity=weight * idf(self._compiled.passages, max(frequency, 1)) * more,
            needed=needed,
            subject=subject,
        )

    def _episodes(self, spots: Array) -> Array:
        """The episodes of spots, in the type that numpy takes places in: by any other, places
        are taken ten times as slowly."""
        return self._compiled.passage_episode.take(passages_of(spots)).astype(np.intp)

    def _near(self, forms: Sequence[Form], frequency: int) -> Iterator[Scaled]:
        """Where words of near meaning stand. One that is commoner than the word itself, which
        `frequency` passages hold, says less than it: `deploy` for `rollout` would otherwise drown
        the few rollouts. Where none hold it, its other words are all that can be meant: each is a
        kind nearer, and the rarest tells most."""
        passages, rare = self._compiled.passages, max(frequency, 1)
        for form in forms:
            if not form.sure:
                pieces = list(self._postings.pieces(form.slots))
                worth = self._worth[form.kind if frequency else form.kind - 1]
                # Only what all its pieces together are more than may be commoner.
                if sum(map(len, pieces)) > rare:
                    common = max(_spread(pieces), rare)
                    worth *= idf(passages, common) / idf(passages, rare)
                for there in pieces:
                    yield there, worth

    def _other_names(self, sure: Mapping[str, Array], forms: Sequence[Form]) -> Iterator[Scaled]:
        """A guest's moments mostly say the first name: who looks for the surname means those.
        `sure` as in WordHits."""
        compiled, guests = self._compiled, sure.get("guests", NO_HITS.passages)
        if len(guests) > _MOST_GUESTED:
            return
        typed = frozenset(single_terms(forms) if len(guests) else ())
        for episode in guests.tolist():
            there = span(compiled.passage_episode, episode, episode + 1)
            for guest in compiled.head(episode).guests:
                parts = {term for term in terms(guest) if len(term) > _INITIALS}
                for part in sorted(parts - typed) if parts & typed else ():
                    standing = self._postings.term(part)
                    # Of a text, the spot is its passage.
                    inside = span(standing.spots, there.start, there.stop)
                    there_only = Standing(standing.spots[inside], standing.strengths[inside])
                    yield there_only, 1.0


def _by_field(episodes: Array, edges: Sequence[int]) -> dict[str, Array]:
    """The episodes (n,) of rising spots whose edges are those, by name of a head's field."""
    return {
        # A copy: the few of a head would hold the many of texts in memory.
        name: episodes[begin:end].copy()
        for name, begin, end in zip(HEADS, edges[1:], edges[2:], strict=False)
        if begin < end
    }


def _spread(pieces: Sequence[Standing]) -> int:
    """How many passages they are in."""
    passages = passages_of(np.concatenate([there.spots for there in pieces]))
    passages.sort(kind="stable")
    return int(np.count_nonzero(firsts(passages)))


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
