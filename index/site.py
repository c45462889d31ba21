"""The site: where its episodes are and how their pages and recordings are addressed.

A Jekyll site says so itself (`_config.yml`, `_posts/`, tag pages). Any other folder of Markdown
is a site too; then the settings say what the folder cannot.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from index.checks import finding
from index.files import Contents, read, walk
from index.findings import Finding
from index.front_matter import split_front_matter
from index.permalinks import STYLES, fill_permalink
from index.plain_text import NotText, decoded
from index.tag_names import tag_names
from index.values import as_flag, as_slug, as_text, safe_url
from index.yaml_values import BadDocument, parse_yaml
from search.errors import UsageError
from search.settings import SiteSettings

_CONFIG = ("_config.yml", "_config.yaml")
_TAG_FOLDERS = ("tags", "_tags", "tag")
_NAMED = re.compile(r"(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})-(?P<slug>.+)")


@dataclass(frozen=True)
class Site:
    """What is known of a site before any episode is read. `url` has no trailing slash."""

    root: Path
    name: str
    url: str
    base: str
    permalink: str
    audio_prefix: str
    jekyll: bool
    hidden_flags: tuple[str, ...]
    config: Mapping[str, Any] = field(default_factory=dict)
    tag_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def episode_files(self) -> Iterator[str | Finding]:
        """Paths of the files that may be episodes, and findings for what is passed over."""
        if self.jekyll:
            return walk(self.root, tuple(_post_folders(self.root)))
        tags = _tag_folder(self.root)
        found = walk(self.root)
        # Pages about tags are no episodes.
        return (each for each in found if not tags or not _path(each).startswith(f"{tags}/"))

    def shown_until(self) -> date:
        """The last day whose posts the site shows by now: as Jekyll, which leaves out what is
        dated after today unless `future: true` is set."""
        all_shown = not self.jekyll or as_flag(self.config.get("future")) is True
        return date.max if all_shown else date.today()

    def page_path(
        self, path: str, name: str, categories: Sequence[str], day: date | None, own: str
    ) -> str:
        """The path of an episode's page, `/` first; `own` is a permalink of its own, "" for none.
        For the others see `fill_permalink`."""
        template = own or self.permalink
        if self.jekyll or template:
            return fill_permalink(template or "/", path, name, categories, day)
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
    config = _config(root)
    jekyll = any(_post_folders(root))
    names = _names(root, findings)
    url = _site_url(settings.url or as_text(config.get("url")), root, findings)
    permalink = settings.permalink or as_text(config.get("permalink"))
    default = "date" if jekyll else ""
    site = Site(
        root=root,
        name=settings.name or _site_name(config, url, root),
        url=url,
        base=("/" + as_text(config.get("baseurl")).strip("/")).rstrip("/"),
        permalink=STYLES.get(permalink or default, permalink),
        audio_prefix=settings.audio_prefix or as_text(config.get("mp3_url_path")),
        jekyll=jekyll,
        hidden_flags=settings.hidden_flags,
        config=config,
        tag_names=names,
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


def _post_folders(root: Path) -> Iterator[str]:
    """`_posts`, and those of Jekyll's category folders."""
    if _is_folder(root / "_posts"):
        yield "_posts"
    if any((root / name).is_file() for name in _CONFIG):
        for folder in sorted(root.iterdir()):
            if not folder.name.startswith((".", "_")) and _is_folder(folder / "_posts"):
                yield f"{folder.name}/_posts"


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _config(root: Path) -> Mapping[str, Any]:
    """What `_config.yml` says. Without its settings every page would have another address, so one
    that cannot be read is refused (UsageError) and what was published stays."""
    for name in _CONFIG:
        if not (root / name).is_file():
            continue
        contents = read(root, name)
        if isinstance(contents, Finding):
            raise _unusable(root / name, 1, contents.message)
        try:
            return parse_yaml(decoded(contents.data), lenient=True).values
        except (NotText, BadDocument) as problem:
            raise _unusable(root / name, problem.line, str(problem)) from None
    return {}


def _unusable(path: Path, line: int, why: str) -> UsageError:
    return UsageError(f"{path}:{line}: {why}; mend it, the addresses of all pages come from there")


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
    return next((folder for folder in _TAG_FOLDERS if _is_folder(root / folder)), None)


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


def _site_url(text: str, root: Path, findings: list[Finding]) -> str:
    text = text.rstrip("/")
    url = safe_url(text, "")
    if url is None or not text.startswith("http"):
        place = next((name for name in _CONFIG if (root / name).is_file()), ".")
        said = f"`{text[:80]}` is no http(s) address" if text else "the site's address is not known"
        message = (
            f"{said}, so links to its pages lead nowhere;"
            " set `url:` in _config.yml or `url` of [site] in the settings"
        )
        findings.append(finding(place, 1, "no-address", message))
        return ""
    return url


def _site_name(config: Mapping[str, Any], url: str, root: Path) -> str:
    named = as_text(config.get("title")) or as_text(config.get("name"))
    return named or (urlsplit(url).hostname or "").removeprefix("www.") or root.resolve().name
