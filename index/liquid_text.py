"""Liquid in a text: variables filled, everything else gone.

Only what needs no file is supported: variables, filters, conditions, loops over what the front
matter lists, assignments, comments and `raw`. All other tags (`{% include %}`, `{% image %}`, ends
of unknown blocks) vanish and what is between them stays. Nothing is ever included, read or run.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

# Characters of the private use area, taken out of every file before it comes here.
_NO_OUTPUT, _NO_TAG, _LINE = "\ue000\ue000", "\ue001\ue001", "\ue002"
_MAX_TAGS = 1_000
_MARK = re.compile(f"{_LINE}([0-9]{{1,9}})")
_SHORTCODE = re.compile(r"\{\{[<%][^{}]{0,500}[>%]\}\}")
# `{{< clip time="12:34" >}}`, `{{< timestamp "12:34" >}}`
_TIME = re.compile(
    r"\{\{[<%][ \t]{0,3}(?:time\w{0,20}[ \t]|[\w/-]{1,60}[ \t]{1,3}time=)[\"']?"
    r"\[?([0-9:]{4,9})[^\w{}][^{}]{0,300}[>%]\}\}"
)
_UNCLOSED = re.compile(r"\{%-?[ \t]{0,9}(?:raw|doc)[ \t]{0,9}-?%\}")
_RANGE = re.compile(r"\([^(){}]{0,80}\.\.")
_NAME = re.compile(r"[\w.\-\[\]]{1,100}")
_INSIDE = re.compile(r"\{\{[^{}]{0,4000}\}\}|\{%[^{}]{0,4000}%\}")


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line of text and the line of the file it began on. (There are many: a Struct is made in a
    tenth of a dataclass's time.)"""

    text: str
    number: int


class Problem(NamedTuple):
    """What is wrong on a line of the file: a rule's code (see index.findings), and a message."""

    line: int
    code: str
    message: str


# What Jekyll knows beside front matter and settings: empty here, but not undefined.
# https://jekyllrb.com/docs/variables/
_OF_THE_GENERATOR = (
    *("site.data", "site.posts", "site.pages", "site.related_posts", "site.static_files"),
    *("site.html_pages", "site.collections", "site.documents", "site.categories", "site.tags"),
    *("site.github", "site.time", "site.baseurl", "site.title"),
    *("page.content", "page.excerpt", "page.previous", "page.next", "page.collection", "page.dir"),
    *("layout.", "content", "paginator.", "include.", "jekyll.", "theme."),
)


def render_lines(
    text: str, first_line: int, page: Mapping[str, Any], site: Mapping[str, Any]
) -> tuple[list[Line], list[Problem]]:
    """The lines of `text` with Liquid resolved, and what could not be."""
    opened = [place for place in (text.find("{{"), text.find("{%")) if place >= 0]
    closed = max(text.rfind("}}"), text.rfind("%}"))
    if not opened or closed < min(opened):
        return _numbered(text, first_line), []
    # Only the lines that Liquid can change: most of a text is before or behind them.
    begin, end = text.rfind("\n", 0, min(opened)) + 1, text.find("\n", closed)
    end = len(text) if end < 0 else end
    lines = _numbered(text[:begin], first_line)[:-1]
    behind = _numbered(text[end:], first_line + text.count("\n", 0, end))[1:]
    number = first_line + len(lines)
    source = _marked(_tame(text[begin:end]), number)
    if source.count("{{") + source.count("{%") > _MAX_TAGS:
        message = f"more than {_MAX_TAGS:,} Liquid tags; none is filled in"
        rendered, problems = _INSIDE.sub("", source), [Problem(number, "bad-liquid", message)]
    else:
        rendered, problems = _render(source, {"page": page, "site": site})
    for line in rendered.replace(_NO_OUTPUT, "{{").replace(_NO_TAG, "{%").split("\n"):
        words, mark, told = line.rpartition(_LINE)
        if mark and _LINE not in words and told.isdecimal():
            number = int(told)
        else:
            # Liquid joined lines or took one apart.
            marks = _MARK.search(line)
            number = int(marks[1]) if marks else number
            words = _MARK.sub("", line)
        lines.append(Line(words, number))
    return lines + behind, problems


def _numbered(text: str, first: int) -> list[Line]:
    return [Line(line, number) for number, line in enumerate(text.split("\n"), start=first)]


def _tame(text: str) -> str:
    """The same text, where a library's pattern cannot run over all of it again and again."""
    text = _SHORTCODE.sub("", _TIME.sub(r"[\1]", text))
    # Without a closer behind it, an opener is text; the library would look for one each time.
    head, tail = text[: text.rfind("}}") + 1], text[text.rfind("}}") + 1 :]
    text = head + tail.replace("{{", _NO_OUTPUT)
    head, tail = text[: text.rfind("%}") + 1], text[text.rfind("%}") + 1 :]
    text = head + tail.replace("{%", _NO_TAG)
    last = max(text.rfind("endraw"), text.rfind("enddoc")) + 1
    return text[:last] + _UNCLOSED.sub("", text[last:])


def _marked(text: str, first_line: int) -> str:
    """Each line ends in a mark with its number; tags are brought to one line, the number then is
    that of the line they began on."""
    pieces: list[str] = []
    number = begun = first_line
    place = 0
    for match in [*_INSIDE.finditer(text), None]:
        between = text[place : match.start() if match else len(text)]
        for line in between.split("\n")[:-1]:
            pieces.append(f"{line}{_LINE}{begun}\n")
            number += 1
            begun = number
        pieces.append(between.rpartition("\n")[2])
        if match:
            # A range can be as long as it likes; nothing in an episode's text needs one.
            pieces.append("" if _RANGE.search(match[0]) else match[0].replace("\n", " "))
            number += match[0].count("\n")
            place = match.end()
    return "".join(pieces) + f"{_LINE}{begun}"


def _render(source: str, names: Mapping[str, Any]) -> tuple[str, list[Problem]]:
    # Only here: the library takes a quarter of a second to load, and most texts need none of it.
    from index.liquid_template import BadTemplate, rendered

    try:
        text, missed = rendered(source, names)
    except BadTemplate as failure:
        message = f"Liquid cannot be resolved: {failure}"
        return _INSIDE.sub("", source), [Problem(_line_of(source, 0), "bad-liquid", message)]
    problems: list[Problem] = []
    # A loop comes by the same place many times.
    for place in dict.fromkeys(missed):
        found = _NAME.match(source, place)
        name = found[0] if found else "?"
        if not name.startswith(_OF_THE_GENERATOR):
            message = f"`{name}` is not set; it becomes empty"
            problems.append(Problem(_line_of(source, place), "undefined-variable", message))
    return text, problems


def _line_of(source: str, place: int) -> int:
    # The next mark is the one that ends the line of this place.
    found = _MARK.search(source, place)
    return int(found[1]) if found else 1
