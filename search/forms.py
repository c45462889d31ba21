"""The forms in which a word may stand in a show, and what is asked of the show's words.

How much each kind of form is worth is the ranking's matter.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Protocol

from msgspec import Struct

from search.names import Name
from search.spelling import Candidate

Slots = tuple[tuple[str, ...], ...]
"""Words in a row: each slot holds the terms that may stand there."""


class Kind(IntEnum):
    """How a form relates to what was typed, from the surest to the loosest."""

    EXACT = 0
    PREFIX = 1
    VARIANT = 2
    ALIAS = 3
    NEAR = 4
    RELATED = 5


class Form(Struct, frozen=True, gc=False, cache_hash=True):
    """Terms in a row that count as the word: each slot holds the terms that may stand there.
    `spelled` is how a name is written that is not its terms with blanks between."""

    kind: Kind
    slots: Slots
    spelled: str = ""

    @property
    def sure(self) -> bool:
        """Whether it is the word itself or a name of it, not merely another word for it."""
        return self.kind < Kind.NEAR

    @property
    def name(self) -> Name:
        """The first term of each slot."""
        return tuple([slot[0] for slot in self.slots])


class Lexicon(Protocol):
    """The words of one show."""

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs; 0 if nowhere."""

    def same_stem(self, stem: str) -> Sequence[str]:
        """All terms that have a stem."""

    def prefixed(self, prefix: str, limit: int) -> list[str]:
        """The terms that begin with a prefix, the commonest first, at most `limit`."""

    def written(self, term: str) -> str:
        """How the show writes a term of its own, in small letters: with its accents."""

    def misspellings(self, term: str) -> Iterable[Candidate]:
        """The terms that a misspelt one might have been meant to be."""

    def misspelt_beginnings(self, begun: str) -> Iterable[Candidate]:
        """The beginnings of terms that a misspelt beginning might have been meant to be, each with
        the frequencies of all terms that begin so, added up."""

    def has_phrase(self, slots: Slots) -> bool:
        """Whether words that may stand in the slots stand in a row anywhere."""


def single_terms(forms: Iterable[Form]) -> tuple[str, ...]:
    """The terms of those forms that are one word, each once."""
    return tuple(
        dict.fromkeys([term for form in forms if len(form.slots) == 1 for term in form.slots[0]])
    )
