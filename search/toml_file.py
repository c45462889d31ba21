"""TOML files that a show's owner writes: settings, and names of the show's own."""

import tomllib
from pathlib import Path
from typing import Any

from search.errors import BadSetting


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The document in a file; `what` says of what it is a file. Raises BadSetting."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise BadSetting(f"{path}: no such {what} file; name an existing TOML file") from None
    except UnicodeDecodeError:
        raise BadSetting(f"{path}: not a readable TOML file: save it as UTF-8") from None
    except OSError as error:
        raise BadSetting(f"{path}: cannot be read: {error.strerror or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{path}: not a readable TOML file: {error}") from None
