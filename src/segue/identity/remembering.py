"""What was made of an identifier lately: the same few come again with every signal of a person."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_T = TypeVar("_T")

_KEPT = 8_192
_LONGEST = 400
"""Characters; what is longer is refused anyway, and must not fill the memory."""


def lately(
    function: Callable[Concatenate[str, _P], _T],
) -> Callable[Concatenate[str, _P], _T]:
    """Have a pure function of an identifier remember its last answers; what it raises is raised anew."""
    kept = cast("Callable[Concatenate[str, _P], _T]", lru_cache(maxsize=_KEPT)(function))

    @wraps(function)
    def answer(identifier: str, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        if len(identifier) > _LONGEST:
            return function(identifier, *args, **kwargs)
        return kept(identifier, *args, **kwargs)

    return answer
