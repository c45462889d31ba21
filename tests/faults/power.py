"""What a disk may hold after the power failed: all that was synced, and of the rest anything.

While a reindex runs, the index directory is looked at before every operation on it, and it is noted
what each fsync makes durable: the bytes of a file, the names in a folder. From these notes every
state is made that the disk may be in if the power fails at that moment. Files and folders go by
their inodes, so that a rename takes along what was synced before.
"""

import os
import pickle
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

File = bytes
Folder = dict[str, int]
Inodes = dict[int, File | Folder]
Tree = dict[str, File | None]
"""A state of the disk: for each path its bytes, None for a folder."""


@dataclass
class Notes:
    """`looks` are the moments: what there was, and the inode that is synced next, if one is."""

    root: int
    looks: list[tuple[Inodes, int | None]] = field(default_factory=list)


class Recorder:
    """Takes notes of an index directory. `look` is called before each operation."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._notes = Notes(index.stat().st_ino)

    def look(self, synced: int | None = None) -> None:
        """Notes what there is; `synced` is the inode that is now made durable."""
        self._notes.looks.append((_inodes(self._index), synced))

    def save(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(self._notes))


def read_notes(path: Path) -> Notes:
    notes: Notes = pickle.loads(path.read_bytes())
    return notes


def _inodes(folder: Path) -> Inodes:
    found: Inodes = {}
    names: Folder = {}
    for entry in os.scandir(folder):
        status = entry.stat(follow_symlinks=False)
        names[entry.name] = status.st_ino
        if stat.S_ISDIR(status.st_mode):
            found |= _inodes(Path(entry.path))
        else:
            found[status.st_ino] = Path(entry.path).read_bytes()
    found[folder.stat().st_ino] = names
    return found


def syncs(notes: Notes) -> list[int]:
    """The numbers of the looks at which something was synced that was not as durable before."""
    durable = dict(notes.looks[0][0])
    needed = []
    for number, (there, synced) in enumerate(notes.looks):
        if synced is not None:
            if durable.get(synced, b"") != there[synced]:
                needed.append(number)
            durable[synced] = there[synced]
    return needed


def states(notes: Notes, *, left_out: int = -1) -> Iterator[tuple[Tree, bool]]:
    """Every state of the disk, each once, and whether it is one after the end. `left_out` is the
    number of a look whose fsync is taken away."""
    durable = dict(notes.looks[0][0])
    seen = set()
    for number, (there, synced) in enumerate(notes.looks):
        is_end = number == len(notes.looks) - 1
        for names in _NAMES:
            for data in _DATA:
                tree: Tree = {}
                _fill(tree, "", notes.root, there, durable, names, data)
                key = (is_end, frozenset(tree.items()))
                if key not in seen:
                    seen.add(key)
                    yield tree, is_end
        if synced is not None and number != left_out:
            durable[synced] = there[synced]


def lay_out(tree: Tree, index: Path) -> Path:
    """Makes a state in a new folder."""
    shutil.rmtree(index, ignore_errors=True)
    index.mkdir()
    for path, data in sorted(tree.items()):
        if data is None:
            (index / path).mkdir()
        else:
            (index / path).write_bytes(data)
    return index


def _fill(
    tree: Tree,
    path: str,
    inode: int,
    there: Inodes,
    durable: Inodes,
    names: Callable[[Folder, Folder], Folder],
    data: Callable[[File, File], File],
) -> None:
    now, safe = there.get(inode), durable.get(inode)
    if isinstance(now, dict) or isinstance(safe, dict):
        if path:
            tree[path] = None
        current = now if isinstance(now, dict) else {}
        synced = safe if isinstance(safe, dict) else {}
        for name, child in names(current, synced).items():
            within = f"{path}/{name}" if path else name
            _fill(tree, within, child, there, durable, names, data)
    else:
        synced_data = safe if isinstance(safe, bytes) else b""
        written = now if isinstance(now, bytes) else synced_data
        tree[path] = written if written == synced_data else data(written, synced_data)


def _only_the_pointer(now: Folder, safe: Folder) -> Folder:
    """Names reach the disk in any order: of a folder's changes, only that of `current`."""
    return safe | {name: now[name] for name in ("current",) if name in now}


_NAMES: tuple[Callable[[Folder, Folder], Folder], ...] = (
    lambda now, safe: now,
    lambda now, safe: safe,
    _only_the_pointer,
)
_DATA: tuple[Callable[[File, File], File], ...] = (
    lambda now, safe: now,
    lambda now, safe: safe,
    lambda now, safe: b"",
    lambda now, safe: now[: len(now) // 2],
    lambda now, safe: bytes(len(now)),
)
