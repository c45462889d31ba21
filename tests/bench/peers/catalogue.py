"""What peers need beside a search engine: the same for all of them, as fast as we know how.

A library that finds and scores passages still leaves to do what our answers hold: grouping by
episode, the best three moments, totals, timelines, facets, links, JSON. Peers get it from here,
in arrays and orjson, so that what differs between them is their own.
"""

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from search.clock import format_clock
from search.engines.compiled import Column
from search.engines.facets import Facets
from search.engines.rows import Rows
from search.episode import Episode, Show
from search.passage import PassageKind, passages
from tests.bench.queries import Asked

FOUND = 10
MOMENTS = 3
FACETS = ("tag", "guest", "category", "year")
BEGIN, END = "\x01", "\x02"
"""Marks that a peer may put around words before the text is escaped."""

BOOSTS = {"title": 3.0, "guests": 2.0, "tags": 2.0, "description": 1.5, "text": 2.0}  # fmt: skip
"""How much a field counts, as a site owner would set it."""


@dataclass(frozen=True, slots=True)
class Document:
    """One passage as a peer indexes it."""

    number: int
    episode: int
    kind: PassageKind
    fields: dict[str, str]
    tags: tuple[str, ...]
    year: str


def in_order(show: Show) -> list[Episode]:
    """Oldest first: a higher number is a newer episode."""
    return sorted(show.episodes, key=lambda e: (e.date.toordinal() if e.date else 0, e.id))


def documents(show: Show) -> Iterator[Document]:
    """All passages, numbered, with what they can be filtered by."""
    number = 0
    for place, episode in enumerate(in_order(show)):
        tags = tuple(tag.slug for tag in episode.tags)
        year = str(episode.date.year) if episode.date else ""
        for passage in passages(episode):
            fields = {name: text for name, text in passage.fields.items() if text}
            yield Document(number, place, passage.kind, fields, tags, year)
            number += 1


