"""What the commands have in common: the options for settings, how a refusal is told, and what
becomes of what is said."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from search.errors import DiskTrouble, SeekcastError, UsageError, exit_code
from search.setting_values import plain_number
from search.settings import Settings, load_settings

_NO_VALUE = "a value is missing after it"


class Parser(argparse.ArgumentParser):
    """Reads a command's options; raises UsageError where argparse would end the process with 2."""

    def __init__(self, **given: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **given)

    def error(self, message: str) -> NoReturn:
        said = message.removeprefix("argument ").replace("expected one argument", _NO_VALUE)
        raise UsageError(f"{said}\nTry: {self.prog} --help")

    def parse_known_args(self, *given: Any, **named: Any) -> Any:
        """As argparse, but what is left over is told by the command that does not know it."""
        known, over = super().parse_known_args(*given, **named)
        if over:
            name = over[0].partition("=")[0]
            options = [option for action in self._actions for option in action.option_strings]
            near = get_close_matches(name, options, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            option = name.startswith("-")
            self.error(f"{name}: no such option{meant}" if option else f"{name}: one word too many")
        return known, over

    def add_settings(self) -> None:
        """The options that `settings_of` reads."""
        self.add_argument("--index", metavar="DIR", help="index directory (default .index)")
        self.add_argument("--config", metavar="FILE", type=Path, help="settings file (TOML)")


def whole_number(typed: str) -> int:
    """The type of an option. Raises ArgumentTypeError."""
    try:
        return plain_number(typed, int)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed!r} is not a whole number") from None


def settings_of(options: argparse.Namespace, **flags: Any) -> Settings:
    """The settings that apply to a command; `flags` are the section [server]'s. Raises
    BadSetting."""
    named = {f"server.{name}": value for name, value in flags.items()}
    named["index.directory"] = options.index
    return load_settings(options.config, os.environ, named)


def run_command(
    parser: Parser, arguments: Sequence[str] | None, work: Callable[[argparse.Namespace], int]
) -> int:
    """Runs a command, whose `work` is given its options, returns an exit code and may raise
    SeekcastError. Returns the exit code, also where what it says cannot be written."""
    command = parser.prog
    prepare_output()
    try:
        code = work(parser.parse_args(arguments))
        sys.stdout.flush()
    except SeekcastError as error:
        return refused(command, error)
    except BrokenPipeError:
        # `… | head` has seen enough.
        discard_output()
        return 0
    except OSError as error:
        discard_output()
        return refused(command, DiskTrouble(f"{error.strerror or error}{_place(error)}"))
    return code


def prepare_output() -> None:
    """Lets anything be said, also where nobody listens or few letters are known."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Whoever started us closed it. Its number must not become a file's of ours.
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _place(error: OSError) -> str:
    return f" ({error.filename})" if error.filename else ""


def discard_output() -> None:
    """Python would complain at its end about what could not be written to stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refused(command: str, error: SeekcastError) -> int:
    """Says on stderr why a command did not do it. Returns its exit code."""
    print(f"{command}: {error}", file=sys.stderr)
    return exit_code(error)
