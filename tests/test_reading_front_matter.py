"""Front matter of all kinds: what it means, where its keys stand, and what is not believed."""

import pytest

from index.front_matter import split_front_matter
from index.plain_text import BadDocument


def values(text: str) -> dict[str, object]:
    return split_front_matter(f"---\n{text}\n---\nbody").values


SURPRISES = {
    "duration: 27:13": "27:13",
    "duration: 1:02:03": "1:02:03",
    "number: 010": "010",
    "title: no": "no",
    "title: on": "on",
    "title: 1.10": "1.10",
    "title: 2024-01-01": "2024-01-01",
    "date: 2024-02-30": "2024-02-30",
    "bytes: 1_000": "1_000",
    "odd: 0x1F": "0x1F",
    "merge: <<": "<<",
    "none: null": None,
    "nothing:": None,
    'text: "null"': "null",
    "flag: true": True,
    'text: "true"': "true",
}


@pytest.mark.parametrize("line", SURPRISES)
def test_yaml_has_no_surprises(line: str) -> None:
    (value,) = values(line).values()
    assert value == SURPRISES[line]


def test_each_key_and_item_knows_its_line() -> None:
    front = split_front_matter(
        "---\na: 1\ntags:\n  - x\n  - y\n\nb: >\n  long\n  text\nc: 2\n---\nbody\n"
    )
    assert [front.line(key) for key in ("a", "tags", "b", "c")] == [2, 3, 7, 10]
    assert [front.line("tags", item) for item in (0, 1)] == [4, 5]
    assert (front.body, front.body_line) == ("body\n", 12)


def test_toml_between_pluses_is_front_matter() -> None:
    front = split_front_matter('+++\ntitle = "A"\ndate = 2024-03-04\ntags = ["x"]\n+++\nbody')
    assert front.values == {"title": "A", "date": "2024-03-04", "tags": ["x"]}
    assert front.line("tags") == 4
    assert front.body == "body"


@pytest.mark.parametrize("fence", ["", "---\n"])
def test_lines_above_a_blank_one_are_front_matter(fence: str) -> None:
    head = "Title: A: b\nDate: 2024-03-04 10:20\nSummary: Of\n    bells\nEmpty:\nEpisode: 7\n"
    front = split_front_matter(f"{head}{fence}\nWords: none\n")
    assert front.values == {
        "title": "A: b",
        "date": "2024-03-04 10:20",
        "summary": "Of bells",
        "empty": "",
        "episode": "7",
    }
    assert (front.line("episode"), front.body.strip()) == (6, "Words: none")
    assert front.body_line == 7


@pytest.mark.parametrize(
    "text",
    [
        "Ada: Hello\nBo: Thanks\n\nWords",
        "Title: A\nof words\n\nWords",
        "\nTitle: A\n\nWords",
        "Title",
    ],
)
def test_lines_that_are_no_title_or_more_than_keys_are_text(text: str) -> None:
    front = split_front_matter(text)
    assert (front.values, front.body) == ({}, text)


def test_json_is_front_matter() -> None:
    front = split_front_matter('{\n  "title": "A",\n  "episode": 7\n}\n\nbody')
    assert front.values == {"title": "A", "episode": "7"}
    assert front.line("episode") == 3
    assert front.body.strip() == "body"


def test_no_front_matter_is_all_body() -> None:
    front = split_front_matter("# Title\n\nbody")
    assert (front.values, front.body, front.body_line) == ({}, "# Title\n\nbody", 1)


def test_dashes_in_the_body_are_body() -> None:
    assert split_front_matter("---\na: 1\n---\none\n\n---\n\ntwo").body == "one\n\n---\n\ntwo"


def test_dashes_inside_a_value_do_not_end_the_front_matter() -> None:
    assert values("text: |\n  one\n  ---\n  two\nb: 1")["b"] == "1"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("+++\na = \n+++\n", 2),
        ("+++\na = 1\na = 2\nb = 3\n+++\n", 3),
        ("+++\na = 1\n", 1),
        ('{"a": 1', 1),
        ('{"a": 1,\n "b": }', 2),
        ('{"a":' * 100_000, 1),
        (f'{{"a": {"[" * 500}{"]" * 500}}}', 1),
        (f"+++\na = {'[' * 100}{']' * 100}\n+++\n", 1),
        ("---\na: 1\n", 1),
        ("---\na: é\nb: \x0c\n---\n", 3),
        ("---", 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadDocument) as refused:
        split_front_matter(text)
    assert refused.value.line == line


def test_front_matter_that_is_too_long_is_refused_with_the_way_out() -> None:
    with pytest.raises(BadDocument, match="longer than 64 KiB; move texts to the body"):
        values(f"notes: {'x' * 65_536}")


HARD = {
    "keys": "title: a\n" * 50_000,
    "lines that go on": "title: a\n" + " b\n" * 50_000 + "c",
    "blank lines that go on": ("title: a\n" + " " * 3_000 + "\n") * 50 + "c",
    "blanks": "title:" + " " * 100_000 + "\nc",
    "a key without an end": "a-" * 50_000,
}


@pytest.mark.parametrize("what", HARD)
def test_hard_heads_take_time_in_proportion_to_their_length(what: str) -> None:
    # Not a test of speed: with a pattern that is not linear this does not end.
    assert split_front_matter(HARD[what]).body
