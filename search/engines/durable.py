"""Bytes that are still there after the power failed."""

import os
from pathlib import Path


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file and waits until the disk has it. Its name is durable with its folder. Whatever
    the umask: nobody else may write it, and a server, another user, may read it."""
    with path.open("wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Waits until the disk has a file's bytes, or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
