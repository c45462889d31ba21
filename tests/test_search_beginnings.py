"""The beginnings of words that a misspelt one may have been meant to be."""

from hypothesis import given
from hypothesis import strategies as st

from search.engines.beginnings import beginnings_near
from search.engines.rows import Rows
from search.engines.string_table import StringTable
from search.spelling import within

WORDS = st.text("abcé", min_size=1, max_size=7)


def table(words: set[str]) -> StringTable:
    rows = Rows.of_bytes(sorted(word.encode() for word in words))
    return StringTable(rows.flat, rows.offsets)


@given(st.sets(WORDS, min_size=1, max_size=12), WORDS)
def test_they_are_all_that_one_edit_after_the_first_letter_makes(
    words: set[str], begun: str
) -> None:
    begins = {word[:end] for word in words for end in range(1, len(word) + 1)}
    near = {each for each in begins if each[0] == begun[0] and within(begun[1:], each[1:], 1)}

    found = {beginning for beginning, _ in beginnings_near(begun, table(words))}

    # What goes on as it was typed has no slip.
    assert {each for each in found ^ near if not each.startswith(begun)} == set()


@given(st.sets(WORDS, min_size=1, max_size=12), WORDS)
def test_each_comes_with_the_words_that_begin_so(words: set[str], begun: str) -> None:
    terms = table(words)
    for beginning, numbers in beginnings_near(begun, terms):
        assert {terms[number] for number in numbers} == {
            word for word in words if word.startswith(beginning)
        }
