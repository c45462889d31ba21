"""What an unfinished last word may become in one show."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from search.forms import Form, Kind, Slots
from search.names import Name, key_of
from search.query import Word
from search.query_words import words_of
from search.word_forms import MAX_PREFIXED, WordForms


def slots_of(words: WordForms, row: Sequence[str], prefix: bool) -> Slots:
    """Terms side by side, each in its slot. With `prefix`, the commonest terms that the last one
    begins may stand in its place."""
    *first, last = row
    begun = words.lexicon.prefixed(last, MAX_PREFIXED) if prefix else ()
    return (*((term,) for term in first), tuple(dict.fromkeys((last, *begun))))


def in_a_row(words: WordForms, word: Word) -> tuple[Form, ...]:
    """The parts of an unfinished compound side by side, the last of them a beginning: `zero-down`;
    () where the show does not say them so."""
    if len(word.parts) < 2:
        return ()
    form = Form(Kind.PREFIX, slots_of(words, word.parts, prefix=True))
    return (form,) if words.occurs(form) else ()


def only_word(words: WordForms, word: Word, is_name: Callable[[Name], bool]) -> Word | None:
    """The one word that an unfinished one can become: `extrac` is extract in any of its forms,
    `node.j` goes on to a name, Node.js. None where it is a word itself, or may become several."""
    itself = Form(Kind.EXACT, ((word.term,),)), Form(Kind.EXACT, tuple((p,) for p in word.parts))
    if any(form.slots and words.occurs(form) for form in itself):
        return None
    longer = words.lexicon.prefixed(word.term, MAX_PREFIXED)
    if longer and all(key_of((other,)) == key_of((longer[0],)) for other in longer[1:]):
        return _finished(word, longer[0])
    *first, last = word.parts or ("",)
    for end in words.lexicon.prefixed(last, MAX_PREFIXED) if first and not longer else ():
        if is_name((*first, end)):
            return _finished(word, word.typed + end[len(last) :])
    return None


def _finished(word: Word, written: str) -> Word:
    return replace(words_of(written)[0], typed=word.typed)


def before(word: Word) -> Word | None:
    """An unfinished compound without its last part: `docker/k` is Docker so far. None if there is
    no other part."""
    if len(word.parts) < 2:
        return None
    shorter = next(iter(words_of(" ".join(word.parts[:-1]))), None)
    return replace(shorter, typed=word.typed) if shorter else None
