"""What the checks say of episodes: `path:line: error|warning CODE message`."""

from enum import StrEnum

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


def as_text(finding: Finding) -> str:
    """One line, as compilers write it, so that editors can jump to it."""
    return (
        f"{printable(finding.path)}:{finding.line}: {finding.severity} "
        f"{finding.code} {printable(finding.message)}"
    )


def as_github(finding: Finding) -> str:
    """A workflow command that GitHub shows beside the line
    (docs.github.com, "Workflow commands for GitHub Actions")."""
    return (
        f"::{finding.severity} file={_property(finding.path)},line={finding.line},"
        f"title={finding.code}::{_data(finding.message)}"
    )


def printable(text: str) -> str:
    """A text from a file or a file's name on one line: whatever cannot be printed is escaped."""
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
