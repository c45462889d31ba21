"""Text to terms: folding, symbols, compounds, money, positions, for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import (
    LINE_GAP,
    MAX_TERM,
    clean,
    fold,
    terms,
    tokens,
    whole_and_parts,
)
from search.query_words import words_of

# Letters that fold to more, less or nothing, and all the signs the analyzer knows.
ODD = st.text(
    st.one_of(
        st.sampled_from("aeéZzßø0189$€£#+.,-_/&'’ \n\tﾞﬁﷺ½²\u0301\u200b"),
        st.characters(),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Névola", "nevola"),
        ("BRØNSTED", "bronsted"),
        ("Łukasz Æsir Straße", "lukasz aesir strasse"),
        ("Ĳssel ﬁle", "ijssel file"),
        ("N\u0303o", "no"),
        ("İstanbul", "istanbul"),
        ("Ωmega", "ωmega"),
    ],
)
def test_case_and_accents_fold_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C# and C++, then F#.", ["c#", "and", "c++", "then", "f#"]),
        ("c is not c#", ["c", "is", "not", "c#"]),
        (".NET", ["net", ".net"]),
        ("ASP.NET/C#", ["asp", "net", "asp.net", "c#"]),
        ("#hashtag @nick", ["hashtag", "nick"]),
        ("a C#-based thing", ["a", "c#", "based", "thing"]),
    ],
)
def test_words_of_symbols_are_words_of_their_own(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("front-end", {"front", "end", "frontend"}),
        ("Node.js", {"node", "js", "node.js"}),
        ("CI/CD", {"ci", "cd", "ci/cd"}),
        ("e-mail", {"e", "mail", "email"}),
        ("don’t", {"don", "t", "dont"}),
        ("пʼять", {"п", "ять", "пять"}),
        ("AT&T", {"at", "t", "at&t"}),
        ("snake_case", {"snake", "case", "snakecase"}),
        ("Ruby-on-Rails", {"ruby", "on", "rails", "rubyonrails"}),
        ("寿司屋", {"寿", "司", "屋", "寿司屋"}),
        ("JR東京駅で", {"jr", "東", "京", "駅", "て"}),
    ],
)
def test_a_compound_gives_its_parts_and_itself(text: str, expected: set[str]) -> None:
    assert set(terms(text)) == expected


def test_the_edition_of_a_language_is_the_language_and_more() -> None:
    assert terms("C++17 and C#8") == ["c++", "c++17", "and", "c#", "c#8"]
    assert whole_and_parts("C++17") == ("c++17", ())


def test_a_chain_of_many_words_gives_only_its_parts() -> None:
    assert terms("a-b-c-d-e") == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$3", {"3", "$3", "dollar"}),
        ("$1,000", {"1000", "$1000", "dollar"}),
        ("$38k", {"38000", "$38000", "dollar"}),
        ("$3.50", {"3.50", "$3.50", "dollar"}),
        ("38k", {"38k", "38000"}),
        ("1,000,000", {"1000000"}),
        ("1, 2", {"1", "2"}),
    ],
)
def test_amounts_are_found_by_the_number_however_it_is_written(
    text: str, expected: set[str]
) -> None:
    assert set(terms(text)) == expected


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("38k", "38,000 users"),
        ("38,000", "38k users"),
        ("38000", "38k users"),
        ("$1000", "$1,000 a month"),
        ("$1k", "$1,000 a month"),
        ("frontend", "the front-end"),
        ("front-end", "the frontend"),
        ("email", "an e-mail"),
        ("node.js", "in Node.js."),
        (".net", "on .NET 5"),
        ("nevola", "Davide Névola"),
        ("NÉVOLA", "Davide Ne\u0301vola"),
        ("dont", "don’t"),
        ("don't", "don’t"),
    ],
)
def test_each_way_to_type_it_finds_each_way_to_write_it(typed: str, written: str) -> None:
    whole, _ = whole_and_parts(typed)

    assert whole in terms(written)


def test_terms_of_one_written_word_share_its_place_and_what_follows_is_one_further() -> None:
    found = {token.term: token.position for token in tokens("a front-end developer")}

    assert found == {"a": 0, "front": 1, "end": 2, "frontend": 1, "developer": 3}


def test_lines_are_so_far_apart_that_no_phrase_reaches_across() -> None:
    first, second = tokens("Jerod Santo\nGerhard Lazu")[1:3]

    assert second.position - first.position == LINE_GAP + 1


def test_a_token_says_where_in_the_text_it_was_seen() -> None:
    text = "Über Node.js, for $1,000"

    seen = {token.term: text[token.start : token.end] for token in tokens(text)}

    assert seen["uber"] == "Über"
    assert seen["node.js"] == "Node.js"
    assert seen["js"] == "js"
    assert seen["1000"] == "1,000"
    assert seen["$1000"] == "$1,000"


def test_text_is_cleaned_of_what_no_json_can_carry() -> None:
    assert clean("a\x00b\x1b[2J\ud800\u0301e\u0301") == "a b [2J \u0301é"
    assert clean("line\n\tindented") == "line\n\tindented"
    assert clean("Daten\u00adbank") == "Datenbank"


def test_an_endless_word_is_cut() -> None:
    assert terms("a" * 10_000) == ["a" * MAX_TERM]


@pytest.mark.parametrize(
    "piece", ["a", "-", "a-", "a.", "$1", "1,", "1,000", "C#", "C+", "e\u0301", ".", "'", "ﾞ", "\n"]
)
def test_hostile_repetition_is_read_to_its_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))

    # Each written word gives three terms at most, besides its parts.
    assert len(tokens(text)) <= 2 * len(text)


@given(ODD)
def test_no_term_of_any_text_is_empty_holds_a_blank_or_is_too_long(text: str) -> None:
    for term in terms(clean(text)):
        assert term
        assert not any(char.isspace() for char in term)
        assert len(term) <= MAX_TERM


@given(ODD)
def test_positions_rise_by_written_words_and_offsets_lie_in_the_text(text: str) -> None:
    found = tokens(text)

    assert all(0 <= token.start < token.end <= len(text) for token in found)
    starts = [token.position for token in sorted(found, key=lambda t: (t.start, -t.end))]
    assert starts == sorted(starts)


@given(ODD)
def test_every_word_of_any_text_finds_that_text(text: str) -> None:
    cleaned = clean(text)
    places: dict[str, set[int]] = {}
    for token in tokens(cleaned):
        places.setdefault(token.term, set()).add(token.position)

    for word in words_of(cleaned):
        in_a_row = word.parts and any(
            all(first + step in places.get(part, ()) for step, part in enumerate(word.parts))
            for first in places.get(word.parts[0], ())
        )
        assert word.term in places or in_a_row, word
