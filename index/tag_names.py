"""Tag pages to names: what a tag is called on the site.

A tag page's title is rarely the name alone: `Websites Using Redis in Production`, `Episodes About
C#`. What such titles share is found in the site's own pages, so no wording is built in.
"""

import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlsplit

_SHARED = 0.3
_CUTS = {"to", "for", "as", "with"}
_HOSTERS = {"github.com", "gitlab.com", "bitbucket.org"}


def tag_names(pages: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Slug → (display name, further names …) from slug → (page title, the tool's own address)."""
    titles = [title.split() for title, _ in pages.values()]
    heads = _shared(titles, lambda words, n: tuple(words[:n]))
    tails = _shared(titles, lambda words, n: tuple(words[-n:]))
    names: dict[str, tuple[str, ...]] = {}
    for slug, (title, url) in pages.items():
        name = _name(slug, title.split(), heads, tails)
        further = _name_from_url(url)
        related = further and _plain(further) != _plain(name) and _related(further, slug, name)
        names[slug] = (name, further) if related else (name,)
    return names


def _shared(titles: list[list[str]], part) -> set[tuple[str, ...]]:  # type: ignore[no-untyped-def]
    """Beginnings (or ends) that many titles have in common and that are not a whole title."""
    counts: Counter[tuple[str, ...]] = Counter()
    for words in titles:
        counts.update(part(words, n) for n in range(1, len(words)))
    enough = max(3, _SHARED * len(titles))
    return {words for words, count in counts.items() if count >= enough}


def _name(slug: str, words: list[str], heads: set[tuple[str, ...]], tails: set[tuple[str, ...]]) -> str:
    head = next((n for n in range(len(words) - 1, 0, -1) if tuple(words[:n]) in heads), 0)
    tail = next((n for n in range(len(words) - 1, 0, -1) if tuple(words[-n:]) in tails), 0)
    whole = len(words)
    words = words[head : whole - tail] if head + tail < whole else words
    if head and tail:
        return " ".join(words)
    if not heads and not tails and len(words) <= 4:
        return " ".join(words) or slug
    found = _spelled(slug, words)
    if found is not None:
        begin, end = found
        # With the common beginning gone, what leads to the name belongs to it: `Amazon S3`.
        return " ".join(words[0 if head else begin : end])
    if head or tail:
        cut = next((n for n, word in enumerate(words) if n and word in _CUTS), len(words))
        if cut <= 4 and head:
            return " ".join(words[:cut])
    return slug


def _spelled(slug: str, words: list[str]) -> tuple[int, int] | None:
    """Where in `words` the slug is spelled out, as (begin, end); `postgres` in `PostgreSQL`."""
    wanted = _plain(slug)
    plain = [_plain(word) for word in words]
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + 5, len(words)) + 1):
            if "".join(plain[begin:end]) == wanted:
                return begin, end
    for n, word in enumerate(plain):
        if len(word) > 2 and word.startswith(wanted):
            return n, n + 1
    return None


def _name_from_url(url: str) -> str | None:
    """`PostgreSQL`'s own `postgresql` from https://www.postgresql.org/; None where none is seen."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if host in _HOSTERS:
        return parts.path.rstrip("/").rpartition("/")[2] or None
    labels = host.split(".")
    return labels[-2] if len(labels) > 1 else None


def _related(further: str, slug: str, name: str) -> bool:
    found = _plain(further)
    others = (_plain(slug), _plain(name))
    return len(found) > 2 and any(
        len(other) > 2 and (found.startswith(other) or other.startswith(found)) for other in others
    )


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
