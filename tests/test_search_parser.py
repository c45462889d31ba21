"""Query text to `Query`: all of the syntax, and calm for any text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from search.dates import date_span, spelled_dates
from search.parser import parse
from search.query import Phrase, Query, Word
from search.query_words import spelled
from search.request import MAX_CHARACTERS, MAX_TERMS, Filters
from tests.inputs import TEXTS, TOO_MUCH


def _wanted(text: str) -> list[str]:
    return [spelled([clause]) for clause in parse(text).wanted]


# --- words and phrases


def test_words_are_wanted_as_typed_and_looked_for_as_terms() -> None:
    assert parse("Full TEXT sеarch").wanted[:2] == (Word("full", "Full"), Word("text", "TEXT"))


def test_a_compound_word_is_wanted_whole_and_knows_its_parts() -> None:
    assert parse("front-end").wanted == (Word("frontend", "front-end", ("front", "end")),)


def test_words_of_symbols_are_wanted_as_they_are() -> None:
    assert [w.term for w in parse("C# c++ .NET").wanted if isinstance(w, Word)] == [
        "c#",
        "c++",
        ".net",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '"full text search" postgres',
        "“full text search” postgres",
        "„full text search“ postgres",
        "«full text search» postgres",
    ],
)
def test_a_phrase_in_any_quotation_marks_stands_side_by_side(text: str) -> None:
    assert parse(text).wanted == (
        Phrase(("full", "text", "search"), "full text search"),
        Word("postgres", "postgres"),
    )


def test_hyphens_and_apostrophes_of_typesetting_are_those_of_keyboards() -> None:
    assert parse("real‑time −docker isnʼt") == parse("real-time -docker isn't")


@pytest.mark.parametrize(
    "typed", ["after:2020", "before:2021", "after:2020-02", "before:2020-03", "after:2020-02-28"]
)
def test_dates_are_spelled_as_they_are_typed(typed: str) -> None:
    assert list(spelled_dates(parse(typed).filters)) == [typed]


def test_dates_are_spelled_in_their_shortest_form() -> None:
    typed = parse("after:2019-12-31 before:2020-03-01").filters

    assert list(spelled_dates(typed)) == ["before:2020-03", "after:2019"]


def test_a_phrase_may_stand_anywhere_in_a_query() -> None:
    assert _wanted('postgres "full text" fast') == ["postgres", '"full text"', "fast"]


def test_a_missing_closing_quote_is_forgiven() -> None:
    assert parse('postgres "full text').wanted[1] == Phrase(("full", "text"), "full text")


def test_a_quoted_single_word_is_that_word() -> None:
    for word in ("postgres", "c#", "node.js", "CI/CD"):
        (wanted,) = parse(word).wanted
        assert parse(f'"{word}"').wanted == (replace(wanted, quoted=True),), word
    assert parse('"postgres"').wanted == (Word("postgres", "postgres", quoted=True),)


def test_a_phrase_holds_the_parts_of_compounds_side_by_side() -> None:
    assert parse('"node.js front-end"').wanted == (
        Phrase(("node", "js", "front", "end"), "node.js front-end"),
    )


# --- exclusion


def test_a_minus_excludes_words_phrases_and_words_of_titles() -> None:
    query = parse('docker -kubernetes -"blue green" -title:rails')

    assert _wanted('docker -kubernetes -"blue green" -title:rails') == ["docker"]
    assert query.excluded == (
        Word("kubernetes", "kubernetes"),
        Phrase(("blue", "green"), "blue green"),
    )
    assert query.excluded_title == (Word("rails", "rails"),)


def test_a_minus_excludes_tags_guests_years_and_categories() -> None:
    query = parse('-tag:rails -guest:"Jerod Santo" -year:2020 -category:podcast')

    assert query.excluded_filters == Filters(
        tags=("rails",), guests=("Jerod Santo",), years=(2020,), categories=("podcast",)
    )
    assert query.filters == Filters()


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    query = parse("e-mail blue-green")

    assert query.excluded == ()
    assert len(query.wanted) == 2


# --- fields


def test_each_field_narrows_and_fields_repeat() -> None:
    query = parse('tag:flask tag:"Digital Ocean" guest:"jerod santo" category:podcast year:2020')

    assert query.filters == Filters(
        tags=("flask", "Digital Ocean"),
        guests=("jerod santo",),
        categories=("podcast",),
        years=(2020,),
    )
    assert query.wanted == ()


def test_names_of_fields_are_read_in_any_case() -> None:
    assert parse("TAG:flask Year:2020").filters == Filters(tags=("flask",), years=(2020,))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("tag: flask redis", "tag:flask redis"),
        ('-guest: "piet de vries"', '-guest:"piet de vries"'),
        ("title: boat before: 2021-03", "title:boat before:2021-03"),
        ("tags:flask guests:piet", "tag:flask guest:piet"),
        ("Categories:news years:2020", "category:news year:2020"),
        ("tag:=flask tag:#redis", "tag:flask tag:redis"),
        ("tag:flask, tag:redis.", "tag:flask tag:redis"),
        ("tag:flask,redis year:2020,2021", "tag:flask tag:redis year:2020 year:2021"),
        ("tag: flask, redis caching", "redis caching tag:flask"),
        ("year: 2020, 2021 2022", "year:2020 year:2021 2022"),
        ("category:news, the best", "the best category:news"),
        ("year:2020, 2021-05", "2021-05 year:2020"),
        ("year:2020, 2001: a space odyssey", "2001 a space odyssey year:2020"),
        ("year:2020, 2021,2022.", "year:2020 year:2021 year:2022"),
        ("year:2020, docker", "docker year:2020"),
        ('tag:flask, "redis"', 'tag:flask "redis"'),
        ("tag:flask, -redis", "tag:flask -redis"),
        ("tag:flask, year:2020, 2021", "tag:flask year:2020 year:2021"),
        ("guest:lee, ann", "guest:lee ann"),
        ("(tag:flask) (redis)", "tag:flask redis"),
        ("before:2021-3 after:2020/5/4", "before:2021-03 after:2020-05-04"),
    ],
)
def test_a_filter_may_be_typed_as_sentences_and_lists_have_it(text: str, plain: str) -> None:
    assert replace(parse(text), text=plain) == parse(plain)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tag: -flask", ["tag"]),
        ("tag: guest:piet", ["tag"]),
        ("before: you go", ["before", "you", "go"]),
    ],
)
def test_a_field_without_a_value_is_a_word(text: str, words: list[str]) -> None:
    assert _wanted(text) == words


def test_of_a_pasted_address_its_beginning_is_no_word() -> None:
    text = "https://lamp.example/1 HTTP://lamp.example https http://"
    assert _wanted(text) == ["lamp.example/1", "lamp.example", "https", "http"]


def test_words_and_phrases_may_be_wanted_in_titles() -> None:
    query = parse('title:django title:"react native" fast')

    assert query.title == (
        Word("django", "django"),
        Phrase(("react", "native"), "react native"),
    )
    assert _wanted('title:django title:"react native" fast') == ["fast"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("before:2020", None, date(2019, 12, 31)),
        ("before:2020-06", None, date(2020, 5, 31)),
        ("before:2020-06-15", None, date(2020, 6, 14)),
        ("after:2020", date(2021, 1, 1), None),
        ("after:2020-12", date(2021, 1, 1), None),
        ("after:2020-02-28", date(2020, 2, 29), None),
        ("after:2019 before:2021", date(2020, 1, 1), date(2020, 12, 31)),
        ("before:2021 before:2019", None, date(2018, 12, 31)),
        ("after:2019 after:2021", date(2022, 1, 1), None),
    ],
)
def test_before_and_after_leave_out_what_they_name(
    text: str, first: date | None, last: date | None
) -> None:
    assert parse(text).filters == Filters(from_date=first, to_date=last)


@pytest.mark.parametrize(
    "text", ['docker "a boat"', 'docker -tag:"a -"', 'title:"what a "', '"a" tag:"b" "tag:"', '""']
)
def test_a_query_that_ends_with_a_closed_quote_is_finished(text: str) -> None:
    assert parse(text, typing=True) == parse(text)


@pytest.mark.parametrize(
    ("text", "from_date", "to_date"),
    [
        ("-before:2020", None, date(2019, 12, 31)),
        ("-before:2021 -before:2020", None, date(2020, 12, 31)),
        ("-after:2019 -after:2021", date(2020, 1, 1), None),
        ("-before:2019 -after:2021", date(2022, 1, 1), date(2018, 12, 31)),
    ],
)
def test_a_day_that_any_date_excludes_is_excluded(
    text: str, from_date: date | None, to_date: date | None
) -> None:
    assert parse(text).excluded_filters == Filters(from_date=from_date, to_date=to_date)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("year:abc", ["year", "abc"]),
        ("year:20", ["year", "20"]),
        ("year:99999999999999999999", ["year", "99999999999999999999"]),
        ("before:yesterday", ["before", "yesterday"]),
        ("before:2024-02-30", ["before", "2024-02-30"]),
        ("before:0001-01-01", ["before", "0001-01-01"]),
        ("after:9999", ["after", "9999"]),
        ("after:10000", ["after", "10000"]),
        ('after:"last summer"', ["after", "last", "summer"]),
        ("tag:", ["tag"]),
        ('tag:""', ["tag"]),
        ("guest:???", ["guest"]),
    ],
)
def test_a_value_that_makes_no_sense_is_searched_as_words(text: str, words: list[str]) -> None:
    query = parse(text)

    assert _wanted(text) == words
    assert query.filters == Filters()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nosuch:x", ["nosuch", "x"]),
        ("note: here", ["note", "here"]),
        ("re:invent", ["re", "invent"]),
        ("C++:fast", ["C++", "fast"]),
        (":a", ["a"]),
    ],
)
def test_an_unknown_field_is_searched_as_words(text: str, words: list[str]) -> None:
    assert _wanted(text) == words


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-12", date(2020, 12, 1), date(2020, 12, 31)),
        ("2020-06-15", date(2020, 6, 15), date(2020, 6, 15)),
        ("2020-6", date(2020, 6, 1), date(2020, 6, 30)),
        ("2020/06/5", date(2020, 6, 5), date(2020, 6, 5)),
    ],
)
def test_a_date_spans_its_days(text: str, first: date, last: date) -> None:
    assert date_span(text) == (first, last)


@pytest.mark.parametrize("text", ["", "20", "2020-13", "2020-0", "2021-02-29", "٢٠٢٠", "2020-001"])
def test_what_is_no_date_spans_nothing(text: str) -> None:
    assert date_span(text) is None


# --- while someone is typing


def test_the_last_word_may_be_unfinished_while_someone_is_typing() -> None:
    assert parse("full tex", typing=True).wanted == (
        Word("full", "full"),
        Word("tex", "tex", prefix=True),
    )


@pytest.mark.parametrize(
    "text", ["full tex ", "full tex", "full tex -do", "full tag:fl", '"full text"', "full text?"]
)
def test_no_finished_word_is_taken_for_a_beginning(text: str) -> None:
    typing = text != "full tex"

    assert not any(isinstance(c, Word) and c.prefix for c in parse(text, typing).wanted)


# --- limits and hostile texts


def test_a_query_keeps_its_text_trimmed_and_cleaned() -> None:
    assert parse("  full \t text\x00 ").text == "full text"


def test_what_is_beyond_the_limits_is_not_read() -> None:
    assert parse("a" * 100_000).text == "a" * MAX_CHARACTERS
    assert len(parse(" ".join(["ab"] * 40)).wanted) == MAX_TERMS


HOSTILE = [
    *(text for texts in TEXTS.values() for text in texts),
    *(text for text, _, _ in TOO_MUCH.values()),
    *["", "\udcff\udcfe", "\ud800", "[" * 20_000, "-" * 200, "tag:" * 50, '-tag:"' * 30, "ﾞ", ".ﾞ"],
    *['"ﾞ a"', "ﷺ"],
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("typing", [False, True])
def test_hostile_texts_are_read_as_words(text: str, typing: bool) -> None:
    _holds_together(parse(text, typing))


PIECES = ("tag:", "year:", "before:", "title:", "-", '"', "2020", "06", " ", "a", "é", ":", ".")


@given(
    st.text(max_size=250) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.booleans(),
)
def test_no_text_is_an_error(text: str, typing: bool) -> None:
    _holds_together(parse(text, typing))


def _holds_together(query: Query) -> None:
    assert len(query.text) <= 2 * MAX_CHARACTERS
    assert len(query.wanted) <= MAX_TERMS
    for clause in (*query.wanted, *query.title, *query.excluded, *query.excluded_title):
        if isinstance(clause, Word):
            assert clause.term
            assert clause.typed
            assert len(clause.parts) != 1
        else:
            assert len(clause.terms) > 1
            assert all(clause.terms)
    query.text.encode()
