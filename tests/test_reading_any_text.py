"""Whatever bytes an episode holds, reading it ends well: an episode or the reason why not."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.episode_file import read_file
from index.file_reading import FileReading
from index.findings import Finding
from index.site import Site
from index.site_loading import load_site
from search.settings import SiteSettings
from tests.small_site import EPISODE, NAME, write_site

PIECES = st.sampled_from(
    [
        *"-+=*_`#[](){}<>!|:.,;&\\\"'~@% \n\t\r\0",
        "---\n",
        "+++\n",
        "title: ",
        "tags:\n  - ",
        "guest:",
    ]
    + [
        "{{ page.guest }}",
        "{%",
        "%}",
        "{{",
        "}}",
        "{% raw %}",
        "{% if ",
        "{% endraw %}",
        "| upcase",
    ]
    + ["- 1:00 -- ", "- 1:11-20 -- ", "99:99", "1:02:03", "[x](", "<a href=", "<script>", "<!--"]
    + [
        "## ",
        "```\n",
        "&amp;",
        "&x",
        "*x",
        "!!python/object:x",
        "\ufeff",
        "\ue000",
        "\ud7ff",
        "é",
        "１",
    ]
    + ["true", "null", "2024-02-30", "word", "\n\n", "mp3_duration: ", "https://a.example/"]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root: Path = write_site(tmp_path_factory.mktemp("site"), {NAME: EPISODE})
    return load_site(root, SiteSettings())[0]


def must_be_well(reading: FileReading, raw: bytes) -> None:
    count = raw.count(b"\n") + raw.count(b"\r") + 1
    for finding in reading.findings:
        assert isinstance(finding, Finding)
        assert 1 <= finding.line <= count
        assert finding.path == NAME
    if reading.episode is None:
        return
    episode = reading.episode
    texts = [episode.title, episode.description, *episode.guests, *episode.paragraphs]
    for text in [*texts, *episode.links, *(moment.text for moment in episode.moments)]:
        assert text == " ".join(text.split())
        assert not any(0xE000 <= ord(char) <= 0xF8FF or ord(char) < 32 for char in text)
    starts = [moment.start for moment in episode.moments]
    assert starts == sorted(starts)
    for moment in episode.moments:
        assert moment.end is None or moment.end >= moment.start >= 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_any_body_is_read(site: Site, text: str) -> None:
    raw = EPISODE.replace("## Topics", f"{text}\n\n## Topics").encode("utf-8", "replace")
    must_be_well(read_file(raw, NAME, site), raw)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_any_front_matter_is_read_or_refused(site: Site, text: str) -> None:
    raw = EPISODE.replace("guest: ", f"{text}\nguest: ").encode("utf-8", "replace")
    must_be_well(read_file(raw, NAME, site), raw)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_any_text_at_all_is_read_or_refused(site: Site, text: str) -> None:
    raw = text.encode("utf-8", "replace")
    must_be_well(read_file(raw, NAME, site), raw)


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(site: Site, raw: bytes) -> None:
    must_be_well(read_file(raw, NAME, site), raw)


HARD = {
    "Liquid openers": "{{ " * 30_000,
    "Liquid tags": "{% " * 30_000,
    "raw openers": "{% raw %}" * 10_000,
    "ranges": "{{ (1.." * 10_000 + "}}",
    "a loop": "{% for a in (1..1000000) %}{% for b in (1..1000000) %}x{% endfor %}{% endfor %}",
    "an inclusion": '{% include "/etc/passwd" %}{% render "/etc/passwd" %}',
    "brackets": "[" * 50_000,
    "closing brackets": "]" * 50_000,
    "parentheses": "(" * 50_000,
    "stars": "*a " * 30_000,
    "backticks": "`" * 20_000 + " a " + "`" * 19_999,
    "tags": "<a" * 40_000,
    "comments": "<!--" * 25_000,
    "entities": "&#" * 40_000,
    "quotes": "> " * 20_000,
    "lists": "\n".join("  " * depth + "- a" for depth in range(60)),
    "backslashes": "\\" * 100_000,
    "links": "[a](" * 25_000,
    "a word without an end": "a" * 100_000,
    "a line without an end": "word " * 100_000,
    "a table": "|a" * 40_000 + "\n" + "|-" * 40_000,
    "lines": "a\n" * 50_000,
    "paragraphs": "a\n\n" * 5_000,
    "topics": "".join(f"- {n // 60}:{n % 60:02} -- topic {n}\n" for n in range(10_000)),
    "lines that go on": "- 1:00 -- a\n" + "  and on\n" * 50_000,
    "underlines": "a\n" + "=" * 100_000,
    "underlined lines": "a\n=\n" * 25_000,
    "empty lines": "\n" * 100_000,
    "paragraphs of a letter": "a\n\n" * 33_000,
    "quoted paragraphs": "> a\n\n" * 20_000,
    "paragraphs of open brackets": ("[a " * 399 + "\n\n") * 80,
    "paragraphs of open images": ("![a " * 133 + "\n\n") * 180,
    "paragraphs of emphasis": "*a **b* c** _d_ __e__\n\n" * 4_000,
    "paragraphs of links": "[a](b) [c][d] ![e](f)\n\n" * 4_000,
    "headings": "# a *b*\n\n" * 10_000,
    "nested lists": ("".join("    " * n + "1. a\n" for n in range(10)) + "\n") * 400,
    "quotes in lists": "- > a\n\n" * 14_000,
    "markers on a line": "> - " * 25_000,
    "variables": "{{ a }}" * 14_000,
    "malformed times": "1:60\n" * 20_000,
    "a time after a time": "00:00 " * 16_000,
    "addresses without an end": "http://" * 50_000 + "(/" * 50_000,
    "recordings": "(/a.mp3 " * 20_000,
}


def hard_copies(what: str) -> list[bytes]:
    """The good episode with a hard text in its body, in a topic and in its front matter."""
    text = HARD[what]
    one_line = text.replace("\n", " ")
    name = one_line.replace("\\", "/").replace('"', "'")
    copies = (
        EPISODE.replace("## Topics", f"{text}\n\n## Topics"),
        EPISODE.replace("Full text search", one_line),
        EPISODE.replace("Ada Lovell", name),
    )
    return [copy.encode() for copy in copies]


@pytest.mark.parametrize("what", HARD)
@pytest.mark.parametrize("place", ["body", "topic", "guest"])
def test_hard_text_takes_time_in_proportion_to_its_length(
    site: Site, what: str, place: str
) -> None:
    # Not a test of speed: with a pattern that is not linear this does not end.
    raw = hard_copies(what)[("body", "topic", "guest").index(place)]
    reading = read_file(raw, NAME, site)
    must_be_well(reading, raw)
    if reading.episode is not None:
        texts = [*reading.episode.paragraphs, *(moment.text for moment in reading.episode.moments)]
        assert not any("root:" in text for text in texts)


@pytest.mark.parametrize("payload", ["{{7*7}}", "{{config}}", "${7*7}", "#{7*7}", "{{ self }}"])
def test_nothing_that_looks_like_a_template_is_reckoned(site: Site, payload: str) -> None:
    raw = EPISODE.replace("Full text search", payload).encode()
    episode = read_file(raw, NAME, site).episode
    assert episode is not None
    assert not any("49" in moment.text for moment in episode.moments)
