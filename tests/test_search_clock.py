"""Times of a recording and the links that lead to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.clock import format_clock, parse_clock
from search.links import AUDIO_LINK, JUMP_LINK, link_at

PAGE = "https://lamp.example/podcast/1-a-lighthouse"
AUDIO = "https://lamp.example/lamp-room-1.mp3"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0:00", 0),
        ("0:07", 7),
        ("38:32", 2312),
        ("59:59", 3599),
        ("1:00:00", 3600),
        ("1:03:30", 3810),
        ("062:30", 3750),
        ("95:10", 5710),
        ("10:00:00", 36000),
        ("  4:05 ", 245),
    ],
)
def test_a_clock_time_is_read_as_seconds(text: str, seconds: int) -> None:
    assert parse_clock(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "1:2",
        "1:60",
        "1:60:00",
        "1:11-20",
        "-1:00",
        "1:1:1",
        "1:1:1:1",
        "1234:00",
        "1:00 pm",
        "1:00\n2:00",
        "１２：３０",
        "٣:٣٠",
        "a:bc",
        "1:00:",
        ":30",
    ],
)
def test_what_is_no_clock_time_is_none_and_never_a_guess(text: str) -> None:
    assert parse_clock(text) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (59, "0:59"),
        (60, "1:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (3810, "1:03:30"),
    ],
)
def test_seconds_are_written_as_the_player_reads_them(seconds: int, text: str) -> None:
    assert format_clock(seconds) == text


@given(st.integers(0, 999 * 3600))
def test_a_written_time_reads_back_as_the_same_seconds(seconds: int) -> None:
    assert parse_clock(format_clock(seconds)) == seconds


@given(st.text(max_size=12))
def test_any_text_is_a_time_or_none(text: str) -> None:
    seconds = parse_clock(text)
    assert seconds is None or 0 <= seconds < 1_000 * 3600


def test_a_negative_time_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="-1"):
        format_clock(-1)


def test_a_jump_link_is_the_page_with_a_literal_colon() -> None:
    assert link_at(2312, JUMP_LINK, PAGE) == f"{PAGE}#38:32"
    assert link_at(3810, JUMP_LINK, PAGE) == f"{PAGE}#1:03:30"


def test_an_audio_link_is_a_media_fragment_in_plain_seconds() -> None:
    assert link_at(2312, AUDIO_LINK, AUDIO) == f"{AUDIO}#t=2312"


def test_a_template_decides_what_a_site_s_player_reads() -> None:
    assert link_at(90, "{url}?t={sec}s", PAGE) == f"{PAGE}?t=90s"
    assert link_at(90, "{url}?from={clock}&at={sec}", PAGE) == f"{PAGE}?from=1:30&at=90"
    assert link_at(90, "{audio}?start={clock}", AUDIO) == f"{AUDIO}?start=1:30"


@pytest.mark.parametrize(
    "name", ["{url}", "{audio}", "{clock}", "{sec}", "{}", "{0.__class__}", "%s"]
)
def test_braces_in_an_address_are_never_read_as_a_template(name: str) -> None:
    page = f"https://lamp.example/{name}/1"

    assert link_at(90, JUMP_LINK, page) == f"{page}#1:30"
    assert link_at(90, AUDIO_LINK, page) == f"{page}#t=90"


def test_what_no_field_is_called_stays_as_it_is_in_a_template() -> None:
    assert link_at(90, "{url}#{time}", PAGE) == f"{PAGE}#{{time}}"
