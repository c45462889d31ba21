"""Front matter: what stands before the text of an episode. The one place that knows
python-frontmatter, which takes head and body apart; what the head says is for our own readers.

YAML between `---`, TOML between `+++`, JSON as a leading object, or none at all.
"""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler

from index.values import as_text
from index.yaml_values import BadDocument, Document, Value, parse_yaml

MAX_CHARACTERS = 64 * 1024

_FENCES = {"---": re.compile(r"(?:---|\.\.\.)[ \t]*\Z"), "+++": re.compile(r"\+\+\+[ \t]*\Z")}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`values` of the head, `lines` where its keys stand in the file, `body` and the line it
    begins on. `present` tells an empty head from none."""

    values: dict[str, Value]
    lines: dict[str, int]
    item_lines: dict[str, list[int]]
    body: str
    body_line: int
    present: bool

    def line(self, key: str, item: int | None = None) -> int:
        """Where `key` (or its item, from 0) stands; 1 where there is no such key."""
        items = self.item_lines.get(key, [])
        if item is not None and item < len(items):
            return items[item]
        return self.lines.get(key, 1)

    def first(self, keys: tuple[str, ...]) -> tuple[str, str]:
        """The first of `keys` that says something, and what it says; two empty texts if none."""
        texts = ((key, as_text(self.values.get(key))) for key in keys)
        return next(((key, text) for key, text in texts if text), ("", ""))


def split_front_matter(text: str) -> FrontMatter:
    """Takes a file's text (lines end in LF) apart. Raises BadDocument with the file's line."""
    first, _, rest = text.partition("\n")
    fence = first.rstrip()
    if fence in _FENCES:
        return _fenced(fence, rest)
    if fence.startswith("{") and not fence.startswith(("{{", "{%")):
        return _json(text)
    return FrontMatter({}, {}, {}, text, 1, present=False)


def _fenced(fence: str, rest: str) -> FrontMatter:
    lines = rest.split("\n")
    closing = _FENCES[fence]
    end = next((n for n, line in enumerate(lines) if closing.match(line)), None)
    if end is None:
        raise BadDocument(f"the front matter is opened by `{fence}` and never closed", 1)
    head = "\n".join(lines[:end])
    if len(head) > MAX_CHARACTERS:
        raise BadDocument(f"the front matter is longer than {MAX_CHARACTERS // 1024} KiB", 1)
    handler = _Handler(parse_yaml if fence == "---" else _parse_toml)
    try:
        # The library wants a body's worth of text after the head; only the head is of interest.
        frontmatter.parse(f"{fence}\n{head}\n{fence}\n", handler=handler)
    except BadDocument as problem:
        raise BadDocument(str(problem), problem.line + 1) from None
    document = handler.document
    return FrontMatter(
        values=document.values,
        lines={key: line + 1 for key, line in document.lines.items()},
        item_lines={k: [n + 1 for n in found] for k, found in document.item_lines.items()},
        body="\n".join(lines[end + 1 :]),
        body_line=end + 3,
        present=True,
    )


class _Handler(BaseHandler):
    """Hands the head to a reader of ours, as it is, and keeps what that finds."""

    def __init__(self, read: Callable[[str], Document]) -> None:
        super().__init__(fm_boundary=re.compile("x"), start_delimiter="", end_delimiter="")
        self._read = read
        self.document = Document()

    def split(self, text: str) -> tuple[str, str]:
        # The text is exactly one head between its fences. (The library's own pattern would also
        # end it at a line of dashes inside a value.)
        return text.partition("\n")[2].rpartition("\n")[0], ""

    def load(self, fm: str) -> dict[str, Any]:
        self.document = self._read(fm)
        return self.document.values


def _parse_toml(head: str) -> Document:
    try:
        values = _plain(tomllib.loads(head))
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        found = re.search(r"line ([0-9]+)", str(problem))
        line = int(found[1]) if found else 1
        raise BadDocument(f"not TOML: {problem}", line) from None
    return Document(values, _key_lines(head, r"[ \t]*\[*[ \t]*[\"']?([\w-]+)"))


def _json(text: str) -> FrontMatter:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) < len(pairs):
            raise ValueError("a key is there twice; keep one of them")
        return values

    try:
        decoder = json.JSONDecoder(object_pairs_hook=once)
        values, end = decoder.raw_decode(text[:MAX_CHARACTERS])
    except json.JSONDecodeError as problem:
        raise BadDocument(f"not JSON: {problem.msg}", problem.lineno) from None
    except (ValueError, RecursionError) as problem:
        raise BadDocument(f"not JSON: {problem}", 1) from None
    head, body = text[:end], text[end:]
    lines = _key_lines(head, r'[ \t]*\{?[ \t]*"([^"]{1,100})"[ \t]*:')
    return FrontMatter(_plain(values), lines, {}, body, head.count("\n") + 1, present=True)


def _key_lines(head: str, pattern: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    for number, line in enumerate(head.split("\n"), start=1):
        found = re.match(pattern, line)
        if found:
            lines.setdefault(found[1], number)
    return lines


def _plain(value: Any) -> Any:
    """Numbers, dates and times as text, so that all formats mean the same afterwards."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value)
