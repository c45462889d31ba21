"""Warming: a generation meets words before it is served, so that who asks first waits no longer
than others. What was asked of the one before comes first, then what listeners are likeliest to ask.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np

from search.engines.answering import Shown
from search.engines.compiled import Compiled
from search.engines.filtering import Filtering
from search.engines.suggesting import Suggesting
from search.hits import Array
from search.passage import FIELDS
from search.request import Request
from search.text_terms import taken_apart
from search.wordlists import Wordlists

_LATEST = 1000
"""Searches that are remembered for the generation after."""
_NAMES = 200
"""Tags, and guests, the most frequent first."""
_WORDS = 1000
"""Other words, the commonest first: with the names fewer than a generation remembers."""
_SHORTEST = 3
_TEXTS = 3000
"""Moments, the newest first: fewer than are remembered."""


@dataclass(frozen=True, slots=True)
class Warming:
    """What was asked of one generation, and what to do before it is asked. `moments` (N,) masks
    the passages that are moments. Safe to share between threads."""

    compiled: Compiled
    lists: Wordlists
    filtering: Filtering
    suggesting: Suggesting
    shown: Shown
    moments: Array
    latest: deque[Request] = field(default_factory=lambda: deque(maxlen=_LATEST))

    def note(self, request: Request) -> None:
        """Remembers what is asked."""
        self.latest.append(request)

    def asked(self) -> tuple[Request, ...]:
        """See Searcher."""
        latest = reversed(self.latest.copy())
        return tuple({(each.text, each.typing, each.exact): each for each in latest}.values())

    def steps(
        self, asked: Iterable[Request], meet: Callable[[str, bool, bool], object]
    ) -> Iterator[None]:
        """Has the words met of what was asked, latest first, then of names and the commonest of the
        show; gathers completions, and takes the newest moments apart, as for showing them. A step
        is a word or a text: as many are taken as there is time for."""
        before = tuple(asked)
        # For the generation after, though nobody should ask them of this one.
        self.latest.extendleft(before)
        for request in chain(before, map(Request, self._names())):
            meet(request.text, request.typing, request.exact)
            yield
        # A number, which gathers those of the episodes, too.
        self.suggesting.suggest("1", 1)
        yield
        for word in islice(self._words(), _WORDS):
            meet(word, False, False)
            yield
        newest = np.flatnonzero(self.moments)[::-1]
        for passage in newest[:_TEXTS].tolist():
            taken_apart(self.shown.moment(passage).text.text)
            yield

    def _names(self) -> Iterator[str]:
        for kind in ("tag", "guest"):
            for value in self.filtering.every(kind)[:_NAMES]:
                yield value.label

    def _words(self) -> Iterator[str]:
        """The words that ask for something, the commonest first."""
        in_passages = np.diff(self.compiled.posting_offsets[:: len(FIELDS)])
        for number in np.argsort(-in_passages, kind="stable").tolist():
            word = self.compiled.terms[number]
            if len(word) >= _SHORTEST and word.isalpha() and not self.lists.is_common(word):
                yield word
