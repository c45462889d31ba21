"""Front matter as the sites of other podcasts write it, read from their repositories."""

import os
from datetime import date
from pathlib import Path

import pytest

from index.days import as_date
from index.reader import Reading, read_site
from index.values import as_seconds
from search.episode import Episode
from search.settings import load_settings


def read(root: Path, files: dict[str, str], **flags: str) -> Reading:
    """A site of `files`; keywords are settings of [site]."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
        # What was written just now is waited for.
        os.utime(root / name, (1e9, 1e9))
    settings = load_settings(flags={f"site.{name}": value for name, value in flags.items()})
    return read_site(root, settings)


def only(reading: Reading) -> Episode:
    (episode,) = reading.show.episodes
    return episode


DAYS = [
    "2021-06-05",
    "2021-06-05T08:36:13-05:00",
    "2021-06-05 08:00:00 +0100",
    "2021/06/05",
    "2021.6.5",
    "20210605",
    "05.06.2021",
    "5. 6. 2021, 12:00",
    "Sat, 05 Jun 2021 09:30:21 +0000",
    "5 June 2021",
    "June 5, 2021",
    "Jun 5th 2021",
    "Sat Jun 05 2021 02:00:00 GMT+0200",
    "1622880000",
    "1622880000685",
]


@pytest.mark.parametrize("written", DAYS)
def test_a_day_is_read_in_all_the_ways_that_people_write_it(written: str) -> None:
    assert as_date(written) == date(2021, 6, 5)


@pytest.mark.parametrize(
    "written",
    [
        "2021-02-30",
        "30.02.2021",
        "20211340",
        "Foo 5, 2021",
        "05/06/2021",
        "5-6-2021",
        "2021",
        "",
        "9" * 9,
        "2021060512",
    ],
)
def test_what_is_no_day_or_may_be_two_is_none(written: str) -> None:
    assert as_date(written) is None


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("PT42M30S", 2550),
        ("PT00H58M09S", 3489),
        ("PT1H", 3600),
        ("45 min", 2700),
        ("45 minutes", 2700),
        ("1h 5m", 3900),
        ("1 hour, 5 minutes", 3900),
        ("1h02m03s", 3723),
        ("12m34.5s", 754),
        ("an hour", None),
        ("PT", None),
        ("", None),
    ],
)
def test_a_duration_may_be_written_with_its_units(written: str, seconds: int | None) -> None:
    assert as_seconds(written) == seconds


def test_a_length_in_bytes_is_no_duration(tmp_path: Path) -> None:
    reading = read(
        tmp_path, {"a.md": "---\ntitle: A\nlength: 14371518\n---\n"}, url="https://a.example"
    )
    assert (only(reading).duration, reading.findings) == (None, ())


def test_keys_may_be_written_in_one_word_or_in_several(tmp_path: Path) -> None:
    head = "title: A\nepisodeNumber: 7\naudioUrl: https://a.example/a.mp3\npubDate: 2021-06-05\n"
    episode = only(read(tmp_path, {"a.md": f"---\n{head}---\n"}))
    assert (episode.number, episode.date) == (7, date(2021, 6, 5))
    assert episode.audio_url == "https://a.example/a.mp3"


@pytest.mark.parametrize(
    ("line", "number", "seconds"),
    [
        ("itunes-episode: 7", 7, None),
        ("podcast_episode_number: 7", 7, None),
        ("durationSeconds: 4647", None, 4647),
        ("itunes-duration: 1327", None, 1327),
        ("length_second: 4340", None, 4340),
    ],
)
def test_keys_may_be_called_as_feeds_call_them(
    line: str, number: int | None, seconds: int | None, tmp_path: Path
) -> None:
    text = f"---\ntitle: A\npublicationDate: 2021-06-05\n{line}\n---\n"
    episode = only(read(tmp_path, {"a.md": text}))
    assert (episode.number, episode.duration) == (number, seconds)
    assert episode.date == date(2021, 6, 5)


def test_a_name_is_a_title_before_a_heading_of_the_text(tmp_path: Path) -> None:
    text = "---\nname: Ada Lovell\n---\nOf bells.\n\n# Links\n"
    assert only(read(tmp_path, {"a.md": text})).title == "Ada Lovell"
    text = text.replace("name", "episodeTitle: Bells\nname")
    assert only(read(tmp_path, {"a.md": text})).title == "Bells"


MDX = """\
---
title: Bells
---
import Player from '../components/Player.astro';

{/* What it is
about */}
Of bells.

{/* Times */}
1:00 One
2:00 Two

{/* What was said */}

