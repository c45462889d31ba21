"""Where in an episode its matching moments lie: positions on a bar as long as the episode."""

from collections.abc import Sequence

from msgspec import Struct

from search.answer import EpisodeAnswer, MomentAnswer

_REACH = 1.2
"""How far to each side of a tick a click still counts, in percent of the bar."""


class Tick(Struct, frozen=True):
    """A moment on the bar. All figures are percent of the bar's width.

    `x` is where it starts, `width` how long it lasts; `hit_x` and `hit_width` are where it can
    be clicked: wider than it looks, and never over a neighbour's share.
    """

    name: str
    href: str
    best: bool
    x: float
    width: float
    hit_x: float
    hit_width: float


def ticks_of(episode: EpisodeAnswer) -> tuple[Tick, ...]:
    """The ticks of an episode in the order of time; none where nobody tells how long it is.

    A moment past the end (an upload cut short, a typing error) stays in sight at the end.
    """
    length = episode.duration
    if not length:
        return ()
    best = {moment.start for moment in episode.moments}
    places = [100 * min(moment.start, length) / length for moment in episode.ticks]
    return tuple(
        _tick(moment, moment.start in best, places, number, length)
        for number, moment in enumerate(episode.ticks)
    )


def _tick(
    moment: MomentAnswer, best: bool, places: Sequence[float], number: int, length: int
) -> Tick:
    x = places[number]
    end = 100 * min(max(moment.end or moment.start, moment.start), length) / length
    left = (places[number - 1] + x) / 2 if number else 0.0
    right = (places[number + 1] + x) / 2 if number + 1 < len(places) else 100.0
    hit_x, hit_end = max(x - _REACH, left), min(x + _REACH, right)
    return Tick(
        name=f"{moment.time} {moment.text.text}",
        href=moment.url,
        best=best,
        x=round(x, 3),
        width=round(max(end - x, 0), 3),
        hit_x=round(hit_x, 3),
        hit_width=round(hit_end - hit_x, 3),
    )
