"""What misspelt beginnings of words were meant to be: a walk along sorted terms, as in a trie."""

from collections.abc import Iterator

from search.engines.string_table import StringTable


def beginnings_near(begun: str, terms: StringTable) -> Iterator[tuple[str, range]]:
    """The beginnings of terms that are one edit away from `begun`, each with the numbers of the
    terms that begin so. The first letter is right: hardly anybody gets it wrong."""
    among = terms.prefixed(begun[:1])
    for at in range(1, len(begun)):
        head, slip, rest = begun[:at], begun[at], begun[at + 1 :]
        if among and not rest:
            yield head, among
        right = range(0)
        for letter, numbers in terms.branches(head, among):
            if letter == slip:
                right = numbers
            # Left out, mistyped; one too many, swapped with the next.
            ends = [slip + rest, rest] if letter != slip else [slip + rest]
            ends += [rest[1:], slip + rest[1:]] if letter == rest[:1] else []
            for end in ends:
                beginning = head + letter + end
                found = terms.prefixed(beginning, numbers)
                if found:
                    yield beginning, found
        among = right