<Player src="/a.mp3" />
"""


def test_comments_and_imports_of_mdx_are_no_text(tmp_path: Path) -> None:
    text = MDX.replace("2:00 Two", "2:00 Two\n3:00")
    reading = read(tmp_path, {"a.mdx": text}, url="https://a.example")
    episode = only(reading)
    assert [moment.text for moment in episode.moments] == ["One", "Two"]
    assert episode.paragraphs == ("Of bells.",)
    # Their lines are counted.
    assert [found.line for found in reading.findings] == [text.split("\n").index("3:00") + 1]
    assert "import Player" in only(read(tmp_path / "md", {"a.md": MDX})).paragraphs[0]


def test_hugo_does_not_mind_whether_keys_are_capital(tmp_path: Path) -> None:
    head = (
        'Title = "Lutes"\nDescription = "Of wood"\nDate = 2021-06-05T08:36:13-05:00\nTags = ["a"]\n'
    )
    files = {"hugo.toml": "baseURL = 'https://a.example'\n", "content/a.md": f"+++\n{head}+++\n"}
    reading = read(tmp_path, files)
    episode = only(reading)
    assert (episode.title, episode.description) == ("Lutes", "Of wood")
    assert (episode.date, [tag.name for tag in episode.tags]) == (date(2021, 6, 5), ["a"])


PERMALINKS = {
    "permalink: false": "/a",
    "permalink: 3/index.html": "/3/",
    "permalink: /e/3/index.html": "/e/3/",
    "permalink: /e/3.html": "/e/3.html",
}


@pytest.mark.parametrize("line", PERMALINKS)
def test_permalinks_mean_what_eleventy_means(line: str, tmp_path: Path) -> None:
    reading = read(tmp_path, {"a.md": f"---\ntitle: A\n{line}\n---\n"}, url="https://a.example")
    assert only(reading).url == f"https://a.example{PERMALINKS[line]}"
    assert reading.findings == ()


def test_published_may_say_when_or_that_it_is(tmp_path: Path) -> None:
    files = {
        "a.md": '---\ntitle: A\npublished: "Mon, 24 Aug 2015 15:00:00 +0000"\n---\n',
        "b.md": "---\ntitle: B\npublished: true\n---\n",
        "c.md": "---\ntitle: C\npublished: false\n---\n",
    }
    reading = read(tmp_path, files, url="https://a.example")
    assert [episode.date for episode in reading.show.episodes] == [date(2015, 8, 24), None]
    assert reading.findings == ()


PEOPLE = {
    "a page": {"_people/alovell.md": "---\ntitle: Ada Lovell\n---\n"},
    "a page of data": {"_guests/alovell.md": "---\nname: Ada Lovell\ntitle: Countess\n---\n"},
    "a bundle": {"content/guests/alovell/_index.md": '+++\nTitle = "Ada Lovell"\n+++\n'},
    "a mapping": {
        "_data/guests.yml": "alovell:\n  name: Ada Lovell\n  bio: |\n    of\n\n    bells\n"
    },
    "a mapping of names": {"_data/people.yml": "# Who is who\n---\nalovell: Ada Lovell\n"},
    "a list": {"_data/people.yml": "- id: alovell\n  name: Ada Lovell\n- 7\n- {id: b}\n"},
    "a list in JSON": {"_data/guests.json": '[{"slug": "alovell", "name": "Ada Lovell"}, []]'},
}


@pytest.mark.parametrize("where", PEOPLE)
def test_a_guest_is_called_as_the_site_says(where: str, tmp_path: Path) -> None:
    episode = "---\ntitle: Bells\nguests: [alovell, bek]\naudio: /a.mp3\n---\n"
    files = {"_config.yml": "url: https://a.example\n", "_posts/2021-01-01-a.md": episode}
    if "content/" in next(iter(PEOPLE[where])):
        files = {"hugo.toml": "baseURL = 'https://a.example'\n", "content/ep/a.md": episode}
    reading = read(tmp_path, files | PEOPLE[where])
    assert only(reading).guests == ("Ada Lovell", "bek")
    assert reading.findings == ()


def test_data_that_say_where_people_are_do_not_name_them(tmp_path: Path) -> None:
    files = {
        "_config.yml": "url: https://a.example\n",
        "_posts/2021-01-01-a.md": "---\ntitle: Bells\nguests: [Ada Lovell, bek]\n---\n",
        "_data/people.yml": "Ada Lovell: '@ada'\nbek: https://bek.example\n",
    }
    assert only(read(tmp_path, files)).guests == ("Ada Lovell", "bek")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_people/alovell.md", "---\ntitle: [\n---\n"),
        ("_people/alovell.md", "\udcff"),
        ("_data/people.yml", "alovell: [unclosed\n"),
        ("_data/people.json", "[" * 100_000),
        ("_data/people.yml", "7"),
    ],
)
def test_people_who_cannot_be_read_keep_no_episode_back(
    name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    os.utime(tmp_path / name, (1e9, 1e9))
    files = {
        "_config.yml": "url: https://a.example\n",
        "_posts/2021-01-01-a.md": "---\ntitle: Bells\nguests: [alovell]\n---\n",
    }
    assert only(read(tmp_path, files)).guests == ("alovell",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("folder", ["_data", "_people/alovell", "_people"])
def test_people_in_a_folder_that_may_not_be_read_keep_no_episode_back(
    folder: str, tmp_path: Path
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder).chmod(0)
    files = {
        "_config.yml": "url: https://a.example\n",
        "_posts/2021-01-01-a.md": "---\ntitle: Bells\nguests: [alovell]\n---\n",
    }
    try:
        assert only(read(tmp_path, files)).guests == ("alovell",)
    finally:
        (tmp_path / folder).chmod(0o700)


@pytest.mark.parametrize("link", ["_data", "_people/alovell", "_people"])
def test_people_are_not_read_through_a_link(link: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for name in ("people.yml", "index.md", "alovell.md"):
        text = "alovell: A Secret\n" if name.endswith("yml") else "---\nname: A Secret\n---\n"
        (elsewhere / name).parent.mkdir(exist_ok=True)
        (elsewhere / name).write_text(text)
        os.utime(elsewhere / name, (1e9, 1e9))
    files = {
        "_config.yml": "url: https://a.example\n",
        "_posts/2021-01-01-a.md": "---\ntitle: Bells\nguests: [alovell]\n---\n",
    }
    site = tmp_path / "site"
    (site / link).parent.mkdir(parents=True)
    (site / link).symlink_to(elsewhere)
    assert only(read(site, files)).guests == ("alovell",)


GUEST_KEYS = ["guests", "Gast", "gäste", "invité", "invitées", "invitados", "ospiti", "convidada"]


@pytest.mark.parametrize("key", GUEST_KEYS)
def test_guests_are_found_under_the_words_of_other_languages(key: str, tmp_path: Path) -> None:
    text = f"---\ntitle: Bells\n{key}: Ada Lovell\ninvite: https://chat.example\n---\n"
    assert only(read(tmp_path, {"a.md": text})).guests == ("Ada Lovell",)


def test_pages_of_guests_sponsors_and_a_blog_are_no_episodes(tmp_path: Path) -> None:
    dated = "+++\ntitle = 'Ada Lovell'\ndate = 2018-01-01\n+++\nWords.\n"
    files = {
        "hugo.toml": "baseURL = 'https://a.example'\n",
        "content/about.md": dated,
        "content/guest/alovell.md": dated,
        "content/sponsor/acme.md": dated.replace("date", "tags = ['x']\ndate"),
        "content/blog/2018/news.md": dated,
        "content/episode/a.md": dated.replace("date", "guests = ['alovell']\nepisode = 1\ndate"),
        "content/episode/b.md": dated.replace("date", "guests = ['alovell']\ndate"),
    }
    reading = read(tmp_path, files)
    assert [e.path for e in reading.show.episodes] == [
        "content/episode/a.md",
        "content/episode/b.md",
    ]
    assert reading.findings == ()
    assert dict(reading.left_out)["content/guest/alovell.md"] == (
        "a page and no episode: nothing in content/guest has a recording, topics or a number"
    )


def test_where_no_section_has_a_recording_all_that_is_dated_are_episodes(tmp_path: Path) -> None:
    dated = "+++\ntitle = 'Bells'\ndate = 2018-01-01\n+++\nWords.\n"
    files = {"hugo.toml": "baseURL = 'https://a.example'\n", "content/one/a.md": dated}
    reading = read(tmp_path, files | {"content/two/10-b.md": dated})
    assert len(reading.show.episodes) == 2


def test_the_name_of_an_audio_file_is_answered_with_where_to_say_its_folder(tmp_path: Path) -> None:
    files = {"a.md": "---\ntitle: A\naudioFile: FwB-001.mp3\n---\n"}
    (found,) = read(tmp_path, files, url="https://a.example").findings
    assert (found.line, found.code) == (3, "bad-url")
    assert "the name of a file; say where such files are in `mp3_url_path`" in found.message
    there = read(tmp_path, files, url="https://a.example", audio_prefix="https://cdn.example/ep/")
    assert only(there).audio_url == "https://cdn.example/ep/FwB-001.mp3"
    assert there.findings == ()
    hugo = {"hugo.toml": "baseURL = 'https://a.example'\n", "content/a.md": files["a.md"]}
    (found,) = read(tmp_path / "hugo", hugo).findings
    assert "say where such files are in `media_prefix` of [params] or" in found.message


def test_notes_in_the_front_matter_are_part_of_the_text(tmp_path: Path) -> None:
    head = (
        "title: A\nintro: |\n  Of **bells**\n  and ropes.\n\n  Of [iron](https://a.example).\n"
        "points:\n  - How they ring\n  - {a: b}\n  - Ropes\n"
        "showNotes: |\n  0:10 Hello\n  1:00 A bell\n"
        "transcript: /a.vtt\nnotes: {a: b c}\nhighlights: 7\nintroduction:\n"
    )
    episode = only(read(tmp_path, {"a.md": f"---\n{head}---\nWords.\n"}))
    assert [moment.text for moment in episode.moments] == ["Hello", "A bell"]
    assert episode.paragraphs == (
        *("Words.", "Of bells and ropes.", "Of iron."),
        *("How they ring", "Ropes"),
    )


def test_no_word_of_the_notes_is_lost_where_the_moments_stand_elsewhere(tmp_path: Path) -> None:
    said = "\n\n".join(f"  0:0{n % 10} Ada: Of bell{n} and rope." for n in range(400))
    head = f"title: A\nnotes: |\n  Of\n  - 0:30 One bell\ntranscript: |\n{said}\n"
    body = "- 0:10 Hello\n- 1:00 A bell\n"
    episode = only(read(tmp_path, {"a.md": f"---\n{head}---\n{body}"}))
    assert [moment.text for moment in episode.moments] == ["Hello", "A bell"]
    words = " ".join(episode.paragraphs).split()
    assert words[:5] == ["Of", "-", "0:30", "One", "bell"]
    assert [word for word in words if word.startswith("bell")][1:] == [
        f"bell{n}" for n in range(400)
    ]


def test_notes_may_be_in_a_script_without_blanks(tmp_path: Path) -> None:
    text = "---\ntitle: A\nnotes: 鐘の話です。\ntranscript: /a.vtt\n---\n"
    assert only(read(tmp_path, {"a.md": text})).paragraphs == ("鐘の話です。",)


def test_points_with_times_are_moments_and_no_text_beside(tmp_path: Path) -> None:
    head = "title: A\npoints:\n  - 0:10 How they ring\n  - 1:00 How they hang\n"
    episode = only(read(tmp_path, {"a.md": f"---\n{head}---\nWords.\n"}))
    assert [moment.text for moment in episode.moments] == ["How they ring", "How they hang"]
    assert episode.paragraphs == ("Words.",)


@pytest.mark.parametrize(
    "written", ["{3: fine bells}, {5: best}", "{at: 5, title: B}, {at: 7, title: C}"]
)
def test_a_list_of_small_numbers_counts_something_else_than_seconds(
    written: str, tmp_path: Path
) -> None:
    assert (
        only(read(tmp_path, {"a.md": f"---\ntitle: A\nratings: [{written}]\n---\n"})).moments == ()
    )


@pytest.mark.parametrize(
    "written",
    ["<p>Of <b>bells</b> &amp; ropes.</p><p>Of iron.</p>", "Of **bells** & [ropes](/r). Of iron."],
)
def test_a_description_says_what_a_reader_of_the_page_would_see(
    written: str, tmp_path: Path
) -> None:
    episode = only(read(tmp_path, {"a.md": f"---\ntitle: A\ndescription: {written!r}\n---\n"}))
    assert episode.description == "Of bells & ropes. Of iron."


CLIPS = "clips:\n  - {name: Bells, startOffset: 60}\n  - {name: Ropes, startOffset: 90}\n"


@pytest.mark.parametrize(("clips", "body"), [(CLIPS, ""), ("", "- 1:00 Bells\n- 1:30 Ropes\n")])
def test_a_transcript_in_the_front_matter_says_when_who_said_what(
    clips: str, body: str, tmp_path: Path
) -> None:
    head = (
        f"title: A\n{clips}"
        "transcript:\n  - header: Bells\n  - {line: Of bells., sec: 60, time: '1:00', who: Ada}\n"
        "  - {line: Of iron ones., who: Ada}\n  - {text: Indeed., start: 1:10}\n  - 7\n"
    )
    reading = read(tmp_path, {"a.md": f"---\n{head}---\n{body}"}, url="https://a.example")
    assert [(moment.start, moment.text) for moment in only(reading).moments] == [
        (60, "Bells"),
        (60, "Ada: Of bells. Of iron ones."),
        (70, "Indeed."),
        (90, "Ropes"),
    ]
    assert reading.findings == ()
