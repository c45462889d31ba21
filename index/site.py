"""The site: where its episodes are and how their pages and recordings are addressed.

A Jekyll site says so itself (`_config.yml`, `_posts/`, collections, tag pages), and so does a Hugo
site (`hugo.toml`, `content/`). Any other folder of Markdown is a site too; then the settings say
what the folder cannot.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from index import hugo
from index.files import LINKED_FOLDER, MARKDOWN, Contents, is_folder, read, walk
from index.findings import Finding, finding
from index.front_matter import FrontMatter, split_front_matter
from index.jekyll import Collection, collections, defaults, post_folders
from index.permalinks import STYLES, day_tokens, fill_permalink
from index.plain_text import NotText, decoded
from index.site_config import read_config, site_url
from index.tag_names import tag_names
from index.values import as_flag, as_slug, as_text
from index.yaml_values import BadDocument
from search.errors import UsageError
from search.settings import SiteSettings

_TAG_FOLDERS = ("tags", "_tags", "tag")
_NAMED = re.compile(r"(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})[-_ ](?P<slug>.+)")


@dataclass(frozen=True)
class Site:
    """What is known of a site before any episode is read. `url` has no trailing slash. `jekyll` and
    `hugo` say what makes its pages; if neither, it is a folder."""

    root: Path
    name: str
    url: str
    base: str
    permalink: str
    audio_prefix: str
    jekyll: bool
    hugo: bool
    hidden_flags: tuple[str, ...]
    config: Mapping[str, Any] = field(default_factory=dict)
    tag_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    collections: tuple[Collection, ...] = ()

    def episode_files(self) -> Iterator[str | Finding]:
        """Paths of the files that may be episodes, and findings for what is passed over."""
        if self.jekyll:
            folders = [*post_folders(self.root), *(each.folder for each in self.collections)]
            return walk(self.root, tuple(folders), (*MARKDOWN, ".html"))
        if self.hugo:
            return hugo.pages(walk(self.root, (hugo.CONTENT,)))
        tags = _tag_folder(self.root)
        found = walk(self.root)
        # Pages about tags are no episodes.
        return (each for each in found if not tags or not _path(each).startswith(f"{tags}/"))

    def collection(self, path: str) -> Collection | None:
        """The collection that the file at `path` is a document of; posts are in none."""
        found = (each for each in self.collections if path.startswith(f"{each.folder}/"))
        return next(found, None)

    def has_pages(self, path: str) -> bool:
        """Whether a file at `path` may be a page of the site that is no episode."""
        return self.hugo or self.collection(path) is not None

    def completed(self, path: str, front: FrontMatter) -> FrontMatter:
        """The front matter of the file at `path`, with what the site says for it."""
        if self.hugo:
            return replace(front, values=hugo.front_values(front.values))
        if not self.jekyll or "defaults" not in self.config:
            return front
        collection = self.collection(path)
        usual = defaults(self.config, path, collection.label if collection else "posts")
        return replace(front, values={**usual, **front.values})

    def shown_until(self) -> date:
        """The last day whose posts the site shows by now: Jekyll and Hugo leave out what is dated
        after today unless `future`, `buildFuture` is set."""
        wanted = self.config.get("buildfuture" if self.hugo else "future")
        all_shown = not (self.jekyll or self.hugo) or as_flag(wanted) is True
        return date.max if all_shown else date.today()

    def page_path(
        self,
        path: str,
        name: str,
        categories: Sequence[str],
        day: date | None,
        values: Mapping[str, Any],
        own: str,
    ) -> str:
        """The path of an episode's page, `/` first; `own` is a permalink of its own, "" for none,
        `values` is its front matter. For the others see `fill_permalink`."""
        template = own or self.permalink
        collection = self.collection(path)
        if collection:
            inside = path.removeprefix(f"{collection.folder}/")
            template = own or collection.permalink
            return fill_permalink(template, inside, name, categories, day, collection.label)
        if self.jekyll or template:
            return fill_permalink(template or "/", path, name, categories, day)
        if self.hugo:
            days = day_tokens(day) if day else {}
            return hugo.page_path(path, values, days, self.config)
        folders = [as_slug(part) for part in _page_file(path).split("/")[:-1]]
        return "/" + "/".join([*folders, as_slug(name)])

    def page_url(self, page: str) -> str:
        """The address of the page with path `page`."""
        return self.url + self.base + quote(page, safe="/:@!$&'()*+,;=~%")


def load_site(root: Path, settings: SiteSettings) -> tuple[Site, list[Finding]]:
    """The site in folder `root`; settings go before what it says of itself.

    Raises UsageError if there is no such folder or its `_config.yml` cannot be read.
    """
    if not root.is_dir():
        what = "is no folder" if root.exists() else "no such folder"
        raise UsageError(f"{root}: {what}; name the root of a site or a folder of episodes")
    findings: list[Finding] = []
    if (root / "_posts").is_symlink():
        findings.append(finding("_posts", 1, "not-followed", LINKED_FOLDER))
    place, config = read_config(root)
    of_hugo = place in hugo.CONFIGS
    documents = () if of_hugo else tuple(_episodes_of(root, config))
    jekyll = any(post_folders(root)) or bool(documents)
    names = _names(root, findings)
    url = site_url(settings.url or as_text(config.get("url")), place, root, findings)
    permalink = settings.permalink or ("" if of_hugo else as_text(config.get("permalink")))
    default = "date" if jekyll else ""
    base = "" if of_hugo else as_text(config.get("baseurl")).strip("/")
    site = Site(
        root=root,
        name=settings.name or _site_name(config, url, root),
        url=url,
        base=f"/{base}".rstrip("/"),
        permalink=STYLES.get(permalink or default, permalink),
        audio_prefix=settings.audio_prefix or as_text(config.get("mp3_url_path")),
        jekyll=jekyll,
        hugo=of_hugo and not jekyll,
        hidden_flags=settings.hidden_flags,
        config=config,
        tag_names=names,
        collections=documents,
    )
    return site, findings


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


def _episodes_of(root: Path, config: Mapping[str, Any]) -> Iterator[Collection]:
    # Pages about tags are no episodes.
    tags = _tag_folder(root)
    return (each for each in collections(root, config) if each.folder != tags)


def _names(root: Path, findings: list[Finding]) -> dict[str, tuple[str, ...]]:
    pages: dict[str, tuple[str, str]] = {}
    folder = _tag_folder(root)
    for path in walk(root, (folder,)) if folder else ():
        page = path if isinstance(path, Finding) else read(root, path)
        if isinstance(page, Finding):
            findings.append(page)
        else:
            _add_tag_page(page, pages, findings)
    return tag_names(pages)


def _tag_folder(root: Path) -> str | None:
    return next((folder for folder in _TAG_FOLDERS if is_folder(root / folder)), None)


def _add_tag_page(
    page: Contents, pages: dict[str, tuple[str, str]], findings: list[Finding]
) -> None:
    try:
        values = split_front_matter(decoded(page.data)).values
    except (NotText, BadDocument) as problem:
        message = f"{problem}; this page is not used"
        findings.append(finding(page.path, problem.line, "bad-tag-page", message))
        return
    stem = page.path.rpartition("/")[2].rpartition(".")[0]
    slug = as_text(values.get("tag")) or as_text(values.get("slug")) or stem
    pages[slug] = (as_text(values.get("title")) or slug, as_text(values.get("url")))


def _site_name(config: Mapping[str, Any], url: str, root: Path) -> str:
    named = as_text(config.get("title")) or as_text(config.get("name"))
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return named or host or as_text(root.resolve().name)
