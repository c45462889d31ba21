"""Completions for what is being typed: the episode of a number, tags and guests, titles, words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from search.analysis import fold
from search.answer import Suggestion
from search.engines.compiled import Compiled
from search.engines.filtering import Filtering
from search.engines.lexicon import CompiledLexicon
from search.engines.naming import Naming
from search.episode import EpisodeHead
from search.parser import parse
from search.query import Query
from search.query_words import terms_of_phrase
from search.request import clean_text
from search.safe_links import safe_link
from search.spelling import allowed_edits, best_correction
from search.wording import plural

_MIN_LETTERS = 3
"""A word of the show is completed from here on; names already from the first letter."""


@dataclass(frozen=True)
class Suggesting:
    """All names of a show, folded, in the order in which they are offered."""

    compiled: Compiled
    filtering: Filtering
    lexicon: CompiledLexicon
    naming: Naming

    @cached_property
    def _entries(self) -> list[tuple[str, Suggestion]]:
        """Tags and guests, the most frequent first, then titles, the newest first. Gathered when
        first asked for: opening a generation must not wait for it."""
        entries = []
        for kind in ("tag", "guest"):
            for value in self.filtering.every(kind):
                about = f"{kind}, {plural(value.count, 'episode')}"
                suggestion = Suggestion(_asking_for(kind, value.label), about, "")
                entries.append((fold(value.label), suggestion))
        for episode in reversed(range(self.compiled.episodes)):
            head = self.compiled.head(episode)
            entries.append((fold(head.title), _leading_to(head, "episode")))
        return entries

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Titles of the number that the text is; names of which a word begins with it, those that
        begin with it themselves first; then the text with its last word completed. Where there are
        none, those of the text with the slip in its last word put right."""
        cleaned = clean_text(text)
        found = self._completions(cleaned, limit)
        before, _, last = cleaned.rpartition(" ")
        if found or not allowed_edits(last := fold(last)) or self.lexicon.prefixed(last, 1):
            return found
        right = best_correction(last, self.lexicon.misspelt_beginnings(last))
        return self._completions(f"{before} {right}".strip(), limit, righted=True) if right else ()

    def _completions(
        self, cleaned: str, limit: int, righted: bool = False
    ) -> tuple[Suggestion, ...]:
        """What a text may go on to; where it was put right, the text itself, too."""
        typed = fold(cleaned)
        if not typed:
            return ()
        starting = [each for name, each in self._entries if name.startswith(typed)]
        inside = [each for name, each in self._entries if f" {typed}" in name]
        found = {fold(s.text): s for s in (*self._numbered(typed), *starting, *inside)}
        before, _, last = typed.rpartition(" ")
        as_typed = cleaned.lower().rpartition(" ")[0]
        # Of an open quote only what follows its words would do, and most words do not.
        quoted = cleaned.count('"') % 2
        if len(last) >= _MIN_LETTERS and len(found) < limit and not quoted:
            for term in self.lexicon.prefixed(last, limit):
                whole = f"{before} {term}".strip()
                if righted or whole != typed:
                    shown = f"{as_typed} {self.lexicon.written(term)}".strip()
                    found.setdefault(whole, Suggestion(shown, "", ""))
        return tuple(found.values())[:limit]

    def _numbered(self, typed: str) -> Iterator[Suggestion]:
        """The episodes whose number is typed, the newest first."""
        for episode in reversed(self.naming.numbered(terms_of_phrase(typed))):
            head = self.compiled.head(episode)
            yield _leading_to(head, f"episode {head.number}")


def _leading_to(head: EpisodeHead, about: str) -> Suggestion:
    return Suggestion(head.title, about, safe_link(head.url) or "")


def _asking_for(kind: str, name: str) -> str:
    """The query that finds a name: itself, or a filter where it reads as no words (`-Ann`, 🚀)."""
    query = parse(name)
    if query.wanted and query == Query(query.text, query.wanted):
        return name
    # A quote would end the filter; names are found without.
    quotable = " ".join(name.replace('"', " ").split())
    return f'{kind}:"{quotable}"'
