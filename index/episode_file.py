"""One file to one episode: front matter, Liquid, topic lines and Markdown brought together.

Everything here is pure. What is wrong is a finding; nothing that a file can hold is an exception.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from index.body import moments_of, read_body
from index.checks import Facts, check_tags, check_urls
from index.file_reading import FileReading
from index.filing import categories_of, category_of, guests_of, listed_tags
from index.findings import Finding, finding
from index.front_matter import FrontMatter, split_front_matter
from index.permalinks import PageSource
from index.plain_text import BadDocument, decoded
from index.recording import read_recording
from index.site import Site, split_name
from index.values import as_flag, as_number, as_slug, as_text, safe_url
from search.episode import Episode, Tag

_NUMBER_KEYS = (
    *("number", "episode", "episode_number", "itunes_episode", "podcast_episode_number"),
    *("folge", "nummer", "episodio", "numero"),
)
_DATE_KEYS = (
    *("date", "publish_date", "pub_date", "published_at", "published_date", "date_published"),
    *("publication_date", "release_date", "date_added", "published"),
)
_TITLE_KEYS = ("title", "episode_title", "name")
PAGE = "a page and no episode"
_PAGE = f"{PAGE}: it has no date, number, recording or topics"
_LEADING_NUMBER = re.compile(r"(s[0-9]{1,3}-?e|ep(?:isode)?-?)?([0-9]{1,6})(?:-|\Z)")
_COUNTED = re.compile(r"[^\w#]*([0-9]{1,6})[ -]?[^\W\d_]")
"""What a title counts: `10-minute pasta` is no tenth episode, `#10 Pasta` is."""
_NUMBERED = re.compile(
    r"\W*(?:#|第|(?:ep(?:\.|isode|isodio|isódio)?|épisode|folge|aflevering|avsnitt|puntata|odcinek"
    r"|выпуск)\W{0,3})([0-9]{1,6})(?![0-9]|[.:,][0-9])",
    re.IGNORECASE,
)
"""How a title begins that says its number."""


def read_file(data: bytes, path: str, site: Site) -> FileReading:
    """Reads the bytes of the file at `path` (relative to the site's root)."""
    rule = "unreadable-file"
    try:
        text = decoded(data)
        rule = "bad-front-matter"
        front = site.completed(path, split_front_matter(text))
    except BadDocument as problem:
        return FileReading.left_out_for(finding(path, problem.line, rule, str(problem)))
    hidden = _hidden(front.values, site.hidden_flags)
    if hidden == "draft":
        return FileReading.of(path, None, hidden)
    return _EpisodeReader(path, site, front).read(hidden)


def _hidden(values: Mapping[str, Any], flags: tuple[str, ...]) -> str:
    """Why the front matter keeps the episode from being shown; empty if it does not."""
    if as_flag(values.get("published")) is False or _is_set(values.get("draft")):
        return "draft"
    found = next((flag for flag in flags if flag != "draft" and _is_set(values.get(flag))), None)
    return f"withdrawn ({found})" if found else ""


def _is_set(value: Any) -> bool:
    """Whether a flag that hides is set. `under_review: since May` hides: better once too often."""
    return value not in (None, "", [], {}) and as_flag(value) is not False


class _EpisodeReader:
    """Collects findings while the parts of one episode are read."""

    def __init__(self, path: str, site: Site, front: FrontMatter) -> None:
        self.path = path
        self.site = site
        self.front = front
        self.values = front.values
        self.tags = listed_tags(front, site)
        self.findings: list[Finding] = []

    def say(self, line: int, code: str, message: str) -> None:
        self.findings.append(finding(self.path, line, code, message))

    def read(self, hidden: str) -> FileReading:
        """What the file gives; no episode where it is `hidden`, which says why."""
        day, file_name = split_name(self.path)
        slug = as_text(self.values.get("slug"))
        slug = slug if as_slug(slug) else file_name
        published = self._date(day)
        categories = categories_of(self.path, self.values, self.site)
        source = PageSource(self.path, slug, categories, published, self.values)
        page = self.site.page_path(source, self._permalink())
        number = self._number(file_name)
        recording = read_recording(self.path, self.front, self.site, number)
        duration = recording.duration
        named = _named_in_liquid(page, source)
        body = read_body(self.path, self.front, named, self.site.config, duration)
        told = published or number is not None or recording.exists or body.topics
        if self.site.has_pages(self.path) and not told:
            return FileReading.of(self.path, None, _PAGE)
        title = self.front.first(_TITLE_KEYS)[1] or body.title
        if not title:
            line = self.front.line("title")
            message = "no title; give the front matter a `title:` or begin with `# The title`"
            return FileReading.left_out_for(finding(self.path, line, "no-title", message))
        tags: dict[str, Tag] = {}
        for tag, _ in self.tags:
            tags.setdefault(tag.slug, tag)
        episode = Episode(
            id=page.lstrip("/"),
            path=self.path,
            number=number,
            category=category_of(self.path, self.values, self.site),
            title=title,
            description=body.description,
            url=self.site.page_url(page),
            audio_url=recording.address,
            date=published,
            duration=duration,
            guests=guests_of(self.values, self.site.people),
            tags=tuple(tags.values()),
            moments=moments_of(body.topics, duration),
            paragraphs=body.paragraphs,
            links=body.links,
        )
        facts = self._facts(episode, has_audio=recording.exists, hidden=bool(hidden))
        self.findings += [*recording.findings, *body.findings]
        self.findings += check_urls(self.path, self.values, self.front.line)
        self.findings += check_tags(self.path, facts.tags)
        found = tuple(sorted(set(self.findings)))
        return FileReading.of(self.path, None if hidden else episode, hidden, found, facts)

    def _facts(self, episode: Episode, *, has_audio: bool, hidden: bool) -> Facts:
        return Facts(
            path=self.path,
            page=None if hidden else episode.id,
            tags=tuple((tag.slug, line) for tag, line in self.tags),
            has_audio=has_audio,
            has_guest=bool(episode.guests),
            has_topics=bool(episode.moments),
            has_number=self._named_number() is not None,
            tags_line=self._line("tags"),
            guest_line=self._line("guest"),
            title_line=self._line("title"),
        )

    def _line(self, key: str) -> int:
        """The line of `key`, or that of the title where it is not there."""
        return self.front.line(key if key in self.front.lines else "title")

    def _date(self, day: str) -> date | None:
        if not day and self.site.is_dated(self.path):
            message = (
                "no date in its name, so Jekyll makes no page of it; name it 2024-03-30-name.md"
            )
            self.say(1, "bad-date", message)
        key, text = self.front.first(_DATE_KEYS)
        # `published` may say that it is, too, instead of when.
        text = "" if as_flag(text) is not None else text
        for line, written in ((self.front.line(key), text), (1, day)):
            found = self.site.day(written) if written else None
            if written and found is None:
                message = f"`{written[:40]}` is not a day of the calendar; write it as 2024-03-30"
                self.say(line, "bad-date", message)
            if found is not None:
                return found
        return None

    def _permalink(self) -> str:
        """The path that the front matter gives the page; empty if it gives none."""
        key, own = self.front.first(self.site.permalink_keys)
        # Where Eleventy makes no page of a file, a list has it.
        own = "" if as_flag(own) is False else own.removeprefix(self.site.url)
        if own.endswith("/index.html"):
            own = own.removesuffix("index.html")
            own = own if own.startswith("/") else f"/{own}"
        if own and (safe_url(own, "") is None or not own.startswith("/") or not own.strip("/")):
            message = f"{key} is `{own[:80]}`, where a path like /podcast/1-name is needed"
            self.say(self.front.line(key), "bad-url", message)
            return ""
        return own

    def _named_number(self) -> int | None:
        return as_number(self.front.first(_NUMBER_KEYS)[1])

    def _number(self, file_name: str) -> int | None:
        named = self._named_number()
        if named is not None:
            return named
        title = self.front.first(_TITLE_KEYS)[1]
        found = _LEADING_NUMBER.match(as_slug(file_name))
        counted = _COUNTED.match(title)
        if found and (found[1] or not counted or int(counted[1]) != int(found[2])):
            return int(found[2])
        numbered = _NUMBERED.match(title)
        return int(numbered[1]) if numbered else None


def _named_in_liquid(page: str, source: PageSource) -> dict[str, Any]:
    """What Liquid may name of the page at `page`
    (https://jekyllrb.com/docs/variables/#page-variables)."""
    return {
        "path": source.path,
        "name": source.path.rpartition("/")[2],
        "tags": [],
        "categories": list(source.categories),
        "id": page.rstrip("/"),
        "slug": source.name,
        "title": "",
        **source.values,
        "url": page,
        "date": str(source.day or ""),
    }
