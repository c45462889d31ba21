"""Text to words: the one analyzer, for what is indexed and for what is typed.

A *term* is a folded word: lower case, without accents. Words of symbols stay whole (`c#`, `c++`,
`.net`), and `C++17` is `c++` and `c++17`. A written compound gives its parts and itself:
`front-end` is `front`, `end` and `frontend`; `node.js` is `node`, `js` and `node.js`; `CI/CD` is
`ci`, `cd` and `ci/cd`. So each way to type it can find each way to write it, and a phrase still
sees the parts side by side.
Chinese and Japanese are written without blanks: each of their signs is a part of the word.
Amounts of money give the number, the amount and the currency's name (`$1,000` is `1000`, `$1000`
and `dollar`), thousands written with k the number too (`38k` is `38k` and `38000`).
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

MAX_TERM = 100
"""Characters of a term; longer words are cut (nobody types them, and they cost memory)."""

LINE_GAP = 10
"""Positions between lines of one text, so that no phrase reaches from one name to the next."""

_SOFT_HYPHEN = "\u00ad"
_MARKS = "\u0300-\u036f"
_APOSTROPHES = "'’ʼ"
"""The last one is a letter to Unicode, as Ukrainian writes it; whoever types has the first."""
_LETTER = rf"[^\W_{_MARKS}{_APOSTROPHES}]"
_WORD = rf"{_LETTER}(?:{_LETTER}|[{_MARKS}])*"
_SYMBOL = r"[A-Za-z](?:\#|\+\+)\d{0,4}(?!\w)"
_CHAIN = re.compile(
    rf"""
      (?P<money>[$€£]\d{{1,12}}(?:,\d{{3}})*(?:\.\d{{1,6}})?[kKmM]?(?![\w]))
    | (?P<number>\d{{1,3}}(?:,\d{{3}})+(?![\w,]))
    | (?<!\w)(?P<symbol>{_SYMBOL})
    | (?<![\w.])(?P<dotted>\.{_WORD})
    | (?P<chain>{_WORD}(?:[-._/&{_APOSTROPHES}](?!{_SYMBOL}){_WORD})*)
    """,
    re.VERBOSE,
)
# What parts a compound: these signs stay in the term of the whole (`node.js`, `ci/cd`), the others
# do not (`frontend`, `dont`).
_WHOLE = re.compile(r"[./&]")
_JOINED = re.compile(rf"[-_{_APOSTROPHES}]")
_MOST_PARTS = 3
"""What has more parts is no word as a whole, but a path, an address or a row of words."""
_SIGNS = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SIGN = re.compile(f"[{_SIGNS}]|[^{_SIGNS}]+")
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound"}
_THOUSANDS = re.compile(r"(\d{1,6})k\Z")
# Letters that Unicode does not decompose, written as people type them without the keyboard for it.
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


class Token(NamedTuple):
    """A term at `position` (counted in words), seen at text[start:end]. Terms that stand for the
    same written word share the position of its first part."""

    term: str
    position: int
    start: int
    end: int


def clean(text: str) -> str:
    """Text fit for any index and any JSON: NFC, no control characters, no lone surrogates, and no
    soft hyphens: they stand unseen in the middle of words."""
    if text.isascii() and text.isprintable():
        return text
    text = "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs") else " "
        for char in text.replace(_SOFT_HYPHEN, "")
    )
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """Lower case without accents: `Névola` is `nevola`."""
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", text.lower()).translate(_LETTERS)
    return "".join(char for char in lowered if not unicodedata.combining(char)).lower()


def tokens(text: str) -> list[Token]:
    """The terms of a text in the order of position. Linear in the text's length."""
    found: list[Token] = []
    position = 0
    line_end = 0
    for match in _CHAIN.finditer(text):
        start, end = match.span()
        if found and text.find("\n", line_end, start) >= 0:
            position += LINE_GAP
        line_end = end
        word = match.group()
        # Nearly all words are plain letters: a term by themselves.
        if word.isascii() and word.isalpha():
            found.append(Token(word.lower()[:MAX_TERM], position, start, end))
            position += 1
            continue
        parts, width = _analyze(word, match.lastgroup or "chain")
        for term, offset, begin, end in parts:
            found.append(Token(term, position + offset, start + begin, start + end))
        position += width
    return found


def money_of(term: str) -> tuple[str, str] | None:
    """The number and the currency's name of an amount's term: `$30` → (`30`, `dollar`)."""
    currency = _CURRENCIES.get(term[:1])
    return (term[1:], currency) if currency else None


