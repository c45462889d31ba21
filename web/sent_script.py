"""The search box as it is sent: without the comments, which are for those who read its source.

Only comments that have lines to themselves go, so no parser of JavaScript is needed; in a file of
ours that leaves nothing else out (a test compares). It makes a fifth of what listeners download.
"""

import re
from functools import cache
from pathlib import Path

_COMMENT_LINES = re.compile(r"^[ \t]*(?://.*|/\*[\s\S]*?\*/[ \t]*)\n", re.MULTILINE)


@cache
def sent_script(path: Path) -> bytes:
    """The script at `path` without the lines that are only comment."""
    return _COMMENT_LINES.sub("", path.read_text(encoding="utf-8")).encode()
