"""One value for all its spellings: a guest who is `Zoe Bronsted` in one episode and `Zoë Brønsted`
in the others is one to narrow by, as one filter finds both; so are tags and kinds."""

from collections.abc import Callable

import numpy as np

from search.analysis import fold, is_plain
from search.engines.compiled import Column
from search.engines.rows import Rows
from search.query_words import terms_of_phrase


def guest_key(name: str) -> str:
    """What tells a guest from others: the words of the name, those of a double name apart; a name
    without any is itself."""
    if is_plain(name):
        return " ".join(name.lower().split())
    return " ".join(terms_of_phrase(name)) or fold(name)


def united(column: Column, key: Callable[[str], str]) -> Column:
    """The column with each value in that spelling of the same key which most episodes have; the
    others have no episode."""
    keys = [key(value) for value in column.values]
    if len({*keys}) == len(keys):
        return column
    held = np.diff(column.holders.offsets)
    chosen: dict[str, int] = {}
    for number in np.argsort(-held, kind="stable").tolist():
        chosen.setdefault(keys[number], number)
    rows = [
        sorted({chosen[keys[number]] for number in column.rows.of(range(n, n + 1)).tolist()})
        for n in range(len(column.rows))
    ]
    return Column.of(column.values, Rows.of_numbers(rows))
