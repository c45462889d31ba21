"""What a listener sees between two letters, on a real show. Skipped where its site is not beside
the checkout."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from search.answer import Answer
from search.engine import Searcher
from search.engines import open_engine
from search.forms import Kind
from search.parser import parse
from search.query import Phrase, Query
from search.request import Filters, Request
from tests.conftest import settings_for


@pytest.fixture(scope="module")
def site(real_index: Path) -> Searcher:
    return open_engine(settings_for(real_index)).open()


def typed(site: Searcher, text: str) -> Answer:
    return site.search(Request(text, typing=True, per_page=50))


def letter_by_letter(text: str) -> Iterator[str]:
    return (text[:end].rstrip() for end in range(1, len(text) + 1))


@pytest.mark.parametrize(
    "text",
    [
        '"full text search"',
        '"zero downtime" deploy',
        'docker "zero downtime"',
        "“real-time”",
        "docker -tag:rails",
        'docker -"docker swarm"',
        '-"a phrase" docker',
        "tag:flask",
        "tag:digitalocean-spaces",
        'tag:".net core"',
        "docker tag:postgres guest:nick",
        'guest:"jerod santo"',
        "guest:marcelo",
        "category:podcast",
        "year:2020",
        "docker before:2020-06-15",
        'docker title:"real time"',
        "#63",
        "ep. 63",
        "@docker",
        "docker -swarm",
        "docker -index",
        "node.js",
        "vue.js docker",
        "CI/CD",
        "docker/kubernetes",
        "flask/redis",
        "ruby&python",
        "a/b testing",
        "pub/sub",
        "tcp/ip",
        "t-shirt",
        ".net core",
        "c++",
        "i18n",
        "ecmascript",
        "opentelemetry",
        "1password",
        "title",
        "and then $80,000",
        '"then $80,000"',
    ],
)
def test_nothing_is_lost_between_two_letters(site: Searcher, text: str) -> None:
    found = {begun: typed(site, begun).found_episodes for begun in letter_by_letter(text)}

    assert [begun for begun, episodes in found.items() if not episodes] == []


@pytest.mark.parametrize("begun", ["#", '"', "-", '-"', "tag:", "-tag:", 'guest:"', "title:", "."])
def test_what_says_nothing_yet_is_as_not_yet_typed(site: Searcher, begun: str) -> None:
    assert typed(site, begun).results == typed(site, "").results
    assert (
        typed(site, f"docker {begun}").results
        == site.search(Request("docker", per_page=50)).results
    )


@pytest.mark.parametrize(
    ("begun", "whole"),
    [
        ("tag:fla", "tag:flask"),
        ("tag:digitalocean-s", "tag:digitalocean-spaces"),
        ("guest:jer", "guest:jerod"),
        ('guest:"jerod s', 'guest:"jerod santo"'),
        ("guest:sant", 'guest:"jerod santo"'),
        ("docker before:2020-0", "docker before:2020"),
        ("category:pod", "category:podcast"),
    ],
)
def test_an_unfinished_value_narrows_by_what_it_begins(
    site: Searcher, begun: str, whole: str
) -> None:
    assert typed(site, begun).results == site.search(Request(whole, per_page=50)).results


def test_a_whole_value_is_not_taken_for_the_beginning_of_another(site: Searcher) -> None:
    for whole in ("tag:digitalocean", "guest:nick"):
        assert typed(site, whole).results == site.search(Request(whole, per_page=50)).results


def test_a_value_that_begins_nothing_is_as_not_yet_typed(site: Searcher) -> None:
    docker = site.search(Request("docker", per_page=50)).results
    for begun in ("tag:xq", "guest:xq", "year:20", "after:20", "title:xq", "category:xq"):
        assert typed(site, f"docker {begun}").results == docker, begun
    flask = site.search(Request("tag:flask", per_page=50)).results
    assert typed(site, "tag:flask tag:xq").results == flask


def test_a_filter_with_a_value_that_no_episode_has_is_said_while_typing_and_after(
    site: Searcher,
) -> None:
    for text in ("tag:flaks", "guest:nobody", "year:1999"):
        begun, entered = typed(site, f"docker {text}"), site.search(Request(f"docker {text}"))
        assert begun.missing == entered.missing == (text,), text
        assert begun.partial, text
        assert not entered.found_episodes, text
    assert site.search(Request('guest:"no body"')).missing == ('guest:"no body"',)
    chosen = Request("docker", Filters(tags=("flaks",), years=(1999,)))
    assert site.search(chosen).missing == ("tag:flaks", "year:1999")
    assert typed(site, "docker tag:fla").missing == ()


@pytest.mark.parametrize(
    ("text", "known", "told"),
    [
        ("docker tag:flaks tag:flask", "docker tag:flask", "tag:flaks"),
        ("docker tag:flask,flaks", "docker tag:flask", "tag:flaks"),
        ("year:2021,2190", "year:2021", "year:2190"),
        ('guest:jerod guest:"no body"', "guest:jerod", 'guest:"no body"'),
        ("category:podcast category:xq", "category:podcast", "category:xq"),
    ],
)
def test_a_value_that_no_episode_has_is_said_beside_others_and_changes_nothing(
    site: Searcher, text: str, known: str, told: str
) -> None:
    alone = site.search(Request(known, per_page=50))
    for answer in (typed(site, text), site.search(Request(text, per_page=50))):
        assert answer.missing == (told,)
        assert (answer.results, answer.partial) == (alone.results, False)


def test_a_value_that_no_episode_has_is_said_beside_others_that_were_clicked(
    site: Searcher,
) -> None:
    answer = site.search(Request("docker", Filters(tags=("flask", "flaks"), years=(2021, 2190))))
    assert answer.missing == ("tag:flaks", "year:2190")
    assert answer.found_episodes
    assert not answer.partial


@pytest.mark.parametrize(
    ("dates", "named"),
    [
        ("after:2029", ("after:2029",)),
        ("after:2029-06", ("after:2029-06",)),
        ("after:2029-06-01", ("after:2029-06-01",)),
        ("before:2010", ("before:2010",)),
        ("before:2019-05", ("before:2019-05",)),
        ("after:2020-01 before:2010-06-15", ("before:2010-06-15",)),
        ("after:2020 before:2020-06", ("after:2020", "before:2020-06")),
        ("after:2020 year:2019", ()),
        ("after:2019", ()),
    ],
)
def test_dates_that_no_episode_is_of_are_said(
    site: Searcher, dates: str, named: tuple[str, ...]
) -> None:
    assert sorted(site.search(Request(f"docker {dates}")).missing) == sorted(named)
    assert sorted(typed(site, f"{dates} docker").missing) == sorted(named)


def test_dates_chosen_beyond_the_shows_are_said_as_one_types_them(site: Searcher) -> None:
    chosen = Filters(from_date=date(2029, 1, 1), to_date=date(2029, 12, 31))

    assert site.search(Request("docker", chosen)).missing == ("after:2028",)
    farthest = Filters(from_date=date.min, to_date=date.max)
    assert site.search(Request("docker", farthest)).missing == ()


def test_a_date_that_leaves_nothing_yet_is_as_not_yet_typed(site: Searcher) -> None:
    docker = site.search(Request("docker", per_page=50)).results
    for begun in ("after:2029", "after:2029-0", "before:2010"):
        assert typed(site, f"docker {begun}").results == docker, begun
    assert not site.search(Request("docker after:2029")).results


def test_a_guests_name_is_known_with_hyphens(site: Searcher) -> None:
    for begun in ("jerod-santo", "jerod-s", "Jerod‐Santo"):
        found = typed(site, f"guest:{begun}").results
        assert [result.guests for result in found] == [("Jerod Santo", "Gerhard Lazu")], begun


def test_a_british_spelling_is_known_before_it_is_whole(site: Searcher) -> None:
    for begun, whole in (("optimisat", "optimisation"), ("licenc", "licence")):
        entered = site.search(Request(whole, per_page=50))
        assert entered.results
        answer = typed(site, begun)
        assert [r.id for r in answer.results] == [r.id for r in entered.results], begun
        assert answer.missing == ()
        assert answer.corrections == ()


def test_an_open_quote_ends_in_an_unfinished_word(site: Searcher) -> None:
    begun, whole = typed(site, '"full text sear'), typed(site, '"full text search"')

    assert begun.results
    assert {each.id for each in whole.results} <= {each.id for each in begun.results}
    for result in begun.results:
        assert all("full" in moment.text.text.lower() for moment in result.moments)
    downtime = typed(site, '"zero downtime')
    # Also where the show says `zero down time`.
    assert typed(site, '"zero downti').results == downtime.results
    assert any("down time" in m.text.text for each in downtime.results for m in each.moments)
    assert typed(site, '"full text xq').results == typed(site, '"full text"').results
    # Where a single word of symbols is left, that word.
    assert typed(site, '"node.js xq').results == typed(site, '"node.js"').results
    assert typed(site, "\"it's xq zq").missing == ('"it\'s xq"',)
    # A sign that folds to nothing is no word that is left.
    assert typed(site, '"\uff9e xq-zq').missing == ('"\uff9e xq-zq"',)


@pytest.mark.parametrize(
    ("begun", "whole"), [("node.j", "node.js"), ("vue.j", "vue.js"), ("recip", "recipe")]
)
def test_what_can_become_but_one_word_is_that_word(site: Searcher, begun: str, whole: str) -> None:
    found, wanted = typed(site, begun), site.search(Request(whole, per_page=50))

    assert [each.id for each in found.results] == [each.id for each in wanted.results]
    assert found.corrections == ()


def test_a_compound_or_a_name_typed_to_its_end_is_what_it_is_after_enter(site: Searcher) -> None:
    for text in ("listen addict", "company cam", "full text search", "rolling back"):
        entered = site.search(Request(text, per_page=50))
        assert entered.results, text
        assert typed(site, text).results == entered.results, text


def test_a_word_of_the_lists_is_known_by_its_beginning(site: Searcher) -> None:
    begun, whole = typed(site, "ecmasc"), site.search(Request("ecmascript", per_page=50))

    assert whole.results
    assert [each.id for each in begun.results] == [each.id for each in whole.results]
    assert not typed(site, "ecmasq").results
    assert not site.search(Request("ecmasc")).results


@pytest.mark.parametrize(
    ("begun", "whole"),
    [
        ("digital oce", "digitalocean"),
        ("cloud fla", "cloudflare"),
        ("java scri", "javascript"),
        ("docker digital ocea", "docker digitalocean"),
    ],
)
def test_a_compound_typed_apart_is_known_before_it_is_whole(
    site: Searcher, begun: str, whole: str
) -> None:
    entered = site.search(Request(whole, per_page=50))
    assert entered.results
    assert [r.id for r in typed(site, begun).results] == [r.id for r in entered.results]


@pytest.mark.parametrize("begun", ["load bal", "web serv", "data backu", "git h", "node o"])
def test_what_the_show_says_side_by_side_stays_apart(site: Searcher, begun: str) -> None:
    wanted = site._finding._understander.understand(parse(begun, typing=True)).wanted  # type: ignore[attr-defined]
    assert [each.typed for each in wanted] == begun.split()


@pytest.mark.parametrize(
    ("begun", "sentence"),
    [
        ("pager dut", "says pager dut as “PagerDuty”"),
        ("kubern", "says kubern as “Kubernetes”"),
        ("kubernt", "says kubernetes"),
        ("Kubernetes", "says Kubernetes"),
        ("front-end", "says front-end"),
    ],
)
def test_a_result_says_what_an_unfinished_word_became(
    site: Searcher, begun: str, sentence: str
) -> None:
    answer = site.search(Request(begun, typing=True, explain=True))
    said = answer.results[0].moments[0].reason
    assert said
    assert said.sentence == sentence


@pytest.mark.parametrize(
    ("text", "right", "meant"),
    [
        ("kuberntes", 6, "kubernetes"),
        ("pstgres", 3, "postgresql"),
        ("serverles pstgres", 12, "postgresql"),
        ("dajngo", 3, "django"),
    ],
)
def test_what_a_slip_begins_is_found_at_each_further_letter(
    site: Searcher, text: str, right: int, meant: str
) -> None:
    wanted = {each.id for each in site.search(Request(meant, per_page=50)).results}
    for end in range(right + 1, len(text) + 1):
        answer = typed(site, text[:end])
        assert wanted & {each.id for each in answer.results[:3]}, text[:end]
        if not site.search(Request(text[:end], exact=True)).complete_episodes:
            assert answer.corrections, text[:end]
            assert answer.corrections[-1].used in answer.interpreted


@pytest.mark.parametrize("begun", ["infel", "volley", "ecmasq", "pst", "kub3rn", "t-shi"])
def test_what_may_still_become_a_word_is_no_slip(site: Searcher, begun: str) -> None:
    """Short ones may become anything; words with digits and compounds are not corrected."""
    assert typed(site, begun).corrections == ()


def test_a_slip_in_what_is_finished_is_corrected_to_a_whole_word_only(site: Searcher) -> None:
    assert typed(site, "kubernt").corrections
    for finished in ("kubernt ", "kubernt docker"):
        (typed_word, *_) = finished.split()
        assert typed_word not in {each.typed for each in typed(site, finished).corrections}
    assert site.search(Request("kubernt")).missing == ("kubernt",)
    assert site.search(Request("kubernt", typing=True, exact=True)).missing == ("kubernt",)


def test_an_unfinished_compound_is_its_parts_side_by_side_or_those_so_far(site: Searcher) -> None:
    words = {
        word
        for result in typed(site, "zero-down").results
        for moment in result.moments
        for word in moment.text.text.lower().split()
    }
    assert {"zero", "downtime"} <= words
    for two in ("docker/redi", "docker&redi"):
        assert typed(site, two).results == typed(site, "docker redi").results
    assert typed(site, "docker/xq").results == site.search(Request("docker", per_page=50)).results
    assert site.search(Request("docker/xq")).missing == ("xq",)


def test_what_is_a_word_or_may_become_several_stays_open(site: Searcher) -> None:
    for begun in ("java", "post", "fres"):
        (wanted,) = site._finding._understander.understand(parse(begun, typing=True)).wanted  # type: ignore[attr-defined]
        assert Kind.PREFIX in {form.kind for form in wanted.forms}, begun


def test_an_exclusion_that_has_but_begun_excludes_no_word_that_all_say(site: Searcher) -> None:
    docker = site.search(Request("docker", per_page=50)).results
    for begun in ("in", "s", "a"):
        assert typed(site, f"docker -{begun}").results == docker, begun
    without = site.search(Request("docker -swarm", per_page=50))
    assert typed(site, "docker -swarm").results == without.results
    assert not site.search(Request("docker -in")).results


def test_a_title_holds_what_an_unfinished_word_begins(site: Searcher) -> None:
    titles = [result.title.text.lower() for result in typed(site, "title:platf").results]

    assert titles
    assert all("platf" in title for title in titles)


def test_only_the_end_of_a_query_is_unfinished() -> None:
    for text in ('"full tex" a?', '"full tex"', '"full tex" "', "tag:fl full?"):
        query = parse(text, typing=True)
        clauses = (*query.wanted, *query.excluded)
        assert not any(clause.prefix for clause in clauses), text
        assert query.unfinished == "", text
    assert parse('docker "full tex', typing=True).wanted[1] == Phrase(
        ("full", "tex"), "full tex", prefix=True
    )
    assert parse('docker "full tex').wanted[1] == Phrase(("full", "tex"), "full tex")
    assert parse("-", typing=True) == Query("-")
    assert parse("full tex -do", typing=True).unfinished == "-"


@pytest.mark.parametrize("text", ["at&t", "zorbel/r"])
def test_what_stands_behind_a_sign_is_not_looked_for_alone(site: Searcher, text: str) -> None:
    assert typed(site, text).found_episodes < typed(site, text[-1]).found_episodes / 2
