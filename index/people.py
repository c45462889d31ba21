"""Who is who: the names of people whom episodes call by a short one, as in `guests: [alovell]`.

A page about each says it (`content/guest/alovell.md`, `_people/alovell.md`), or a file of data
(`_data/guests.yml`): a mapping of short names, or a list in which each item has its own.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.files import MARKDOWN, is_folder, read_bytes
from index.findings import Finding
from index.front_matter import split_front_matter
from index.plain_text import BadDocument, decoded
from index.values import as_text, first_text, safe_url
from index.yaml_values import parse_yaml

_WORDS = ("guest", "guests", "people")
_FOLDERS = tuple(f"{above}{word}" for word in _WORDS for above in ("_", "content/", "src/content/"))
_DATA = tuple(
    f"{folder}/{word}.{ending}"
    for word in _WORDS
    for folder in ("_data", "data", "src/_data")
    for ending in ("yml", "yaml", "json")
)
_NAME_KEYS = ("name", "title", "full_name")
_MAX_PEOPLE = 10_000
_SHORT_KEYS = ("id", "slug", "key", "username", "short")


def read_people(root: Path) -> dict[str, str]:
    """Short name → name, of the site in folder `root`. What cannot be read is passed over: it is
    for the site's own pages."""
    names: dict[str, str] = {}
    for path in _DATA:
        if os.path.isfile(root / path):
            names |= _listed(_data(root, path))
    for folder in filter(lambda each: is_folder(root / each), _FOLDERS):
        for short, path in _pages(root, folder):
            with suppress(BadDocument):
                names[short] = split_front_matter(_text(root, path)).first(_NAME_KEYS)[1] or short
    return names


def _pages(root: Path, folder: str) -> Iterator[tuple[str, str]]:
    """`guests/alovell.md` and `guests/alovell/_index.md` are about `alovell`."""
    try:
        entries = sorted(os.listdir(root / folder))[:_MAX_PEOPLE]
    except OSError:
        return
    for entry in entries:
        stem, _, ending = entry.rpartition(".")
        if f".{ending.lower()}" in MARKDOWN:
            yield stem, f"{folder}/{entry}"
        for name in ("index.md", "_index.md"):
            if os.path.isfile(root / folder / entry / name):
                yield entry, f"{folder}/{entry}/{name}"


def _text(root: Path, path: str) -> str:
    contents = read_bytes(root, path)
    return "" if isinstance(contents, Finding) else decoded(contents.data)


def _data(root: Path, path: str) -> Any:
    try:
        text = _text(root, path)
        if path.endswith(".json"):
            return json.loads(text)
        # The reader of YAML wants a mapping, and here may be a list.
        lines = [line for line in text.split("\n") if line.rstrip() != "---"]
        return parse_yaml("all:\n" + "".join(f" {line}\n" for line in lines), True).values["all"]
    except (ValueError, RecursionError):
        return None


def _listed(data: Any) -> dict[str, str]:
    if isinstance(data, Mapping):
        return dict(_pairs((str(short), about) for short, about in data.items()))
    items = [each for each in data if isinstance(each, Mapping)] if isinstance(data, list) else []
    return dict(_pairs((first_text(each, _SHORT_KEYS), each) for each in items))


def _pairs(people: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    for short, about in people:
        name = first_text(about, _NAME_KEYS) if isinstance(about, Mapping) else as_text(about)
        # `Ada Lovell: @ada` and `ada: https://ada.example` say where she is.
        if short and name and " " not in short and not safe_url(name, ""):
            yield short, name
