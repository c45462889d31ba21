"""The order that no score turns round: named in full, named, in a row, together, said, spread.

Shows are drawn with a seed, made to turn it round if that were possible: what stands low says the
words over and over, what stands high says them once, in a long text.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from search.engine import Searcher
from search.episode import Episode, Moment, Show, Tag
from search.order import STEP, Order
from search.request import Request
from tests.conftest import published
from tests.shows import BAKERY, SITE

FIRST, SECOND, THIRD = WORDS = ("zorbel", "quimby", "flankle")
ALL = 50


@dataclass
class Drawing:
    """What is said by chance."""

    chance: random.Random

    def filler(self, most: int) -> list[str]:
        count = self.chance.randint(1, most)
        return ["".join(self.chance.choices("bdgklmnrst" + "aeiou" * 2, k=7)) for _ in range(count)]

    def text(self, *said: str) -> str:
        return " ".join([*self.filler(12), *said, *self.filler(12)])

    def apart(self, *said: str) -> str:
        return " ".join(part for word in said for part in (word, *self.filler(6)))

    def moments(self, *texts: str) -> tuple[Moment, ...]:
        many = [*texts, *(self.text() for _ in range(3))]
        self.chance.shuffle(many)
        return tuple(Moment(60 * n, 60 * n + 60, text) for n, text in enumerate(many))

    def loud(self, *, most: int) -> list[str]:
        """Short moments that say at most so many of the words, again and again."""
        said = self.chance.sample(WORDS, most)
        return [" ".join([word] * self.chance.randint(1, 9)) for word in said * 3]


def episode(number: int, drawing: Drawing, **more: object) -> Episode:
    name = f"podcast/{number}"
    plain = replace(
        BAKERY,
        id=name,
        path=f"_posts/{name}.md",
        number=number,
        title=drawing.text().title(),
        description=drawing.text(),
        url=f"{SITE}/{name}",
        guests=(),
        tags=(),
        moments=drawing.moments(),
        links=(),
    )
    return replace(plain, **more)


QUERY = " ".join(WORDS)
TAG = Tag("zorbel-quimby-flankle", QUERY.title())
MAKE: dict[int, list[Callable[[int, Drawing], Episode]]] = {
    Order.IN_FULL: [
        lambda n, d: episode(n, d, title=QUERY.title()),
        lambda n, d: episode(n, d, guests=(QUERY.title(),)),
    ],
    Order.NAMED: [
        lambda n, d: episode(n, d, tags=(TAG,)),
        lambda n, d: episode(n, d, title=f"{QUERY} {d.text()}"),
        lambda n, d: episode(n, d, guests=(f"{FIRST} {THIRD}", SECOND)),
    ],
    Order.IN_A_ROW: [
        lambda n, d: episode(n, d, moments=d.moments(d.text(*WORDS))),
        lambda n, d: episode(n, d, title=d.text(*WORDS)),
    ],
    Order.TOGETHER: [
        lambda n, d: episode(n, d, moments=d.moments(d.apart(*WORDS), *d.loud(most=3))),
        lambda n, d: episode(n, d, title=d.text(THIRD, SECOND, FIRST)),
    ],
    Order.SPREAD: [
        lambda n, d: episode(n, d, moments=d.moments(*d.loud(most=3)), description=d.apart(*WORDS)),
        lambda n, d: episode(n, d, moments=d.moments(*d.loud(most=2)), links=(QUERY,)),
        lambda n, d: episode(n, d, paragraphs=(QUERY,) * 3),
    ],
}


def opened(directory: Path, *episodes: Episode) -> Searcher:
    show = Show("The Kettle Hour", SITE, episodes, {TAG.slug: (TAG.name,)})
    return published(directory, show).open()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_named_comes_before_a_row_before_a_moment_with_all_before_the_rest(
    tmp_path: Path, seed: int
) -> None:
    drawing = Drawing(random.Random(seed))
    kinds = [order for order in MAKE for _ in MAKE[order]] * 2
    drawing.chance.shuffle(kinds)
    made = [drawing.chance.choice(MAKE[order])(n, drawing) for n, order in enumerate(kinds)]
    searcher = opened(tmp_path, *made)
    results = searcher.search(Request(QUERY, per_page=ALL)).results
    order = [kinds[int(result.number or 0)] for result in results]
    assert order == sorted(order, reverse=True)
    assert {*order} == {*kinds}
    assert [int(result.score // STEP) for result in results] == order
    scores = [result.score for result in results]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("seed", range(4))
def test_a_text_that_says_the_only_word_comes_before_moments_that_say_another_word_for_it(
    tmp_path: Path, seed: int
) -> None:
    drawing = Drawing(random.Random(seed))
    loud = drawing.moments(*["small"] * 9)
    made = [
        episode(0, drawing, moments=drawing.moments(drawing.text("light"))),
        episode(1, drawing, paragraphs=(drawing.text("light"),)),
        episode(2, drawing, description=drawing.text("lights"), moments=loud),
        episode(3, drawing, paragraphs=("small small",), description="small", moments=loud),
        episode(4, drawing, moments=loud),
    ]
    drawing.chance.shuffle(made)
    searcher = opened(tmp_path, *made)
    # Common words are not needed, and change nothing.
    for query in ("light", "the light of it"):
        results = searcher.search(Request(query, explain=True, per_page=ALL)).results
        places = [int(result.score // STEP) for result in results]
        assert places == [Order.TOGETHER] + [Order.SAID] * 2 + [Order.SPREAD] * 2
        numbers = [result.number for result in results]
        assert [numbers[0], {*numbers[1:3]}, {*numbers[3:]}] == [0, {1, 2}, {3, 4}]
        assert [result.missing for result in results] == [()] * 3 + [("light",)] * 2
        for result in results[1:3]:
            assert result.reason
            assert result.reason.numbers["the word itself"] == STEP


LONGER = "zorbelian"


@pytest.mark.parametrize("seed", range(4))
def test_what_says_an_unfinished_word_comes_before_what_it_begins_in_the_same_place(
    tmp_path: Path, seed: int
) -> None:
    drawing = Drawing(random.Random(seed))

    def said(number: int, word: str, *loud: str) -> list[Episode]:
        moments = drawing.moments(drawing.text(word), *loud)
        title = f"{drawing.text(SECOND)} {word} {drawing.text()}"
        return [
            episode(
                number, drawing, tags=(Tag(word, word.title()),), moments=drawing.moments(*loud)
            ),
            episode(
                number + 1, drawing, guests=(f"Ann {word.title()}",), description=" ".join(loud)
            ),
            episode(number + 2, drawing, moments=moments),
            episode(number + 3, drawing, title=title, paragraphs=loud),
        ]

    loud = said(10, LONGER, *[" ".join([LONGER] * 9)] * 9)
    made = [*said(0, FIRST), *loud]
    drawing.chance.shuffle(made)
    names: dict[str, tuple[str, ...]] = {FIRST: (FIRST.title(),), LONGER: (LONGER.title(),)}
    searcher = published(tmp_path, Show("The Kettle Hour", SITE, made, names)).open()
    results = searcher.search(Request(FIRST, typing=True, explain=True, per_page=ALL)).results

    numbers = [int(result.number or 0) for result in results]
    places = [{*numbers[:2]}, {*numbers[2:4]}, {*numbers[4:6]}, {*numbers[6:]}]
    assert places == [{0, 1}, {10, 11}, {2, 3}, {12, 13}]
    tops = [result.score // (STEP / 2) for result in results]
    assert tops == [
        2 * place - begun for place in (Order.NAMED, Order.TOGETHER) for begun in (0, 0, 1, 1)
    ]
    for result in results:
        assert result.reason
        *parts, score = result.reason.numbers.values()
        assert sum(parts) == pytest.approx(score, abs=1e-3)
    # What the show says nowhere as a word can only be a beginning.
    begun = searcher.search(Request("zorbeli", typing=True, per_page=ALL)).results
    assert {int(result.score // STEP) for result in begun} == {Order.TOGETHER, Order.NAMED}


@pytest.mark.parametrize("seed", range(4))
def test_within_an_episode_a_row_comes_before_all_words_before_some(
    tmp_path: Path, seed: int
) -> None:
    drawing = Drawing(random.Random(seed))
    said = {
        **{drawing.text(*WORDS): Order.IN_A_ROW for _ in range(3)},
        **{drawing.apart(THIRD, FIRST, SECOND): Order.TOGETHER for _ in range(3)},
        **dict.fromkeys(drawing.loud(most=3), Order.SPREAD),
    }
    searcher = opened(tmp_path, episode(1, drawing, moments=drawing.moments(*said)))
    (result,) = searcher.search(Request(QUERY, moments=20)).results
    order = [said[moment.text.text] for moment in result.moments]
    assert order == sorted(order, reverse=True)
    assert {Order.IN_A_ROW, Order.TOGETHER} <= {*order}


def test_a_moment_that_says_much_less_than_the_best_of_its_episode_is_not_shown(
    tmp_path: Path,
) -> None:
    drawing = Drawing(random.Random(1))
    loud, aside = "zorbel, zorbel and zorbel", "how one came by a zorbel long ago"
    shown = episode(1, drawing, moments=drawing.moments(loud, aside))
    (result,) = opened(tmp_path, shown).search(Request("zorbel quimby")).results
    assert [moment.text.text for moment in result.moments] == [loud]


def test_a_paragraph_says_the_words_in_a_row_where_there_are_no_moments(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    row = episode(1, drawing, moments=(), paragraphs=("a zorbel quimby stands at home",))
    apart = episode(2, drawing, moments=drawing.moments("zorbel and quimby"))
    results = opened(tmp_path, row, apart).search(Request("zorbel quimby")).results
    assert [result.number for result in results] == [1, 2]
    places = [int(result.score // STEP) for result in results]
    assert places == [Order.IN_A_ROW, Order.TOGETHER]


def test_a_lone_word_in_a_moment_comes_before_other_words_for_it(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    loud = drawing.moments("outage outage outage outage")
    searcher = opened(
        tmp_path,
        episode(1, drawing, moments=drawing.moments(drawing.text("downtime"))),
        episode(2, drawing, moments=loud, description="outage", paragraphs=("outage",)),
        *(episode(n, drawing) for n in range(3, 9)),
    )
    results = searcher.search(Request("downtime")).results
    assert [result.number for result in results] == [1, 2]


def test_other_words_count_more_for_a_word_that_the_show_never_says(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    limited = ["rate limiting by address", *["requests, requests and requests"] * 6]
    shown = [
        episode(n, drawing, moments=drawing.moments(text)) for n, text in enumerate(limited, 1)
    ]
    saying = episode(8, drawing, moments=drawing.moments("throttling the engine"))
    asked = Request("throttling requests")
    silent = opened(tmp_path / "silent", *shown).search(asked).results
    assert silent[0].number == 1
    said = opened(tmp_path / "said", *shown, saying).search(asked).results
    assert [said[0].number, said[-1].number] == [8, 1]


def test_where_no_episode_says_all_names_those_that_say_the_most_come(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))

    def about(number: int, *names: str) -> Episode:
        tags = tuple(Tag(name, name.title()) for name in names)
        return episode(number, drawing, tags=tags, moments=drawing.moments(*names))

    loud = replace(about(1, "zorbel"), moments=drawing.moments(*["zorbel, zorbel, zorbel"] * 5))
    two = about(2, "quimby", "flankle")
    searcher = opened(tmp_path, loud, two, *(about(n, "quimby") for n in range(3, 9)))
    answer = searcher.search(Request(QUERY))
    assert answer.partial
    assert [(result.number, result.missing) for result in answer.results] == [(2, ("zorbel",))]


def test_a_word_that_hardly_another_episode_is_about_leaves_the_choice_to_the_other_words(
    tmp_path: Path,
) -> None:
    drawing = Drawing(random.Random(1))
    moments = drawing.moments("zorbel, zorbel and zorbel", drawing.text("quimby"))

    def best(directory: str, *titles: str) -> tuple[str, str]:
        shown = [
            episode(n, drawing, title=f"{title} {drawing.text()}", moments=moments)
            for n, title in enumerate(titles)
        ]
        asked = Request("quimby zorbel", explain=True)
        moment = opened(tmp_path / directory, *shown).search(asked).results[0].moments[0]
        assert moment.reason
        return moment.text.text, moment.reason.sentence

    text, reason = best("one", "Zorbel", "Else")
    assert "quimby" in text
    assert "is lent zorbel by its episode" in reason
    # Where no episode is about it, it chooses as well as the other word.
    assert "zorbel" in best("none", "Else", "Else")[0]


def test_a_word_that_many_episodes_have_as_a_tag_tells_less_of_which_is_meant(
    tmp_path: Path,
) -> None:
    drawing = Drawing(random.Random(1))
    loud = drawing.moments(" ".join(["zorbel"] * 5), drawing.text("quimby"))
    about = episode(1, drawing, title=f"Zorbel {drawing.text()}", moments=loud)
    both = replace(episode(2, drawing), moments=drawing.moments("quimby", "zorbel"))
    others = [replace(both, id=f"{n}", path=f"{n}.md", number=n) for n in range(2, 12)]
    silent = [episode(n, drawing) for n in range(12, 30)]
    tags = (Tag("zorbel", "Zorbel"), Tag("quimby", "Quimby"))

    def best(directory: str, *shown: Episode) -> str:
        results = opened(tmp_path / directory, about, *shown, *silent).search(
            Request("quimby zorbel", per_page=ALL)
        )
        return next(r.moments[0].text.text for r in results.results if r.number == 1)

    assert "quimby" in best("said", *others)
    assert "zorbel" in best("tagged", *(replace(other, tags=tags) for other in others))


def test_an_episode_is_about_a_word_also_where_its_title_says_so_in_other_words(
    tmp_path: Path,
) -> None:
    drawing = Drawing(random.Random(1))
    moments = drawing.moments("outage, outage and outage", drawing.text("quimby"))
    shown = [
        episode(n, drawing, title=f"{title} {drawing.text()}", moments=moments)
        for n, title in enumerate(("Downtime", "Else"))
    ]
    silent = [episode(n, drawing) for n in range(2, 9)]
    searcher = opened(tmp_path, *shown, *silent)
    about, other = searcher.search(Request("quimby outage")).results
    assert about.number == 0
    assert "quimby" in about.moments[0].text.text
    assert "outage" in other.moments[0].text.text
    assert about.moments[0].score > other.moments[0].score


def test_tags_mean_as_much_in_a_show_that_has_no_pages_about_them(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    tags = (Tag("zorbel-quimby", "Zorbel Quimby"), Tag("flankle", "Flankle"))
    loud = drawing.moments(*["zorbel quimby, zorbel quimby"] * 3)
    episodes = (episode(1, drawing, tags=tags), episode(2, drawing, moments=loud))
    searcher = published(tmp_path, Show("Kettle", SITE, episodes, {})).open()
    for query in ("zorbel quimby", "flankle zorbel quimby", "flankles"):
        answer = searcher.search(Request(query))
        best = answer.results[0]
        assert (best.number, int(best.score // STEP)) == (1, Order.NAMED), query
    assert [r.number for r in searcher.search(Request("flankle zorbel quimby")).results] == [1]
    facets = searcher.search(Request()).facets["tag"]
    assert [(tag.value, tag.label) for tag in facets] == [
        ("flankle", "Flankle"),
        ("zorbel-quimby", "Zorbel Quimby"),
    ]


def test_a_list_of_many_tags_says_less_of_each_than_a_moment_about_one(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    names = [*WORDS, "murgle", "vintner"]
    tags = tuple(Tag(name, name.title()) for name in names)
    about = "what it is like to run zorbel every day"
    listing = "zorbel and quimby and flankle and murgle and vintner"
    both = drawing.moments(about, listing)
    episodes = [
        episode(1, drawing, tags=tags, moments=drawing.moments(about)),
        episode(2, drawing, tags=tags, moments=drawing.moments(listing)),
        episode(3, drawing, tags=tags, moments=both),
    ]
    show = Show("Kettle", SITE, tuple(episodes), {tag.slug: (tag.name,) for tag in tags})
    results = published(tmp_path, show).open().search(Request(FIRST)).results
    assert [result.number for result in results] == [3, 1, 2]
    assert [moment.text.text for moment in results[0].moments] == [about, listing]


def test_what_common_words_say_together_is_not_missed_where_nothing_says_it(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    price = episode(1, drawing, moments=drawing.moments("the price of zorbel"))
    other = episode(2, drawing, moments=drawing.moments("zorbel by the sea"))
    answer = opened(tmp_path, price, other).search(Request("how much is zorbel"))
    assert [result.number for result in answer.results] == [1, 2]
    assert answer.complete_episodes == 2
    assert [result.missing for result in answer.results] == [(), ()]


def test_a_light_word_that_the_show_never_says_leads_to_no_other_word_for_it(
    tmp_path: Path,
) -> None:
    drawing = Drawing(random.Random(1))
    top = episode(1, drawing, moments=drawing.moments("on top of it all"))
    knives = [episode(n, drawing, moments=drawing.moments("a knife")) for n in (2, 3)]
    searcher = opened(tmp_path, top, *knives)
    asked, alone = (searcher.search(Request(text)) for text in ("best knife", "best"))
    assert {result.number for result in asked.results[:2]} == {2, 3}
    assert asked.complete_episodes == 2
    assert [result.number for result in alone.results] == [1]


def test_what_common_words_say_together_finds_only_what_says_it(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    price = episode(1, drawing, moments=drawing.moments("the price of zorbel"))
    answer = opened(tmp_path, price, episode(2, drawing)).search(Request("how much"))
    assert [result.number for result in answer.results] == [1]
    assert answer.complete_episodes == 1


@pytest.mark.parametrize("query", ["why zorbel", "zorbel why", "but why the zorbel?"])
def test_how_a_thing_is_asked_for_is_not_missed_where_nothing_says_it(
    tmp_path: Path, query: str
) -> None:
    drawing = Drawing(random.Random(1))
    said = episode(1, drawing, moments=drawing.moments("zorbel by the sea"))
    answer = opened(tmp_path, said, episode(2, drawing)).search(Request(query))
    assert [result.number for result in answer.results] == [1]
    assert (answer.complete_episodes, answer.missing, answer.results[0].missing) == (1, (), ())


def test_how_a_thing_is_asked_for_brings_what_says_so_forward(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    said = episode(1, drawing, moments=drawing.moments("why zorbel is by the sea"))
    other = episode(2, drawing, moments=drawing.moments("zorbel"))
    searcher = opened(tmp_path, said, other)
    assert [result.number for result in searcher.search(Request("zorbel")).results] == [2, 1]
    answer = searcher.search(Request("why zorbel"))
    assert [result.number for result in answer.results] == [1, 2]
    assert [result.missing for result in answer.results] == [(), ()]


def test_a_question_asks_for_its_things_and_not_for_what_is_done_with_them(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    about = episode(1, drawing, moments=drawing.moments("zorbel is written to a file"))
    other = episode(2, drawing, moments=drawing.moments("keep keep keep it all"))
    answer = opened(tmp_path, about, other).search(Request("where do they keep their zorbel?"))
    assert answer.results[0].number == 1
    assert answer.complete_episodes == 1
    assert answer.results[0].missing == ()


def test_a_question_in_a_row_has_its_light_words_too(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    row, apart = "do zorbel keep quimby here", "zorbel and quimby, zorbel and quimby"
    asked = episode(1, drawing, moments=drawing.moments(row))
    both = episode(2, drawing, moments=drawing.moments(apart))
    answer = opened(tmp_path, asked, both).search(Request("do zorbel keep quimby?"))
    places = [int(result.score // STEP) for result in answer.results]
    assert [result.number for result in answer.results] == [1, 2]
    assert places == [Order.IN_A_ROW, Order.TOGETHER]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("$30", "a 30 dollar knife"),
        ("$30", "it costs 30 dollars"),
        ("$3.50", "a whisk for 3.50 dollars"),
        ("$1.5 million", "they got 1.5 million dollars"),
        ("€60 million", "they made 60 million euros"),
        ("$60m", "they made 60 million dollars"),
        ("$60m", "a round of $60 million"),
        ("60 million dollars", "a $60m round"),
        ("$20k", "it costs 20 thousand dollars"),
        ("20 thousand dollars", "it costs $20,000"),
        ("20,000 dollars", "it costs $20k"),
        ("60k", "60 thousand lines"),
        ("1.5m users", "over 1.5 million users"),
        ("1.5 million users", "over 1.5m users"),
        ("10 million", "10,000,000 rows"),
        ("0.5m users", "over 0.5 million users"),
        ("0.5 million users", "over 500k users"),
        ("2.5bn rows", "2.5 billion rows"),
        ('"2 million rows"', "some 2m rows"),
        ("5 kilometres", "up to 5 km"),
        ("40 kilos", "some 40 kg of it"),
        ("0 downtime", "zero downtime"),
        ("pdf", "sending PDFs"),
        ("pdfs", "a PDF is sent"),
        ("cpu", "sixteen CPUs"),
        ("leftovers", "left over food"),
    ],
)
def test_amounts_are_found_in_words_and_abbreviations_and_compounds_in_their_plural(
    tmp_path: Path, query: str, said: str
) -> None:
    drawing = Drawing(random.Random(1))
    shown = episode(1, drawing, moments=drawing.moments(said))
    searcher = opened(tmp_path, shown, *(episode(n, drawing) for n in range(2, 5)))
    answer = searcher.search(Request(query))
    assert [result.number for result in answer.results] == [1]
    assert answer.complete_episodes == 1
    assert (answer.missing, answer.results[0].missing) == ((), ())
    assert answer.results[0].moments[0].text.text == said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("r&d", "R and D budgets"),
        ("r & d", "the R&D team"),
        ("research and development", "the R&D team"),
        ("at&t", "a line of AT & T"),
        ("at & t", "a line of AT&T"),
        ("a / b", "A/B tests"),
        ("a/b", "A & B tests"),
        ("tcpip", "TCP/IP stacks"),
        ("i / o", "slow I/O"),
        ("24x7", "open 24/7"),
        ("24 / 7", "open 24x7"),
        ("salt&pepper", "salt and pepper"),
        ("salt&pepper", "pepper, later salt"),
        ("salt & pepper", "salt&pepper"),
        ("rock and roll", "Rock&Roll"),
    ],
)
def test_what_stands_around_a_slash_or_an_and_is_found_however_it_is_written(
    tmp_path: Path, query: str, said: str
) -> None:
    drawing = Drawing(random.Random(1))
    shown = episode(1, drawing, moments=drawing.moments(said))
    searcher = opened(tmp_path, shown, *(episode(n, drawing) for n in range(2, 5)))
    best = searcher.search(Request(query)).results[0]
    assert (best.number, best.missing, best.moments[0].text.text) == (1, (), said)


def test_a_version_is_no_whole_number(tmp_path: Path) -> None:
    drawing = Drawing(random.Random(1))
    shown = episode(2, drawing, moments=drawing.moments("the first 3 years"))
    answer = opened(tmp_path, shown, episode(4, drawing)).search(Request("3.0"))
    assert (answer.results, answer.missing) == ((), ("3.0",))
