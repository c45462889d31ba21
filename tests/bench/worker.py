"""One measurement in a fresh process: `python -m tests.bench.worker VERB PEER DIRECTORY [ARCHIVE]`.

Prints JSON. VERB is `build`, `add` (publish one more episode), `first` (open and answer one query)
or `all` (answer those of DIRECTORY/queries.json), the last two without the show in memory.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from tests.bench.peers import peer_named
from tests.bench.queries import Asked


def main(arguments: list[str]) -> None:
    verb, name, folder, *rest = arguments
    directory = Path(folder)
    peer = peer_named(name)
    said: dict[str, Any] = {}
    if verb in ("build", "add"):
        from tests.bench.archives import from_key, with_one_more

        show = from_key(rest[0]).show
        more = with_one_more(show)
        before = sum(os.times()[:4])
        started = time.perf_counter()
        if verb == "build":
            peer.build(show, directory)
        else:
            peer.add(more, more.episodes[-1], directory)
        said["seconds"] = time.perf_counter() - started
        # Of this process and those it started, node among them.
        said["processor_seconds"] = sum(os.times()[:4]) - before
    else:
        queries = (directory / "queries.json").read_bytes()
        asked = msgspec.json.decode(queries, type=list[Asked])
        opened = peer.open(directory)
        for query in asked[:1] if verb == "first" else asked:
            if query.kind not in peer.cannot:
                opened.timed(query)
        said["memory"] = _memory(getattr(opened, "process", None))
        opened.close()
    # Not ru_maxrss of this process: that begins with what its parent had.
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(json.dumps({**said, "peak": max(_status("self")["VmHWM"], children)}))


def _memory(child: Any) -> dict[str, int]:
    """Bytes in memory now: all, and what no other process could share (of a child, if it works)."""
    told = _status(child.pid if child else "self")
    return {"all": told["VmRSS"], "own": told["RssAnon"]}


def _status(process: int | str) -> dict[str, int]:
    """The bytes that proc(5) tells of a process's memory, by the names used there."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(said.split()[0]) * 1024 for name, said in fields.items() if "kB" in said}


if __name__ == "__main__":
    main(sys.argv[1:])
