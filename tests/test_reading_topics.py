"""Topic lines in all the forms that podcasts' sites write, and what only looks like one."""

import re

import pytest

from index.liquid_text import Line
from index.time_lines import RawTopic
from index.topics import find_topics


def lines(text: str) -> list[Line]:
    return [Line(line, number) for number, line in enumerate(text.split("\n"), start=1)]


def topics(text: str, duration: int | None = None) -> list[RawTopic]:
    return list(find_topics(lines(text), duration).topics)


FORMS = {
    "- 38:32 -- Full text search": (2312, "Full text search"),
    "* **[30:54](#t=30:54)** Full text search": (1854, "Full text search"),
    "27:30 - Automation": (1650, "Automation"),
    "- [@03:24] - Automation": (204, "Automation"),
    "[00:03:14] Automation": (194, "Automation"),
    "#### [@36:20] - [Rust 1.56](https://rust.example)": (
        2180,
        "[Rust 1.56](https://rust.example)",
    ),
    "- (12:04) Automation": (724, "Automation"),
    r"- \[12:04\] Automation": (724, "Automation"),
    "+ 12:04 – Automation": (724, "Automation"),
    "- 12:04 — Automation": (724, "Automation"),
    "- 12:04: Automation": (724, "Automation"),
    "- 12:04 | Automation": (724, "Automation"),
    "- **12:04** Automation": (724, "Automation"),
    "**12:04** - Automation": (724, "Automation"),
    "- 062:30 -- Automation": (3750, "Automation"),
    "- 1:02:03 -- Automation": (3723, "Automation"),
    "  - 12:04 -- Automation": (724, "Automation"),
    "1. 12:04 -- Automation": (724, "Automation"),
    "- 12:04 -- 9:30 is too early": (724, "9:30 is too early"),
    "- 12:04 --": (724, ""),
    "- 12:04 - 9:30 is too early": (724, "9:30 is too early"),
    "- 12:04. Automation": (724, "Automation"),
    "- 12:04–15:00 Automation": (724, "Automation"),
    "- 12:04-15:00: Automation": (724, "Automation"),
    "[12:04 - 15:00] Automation": (724, "Automation"),
    "- 12:04 to 15:00 -- Automation": (724, "Automation"),
    "- 0:12:04.2 Automation": (724, "Automation"),
    "- 00:12:04.500 Automation": (724, "Automation"),
    "> 12:04 - Automation": (724, "Automation"),
    "• 12:04 Automation": (724, "Automation"),
    "- ⏱ [12:04] Automation": (724, "Automation"),
    "12:04 → Automation": (724, "Automation"),
    "12:04—Automation": (724, "Automation"),
    "| 12:04 | Automation |": (724, "Automation"),
    "|12:04|Automation|": (724, "Automation"),
    "<li>12:04 Automation</li>": (724, "Automation</li>"),
    '<a href="#t=724">12:04</a> Automation': (724, "Automation"),
    "<li><strong>12:04</strong> Automation": (724, "Automation"),
    "- 12:04 Automation\\": (724, "Automation"),
    "- 12:04...Automation": (724, "Automation"),
    "- **[07] 12:04** Automation": (724, "Automation"),
    "- `12:04` Automation": (724, "Automation"),
    "- **[12:04 ~ 15:00]** Automation": (724, "Automation"),
    "- **12:04 – Automation**": (724, "Automation"),
    "- *12:04 Automation*": (724, "Automation"),
    "- 12:04 *Automation*": (724, "*Automation*"),
    "[12:04 Automation](https://a.example/?t=724)": (724, "[Automation](https://a.example/?t=724)"),
    "- [(12:04)](https://a.example/?t=724) Automation": (724, "Automation"),
    "- [[12:04]](https://a.example/?t=724) Automation": (724, "Automation"),
    "([12:04](https://a.example/?t=724)) Automation": (724, "Automation"),
    "| [12:04](https://a.example/?t=724) | Automation |": (724, "Automation"),
    "⌨️ [(0:12:04)](https://a.example/?t=724) Automation": (724, "Automation"),
    "・12:04 Automation": (724, "Automation"),
    "【12:04】Automation": (724, "Automation"),
    "（12:04） Automation": (724, "Automation"),
    "- 12:04〜Automation": (724, "Automation"),
}


@pytest.mark.parametrize("line", FORMS)
def test_a_leading_time_makes_a_topic(line: str) -> None:
    (topic,) = topics(line)
    assert (topic.start, topic.text, topic.line) == (*FORMS[line], 1)


