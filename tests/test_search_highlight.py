"""Marks: which words made a text match, as places in it, never as markup."""

from collections.abc import Iterable

from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis import tokens
from search.answer import Marked
from search.forms import Form, Kind
from search.highlight import excerpt, mark
from search.meanings import Wanted
from search.text_terms import Texts


def _word(*terms: str, common: bool = False) -> Wanted:
    return Wanted(terms[0], (Form(Kind.EXACT, (terms,)),), common=common)


def _row(*terms: str) -> Wanted:
    return Wanted(" ".join(terms), (Form(Kind.EXACT, tuple((term,) for term in terms)),))


def _marked(text: str, wanted: Iterable[Wanted]) -> list[str]:
    (marked,) = mark([text], wanted)
    assert marked.text == text
    return [text[start:end] for start, end in marked.marks]


def test_a_word_is_marked_as_it_is_written() -> None:
    assert _marked("Névola and NÉVOLA, not Nevolas", [_word("nevola")]) == ["Névola", "NÉVOLA"]


def test_every_form_of_a_word_is_marked() -> None:
    assert _marked("Postgres is PostgreSQL", [_word("postgresql", "postgres")]) == [
        "Postgres",
        "PostgreSQL",
    ]


def test_a_compound_is_marked_whole_or_by_its_part() -> None:
    assert _marked("the front-end", [_word("frontend")]) == ["front-end"]
    assert _marked("the front-end", [_word("end")]) == ["end"]
    assert _marked("in Node.js!", [_word("node.js")]) == ["Node.js"]
    assert _marked("C# and c", [_word("c#")]) == ["C#"]


def test_another_word_for_a_word_is_marked_where_the_word_itself_is_not_said() -> None:
    deploy = Wanted(
        "deploy",
        (
            Form(Kind.EXACT, (("deploy",),)),
            Form(Kind.NEAR, (("release", "releases"),)),
            Form(Kind.RELATED, (("roll",), ("out",))),
        ),
    )

    assert _marked("Releases, and how they roll out", [deploy]) == ["Releases", "roll", "out"]
    assert _marked("A deploy with releases that roll out", [deploy]) == ["deploy"]


def test_words_of_a_phrase_are_marked_only_side_by_side() -> None:
    text = "text, then full text search, then search"

    assert _marked(text, [_row("full", "text", "search")]) == ["full", "text", "search"]


def test_the_words_of_a_name_are_marked_where_a_text_says_them_all_but_not_side_by_side() -> None:
    forms = (Form(Kind.EXACT, (("docker",), ("swarm",))), Form(Kind.ALIAS, (("swarm",),)))
    name = Wanted("docker swarm", forms, words=frozenset(("docker", "swarm")))

    assert _marked("Docker, running in a Swarm", [name]) == ["Docker", "Swarm"]
    (marked,) = mark(["Docker and Docker Swarm"], [name])
    assert marked.marks == ((11, 17), (18, 23))
    assert _marked("Swarm was chosen", [name]) == ["Swarm"]
    assert _marked("Docker was chosen", [name]) == []


def test_a_phrase_is_marked_inside_a_compound() -> None:
    assert _marked("a front-end developer", [_row("front", "end", "developer")]) == [
        "front",
        "end",
        "developer",
    ]


def test_a_phrase_is_marked_at_each_of_its_places() -> None:
    assert _marked("a b, a b b, b a", [_row("a", "b")]) == ["a", "b", "a", "b"]


def test_common_words_are_not_marked() -> None:
    assert _marked("how to test", [_word("how", common=True), _word("test")]) == ["test"]


def test_marks_are_disjoint_where_words_overlap() -> None:
    wanted = [_word("frontend"), _word("end"), _row("front", "end")]

    assert _marked("the front-end", wanted) == ["front-end"]


def test_markup_in_a_text_stays_text() -> None:
    assert _marked("<b>test</b> & test", [_word("test")]) == ["test", "test"]


TERMS = st.sampled_from(["front", "end", "frontend", "node.js", "c#", "e", "$3"])
TEXTS = st.lists(
    st.sampled_from(["front", "-", "end", " ", "Node.js", "C#", "é", "e\u0301", "$3", "\n", "<b>"]),
    max_size=30,
).map("".join)


@given(TEXTS, st.lists(TERMS, min_size=1, max_size=4))
def test_marks_rise_and_lie_inside_any_text(text: str, terms: list[str]) -> None:
    wanted = (*(_word(term) for term in terms), _row(*terms, terms[0]))
    marks = mark([text], wanted)[0].marks

    edges = [edge for mark in marks for edge in mark]
    assert edges == sorted(edges)
    assert all(start < end for start, end in marks)
    assert all(0 <= edge <= len(text) for edge in edges)


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    text = Marked("a b", ((2, 3),))

    assert excerpt(text, most=3) == text


def test_an_excerpt_is_cut_between_words_around_the_first_mark() -> None:
    text = "one two three four five six seven"
    (marked,) = mark([text], [_word("four")])
    cut = excerpt(marked, most=16)

    assert cut.text == "… three four five …"
    assert [cut.text[a:b] for a, b in cut.marks] == ["four"]


@given(st.text(alphabet="ab ", max_size=60), st.integers(1, 30))
def test_an_excerpt_marks_what_the_text_marks_and_is_short(text: str, most: int) -> None:
    (marked,) = mark([text], [_word("a")])
    cut = excerpt(marked, most)

    assert len(cut.text) <= most + 4
    assert all(cut.text[start:end] == "a" for start, end in cut.marks)


TEXT = st.text("aBk19 .,;:-_'’/&$#+()\"\nééİß%", max_size=40) | st.text(max_size=30)


@given(TEXT, TEXT)
@example("a" * 99 + " " + "b" * 100 + " " + "b" * 101 + " " + "B" * 250 + ".", "b" * 101)
def test_terms_stand_in_texts_where_the_analyzer_finds_them(text: str, other: str) -> None:
    given_texts = [text, "", other]
    there = Texts(given_texts)
    found: dict[str, dict[int, set[tuple[int, int]]]] = {}
    for number, each in enumerate(given_texts):
        for token in tokens(each):
            places = found.setdefault(token.term, {}).setdefault(number, set())
            places.add((token.start, token.end))

    for term, by_text in found.items():
        assert {n: set(spans) for n, spans in there.spans([term]).items()} == by_text, term
    assert there.spans(["zz"]) == {}


def test_each_text_is_marked_as_if_it_were_the_only_one() -> None:
    swarm = (Form(Kind.EXACT, (("docker",), ("swarm",))), Form(Kind.NEAR, (("cluster",),)))
    wanted = [Wanted("docker swarm", swarm, words=frozenset(("docker", "swarm"))), _word("c#")]
    said = {
        "Docker": [],
        "swarm of C#": ["C#"],
        "A cluster.": ["cluster"],
        "Docker, in a swarm": ["Docker", "swarm"],
        "": [],
        "a Docker-Swarm cluster": ["Docker", "Swarm"],
    }
    together = mark(said, wanted)

    assert together == [each for text in said for each in mark([text], wanted)]
    for marked in together:
        assert [marked.text[a:b] for a, b in marked.marks] == said[marked.text], marked.text
