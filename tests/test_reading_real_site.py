"""The real site, read with no configuration: what is known of it, to the last finding."""

import re
from collections import Counter
from pathlib import Path

import pytest

from index.reader import Reading, read_site
from search.episode import Episode
from search.settings import Settings


@pytest.fixture(scope="module")
def reading(real_site: Path) -> Reading:
    return read_site(real_site, Settings())


def episode(reading: Reading, start: str) -> Episode:
    return next(one for one in reading.show.episodes if one.id.startswith(start))


def test_it_has_116_episodes_and_3064_moments(reading: Reading) -> None:
    assert len(reading.show.episodes) == 116
    assert sum(len(episode.moments) for episode in reading.show.episodes) == 3064
    assert reading.files == 117


def test_the_withdrawn_episode_is_left_out_and_said_to_be(reading: Reading) -> None:
    ((path, reason),) = reading.left_out
    assert "-72-this-episode-was-removed" in path
    assert reason == "withdrawn (under_review)"
    assert not [one for one in reading.show.episodes if one.path == path]


def test_exactly_what_is_wrong_with_it_is_found(reading: Reading) -> None:
    assert Counter(found.code for found in reading.findings) == {
        "malformed-time": 3,
        "undefined-variable": 4,
        "repeated-time": 1,
        "repeated-tag": 3,
        "no-tags": 2,
        "no-topics": 1,
        "placeholder-url": 1,
        "no-guest": 1,
    }
    assert list(reading.findings) == sorted(reading.findings)


def test_each_malformed_time_comes_with_the_one_that_was_meant(reading: Reading) -> None:
    found = [f for f in reading.findings if f.code == "malformed-time"]
    assert [re.findall(r"\d+:\d\d:\d\d", f.message) for f in found] == [
        ["1:11:20"],
        ["1:04:22"],
        ["1:19:27"],
    ]


def test_findings_stand_on_the_line_that_they_speak_of(reading: Reading, real_site: Path) -> None:
    for found in reading.findings:
        line = (real_site / found.path).read_text().split("\n")[found.line - 1]
        if found.code == "malformed-time":
            assert re.search(r"\d:\d\d-\d\d", line)
        elif found.code == "undefined-variable":
            assert "{{" in line
        elif found.code == "repeated-tag":
            assert line.startswith("  - ")
        elif found.code == "repeated-time":
            assert re.match(r"- \d", line)
        elif found.code == "placeholder-url":
            assert line == 'guest_website: "#"'


def test_no_text_holds_liquid_markdown_or_html(reading: Reading) -> None:
    for one in reading.show.episodes:
        for text in [one.title, one.description, *(m.text for m in one.moments), *one.links]:
            assert not re.search(r"\{\{|\{%|\]\(|</?[a-z]|`|\*\*|&[a-z]+;|[\ue000-\uf8ff]", text), (
                text
            )
            assert text == " ".join(text.split()) != ""


def test_no_paragraph_holds_liquid_a_tag_or_a_second_line(reading: Reading) -> None:
    for one in reading.show.episodes:
        for text in one.paragraphs:
            assert not re.search(r"\{\{|\{%|\]\(http|[\ue000-\uf8ff]", text), text
            assert text == " ".join(text.split()) != ""


def test_an_episode_is_addressed_as_its_site_does(reading: Reading) -> None:
    one = episode(reading, "podcast/57-")
    slug = "57-crowdbotics-is-a-react-native-django-app-builder-and-deployer"
    assert one.id == f"podcast/{slug}"
    assert one.url == f"https://runninginproduction.com/podcast/{slug}"
    assert one.audio_url == (
        "https://runninginproduction.com/assets/podcast/running-in-production-57.mp3"
    )
    assert (one.number, one.category, one.duration) == (57, "podcast", 5285)
    assert one.guests == ("Anand Kulkarni",)


def test_a_moment_lasts_to_the_next_and_the_last_one_to_the_end(reading: Reading) -> None:
    one = episode(reading, "podcast/57-")
    wanted = next(moment for moment in one.moments if moment.start == 2312)
    assert wanted.end == 2523
    assert wanted.text == "Taking advantage of using full text search within PostgreSQL"
    assert one.moments[-1].end == one.duration


def test_an_interview_has_paragraphs_and_no_audio(reading: Reading) -> None:
    interviews = [one for one in reading.show.episodes if one.category == "interviews"]
    assert len(interviews) == 9
    for one in interviews:
        assert one.audio_url is None
        assert one.duration is None
        assert len(one.paragraphs) > 10


def test_topic_lines_are_no_paragraphs(reading: Reading) -> None:
    for one in reading.show.episodes:
        texts = {moment.text for moment in one.moments}
        assert not texts & set(one.paragraphs)


def test_lists_of_references_and_libraries_are_links_as_shown(reading: Reading) -> None:
    links = episode(reading, "podcast/57-").links
    assert "https://yeoman.io/" in links
    assert "https://github.com/celery/celery" in links
    assert len(links) == 9


def test_tags_are_called_as_their_pages_call_them(reading: Reading) -> None:
    names = {slug: found[0] for slug, found in reading.show.tag_names.items()}
    assert names["postgres"] == "PostgreSQL"
    assert names["circle-ci"] == "Circle CI"
    assert names["c-sharp"] in ("C Sharp", "C#")
    assert names["cloudflare"] == "Cloudflare"
    assert names["azure"] in ("Azure", "Microsoft Azure")
    assert names["kamon"] == "Kamon"
    assert "postgresql" in {name.lower() for name in reading.show.tag_names["postgres"]}
    for found in names.values():
        assert not re.search(r"Websites? Using|in Production\Z", found)


def test_accents_and_quotes_of_guests_are_kept(reading: Reading) -> None:
    guests = {guest for one in reading.show.episodes for guest in one.guests}
    assert {"Filipe Névola", 'Mikko "Nicd" Ahlroth', "Jerod Santo", "Gerhard Lazu"} <= guests