FRIENDS = [
    "* 6-12 and 12-6",
    "93-94, when it began",
    "9:00 a.m., 10:00 a.m.",
    "- 9:00 a.m. is early",
    "[@carols10cents (Carol)](https://carol.example)",
    "Text with 12:04 inside",
    "- Text with 12:04 inside",
    "- 12 monkeys",
    "- 2020-12-24 was a Thursday",
    "- https://a.example:8080/ -- text",
    "- 9:00-17 is long",
    "Ada (12:04): said once",
    "The song (3:45) is short",
    "### One heading (12:04)",
    "<p>12 monkeys</p>",
    "12:04",
    "",
    "Ada Lovell 12:04",
    "Ada Lovell 12:04\nsaid once",
    "We met at 9:30\nand left at 10:15",
    "we met at 9:30\nand rang.\n\nthey came at 10:15\nand left.",
    "Doors: 19:00",
    "- John 3:16\n- Psalm 1:01\n- Luke 2:10",
    "- John 3:16\n- John 3:17\n- John 4:10",
    "Romans 8:28\nAnd so on.\n\nJohn 3:16\nAnd more.",
    "John 3:16 - 1:01",
    "“12:04 is early,” she said",
    "9:30 Doors open\nCome in.\n\n10:15 Ada sings\nSit down.",
    "9:30 AM\nDoors.\n\n10:15 PM\nAda sings.",
    "9:30 Doors\n\nCome in.",
    "12:04 Ada Lovell\nsaid once",
    "Ropes [00:12:04] and bells [00:13:00]",
    "- 1.10 Ropes\n- 1.20 Bells\n- 1.30 Iron",
    "- 0.10 Ropes\n- 0.20 Bells\n- 0.30 Iron",
    "- 0.10 Ropes\n- 6.20 Bells\n- 5.30 Iron",
    "- 0.10 Ropes\n- 6.20 Bells",
    "> So he said\n> — [12:04](https://a.example)",
]


@pytest.mark.parametrize("line", FRIENDS)
def test_what_only_looks_like_a_topic_is_text(line: str) -> None:
    found = find_topics(lines(line), None)
    assert found.topics == ()
    assert [rest.text for rest in found.rest] == line.split("\n")


MALFORMED = {
    "1:11-20": "1:11:20",
    "1:04.22": "1:04:22",
    "1:19;27": "1:19:27",
}


@pytest.mark.parametrize("written", MALFORMED)
def test_a_malformed_time_gets_the_reading_between_its_neighbours(written: str) -> None:
    text = f"- 1:03:00 -- a\n- {written} -- b\n- 1:20:00 -- c"
    before, topic, after = topics(text)
    assert (before.start, topic.start, after.start) == (3780, None, 4800)
    hours, minutes, seconds = map(int, MALFORMED[written].split(":"))
    assert topic.likely == hours * 3600 + minutes * 60 + seconds
    assert topic.text == "b"


def test_a_malformed_time_gets_no_reading_that_its_neighbours_forbid() -> None:
    topic = topics("- 0:30 -- a\n- 1:11-20 -- b\n- 20:00 -- c")[1]
    assert topic.likely != 4280


def test_the_last_malformed_time_must_fit_before_the_end() -> None:
    text = "- 1:03:00 -- a\n- 1:11-20 -- b"
    assert topics(text, duration=4400)[1].likely == 4280
    assert topics(text, duration=4000)[1].likely is None


def test_the_time_that_is_shown_wins_over_the_one_in_its_link() -> None:
    assert [topic.start for topic in topics("- [30:54](#t=31:00) text")] == [1854]


def test_indented_lines_go_on_with_a_topic_and_an_empty_one_ends_it() -> None:
    found = find_topics(lines("- 1:00 -- one\n  two\n  three\n\nfour"), None)
    assert [topic.text for topic in found.topics] == ["one two three"]
    assert [rest.text for rest in found.rest] == ["", "four"]


def test_a_list_below_a_topic_does_not_go_on_with_it() -> None:
    found = find_topics(lines("- 1:00 -- one\n  - two\n- 2:00 -- three"), None)
    assert [topic.text for topic in found.topics] == ["one", "three"]


