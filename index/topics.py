"""Topic lines: which lines of a body are moments, their times, and what is wrong with them.

The forms were read from eleven podcasts' sites. A leading time:

    - 38:32 -- text          * **[30:54](#t=30:54)** text       27:30 - Automation
    - [@03:24] - text        [00:03:14] text                    #### [@36:20] - [Rust](...)

or, where no line of the file has one, a trailing time: `- [Topic](url) - *00:02:53*.`
A time is `(H:)M:SS`, not followed by another `:` or digit nor by `-`, `.` or `;` and a digit:
`1:11-20` is not `1:11`. A line that begins like a time and is none has a *malformed* time.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from index.liquid_text import Line
from search.clock import parse_clock

MAX_TEXT = 8_000
"""Characters of a topic's text as it is written; far beyond what anybody says of a moment."""

MAX_TOPICS = 3_000
"""Lines beyond are read as text; so many are one every five seconds of four hours."""

# All that may lead a time, and its first digit: most lines are none by the first letter.
_TIMED = re.compile(r"[\W_]{0,40}\d")
_LEAD = re.compile(
    r"[ \t]{0,12}(?P<marker>(?:[-*+\u2022]|#{1,6}|[0-9]{1,4}[.)])[ \t]{1,8})?"
    r"(?P<bold>\*\*|__|\*|_)?(?P<open>\\?[\[(])?(?:\*\*|\*)?@?"
)
_CLOCK = re.compile(r"(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}(?![0-9]|:(?![ \t])|[-.;][0-9])")
# Digits of any script, so that full-width ones are seen and reported instead of passed over.
_LIKE_CLOCK = re.compile(r"-?\d{1,4}(?:[:;.\-\uff1a]+\d{1,4}){1,8}[:;]?(?![\w:])")
_CLOSE = re.compile(
    r"(?:\*\*|\*)?(?:\\?[\])])?(?:\*\*|__|\*|_)?(?:\([^()\s]{0,300}\))?(?:\*\*|__|\*|_)?"
)
_DASH = re.compile(r"[ \t]{0,8}(?:--?|\u2013|\u2014|:|\|)(?=[ \t]|\Z)[ \t]{0,8}")
_HALF_OF_DAY = re.compile(r"[ap]\.?m\b", re.IGNORECASE)
_TRAILING = re.compile(
    r"[ \t]?(?:--?|\u2013|\u2014|\||[ \t])[ \t]?[*_(\[]{0,3}"
    r"(?P<clock>(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2})[*_)\]]{0,3}\.?\Z"
)
_LIST = re.compile(r"[ \t]{0,12}(?:[-*+]|[0-9]{1,4}[.)])[ \t]")
_ENDS_ITEM = re.compile(
    r"[ \t]*(?:[-*+][ \t]|#{1,6}[ \t]|>|\||```|~~~|[0-9]{1,4}[.)][ \t]|<[a-z/!])"
)
FENCE = re.compile(r"[ \t]{0,12}(?:```|~~~)")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class TopicLine:
    """From `start` (seconds) on, `text` is talked about; so says `line` of the file."""

    line: int
    start: int
    text: str


@dataclass(slots=True)
class RawTopic:
    """A topic line as written. `start` is None where the time is malformed; then `likely` is the
    reading that fits, if there is one. `text` may hold Markdown."""

    line: int
    clock: str
    start: int | None
    text: str
    listed: bool
    likely: int | None = None


@dataclass(frozen=True, slots=True)
class Topics:
    """`topics` in the order of the file, and `rest`, the lines that are none."""

    topics: tuple[RawTopic, ...]
    rest: tuple[Line, ...]


def find_topics(lines: Sequence[Line], duration: int | None) -> Topics:
    """Takes topic lines out of a body. Malformed times get the likely one where it fits."""
    code = _fenced(lines)
    found = _leading(lines, code)
    if not any(topic.start is not None for topic in found.topics):
        trailing = _trailing(lines, code)
        found = trailing or found
    _guess(found.topics, duration)
    return found


def _leading(lines: Sequence[Line], code: Set[int]) -> Topics:
    topics: list[RawTopic] = []
    rest: list[Line] = []
    open_topic: RawTopic | None = None
    for place, line in enumerate(lines):
        topic = None
        if _TIMED.match(line.text) and place not in code and len(topics) < MAX_TOPICS:
            topic = _topic(line, lines, place)
        if topic is not None:
            topics.append(topic)
            open_topic = topic
        elif open_topic is not None and _continues(line.text, open_topic):
            open_topic.text = f"{open_topic.text} {line.text.strip()}"
        else:
            open_topic = None
            rest.append(line)
    return Topics(tuple(topics), tuple(rest))


