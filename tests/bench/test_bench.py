"""The measurements measure the same work: for all peers, each time."""

import json
from collections.abc import Iterable
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from search.analysis import terms
from search.episode import Moment, Show
from tests.bench.archives import count, generated, with_one_more
from tests.bench.peers import NAMES, OURS, peer_named
from tests.bench.peers.base import Opened
from tests.bench.queries import Asked, Class, drawn
from tests.bench.timing import STATES, Times, in_other_company, measure, percentile


@pytest.fixture(scope="module")
def show() -> Show:
    return generated(600).show


@pytest.fixture(scope="module", params=NAMES)
def peer(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "tantivy":
        pytest.importorskip("tantivy")
    elif name == "MiniSearch":
        from tests.bench.peers.minisearch import CACHE

        if not any(CACHE.glob("minisearch-*/package")):
            pytest.skip("MiniSearch is fetched by `make bench`")
    return name


@pytest.fixture(scope="module")
def built(peer: str, show: Show, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp(peer)
    peer_named(peer).build(show, directory)
    return directory


def test_an_archive_and_its_queries_are_the_same_each_time(show: Show) -> None:
    again = generated(600).show
    assert again == show
    assert drawn(again) == drawn(show)
    assert generated(600, seed=12).show != show


def test_an_archive_is_as_large_as_asked(show: Show) -> None:
    assert count(show) == pytest.approx(600, rel=0.1)


def test_every_class_of_query_is_drawn(show: Show) -> None:
    kinds = [asked.kind for asked in drawn(show, each=4)]
    assert kinds == [kind for kind in Class for _ in range(4)]


def test_a_peer_finds_what_there_is_and_marks_it(peer: str, built: Path, show: Show) -> None:
    word = _once(show)
    opened = peer_named(peer).open(built)
    try:
        seconds, body = opened.timed(Asked(Class.WORD, (word,)))
    finally:
        opened.close()
    answer = json.loads(body)
    wanted = [episode.id for episode in show.episodes if _says(episode.moments, word)]
    assert [result["id"] for result in answer["results"]] == wanted
    assert answer["found_episodes"] == answer["found_moments"] == 1
    (moment,) = answer["results"][0]["moments"]
    assert f">{word}</mark>" in moment["html"].lower()
    assert answer["facets"]["year"][0]["count"] == 1
    assert seconds > 0


def test_a_peer_finds_the_episode_that_was_added(peer: str, show: Show, tmp_path: Path) -> None:
    peer_named(peer).build(show, tmp_path)
    more = with_one_more(show)
    peer_named(peer).add(more, more.episodes[-1], tmp_path)
    opened = peer_named(peer).open(tmp_path)
    try:
        _, body = opened.timed(Asked(Class.AND, ("one", "more", "episode")))
    finally:
        opened.close()
    assert more.episodes[-1].id in {result["id"] for result in json.loads(body)["results"]}


def test_we_answer_every_class(show: Show, tmp_path: Path) -> None:
    assert not peer_named(OURS).cannot
    peer_named(OURS).build(show, tmp_path)
    opened = peer_named(OURS).open(tmp_path)
    for asked in drawn(show, each=3):
        assert json.loads(opened.timed(asked)[1])["found_episodes"] > 0, asked


class _Noting(Opened):
    """An engine that only notes who is asked."""

    def __init__(self, name: str, noted: list[str]) -> None:
        self._name, self._noted = name, noted

    def answer(self, asked: Asked) -> bytes:
        self._noted.append(self._name)
        return b""


def test_an_engine_is_timed_in_a_row_after_as_much_work_of_its_own() -> None:
    asked = [Asked(Class.AND, pair) for pair in pairwise("abcd")]
    noted: list[str] = []
    names = (OURS, "Whoosh", "tantivy")
    engines = {name: (peer_named(name), _Noting(name, noted)) for name in names}
    times = measure(engines, asked, rounds=4)
    assert list(times) == [*STATES, "Whoosh", "tantivy"]
    assert all(list(each.taken) == asked for each in times.values())
    turns = [(name, len(list(each))) for name, each in groupby(noted)]
    assert {count for name, count in turns if name != OURS} == {2 * len(asked)}
    # Who comes first changes from round to round.
    assert [name for name, _ in turns].index("tantivy") == 2
    assert [name for name, _ in reversed(turns)].index("Whoosh") == 0


def test_words_are_known_from_other_queries_only(show: Show) -> None:
    asked = drawn(show)
    before = list(in_other_company(asked))
    assert {word for query in asked for word in query.words} <= {q.words[1] for q in before}
    assert not {frozenset(query.words) for query in asked} & {frozenset(q.words) for q in before}


def test_percentiles_lie_between_the_values() -> None:
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2.0
    assert percentile([1.0, 2.0], 0.95) == pytest.approx(1.95)
    times = Times("x", {Asked(Class.WORD, (str(n),)): n / 1000 for n in range(1, 4)})
    summary = times.summary(Class.WORD)
    assert summary is not None
    assert (summary.queries, summary.mean, summary.median) == (3, 2.0, 2.0)
    assert times.summary(Class.AND) is None


def _once(show: Show) -> str:
    """A plain word that one moment says, and nothing else does."""
    said: dict[str, int] = {}
    for episode in show.episodes:
        texts = [episode.title, episode.description, *episode.guests]
        texts += [tag.name for tag in episode.tags]
        for text in [*texts, *texts, *(moment.text for moment in episode.moments)]:
            for word in terms(text):
                said[word] = said.get(word, 0) + 1
    # Without an ending that a stemmer would take off.
    return next(w for w in sorted(said) if said[w] == 1 and len(w) > 7 and w.endswith("ck"))


def _says(moments: Iterable[Moment], word: str) -> bool:
    return any(word in moment.text.lower().split() for moment in moments)
