"""What the commands have in common: the options for settings, and how a refusal is told."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from search.errors import SeekcastError, UsageError, exit_code
from search.settings import Settings, load_settings


class Parser(argparse.ArgumentParser):
    """Reads a command's options; raises UsageError where argparse would end the process with 2."""

    def __init__(self, **given: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **given)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n{self.format_usage().strip()}\nTry: {self.prog} --help")

    def add_settings(self) -> None:
        """The options that `settings_of` reads."""
        self.add_argument("--index", metavar="DIR", help="index directory (default .index)")
        self.add_argument("--config", metavar="FILE", type=Path, help="settings file (TOML)")


def settings_of(options: argparse.Namespace, **flags: Any) -> Settings:
    """The settings that apply to a command; `flags` are the section [server]'s. Raises
    BadSetting."""
    named = {f"server.{name}": value for name, value in flags.items()}
    named["index.directory"] = options.index
    return load_settings(options.config, os.environ, named)


def refused(command: str, error: SeekcastError) -> int:
    """Says on stderr why a command did not do it. Returns its exit code."""
    print(f"{command}: {error}", file=sys.stderr)
    return exit_code(error)
