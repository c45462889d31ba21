"""The index command: what it prints, what it returns, what it refuses."""

import contextlib
import io
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from index.__main__ import main
from index.guard import require_plausible
from index.progress import ProgressLine
from search.contents import Contents, EpisodeOutline
from search.engines import open_engine
from search.errors import Refused
from search.request import Request
from search.settings import IndexSettings
from tests.conftest import settings_for
from tests.small_site import EPISODE, line_of, write_site

ROOT = Path(__file__).resolve().parent.parent


def _name(number: int) -> str:
    return f"_posts/podcast/2024-03-{number + 1:02}-{number}-bell.md"


def _posts(count: int) -> dict[str, str | bytes]:
    return {_name(n): EPISODE.replace("Rings Itself", f"Number {n}") for n in range(count)}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of ten episodes, nothing wrong with any."""
    return write_site(tmp_path / "site", _posts(10))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def _served(index: Path) -> int:
    """How many episodes are served."""
    return open_engine(settings_for(index)).open().status.episodes


def test_a_reindex_tells_what_it_read_changed_and_published(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reindex", str(site), "--index", str(index)]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[:5] == [
        "Read       10 files",
        "Findings   none",
        "Changes    episodes: 10 added, 0 changed, 0 removed",
        "           moments: 40 added, 0 changed, 0 removed",
        f"Published  10 episodes, 40 moments as {(index / 'current').read_text().split()[0]}",
    ]
    assert printed.out.splitlines()[-1].startswith("Took       ")
    assert printed.err.splitlines() == [
        "Read …",
        "Indexing …",
        "Compiling …",
        "Verifying …",
        "Publishing …",
    ]


def test_a_show_without_a_name_is_told_how_to_get_one(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = site / "_config.yml"
    config.write_text(config.read_text().replace("title:", "motto:"))
    assert main(["reindex", str(site), "--index", str(index)]) == 0
    assert (
        "Show       tower.example, after its address; give it a name with `title:` in _config.yml "
        "or the setting site.name"
    ) in capsys.readouterr().out.splitlines()


def test_a_reindex_names_the_few_episodes_that_it_changes(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["reindex", str(site), "--index", str(index)])
    capsys.readouterr()
    (site / _name(3)).unlink()
    (site / _name(4)).write_text(EPISODE.replace("Rings Itself", "Cracked"))
    assert main(["reindex", str(site), "--index", str(index)]) == 0
    out = capsys.readouterr().out
    assert f"changed: A Bell That Cracked ({_name(4)})" in out
    assert f"removed: A Bell That Number 3 ({_name(3)})" in out
    assert "8 episodes taken over as they were" in out


def test_an_unchanged_site_publishes_nothing_and_says_so(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["reindex", str(site), "--index", str(index)])
    before = (index / "current").read_text()
    capsys.readouterr()
    assert main(["reindex", str(site), "--index", str(index)]) == 0
    assert "Unchanged  10 episodes, 40 moments" in capsys.readouterr().out
    assert (index / "current").read_text() == before


def test_a_bad_episode_is_reported_and_left_out_and_the_others_are_published(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / _name(2)).write_text(EPISODE.replace('title: "A', 'title: "A" B'))
    assert main(["reindex", str(site), "--index", str(index)]) == 0
    out = capsys.readouterr().out
    assert f"{_name(2)}:" in out
    assert ": error bad-front-matter " in out
    assert f"Left out   {_name(2)}: " in out
    assert _served(index) == 9


def test_findings_end_with_1_only_where_strictness_was_asked_for(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / _name(2)).write_text(EPISODE.replace("38:32", "38:32-20"))
    for command in (["check", str(site)], ["reindex", str(site), "--index", str(index)]):
        assert main(command) == 0
        assert main([*command, "--strict"]) == 1
        assert (
            f"{_name(2)}:{line_of(EPISODE, '38:32')}: warning malformed-time"
            in capsys.readouterr().out
        )
    # Published all the same: strictness is about what is told.
    assert _served(index) == 10


def test_findings_are_annotations_for_github_when_asked_for(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / _name(2)).write_text(EPISODE.replace("38:32", "38:32-20"))
    main(["check", str(site), "--format", "github"])
    line = line_of(EPISODE, "38:32")
    assert (
        f"::warning file={site / _name(2)},line={line},title=malformed-time::"
        in capsys.readouterr().out
    )


def test_no_form_of_findings_moves_the_cursor_of_a_terminal(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "_posts" / "2020-01-01-\x1b[2J.md").write_text("---\ntitle: '\n")
    for form in ("text", "github"):
        main(["check", str(site), "--format", form])
        said = capsys.readouterr().out
        assert "2020-01-01-\\x1b[2J.md" in said, form
        assert "\x1b" not in said, form


def test_a_check_writes_nothing(site: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert main(["check", str(site)]) == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_a_show_that_would_shrink_by_more_than_a_fifth_is_refused_unless_forced(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["reindex", str(site), "--index", str(index)])
    for number in range(2):
        (site / _name(number)).unlink()
    assert main(["reindex", str(site), "--index", str(index)]) == 0
    for number in range(2, 4):
        (site / _name(number)).unlink()
    capsys.readouterr()
    assert main(["reindex", str(site), "--index", str(index)]) == 65
    error = capsys.readouterr().err
    assert "shrink from 8 to 6 episodes, by more than 20% (index.max_shrink)" in error
    assert "--force" in error
    assert _served(index) == 8
    assert main(["reindex", str(site), "--index", str(index), "--force"]) == 0
    assert _served(index) == 6


def test_a_show_with_more_than_a_fifth_of_bad_files_is_refused_unless_forced(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        (site / _name(number)).write_text("---\ntitle: [\n---\n")
    assert main(["reindex", str(site), "--index", str(index)]) == 65
    told = capsys.readouterr()
    assert "3 of 10 files are bad, more than 20% (index.max_bad)" in told.err
    for number in range(3):
        assert f"{_name(number)}:3: error bad-front-matter" in told.out
    assert not (index / "current").exists()
    assert main(["reindex", str(site), "--index", str(index), "--force"]) == 0
    assert _served(index) == 7


def test_withdrawn_episodes_are_not_bad_files(site: Path, index: Path) -> None:
    for number in range(5):
        text = (site / _name(number)).read_text()
        (site / _name(number)).write_text(text.replace("---\n", "---\ndraft: true\n", 1))
    assert main(["reindex", str(site), "--index", str(index)]) == 0
    assert _served(index) == 5


def test_a_new_show_of_nothing_but_drafts_is_refused_with_what_is_left_out(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft, later = EPISODE.replace("---\n", "---\ndraft: true\n", 1), "_posts/2999-01-01-2-later.md"
    site = write_site(tmp_path / "site", {_name(1): draft, later: EPISODE})
    assert main(["reindex", str(site), "--index", str(index)]) == 65
    told = capsys.readouterr()
    assert f"{_name(1)}: draft\n" in told.out
    assert f"{later}: dated 2999-01-01; shown from a reindex on that day on\n" in told.out
    assert "no episode to show in 2 files; nothing published. If that is right" in told.err
    assert not (index / "current").exists()
    for force in (["--force"], []):
        assert main(["reindex", str(site), "--index", str(index), *force]) == 0
        assert _served(index) == 0


@pytest.mark.parametrize(("had", "has", "refused"), [(10, 8, False), (10, 7, True), (0, 0, False)])
def test_the_guard_lets_a_fifth_go_and_no_more(had: int, has: int, refused: bool) -> None:
    outlines = tuple(EpisodeOutline(str(n), "", None, "", "", b"") for n in range(had))
    before = Contents("", outlines)
    with pytest.raises(Refused) if refused else contextlib.nullcontext():
        require_plausible(before, has, has, 0, IndexSettings())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "required: COMMAND"),
        (["reindx"], "invalid choice: 'reindx'"),
        (["reindex"], "required: SITE"),
        (["check", "/no/such/folder"], "/no/such/folder: no such folder"),
        (["check", __file__], f"{__file__}: is no folder"),
        (["check", ".", "--format", "xml"], "choose from"),
        (["check", ".", "--config", "/no/such.toml"], "/no/such.toml: no such settings file"),
        (["doctor", "--what"], "--what: no such option"),
        (["reindex", ".", "--fromat", "x"], "--fromat: no such option; did you mean --format?"),
        (["reindex", ".", "more"], "more: one word too many\nTry: python -m index reindex --help"),
        (["check", ".", "--format"], "--format: a value is missing after it"),
    ],
)
def test_wrong_usage_ends_with_64_and_a_way_out(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 64
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["reindex"], ["check"], ["rollback"], ["doctor"]])
def test_help_tells_the_exit_codes(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    for code in ("0", "1", "64", "65", "73", "74", "75"):
        assert f"\n  {code} " in out


@pytest.mark.parametrize("command", ["doctor", "rollback"])
def test_without_an_index_there_is_a_way_out(
    command: str, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--index", str(index)]) == 1
    way_out = f"there is no index in {index} yet; run: make reindex EPISODES=… INDEX={index}\n"
    assert way_out in capsys.readouterr().err
    assert not index.exists()


def test_the_indexes_that_make_gave_to_each_site_are_named(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        assert main(["reindex", str(site), "--index", str(index / name)]) == 0

    assert main(["doctor", "--index", str(index)]) == 1

    found = f"no index in {index} yet, but below it there is; name it: "
    ways = f"--index {index / 'one'} or --index {index / 'two'}\n"
    assert found + ways in capsys.readouterr().err


def test_rollback_tells_what_is_served_now(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["reindex", str(site), "--index", str(index)])
    (site / _name(0)).unlink()
    main(["reindex", str(site), "--index", str(index)])
    assert _served(index) == 9
    capsys.readouterr()
    assert main(["rollback", "--index", str(index)]) == 0
    assert "again (10 episodes, 40 moments)" in capsys.readouterr().out
    assert _served(index) == 10


def test_settings_come_from_the_file_and_the_environment(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "seekcast.toml"
    config.write_text(f'[index]\ndirectory = "{tmp_path / "one"}"\n')
    assert main(["reindex", str(site), "--config", str(config)]) == 0
    assert _served(tmp_path / "one") == 10
    monkeypatch.setenv("SEEKCAST_INDEX_DIRECTORY", str(tmp_path / "two"))
    assert main(["reindex", str(site), "--config", str(config)]) == 0
    assert _served(tmp_path / "two") == 10


def test_names_that_would_forge_a_line_are_escaped(
    site: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "_posts/podcast/2024-04-01-x\n::error::forged\x1b[2J.md").write_text("---\n")
    main(["reindex", str(site), "--index", str(index)])
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert not [line for line in printed.out.splitlines() if line.startswith("::error")]


def test_a_reader_of_the_output_who_leaves_early_gets_no_traceback(site: Path) -> None:
    (site / _name(0)).write_text(EPISODE + "".join(f"- 0:0{n}-1 -- x\n" for n in range(9)) * 2000)
    command = f'"{sys.executable}" -m index check "{site}" 2>&1 | head -n 1'
    ended = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "BrokenPipe" not in ended.stdout + ended.stderr


def test_an_interrupted_reindex_says_that_nothing_was_published(site: Path, index: Path) -> None:
    # So many that it is at work for two seconds more when it has told that it is.
    write_site(site, {f"_posts/2024-01-01-{n}-more.md": EPISODE for n in range(300)})
    command = [sys.executable, "-m", "index", "reindex", str(site), "--index", str(index)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where these tests run in the background, a shell lets nothing be interrupted.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "nothing published" in errors
    assert not (index / "current").exists()


def test_progress_is_one_live_line_on_a_terminal_and_a_line_a_step_elsewhere() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream in (Terminal(), io.StringIO()):
        with ProgressLine(stream) as progress:
            for done in range(4):
                progress("reading", done, 3)
            progress("publishing", 1, 1)
        text = stream.getvalue()
        if stream.isatty():
            blanks = " " * len("Publishing …")
            assert text.endswith(f"\rReading 3 of 3 …\rPublishing …    \r{blanks}\r")
            assert "\n" not in text
        else:
            assert text == "Reading …\nPublishing …\n"


def test_every_moment_of_a_show_is_found_by_its_own_words(site: Path, index: Path) -> None:
    main(["reindex", str(site), "--index", str(index)])
    answer = open_engine(settings_for(index)).open().search(Request("full text search of peals"))
    assert answer.found_episodes == 10
    assert {result.moments[0].start for result in answer.results} == {2312}


def test_two_threads_of_one_process_cannot_publish_at_once(site: Path, index: Path) -> None:
    codes: list[int] = []
    with open_engine(settings_for(index)).exclusively():
        other = threading.Thread(
            target=lambda: codes.append(main(["reindex", str(site), "--index", str(index)]))
        )
        other.start()
        other.join()
    assert codes == [75]
