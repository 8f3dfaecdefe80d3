"""What is wrong with a side that is: the one change that would make it right, where there is one."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from autograder.mathematics.answers.chains import Chain, Reading
from autograder.mathematics.answers.comparing import NOT_COMPUTED, decide, tells_apart, worlds_at
from autograder.mathematics.answers.indices import free_letters
from autograder.mathematics.answers.numbers import Tensor, Value, flat, shape
from autograder.mathematics.answers.records import Layout
from autograder.mathematics.answers.worlds import World
from autograder.mathematics.formulas import tree as t

_MOST_CHANGES = 60
_TRIAL_STEPS = 30_000
_TWO = t.Number(digits="2")


def hint_of(chain: Chain, sides: tuple[t.Node, t.Node], layout: Layout, reading: Reading) -> str:
    """Name what is wrong with a side, given one that is right; empty when no one change makes it right."""
    with reading.paid_trial(_TRIAL_STEPS) as trial:
        return _factor_of(chain, sides, layout, trial) or _changed(chain, sides, layout, trial)


def _factors(world: World) -> dict[str, Decimal]:
    """What students forget, or have too much."""
    known = world.known
    factors = {digits: Decimal(digits) for digits in known.factors}
    factors |= {name: world.point.numbers[name, ()] for name in known.constants}
    named = {"the sign is wrong": Decimal(-1)}
    for name, factor in factors.items():
        named[f"a factor {name} is missing"] = factor
        named[f"there is one factor {name} too many"] = 1 / factor
        named[f"a factor {name} is missing and the sign is wrong"] = -factor
    return named


def _factor_of(chain: Chain, sides: tuple[t.Node, t.Node], layout: Layout, reading: Reading) -> str:
    """The factor between two sides where it is the same everywhere, or that one is transposed."""
    fitting: set[str] | None = None
    try:
        for world in worlds_at(chain, sides, layout, reading, (chain.asking.known.telling,)):
            truth, mine = world.evaluate(sides[0]), world.evaluate(sides[1])
            if shape(truth) != shape(mine):
                if isinstance(truth, Tensor) or isinstance(mine, Tensor):
                    return ""
                turned = shape(mine) == "x".join(reversed(shape(truth).split("x")))
                return "its shape is that of the transpose" if turned else ""
            here = {name for name, factor in _factors(world).items() if _close(truth, mine, factor)}
            fitting = here if fitting is None else fitting & here
    except NOT_COMPUTED:
        return ""
    return min(fitting, default="") if fitting else ""


def _close(truth: Value, mine: Value, factor: Decimal) -> bool:
    pairs = zip(flat(truth), flat(mine), strict=True)
    return any(flat(mine)) and all(abs(b * factor - a) <= Decimal("1e-25") * (1 + abs(a)) for a, b in pairs)


def _changed(chain: Chain, sides: tuple[t.Node, t.Node], layout: Layout, reading: Reading) -> str:
    right, wrong = sides
    size = (chain.asking.known.telling,)
    if chain.condition is not None and not tells_apart(wrong):
        left, other, equal = chain.condition
        flipped = replace(chain, condition=(left, other, not equal))
        if decide(flipped, sides, layout, reading, size).mark == "holds":
            return f"this is the formula for {left} {'!=' if equal else '='} {other}"
    for name, changed in islice(changes(wrong, free_letters(right)), _MOST_CHANGES):
        if decide(chain, (right, changed), layout, reading, size).mark == "holds":
            return name
    return ""


def changes(side: t.Node, letters: set[str]) -> Iterator[tuple[str, t.Node]]:
    """Give sides that differ from one in one thing that students get wrong, and what was wrong."""
    bound = {node.index for node in t.walk(side) if isinstance(node, t.Total)}
    for letter in sorted(free_letters(side) - letters):
        yield f"a sum over {letter} is missing", t.Total(index=letter, body=side)
    pair = sorted(letters & free_letters(side))
    if len(pair) == 2:
        one, other = pair
        yield f"the indices {one} and {other} are exchanged", t.reindexed(side, {one: other, other: one})
    letters_alone = {id(one) for node in t.walk(side) for one in _letters_alone(node)}
    for place, node in enumerate(t.walk(side)):
        for name, new in _changes_at(node, letters, bound):
            if id(node) not in letters_alone or isinstance(new, t.Symbol):
                yield name, replaced(side, place, new)


def _letters_alone(node: t.Node) -> tuple[t.Node, ...]:
    """What must be a letter: by which is differentiated, and functions that are taken of something."""
    match node:
        case t.Partial(by=by):
            return (by,)
        case t.Operation(name="module" | "call" | "apply", of=(function, *_)):
            return (function,)
        case t.Operation(name="slope", of=(_, letter, _)):
            return (letter,)
    return ()


def replaced(side: t.Node, place: int, new: t.Node) -> t.Node:
    """A side with another node in the place of one, by its number among all."""
    seen = iter(range(10**9))
    return t.changed(side, lambda _: new if next(seen) == place else None)


def _changes_at(node: t.Node, letters: set[str], bound: set[str]) -> Iterator[tuple[str, t.Node]]:
    match node:
        case t.Negative():
            yield "a sign is wrong", node.of
        case t.Plus():
            for k, term in enumerate(node.terms):
                turned = term.of if isinstance(term, t.Negative) else t.Negative(of=term)
                yield "a sign is wrong", t.Plus(terms=(*node.terms[:k], turned, *node.terms[k + 1 :]))
                rest = (*node.terms[:k], *node.terms[k + 1 :])
                yield "there is one term too many", rest[0] if len(rest) == 1 else t.Plus(terms=rest)
        case t.Power(exponent=t.Number()):
            yield "there is one power too many", node.base
        case t.Fraction():
            yield (
                "a power is missing below the fraction bar",
                replace(node, denominator=t.Power(base=node.denominator, exponent=_TWO)),
            )
            yield "the fraction is upside down", t.Fraction(numerator=node.denominator, denominator=node.numerator)
        case t.Transpose():
            yield "there is one transpose too many", node.of
        case t.Times():
            for k in range(len(node.factors)):
                rest = (*node.factors[:k], *node.factors[k + 1 :])
                less = rest[0] if len(rest) == 1 else t.Times(factors=rest, dots=(False,) * (len(rest) - 1))
                yield "there is one factor too many", less
            if len(node.factors) > 2:
                return
            left, right = node.factors
            yield "the factors stand in the wrong order", replace(node, factors=(right, left))
            yield "a transpose is missing", replace(node, factors=(left, t.Transpose(of=right)))
            yield "a transpose is missing", replace(node, factors=(t.Transpose(of=left), right))
        case t.Total():
            yield f"the sum over {node.index} does not belong there", node.body
            if node.skipped:
                yield f"the sum leaves out {node.index} = {node.skipped[0]}", replace(node, skipped=())
            else:
                for letter in sorted(letters):
                    yield f"the sum should leave out {node.index} = {letter}", replace(node, skipped=(letter,))
        case t.Symbol():
            yield from _other_indices(node, letters, bound)
            if len(node.indices) == 1:
                yield "a power is missing", t.Power(base=node, exponent=_TWO)


def _other_indices(node: t.Symbol, letters: set[str], bound: set[str]) -> Iterator[tuple[str, t.Node]]:
    if len(node.indices) == 2 and node.indices[0] != node.indices[1]:
        yield f"the indices of {node.name} are exchanged", replace(node, indices=node.indices[::-1])
    for k, index in enumerate(node.indices):
        if index.isdecimal():
            continue
        for letter in sorted((letters | bound) - {index}):
            yield (
                f"an index is wrong, {index} in place of {letter}",
                replace(node, indices=(*node.indices[:k], letter, *node.indices[k + 1 :])),
            )
