"""Generations on disk: built aside, switched atomically, kept and cleaned.

    <index directory>/
      current                  two lines: the generation that is served and the one before it,
                               each with the signature of its manifest
      lock                     held (flock) while a generation is built
      gen-000042-1f3a9c/       a generation: complete and never changed
        whoosh/  compiled.safetensors  contents.json  manifest.json
      building-…/              one being built, or left over by a killed builder

The pointer is one file, so that a publish and a rollback are one rename. Readers only ever follow
it; they never write and never delete.
"""

import contextlib
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from search.engines.durable import sync, write_durably
from search.engines.locking import disk_errors, locked
from search.engines.manifest import MANIFEST, POINTER, Generation, Manifest, encode, read_generation
from search.engines.soundness import exposed, walk
from search.errors import (
    CannotWrite,
    DamagedIndex,
    DiskTrouble,
    IndexUnusable,
    NoIndex,
    Refused,
    reindex_command,
)
from search.signing import sign

GRACE_SECONDS = 10
"""A generation that is no longer needed stays this long, for a server that is just opening it."""

_LINE = re.compile(r"(gen-\d{6,}-[0-9a-f]{6}) ([0-9a-f]{64})\Z")
_NAME = re.compile(r"gen-(\d{6,})-[0-9a-f]{6}\Z")


@dataclass(frozen=True, slots=True)
class Pointed:
    """A generation that the pointer names, and the signature of its manifest ("": none)."""

    name: str
    signature: str


