"""MiniSearch (npm) in node: prefix and fuzzy search as its documentation shows them.

minisearch.mjs beside this file is the peer; this module only speaks with it, a line of JSON at a
time. Times are taken inside node: from query text to finished JSON, the pipe left out.
"""

import subprocess
from functools import lru_cache
from pathlib import Path
from shutil import which
from typing import Any, ClassVar

import orjson

from search.episode import Episode, Show
from tests.bench.peers.base import Opened
from tests.bench.peers.catalogue import BOOSTS, Catalogue, Document, documents
from tests.bench.queries import Asked, Class

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".cache" / "bench"
_SCRIPT = Path(__file__).with_name("minisearch.mjs")
_VERSION = "7.2.0"


class MiniSearch:
    """A site owner's own MiniSearch, on a server."""

    name: ClassVar[str] = "MiniSearch"
    cannot: ClassVar[dict[Class, str]] = {Class.PHRASE: "has no phrases"}

    def missing(self) -> str | None:
        if which("node") is None:
            return "there is no node here"
        return _install()

    def build(self, show: Show, directory: Path) -> None:
        Catalogue.write(show, directory)
        (directory / "boosts.json").write_bytes(orjson.dumps(BOOSTS))
        _write(directory / "documents.jsonl", list(documents(show)))
        _run("build", directory)
        (directory / "documents.jsonl").unlink()

    def add(self, show: Show, more: Episode, directory: Path) -> None:
        Catalogue.write(show, directory)
        _write(directory / "documents.jsonl", list(documents(Show("", "", (more,), {}))))
        _run("add", directory)

    def open(self, directory: Path) -> "MiniSearcher":
        return MiniSearcher(directory)


class MiniSearcher(Opened):
    """A node process with an open index."""

    def __init__(self, directory: Path) -> None:
        self.process = subprocess.Popen(
            _command("serve", directory), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._read()

    def timed(self, asked: Asked) -> tuple[float, bytes]:
        body = {
            "text": " ".join(asked.words),
            "shown": asked.text,
            "any": asked.kind is Class.OR,
            "prefix": asked.prefix,
            "fuzzy": asked.kind is Class.MISSPELT,
            "filters": asked.filters,
        }
        assert self.process.stdin
        self.process.stdin.write(orjson.dumps(body) + b"\n")
        self.process.stdin.flush()
        seconds = float(self._read())
        return seconds, self._read()

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def _read(self) -> bytes:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"node ended with {self.process.wait()}")
        return line


def _command(verb: str, directory: Path) -> list[str]:
    module = CACHE / f"minisearch-{_VERSION}" / "package" / "dist" / "es" / "index.js"
    memory = "--max-old-space-size=12000"
    return ["node", memory, str(_SCRIPT), verb, str(module), str(directory)]


def _run(verb: str, directory: Path) -> None:
    subprocess.run(_command(verb, directory), check=True, stdout=subprocess.DEVNULL)


def _write(path: Path, each: list[Document]) -> None:
    rows: list[dict[str, Any]] = [
        {"id": d.number, "tag": d.tags, "year": d.year, **d.fields} for d in each
    ]
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))


@lru_cache(maxsize=1)
def _install() -> str | None:
    """Fetches the package once; returns why it could not."""
    place = CACHE / f"minisearch-{_VERSION}"
    if place.is_dir():
        return None
    if which("npm") is None:
        return "there is no npm here"
    CACHE.mkdir(parents=True, exist_ok=True)
    fetched = subprocess.run(
        ["npm", "pack", "--silent", f"minisearch@{_VERSION}"],
        cwd=CACHE,
        capture_output=True,
        text=True,
    )
    if fetched.returncode:
        return f"npm pack minisearch failed: {fetched.stderr.strip()[-200:]}"
    archive = CACHE / f"minisearch-{_VERSION}.tgz"
    aside = CACHE / "minisearch.unpacked"
    aside.mkdir(exist_ok=True)
    subprocess.run(["tar", "-xzf", archive, "-C", aside], check=True)
    aside.rename(place)
    return None
