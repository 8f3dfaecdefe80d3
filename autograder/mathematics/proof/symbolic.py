"""One form for equal expressions: polynomials over sums, elements and exponentials, when dimensions may be symbols."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import sympy as sp
from sympy.polys.domains import QQ
from sympy.polys.rings import ring

from autograder.mathematics.proof.values import ZERO, Exponential, Logarithm, Root, Scalar, Step

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
    steps = sorted((one for one in whole.atoms(Step) if not any(map(_is_bound, one.free_symbols))), key=str)
    if steps:
        # Each is 0 or 1.
        ways = (whole.xreplace({steps[0]: sp.Integer(k)}) for k in (1, 0))
        rests = (difference(way, sp.S.Zero, exponentials=exponentials) for way in ways)
        return next((rest for rest in rests if rest != 0), sp.S.Zero)
    names: dict[Scalar, Scalar] = {}
    _collect(whole, names)
    if not names:
        return sp.expand(whole)
    polynomials, *_ = ring([f"a{k}" for k in range(len(names))], QQ)
    numerator, _ = _over(whole, dict(zip(names, polynomials.gens, strict=True)), polynomials)
    if numerator == 0:
        return sp.S.Zero
    root = next((one for one in names if isinstance(one, Root) and not _is_inside(one, names)), None)
    if root is None:
        return numerator.as_expr(*names)
    even, odd = _halves(numerator, list(names), root)
    rest = difference(even, sp.S.Zero, exponentials=exponentials)
    return rest if rest != 0 else difference(odd, sp.S.Zero, exponentials=exponentials)


def _is_bound(symbol: Scalar) -> bool:
    """Tell whether a sum binds a letter: one in another term may be another."""
    return isinstance(symbol, sp.Dummy) or symbol.name.startswith("_")


def _is_inside(root: Scalar, names: Mapping[Scalar, Scalar]) -> bool:
    return any(other != root and other.has(root) for other in names)


def _halves(numerator: Any, names: Sequence[Scalar], root: Scalar) -> tuple[Scalar, Scalar]:
    """Write a polynomial as a + b root, without the root in a and b."""
    place, halves = names.index(root), [sp.S.Zero, sp.S.Zero]
    for powers, number in numerator.terms():
        rest = [name**power for k, (name, power) in enumerate(zip(names, powers, strict=True)) if k != place]
        whole = sp.Rational(str(number)) * sp.Mul(*rest) * root.args[0] ** (powers[place] // 2)
        halves[powers[place] % 2] += whole
    return halves[0], halves[1]


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


def multiplied(left: Scalar, right: Scalar) -> Scalar:
    """Multiply where 0 is a name: a number times 0 is 0, with the number's sign; how often 0 was added still shows."""
    if left.has(ZERO) == right.has(ZERO):
        return left * right
    zero, other = (left, right) if left.has(ZERO) else (right, left)
    numbers = [(term, abs(term.as_coeff_Mul()[0])) for term in sp.Add.make_args(sp.expand(other))]
    if all(number == 1 for _, number in numbers):
        return left * right
    return sp.Add(
        *[
            term * factor / number if term.has(ZERO) else term * factor
            for term in sp.Add.make_args(sp.expand(zero))
            for factor, number in numbers
            if factor != 0
        ]
    )


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

    def logs(argument: Scalar) -> Scalar:
        terms = []
        for factor in sp.Mul.make_args(sp.factor_terms(argument)):
            base, power = factor.as_base_exp() if factor.is_Pow and factor.exp.is_Integer else (factor, sp.S.One)
            terms.append(power * (base.args[0] if isinstance(base, Exponential) else Logarithm(base)))
        return Logarithm(argument) if sp.Mul.make_args(argument)[0].is_negative else sp.Add(*terms)

    return expression.replace(Logarithm, logs).replace(Exponential, parts)


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
        within = [_reduced(argument) for argument in expression.args]
        return expression.func(*(map(sp.expand, within) if isinstance(expression, sp.Function) else within))
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
