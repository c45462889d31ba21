"""What an engine costs besides answering: building, publishing, disk, memory, starting.

Every figure comes from a process of its own. Built indexes are kept in .cache/bench, by archive,
peer and the sources that build them.
"""

import hashlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from search.engines.manifest import built_by
from tests.bench.archives import ROOT, Archive
from tests.bench.peers import OURS
from tests.bench.queries import Asked

CACHE = ROOT / ".cache" / "bench"


@dataclass(frozen=True, slots=True)
class Built:
    """A built index: processor seconds it took (kept indexes are made at any time, on a machine
    that may be busy), peak memory (the show included) and size, in bytes."""

    directory: Path
    seconds: float
    peak: int
    size: int


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds and bytes; `own` memory is what a second process would need again."""

    build_seconds: float
    build_peak: int
    disk: int
    publish_seconds: float
    start_seconds: float
    memory: int
    own: int


def built(archive: Archive, name: str) -> Built:
    """The peer's index of an archive, built unless it is kept."""
    key = hashlib.sha256(f"{archive.key} {_sources(name)}".encode()).hexdigest()[:12]
    directory = CACHE / f"{name}-{key}"
    said = directory / "built.json"
    if not said.is_file():
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        told = _worker("build", name, directory, archive.key)
        size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
        said.write_text(json.dumps({**told, "size": size, "archive": archive.title}))
    told = json.loads(said.read_text())
    return Built(directory, told["processor_seconds"], told["peak"], told["size"])


def costs(archive: Archive, name: str, made: Built, asked: list[Asked]) -> Costs:
    """Measures the rest. Publishing happens in a copy."""
    (made.directory / "queries.json").write_bytes(msgspec.json.encode(asked))
    starts = []
    for _ in range(5):
        started = time.perf_counter()
        _worker("first", name, made.directory)
        starts.append(time.perf_counter() - started)
    memory = _worker("all", name, made.directory)["memory"]
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(made.directory, copy)
        added = _worker("add", name, copy, archive.key)
    return Costs(
        build_seconds=made.seconds,
        build_peak=made.peak,
        disk=made.size,
        publish_seconds=added["seconds"],
        start_seconds=statistics.median(starts),
        memory=memory["all"],
        own=memory["own"],
    )


def published_twice(archive: Archive, made: Built) -> Path:
    """A copy of our index with a second generation (kept, as built indexes are)."""
    copy = made.directory.with_name(made.directory.name + "-twice")
    if not (copy / "done").is_file():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(made.directory, copy)
        _worker("add", OURS, copy, archive.key)
        (copy / "done").touch()
    return copy


def _worker(verb: str, name: str, directory: Path, *rest: str) -> Any:
    command = [sys.executable, "-m", "tests.bench.worker", verb, name, str(directory), *rest]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)


def _sources(name: str) -> str:
    """The text, or a digest of it, of everything that decides what an index looks like."""
    bench = Path(__file__).parent
    archives = (bench / "archives.py").read_text(encoding="utf-8")
    if name == OURS:
        return archives + built_by()
    module = {"Whoosh": "whoosh_plain", "tantivy": "tantivy_index"}.get(name, name.lower())
    paths = [bench / "peers" / f"{module}.py", bench / "peers" / "catalogue.py"]
    return archives + "".join(path.read_text(encoding="utf-8") for path in sorted(paths))
