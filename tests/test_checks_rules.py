"""The rules about episodes, one by one, on plain values."""

import re
from pathlib import Path

import msgspec
import pytest

import index
from index.checks import Facts, check_length, check_show, check_tags, check_times, check_urls
from index.findings import RULES, Severity, finding
from index.topics import TopicLine


def topics(*starts: int) -> list[TopicLine]:
    return [TopicLine(line, start, "") for line, start in enumerate(starts, start=10)]


def facts(number: int, **changes: object) -> Facts:
    whole = Facts(
        path=f"{number}.md",
        page=f"podcast/{number}",
        tags=(("python", 5),),
        has_audio=True,
        has_guest=True,
        has_topics=True,
        has_number=True,
        tags_line=4,
        guest_line=3,
        title_line=2,
    )
    return msgspec.structs.replace(whole, **changes)


def show(*odd: Facts, good: int = 3) -> list[tuple[str, int, str]]:
    files = [*odd, *(facts(number) for number in range(100, 100 + good))]
    return [(found.path, found.line, found.code) for found in check_show(files, {"python"})]


def test_every_rule_has_a_description_of_one_line() -> None:
    for code, (severity, description) in RULES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", code)
        assert isinstance(severity, Severity)
        assert "\n" not in description
        assert len(description) > 10


def test_every_rule_is_used_and_no_other_is() -> None:
    sources = {path.name: path.read_text() for path in Path(index.__file__).parent.glob("*.py")}
    table = sources.pop("findings.py")
    used = table[table.index("def finding") :] + "".join(sources.values())
    for code in RULES:
        assert f'"{code}"' in used, code


def test_a_rule_knows_how_bad_it_is() -> None:
    assert finding("a.md", 3, "same-page", "x").severity is Severity.ERROR
    assert finding("a.md", 3, "no-tags", "x").severity is Severity.WARNING


def test_times_that_rise_and_end_before_the_end_are_right() -> None:
    assert list(check_times("a.md", topics(0, 60, 120), 120)) == []
    assert list(check_times("a.md", [], None)) == []


def test_each_time_that_falls_is_named_with_the_line_above_it() -> None:
    (found,) = check_times("a.md", topics(60, 30, 90), 100)
    assert (found.line, found.code) == (11, "time-falls")
    assert "0:30" in found.message
    assert "1:00 (line 10)" in found.message


@pytest.mark.parametrize("again", [0, 5])
def test_a_list_of_times_that_begins_again_is_right(again: int) -> None:
    assert list(check_times("a.md", topics(0, 600, 1200, again, 10, 20), None)) == []


@pytest.mark.parametrize(
    ("starts", "fallen"),
    [((600, 300, 330, 1200), [11]), ((600, 540, 480, 420), [11, 12, 13]), ((9, 9, 0, 5, 7), [12])],
)
def test_a_list_begins_again_only_below_times_that_rise(
    starts: tuple[int, ...], fallen: list[int]
) -> None:
    """One time that is too late is no list of its own."""
    found = check_times("a.md", topics(*starts), None)
    assert [each.line for each in found if each.code == "time-falls"] == fallen


def test_equal_times_are_named_once() -> None:
    (found,) = check_times("a.md", topics(60, 60, 90), 100)
    assert (found.line, found.code) == (11, "repeated-time")
    assert "line 10" in found.message


