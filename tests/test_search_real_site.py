"""What listeners of a real show may count on. Skipped where the site is not beside the checkout.

Samples are drawn with a seed, so that a failure can be looked at again.
"""

import random
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from index.reader import read_site
from search.answer import Answer, EpisodeAnswer, MomentAnswer
from search.engine import Searcher
from search.engines import open_engine
from search.episode import Show
from search.request import MAX_CHARACTERS, MAX_TERMS, Filters, Request
from search.settings import load_settings
from search.stemming import stem
from tests.conftest import settings_for
from tests.test_search_engine_contract import click, found

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALL = 200


@pytest.fixture(scope="module")
def show(real_site: Path) -> Show:
    """What is published of the site."""
    return read_site(real_site, load_settings()).show


@pytest.fixture(scope="module")
def site(real_index: Path) -> Searcher:
    return open_engine(settings_for(real_index)).open()


@pytest.fixture(scope="module")
def words(site: Searcher) -> set[str]:
    """Every word of the show, and the stem of each."""
    return _words_of(site)


def _words_of(site: Searcher) -> set[str]:
    compiled = site._compiled  # type: ignore[attr-defined]
    known = {compiled.terms[number] for number in range(len(compiled.terms))}
    return known | {stem(term) for term in known}


def ask(site: Searcher, text: str, **more: object) -> Answer:
    return site.search(replace(Request(text, per_page=ALL), **more))


def numbers(answer: Answer) -> list[int | None]:
    return [result.number for result in answer.results]


def all_text(result: EpisodeAnswer, show: Show) -> str:
    """Everything that is said in an episode, in lower case."""
    episode = next(each for each in show.episodes if each.id == result.id)
    return "\n".join(
        [
            episode.title,
            episode.description,
            *episode.guests,
            *(word for tag in episode.tags for word in (tag.slug, tag.name)),
            *(moment.text for moment in episode.moments),
            *episode.paragraphs,
            *episode.links,
        ]
    ).lower()


# --- landing in the right episode at the right second


def test_a_remembered_topic_leads_to_its_second(site: Searcher) -> None:
    results = ask(site, "full text search postgres").results[:2]
    result = next(each for each in results if each.number == 57)
    moment = result.moments[0]

    assert (moment.time, moment.start, moment.end) == ("38:32", 2312, 2523)
    page = "57-crowdbotics-is-a-react-native-django-app-builder-and-deployer"
    assert moment.url.endswith(f"/podcast/{page}#38:32")
    assert moment.audio_url is not None
    assert moment.audio_url.endswith("running-in-production-57.mp3#t=2312")


@pytest.mark.parametrize(
    ("remembered", "number", "said"),
    [
        ("moonlighting until it pays the bills", 28, "nights and weekends"),
        ("avoid being tied to one provider", 56, "vendor neutral"),
        ("run existing code in a tiny vm", 79, "unikernel"),
        ("rolling out to employees first", 82, "internally"),
    ],
)
def test_a_moment_is_found_by_words_nobody_said_in_it(
    site: Searcher, remembered: str, number: int, said: str
) -> None:
    first = ask(site, remembered).results[0]

    assert first.number == number
    assert any(said in moment.text.text.lower() for moment in first.moments)


def test_every_title_comes_first_when_it_is_typed(site: Searcher, show: Show) -> None:
    missed = [e.title for e in show.episodes if found(ask(site, e.title))[0] != e.id]

    assert missed == []


def test_every_guest_comes_first_with_accents_and_without(site: Searcher, show: Show) -> None:
    appearances: dict[str, set[str]] = {}
    for episode in show.episodes:
        for guest in episode.guests:
            appearances.setdefault(guest, set()).add(episode.id)

    missed = [
        typed
        for guest, episodes in appearances.items()
        for typed in {guest, guest.lower(), _without_accents(guest)}
        if set(found(ask(site, typed))[: len(episodes)]) != episodes
    ]

    assert len(appearances) > 100
    assert missed == []


