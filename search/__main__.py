"""`python -m search "full text search postgres"`: the answer in the terminal, links included."""

import argparse
import sys
from collections.abc import Sequence

from search.command_line import Parser, run_command, settings_of, whole_number
from search.engines import open_engine
from search.errors import UsageError
from search.json_answer import answer_json
from search.request import (
    MAX_MOMENTS,
    MAX_PER_PAGE,
    MAX_WINDOW,
    Request,
    Sort,
    asked_text,
    check_window,
)
from search.terminal import answer_lines, wants_colour, width_of

_QUERY_HELP = """\
queries:
  full text search           all words wanted, in any form and order
  "full text search"         side by side
  docker -kubernetes         without
  tag:flask guest:"jerod santo" title:… category:… year:2020 before:2020-06 after:2020
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    typed = sys.argv[1:] if arguments is None else arguments
    return run_command(_parser(), [_as_word(each) for each in typed], _search)


def _search(options: argparse.Namespace) -> int:
    searcher = open_engine(settings_of(options)).open()
    request = _request(options)
    answer = searcher.search(request)
    if options.json:
        # JSON is UTF-8, whatever the terminal is.
        sys.stdout.buffer.write(answer_json(answer, request) + b"\n")
    else:
        for line in answer_lines(answer, wants_colour(sys.stdout), width_of(sys.stdout)):
            print(line)
    return 0


def _as_word(argument: str) -> str:
    """`-kubernetes` excludes a word: what holds a blank is no option to argparse."""
    excludes = argument.startswith("-") and not argument.startswith("--") and argument != "-h"
    return f" {argument}" if excludes else argument


def _parser() -> Parser:
    parser = Parser(
        prog="python -m search",
        description="Searches the published index and prints episodes with their best moments.",
        epilog=_QUERY_HELP,
    )
    parser.add_argument("query", nargs="*", help="what to search for")
    parser.add_argument("--json", action="store_true", help="print what the endpoint answers")
    parser.add_settings()
    orders = [str(each) for each in Sort]
    parser.add_argument("--sort", choices=orders, default=orders[0], help="which come first")
    parser.add_argument(
        "--page", type=whole_number, default=1, metavar="N", help="which page (default 1)"
    )
    parser.add_argument(
        "--per-page", type=whole_number, default=10, metavar="N", help="episodes shown (default 10)"
    )
    parser.add_argument(
        "--moments",
        type=whole_number,
        default=3,
        metavar="N",
        help="moments shown an episode (default 3)",
    )
    parser.add_argument("--exact", action="store_true", help="only what is typed counts")
    parser.add_argument("--explain", action="store_true", help="say why each is found")
    return parser


def _request(options: argparse.Namespace) -> Request:
    for name, value, least, most in (
        ("--page", options.page, 1, MAX_WINDOW),
        ("--per-page", options.per_page, 1, MAX_PER_PAGE),
        ("--moments", options.moments, 0, MAX_MOMENTS),
    ):
        if not least <= value <= most:
            raise UsageError(f"{name} {value}: choose from {least} to {most}")
    request = Request(
        asked_text(" ".join(options.query)),
        sort=Sort(options.sort),
        page=options.page,
        per_page=options.per_page,
        moments=options.moments,
        exact=options.exact,
        explain=options.explain,
    )
    check_window(request)
    return request


if __name__ == "__main__":
    sys.exit(main())
