"""The curated words: the shipped files are sound, an owner's file goes over them."""

import tomllib
import tracemalloc
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from search.clauses import LONGEST_NAME
from search.errors import BadSetting
from search.names import Name, family_of, key_of
from search.query_words import terms_of_phrase
from search.relations import Rules, Stemmed
from search.stemming import american, stem
from search.word_rows import WordRows
from search.wordlist_files import Rule, read_thesaurus
from search.wordlists import load_wordlists
from tests.conftest import ROOT

WORDS = ROOT / "search" / "words"
ALIASES = tomllib.loads((WORDS / "aliases.toml").read_text(encoding="utf-8"))
THESAURUS = read_thesaurus(WORDS / "thesaurus.txt")
RULES = [rule for rule in THESAURUS.rules if rule.relation != "alike"]
SHIPPED = load_wordlists()


def own(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def names_of(word: str, path: Path | None = None) -> set[str]:
    lists = load_wordlists(path)
    return {" ".join(name) for name in lists.names_of(terms_of_phrase(word))}


def other_words(name: Name, *relations: str) -> set[Name]:
    listed = SHIPPED.others(name)
    return {other for relation in relations for other in listed.get(relation, ())}


# --- the shipped files


def test_every_alias_says_why_it_is_safe_and_is_of_one_of_two_forms() -> None:
    for entry in ALIASES["alias"]:
        assert set(entry) in ({"names", "why"}, {"from", "to", "why"}), entry
        assert entry["why"].strip(), entry


def test_every_name_has_words_is_lower_case_and_can_be_looked_for() -> None:
    lists = [entry.get(key, []) for entry in ALIASES["alias"] for key in ("names", "from", "to")]
    lists += [side for rule in RULES for side in (rule.sources, rule.targets)]
    for name in chain(*lists):
        assert name == name.lower()
        assert 1 <= len(terms_of_phrase(name)) <= LONGEST_NAME, name


def test_a_group_relates_at_least_two_words_and_names_none_twice() -> None:
    named = [tuple(e["names"]) for e in ALIASES["alias"] if "names" in e]
    for group in [*named, *(side for rule in RULES for side in (rule.sources, rule.targets))]:
        assert len({terms_of_phrase(name) for name in group}) == len(group), group
    for group in named:
        assert len(group) >= 2, group


def test_a_word_leads_toward_others_in_one_line_and_never_to_itself() -> None:
    sections = (WORDS / "thesaurus.txt").read_text(encoding="utf-8").split("\n[")
    written = [text for text in sections if text.startswith("toward]")]
    lines = [line.split(" => ") for text in written for line in text.splitlines() if "=>" in line]
    counts = Counter(source for source, _ in lines)

    assert len(written) > 10
    assert [source for source, count in counts.items() if count > 1] == []
    for source, targets in lines:
        keys = [key_of(terms_of_phrase(name)) for name in targets.split(", ")]
        assert key_of(terms_of_phrase(source)) not in keys, source
        assert len(set(keys)) == len(keys), source


def test_a_name_is_written_alike_wherever_it_stands() -> None:
    entries = [entry.get(key, []) for entry in ALIASES["alias"] for key in ("names", "from", "to")]
    ways: dict[tuple[str, ...], set[str]] = {}
    for name in chain(*entries, *(side for rule in RULES for side in (rule.sources, rule.targets))):
        ways.setdefault(terms_of_phrase(name), set()).add(name)

    assert [names for names in ways.values() if len(names) > 1] == []


def test_no_stem_begins_with_another_letter_than_its_word() -> None:
    # What search.relations stands on.
    words = {
        word
        for rule in RULES
        for side in (rule.sources, rule.targets)
        for name in side
        for word in name.split()
    }
    words |= {"aeroplane", "haemorrhage", "oesophagus", "dying", "lying", "skis", "ugly", "'tis"}
    terms = {term for word in words for term in terms_of_phrase(word)}

    assert len(terms) > 6000
    assert [
        term for term in terms if stem(term)[0] != term[0] or american(term)[0] != term[0]
    ] == []


def test_words_kept_apart_stand_once_and_would_be_one_without() -> None:
    families = [family for line in THESAURUS.apart for family in line]
    counts = Counter(word for family in families for word in family)

    assert [word for word, count in counts.items() if count > 1] == []
    forms = {word: family for family in THESAURUS.irregular for word in family}
    for line in THESAURUS.apart:
        # Also by what forms of theirs share: leaf by leaves.
        stems = [{stem(f) for word in family for f in forms.get(word, (word,))} for family in line]
        assert all(any(each & other for other in stems if other is not each) for each in stems), (
            line
        )


def test_no_irregular_family_joins_words_that_are_kept_apart() -> None:
    for family in (*THESAURUS.irregular, *THESAURUS.kin):
        assert len({family_of(word) for word in family} - {None}) <= 1, family


def test_common_words_stand_once() -> None:
    counts = Counter(THESAURUS.common)

    assert [word for word, count in counts.items() if count > 1] == []


def test_light_words_stand_once_and_ask_for_something_by_themselves() -> None:
    light = THESAURUS.light

    assert [word for word, count in Counter(light).items() if count > 1] == []
    assert set(light).isdisjoint(THESAURUS.common)


def test_british_words_of_the_list_are_those_the_stemmer_does_not_join() -> None:
    for british, us in ALIASES["spelling"]["words"]:
        assert stem(british) != stem(us), british


# --- what they mean


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("k8s", "kubernetes"),
        ("psql", "postgresql"),
        ("ror", "ruby on rails"),
        ("drf", "django rest framework"),
        ("js", "javascript"),
        ("ts", "typescript"),
        ("c#", "csharp"),
        ("grey", "gray"),
        ("8th", "eighth"),
        ("viii", "eighth"),
        ("xiv", "14"),
    ],
)
def test_aliases_work_both_ways(one: str, other: str) -> None:
    assert other in names_of(one)
    assert one in names_of(other)


