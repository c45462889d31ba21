"""Words, each with others that belong to it, as a few texts.

Thousands of words as objects take ten times the memory of their letters, and as Python counts
references in all that it reads, each server process would soon have a copy of its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

_LETTERS = 2
"""Words are found among those that begin with the same letters. Three would be hardly quicker, and
take twice the memory: each text takes some of its own."""


class WordRows:
    """Read-only, and nearly as quick to find a word in as a dictionary. Safe to share between
    threads."""

    def __init__(self, rows: Mapping[str, Sequence[str]]) -> None:
        """No word has blanks."""
        lines = defaultdict[str, list[str]](lambda: [""])
        for word, others in rows.items():
            lines[word[:_LETTERS]].append(f"{word} {' '.join(others)}")
        self._texts = {begin: "\n".join([*some, ""]) for begin, some in lines.items()}

    def find(self, word: str) -> list[str]:
        """What belongs to a word; nothing if it is not there."""
        text = self._texts.get(word[:_LETTERS], "")
        before = f"\n{word} "
        begin = text.find(before)
        if begin < 0:
            return []
        begin += len(before)
        return text[begin : text.index("\n", begin)].split()

    def begun(self, beginning: str) -> Iterator[str]:
        """The words that begin so."""
        short, before = beginning[:_LETTERS], f"\n{beginning}"
        whole = len(short) == _LETTERS
        for begin in [short] if whole else [b for b in self._texts if b.startswith(short)]:
            text = self._texts.get(begin, "")
            last = len(text) - 1
            at = text.find(before, 0, last)
            while at >= 0:
                yield text[at + 1 : text.index(" ", at)]
                at = text.find(before, at + 1, last)
