"""A site's folder to its show: every file to an episode or to the reason why it is none.

`read_file` is a pure function of a file's bytes, its path and the site, so what it gives can be
kept for as long as none of the three changes. `read_site` adds what only all files together tell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.checks import check_show
from index.episode_file import PAGE, read_file
from index.file_reading import FileReading
from index.files import read_bytes
from index.findings import Finding, Severity
from index.reading_cache import ReadingCache
from index.site import Site
from index.site_loading import load_site
from search.contents import Outlined
from search.engine import Progress
from search.episode import Show
from search.errors import UsageError
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole site, read. `files` is how many files may have been episodes, `left_out` are those
    that became none, with the reason; `findings` are sorted by place."""

    show: Show
    findings: tuple[Finding, ...]
    files: int
    left_out: tuple[tuple[str, str], ...]


def read_site(
    root: Path,
    settings: Settings,
    progress: Progress | None = None,
    cache: ReadingCache | None = None,
) -> Reading:
    """Reads and checks the site in folder `root`. A bad file is left out and reported.

    Raises UsageError if there is no such folder, no file in it that may be an episode, or if the
    site's own settings cannot be read.
    """
    site, findings = load_site(root, settings.site)
    found = list(site.episode_files())
    if all(isinstance(each, Finding) for each in found):
        every = [each for each in (*findings, *found) if isinstance(each, Finding)]
        unread = (f"\n{f.path}: {f.message}" for f in every if f.code == "not-followed")
        raise UsageError(
            f"{root}: no episodes here; name the root of a Jekyll or Hugo site or a folder"
            f" of Markdown files (.md){''.join(unread)}"
        )
    files: list[FileReading] = []
    for done, each in enumerate(found, start=1):
        files.append(_read(each, site, cache))
        if progress is not None:
            progress("read", done, len(found))
    files = list(_episodes(files, site))
    facts = [file.facts for file in files if file.facts is not None]
    whole = list(check_show(facts, site.tag_names.keys()))
    findings += [*(one for file in files for one in file.findings), *whole]
    until = site.shown_until()
    left_out = {file.path: why for file in files if (why := file.left_out or _waits(file, until))}
    left_out |= {f.path: f.message for f in whole if f.severity is Severity.ERROR}
    shown = [file for file in files if file.outline and file.path not in left_out]
    outlines = (file.outline for file in shown if file.outline)
    episodes = Outlined(outlines, (file.fetch for file in shown))
    show = Show(site.name, site.url + site.base, episodes, dict(site.tag_names))
    return Reading(
        show=show,
        findings=tuple(sorted(set(findings))),
        files=len({file.path for file in files}),
        left_out=tuple(sorted(left_out.items())),
    )


def _episodes(files: Sequence[FileReading], site: Site) -> Iterator[FileReading]:
    """The files without the pages of sections that hold no episodes: guests, sponsors, a blog. Such
    is a section in which nothing has a recording, topics or a number, while in another it has."""
    heard = {site.section(file.path) for file in files if file.facts and file.facts.is_heard}
    for file in files:
        section = site.section(file.path)
        if heard and file.facts and site.has_pages(file.path) and section not in heard:
            why = f"{PAGE}: nothing in {section} has a recording, topics or a number"
            yield FileReading.of(file.path, None, why)
        else:
            yield file


def _read(found: str | Finding, site: Site, cache: ReadingCache | None) -> FileReading:
    if isinstance(found, Finding):
        return FileReading.left_out_for(found)
    known = cache.unchanged(found, site) if cache is not None else None
    if known is not None:
        return known
    contents = read_bytes(site.root, found)
    if isinstance(contents, Finding):
        return FileReading.left_out_for(contents)
    if cache is None:
        return read_file(contents.data, found, site)
    return cache.read(contents, site)


def _waits(file: FileReading, until: date) -> str:
    """Why an episode is not shown yet; empty if it is."""
    day = file.outline.date if file.outline else None
    return f"dated {day}; shown from a reindex on that day on" if day and day > until else ""
