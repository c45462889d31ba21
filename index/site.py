"""A site: where its episodes are and how their pages are addressed.

The one here is a folder of Markdown, perhaps one that Astro or the like make a site of; what Jekyll
and Hugo do otherwise stands in `index.jekyll` and `index.hugo`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from index.days import as_date
from index.files import walk
from index.findings import Finding
from index.front_matter import FrontMatter
from index.permalinks import PageSource, fill_permalink
from index.tag_pages import tag_folder
from index.values import as_flag, as_slug

_SOURCES = ("src", "content", "pages")
"""Folders of what generators in JavaScript make pages of: no part of an address."""
_NAMED = re.compile(r"(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})[-_ ](?P<slug>.+)")


@dataclass(frozen=True)
class Site:
    """What is known of a site before any episode is read. `url` has no trailing slash, `config` is
    what its own settings say, `tag_names` what its tag pages do (see index.tag_names), `people` who
    is who (see index.people); `built`: a generator in JavaScript, such as Astro or Eleventy, makes
    pages of the folder, and of much else in it."""

    root: Path
    name: str
    url: str
    base: str
    permalink: str
    audio_prefix: str
    hidden_flags: tuple[str, ...]
    config: Mapping[str, Any] = field(default_factory=dict)
    tag_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    built: bool = False

    permalink_keys: ClassVar[tuple[str, ...]] = ("permalink",)
    """The keys of front matter that may hold the path of a page."""
    audio_key: ClassVar[str] = "`mp3_url_path` of _config.yml"
    """Where the site itself may say what the names of audio files are put behind."""
    names_by_space: ClassVar[bool] = False
    """Whether a text that lists tags or categories is parted at spaces."""
    future_key: ClassVar[str] = ""
    """The setting that shows posts of days to come; empty where they are always shown."""

    def episode_files(self) -> Iterator[str | Finding]:
        """Paths of the files that may be episodes, and findings for what is passed over."""
        tags = tag_folder(self.root)
        found = walk(self.root)
        # Pages about tags are no episodes.
        return (each for each in found if not tags or not _path(each).startswith(f"{tags}/"))

    def has_pages(self, path: str) -> bool:
        """Whether a file at `path` may be a page of the site that is no episode."""
        return self.built

    def section(self, path: str) -> str:
        """The part of the site that the file at `path` is in: a folder."""
        return _page_file(path).rpartition("/")[0] if self.built else ""

    def is_dated(self, path: str) -> bool:
        """Whether the file at `path` has to have its date in its name."""
        return False

    def day(self, written: str) -> date | None:
        """The day of a date as it is `written`."""
        return as_date(written)

    def completed(self, path: str, front: FrontMatter) -> FrontMatter:
        """The front matter of the file at `path`, with what the site says for it."""
        return front

    def categories_above(self, path: str) -> tuple[str, ...]:
        """The categories of the file at `path` that the folders it is in say."""
        return ()

    def shown_until(self) -> date:
        """The last day whose posts the site shows by now."""
        waits = self.future_key and not as_flag(self.config.get(self.future_key))
        return date.today() if waits else date.max

    def page_path(self, page: PageSource, own: str) -> str:
        """The path of an episode's page, `/` first; `own` is a permalink of its own, "" for
        none."""
        template = own or self.permalink
        return fill_permalink(template, page) if template else self.usual_path(page)

    def usual_path(self, page: PageSource) -> str:
        """The path of a page where no permalink says it."""
        folders = _page_file(page.path).split("/")[:-1]
        while self.built and folders and folders[0] in _SOURCES:
            folders.pop(0)
        return "/" + "/".join(map(as_slug, [*folders, page.name]))

    def page_url(self, page: str) -> str:
        """The address of the page with path `page`."""
        return self.url + self.base + quote(page, safe="/:@!$&'()*+,;=~%")


def split_name(path: str) -> tuple[str, str]:
    """Day (or "") and the rest of an episode's file name: `2020-12-28-63-changelog.md`."""
    stem = _page_file(path).rpartition("/")[2].rpartition(".")[0]
    found = _NAMED.match(stem)
    return (found["date"], found["slug"]) if found else ("", stem)


def _page_file(path: str) -> str:
    """The file that a page is named after: `rust/index.md` is the page of `rust.md`."""
    folder, _, name = path.rpartition("/")
    return f"{folder}.md" if folder and name.lower().startswith("index.") else path


def _path(found: str | Finding) -> str:
    return found.path if isinstance(found, Finding) else found
