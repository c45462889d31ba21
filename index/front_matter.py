"""Front matter: what stands before the text of an episode. The one place that knows
python-frontmatter, which finds the fences; what is between them is for our own readers.

YAML between `---`, TOML between `+++`, JSON as a leading object, lines such as `Title: A` above a
blank one, or none at all.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from frontmatter.default_handlers import BaseHandler

from index.plain_text import BadDocument
from index.values import as_text
from index.yaml_values import MAX_DEPTH, Document, Value, parse_yaml

_MAX_CHARACTERS = 64 * 1024
# Pelican's: `Title: A` and the like from the first line on, and what goes on with it.
_BARE_HEAD = re.compile(
    r"(?:[A-Za-z][\w-]{0,40}:[^\n]*\n(?:[ \t]+[^\s][^\n]*\n)*)+(?:---[ \t]*)?(?=\n|\Z)"
)
_BARE_KEY = re.compile(r"(?m)^([A-Za-z][\w-]{0,40}):[ \t]*([^\n]*(?:\n[ \t]+[^\s][^\n]*)*)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`values` of the head, `lines` where its keys stand in the file, `item_lines` where the items
    of lists do, `body` and the line it begins on."""

    values: dict[str, Value]
    lines: dict[str, int]
    item_lines: dict[str, list[int]]
    body: str
    body_line: int

    def line(self, key: str, item: int | None = None) -> int:
        """Where `key` (or its item, from 0) stands; 1 where there is no such key."""
        items = self.item_lines.get(key, [])
        if item is not None and item < len(items):
            return items[item]
        return self.lines.get(key, 1)

    def named(self, names: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
        """The keys that are called so, in the order of `names`, and what they hold. `audio_url` is
        also written `audioUrl` or `audio-url`."""
        alike = {_bare(key): key for key in self.values}
        for name in names:
            key = name if name in self.values else alike.get(_bare(name))
            if key is not None:
                yield key, self.values[key]

    def first(self, names: tuple[str, ...]) -> tuple[str, str]:
        """The first key called so that says something, and what; two empty texts if none."""
        texts = ((key, as_text(value)) for key, value in self.named(names))
        return next(((key, text) for key, text in texts if text), ("", ""))


def split_front_matter(text: str) -> FrontMatter:
    """Takes a file's text (lines end in LF) apart. Raises BadDocument with the file's line."""
    for handler, read in _FENCED:
        if handler.detect(text):
            return _fenced(text, handler, read)
    if text.startswith("{") and not text.startswith(("{{", "{%")):
        return _json(text)
    bare = _BARE_HEAD.match(text, 0, _MAX_CHARACTERS)
    if bare and "\ntitle:" in f"\n{bare[0].lower()}":
        return _bare_head(bare[0], text[bare.end() :])
    return FrontMatter({}, {}, {}, text, 1)


def _bare(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def _bare_head(head: str, body: str) -> FrontMatter:
    """What stands without any fence; all of it is text."""
    values: dict[str, Value] = {key[1].lower(): as_text(key[2]) for key in _BARE_KEY.finditer(head)}
    lines = _key_lines(head.lower(), r"([a-z][\w-]{0,40}):")
    return FrontMatter(values, lines, {}, body, head.count("\n") + 1)


def _fenced(text: str, handler: BaseHandler, read: Callable[[str], Document]) -> FrontMatter:
    try:
        # From the end of the first line on, so that the head's lines count as the file's.
        head, body = handler.split(text)
    except ValueError:
        fence = handler.START_DELIMITER
        raise BadDocument(f"the front matter is opened by `{fence}` and never closed", 1) from None
    if len(head) > _MAX_CHARACTERS:
        most = f"{_MAX_CHARACTERS // 1024} KiB"
        raise BadDocument(f"the front matter is longer than {most}; move texts to the body", 1)
    found = read(head)
    line = head.count("\n") + 2
    return FrontMatter(found.values, found.lines, found.item_lines, body[1:], line)


def parse_toml(head: str) -> Document:
    """The table that a text of TOML holds. Raises BadDocument."""
    try:
        values = _plain(tomllib.loads(head))
    except (ValueError, RecursionError) as problem:
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
        found, end = decoder.raw_decode(text[:_MAX_CHARACTERS])
        values = _plain(found)
    except json.JSONDecodeError as problem:
        raise BadDocument(f"not JSON: {problem.msg}", problem.lineno) from None
    except (ValueError, RecursionError) as problem:
        raise BadDocument(f"not JSON: {problem}", 1) from None
    head, body = text[:end], text[end:]
    lines = _key_lines(head, r'[ \t]*\{?[ \t]*"([^"]{1,100})"[ \t]*:')
    return FrontMatter(values, lines, {}, body, head.count("\n") + 1)


def _key_lines(head: str, pattern: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    for number, line in enumerate(head.split("\n"), start=1):
        found = re.match(pattern, line)
        if found:
            lines.setdefault(found[1], number)
    return lines


def _plain(value: Any, depth: int = 0) -> Any:
    """Numbers, dates and times as text, so that all formats mean the same afterwards. Raises
    ValueError where lists and mappings are nested too deep."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, depth + 1) for inner in value]
    return str(value)


def _between(fence: str, closing: str) -> BaseHandler:
    boundary = rf"\A{re.escape(fence)}[^\S\n]*$|(?<=\n){closing}[ \t]*$"
    return BaseHandler(re.compile(boundary, re.MULTILINE), fence, fence)


_FENCED = (
    (_between("---", r"(?:---|\.\.\.)"), parse_yaml),
    (_between("+++", r"\+\+\+"), parse_toml),
)
