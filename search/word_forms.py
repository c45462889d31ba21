"""What a word may be in a show: itself, its other forms, other names and words for it.

Pure: what the show's words are is asked of a `Lexicon`.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from search.amounts import rows_of
from search.forms import Form, Kind, Lexicon, Slots
from search.names import Name, family_of
from search.query import Word
from search.relations import Others
from search.remembering import remembered
from search.stemming import stem
from search.wordlists import Wordlists

MAX_PREFIXED = 48
"""Words of the show that an unfinished last word may stand for; the commonest are taken."""
MAX_FORMS = 40
"""Other names and words considered for one typed word."""
_SHORTEST_COMPOUND, _SHORTEST_FIRST, _SHORTEST_LAST = 6, 3, 2
"""Letters of a word that may be two in one (`frontend`), and of these two, at least."""
_PARTICLES = frozenset(("up", "out", "down", "off", "over", "back", "away"))
"""Last parts of compounds that are no kinds: who burns out is not out."""
_LETTERS_AND_NUMBER = re.compile(r"([^\W\d_]{2,})([0-9]+)|([0-9]+)([^\W\d_]{2,})")
_KEPT = 8192


class WordForms:
    """What single words and names may mean in the show. What it finds out about a word it keeps
    (bounded): shows are searched for the same words again and again. Safe to share between
    threads."""

    def __init__(self, lexicon: Lexicon, lists: Wordlists, exact: bool) -> None:
        self.lexicon = lexicon
        self._lists = lists
        self._exact = exact
        self.other_forms = remembered(self._other_forms, _KEPT)
        self.splits = remembered(self._splits, _KEPT)
        self._slot = remembered(self._find_slot, _KEPT)

    def occurs(self, form: Form) -> bool:
        """Whether the show says a form anywhere."""
        if len(form.slots) == 1:
            return any(map(self.lexicon.frequency, form.slots[0]))
        return self.lexicon.has_phrase(form.slots)

    def occurs_in_any_form(self, term: str) -> bool:
        """Whether the show has a word, or another form of it that would do for it."""
        return self.lexicon.frequency(term) > 0 or bool(not self._exact and self._slot(term))

    def own_forms(self, word: Word) -> tuple[Form, ...]:
        """The word itself: as typed, taken apart, unfinished, in its other forms. Only those that
        occur."""
        forms = [Form(Kind.EXACT, ((word.term,),))]
        if word.parts:
            forms.append(Form(Kind.EXACT, tuple((part,) for part in word.parts)))
        if "&" in word.term:
            said = " and ".join(word.parts).split()
            forms.append(Form(Kind.EXACT, tuple((part,) for part in said)))
        forms = [form for form in forms if self.occurs(form)]
        if not word.parts or rows_of(word.term):
            forms += self.splits(word.term)
        if word.parts and not self._exact and (apart := self._slots(word.parts)):
            forms.append(Form(Kind.VARIANT, apart))
        begun = self.lexicon.prefixed(word.term, MAX_PREFIXED) if word.prefix else ()
        others = () if self._exact else sorted(self._slot(word.term)[1:])
        for kind, terms in ((Kind.PREFIX, begun), (Kind.VARIANT, others)):
            found = tuple([term for term in terms if term != word.term])
            if found:
                forms.append(Form(kind, (found,)))
        return tuple(forms)

    def _other_forms(self, name: Name) -> tuple[Form, ...]:
        """Other names and words for a name, the surest first; none if exact."""
        if self._exact:
            return ()
        # `paid` has the other words of `pay`.
        plain = tuple([self._lists.plain.get(term, term) for term in name])
        names = tuple(dict.fromkeys((name, plain)))
        listed = [others for others in map(self._lists.others, names) if others]
        if not listed:
            return ()
        found = self._related(
            listed, ("alias", Kind.ALIAS), ("near", Kind.NEAR), ("related", Kind.RELATED)
        )
        # Whoever asks for a product that the show never names is helped by the products like it.
        # Few names have any: whether the show says the name is asked only of these.
        likes = () if found else self._related(listed, ("alike", Kind.RELATED))
        if likes and not self._slots(name):
            return likes
        return found

    def _related(
        self, listed: Sequence[Mapping[str, Others]], *relations: tuple[str, Kind]
    ) -> tuple[Form, ...]:
        """What names go by in the relations, as far as the show says it. Of what is `listed` for
        each, the first that has a relation counts."""
        forms: dict[Slots, Form] = {}
        for relation, kind in relations:
            others = next((each[relation] for each in listed if each.get(relation)), {})
            for other, spelled in others.items():
                slots = self._slots(other)
                if slots and slots not in forms:
                    forms[slots] = Form(kind, slots, spelled)
        return tuple(forms.values())[:MAX_FORMS]

    def kinds_of(self, word: Word) -> tuple[Form, ...]:
        """What a compound is a kind of, as a related word: `tenant` for `multi tenant`, however it
        was typed; none if exact. A product is no kind of its last part: Mapbox is no box."""
        names = [word.parts] if word.parts else [f.name for f in self.splits(word.term)]
        if (
            self._exact
            or not names
            or letters_and_number(word.term)
            or (rows_of(word.term) and not word.parts)
            or any(self._lists.thesaurus.of(n).get("alike") for n in ((word.term,), *names))
        ):
            return ()
        lasts = dict.fromkeys(name[-1] for name in names)
        kinds = [last for last in lasts if len(last) > 1 and last not in _PARTICLES]
        slots = [self._slot(kind) for kind in kinds if kind.isalpha()]
        return tuple(
            Form(Kind.RELATED, (slot,))
            for slot in slots
            if slot and not any(map(self._lists.is_common, slot))
        )

    def _slots(self, name: Name) -> Slots:
        """The slots of a name's words in a row; () where the show does not say it."""
        # The show has few words of the lists: behind one that it lacks no other is looked for.
        slots = tuple(takewhile(bool, map(self._slot, name)))
        said = len(slots) == len(name) and (len(slots) == 1 or self.lexicon.has_phrase(slots))
        return slots if said else ()

    def _splits(self, term: str) -> list[Form]:
        """`frontend` is also `front end` where the show has the two side by side, `16gb` is
        `16 gb`, `$30` is `30 dollars`, and `2m` is `2 million`."""
        if rows := rows_of(term):
            said = [tuple(map(self._slot_of_amount, row)) for row in rows if row != (term,)]
            forms = [Form(Kind.ALIAS, slots) for slots in said if all(slots)]
            return [form for form in forms if self.occurs(form)]
        if parts := letters_and_number(term):
            form = Form(Kind.ALIAS, tuple((part,) for part in parts))
            return [form] if self.occurs(form) else []
        if not term.isalpha() or len(term) < _SHORTEST_COMPOUND:
            return []
        forms = []
        for cut in range(_SHORTEST_FIRST, len(term) - _SHORTEST_LAST + 1):
            left, right = term[:cut], term[cut:]
            if self._lists.is_common(left) or not self.lexicon.frequency(left):
                continue
            # `leftovers` are left over.
            last = (right,) if self._exact else self._slot(right)
            form = Form(Kind.ALIAS, ((left,), last))
            if last and self.occurs(form):
                forms.append(form)
        return forms

    def _slot_of_amount(self, term: str) -> tuple[str, ...]:
        """A number as it is; what it counts (`million`, `dollar`) in any form."""
        return self._slot(term) if term.isalpha() and not self._exact else (term,)

    def _find_slot(self, term: str) -> tuple[str, ...]:
        """A term and the show's other forms of it, any of which may stand in its place: same stem,
        or an irregular form, but no namesake, nor one of its kin's: who publishes makes
        publications, but not what is public. () where the show has none of them, nor the term."""
        found: dict[str, None] = {}
        for word in (term, *self._lists.inflections(term), *self._lists.kin.get(term, ())):
            same = self.lexicon.same_stem(stem(word))
            if same:
                for family in {family_of(term), family_of(word)} - {None}:
                    same = [each for each in same if (family_of(each) or family) == family]
                found.update(dict.fromkeys(same))
        return tuple(dict.fromkeys((term, *found))) if found else ()


def letters_and_number(term: str) -> tuple[str, ...]:
    """The two parts of a term of letters and a number: `vue3`, `16gb`; () of any other."""
    found = _LETTERS_AND_NUMBER.fullmatch(term)
    return tuple(filter(None, found.groups())) if found else ()
