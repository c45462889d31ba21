"""The blocks of a text in Markdown. The one place that knows the library.

The text is taken from the library's tree before it becomes HTML, so no HTML is made and none is
kept: tags vanish, what they hold stays, scripts and styles go as a whole. Targets of links never
become words; addresses that are shown do.
"""

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache

import markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, HTML_PLACEHOLDER_RE

from index.markdown_bounds import parted, unmarked
from index.plain_text import collapse, plain

# Characters of the private use area, taken out of every file before it comes here.
SINGLE = "\ue008"
"""Leads a single text, so that nothing in it is taken for the start of a list or a heading."""
PLAIN = "\ue00b"
"""Stands for paragraphs that need no Markdown."""
# Around scripts.
_OPEN, _CLOSE = "\ue009", "\ue00a"
_HIDDEN = re.compile(f"{_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}|[{_OPEN}{_CLOSE}]")

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LEAF = {"p", "pre", "td", "th", "dt", "dd"}


class BlockKind(Enum):
    HEADING = "heading"
    PROSE = "prose"
    ITEM = "item"  # of a list
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1-6), a paragraph, a list's item or code. `linked`: begins with a link.
    `group` counts lists: items of one list share it."""

    kind: BlockKind
    text: str
    level: int = 0
    group: int = 0
    linked: bool = False


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text whose Markdown is bounded (index.markdown_bounds)."""
    try:
        return _reader("|" in text).read(text)
    except (RecursionError, AssertionError, ValueError, IndexError, AttributeError, TypeError):
        # It was left in the middle of something.
        _reader.cache_clear()
        # Markdown has no syntax errors; where the library gives up, the words are still words.
        return [Block(BlockKind.PROSE, collapse(unmarked(block))) for block in parted(text)]


@cache
def _reader(tables: bool) -> "_Reader":
    """One for all texts: to make one takes a tenth of the time of reading a page, and with what it
    holds of the page it would stay in memory until somebody looks for garbage, as it refers to
    itself; a reindex does not look (index.reindex)."""
    return _Reader(tables)


class _Reader(Treeprocessor):
    """Collects the blocks from the finished tree, then empties it: no HTML is wanted."""

    def __init__(self, tables: bool) -> None:
        self.markdown = markdown.Markdown(extensions=["tables"] if tables else [])
        super().__init__(self.markdown)
        self.markdown.preprocessors.deregister("html_block")
        self.markdown.treeprocessors.register(self, "words", -1)
        self.blocks: list[Block] = []
        self.groups = 0

    def read(self, text: str) -> list[Block]:
        """The blocks of a text. Not for two threads at a time."""
        self.blocks, self.groups = [], 0
        self.markdown.reset()
        self.markdown.convert(text)
        return self.blocks

    def run(self, root: ElementTree.Element) -> ElementTree.Element:
        self.collect(root, 0)
        return ElementTree.Element("div")

    def collect(self, elements: Iterable[ElementTree.Element], group: int) -> None:
        for element in elements:
            tag = element.tag if isinstance(element.tag, str) else ""
            if tag in _HEADINGS:
                self.add(BlockKind.HEADING, element, level=_HEADINGS[tag])
            elif tag == "pre":
                self.add(BlockKind.CODE, element)
            elif tag in _LEAF:
                self.add(BlockKind.ITEM if group else BlockKind.PROSE, element, group=group)
            elif tag in ("ul", "ol"):
                self.groups += 1
                self.collect(element, self.groups)
            elif tag == "li":
                self.item(element, group)
            else:
                self.collect(element, group)

    def item(self, element: ElementTree.Element, group: int) -> None:
        inline = ElementTree.Element("p")
        inline.text = element.text
        blocks = []
        for child in element:
            if child.tag in ("ul", "ol", "pre", "p", "blockquote", "table", *_HEADINGS):
                blocks.append(child)
            else:
                inline.append(child)
        self.add(BlockKind.ITEM, inline, group=group)
        self.collect(blocks, group)

    def add(
        self, kind: BlockKind, element: ElementTree.Element, level: int = 0, group: int = 0
    ) -> None:
        parts: list[str] = []
        _words(element, parts, code=kind is BlockKind.CODE)
        text = self.finished("".join(parts), code=kind is BlockKind.CODE)
        first = next(iter(element), None)
        linked = first is not None and first.tag == "a" and not (element.text or "").strip()
        if text:
            self.blocks.append(Block(kind, text, level, group, linked))

    def finished(self, text: str, code: bool) -> str:
        text = _HIDDEN.sub("", HTML_PLACEHOLDER_RE.sub(self.stashed, text))
        text = html.unescape(text.replace(AMP_SUBSTITUTE, "&")) if AMP_SUBSTITUTE in text else text
        if code:
            return plain(text)
        mark = text[:1] if text[:1] in (SINGLE, PLAIN) else ""
        return mark + plain(text)

    def stashed(self, match: re.Match[str]) -> str:
        number = int(match[1])
        raw = self.markdown.htmlStash.rawHtmlBlocks
        # No extension that is used here stashes elements.
        item = str(raw[number]) if number < len(raw) else ""
        if item.startswith("&"):
            return html.unescape(item)
        lowered = item[:10].lower()
        for name in ("script", "style", "template"):
            if lowered.startswith(f"<{name}"):
                return _OPEN
            if lowered.startswith(f"</{name}"):
                return _CLOSE
        return "\n" if lowered.startswith(("<br", "<p", "<div", "<li", "<td")) else ""


def _words(element: ElementTree.Element, parts: list[str], code: bool) -> None:
    if element.tag == "br":
        parts.append("\n")
    elif element.tag == "img":
        parts.append(element.get("alt") or "")
    if element.text:
        parts.append(html.unescape(element.text) if element.tag == "code" else element.text)
    for child in element:
        _words(child, parts, code)
        if child.tail:
            parts.append(child.tail)
