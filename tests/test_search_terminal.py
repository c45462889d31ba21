"""`python -m search`: what the page shows, in a terminal."""

import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from search.__main__ import main
from search.answer import (
    Answer,
    Correction,
    EpisodeAnswer,
    IndexStatus,
    Marked,
    MomentAnswer,
    Reason,
)
from search.terminal import answer_lines, wants_colour, width_of
from tests.conftest import ROOT

if TYPE_CHECKING:
    from flask.testing import FlaskClient

MOMENT = MomentAnswer(
    start=310,
    end=750,
    time="5:10",
    text=Marked("Full text search", ((5, 9),)),
    url="https://kettle.example/podcast/1#5:10",
    audio_url=None,
    score=1.0,
)
EPISODE = EpisodeAnswer(
    id="podcast/1",
    number=1,
    category="podcast",
    title=Marked("A Bakery"),
    description=Marked("Zoë bakes."),
    url="https://kettle.example/podcast/1",
    audio_url=None,
    date=date(2020, 5, 4),
    duration=4000,
    guests=("Zoë Brønsted",),
    tags=(),
    score=1.0,
    found_moments=3,
    timeline=(310, 750, 1500),
    moments=(MOMENT,),
)
ANSWER = Answer(
    query="text",
    interpreted="text",
    corrections=(),
    partial=False,
    missing=(),
    related=(),
    found_episodes=1,
    complete_episodes=1,
    found_moments=3,
    page=1,
    per_page=10,
    took_ms=0.5,
    index=IndexStatus("gen", datetime(2026, 1, 1, tzinfo=UTC), 1, 3),
    facets={},
    results=(EPISODE,),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(answer: Answer, colour: bool = False, width: int = 100) -> str:
    return "\n".join(answer_lines(answer, colour, width))


def test_an_episode_is_shown_with_its_moments_and_jump_links() -> None:
    text = shown(ANSWER)

    for part in (
        "1 episode, 3 moments",
        "A Bakery",
        "2020-05-04 · Zoë Brønsted",
        "5:10  Full text search",
        "https://kettle.example/podcast/1#5:10",
        "and 2 more moments",
    ):
        assert part in text


def test_lines_are_broken_between_words_and_stand_below_one_another() -> None:
    words = "The bakery's full text search, told by Zoë from memory"
    moment = replace(MOMENT, text=Marked(words, ((13, 30),)))
    answer = replace(ANSWER, results=(replace(EPISODE, moments=(moment,)),))
    lines = shown(answer, width=34).splitlines()
    place = lines.index("      5:10  The bakery's full text")
    assert lines[place + 1 : place + 3] == [
        "            search, told by Zoë",
        "            from memory",
    ]
    # An address stays whole, so that it can be clicked, and each line of a mark is coloured.
    assert f"            {MOMENT.url}" in lines
    coloured = shown(answer, colour=True, width=34)
    for piece in ("full text", "search,"):
        assert f"\x1b[33m{piece}\x1b[0m" in coloured


def test_lines_are_as_wide_as_the_terminal_and_whole_in_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert width_of(Terminal()) == 40
    assert width_of(io.StringIO()) > 10_000


def test_an_episode_without_moments_is_shown_with_its_description() -> None:
    text = shown(replace(ANSWER, results=(replace(EPISODE, moments=(), found_moments=0),)))

    assert "Zoë bakes." in text
    assert "more moment" not in text


def test_what_was_understood_is_said_before_the_results() -> None:
    answer = replace(
        ANSWER,
        corrections=(Correction("txet", "text"),),
        missing=("qwxyzzy",),
        partial=True,
        complete_episodes=0,
        found_episodes=25,
        related=(("text", "words"), ("text", "text"), ("text", "letters")),
    )
    text = shown(answer)

    assert "Nothing here says “txet”; searched for “text” instead" in text
    assert "Not in this show: qwxyzzy" in text
    assert "No episode has all that was asked for" in text
    assert "Also looked for words, letters (--exact searches only for what was typed)" in text
    assert "15 more: --page 2" in text


def test_of_an_episode_that_lacks_words_they_are_named() -> None:
    lacking = replace(EPISODE, missing=("redis", "celery"))
    assert "  not said here: redis, celery" in shown(replace(ANSWER, results=(lacking,)))
    assert "not said here" not in shown(ANSWER)


def test_nothing_found_says_what_to_try() -> None:
    text = shown(replace(ANSWER, results=(), found_episodes=0, found_moments=0))

    assert text.startswith("0 episodes (0.5 ms)\n")
    assert "Try fewer or other words" in text


def test_behind_the_last_page_the_last_one_is_named() -> None:
    text = shown(replace(ANSWER, results=(), found_episodes=25, page=9))

    assert "There is no page 9: the last one is --page 3" in text
    assert "fewer or other words" not in text


def test_why_is_shown_when_it_was_asked_for() -> None:
    why = Reason("text: title", {"best moment": 0.5, "further moments": 0.25, "score": 0.75})
    episode = replace(EPISODE, reason=why, moments=(replace(MOMENT, reason=why),))
    text = shown(replace(ANSWER, results=(episode,)))

    assert text.count("why: text: title") == 2
    assert text.count("0.75 = best moment 0.5 + further moments 0.25") == 2


def test_words_are_coloured_only_for_a_terminal_and_never_with_no_color() -> None:
    assert wants_colour(Terminal(), {})
    assert not wants_colour(Terminal(), {"NO_COLOR": "1"})
    assert not wants_colour(io.StringIO(), {})
    assert "\x1b[33mtext\x1b[0m" in shown(ANSWER, colour=True)
    assert "\x1b" not in shown(ANSWER)


@pytest.mark.parametrize("colour", [False, True])
def test_no_text_of_an_episode_or_a_query_steers_the_terminal(colour: bool) -> None:
    evil = Marked("a\x1b]0;owned\x07\u202eb")
    moment = replace(MOMENT, text=evil, url=evil.text)
    episode = replace(
        EPISODE, title=evil, description=evil, guests=(evil.text,), url=evil.text, moments=(moment,)
    )
    for results in ((episode,), (replace(episode, moments=()),)):
        text = shown(replace(ANSWER, results=results, missing=(evil.text,)), colour)

        assert "\x1b]" not in text
        assert "\x07" not in text
        assert "\u202e" not in text


# --- the command


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "search", *arguments], cwd=ROOT, capture_output=True, text=True
    )


