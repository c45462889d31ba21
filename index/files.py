"""Files: walks a site's folder and reads what may be read, and nothing else.

No link is followed, no device or pipe is opened, nothing is read beyond a bound, and a file that
changes while it is read is read again or left for the next time.
"""

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.findings import Finding, finding

MAX_BYTES = 5 * 1024 * 1024
_MAX_DEPTH = 30
_MAX_FILES = 100_000

MARKDOWN = (".md", ".markdown", ".mdown", ".mdx", ".mkd")
_OTHER_MARKUP = (".adoc", ".asciidoc", ".mediawiki", ".org", ".rst", ".textile")
NOT_EPISODES = {"node_modules", "vendor", "__pycache__"}
_ABOUT = {"README", "CHANGELOG", "CONTRIBUTING", "CODE_OF_CONDUCT", "LICENSE", "SECURITY"}
LINKED_FOLDER = "a link to a folder; put the folder itself here"
_TRIES = 4
# Whoever writes a file may first empty it: one that was written just now is looked at again.
_SETTLED_NS = 100_000_000
# On a busy machine it may stay emptied for longer.
_EMPTIED_NS = 2_000_000_000
# Some filesystems tell times in steps of two seconds: within one, a file can change unseen.
_TOLD_APART_NS = 3_000_000_000

Stamp = tuple[int, int, int, int]
"""How a file looks from outside: its inode, its bytes, when they and when the file changed (ns)."""


@dataclass(frozen=True, slots=True)
class FileContents:
    """A file as it was at one moment. `path` is relative to the site's root, with slashes; as long
    as the file looks like `stamp` it holds the same (None: that cannot be told)."""

    path: str
    data: bytes
    stamp: Stamp | None = None


def walk(
    root: Path, within: tuple[str, ...] = ("",), endings: tuple[str, ...] = MARKDOWN
) -> Iterator[str | Finding]:
    """Paths of Markdown files below `root`, in order, and findings for what is passed over.

    `within` names the folders to look in, `endings` how the files' names end. Dot files, what
    tells of a repository (README and its like) and folders that begin with `_` are passed over
    silently (the folders of `within` may be such).
    """
    count = 0
    for folder in within:
        for found in _walk(root, folder, endings, 0):
            count += 1
            if count > _MAX_FILES:
                message = f"more than {_MAX_FILES:,} files; the rest is not read"
                yield finding(folder or ".", 1, "unreadable-file", message)
                return
            yield found


def _walk(root: Path, folder: str, endings: tuple[str, ...], depth: int) -> Iterator[str | Finding]:
    try:
        with os.scandir(root / folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as problem:
        yield finding(_shown(folder) or ".", 1, "unreadable-file", _why(problem))
        return
    for entry in entries:
        name = entry.name
        path = f"{folder}/{name}" if folder else name
        markdown = name.lower().endswith(endings)
        if name.startswith((".", "_")) or name in NOT_EPISODES:
            continue
        if markdown and name.rpartition(".")[0].upper() in _ABOUT:
            continue
        if entry.is_dir(follow_symlinks=False) and not markdown and depth < _MAX_DEPTH:
            yield from _walk(root, path, endings, depth + 1)
        # (Not `entry.is_dir()`, which raises an error of a link to itself.)
        elif markdown or name.lower().endswith(_OTHER_MARKUP) or os.path.isdir(entry.path):
            yield from _entry(entry, path, markdown)


def _entry(entry: os.DirEntry[str], path: str, markdown: bool) -> Iterator[str | Finding]:
    shown = _shown(path)
    if entry.is_symlink():
        message = "a link; put the file itself here"
        yield finding(shown, 1, "not-followed", message if markdown else LINKED_FOLDER)
    elif entry.is_dir(follow_symlinks=False):
        message = f"nested deeper than {_MAX_DEPTH} folders; not read"
        if markdown:
            message = "a folder that is named like an episode"
        yield finding(shown, 1, "not-followed", message)
    elif not entry.is_file(follow_symlinks=False):
        yield finding(shown, 1, "not-followed", "not a regular file; not read")
    elif not markdown:
        yield finding(shown, 1, "not-markdown", "not Markdown, so it is not read; write it as .md")
    elif shown != path:
        message = "the file's name is not UTF-8 text; rename it"
        yield finding(shown, 1, "unreadable-file", message)
    else:
        yield path


def read_bytes(root: Path, path: str) -> FileContents | Finding:
    """The contents of one file, whole and unchanged while it was read, or why not."""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_SETTLED_NS / 1e9)
        try:
            contents = _read_once(root, path)
        except OSError as problem:
            return finding(path, 1, "unreadable-file", f"cannot be read: {_why(problem)}")
        if contents is not None:
            return contents
    message = "the file keeps changing while it is read; left out until the next reindex"
    return finding(path, 1, "file-changed", message)


def is_folder(path: Path) -> bool:
    """Whether there is a folder, and no link to one. No path is an error."""
    return os.path.isdir(path) and not os.path.islink(path)


def stamp(root: Path, path: str) -> Stamp | None:
    """How a file looks now; None where it cannot be looked at."""
    try:
        return _stamp(os.lstat(f"{root}/{path}"))
    except OSError:
        return None


def _stamp(found: os.stat_result) -> Stamp:
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _is_behind_link(root: Path, path: str) -> bool:
    """Whether a folder that a file is in is a link."""
    folder = os.path.dirname(path)
    return bool(folder) and (os.path.islink(f"{root}/{folder}") or _is_behind_link(root, folder))


def _read_once(root: Path, path: str) -> FileContents | None:
    """The contents of a file, or None if it changed meanwhile or a moment ago."""
    if _is_behind_link(root, path):
        raise OSError("in a folder that is a link")
    # Without O_NONBLOCK, opening a pipe that took the file's place would wait for ever.
    handle = os.open(f"{root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise OSError("not a regular file")
        if before.st_size > MAX_BYTES:
            most = MAX_BYTES // 1024**2
            raise OSError(f"longer than {most} MiB ({before.st_size:,} bytes)")
        data = file.read(MAX_BYTES)
        after = os.fstat(handle)
    age = time.time_ns() - after.st_mtime_ns
    if (
        0 <= age < (_SETTLED_NS if data else _EMPTIED_NS)
        or _stamp(before) != _stamp(after)
        or len(data) != after.st_size
    ):
        return None
    settled = min(age, time.time_ns() - after.st_ctime_ns) > _TOLD_APART_NS
    return FileContents(path, data, _stamp(after) if settled else None)


def _shown(path: str) -> str:
    """`path` as text that can be printed, even if its bytes are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _why(problem: OSError) -> str:
    return problem.strerror or str(problem)