@pytest.mark.parametrize(
    "text",
    [
        "- **00.30** Ropes\n- **01.00** Bells\n- **1.01.00** Iron",
        "- 0.30 - Ropes\n- 1.00 - Bells\n- 1.01.00 - Iron",
        "| 00.30 | Ropes |\n| 01.00 | Bells |\n| 61.00 | Iron |",
    ],
)
def test_times_may_have_dots_where_all_have(text: str) -> None:
    assert [(topic.start, topic.text) for topic in topics(text)] == [
        *((30, "Ropes"), (60, "Bells"), (3660, "Iron")),
    ]


def test_times_amid_what_is_said_are_moments_if_there_are_several() -> None:
    text = "**Ada:** So [00:01:00] it was. And [00:02:00] on.\n\n**Bo:** Yes, [00:03:00] no.\n\nNo."
    assert [(t.start, " ".join(t.text.split())) for t in topics(text)] == [
        *((60, "it was. And"), (120, "on. **Bo:** Yes,"), (180, "no.")),
    ]


def test_trailing_times_count_where_no_line_begins_with_one() -> None:
    text = "- [Topic](https://a.example) - *00:02:53*.\n- Another - *00:12:04*."
    assert [(topic.start, topic.text) for topic in topics(text)] == [
        (173, "[Topic](https://a.example)"),
        (724, "Another"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "### One (1:00)\n\n### Two [2:00]",
        "## One [[00:01:00](https://a.example/x?t=60)]\n\n## Two - [2:00](#t=120)",
        "| Topic | Time |\n|---|---|\n| One | 1:00 |\n| Two | 2:00 |",
        "### One `1:00`\n\n### Two – 2:00",
        "- One: 1:00\n- Two @2:00",
        "- One ..... 1:00\n- Two → 2:00",
        "One - 1:00\nTwo - 2:00",
        "One: 1:00\nTwo: 2:00",
        "One (1:00)\nTwo [2:00]",
        "One (1:00)\n\nTwo [2:00]",
        "One .... 1:00\nTwo .... 2:00",
        "- One (1:00 - 2:00)\n- Two (02:00–03:00)",
        "- One: 1:00-2:00\n- Two: *2:00 - 3:00*",
    ],
)
def test_lists_headings_tables_and_lines_that_are_alike_may_end_with_times(text: str) -> None:
    assert [(topic.start, topic.text) for topic in topics(text)] == [(60, "One"), (120, "Two")]


SPOKEN = [
    "**Ada** [00:01:00]: Hello\n\n**Bo** [00:02:00]: Thanks",
    "**Ada:** (1:00) Hello\n\n**Bo:** (2:00) Thanks",
    "Ada (1:00): Hello\n\nBo (2:00): Thanks",
    "Ada: [1:00] Hello\n\nBo: [2:00] Thanks",
    "Ada (1:00)\nHello\n\nBo (2:00)\nThanks",
    "[1:00] Ada: Hello\n\n[2:00] Bo: Thanks",
    "0:01:00.2 Ada: Hello\n\n0:02:00.4 Bo: Thanks",
    "[1:00]\nAda: Hello\n\n[2:00]\nBo: Thanks",
    "1:00\nAda: Hello\n\n2:00\nBo: Thanks",
    "1:00\n: Ada: Hello\n\n2:00\n: Bo: Thanks",
    "00:01:00.000 --> 00:01:30.000\nAda: Hello\n\n00:02:00.000 --> 00:02:30.000\nBo: Thanks",
    "1\n00:01:00,000 --> 00:01:30,000\nAda: Hello\n\n2\n00:02:00,000 --> 00:02:30,000\nBo: Thanks",
    "Ada 1:00\nHello\n\nBo 2:00\nThanks",
    "Ada 1:00\n\nHello\n\nBo 2:00\n\nThanks",
    "**Ada**  00:01:00\nHello\n\n**Bo**  00:02:00\nThanks",
    "1:00\n\nAda: Hello\n\n2:00\n\nBo: Thanks",
    "1:00 [Ada]\n\nHello\n\n2:00 [Bo]\n\nThanks",
    "1:00 [Ada]:\nHello\n\n2:00 [Bo]:\nThanks",
    "0:01:00 Ada\nHello\n\n0:02:00 Bo\nThanks",
]


@pytest.mark.parametrize("text", SPOKEN)
def test_a_transcript_says_when_who_said_what(text: str) -> None:
    found = [(topic.start, " ".join(topic.text.split())) for topic in topics(text)]
    assert found == [(60, "Ada: Hello"), (120, "Bo: Thanks")]


def test_names_in_a_script_without_capital_letters_are_names() -> None:
    found = topics("说话人 1 1:00\n你好。\n\n王小明 2:00\n谢谢。")
    assert [(t.start, t.text) for t in found] == [
        (60, "说话人 1:  你好。"),
        (120, "王小明:  谢谢。"),
    ]


