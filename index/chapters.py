"""Chapters that stand in the front matter, however they are written there:

chapters: [{startTime: 754, title: Ropes}]   timestamps: {"12:34": Ropes}
chapters: ["12:34 Ropes"]                    chapters: |
                                               00:12:34.500 Ropes
"""

from collections.abc import Iterator
from typing import Any

from index.front_matter import FrontMatter
from index.liquid_text import Line
from index.time_lines import RawTopic
from index.topics import find_topics
from index.values import as_seconds, as_text, first_text, safe_url

_KEYS = ("chapters", "timestamps")
_START_KEYS = (
    *("startTime", "start_time", "start", "time", "timestamp", "at", "startOffset", "timecode"),
    *("begin", "seconds", "sec"),
)
_SAID_KEYS, _WHO_KEYS = ("line", "text", "body"), ("who", "speaker", "name")
_TEXT_KEYS = ("title", "text", "name", "description", "label")


def chapters(front: FrontMatter, told: bool = False) -> list[RawTopic]:
    """The chapters under the first key that has some: one that is named after them, else, unless
    the text has `told` when what is said, one whose list holds nothing but times with a text, or
    whose text has several lines that begin with one, as descriptions of videos do. What ends within
    a minute counts something else."""
    for key in _KEYS:
        found = list(_under(front, key, front.values.get(key)))
        if found:
            return found
    for key, value in () if told else front.values.items():
        if key == "transcript" and isinstance(value, list):
            continue
        inner = value.get("chapters") if isinstance(value, dict) else value
        if isinstance(inner, list):
            found, wanted = _items(front, key, inner), len(inner)
        else:
            found = list(_under(front, key, inner)) if isinstance(inner, str) else []
            wanted = len(found)
        timed = [chapter for chapter in found if chapter.start is not None and chapter.text]
        if len(timed) == wanted > 1 and max(chapter.start or 0 for chapter in timed) >= 60:
            return timed
    return []


def transcript(front: FrontMatter) -> list[RawTopic]:
    """What is said in `transcript: [{time: "12:34", who: Ada, line: Hello}, {line: And so on}]`."""
    topics: list[RawTopic] = []
    value = front.values.get("transcript")
    for place, item in enumerate(value if isinstance(value, list) else ()):
        parts = item if isinstance(item, dict) else {}
        said, who, start = (
            first_text(parts, keys) for keys in (_SAID_KEYS, _WHO_KEYS, _START_KEYS)
        )
        if said and as_seconds(start) is not None:
            text = f"{who}: {said}" if who else said
            topics.append(_topic(front.line("transcript", place), start, text))
        elif topics and said:
            topics[-1].text += f" {said}"
    return topics


def _under(front: FrontMatter, key: str, value: Any) -> Iterator[RawTopic]:
    if isinstance(value, dict):
        # The file of podcast namespace chapters is a mapping with a list in it.
        inner = value.get("chapters")
        if isinstance(inner, list):
            yield from _items(front, key, inner)
            return
        for place, (start, text) in enumerate(value.items()):
            yield _topic(front.line(key, place), start, text)
    elif isinstance(value, list):
        yield from _items(front, key, value)
    elif isinstance(value, str):
        first = front.line(key)
        lines = [Line(text, first) for text in value.split("\n")]
        yield from find_topics(lines, None).topics


def _items(front: FrontMatter, key: str, items: list[Any]) -> list[RawTopic]:
    written: list[Line] = []
    topics: list[RawTopic] = []
    for place, item in enumerate(items):
        line = front.line(key, place)
        if isinstance(item, str):
            written.append(Line(item, line))
        elif isinstance(item, dict):
            start = first_text(item, _START_KEYS)
            if start:
                topics.append(_topic(line, start, _text(item)))
            elif len(item) == 1:
                topics.append(_topic(line, *next(iter(item.items()))))
    found = find_topics(written, None)
    topics += found.topics
    if any(topic.start is not None for topic in topics):
        # Among times, what has none is a mistake that its owner wants to know of.
        lost = [line for line in found.rest if line.text.strip()]
        topics += [_topic(line.number, line.text, line.text) for line in lost]
    return topics


def _topic(line: int, start: str, text: Any) -> RawTopic:
    return RawTopic(line, start, as_seconds(start), as_text(text), listed=True)


def _text(chapter: dict[str, Any]) -> str:
    """What a chapter is called: under a key of that name, else whatever is no time, no address."""
    texts = map(as_text, chapter.values())
    others = (t for t in texts if t and as_seconds(t) is None and not safe_url(t, ""))
    return first_text(chapter, _TEXT_KEYS) or next(others, "")
