"""The tables of parameters: reading, refusing and the OpenAPI document all follow them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from search.request import (
    MAX_CHARACTERS,
    MAX_MOMENTS,
    MAX_PER_PAGE,
    MAX_TERMS,
    MAX_WINDOW,
    Request,
    Sort,
)

MAX_VALUES = 20
_DEFAULT = Request()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: what it means and the JSON Schema of one of its values."""

    name: str
    description: str
    schema: Mapping[str, Any]
    example: str | int
    repeatable: bool = False


_QUERY = Parameter(
    "q",
    f"The words to look for: at most {MAX_CHARACTERS} characters and {MAX_TERMS} words. "
    'Also: "a phrase", -without, tag:flask, guest:"jerod santo", title:, category:, year:2020, '
    "before:2020-06, after:2019. A malformed text is searched as words.",
    {"type": "string", "maxLength": MAX_CHARACTERS},
    "full text search postgres",
)
_FLAG = {"type": "string", "enum": ["0", "1"], "default": "0"}
_NAME = {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS}
_DATE = {"type": "string", "format": "date"}


def _number(least: int, most: int, default: int) -> Mapping[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


SEARCH: Mapping[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        _QUERY,
        Parameter(
            "tag",
            "Only episodes with this tag, by its slug or any of its names.",
            _NAME,
            "django",
            True,
        ),
        Parameter(
            "guest",
            "Only episodes with this guest, by the whole name or some words of it.",
            _NAME,
            "Ada Moor",
            True,
        ),
        Parameter("category", "Only episodes of this category.", _NAME, "podcast", True),
        Parameter(
            "year",
            "Only episodes of this year.",
            {"type": "integer", "minimum": 1, "maximum": 9999},
            2024,
            True,
        ),
        Parameter("from", "Only episodes of this day or later.", _DATE, "2022-01-01"),
        Parameter("to", "Only episodes of this day or earlier.", _DATE, "2025-12-31"),
        Parameter(
            "sort",
            "The order of the episodes.",
            {"type": "string", "enum": [str(s) for s in Sort], "default": str(Sort.RELEVANCE)},
            "newest",
        ),
        Parameter(
            "page",
            f"The page, from 1. No page reaches past the first {MAX_WINDOW} episodes.",
            _number(1, MAX_WINDOW, _DEFAULT.page),
            1,
        ),
        Parameter(
            "per_page", "Episodes on a page.", _number(1, MAX_PER_PAGE, _DEFAULT.per_page), 10
        ),
        Parameter(
            "moments",
            "Best moments shown for each episode.",
            _number(0, MAX_MOMENTS, _DEFAULT.moments),
            3,
        ),
        Parameter("exact", "1: no correction, no aliases, no related words.", _FLAG, "0"),
        Parameter("explain", "1: say why each result is where it is.", _FLAG, "0"),
        Parameter("typing", "1: q may end in an unfinished word, quote or value.", _FLAG, "0"),
        Parameter("facets", "0: the lists of facets stay empty.", _FLAG | {"default": "1"}, "1"),
    )
}
SUGGEST: Mapping[str, Parameter] = {"q": _QUERY}
