"""Times of a recording: text to whole seconds and back, in one place.

A clock time is `M:SS`, `MM:SS`, `MMM:SS` or `H:MM:SS`. It is what topic lines say and what the
player of the reference site reads from the page's hash, so `format_clock` writes exactly the two
forms the player knows: `M:SS` below an hour and `H:MM:SS` from there on.
"""

import re
from functools import lru_cache

# Digits are ASCII on purpose: a player does not read full-width or Arabic digits.
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{2})\Z")


def parse_clock(text: str) -> int | None:
    """Seconds of a clock time such as `38:32` or `1:03:30`; None if it is not one.

    With hours, minutes are at most 59; without, they may run on (`062:30`, `95:10`).
    """
    match = _CLOCK.match(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if seconds > 59 or (match.group(1) is not None and minutes > 59):
        return None
    return hours * 3600 + minutes * 60 + seconds


@lru_cache(maxsize=16384)
def format_clock(seconds: int) -> str:
    """`M:SS` below one hour, `H:MM:SS` from one hour on. Raises ValueError below zero."""
    if seconds < 0:
        raise ValueError(f"a time in a recording is never negative: {seconds}")
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
