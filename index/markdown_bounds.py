"""How much of a text is read as Markdown: as much as anybody writes, in a bounded time.

The library's patterns are not linear in everything, and slow in all: a paragraph takes as long as a
page of plain text. So paragraphs without any markup never reach it, and of all others it is
estimated beforehand how long they will take. What is beyond the budget of a file is read as the
plain words that it holds.
"""

import re

_BUDGET = 20_000
"""Microseconds for a text of up to _PER characters, in proportion for a longer one."""
_PER = 100_000
_MAX_BLOCKS, _SHORT = 4_000, 25
"""Blocks that a text is parted into: so many, or in a longer one, one for so many characters."""

_SPECIAL = re.compile(r"[*_\[\]()`<>!\\&~|#=]")
_MAX_SPECIAL = 400
_MAX_BLOCK = 40_000
"""Special characters, and characters, of a block that has not far too much of them."""

_BLANK = re.compile(r"\n[ \t]*\n")
# What makes a paragraph more than its words: a mark, or a line that may begin something else.
_MARKED = re.compile(
    r"[*_\[\]`<>\\&~|#=]|https?:|www\.|^[ \t]|^[-+:]|^[0-9]{1,9}[.)]", re.MULTILINE
)
_AT_ITEM = re.compile(r"(?m)^(?=[ \t]{0,9}(?:[-*+]|[0-9]{1,9}\.)[ \t])")
_ITEM = re.compile(r"(?m)^[ \t]{0,9}(?:[-*+]|[0-9]{1,9}\.)(?=[ \t\n]|\Z)")
_TARGET = re.compile(r"(?<=\])\([^()\n]{0,1000}\)|</?[A-Za-z](?![a-z+.-]{0,9}:)[^<>\n]{0,1000}>")
_LEVEL = r"[ \t]{0,12}(?:>|[-*+][ \t]|[0-9]{1,9}\.[ \t])"
_DEEP = re.compile(rf"(?m)^((?:{_LEVEL}){{4}})(?:{_LEVEL}|[ \t])+|^[ \t]{{40,}}")
_STARTS = re.compile(r"(?m)^[ \t]*[-=#>~|]|  $")
_INDENT = re.compile(r"(?m)^[ \t]+")
_BRACKET = re.compile(r"[\[\]()]")

# What the library takes, in microseconds, rather too much than too little.
_A_BLOCK, _A_LINE, _AN_ITEM, _A_START, _AN_INDENT, _A_SPECIAL = 20, 2, 20, 8, 2, 5
_A_CHARACTER, _A_STEP = 0.06, 0.1


def parted(body: str) -> list[str]:
    """A text parted at blank lines; where it is parted beyond all reason, the rest is one."""
    return _BLANK.split(body, max(_MAX_BLOCKS, len(body) // _SHORT))


def is_plain(block: str) -> bool:
    """Whether a block is a paragraph of words and nothing else."""
    return _MARKED.search(block) is None


def bounded(block: str) -> str:
    """A block without the markup of those parts that have far too much of it."""
    if _is_too_much(block):
        # The items of a list are read one by one, so each may be as much.
        items = _AT_ITEM.split(block)
        block = "".join(unmarked(item) if _is_too_much(item) else item for item in items)
    return _DEEP.sub(lambda match: match[1] or " " * 8, block)


def unmarked(text: str) -> str:
    """`text` without its markup: not read, only taken out, the targets of links included."""
    return _SPECIAL.sub(" ", _TARGET.sub(" ", text))


def words(block: str) -> str:
    """A block without any markup, marks of lists included."""
    return unmarked(_ITEM.sub("", block))


class Budget:
    """What may yet be read as Markdown of a text of so many characters."""

    def __init__(self, characters: int) -> None:
        self._left = _BUDGET * max(1.0, characters / _PER)

    def afford(self, block: str) -> str | None:
        """The block, bounded, if it can be read as well; once one cannot, none that follows can."""
        if self._left < 0:
            return None
        part = bounded(block)
        self._left -= _cost(part)
        return part if self._left >= 0 else None


def _cost(block: str) -> float:
    """About how long a bounded block takes to be read, in microseconds."""
    items = _AT_ITEM.split(block)
    return (
        _A_BLOCK
        + _A_LINE * block.count("\n")
        + _A_CHARACTER * len(block)
        + _A_START * len(_STARTS.findall(block))
        # What is nested is taken apart once more for each level.
        + _AN_INDENT * sum(map(len, _INDENT.findall(block)))
        + _A_SPECIAL * len(_SPECIAL.findall(block))
        + _AN_ITEM * (len(items) - 1)
        + _A_STEP * sum(map(_reach, items))
    )


def _is_too_much(text: str) -> bool:
    return len(text) > _MAX_BLOCK or len(_SPECIAL.findall(text)) > _MAX_SPECIAL


def _reach(text: str) -> int:
    """How many characters are gone through to find what closes each bracket."""
    if "[" not in text:
        return 0
    if "`" in text or "\\" in text:
        # What closes a bracket may stand in code.
        return text.count("[") * len(text)
    reach = 0
    opened: dict[str, list[int]] = {"[": [], "(": []}
    for found in _BRACKET.finditer(text):
        bracket, place = found[0], found.start()
        if bracket in opened:
            opened[bracket].append(place)
        else:
            waiting = opened["[" if bracket == "]" else "("]
            reach += place - waiting.pop() if waiting else 0
    return reach + sum(len(text) - place for places in opened.values() for place in places)