def test_an_alias_from_a_word_does_not_lead_back() -> None:
    assert "golang" in names_of("go")
    assert "go" not in names_of("golang")


def test_numbers_are_also_roman_ones_that_mean_nothing_else() -> None:
    assert "ii" in names_of("second")
    assert {"vi", "v", "x"}.isdisjoint({*names_of("6"), *names_of("5"), *names_of("10")})
    assert names_of("iis").isdisjoint(names_of("2"))


def test_no_alias_names_one_thing_twice() -> None:
    for entry in ALIASES["alias"]:
        names = list(map(terms_of_phrase, entry.get("names", ())))
        assert len(names) == len(set(names)), entry


def test_one_step_is_taken_and_no_chain_is_followed(tmp_path: Path) -> None:
    path = own(tmp_path, 'alias = [{names=["quux", "zork"]}, {names=["zork", "blat"]}]')

    assert names_of("quux", path) == {"zork"}
    assert names_of("zork", path) == {"quux", "blat"}
    assert names_of("blat", path) == {"zork"}


def test_plurals_of_a_name_are_found_without_a_line(tmp_path: Path) -> None:
    path = own(tmp_path, 'alias = [{names=["oven", "kiln"]}]')

    assert names_of("ovens", path) == {"kiln"}


def test_irregular_forms_belong_together() -> None:
    assert SHIPPED.inflections("bought") == ("buy",)
    assert SHIPPED.inflections("buy") == ("bought",)
    assert "bought" in SHIPPED.inflections("buying")
    # `found` is a form of `find`, and `founded` no form of either.
    assert SHIPPED.inflections("founded") == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("moonlight", "nights and weekends"),
        ("tied to one provider", "vendor neutral"),
        ("send mail", "postmark"),
        ("amazon", "s3"),
        ("kicked off", "banned"),
        ("dropped to", "went from"),
        ("alternative to webpack", "esbuild"),
        ("browser plugin", "browser extension"),
        ("without refresh", "live view"),
        ("green lock", "https"),
        ("nightly", "cron"),
    ],
)
def test_plain_words_lead_to_the_words_of_the_field(typed: str, meant: str) -> None:
    name = terms_of_phrase(typed)
    others = other_words(name, "near", "related")

    assert terms_of_phrase(meant) in others


