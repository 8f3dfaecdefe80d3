"""Whether an answer is the truth: a pure, elementwise judgment with a stated error bound.

The order is fixed: what came back at all, its shape, its dtype, finiteness, values. Values are held against

    ``|actual - truth| <= 16 eps E + 4 tiny``

where E, the magnitude, is the size of the terms that the truth is a sum of (each output says its own,
`Output.magnitude`), eps = 2^-52 and tiny = 2^-1022. The reason: every correct order of operations stays within a few
eps of E, also where the sum cancels and a tolerance relative to the truth would reject the right formula (slopes
of saturated exponentials). Over dozens of correct styles the largest error was 3.5 eps E and over wrong formulas the
smallest was 1,611 eps E; 16 lies well between. The floor is for truths that underflow.

A second bound separates answers that are approximately right (finite differences, an epsilon in a denominator,
clipping, float32 inside) from wrong ones: ``1e-6`` of the output's largest magnitude. It looks at the output as a whole
because such errors do: the rounding of a difference quotient is as large in a tiny element as in the largest one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from autograder.model import Array
from autograder.results import Difference
from autograder.words import Refusal

EPS = float(np.finfo(np.float64).eps)
TINY = float(np.finfo(np.float64).tiny)
TOLERANCE = 16.0
APPROX = 1e-6


RIGHT, NEAR, OFF, NOT_FINITE = range(4)
"""What an element can be, best first: within the bound, within the second bound, beyond both, not a number."""
_KINDS: Mapping[int, Literal["value", "not_finite"]] = {OFF: "value", NOT_FINITE: "not_finite"}


def fit(actual: Array, shape: tuple[int, ...]) -> Array | None:
    """Give an answer the truth's shape, where the layout rules allow it; None where they do not.

    A vector may come as ``(k,)``, ``(k, 1)`` or ``(1, k)``, and for k = 1 as a bare number; anything else must have the
    exact shape.
    """
    if actual.shape == shape:
        return actual
    if len(shape) == 1 and actual.size == shape[0]:
        k = shape[0]
        if actual.shape in {(k, 1), (1, k)} or (k == 1 and actual.ndim == 0):
            return actual.reshape(shape)
    return None


def bounds(magnitude: Array) -> tuple[Array, Array]:
    """Find, of the magnitude's shape, how far right and approximately right elements may be from the truth.

    The magnitude is E of the module's bound, elementwise, at least 0.
    """
    floor = 4 * TINY
    return TOLERANCE * EPS * magnitude + floor, np.full(magnitude.shape, APPROX * magnitude.max(initial=0.0) + floor)


def closeness(actual: Array, truth: Array, right: Array, near: Array) -> Array:
    """Say of every element whether it is `RIGHT`, `NEAR`, `OFF` or `NOT_FINITE` (int8).

    All have the truth's shape, `right` and `near` as from `bounds`; cases may lie end to end in one vector.
    """
    with np.errstate(all="ignore"):
        error = np.abs(actual - truth)
        found = np.where(error <= right, RIGHT, np.where(error <= near, NEAR, OFF))
    return np.where(np.isfinite(actual), found, NOT_FINITE).astype(np.int8)


def difference(actual: Array | Refusal, truth: Array, magnitude: Array, mask: Array | None = None) -> Difference | None:
    """Say where one answer departs from its truth; None when every element of the region is right.

    A word instead of an answer says why it is not an array of numbers. The mask is the region asked about, booleans of
    the truth's shape; all of it when None. A region without elements has no difference, but an answer that is refused
    or has another shape is different everywhere.
    """
    found = looked_at(actual, truth, *bounds(magnitude))
    if isinstance(found, Difference):
        return found
    return measured(within(found, mask, single=is_single(actual)), actual, truth, magnitude, mask)


def measured(
    departs: Difference | None, actual: Array | Refusal, truth: Array, magnitude: Array, mask: Array | None
) -> Difference | None:
    """Say of an approximate answer how far it is off, and a right one may be, both relative to the magnitude."""
    if departs is None or departs.kind != "approx" or isinstance(actual, str):
        return departs
    fitted = fit(actual, truth.shape)
    inside = magnitude > 0 if mask is None else mask & (magnitude > 0)
    off = 0.0 if fitted is None else float((np.abs(fitted - truth)[inside] / magnitude[inside]).max(initial=0.0))
    return replace(departs, error=off, bound=TOLERANCE * EPS)


def looked_at(actual: Array | Refusal, truth: Array, right: Array, near: Array) -> Array | Difference:
    """Judge one answer by element, as `closeness` does, or say why it is different everywhere."""
    if isinstance(actual, str):
        return Difference(kind="refused", reason=actual)
    fitted = fit(actual, truth.shape)
    return Difference(kind="shape") if fitted is None else closeness(fitted, truth, right, near)


def within(found: Array, mask: Array | None, *, single: bool) -> Difference | None:
    """Say where a region departs most, by its elements; None when all of them are right."""
    if mask is not None:
        found = np.where(mask, found, RIGHT)
        single = single and bool(mask.any())
    worst = int(found.argmax()) if found.size else 0
    level = max(int(found.flat[worst]) if found.size else RIGHT, NEAR if single else RIGHT)
    if level == RIGHT:
        return None
    index = tuple(int(i) for i in np.unravel_index(worst, found.shape))
    if level == NEAR:
        return Difference(kind="approx", reason="float32" if single else "", index=index)
    return Difference(kind=_KINDS[level], index=index)


def is_single(actual: Array | Refusal) -> bool:
    """Say whether an answer came in float32: at best approximate, as its own bound lets finite differences by."""
    return not isinstance(actual, str) and actual.dtype == np.float32
