"""A Jekyll site: where posts and the documents of collections are, where their pages go, and what
their front matter need not say.

https://jekyllrb.com/docs/collections/, https://jekyllrb.com/docs/configuration/front-matter-defaults/
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from index.days import as_date
from index.files import MARKDOWN, NOT_EPISODES, is_folder, walk
from index.findings import Finding
from index.front_matter import FrontMatter
from index.permalinks import PageSource, fill_permalink
from index.site import Site
from index.values import as_flag, as_text
from index.yaml_values import Value

CONFIGS = ("_config.yml", "_config.yaml")
_MAX_DEPTH = 4
_SUFFIXES = {"pretty": "/", "date": ":output_ext", "ordinal": ":output_ext", "none": ":output_ext"}


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents that have pages: their `folder` and their permalink."""

    label: str
    folder: str
    permalink: str


@dataclass(frozen=True)
class JekyllSite(Site):
    """A site with `_posts` or collections of documents."""

    collections: tuple[Collection, ...] = ()

    names_by_space = True
    future_key = "future"

    def episode_files(self) -> Iterator[str | Finding]:
        folders = [*post_folders(self.root), *(each.folder for each in self.collections)]
        return walk(self.root, tuple(folders), (*MARKDOWN, ".html"))

    def has_pages(self, path: str) -> bool:
        return self._collection(path) is not None

    def section(self, path: str) -> str:
        collection = self._collection(path)
        return collection.folder if collection else ""

    def is_dated(self, path: str) -> bool:
        return self._collection(path) is None

    def day(self, written: str) -> date | None:
        return as_date(written, _zone(as_text(self.config.get("timezone"))))

    def completed(self, path: str, front: FrontMatter) -> FrontMatter:
        collection = self._collection(path)
        usual = defaults(self.config, path, collection.label if collection else "posts")
        return replace(front, values={**usual, **front.values})

    def categories_above(self, path: str) -> tuple[str, ...]:
        head, found, _ = path.partition("_posts/")
        return tuple(head.strip("/").split("/")) if found and head else ()

    def page_path(self, page: PageSource, own: str) -> str:
        collection = self._collection(page.path)
        if collection is None:
            return super().page_path(page, own)
        inside = page.path.removeprefix(f"{collection.folder}/")
        page = replace(page, path=inside, collection=collection.label)
        return fill_permalink(own or collection.permalink, page)

    def _collection(self, path: str) -> Collection | None:
        """The collection that the file at `path` is a document of; posts are in none."""
        found = (each for each in self.collections if path.startswith(f"{each.folder}/"))
        return next(found, None)


def post_folders(root: Path) -> Iterator[str]:
    """`_posts`, and those of category folders."""
    if is_folder(root / "_posts"):
        yield "_posts"
    if any((root / name).is_file() for name in CONFIGS):
        yield from _below(root, "", 1)


def _below(root: Path, folder: str, depth: int) -> Iterator[str]:
    try:
        names = sorted(entry.name for entry in os.scandir(root / folder) if _may_hold(entry))
    except OSError:
        return
    for name in names:
        if is_folder(root / folder / name / "_posts"):
            yield f"{folder}{name}/_posts"
        if depth < _MAX_DEPTH:
            yield from _below(root, f"{folder}{name}/", depth + 1)


def _may_hold(entry: os.DirEntry[str]) -> bool:
    passed_over = entry.name.startswith((".", "_")) or entry.name in NOT_EPISODES
    return not passed_over and entry.is_dir(follow_symlinks=False)


def collections(root: Path, config: Mapping[str, Any]) -> Iterator[Collection]:
    """The collections whose documents are pages of the site."""
    parent = as_text(config.get("collections_dir")).strip("/")
    above = [root / parent, *(root / folder for folder in PurePosixPath(parent).parents)]
    if not all(map(is_folder, above[:-1])):
        return
    listed = config.get("collections")
    for label, about in listed.items() if isinstance(listed, dict) else ():
        folder = f"{parent}/_{label}".lstrip("/")
        output = isinstance(about, dict) and as_flag(about.get("output"))
        if (
            label != "posts"
            and output
            and ".." not in folder.split("/")
            and is_folder(root / folder)
        ):
            own = as_text(about.get("permalink"))
            yield Collection(label, folder, own or f"/:collection/:path{_suffix(config)}")


def _suffix(config: Mapping[str, Any]) -> str:
    style = as_text(config.get("permalink")) or "date"
    ending = next((end for end in ("/", ":output_ext") if style.endswith(end)), "")
    return _SUFFIXES.get(style, ending)


@cache
def _zone(name: str) -> ZoneInfo | None:
    """The time zone in which Jekyll tells days; None where none is set, or none of that name is
    known here: then a day is as it is written."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def defaults(config: Mapping[str, Any], path: str, kind: str) -> dict[str, Value]:
    """What the front matter of the file at `path` says unless it says so itself; `kind` is
    `posts` or the label of a collection. Longer paths go before shorter ones."""
    listed = config.get("defaults")
    fitting: list[tuple[int, bool, dict[str, Value]]] = []
    for entry in listed if isinstance(listed, list) else ():
        scope, values = _parts(entry)
        within, of_kind = as_text(scope.get("path")).strip("/"), as_text(scope.get("type"))
        # Old sites say `post`.
        if of_kind in ("", kind, kind.removesuffix("s")) and _is_within(path, within):
            fitting.append((len(within), bool(of_kind), values))
    found: dict[str, Value] = {}
    for _, _, values in sorted(fitting, key=lambda each: each[:2]):
        found |= values
    return found


def _parts(entry: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = entry if isinstance(entry, dict) else {}
    scope, values = parts.get("scope"), parts.get("values")
    return scope if isinstance(scope, dict) else {}, values if isinstance(values, dict) else {}


def _is_within(path: str, folder: str) -> bool:
    if "*" in folder:
        return fnmatchcase(path, folder) or fnmatchcase(path, f"{folder}/*")
    return not folder or path == folder or path.startswith(f"{folder}/")
