"""An answer for a terminal: what the page shows, jump links included, as lines of text."""

import os
import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

from search.addresses import last_page
from search.answer import Answer, EpisodeAnswer, Marked, Reason
from search.wording import plural

_Style = Callable[[Marked, str], str]
_WIDTH = 100
_BOLD, _DIM, _MARK, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[0m"


def wants_colour(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Colour only for people: a terminal, and NO_COLOR (https://no-color.org) not set."""
    return stream.isatty() and not environ.get("NO_COLOR")


def answer_lines(answer: Answer, colour: bool) -> Iterator[str]:
    """The answer, line by line."""
    style = _styled if colour else _plain
    for correction in answer.corrections:
        yield (
            f"Nothing here says “{correction.typed}”; searched for “{correction.used}” instead "
            "(--exact searches for what was typed)"
        )
    if answer.missing:
        yield f"Not in this show: {_printable(', '.join(answer.missing))}"
    if 0 < answer.complete_episodes < answer.found_episodes:
        yield f"{plural(answer.complete_episodes, 'episode')} with all the words, then the nearest"
    if answer.partial:
        yield "No episode has all these words; these come nearest:"
    yield _summary(answer)
    for result in answer.results:
        yield ""
        yield from _episode(result, style)
    if not answer.results:
        last = last_page(answer)
        yield (
            f"There is no page {answer.page}: the last one is --page {last}"
            if last
            else "Try fewer or other words, or a tag of the show."
        )
    rest = answer.found_episodes - answer.page * answer.per_page
    if rest > 0:
        yield ""
        yield f"{rest} more: --page {answer.page + 1}"


def _summary(answer: Answer) -> str:
    episodes = plural(answer.found_episodes, "episode")
    return f"{episodes}, {plural(answer.found_moments, 'moment')} ({answer.took_ms:.1f} ms)"


def _episode(result: EpisodeAnswer, style: _Style) -> Iterator[str]:
    about = [result.date.isoformat() if result.date else "", ", ".join(result.guests)]
    yield style(result.title, _BOLD)
    yield "  " + style(Marked(" · ".join(part for part in about if part)), _DIM)
    if not result.moments:
        yield from textwrap.wrap(
            _printable(result.description.text), _WIDTH, initial_indent="  ", subsequent_indent="  "
        )
    if result.excerpt:
        yield "  " + style(result.excerpt, "")
    yield "  " + _printable(result.url)
    if result.reason:
        yield from _why(result.reason, "  ")
    for moment in result.moments:
        yield f"  {moment.time:>8}  {style(moment.text, '')}"
        yield "            " + style(Marked(_printable(moment.url)), _DIM)
        if moment.reason:
            yield from _why(moment.reason, "            ")
    more = result.found_moments - len(result.moments)
    if more > 0 and result.moments:
        yield f"            and {plural(more, 'more moment')}"


def _why(reason: Reason, indent: str) -> Iterator[str]:
    yield f"{indent}why: {_printable(reason.sentence)}"
    if reason.sum:
        yield f"{indent}     {_printable(reason.sum)}"


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
