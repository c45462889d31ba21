"""The checks of episodes: how the rules of `index.findings` are judged, but for those that a reader
meets while it reads.

All are pure: they take what was read and give findings. Rules about one file stand first; those
that need the whole show come last, since what is missing depends on what the show usually has.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from index.findings import Finding, finding
from index.topics import TopicLine
from index.values import as_seconds, as_text, safe_url
from search.clock import format_clock, parse_clock

_LINES, _PACE = 50, 20
"""So many topics, one in so few seconds, are a transcript."""


def check_times(path: str, topics: Sequence[TopicLine], duration: int | None) -> Iterator[Finding]:
    """Times should rise from topic to topic, in the order of the file, and end before the end.
    A list that begins again, such as a transcript below chapters, falls rightly; in
    a transcript much may be said in one second."""
    spoken = len(topics) >= _LINES and topics[-1].start < _PACE * len(topics)
    for place, (above, topic) in enumerate(zip(topics, topics[1:], strict=False), start=1):
        clock, before = format_clock(topic.start), format_clock(above.start)
        if topic.start == above.start and not spoken:
            message = f"{clock} is already the time of line {above.line}"
            yield finding(path, topic.line, "repeated-time", message)
        elif topic.start < above.start and not _begins_again(topics, place):
            message = f"{clock} stands below {before} (line {above.line})"
            yield finding(path, topic.line, "time-falls", message)
    for topic in topics:
        if duration is not None and topic.start > duration:
            message = f"{format_clock(topic.start)} is past the end at {format_clock(duration)}"
            yield finding(path, topic.line, "time-past-end", message)


def _begins_again(topics: Sequence[TopicLine], place: int) -> bool:
    """Whether a time that falls begins another list: one that rises stands above it, it is before
    the second time of that one, and the time below it is before the fall, too."""
    last, after = topics[place - 1].start, topics[place + 1 : place + 2]
    rose = place > 1 and topics[place - 2].start < last
    again = topics[place].start < topics[1].start
    return rose and again and any(topic.start < last for topic in after)


def check_length(path: str, line: int, duration: str, length: str) -> Iterator[Finding]:
    """`duration` and `length` (bytes) as they are written, "" where they are not."""
    if not duration or as_seconds(duration) is not None:
        return
    if parse_clock(length) is not None and ":" not in duration:
        message = f"the duration says {_short(duration)} and the byte count {length}: swap them"
        yield finding(path, line, "swapped-duration", message)
    else:
        message = f"`{_short(duration)}` is not a duration; write it as 58:12 or 1:03:30"
        yield finding(path, line, "bad-duration", message)


_URL_KEY = re.compile(r"(?:\A|_)(?:url|uri|website|homepage|link|href|audio)(?:_|\Z)")
_SCHEME = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]{0,30}:|//|\\|/\\)")
_PLACEHOLDER = re.compile(
    r"(?:#|\?+|x{3,}|todo|tbd|tba|fixme|n/a|https?:/*|(?:https?://)?(?:www\.)?example\.(?:com|org|net)/?)\Z",
    re.IGNORECASE,
)


def check_urls(
    path: str, values: Mapping[str, Any], line_of: Callable[[str], int]
) -> Iterator[Finding]:
    """Addresses in the front matter, by the names that such keys have."""
    for key, value in values.items():
        address = as_text(value)
        if not address or not _URL_KEY.search(key.lower()):
            continue
        if _PLACEHOLDER.match(address):
            message = f"{_short(key)} is `{_short(address)}`; fill it in or take it out"
            yield finding(path, line_of(key), "placeholder-url", message)
        # A bare `ada.example` is short for something; a scheme that no page may use is not.
        elif _SCHEME.match(address) and safe_url(address, "") is None:
            yield bad_url(path, line_of(key), key, address)


def bad_url(path: str, line: int, key: str, address: str) -> Finding:
    """The finding for an address under `key` that no page may link to."""
    message = f"{_short(key)} is `{_short(address)}`, where http:// or https:// is needed"
    return finding(path, line, "bad-url", message)


def check_tags(path: str, tags: Sequence[tuple[str, int]]) -> Iterator[Finding]:
    """`tags` are slugs as listed, each with its line."""
    first: dict[str, int] = {}
    for slug, line in tags:
        if slug in first:
            message = f"`{_short(slug)}` is already listed on line {first[slug]}"
            yield finding(path, line, "repeated-tag", message)
        first.setdefault(slug, line)


class Facts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the rules about the whole show need of one file that is on the site.

    `page` is the id of its page, None where the file is withdrawn. `tags` as in `check_tags`.
    What is missing is reported on the line of its key or else on that of the title.
    """

    path: str
    page: str | None
    tags: tuple[tuple[str, int], ...]
    has_audio: bool
    has_guest: bool
    has_topics: bool
    has_number: bool
    tags_line: int = 1
    guest_line: int = 1
    title_line: int = 1

    @property
    def is_heard(self) -> bool:
        """Whether it says that it is an episode: a page of a guest has a date at most, and an
        article `10-tips.md` a number in the name of its file."""
        return self.has_audio or self.has_topics or self.has_number


def check_show(files: Sequence[Facts], tag_pages: Collection[str]) -> Iterator[Finding]:
    """What only the whole show can tell. No `tag_pages`: the site has none."""
    yield from _same_pages(files)
    if tag_pages:
        yield from _tags_without_page(files, tag_pages)
    for file, usual in _unusual(files, lambda file: bool(file.tags)):
        yield finding(file.path, file.tags_line, "no-tags", f"no tags; {usual} have some")
    for file, usual in _unusual(files, lambda file: file.has_guest):
        yield finding(file.path, file.guest_line, "no-guest", f"no guest; {usual} have one")
    heard = [file for file in files if file.has_audio]
    for file, usual in _unusual(heard, lambda file: file.has_topics):
        message = f"no topics; {usual} with audio have some"
        yield finding(file.path, file.title_line, "no-topics", message)


def _same_pages(files: Iterable[Facts]) -> Iterator[Finding]:
    pages: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if file.page is not None:
            pages[file.page].append(file.path)
    for page, paths in pages.items():
        for path in paths if len(paths) > 1 else ():
            others = ", ".join(other for other in paths if other != path)
            yield finding(path, 1, "same-page", f"/{_short(page)} is also the page of {others}")


def _tags_without_page(files: Iterable[Facts], tag_pages: Collection[str]) -> Iterator[Finding]:
    for file in files:
        for slug, line in dict(reversed(file.tags)).items():
            if slug not in tag_pages:
                message = f"the tag `{_short(slug)}` has no page; add one or correct the spelling"
                yield finding(file.path, line, "tag-without-page", message)


def _unusual(files: Sequence[Facts], has: Callable[[Facts], bool]) -> Iterator[tuple[Facts, str]]:
    """Those of `files` that lack what more than half of them have, and how many do have it."""
    lacking = [file for file in files if not has(file)]
    having = len(files) - len(lacking)
    if having > len(lacking):
        for file in lacking:
            yield file, f"{having} of {len(files)} episodes"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
