"""Whoosh itself as the oracle: what was compiled is what Whoosh would have answered.

For terms of every field, the compiled postings name the passages that Whoosh's own BM25F finds, in
its order, with its weights: its score is idf times weight, and idf is divided out, since the
ranking weighs words by its own. Phrases are compared with Whoosh's own phrase query.
"""

import random
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import index, query, scoring

from search.analysis import terms
from search.engines.compiled import COMPILED, Compiled, open_compiled
from search.engines.positions import edges_of, passages_of
from search.engines.postings import Postings
from search.engines.weighing import K1, B
from search.passage import FIELDS
from tests.conftest import published
from tests.shows import BOAT, KETTLE_HOUR, OVENS, without

WEIGHING = scoring.BM25F(B=B, K1=K1)


@dataclass
class Both:
    """One generation, as Whoosh reads it and as it was compiled."""

    whoosh: Any
    compiled: Compiled
    postings: Postings

    def terms(self, field: str) -> list[str]:
        return [raw.decode() for raw in self.whoosh.reader().lexicon(field)]

    def texts(self) -> Iterator[str]:
        for number in range(self.compiled.passages):
            yield self.compiled.text(number)


def _open(directory: Path) -> Both:
    (newest,) = sorted(directory.glob("gen-*"))[-1:]
    compiled = open_compiled(newest)
    searcher = index.open_dir(str(newest / "whoosh")).searcher(weighting=WEIGHING)
    return Both(searcher, compiled, Postings(compiled))


def _holds(both: Both, field: str, term: str) -> None:
    """The compiled postings of a term are what Whoosh's own BM25F finds."""
    matcher = query.Term(field, term).matcher(both.whoosh)
    found, scores = [], []
    while matcher.is_active():
        found.append(matcher.id())
        scores.append(matcher.score())
        matcher.next()
    standing = both.postings.term(term)
    edges, number = edges_of(standing.spots), FIELDS.index(field)
    here = slice(edges[number], edges[number + 1])
    assert passages_of(standing.spots[here]).tolist() == found, (field, term)
    weights = np.array(scores) / both.whoosh.idf(field, term)
    np.testing.assert_allclose(
        standing.strengths[here], weights, rtol=1e-6, err_msg=f"{field} {term}"
    )


def _same_phrase(both: Both, field: str, words: tuple[str, ...]) -> int:
    matcher = query.Phrase(field, list(words), slop=1).matcher(both.whoosh)
    expected = list(matcher.all_ids()) if matcher.is_active() else []
    slots = tuple((word,) for word in words)
    spots, number = both.postings.rows(slots), FIELDS.index(field)
    edges = edges_of(spots)
    found = passages_of(spots[edges[number] : edges[number + 1]])
    assert found.tolist() == expected, (field, words)
    return len(expected)


def _rows(texts: list[str], rng: random.Random, count: int) -> Iterator[tuple[str, ...]]:
    """Rows of words of the show: half as they stand there, half in another order."""
    for number in range(count):
        words = [term for term in terms(rng.choice(texts)) if term.isalnum()]
        length = rng.randint(2, 4)
        if len(words) >= length:
            begin = rng.randrange(len(words) - length + 1)
            row = words[begin : begin + length]
            if number % 2:
                rng.shuffle(row)
            yield tuple(row)


@pytest.fixture(scope="module")
def kettle(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The Kettle Hour, built from nothing."""
    directory = tmp_path_factory.mktemp("oracle")
    published(directory, KETTLE_HOUR)
    return _open(directory)


@pytest.fixture(scope="module")
def sample(sample_index: Path) -> Both:
    return _open(sample_index)


@pytest.fixture(scope="module")
def real(real_index: Path) -> Both:
    return _open(real_index)


@pytest.mark.parametrize("field", FIELDS)
def test_every_term_weighs_what_whoosh_says(kettle: Both, field: str) -> None:
    for term in kettle.terms(field):
        _holds(kettle, field, term)


def test_compiled_terms_are_those_of_whoosh_and_no_others(kettle: Both) -> None:
    compiled = kettle.compiled
    everything = {term for field in FIELDS for term in kettle.terms(field)}

    assert [compiled.terms[n] for n in range(len(compiled.terms))] == sorted(
        everything, key=str.encode
    )


def test_passages_are_stored_in_the_order_of_whoosh(kettle: Both) -> None:
    stored = [kettle.whoosh.stored_fields(n) for n in range(kettle.whoosh.doc_count_all())]
    compiled = kettle.compiled
    heads = [compiled.head(episode).id for episode in compiled.passage_episode]

    assert [row["episode"] for row in stored] == heads
    assert [row["kind"] for row in stored] == compiled.passage_kind.tolist()
    assert [row.get("text", "") for row in stored] == list(kettle.texts())


def test_what_is_taken_over_from_the_generation_before_is_the_same_to_the_byte(
    tmp_path: Path,
) -> None:
    published(tmp_path / "anew", KETTLE_HOUR)
    published(tmp_path / "grown", without(OVENS, BOAT), KETTLE_HOUR)
    anew, grown = _compiled(tmp_path / "anew"), _compiled(tmp_path / "grown")

    assert anew == grown


def _compiled(directory: Path) -> bytes:
    (newest,) = sorted(directory.glob("gen-*"))[-1:]
    return (newest / COMPILED).read_bytes()


@pytest.mark.parametrize("field", FIELDS)
def test_terms_of_the_sample_weigh_what_whoosh_says(sample: Both, field: str) -> None:
    for term in _drawn(sample.terms(field), 300):
        _holds(sample, field, term)


def test_rows_of_words_of_the_sample_stand_where_whoosh_finds_them(sample: Both) -> None:
    texts = [text for text in sample.texts() if text]
    found = [_same_phrase(sample, "text", row) for row in _rows(texts, random.Random(1), 300)]

    assert 0 < found.count(0) < len(found)


@pytest.mark.parametrize("field", FIELDS)
def test_terms_of_the_real_site_weigh_what_whoosh_says(real: Both, field: str) -> None:
    known = real.terms(field)
    common = ["docker", "the", "a", "2", "postgres", "django"]
    for term in {*_drawn(known, 500), *(term for term in common if term in set(known))}:
        _holds(real, field, term)


def test_rows_of_words_of_the_real_site_stand_where_whoosh_finds_them(real: Both) -> None:
    texts = [text for text in real.texts() if text]
    found = [_same_phrase(real, "text", row) for row in _rows(texts, random.Random(2), 500)]

    assert 0 < found.count(0) < len(found)


def _drawn(known: list[str], count: int) -> list[str]:
    return random.Random(3).sample(known, min(count, len(known)))
