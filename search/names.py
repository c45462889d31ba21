"""Names of one or more words, and their keys: what plurals and verb endings of a name share."""

from functools import lru_cache

from search.stemming import american, stem
from search.wordlist_files import thesaurus

Name = tuple[str, ...]
"""A name of one or more words, as terms."""


@lru_cache(maxsize=4096)
def key_of(name: Name) -> Name:
    """The stems of a name's terms. A single word that is kept apart from others of its stem has
    its family's key: `customers` are not `customized`."""
    if len(name) == 1 and (family := family_of(name[0])):
        return (f"{stem(name[0])}|{family}",)
    return tuple([stem(term) for term in name])


def stem_of(key: Name) -> str:
    """The first stem that a key is of."""
    return key[0].partition("|")[0]


def family_of(term: str) -> str | None:
    """The first word of a term's family, where words of its stem are kept apart; else None."""
    families, stems = _families_apart()
    if stem(term) not in stems:
        return None
    return families.get(term) or families.get(american(term))


@lru_cache(maxsize=1)
def _families_apart() -> tuple[dict[str, str], frozenset[str]]:
    """Each word → the first word of its family: words of one stem but different families differ;
    and those stems."""
    families = {w: family[0] for line in thesaurus().apart for family in line for w in family}
    return families, frozenset(map(stem, families))