PARTED = [
    "One of them:<br>1:00 One<br/>2:00 Two",
    "<p>Times:<br />1:00 - One<BR>2:00 - Two</p>",
    "<h3>Times</h3><p>1:00 - One</p><p>2:00 - Two</p>",
    "<ul><li>1:00 One</li><li>2:00 Two</li></ul>",
    "<p>1:00 One</p><p><b>2:00</b> Two</p>",
    "<table><tr><td>1:00</td><td>One</td></tr><tr><td>2:00</td><td>Two</td></tr></table>",
    "<tr>\n<td>1:00</td>\n<td>One</td>\n</tr>\n<tr>\n<td>2:00</td>\n<td>Two</td>\n</tr>",
    "<dl>\n<dt>1:00</dt>\n<dd>One</dd>\n<dt>2:00</dt>\n<dd>Two</dd>\n</dl>",
]


@pytest.mark.parametrize("text", PARTED)
def test_lines_are_those_that_html_shows(text: str) -> None:
    found = [(topic.start, re.sub("<[^<>]*>", "", topic.text).strip()) for topic in topics(text)]
    assert found == [(60, "One"), (120, "Two")]


def test_an_item_without_words_takes_none_of_the_paragraph_below() -> None:
    found = find_topics(lines("- 1:00 -- one\n- 2:00 --\n\nThe end."), None)
    assert [topic.text for topic in found.topics] == ["one", ""]


def test_a_time_that_stands_alone_has_the_list_below_it() -> None:
    text = "1:00\n\n* One\n```\ncode\n```\n* Too\n\n2:00\n\n* Two\n* More\n\nThe end."
    found = find_topics(lines(text), None)
    assert [topic.text.strip() for topic in found.topics] == ["One Too", "Two More"]
    rest = [rest.text for rest in found.rest if rest.text]
    assert rest == ["```", "code", "```", "The end."]


def test_a_time_with_a_name_alone_has_the_list_below_it() -> None:
    text = "1:00 Strings\n- Gut.\n- Silk.\n\n2:00 Wood\n- Yew.\n- Maple."
    found = [(topic.start, " ".join(topic.text.split())) for topic in topics(text)]
    assert found == [(60, "Strings: Gut. Silk."), (120, "Wood: Yew. Maple.")]


def test_a_paragraph_between_two_times_is_said_in_the_first() -> None:
    text = "[1:00] Ada: Hello.\n\nWe ring bells.\n\n- Bells\n\n[2:00] Bo: Thanks.\n\nThe end."
    found = find_topics(lines(text), None)
    assert [topic.text for topic in found.topics] == ["Ada: Hello. We ring bells.", "Bo: Thanks."]
    assert [rest.text for rest in found.rest if rest.text] == ["- Bells", "The end."]


def test_what_is_said_keeps_its_marks_but_for_the_first_of_a_line() -> None:
    text = "[1:00] Ada: Of\n\n**Bo:** Iron - or 2. tin * 3\n\n[2:00] Ada: Ropes"
    assert topics(text)[0].text == "Ada: Of **Bo:** Iron - or 2. tin * 3"


def test_a_heading_with_a_time_has_the_text_below_it_but_not_that_of_another_heading() -> None:
    text = "## 1:00 Ropes\n\nLong ropes.\n\n## Thanks\n\nTo all.\n\n## 2:00 Bells"
    found = find_topics(lines(text), None)
    assert [topic.text for topic in found.topics] == ["Ropes Long ropes.", "Bells"]
    assert [rest.text for rest in found.rest if rest.text] == ["## Thanks", "To all."]


def test_quotations_below_a_heading_with_a_time_are_said_then() -> None:
    text = "## **[1:00] Ropes**\n\n**Ada**\n\n> Of rope.\n> > And iron.\n\n## 2:00 Bells"
    assert topics(text)[0].text == "Ropes **Ada** Of rope. And iron."


def test_all_below_a_heading_with_a_time_is_said_then_up_to_one_that_is_no_lower() -> None:
    text = (
        "### Bells [1:00] {#bells-1-00}\n\n- Big ones\n  of iron\n\n#### How\n\nThey ring.\n\n"
        "### Ropes [2:00] {#ropes}\n\n- [Hemp](https://a.example)\n\n## Links\n\n- One"
    )
    found = find_topics(lines(text), None)
    assert [(topic.start, topic.text) for topic in found.topics] == [
        (60, "Bells Big ones of iron How They ring."),
        (120, "Ropes [Hemp](https://a.example)"),
    ]
    assert [rest.text for rest in found.rest if rest.text] == ["## Links", "- One"]


