"""The order that no score turns round: what is named in full, before a moment that says the query
as it was typed, before a moment that says all its words, before all else.

A place in this order is worth STEP, which is more than everything else can add up to.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import reduce

import numpy as np
from msgspec import Struct

from search.hits import NO_HITS, Array, Named, Shape, WordHits, common, places

STEP = 10.0
"""What each place in the order adds to a score; with the shipped weights the rest stays below 6."""


class Order(IntEnum):
    """Of an episode or, but for the last, of a moment."""

    SPREAD = 0
    """Words here and there, or not all of them."""
    TOGETHER = 1
    """All words in one moment or in the title."""
    IN_A_ROW = 2
    """The words side by side, in the order of the query, in one moment or in the title."""
    NAMED = 3
    """The guests hold all words, each word names a tag of the episode, or the title or a guest
    begins with the query."""
    IN_FULL = 4
    """The query is the title or a guest."""


def holding_all(words: Sequence[WordHits], name: str) -> Array:
    """The rising passages whose field holds every needed word, or a name of it."""
    held = []
    for word in words:
        if word.needed:
            passages = word.sure.get(name)
            if passages is None or not len(passages):
                return NO_HITS.passages
            held.append(passages)
    return reduce(common, sorted(held, key=len)) if held else NO_HITS.passages


class Lines(Struct, frozen=True, eq=False):
    """The rising moments that hold all words, and those where the whole query stands in a row."""

    together: Array
    in_a_row: Array

    def order(self, units: Array) -> Array:
        """The place of each of some rising passages (u,)."""
        order = np.zeros(len(units), np.int8)
        if len(self.together) and len(units):
            order[places(units, self.together)] = Order.TOGETHER
            if len(self.in_a_row):
                order[places(units, self.in_a_row)] = Order.IN_A_ROW
        return order


def lines(words: Sequence[WordHits], row: Mapping[str, Array], shape: Shape) -> Lines:
    """Of moments; `row` has by field the passages where the whole query stands in a row."""
    together, in_a_row = holding_all(words, "text"), row.get("text", NO_HITS.passages)
    return Lines(together[shape.moment[together]], in_a_row[shape.moment[in_a_row]])


def order_of_episodes(
    words: Sequence[WordHits], lines: Lines, row: Mapping[str, Array], named: Named, shape: Shape
) -> Array:
    """The place of each episode (E,): the highest that anything gives it."""
    order = np.zeros(shape.episodes, np.int8)

    def put(passages: Array, place: Order) -> None:
        if len(passages):
            order[shape.episode[passages]] = place

    put(lines.together, Order.TOGETHER)
    put(holding_all(words, "title"), Order.TOGETHER)
    put(lines.in_a_row, Order.IN_A_ROW)
    put(row.get("title", NO_HITS.passages), Order.IN_A_ROW)
    put(holding_all(words, "guests"), Order.NAMED)
    if all(word.subject for word in words if word.needed):
        put(holding_all(words, "tags"), Order.NAMED)
    for episode in named.begun:
        order[episode] = Order.NAMED
    for episode, part in named.in_full.items():
        if part == 1.0:
            order[episode] = Order.IN_FULL
    return order
