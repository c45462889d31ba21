"""Generations on disk: built aside, switched atomically, kept and cleaned.

    <index directory>/
      current                  the name of the generation that is served, a line of text
      previous                 the one served before it
      lock                     held (flock) while a generation is built
      gen-000042-1f3a9c/       a generation: complete and never changed
        whoosh/  compiled/  manifest.json
      building-…/              one being built, or left over by a killed builder

Readers only ever follow `current`; they never write and never delete.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search.errors import AlreadyRunning, CannotWrite, DamagedIndex, DiskTrouble, NoIndex

FORMAT = 1
"""The form of a generation's files; raised whenever older ones can no longer be read."""

_NAME = re.compile(r"gen-(\d{6})-[0-9a-f]{6}\Z")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself. `files`: name → [bytes, SHA-256]."""

    generation: str
    format: int
    built_at: datetime
    episodes: int
    moments: int
    files: dict[str, tuple[int, str]]


class Generations:
    """The generations in one index directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, name: str) -> Path:
        return self.directory / name

    def current(self) -> str | None:
        return self._pointer("current")

    def previous(self) -> str | None:
        return self._pointer("previous")

    def _pointer(self, name: str) -> str | None:
        try:
            text = (self.directory / name).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise DamagedIndex(f"{self.directory / name}: cannot be read: {error}") from None
        if not _NAME.match(text):
            raise DamagedIndex(f"{self.directory / name}: names no generation: {text[:40]!r}")
        return text

    def require_current(self) -> str:
        name = self.current()
        if name is None:
            raise NoIndex(
                f"there is no index in {self.directory} yet; run: make reindex EPISODES=…"
            )
        return name

    @contextlib.contextmanager
    def building(self) -> Iterator[Path]:
        """An empty directory to build in, under the lock; removed unless it was published."""
        with self._lock():
            self._remove_leftovers()
            path = self.directory / f"building-{secrets.token_hex(3)}"
            try:
                path.mkdir()
                yield path
            except OSError as error:
                raise DiskTrouble(
                    f"{path}: {error.strerror or error}; nothing published"
                ) from error
            finally:
                shutil.rmtree(path, ignore_errors=True)

    def publish(self, built: Path, episodes: int, moments: int, keep: int) -> Manifest:
        """Seals a built directory with its manifest and makes it the current generation."""
        last = self.current()
        counter = int(last.split("-")[1]) + 1 if last else 1
        name = f"gen-{counter:06}-{secrets.token_hex(3)}"
        manifest = Manifest(
            name, FORMAT, datetime.now(UTC).replace(microsecond=0), episodes, moments, _sums(built)
        )
        _write_durably(built / "manifest.json", json.dumps(_to_json(manifest), indent=1))
        for path in sorted(built.rglob("*")):
            _sync(path)
        _sync(built)
        built.rename(self.path(name))
        _sync(self.directory)
        if last is not None:
            self._point("previous", last)
        self._point("current", name)
        self._clean(keep)
        return manifest

    def manifest(self, name: str) -> Manifest:
        """What a generation says of itself. Raises DamagedIndex."""
        path = self.path(name) / "manifest.json"
        try:
            return _from_json(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(f"{path}: not a readable manifest: {error}") from None

    def _point(self, pointer: str, name: str) -> None:
        aside = self.directory / f"{pointer}.tmp"
        _write_durably(aside, name + "\n")
        aside.replace(self.directory / pointer)
        _sync(self.directory)

    def _clean(self, keep: int) -> None:
        """Removes all but the current generation and those before it, `keep` in all."""
        wanted = {self.current(), self.previous()}
        found = sorted(p for p in self.directory.iterdir() if _NAME.match(p.name))
        for path in found[: max(0, len(found) - keep)]:
            if path.name not in wanted:
                shutil.rmtree(path, ignore_errors=True)

    def _remove_leftovers(self) -> None:
        """What a killed builder left; safe because the lock is ours."""
        for path in self.directory.glob("building-*"):
            shutil.rmtree(path, ignore_errors=True)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CannotWrite(
                f"{self.directory}: cannot write the index there ({error.strerror}); "
                "choose another place with --index or INDEX="
            ) from None
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(lock, 100, 0).decode("ascii", "replace").strip()
                raise AlreadyRunning(
                    f"another reindex of {self.directory} is running ({holder}); "
                    "wait for it to end, then try again"
                ) from None
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"process {os.getpid()} since {datetime.now(UTC):%F %T}Z".encode(), 0)
            yield
        finally:
            os.close(lock)


def _sums(directory: Path) -> dict[str, tuple[int, str]]:
    sums = {}
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            sums[path.relative_to(directory).as_posix()] = (path.stat().st_size, digest)
    return sums


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _to_json(manifest: Manifest) -> dict[str, Any]:
    return {
        "generation": manifest.generation,
        "format": manifest.format,
        "built_at": manifest.built_at.isoformat(),
        "episodes": manifest.episodes,
        "moments": manifest.moments,
        "files": manifest.files,
    }


def _from_json(document: dict[str, Any]) -> Manifest:
    return Manifest(
        generation=str(document["generation"]),
        format=int(document["format"]),
        built_at=datetime.fromisoformat(document["built_at"]),
        episodes=int(document["episodes"]),
        moments=int(document["moments"]),
        files={name: (int(size), str(sum_)) for name, (size, sum_) in document["files"].items()},
    )
