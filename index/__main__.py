"""`python -m index`: publishes a site's show into the search index, and looks after the index."""

import argparse
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

from index.findings import Finding, as_annotation, as_line
from index.progress import ProgressLine
from index.reader import read_site
from index.reindex import RefusedShow, reindex
from index.summary import findings_line, left_out_lines, reindex_lines
from search.command_line import Parser, run_command, settings_of
from search.engines import open_engine
from search.errors import UsageError, reindex_command
from search.settings import Settings
from search.wording import plural

_FOUND = 1
_INTERNAL = 70
"""EX_SOFTWARE of sysexits.h: a fault of Seekcast itself."""

_EXIT_CODES = """\
exit codes:
  0   done
  1   findings under --strict; damage found by doctor; no index there
  64  wrong usage or setting
  65  refused to publish: the show would shrink by more than a fifth, more than a fifth of its
      files are bad (index.max_shrink, index.max_bad), or a new index would hold no episode;
      --force overrides it
  73  cannot write the index there
  74  I/O error, such as a full disk
  75  another reindex is running
Whatever is not 0 or 1 published nothing, unless it says so: what was served before still is.
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns the exit code; prints, but never a traceback."""
    try:
        return run_command(_parser(), arguments, _run)
    except KeyboardInterrupt:
        print("\nStopped; nothing published.", file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001 - the last resort: one line instead of a traceback
        frame = traceback.extract_tb(error.__traceback__)[-1]
        print(
            f"python -m index: a fault in Seekcast itself: {type(error).__name__}: {error} "
            f"(at {Path(frame.filename).name}:{frame.lineno}); please report it",
            file=sys.stderr,
        )
        return _INTERNAL


def _run(given: argparse.Namespace) -> int:
    command: Callable[[argparse.Namespace, Settings], int] = given.run
    return command(given, settings_of(given))


def _reindex(given: argparse.Namespace, settings: Settings) -> int:
    try:
        with ProgressLine() as progress:
            outcome = reindex(given.site, settings, force=given.force, progress=progress)
    except RefusedShow as refused:
        # What is wrong is the more of interest.
        _print_findings(refused.reading.findings, given)
        print("".join(f"{line}\n" for line in left_out_lines(refused.reading)), end="", flush=True)
        raise
    try:
        _print_findings(outcome.reading.findings, given)
        print("\n".join(reindex_lines(outcome)), flush=True)
    except OSError as error:
        message = f"published, but what there is to say of it cannot be written: {error.strerror}"
        raise OSError(error.errno, message) from error
    return _FOUND if given.strict and outcome.reading.findings else 0


def _check(given: argparse.Namespace, settings: Settings) -> int:
    with ProgressLine() as progress:
        reading = read_site(given.site, settings, progress)
    _print_findings(reading.findings, given)
    sys.stdout.flush()
    for line in left_out_lines(reading):
        print(line, file=sys.stderr)
    episodes, files = plural(len(reading.show.episodes), "episode"), plural(reading.files, "file")
    can = f"{episodes} of {files} can be published; {findings_line(reading.findings)}"
    print(can, file=sys.stderr)
    return _FOUND if given.strict and reading.findings else 0


def _rollback(_: argparse.Namespace, settings: Settings) -> int:
    published = open_engine(settings).rollback()
    size = f"{plural(published.episodes, 'episode')}, {plural(published.moments, 'moment')}"
    print(f"Serving {published.generation} again ({size}), until the next reindex.")
    return 0


def _doctor(_: argparse.Namespace, settings: Settings) -> int:
    examined = open_engine(settings).examine()
    for problem in examined.problems:
        print(f"problem: {problem}")
    for hint in examined.hints:
        print(f"hint: {hint}")
    if examined.problems:
        print(f"Build the index anew with: {reindex_command(settings.index.directory)}")
        return _FOUND
    print(f"{settings.index.directory}: every file is as it was published.")
    return 0


def _print_findings(findings: Iterable[Finding], given: argparse.Namespace) -> None:
    for found in findings:
        print(as_annotation(found, given.site) if given.format == "github" else as_line(found))


def _folder(typed: str) -> Path:
    # An empty variable would name the folder one happens to be in.
    if not typed.strip():
        raise UsageError("SITE is empty; name the root of a site or a folder of episodes")
    return Path(typed)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m index",
        description="Publishes a site's show into the search index, and looks after the index.",
        epilog=_EXIT_CODES,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[..., int], about: str, more: str) -> Parser:
        added: Parser = commands.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}. {more}",
            epilog=_EXIT_CODES,
        )
        added.set_defaults(run=run)
        added.add_settings()
        return added

    def reading(name: str, run: Callable[..., int], about: str, more: str) -> Parser:
        """A command that reads a site."""
        added = command(name, run, about, more)
        added.add_argument(
            "site",
            metavar="SITE",
            type=_folder,
            help="root of a Jekyll or Hugo site, or a folder of Markdown episodes",
        )
        added.add_argument(
            "--format",
            choices=("text", "github"),
            default="text",
            help="how findings are printed: for people and editors, or as GitHub annotations",
        )
        added.add_argument(
            "--strict", action="store_true", help="exit with 1 if anything was found"
        )
        return added

    reading(
        "reindex",
        _reindex,
        "read, check, build, verify and publish a site's episodes",
        "A running server answers\nfrom the new index within a second. What is wrong with "
        "an episode is printed as\npath:line: error|warning CODE message; an error leaves "
        "that episode out, the others\nare published.",
    ).add_argument(
        "--force",
        action="store_true",
        help="publish even if the guard refuses (65), and build everything anew",
    )
    reading("check", _check, "only read and check the episodes", "Nothing is written.")
    command(
        "rollback",
        _rollback,
        "serve the generation before the current one again",
        "Done twice, it goes back\nto the newer one. The next reindex publishes what the site "
        "says then.",
    )
    command(
        "doctor",
        _doctor,
        "compare every file of the index with what was published",
        "Names each file that is\nmissing, damaged, or open to others.",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
