"""Markdown to the words a reader of the page would see: a body's, and those of single texts."""

import re
from collections.abc import Sequence

from index.markdown_blocks import PLAIN, SINGLE, Block, BlockKind, blocks_of
from index.markdown_bounds import Budget, is_plain, parted, words
from index.plain_text import collapse, plain

_FENCED = re.compile(r"(?m)^[ \t]{0,12}(?:```|~~~).*$")
_MARKUP = re.compile(r"[*_\[\]`<>!\\&~]|https?:|www\.")
_ATTRIBUTES = re.compile(
    r"\{:[ \t]{0,9}(?:[.#][\w-]|[\w-]{1,40}=)[^{}\n]{0,300}\}|^\{:{1,2}[^{}\n]{0,300}\}[ \t]*$"
    r"|(?<=[ \t])\{#[^{}\n]{1,300}\}[ \t]*$",
    re.MULTILINE,
)


def read_markdown(body: str, singles: Sequence[str] = ()) -> tuple[list[Block], list[str]]:
    """The blocks of `body`, and each of `singles` (texts of one line) as a reader would see it.

    Singles share the link definitions of the body. One pass for both, as each pass is slow.
    """
    body = _without_attributes(_indented_code(body))
    singles = [_without_attributes(text) for text in singles]
    budget = Budget(len(body) + sum(map(len, singles)))
    shown = [collapse(text) for text in singles]
    marked: dict[int, str] = {}
    for n, text in enumerate(singles):
        if _MARKUP.search(text):
            part = budget.afford(text)
            if part is None:
                shown[n] = words(text)
            else:
                marked[n] = SINGLE + part
    parts = list(marked.values())
    runs: list[list[Block]] = []
    for text in parted(body):
        needs_none = is_plain(text)
        part = None if needs_none else budget.afford(text)
        if part is not None:
            parts.append(part)
            continue
        if parts[-1:] != [PLAIN]:
            parts.append(PLAIN)
            runs.append([])
        runs[-1].append(Block(BlockKind.PROSE, plain(text if needs_none else words(text))))
    blocks = blocks_of("\n\n".join(parts))
    found = [block.text[1:].strip() for block in blocks if block.text.startswith(SINGLE)]
    if len(found) != len(marked):
        # One of them fell apart into several blocks; then each is read by itself.
        alone = map(blocks_of, marked.values())
        found = [collapse(" ".join(block.text for block in each)) for each in alone]
    for n, text in zip(marked, found, strict=True):
        shown[n] = text
    plains = iter(runs)
    rest: list[Block] = []
    for block in blocks:
        if block.text == PLAIN:
            rest += next(plains)
        elif not block.text.startswith(SINGLE):
            rest.append(block)
    return [block for block in rest if block.text], [plain(text) for text in shown]


def _without_attributes(text: str) -> str:
    """`text` without what Kramdown, Jekyll's Markdown, and Hugo's take for attributes: `{#name}`,
    `[a](b){:target="_blank"}` (https://kramdown.gettalong.org/syntax.html#span-ials)."""
    return _ATTRIBUTES.sub("", text) if "{" in text else text


def _indented_code(body: str) -> str:
    """Fenced code as indented code, which Markdown knows without an extension."""
    pieces = _FENCED.split(body)
    if len(pieces) < 3:
        return body
    for n in range(1, len(pieces) - 1, 2):
        pieces[n] = "\n\n" + pieces[n].strip("\n").replace("\n", "\n    ").join(("    ", "\n\n"))
    return "".join(pieces)
