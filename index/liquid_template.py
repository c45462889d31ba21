"""Renders Liquid. The one place that knows python-liquid; it takes a while to load."""

from collections.abc import Mapping
from typing import Any

from liquid import Environment, Mode, Undefined
from liquid.exceptions import LiquidError

from index.liquid_text import MISSING, MISSING_END


class BadTemplate(ValueError):
    """A text that Liquid cannot resolve, and why."""


def rendered(source: str, names: Mapping[str, Any]) -> str:
    """`source` with Liquid resolved. A variable that is not set becomes its place in `source`,
    between MISSING and MISSING_END. Raises BadTemplate."""
    try:
        return str(_ENVIRONMENT.from_string(source).render(**names))
    except (LiquidError, RecursionError, ValueError, TypeError, OverflowError) as failure:
        raise BadTemplate(str(failure)) from None


class _Environment(Environment):
    loop_iteration_limit = 1_000
    context_depth_limit = 30
    local_namespace_limit = 1_000_000
    output_stream_limit = 8_000_000


class _Reported(Undefined):
    """Leaves a mark where it is shown; silent where a condition or `default` merely asks for it."""

    def __str__(self) -> str:
        place = self.token.start_index if self.token is not None else 0
        return f"{MISSING}{place}{MISSING_END}"


def _environment() -> _Environment:
    environment = _Environment(tolerance=Mode.LAX, undefined=_Reported, strict_filters=False)
    for name in set(environment.tags) - _TAGS:
        del environment.tags[name]
    return environment


_TAGS = {"if", "unless", "case", "for", "break", "continue", "assign", "capture"}
_TAGS |= {"comment", "raw", "doc"}
_TAGS |= {"content", "output", "illegal", "#"}  # what a template is made of
_ENVIRONMENT = _environment()
