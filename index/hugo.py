"""A Hugo site: what it says of itself, and the addresses of its pages.

https://gohugo.io/configuration/permalinks/, https://gohugo.io/content-management/urls/
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.files import is_folder, walk
from index.findings import Finding
from index.front_matter import FrontMatter
from index.permalinks import PageSource, day_tokens
from index.site import Site
from index.values import as_text
from index.yaml_values import Value

_CONTENT = "content"
_FOLDERS = ("", "config/_default/")
CONFIGS = tuple(
    f"{folder}{name}.{ending}"
    for folder in _FOLDERS
    for name in ("hugo", "config")
    for ending in ("toml", "yaml", "yml")
)
_TABLES = ("params", "episode", "extra", "taxonomies")
"""Of Hugo and its themes, and of Zola, which is its like."""
_TOKEN = re.compile(r":([a-z]+)")


@dataclass(frozen=True)
class HugoSite(Site):
    """A site with `content` and the settings of Hugo or Zola."""

    permalink_keys = ("url", "permalink")
    future_key = "buildfuture"
    audio_key = "`media_prefix` of [params]"

    def episode_files(self) -> Iterator[str | Finding]:
        return _pages(walk(self.root, (_CONTENT,)))

    def has_pages(self, path: str) -> bool:
        return True

    def section(self, path: str) -> str:
        return "/".join(path.split("/")[:2][: path.count("/")])

    def completed(self, path: str, front: FrontMatter) -> FrontMatter:
        # Hugo does not mind how keys are written: `Title`, `publishDate`.
        lines = {key.lower(): line for key, line in front.lines.items()}
        items = {key.lower(): lines for key, lines in front.item_lines.items()}
        return replace(front, values=_front_values(front.values), lines=lines, item_lines=items)

    def usual_path(self, page: PageSource) -> str:
        return _page_path(page, self.config)


def config_file(root: Path) -> str | None:
    """The file of its settings, if `root` is such a site."""
    found = (name for name in CONFIGS if (root / name).is_file())
    return next(found, None) if is_folder(root / _CONTENT) else None


def settings(values: Mapping[str, Value]) -> dict[str, Value]:
    """What a site's settings say, under lower-case names, and as Jekyll's say it: the address, and
    where the podcast theme Castanet puts audio files."""
    named = {name.lower(): value for name, value in values.items()}
    params = named.get("params")
    return named | {
        "url": named.get("baseurl", named.get("base_url")),
        "mp3_url_path": params.get("media_prefix") if isinstance(params, dict) else None,
    }


def _pages(found: Iterator[str | Finding]) -> Iterator[str | Finding]:
    """Without what belongs to a page: files beside the `index.md` of a bundle."""
    everything = list(found)
    paths = [each for each in everything if isinstance(each, str)]
    bundles = {_folder(path) for path in paths if _is_bundle(path)}
    for each in everything:
        if isinstance(each, Finding) or _is_bundle(each) or not _is_inside(each, bundles):
            yield each


def _is_bundle(path: str) -> bool:
    # That of the site itself is a page among others.
    return path.rpartition("/")[2].lower().startswith("index.") and path.count("/") > 1


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _is_inside(path: str, bundles: set[str]) -> bool:
    folder = _folder(path)
    while folder:
        if folder in bundles:
            return True
        folder = _folder(folder)
    return False


def _front_values(values: Mapping[str, Value]) -> dict[str, Value]:
    """What front matter says, what it has in tables among the rest."""
    tables = [values.get(name) for name in _TABLES]
    within = {k: v for table in tables if isinstance(table, dict) for k, v in table.items()}
    return {key.lower(): value for key, value in {**within, **values}.items()}


def _page_path(page: PageSource, config: Mapping[str, Any]) -> str:
    """The path of a page, `/` first and last."""
    *folders, file_name = page.path.split("/")[1:]
    # A bundle's page is named after its folder.
    own = folders.pop() if folders and file_name.lower().startswith("index.") else file_name
    folders = list(map(_urlized, folders))
    slug, title = (_urlized(as_text(page.values.get(key))) for key in ("slug", "title"))
    name = _urlized(own.removesuffix(f".{own.rpartition('.')[2]}") if own is file_name else own)
    template = _template(config, folders[0] if folders else "")
    days = day_tokens(page.day)
    tokens = {
        "title": title or name,
        "slug": slug or title or name,
        "slugorfilename": slug or name,
        "slugorcontentbasename": slug or name,
        "filename": name,
        "contentbasename": name,
        "section": folders[0] if folders else "",
        "sections": "/".join(folders),
        "monthname": days.get("long_month", "").lower(),
        "yearday": days.get("y_day", ""),
        **days,
    }
    plain = "/".join([*folders, slug or name])
    filled = _TOKEN.sub(lambda token: tokens.get(token[1], ""), template) if template else plain
    return "/" + "".join(f"{part}/" for part in filled.split("/") if part.strip("."))


def _template(config: Mapping[str, Any], section: str) -> str:
    permalinks = config.get("permalinks")
    of_pages = permalinks.get("page") if isinstance(permalinks, dict) else None
    for each in (of_pages, permalinks):
        if isinstance(each, dict) and as_text(each.get(section)):
            return as_text(each[section])
    return ""


def _urlized(text: str) -> str:
    """As Hugo writes a name in an address: blanks are hyphens, other signs vanish."""
    kept = (char for char in text.strip().lower().replace(" ", "-"))
    return "".join(char for char in kept if char.isalnum() or char in "._+#~-")
