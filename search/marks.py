"""Marked text to HTML: the text escaped, the marks as `<mark>`, and nothing else.

The one place where text becomes markup; everywhere else templates escape by themselves.
"""

from functools import lru_cache

from search.answer import Marked


def marked_html(marked: Marked) -> str:
    """`a < b` with a mark on `b` is `a &lt; <mark>b</mark>`. Marks past the text are cut."""
    text, at, html = marked.text, 0, ""
    whole = _whole(text)
    if not marked.marks:
        return whole
    # Most texts hold nothing to escape; then no piece of them does.
    piece = str if len(whole) == len(text) else escaped
    for first, end in marked.marks:
        start = first if first > at else at
        if start < end and start < len(text):
            html += f"{piece(text[at:start])}<mark>{piece(text[start:end])}</mark>"
            at = end
    return html + piece(text[at:])


@lru_cache(maxsize=4096)
def _whole(text: str) -> str:
    """Titles and good moments are shown again and again."""
    return escaped(text)


def escaped(text: str) -> str:
    """As markupsafe.escape, without an object of its own for each piece."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace('"', "&#34;")
    )
