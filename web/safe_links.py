"""Addresses that content brings along: only those that lead to a page or a file are links.

A browser drops control characters and spaces before it reads the scheme, so we do too.
"""

import re

_IGNORED = re.compile(r"[\x00-\x20\x7f]+")
_ABSOLUTE = re.compile(r"https?://[^/\\@?#]+(?:[/?#]|\Z)", re.IGNORECASE)
_OWN_PATH = re.compile(r"/(?![/\\])")


def safe_link(url: str | None) -> str | None:
    """`url` if it is http(s) with a host and no user, or a path of this site; else None."""
    if url is None:
        return None
    seen = _IGNORED.sub("", url)
    return url if _ABSOLUTE.match(seen) or _OWN_PATH.match(seen) else None
