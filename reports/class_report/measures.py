"""Measures of a list of numbers, as test theory defines them; none depends on the order of the students.

Sums are exact before they are rounded: the same class gives the same digits in any order.
"""

import math
from collections.abc import Sequence
from statistics import correlation, quantiles, stdev

FEWEST = 5  #: Fewer students than this say nothing about how a criterion discriminates.
FEWEST_FOR_ALPHA = 10  #: Fewer students than this say nothing about reliability.
OUTER = 0.27  #: Share of the class in the upper and in the lower group (Kelley 1939).
_SAME = 1e-9


def constant(values: Sequence[float]) -> bool:
    """Tell whether all values are the same, but for rounding: nothing can be said about what goes with them."""
    return max(values) - min(values) < _SAME


def deviation(values: Sequence[float]) -> float | None:
    """Find the standard deviation of a sample (n - 1); None for fewer than two."""
    return stdev(values) if len(values) > 1 else None


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Find lower quartile, median and upper quartile, between neighbors by linear interpolation."""
    if len(values) == 1:
        return (values[0], values[0], values[0])
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high


def histogram(values: Sequence[float], top: float) -> tuple[int, ...]:
    """Count values from 0 to `top` in bins of one width; an edge belongs to the bin above it, `top` to the last."""
    bins = bins_for(top)
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value * bins / top + _SAME))] += 1
    return tuple(counts)


def bins_for(top: float) -> int:
    """Choose how many bins the points have: ten, or a few less where these are whole or half points wide."""
    few = range(10, 5, -1)
    return next((bins for half in (1, 2) for bins in few if half * top % bins == 0), 10)


def item_rest(earned: Sequence[float], totals: Sequence[float]) -> float | None:
    """Correlate a criterion with the rest of the homework: the corrected item-total correlation.

    Where its points are all or nothing, this is the point-biserial correlation. `totals` are points on everything; the
    criterion's own are taken out here, so that it does not go with itself. None for fewer than `FEWEST` students, and
    where either side is the same for all.
    """
    rest = [total - own for own, total in zip(earned, totals, strict=True)]
    if len(rest) < FEWEST or constant(earned) or constant(rest):
        return None
    return max(-1.0, min(1.0, correlation(earned, rest)))


def upper_lower(shares: Sequence[float], totals: Sequence[float]) -> float | None:
    """Subtract the mean share of a criterion's points of the lower 27% of the class from that of the upper 27%.

    The class is ordered by the points on everything; students who tie at a group's border share its last places. None
    as for `item_rest`.
    """
    if len(totals) < FEWEST or constant(shares) or constant(totals):
        return None
    size = max(1, round(OUTER * len(totals)))
    upper = _outer_mean(shares, totals, size)
    return upper - _outer_mean(shares, [-total for total in totals], size)


def _outer_mean(shares: Sequence[float], totals: Sequence[float], size: int) -> float:
    border = sorted(totals, reverse=True)[size - 1]
    inside = [share for share, total in zip(shares, totals, strict=True) if total > border]
    at_border = [share for share, total in zip(shares, totals, strict=True) if total == border]
    places = size - len(inside)
    return (math.fsum(inside) + places * math.fsum(at_border) / len(at_border)) / size


def alpha(columns: Sequence[Sequence[float]]) -> float | None:
    """Find Cronbach's alpha over columns of points of all students, in one order, for each thing that was scored.

    None for fewer than two columns or `FEWEST_FOR_ALPHA` students, or where all totals are the same.
    """
    number = len(columns)
    if number < 2 or len(columns[0]) < FEWEST_FOR_ALPHA:
        return None
    totals = [math.fsum(row) for row in zip(*columns, strict=True)]
    whole = deviation(totals)
    if constant(totals) or whole is None:
        return None
    apart = math.fsum((deviation(column) or 0.0) ** 2 for column in columns)
    return number / (number - 1) * (1 - apart / whole**2)


def chance(found: float, students: int) -> tuple[float, float] | None:
    """Tell between which bounds a true correlation may lie that was found in a class: 95%, by Fisher's z.

    None for too few students.
    """
    if students < FEWEST:
        return None
    half = 1.96 / math.sqrt(students - 3)
    return math.tanh(math.atanh(found) - half), math.tanh(math.atanh(found) + half)
