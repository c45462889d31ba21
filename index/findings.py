"""What can be wrong with a site (`RULES`), and how it is told:
`path:line: error|warning CODE message`."""

import os.path
from enum import StrEnum
from pathlib import Path

import msgspec


class Severity(StrEnum):
    """An error leaves the episode out; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Finding(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """One thing that is wrong with a file. `path` is relative to the site's root, `line` from 1."""

    path: str
    line: int
    severity: Severity
    code: str
    message: str


RULES: dict[str, tuple[Severity, str]] = {
    "unreadable-file": (Severity.ERROR, "the file cannot be opened, is too large or is not text"),
    "bad-front-matter": (Severity.ERROR, "the front matter cannot be understood"),
    "no-title": (Severity.ERROR, "neither a title in the front matter nor a first heading"),
    "same-page": (Severity.ERROR, "two files would be the same page"),
    "file-changed": (Severity.WARNING, "the file keeps changing while it is read"),
    "not-followed": (Severity.WARNING, "a link, a folder or a device with an episode's name"),
    "not-markdown": (Severity.WARNING, "a text in a markup that is not read"),
    "no-address": (Severity.WARNING, "the site's own address is not known or is none"),
    "bad-tag-page": (Severity.WARNING, "a tag's page cannot be understood"),
    "bad-date": (Severity.WARNING, "the date is not a day of the calendar"),
    "bad-duration": (Severity.WARNING, "the duration is not a time"),
    "swapped-duration": (Severity.WARNING, "duration and byte count stand in each other's place"),
    "bad-url": (Severity.WARNING, "an address that no link can lead to"),
    "placeholder-url": (Severity.WARNING, "an address that was never filled in"),
    "malformed-time": (Severity.WARNING, "a topic begins like a time that is not one"),
    "no-topic-text": (Severity.WARNING, "a time with nothing behind it"),
    "time-falls": (Severity.WARNING, "a topic's time is before that of the one above it"),
    "repeated-time": (Severity.WARNING, "two topics have the same time"),
    "time-past-end": (Severity.WARNING, "a topic's time is past the end of the recording"),
    "undefined-variable": (Severity.WARNING, "Liquid names a variable that is not set"),
    "bad-liquid": (Severity.WARNING, "Liquid that cannot be resolved"),
    "repeated-tag": (Severity.WARNING, "a tag is listed more than once"),
    "tag-without-page": (Severity.WARNING, "the site has tag pages, but none for this tag"),
    "no-tags": (Severity.WARNING, "no tags, where most episodes of the show have some"),
    "no-guest": (Severity.WARNING, "no guest, where most episodes of the show have one"),
    "no-topics": (Severity.WARNING, "audio but no topics, where most of the show's audio has some"),
}


def finding(path: str, line: int, code: str, message: str) -> Finding:
    """A finding of a rule in `RULES`, which knows its severity."""
    return Finding(path, line, RULES[code][0], code, message)


def as_line(found: Finding) -> str:
    """One line, as compilers write it, so that editors can jump to it."""
    path, message = escaped(found.path), escaped(found.message)
    return f"{path}:{found.line}: {found.severity} {found.code} {message}"


def as_annotation(found: Finding, site: Path) -> str:
    """A workflow command that GitHub shows beside the line (docs.github.com, "Workflow commands for
    GitHub Actions"). The path is absolute: so GitHub knows the file, wherever in a repository the
    site lies."""
    path = os.path.abspath(site / found.path)
    return (
        f"::{found.severity} file={_property(path)},line={found.line},"
        f"title={found.code}::{_data(found.message)}"
    )


def escaped(text: str, but: str = "") -> str:
    """A text from a file or a file's name on one line: whatever cannot be printed is escaped, `but`
    for these."""
    return "".join(char if char.isprintable() or char in but else _escape(char) for char in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def _data(text: str) -> str:
    # GitHub reads percent signs and line ends; the rest would reach a terminal as it is.
    printable = escaped(text, but="\r\n")
    return printable.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
