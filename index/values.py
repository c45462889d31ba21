"""Values of front matter as people write them: lists, dates, durations, addresses.

Each function takes whatever the front matter holds and answers with what it means, or None.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from index.plain_text import plain
from search.clock import parse_clock
from search.safe_links import safe_link

_MAX_ITEMS = 200

_PARTS_OF_A_SECOND = re.compile(r"(?<=:[0-9]{2})[.,][0-9]{1,6}\Z")
_UNITS = re.compile(
    r"(?:PT)?(?:([0-9]{1,3}) ?h(?:(?:ou)?rs?)?[., ]{0,2})?"
    r"(?:([0-9]{1,3}) ?m(?:in(?:ut(?:e[ns]?|os|i))?s?)?[., ]{0,2})?"
    r"(?:([0-9]{1,3})(?:\.[0-9]{1,6})? ?s(?:ec(?:ond)?s?)?\.?)?\Z",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\w.+#-]+")
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f-\x9f\\\"<>`{}|^]")
_EDGE = "".join(map(chr, range(33))) + "\x7f"
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


def as_text(value: Any) -> str:
    """A single text on one line; empty for nothing, lists and mappings."""
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(str(value))


def first_text(values: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """The first text under one of `keys` that is not empty; empty if there is none."""
    return next((text for key in keys if (text := as_text(values.get(key)))), "")


def as_names(value: Any, by_space: bool = False) -> list[str]:
    """Names from a list, a text with commas, a mapping with `name`, or lists of those.

    With `by_space` a text without a comma is parted at spaces, as Jekyll does with tags.
    """
    if isinstance(value, dict):
        named = value.get("name", value.get("title"))
        return as_names([named]) if isinstance(named, str) else []
    if isinstance(value, list):
        names: list[str] = []
        for item in value[:_MAX_ITEMS]:
            names += as_names(item) if isinstance(item, dict) else [as_text(item)]
        return [name for name in names if name]
    text = as_text(value)
    parts = text.split(",") if "," in text or not by_space else text.split()
    return [name for part in parts[:_MAX_ITEMS] if (name := part.strip())]


def as_flag(value: Any) -> bool | None:
    """True or false as people write them (`yes`, `on`, `1`), None for anything else."""
    text = as_text(value).lower()
    return True if text in _TRUE else False if text in _FALSE else None


def as_seconds(text: str) -> int | None:
    """Seconds of a duration: a clock time, whole or decimal seconds, or hours, minutes and seconds
    as in `PT42M30S` (ISO 8601) and `1 h 5 min`. None if none of these."""
    clock = parse_clock(_PARTS_OF_A_SECOND.sub("", text))
    if clock is not None:
        return clock
    seconds = re.match(r"([0-9]{1,6})(?:\.[0-9]{1,6})?\Z", text)
    if seconds:
        return int(seconds[1])
    units = _UNITS.match(text)
    if not units or not any(units.groups()):
        return None
    hours, minutes, rest = (int(part or 0) for part in units.groups())
    return hours * 3600 + minutes * 60 + rest


def as_number(text: str) -> int | None:
    """A whole number of at most six digits, in ten's whatever zeros lead it."""
    return int(text) if re.match(r"[0-9]{1,6}\Z", text) else None


def as_slug(text: str) -> str:
    """`text` as a part of an address: words joined by hyphens, never a path."""
    return _WORDS.sub("-", text.strip().lower()).strip("-.")


def host_name(url: str) -> str:
    """The host of an address, without `www.`; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def safe_url(text: str, site_url: str) -> str | None:
    """`text` as an address that a page may link to (search.safe_links), `/path` as one of the site
    itself; None for everything else, and for what no browser would find."""
    text = text.strip(_EDGE)
    if _NO_ADDRESS.search(text) or not safe_link(text):
        return None
    if text.startswith("/"):
        return site_url + text
    try:
        _ = urlsplit(text).port  # raises on one that is no number
    except ValueError:
        return None
    return text if host_name(text) else None
