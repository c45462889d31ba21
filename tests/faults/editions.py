"""A small show in editions: each differs from the others in every text, and says which it is."""

from dataclasses import dataclass
from pathlib import Path

from search.contents import Contents
from search.engine import Searcher
from search.engines import open_engine
from search.request import Request
from tests.conftest import settings_for
from tests.small_site import CONFIG

EPISODES = 6
_EPISODE = """\
---
category: "podcast"
mp3_duration: "1:00:00"
guest: "Ada Lovell"
tags:
  - "python"
title: "Bell {number} of {edition}"
---

A paragraph about {edition}paragraph{number} and the bells of the old tower by the sea.

## Topics Include

- 1:36 -- Why a bell needs a computer of {edition}
- 12:0{number} -- Ropes and motors with {edition}moment{number} inside
- 38:32 -- Full text search of peals
"""


@dataclass(frozen=True)
class Edition:
    """A site's folder and what an index of exactly it answers."""

    name: str
    root: Path

    def is_all_of(self, searcher: Searcher) -> bool:
        """Every marker of this edition is found where it is, and there is nothing else."""
        status = searcher.status
        if (status.episodes, status.moments) != (EPISODES, 3 * EPISODES):
            return False
        for number in range(EPISODES):
            for word, start in (("moment", 720 + number), ("paragraph", None)):
                found = searcher.search(Request(f"{self.name}{word}{number}", exact=True)).results
                if [each.number for each in found] != [number]:
                    return False
                if start is not None and start not in found[0].timeline:
                    return False
                if found[0].title.text != f"Bell {number} of {self.name}":
                    return False
        return True


def edition(name: str, root: Path) -> Edition:
    """Writes an edition's site. `name` is one word of letters."""
    folder = root / "_posts" / "podcast"
    folder.mkdir(parents=True)
    (root / "_config.yml").write_text(CONFIG)
    for number in range(EPISODES):
        text = _EPISODE.format(number=number, edition=name)
        (folder / f"2024-03-0{number + 1}-{number}-bell.md").write_text(text)
    return Edition(name, root)


def which(index: Path, editions: list[Edition]) -> str:
    """The name of the edition that an index holds, whole and sound; else what is wrong."""
    engine = open_engine(settings_for(index))
    problems = engine.examine().problems
    if problems:
        return "; ".join(problems)
    searcher = engine.open()
    if searcher.status.degraded:
        return searcher.status.degraded
    return next((e.name for e in editions if e.is_all_of(searcher)), "a mixture")


def contents(index: Path) -> Contents | None:
    return open_engine(settings_for(index)).contents()
