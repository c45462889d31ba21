"""What is asked: queries drawn from a show by seeded rules, some ten of each class.

No query is picked by hand. Words come from bands of frequency (ranks among the words of the
moments, the first thirty left out: nobody searches for "the"); words that belong together come
from one moment; a misspelt word is a real one with one slip and occurs nowhere.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from search.analysis import terms
from search.episode import Episode, Show

EACH = 10
_TRIES = 4000


class Class(StrEnum):
    """The classes of queries, in the order of the tables."""

    WORD = "one word"
    AND = "AND"
    OR = "OR"
    PHRASE = "phrase"
    PREFIX = "prefix"
    MISSPELT = "misspelt"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as each engine can write it: the words one by one, and the text a person types.

    `prefix`: the last word is unfinished. `filters`: kind (`tag`, `year`) → value.
    """

    kind: Class
    words: tuple[str, ...]
    filters: tuple[tuple[str, str], ...] = field(default=())

    @property
    def text(self) -> str:
        """As typed into our box."""
        text = " ".join(self.words)
        return f'"{text}"' if self.kind is Class.PHRASE else text

    @property
    def prefix(self) -> bool:
        return self.kind is Class.PREFIX


def drawn(show: Show, seed: int = 5, each: int = EACH) -> list[Asked]:
    """`each` queries of every class, those of a class together, none twice."""
    source = _Source(show, seed)
    rules: dict[Class, Callable[[int], Asked | None]] = {
        Class.WORD: source.word,
        Class.AND: source.all_of,
        Class.OR: source.any_of,
        Class.PHRASE: source.phrase,
        Class.PREFIX: source.prefix,
        Class.MISSPELT: source.misspelt,
        Class.FILTERED: source.filtered,
    }
    return [asked for rule in rules.values() for asked in _some(rule, each)]


def _some(rule: Callable[[int], Asked | None], each: int) -> Iterator[Asked]:
    seen: set[Asked] = set()
    for attempt in range(_TRIES):
        # A rule takes turns between its variants by the number of queries it has given.
        asked = rule(len(seen))
        if asked is not None and asked not in seen:
            seen.add(asked)
            yield asked
        if len(seen) == each:
            return
        assert attempt < _TRIES - 1 or seen, f"{rule.__name__} finds no query in this show"


class _Source:
    """A show's words by frequency, and the rules that draw from them."""

    def __init__(self, show: Show, seed: int) -> None:
        self._chance = random.Random(seed)
        self._episodes = show.episodes
        self._holders: dict[str, set[int]] = {}
        frequency: dict[str, int] = {}
        self._moments: list[tuple[int, list[str]]] = []
        for number, episode in enumerate(show.episodes):
            for moment in episode.moments:
                words = terms(moment.text)
                self._moments.append((number, words))
                for word in set(words):
                    frequency[word] = frequency.get(word, 0) + 1
                    self._holders.setdefault(word, set()).add(number)
        self._known = set(frequency)
        for episode in show.episodes:
            self._known.update(w for text in _texts(episode) for w in terms(text))
        ranked = sorted(frequency, key=lambda word: (-frequency[word], word))
        usable = [word for word in ranked[30:] if word.isalpha() and len(word) >= 3]
        self._bands = {
            "common": usable[:120],
            "middle": usable[120:1200] or usable,
            "rare": [word for word in usable[120:] if 2 <= frequency[word] <= 6] or usable,
        }
        self._band_of = {w: name for name in self._bands for w in self._bands[name]}

    def word(self, turn: int) -> Asked:
        return Asked(Class.WORD, (self._from(("common", "middle", "rare")[turn % 3]),))

    def all_of(self, turn: int) -> Asked | None:
        """Two or three words of one moment, neighbours or not."""
        _, words = self._chance.choice(self._moments)
        good = list(dict.fromkeys(word for word in words if word in self._band_of))
        wanted = 2 + turn % 2
        if len(good) < wanted:
            return None
        return Asked(Class.AND, tuple(self._chance.sample(good, wanted)))

    def any_of(self, turn: int) -> Asked | None:
        """Words that no episode has all of: common ones with others."""
        bands = (("common", "common", "rare"), ("common", "middle", "rare"), ("middle", "rare"))
        words = tuple(dict.fromkeys(self._from(band) for band in bands[turn % 3]))
        together = set.intersection(*(self._holders[word] for word in words))
        return None if together else Asked(Class.OR, words)

    def phrase(self, turn: int) -> Asked | None:
        """Two or three words as they stand side by side, one of them no everyday word."""
        _, words = self._chance.choice(self._moments)
        length = 2 + turn % 2
        if len(words) < length:
            return None
        begin = self._chance.randrange(len(words) - length + 1)
        chosen = tuple(words[begin : begin + length])
        usable = all(word.isalpha() for word in chosen)
        known = sum(word in self._band_of for word in chosen)
        return Asked(Class.PHRASE, chosen) if usable and known >= length - 1 else None

    def prefix(self, turn: int) -> Asked | None:
        """The first letters of a word, every other time after a whole one."""
        number, words = self._chance.choice(self._moments)
        good = [word for word in words if word in self._band_of and len(word) > 4]
        if len(good) < 2:
            return None
        before, last = self._chance.sample(good, 2)
        typed = last[: 3 + turn % 3]
        return Asked(Class.PREFIX, (before, typed) if turn % 2 else (typed,))

    def misspelt(self, turn: int) -> Asked | None:
        """A word with one slip, every third time beside a right one of the same moment."""
        _, words = self._chance.choice(self._moments)
        long = [word for word in words if word in self._band_of and len(word) >= 6]
        others = [word for word in words if word in self._band_of]
        if not long:
            return None
        meant = self._chance.choice(long)
        typed = self._slip(meant)
        if typed in self._known:
            return None
        right = [word for word in others if word != meant]
        if turn % 3 == 2 and right:
            return Asked(Class.MISSPELT, (self._chance.choice(right), typed))
        return Asked(Class.MISSPELT, (typed,))

    def filtered(self, turn: int) -> Asked | None:
        """One or two words within a tag or a year of an episode that has them."""
        number, words = self._chance.choice(self._moments)
        good = list(dict.fromkeys(word for word in words if word in self._band_of))
        episode = self._episodes[number]
        if len(good) < 2 or not episode.tags or episode.date is None:
            return None
        chosen = tuple(self._chance.sample(good, 1 + turn % 2))
        tag = ("tag", self._chance.choice(episode.tags).slug)
        year = ("year", str(episode.date.year))
        return Asked(Class.FILTERED, chosen, (year,) if turn % 3 == 2 else (tag,))

    def _from(self, band: str) -> str:
        return self._chance.choice(self._bands[band])

    def _slip(self, word: str) -> str:
        place = self._chance.randrange(1, len(word) - 1)
        before, char, after = word[:place], word[place], word[place + 1 :]
        letter = self._chance.choice("abcdefghijklmnopqrstuvwxyz")
        return self._chance.choice(
            (
                before + after,
                before + char + char + after,
                before + letter + after,
                before + after[0] + char + after[1:],
            )
        )


def _texts(episode: Episode) -> Iterator[str]:
    yield episode.title
    yield episode.description
    yield from episode.guests
    yield from (tag.name for tag in episode.tags)
    yield from (tag.slug for tag in episode.tags)
    yield from episode.paragraphs
    yield from episode.links
