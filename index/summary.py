"""What a reindex or a check tells at its end, as lines of text."""

from collections.abc import Iterator, Sequence

from index.changes import Counts
from index.episode_file import PAGE
from index.findings import Finding, Severity, escaped
from index.reader import Reading
from index.reindex import Outcome
from index.values import host_name
from search.contents import EpisodeOutline
from search.episode import Show
from search.wording import plural

_NAMED = 5
"""So many episodes of a kind are named; the others are counted."""


def reindex_lines(outcome: Outcome) -> Iterator[str]:
    """The summary of a reindex."""
    reading, published, changed = outcome.reading, outcome.published, outcome.changes
    yield _line("Read", plural(reading.files, "file"))
    yield from left_out_lines(reading)
    yield _line("Findings", findings_line(reading.findings))
    if _is_address(reading.show):
        how = "give it a name with `title:` in _config.yml or the setting site.name"
        yield _line("Show", f"{reading.show.name}, after its address; {how}")
    size = f"{plural(published.episodes, 'episode')}, {plural(published.moments, 'moment')}"
    if published.unchanged:
        yield _line("Unchanged", f"{size}: {published.generation} already holds just that")
    else:
        yield _line("Changes", f"episodes: {_counts(changed.episodes)}")
        yield _line("", f"moments: {_counts(changed.moments)}")
        for word, episodes in (
            ("added", changed.added),
            ("changed", changed.changed),
            ("removed", changed.removed),
        ):
            yield from _named(word, episodes)
        yield _line("Published", f"{size} as {published.generation}")
        if published.reused:
            yield _line("", f"{plural(published.reused, 'episode')} taken over as they were")
    building = outcome.seconds - outcome.reading_seconds
    yield _line(
        "Took",
        f"{outcome.seconds:.2f} s (reading {outcome.reading_seconds:.2f}, building {building:.2f})",
    )


def left_out_lines(reading: Reading) -> Iterator[str]:
    """Each file that is not published, and why; of pages that are no episodes, a few."""
    pages = [path for path, reason in reading.left_out if reason.startswith(PAGE)]
    counted = set(pages[_NAMED:])
    lines = [
        f"{escaped(path)}: {escaped(reason)}"
        for path, reason in reading.left_out
        if path not in counted
    ]
    if counted:
        lines.append(f"and {plural(len(counted), 'more page')} of that kind")
    for number, line in enumerate(lines):
        yield _line("" if number else "Left out", line)


def findings_line(findings: Sequence[Finding]) -> str:
    """How many errors and warnings there are."""
    errors = sum(each.severity is Severity.ERROR for each in findings)
    if not findings:
        return "none"
    return f"{plural(errors, 'error')}, {plural(len(findings) - errors, 'warning')}"


def _is_address(show: Show) -> bool:
    """Whether a show has no name of its own (see index.site_loading)."""
    return show.name == host_name(show.url) != ""


def _line(label: str, text: str) -> str:
    return f"{label:<10} {text}"


def _counts(counts: Counts) -> str:
    return f"{counts.added:,} added, {counts.changed:,} changed, {counts.removed:,} removed"


def _named(word: str, episodes: tuple[EpisodeOutline, ...]) -> Iterator[str]:
    if len(episodes) > _NAMED:
        return
    for each in episodes:
        yield _line("", f"{word}: {escaped(each.title)} ({escaped(each.path)})")
