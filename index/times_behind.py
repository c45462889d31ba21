"""Lines in which words stand before the time.

Who speaks, in a transcript, or what is talked about; the latter in lists, tables and headings, or
in lines that are all alike:

    Ada Lovell (12:34): text      **Ada:** [12:34] text        - [Topic](url) - *00:02:53*.
    Ada Lovell 12:34              SPEAKER 1 [00:12:34]         ### Topic (2:53)
    text below                    text below                   Topic - 2:53

    12:34 Ada Lovell              00:12:34 [Ada Lovell]
    text below                    text below
"""

import re
from collections.abc import Sequence

from index.liquid_text import Line
from index.time_lines import BRACKET, CLOCK, HALF_OF_DAY, RawTopic, behind, beside, topic_of
from search.clock import parse_clock

_SPOKEN = re.compile(
    r"[ \t]{0,3}(?P<bold>\*\*|__)?(?P<who>[^\W\d_][\w.'’ -]{0,40}?)(?:\*\*|__)?(?P<colon>:)?"
    rf"(?:\*\*|__)?[ \t]{{1,8}}{BRACKET}(?=[0-9]{{1,3}}:[0-9])"
)
_BRACKETED = re.compile(r"\[[^\[\]]{1,60}\]\Z")
_TRAILING = re.compile(
    r"[ \t]?(?:--?|\u2013|\u2014|\||[ \t])[ \t]?[*_(\[@`]{0,3}"
    r"(?P<clock>(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2})"
    r"(?:[ \t]?[-\u2013\u2014][ \t]?(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2})?"
    r"[*_)\]`]{0,3}(?:\.|[ \t]?\|)?\Z"
)
_LIST = re.compile(r"[ \t]{0,12}(?P<mark>(?:[-*+]|[0-9]{1,4}[.)]|#{1,6})[ \t]|\|)")
# What parts words from a time behind them; in a plain line one of these has to.
_PARTING = "([-\u2013\u2014:|@\u2192\u2026"
_REACH, _LINK_LENGTH = 36, 340
_LINKED = re.compile(r"\[([0-9:]{4,9})\]\([^()\s]{0,300}\)(?=[\])*_.]{0,4}\Z)")
# Behind headings: `{#its-name}`.
_ANCHOR = re.compile(r"[ \t]{0,8}\{#[^{}]{0,300}\}\Z")


def spoken(lines: Sequence[Line], place: int) -> RawTopic | None:
    """The topic of a line of a transcript: who speaks, and a time in brackets, or one by itself
    above what is said."""
    text = lines[place].text
    clock = CLOCK.match(text)
    if clock:
        return _named(lines, place, clock)
    lead = _SPOKEN.match(text)
    clock = CLOCK.match(text, lead.end()) if lead else None
    if lead is None or clock is None:
        return None
    after, dashed = behind(text, clock)
    words = text[after:].strip()
    if not lead["open"] and (words or not _is_name(lead["who"])):
        return None
    if not words and not _is_above(lines, place):
        return None
    if not (dashed or lead["bold"] or lead["colon"] or not words):
        return None
    start = parse_clock(clock[0])
    said = f"{lead['who']}: {words}"
    return RawTopic(lines[place].number, clock[0], start, said, speaker=True)


def _named(lines: Sequence[Line], place: int, clock: re.Match[str]) -> RawTopic | None:
    """The topic of a time and who speaks: a name in brackets, or one right above what is said."""
    who = lines[place].text[clock.end() :].strip().removesuffix(":")
    first = not place or not lines[place - 1].text.strip()
    bare = first and 0 < len(who) < 40 and _is_name(who) and not HALF_OF_DAY.match(who)
    right = bare and bool(lines[place + 1 : place + 2]) and bool(lines[place + 1].text.strip())
    if not (_BRACKETED.match(who) or right) or not _is_above(lines, place):
        return None
    start = parse_clock(clock[0])
    return RawTopic(lines[place].number, clock[0], start, f"{who.strip('[]')}: ", speaker=True)


def trailing(lines: Sequence[Line], place: int) -> RawTopic | None:
    """The topic of a line of a list or table, or of a heading, that ends with a time. Of another
    line where its neighbour ends with one, too, and something parts it from the words."""
    text = lines[place].text.rstrip()
    # (Most lines end with nothing like a time, or are nothing else.)
    if ":" not in text[-_LINK_LENGTH:] or not (" " in text or "|" in text):
        return None
    item = _LIST.match(text)
    text = _ANCHOR.sub("", text) if text.endswith("}") else text
    if "](" in text:
        text = text[:-_LINK_LENGTH] + _LINKED.sub(r"\1", text[-_LINK_LENGTH:])
    # Only the end is looked at: no pattern runs over a whole line.
    begin, mark = (item.end(), item["mark"]) if item else (0, "")
    found = _TRAILING.search(text, max(begin, len(text) - _REACH))
    if found is None:
        return None
    words, between = text[begin : found.start()], text[found.start() : found.start("clock")]
    parted = (
        words[-1:] in _PARTING or words.endswith("..") or any(sign in between for sign in _PARTING)
    )
    if not item and not (parted and words.strip() and any(map(_ends, beside(lines, place)))):
        return None
    words = words.rstrip(f"{_PARTING} \t").lstrip(" \t|")
    words = words.rstrip(". ") if words.endswith("..") else words
    return topic_of(lines[place], found["clock"], parse_clock(found["clock"]), words, mark)


def _is_name(who: str) -> bool:
    """Whether words may be a name, or `SPEAKER 1`."""
    words = who.split()
    # Most scripts have no capital letters.
    return len(words) < 5 and all(word[0].isalnum() and not word[0].islower() for word in words)


def _is_above(lines: Sequence[Line], place: int) -> bool:
    """Whether a line stands above text that does not end with a time itself."""
    below = next(beside(lines, place, (1,)), "")
    return bool(below.strip()) and not (_ends(below) or CLOCK.match(below))


def _ends(text: str) -> bool:
    """Whether a line ends with a time."""
    end = text.rstrip()[-_REACH:]
    return ":" in end and _TRAILING.search(end) is not None
