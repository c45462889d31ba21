"""`python -m tests.bench`: measures and prints tables."""

import argparse
import gc
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import tables
from tests.bench.archives import REAL, SAMPLE, Archive, generated, multiplied, site
from tests.bench.costs import Built, built, costs, published_twice
from tests.bench.load import loads, switching
from tests.bench.peers import NAMES, OURS, peer_named
from tests.bench.peers.base import Opened, Peer
from tests.bench.queries import EACH, drawn
from tests.bench.stopwatch import count_processor_time
from tests.bench.timing import measure

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_SERVED = 90
"""Queries of each class for the load: more in all than a server keeps answers."""


def main(arguments: list[str] | None = None) -> int:
    """Measures what was asked for; returns the exit code."""
    given = _parser().parse_args(arguments)
    if given.cpu_time:
        count_processor_time()
    peers = _available(given.only.split(","))
    parts = [_about(given)]
    print(parts[0], flush=True)
    for archive in _archives(given):
        for part in _measured(archive, peers, given):
            parts.append(part)
            print("\n" + part, flush=True)
    if given.write:
        _write(given.write, "\n\n".join(parts))
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


def _measured(archive: Archive, peers: dict[str, Peer], given: argparse.Namespace) -> list[str]:
    parts = [] if given.quick else given.parts.split(",")
    asked = drawn(archive.show, each=given.each)
    many = drawn(archive.show, seed=7, each=_SERVED) if "serving" in parts else []
    made: dict[str, Built] = {}
    for name in peers:
        print(f"… {archive.title}: {name}", file=sys.stderr, flush=True)
        made[name] = built(archive, name)
    said = [f"### {archive.title}"]
    if given.quick or "answering" in parts:
        opened: dict[str, tuple[Peer, Opened]] = {
            name: (peer, peer.open(made[name].directory)) for name, peer in peers.items()
        }
        # The show stays in memory: the collector need not look at it while others are timed.
        gc.collect()
        gc.freeze()
        times = measure(opened, asked, 3 if given.quick else given.rounds)
        gc.unfreeze()
        for _, searcher in opened.values():
            searcher.close()
        said.append(tables.answering(times, {name: dict(p.cannot) for name, p in peers.items()}))
        if given.details:
            said.append(tables.details(times))
    if "costs" in parts:
        each = {name: costs(archive, name, made[name], asked) for name in peers}
        said.append(tables.expenses(each))
    if "serving" in parts:
        said.append(tables.serving(loads(made[OURS].directory / "index", many)))
        idle, switched = switching(published_twice(archive, made[OURS]) / "index", many)
        said.append(
            f"p99 with 8 clients: {tables.number(idle)} ms idle, "
            f"{tables.number(switched)} ms while a new generation is opened every second."
        )
    return said


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
