"""What all four commands have in common."""

import importlib
from pathlib import Path

import pytest

from search.command_line import Parser, settings_of

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


def test_flags_are_settings_and_those_not_given_are_left_alone(tmp_path: Path) -> None:
    config = tmp_path / "seekcast.toml"
    config.write_text('[server]\nhost = "::1"\nport = 9000\n[index]\ndirectory = "there"\n')
    parser = Parser()
    parser.add_settings()

    settings = settings_of(parser.parse_args(["--config", str(config)]), host=None, port="0")

    assert (settings.server.host, settings.server.port) == ("::1", 0)
    assert settings.index.directory == "there"
