"""Markup for templates: the one place where text is declared markup."""

from collections.abc import Iterable

from markupsafe import Markup

from search.answer import Marked
from search.marks import escaped, marked_html
from web.page_view import Choice


def marked_markup(marked: Marked) -> Markup:
    """Escaped text with `<mark>`, which a template then does not escape again."""
    return Markup(marked_html(marked))  # noqa: S704 - escaped by marked_html


def listed_markup(choices: Iterable[Choice]) -> Markup:
    """Choices as list items. A page has hundreds; a template takes three times as long for them."""
    return Markup("\n".join([_item(choice) for choice in choices]))  # noqa: S704 - see _item


def _item(choice: Choice) -> str:
    current = ' aria-current="true"' if choice.active else ""
    count = "" if choice.count is None else f' <span class="count">{choice.count}</span>'
    label = f"<mark>{escaped(choice.label)}</mark>" if choice.named else escaped(choice.label)
    return f'<li><a href="{escaped(choice.href)}"{current}><bdi>{label}</bdi>{count}</a></li>'
