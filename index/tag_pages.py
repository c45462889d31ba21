"""The pages of a site about its tags: where they are, and what they call the tags."""

from pathlib import Path

from index.files import FileContents, is_folder, read_bytes, walk
from index.findings import Finding, finding
from index.front_matter import split_front_matter
from index.plain_text import BadDocument, decoded
from index.tag_names import tag_names
from index.values import as_text

_FOLDERS = ("tags", "_tags", "tag")


def tag_folder(root: Path) -> str | None:
    """The folder of the pages about tags in the site in folder `root`, None if it has none."""
    return next((folder for folder in _FOLDERS if is_folder(root / folder)), None)


def read_tag_names(root: Path, findings: list[Finding]) -> dict[str, tuple[str, ...]]:
    """What the tags are called (see index.tag_names); what is wrong with a page is added to
    `findings`."""
    pages: dict[str, tuple[str, str]] = {}
    folder = tag_folder(root)
    for path in walk(root, (folder,)) if folder else ():
        page = path if isinstance(path, Finding) else read_bytes(root, path)
        if isinstance(page, Finding):
            findings.append(page)
        else:
            _add(page, pages, findings)
    return tag_names(pages)


def _add(page: FileContents, pages: dict[str, tuple[str, str]], findings: list[Finding]) -> None:
    try:
        values = split_front_matter(decoded(page.data)).values
    except BadDocument as problem:
        message = f"{problem}; this page is not used"
        findings.append(finding(page.path, problem.line, "bad-tag-page", message))
        return
    stem = page.path.rpartition("/")[2].rpartition(".")[0]
    slug = as_text(values.get("tag")) or as_text(values.get("slug")) or stem
    pages[slug] = (as_text(values.get("title")) or slug, as_text(values.get("url")))
