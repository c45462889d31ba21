"""What an engine finds of a query's words, before anything is ranked."""

from collections.abc import Sequence

from msgspec import Struct

from search.hits import Named, Row, WordHits
from search.understanding import Understanding


class QueryHits(Struct, frozen=True, eq=False):
    """What a query's words mean, where each of them is met, where they stand in a row, and the
    episodes that they name."""

    understood: Understanding
    words: Sequence[WordHits]
    row: Row
    named: Named