def test_what_a_word_leads_toward_first_is_near_it_and_all_is_related() -> None:
    rules = Rules([Rule("toward", ("melt",), ("overload", "crash"))])

    others = {relation: list(names) for relation, names in rules.of(("melt",)).items()}
    assert others == {"near": [("overload",)], "related": [("overload",), ("crash",)]}


def test_what_a_word_leads_toward_first_does_not_hide_what_its_plain_form_is_near() -> None:
    rules = Rules(
        [
            Rule("near", ("teacher", "tutor"), ("teacher", "tutor")),
            Rule("toward", ("teachers",), ("professor", "school")),
        ]
    )
    assert {("professor",), ("tutor",)} <= rules.of(("teachers",))["near"].keys()


def test_a_thing_leads_to_its_kinds_and_a_kind_to_its_likes_and_what_it_is() -> None:
    assert ("nagios",) in other_words(("monitoring",), "related")
    assert {("nagios",), ("monitoring",)} <= other_words(("zabbix",), "alike")
    assert ("monitoring",) not in other_words(("zabbix",), "related")


@pytest.mark.parametrize(
    ("one", "other"), [("cheap", "cheaper"), ("scrape", "scraper"), ("france", "french")]
)
def test_comparatives_agents_and_countries_are_forms_of_their_word(one: str, other: str) -> None:
    assert other in (*SHIPPED.kin[one], *SHIPPED.inflections(one))
    assert one in (*SHIPPED.kin[other], *SHIPPED.inflections(other))


@pytest.mark.parametrize(
    ("typed", "other"), [("customers", "personalize"), ("settings", "group"), ("windows", "pane")]
)
def test_words_that_are_kept_apart_do_not_have_each_other_s_other_words(
    typed: str, other: str
) -> None:
    name = (typed,)
    assert (other,) not in other_words(name, "near", "related")


def test_names_of_a_show_s_tags_are_names_of_each_other() -> None:
    lists = load_wordlists(None, {"lamp-oil": ("Lamp Oil", "Kerosol")})

    assert ("kerosol",) in lists.names_of(("lamp", "oil"))
    assert ("lamp", "oil") in lists.names_of(("kerosol",))
    assert lists.knows("kerosol")
    assert not SHIPPED.knows("kerosol")


# --- an owner's file


def test_an_owner_adds_to_the_shipped_names(tmp_path: Path) -> None:
    path = own(tmp_path, 'alias = [{names=["kubernetes", "the wheel"]}]')

    assert {"k8s", "the wheel"} <= names_of("kubernetes", path)


def test_an_owner_writes_names_as_they_are_written(tmp_path: Path) -> None:
    path = own(tmp_path, 'alias = [{names=["Névola", "the Fog-Net", "@fognet", "!!!", "C#er"]}]')
    lists = load_wordlists(path)

    assert lists.names_of(("nevola",)) == {
        ("the", "fog", "net"): "the Fog-Net",
        ("fognet",): "@fognet",
        ("c", "er"): "C#er",
    }
    assert ("nevola",) in lists.names_of(("fognets",))
    assert lists.knows("fog")
    assert lists.knows("nevolas")
    assert lists.names_of(()) == {}


def test_an_owner_drops_a_shipped_name(tmp_path: Path) -> None:
    assert "express.js" not in names_of("express", own(tmp_path, 'drop = ["express"]'))
    assert "k8s" in names_of("kubernetes", own(tmp_path, 'drop = ["express"]'))


