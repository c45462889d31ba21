"""What one file gave: its episode is read again when it is wanted, so that not all are held."""

from collections.abc import Callable
from dataclasses import dataclass

from index.checks import Facts
from index.findings import Finding
from search.contents import EpisodeOutline, outline
from search.episode import Episode


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file gave: the outline of an episode, which `fetch` gives in full, or in `left_out`
    why there is none. `facts` are for the checks of the whole show; drafts and broken files have
    none."""

    path: str
    outline: EpisodeOutline | None
    fetch: Callable[[], Episode]
    left_out: str
    findings: tuple[Finding, ...]
    facts: Facts | None

    @classmethod
    def of(
        cls,
        path: str,
        episode: Episode | None,
        left_out: str,
        findings: tuple[Finding, ...] = (),
        facts: Facts | None = None,
    ) -> "FileReading":
        """That of a file whose episode is at hand."""

        def fetch() -> Episode:
            assert episode is not None
            return episode

        known = outline(episode) if episode else None
        return cls(path, known, fetch, left_out, findings, facts)

    @classmethod
    def left_out_for(cls, found: Finding) -> "FileReading":
        """That of a file which is left out because of what was found."""
        return cls.of(found.path, None, found.message, (found,))

    @property
    def episode(self) -> Episode | None:
        return self.fetch() if self.outline else None
