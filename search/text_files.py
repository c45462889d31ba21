"""Files that people write: settings, and lists of words."""

import tomllib
from pathlib import Path
from typing import Any

from search.errors import BadSetting

_MOST = 10_000_000
"""Characters. Nobody writes so many; a device has no end."""


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The document in a TOML file; `what` says of what it is a file. Raises BadSetting."""
    try:
        return tomllib.loads(read_text(path, what, "TOML"))
    except ValueError as error:
        # The library's own, or Python's of a number with thousands of digits.
        raise BadSetting(f"{path}: not a readable TOML file: {error}") from None
    except RecursionError:
        raise BadSetting(f"{path}: not a readable TOML file: nested too deep") from None


def read_text(path: Path, what: str, form: str = "text") -> str:
    """The text in a file; `what` says of what it is a file. Raises BadSetting."""
    try:
        # Some editors put a mark of the encoding at the beginning.
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(_MOST + 1)
    except FileNotFoundError:
        raise BadSetting(f"{path}: no such {what} file; name an existing {form} file") from None
    except UnicodeDecodeError:
        raise BadSetting(f"{path}: not a readable {form} file: save it as UTF-8") from None
    except OSError as error:
        raise BadSetting(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(text) > _MOST:
        raise BadSetting(f"{path}: longer than {_MOST:,} characters, no {what} file; name another")
    return text
