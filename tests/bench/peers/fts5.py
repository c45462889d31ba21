"""SQLite FTS5 (in Python's own sqlite3): porter stemming, bm25(), snippet().

Passages are rows, their numbers the row ids. `snippet()` with the most words that it can show: a
moment is shown whole, a long description in part, which is cheaper than `highlight()` by a fifth.
The index of prefixes that FTS5 offers is made.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from search.episode import Episode, Show
from tests.bench.peers.base import Opened
from tests.bench.peers.catalogue import (
    BEGIN,
    BOOSTS,
    END,
    Catalogue,
    Document,
    documents,
    escaped,
    unmarked,
)
from tests.bench.queries import Asked, Class

_TEXTS = tuple(BOOSTS)
_COLUMN = {name: place for place, name in enumerate(_TEXTS)}
_WEIGHTS = ", ".join(str(boost) for boost in BOOSTS.values())
_LONGEST = 64
"""Words of a snippet: no more can be had."""
_SCHEMA = f"""
    CREATE VIRTUAL TABLE passages USING fts5({", ".join(_TEXTS)},
        tokenize = "porter unicode61 remove_diacritics 2", prefix = '3 4 5');
    CREATE TABLE tag (value TEXT, passage INTEGER, PRIMARY KEY (value, passage)) WITHOUT ROWID;
    CREATE TABLE year (value TEXT, passage INTEGER, PRIMARY KEY (value, passage)) WITHOUT ROWID;
"""


class Fts5:
    """A site owner's own SQLite."""

    name: ClassVar[str] = "FTS5"
    cannot: ClassVar[dict[Class, str]] = {Class.MISSPELT: "no fuzzy matching in SQLite itself"}

    def missing(self) -> str | None:
        try:
            sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(a)")
        except sqlite3.OperationalError as error:
            return str(error)
        return None

    def build(self, show: Show, directory: Path) -> None:
        with sqlite3.connect(directory / "show.sqlite") as database:
            database.executescript(_SCHEMA)
            _insert(database, documents(show))
            database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        database.execute("ANALYZE")
        database.close()
        Catalogue.write(show, directory)

    def add(self, show: Show, more: Episode, directory: Path) -> None:
        with sqlite3.connect(directory / "show.sqlite") as database:
            (first,) = database.execute("SELECT max(rowid) + 1 FROM passages").fetchone()
            _insert(database, documents(Show("", "", (more,), {})), first)
        database.close()
        Catalogue.write(show, directory)

    def open(self, directory: Path) -> "Fts5Searcher":
        return Fts5Searcher(directory)


def _insert(database: sqlite3.Connection, added: Iterable[Document], first: int = 0) -> None:
    row = f"INSERT INTO passages(rowid, {', '.join(_TEXTS)}) VALUES ({'?, ' * len(_TEXTS)}?)"
    for each in added:
        number = first + each.number
        database.execute(row, [number, *(each.fields.get(name) for name in _TEXTS)])
        database.executemany(
            "INSERT OR IGNORE INTO tag VALUES (?, ?)", [(tag, number) for tag in each.tags]
        )
        database.execute("INSERT INTO year VALUES (?, ?)", (each.year, number))


class Fts5Searcher(Opened):
    """An open database."""

    def __init__(self, directory: Path) -> None:
        self._database = sqlite3.connect(
            f"file:{directory / 'show.sqlite'}?mode=ro&immutable=1", uri=True
        )
        self._database.execute("PRAGMA mmap_size = 2147483648")
        self._database.execute("PRAGMA cache_size = -65536")
        self._catalogue = Catalogue.read(directory)

    def close(self) -> None:
        self._database.close()

    def answer(self, asked: Asked) -> bytes:
        match = match_of(asked)
        sql = f"SELECT rowid, bm25(passages, {_WEIGHTS}) FROM passages WHERE passages MATCH ?"
        values: list[Any] = [match]
        for kind, value in asked.filters:
            # A look-up for each match: twice as fast as a list of row ids.
            sql += f" AND EXISTS (SELECT 1 FROM {kind} WHERE value = ? AND passage = +rowid)"
            values.append(value)
        rows = self._database.execute(sql, values).fetchall()
        found = np.array(rows, np.float64).reshape(-1, 2)
        grouped = self._catalogue.group(found[:, 0].astype(np.int64), -found[:, 1])
        texts = self._texts(match, match_of(asked, Class.OR), grouped)

        def marked(passage: int, field: str) -> tuple[str, str] | None:
            text = texts.get((passage, field))
            return None if text is None else (unmarked(text), escaped(text))

        return self._catalogue.body(asked, grouped, marked)

    def _texts(self, match: str, some: str, grouped: Any) -> dict[tuple[int, str], str]:
        heads = [self._catalogue.head_of(shown.episode) for shown in grouped.shown]
        moments = [passage for shown in grouped.shown for passage in shown.passages()]
        texts = {}
        # A head may hold some of the words although it is a moment that has them all.
        for wanted, names, asked_for in (
            (heads, ("title", "description"), some),
            (moments, ("text",), match),
        ):
            columns = ", ".join(
                f"snippet(passages, {_COLUMN[name]}, '{BEGIN}', '{END}', '…', {_LONGEST})"
                for name in names
            )
            places = ", ".join(map(str, wanted))
            sql = (
                f"SELECT rowid, {columns} FROM passages "
                f"WHERE passages MATCH ? AND rowid IN ({places})"
            )
            for number, *shown in self._database.execute(sql, [asked_for]):
                texts.update({(number, n): t for n, t in zip(names, shown, strict=True)})
        return texts


def match_of(asked: Asked, kind: Class | None = None) -> str:
    """The query in FTS5's syntax, or as if it were of another kind (phrases stay phrases)."""
    quoted = [f'"{word}"' for word in asked.words]
    if asked.prefix:
        quoted[-1] += "*"
    if asked.kind is Class.PHRASE:
        return asked.text
    return (" OR " if (kind or asked.kind) is Class.OR else " AND ").join(quoted)
