"""What is stored of terms beside their postings: the stems they share, and the keys that find them
misspelt. Only terms that are new are looked at; what is known of the others is renumbered."""

from array import array
from collections.abc import Sequence

import numpy as np

from search.engines.merging import Union, unite
from search.engines.splicing import Splice
from search.engines.stored import Arrays, Stored, hashed_rows
from search.spelling import deletion_keys
from search.stemming import stem


def stems_of(old: Stored, terms: Union, fresh: Sequence[bytes]) -> Arrays:
    """Beside each stem the numbers of its terms. Only terms that are new are stemmed."""
    new = [fresh[n] for n in np.flatnonzero(terms.is_new).tolist()]
    new_stems = [stem(term.decode()).encode() for term in new]
    distinct = sorted(set(new_stems))
    number = {each: place for place, each in enumerate(distinct)}
    stems, counts = old.rows("stems"), np.diff(old.arrays["stem_offsets"])
    stem_of_old = np.zeros(terms.splice.old, np.int64)
    stem_of_old[old.arrays["stem_terms"]] = np.repeat(np.arange(len(stems)), counts)
    alive = np.zeros(len(stems), bool)
    alive[stem_of_old[terms.of_old >= 0]] = True
    united = unite(stems, alive, distinct)
    of_new = np.array([number[each] for each in new_stems], np.int64)
    stem_of = terms.splice.take(united.of_old[stem_of_old], united.of_fresh[of_new])
    all_stems = united.take(stems, distinct)
    counts = np.bincount(stem_of, minlength=len(all_stems))
    return {
        **hashed_rows("stems", all_stems),
        "stem_offsets": np.concatenate(([0], np.cumsum(counts))),
        "stem_terms": np.argsort(stem_of, kind="stable").astype(np.int32),
    }


def deletions_of(old: Stored, terms: Union, fresh: Sequence[bytes]) -> Arrays:
    """The keys that find a term when it is misspelt, sorted, with the number of the term."""
    keys, numbers = old.arrays["deletion_keys"], old.arrays["deletion_terms"]
    found = array("I")
    counts = np.zeros(len(fresh), np.int64)
    for n in np.flatnonzero(terms.is_new).tolist():
        of_term = deletion_keys(fresh[n].decode())
        found.extend(of_term)
        counts[n] = len(of_term)
    of_pairs = np.repeat(np.arange(len(fresh)), counts)
    unsorted = np.frombuffer(found, np.uint32)
    order = np.lexsort((of_pairs, unsorted))
    new_keys, of_pairs = unsorted[order], of_pairs[order]
    places = np.searchsorted(keys, new_keys)
    ends = np.searchsorted(keys, new_keys, "right")
    for pair in np.flatnonzero(ends > places).tolist():
        # Under a key that is there already, terms stand in their order.
        same = numbers[places[pair] : ends[pair]]
        places[pair] += np.searchsorted(same, terms.places[of_pairs[pair]])
    moved = terms.of_old[numbers]
    splice = Splice.of(len(keys), np.flatnonzero(moved < 0), places)
    placed = terms.of_fresh[of_pairs].astype(np.int32)
    return {
        "deletion_keys": splice.take(keys, new_keys),
        "deletion_terms": splice.take(moved, placed),
    }
