"""Which words are plain English: they are no misspellings, whatever a show says."""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path

_LIST = Path(__file__).with_name("words") / "english.txt"
_ENDINGS = ("s", "es", "ed", "ing", "er", "est", "ly")
_BEGINNINGS = ("un", "non", "re")
_SHORTEST = 3


def is_english(term: str, words: Collection[str]) -> bool:
    """Whether a term is among plain words, a regular inflection of one, or one of those with
    `un`, `non` or `re` before it (`untrusted`)."""
    rests = {term, *map(term.removeprefix, _BEGINNINGS)}
    return any(_is_listed(rest, words) for rest in rests if len(rest) > _SHORTEST)


def _is_listed(term: str, words: Collection[str]) -> bool:
    return term in words or any(plain in words for plain in plain_forms(term))


def plain_forms(term: str) -> Iterator[str]:
    """What a term may be an inflection of: `tries` of `try`, `planning` of `plan`, `closed` of
    `close`."""
    for ending in _ENDINGS:
        base = term.removesuffix(ending)
        if len(base) < _SHORTEST or base == term:
            continue
        yield base
        if ending == "s":
            # `makes` is a form of `make`, but `maks` is not.
            continue
        yield f"{base}e"
        if base[-1] == "i":
            yield f"{base[:-1]}y"
        if base[-1] == base[-2]:
            yield base[:-1]


def english_begun(term: str) -> Iterator[str]:
    """The plain words that begin with a term."""
    words = _in_order()
    from_it_on = islice(words, bisect_left(words, term), None)
    return takewhile(lambda word: word.startswith(term), from_it_on)


@lru_cache(maxsize=1)
def _in_order() -> list[str]:
    return sorted(plain_words())


@lru_cache(maxsize=1)
def plain_words() -> frozenset[str]:
    """The words of the list. Reading them takes as long as many a search."""
    return frozenset(_LIST.read_text(encoding="utf-8").split("\n"))
