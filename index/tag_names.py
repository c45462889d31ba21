"""Tag pages to names: what a tag is called on the site.

A tag page's title is rarely the name alone: `Websites Using Redis in Production`, `Episodes About
C#`. What such titles share is found in the site's own pages, so no wording is built in.
"""

import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlsplit

from index.values import host_name

_Words = tuple[str, ...]

_MANY = 0.3
"""The part of all titles that have to share words for these to be no part of a name."""
_SHORT = 5
"""Words of the longest name."""
_CUTS = {"to", "for", "as", "with"}
"""Words before what a tool is used for: its name ends there."""
_HOSTERS = {"github.com", "gitlab.com", "bitbucket.org"}
"""On these hosts a tool is named by the path of its address, elsewhere by the host."""


def tag_names(pages: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Slug → (display name, further names …) from slug → (page title, the tool's own address)."""
    titles = [title.split() for title, _ in pages.values()]
    heads = _shared([_alike(words) for words in titles])
    tails = _shared([_alike(words)[::-1] for words in titles])
    names: dict[str, tuple[str, ...]] = {}
    for slug, (title, url) in pages.items():
        name = _name(slug, title.split(), heads, tails)
        further = _name_from_url(url)
        # Only a longer form of the slug: `google` is no name for App Engine.
        if further and _longer(further, slug) and _plain(further) != _plain(name):
            names[slug] = (name, further)
        else:
            names[slug] = (name,)
    return names


def _alike(words: list[str]) -> _Words:
    """Words for comparing: `Website` and `Websites` begin the same template."""
    return tuple(word.lower().rstrip("s") for word in words)


def _shared(titles: list[_Words]) -> set[_Words]:
    """Beginnings that many titles have in common, each as long as they can be."""
    counts: Counter[_Words] = Counter()
    for words in titles:
        counts.update(words[:n] for n in range(1, len(words)))
    enough = max(3, _MANY * len(titles))
    shared = {words: count for words, count in counts.items() if count >= enough}
    return {
        words
        for words, count in shared.items()
        if not any(
            len(longer) > len(words) and longer[: len(words)] == words and 2 * more > count
            for longer, more in shared.items()
        )
    }


def _name(slug: str, title: list[str], heads: set[_Words], tails: set[_Words]) -> str:
    alike = _alike(title)
    head = max((len(words) for words in heads if alike[: len(words)] == words), default=0)
    # The common end may be followed by more: `Fastly in Production as a CDN`.
    ends = (_find(alike, words[::-1], head + 1) for words in tails)
    end_of_name = min((place for place in ends if place), default=len(title))
    tail = end_of_name < len(title)
    words = title[head:end_of_name]
    if not heads and not tails and len(words) <= _SHORT:
        return " ".join(words) or slug
    begin, end = _spelled(slug, words)
    # What the tool is used for comes after its name: `Sentry for Error Tracking`.
    cut = next((n for n, word in enumerate(words) if n >= max(end, 1) and word in _CUTS), None)
    if cut is not None:
        end = cut
    elif not end or (head and tail):
        end = len(words)
    # Behind the common beginning, what leads to the name belongs to it: `Amazon S3`.
    name = words[0 if head or not heads else begin : end]
    return " ".join(name) if 0 < len(name) <= _SHORT else slug


def _find(words: _Words, wanted: _Words, start: int) -> int:
    """Where `wanted` begins in `words` from `start` on; 0 for nowhere."""
    places = range(start, len(words) - len(wanted) + 1)
    return next((n for n in places if words[n : n + len(wanted)] == wanted), 0)


def _spelled(slug: str, words: list[str]) -> tuple[int, int]:
    """Where in `words` the slug is spelled out: `postgres` in `PostgreSQL`. (0, 0): nowhere."""
    wanted = _plain(slug)
    plain = [_plain(word) for word in words]
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + _SHORT, len(words)) + 1):
            if "".join(plain[begin:end]) == wanted:
                return begin, end
    starts = (n for n, word in enumerate(plain) if len(word) > 2 and word.startswith(wanted))
    first = next(starts, None)
    return (0, 0) if first is None else (first, first + 1)


def _name_from_url(url: str) -> str | None:
    """`PostgreSQL`'s own `postgresql` from https://www.postgresql.org/; None where none is seen."""
    host = host_name(url)
    if host in _HOSTERS:
        return urlsplit(url).path.rstrip("/").rpartition("/")[2] or None
    labels = host.split(".")
    return labels[-2] if len(labels) > 1 else None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _longer(name: str, slug: str) -> bool:
    wanted = _plain(slug)
    return len(wanted) > 2 and _plain(name).startswith(wanted)
