"""Before a generation is published, it is asked: do a moment's own words find that moment?"""

from collections.abc import Iterator
from itertools import count, islice

from search.analysis import written_words
from search.engine import Searcher
from search.episode import Episode, Moment, Show
from search.errors import DamagedIndex
from search.request import MAX_CHARACTERS, MAX_PER_PAGE, Filters, Request

SAMPLE = 20
"""How many moments are asked for at most; spread over the whole show, the newest among them."""

_WORDS = range(4, 8)
"""First words that tell a moment from others: so many are asked for, as far as a query holds."""


def require_found(searcher: Searcher, show: Show) -> None:
    """Raises DamagedIndex that names the first moment that is not found."""
    for episode, moment in _sample(show):
        if not _found(searcher, episode, moment):
            raise DamagedIndex(
                f"the new index does not find the moment at {moment.start} s of {episode.path}: "
                f"{moment.text[:80]!r}; nothing was published"
            )


def _sample(show: Show) -> Iterator[tuple[Episode, Moment]]:
    """A telling moment of every n-th episode, early ones and late ones by turns."""
    step = -(-len(show.episodes) // SAMPLE)
    for number, episode in enumerate(show.episodes[::-1][::step] if step else ()):
        moments = episode.moments
        turned = moments[number % (len(moments) or 1) :] + moments
        telling = (moment for moment in turned if _asked(moment))
        for moment in islice(telling, 1):
            yield episode, moment


def _asked(moment: Moment) -> str:
    """The first words of a moment as a phrase; "" where these are too few."""
    words = written_words(moment.text)[: _WORDS.stop - 1]
    # Whole words, as no part of one is found: an address may be longer than a query.
    while len(" ".join(words)) > MAX_CHARACTERS - len('""'):
        words.pop()
    return f'"{" ".join(words)}"' if len(words) in _WORDS else ""


def _found(searcher: Searcher, episode: Episode, moment: Moment) -> bool:
    # Each episode may begin with the same words: those of the same day are enough to look through.
    same_day = Filters(from_date=episode.date, to_date=episode.date)
    for page in count(1):
        request = Request(_asked(moment), same_day, page=page, per_page=MAX_PER_PAGE, exact=True)
        answer = searcher.search(request)
        for result in answer.results:
            if result.id == episode.id:
                return moment.start in result.timeline
        if page * MAX_PER_PAGE >= answer.found_episodes:
            break
    return False
