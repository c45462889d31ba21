"""Runs the index command in a process of its own in which the n-th thing done to the index fails.

Nothing of the product knows of it: Python itself announces every file that is opened, renamed,
removed … (PEP 578, audit hooks), and a hook may stop the process there or raise what the system
would. What is not announced (fsync, pwrite) is wrapped.
"""

import errno
import json
import multiprocessing
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.power import Recorder

_EVENTS = (
    "open",
    "os.chmod",
    "os.link",
    "os.listdir",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.scandir",
    "os.truncate",
)
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["index.__main__", "tests.faults.trial", "tests.faults.warm_up"])


@dataclass(frozen=True)
class Fault:
    """At the `at`-th step (from 1; 0: never): kill, or raise `error`, once or from then on.
    `file_size` is the most bytes a file may get. `record`: it is noted what is durable when
    (tests.faults.power)."""

    at: int = 0
    kill: bool = False
    error: int = errno.EIO
    forever: bool = False
    file_size: int = 0
    record: bool = False


@dataclass(frozen=True)
class Ended:
    """How it ended: exit code (negative: the signal), all it printed, and the steps it took."""

    code: int
    printed: str
    steps: list[str]


def run(
    arguments: list[str],
    index: Path,
    fault: Fault = Fault(),
    kill_after: float = 0,
    aside: Path | None = None,
) -> Ended:
    """`python -m index ARGUMENTS --index INDEX` with a fault; `kill_after` seconds, if given, it
    is killed from outside. Notes about it are kept in `aside`, by default beside the index."""
    aside = aside or index.parent / f"{index.name}.trial"
    aside.mkdir(exist_ok=True)
    process = start(arguments, index, fault, aside)
    process.join(kill_after or 120)
    if process.is_alive():
        process.kill()
        process.join()
    steps = aside / "steps"
    code = process.exitcode
    assert code is not None
    return Ended(
        code,
        (aside / "printed").read_text(errors="replace") if (aside / "printed").exists() else "",
        json.loads(steps.read_text()) if steps.exists() else [],
    )


def start(arguments: list[str], index: Path, fault: Fault, aside: Path) -> Any:
    """The same, not waited for: a multiprocessing.Process."""
    for name in ("printed", "steps"):
        (aside / name).unlink(missing_ok=True)
    process = _CONTEXT.Process(target=_child, args=(arguments, str(index), fault, str(aside)))
    process.start()
    return process


def _child(arguments: list[str], index: str, fault: Fault, aside: str) -> None:
    printed = os.open(f"{aside}/printed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    from index.__main__ import main

    if fault.file_size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.file_size, resource.RLIM_INFINITY))
    recorder = Recorder(Path(index)) if fault.record else None
    steps = _Steps(index, fault, recorder)
    sys.addaudithook(steps.hook)
    _announce(steps)
    code = main([*arguments, "--index", index])
    steps.over = True
    if recorder:
        recorder.look()
        recorder.save(Path(aside) / "notes")
    sys.stdout.flush()
    sys.stderr.flush()
    if not fault.file_size:
        Path(f"{aside}/steps").write_text(json.dumps(steps.taken))
    os._exit(code)


class _Steps:
    def __init__(self, index: str, fault: Fault, recorder: Recorder | None) -> None:
        self.index = index
        self.fault = fault
        self.recorder = recorder
        self.taken: list[str] = []
        self.over = False

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.over or event not in _EVENTS:
            return
        path = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else ""
        if path.startswith(self.index):
            self.step(event, path)

    def step(self, name: str, path: str, synced: int | None = None) -> None:
        if self.over:
            return
        if self.recorder:
            # Looking takes steps of its own.
            self.over = True
            self.recorder.look(synced)
            self.over = False
        self.taken.append(f"{name} {path.removeprefix(self.index)}")
        due = len(self.taken) == self.fault.at
        due |= self.fault.forever and len(self.taken) > self.fault.at > 0
        if not due:
            return
        if self.fault.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(self.fault.error, os.strerror(self.fault.error), path)


def _announce(steps: _Steps) -> None:
    real_fsync, real_pwrite = os.fsync, os.pwrite

    def fsync(fd: Any) -> None:
        path = os.readlink(f"/proc/self/fd/{fd}")
        steps.step("fsync", path, os.fstat(fd).st_ino)
        real_fsync(fd)

    def pwrite(descriptor: int, data: Any, offset: int) -> int:
        steps.step("pwrite", os.readlink(f"/proc/self/fd/{descriptor}"))
        return real_pwrite(descriptor, data, offset)

    os.fsync, os.pwrite = fsync, pwrite
