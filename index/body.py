"""The body of an episode's file: its topics, its prose and its lists of links, as plain text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from index.chapters import chapters, transcript
from index.checks import check_times
from index.findings import Finding, finding
from index.front_matter import FrontMatter
from index.liquid_text import Line, render_lines
from index.markdown_blocks import Block, BlockKind
from index.markdown_text import read_markdown
from index.plain_text import collapse, plain
from index.time_lines import RawTopic
from index.topics import MAX_TEXT, TopicLine, find_topics
from search.clock import format_clock
from search.episode import Moment

_LINK_HEADING = re.compile(
    r"\b(?:links?|references?|librar(?:y|ies)|resources?|mentioned|show ?notes|further reading)\b",
    re.IGNORECASE,
)

_DESCRIPTION_KEYS = ("description", "summary", "subtitle", "excerpt")
_NOTES_KEYS = (
    *("intro", "introduction", "notes", "show_notes", "points", "highlights", "takeaways"),
    *("long_description", "transcript"),
)


# Comments of MDX, and what it takes from other files.
_MDX = re.compile(
    r"""\{/\*[^{}]{0,1000}\*/\}|^import [^\n"']{1,300}["'][^\n"']{1,300}["'];?$""", re.M
)


@dataclass(frozen=True, slots=True)
class Body:
    """`title` is the first heading of level 1, `description` that of the front matter, `findings`
    are what is wrong with the body."""

    title: str
    description: str
    topics: tuple[TopicLine, ...]
    paragraphs: tuple[str, ...]
    links: tuple[str, ...]
    findings: tuple[Finding, ...]


def read_body(
    path: str,
    front: FrontMatter,
    page: Mapping[str, Any],
    site: Mapping[str, Any],
    duration: int | None,
) -> Body:
    """Reads the body below `front` in the file at `path`; `page` and `site` are what Liquid may
    name, `duration` is that of the recording, in seconds."""
    text = front.body
    if path.lower().endswith(".mdx"):
        text = _MDX.sub(lambda found: "\n" * found[0].count("\n"), text)
    lines, problems = render_lines(
        text, front.body_line, page=_single_lines(page), site=_single_lines(site)
    )
    found = find_topics(lines, duration)
    told = any(topic.start is not None and topic.text for topic in found.topics)
    sources = (found.topics, chapters(front, told), transcript(front))
    raw = [topic for source in sources for topic in source]
    rest = "\n".join(line.text for line in found.rest)
    singles, beyond = _cut(topic.text for topic in raw)
    notes = [*beyond, *_notes(front, {topic.text for topic in raw})]
    described = front.first(_DESCRIPTION_KEYS)[1]
    blocks, (description, *texts) = read_markdown(rest, [described, *singles, *notes])
    texts, notes = texts[: len(raw)], texts[len(raw) :]
    topics: list[TopicLine] = []
    lost: list[str] = []
    findings = [finding(path, *problem) for problem in problems]
    shown = iter(texts)
    for source in sources:
        # What a chapter is called is said already where the text begins so at the same time; parts
        # of its second may have been rounded there.
        said = {t.start + off: t.text.casefold() for off in (-1, 1, 0) for t in topics}
        own: list[TopicLine] = []
        for topic, text in zip(source, shown, strict=False):
            start = topic.start if topic.start is not None else topic.likely
            if topic.start is None:
                findings.append(finding(path, topic.line, "malformed-time", _advice(topic)))
            if not text:
                message = "a time with no text; say what is talked about"
                findings.append(finding(path, topic.line, "no-topic-text", message))
            if start is None:
                lost.append(text)
            elif text and not said.get(start, "").startswith(text.casefold()):
                own.append(TopicLine(topic.line, start, text))
        findings += check_times(path, own, duration)
        topics += own
    title = next((b.text for b in blocks if b.kind is BlockKind.HEADING and b.level == 1), "")
    paragraphs, links = _prose(blocks)
    return Body(
        title=title,
        description=description,
        topics=tuple(topics),
        paragraphs=tuple(text for text in [*lost, *paragraphs, *notes] if text),
        links=tuple(links),
        findings=tuple(findings),
    )


def moments_of(topics: Sequence[TopicLine], duration: int | None) -> tuple[Moment, ...]:
    """Topics by time. Each lasts until a later one begins, the last until the recording ends."""
    ordered = sorted(topics, key=lambda topic: topic.start)
    moments: list[Moment] = []
    following: int | None = duration
    above: int | None = None
    for topic in reversed(ordered):
        if above is not None and above > topic.start:
            following = above
        past = duration is not None and topic.start > duration
        end = topic.start if past else following
        moments.append(Moment(topic.start, end, topic.text))
        above = topic.start
    return tuple(reversed(moments))


def _cut(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """As much of each text as a moment may have, in whole words, and what is left of some."""
    singles, beyond = [], []
    for text in texts:
        space = text.rfind(" ", 0, MAX_TEXT) if len(text) > MAX_TEXT else -1
        end = space if space > 0 else MAX_TEXT
        singles.append(text[:end])
        beyond += [text[end:].strip()] if text[end:].strip() else []
    return singles, beyond


def _notes(front: FrontMatter, moments: Set[str]) -> Iterator[str]:
    """Texts of the front matter that a page shows as a part of its body, without the lines with
    times if these are `moments`."""
    for key, value in front.named(_NOTES_KEYS):
        items = value if isinstance(value, list) else [value]
        whole = "\n\n".join(item for item in items if isinstance(item, str))
        found = find_topics([Line(text, front.line(key)) for text in whole.split("\n")], None)
        if all(topic.text in moments for topic in found.topics):
            whole = "\n".join(line.text for line in found.rest)
        # (`transcript: /a.vtt` is the name of a file.)
        if " " in collapse(whole) or not whole.isascii():
            yield from filter(None, map(collapse, whole.split("\n\n")))


def _advice(topic: RawTopic) -> str:
    if topic.likely is None:
        return f"`{topic.clock}` is not a time, and no reading fits; write it as 12:34 or 1:23:45"
    return f"`{topic.clock}` is not a time; it is read as {format_clock(topic.likely)}"


def _prose(blocks: Sequence[Block]) -> tuple[list[str], list[str]]:
    """Paragraphs, each with the headings right above it, and the texts of lists of links."""
    paragraphs: list[str] = []
    links: list[str] = []
    headings: list[Block] = []
    waiting = False  # whether the headings have yet to be joined to what follows
    place = 0
    while place < len(blocks):
        block = blocks[place]
        place += 1
        if block.kind is BlockKind.HEADING:
            headings = [h for h in headings if h.level < block.level] if waiting else []
            headings.append(block)
            waiting = True
            continue
        group = [block]
        while block.group and place < len(blocks) and blocks[place].group == block.group:
            group.append(blocks[place])
            place += 1
        about = headings[-1].text if headings else ""
        if block.kind is BlockKind.ITEM and (
            _LINK_HEADING.search(about) or all(b.linked for b in group)
        ):
            links += [b.text for b in group]
            continue
        words = [h.text for h in headings if h.level > 1] if waiting else []
        waiting = False
        paragraphs.append(collapse(" ".join([*words, *(b.text for b in group)])))
    return paragraphs, links


def _single_lines(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for Liquid: each text on one line, as a value must not add lines to the body."""
    return {key: _single(value) for key, value in values.items()}


def _single(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return _single_lines(value)
    return [_single(item) for item in value] if isinstance(value, list) else value
