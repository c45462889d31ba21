"""Where words are met: what an engine hands to the ranking. Plain arrays, no engine's types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Hits:
    """Rising passage numbers (n,) and a strength for each (n,)."""

    passages: Array
    strengths: Array

    def __len__(self) -> int:
        return len(self.passages)


NO_HITS = Hits(np.zeros(0, np.int32), np.zeros(0, np.float32))


@dataclass(frozen=True, slots=True)
class WordHits:
    """Where one wanted word is met.

    `own` in moments, paragraphs and links, `heads` in the heads of episodes by name of the field.
    `beside` are the passages where the next wanted word stands right after it, `beside_heads` the
    same in heads. `frequency` counts the passages that hold the word itself or a name of it, not
    merely a word of near meaning. `weight` is 0 for words that cost nothing when missing. `subject`
    words are words of the show's tags: what episodes are about, so they must be held.
    `held` masks the episodes (E,) that hold the word itself or a name of it.
    """

    own: Hits
    heads: Mapping[str, Hits]
    frequency: int
    held: Array
    weight: float = 1.0
    subject: bool = False
    beside: Array = field(default_factory=lambda: NO_HITS.passages)
    beside_heads: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """How passages belong to episodes, as the ranking needs it.

    `episode` (N,) the episode of each passage, rising; `unit` (N,) whether a passage is ranked by
    itself: a moment, or a paragraph of an episode that has no moments; `moment` (N,) whether it is
    a moment; `links` (N,) whether it is a list of links. Other text is context of its episode.
    """

    episode: Array
    unit: Array
    moment: Array
    links: Array
    episodes: int