class Generations:
    """The generations in one index directory. Not shared between threads while it builds."""

    def __init__(self, directory: Path, key: bytes = b"") -> None:
        self.directory = directory
        self._key = key
        self._locked = False

    def pointer(self) -> str | None:
        """What `current` says, unread: it differs after every publish. Raises DamagedIndex."""
        path = self.directory / POINTER
        try:
            return path.read_text(encoding="ascii")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise DamagedIndex(f"{path}: cannot be read: {why}") from None

    def pointed(self) -> list[Pointed]:
        """The generation that is served and, if there is one, that before it. Raises
        DamagedIndex."""
        text = self.pointer()
        if text is not None and not text.strip():
            raise DamagedIndex(f"{self.directory / POINTER}: is empty")
        matches = [(line, _LINE.match(line)) for line in (text or "").splitlines()[:2]]
        # A line that cannot be read takes only its own generation with it.
        return [Pointed(m[1], m[2]) if m else Pointed(line[:60], "") for line, m in matches]

    def require_pointed(self) -> list[Pointed]:
        """The same. Raises NoIndex before the first publish."""
        found = self.pointed()
        if not found:
            raise NoIndex(f"there is no index in {self.directory} yet{self._elsewhere()}")
        return found

    def _elsewhere(self) -> str:
        """The way out for whoever finds no index: make gives each site one of its own."""
        beneath = sorted(f"--index {path.parent}" for path in self.directory.glob(f"*/{POINTER}"))
        if beneath:
            return f", but below it there is; name it: {' or '.join(beneath)}"
        return f"; run: {reindex_command(self.directory)}"

    def read(self, pointed: Pointed) -> Generation:
        """A generation, with what it says of itself. Raises DamagedIndex, StaleIndex."""
        if not pointed.signature:
            raise DamagedIndex(f"{self.directory / POINTER}: names no generation: {pointed.name!r}")
        return read_generation(self.directory / pointed.name, pointed.signature, self._key)

    @contextlib.contextmanager
    def exclusively(self) -> Iterator[None]:
        """Keeps every other publish out while the block lasts; may be nested. An OSError inside
        becomes CannotWrite or DiskTrouble. Raises AlreadyRunning."""
        if self._locked:
            yield
            return
        try:
            with disk_errors(self.directory), locked(self.directory):
                self._locked = True
                for problem in exposed(self.directory, self.directory):
                    # No server would answer from what is published there.
                    raise CannotWrite(
                        f"{problem}, or choose another place, such as a folder in it, with "
                        "--index or INDEX=; nothing published"
                    )
                self._remove_leftovers()
                yield
        finally:
            self._locked = False

    @contextlib.contextmanager
    def building(self, needed: int) -> Iterator[Path]:
        """An empty directory to build in, removed unless it was published. `needed` is how many
        bytes the generation will take at most."""
        with self.exclusively():
            free = shutil.disk_usage(self.directory).free
            if free < needed:
                raise DiskTrouble(
                    f"{self.directory}: a new generation takes up to {_megabytes(needed)}, "
                    f"{_megabytes(free)} are free; nothing published. Make room, or name "
                    "another place with --index"
                )
            path = self.directory / f"building-{secrets.token_hex(3)}"
            try:
                path.mkdir(mode=0o755)
                yield path
            finally:
                shutil.rmtree(path, ignore_errors=True)

    def publish(self, built: Path, describe: Callable[[str], Manifest], keep: int) -> Manifest:
        """Seals a built directory with its manifest, makes it the current generation and keeps
        the one before it. Within `building` only. `describe` is given the generation's name."""
        before = self._whatever_is_pointed()
        last = max((number for number, _ in self._numbered()), default=0)
        name = f"gen-{last + 1:06}-{secrets.token_hex(3)}"
        manifest = describe(name)
        encoded = encode(manifest)
        (built / MANIFEST).write_bytes(encoded)
        for path in (*walk(built), built):
            # Whatever the umask: nobody else may write, and the server, another user, may read.
            path.chmod(0o755 if path.is_dir() else 0o644)
            sync(path)
        built.rename(self.directory / name)
        sync(self.directory)
        self._point([Pointed(name, sign(encoded, self._key)), *before[:1]])
        self._clean(keep)
        return manifest

    def rollback(self, sound: Callable[[Generation], None]) -> Generation:
        """Makes the generation before the current one current, after `sound` found no fault in
        it. Twice: back again. Raises Refused, NoIndex, DamagedIndex."""
        self.require_pointed()
        with self.exclusively():
            found = self.require_pointed()
            if len(found) < 2:
                raise Refused(
                    f"{self.directory}: there is no generation before {found[0].name} to go back to"
                )
            before = self.read(found[1])
            sound(before)
            self._point([found[1], found[0]])
            return before

    def _whatever_is_pointed(self) -> list[Pointed]:
        # A pointer that cannot be read is no reason not to publish: publishing is what mends it.
        try:
            return [each for each in self.pointed() if each.signature]
        except IndexUnusable:
            return []

    def _point(self, pointed: list[Pointed]) -> None:
        aside = self.directory / "current.tmp"
        write_durably(aside, "".join(f"{p.name} {p.signature}\n" for p in pointed).encode())
        aside.replace(self.directory / POINTER)
        sync(self.directory)

    def _numbered(self) -> list[tuple[int, Path]]:
        named = ((_NAME.match(path.name), path) for path in self.directory.iterdir())
        return sorted((int(match[1]), path) for match, path in named if match)

    def _clean(self, keep: int) -> None:
        """Removes generations that are neither pointed at nor among the newest `keep`, once they
        have been out of service for the grace time."""
        # What was published is published: cleaning is tried again next time.
        with contextlib.suppress(OSError):
            wanted = {each.name for each in self._whatever_is_pointed()}
            numbered = self._numbered()
            for (_, path), (_, successor) in zip(numbered, numbered[1:], strict=False):
                if path in [p for _, p in numbered[-keep:]] or path.name in wanted:
                    continue
                if time.time() - (successor / MANIFEST).stat().st_mtime > GRACE_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)

    def _remove_leftovers(self) -> None:
        """What a killed builder left; safe because the lock is ours."""
        for path in self.directory.glob("building-*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self.directory.glob("*.tmp"):
            path.unlink(missing_ok=True)
        served = {each.name for each in self._whatever_is_pointed()}
        if served:
            newest = max(int(name.split("-")[1]) for name in served)
            for number, path in self._numbered():
                # Built and named, never pointed at: the builder was killed between the two.
                if number > newest:
                    shutil.rmtree(path, ignore_errors=True)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
