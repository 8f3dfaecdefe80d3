"""All formulas that one answer may have been computed by: what they come to on the graded cases, in a few numbers each.

Of each formula and case a weighted sum of its numbers is kept, by atoms: the elements that the same criteria judge. Two
formulas that agree in these sums on every case agree in their numbers, as the weights are in general position.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod

import numpy as np

from autograder.grading.diagnosis import Sheet
from autograder.model import Array, Inputs, Part
from autograder.results.found import WHOLE, kind_of

_LONGEST = 1 << 10


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """What is the same for all formulas of an answer."""

    sheet: Sheet
    atoms: tuple[Array, ...]  #: By atom: flat booleans.
    weights: Array  #: Flat; the first of them also weigh answers of a wrong shape.

    @cached_property
    def inside(self) -> Array:
        """By atom, then flat: whether an element is in it."""
        return np.stack(self.atoms)

    @cached_property
    def _weights(self) -> Array:
        """The same: its weight, 0 outside."""
        return np.where(self.inside, self.weights, 0.0)

    def sums(self, values: Array, finite: Array) -> Array:
        """Weigh one function's numbers, flat: a sum for each case and atom; nan where one is not finite."""
        starts = self.sheet.starts
        if finite.all():
            return np.add.reduceat(self._weights * values, starts, axis=1).T
        found = np.add.reduceat(self._weights * np.where(finite, values, 0.0), starts, axis=1)
        found[np.logical_or.reduceat(self.inside & ~finite, starts, axis=1)] = np.nan
        return found.T


@dataclass(frozen=True, kw_only=True, eq=False)
class Book:
    """The formulas of an answer: everything by case, then by atom, then by formula."""

    names: tuple[str, ...]
    #: Weighted sums: nan says nothing, infinity is equal to nothing.
    sums: Array
    allowed: Array
    shapes: Array  #: By case and formula: 0 for an answer of the truth's shape, else a number for its shape.
    ordinary: Array  #: By case.

    @cached_property
    def silent(self) -> Array:
        """Where a formula says nothing."""
        return np.isnan(self.sums)

    @cached_property
    def unsaid(self) -> Array:
        """By atom and formula: on how many ordinary cases it says nothing."""
        return np.asarray(self.silent[self.ordinary].sum(axis=0))

    @cached_property
    def partial(self) -> Array:
        """By formula: whether it may explain a part of an answer."""
        return np.array([kind_of(name) not in WHOLE for name in self.names], dtype=bool)


def normal(shape: Sequence[int]) -> tuple[int, ...]:
    """A shape as it is compared: rows and columns count as vectors."""
    size = prod(shape)
    return (size,) if len(shape) > 1 and max(shape) == size else tuple(shape)


def coded(shape: Sequence[int]) -> int:
    """A number for a shape that is not the truth's."""
    code = 1
    for size in normal(shape):
        code = code * _LONGEST + min(int(size), _LONGEST - 1)
    return code


def atoms(part: Part, sheet: Sheet) -> tuple[Array, ...]:
    """Split the elements of an answer by which criteria judge them."""
    masks = [
        np.concatenate([one.region.mask(truth).ravel() for truth in sheet.truths])
        for one in part.criteria
        if one.output == sheet.output.name and one.region is not None
    ]
    keys = sum((mask.astype(int) << place for place, mask in enumerate(masks)), np.zeros(len(sheet.truth), dtype=int))
    return tuple(keys == key for key in sorted(set(keys.tolist())))


def frame(part: Part, sheet: Sheet, cases_id: str) -> Frame:
    """Make what all formulas of an answer share: the weights depend on the cases alone."""
    seed = hashlib.sha256(f"{cases_id}/{part.name}/{sheet.output.name}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(seed, "big"))
    size = max(len(sheet.truth), _LONGEST)
    return Frame(sheet=sheet, atoms=atoms(part, sheet), weights=rng.uniform(1.0, 2.0, size)[: len(sheet.truth)])


def odd_sum(value: Array) -> float:
    """Weigh an answer of a wrong shape."""
    flat = np.asarray(value, dtype=np.float64).ravel()
    return float(_odd_weights(flat.size) @ flat)


@lru_cache(maxsize=_LONGEST)
def _odd_weights(size: int) -> Array:
    return np.asarray(np.cos(np.arange(1.0, size + 1)) + 2.0)


def inputs_of(part: Part, sheet: Sheet) -> list[Inputs]:
    """The inputs of the hidden cases, with defaults, in the order of the parameters."""
    filled = [{**part.defaults, **case.inputs} for case in sheet.cases]
    return [{name: one[name] for name in part.parameters} for one in filled]
