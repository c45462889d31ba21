"""An answer for a terminal: what the page shows, jump links included, as lines of text."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

from search.addresses import last_page
from search.answer import Answer, EpisodeAnswer, Marked, Reason
from search.wording import plural

_Paragraph = Callable[[str, Marked, str], Iterator[str]]
"""A first line's beginning, what stands behind it, how that looks -> lines, indented alike."""

_MOST_WIDTH, _LEAST_WIDTH = 100, 20
_MOST_OTHERS = 6
_BESIDE = " " * 12
"""Below a moment's text, which its time stands before."""

_BOLD, _DIM, _MARK, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[0m"


def wants_colour(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Colour only for people: a terminal, and NO_COLOR (https://no-color.org) not set."""
    return stream.isatty() and not environ.get("NO_COLOR")


def width_of(stream: TextIO) -> int:
    """How wide lines may be, in characters: as a terminal is, so that nothing is broken within a
    word. In a file or pipe each text is one line, for programs that look for lines."""
    return min(_MOST_WIDTH, shutil.get_terminal_size().columns) if stream.isatty() else sys.maxsize


def answer_lines(answer: Answer, colour: bool, width: int) -> Iterator[str]:
    """The answer, line by line, at most `width` wide but for addresses and words longer than it."""
    style = _styled if colour else _plain

    def paragraph(before: str, text: Marked, look: str = "") -> Iterator[str]:
        if not text.text:
            return
        for number, line in enumerate(_broken(text, max(_LEAST_WIDTH, width - len(before)))):
            yield (" " * len(before) if number else before) + style(line, look)

    yield _summary(answer)
    yield from (line for note in _notes(answer) for line in paragraph("", Marked(note)))
    for result in answer.results:
        yield ""
        yield from _episode(result, paragraph)
    rest = answer.found_episodes - answer.page * answer.per_page
    if rest > 0:
        yield ""
        yield f"{rest} more: --page {answer.page + 1}"


def _notes(answer: Answer) -> Iterator[str]:
    """What was made of the query, and what to do where nothing is shown."""
    for correction in answer.corrections:
        yield (
            f"Nothing here says “{correction.typed}”; searched for “{correction.used}” instead "
            "(--exact searches for what was typed)"
        )
    if answer.missing:
        yield f"Not in this show: {', '.join(answer.missing)}"
    if 0 < answer.complete_episodes < answer.found_episodes:
        complete = plural(answer.complete_episodes, "episode has", "episodes have")
        yield f"{complete} all that was asked for; the others come nearest"
    if answer.partial:
        yield "No episode has all that was asked for; these come nearest"
    if answer.also and answer.results:
        more = "…" if len(answer.also) > _MOST_OTHERS else ""
        others = ", ".join(answer.also[:_MOST_OTHERS])
        yield f"Also looked for {others}{more} (--exact searches only for what was typed)"
    if not answer.results:
        last = last_page(answer)
        yield (
            f"There is no page {answer.page}: the last one is --page {last}"
            if last
            else "Try fewer or other words, or a tag of the show."
        )


def _summary(answer: Answer) -> str:
    found = plural(answer.found_episodes, "episode")
    if answer.found_moments:
        found += f", {plural(answer.found_moments, 'moment')}"
    return f"{found} ({answer.took_ms:.1f} ms)"


def _episode(result: EpisodeAnswer, paragraph: _Paragraph) -> Iterator[str]:
    about = [result.date.isoformat() if result.date else "", ", ".join(result.guests)]
    yield from paragraph("", result.title, _BOLD)
    yield from paragraph("  ", Marked(" · ".join(part for part in about if part)), _DIM)
    if not result.moments:
        yield from paragraph("  ", Marked(result.description.text), "")
    if result.excerpt:
        yield from paragraph("  ", result.excerpt, "")
    if result.missing:
        yield from paragraph("  not said here: ", Marked(", ".join(result.missing)), _DIM)
    yield "  " + _printable(result.url)
    if result.reason:
        yield from _why("  ", result.reason, paragraph)
    for moment in result.moments:
        yield from paragraph(f"  {moment.time:>8}  ", moment.text, "")
        yield from paragraph(_BESIDE, Marked(moment.url), _DIM)
        if moment.reason:
            yield from _why(_BESIDE, moment.reason, paragraph)
    more = result.found_moments - len(result.moments)
    if more > 0 and result.moments:
        yield f"{_BESIDE}and {plural(more, 'more moment')}"


def _why(indent: str, reason: Reason, paragraph: _Paragraph) -> Iterator[str]:
    yield from paragraph(f"{indent}why: ", Marked(reason.sentence), "")
    if reason.sum:
        yield from paragraph(f"{indent}     ", Marked(reason.sum), "")


def _broken(text: Marked, width: int) -> Iterator[Marked]:
    """The text in lines of at most `width`, broken at blanks only."""
    start = 0
    while len(text.text) - start > width:
        end = text.text.rfind(" ", start + 1, start + width + 1)
        if end < 0:
            end = text.text.find(" ", start + width)
        if end < 0:
            break
        yield _part(text, start, end)
        start = end + 1
    yield _part(text, start, len(text.text))


def _part(text: Marked, start: int, end: int) -> Marked:
    marks = [(max(a, start) - start, min(b, end) - start) for a, b in text.marks]
    return Marked(text.text[start:end], tuple((a, b) for a, b in marks if a < b))


def _plain(text: Marked, style: str) -> str:
    return _printable(text.text)


def _styled(text: Marked, style: str) -> str:
    pieces, last = [], 0
    for start, end in text.marks:
        pieces += [_printable(text.text[last:start]), _MARK, _printable(text.text[start:end])]
        pieces += [_PLAIN, style]
        last = end
    return f"{style}{''.join(pieces)}{_printable(text.text[last:])}{_PLAIN}"


def _printable(text: str) -> str:
    """Without characters that steer a terminal or turn its direction."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf"))
