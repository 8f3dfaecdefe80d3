"""Two elements that are not equal, and small numbers that show it."""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from autograder.mathematics.proof.records import Decision
from autograder.mathematics.proof.values import ZERO, Exponential, Scalar


class DiffersError(Exception):
    """Two elements that are not equal: where (in words), the two, and the numerator of their difference."""

    def __init__(self, where: str, left: Scalar, right: Scalar, rest: Scalar) -> None:
        super().__init__(where)
        self.where, self.left, self.right, self.rest = where, left, right, rest


def counterexample(found: DiffersError, size: str) -> Decision:
    """Find small numbers that tell two sides apart; failing that, say what is left of the difference."""
    where = ", ".join(filter(None, (size, found.where)))
    if found.rest.has(ZERO):
        # A name has no numbers that would tell: whatever it is multiplied with, it stands for 0.
        return Decision(
            verdict="differs", complaint=f"a derivative that is 0 drops out, comes in or changes its sign, at {where}"
        )
    unknown = sorted(
        {s for side in (found.left, found.right) for s in (side.atoms(sp.Indexed) | _symbols(side))}, key=str
    )
    for choice in _small(len(unknown)):
        values = dict(zip(unknown, map(sp.Integer, choice), strict=True))
        numbers = [_number(side, values) for side in (found.left, found.right)]
        if None not in numbers and abs(numbers[0] - numbers[1]) > 1e-9:
            shown = {_name(symbol): str(value) for symbol, value in values.items()}
            sides = {"left": _decimal(numbers[0]), "right": _decimal(numbers[1])}
            given = ", ".join(f"{name} = {value}" for name, value in shown.items())
            text = f"at {where}" + (f", with {given}" if given else "")
            complaint = f"left {sides['left']}, right {sides['right']} {text}"
            return Decision(verdict="differs", complaint=complaint, counterexample={**shown, **sides})
    return Decision(verdict="differs", complaint=f"they differ by {found.rest} at {size}")


def _symbols(side: Scalar) -> set[Scalar]:
    bases = {base.label for base in side.atoms(sp.IndexedBase)}
    return {symbol for symbol in side.free_symbols if symbol.is_Symbol and symbol not in bases}


def _small(count: int) -> Iterator[tuple[int, ...]]:
    """All ones, one of them 2, then numbers in general position."""
    yield (1,) * count
    for k in range(count):
        yield tuple(2 if place == k else 1 for place in range(count))
    yield tuple(range(1, count + 1))
    primes = (2, 3, 5, 7, 11, 13, 17, 19)
    yield tuple(primes[k % len(primes)] - (k // len(primes)) for k in range(count))


def _number(side: Scalar, values: Mapping[Scalar, Any]) -> Any:
    exact = side.xreplace(values).doit().replace(Exponential, sp.exp)
    number = sp.N(exact, 15)
    return number if number.is_real and number.is_finite else None


def _decimal(number: Any) -> str:
    return f"{float(number):.6g}"


def _name(symbol: Scalar) -> str:
    if not isinstance(symbol, sp.Indexed):
        return str(symbol)
    indices = ",".join(map(str, symbol.indices)) if len(symbol.indices) > 1 else str(symbol.indices[0])
    base = str(symbol.base)
    return f"{base}_{indices}" if "/" in base or len(symbol.indices) < 2 else f"{base.lower()}_{indices}"
