"""How much a text says of each thing that it names: a moment that lists the whole stack says less
of each part of it than one that is about that part."""

from collections.abc import Collection

import numpy as np

from search.engines.compiled import Compiled
from search.engines.lexicon import CompiledLexicon
from search.engines.positions import edges_of
from search.engines.postings import Postings
from search.hits import Array, union
from search.names import Name, key_of, stem_of


def focus(
    compiled: Compiled, postings: Postings, subjects: Collection[Name], listed: float
) -> Array:
    """For each passage (N,) what a word that names a tag counts in it: 1 where no other one is
    named, 1 / (1 + listed · others) where others are. Of `subjects` (as of Wordlists) the single
    words are looked for, in all their forms."""
    lexicon = CompiledLexicon(compiled, postings)
    named = np.zeros(compiled.passages, np.int32)
    for name in subjects:
        if len(name) == 1:
            terms = [term for term in lexicon.same_stem(stem_of(name)) if key_of((term,)) == name]
            spots = [postings.term(term).spots for term in terms]
            holding = union([each[: edges_of(each)[1]] for each in spots])
            named[holding.astype(np.intp)] += 1
    counts: Array = 1.0 / (1.0 + listed * np.maximum(named - 1, 0))
    return counts.astype(np.float32)
