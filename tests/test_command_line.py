"""What all four commands have in common."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from search.command_line import Parser, settings_of
from tests.conftest import ROOT

COMMANDS = ("index", "search", "search.evaluate", "web")


def run(command: str, *arguments: str) -> int:
    """As `python -m` would."""
    module = command if command == "search.evaluate" else f"{command}.__main__"
    code: int = importlib.import_module(module).main([*arguments])
    return code


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(command, "--help")
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: python -m {command} ")
    assert ("--config FILE" in out) != ("reindex " in out)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_that_does_not_exist_is_wrong_usage(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(command, "--nosuch")

    said = capsys.readouterr().err
    assert code == 64
    assert said.startswith(f"python -m {command}: ")
    assert said.endswith(f"Try: python -m {command} --help\n")


def shell(command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A command as a shell starts it; `PYTHON` stands for this Python."""
    line = command.replace("PYTHON", sys.executable)
    return subprocess.run(
        ["sh", "-c", line], cwd=ROOT, env=os.environ | environ, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "command", ["index check sample", "index doctor --index {}", "search tide --index {}"]
)
def test_what_cannot_be_written_is_an_input_output_error(command: str, sample_index: Path) -> None:
    done = shell(f"PYTHON -m {command.format(sample_index)} >/dev/full")
    name = command.split()[0]
    assert done.returncode == 74
    assert done.stderr.endswith(f"python -m {name}: No space left on device\n")


def test_a_reindex_that_cannot_say_what_it_did_says_that_it_published(tmp_path: Path) -> None:
    done = shell(f"PYTHON -m index reindex sample --index {tmp_path} >/dev/full")
    assert done.returncode == 74
    assert "python -m index: published, but what there is to say of it cannot be" in done.stderr
    assert (tmp_path / "current").exists()


def test_a_command_does_its_work_also_where_nobody_listens(tmp_path: Path) -> None:
    done = shell(f"PYTHON -m index reindex sample --index {tmp_path} >&- 2>&-")
    assert done.returncode == 0
    assert (tmp_path / "current").exists()


def test_letters_that_a_terminal_does_not_know_are_spelled(sample_index: Path) -> None:
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    told = shell(f"PYTHON -m search guest:zoë --index {sample_index}", **ascii_only)
    assert (told.returncode, "Zo\\xeb" in told.stdout) == (0, True)
    program = shell(f"PYTHON -m search guest:zoë --json --index {sample_index}", **ascii_only)
    assert "Zoë Brønsted" in json.loads(program.stdout)["results"][0]["guests"]


@pytest.mark.parametrize("command", ["check", "reindex"])
def test_a_site_that_is_not_named_is_not_the_folder_one_is_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert run("index", command, "", "--index", str(tmp_path)) == 64
    said = "python -m index: SITE is empty; name the root of a site or a folder of episodes\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("command", ["index reindex sample", "index doctor", "search tide", "web"])
def test_an_index_that_is_not_named_is_not_the_folder_one_is_in(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert run(*command.split(), "--index", "") == 64
    assert capsys.readouterr().err.endswith("index.directory = '': name a folder\n")


@pytest.mark.parametrize("command", ["reindex sample", "doctor", "rollback"])
def test_own_aliases_that_cannot_be_read_are_refused_by_each_command(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    aliases = tmp_path / "aliases.toml"
    aliases.write_text("allias = []")
    monkeypatch.setenv("SEEKCAST_ALIASES", str(aliases))
    assert run("index", *command.split(), "--index", str(tmp_path / "index")) == 64
    assert f"{aliases}: 'allias' is not known there; write `alias`" in capsys.readouterr().err
    assert not (tmp_path / "index").exists()


def test_flags_are_settings_and_those_not_given_are_left_alone(tmp_path: Path) -> None:
    config = tmp_path / "seekcast.toml"
    config.write_text('[server]\nhost = "::1"\nport = 9000\n[index]\ndirectory = "there"\n')
    parser = Parser()
    parser.add_settings()

    settings = settings_of(parser.parse_args(["--config", str(config)]), host=None, port="0")

    assert (settings.server.host, settings.server.port) == ("::1", 0)
    assert settings.index.directory == "there"
