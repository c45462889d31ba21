"""Methods that remember what they returned, and do not keep their object alive by it.

`lru_cache` around a method holds the object that holds it: what such an object maps into memory
would be let go only when Python looks for garbage, which a quiet server hardly ever does.
"""

from collections.abc import Callable
from functools import lru_cache
from types import MethodType
from typing import ParamSpec, TypeVar, cast
from weakref import ref

_Given = ParamSpec("_Given")
_Value = TypeVar("_Value")


def remembered(method: Callable[_Given, _Value], most: int) -> Callable[_Given, _Value]:
    """`method`, a bound one, with its last `most` values remembered. Its arguments are hashable."""
    # A weakref.WeakMethod would do, but takes longer to call than many a method that is remembered.
    bound = cast("MethodType", method)
    owner = ref(bound.__self__)
    function: Callable[..., _Value] = bound.__func__

    def call(*given: _Given.args, **named: _Given.kwargs) -> _Value:
        kept = owner()
        assert kept is not None
        return function(kept, *given, **named)

    return cast("Callable[_Given, _Value]", lru_cache(maxsize=most)(call))
