"""The order that no score turns round: what is named in full, before a moment that says the query
as it was typed, before a moment that says all its words, before all else.

A place in this order is worth STEP, which is more than everything else can add up to.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import reduce

import numpy as np

from search.hits import Array, Named, Shape, WordHits, common, places

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


def order_of_units(
    words: Sequence[WordHits], row: Mapping[str, Array], units: Array, shape: Shape
) -> Array:
    """The place of each of some rising passages (u,): of moments; all else is spread.

    `row` has by field the rising passages where the whole query stands in a row.
    """
    order = np.zeros(len(units), np.int8)
    if not len(units):
        return order
    together = _holding_all(words, "text")
    order[places(units, together)] = Order.TOGETHER
    if "text" in row:
        order[places(units, common(row["text"], together))] = Order.IN_A_ROW
    order[~shape.moment[units]] = Order.SPREAD
    return order


def order_of_episodes(
    words: Sequence[WordHits], row: Mapping[str, Array], named: Named, shape: Shape
) -> Array:
    """The place of each episode (E,) by its head alone."""
    order = np.zeros(shape.episodes, np.int8)
    order[shape.episode[_holding_all(words, "title")]] = Order.TOGETHER
    if "title" in row:
        order[shape.episode[row["title"]]] = Order.IN_A_ROW
    order[shape.episode[_holding_all(words, "guests")]] = Order.NAMED
    if all(word.subject for word in words if word.needed):
        order[shape.episode[_holding_all(words, "tags")]] = Order.NAMED
    order[list(named.begun)] = Order.NAMED
    order[[episode for episode, part in named.in_full.items() if part == 1.0]] = Order.IN_FULL
    return order


def _holding_all(words: Sequence[WordHits], name: str) -> Array:
    """The rising passages whose field holds every needed word, or a name of it."""
    holding = [word.sure.get(name) for word in words if word.needed]
    held = [passages for passages in holding if passages is not None]
    if not held or len(held) < len(holding):
        return np.zeros(0, np.int32)
    return reduce(common, sorted(held, key=len))
