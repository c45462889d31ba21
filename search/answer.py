"""Answers: what a search found, as values. Pages, JSON and the terminal only show them.

An answer holds hundreds of them: msgspec makes one in a fifth of a dataclass's time. Those that
hold nothing but texts and numbers are of no concern to the garbage collector.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct, field


class Marked(Struct, frozen=True, gc=False):
    """A text and the places in it that made it match: rising, disjoint (start, end) offsets."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


class Reason(Struct, frozen=True):
    """Why something ranks where it does: a sentence, and by name the numbers that add up to
    the last of them, `score`."""

    sentence: str
    numbers: Mapping[str, float]

    @property
    def sum(self) -> str:
        """The numbers as one reads them: `0.9 = docker 0.5 + boat 0.4`."""
        parts = [f"{name} {part:.3g}" for name, part in self.numbers.items() if name != "score"]
        return f"{self.numbers.get('score', 0):.3g} = {' + '.join(parts)}" if parts else ""


class MomentAnswer(Struct, frozen=True):
    """One moment of a found episode, with its jump links, as safe as the episode's. Times in
    seconds; `time` is a clock."""

    start: int
    end: int | None
    time: str
    text: Marked
    url: str
    audio_url: str | None
    score: float
    reason: Reason | None = None


class EpisodeAnswer(Struct, frozen=True):
    """One found episode: its best moments, best first, and `timeline`, the starts of all matching
    moments in the order of time. `ticks` are those same moments in full, in the order of time;
    they are filled only when the request asked for them. `excerpt` is what its text says, where
    none of its moments says anything. `missing` are the wanted words that the
    episode does not hold, not even in other forms or names. Addresses lead to a page or a file
    (search.safe_links): `url` is empty and `audio_url` None where they would not."""

    id: str
    number: int | None
    category: str | None
    title: Marked
    description: Marked
    url: str
    audio_url: str | None
    date: date | None
    duration: int | None
    guests: tuple[str, ...]
    tags: tuple[str, ...]
    score: float
    found_moments: int
    timeline: tuple[int, ...]
    moments: tuple[MomentAnswer, ...]
    ticks: tuple[MomentAnswer, ...] = ()
    excerpt: Marked | None = None
    missing: tuple[str, ...] = ()
    reason: Reason | None = None


class FacetValue(Struct, frozen=True, gc=False):
    """A value to narrow by, its name for people, and how many found episodes have it."""

    value: str
    label: str
    count: Annotated[int, Meta(ge=0)]


class Correction(Struct, frozen=True):
    """A word that occurs nowhere, and the word that was searched in its place."""

    typed: str = field(name="from")
    used: str = field(name="to")


class IndexStatus(Struct, frozen=True):
    """The generation that gave an answer, and whose show it is.

    `built_at` is in UTC, without parts of a second. `degraded` says why it is not the current one.
    `edition` changes with whatever else shapes answers: the program, the settings.
    """

    generation: str
    built_at: datetime
    episodes: int
    moments: int
    degraded: str | None = None
    show_name: str = ""
    show_url: str = ""
    edition: str = ""


class Answer(Struct, frozen=True):
    """A page of results and the truth about all of them.

    `found_*` and `facets` count every match, not the page; `facets` are empty where none were
    wanted. `complete_episodes` of the found ones hold all the words; the others match in part.
    `partial` is True when none holds them all.
    `missing` are words that occur nowhere, and values and dates of filters that no episode has
    (`tag:flaks`, also of `tag:flask,flaks`; `after:2030`).
    `related` are words the answer also looked for: (typed word, other word).
    """

    query: str
    interpreted: str
    corrections: tuple[Correction, ...]
    complete_episodes: int
    partial: bool
    missing: tuple[str, ...]
    related: tuple[tuple[str, str], ...]
    found_episodes: int
    found_moments: int
    page: int
    per_page: int
    took_ms: float
    index: IndexStatus
    facets: Mapping[str, tuple[FacetValue, ...]]
    results: tuple[EpisodeAnswer, ...]

    @property
    def also(self) -> tuple[str, ...]:
        """The other words of `related`, each once, without those that were typed themselves."""
        typed = f" {self.interpreted or self.query} ".casefold()
        others = dict.fromkeys(other for _, other in self.related)
        return tuple(other for other in others if f" {other} ".casefold() not in typed)


class Suggestion(Struct, frozen=True):
    """A completion for the box: what to put there, what it is, and the page that it leads to, as
    safe as an episode's; empty where it is searched for."""

    text: str
    description: str
    url: str
