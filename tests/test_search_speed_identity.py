"""The fast evaluation is the plain one: both rank random queries alike.

The plain one keeps postings in dictionaries and walks over every passage in loops; nothing of it
is shared with the engine but the analyzer, what a query's words may mean, and Whoosh's lengths.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, islice, product
from pathlib import Path
from typing import Any

import pytest

from index.reader import read_site
from search.analysis import terms, tokens
from search.engines import open_engine
from search.engines.arrays import read_arrays
from search.engines.compiled import COMPILED, index_place
from search.engines.facets import MOST_VALUES
from search.engines.searcher import CompiledSearcher
from search.engines.weighing import K1, B
from search.episode import Episode, Show
from search.forms import Form, Kind
from search.matched import PLENTY
from search.meanings import Wanted
from search.names import Name, key_of
from search.order import STEP
from search.parser import parse
from search.passage import FIELDS, Passage, PassageKind, passages
from search.query import Word
from search.query_words import terms_of_phrase
from search.request import Request
from search.settings import load_settings
from search.units import FADE
from tests.bench.archives import generated

SAMPLE = Path(__file__).resolve().parents[1] / "sample"
QUERIES = 60
CLOSE = 2e-4
"""Scores are given with four places, and computed from weights kept in single precision."""

Place = tuple[int, str]
"""A passage and one of its fields."""


@dataclass
class PlainWord:
    """Where a word is met, and how strong."""

    strength: dict[Place, float]
    frequency: int
    held: set[int]
    wanted: Wanted
    sure: set[Place]

    @property
    def needed(self) -> bool:
        return not self.wanted.common and self.wanted.needed


@dataclass
class PlainAnswer:
    """Episodes best first with their scores; their matching moments with theirs."""

    episodes: list[tuple[int, float]]
    moments: dict[int, dict[int, float]]
    complete: int


class Plain:
    """A search engine without any cleverness."""

    def __init__(self, show: Show, generation: Path, subjects: Collection[Name]) -> None:
        self.weights = load_settings().weights
        self.episodes: list[Episode] = sorted(show.episodes, key=index_place)
        self.passages: list[Passage] = []
        self.episode: list[int] = []
        for number, episode in enumerate(self.episodes):
            for passage in passages(episode):
                self.passages.append(passage)
                self.episode.append(number)
        self.positions: dict[str, dict[Place, set[int]]] = defaultdict(dict)
        totals: Counter[str] = Counter()
        for number, passage in enumerate(self.passages):
            for name, text in passage.fields.items():
                for token in tokens(text):
                    here = self.positions[token.term].setdefault((number, name), set())
                    here.add(token.position)
                    totals[name] += 1
        lengths = read_arrays(generation / COMPILED)["passage_lengths"]
        self.norms = {
            (number, name): K1 * (1 - B + B * int(lengths[number, place]) / average)
            for place, name in enumerate(FIELDS)
            if (average := totals[name] / len(self.passages))
            for number in range(len(self.passages))
        }

        named: dict[int, set[str]] = defaultdict(set)
        for term, held in self.positions.items():
            for number, name in held:
                if name == "text" and key_of((term,)) in subjects:
                    named[number].add(key_of((term,))[0])
        self.focus = {n: 1 / (1 + self.weights.listed * (len(s) - 1)) for n, s in named.items()}

    def strength(self, term: str) -> dict[Place, float]:
        """BM25F's weight of a term wherever it stands."""
        return {
            place: len(at) * (K1 + 1) / (len(at) + self.norms[place])
            for place, at in self.positions.get(term, {}).items()
        }

    def met(self, form: Form) -> dict[Place, float]:
        """A slot is as strong as its strongest term, a row as its weakest slot."""
        slots = []
        for slot in form.slots:
            best: dict[Place, float] = {}
            for term in slot:
                for place, strength in self.strength(term).items():
                    best[place] = max(best.get(place, 0.0), strength)
            slots.append(best)
        places = self.row(form.slots) if len(slots) > 1 else set(slots[0])
        return {place: min(slot[place] for slot in slots) for place in places}

    def row(self, slots: tuple[tuple[str, ...], ...]) -> set[Place]:
        """Where the slots' terms stand one after the other."""
        found = set()
        for first in slots[0]:
            for place, positions in self.positions.get(first, {}).items():
                for begin in positions:
                    if all(
                        any(
                            begin + step in self.positions.get(term, {}).get(place, ())
                            for term in slot
                        )
                        for step, slot in enumerate(slots)
                    ):
                        found.add(place)
        return found

    def word(self, wanted: Wanted) -> PlainWord:
        worth = self.worth()
        sure = [form for form in wanted.forms if form.sure]
        strength: dict[Place, float] = {}

        def add(met: dict[Place, float], factor: float) -> None:
            for place, value in met.items():
                strength[place] = max(strength.get(place, 0.0), value * factor)

        for form in sure:
            add(self.met(form), worth[form.kind])
        standing = set(strength)
        holding = {number for number, _ in strength}
        frequency = max(len(holding), 1)
        typed = {t for f in wanted.forms if len(f.slots) == 1 for t in f.slots[0]}
        for number, name in list(strength):
            if name == "guests":
                for guest in self.episodes[self.episode[number]].guests:
                    parts = {term for term in terms(guest) if len(term) > 2}
                    for part in parts - typed if parts & typed else ():
                        add(
                            {
                                place: value
                                for place, value in self.strength(part).items()
                                if place[1] == "text"
                                and self.episode[place[0]] == self.episode[number]
                            },
                            1.0,
                        )
        for form in wanted.forms:
            if not form.sure:
                met = self.met(form)
                common = max(len({number for number, _ in met}), 1)
                kind = form.kind if holding else Kind(form.kind - 1)
                add(met, worth[kind] * min(1.0, self.idf(common) / self.idf(frequency)))
        if wanted.subject:
            for number, name in strength:
                if name == "text":
                    strength[number, name] *= self.focus.get(number, 1.0)
        return PlainWord(strength, frequency, {self.episode[n] for n in holding}, wanted, standing)

    def idf(self, frequency: int) -> float:
        return math.log(1 + (len(self.passages) - frequency + 0.5) / (frequency + 0.5))

    def worth(self) -> dict[Kind, float]:
        w = self.weights
        return {
            Kind.EXACT: 1.0,
            Kind.PREFIX: w.prefix,
            Kind.VARIANT: w.variant,
            Kind.ALIAS: w.alias,
            Kind.NEAR: w.near,
            Kind.RELATED: w.related,
        }

    def named(self, text: str) -> tuple[dict[int, float], set[int]]:
        said = [
            term
            for clause in parse(text).wanted
            for term in (
                (clause.parts or (clause.term,)) if isinstance(clause, Word) else clause.terms
            )
        ]
        named: dict[int, float] = {}
        begun = set()
        for number, episode in enumerate(self.episodes):
            for name in map(terms_of_phrase, (episode.title, *episode.guests)):
                if said and name[: len(said)] == tuple(said):
                    begun.add(number)
                if name and any(
                    tuple(said[at : at + len(name)]) == name for at in range(len(said))
                ):
                    named[number] = max(named.get(number, 0.0), len(name) / len(said))
        return named, begun

    def in_a_row(self, words: list[PlainWord]) -> set[Place]:
        """Where the query stands as it was typed, common and light words at its ends left out."""
        said = [word.wanted for word in words if word.wanted.needed or word.wanted.own]
        while said and (said[0].common or not said[0].needed):
            del said[0]
        while said and (said[-1].common or not said[-1].needed):
            del said[-1]
        if sum(not each.common and each.needed for each in said) < 2:
            return set()
        ways = [
            [(_single(each),)] * bool(_single(each))
            + [form.slots for form in each.forms if form.sure and len(form.slots) > 1]
            for each in said
        ]
        rows = [tuple(chain(*way)) for way in islice(product(*ways), 8)]
        return {place for row in rows for place in self.row(row)}

    def places_in_order(
        self, words: list[PlainWord], units: set[int], named: dict[int, float], begun: set[int]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """By unit and by episode, what no score turns round: 5 for what is named in full, 4 for
        what is named, 3 for the query in a row, 2 for all words together, 1 for the only word."""
        needed = [word for word in words if word.needed]
        together = set[Place].intersection(*(word.sure for word in needed)) if needed else set()
        row = self.in_a_row(words)
        moments: dict[int, int] = {}
        episodes: dict[int, int] = defaultdict(int)
        for number, name in together | row:
            order = 3 if (number, name) in row else 2
            moment = self.passages[number].kind == PassageKind.MOMENT
            if name == "text" and number in units and (moment or order == 3):
                moments[number] = order
            elif name == "guests" and (number, name) in together:
                order = 4
            elif name == "tags" and all(word.wanted.subject for word in needed):
                order = 4 if (number, name) in together else 0
            elif name != "title":
                order = 0
            episodes[self.episode[number]] = max(episodes[self.episode[number]], order)
        for number in needed[0].held if len(needed) == 1 else ():
            episodes[number] = max(episodes[number], 1)
        for number in begun:
            episodes[number] = max(episodes[number], 4)
        for number in [number for number, part in named.items() if part == 1.0]:
            episodes[number] = 5
        return moments, episodes

    def answer(self, text: str, wanted: tuple[Wanted, ...]) -> PlainAnswer:
        w = self.weights
        words = [self.word(each) for each in wanted]
        rarity = [
            (0.0 if x.wanted.common else x.wanted.weight)
            * self.idf(x.frequency)
            * (w.subject if x.wanted.subject else 1.0)
            for x in words
        ]
        shares = [each / (sum(rarity) or 1.0) for each in rarity]
        every = range(len(self.episodes))
        with_moments = {
            self.episode[n]
            for n, each in enumerate(self.passages)
            if each.kind == PassageKind.MOMENT
        }
        units = {
            n
            for n, each in enumerate(self.passages)
            if each.kind == PassageKind.MOMENT
            or (each.kind == PassageKind.PARAGRAPH and self.episode[n] not in with_moments)
        }
        own = [{n: s for (n, name), s in x.strength.items() if n in units} for x in words]
        context = [dict.fromkeys(every, 0.0) for _ in words]
        subject: list[dict[int, float]] = [{} for _ in words]
        tagged: list[set[int]] = [set() for _ in words]
        said_by: list[set[int]] = [set() for _ in words]
        for row, word in enumerate(words):
            for (n, name), strength in word.strength.items():
                e = self.episode[n]
                said_by[row].add(e)
                if n in units:
                    continue
                if name != "text":
                    value = getattr(w, name) * strength
                    if name == "tags":
                        tagged[row].add(e)
                    else:
                        subject[row][e] = max(subject[row].get(e, 0.0), strength)
                else:
                    value = w.paragraph * strength
                context[row][e] = max(context[row][e], value)
        counting = [row for row, share in enumerate(shares) if share > 0]
        allowed = set(every)
        for word in words:
            if word.wanted.phrase:
                allowed &= {self.episode[n] for n, _ in word.strength}
        complete = {e for e in allowed if all(e in word.held for word in words if word.needed)}
        matched = complete
        if len(complete) < PLENTY:
            subjects = [row for row in counting if words[row].wanted.subject]
            about = {e for e in allowed if all(e in said_by[row] for row in subjects)} or allowed
            cover = {e: sum(shares[row] for row in counting if e in said_by[row]) for e in about}
            most = w.most * max(cover.values(), default=0.0)
            matched = complete | {e for e, c in cover.items() if c > 0 and c >= most - 1e-12}
        scores: dict[int, dict[int, float]] = {e: {} for e in matched}
        met = {n for each in own for n in each}
        for n in sorted(met):
            e = self.episode[n]
            if e not in matched:
                continue
            score = 0.0
            for row in range(len(words)):
                likely = 0.25 + sum(subject[row].values())
                likely += (10 * len(tagged[row]) + 2.5 * len(said_by[row])) / len(self.episodes)
                lent = math.sqrt(subject[row].get(e, 0.0) / likely)
                score += shares[row] * max(own[row].get(n, 0.0), lent)
            scores[e][n] = score * (1.0 if self.passages[n].kind == PassageKind.MOMENT else w.text)
        named, begun = self.named(text)
        order, highest = self.places_in_order(words, units, named, begun)
        totals = {}
        for e in matched:
            total = sum(shares[row] * context[row][e] for row in range(len(words)))
            total += w.named * named.get(e, 0.0)
            for place, score in enumerate(sorted(scores[e].values(), reverse=True)):
                total += score * (1.0 if place == 0 else w.breadth * FADE**place)
            totals[e] = total + STEP * highest[e]
        # Those that say a word that counts.
        says = {n for row, share in enumerate(shares) if share > 0 for n in own[row]}
        moments = {
            e: {
                n: score + STEP * order.get(n, 0)
                for n, score in scores[e].items()
                if (n in order or score >= w.enough * max(scores[e].values()) - 1e-12)
                and self.passages[n].kind == PassageKind.MOMENT
                and n in says
            }
            for e in matched
        }
        ranked = sorted(totals.items(), key=lambda each: (-each[1], -each[0]))
        return PlainAnswer(ranked, moments, len(complete & matched))


def _single(wanted: Wanted) -> tuple[str, ...]:
    return tuple(
        term
        for form in wanted.forms
        if form.sure and len(form.slots) == 1
        for term in form.slots[0]
    )


@dataclass
class Both:
    """One show, in both engines."""

    plain: Plain
    fast: CompiledSearcher


@pytest.fixture(scope="module", params=["sample", "generated"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    if request.param == "sample":
        show = read_site(SAMPLE, load_settings()).show
    else:
        show = generated(1500).show
    directory = tmp_path_factory.mktemp(request.param)
    engine = open_engine(load_settings(flags={"index.directory": str(directory)}))
    engine.publish(show)
    searcher = engine.open()
    assert isinstance(searcher, CompiledSearcher)
    subjects = searcher._filtering._lists.subjects
    return Both(Plain(show, next(directory.glob("gen-*")), subjects), searcher)


def _queries(plain: Plain, seed: int) -> list[str]:
    """Words that stand together, words that do not, phrases, slips and unknown words."""
    chance = random.Random(seed)
    texts = [text for each in plain.passages for text in each.fields.values() if text]
    words = sorted(plain.positions)
    queries = []
    for turn in range(QUERIES):
        near = chance.choice(texts).split()
        begin = chance.randrange(len(near))
        query = " ".join(near[begin : begin + chance.randint(1, 4)])
        if turn % 4 == 1:
            query = " ".join(chance.choice(words) for _ in range(chance.randint(1, 3)))
        if turn % 4 == 2:
            query = f'"{query}"'
        if turn % 4 == 3:
            query = f"{query} {chance.choice(words)[1:]} zzyzxq"
        queries.append(query[:150])
    return queries


def _given(fast: CompiledSearcher, text: str) -> Any:
    """All episodes of an answer, page by page."""
    first = fast.search(Request(text, per_page=50, ticks=True))
    found = list(first.results)
    for page in range(2, -(-first.found_episodes // 50) + 1):
        found += fast.search(Request(text, per_page=50, page=page, ticks=True)).results
    return first, found


def test_random_queries_are_answered_as_the_plain_evaluation_answers_them(both: Both) -> None:
    plain, number = both.plain, {e.id: n for n, e in enumerate(both.plain.episodes)}
    compared = 0
    for text in _queries(plain, 4):
        understood = both.fast._finding._understander.understand(parse(text))
        query = understood.query
        if not understood.wanted or query.excluded or query.title or query.excluded_title:
            continue
        want = plain.answer(text, understood.wanted)
        answer, found = _given(both.fast, text)
        expected = dict(want.episodes)
        assert answer.found_episodes == len(expected), text
        assert answer.complete_episodes == want.complete, text
        assert answer.found_moments == sum(map(len, want.moments.values())), text
        for episode, (_, score) in zip(found, want.episodes, strict=True):
            # Equal to the last place, so that only what is all but equal may change places.
            assert episode.score == pytest.approx(score, abs=CLOSE), text
            assert episode.score == pytest.approx(expected[number[episode.id]], abs=CLOSE), text
            moments = want.moments[number[episode.id]]
            starts = [plain.passages[n].start for n in sorted(moments)]
            assert list(episode.timeline) == starts, text
            given = [tick.score for tick in episode.ticks]
            assert given == pytest.approx([moments[n] for n in sorted(moments)], abs=CLOSE), text
        compared += 1
    assert compared > QUERIES / 2


def test_facets_count_exactly_the_episodes_that_the_plain_evaluation_finds(both: Both) -> None:
    plain = both.plain
    for text in _queries(plain, 9)[::3]:
        understood = both.fast._finding._understander.understand(parse(text))
        query = understood.query
        if not understood.wanted or query.excluded or query.title or query.excluded_title:
            continue
        found = [plain.episodes[e] for e, _ in plain.answer(text, understood.wanted).episodes]
        tags = Counter(slug for each in found for slug in {tag.slug for tag in each.tags})
        years = Counter(str(each.date.year) for each in found if each.date)
        facets = both.fast.search(Request(text)).facets
        assert {each.value: each.count for each in facets["year"]} == years, text
        for each in facets["tag"]:
            assert tags[each.value] == each.count, text
        most = sorted(tags.values(), reverse=True)[:MOST_VALUES]
        assert [each.count for each in facets["tag"]] == most, text
