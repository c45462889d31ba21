"""Plain text: what is left when spacing and unprintable characters are out of the way.

The private use area is emptied in every text: fonts put icons there that no reader can read, and
the readers of Liquid and Markdown put their own marks there while they work.
"""

import re

_SPACE = re.compile(r"\s+")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\xad\ud800-\uf8ff\ufeff]")


class BadDocument(ValueError):
    """A document that cannot be used; `line` counts from 1 within it."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def decoded(data: bytes) -> str:
    """UTF-8 text with LF line ends and simple blanks, free of what cannot be printed. Raises
    BadDocument."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        message = f"not UTF-8 text (byte {problem.start:,}); save it as UTF-8"
        raise BadDocument(message, line) from None
    zero = text.find("\0")
    if zero >= 0:
        line = text.count("\n", 0, zero) + 1
        raise BadDocument(f"not text: a zero byte (character {zero:,})", line)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return printable(text.replace("\u00a0", " "))


def printable(text: str) -> str:
    """`text` without control characters, soft hyphens, marks of byte order and private
    characters."""
    return _UNPRINTABLE.sub("", text)


def collapse(text: str) -> str:
    """`text` on one line, with single spaces."""
    return _SPACE.sub(" ", text).strip()


def plain(text: str) -> str:
    """Both: what may stand in an episode."""
    return collapse(printable(text))
