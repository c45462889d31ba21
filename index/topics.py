"""Topics: which lines of a body are moments, what they say, and what is wrong with their times.

How such lines are written stands in `index.time_lines` and `index.times_behind`. Lines count that
begin with a time or, in a transcript, with who speaks; where there is none, those that end with a
time.
"""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from index.liquid_text import Line
from index.time_lines import RawTopic, leading, readings, with_colons
from index.times_behind import spoken, trailing

MAX_TEXT = 8_000
"""Characters of a topic's text as it is written; far beyond what anybody says of a moment."""

_MAX_TOPICS = 3_000
"""Lines beyond are read as text; so many are one every five seconds of four hours."""

_ENDS_ITEM = re.compile(
    r"[ \t]*(?:[-*+][ \t]|#{1,6}[ \t]|>|\||```|~~~|[0-9]{1,4}[.)][ \t]|<[a-z/!])"
)
# Of HTML: what ends a line of the page.
_BREAK = re.compile(
    r"(?:<br[ \t]{0,3}/?>|</(?:li|p|tr|dd|div|h[1-6]|ul|ol)>)[ \t]{0,8}", re.IGNORECASE
)
_TIMED_BREAK = re.compile(
    _BREAK.pattern + r"(?:<[a-z][^<>\n]{0,300}>[ \t]{0,8}){0,4}[^\w<>]{0,8}[0-9]{1,3}:[0-9]",
    re.IGNORECASE,
)
# In what is said: `And so [00:12:00] they rang.`
_AMID = re.compile(r"(?<![:*_\s])[ \t](?=\[[0-9]{1,2}:[0-9]{2}:[0-9]{2}\][ \t])")
_CELL = re.compile(r"[ \t]*<(?:td|th|dd|span|strong|em|b|i|a)\b", re.IGNORECASE)
_ALONE = re.compile(r"[ \t]*(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}[ \t]*\Z")
_DIGIT = re.compile(r"\d")
_HEADING = re.compile(r"#{1,6}[ \t]")
_MARK = re.compile(r"\A(?:(?:[-*+>]|#{1,6}|[0-9]{1,4}[.)])[ \t]+){1,4}")
_FENCE = re.compile(r"[ \t]{0,12}(?:```|~~~)")

_Read = Callable[[Sequence[Line], int], RawTopic | None]


@dataclass(frozen=True, slots=True)
class TopicLine:
    """From `start` (seconds) on, `text` is talked about; so says `line` of the file."""

    line: int
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Topics:
    """`topics` in the order of the file, and `rest`, the lines that are none."""

    topics: tuple[RawTopic, ...]
    rest: tuple[Line, ...]


def find_topics(lines: Sequence[Line], duration: int | None) -> Topics:
    """Takes topic lines out of a body. Malformed times get the likely one where it fits."""
    timed = _timed(lines)
    if not timed:
        return Topics((), tuple(lines))
    shown = _as_shown(lines, timed)
    lines, timed = (lines, timed) if shown is lines else (shown, _timed(shown))
    timed -= _fenced(lines)
    found = _read(lines, timed, lambda lines, at: spoken(lines, at) or leading(lines, at))
    # A single line that seems to say who speaks, or that ends with a time, is a sentence; several
    # whose times fall as often as not, or that say the same, are verses, such as `John 3:16`.
    speakers = [topic for topic in found.topics if topic.speaker]
    if len(speakers) == 1 or not _rise(speakers):
        found = _read(lines, timed, leading)
    if not any(topic.start is not None for topic in found.topics):
        others = _read(lines, timed, trailing)
        said = {topic.text for topic in others.topics}
        found = others if 2 * len(said) > len(others.topics) > 1 and _rise(others.topics) else found
    if not found.topics:
        others = _read([with_colons(line) for line in lines], timed, leading)
        starts = [topic.start or 0 for topic in others.topics]
        # Versions, prices and numbers of sections do hardly rise from the first minute on.
        rise = len(starts) > 2 and starts == sorted(set(starts))
        found = others if rise and starts[0] < 60 and starts[-1] >= 300 else found
    _guess(found.topics, duration)
    return found


def _read(lines: Sequence[Line], timed: Set[int], read: _Read) -> Topics:
    topics: list[RawTopic] = []
    rest: list[Line] = []
    open_topic: RawTopic | None = None
    since = 0
    headed = {n for n in timed if _is_below_heading(lines, n) and leading(lines, n)}
    for place, line in enumerate(lines):
        may_be = place in timed and len(topics) < _MAX_TOPICS
        topic = read(lines, place) if may_be else None
        if topic is not None:
            between = rest[since:]
            # A time below a heading has its words, where another time stands so, too.
            if place in headed and len(headed) > 1 and not (topic.text or topic.listed):
                _take_heading(between, topic)
            rest[since:] = _said(between, topics[-1:], topic)
            topics.append(topic)
            open_topic, since = topic, len(rest)
        elif open_topic is not None and _continues(line.text, open_topic):
            # `: ` is what a definition begins with.
            more = line.text.strip() if open_topic.text else line.text.strip().removeprefix(": ")
            open_topic.text = f"{open_topic.text} {more}"
        else:
            # A time that stands alone is that of the paragraph below it.
            waits = open_topic and not (open_topic.listed or open_topic.text or line.text.strip())
            open_topic = open_topic if waits else None
            rest.append(line)
    rest[since:] = _said(rest[since:], topics[-1:], None)
    return Topics(tuple(topics), tuple(rest))


