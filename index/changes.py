"""What a publish changes: episodes and moments added, changed, removed."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from search.contents import Contents, EpisodeOutline


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """`added` … are the outlines of episodes, `changed` as they now are; `moments` are counted
    over all episodes."""

    added: tuple[EpisodeOutline, ...]
    changed: tuple[EpisodeOutline, ...]
    removed: tuple[EpisodeOutline, ...]
    moments: Counts

    @property
    def episodes(self) -> Counts:
        return Counts(len(self.added), len(self.changed), len(self.removed))


def changes(before: Contents | None, after: Contents) -> Changes:
    """An episode is the same as one before if its page is; where the page moved, if its file is,
    or if title and moments are."""
    old = before.episodes if before else ()
    pairs = _pairs(old, after.episodes)
    kept = {previous.id for previous, _ in pairs}
    new = {now.id for _, now in pairs}
    removed = tuple(each for each in old if each.id not in kept)
    added = tuple(each for each in after.episodes if each.id not in new)
    changed = tuple(now for previous, now in pairs if previous.digest != now.digest)
    counted = [_moments(p.moments, n.moments) for p, n in pairs if p.packed != n.packed]
    moments = Counts(
        sum(each.added for each in counted) + sum(each.moment_count for each in added),
        sum(each.changed for each in counted),
        sum(each.removed for each in counted) + sum(each.moment_count for each in removed),
    )
    return Changes(added, changed, removed, moments)


def _pairs(
    old: Sequence[EpisodeOutline], new: Sequence[EpisodeOutline]
) -> list[tuple[EpisodeOutline, EpisodeOutline]]:
    pairs: list[tuple[EpisodeOutline, EpisodeOutline]] = []
    left, right = list(old), list(new)
    for same in _SAME:
        known = {same(each): each for each in left}
        found = [(known.pop(same(each), None), each) for each in right]
        pairs += [(before, now) for before, now in found if before is not None]
        right = [now for before, now in found if before is None]
        left = list(known.values())
    return pairs


_SAME: tuple[Callable[[EpisodeOutline], Hashable], ...] = (
    lambda each: each.id,
    lambda each: each.path,
    lambda each: (each.title, each.packed),
)


def _moments(before: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]) -> Counts:
    """A moment that kept its time or its text is changed; one that kept both is not."""
    gone = Counter(before) - Counter(after)
    come = Counter(after) - Counter(before)
    changed = 0
    for part in (0, 1):
        old = {moment[part]: moment for moment in reversed(gone)}
        new = {moment[part]: moment for moment in reversed(come)}
        kept = old.keys() & new.keys()
        gone -= Counter(old[value] for value in kept)
        come -= Counter(new[value] for value in kept)
        changed += len(kept)
    return Counts(come.total(), changed, gone.total())
