"""`python -m tests.bench`: measures and prints tables."""

import argparse
import gc
import os
import platform
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import tables
from tests.bench.archives import REAL, SAMPLE, Archive, generated, multiplied, site
from tests.bench.costs import Built, built, costs, published_twice
from tests.bench.load import loads, switching
from tests.bench.peers import NAMES, OURS, peer_named
from tests.bench.peers.base import Opened, Peer
from tests.bench.queries import EACH, Asked, drawn
from tests.bench.results import Result, keep, kept
from tests.bench.shown import Shown, shown
from tests.bench.stopwatch import count_processor_time
from tests.bench.timing import Times, measure
from web.__main__ import COLLECT_EVERY

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_SERVED = 330
"""Queries of each class for the load: more in all than a server keeps answers."""


def main(arguments: list[str] | None = None) -> int:
    """Measures what was asked for; returns the exit code."""
    given = _parser().parse_args(arguments)
    if given.cpu_time:
        count_processor_time()
    archives = _archives(given)
    if not given.again:
        peers = _available(given.only.split(","))
        for archive in archives:
            _measure(archive, peers, given)
    results = [kept()[archive.key] for archive in archives if archive.key in kept()]
    for result in results:
        print("\n\n".join(_whole(result, given.details)), flush=True)
    if given.write:
        _write(given.write, _page(results))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measures speed side by side with other engines."
    )
    parser.add_argument("--passages", default="3000,30000,300000", metavar="N,N")
    parser.add_argument("--episodes", type=Path, metavar="DIR", help="a site (default: ../shared)")
    parser.add_argument("--quick", action="store_true", help="3,000 passages, few rounds, no load")
    parser.add_argument("--rounds", type=int, default=7, help="(7)")
    parser.add_argument("--each", type=int, default=EACH, help=f"queries of a class ({EACH})")
    parser.add_argument("--only", default=",".join(NAMES), metavar="PEER,PEER")
    parser.add_argument("--parts", default="answering,costs,serving", metavar="PART,PART")
    parser.add_argument("--details", action="store_true", help="medians and p99 of every class too")
    parser.add_argument("--cpu-time", action="store_true", help="on a busy machine: processor time")
    parser.add_argument("--again", action="store_true", help="only print what was last measured")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into a page")
    return parser


def _available(names: list[str]) -> dict[str, Peer]:
    peers = {}
    for name in dict.fromkeys([OURS, *names]):
        peer = peer_named(name)
        reason = peer.missing()
        if reason is None:
            peers[name] = peer
        else:
            print(f"{name} is left out: {reason}", file=sys.stderr)
    return peers


def _archives(given: argparse.Namespace) -> list[Archive]:
    if given.quick:
        return [generated(3000)]
    if given.episodes:
        shown = [site(given.episodes)]
    elif REAL.is_dir():
        shown = [site(REAL)]
    else:
        shown = [multiplied(SAMPLE, 3000)]
    return shown + [generated(int(each)) for each in given.passages.split(",") if each]


def _measure(archive: Archive, peers: dict[str, Peer], given: argparse.Namespace) -> None:
    parts = ["answering"] if given.quick else given.parts.split(",")
    result = replace(kept().get(archive.key, Result(archive.title)), about=_about(given))
    asked = drawn(archive.show, each=given.each)
    made: dict[str, Built] = {}
    for name in peers:
        print(f"… {archive.title}: {name}", file=sys.stderr, flush=True)
        made[name] = built(archive, name)
    if "answering" in parts:
        rounds = 3 if given.quick else given.rounds
        result.timed, result.shown = _answering(made, peers, asked, rounds)
        keep(archive.key, result)
    if "costs" in parts:
        # Each figure comes from a process of its own: those of other peers may be kept.
        new = {name: costs(archive, name, made[name], asked) for name in peers}
        every = {**result.costs, **new}
        result.costs = {name: every[name] for name in NAMES if name in every}
        keep(archive.key, result)
    if "serving" in parts:
        many = drawn(archive.show, seed=7, each=_SERVED)
        result.loads = loads(made[OURS].directory / "index", many)
        result.switch = switching(published_twice(archive, made[OURS]) / "index", many)
        keep(archive.key, result)


def _answering(
    made: dict[str, Built], peers: dict[str, Peer], asked: list[Asked], rounds: int
) -> tuple[dict[str, Times], dict[str, list[Shown]]]:
    opened: dict[str, tuple[Peer, Opened]] = {
        name: (peer, peer.open(made[name].directory)) for name, peer in peers.items()
    }
    # The collector works as it does in a server, for all alike: it does not look at what stays in
    # memory, and seldom at the rest.
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_EVERY)
    times = measure(opened, asked, rounds)
    gc.set_threshold(*before)
    gc.unfreeze()
    counted = {}
    for name, (peer, searcher) in opened.items():
        counted[name] = shown(searcher, [q for q in asked if q.kind not in peer.cannot])
        searcher.close()
    return times, counted


def _whole(result: Result, details: bool) -> list[str]:
    """Everything about one archive."""
    said = [f"### {result.title}", result.about]
    if result.timed:
        said += _answers("class", tables.classes(result))
        said.append(tables.shown([result]))
        if details:
            said.append(tables.details(result.timed))
    if result.costs:
        said.append(tables.expenses(result.costs))
    if result.loads:
        said.append(tables.serving(result.loads))
    if result.switch:
        said.append(tables.switched(result.switch))
    return said


def _page(results: list[Result]) -> str:
    """What fits on one screen: all archives in short, classes and costs of the largest, and the
    load of the first that was measured."""
    said = [results[0].about]
    timed = [result for result in results if result.timed]
    counted = [result for result in results if result.costs]
    loaded = [result for result in results if result.loads]
    if timed:
        said += ["### Answering", *_answers("archive", tables.archives(timed))]
        said += ["Episodes · moments that an answer shows, mean (AND queries):"]
        said += [tables.shown(timed)]
        said += [f"### By class, {timed[-1].title}", *_answers("class", tables.classes(timed[-1]))]
    if counted:
        said += [f"### Costs, {counted[-1].title}", tables.expenses(counted[-1].costs)]
    if loaded:
        said += [f"### Serving, {loaded[0].title}", tables.serving(loaded[0].loads)]
        said += [tables.switched(loaded[0].switch)] if loaded[0].switch else []
    return "\n\n".join(said)


def _answers(first: str, lines: list[tables.Line]) -> list[str]:
    cannot = {name: dict(peer_named(name).cannot) for name in NAMES}
    return [
        "Milliseconds, mean / p95:",
        tables.milliseconds(first, lines, cannot),
        "A peer's mean in times of ours, words new · words known · asked again:",
        tables.compared(first, lines),
    ]


def _about(given: argparse.Namespace) -> str:
    clock = "processor time of the thread" if given.cpu_time else "wall clock"
    return (
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors, "
        f"{clock}, {datetime.now(UTC):%Y-%m-%d}."
    )


def _write(page: Path, text: str) -> None:
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
