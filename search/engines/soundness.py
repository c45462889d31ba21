"""Whether a generation's files still are what its manifest says, and nobody else's.

Whoosh's own files hold pickles, which can run code: they are opened only by the builder, only where
nobody else can write, and only after their sums were compared. Servers never open them; what they
map are arrays (no pickles) and JSON.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from search.engines.manifest import MANIFEST, POINTER, Files, Generation
from search.errors import DamagedIndex

UNREAD = "whoosh/"
"""Files under here are of the builder alone; a server compares only their sizes."""

_HASHERS = 4


def sums(directory: Path, known: Files) -> Files:
    """Size and SHA-256 of every file in a directory; those in `known` are taken from there."""
    found: Files = {}
    for path in walk(directory):
        if not _is_folder(path):
            name = path.relative_to(directory).as_posix()
            found[name] = known.get(name) or (path.stat().st_size, sha256(path))
    return found


def walk(directory: Path) -> list[Path]:
    """Everything below a directory, sorted. (Path.rglob passes over what it may not read.)"""
    found = []
    with os.scandir(directory) as entries:
        for entry in entries:
            path = directory / entry.name
            found.append(path)
            if entry.is_dir(follow_symlinks=False):
                found += walk(path)
    return sorted(found)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def sha256(path: Path) -> str:
    """Read in chunks; 1 GB a second and more."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damage(generation: Generation, *, thorough: bool) -> Iterator[str]:
    """What is wrong with a generation's files, each with its path. Thorough: the sums of those
    that servers do not read are compared, too."""
    directory, files = generation.directory, generation.manifest.files
    try:
        there = walk(directory)
    except OSError as error:
        yield f"{error.filename}: cannot be read: {error.strerror or error}"
        return
    for path in (directory.parent, directory.parent / POINTER, directory, *there):
        yield from exposed(path, directory.parent)
    yield from _differing(directory, files, thorough=thorough)
    for path in there:
        name = path.relative_to(directory).as_posix()
        if name != MANIFEST and not _is_folder(path) and name not in files:
            yield f"{path}: does not belong there"


def _differing(directory: Path, files: Files, *, thorough: bool) -> Iterator[str]:
    def fault(name: str) -> str:
        path = directory / name
        size, digest = files[name]
        try:
            found = path.stat().st_size
            if found != size:
                return f"{path}: has {found:,} bytes, was published with {size:,}"
            if (thorough or not name.startswith(UNREAD)) and sha256(path) != digest:
                return f"{path}: its contents were changed since it was published"
        except FileNotFoundError:
            return f"{path}: is missing"
        except OSError as error:
            return f"{path}: cannot be read: {error.strerror or error}"
        return ""

    # Sums are reckoned without the interpreter's lock.
    with ThreadPoolExecutor(_HASHERS) as hashers:
        yield from filter(None, hashers.map(fault, files))


def require_sound(generation: Generation, *, thorough: bool = False) -> None:
    """Raises DamagedIndex that names the first thing that is wrong."""
    for problem in damage(generation, thorough=thorough):
        raise DamagedIndex(problem)


def require_file(generation: Generation, name: str) -> None:
    """The same for a single file."""
    only = {name: generation.manifest.files.get(name, (0, ""))}
    for problem in _differing(generation.directory, only, thorough=True):
        raise DamagedIndex(problem)


def exposed(path: Path, root: Path) -> Iterator[str]:
    """Whoever can write an index decides what a site answers: nobody but its owner may. The index
    directory itself, `root`, may be a link to one."""
    try:
        status = path.stat() if path == root else path.lstat()
    except OSError as error:
        yield f"{path}: cannot be looked at: {error.strerror or error}"
        return
    if stat.S_ISLNK(status.st_mode):
        yield f"{path}: is a link; an index holds only files of its own"
    elif status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield f"{path}: others can write it; run: chmod go-w '{path}'"
    owners = {0, os.geteuid(), root.stat().st_uid}
    if status.st_uid not in owners:
        yield f"{path}: belongs to user {status.st_uid}, the index to {root.stat().st_uid}"


def owned(directory: Path) -> bool:
    """Whether a directory is root's or our own."""
    return directory.stat().st_uid in (0, os.geteuid())


@dataclass(frozen=True, slots=True)
class Seal:
    """How a generation's files looked when they were verified: cheap to compare again."""

    stats: tuple[tuple[str, tuple[int, ...]], ...]

    @classmethod
    def of(cls, generation: Generation) -> "Seal":
        read = [name for name in generation.manifest.files if not name.startswith(UNREAD)]
        paths = [str(generation.directory / name) for name in (MANIFEST, *read)]
        return cls(tuple((path, _identity(path)) for path in paths))

    def holds(self) -> bool:
        return all(_identity(path) == identity for path, identity in self.stats)


def _identity(path: str) -> tuple[int, ...]:
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns)
