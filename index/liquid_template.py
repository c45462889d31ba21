"""Renders Liquid. The one place that knows python-liquid; it takes a while to load."""

import re
from collections.abc import Mapping
from typing import Any

from liquid import Environment, Mode, Undefined
from liquid.exceptions import LiquidError

# Around the place of a variable that is not set: characters of the private use area, taken out of
# every file before it comes here.
_MISSING, _MISSING_END = "\ue003", "\ue004"
_MISSED = re.compile(f"{_MISSING}([0-9]{{0,9}}){_MISSING_END}?")


class BadTemplate(ValueError):
    """A text that Liquid cannot resolve, and why."""


def rendered(source: str, names: Mapping[str, Any]) -> tuple[str, list[int]]:
    """`source` with Liquid resolved, and where in it variables stand that are not set; they become
    empty. Raises BadTemplate."""
    try:
        text = str(_ENVIRONMENT.from_string(source).render(**names))
    except (LiquidError, RecursionError, ValueError, TypeError, OverflowError) as failure:
        raise BadTemplate(str(failure)) from None
    return _MISSED.sub("", text), [int(missed[1] or 0) for missed in _MISSED.finditer(text)]


class _Environment(Environment):
    loop_iteration_limit = 1_000
    context_depth_limit = 30
    local_namespace_limit = 1_000_000
    output_stream_limit = 8_000_000


class _Reported(Undefined):
    """Leaves a mark where it is shown; silent where a condition or `default` merely asks for it."""

    def __str__(self) -> str:
        place = self.token.start_index if self.token is not None else 0
        return f"{_MISSING}{place}{_MISSING_END}"


def _environment() -> _Environment:
    environment = _Environment(tolerance=Mode.LAX, undefined=_Reported, strict_filters=False)
    for name in set(environment.tags) - _TAGS:
        del environment.tags[name]
    return environment


_TAGS = {"if", "unless", "case", "for", "break", "continue", "assign", "capture"}
_TAGS |= {"comment", "raw", "doc"}
_TAGS |= {"content", "output", "illegal", "#"}  # what a template is made of
_ENVIRONMENT = _environment()