def test_an_owner_gives_a_dropped_name_another_meaning(tmp_path: Path) -> None:
    path = own(tmp_path, 'drop = ["js"]\nalias = [{names=["js", "job system"]}]')

    assert names_of("js", path) == {"job system"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("alias = 5", "alias = 5 is not a list"),
        ("alias = [{}]", "neither `names` nor `from` and `to`"),
        ('alias = [{name=["a", "b"]}]', "neither `names` nor `from` and `to`"),
        ('alias = [{names="a"}]', "lists of names"),
        ("alias = [{names=[1, 2]}]", "lists of names"),
        ('alias = [{from=["a"], to=[2]}]', "lists of names"),
        ("drop = [1]", "drop = [1] is not a list of names"),
        ('aliases = [{names=["a", "b"]}]', "'aliases' is not known there"),
        ("alias = [", "not a readable TOML file"),
        pytest.param("alias = " + "[" * 3_000, "nested too deep", id="nested"),
    ],
)
def test_what_is_wrong_in_an_owner_s_file_is_said_with_its_place(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        load_wordlists(own(tmp_path, text))

    assert "own.toml" in str(refused.value)
    assert problem in str(refused.value)


def test_an_owner_s_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"nosuch\.toml: no such aliases file"):
        load_wordlists(tmp_path / "nosuch.toml")


# --- a thesaurus


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "# Words\n\noutage, downtime",
            "words.txt:3: 'outage, downtime' stands above the first of",
        ),
        ("[near]\n[nera]", "words.txt:2: [nera] is not known; choose from [near], [related], "),
        ("[near]\noutage", "words.txt:2: 'outage' is no line of [near]; write it like `outage, "),
        ("[related]\noutage", "is no line of [related]; write it like `outage, incident, "),
        ("[near]\ndown => outage", "is no line of [near]; write it like `outage, downtime"),
        ("[toward]\ndown, outage", "is no line of [toward]; write it like `down => outage, "),
        ("[kinds]\na => b => c", "is no line of [kinds]; write it like `monitoring tool, "),
        ("[apart]\nbook, books", "is no line of [apart]; write it like `book, books | booking, "),
        ("[light]\nkeep | hold", "is no line of [light]; write it like `keep, handle, good`"),
    ],
)
def test_what_is_wrong_in_a_thesaurus_is_said_with_its_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "words.txt"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadSetting) as refused:
        read_thesaurus(path)

    assert str(refused.value).startswith(str(path))
    assert problem in str(refused.value)


def test_a_thesaurus_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"

    with pytest.raises(
        BadSetting, match=r"words\.txt: no such thesaurus file; name an existing te"
    ):
        read_thesaurus(path)
    path.write_bytes(b"[near]\ncaf\xe9, bar")
    with pytest.raises(BadSetting, match=r"words\.txt: not a readable text file: save it as UTF-8"):
        read_thesaurus(path)


def test_blanks_do_not_matter_in_a_thesaurus(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeff# Words\r\n[toward]\r\n down=>outage ,went down \r\n", "utf-8")

    (rule,) = read_thesaurus(path).rules
    assert (rule.relation, rule.sources) == ("toward", ("down",))
    assert rule.targets == ("outage", "went down")


def test_a_word_is_told_from_those_that_it_begins_however_short_it_is() -> None:
    rows = WordRows({"c": ["1"], "go": ["2", "30"], "golang": ["3"], "gopher": []})

    assert {word: rows.find(word) for word in ("c", "go", "golang", "gopher", "g", "gop", "")} == {
        "c": ["1"],
        "go": ["2", "30"],
        "golang": ["3"],
        "gopher": [],
        "g": [],
        "gop": [],
        "": [],
    }
    begun = {beginning: set(rows.begun(beginning)) for beginning in ("g", "gop", "gola", "d")}
    assert begun == {
        "g": {"go", "golang", "gopher"},
        "gop": {"gopher"},
        "gola": {"golang"},
        "d": set(),
    }


def test_words_are_found_by_their_stem_and_few_letters_are_kept() -> None:
    rows = WordRows(dict.fromkeys(("cache", "caching", "café", "queue"), ()))
    stemmed = Stemmed(rows.begun)
    assert stemmed.of("cach") == ["cache", "caching"]
    assert stemmed.of("ca") == []
    tracemalloc.start()
    for sign in map(chr, range(0x4E00, 0x6E00)):
        assert not stemmed.of(sign)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert kept < 1_000_000
