"""One setting's value: from what a file, the environment or a flag says to what it has to be."""

import re
from typing import Any, TypeVar, get_origin

from search.errors import BadSetting

_MOST = 1_000_000

_Number = TypeVar("_Number", int, float)


def setting_value(name: str, value: Any, wanted: Any, place: str) -> Any:
    """`value` as the type `wanted` of the setting `name`. Raises BadSetting, which names the
    place, the setting, the value and the choices."""
    try:
        converted = _converted(value, wanted)
    except (TypeError, ValueError, KeyError, OverflowError):
        kind = "a list of texts" if get_origin(wanted) is tuple else _KINDS[wanted]
        raise BadSetting(f"{place}: {name} = {value!r} is not {kind}") from None
    choices = _choices(name, converted, wanted)
    if choices is not None:
        raise BadSetting(f"{place}: {name} = {value!r}: {choices}")
    return converted


def plain_number(text: str, kind: type[_Number]) -> _Number:
    """A number as people write it; Python would read `٣` and `8_0`, too. Raises ValueError."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return kind(text)


def _choices(name: str, value: Any, wanted: Any) -> str | None:
    """What may be chosen instead of a value that the setting cannot have; None where it can."""
    least, most = _RANGES.get(name, (0, _MOST))
    if wanted in (int, float) and not least <= value <= most:
        return f"choose from {least} to {most}"
    if name in _TEMPLATES and not _is_template(value, _TEMPLATES[name]):
        return f"write {{{_TEMPLATES[name]}}} and, for the time, {{clock}} or {{sec}}"
    form, choices = _FORMS.get(name, ("", ""))
    texts = value if isinstance(value, tuple) else (str(value),)
    if name not in _FILES and _NO_LETTER.search("".join(texts)):
        return "write it as UTF-8"
    return None if all(re.match(form, text, re.IGNORECASE) for text in texts) else choices


def _is_template(text: str, target: str) -> bool:
    fields = set(re.findall(r"\{([^{}]*)\}", text))
    return target in fields and fields <= {target, "clock", "sec"}


_RANGES = {
    "index.max_shrink": (0, 1),
    "index.max_bad": (0, 1),
    "index.keep": (1, _MOST),
    "server.port": (0, 65535),
    "server.processes": (1, 64),
    "server.threads": (1, 1000),
    "server.max_searches": (1, _MOST),
}
"""From and to, for numbers that may not be all from 0 on."""
_HOST = r"[\w-]{1,63}(?:\.[\w-]{1,63})*\.?(?::\d{1,5})?"
_FORMS = {
    "site.url": (
        rf"https?://{_HOST}(?:/[^\s?#]*)?\Z|\Z",
        "write an address such as https://show.example",
    ),
    "index.directory": (r"\S", "name a folder"),
    "server.host": (r"\S", "name an address, such as 127.0.0.1"),
    "server.cors_origins": (
        r"\*$|[a-z][a-z0-9+.-]*://[^/\s]+/?$",
        "write * or origins, such as https://show.example",
    ),
    "server.trusted_hosts": (
        rf"\.?{_HOST}\Z",
        "write names, such as find.example, or none for any",
    ),
}
"""What some texts have to look like, and what to do instead."""
_FILES = ("index.directory", "index.key_file", "aliases")
"""What names a file or folder: its name may be any bytes."""
_NO_LETTER = re.compile("[\ud800-\udfff]")
"""What becomes of bytes in the environment that are no UTF-8."""
_TEMPLATES = {"site.jump_link": "url", "site.audio_link": "audio"}
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def _converted(value: Any, wanted: Any) -> Any:
    if get_origin(wanted) is tuple:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(i, str) for i in items):
            raise ValueError(value)
        return tuple(item.strip() for item in items if item.strip())
    if wanted is bool:
        return value if isinstance(value, bool) else _TRUTH[str(value).lower()]
    if wanted in (int, float):
        if isinstance(value, bool) or (wanted is int and isinstance(value, float)):
            raise ValueError(value)
        return plain_number(value, wanted) if isinstance(value, str) else wanted(value)
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(value)
    return value
