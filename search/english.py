"""Which words are plain English: they are no misspellings, whatever a show says."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_LIST = Path(__file__).with_name("words") / "english.txt"
_ENDINGS = ("s", "es", "ed", "ing", "er", "est", "ly")
_BEGINNINGS = ("un", "non", "re")
_SHORTEST = 3


def is_english(term: str) -> bool:
    """Whether a term is on the list, a regular inflection of a word that is, or one of those with
    `un`, `non` or `re` before it (`untrusted`)."""
    rests = {term, *map(term.removeprefix, _BEGINNINGS)}
    return any(_is_listed(rest) for rest in rests if len(rest) > _SHORTEST)


def _is_listed(term: str) -> bool:
    words = _words()
    return term in words or any(plain in words for plain in plain_forms(term))


def plain_forms(term: str) -> Iterator[str]:
    """What a term may be an inflection of: `tries` of `try`, `planning` of `plan`, `closed` of
    `close`."""
    for ending in _ENDINGS:
        base = term.removesuffix(ending)
        if len(base) < _SHORTEST or base == term:
            continue
        yield base
        yield f"{base}e"
        if base[-1] == "i":
            yield f"{base[:-1]}y"
        if base[-1] == base[-2]:
            yield base[:-1]


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
