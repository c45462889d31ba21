"""Links that lead to a second: from an episode and a moment to where it can be heard.

Sites differ, so both forms are templates (settings `jump_link` and `audio_link`). The fields are
`{url}` the episode's page, `{audio}` its audio file, `{clock}` `M:SS` or `H:MM:SS`, `{sec}` whole
seconds. The defaults are those of the reference site's player and of W3C Media Fragments
(https://www.w3.org/TR/media-frags/#naming-time: plain seconds; `#t=6:06` is invalid).
"""

import re
from functools import lru_cache

from search.clock import format_clock

JUMP_LINK = "{url}#{clock}"
AUDIO_LINK = "{audio}#t={sec}"

_FIELD = re.compile(r"\{(url|audio|clock|sec)\}")


def link_at(start: int, template: str, address: str) -> str:
    """The page or the audio file at an address from `start` seconds on; the colon of a clock stays
    literal, as players want it."""
    # In one go: a URL may hold braces and percent signs and must never be read as a template.
    parts = {"url": address, "audio": address, "clock": format_clock(start), "sec": start}
    return _percent_form(template) % parts


@lru_cache(maxsize=64)
def _percent_form(template: str) -> str:
    """A template in the form of Python's own `%`, which is filled in a tenth of the time."""
    return _FIELD.sub(r"%(\1)s", template.replace("%", "%%"))
