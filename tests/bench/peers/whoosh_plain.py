"""Whoosh 2.7.4 as its documentation shows it: MultifieldParser, BM25F, its own highlighter.

Passages are documents. Everything is scored in one pass (`limit=None`): totals and facets need all
matches, and a second pass for them costs more than the best ten save.
"""

import html
import warnings
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from search.episode import Episode, Show
from tests.bench.peers.base import Opened
from tests.bench.peers.catalogue import BOOSTS, Catalogue, Document, documents
from tests.bench.queries import Asked, Class

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import fields, highlight, index, query
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.qparser import MultifieldParser, OrGroup

_TEXTS = tuple(BOOSTS)
_ANALYZER = StemmingAnalyzer()


class PlainWhoosh:
    """A site owner's own Whoosh."""

    name: ClassVar[str] = "Whoosh"
    cannot: ClassVar[dict[Class, str]] = {}

    def missing(self) -> str | None:
        return None

    def build(self, show: Show, directory: Path) -> None:
        schema = fields.Schema(
            number=fields.STORED(),
            tag=fields.KEYWORD(commas=True),
            year=fields.ID(),
            **{
                name: fields.TEXT(stored=True, analyzer=_ANALYZER, field_boost=boost)
                for name, boost in BOOSTS.items()
            },
        )
        (directory / "whoosh").mkdir()
        writer = index.create_in(directory / "whoosh", schema).writer(limitmb=256)
        for document in documents(show):
            _add(writer, document)
        writer.commit(optimize=True)
        Catalogue.write(show, directory)

    def add(self, show: Show, more: Episode, directory: Path) -> None:
        writer = index.open_dir(directory / "whoosh").writer()
        for document in documents(Show("", "", (more,), {})):
            _add(writer, document)
        writer.commit()
        Catalogue.write(show, directory)

    def open(self, directory: Path) -> "WhooshSearcher":
        return WhooshSearcher(directory)


def _add(writer: Any, document: Document) -> None:
    writer.add_document(
        number=document.number,
        tag=",".join(document.tags),
        year=document.year,
        **document.fields,
    )


class WhooshSearcher(Opened):
    """An open index."""

    def __init__(self, directory: Path) -> None:
        self._index = index.open_dir(directory / "whoosh")
        self._searcher = self._index.searcher()
        self._reader = self._searcher.reader()
        self._catalogue = Catalogue.read(directory)
        schema = self._index.schema
        self._all = MultifieldParser(_TEXTS, schema)
        self._any = MultifieldParser(_TEXTS, schema, group=OrGroup)
        self._formatter = highlight.HtmlFormatter("mark", classname="", termclass="")

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    def answer(self, asked: Asked) -> bytes:
        parser = self._any if asked.kind is Class.OR else self._all
        text = asked.text + "*" if asked.prefix else asked.text
        if asked.kind is Class.MISSPELT:
            wanted = query.And([self._like(word) for word in asked.words])
        else:
            wanted = parser.parse(text)
        within = query.And([query.Term(kind, value) for kind, value in asked.filters])
        results = self._searcher.search(
            wanted, limit=None, filter=within if asked.filters else None, terms=False
        )
        numbers = np.array([number for _, number in results.top_n], np.int64)
        scores = np.array([score for score, _ in results.top_n], np.float64)
        words: dict[str, frozenset[str]] = {}

        def marked(passage: int, field: str) -> tuple[str, str] | None:
            # What `hit.highlights` does, but a prefix is looked up once and not for each text.
            if field not in words:
                found = wanted.existing_terms(self._reader, expand=True, fieldname=field)
                words[field] = frozenset(term[1].decode() for term in found)
            text = self._searcher.stored_fields(passage)[field]
            if not words[field]:
                return text, html.escape(text, quote=False)
            made = highlight.highlight(
                text, words[field], _ANALYZER, highlight.WholeFragmenter(), self._formatter
            )
            return text, made or html.escape(text, quote=False)

        return self._catalogue.body(asked, self._catalogue.group(numbers, scores), marked)

    def _like(self, word: str) -> Any:
        # A fuzzy query is ten times faster than `correct_query` and a second search.
        (token,) = [token.text for token in _ANALYZER(word)]
        near = [query.FuzzyTerm(n, token, boost=BOOSTS[n], prefixlength=1) for n in _TEXTS]
        return query.Or(near)
