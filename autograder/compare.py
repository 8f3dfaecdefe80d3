"""Whether an answer is the truth: a pure, elementwise judgement with a stated error bound.

The order is fixed: what came back at all, its shape, its dtype, finiteness, values. Values are held against

    ``|actual - truth| <= 16 eps E + 4 tiny``

where E, the magnitude, is the size of the terms that the truth is a sum of (each output says its own,
`Output.magnitude`), eps = 2^-52 and tiny = 2^-1022. The reason: every correct order of operations stays within a few
eps of E, also where the sum cancels and a tolerance relative to the truth would reject the right formula (the diagonal
of a saturated softmax). Over dozens of correct styles the largest error was 3.5 eps E and over wrong formulas the
smallest was 1,611 eps E; 16 lies well between. The floor is for truths that underflow.

A second bound separates answers that are approximately right (finite differences, an epsilon in a denominator, clipping,
float32 inside) from wrong ones: ``1e-6`` of the output's largest magnitude. It looks at the output as a whole because
such errors do: the rounding of a difference quotient is as large in a tiny element as in the largest one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.model import Array
from autograder.results import Difference, Refusal

EPS = float(np.finfo(np.float64).eps)
TINY = float(np.finfo(np.float64).tiny)
TOLERANCE = 16.0
APPROX = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Judged:
    """An answer beside its truth, before anyone asks about a region of it.

    Attributes
    ----------
    whole : Difference, optional
        What is wrong with the answer as a whole (refused, shape); then there are no elements to look at.
    excess : Array
        ``|actual - truth|`` over the bound, elementwise, of the truth's shape; infinite where not finite. Up to 1 is
        equal.
    approximate : Array
        Whether an element lies within the second bound.
    finite : Array
        Whether an element is a number.
    single : bool
        Whether the answer came in float32: at best approximate, since float32's own bound lets finite differences by.
    layout_note : bool
        Whether a vector came as a row, a column or (length 1) a bare number.
    """

    whole: Difference | None
    excess: Array
    approximate: Array
    finite: Array
    single: bool = False
    layout_note: bool = False


_NOTHING = np.zeros(0)


def fit(actual: Array, shape: tuple[int, ...]) -> Array | None:
    """Give an answer the truth's shape, where the layout rules allow it.

    A vector may come as ``(k,)``, ``(k, 1)`` or ``(1, k)``, and for k = 1 as a bare number; anything else must have the
    exact shape.

    Parameters
    ----------
    actual : Array
        The answer.
    shape : tuple of int
        The truth's shape.

    Returns
    -------
    Array or None
        The answer in that shape, or None when it does not fit.
    """
    if actual.shape == shape:
        return actual
    if len(shape) == 1 and actual.size == shape[0]:
        k = shape[0]
        if actual.shape in {(k, 1), (1, k)} or (k == 1 and actual.ndim == 0):
            return actual.reshape(shape)
    return None


def judge(actual: Array | Refusal, truth: Array, magnitude: Array) -> Judged:
    """Hold an answer against its truth.

    Parameters
    ----------
    actual : Array or str
        What came back; a word says why it is not an array of numbers.
    truth : Array
        Float64, any shape.
    magnitude : Array
        E of the module's bound, of the truth's shape, at least 0.

    Returns
    -------
    Judged
        To be asked with `difference`, for all of the output or a region.
    """
    if isinstance(actual, str):
        return Judged(
            whole=Difference(kind="refused", reason=actual), excess=_NOTHING, approximate=_NOTHING, finite=_NOTHING
        )
    fitted = fit(actual, truth.shape)
    if fitted is None:
        return Judged(whole=Difference(kind="shape"), excess=_NOTHING, approximate=_NOTHING, finite=_NOTHING)
    with np.errstate(all="ignore"):
        error = np.abs(fitted.astype(np.float64, copy=False) - truth)
        finite = np.isfinite(error)
        excess = np.where(finite, error / (TOLERANCE * EPS * magnitude + 4 * TINY), np.inf)
        approximate = finite & (error <= APPROX * magnitude.max(initial=0.0) + 4 * TINY)
    return Judged(
        whole=None,
        excess=excess,
        approximate=approximate,
        finite=np.isfinite(fitted),
        single=actual.dtype == np.float32,
        layout_note=actual.shape != truth.shape,
    )


def difference(judged: Judged, mask: Array | None = None) -> Difference | None:
    """Say where an answer departs from its truth, if it does.

    Parameters
    ----------
    judged : Judged
        From `judge`.
    mask : Array, optional
        Booleans of the truth's shape: the region asked about. All of it when None.

    Returns
    -------
    Difference or None
        None when every element of the region lies within the bound. A region without elements has no difference,
        but an answer that is refused or has another shape is different everywhere.
    """
    if judged.whole is not None:
        return judged.whole
    excess = judged.excess if mask is None else np.where(mask, judged.excess, 0.0)
    if excess.size == 0:
        return None
    worst = int(excess.argmax())
    equal = bool(excess.flat[worst] <= 1.0)
    if equal and not judged.single:
        return None
    index = tuple(int(i) for i in np.unravel_index(worst, excess.shape))
    counts = np.ones(excess.shape, dtype=bool) if mask is None else mask
    if not bool(judged.finite[counts].all()):
        return Difference(kind="not_finite", index=index)
    if equal or bool(judged.approximate[counts].all()):
        return (
            Difference(kind="approx", reason="float32" if judged.single else "", index=index) if counts.any() else None
        )
    return Difference(kind="value", index=index)
