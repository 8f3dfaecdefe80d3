"""One form for equal expressions: polynomials over sums, elements and exponentials, when dimensions may be symbols."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import sympy as sp
from sympy.polys.domains import QQ
from sympy.polys.rings import ring

from autograder.mathematics.proof.values import ZERO, Exponential, Scalar

MOST_EXCHANGED = 4
"""Sums in one another whose every order is tried."""


def difference(left: Scalar, right: Scalar, *, exponentials: bool = True) -> Scalar:
    """Find the numerator of left - right over independent symbols.

    It is 0 exactly when the two are equal as rational functions of elements, exponentials and sums. `exponentials` says
    whether exp(a + b) = exp(a) exp(b) may be used.
    """
    whole = left - right
    if whole == 0:
        return whole
    whole = _reduced(_split(whole) if exponentials else whole)
    names: dict[Scalar, Scalar] = {}
    _collect(whole, names)
    if not names:
        return sp.expand(whole)
    polynomials, *_ = ring([f"a{k}" for k in range(len(names))], QQ)
    numerator, _ = _over(whole, dict(zip(names, polynomials.gens, strict=True)), polynomials)
    if numerator == 0:
        return sp.S.Zero
    return numerator.as_expr(*names)


def absorbed(expression: Scalar) -> Scalar:
    """Let the name of 0 absorb what a slope that is 0 is made of, but no slope of a cost and no sign."""
    return sp.Add(*[_beside_zero(term) if term.has(ZERO) else term for term in _terms(expression)])


def gathered(expression: Scalar) -> Scalar:
    """The same where 0 + 0 = 0 is known: what is multiplied by the name is absorbed whole, and not term by term."""
    whole = [_beside_zero(term) if ZERO in sp.Mul.make_args(term) else term for term in sp.Add.make_args(expression)]
    return added(sp.Add.make_args(absorbed(added(whole))))


def added(terms: Sequence[Scalar]) -> Scalar:
    """Add up where 0 + 0 = 0 is known: all that is 0 by name stands once, and so does a sum without terms.

    A minus is kept when all have it. What has a slope of a cost beside the name is not 0 by name.
    """
    zeros = [term for term in terms if _is_only_zero(term)]
    if terms and not zeros:
        return sp.Add(*terms)
    minus = bool(zeros) and all(term.could_extract_minus_sign() for term in zeros)
    return sp.Add(*[term for term in terms if not _is_only_zero(term)], -ZERO if minus else ZERO)


def _terms(expression: Scalar) -> Sequence[Scalar]:
    return sp.Add.make_args(sp.expand(expression)) if expression.has(ZERO) else (expression,)


def _beside_zero(term: Scalar) -> Scalar:
    return sp.Mul(*[f for f in sp.Mul.make_args(term) if f.has(ZERO) or f.is_Number or _has_slope(f)])


def _is_only_zero(term: Scalar) -> bool:
    """Tell whether one 0 stands in a term; a second is one too many, and stays where it is seen."""
    return [factor for factor in sp.Mul.make_args(term) if factor.has(ZERO)] == [ZERO] and not _has_slope(term)


def _has_slope(expression: Scalar) -> bool:
    """Tell whether a slope of a cost stands in it; it is the only kind of name with a bar in it."""
    return any("/" in str(base.label) for base in expression.atoms(sp.IndexedBase))


def partitions(indices: Sequence[Scalar]) -> Iterator[dict[Scalar, Scalar]]:
    """Iterate over the ways in which indices can agree: for each, the index that stands for its group."""
    for heads in itertools.product(range(len(indices)), repeat=len(indices)):
        if all(heads[heads[k]] == heads[k] <= k for k in range(len(indices))):
            yield {indices[k]: indices[head] for k, head in enumerate(heads)}


def _split(expression: Scalar) -> Scalar:
    """Write exponentials of sums as products, and of multiples as powers."""

    def parts(argument: Scalar) -> Scalar:
        product = sp.S.One
        for term in sp.Add.make_args(sp.expand(argument)):
            number, rest = term.as_coeff_Mul()
            if term != 0:
                product *= Exponential(rest) ** number if number.is_Integer else Exponential(term)
        return product

    return expression.replace(Exponential, parts)


def _is_arithmetic(expression: Scalar) -> bool:
    return isinstance(expression, sp.Add | sp.Mul) or (isinstance(expression, sp.Pow) and expression.exp.is_Integer)


def _collect(expression: Scalar, names: dict[Scalar, Scalar]) -> None:
    """Find everything that is no arithmetic: the independent symbols."""
    if _is_arithmetic(expression):
        for argument in expression.args:
            _collect(argument, names)
    elif not expression.is_Rational:
        names[expression] = None


def _over(expression: Scalar, names: Mapping[Scalar, Any], polynomials: Any) -> tuple[Any, Any]:
    """Write an expression as one polynomial over another; no common factors are looked for, they change nothing."""
    if expression.is_Rational:
        return polynomials(expression.p), polynomials(expression.q)
    if expression in names:
        return names[expression], polynomials(1)
    if isinstance(expression, sp.Pow):
        above, below = _over(expression.base, names, polynomials)
        power = int(expression.exp)
        return (above**power, below**power) if power > 0 else (below**-power, above**-power)
    pairs = [_over(argument, names, polynomials) for argument in expression.args]
    if isinstance(expression, sp.Mul):
        above, below = polynomials(1), polynomials(1)
        for one, other in pairs:
            above, below = above * one, below * other
        return above, below
    sums: dict[Any, Any] = {}
    for above, below in pairs:
        sums[below] = sums.get(below, 0) + above
    above, below = polynomials(0), polynomials(1)
    for over, one in sums.items():
        above, below = (above + one, below) if below == over else (above * over + one * below, below * over)
    return above, below


def _reduced(expression: Scalar) -> Scalar:
    """Bring sums into one form: deltas contracted, factors pulled out, dummies named by depth."""
    if not expression.args or not expression.has(sp.Sum):
        return expression
    if not isinstance(expression, sp.Sum):
        return expression.func(*[_reduced(argument) for argument in expression.args])
    whole = _reduced(expression.function)
    # SymPy makes one sum of a sum of a sum, the inner limits first.
    for index, lower, upper in expression.limits:
        whole = sp.Add(*[_term(term, index, lower, upper) for term in sp.Add.make_args(sp.expand(whole))])
    return whole


def _term(term: Scalar, *limit: Scalar) -> Scalar:
    """Sum one term: a delta picks an element, and sums that may change places take the order that is spelled first."""
    index, lower, _ = limit
    factors = sp.Mul.make_args(term)
    for factor in factors:
        base = factor.base if isinstance(factor, sp.Pow) else factor
        if isinstance(base, sp.KroneckerDelta) and base.has(index) and lower == 1:
            other = next(a for a in base.args if a != index)
            rest = sp.Mul(*[f for f in factors if f is not factor])
            return _reduced(rest.xreplace({index: other}))
    product, limits = _flat(term, limit)
    names = {name for name, *_ in limits}
    fixed = len(limits) > MOST_EXCHANGED or any(end.free_symbols & names for _, *ends in limits for end in ends)
    orders = [limits] if fixed else itertools.permutations(limits)
    return min((reduce(_summed, order, product) for order in orders), key=str)


def _flat(term: Scalar, limit: tuple[Scalar, ...]) -> tuple[Scalar, list[tuple[Scalar, ...]]]:
    """Write a sum of products with sums in them as one product and its limits, the inner ones first."""
    product, limits = sp.S.One, []
    for factor in sp.Mul.make_args(term):
        if isinstance(factor, sp.Sum) and factor.has(limit[0]):
            fresh = {name: sp.Dummy(integer=True) for name, *_ in factor.limits}
            *inner, outer = ((fresh[name], *(end.xreplace(fresh) for end in ends)) for name, *ends in factor.limits)
            below, found = _flat(factor.function.xreplace(fresh), outer)
            limits += [*found[:-1], *inner, outer]
            product *= below
        else:
            product *= factor
    return product, [*limits, limit]


def _summed(term: Scalar, limit: tuple[Scalar, ...]) -> Scalar:
    index, lower, upper = limit
    factors = sp.Mul.make_args(term)
    outside = sp.Mul(*[factor for factor in factors if not factor.has(index)])
    inside = sp.Mul(*[factor for factor in factors if factor.has(index)])
    if inside == 1:
        return outside * (upper - lower + 1)
    level = 1 + max((_level(found) for found in inside.atoms(sp.Sum)), default=0)
    name = sp.Symbol(f"_{level}", integer=True)
    return outside * sp.Sum(inside.xreplace({index: name}), (name, lower, upper))


def _level(found: Scalar) -> int:
    return max(int(str(index).lstrip("_")) for index, *_ in found.limits)
