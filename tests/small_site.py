"""Small sites for the tests of reading: a good episode to break, and a site to put it in."""

import os
import time
from pathlib import Path

from index.reader import Reading, read_site
from search.settings import Settings

CONFIG = """\
title: "The Tower"
url: "https://tower.example"
permalink: "/:categories/:slug"
mp3_url_path: "https://tower.example/audio/tower-"
links:
  forms:
    guest: "https://tower.example/guest"
"""

EPISODE = """\
---
layout: "podcast-or-interview"
mp3_bytes: "64061022"
mp3_duration: "1:06:33"
guest: "Ada Lovell"
guest_website: "https://ada.example"
category: "podcast"
tags:
  - "python"
  - "redis"
title: "A Bell That Rings Itself"
description:
  Ada Lovell lets a bell ring
  at sunrise.
---

In this episode {{ page.guest }} rings a bell.

## Topics Include

- 1:36 -- Why a bell needs a computer
- 12:04 -- Ropes, motors and Redis
- 38:32 -- Full text search of peals
- 1:03:30 -- Best tips? Wear ear plugs

## Links

###### References

- <https://bells.example/>
- [Ringing](https://ringing.example/how) for beginners

"""

NAME = "_posts/podcast/2024-03-04-7-a-bell-that-rings-itself.md"


def line_of(text: str, part: str) -> int:
    """The line of the file on which `part` first stands."""
    assert part in text, part
    return text[: text.index(part)].count("\n") + 1


def write_site(root: Path, files: dict[str, str | bytes]) -> Path:
    """A Jekyll site with these files besides its settings. They were written long ago: what was
    written just now may not be all yet, and is waited for."""
    long_ago = time.time() - 60
    for name, content in {"_config.yml": CONFIG, **files}.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(place, (long_ago, long_ago))
    return root


def read(root: Path, settings: Settings | None = None) -> Reading:
    return read_site(root, settings or Settings())


def read_one(root: Path, text: str | bytes, good: int = 0) -> Reading:
    """What is read of a site with this one episode at `NAME` and some good ones beside it."""
    files: dict[str, str | bytes] = {NAME: text}
    for number in range(100, 100 + good):
        files[f"_posts/podcast/2024-01-01-{number}-a-good-one.md"] = EPISODE
    return read(write_site(root, files))


def said(reading: Reading, path: str = NAME) -> list[tuple[int, str]]:
    """Line and code of what was found in one file."""
    return [(found.line, found.code) for found in reading.findings if found.path == path]
