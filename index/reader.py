"""A site's folder to its show: every file to an episode or to the reason why it is none.

`read_file` is a pure function of a file's bytes, its path and the site, so what it gives can be
kept for as long as none of the three changes. `read_site` adds what only all files together tell.
"""

from dataclasses import dataclass
from pathlib import Path

from index.checks import check_show
from index.episode_file import read_file
from index.file_reading import Known
from index.files import read
from index.findings import Finding, Severity
from index.reading_cache import ReadingCache
from index.site import Site, load_site
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
    paths: list[str] = []
    left_out: dict[str, str] = {}
    for found in site.episode_files():
        if isinstance(found, Finding):
            findings.append(found)
            left_out[found.path] = found.message
        else:
            paths.append(found)
    if not paths and not left_out:
        raise UsageError(
            f"{root}: no episodes here; name the root of a Jekyll or Hugo site or a folder"
            " of Markdown files (.md)"
        )
    files_seen = len({*paths, *left_out})
    files: list[Known] = []
    until = site.shown_until()
    for done, path in enumerate(paths, start=1):
        file = _read(path, site, cache)
        if isinstance(file, Finding):
            findings.append(file)
            left_out[path] = file.message
        else:
            files.append(file)
            findings += file.findings
            if file.left_out:
                left_out[path] = file.left_out
            elif file.outline and (file.outline.date or until) > until:
                left_out[path] = f"dated {file.outline.date}; shown from a reindex on that day on"
        if progress is not None:
            progress("read", done, len(paths))
    facts = [file.facts for file in files if file.facts is not None]
    whole = list(check_show(facts, site.tag_names.keys()))
    findings += whole
    left_out |= {f.path: f.message for f in whole if f.severity is Severity.ERROR}
    shown = [file for file in files if file.outline and file.path not in left_out]
    outlines = (file.outline for file in shown if file.outline)
    episodes = Outlined(outlines, (file.fetch for file in shown))
    show = Show(site.name, site.url + site.base, episodes, dict(site.tag_names))
    return Reading(
        show=show,
        findings=tuple(sorted(set(findings))),
        files=files_seen,
        left_out=tuple(sorted(left_out.items())),
    )


def _read(path: str, site: Site, cache: ReadingCache | None) -> Known | Finding:
    known = cache.unchanged(path, site) if cache is not None else None
    if known is not None:
        return known
    contents = read(site.root, path)
    if isinstance(contents, Finding):
        return contents
    if cache is None:
        return Known.of(read_file(contents.data, path, site))
    return cache.read(contents, site)
