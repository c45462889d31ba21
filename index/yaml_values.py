"""YAML to plain values, without YAML's surprises. The one place that knows PyYAML.

Built from the parser's events rather than its constructors: no object of Python is ever made, an
alias bomb is refused at its first anchor, and each key's line is known. All plain values stay
text but `true`, `false` and `null`: `27:13` is a time and not 1633, `010` is not 8, `no` is a
word and `2024-02-30` is for our own date parser to complain about.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from index.plain_text import BadDocument

Value = Any
"""None, bool, str, list of values, or dict of text to values."""

MAX_DEPTH = 20
_MAX_VALUES = 50_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(slots=True)
class Document:
    """A mapping, the line of each of its keys, and of each item of a list or mapping under it."""

    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    item_lines: dict[str, list[int]] = field(default_factory=dict)


def parse_yaml(text: str, lenient: bool = False) -> Document:
    """The mapping that `text` holds; an empty text is an empty one. Raises BadDocument.

    `lenient`, for settings that other programs read as well: of two equal keys the last counts,
    and anchors and aliases mean what they mean, as long as what they make is no more than
    `_MAX_VALUES` values.
    """
    try:
        return _Builder(yaml.parse(text, Loader=_LOADER), lenient).document()
    except yaml.MarkedYAMLError as problem:
        raise BadDocument(_message(problem), _line(problem)) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as problem:
        if isinstance(problem, BadDocument):
            raise
        # A character that no document may hold: the library tells its place in bytes.
        before = text.encode("utf-8", "surrogatepass")[: getattr(problem, "position", 0)]
        raise BadDocument(f"not YAML: {problem}", before.count(b"\n") + 1) from None


class _Builder:
    """Reads one document from the parser's events."""

    def __init__(self, events: Iterator[yaml.Event], lenient: bool) -> None:
        self._events = events
        self._lenient = lenient
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._count = 0
        self._result = Document()

    def document(self) -> Document:
        starts = yaml.StreamStartEvent | yaml.DocumentStartEvent
        event = next(each for each in self._events if not isinstance(each, starts))
        if isinstance(event, yaml.MappingStartEvent):
            self._result.values = self._value(event, 0, "")
        elif not self._says_nothing(event):
            raise BadDocument("expected `key: value` lines, found something else", _at(event))
        for after in self._events:
            if not isinstance(after, yaml.DocumentEndEvent | yaml.StreamEndEvent):
                raise BadDocument("a second document follows the first", _at(after))
        return self._result

    def _says_nothing(self, event: yaml.Event) -> bool:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event) is None
        return isinstance(event, yaml.StreamEndEvent)

    def _value(self, event: yaml.Event, depth: int, key: str) -> Value:
        before = self._count
        self._refuse_surprises(event, depth)
        if isinstance(event, yaml.AliasEvent):
            return self._meant_by(event)
        value: Value
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(depth, key)
        else:
            value = self._mapping(depth, key)
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = (value, self._count - before)
        return value

    def _meant_by(self, event: yaml.AliasEvent) -> Value:
        if event.anchor not in self._anchors:
            raise BadDocument(f"`*{event.anchor}` is used before it is set", _at(event))
        value, size = self._anchors[event.anchor]
        self._count += size
        self._refuse_too_many(event)
        return value

    def _sequence(self, depth: int, key: str) -> list[Value]:
        items: list[Value] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            if depth == 1:
                self._result.item_lines.setdefault(key, []).append(_at(event))
            items.append(self._value(event, depth + 1, key))
        return items

    def _mapping(self, depth: int, key: str) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self._refuse_surprises(event, depth)
            if not isinstance(event, yaml.ScalarEvent):
                raise BadDocument("a key must be a word, not a list or a mapping", _at(event))
            name = str(event.value)
            if name in values and not self._lenient:
                raise BadDocument(f"`{name[:80]}` is there twice; keep one of them", _at(event))
            if depth == 0:
                self._result.lines[name] = _at(event)
            elif depth == 1:
                self._result.item_lines.setdefault(key, []).append(_at(event))
            value = self._value(next(self._events), depth + 1, name if depth == 0 else key)
            if self._lenient and name == "<<" and isinstance(value, dict):
                values = value | values
            else:
                values[name] = value
        return values

    def _scalar(self, event: yaml.ScalarEvent) -> Value:
        text = str(event.value)
        return text if event.style else _PLAIN.get(text, text)

    def _refuse_surprises(self, event: yaml.Event, depth: int) -> None:
        self._count += 1
        named = isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None
        if named and not self._lenient:
            raise BadDocument("anchors and aliases (`&x`, `*x`) are not allowed here", _at(event))
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise BadDocument(f"the YAML tag `{tag}` is not allowed here", _at(event))
        if depth > MAX_DEPTH:
            raise BadDocument(f"nested deeper than {MAX_DEPTH} levels", _at(event))
        self._refuse_too_many(event)

    def _refuse_too_many(self, event: yaml.Event) -> None:
        if self._count > _MAX_VALUES:
            raise BadDocument(f"more than {_MAX_VALUES:,} values", _at(event))


def _at(event: yaml.Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1


def _message(problem: yaml.MarkedYAMLError) -> str:
    if "Unicode character escape" in str(problem.problem):
        return "an escape (\\u…) that is no character by itself; write the character as it is"
    if "quoted scalar" in str(problem.context):
        return "a quotation mark is opened here and never closed"
    if "mapping values are not allowed" in str(problem.problem):
        return "a colon inside a value; put the value in quotation marks"
    if "cannot start any token" in str(problem.problem):
        return "a tab or a sign of YAML's own; write blanks for a tab, quotation marks round a sign"
    parts = (problem.context, problem.problem)
    return "not YAML: " + ", ".join(str(part) for part in parts if part)


def _line(problem: yaml.MarkedYAMLError) -> int:
    # A quote that is never closed is noticed at the end; where it was opened is what helps.
    scanning = "scanning" in str(problem.context) or "flow" in str(problem.context)
    scanning = scanning and "escape" not in str(problem.problem)
    mark = problem.context_mark if scanning else None
    mark = mark or problem.problem_mark or problem.context_mark
    return int(mark.line) + 1 if mark is not None else 1
