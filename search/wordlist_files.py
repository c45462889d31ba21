"""The files of curated words, read and checked: the two that are shipped, and a show owner's own.

What they mean is search.wordlists' matter.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from search.errors import BadSetting
from search.toml_file import read_toml

_SHIPPED = Path(__file__).with_name("words")

Group = tuple[tuple[str, ...], tuple[str, ...]]
"""Names as they are written, and the names that they go by."""


@lru_cache(maxsize=1)
def shipped_aliases() -> tuple[list[Group], list[tuple[str, str]]]:
    """The shipped aliases, and words as they are written in Britain and in America."""
    path = _SHIPPED / "aliases.toml"
    document = read_toml(path, "aliases")
    spelling = [(british, us) for british, us in document.get("spelling", {}).get("words", ())]
    return _alias_groups(document, path), spelling


@lru_cache(maxsize=1)
def thesaurus() -> dict[str, Any]:
    """The shipped thesaurus as it stands in its file."""
    return read_toml(_SHIPPED / "thesaurus.toml", "aliases")


def own_aliases(path: Path) -> tuple[list[str], list[Group]]:
    """An owner's file: the names to leave out of the shipped aliases, and more aliases. Raises
    BadSetting."""
    document = read_toml(path, "aliases")
    for name, value in document.items():
        if name not in ("alias", "drop"):
            raise BadSetting(f"{path}: {name!r} is not known there; write `alias` or `drop`")
        if not isinstance(value, list):
            raise BadSetting(f"{path}: {name} = {value!r} is not a list")
    dropped = document.get("drop", [])
    if not _are_texts(dropped):
        raise BadSetting(f"{path}: drop = {dropped!r} is not a list of names")
    return dropped, _alias_groups(document, path)


def _alias_groups(document: Mapping[str, Any], path: Path) -> list[Group]:
    groups = []
    for entry in document.get("alias", ()):
        match entry:
            case {"names": names} if _are_texts(names):
                groups.append((tuple(names), tuple(names)))
            case {"from": sources, "to": targets} if _are_texts(sources) and _are_texts(targets):
                groups.append((tuple(sources), tuple(targets)))
            case _:
                raise BadSetting(
                    f"{path}: alias {entry!r} has neither `names` nor `from` and `to` "
                    "(lists of names)"
                )
    return groups


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
