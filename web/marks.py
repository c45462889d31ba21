"""Marked text for templates: the one place where text is declared markup."""

from markupsafe import Markup

from search.answer import Marked
from search.marks import marked_html


def marked_markup(marked: Marked) -> Markup:
    """Escaped text with `<mark>`, which a template then does not escape again."""
    return Markup(marked_html(marked))  # noqa: S704 - escaped by marked_html
