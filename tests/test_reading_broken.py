"""Broken copies of a good episode: each is reported on the right line, and all else is served."""

import os
import socket
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.findings import Severity
from index.reader import Reading
from search.errors import UsageError
from tests.small_site import CONFIG, EPISODE, NAME, line_of, read, read_one, said, write_site

TITLE = 'title: "A Bell That Rings Itself"'
GUEST = 'guest: "Ada Lovell"'
TAGS = 'tags:\n  - "python"\n  - "redis"\n'


def with_key(line: str) -> str:
    """The good episode with one more line in its front matter, in front of the title."""
    return EPISODE.replace(TITLE, f"{line}\n{TITLE}")


# What is broken, by replacing the first text by the second → the line (that of the third text in
# the broken file, or a number) and the code of the only finding.
LEFT_OUT: dict[str, tuple[str, str, str | int]] = {
    "front matter that is never closed": ("---\n\nIn this", "\n\nIn this", 1),
    "a bracket that is never closed": (GUEST, "key: [unclosed\n" + GUEST, "key: [unclosed"),
    "a quote that is never closed": (TITLE, "title: 'A Bell", "title: 'A Bell"),
    "a tab for indentation": (GUEST, "key:\n\tinner: 1\n" + GUEST, "\tinner"),
    "an alias to nothing": (GUEST, "a: *nope\n" + GUEST, "a: *nope"),
    "an anchor": (GUEST, "a: &x [1]\n" + GUEST, "a: &x"),
    "a list that holds itself": (GUEST, "x: &x [*x]\n" + GUEST, "x: &x"),
    "a title that is there twice": (GUEST, TITLE + "\n" + GUEST, 12),
    "a tag that makes objects": (
        GUEST,
        "x: !!python/object/apply:os.system [id]\n" + GUEST,
        "x: !!python",
    ),
    "a binary tag": (GUEST, "x: !!binary aGk=\n" + GUEST, "x: !!binary"),
    "a set": (GUEST, "x: !!set {a, b}\n" + GUEST, "x: !!set"),
    "a tag of one's own": (GUEST, "x: !mine 1\n" + GUEST, "x: !mine"),
    "nesting without an end": (GUEST, f"x: {'[' * 10_000}\n{GUEST}", "x: [["),
    "nesting that is too deep": (GUEST, f"x: {'[' * 30}{']' * 30}\n{GUEST}", "x: [["),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_front_matter_that_cannot_be_trusted_leaves_the_file_out(what: str, tmp_path: Path) -> None:
    old, new, where = LEFT_OUT[what]
    broken = EPISODE.replace(old, new, 1)
    assert broken != EPISODE
    reading = read_one(tmp_path, broken, good=2)
    line = where if isinstance(where, int) else line_of(broken, where)
    assert said(reading) == [(line, "bad-front-matter")]
    assert [path for path, _ in reading.left_out] == [NAME]
    assert len(reading.show.episodes) == 2


@pytest.mark.parametrize("top", ["- a\n- b", "a text", "12", "[1, 2]"])
def test_front_matter_that_is_no_mapping_leaves_the_file_out(top: str, tmp_path: Path) -> None:
    reading = read_one(tmp_path, f"---\n{top}\n---\n\n# Title\n", good=1)
    assert said(reading) == [(2, "bad-front-matter")]


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor(tmp_path: Path) -> None:
    bomb = ["a0: &a0 [x, x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    reading = read_one(tmp_path, with_key("\n".join(bomb)), good=1)
    assert [code for _, code in said(reading)] == ["bad-front-matter"]


def test_a_megabyte_of_front_matter_leaves_the_file_out(tmp_path: Path) -> None:
    reading = read_one(tmp_path, with_key(f"x: {'y' * 1_000_000}"), good=1)
    assert [code for _, code in said(reading)] == ["bad-front-matter"]


WARNED: dict[str, tuple[str, str, str, str]] = {
    "a day that is in no calendar": (GUEST, f"date: 2024-02-30\n{GUEST}", "date:", "bad-date"),
    "a day of zeros": (GUEST, f"date: 0000-00-00\n{GUEST}", "date:", "bad-date"),
    "a year of five digits": (GUEST, f"date: 99999-01-01\n{GUEST}", "date:", "bad-date"),
    "a duration in words": ('"1:06:33"', '"an hour"', "mp3_duration", "bad-duration"),
    "duration and bytes swapped": (
        'mp3_bytes: "64061022"\nmp3_duration: "1:06:33"',
        'mp3_bytes: "1:06:33"\nmp3_duration: "64061022"',
        "mp3_duration",
        "swapped-duration",
    ),
    "a malformed time": ("- 38:32 --", "- 38-32 --", "- 38-32", "malformed-time"),
    "a time with too many seconds": ("- 38:32 --", "- 38:72 --", "- 38:72", "malformed-time"),
    "a time of 99:99": ("- 38:32 --", "- 99:99 --", "- 99:99", "malformed-time"),
    "a time of 1:60": ("- 1:36 --", "- 1:60 --", "- 1:60", "malformed-time"),
    "a time below zero": ("- 1:36 --", "- -1:00 --", "- -1:00", "malformed-time"),
    "a time in wide digits": ("- 12:04 --", "- １２：３０ --", "- １２", "malformed-time"),
    "a time of five parts": ("- 12:04 --", "- 1:1:1:1:1 --", "- 1:1:1", "malformed-time"),
    "times that fall": ("- 12:04 --", "- 0:40 --", "- 0:40", "time-falls"),
    "times that are equal": ("- 12:04 --", "- 1:36 --", "- 1:36 -- Ropes", "repeated-time"),
    "a time past the end": ("- 1:03:30 --", "- 1:33:30 --", "- 1:33:30", "time-past-end"),
    "a time without words": (
        "- 12:04 -- Ropes, motors and Redis",
        "- 12:04 --",
        "- 12:04",
        "no-topic-text",
    ),
    "a variable that is not set": (
        "page.guest }}",
        "page.gust }}",
        "page.gust",
        "undefined-variable",
    ),
    "a variable of nobody": ("page.guest }}", "guest.twitter }}", "guest.tw", "undefined-variable"),
    "a setting that is not set": (
        "page.guest }}",
        "site.nope.a }}",
        "site.nope",
        "undefined-variable",
    ),
    "a tag that is listed twice": (
        TAGS,
        TAGS + '  - "python"\n',
        '  - "python"\ntitle',
        "repeated-tag",
    ),
    "an address that says nothing": (
        "https://ada.example",
        "#",
        "guest_website",
        "placeholder-url",
    ),
    "an address that runs a script": (
        "https://ada.example",
        "javascript:alert(1)",
        "guest_website",
        "bad-url",
    ),
    "no guest": (f"{GUEST}\n", "", "---", "no-guest"),
    "no tags": (TAGS, "", "---", "no-tags"),
    "an empty list of tags": (TAGS, "tags: []\n", "tags", "no-tags"),
}


@pytest.mark.parametrize("what", WARNED)
def test_what_is_odd_is_reported_on_its_line_and_published(what: str, tmp_path: Path) -> None:
    old, new, where, code = WARNED[what]
    broken = EPISODE.replace(old, new, 1)
    if what == "no guest":
        broken = broken.replace("{{ page.guest }}", "Ada")
    assert broken != EPISODE
    reading = read_one(tmp_path, broken, good=3)
    found = [(line, said_code) for line, said_code in said(reading)]
    if code in ("no-tags", "no-guest"):
        assert [said_code for _, said_code in found] == [code]
    else:
        assert found == [(line_of(broken, where), code)]
    assert all(finding.severity is Severity.WARNING for finding in reading.findings)
    assert reading.left_out == ()
    assert len(reading.show.episodes) == 4


def test_the_good_episode_is_good(tmp_path: Path) -> None:
    reading = read_one(tmp_path, EPISODE, good=3)
    assert said(reading) == []
    assert reading.findings == ()


def test_no_topics_are_reported_where_the_others_have_some(tmp_path: Path) -> None:
    begin, end = EPISODE.index("## Topics"), EPISODE.index("## Links")
    reading = read_one(tmp_path, EPISODE[:begin] + EPISODE[end:], good=3)
    assert [code for _, code in said(reading)] == ["no-topics"]


def test_neither_title_nor_heading_leaves_the_file_out(tmp_path: Path) -> None:
    bare = EPISODE.replace(TITLE + "\n", "").replace("## ", "**").replace("\n- ", "\n* ")
    reading = read_one(tmp_path, bare, good=1)
    assert [code for _, code in said(reading)] == ["no-title"]
    assert len(reading.show.episodes) == 1


def test_two_files_of_one_page_are_both_named_and_left_out(tmp_path: Path) -> None:
    other = NAME.replace("2024-03-04", "2024-03-05")
    reading = read(write_site(tmp_path, {NAME: EPISODE, other: EPISODE}))
    for path, different in ((NAME, other), (other, NAME)):
        (found,) = [f for f in reading.findings if f.path == path]
        assert (found.severity, found.code) == (Severity.ERROR, "same-page")
        assert different in found.message
    assert reading.show.episodes == ()
    assert [path for path, _ in reading.left_out] == [NAME, other]


BYTES: dict[str, bytes] = {
    "UTF-16": EPISODE.encode("utf-16"),
    "Latin-1": EPISODE.replace("Ada", "Zoë").encode("latin-1"),
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
    "zeros": b"\0" * 1000,
    "over 5 MiB": (EPISODE + "word " * 1_200_000).encode(),
}


@pytest.mark.parametrize("what", BYTES)
def test_what_is_no_text_is_left_out(what: str, tmp_path: Path) -> None:
    reading = read_one(tmp_path, BYTES[what], good=1)
    found = [code for _, code in said(reading)]
    assert found in (["unreadable-file"], ["no-title"])
    assert len(reading.show.episodes) == 1
    assert [path for path, _ in reading.left_out] == [NAME]


def test_where_the_text_stops_being_utf_8_is_said(tmp_path: Path) -> None:
    raw = EPISODE.encode().replace(b"Ropes", b"R\xf6pes")
    reading = read_one(tmp_path, raw, good=1)
    (found,) = [f for f in reading.findings if f.path == NAME]
    assert found.line == line_of(EPISODE, "Ropes")
    assert str(raw.index(b"\xf6")) in found.message.replace(",", "")


@pytest.mark.parametrize(
    "text",
    [
        *("\ufeff" + EPISODE, EPISODE.replace("\n", "\r\n")),
        *("\ufeff" + EPISODE.replace("\n", "\r\n"), EPISODE.replace("opes", "o\u00adpes")),
    ],
    ids=["a byte order mark", "CRLF", "both", "soft hyphens"],
)
def test_marks_and_line_ends_of_other_systems_change_nothing(text: str, tmp_path: Path) -> None:
    plain = read_one(tmp_path / "a", EPISODE, good=1)
    other = read_one(tmp_path / "b", text, good=1)
    assert other.show.episodes == plain.show.episodes
    assert other.findings == ()


def link_to_a_password_file(place: Path) -> None:
    place.symlink_to("/etc/passwd")


def link_to_itself(place: Path) -> None:
    place.symlink_to(place)


def link_to_endless_zeros(place: Path) -> None:
    place.symlink_to("/dev/zero")


def folder_elsewhere(place: Path) -> None:
    elsewhere = place.parent.parent.parent.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "2024-01-01-1-x.md").write_text(EPISODE)
    place.with_suffix("").symlink_to(elsewhere)


def pipe(place: Path) -> None:
    os.mkfifo(place)


def a_socket(place: Path) -> None:
    here = os.getcwd()
    os.chdir(place.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(here)


def folder_with_a_file_name(place: Path) -> None:
    place.mkdir()


def sparse(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(10 * 1024**3)


def empty(place: Path) -> None:
    place.touch()


@pytest.mark.parametrize(
    "make",
    [
        link_to_a_password_file,
        link_to_itself,
        link_to_endless_zeros,
        folder_elsewhere,
        pipe,
        a_socket,
        folder_with_a_file_name,
        sparse,
        empty,
    ],
)
def test_what_is_no_file_of_the_site_is_not_read(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    good = "_posts/podcast/2024-01-01-1-good.md"
    root = write_site(tmp_path / "site", {good: EPISODE})
    make(root / "_posts" / "podcast" / "2024-02-02-2-x.md")
    reading = read(root)
    assert [episode.path for episode in reading.show.episodes] == [good]
    named = {finding.path.removesuffix(".md") for finding in reading.findings}
    assert named <= {"_posts/podcast/2024-02-02-2-x"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_left_out(tmp_path: Path) -> None:
    root = write_site(tmp_path, {NAME: EPISODE, NAME.replace("-7-", "-8-"): EPISODE})
    (root / NAME).chmod(0)
    reading = read(root)
    assert said(reading) == [(1, "unreadable-file")]


NAMES = [
    'a "quoted" name.md',
    "-rf.md",
    "two\nlines.md",
    "ä.md",
    "a\u0308.md",
    "x" * 252 + ".md",
    "CON.md",
]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_of_files_are_names(name: str, tmp_path: Path) -> None:
    reading = read(write_site(tmp_path, {f"_posts/{name}": EPISODE}))
    for episode in reading.show.episodes:
        assert episode.url.isascii()
        assert not set(episode.url) & set('\n "<>\\')
    assert reading.files <= 1


def test_a_name_that_is_no_text_is_reported(tmp_path: Path) -> None:
    root = write_site(tmp_path, {NAME: EPISODE})
    with open(os.fsencode(root) + b"/_posts/\xff.md", "w") as file:
        file.write(EPISODE)
    reading = read(root)
    assert [f.code for f in reading.findings] == ["unreadable-file"]
    assert reading.findings[0].path.isprintable()


@pytest.mark.parametrize(
    "name",
    [
        ".git/a.md",
        "_posts/.#a.md",
        "_posts/README.md",
        "_posts/Changelog.md",
        "_posts/a.md.swp",
        "_drafts/a.md",
    ],
)
def test_files_that_are_no_episodes_are_passed_over_silently(name: str, tmp_path: Path) -> None:
    reading = read(write_site(tmp_path, {NAME: EPISODE, name: "- [broken\n"}))
    assert (reading.files, reading.findings, reading.left_out) == (1, (), ())


@pytest.mark.parametrize("flag", ["draft: true", "published: false", "published: no"])
def test_drafts_are_left_out_silently_whatever_is_wrong_with_them(
    flag: str, tmp_path: Path
) -> None:
    text = with_key(flag).replace("- 38:32 --", "- 38-32 --")
    reading = read_one(tmp_path, text, good=1)
    assert reading.findings == ()
    assert [path for path, _ in reading.left_out] == [NAME]


def test_a_post_of_a_day_to_come_is_left_out_until_then_and_is_no_fault(tmp_path: Path) -> None:
    # Two days ahead, should midnight come in between.
    day = date.today() + timedelta(days=2)
    reading = read_one(tmp_path, with_key(f"date: {day}"), good=1)
    assert reading.findings == ()
    ((path, reason),) = reading.left_out
    assert path == NAME
    assert reason == f"dated {day}; shown from a reindex on that day on"


def test_a_post_of_a_day_to_come_is_shown_where_the_site_shows_it(tmp_path: Path) -> None:
    root = write_site(tmp_path, {NAME: with_key(f"date: {date.today() + timedelta(days=2)}")})
    (root / "_config.yml").write_text(f"{CONFIG}future: true\n")
    assert len(read(root).show.episodes) == 1


def test_a_post_of_today_is_shown(tmp_path: Path) -> None:
    assert read_one(tmp_path, with_key(f"date: {date.today()}")).left_out == ()


def test_half_of_a_surrogate_pair_is_named_as_what_it_is(tmp_path: Path) -> None:
    text = with_key('subtitle: "a bell \\ud83d\\ude00"')
    (found,) = read_one(tmp_path, text).findings
    assert (found.line, found.code) == (line_of(text, "subtitle"), "bad-front-matter")
    assert "no character by itself; write the character as it is" in found.message


def outcome(call: Callable[[], Reading]) -> str:
    with pytest.raises(UsageError) as raised:
        call()
    return str(raised.value)


def test_a_folder_that_is_not_there_is_named_with_the_way_out(tmp_path: Path) -> None:
    message = outcome(lambda: read(tmp_path / "nowhere"))
    assert str(tmp_path / "nowhere") in message
    assert "folder" in message


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in outcome(lambda: read(tmp_path / "file"))


def test_a_folder_without_episodes_is_named_with_the_way_out(tmp_path: Path) -> None:
    message = outcome(lambda: read(tmp_path))
    assert str(tmp_path) in message
    assert ".md" in message or "Markdown" in message


BAD_SETTINGS: dict[str, tuple[bytes, int]] = {
    "a bracket that is never closed": (b"url: https://a.example\ntitle: [X\n", 2),
    "a quote that is never closed": (b"url: https://a.example\ntitle: 'X\n", 2),
    "Latin-1": (b"title: Zo\xeb\n", 1),
    "a list": (b"- a\n", 1),
    "a tag that makes objects": (b"a: 1\nx: !!python/object/apply:os.system [id]\n", 2),
    "a bomb of aliases": (
        b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + b"".join(
            b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 9)
        ),
        5,
    ),
    "an alias to itself": (b"x: &x [*x]\n", 1),
}


@pytest.mark.parametrize("what", BAD_SETTINGS)
def test_settings_of_the_site_that_cannot_be_read_stop_everything(
    what: str, tmp_path: Path
) -> None:
    settings, line = BAD_SETTINGS[what]
    root = write_site(tmp_path, {NAME: EPISODE, "_config.yml": settings})
    assert f"{root}/_config.yml:{line}: " in outcome(lambda: read(root))


def test_settings_of_the_site_may_do_what_other_programs_allow(tmp_path: Path) -> None:
    settings = (
        "base: &base\n  permalink: /wrong\n  mp3_url_path: https://cdn.example/x-\n<<: *base\n"
        "url: https://one.example\nurl: https://two.example\npermalink: /:slug\n"
    )
    (episode,) = read(write_site(tmp_path, {NAME: EPISODE, "_config.yml": settings})).show.episodes
    assert episode.url == "https://two.example/7-a-bell-that-rings-itself"
    assert episode.audio_url == "https://cdn.example/x-7.mp3"
