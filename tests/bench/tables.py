"""The figures as Markdown tables, which are as readable in a terminal."""

from collections.abc import Callable, Sequence
from statistics import fmean

from tests.bench.costs import Costs
from tests.bench.load import Load, Switch
from tests.bench.peers import OURS
from tests.bench.queries import Class
from tests.bench.results import Result
from tests.bench.shown import Shown
from tests.bench.timing import AGAIN, KNOWN, STATES, Times

Cannot = dict[str, dict[Class, str]]
"""For each peer the classes it has nothing for, and why."""


Line = tuple[str, dict[str, Times], Class | None]
"""What a row is called, the times it is about, and of which class (None: of all)."""


def archives(results: Sequence[Result]) -> list[Line]:
    """A row for each archive, over all queries."""
    return [(result.title, result.timed, None) for result in results if OURS in result.timed]


def classes(result: Result) -> list[Line]:
    """A row for each class of queries, and one over all."""
    timed = result.timed
    return [*((kind.value, timed, kind) for kind in Class), ("**all**", timed, None)]


def milliseconds(first: str, lines: Sequence[Line], cannot: Cannot) -> str:
    """Mean / p95. `first` heads the rows' names."""
    ours = {OURS: "words new", KNOWN: "words known", AGAIN: "asked again"}
    labels = _labels(lines)
    rows = [[first, *(f"{OURS}, {ours[each]}" if each in ours else each for each in labels)]]
    for name, times, kind in lines:
        cells = []
        for label in labels:
            own = times[label].summary(kind) if label in times else None
            none = cannot.get(label, {}).get(kind, "–") if kind else "–"
            cells.append(f"{number(own.mean)} / {number(own.p95)}" if own else none)
        rows.append([name, *cells])
    return table(rows)


def compared(first: str, lines: Sequence[Line]) -> str:
    """How many times ours a peer's mean is, in each of the STATES, over what both answer."""
    labels = [label for label in _labels(lines) if label not in STATES]
    rows = [[first, *labels]]
    for name, times, kind in lines:
        rows.append([name, *(_times_ours(times, label, kind) for label in labels)])
    return table(rows)


def _labels(lines: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys(label for _, times, _ in lines for label in times))


def _times_ours(times: dict[str, Times], label: str, kind: Class | None) -> str:
    own = times[label].summary(kind) if label in times else None
    if own is None:
        return "–"
    asked = list(times[label].taken)
    ours = [times[state].over(asked).summary(kind) for state in STATES]
    return " · ".join(f"{number(own.mean / each.mean)}×" for each in ours if each)


def shown(results: Sequence[Result]) -> str:
    """Episodes · moments on the first page, mean over all queries, and over those of all words."""
    names = list(dict.fromkeys(name for result in results for name in result.shown))
    rows = [["archive", *names]]
    for result in results:
        cells = [
            f"{_extent(counted)} ({_extent([each for each in counted if each[0] is Class.AND])})"
            for counted in (result.shown.get(name, ()) for name in names)
        ]
        rows.append([result.title, *cells])
    return table(rows)


def _extent(counted: Sequence[Shown]) -> str:
    if not counted:
        return "–"
    means = fmean(each[1] for each in counted), fmean(each[2] for each in counted)
    return " · ".join(f"{mean:.1f}" for mean in means)


def details(times: dict[str, Times]) -> str:
    """Everything: median, mean, p95 and p99 in milliseconds of each peer and class."""
    rows = [["peer", "class", "queries", "median", "mean", "p95", "p99"]]
    for label, each in times.items():
        for kind in [*Class, None]:
            own = each.summary(kind)
            if own:
                figures = [number(own.median), number(own.mean), number(own.p95), number(own.p99)]
                rows.append([label, kind.value if kind else "all", str(own.queries), *figures])
    return table(rows)


def expenses(measured: dict[str, Costs]) -> str:
    """Building, publishing, disk, memory, starting: peers in columns."""
    lines: dict[str, Callable[[Costs], float]] = {
        "build, processor s": lambda c: c.build_seconds,
        "peak memory of the build, MB": lambda c: c.build_peak / 1e6,
        "publish one more episode, s": lambda c: c.publish_seconds,
        "on disk, MB": lambda c: c.disk / 1e6,
        "fresh process to first answer, s": lambda c: c.start_seconds,
        "memory after all queries, MB": lambda c: c.memory / 1e6,
        "of it not shareable, MB": lambda c: c.own / 1e6,
    }
    rows = [["", *measured]]
    for name, figure in lines.items():
        rows.append([name, *(number(figure(each)) for each in measured.values())])
    return table(rows)


def serving(measured: Sequence[Load]) -> str:
    """For each kind of request: requests per second · p50 · p99 in milliseconds."""
    kinds = list(dict.fromkeys(load.what for load in measured))
    rows = [["processes × clients: requests/s · p50 · p99 in ms", *kinds, "memory, MB"]]
    for processes, clients in dict.fromkeys((load.processes, load.clients) for load in measured):
        here = [m for m in measured if (m.processes, m.clients) == (processes, clients)]
        cells = [f"{m.per_second:,.0f}/s · {number(m.p50)} · {number(m.p99)}" for m in here]
        memory = max(m.memory for m in here)
        rows.append([f"{processes} × {clients}", *cells, number(memory / 1e6)])
    return table(rows)


def switched(switch: Switch) -> str:
    """One sentence."""
    return (
        f"p99 with 8 clients: {number(switch.idle)} ms idle, {number(switch.switching)} ms while "
        "another generation is opened every second."
    )


def number(value: float) -> str:
    """Two or three significant digits."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of equal length as an aligned Markdown table; all but the first column to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for place, row in enumerate(rows):
        cells = [
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("| " + " | ".join(cells) + " |")
        if place == 0:
            rule = [
                "-" * width if column == 0 else "-" * (width - 1) + ":"
                for column, width in enumerate(widths)
            ]
            lines.append("| " + " | ".join(rule) + " |")
    return "\n".join(lines)