def test_in_a_transcript_much_may_be_said_in_one_second() -> None:
    spoken = [3 * (number // 2) for number in range(60)]
    assert list(check_times("a.md", topics(*spoken), None)) == []


def test_each_time_past_the_end_is_named_with_the_end() -> None:
    found = list(check_times("a.md", topics(60, 101, 102), 100))
    assert [(f.line, f.code) for f in found] == [(11, "time-past-end"), (12, "time-past-end")]
    assert "1:40" in found[0].message


def test_without_a_duration_no_time_is_past_it() -> None:
    assert list(check_times("a.md", topics(60, 99_999), None)) == []


@pytest.mark.parametrize(
    ("duration", "length", "codes"),
    [
        ("1:06:33", "64061022", []),
        ("062:30", "", []),
        ("3600", "", []),
        ("", "64061022", []),
        ("64061022", "1:06:33", ["swapped-duration"]),
        ("64061022", "", ["bad-duration"]),
        ("an hour", "", ["bad-duration"]),
        ("1:66", "", ["bad-duration"]),
        ("1:02:03:04", "1:06:33", ["bad-duration"]),
    ],
)
def test_a_duration_is_a_time(duration: str, length: str, codes: list[str]) -> None:
    assert [found.code for found in check_length("a.md", 7, duration, length)] == codes


@pytest.mark.parametrize(
    ("key", "address", "codes"),
    [
        ("guest_website", "https://a.example", []),
        ("guest_website", "a.example/blog", []),
        ("guest_website", "/about", []),
        ("guest_website", "", []),
        ("guest_website", "#", ["placeholder-url"]),
        ("guest_website", "TODO", ["placeholder-url"]),
        ("guest_website", "https://", ["placeholder-url"]),
        ("guest_website", "https://www.example.com/", ["placeholder-url"]),
        ("guest_website", "https://example.com.au/", []),
        ("guest_website", "javascript:alert(1)", ["bad-url"]),
        ("url", "JavaScript:alert(1)", ["bad-url"]),
        ("url", "\x01javascript:1", ["bad-url"]),
        ("url", "//evil.example", ["bad-url"]),
        ("url", "/\\evil.example", ["bad-url"]),
        ("url", "https:evil", ["bad-url"]),
        ("url", "https://user:pw@evil.example/", ["bad-url"]),
        ("url", "http://[::1", ["bad-url"]),
        ("url", "ftp://a.example", ["bad-url"]),
        ("title", "javascript: the good parts", []),
        ("curls", "#", []),
    ],
)
def test_addresses_lead_somewhere(key: str, address: str, codes: list[str]) -> None:
    found = list(check_urls("a.md", {key: address}, lambda _: 9))
    assert [(f.line, f.code) for f in found] == [(9, code) for code in codes]


def test_a_tag_that_is_repeated_names_the_line_it_was_first_on() -> None:
    found = list(check_tags("a.md", [("a", 5), ("b", 6), ("a", 7), ("a", 8)]))
    assert [(f.line, f.code) for f in found] == [(7, "repeated-tag"), (8, "repeated-tag")]
    assert all("line 5" in f.message for f in found)


def test_a_good_show_is_good() -> None:
    assert show() == []
    assert list(check_show([], {"python"})) == []


def test_what_one_episode_lacks_and_the_others_have_is_reported() -> None:
    assert show(facts(1, has_guest=False)) == [("1.md", 3, "no-guest")]
    assert show(facts(1, tags=())) == [("1.md", 4, "no-tags")]
    assert show(facts(1, has_topics=False)) == [("1.md", 2, "no-topics")]


def test_what_most_episodes_lack_is_the_way_of_the_show() -> None:
    alone = [facts(n, has_guest=False, tags=(), has_topics=False) for n in range(3)]
    assert show(*alone, good=3) == []
    assert show(facts(1, has_guest=False), good=0) == []


def test_what_cannot_be_heard_needs_no_topics() -> None:
    assert show(facts(1, has_audio=False, has_topics=False)) == []


def test_a_tag_without_a_page_is_reported_once_where_it_first_stands() -> None:
    tags = (("python", 5), ("pyhton", 6), ("pyhton", 7))
    assert show(facts(1, tags=tags)) == [("1.md", 6, "tag-without-page")]


def test_a_site_without_tag_pages_needs_none() -> None:
    assert list(check_show([facts(1, tags=(("anything", 5),))], ())) == []


def test_files_of_one_page_name_each_other() -> None:
    found = list(check_show([facts(1), facts(2, page="podcast/1"), facts(3)], {"python"}))
    assert [(f.path, f.code) for f in found] == [("1.md", "same-page"), ("2.md", "same-page")]
    assert "2.md" in found[0].message
    assert "1.md" in found[1].message


def test_a_withdrawn_page_is_in_nobodys_way() -> None:
    assert show(facts(1, page=None), facts(2, page=None)) == []


@pytest.mark.parametrize("text", [" " * 50_000, "a" * 50_000, ":" * 50_000, "x.com/" * 9_000])
def test_long_values_are_checked_in_no_time_and_quoted_in_short(text: str) -> None:
    found = [*check_urls("a.md", {"url": text}, lambda _: 1), *check_length("a.md", 1, text, text)]
    assert all(len(f.message) < 300 for f in found)
