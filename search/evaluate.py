"""How good are the answers? Judged queries against the index, as any owner can write them.

    python -m search.evaluate QUERIES.jsonl QRELS.tsv [--index DIR] [--config FILE]

QUERIES.jsonl, a line each: {"id": "a1", "query": "…", "class": "topical", "target": null}, where
`target` is {"episode": id, "stamp": "38:32"} for a query that looks for one moment.
QRELS.tsv: query id, episode id, `M:SS` or `-` for the episode as a whole, grade 0 to 3; what is
not judged counts as 0.

    episode nDCG@10   over episodes, each with its best grade (its own or one of its moments')
    moment nDCG@10    over moments in the order they are shown, at most 3 an episode
    jump at 1         share of queries whose first shown moment has grade 2 or 3, of those with one
    target in 3       share of queries with a target that is among the first 3 moments shown

nDCG is that of Järvelin and Kekäläinen (2002) with gain 2^grade - 1 and discount log2(rank + 1).
"""

import argparse
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
from msgspec import Struct, field

from search.command_line import Parser, run_command, settings_of
from search.engine import Searcher
from search.engines import open_engine
from search.errors import UsageError
from search.request import Request
from search.text_files import read_text

SHOWN = 3
"""Moments that are looked at, of an episode and for a target."""
DEPTH = 10
"""Results that nDCG looks at."""
_JUDGEMENT = re.compile(r"([^\t]+)\t([^\t]+)\t([^\t]+)\t\s*([0-3])\s*")
RELEVANT = 2
"""The least grade of a moment that is worth jumping to."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query, the grades of episodes and of (episode, time), and the moment looked for."""

    id: str
    query: str
    kind: str
    episodes: Mapping[str, int]
    moments: Mapping[tuple[str, str], int]
    target: tuple[str, str] | None


class _Target(Struct):
    episode: str
    stamp: str


class _Row(Struct):
    """A line of QUERIES.jsonl."""

    id: str | int
    query: str
    kind: str = field(name="class", default="all")
    target: _Target | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The four figures of one query; None where a figure has no meaning for it."""

    episode_ndcg: float | None
    moment_ndcg: float | None
    jump_at_1: float | None
    target_in_3: float | None


def read_judged(queries: Path, qrels: Path) -> list[JudgedQuery]:
    """Reads both files. Raises UsageError with the place of what cannot be read."""
    episodes: dict[str, dict[str, int]] = defaultdict(dict)
    moments: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for place, line in _lines(qrels):
        match = _JUDGEMENT.fullmatch(line)
        if match is None:
            form = "query, episode, time or -, grade from 0 to 3"
            raise UsageError(f"{place}: not `{form}` with tabs between them: {line[:200]!r}")
        query, episode, stamp, grade = match.groups()
        value = int(grade)
        if stamp != "-":
            moments[query][episode, stamp] = value
        episodes[query][episode] = max(value, episodes[query].get(episode, 0))
    judged = []
    for place, line in _lines(queries):
        try:
            row = msgspec.json.decode(line, type=_Row)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{place}: not a judged query: {error}") from None
        name = str(row.id)
        target = (row.target.episode, row.target.stamp) if row.target else None
        judged.append(JudgedQuery(name, row.query, row.kind, episodes[name], moments[name], target))
    return judged


def judge(searcher: Searcher, judged: JudgedQuery) -> Figures:
    """Asks one query with default parameters and measures the answer."""
    answer = searcher.search(Request(judged.query, per_page=DEPTH, moments=SHOWN))
    found = [result.id for result in answer.results]
    shown = [(r.id, moment.time) for r in answer.results for moment in r.moments]
    grades = [judged.moments.get(each, 0) for each in shown]
    findable = any(grade >= RELEVANT for grade in judged.moments.values())
    return Figures(
        _ndcg([judged.episodes.get(each, 0) for each in found], judged.episodes.values()),
        _ndcg(grades, judged.moments.values()),
        float(bool(grades and grades[0] >= RELEVANT)) if findable else None,
        float(judged.target in shown[:SHOWN]) if judged.target else None,
    )


def _ndcg(found: Sequence[int], judged: Iterable[int]) -> float | None:
    best = _dcg(sorted(judged, reverse=True)[:DEPTH])
    return _dcg(found[:DEPTH]) / best if best else None


def _dcg(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _require_same_show(searcher: Searcher, judged: Sequence[JudgedQuery]) -> None:
    """Figures of another show than the judged one are all 0 and say nothing. Raises UsageError."""
    wanted = {episode for query in judged for episode in query.episodes}
    found = searcher.search(Request(per_page=searcher.status.episodes))
    if wanted and wanted.isdisjoint(episode.id for episode in found.results):
        raise UsageError(
            f"none of the {len(wanted)} judged episodes is in the index of "
            f"{searcher.status.show_name or searcher.status.generation}; name the site they were "
            "judged on: make evaluate EPISODES=path/to/the/site"
        )


def table(judged: Sequence[JudgedQuery], figures: Sequence[Figures]) -> str:
    """The means by class and over all, as lines of text."""
    kinds = [*sorted({query.kind for query in judged}), "ALL"]
    width = max(10, *(len(kind) + 1 for kind in kinds))
    header = f"{'class':<{width}}{'n':>4}{'episode nDCG':>15}{'moment nDCG':>14}"
    lines = [header + f"{'jump at 1':>12}{'target in 3':>14}"]
    for kind in kinds:
        rows = [f for q, f in zip(judged, figures, strict=True) if kind == "ALL" or q.kind == kind]
        means = [
            _mean([getattr(row, name) for row in rows])
            for name in ("episode_ndcg", "moment_ndcg", "jump_at_1", "target_in_3")
        ]
        lines.append(
            f"{kind:<{width}}{len(rows):>4}{means[0]:>15}{means[1]:>14}{means[2]:>12}{means[3]:>14}"
        )
    return "\n".join(lines)


def _mean(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{sum(known) / len(known):.3f}" if known else "-"


def _lines(path: Path) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(read_text(path, "judgements").split("\n"), 1):
        if line.strip():
            yield f"{path}:{number}", line


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = Parser(
        prog="python -m search.evaluate",
        description="Measures the answers to judged queries.",
        epilog=(__doc__ or "").partition("\n\n")[2],
    )
    parser.add_argument("queries", type=Path, help="judged queries, one JSON object a line")
    parser.add_argument("qrels", type=Path, help="judgements, tab-separated")
    parser.add_settings()
    parser.add_argument("--per-query", type=Path, help="write every query's figures there, JSON")
    return run_command(parser, arguments, _evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    judged = read_judged(options.queries, options.qrels)
    searcher = open_engine(settings_of(options)).open()
    _require_same_show(searcher, judged)
    figures = [judge(searcher, query) for query in judged]
    if options.per_query:
        rows = [
            json.dumps({"id": q.id, "class": q.kind, "query": q.query, **asdict(f)})
            for q, f in zip(judged, figures, strict=True)
        ]
        options.per_query.write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(table(judged, figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