def test_a_guest_comes_first_also_with_a_word_that_others_say(site: Searcher, show: Show) -> None:
    chance = random.Random(11)
    tags = sorted({tag.name for episode in show.episodes for tag in episode.tags})
    guests = {episode.id: episode.guests for episode in show.episodes}
    asked, missed = 0, []
    for episode in show.episodes:
        theirs = chance.choice([other for other in show.episodes if other.moments]).moments
        said = [word for word in theirs[len(theirs) // 2].text.split() if word.isalpha()]
        for guest in episode.guests:
            for word in (max(said, key=len), chance.choice(tags)):
                asked += 1
                first = guests[found(ask(site, f"{word} {guest}"))[0]]
                missed += [f"{word} {guest}"] if guest not in first else []

    assert asked > 200
    assert len(missed) <= 0.05 * asked, missed


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def test_topic_lines_find_their_own_moment(site: Searcher, show: Show) -> None:
    lines = [(episode.id, moment) for episode in show.episodes for moment in episode.moments]
    same = Counter(moment.text for _, moment in lines)
    missed = []
    for episode, moment in random.Random(5).sample(lines, 300):
        results = ask(site, typed_of(moment.text), per_page=3).results
        result = next((each for each in results if each.id == episode), None)
        if result is None or moment.start not in [each.start for each in result.moments]:
            missed.append(moment.text)

    # Hosts ask many guests the same: what stands in many episodes word by word is not one moment.
    assert len(missed) <= 0.03 * 300, missed
    assert [text for text in missed if same[text] == 1 and len(text) > 60] == []


def typed_of(text: str) -> str:
    """As much of a text as a query may hold."""
    words = text.split()
    while len(" ".join(words)) > MAX_CHARACTERS or len(words) > MAX_TERMS:
        words.pop()
    return " ".join(words)


def test_names_of_people_lead_to_their_episode(site: Searcher) -> None:
    assert numbers(ask(site, "jerod"))[0] == 63
    assert numbers(ask(site, "nevola"))[0] == numbers(ask(site, "Névola"))[0] == 107


# --- words


def test_a_misspelling_a_short_name_and_the_word_are_one(site: Searcher) -> None:
    misspelt, whole, short = (ask(site, text) for text in ("kuberntes", "kubernetes", "k8s"))

    assert set(found(misspelt)) == set(found(whole)) == set(found(short)) != set()
    assert [(c.typed, c.used) for c in misspelt.corrections] == [("kuberntes", "kubernetes")]
    assert misspelt.interpreted == "kubernetes"
    assert whole.corrections == short.corrections == ()
    assert ask(site, "kuberntes", exact=True).found_episodes == 0


def test_a_misspelling_goes_to_the_likelier_word(site: Searcher) -> None:
    answer = ask(site, "elasticserch")

    assert [c.used for c in answer.corrections] == ["elasticsearch"]
    assert set(found(answer)) == set(found(ask(site, "elasticsearch")))


@pytest.mark.parametrize(
    "spellings",
    [
        ("front end", "frontend", "front-end", "Front End"),
        ("back end", "backend", "back-end"),
        ("e-mail", "email", "e mail"),
        ("multi tenant", "multi-tenant", "multitenant"),
        ("read only", "read-only", "readonly"),
        ("optimisation", "optimization"),
        ("open source", "opensource", "open-source"),
        ("node.js", "nodejs", "node js"),
        ("postgres", "postgresql", "psql"),
        ("real time", "realtime", "real-time"),
        ("website", "web site"),
    ],
)
def test_spellings_of_a_word_find_the_same_episodes(
    site: Searcher, spellings: tuple[str, ...]
) -> None:
    first, *others = (set(found(ask(site, text))) for text in spellings)

    assert first
    assert all(other == first for other in others)


def test_a_word_of_symbols_finds_only_what_holds_it(site: Searcher, show: Show) -> None:
    for text in ("C#", "F#"):
        answer = ask(site, text)
        assert answer.results
        assert all(text.lower() in all_text(result, show) for result in answer.results), text


def test_one_slip_in_the_name_of_a_tag_is_forgiven(
    site: Searcher, show: Show, words: set[str]
) -> None:
    names = {
        (name, tag.slug)
        for episode in show.episodes
        for tag in episode.tags
        for name in (tag.slug, tag.name.lower())
        if len(name) >= 5 and name.isascii() and name.isalpha()
    }
    chance = random.Random(2026)
    forgiven = []
    for name, slug in sorted(names):
        tagged = set(found(ask(site, "", filters=Filters(tags=(slug,)))))
        for typed in chance.sample(slips(name), 3):
            if not {typed, stem(typed)} & words:
                forgiven.append(tagged <= set(found(ask(site, typed))))

    assert len(names) > 100
    assert forgiven.count(True) >= 0.95 * len(forgiven)


def slips(word: str) -> list[str]:
    """Everything that is one letter more, less, other or swapped."""
    made = {word + letter for letter in LETTERS}
    for place in range(len(word)):
        head, tail = word[:place], word[place:]
        made.add(head + tail[1:])
        made.add(head + tail[1:2] + tail[:1] + tail[2:])
        made |= {head + letter + tail for letter in LETTERS}
        made |= {head + letter + tail[1:] for letter in LETTERS}
    return sorted(made - {word})


def test_a_word_that_occurs_is_never_changed(site: Searcher) -> None:
    compiled = site._compiled  # type: ignore[attr-defined]
    known = [compiled.terms[number] for number in range(len(compiled.terms))]
    for term in random.Random(4).sample(known, 400):
        answer = ask(site, term, per_page=1, moments=0)
        assert answer.corrections == (), term
        assert answer.missing == (), term


# --- phrases, exclusion, filters


def test_a_phrase_is_in_every_episode_that_is_found_by_it(site: Searcher, show: Show) -> None:
    answer = ask(site, '"full text search" postgres')

    assert answer.results
    for result in answer.results:
        text = all_text(result, show).replace("-", " ")
        assert "full text search" in text
    assert set(found(answer)) <= set(found(ask(site, '"full text search"')))


def test_what_was_withdrawn_is_in_no_answer(site: Searcher) -> None:
    for request in (
        Request(per_page=ALL),
        Request("under review", per_page=ALL),
        Request("this episode was removed because it is under review", per_page=ALL),
        Request("-nosuchword", per_page=ALL),
        Request("year:2021", per_page=ALL),
    ):
        answer = site.search(request)
        assert not any("removed" in result.title.text.lower() for result in answer.results)
        assert 72 not in [r.number for r in answer.results if r.category == "podcast"]
    assert not any("review" in s.text for s in site.suggest("this episode"))


def test_two_hundred_random_clicks_find_what_their_facets_counted(site: Searcher) -> None:
    texts = ["", "docker", "full text search", "react -native", "tag:rails", "deploy to aws"]
    texts += ["how do people store secrets", "year:2021", '"digital ocean"', "best tips", "k8s"]
    chance = random.Random(200)
    clicks = 0
    while clicks < 200:
        text, filters = chance.choice(texts), Filters()
        for _ in range(3):
            facets = ask(site, text, filters=filters, per_page=1, moments=0).facets
            choices = [(kind, value) for kind, values in facets.items() for value in values]
            if not choices:
                break
            kind, value = chance.choice(choices)
            filters = click(filters, kind, value.value)
            answer = ask(site, text, filters=filters, per_page=1, moments=0)
            assert answer.found_episodes == value.count, (text, filters)
            clicks += 1


def test_reasons_add_up_for_random_words_of_the_show(site: Searcher, words: set[str]) -> None:
    rng = random.Random(11)
    for _ in range(100):
        text = " ".join(rng.sample(sorted(words), rng.randint(1, 4)))
        for result in site.search(Request(text, explain=True)).results:
            shown: list[EpisodeAnswer | MomentAnswer] = [result, *result.moments]
            for told in shown:
                assert told.reason is not None
                numbers = dict(told.reason.numbers)
                assert numbers.pop("score") == pytest.approx(told.score, abs=1e-4), text
                assert sum(numbers.values()) == pytest.approx(told.score, abs=1e-3), text


def test_a_timeline_holds_every_moment_that_says_the_word(site: Searcher, show: Show) -> None:
    for word in ("terraform", "sidekiq", "webpack"):
        said = {
            episode.id: tuple(m.start for m in episode.moments if word in m.text.lower())
            for episode in show.episodes
        }
        results = ask(site, word).results
        assert results, word
        for result in results:
            assert set(said[result.id]) <= set(result.timeline), (word, result.id)