def _is_below_heading(lines: Sequence[Line], place: int) -> bool:
    above = place - (2 if place > 1 and not lines[place - 1].text else 1)
    return above >= 0 and lines[above].text.startswith("#")


def _take_heading(above: list[Line], topic: RawTopic) -> None:
    """Gives a time that stands by itself the heading that the lines above it end with."""
    while len(above) > 1 and not above[-1].text.strip():
        above.pop()
    heading = _HEADING.match(above[-1].text) if above else None
    if heading:
        topic.heading, topic.text = heading[0].count("#"), above.pop().text[heading.end() :].strip()


def _said(
    lines: Sequence[Line], before: Sequence[RawTopic], following: RawTopic | None
) -> Sequence[Line]:
    """Gives the topic before some lines, if there is one, those that belong to it, and returns the
    others: all below a heading, up to one that is no lower; else the paragraphs between two topics
    that are in no list, up to a heading: so transcripts are written. The last time of a transcript
    has one paragraph if nothing stands beside it."""
    for topic in before:
        if topic.heading:
            return _taken(lines, topic)
        if following and not topic.listed and not following.listed:
            return _taken(lines, topic)
        if not topic.listed and (not topic.text or topic.text.endswith(": ")):
            blank = (n for n, line in enumerate(lines) if n and not line.text.strip())
            end = next(blank, len(lines))
            return [*_taken(lines[:end], topic), *lines[end:]]
    return lines


def _taken(lines: Sequence[Line], topic: RawTopic) -> list[Line]:
    rest: list[Line] = []
    in_item = in_code = False
    # A time that stands alone, or with a name, has the list below it, too.
    whole = bool(topic.heading) or not topic.text or topic.text.endswith(": ")
    for place, line in enumerate(lines):
        heading = _HEADING.match(line.text)
        if heading and heading[0].count("#") <= (topic.heading or 6):
            return [*rest, *lines[place:]]
        item = _ENDS_ITEM.match(line.text)
        in_item = bool(line.text.strip()) and (in_item or bool(item)) and not whole
        fence = _FENCE.match(line.text) is not None
        in_code ^= fence
        if in_item or in_code or fence or not line.text.strip() or len(topic.text) > MAX_TEXT:
            rest.append(line)
        else:
            topic.text = f"{topic.text} {_MARK.sub('', line.text.strip())}"
    return rest


def _rise(topics: Sequence[RawTopic]) -> bool:
    """Whether times rise, but for a few."""
    starts = [topic.start for topic in topics if topic.start is not None]
    return 4 * sum(after < before for before, after in pairwise(starts)) <= len(starts)


def _timed(lines: Sequence[Line]) -> set[int]:
    """Places of lines with a digit. Most have none, and most bodies many of them."""
    return {place for place, line in enumerate(lines) if _DIGIT.search(line.text)}


def _as_shown(lines: Sequence[Line], timed: Set[int]) -> Sequence[Line]:
    """Lines as the page shows them: parted where HTML has several times on one, and at times amid
    what is said, without the blank ones below times that stand alone, if there are several of
    these, and without the numbers of captions."""
    parted = {
        n: _BREAK for n in timed if "<" in lines[n].text and _TIMED_BREAK.search(lines[n].text)
    }
    amid = {n: len(_AMID.findall(lines[n].text)) for n in timed if "[" in lines[n].text}
    if sum(amid.values()) > 2:
        said = (n for n, count in amid.items() if count and not _ENDS_ITEM.match(lines[n].text))
        parted |= dict.fromkeys(said, _AMID)
    blank = {n for n in timed if n + 1 < len(lines) and not lines[n + 1].text.strip()}
    alone = {n + 1 for n in blank if _ALONE.match(lines[n].text) and _is_blank(lines, n - 1)}
    alone = alone if len(alone) > 1 else set()
    captions = {n - 1 for n in timed if "-->" in lines[n].text}
    numbers = {n for n in captions & timed if lines[n].text.strip().isdecimal()}
    if not (parted or alone or numbers):
        return lines
    shown: list[Line] = []
    for place, line in enumerate(lines):
        if place in parted:
            ends = [found.end() for found in parted[place].finditer(line.text)]
            bounds = pairwise([0, *ends, len(line.text)])
            shown += [Line(line.text[a:b], line.number) for a, b in bounds if a < b]
        elif not (place in numbers or (place in alone and not line.text.strip())):
            shown.append(line)
    return shown


def _is_blank(lines: Sequence[Line], place: int) -> bool:
    return place < 0 or not lines[place].text.strip()


def _fenced(lines: Sequence[Line]) -> set[int]:
    """Places of lines in fenced code, fences included. A fence that is never closed is none."""
    fences = [n for n, line in enumerate(lines) if line.text and _FENCE.match(line.text)]
    pairs = zip(fences[::2], fences[1::2], strict=False)
    return {place for begin, end in pairs for place in range(begin, end + 1)}


def _continues(text: str, topic: RawTopic) -> bool:
    if not topic.text and _CELL.match(text):
        return True
    if not text.strip() or _ENDS_ITEM.match(text) or len(topic.text) > MAX_TEXT:
        return False
    return not topic.heading or not topic.text or text[:1] in (" ", "\t")


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
        fitting = (s for s in readings(topic.clock) if before < s and (above is None or s < above))
        topic.likely = next(fitting, None)
        before = before if topic.likely is None else topic.likely
