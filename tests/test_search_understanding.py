"""What typed words mean in a show: forms, names, corrections, and what is left as it is."""

from collections.abc import Iterable, Sequence
from itertools import chain

import pytest

from search.clauses import SAYING
from search.forms import Kind
from search.meanings import Wanted
from search.parser import parse
from search.spelling import Candidate
from search.stemming import stem
from search.understanding import LIGHT, Understander, Understanding
from search.wordlists import load_wordlists

TEXTS = [
    "kubernetes on hetzner",
    "kubernetes deploys and deployed servers",
    "the front end and the frontend team",
    "a postgres database",
    "we bought c# books",
    "caching with node.js",
    "secrets in the vault",
    "deployment secrets",
    "keep it",
]


class ShowOfTexts:
    """A show that is a few lines of text: words are parted at blanks."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.rows = [text.split() for text in texts]
        self.words = sorted({word for row in self.rows for word in row})

    def frequency(self, term: str) -> int:
        return sum(term in row for row in self.rows)

    def same_stem(self, stem_: str) -> Sequence[str]:
        return [word for word in self.words if stem(word) == stem_]

    def prefixed(self, prefix: str, limit: int) -> list[str]:
        return [word for word in self.words if word.startswith(prefix)][:limit]

    def misspellings(self, term: str) -> Iterable[Candidate]:
        return [Candidate(word, self.frequency(word)) for word in self.words]

    def misspelt_beginnings(self, begun: str) -> Iterable[Candidate]:
        return [Candidate(word[: len(begun)], self.frequency(word)) for word in self.words]

    def written(self, term: str) -> str:
        return term

    def has_phrase(self, slots: tuple[tuple[str, ...], ...]) -> bool:
        return any(
            all(row[begin + step] in slot for step, slot in enumerate(slots))
            for row in self.rows
            for begin in range(len(row) - len(slots) + 1)
        )


UNDERSTANDER = Understander(ShowOfTexts(TEXTS), load_wordlists())


def understand(text: str, exact: bool = False, typing: bool = False) -> Understanding:
    return UNDERSTANDER.understand(parse(text, typing), exact)


def terms(wanted: Wanted, *kinds: Kind) -> set[str]:
    """Single terms that may stand for a word, of some kinds or of all."""
    return {
        term
        for form in wanted.forms
        if len(form.slots) == 1 and (not kinds or form.kind in kinds)
        for term in form.slots[0]
    }


def test_a_word_stands_in_its_other_forms() -> None:
    (deploy,) = understand("deploying").wanted

    assert {"deploys", "deployed"} <= terms(deploy, Kind.VARIANT)
    (buy,) = understand("buy").wanted
    assert "bought" in terms(buy)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("process", "processes"),
        ("focusing", "focus"),
        ("controlled", "control"),
        ("pass", "passed"),
    ],
)
def test_a_word_that_ends_in_s_or_doubles_its_last_letter_has_other_forms_like_any(
    typed: str, other: str
) -> None:
    understander = Understander(ShowOfTexts([other]), load_wordlists())
    (word,) = understander.understand(parse(typed)).wanted
    assert terms(word, Kind.VARIANT) == {other}


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("leaf", {"leaves"}),
        ("leave", {"leaves", "leaving", "left"}),
        ("leaves", {"leaf", "leave", "leaving"}),
    ],
)
def test_leaves_are_of_a_leaf_or_someone_leaves_but_no_leaf_is_left(
    word: str, forms: set[str]
) -> None:
    said = ["leaf", "leaves", "leave", "leaving", "left"]
    understander = Understander(ShowOfTexts(said), load_wordlists())
    (wanted,) = understander.understand(parse(word)).wanted
    assert terms(wanted, Kind.VARIANT) == forms


def test_a_mine_is_looked_for_where_nothing_else_is_said() -> None:
    understander = Understander(ShowOfTexts(["a mine at sea"]), load_wordlists())
    understood = understander.understand(parse("mine explosion"))
    assert [each.typed for each in understood.wanted if not each.common] == ["mine", "explosion"]
    assert understood.missing == ("explosion",)


def test_the_forms_of_kin_are_none_of_the_words_that_are_kept_apart_from_it() -> None:
    show = ShowOfTexts(["a publication in a public place", "many publications"])
    (publish,) = Understander(show, load_wordlists()).understand(parse("publish")).wanted
    assert {"publication", "publications"} <= terms(publish)
    assert "public" not in terms(publish)


@pytest.mark.parametrize(("typed", "used"), [("k8s", "kubernetes"), ("postgresql", "postgres")])
def test_a_word_that_occurs_by_another_name_is_not_corrected(typed: str, used: str) -> None:
    understood = understand(typed)

    assert used in terms(understood.wanted[0], Kind.ALIAS)
    assert (understood.corrections, understood.missing) == ((), ())


def test_a_misspelt_word_is_corrected_where_it_stands() -> None:
    understood = understand('hetzner Kuberntes "the vault"')

    assert understood.corrections == (("Kuberntes", "kubernetes"),)
    assert understood.interpreted == 'hetzner kubernetes "the vault"'
    assert "kubernetes" in terms(understood.wanted[1], Kind.EXACT)


@pytest.mark.parametrize(
    ("typed", "meant"), [("kuberntes", "kubernetes"), ("forntend", "frontend")]
)
def test_a_misspelt_word_means_all_that_the_word_means(typed: str, meant: str) -> None:
    assert understand(typed).wanted[0].forms == understand(meant).wanted[0].forms


@pytest.mark.parametrize("glue", ["{}12", "12{}", "{}_vault", "vault-{}-12", "vault-{}12"])
def test_a_misspelt_part_of_a_word_is_corrected_where_it_stands(glue: str) -> None:
    show = Understander(ShowOfTexts(["kubernetes in 12 vaults", "a vault"]), load_wordlists())
    understood = show.understand(parse(glue.format("kuberntes")))

    assert understood.corrections == (("kuberntes", "kubernetes"),)
    assert understood.interpreted == glue.format("kubernetes")
    assert understood.missing == ()


def test_a_slip_made_twice_is_corrected_twice_and_told_once() -> None:
    understood = understand("kuberntes vault kuberntes")

    assert understood.interpreted == "kubernetes vault kubernetes"
    assert understood.corrections == (("kuberntes", "kubernetes"),)


def test_a_correction_leaves_longer_words_alone() -> None:
    assert understand("-valutxq valut").interpreted == "-valutxq vault"


@pytest.mark.parametrize("word", ["hetzner", "deploys", "deploy", "vault", "books", "secret"])
def test_a_word_that_occurs_in_any_form_is_never_changed(word: str) -> None:
    assert understand(word).corrections == ()


def test_what_is_excluded_is_never_corrected() -> None:
    understood = understand("vault -kuberntes")

    assert understood.corrections == ()
    assert terms(understood.excluded[0]) == set()


@pytest.mark.parametrize("text", ["docker/vue", "docker.vue", "vue9", "vue3.2"])
def test_a_word_in_quotes_is_not_taken_apart(text: str) -> None:
    show = Understander(ShowOfTexts(["docker", "vue", "9", "3 2"]), load_wordlists())

    assert show.understand(parse(f'"{text}"')).missing == (text,)
    assert text not in show.understand(parse(text)).missing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vue9", ()),
        ("vue3", (("vue", "3"),)),
        ("docker-compose", ()),
        ("docker/vue", ()),
        ("docker.example", ()),
        ("vue3.2", ()),
        ("front-end", (("front", "end"), ("frontend",))),
    ],
)
def test_of_what_is_excluded_in_one_word_no_part_is_excluded_by_itself(
    text: str, said: tuple[tuple[str, ...], ...]
) -> None:
    texts = ["vue 3 or 9", "docker", "compose", "example", "front end", "frontend"]
    show = Understander(ShowOfTexts(texts), load_wordlists())
    understood = show.understand(parse(f"docker -{text}"))

    assert {form.name for each in understood.excluded for form in each.forms} == set(said)


def test_a_word_unlike_all_others_is_missing() -> None:
    understood = understand("vault qwxyzzy")

    assert understood.missing == ("qwxyzzy",)
    assert understood.corrections == ()
    assert understood.interpreted == "vault qwxyzzy"


def test_a_phrase_is_missing_unless_it_stands_side_by_side() -> None:
    assert understand('"the vault"').missing == ()
    assert understand('"vault the"').missing == ('"vault the"',)
    assert understand('"kuberntes on"').corrections == ()


def test_exact_leaves_only_what_was_typed() -> None:
    understood = understand("kuberntes deploying k8s", exact=True)

    assert understood.corrections == ()
    assert understood.missing == ("kuberntes", "deploying", "k8s")
    assert terms(understand("deploys", exact=True).wanted[0]) == {"deploys"}


def test_common_words_cost_nothing_beside_other_words() -> None:
    wanted = {each.typed: each.common for each in understand("how do people store secrets").wanted}

    assert wanted["how"]
    assert wanted["people"]
    assert not wanted["secrets"]


@pytest.mark.parametrize(
    "text", ["the one about vault", "I remember a vault", "vault for a living"]
)
def test_phrases_that_ask_for_nothing_cost_nothing(text: str) -> None:
    assert [each.typed for each in understand(text).wanted if not each.common] == ["vault"], text
    assert understand(text).missing == ()


def test_common_words_alone_are_looked_for() -> None:
    assert not any(each.common for each in understand("the and of").wanted)


def _weights(text: str) -> dict[str, float]:
    return {each.typed: each.weight for each in understand(text).wanted if not each.common}


@pytest.mark.parametrize(
    "text",
    [
        "where do they keep secrets",
        "Can't we keep secrets",
        "tag:a how do they keep secrets",
        "keep secrets?",
    ],
)
def test_in_a_question_light_words_count_for_little(text: str) -> None:
    assert _weights(text) == {"keep": LIGHT, "secrets": 1.0}, text
    assert understand(text).missing == ()


def test_light_words_count_in_full_where_nothing_is_asked_or_nothing_else() -> None:
    assert _weights("keep secrets") == {"keep": 1.0, "secrets": 1.0}
    assert _weights("how do they keep it") == {"keep": 1.0}
    assert _weights('how do they "keep secrets"') == {'"keep secrets"': 1.0}


def test_how_a_thing_is_asked_for_counts_less_than_the_thing() -> None:
    assert _weights("why secrets") == {"why": SAYING, "secrets": 1.0}
    assert all(each.needed for each in understand("why secrets").wanted)
    assert _weights("why is it") == {"why": 1.0}


def test_light_words_that_the_show_never_says_count_for_little_beside_others() -> None:
    assert _weights("stop secrets") == {"stop": LIGHT, "secrets": 1.0}
    assert _weights("stop it") == {"stop": 1.0}


def test_a_light_word_that_names_a_tag_counts_in_full() -> None:
    lists = load_wordlists(tag_names={"keep": ("Keep",)})
    wanted = Understander(ShowOfTexts(TEXTS), lists).understand(parse("who deploys keep")).wanted
    assert [each.weight for each in wanted if each.typed == "keep"] == [1.0]


@pytest.mark.parametrize("text", ["front end", "front-end", "frontend", "Front End"])
def test_a_compound_is_one_word_however_it_is_written(text: str) -> None:
    (wanted,) = understand(text).wanted

    assert wanted.typed == text
    assert "frontend" in terms(wanted)
    assert any([slot[0] for slot in form.slots] == ["front", "end"] for form in wanted.forms)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vue3 forms", "vue 3 forms"),
        ("postgres12", "postgres 12"),
        ("500ms", "500 ms"),
        ("vue３", "vue 3"),
        ("docker/vue", "docker vue"),
        ("docker-vue3", "docker vue 3"),
        ("docker/vue3", "docker vue 3"),
        ("vue3.2", "vue 3.2"),
        ("3d.forms.example", "3d forms example"),
        ("docker/front-end", "docker front-end"),
        ("www.lamp.example/forms", "lamp.example forms"),
        ("WWW.forms", "forms"),
        ("docker-compose.yml", "docker compose yml"),
        ("www-forms", "www forms"),
        ("12-ways-to-a-form", "12 ways to a form"),
    ],
)
def test_what_the_show_does_not_have_as_one_word_is_its_words(typed: str, meant: str) -> None:
    show = Understander(
        ShowOfTexts(["vue and forms", "postgres", "wait some ms", "docker", "front end"]),
        load_wordlists(),
    )
    read, plain = show.understand(parse(typed)), show.understand(parse(meant))

    assert [w.forms for w in read.wanted] == [w.forms for w in plain.wanted]
    assert read.missing == plain.missing


@pytest.mark.parametrize(
    "text",
    ["vue3", "16gb", "16 gb", "vue 3", "pub/sub", "r/d", "html5", "3.8", "a.form", "html4.1"],
)
def test_a_word_with_a_number_or_a_slash_is_one_where_the_show_says_it_so(text: str) -> None:
    said = [
        "vue 3 forms",
        "16gb or 16 gb",
        "vue3",
        "pub/sub",
        "html",
        "version 3 8",
        "a form",
        "html4 1",
    ]
    understood = Understander(ShowOfTexts(said), load_wordlists()).understand(parse(text))

    assert len(understood.wanted) == 1


@pytest.mark.parametrize("text", ["mp4", "2fa"])
def test_of_a_word_and_a_number_the_number_alone_is_not_looked_for(text: str) -> None:
    show = Understander(ShowOfTexts(["mp3", "4", "2"]), load_wordlists())
    assert show.understand(parse(text)).missing == (text,)


def test_words_that_make_no_compound_stay_apart() -> None:
    assert [each.typed for each in understand("hetzner vault").wanted] == ["hetzner", "vault"]


def test_for_a_word_of_symbols_nothing_else_stands_in() -> None:
    (wanted,) = understand("c#").wanted

    assert terms(wanted) == {"c#"}
    assert understand("c++").missing == ("c++",)


def test_an_unfinished_word_stands_for_all_it_may_become() -> None:
    (wanted,) = understand("deplo", typing=True).wanted
    (several,) = understand("d", typing=True).wanted

    assert {"deploys", "deployed", "deployment"} <= terms(wanted)
    assert {"deployed", "database"} <= terms(several, Kind.PREFIX)
    assert understand("deplo").wanted[0].typed == "deplo"
    assert Kind.PREFIX not in {form.kind for form in understand("deplo").wanted[0].forms}


def test_words_of_near_meaning_are_named_as_such() -> None:
    understood = understand("k8s")

    for form in understood.wanted[0].forms:
        assert form.kind != Kind.EXACT
    assert all(typed == "k8s" for typed, _ in understood.related())


def test_other_words_are_named_as_they_are_written() -> None:
    show = Understander(ShowOfTexts(["let s encrypt", "scikit learn"]), load_wordlists())

    assert ("ssl", "let's encrypt") in show.understand(parse("ssl")).related()
    assert ("keras", "scikit-learn") in show.understand(parse("keras")).related()


def test_no_wanted_word_stands_in_for_another() -> None:
    """`redis` is a word for caching, but where both are asked it counts as itself only."""
    show = Understander(ShowOfTexts(["caching in redis", "more memcached"]), load_wordlists())

    alone = show.understand(parse("caching")).wanted[0]
    caching, _ = show.understand(parse("caching redis")).wanted

    assert "redis" in terms(alone, Kind.RELATED)
    assert "redis" not in terms(caching)
    assert "memcached" in terms(caching, Kind.RELATED)


@pytest.mark.parametrize("text", ["big rack", "big-rack", "read only rack", "read-only rack"])
def test_a_hyphen_makes_no_difference_where_the_show_has_no_such_compound(text: str) -> None:
    show = Understander(ShowOfTexts(["a big rack", "readonly and only read"]), load_wordlists())

    apart = show.understand(parse(text.replace("-", " "))).wanted

    assert [each.forms for each in show.understand(parse(text)).wanted] == [
        each.forms for each in apart
    ]


def test_a_compound_is_found_by_any_form_of_it_and_in_part_by_what_it_is_a_kind_of() -> None:
    show = Understander(ShowOfTexts(["multitenancy is hard", "each tenant"]), load_wordlists())

    for text, related in (
        ("multi tenant", {"tenant"}),
        ("multi-tenant", {"tenant"}),
        ("multitenant", set()),
    ):
        (wanted,) = show.understand(parse(text)).wanted
        assert "multitenancy" in terms(wanted)
        assert terms(wanted, Kind.RELATED) == related


def test_a_name_written_as_one_word_is_no_kind_of_its_last_part() -> None:
    show = Understander(ShowOfTexts(["mapbox shows it", "a map box", "one box"]), load_wordlists())

    (wanted,) = show.understand(parse("mapbox")).wanted
    assert "box" not in terms(wanted)


def test_who_burns_out_is_not_out() -> None:
    show = Understander(ShowOfTexts(["a burnout", "time is out"]), load_wordlists())

    for text in ("burnout", "burn out"):
        (wanted,) = show.understand(parse(text)).wanted
        assert "burnout" in terms(wanted)
        assert "out" not in terms(wanted)


def test_a_product_the_show_never_names_is_found_by_its_likes() -> None:
    lists = load_wordlists()
    text = "nagios and monitoring"
    without = Understander(ShowOfTexts([text]), lists).understand(parse("zabbix"))
    has_it = Understander(ShowOfTexts([text, "zabbix"]), lists).understand(parse("zabbix"))

    assert terms(without.wanted[0], Kind.RELATED) == {"nagios", "monitoring"}
    assert without.missing == ("zabbix",), "that the show does not say it is said"
    assert terms(has_it.wanted[0]) == {"zabbix"}


def test_letters_more_at_a_word_of_the_lists_are_corrected() -> None:
    show = Understander(ShowOfTexts(["jenkins builds it"]), load_wordlists())

    assert show.understand(parse("jenkinse")).corrections == (("jenkinse", "jenkins"),)


@pytest.mark.parametrize(
    ("word", "unlike"),
    [("shirt", "short"), ("genetics", "generic"), ("untrusted", "trusted"), ("dressed", "pressed")],
)
def test_plain_english_is_no_misspelling_of_another_word(word: str, unlike: str) -> None:
    understood = Understander(ShowOfTexts([unlike]), load_wordlists()).understand(parse(word))

    assert (understood.corrections, understood.missing) == ((), (word,))


@pytest.mark.parametrize(("typed", "meant"), [("rils", "rails"), ("stons", "stones")])
def test_a_letter_left_out_before_an_s_is_no_plain_plural(typed: str, meant: str) -> None:
    """Though `rile` and `stone` are plain English, as `close` is, of which `closing` is a form."""
    show = Understander(ShowOfTexts([meant]), load_wordlists())

    assert show.understand(parse(typed)).corrections == ((typed, meant),)


def test_who_mistypes_a_word_mistypes_one_that_asks_for_something() -> None:
    show = Understander(ShowOfTexts(["over and over", "chris oliver"]), load_wordlists())

    assert show.understand(parse("olver")).corrections == (("olver", "oliver"),)
    only = Understander(ShowOfTexts(["over and over"]), load_wordlists())
    assert only.understand(parse("olver")).corrections == (("olver", "over"),)
    likelier = Understander(ShowOfTexts(["their tier"]), load_wordlists())
    assert likelier.understand(parse("thier")).corrections == (("thier", "their"),)


def test_what_is_no_word_is_corrected_to_the_word_it_begins() -> None:
    show = Understander(ShowOfTexts(["tinypilotkvm", "scrolls"]), load_wordlists())

    assert show.understand(parse("tinypilot")).corrections == (("tinypilot", "tinypilotkvm"),)
    for text in ("tiny", "scr"):
        assert show.understand(parse(text)).missing == (text,), "a word, or too short to tell"
    rare = Understander(ShowOfTexts(["python", "a path", "that path"]), load_wordlists())
    assert rare.understand(parse("pyth")).corrections == (("pyth", "python"),), "no slip of `path`"
    assert show.understand(parse("tinypilot"), exact=True).missing == ("tinypilot",)


@pytest.mark.parametrize(
    ("typed", "meant", "corrections"),
    [
        ("digital ocaen", "digital ocean", {"ocaen": "ocean"}),
        ("digtal ocaen", "digital ocean", {"digtal": "digital", "ocaen": "ocean"}),
        ("loda balancer", "load balancer", {"loda": "load"}),
    ],
)
def test_a_misspelt_word_is_one_word_with_its_neighbours_as_if_spelt_right(
    typed: str, meant: str, corrections: dict[str, str]
) -> None:
    texts = ["digitalocean", "a digital clock by the ocean", "the load balancer", "nginx"]
    show = Understander(ShowOfTexts(texts), load_wordlists())
    understood, right = show.understand(parse(typed)), show.understand(parse(meant))

    assert [w.forms for w in understood.wanted] == [w.forms for w in right.wanted]
    assert (dict(understood.corrections), understood.interpreted) == (corrections, meant)
    assert understood.missing == ()


def test_a_name_that_goes_by_others_is_one_word() -> None:
    show = Understander(
        ShowOfTexts(["they rolled back", "rollbacks", "rolling on"]), load_wordlists()
    )

    (wanted,) = show.understand(parse("rolling back")).wanted
    assert wanted.typed == "rolling back"
    assert "rollbacks" in terms(wanted)
    assert "rolling" not in terms(wanted)
    assert any("rolled" in form.slots[0] for form in wanted.forms if len(form.slots) == 2)
    exactly = show.understand(parse("rolling back"), exact=True).wanted
    assert [each.typed for each in exactly] == ["rolling", "back"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("logs in production", ["logs", "in", "production"]),
        ("logging in the cloud", ["logging", "in", "the", "cloud"]),
        ("logs in", ["logs in"]),
        ("log in production", ["log in", "production"]),
        ("logged in users", ["logged in", "users"]),
        ("logs in with google", ["logs in", "with", "google"]),
        ("logs in with", ["logs in", "with"]),
        ("taking over the cloud", ["taking over", "the", "cloud"]),
    ],
)
def test_the_last_word_of_a_name_may_belong_to_what_follows(text: str, read: list[str]) -> None:
    show = Understander(
        ShowOfTexts(
            ["a login", "logs", "production", "the cloud", "users", "a takeover by google"]
        ),
        load_wordlists(),
    )
    wanted = show.understand(parse(text)).wanted
    assert [each.typed for each in wanted] == read
    assert ("login" in chain(*map(terms, wanted))) == (" in" in read[0])


def test_a_word_that_asks_for_nothing_is_missing_only_where_nothing_else_is_asked() -> None:
    assert understand("somebody with a vault").missing == ()
    assert understand("somebody").missing == ("somebody",)


@pytest.mark.parametrize("text", ["t-shirt", "t shirt", "tshirt"])
def test_a_letter_and_a_word_are_one_word_where_the_show_has_it(text: str) -> None:
    show = Understander(ShowOfTexts(["t shirt tshirt", "in short"]), load_wordlists())

    (wanted,) = show.understand(parse(text)).wanted
    assert "tshirt" in terms(wanted)


def test_a_word_with_a_letter_of_its_own_is_one_word_and_no_part_of_it_is_corrected() -> None:
    show = Understander(ShowOfTexts(["short talks", "in c"]), load_wordlists())

    for text in ("t-shirt", "vitamin-c"):
        understood = show.understand(parse(text))
        assert understood.corrections == ()
        assert understood.missing == (text,)
        assert understood.related() == ()


def test_the_other_words_for_a_saying_are_said_of_the_saying_and_not_of_its_small_words() -> None:
    show = Understander(ShowOfTexts(["what it costs, the price", "a charge"]), load_wordlists())

    typed = {typed for typed, _ in show.understand(parse("how much do people pay")).related()}
    assert typed == {"how much", "pay"}


def test_a_compound_is_no_part_of_a_word_with_a_number() -> None:
    show = Understander(ShowOfTexts(["rails95", "rails 9 5"]), load_wordlists())

    (phrase,) = show.understand(parse('"rails 9-5"')).wanted
    assert [form.name for form in phrase.forms] == [("rails", "9", "5")]
