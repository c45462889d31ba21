"""What one file gave, in full and as it is kept: with its episode read again when it is wanted."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from index.checks import Facts
from index.findings import Finding
from search.contents import EpisodeOutline, outline
from search.episode import Episode


class FileReading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one file gave: an episode, or in `left_out` why not. `facts` are for the checks of the
    whole show; drafts and broken files have none."""

    path: str
    episode: Episode | None
    left_out: str
    findings: tuple[Finding, ...]
    facts: Facts | None

    @classmethod
    def left_out_for(cls, found: Finding) -> "FileReading":
        """That of a file which is left out because of what was found."""
        return cls(found.path, None, found.message, (found,), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What one file gave, its episode as an outline, and `fetch`, which gives the episode."""

    path: str
    outline: EpisodeOutline | None
    left_out: str
    findings: tuple[Finding, ...]
    facts: Facts | None
    fetch: Callable[[], Episode]

    @classmethod
    def of(cls, reading: FileReading) -> "Known":
        episode = reading.episode
        known = outline(episode) if episode else None

        def fetch() -> Episode:
            assert episode is not None
            return episode

        return cls(reading.path, known, reading.left_out, reading.findings, reading.facts, fetch)
