"""Misspelt words: which word of the show was meant.

Candidates are found by symmetric deletion (Garbe, SymSpell, https://github.com/wolfgarbe/SymSpell):
two words within n edits share a string that is left of both after at most n deletions. Only the
first PREFIX letters are used for the keys, which bounds their number for long words. Candidates
are then measured (optimal string alignment: an insertion, deletion, substitution or transposition
of neighbours is one edit; so is, here, a letter in another place) and weighed by how likely each
slip is and how common the word is.
"""

import math
import zlib
from collections.abc import Iterable
from itertools import combinations

from msgspec import Struct

PREFIX = 8
"""Letters that the keys are made of."""
SHORTEST = 4
"""Shorter words are not corrected: nearly everything is one edit away from them."""
LONG = 8
"""From this length on, two edits are allowed."""
UNLIKELY = 2.5
"""Slips that cost more are not made: two, one of them in the first letter."""
_COMMON = 0.25
"""How much likelier a word is for being common: so much of the logarithm of its frequency."""

# What an edit costs, which is otherwise 1.
_DOUBLED, _SWAPPED, _NEIGHBOUR = 0.7, 0.7, 0.8
_FIRST_LETTER = 1.0
"""What a wrong first letter costs on top."""

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACES = {char: (row, column + row / 2) for row, keys in enumerate(_ROWS)
           for column, char in enumerate(keys)}  # fmt: skip


class Candidate(Struct, frozen=True, gc=False):
    """A word of the show and in how many passages it occurs."""

    term: str
    frequency: int


def allowed_edits(word: str) -> int:
    """How many edits a word of this length may be away from what was meant."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 2 if len(word) >= LONG else 1


def deletion_keys(word: str) -> set[int]:
    """The keys under which a word is found: CRC-32 of its prefix and of what deletions leave.

    Different strings may share a key; candidates are always measured afterwards.
    """
    edits = allowed_edits(word)
    head = word[:PREFIX]
    if not edits:
        return set()
    left = {head}
    for count in range(1, edits + 1):
        left.update("".join(rest) for rest in combinations(head, len(head) - count))
    return {zlib.crc32(rest.encode()) for rest in left}


def best_correction(word: str, candidates: Iterable[Candidate]) -> str | None:
    """The candidate most likely meant, or None if none is near enough. Ties go by spelling."""
    edits = allowed_edits(word)
    weighed = []
    for candidate in candidates:
        if not (within(word, candidate.term, edits) or _moved(word, candidate.term)):
            continue
        cost = slip_cost(word, candidate.term)
        if cost <= UNLIKELY:
            weighed.append((cost - _COMMON * math.log(1 + candidate.frequency), candidate.term))
    return min(weighed)[1] if weighed else None


def within(left: str, right: str, edits: int) -> bool:
    """Whether so few edits make one word of the other."""
    left, right = _unlike(left, right)
    if not left or not right:
        return len(left) + len(right) <= edits
    if abs(len(left) - len(right)) > edits or not edits:
        return False
    swapped = len(left) > 1 and left[:2] == right[1::-1]
    return (
        within(left[1:], right[1:], edits - 1)
        or within(left[1:], right, edits - 1)
        or within(left, right[1:], edits - 1)
        or (swapped and within(left[2:], right[2:], edits - 1))
    )


def _moved(left: str, right: str) -> bool:
    """Whether one letter in another place makes one word of the other: `phyton` of `python`. Of
    the shortest, most words would be made so."""
    if len(left) == SHORTEST:
        return False
    left, right = _unlike(left, right)
    return len(left) > 1 and right in (left[1:] + left[:1], left[-1:] + left[:-1])


def _unlike(left: str, right: str) -> tuple[str, str]:
    """Two words without what both begin or end with: nothing is edited there, and most candidates
    differ in a letter or two."""
    least, begin, end = min(len(left), len(right)), 0, 0
    while begin < least and left[begin] == right[begin]:
        begin += 1
    while end < least - begin and left[-1 - end] == right[-1 - end]:
        end += 1
    return left[begin : len(left) - end], right[begin : len(right) - end]


def slip_cost(typed: str, meant: str) -> float:
    """How unlikely it is to type one word for the other; about 1 for an edit.

    Swapped neighbours and doubled letters are the commonest slips, a neighbouring key is likelier
    than a distant one, and hardly anybody gets the first letter wrong.
    """
    cost = _align(typed, meant)
    return cost + (_FIRST_LETTER if typed[0] != meant[0] else 0.0)


def _align(left: str, right: str) -> float:
    """The least that edits cost which make one word of the other (optimal string alignment)."""
    before: list[float] = []
    row = [float(column) for column in range(len(right) + 1)]
    for i, char in enumerate(left, 1):
        oldest, before, row = before, row, [float(i)]
        for j, other in enumerate(right, 1):
            best = before[j - 1] + _substitution(char, other)
            doubled = i > 1 and left[i - 2] == char
            best = min(best, before[j] + (_DOUBLED if doubled else 1.0))
            missed = j > 1 and right[j - 2] == other
            best = min(best, row[j - 1] + (_DOUBLED if missed else 1.0))
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other != char:
                best = min(best, oldest[j - 2] + _SWAPPED)
            row.append(best)
    return row[-1]


def _substitution(left: str, right: str) -> float:
    if left == right:
        return 0.0
    if left not in _PLACES or right not in _PLACES:
        return 1.0
    (row, column), (other_row, other_column) = _PLACES[left], _PLACES[right]
    near = abs(row - other_row) <= 1 and abs(column - other_column) <= 1
    return _NEIGHBOUR if near else 1.0