class Catalogue:
    """Episodes and passages by number, in memory."""

    def __init__(self, heads: list[dict[str, Any]], columns: dict[str, Any]) -> None:
        self.heads = heads
        self.episode = np.array(columns["episode"], np.int32)
        self.kind = np.array(columns["kind"], np.uint8)
        self.start = np.array(columns["start"], np.int32)
        self.end = np.array(columns["end"], np.int32)
        of_kind = {name: [head["facets"][name] for head in heads] for name in FACETS}
        self._facets = Facets({name: _column(of_kind[name]) for name in FACETS}, lambda _, v: v)

    @classmethod
    def write(cls, show: Show, directory: Path) -> None:
        episodes = in_order(show)
        rows = [(n, p) for n, episode in enumerate(episodes) for p in passages(episode)]
        columns = {
            "episode": [number for number, _ in rows],
            "kind": [int(passage.kind) for _, passage in rows],
            "start": [-1 if passage.start is None else passage.start for _, passage in rows],
            "end": [-1 if passage.end is None else passage.end for _, passage in rows],
        }
        body = {"heads": [_head(episode) for episode in episodes], "columns": columns}
        (directory / "catalogue.json").write_bytes(orjson.dumps(body))

    @classmethod
    def read(cls, directory: Path) -> "Catalogue":
        body = orjson.loads((directory / "catalogue.json").read_bytes())
        return cls(body["heads"], body["columns"])

    def group(self, passages: Any, scores: Any) -> "Grouped":
        """Matching passages (n,) and their scores (n,) by episode."""
        episodes = self.episode[passages]
        order = np.lexsort((passages, episodes))
        passages, scores, episodes = passages[order], scores[order], episodes[order]
        starts = np.flatnonzero(np.diff(episodes, prepend=-1))
        found = episodes[starts]
        best = np.maximum.reduceat(scores, starts) if len(starts) else np.zeros(0)
        top = np.lexsort((-found, -best))[:FOUND]
        ends = np.append(starts[1:], len(passages))
        shown = []
        for place in top.tolist():
            inside = slice(int(starts[place]), int(ends[place]))
            own, worth = passages[inside], scores[inside]
            moments = self.kind[own] == PassageKind.MOMENT
            own, worth = own[moments], worth[moments]
            chosen = np.argsort(-worth, kind="stable")[:MOMENTS]
            shown.append(
                Shown(
                    int(found[place]),
                    float(best[place]),
                    [(int(own[c]), float(worth[c])) for c in chosen],
                    self.start[own].tolist(),
                )
            )
        count = int(np.count_nonzero(self.kind[passages] == PassageKind.MOMENT))
        return Grouped(shown, found, count)

    def head_of(self, episode: int) -> int:
        """The passage number of an episode's head."""
        return int(np.searchsorted(self.episode, episode))

    def body(
        self,
        asked: Asked,
        grouped: "Grouped",
        marked: Callable[[int, str], tuple[str, str] | None],
    ) -> bytes:
        """The JSON. `marked(passage, field)` gives a text and its HTML with the query's words
        marked; None for an episode's head that holds none of them: its own text is shown."""
        return orjson.dumps(
            {
                "query": asked.text,
                "interpreted": asked.text,
                "found_episodes": len(grouped.episodes),
                "found_moments": grouped.moments,
                "page": 1,
                "per_page": FOUND,
                "facets": self._counted(grouped.episodes),
                "results": [self._result(shown, marked) for shown in grouped.shown],
            }
        )

    def _counted(self, episodes: Any) -> dict[str, list[dict[str, Any]]]:
        mask = np.zeros(len(self.heads), bool)
        mask[episodes] = True
        kinds = self._facets.most(self._facets.count(mask, {}), {})
        return {
            kind: [{"value": v.value, "label": v.label, "count": v.count} for v in values]
            for kind, values in kinds.items()
        }

    def _result(
        self, shown: "Shown", marked: Callable[[int, str], tuple[str, str] | None]
    ) -> dict[str, Any]:
        head = self.heads[shown.episode]
        passage = self.head_of(shown.episode)
        texts = {}
        for name in ("title", "description"):
            found = marked(passage, name)
            texts[name] = found[1] if found else html.escape(head[name], quote=False)
        return {
            **head["shown"],
            "title": head["title"],
            "title_html": texts["title"],
            "description_html": texts["description"],
            "score": round(shown.score, 4),
            "found_moments": len(shown.timeline),
            "timeline": shown.timeline,
            "moments": [self._moment(head, *each, marked) for each in shown.moments],
        }

    def _moment(
        self,
        head: dict[str, Any],
        passage: int,
        score: float,
        marked: Callable[[int, str], tuple[str, str] | None],
    ) -> dict[str, Any]:
        start = int(self.start[passage])
        end = int(self.end[passage])
        clock = format_clock(start)
        text, as_html = marked(passage, "text") or ("", "")
        audio = head["shown"]["audio_url"]
        return {
            "start": start,
            "end": None if end < 0 else end,
            "time": clock,
            "text": text,
            "html": as_html,
            "url": f"{head['shown']['url']}#{clock}",
            "audio_url": f"{audio}#t={start}" if audio else None,
            "score": round(score, 4),
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """An episode of the page: its best moments as (passage, score), best first, and all starts."""

    episode: int
    score: float
    moments: list[tuple[int, float]]
    timeline: list[int]

    def passages(self) -> list[int]:
        return [passage for passage, _ in self.moments]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The page, all episodes found (e,), and how many moments."""

    shown: list[Shown]
    episodes: Any
    moments: int


def _column(rows: Sequence[list[str]]) -> Column:
    values = sorted({value for row in rows for value in row})
    number = {value: place for place, value in enumerate(values)}
    return Column.of(values, Rows.of_numbers([[number[value] for value in row] for row in rows]))


def escaped(text: str) -> str:
    """A text with BEGIN and END marks as HTML."""
    safe = html.escape(text, quote=False)
    return safe.replace(BEGIN, "<mark>").replace(END, "</mark>")


def unmarked(text: str) -> str:
    """The text without its marks."""
    return text.replace(BEGIN, "").replace(END, "")


def _head(episode: Episode) -> dict[str, Any]:
    return {
        "title": episode.title,
        "description": episode.description,
        "shown": {
            "id": episode.id,
            "number": episode.number,
            "category": episode.category,
            "url": episode.url,
            "audio_url": episode.audio_url,
            "date": episode.date.isoformat() if episode.date else None,
            "duration": episode.duration,
            "guests": list(episode.guests),
            "tags": [tag.slug for tag in episode.tags],
        },
        "facets": {
            "tag": list(dict.fromkeys(tag.slug for tag in episode.tags)),
            "guest": list(dict.fromkeys(episode.guests)),
            "category": [episode.category] if episode.category else [],
            "year": [str(episode.date.year)] if episode.date else [],
        },
    }
