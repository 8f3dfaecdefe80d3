"""What rounding inside a function does to its answer: it is called with operations that are less exact.

This sees terms that cancel halfway, as in ``1 - np.tanh(z) ** 2``, which no input shows.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.model.cases import Array, Inputs

_SHARE = 2.0**-20
"""How far each operation is off, of its own result: small beside the numbers, large beside their rounding."""
_TIMES = 6
_EXACT = frozenset(
    {np.negative, np.positive, np.absolute, np.fabs, np.sign, np.maximum, np.minimum, np.fmax, np.fmin, np.copysign}
    | {np.floor, np.ceil, np.rint, np.trunc, np.conjugate, np.heaviside}
)
"""Operations that round nothing: with what is equal staying equal, a maximum stays where it is."""


class _Rough(np.ndarray[Any, Any]):
    """An array whose operations are off by a random share."""

    rng: np.random.Generator | None

    def __array_finalize__(self, of: object) -> None:
        self.rng = getattr(of, "rng", None)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: Any, **named: Any) -> Any:
        rng = next(one.rng for one in (*given, *named.get("out", ())) if isinstance(one, _Rough))
        out = named.get("out", (None,))[0]
        if "out" in named:
            named["out"] = tuple(map(_plain, named["out"]))
        found = getattr(ufunc, method)(*map(_plain, given), **{name: _plain(one) for name, one in named.items()})
        if not isinstance(found, np.ndarray | np.generic) or found.dtype.kind not in "iuf":
            return found
        if found.dtype.kind == "f" and ufunc not in _EXACT and rng is not None:
            off = np.asarray(found) * (1 + _SHARE * rng.choice((-1.0, 1.0), np.shape(found)))
            if out is not None:
                np.copyto(_plain(out), off)
            found = off
        if out is not None:
            return out
        return rough(found, rng)


def _plain(one: Any) -> Any:
    return one.view(np.ndarray) if isinstance(one, _Rough) else one


def rough(value: Any, rng: np.random.Generator | None) -> Any:
    """Copy an array, and let the operations on it be off from now on, by `rng`; without one they are not."""
    made = np.array(value).view(_Rough)
    made.rng = rng
    return made


def spread(answer: Callable[[Mapping[str, Any]], Array], inputs: Inputs, shape: tuple[int, ...]) -> Array:
    """Find how large terms inside are, by how far an answer moves when operations are off; 0 where nothing is seen."""
    try:
        exact = answer(inputs).reshape(shape)
        rng = np.random.default_rng(0)
        arrays = {name: value for name, value in inputs.items() if isinstance(value, np.ndarray)}
        moved = [
            answer({**inputs, **{name: rough(value, rng) for name, value in arrays.items()}}).reshape(shape)
            for _ in range(_TIMES)
        ]
    except Exception:  # a reference that takes nothing but plain arrays: its slopes alone say
        return np.zeros(shape)
    found = np.max([np.abs(_plain(one) - exact) for one in moved], axis=0) / _SHARE
    return np.where(np.isfinite(found), found, 0.0)
