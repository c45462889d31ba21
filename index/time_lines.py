"""Lines that say when something is talked about: how they are written, and how a time may be meant.

The forms were read from eleven podcasts' sites and from what transcripts look like. A leading time:

    - 38:32 -- text          * **[30:54](#t=30:54)** text       27:30 - Automation
    - [@03:24] - text        [00:03:14] text                    #### [@36:20] - [Rust](...)
    12:34–15:00 text         00:12:34.500 text                  | 12:34 | text |
    <li>12:34 text</li>      ⏱ 12:34 → text                     [12:34 text](https://...)

(Times behind words: `index.times_behind`.)
A time is `(H:)M:SS`, not followed by another `:` or digit nor by `-`, `.` or `;` and a digit, but
for thousandths and the time that ends a range: `1:11-20` is not `1:11`. A line that begins like a
time and is none has a *malformed* time.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.liquid_text import Line
from search.clock import parse_clock

# All that may lead a time, and its first digit: most lines are none by the first letter.
_TIMED = re.compile(r"(?:[\W_]|</?[a-zA-Z][^<>\n]{0,300}>){0,40}\d")
_TAGS = r"(?:</?[a-zA-Z][^<>\n]{0,300}>[ \t]{0,8}){0,4}"
# Of lists, quotes, headings, tables, and whatever symbols people put there.
_MARK = (
    r"(?:[-*+>]|#{1,6}|[0-9]{1,4}[.)]|[^\w\s\x00-\x7f]{1,4})[ \t]{1,8}|[|・•■□●○◆◇▶►★☆※][ \t]{0,8}"
)
BRACKET = r"(?P<open>\\?[\[(【（]){0,2}(?:\*\*|\*)?@?"
_LEAD = re.compile(
    rf"[ \t]{{0,12}}(?P<tags>{_TAGS})(?P<mark>(?:{_MARK}){{0,3}})(?P<bold>\*\*|__|\*|_|`)?"
    rf"(?:\[[0-9]{{1,3}}\][ \t]{{1,3}})?{BRACKET}"
)
CLOCK = re.compile(
    r"[0-9]{1,3}:[0-9]{1,3}:[0-9]{2}(?=[.,][0-9]{1,3}(?![0-9]))"
    r"|(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}"
    r"(?![0-9]|:(?![ \t])|[.;](?![0-9]{3}(?![0-9]))[0-9]|-(?![0-9]{1,3}:[0-9]{2})[0-9])"
)
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-5][0-9]){1,2}(?![\w.:])")
# Of a second: `1:04.22` is rather 1:04:22, `0:01:04.2` is not.
_PARTS = {2: re.compile(r"[.,][0-9]{1,3}(?![0-9])"), 1: re.compile(r"[.,][0-9]{3}(?![0-9])")}
_TO = re.compile(r"[ \t]{0,2}(?:-->|[-~\u2013\u2014]|to\b)[ \t]{0,2}(?=[0-9])")
# Digits of any script, so that full-width ones are seen and reported instead of passed over.
_LIKE_CLOCK = re.compile(r"-?\d{1,4}(?:[:;.\-\uff1a]+\d{1,4}){1,8}[:;]?(?![\w:])")
_CLOSE = re.compile(
    r"(?:\*\*|\*)?(?:\\?[\])】）]){0,2}(?:\*\*|__|\*|_|`)?(?:\([^()\s]{0,300}\)[\])]?)?"
    r"(?:\*\*|__|\*|_)?"
    rf"(?:[ \t]{{0,8}}{_TAGS})"
)
_DASH = re.compile(
    r"[ \t]{0,8}(?:(?:--?|[-=]?>|~|:|[^\w\s\x00-\x7f]{1,3})(?=[ \t]|\Z)"
    r"|[|\u2013\u2014\u301c\uff5e])[ \t]{0,8}"
)
HALF_OF_DAY = re.compile(r"[ap]\.?m\b", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")


@dataclass(slots=True)
class RawTopic:
    """A topic line as written. `start` is None where the time is malformed; then `likely` is the
    reading that fits, if there is one. `text` may hold Markdown. `listed`: in a list or table,
    `heading`: the level of the heading it is in, `speaker`: it begins with who speaks."""

    line: int
    clock: str
    start: int | None
    text: str
    listed: bool = False
    heading: int = 0
    speaker: bool = False
    likely: int | None = None


def leading(lines: Sequence[Line], place: int) -> RawTopic | None:
    """The topic of a line that begins with a time, or with something like one."""
    text = lines[place].text
    if not _TIMED.match(text):
        return None
    lead = _LEAD.match(text)
    if lead is None or not lead.end() < len(text):
        return None
    marked = bool(lead["mark"] or lead["open"] or lead["bold"] or lead["tags"])
    clock = CLOCK.match(text, lead.end())
    if clock is None:
        return _malformed(lines, place, lead, marked)
    after, dashed = behind(text, clock)
    words = _words(text, after, lead["mark"])
    if lead["open"] == "[" and "](" in words and "]" not in text[clock.end() : after]:
        # The link goes on: `[12:34 text](...)`.
        words = f"[{words}"
    if lead["bold"] and words.endswith(lead["bold"]) and words.count(lead["bold"]) % 2:
        words = words.removesuffix(lead["bold"])
    if not words and ">" in lead["mark"]:
        # Where a quotation was said.
        return None
    if not (
        marked or dashed or _has_peers(lines, place) or (not words and _is_first(lines, place))
    ):
        return None
    if HALF_OF_DAY.match(words) or (words[:1] == "," and not dashed):
        return None
    return topic_of(lines[place], clock[0], parse_clock(clock[0]), words, lead["mark"])


def readings(clock: str) -> list[int]:
    """The times that a malformed one may have been meant as, likeliest first."""
    groups = _DIGITS.findall("".join(str(int(c)) if c.isdigit() else c for c in clock))
    digits = "".join(groups)
    written = [":".join(group.rjust(2, "0") for group in groups)]
    if 3 <= len(digits) <= 6:
        head, seconds = digits[:-2], digits[-2:]
        written.append(
            f"{head[:-2]}:{head[-2:]}:{seconds}" if len(head) > 2 else f"{head}:{seconds}"
        )
    times = (parse_clock(text) for text in written)
    return [seconds for seconds in times if seconds is not None]


def with_colons(line: Line) -> Line:
    """A line that begins with a time written with dots, as in `- 12.34 Ropes`, with colons."""
    lead = _LEAD.match(line.text)
    dotted = _DOTTED.match(line.text, lead.end()) if lead else None
    clock = dotted[0].replace(".", ":") if dotted else ""
    return Line(line.text.replace(dotted[0], clock, 1), line.number) if dotted else line


def topic_of(line: Line, clock: str, start: int | None, words: str, mark: str) -> RawTopic:
    level = mark.count("#")
    return RawTopic(line.number, clock, start, words, bool(mark) and not level, level)


def _malformed(
    lines: Sequence[Line], place: int, lead: re.Match[str], marked: bool
) -> RawTopic | None:
    text = lines[place].text
    like = _LIKE_CLOCK.match(text, lead.end())
    if like is None:
        return None
    after, dashed = _after(text, like.end())
    colon = ":" in like[0] or "\uff1a" in like[0]
    words = _words(text, after, lead["mark"])
    if HALF_OF_DAY.match(words) or not (marked or _has_peers(lines, place)):
        return None
    # `- 1.56 -- what is new` and `- 6-12 and 12-6` are not about time unless all else is.
    if not (dashed or lead["open"]) or not (colon or _has_peers(lines, place)):
        return None
    return topic_of(lines[place], like[0], None, words, lead["mark"])


def behind(text: str, clock: re.Match[str]) -> tuple[int, bool]:
    """Where the words begin after a time, its thousandths and the time that it lasts until."""
    end = _exact(text, clock)
    arrow = False
    to = _TO.match(text, end)
    until = CLOCK.match(text, to.end()) if to else None
    # `12:04 - 9:30 is too early` is no range.
    if until and (parse_clock(until[0]) or 0) > (parse_clock(clock[0]) or 0):
        end, arrow = _exact(text, until), "-->" in text[end : until.start()]
    end, dashed = _after(text, end)
    return end, dashed or arrow


def _exact(text: str, clock: re.Match[str]) -> int:
    """Where a time ends, parts of a second included."""
    parts = _PARTS[clock[0].count(":")].match(text, clock.end())
    return parts.end() if parts else clock.end()


def beside(lines: Sequence[Line], place: int, steps: tuple[int, ...] = (-1, 1)) -> Iterator[str]:
    """The lines right before and after one, or those in other `steps`; one blank line aside."""
    for step in steps:
        other = place + step
        if 0 <= other < len(lines) and not lines[other].text.strip():
            other += step
        if 0 <= other < len(lines):
            yield lines[other].text


def _after(text: str, end: int) -> tuple[int, bool]:
    """Where the words begin after a time that ends at `end`, and whether a dash parts them."""
    close = _CLOSE.match(text, end)
    end = close.end() if close else end
    dash = _DASH.match(text, end)
    return (dash.end(), True) if dash else (end, False)


def _words(text: str, after: int, mark: str) -> str:
    words = (
        text[after:].strip().removeprefix(". ").removeprefix("...").removeprefix("\u2026").strip()
    )
    # What breaks a line, and what ends a row of a table.
    return words.removesuffix("\\").rstrip(" \t|" if "|" in mark else None)


def _has_peers(lines: Sequence[Line], place: int) -> bool:
    """Whether the line before or after begins with a time as well."""
    leads = ((text, _LEAD.match(text)) for text in beside(lines, place))
    return any(lead and CLOCK.match(text, lead.end()) for text, lead in leads)


def _is_first(lines: Sequence[Line], place: int) -> bool:
    """Whether a line stands at the head of a paragraph that goes on, or right below a heading."""
    before = lines[place - 1].text if place else ""
    after = lines[place + 1].text if place + 1 < len(lines) else ""
    return before.startswith("#") or (not before.strip() and bool(after.strip()))
