"""A query read for one show: its compounds, names and misspelt words, each word with its forms."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from search.analysis import fold
from search.clauses import SAYING, Reader
from search.forms import Lexicon
from search.meanings import Meaning, Wanted
from search.query import Query, Word
from search.wordlists import Wordlists

MAX_RELATED_SAID = 6
"""Other words for a word that an answer names; it looks for more."""
_REMEMBERED = 4096
_LETTER = r"[^\W\d_]"
LIGHT = 0.2
"""How much a light word of a question counts, against one that says what is asked for."""


class Understanding(Struct, frozen=True):
    """A query understood for one show. `corrections`: (typed, used), each once; `missing`: typed
    words of which the show has no form at all. What is used is as the show writes it. `costless`:
    the typed words that nobody misses."""

    query: Query
    wanted: tuple[Wanted, ...]
    title: tuple[Wanted, ...] = ()
    excluded: tuple[Wanted, ...] = ()
    excluded_title: tuple[Wanted, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    costless: frozenset[str] = frozenset()
    interpreted: str = ""

    def related(self) -> tuple[tuple[str, str], ...]:
        """The other words that were looked for: (typed, other), the nearest first."""
        typed = {fold(each.typed) for each in self.wanted}
        said: dict[tuple[str, str], None] = {}
        for each in self.wanted:
            if each.common:
                continue
            for other in _other_words(each):
                if other not in typed:
                    said[each.typed, other] = None
        return tuple(said)


@lru_cache(maxsize=_REMEMBERED)
def _other_words(wanted: Wanted) -> tuple[str, ...]:
    """Those that an answer names of the other words for a word, the nearest first."""
    near = [form for form in wanted.forms if not form.sure]
    return tuple([form.spelled or " ".join(form.name) for form in near[:MAX_RELATED_SAID]])


class Understander:
    """Understands queries in one show. Safe to share between threads."""

    def __init__(self, lexicon: Lexicon, lists: Wordlists) -> None:
        self._lists = lists
        self._written = lexicon.written
        self._exact = Reader(lexicon, lists, exact=True)
        self._tolerant = Reader(lexicon, lists, exact=False)

    def understand(self, query: Query, exact: bool = False) -> Understanding:
        """The query's words with their forms. With `exact`, only what was typed counts."""
        reader = self._exact if exact else self._tolerant
        title = reader.read(query.title)
        read = reader.read(query.wanted)
        wanted = _each_for_itself(tuple([meaning.wanted for meaning in read]))
        wanted = self._lighten(wanted, self._asks(query))
        wanted, costless = self._for_little(wanted)
        read += title
        missing = [meaning.wanted.typed for meaning in read if meaning.missing]
        corrected = chain.from_iterable([meaning.corrections for meaning in read])
        corrections = [(typed, self._written(term)) for typed, term in corrected]
        interpreted = query.text
        for typed, used in corrections:
            interpreted = _substituted(interpreted, typed, used)
        return Understanding(
            query=query,
            wanted=wanted,
            # In titles and exclusions, only the word itself and its names count.
            title=_surely(title),
            excluded=_surely(reader.read_apart(query.excluded)),
            excluded_title=_surely(reader.read_apart(query.excluded_title)),
            corrections=tuple(dict.fromkeys(corrections)),
            missing=tuple([typed for typed in missing if typed not in costless]),
            costless=costless,
            interpreted=interpreted,
        )

    def _for_little(self, wanted: tuple[Wanted, ...]) -> tuple[tuple[Wanted, ...], frozenset[str]]:
        """Whoever asks for something else does not miss a word that asks for nothing, or for
        little, or merely how it is asked: of `why docker`, `why`, which counts as what common words
        say together. The words, and those that nobody misses."""
        little = {each.typed for each in wanted if each.common or not each.needed}
        asking = {each.typed for each in wanted if (fold(each.typed),) in self._lists.asking}
        if not asking - little or {each.typed for each in wanted} <= little | asking:
            return wanted, frozenset(little)
        weighed = [replace(w, weight=SAYING) if w.typed in asking else w for w in wanted]
        return tuple(weighed), frozenset(little | asking)

    def _asks(self, query: Query) -> bool:
        """Whether a query is a question: it begins like one, or ends with a question mark."""
        first = query.wanted[0] if query.wanted else None
        begins = isinstance(first, Word) and (first.term,) in self._lists.asking
        return begins or query.text.endswith("?")

    def _lighten(self, wanted: tuple[Wanted, ...], asks: bool) -> tuple[Wanted, ...]:
        """In a question, light words count for little where something else is asked for: asked
        `where do they keep their logs`, what is said of logs matters, not what else is kept. So do
        those that the show never says: in `best knife`, knives matter, not what is on `top`."""
        light = [
            fold(each.typed) in self._lists.light
            and not each.subject
            and (asks or not any(form.sure for form in each.forms))
            for each in wanted
        ]
        pairs = list(zip(wanted, light, strict=True))
        if all(is_light or each.common or not each.needed for each, is_light in pairs):
            return wanted
        little = {"weight": LIGHT, "needed": False}
        return tuple([replace(w, **little) if is_light else w for w, is_light in pairs])


def _surely(read: Iterable[Meaning]) -> tuple[Wanted, ...]:
    wanted = [meaning.wanted for meaning in read]
    return tuple(
        [replace(each, forms=tuple(form for form in each.forms if form.sure)) for each in wanted]
    )


def _each_for_itself(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """No wanted word stands in for another: where `deploy docker` is asked, a text that says only
    Docker, which is also a word for deploying, says one of the two. Common words count only where
    there is nothing else to look for."""
    if all(each.common for each in wanted):
        wanted = tuple(replace(each, common=False) for each in wanted)
    apart = []
    for each in wanted:
        others = [other.own for other in wanted if other is not each and not other.common]
        taken = set(chain(*others)).intersection(each.standing) if each.standing else ()
        if taken:
            names = {(term,) for term in taken}
            forms = [form for form in each.forms if form.sure or form.name not in names]
            each = replace(each, forms=tuple(forms))
        apart.append(each)
    return tuple(apart)


def _substituted(text: str, typed: str, used: str) -> str:
    # As a word of its own, or beside a number: `dcoker` also stands in `dcokerfile`.
    return re.sub(rf"(?<!{_LETTER}){re.escape(typed)}(?!{_LETTER})", lambda _: used, text, count=1)
