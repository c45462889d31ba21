"""Text to HTML: escaped, marked, linked only where a link is safe, placed on a timeline."""

import re
from pathlib import Path

import pytest

from search.answer import EpisodeAnswer, Marked, MomentAnswer
from search.clock import format_clock
from search.marks import marked_html
from search.safe_links import safe_link
from web.timeline import ticks_of

WEB = Path(__file__).resolve().parent.parent / "web"


def moment(start: int, end: int | None) -> MomentAnswer:
    return MomentAnswer(start, end, format_clock(start), Marked("x"), "https://a/", None, 1.0)


def episode(duration: int | None, *ticks: MomentAnswer) -> EpisodeAnswer:
    return EpisodeAnswer(
        id="podcast/1",
        number=1,
        category=None,
        title=Marked("x"),
        description=Marked(""),
        url="https://a/",
        audio_url=None,
        date=None,
        duration=duration,
        guests=(),
        tags=(),
        score=1.0,
        found_moments=len(ticks),
        timeline=tuple(tick.start for tick in ticks),
        moments=ticks[:1],
        ticks=ticks,
    )


@pytest.mark.parametrize(
    ("text", "marks", "html"),
    [
        ("plain", (), "plain"),
        ("", (), ""),
        ("full text", ((5, 9),), "full <mark>text</mark>"),
        ("a<b>&\"'", (), "a&lt;b&gt;&amp;&#34;&#39;"),
        ("<script>", ((1, 7),), "&lt;<mark>script</mark>&gt;"),
        ("<mark>fake</mark>", (), "&lt;mark&gt;fake&lt;/mark&gt;"),
        ("&amp;", ((1, 4),), "&amp;<mark>amp</mark>;"),
        ("ab", ((0, 1), (1, 2)), "<mark>a</mark><mark>b</mark>"),
        ("ab", ((1, 9),), "a<mark>b</mark>"),
        ("ab", ((5, 9),), "ab"),
        ("{{7*7}} %s", (), "{{7*7}} %s"),
    ],
)
def test_marked_text_is_escaped_text_plus_mark(
    text: str, marks: tuple[tuple[int, int], ...], html: str
) -> None:
    assert marked_html(Marked(text, marks)) == html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:1",
        "java\nscript:1",
        "data:text/html,x",
        "vbscript:x",
        " javascript:1",
        "\x01javascript:1",
        "//evil.example/a.mp3",
        "https:evil",
        "https://user:pw@evil/",
        "\\\\evil\\x",
        "/\\evil",
        "/\t/evil",
        "file:///etc/passwd",
        "ftp://x",
        "",
        "podcast/1",
        None,
    ],
)
def test_an_address_that_leads_nowhere_good_is_no_link(url: str | None) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize(
    "url", ["https://a.example/x#1:02", "http://127.0.0.1:8000/a.mp3#t=3", "/podcast/1#1:02"]
)
def test_an_address_of_a_page_or_a_file_is_a_link(url: str) -> None:
    assert safe_link(url) == url


def test_a_tick_lies_where_its_moment_lies_in_the_episode() -> None:
    ticks = ticks_of(episode(1000, moment(0, 250), moment(250, 500), moment(999, 1000)))
    assert [tick.x for tick in ticks] == [0, 25, 99.9]
    assert [tick.width for tick in ticks] == [25, 25, 0.1]
    assert [tick.best for tick in ticks] == [True, False, False]


def test_ticks_close_together_share_the_room_between_them() -> None:
    left, right = ticks_of(episode(1000, moment(500, 504), moment(504, 600)))
    assert left.hit_x + left.hit_width == pytest.approx(right.hit_x)
    assert right.hit_x == pytest.approx(50.2)


def test_a_moment_past_the_end_stays_in_sight() -> None:
    (tick,) = ticks_of(episode(100, moment(150, 150)))
    assert (tick.x, tick.width) == (100, 0)


def test_an_episode_whose_length_nobody_tells_has_no_timeline() -> None:
    """As long as what matches, it would call every episode as short as that."""
    assert ticks_of(episode(None, moment(100, 200), moment(200, None))) == ()


def test_an_episode_without_matching_moments_has_no_timeline() -> None:
    assert ticks_of(episode(1000)) == ()


def test_only_marks_py_makes_markup_of_text() -> None:
    """`|safe` and Markup switch escaping off, so they live in one place that is tested."""
    for path in sorted(WEB.rglob("*.py")) + sorted(WEB.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if path.name != "marks.py":
            assert not re.search(r"\|\s*safe\b|\bMarkup\(|autoescape false", text), path
