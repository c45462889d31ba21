"""Query strings to requests, read strictly; search.addresses writes them.

A *query text* is never wrong, a *parameter* can be: then BadParameter names it.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl

from search.errors import BadParameter
from search.request import (
    MAX_CHARACTERS,
    Filters,
    Request,
    Sort,
    asked_text,
    check_window,
    clean_text,
)
from web.parameters import MAX_VALUES, SEARCH, SUGGEST, Parameter

_DEFAULT = Request()

Values = Mapping[str, list[str]]


def read_search(query: bytes, *, strict: bool) -> Request:
    """The request of a raw query string. Raises BadParameter.

    Strict refuses names it does not know; otherwise they count for nothing (a link to a page
    may have picked up `utm_source` on its way).
    """
    values = _read(query, SEARCH, strict=strict)
    if values.keys() == {"q"}:
        # Nearly all ask for nothing but words.
        return Request(text=_text(values))
    request = Request(
        text=_text(values),
        filters=_filters(values),
        sort=_sort(values),
        page=_number(values, "page", _DEFAULT.page),
        per_page=_number(values, "per_page", _DEFAULT.per_page),
        moments=_number(values, "moments", _DEFAULT.moments),
        exact=_flag(values, "exact"),
        explain=_flag(values, "explain"),
        typing=_flag(values, "typing"),
        facets=_flag(values, "facets"),
    )
    check_window(request)
    return request


def read_suggest(query: bytes) -> str:
    """The text to complete. Raises BadParameter, also when there is no `q` at all."""
    values = _read(query, SUGGEST, strict=True)
    if "q" not in values:
        raise BadParameter("q", "q is missing: say what to complete, as in ?q=post", "q_required")
    return _text(values)


def typed_query(query: bytes) -> str | None:
    """The `q` of any raw query string as it was typed, for the log; None if there is none."""
    return next((value for name, value in _pairs(query) if name == "q"), None)


# A query string is read, and then told to the log: those that are being answered are enough.
@lru_cache(maxsize=64)
def _pairs(query: bytes) -> tuple[tuple[str, str], ...]:
    text = query.decode("utf-8", "replace")
    return tuple(parse_qsl(text, keep_blank_values=True, errors="replace"))


def _read(query: bytes, table: Mapping[str, Parameter], *, strict: bool) -> Values:
    values: dict[str, list[str]] = {}
    for name, value in _pairs(query):
        parameter = table.get(name)
        if parameter is None:
            if strict:
                shown = clean_text(name)[:40]
                known = ", ".join(table)
                raise BadParameter(
                    shown,
                    f"there is no parameter {shown!r}; there are: {known}",
                    "unknown_parameter",
                )
            continue
        seen = values.setdefault(name, [])
        seen.append(value)
        if len(seen) > 1 and not parameter.repeatable:
            raise BadParameter(name, f"{name} may be given only once", "repeated_parameter")
        if len(seen) > MAX_VALUES:
            raise BadParameter(
                name, f"{name} may be given at most {MAX_VALUES} times", "repeated_parameter"
            )
    return values


def _text(values: Values) -> str:
    return asked_text(values.get("q", [""])[0])


def _filters(values: Values) -> Filters:
    from_date, to_date = _date(values, "from"), _date(values, "to")
    if from_date and to_date and from_date > to_date:
        raise BadParameter("from", f"from ({from_date}) lies after to ({to_date})")
    return Filters(
        tags=_names(values, "tag"),
        guests=_names(values, "guest"),
        categories=_names(values, "category"),
        years=tuple(_whole("year", value) for value in values.get("year", [])),
        from_date=from_date,
        to_date=to_date,
    )


def _names(values: Values, name: str) -> tuple[str, ...]:
    for value in values.get(name, []):
        if len(value) > MAX_CHARACTERS or not clean_text(value):
            raise BadParameter(name, f"{name} must have 1 to {MAX_CHARACTERS} characters")
    return tuple(clean_text(value) for value in values.get(name, []))


def _number(values: Values, name: str, default: int) -> int:
    return _whole(name, values[name][0]) if name in values else default


def _whole(name: str, value: str) -> int:
    schema = SEARCH[name].schema
    least, most = schema["minimum"], schema["maximum"]
    # ASCII digits only, and few of them: int() would read ٣ and choke on 5,000 digits.
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise BadParameter(name, f"{name} must be a whole number from {least} to {most}")
    return int(value)


def _date(values: Values, name: str) -> date | None:
    if name not in values:
        return None
    value = values[name][0]
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        raise BadParameter(name, f"{name} must be a day such as 2024-02-29") from None


def _sort(values: Values) -> Sort:
    try:
        return Sort(values["sort"][0]) if "sort" in values else _DEFAULT.sort
    except ValueError:
        choices = ", ".join(Sort)
        raise BadParameter("sort", f"sort must be one of: {choices}") from None


def _flag(values: Values, name: str) -> bool:
    value = values[name][0] if name in values else SEARCH[name].schema["default"]
    if value not in ("0", "1"):
        raise BadParameter(name, f"{name} must be 1 or 0")
    return value == "1"
