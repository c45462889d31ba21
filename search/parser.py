"""Query text to `Query`: the only reader of the syntax. Never an exception, for any text.

    words               all wanted
    "a phrase"          side by side, anywhere in a query; a missing closing quote is forgiven
    -word -"a phrase"   not wanted; also -tag:x, -title:x ...
    tag: guest: category: year: title: before: after:
                        the value is a word or a quoted text, also behind a blank, of a year several
                        (`year: 2020, 2021`), too; an unknown field or a value that makes no sense
                        is searched as words

Everything else is words. While someone is typing, the end of a query may be unfinished: its last
word, a quote that is still open, a filter's value. What says nothing yet (a lone `-`, `"`, `tag:`)
is as not yet typed. Linear in the text's length.
"""

import re

from msgspec import Struct
from msgspec.structs import replace

from search.analysis import is_plain, terms
from search.dates import date_span, within_dates
from search.query import Clause, Query
from search.query_words import quoted, words_of
from search.request import DATES, KINDS, MAX_CHARACTERS, MAX_TERMS, NO_FILTERS, Filters, clean_text

_AS_TYPED = str.maketrans(
    {**dict.fromkeys("“”„‟«»＂", '"'), **dict.fromkeys("‐‑−", "-"), **dict.fromkeys("ʼ‛", "'")}
)
"""What texts are set with, or a phone puts in, as keyboards have it."""
_FIELDS = {name: name for name in (*KINDS, "title", *DATES)} | {
    plural: kind for kind, plural in KINDS.items()
}
"""As typed → its name."""
_FIELD = f"(?:{'|'.join(_FIELDS)})"
_PIECE = re.compile(
    rf"""
    \(* (?P<minus>-?)
    (?: (?P<field>{_FIELD}):\s*(?!{_FIELD}:|-)(?=\S) | (?P<unknown>[A-Za-z]+:)(?=\S) )?
    (?: "(?P<quoted>[^"]*)"? | (?P<bare>[^\s"]+) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOT_YET = re.compile(
    rf"""
      (?:^|(?<=\s)) \(* -? (?:{_FIELD}:\s*)? "? \Z
    | (?<=\d),\d{{0,2}} \Z                # thousands: of `$80,0` only `$80` is a number
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GOES_ON = frozenset("-._/&'’")
"""What may stand inside a word: after it, the word may go on."""
_ADDRESS = re.compile(r"\Ahttps?://(?=\w)", re.IGNORECASE)
"""How an address begins that is pasted: nobody asks for this word of it."""


class _Piece(Struct, frozen=True):
    minus: bool
    field: str
    text: str
    quoted: bool


_NOTHING = _Piece(False, "", "", quoted=False)


def parse(text: str, typing: bool = False) -> Query:
    """The query that a text means. With `typing`, its end may be unfinished, unless it is a blank.

    Texts beyond MAX_CHARACTERS are cut, words beyond MAX_TERMS are not read:
    search.request refuses such queries, and nothing that gets here anyhow may take long.
    """
    cleaned = clean_text(text[:MAX_CHARACTERS]).translate(_AS_TYPED)
    if not typing and is_plain(cleaned):
        # Nearly all queries are words and nothing else.
        words = [word for piece in cleaned.split() for word in words_of(piece)]
        return Query(cleaned, tuple(words[:MAX_TERMS]))
    typing = typing and not text[-1:].isspace()
    # Nothing goes on behind a quote that is closed.
    typing = typing and not (cleaned.endswith('"') and cleaned.count('"') % 2 == 0)
    typed = _NOT_YET.sub("", cleaned) if typing else cleaned
    parts = _Parts()
    *finished, last = _pieces(typed) or [_NOTHING]
    for piece in finished:
        parts.add(piece)
    parts.add(last, unfinished=typing and typed[-1:] not in ("", " ", '"'))
    return Query(
        text=cleaned,
        wanted=tuple(parts.wanted[:MAX_TERMS]),
        title=tuple(parts.title),
        excluded=tuple(parts.excluded[:MAX_TERMS]),
        excluded_title=tuple(parts.excluded_title),
        filters=parts.filters,
        excluded_filters=parts.excluded_filters,
        unfinished=parts.unfinished,
    )


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    for match in _PIECE.finditer(text):
        minus, field, unknown, quoted, bare = match.groups("")
        is_quoted = match["quoted"] is not None and not unknown
        words = quoted or bare if is_quoted or field else _ADDRESS.sub("", unknown + quoted + bare)
        name = _FIELDS.get(field.lower(), "")
        piece = _Piece(bool(minus), name, words, is_quoted)
        if pieces and _goes_on_with(pieces[-1], piece):
            pieces[-1] = replace(pieces[-1], text=pieces[-1].text + words)
        else:
            pieces.append(piece)
    return pieces


def _goes_on_with(listed: _Piece, piece: _Piece) -> bool:
    """Whether a list of years goes on behind a comma and a blank: `year: 2020, 2021`. What follows
    another filter may as well be a word: `tag:flask, deployment`."""
    listing = listed.field == "year" and not listed.quoted and listed.text.endswith(",")
    if not listing or piece.quoted or piece.minus or piece.field:
        return False
    return re.fullmatch(r"[0-9]{4}(?:,[0-9]{4})*[,;.!?)]*", piece.text) is not None


class _Parts:
    """A query in the making."""

    def __init__(self) -> None:
        self.wanted: list[Clause] = []
        self.title: list[Clause] = []
        self.excluded: list[Clause] = []
        self.excluded_title: list[Clause] = []
        self.filters = NO_FILTERS
        self.excluded_filters = NO_FILTERS
        self.unfinished = ""

    def add(self, piece: _Piece, unfinished: bool = False) -> None:
        if unfinished and piece.minus and piece.quoted:
            return
        if unfinished and piece.minus != bool(piece.field):
            self.unfinished = piece.field or "-"
        if piece.field and piece.field != "title":
            within = self.excluded_filters if piece.minus else self.filters
            narrowed = _with(within, piece, piece.text)
            if narrowed is None and unfinished:
                # Of a date, what makes sense already.
                narrowed = _with(within, piece, piece.text.rpartition("-")[0]) or within
            if narrowed is None:
                words = f"{piece.field} {piece.text}"
                self.add(_Piece(piece.minus, "", words, quoted=False))
            elif piece.minus:
                self.excluded_filters = narrowed
            else:
                self.filters = narrowed
        elif piece.minus:
            (self.excluded_title if piece.field else self.excluded).extend(_clauses(piece))
        else:
            clauses = _unfinished(piece) if unfinished else _clauses(piece)
            (self.title if piece.field else self.wanted).extend(clauses)


def _unfinished(piece: _Piece) -> tuple[Clause, ...]:
    """The clauses of a piece that may go on, but for one that ends like a sentence."""
    clauses = _clauses(piece)
    goes_on = piece.text[-1:].isalnum() or piece.text[-1:] in _GOES_ON
    return (*clauses[:-1], replace(clauses[-1], prefix=True)) if clauses and goes_on else clauses


def _clauses(piece: _Piece) -> tuple[Clause, ...]:
    return quoted(piece.text) if piece.quoted else words_of(piece.text)


def _with(filters: Filters, piece: _Piece, value: str) -> Filters | None:
    """The filters with one more value; None where the value makes no sense for the field."""
    field, value = piece.field, value.strip()
    if not piece.quoted:
        value = value.lstrip("=#@").rstrip(",;.!?)")
    values = [value] if piece.quoted or field == "guest" else [*filter(None, value.split(","))]
    if field == "tag" and value:
        return replace(filters, tags=(*filters.tags, *values))
    if field == "guest" and terms(value):
        return replace(filters, guests=(*filters.guests, value))
    if field == "category" and value:
        return replace(filters, categories=(*filters.categories, *values))
    if field == "year" and all(re.fullmatch("[0-9]{4}", year) for year in values) and values:
        return replace(filters, years=(*filters.years, *map(int, values)))
    span = date_span(value) if field in DATES else None
    return within_dates(filters, field, span, piece.minus) if span else None
