"""Plain text: what is left when spacing and unprintable characters are out of the way.

The private use area is emptied in every text: fonts put icons there that no reader can read, and
the readers of Liquid and Markdown put their own marks there while they work.
"""

import re

_SPACE = re.compile(r"\s+")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\ud800-\uf8ff\ufeff]")


def printable(text: str) -> str:
    """`text` without control characters, marks of byte order and private characters."""
    return _UNPRINTABLE.sub("", text)


def collapse(text: str) -> str:
    """`text` on one line, with single spaces."""
    return _SPACE.sub(" ", text).strip()


def plain(text: str) -> str:
    """Both: what may stand in an episode."""
    return collapse(printable(text))
