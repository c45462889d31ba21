"""The Lamp Room: what its README promises of it."""

from pathlib import Path

import pytest

from index.reader import Reading, read_site
from search.episode import Episode
from search.settings import Settings


@pytest.fixture(scope="module")
def reading(sample_site: Path) -> Reading:
    return read_site(sample_site, Settings())


def episode(reading: Reading, start: str) -> Episode:
    return next(one for one in reading.show.episodes if one.id.startswith(start))


def test_ten_episodes_and_two_interviews_are_read_with_154_moments(reading: Reading) -> None:
    categories = [one.category for one in reading.show.episodes]
    assert (categories.count("podcast"), categories.count("interviews")) == (10, 2)
    assert sum(len(one.moments) for one in reading.show.episodes) == 154
    assert reading.files == 15


def test_four_things_are_wrong_and_nothing_else(reading: Reading) -> None:
    assert [
        (Path(found.path).name[:14], found.line, found.severity.value, found.code)
        for found in reading.findings
    ] == [
        ("2022-10-03-3-t", 21, "warning", "repeated-tag"),
        ("2023-01-16-4-a", 57, "warning", "malformed-time"),
        ("2024-02-12-7-t", 37, "warning", "undefined-variable"),
        ("2025-09-15-12-", 18, "error", "bad-front-matter"),
    ]


def test_the_malformed_time_is_where_it_was_meant_to_be(reading: Reading) -> None:
    (found,) = (f for f in reading.findings if f.code == "malformed-time")
    assert "1:04:52" in found.message
    starts = {moment.start: moment for moment in episode(reading, "podcast/4-").moments}
    assert starts[3892].text.startswith("Practising failure on purpose")
    assert starts[3892].end == 4173


def test_withdrawn_draft_and_broken_files_are_left_out_with_the_reason(reading: Reading) -> None:
    reasons = {Path(path).name[11:14]: reason for path, reason in reading.left_out}
    assert reasons["8-c"] == "withdrawn (under_review)"
    assert reasons["13-"] == "draft"
    assert "quot" in reasons["12-"]
    assert len(reading.left_out) == 3


def test_a_moment_that_goes_on_over_a_line_is_one(reading: Reading) -> None:
    moments = episode(reading, "podcast/1-").moments
    assert [moment.text for moment in moments][-2:] == [
        "Best tips? Draw the dark version of your dashboard first, because that is the one you"
        " will read at three in the morning",
        "Visit https://fyrnet.example/, and Zoë posts lamp pictures as @zoekeepsthelight",
    ]


def test_the_visitor_called_script_keeps_the_name(reading: Reading) -> None:
    texts = " ".join(moment.text for moment in episode(reading, "podcast/5-").moments)
    assert "A visitor called <script> and what the guest list printed" in texts


def test_times_of_day_inside_a_moment_are_not_times_of_the_episode(reading: Reading) -> None:
    assert any(len(moment.text) == 300 for moment in episode(reading, "podcast/7-").moments)


def test_tag_pages_name_the_tags(reading: Reading) -> None:
    names = {slug: found[0] for slug, found in reading.show.tag_names.items()}
    assert len(names) == 35
    assert names["c-sharp"] == "C#"
    assert names["golang"] == "Go"
    assert names["circle-ci"] == "Circle CI"
    assert reading.show.name == "The Lamp Room"
    assert reading.show.url == "https://lamproom.example"
