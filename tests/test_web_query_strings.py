"""Query strings: read strictly, refused by name, written in one canonical form."""

from datetime import date

import pytest

from search.addresses import query_string
from search.errors import BadParameter
from search.request import Filters, Request, Sort, clean_text
from web.query_strings import read_search, read_suggest


def test_an_empty_query_string_is_the_request_with_all_defaults() -> None:
    assert read_search(b"", strict=True) == Request()


def test_every_parameter_arrives_in_the_request() -> None:
    query = (
        b"q=full+text&tag=flask&tag=django&guest=Ada+Moor&category=podcast&year=2020&year=2021"
        b"&from=2020-01-31&to=2021-02-28&sort=newest&page=2&per_page=20&moments=0"
        b"&exact=1&explain=1&typing=1&facets=0"
    )
    assert read_search(query, strict=True) == Request(
        text="full text",
        filters=Filters(
            tags=("flask", "django"),
            guests=("Ada Moor",),
            categories=("podcast",),
            years=(2020, 2021),
            from_date=date(2020, 1, 31),
            to_date=date(2021, 2, 28),
        ),
        sort=Sort.NEWEST,
        page=2,
        per_page=20,
        moments=0,
        exact=True,
        explain=True,
        typing=True,
        facets=False,
    )


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("page=101", "page", "window"),
        ("per_page=51", "per_page", "bad_parameter"),
        ("moments=21", "moments", "bad_parameter"),
        ("from=2024-02-30", "from", "bad_parameter"),
        ("from=20240101", "from", "bad_parameter"),
        ("to=yesterday", "to", "bad_parameter"),
        ("year=0", "year", "bad_parameter"),
        ("year=MMXX", "year", "bad_parameter"),
        ("tag=", "tag", "bad_parameter"),
        ("tag=+", "tag", "bad_parameter"),
        ("guest=" + "x" * 201, "guest", "bad_parameter"),
        ("&".join(["tag=a"] * 21), "tag", "repeated_parameter"),
        ("exact=yes", "exact", "bad_parameter"),
        ("Q=a", "Q", "unknown_parameter"),
    ],
)
def test_a_bad_parameter_is_refused_by_its_name(query: str, name: str, code: str) -> None:
    """More of them, on both faces, are in tests/inputs.py."""
    with pytest.raises(BadParameter) as refused:
        read_search(query.encode(), strict=True)
    assert (refused.value.name, refused.value.code) == (name, code)


def test_the_longest_query_is_counted_in_characters_not_bytes() -> None:
    text = "ø" * 200
    assert read_search(f"q={text}".encode(), strict=True).text == text


def test_sixteen_words_are_searched() -> None:
    assert len(read_search(b"q=" + b"+".join([b"a"] * 16), strict=True).text.split()) == 16


def test_spaces_around_and_between_words_do_not_count() -> None:
    assert read_search(b"q=" + b"+" * 100 + b"a++b+", strict=True).text == "a b"


def test_a_page_ignores_parameters_it_does_not_know() -> None:
    asked = read_search(b"q=flask&utm_source=newsletter", strict=False)
    assert asked == Request(text="flask")


def test_a_page_refuses_a_known_parameter_with_an_impossible_value() -> None:
    with pytest.raises(BadParameter, match="page must be a whole number"):
        read_search(b"q=flask&page=0", strict=False)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"%ff%fe", "\ufffd\ufffd"),
        (b"%ed%a0%80", "\ufffd\ufffd\ufffd"),
        (b"\xff", "\ufffd"),
        (b"a%00b", "a b"),
        (b"a%0aINFO+forged", "a INFO forged"),
        (b"%1b[2J", "[2J"),
        (b"e%CC%81", "é"),
        (b"100%", "100%"),
    ],
)
def test_typed_bytes_become_clean_text(raw: bytes, text: str) -> None:
    assert read_search(b"q=" + raw, strict=True).text == text


def test_a_lone_surrogate_never_stays_in_a_text() -> None:
    assert clean_text("a\ud800b") == "a b"


def test_the_canonical_query_string_leaves_out_defaults_and_sorts_values() -> None:
    one = read_search(b"per_page=10&tag=b&tag=a&tag=b&q=+x++y&sort=relevance&page=1", strict=True)
    assert query_string(one) == "q=x+y&tag=a&tag=b"


def test_a_canonical_query_string_reads_back_as_the_same_request() -> None:
    asked = Request(
        text='c++ & "50%" ø',
        filters=Filters(tags=("a", "b"), years=(1885, 2020), to_date=date(2020, 2, 29)),
        sort=Sort.OLDEST,
        page=3,
        exact=True,
    )
    assert read_search(query_string(asked).encode(), strict=True) == asked


def test_suggest_needs_a_text_and_knows_no_other_parameter() -> None:
    assert read_suggest(b"q=po") == "po"
    assert read_suggest(b"q=") == ""
    with pytest.raises(BadParameter, match="q is missing"):
        read_suggest(b"")
    with pytest.raises(BadParameter, match="no parameter 'page'"):
        read_suggest(b"q=a&page=2")