@pytest.mark.parametrize("time", ["[{}](https://a.example)", "*{} - 9:00*", "**{}**", "{}"])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_time_right_below_a_heading_is_that_of_the_heading(time: str, between: str) -> None:
    one, two = time.format("1:00"), time.format("2:00")
    text = f"# A\n\n## One{between}{one}\n\nSaid.\n\n- Too\n\n## Two{between}{two}\n\nMore.\n\n## Z"
    found = find_topics(lines(text), None)
    assert [(t.start, t.text) for t in found.topics] == [(60, "One Said. Too"), (120, "Two More.")]
    assert [rest.text for rest in found.rest if rest.text] == ["# A", "## Z"]


def test_a_time_right_below_a_lower_heading_takes_no_other_heading() -> None:
    text = "# A\n\n## One\n1:00\n\nSaid.\n\n### Two\n2:00\n\nMore."
    found = find_topics(lines(text), None)
    assert [(t.start, t.text) for t in found.topics] == [(60, "One Said."), (120, "Two More.")]
    assert [rest.text for rest in found.rest if rest.text] == ["# A"]


def test_a_heading_above_the_first_time_of_many_is_not_of_that_time() -> None:
    text = "## Show notes\n\n1:00\n\n* One\n\n2:00\n\n* Two"
    assert [topic.text.strip() for topic in topics(text)] == ["One", "Two"]


def test_what_stands_between_two_items_of_a_list_is_said_in_neither() -> None:
    found = find_topics(lines("- 1:00 -- one\n\nA word.\n\n- 2:00 -- two"), None)
    assert [topic.text for topic in found.topics] == ["one", "two"]


def test_a_trailing_time_is_text_where_lines_begin_with_times() -> None:
    (one, two) = topics("- 1:00 -- wake at 7:30\n- 2:00 -- sleep at 22:00")
    assert (one.text, two.text) == ("wake at 7:30", "sleep at 22:00")


def test_times_inside_a_code_fence_are_code() -> None:
    assert topics("```\n- 1:00 -- one\n```\n- 2:00 -- two")[0].start == 120


HARD = {
    "times on one line": "00:00 " * 50_000,
    "spaces before a mark": " " * 50_000 + "- 1:00 -- a",
    "brackets": "((((" * 25_000,
    "square brackets": "- [" + "[" * 50_000,
    "parts of a time": "- " + "1:" * 50_000,
    "digits": "- " + "1" * 100_000,
    "stars": "- " + "*" * 100_000,
    "dashes": "- 1:00 " + "-" * 100_000,
    "hashes": "#" * 100_000,
    "unbalanced marks": "- [00:01](#t=1) **x" * 5_000,
    "a link without an end": "- [1:00](" + "x" * 100_000,
    "tags": "<a " * 30_000,
    "closed tags": "<a>" * 30_000 + "1:00",
    "symbols": "→ " * 50_000,
    "bars": "|" * 100_000,
    "a name without an end": "A b" * 30_000,
    "names": "Ada (1:00\n" * 5_000,
    "ranges": "- " + "1:00-" * 30_000,
    "paragraphs between times": "[1:00] a\n\nb\n\n" * 4_000,
    "breaks": "<br>1:00 " * 20_000,
    "breaks without times": "<br>1" * 30_000,
    "cells": "<td>1:00</td>\n<td>" * 5_000,
    "names above": "Ada 1:00\nb\n" * 5_000,
    "times alone": "1:00\n\n" * 10_000,
    "times behind": "a - 1:00\n" * 10_000,
    "times below headings": "# A\n1:00\n" * 9_000,
    "times amid": "a [00:01:00] b" * 20_000,
    "times above names": "1:00 [A]\n\n" * 10_000,
    "times with dots": "- 1.00 a\n" * 10_000,
    "numbers above times below headings": "1\n" * 100_000 + "# A\n1:00\n" * 2_000,
    "a fence without an end": "```\n" + "- 1:00 -- a\n" * 8_000,
}


@pytest.mark.parametrize("what", HARD)
def test_hard_lines_take_time_in_proportion_to_their_length(what: str) -> None:
    # Not a test of speed: with a pattern that is not linear this does not end.
    assert len(topics(HARD[what])) <= 8_000
