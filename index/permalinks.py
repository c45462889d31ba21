"""Permalinks: from a template such as `/:categories/:slug` to the path of a page, as Jekyll does.

https://jekyllrb.com/docs/permalinks/#placeholders, and `Utils.slugify` of Jekyll's source for what
letters a slug keeps.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.files import MARKDOWN

STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}

_TOKEN = re.compile(r":([a-z_]+)")
_PRETTY = "._~!$&'()+,;=@"
_ENDING = re.compile(rf"\.(?:{'|'.join(e[1:] for e in MARKDOWN)}|html?)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageSource:
    """What the address of a page is made of. `name` is the `slug` of the front matter or the file's
    name without its date, `values` the front matter, `path` the file's in its `collection`."""

    path: str
    name: str
    categories: Sequence[str]
    day: date | None
    values: Mapping[str, Any]
    collection: str = ""


def fill_permalink(template: str, page: PageSource) -> str:
    """The path of the page, `/` first. An unknown `:token` is empty, and so are those of a date
    that is not known."""
    tokens = {
        "title": hyphenated(page.name, _PRETTY),
        "slug": _slug(page.name),
        "name": hyphenated(page.name, _PRETTY).lower(),
        "categories": "/".join(dict.fromkeys(map(str.lower, page.categories))),
        "slugified_categories": "/".join(dict.fromkeys(map(_slug, page.categories))),
        "collection": page.collection,
        "path": _ENDING.sub("", page.path),
        "output_ext": ".html",
        "basename": _ENDING.sub("", page.path.rpartition("/")[2]),
        **day_tokens(page.day),
    }
    filled = _TOKEN.sub(lambda match: tokens.get(match[1], ""), f"/{template}")
    head, slash, last = filled.rpartition("/")
    parts = [part for part in [*head.split("/"), last] if part not in ("", ".", "..")]
    return "/" + "/".join(parts) + (slash if parts and not last else "")


def hyphenated(text: str, kept: str = "") -> str:
    """Letters, digits and the characters of `kept`; whatever is between them is one hyphen."""
    letters = (char if _stays(char) or char in kept else " " for char in text)
    return "-".join("".join(letters).split())


def _stays(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _slug(text: str) -> str:
    return hyphenated(text).lower()


def day_tokens(day: date | None) -> dict[str, str]:
    """The placeholders that a date fills, without their colons."""
    if day is None:
        return {}
    return {
        "year": f"{day:%Y}",
        "short_year": f"{day:%y}",
        "month": f"{day:%m}",
        "i_month": str(day.month),
        "day": f"{day:%d}",
        "i_day": str(day.day),
        "y_day": f"{day:%j}",
        "week": f"{day:%V}",
        "w_year": f"{day:%G}",
        "w_day": str(day.isoweekday()),
        # In English: Python minds the machine's language only where a program asks it to.
        "short_month": f"{day:%b}",
        "long_month": f"{day:%B}",
        "short_day": f"{day:%a}",
        "long_day": f"{day:%A}",
    }