def test_the_command_answers_from_the_index(sample_index: Path) -> None:
    done = run("--index", str(sample_index), "mqtt", "lighthouse")

    assert (done.returncode, done.stderr) == (0, "")
    assert "15:06  Sending" in done.stdout
    assert "#15:06" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "wanted", "unwanted"),
    [
        (["celery", "-lighthouse"], "episode", "Forty Lighthouses"),
        (["--", "celery", "-lighthouse"], "episode", "Forty Lighthouses"),
        (["tag:mqtt", "year:2022"], "Forty Lighthouses", "Puppet"),
        (["--sort", "oldest", "--per-page", "1"], "Forty Lighthouses", "Seed Bank"),
        (["--moments", "0", "mqtt"], "Forty Lighthouses", "15:06"),
        (["--explain", "mqtt"], "why: ", "Traceback"),
        (["--exact", "qwxyzzy"], "0 episodes", "instead"),
        (['"still burning"'], "15:06", "Puppet"),
    ],
)
def test_its_flags_are_the_parameters_of_a_search(
    sample_index: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    wanted: str,
    unwanted: str,
) -> None:
    assert main(["--index", str(sample_index), *arguments]) == 0

    text = capsys.readouterr().out
    assert wanted in text
    assert unwanted not in text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--page", "0", "x"], 64, "--page 0: choose from 1 to"),
        (["--per-page", "51", "x"], 64, "--per-page 51: choose from 1 to 50"),
        (["--moments", "-1", "x"], 64, "--moments -1: choose from 0 to 20"),
        (["--page", "two", "x"], 64, "--page: 'two' is not a whole number"),
        (["--page", "٣", "x"], 64, "--page: '٣' is not a whole number"),
        (["--sort", "best", "x"], 64, "newest"),
        (["--nosuch"], 64, "--help"),
        (["a" * 201], 64, "the query has 201 characters; at most 200 are searched"),
        (["a"] * 17, 64, "the query has 17 words; at most 16 are searched"),
        (["--page", "21", "--per-page", "50", "x"], 64, "page × per_page may be at most 1000"),
        (["--config", "nosuch.toml", "x"], 64, "nosuch.toml"),
        (["--index", "nosuch", "x"], 1, "make reindex"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_with_an_exit_code(
    sample_index: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    assert main(["--index", str(sample_index), *arguments]) == code

    output = capsys.readouterr()
    assert output.out == ""
    assert message in output.err
    assert "Traceback" not in output.err


def test_a_reader_who_has_seen_enough_breaks_nothing(sample_index: Path) -> None:
    command = f"{sys.executable} -m search --index {sample_index} --per-page 50 the | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (["full text search postgres"], "q=full+text+search+postgres"),
        (["  tide\n", " pool ", "--page", "2"], "q=++tide%0A++pool+&page=2"),
        (["--exact", "Zoe\u0308"], "q=Zoe%CC%88&exact=1"),
    ],
)
def test_json_prints_what_the_endpoint_answers(
    sample_index: Path,
    client: "FlaskClient",
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    query: str,
) -> None:
    code = main(["--json", "--index", str(sample_index), *arguments])
    printed = json.loads(capsys.readouterr().out)
    answered = client.get(f"/api/v1/search?{query}").get_json()
    assert code == 0
    for answer in (printed, answered):
        del answer["took_ms"]
    assert printed == answered


def test_an_episode_without_date_and_guests_has_no_empty_line() -> None:
    bare = replace(EPISODE, date=None, guests=())
    lines = shown(replace(ANSWER, results=(bare,))).split("\n")
    assert lines[lines.index("A Bakery") + 1].strip() == bare.url
