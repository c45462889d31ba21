"""Other forms and misspelt words: stems, slips, candidates."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import (
    LONG,
    SHORTEST,
    UNLIKELY,
    Candidate,
    allowed_edits,
    best_correction,
    deletion_keys,
    slip_cost,
    within,
)
from search.stemming import american, stem

LETTERS = "abcdefghijklmnopqrstuvwxyz"

# --- forms of one word


@pytest.mark.parametrize(
    "forms",
    [
        ("deploy", "deploys", "deployed", "deploying", "deployment"),
        ("query", "queries", "queried", "querying"),
        ("cache", "caches", "cached", "caching"),
        ("monolith", "monoliths"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("british", "us"),
    [
        ("optimisation", "optimization"),
        ("optimised", "optimized"),
        ("organising", "organizing"),
        ("analyse", "analyze"),
        ("colour", "color"),
        ("behaviours", "behaviors"),
        ("centre", "center"),
        ("centred", "centered"),
        ("catalogue", "catalog"),
        ("defence", "defense"),
        ("licences", "licenses"),
        ("cancelled", "canceled"),
        ("travelling", "traveling"),
        ("labelled", "labeled"),
        ("sceptical", "skeptical"),
        ("fibres", "fibers"),
        ("encyclopaedias", "encyclopedias"),
    ],
)
def test_british_and_american_spellings_have_one_stem(british: str, us: str) -> None:
    assert stem(british) == stem(us)


@pytest.mark.parametrize("word", ["hour", "four", "tour", "your", "rise", "wise", "noise", "raise"])
def test_short_words_are_no_british_spellings(word: str) -> None:
    assert american(word) == word


@pytest.mark.parametrize("term", ["s3", "c#", ".net", "node.js", "$3", "2020", "is", "数据库"])
def test_what_is_not_an_english_word_keeps_its_form(term: str) -> None:
    assert stem(term) == term


def test_many_threads_stem_as_one_does() -> None:
    words = [f"{a}{b}ation{c}" for a in LETTERS for b in "aeiou" for c in ("", "s", "al")]
    alone = {word: stem(word) for word in words}
    stem.cache_clear()
    found: list[dict[str, str]] = []
    threads = [
        threading.Thread(target=lambda: found.append({word: stem(word) for word in words}))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [alone] * 16


# --- distances


@pytest.mark.parametrize(
    ("typed", "meant", "distance"),
    [
        ("docker", "docker", 0),
        ("doker", "docker", 1),
        ("dockker", "docker", 1),
        ("dpcker", "docker", 1),
        ("dcoker", "docker", 1),
        ("dkcoer", "docker", 2),
        ("kuberntes", "kubernetes", 1),
        ("kubrentse", "kubernetes", 3),
        ("", "docker", 6),
    ],
)
def test_an_edit_is_a_letter_more_less_other_or_swapped(
    typed: str, meant: str, distance: int
) -> None:
    assert within(typed, meant, distance)
    assert not within(typed, meant, distance - 1)


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_distance_is_the_same_both_ways_and_zero_only_for_the_same(
    left: str, right: str, edits: int
) -> None:
    assert within(left, right, edits) == within(right, left, edits)
    assert within(left, right, 0) == (left == right)
    assert abs(len(left) - len(right)) <= edits or not within(left, right, edits)
    assert within(left, right, max(len(left), len(right)))


def test_likely_slips_cost_less_than_unlikely_ones() -> None:
    swapped, doubled = slip_cost("dcoker", "docker"), slip_cost("dockker", "docker")
    missed_double = slip_cost("runing", "running")
    near_key, far_key = slip_cost("dovker", "docker"), slip_cost("domker", "docker")
    first = slip_cost("focker", "docker")

    assert max(swapped, doubled, missed_double) < near_key < far_key < first


# --- which word was meant


@pytest.mark.parametrize(
    ("word", "edits"),
    [
        ("sql", 0),
        ("ruby", 1),
        ("postgre", 1),
        ("postgres", 2),
        ("s3cret", 0),
        ("node.js", 0),
    ],
)
def test_short_words_and_words_of_digits_are_not_corrected(word: str, edits: int) -> None:
    assert allowed_edits(word) == edits


def test_a_swap_is_likelier_than_a_word_of_other_letters() -> None:
    words = [Candidate("elasticsearch", 5), Candidate("elasticache", 5)]

    assert best_correction("elasticserch", words) == "elasticsearch"


def test_of_equally_near_words_the_commoner_is_meant() -> None:
    assert best_correction("cachs", [Candidate("cache", 40), Candidate("cachy", 1)]) == "cache"


def test_ties_go_by_spelling_whatever_the_order() -> None:
    tied = [Candidate("bamk", 1), Candidate("bank", 1)]
    both = {best_correction("baxk", order) for order in (tied, tied[::-1])}

    assert len(both) == 1


def test_who_slips_twice_does_not_miss_the_first_letter() -> None:
    assert best_correction("ubernetes", [Candidate("kubernetes", 1)]) == "kubernetes"
    assert best_correction("hypervisor", [Candidate("supervisor", 9)]) is None
    assert best_correction("supevisro", [Candidate("supervisor", 1)]) == "supervisor"


@pytest.mark.parametrize("typed", ["phyton", "ptyhon", "pythno", "pnytho"])
def test_a_letter_in_another_place_is_one_slip(typed: str) -> None:
    assert deletion_keys(typed) & deletion_keys("python")
    assert best_correction(typed, [Candidate("python", 3)]) == "python"


def test_letters_that_change_places_over_others_are_two_slips() -> None:
    assert best_correction("heruko", [Candidate("heroku", 3)]) is None


def test_a_word_too_far_from_all_is_not_corrected() -> None:
    assert best_correction("flask", [Candidate("docker", 99), Candidate("flossy", 9)]) is None
    assert best_correction("flask", []) is None


@given(st.text(LETTERS, min_size=SHORTEST, max_size=14), st.data())
def test_every_single_slip_shares_a_key_with_what_was_meant(word: str, data: st.DataObject) -> None:
    typed = data.draw(_slips(word))

    if len(typed) >= SHORTEST:
        assert deletion_keys(typed) & deletion_keys(word)


@given(st.text(LETTERS, min_size=LONG + 2, max_size=14), st.data())
def test_two_slips_in_a_long_word_share_a_key_with_what_was_meant(
    word: str, data: st.DataObject
) -> None:
    typed = data.draw(_slips(data.draw(_slips(word))))

    assert deletion_keys(typed) & deletion_keys(word)
    if within(typed, word, 2) and slip_cost(typed, word) <= UNLIKELY:
        assert best_correction(typed, [Candidate(word, 1)]) == word


@st.composite
def _slips(draw: st.DrawFn, word: str) -> str:
    place = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(LETTERS))
    head, tail = word[:place], word[place:]
    swapped = head + tail[1:2] + tail[:1] + tail[2:]
    return draw(
        st.sampled_from([head + tail[1:], head + letter + tail, head + letter + tail[1:], swapped])
    )