def terms(text: str) -> list[str]:
    """Only the terms of `tokens(text)`."""
    return [token.term for token in tokens(text)]


def is_plain(text: str) -> bool:
    """Whether a short text is but letters from a to z and blanks, as nearly all names and queries
    are: its words are terms as they stand, in lower case."""
    if len(text) > MAX_TERM or not text.isascii():
        return False
    return text.isalpha() or text.replace(" ", "").isalpha()


def written_words(text: str) -> list[str]:
    """The words as written, one for each blank-free stretch that holds a term (`front-end`)."""
    if is_plain(text):
        return text.split()
    return [match.group() for match in _CHAIN.finditer(text)]


def whole_and_parts(written: str) -> tuple[str, tuple[str, ...]]:
    """A written word's own term and its parts: `front-end` → (`frontend`, (`front`, `end`)).

    Parts are empty for a simple word. The whole is the term to search for.
    """
    if is_plain(written):
        return written.lower(), ()
    match = _CHAIN.match(written)
    if match is None:
        return "", ()
    analyzed, width = _analyze(match.group(), match.lastgroup or "chain")
    if width > 1:
        parts = [term for term, _, begin, end in analyzed[:width]]
        return _whole(match.group()), tuple(parts)
    # Of a word in one place, the second term is the whole: `$3` of `3`, `38000` of `38k`.
    return (analyzed[min(1, len(analyzed) - 1)][0] if analyzed else ""), ()


# (term, offset of its position, begin, end), and how many positions the written word takes.
_Analyzed = tuple[tuple[tuple[str, int, int, int], ...], int]


@lru_cache(maxsize=16384)
def _analyze(written: str, kind: str) -> _Analyzed:
    """Each distinct written word is taken apart once (texts repeat their words)."""
    end = len(written)
    if kind == "money":
        number = _number(written[1:])
        amount = (written[0] + number, 0, 0, end)
        return ((number, 0, 1, end), amount, (_CURRENCIES[written[0]], 0, 0, end)), 1
    if kind == "number":
        return ((_number(written), 0, 0, end),), 1
    if kind == "symbol":
        language = written.rstrip("0123456789")
        terms_of = dict.fromkeys((fold(language), fold(written)))
        return tuple((term, 0, 0, end) for term in terms_of), 1
    if kind == "dotted":
        word = _term(written[1:])
        return ((word, 0, 1, end), (f".{word}", 0, 0, end)) if word else (), 1
    return _analyze_chain(written)


def _number(written: str) -> str:
    digits = written.replace(",", "").lower()
    return digits[:-1] + "000" if digits.endswith("k") and "." not in digits else digits


def _analyze_chain(written: str) -> _Analyzed:
    atoms: list[tuple[str, int, int, int]] = []
    wholes: list[tuple[str, int, int, int]] = []
    segments = _split(_WHOLE, written)
    for begin, end in segments:
        first = len(atoms)
        for left, right in _parts(written[begin:end]):
            term = _term(written[begin + left : begin + right])
            if term:
                atoms.append((term, len(atoms), begin + left, begin + right))
        if 1 < len(atoms) - first <= _MOST_PARTS:
            joined = "".join(atom[0] for atom in atoms[first:])[:MAX_TERM]
            wholes.append((joined, first, begin, end))
    if 1 < len(segments) <= _MOST_PARTS:
        wholes.append((_whole(written), 0, 0, len(written)))
    if len(atoms) == 1:
        thousands = _THOUSANDS.match(atoms[0][0])
        if thousands:
            wholes.append((thousands.group(1) + "000", 0, 0, len(written)))
    return tuple(atoms + wholes), max(1, len(atoms))


def _parts(segment: str) -> list[tuple[int, int]]:
    """The (begin, end) of what is a term by itself."""
    parts = _split(_JOINED, segment)
    if segment.isascii():
        return parts
    return [sign.span() for part in parts for sign in _SIGN.finditer(segment, *part)]


def _term(written: str) -> str:
    if written.isascii():
        return written.lower()[:MAX_TERM]
    # Some characters fold to blanks or to nothing at all (U+FDFA, U+FF9E).
    return "".join(fold(written).split())[:MAX_TERM]


def _whole(written: str) -> str:
    return _term(_JOINED.sub("", written))


def _split(separator: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """The (begin, end) of the pieces between separators, empty ones left out."""
    pieces = []
    begin = 0
    for match in separator.finditer(text):
        pieces.append((begin, match.start()))
        begin = match.end()
    pieces.append((begin, len(text)))
    return [(begin, end) for begin, end in pieces if end > begin]
