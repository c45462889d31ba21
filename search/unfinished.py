"""What an unfinished last word may become in one show."""

from search.forms import MAX_PREFIXED, WordForms


def begun(words: WordForms, term: str) -> tuple[str, ...]:
    """An unfinished term and the commonest that it begins: any may stand in its place."""
    return tuple(dict.fromkeys((term, *words.lexicon.prefixed(term, MAX_PREFIXED))))
