"""What about the place of an index is no fault but worth knowing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse", "glusterfs")
_LITTLE = 100_000_000


def hints(directory: Path) -> Iterator[str]:
    """Hints, each one sentence that names the place and the way out."""
    kind = _kind(directory)
    if kind.partition(".")[0] in _NETWORK:
        yield (
            f"{directory}: is on a {kind} filesystem; locks and maps cannot be relied on there, "
            "a local disk is better"
        )
    free = shutil.disk_usage(directory).free
    if free < _LITTLE:
        yield f"{directory}: only {free / 1e6:,.0f} MB are free; make room before the next reindex"


def _kind(directory: Path) -> str:
    """The filesystem's type, as Linux names it in /proc/mounts; "" where that cannot be known."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    place = os.path.realpath(directory)
    found, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:
            point = fields[1].replace("\\040", " ")
            inside = place == point or place.startswith(point.rstrip("/") + "/")
            if inside and len(point) >= len(found):
                found, kind = point, fields[2]
    return kind
