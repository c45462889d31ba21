"""tantivy through its Python package: English stemming, BM25, snippets, fast fields.

Passages are documents. All matches are read with one search and one bulk read of a fast field:
totals, timelines and facets need them.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from search.episode import Episode, Show
from tests.bench.peers.base import Opened
from tests.bench.peers.catalogue import BOOSTS, Catalogue, Document, documents
from tests.bench.queries import Asked, Class

_TEXTS = tuple(BOOSTS)
_HEAP = 256_000_000


class Tantivy:
    """A site owner's own tantivy."""

    name: ClassVar[str] = "tantivy"
    cannot: ClassVar[dict[Class, str]] = {}

    def missing(self) -> str | None:
        return None if find_spec("tantivy") else "not installed; run: make bench"

    def build(self, show: Show, directory: Path) -> None:
        (directory / "tantivy").mkdir()
        import tantivy

        index = tantivy.Index(_schema(), path=str(directory / "tantivy"))
        # One thread, one segment: faster to search than several, and in the order of passages.
        writer = index.writer(_HEAP, num_threads=1)
        for document in documents(show):
            writer.add_document(_document(document))
        writer.commit()
        writer.wait_merging_threads()
        Catalogue.write(show, directory)

    def add(self, show: Show, more: Episode, directory: Path) -> None:
        import tantivy

        index = tantivy.Index.open(str(directory / "tantivy"))
        first = index.searcher().num_docs
        writer = index.writer(_HEAP, num_threads=1)
        for document in documents(Show("", "", (more,), {})):
            writer.add_document(_document(document, first))
        writer.commit()
        writer.wait_merging_threads()
        Catalogue.write(show, directory)

    def open(self, directory: Path) -> "TantivySearcher":
        return TantivySearcher(directory)


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True, indexed=True, fast=True)
    builder.add_text_field("tag", tokenizer_name="raw")
    builder.add_text_field("year", tokenizer_name="raw")
    for name in _TEXTS:
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    return builder.build()


def _document(document: Document, first: int = 0) -> Any:
    import tantivy

    made = tantivy.Document()
    made.add_unsigned("number", first + document.number)
    made.add_text("year", document.year)
    for tag in document.tags:
        made.add_text("tag", tag)
    for name, text in document.fields.items():
        made.add_text(name, text)
    return made


class TantivySearcher(Opened):
    """An open index."""

    def __init__(self, directory: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        self._index = tantivy.Index.open(str(directory / "tantivy"))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._most = max(1, self._searcher.num_docs)
        self._catalogue = Catalogue.read(directory)

    def answer(self, asked: Asked) -> bytes:
        wanted = self._query(asked)
        hits = self._searcher.search(wanted, limit=self._most, count=False).hits
        addresses = [address for _, address in hits]
        numbers = self._searcher.fast_field_values("number", addresses) if hits else []
        passages = np.array(numbers, np.int64).reshape(-1)
        scores = np.array([score for score, _ in hits], np.float64)
        grouped = self._catalogue.group(passages, scores)
        shown = {p for each in grouped.shown for p in each.passages()}
        heads = {self._catalogue.head_of(each.episode) for each in grouped.shown}
        at = {}
        for place in np.flatnonzero(np.isin(passages, list(shown))).tolist():
            at[int(passages[place])] = addresses[place]
        at |= self._addresses(heads)
        generators: dict[str, Any] = {}
        documents: dict[int, Any] = {}

        def marked(passage: int, field: str) -> tuple[str, str] | None:
            address = at.get(passage)
            if address is None:
                return None
            if field not in generators:
                generators[field] = self._tantivy.SnippetGenerator.create(
                    self._searcher, wanted, self._schema, field
                )
                generators[field].set_max_num_chars(1000)
            if passage not in documents:
                documents[passage] = self._searcher.doc(address)
            document = documents[passage]
            text = document.get_first(field) or ""
            snippet = generators[field].snippet_from_doc(document).to_html()
            return text, snippet.replace("<b>", "<mark>").replace("</b>", "</mark>") or text

        return self._catalogue.body(asked, grouped, marked)

    def _addresses(self, numbers: set[int]) -> dict[int, Any]:
        if not numbers:
            return {}
        # Five times faster than a set of terms, which becomes an automaton.
        tantivy = self._tantivy
        terms = [tantivy.Query.term_query(self._schema, "number", n, "basic") for n in numbers]
        among = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        hits = self._searcher.search(among, limit=len(numbers), count=False).hits
        addresses = [address for _, address in hits]
        found: list[Any] = self._searcher.fast_field_values("number", addresses)
        return dict(zip(found, addresses, strict=True))

    def _query(self, asked: Asked) -> Any:
        tantivy = self._tantivy
        whole = asked.words[:-1] if asked.prefix else asked.words
        must = []
        if whole:
            text = asked.text if asked.kind is Class.PHRASE else " ".join(whole)
            fuzzy = dict.fromkeys(_TEXTS, (False, 1, True))
            must.append(
                self._index.parse_query(
                    text,
                    list(_TEXTS),
                    BOOSTS,
                    fuzzy if asked.kind is Class.MISSPELT else {},
                    conjunction_by_default=asked.kind is not Class.OR,
                )
            )
        if asked.prefix:
            must.append(
                tantivy.Query.boolean_query(
                    [(tantivy.Occur.Should, self._prefix(name, asked.words[-1])) for name in _TEXTS]
                )
            )
        for kind, value in asked.filters:
            term = tantivy.Query.term_query(self._schema, kind, value)
            must.append(tantivy.Query.const_score_query(term, 0.0))
        if len(must) == 1:
            return must[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in must])

    def _prefix(self, field: str, letters: str) -> Any:
        # Fifty times faster than a regex query; neither tells the snippets what to mark.
        query = self._tantivy.Query.fuzzy_term_query(
            self._schema, field, letters, distance=0, prefix=True
        )
        return self._tantivy.Query.boost_query(query, BOOSTS[field])
