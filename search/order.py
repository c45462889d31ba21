"""The order that no score turns round: what is named in full, before a moment that says the query
as it was typed, before a moment that says all its words, before a text that says its only word,
before all else.

A place in this order is worth STEP, which is more than everything else can add up to.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from search.hits import NO_HITS, Array, Row, Shape, WordHits, common, places
from search.query_hits import QueryHits

STEP = 10.0
"""What each place in the order adds to a score; with the shipped weights the rest stays below 6."""

BEGUN = 0.5
"""What is taken from the place of an episode that has it only by words which an unfinished word
begins (`java`: JavaScript): it stands below those that say the word itself."""


class Order:
    """The places, from the lowest to the highest. A moment has SPREAD, TOGETHER or IN_A_ROW. These
    are plain numbers, as numpy takes ten times as long to compare with members of an enum."""

    SPREAD = 0
    """Words here and there, or not all of them, or only others for them."""
    SAID = 1
    """The only word of the query, in any text: before moments that say another word for it."""
    TOGETHER = 2
    """All words in one moment or in the title."""
    IN_A_ROW = 3
    """The words side by side, in the order of the query, in one moment or in the title, or in a
    paragraph of an episode that has no moments."""
    NAMED = 4
    """The guests hold all words, each word names a tag of the episode, or the title or a guest
    begins with the query."""
    IN_FULL = 5
    """The query is the title, a guest or the number."""


def holding_all(words: Sequence[WordHits], field: str) -> Array:
    """The rising episodes that hold every needed word, or a name of it, in a field of the head."""
    sure = [word.sure for word in words if word.needed]
    held = [each[field] for each in sure if field in each]
    # Where one word is nowhere in the field, no episode holds all of them there.
    return (
        reduce(common, sorted(held, key=len))
        if held and len(held) == len(sure)
        else NO_HITS.passages
    )


def order_of_units(units: Array, together: Array, row: Row) -> Array:
    """The places of some units (u,), whose passage numbers rise; `together` (u,) masks the moments
    that hold all words."""
    order = together.astype(np.int8) * np.int8(Order.TOGETHER)
    if len(row.units) and len(units):
        order[places(units, row.units)] = Order.IN_A_ROW
    return order


def order_of_episodes(hits: QueryHits, units: Array, episodes: Array, shape: Shape) -> Array:
    """The place of each episode (E,): the highest that anything in it gives it. `units` (u,) are
    the places of the units (see `order_of_units`), `episodes` (u,) those the units belong to."""
    words, row, named = hits.words, hits.row, hits.named
    order = np.zeros(shape.episodes, np.int8)

    def put(numbers: Array, place: int) -> None:
        if len(numbers):
            order[numbers] = place

    needed = [word for word in words if word.needed]
    if len(needed) == 1:
        put(needed[0].held.nonzero()[0], Order.SAID)
    put(episodes[units.nonzero()[0]], Order.TOGETHER)
    put(holding_all(words, "title"), Order.TOGETHER)
    if len(row.units):
        put(episodes[units == Order.IN_A_ROW], Order.IN_A_ROW)
    put(row.titles, Order.IN_A_ROW)
    put(holding_all(words, "guests"), Order.NAMED)
    if all(word.subject for word in needed):
        put(holding_all(words, "tags"), Order.NAMED)
    put(named.begun, Order.NAMED)
    for episode, part in named.in_full.items():
        if part == 1.0:
            order[episode] = Order.IN_FULL
    return order
