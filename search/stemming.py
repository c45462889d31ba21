"""Which words are forms of one another: `deploys`, `deployed`, `deploying`; `colour`, `color`.

The stem is Snowball's English one (https://snowballstem.org/algorithms/english/stemmer.html) of
the word in American spelling. Stems are never indexed and never shown: they only group the
show's own words, so that a query can be offered the other forms of what was typed.
"""

import re
import threading
from functools import lru_cache

import snowballstemmer

_stemmer = snowballstemmer.stemmer("english")
# PyStemmer would keep 10,000 words itself, which takes longer than to stem each anew.
_stemmer.maxCacheSize = 0
# The stemmer keeps its word in itself: one thread at a time.
_lock = threading.Lock()

_BEGINNINGS = {
    "aeroplane": "airplane",
    "aluminium": "aluminum",
    "anaesthe": "anesthe",
    "archaeolog": "archeolog",
    "artefact": "artifact",
    "calibre": "caliber",
    "encyclopaedia": "encyclopedia",
    "fibre": "fiber",
    "gynaecolog": "gynecolog",
    "haemo": "hemo",
    "leukaemia": "leukemia",
    "litre": "liter",
    "manoeuvre": "maneuver",
    "odour": "odor",
    "orthopaedic": "orthopedic",
    "paediatric": "pediatric",
    "pretence": "pretense",
    "sceptic": "skeptic",
}
"""Beginnings of words, British and American."""
_BEGINNING = re.compile(rf"\A({'|'.join(_BEGINNINGS)})")
_DOUBLED = re.compile(
    r"\A(cance|channe|counse|dia|fue|jewe|labe|leve|marve|mode|pane|signa|trave|tunne|unrave)ll"
)
"""`travelled`, `travelling`, `traveller`."""
_AMERICAN = (
    (re.compile(r"(?<=\w{3})is(e|ed|es|er|ers|ing|ation|ations|able)\Z"), r"iz\1"),
    (re.compile(r"(?<=\w{3})ys(e|ed|es|er|ers|ing)\Z"), r"yz\1"),
    (re.compile(r"(?<=\w{3})our(s|ed|ing|ful|able|ite|ites|al|ally)?\Z"), r"or\1"),
    (re.compile(r"(?<=\w{3})tre(s)?\Z"), r"ter\1"),
    (re.compile(r"(?<=\w{3})tred\Z"), "tered"),
    (re.compile(r"(?<=\w{2})ogue(s|d)?\Z"), r"og\1"),
    (re.compile(r"\A(licen|defen|offen)c(e|es|ed|ing)\Z"), r"\1s\2"),
)
_MAYBE_BRITISH = re.compile(rf"[iy]s|our|tre|ogue|enc|{_BEGINNING.pattern}|{_DOUBLED.pattern}")
"""What each of those holds: most words need no closer look."""


def american(term: str) -> str:
    """The American spelling of a British one (`optimisation`, `colour`, `centre`, `licence`).

    The rules are applied to every word alike, so a word that only looks British maps to the same
    odd spelling wherever it stands, which is all that grouping needs.
    """
    if not _MAYBE_BRITISH.search(term):
        return term
    term = _BEGINNING.sub(lambda british: _BEGINNINGS[british.group()], term)
    term = _DOUBLED.sub(r"\1l", term)
    for pattern, replacement in _AMERICAN:
        spelt, found = pattern.subn(replacement, term)
        if found:
            return spelt
    return term


@lru_cache(maxsize=4096)
def stem(term: str) -> str:
    """The stem that groups a term with its other forms; terms with digits or symbols stay."""
    if len(term) < 3 or not term.isalpha():
        return term
    with _lock:
        return str(_stemmer.stemWord(american(term)))


stem_once = stem.__wrapped__
"""The same, not kept: for the many words of a list."""
