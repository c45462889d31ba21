"""Files of any content, by the thousand: reading one ends well, in little time and memory."""

import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.episode_file import read_file
from index.site import Site
from index.site_loading import load_site
from search.settings import SiteSettings
from tests.small_site import EPISODE, NAME, write_site
from tests.test_reading_any_text import HARD, TEXTS, hard_copies, must_be_well

Figures = Callable[[str], None]

pytestmark = pytest.mark.faults
LARGE = 100_000
"""Bytes of a large file; what is longer may take more in proportion."""
MEMORY = 50_000_000
TIME = 0.2
"""Seconds of a processor for a large file: four times what it takes where nothing else runs."""

_BODIES = TEXTS.map(lambda text: EPISODE.replace("## Topics", f"{text}\n\n## Topics"))
_FRONTS = TEXTS.map(lambda text: EPISODE.replace("guest: ", f"{text}\nguest: "))
_ENCODED = (_BODIES | _FRONTS | TEXTS).map(lambda text: text.encode("utf-8", "replace"))
_RAW = _ENCODED | st.binary(max_size=400)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    root: Path = write_site(tmp_path, {NAME: EPISODE})
    return load_site(root, SiteSettings())[0]


def test_twenty_thousand_files_are_read_or_refused(site: Site, figures: Figures) -> None:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    read_file(EPISODE.encode(), NAME, site)  # loads the libraries

    @settings(
        max_examples=20_000, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(raw=_RAW)
    def read_any(raw: bytes) -> None:
        nonlocal slowest
        began = time.process_time()
        reading = read_file(raw, NAME, site)
        seconds = time.process_time() - began
        if seconds > slowest:
            # Once more: Python may have looked for garbage among all that Hypothesis keeps.
            slowest = max(slowest, min(seconds, _processor_seconds(raw, site)))
        must_be_well(reading, raw)
        outcomes["read" if reading.episode else "refused"] += 1

    read_any()
    assert outcomes.total() >= 20_000
    figures(
        f"files of any content: {outcomes.total():,}: {outcomes['read']:,} read, "
        f"{outcomes['refused']:,} refused with a reason, none ended otherwise; the slowest took "
        f"{slowest * 1000:.0f} ms of a processor"
    )


def test_hard_files_take_little_time_and_memory(site: Site, figures: Figures) -> None:
    most = 0.0
    taken: dict[str, float] = {}
    read_file(EPISODE.encode(), NAME, site)  # loads the libraries
    for what in HARD:
        for raw in hard_copies(what):
            size = max(1, len(raw) / LARGE)
            # The best of three: what else the processor had to do is no matter here.
            seconds = min(_processor_seconds(raw, site) for _ in range(3)) / size
            taken[what] = max(taken.get(what, 0.0), seconds)
            assert seconds < TIME, what
            tracemalloc.start()
            read_file(raw, NAME, site)
            peak = tracemalloc.get_traced_memory()[1] / size
            tracemalloc.stop()
            assert peak < MEMORY, what
            most = max(most, peak)
    slowest = max(taken, key=taken.__getitem__)
    figures(
        f"hard files: {3 * len(HARD)}: at most {most / 1e6:.0f} MB and "
        f"{taken[slowest] * 1000:.0f} ms of a processor for 100 KB ({slowest})"
    )


def _processor_seconds(raw: bytes, site: Site) -> float:
    began = time.process_time()
    read_file(raw, NAME, site)
    return time.process_time() - began
