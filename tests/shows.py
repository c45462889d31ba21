"""A show of five episodes, made by hand for the tests of the engine. Everyone in it is invented."""

from dataclasses import replace
from datetime import date

import msgspec

from search.episode import Episode, Moment, Show, Tag

SITE = "https://kettle.example"
NAMES = {
    "postgres": ("PostgreSQL", "Postgres"),
    "rails": ("Ruby on Rails",),
    "redis": ("Redis",),
    "docker": ("Docker",),
    "kubernetes": ("Kubernetes",),
    "dotnet": (".NET",),
    "flask": ("Flask",),
}


def _moments(duration: int | None, *lines: tuple[int, str]) -> tuple[Moment, ...]:
    ends = [start for start, _ in lines[1:]] + [duration]
    return tuple(
        Moment(start, None if end is None else max(start, end), text)
        for (start, text), end in zip(lines, ends, strict=True)
    )


def _episode(path: str, number: int, title: str, **more: object) -> Episode:
    category = path.partition("/")[0]
    audio = None if category == "interviews" else f"{SITE}/audio/kettle-{number}.mp3"
    plain = Episode(
        id=path,
        path=f"_posts/{path}.md",
        number=number,
        category=category,
        title=title,
        description="",
        url=f"{SITE}/{path}",
        audio_url=audio,
        date=None,
        duration=None,
    )
    return msgspec.structs.replace(plain, **more)


def _tags(*slugs: str) -> tuple[Tag, ...]:
    return tuple(Tag(slug, NAMES[slug][0]) for slug in slugs)


BAKERY = _episode(
    "podcast/1-a-bakery-that-counts-its-loaves",
    1,
    "A Bakery That Counts Its Loaves",
    description="Zoë Brønsted bakes with Flask and PostgreSQL.",
    date=date(2020, 5, 4),
    duration=4000,
    guests=("Zoë Brønsted",),
    tags=_tags("flask", "postgres", "redis"),
    moments=_moments(
        4000,
        (48, "What a bakery does before sunrise"),
        (310, "Full text search in PostgreSQL instead of Elasticsearch"),
        (750, "Redis keeps the queue of loaves, and a loaf is found by text search"),
        (1500, "Nobody in the bakery searches in full, they shout"),
        (3725, "Best tips? Weigh the dough twice"),
    ),
    links=("SQLAlchemy", "The oven's manual"),
)
OVENS = _episode(
    "podcast/2-ovens-that-report-their-temperature",
    2,
    "Ovens That Report Their Temperature",
    description="Two people, forty ovens and a cluster nobody asked for.",
    date=date(2021, 2, 1),
    duration=3000,
    guests=("Zoë Brønsted", "Piet de Vries"),
    tags=_tags("rails", "kubernetes", "redis"),
    moments=_moments(
        3000,
        (180, "Kubernetes runs the ovens on Hetzner"),
        (180, "Docker images are built for every oven"),
        (1200, "The front-end is Vue.js and talks to C# over a REST API"),
        (2700, "A backup bill that fell from $1,000 to $3 a month"),
        (3100, "A moment that lies past the end"),
    ),
)
BOAT = _episode(
    "podcast/3-a-library-on-a-boat",
    3,
    "A Library on a Boat",
    description="Books by boat, deployed with Docker.",
    date=date(2021, 11, 11),
    duration=2400,
    guests=("Piet de Vries",),
    tags=_tags("rails", "docker"),
    moments=_moments(
        2400,
        (60, "Docker on the boat, but never Kubernetes"),
        (600, "Optimising the colour printer in the galley"),
        (1200, "An e-mail newsletter for 40k readers"),
    ),
    paragraphs=("The boat leaves at nine.", "A horn sounds twice."),
)
SAUNA = _episode(
    "interviews/1-booking-a-sauna",
    1,
    "Booking a Sauna",
    description="Ørjan Ødegård writes about steam.",
    date=date(2021, 11, 11),
    guests=("Ørjan Ødegård",),
    tags=_tags("dotnet"),
    paragraphs=(
        "We picked F# and .NET because I knew them from a steam museum.",
        "The frontend is plain HTML.",
    ),
)
TRAILER = _episode(
    "podcast/0-what-is-to-come",
    0,
    "What Is to Come",
    moments=(Moment(5, None, "A kettle, a microphone and no plan"),),
)

KETTLE_HOUR = Show("The Kettle Hour", f"{SITE}/", (BAKERY, OVENS, BOAT, SAUNA, TRAILER), NAMES)
"""Oldest first: TRAILER (undated), BAKERY, OVENS, then SAUNA and BOAT of the same day, by id."""


def without(*episodes: Episode) -> Show:
    """The show with some episodes taken out."""
    return replace(
        KETTLE_HOUR, episodes=tuple(e for e in KETTLE_HOUR.episodes if e not in episodes)
    )
