"""Before a generation is published, it is asked: do a moment's own words find that moment?"""

from search.analysis import written_words
from search.engine import Searcher
from search.episode import Episode, Moment, Show
from search.errors import DamagedIndex
from search.request import MAX_PER_PAGE, Request

SAMPLE = 40
"""How many moments are asked for; spread over the whole show."""

_WORDS = range(4, 11)
"""A moment with so many words is told from others by them; the first ten are asked for."""
_PAGES = 20


def ask(searcher: Searcher, show: Show) -> None:
    """Raises DamagedIndex that names the first moment that is not found."""
    moments = [(e, m) for e in show.episodes for m in e.moments if _telling(m)]
    step = max(1, len(moments) // SAMPLE)
    for episode, moment in moments[::step]:
        if not _found(searcher, episode, moment):
            raise DamagedIndex(
                f"the new index does not find the moment at {moment.start} s of {episode.path}: "
                f"{moment.text[:80]!r}; nothing was published"
            )


def _telling(moment: Moment) -> bool:
    return len(written_words(moment.text)) >= _WORDS.start


def _found(searcher: Searcher, episode: Episode, moment: Moment) -> bool:
    words = " ".join(written_words(moment.text)[: _WORDS.stop - 1])
    for page in range(1, _PAGES + 1):
        request = Request(f'"{words[:180]}"', page=page, per_page=MAX_PER_PAGE, exact=True)
        answer = searcher.search(request)
        for result in answer.results:
            if result.id == episode.id:
                return moment.start in result.timeline
        if page * MAX_PER_PAGE >= answer.found_episodes:
            return False
    return False