def _fenced(lines: Sequence[Line]) -> set[int]:
    """Places of lines in fenced code, fences included. A fence that is never closed is none."""
    fences = [n for n, line in enumerate(lines) if line.text and FENCE.match(line.text)]
    pairs = zip(fences[::2], fences[1::2], strict=False)
    return {place for begin, end in pairs for place in range(begin, end + 1)}


def _topic(line: Line, lines: Sequence[Line], place: int) -> RawTopic | None:
    text = line.text
    lead = _LEAD.match(text)
    if lead is None or not lead.end() < len(text):
        return None
    clock = _CLOCK.match(text, lead.end())
    if clock is None:
        return _malformed(line, lead, lines, place)
    after, dashed = _after(text, clock.end())
    words = text[after:].strip()
    marked = bool(lead["marker"] or lead["open"] or lead["bold"])
    if not (marked or dashed or _has_peers(lines, place)):
        return None
    if _HALF_OF_DAY.match(words) or (words[:1] == "," and not dashed):
        return None
    start = parse_clock(clock[0])
    return RawTopic(line.number, clock[0], start, words, _is_listed(lead))


def _is_listed(lead: re.Match[str]) -> bool:
    """Whether a line is an item of a list, and no heading."""
    return not (lead["marker"] or "#").startswith("#")


def _malformed(
    line: Line, lead: re.Match[str], lines: Sequence[Line], place: int
) -> RawTopic | None:
    text = line.text
    like = _LIKE_CLOCK.match(text, lead.end())
    if like is None:
        return None
    after, dashed = _after(text, like.end())
    colon = ":" in like[0] or "\uff1a" in like[0]
    marked = bool(lead["marker"] or lead["open"] or lead["bold"])
    words = text[after:].strip()
    if _HALF_OF_DAY.match(words) or not (marked or _has_peers(lines, place)):
        return None
    # `- 1.56 -- what is new` and `- 6-12 and 12-6` are not about time unless all else is.
    if not (dashed or lead["open"]) or not (colon or _has_peers(lines, place)):
        return None
    return RawTopic(line.number, like[0], None, words, _is_listed(lead))


def _after(text: str, end: int) -> tuple[int, bool]:
    """Where the words begin after a time that ends at `end`, and whether a dash parts them."""
    close = _CLOSE.match(text, end)
    end = close.end() if close else end
    dash = _DASH.match(text, end)
    return (dash.end(), True) if dash else (end, False)


def _has_peers(lines: Sequence[Line], place: int) -> bool:
    """Whether a line right before or after begins with a time as well."""
    for other in (place - 1, place + 1):
        if 0 <= other < len(lines):
            text = lines[other].text
            lead = _LEAD.match(text)
            if lead is not None and _CLOCK.match(text, lead.end()):
                return True
    return False


def _continues(text: str, topic: RawTopic) -> bool:
    if not text.strip() or _ENDS_ITEM.match(text) or len(topic.text) > MAX_TEXT:
        return False
    return topic.listed or text[:1] in (" ", "\t")


def _trailing(lines: Sequence[Line], code: Set[int]) -> Topics | None:
    topics: list[RawTopic] = []
    rest: list[Line] = []
    for place, line in enumerate(lines):
        text = line.text.rstrip()
        marker = None if place in code or len(topics) == MAX_TOPICS else _LIST.match(text)
        # Only the end is looked at: no pattern runs over a whole line.
        found = _TRAILING.search(text, max(marker.end(), len(text) - 24)) if marker else None
        if marker is None or found is None:
            rest.append(line)
            continue
        words = text[marker.end() : found.start()].strip()
        start = parse_clock(found["clock"])
        topics.append(RawTopic(line.number, found["clock"], start, words, listed=True))
    return Topics(tuple(topics), tuple(rest)) if len(topics) > 1 else None


def _guess(topics: Sequence[RawTopic], duration: int | None) -> None:
    """Gives each malformed time the reading that fits between its neighbours, if there is one."""
    following: list[int | None] = []
    upper = duration
    for topic in reversed(topics):
        following.append(upper)
        upper = upper if topic.start is None else topic.start
    following.reverse()
    before = -1
    for topic, above in zip(topics, following, strict=True):
        if topic.start is not None:
            before = topic.start
            continue
        if before < 0 and above is None:
            continue
        readings = _readings(topic.clock)
        fitting = (s for s in readings if before < s and (above is None or s < above))
        topic.likely = next(fitting, None)
        before = before if topic.likely is None else topic.likely


def _readings(clock: str) -> list[int]:
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
