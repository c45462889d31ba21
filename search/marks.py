"""Marked text to HTML: the text escaped, the marks as `<mark>`, and nothing else.

The one place where text becomes markup; everywhere else templates escape by themselves.
"""

from search.answer import Marked


def marked_html(marked: Marked) -> str:
    """`a < b` with a mark on `b` is `a &lt; <mark>b</mark>`. Marks past the text are cut."""
    text, at = marked.text, 0
    whole = _escaped(text)
    if not marked.marks:
        return whole
    # Most texts hold nothing to escape; then no piece of them does.
    escaped = str if len(whole) == len(text) else _escaped
    parts: list[str] = []
    for first, last in marked.marks:
        start, end = max(first, at), min(last, len(text))
        if start < end:
            parts += (escaped(text[at:start]), "<mark>", escaped(text[start:end]), "</mark>")
            at = end
    parts.append(escaped(text[at:]))
    return "".join(parts)


def _escaped(text: str) -> str:
    """As markupsafe.escape, without an object of its own for each piece."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace('"', "&#34;")
    )
