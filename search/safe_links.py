"""Addresses that content brings along: only those that lead to a page or a file are links.

A browser drops control characters and spaces before it reads the scheme, so we do too.
"""

import re

_IGNORED = re.compile(r"[\x00-\x20\x7f]+")
_ABSOLUTE = re.compile(r"https?://[^/\\@?#]+(?:[/?#]|\Z)", re.IGNORECASE)
_OWN_PATH = re.compile(r"/(?![/\\])")

# What needs no second look: no such character before the host's or the path's first one.
_PLAIN = re.compile(r"https?://[^/\\@?#\x00-\x20\x7f]+[/?#]|/[^/\\\x00-\x20\x7f]")


def safe_link(url: str | None) -> str | None:
    """`url` if it is http(s) with a host and no user, or a path of this site; else None."""
    if url is None or _PLAIN.match(url):
        return url
    seen = _IGNORED.sub("", url)
    return url if _ABSOLUTE.match(seen) or _OWN_PATH.match(seen) else None
