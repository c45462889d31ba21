"""On what an index lies: locks and maps cannot be relied on across a network."""

import os
from collections.abc import Iterator
from pathlib import Path

_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse", "glusterfs")


def hints(directory: Path) -> Iterator[str]:
    """What is no fault, but worth knowing: each one sentence that names the place and the way
    out."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        # Only Linux has it.
        return
    kind = kind_of(os.path.realpath(directory), mounts)
    if kind.partition(".")[0] in _NETWORK:
        yield (
            f"{directory}: is on a {kind} filesystem; locks and maps cannot be relied on there, "
            "a local disk is better"
        )


def kind_of(place: str, mounts: str) -> str:
    """The type of the filesystem that a path is on, as `mounts` say, in the format of Linux's
    /proc/mounts (fstab(5)); "" where they do not."""
    found, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:
            point = fields[1].replace("\\040", " ")
            inside = place == point or place.startswith(point.rstrip("/") + "/")
            # Of several at one point, the last one hides the others.
            if inside and len(point) >= len(found):
                found, kind = point, fields[2]
    return kind
