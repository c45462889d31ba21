"""Amounts, in each way to write them: `$60m` is `$60 million`, `60 million dollars` and
`60,000,000 dollars`; `20k` is `20 thousand`."""

import re
from decimal import Decimal

from search.analysis import money_of
from search.names import Name

_UNITS = {"thousand": (3, ("k",)), "million": (6, ("m",)), "billion": (9, ("b", "bn"))}
"""As a word → its power of ten, its letters."""
_POWERS = {letter: power for power, letters in _UNITS.values() for letter in letters}
_NUMBER = re.compile(r"((?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?)(k|m|bn?)?")


def rows_of(term: str) -> list[Name]:
    """The terms in a row that say an amount, its own term among them; [] of what is none."""
    number, currency = money_of(term) or (term, "")
    rows: dict[Name, None] = {}
    for said, *unit in _numbers(number):
        # A text has the two numbers of `3.50` in a row, that of `$3.50` as one.
        apart = (*said.split("."), *unit)
        if currency:
            rows[term[0] + said, *unit] = rows[*apart, currency] = None
        else:
            rows[said, *unit] = rows[apart] = None
    return list(rows)


def in_short(number: str, unit: str) -> str:
    """The term of a number and what it counts: `$60` and `million` → `$60m`; empty if they are no
    amount."""
    if unit not in _UNITS or not rows_of(number) or not number[-1].isdigit():
        return ""
    return number + _UNITS[unit][1][0]


def _numbers(number: str) -> list[Name]:
    """A number in each way to write it, the word for what it counts apart; [] if it is none."""
    found = _NUMBER.fullmatch(number)
    if not found:
        return []
    value = Decimal(found[1]).scaleb(_POWERS.get(found[2], 0))
    ways: list[Name] = [(number,)]
    # `2.0` is rather a version than 2.
    if value == value.to_integral_value() and (found[2] or "." not in number):
        ways.append((f"{value:.0f}",))
    for word, (power, letters) in _UNITS.items():
        counted = value.scaleb(-power)
        if 1 <= counted < 1000 or (counted and found[2] in letters):
            short = f"{counted.normalize():f}"
            ways += [(short, word), *((short + letter,) for letter in letters)]
    return ways
