"""The lock of an index directory, and what is said when the disk will not do what was asked."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from search.errors import AlreadyRunning, CannotWrite, DiskTrouble, PublishError, SeekcastError

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EMFILE, errno.ENFILE)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Holds the lock of an index directory, which is made if need be. Raises AlreadyRunning,
    CannotWrite."""
    try:
        directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        if error.errno in _DISK:
            raise
        raise _unwritable(directory, error) from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 100, 0).decode("ascii", "replace").strip()
            raise AlreadyRunning(
                f"another reindex of {directory} is running ({holder}); "
                "wait for it to end, then try again"
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"process {os.getpid()} since {datetime.now(UTC):%F %T}Z".encode(), 0)
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def disk_errors(directory: Path) -> Iterator[None]:
    """An OSError inside becomes CannotWrite or DiskTrouble, which say that nothing is lost."""
    try:
        yield
    except SeekcastError:
        raise
    except Exception as error:
        cause = _first_cause(error)
        if not isinstance(cause, OSError):
            raise
        raise _trouble(cause, directory) from error


def _first_cause(error: BaseException) -> BaseException:
    """What went wrong first: tidying up after a failed write often fails, too."""
    while error.__context__ is not None:
        error = error.__context__
    return error


def _trouble(error: OSError, directory: Path) -> PublishError:
    named = isinstance(error.filename, str | bytes)
    place = Path(os.fsdecode(error.filename)) if named else directory
    if error.errno in _FORBIDDEN and place.is_relative_to(directory):
        return _unwritable(place, error)
    reason = error.strerror or str(error)
    return DiskTrouble(f"{place}: {reason}; nothing published, what was served still is")


def _unwritable(place: Path, error: OSError) -> CannotWrite:
    return CannotWrite(
        f"{place}: cannot write the index there ({error.strerror or error}); nothing published. "
        "Choose another place with --index or INDEX="
    )
