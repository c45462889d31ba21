"""A site's folder to the site: what makes its pages, the settings it has of its own, its tags."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from index import hugo, jekyll
from index.files import LINKED_FOLDER, read_bytes
from index.findings import Finding, finding
from index.front_matter import parse_toml
from index.people import read_people
from index.permalinks import STYLES
from index.plain_text import BadDocument, decoded
from index.site import Site
from index.tag_pages import read_tag_names, tag_folder
from index.values import as_text, host_name, safe_url
from index.yaml_values import parse_yaml
from search.errors import UsageError
from search.settings import SiteSettings


def load_site(root: Path, settings: SiteSettings) -> tuple[Site, list[Finding]]:
    """The site in folder `root`; settings go before what it says of itself.

    Raises UsageError if there is no such folder or its own settings cannot be read.
    """
    if not root.is_dir():
        what = "is no folder" if root.exists() else "no such folder"
        raise UsageError(f"{root}: {what}; name the root of a site or a folder of episodes")
    findings: list[Finding] = []
    if (root / "_posts").is_symlink():
        findings.append(finding("_posts", 1, "not-followed", LINKED_FOLDER))
    place, config = _read_config(root)
    of_hugo = place in hugo.CONFIGS
    names = read_tag_names(root, findings)
    url = _site_url(settings.url or as_text(config.get("url")), place, root, findings)
    permalink = settings.permalink or ("" if of_hugo else as_text(config.get("permalink")))
    base = "" if of_hugo else as_text(config.get("baseurl")).strip("/")
    # Pages about tags are no episodes.
    listed = () if of_hugo else jekyll.collections(root, config)
    documents = tuple(each for each in listed if each.folder != tag_folder(root))
    site: Callable[..., Site] = hugo.HugoSite if of_hugo else Site
    if documents or any(jekyll.post_folders(root)):
        site, permalink = partial(jekyll.JekyllSite, collections=documents), permalink or "date"
    loaded = site(
        root=root,
        name=settings.name or _site_name(config, url, root),
        url=url,
        base=f"/{base}".rstrip("/"),
        permalink=STYLES.get(permalink, permalink),
        audio_prefix=settings.audio_prefix or as_text(config.get("mp3_url_path")),
        hidden_flags=settings.hidden_flags,
        config=config,
        tag_names=names,
        people=read_people(root),
        built=(root / "package.json").is_file(),
    )
    return loaded, findings


def _read_config(root: Path) -> tuple[str, Mapping[str, Any]]:
    """The file of the site's settings, "" if there is none, and what it says. Without it every page
    would have another address, so one that cannot be read is refused (UsageError) and what was
    published stays."""
    name = _config_file(root)
    if name is None:
        return "", {}
    contents = read_bytes(root, name)
    if isinstance(contents, Finding):
        raise _unusable(root / name, 1, contents.message)
    try:
        text = decoded(contents.data)
        of_toml = name.endswith(".toml")
        values = (parse_toml(text) if of_toml else parse_yaml(text, lenient=True)).values
    except BadDocument as problem:
        raise _unusable(root / name, problem.line, str(problem)) from None
    return name, values if name in jekyll.CONFIGS else hugo.settings(values)


def _config_file(root: Path) -> str | None:
    """The file of the settings of the site in folder `root`, if it is the root of one."""
    own = next((name for name in jekyll.CONFIGS if (root / name).is_file()), None)
    return own or hugo.config_file(root)


def _unusable(path: Path, line: int, why: str) -> UsageError:
    return UsageError(f"{path}:{line}: {why}; mend it, the addresses of all pages come from there")


def _site_url(text: str, config: str, root: Path, findings: list[Finding]) -> str:
    """`text` as the address of the site in folder `root`, no slash at its end; "" where it is
    none, which is reported with what to do. `config` is the file of its settings, "" for none."""
    text = text.rstrip("/")
    url = safe_url(text, "")
    if url is not None and not text.startswith("/"):
        return url
    said = f"`{text[:80]}` is no http(s) address" if text else "the site's address is not known"
    key = "baseURL" if config in hugo.CONFIGS else "url:"
    way = f"set {f'`{key}` in {config} or ' if config else ''}`url` of [site] in the settings"
    if not config and _config_file(root.resolve().parent):
        way = "this is a part of the site in the folder above, name that one"
    message = f"{said}, so links to its pages lead nowhere; {way}"
    findings.append(finding(config or ".", 1, "no-address", message))
    return ""


def _site_name(config: Mapping[str, Any], url: str, root: Path) -> str:
    named = as_text(config.get("title")) or as_text(config.get("name"))
    return named or host_name(url) or as_text(root.resolve().name)
