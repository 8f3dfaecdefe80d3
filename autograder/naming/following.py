"""The formula that a function of ours computes: it is called once, with values that note what is done to them.

A function that looks at its numbers, or does what is not understood here, has no formula.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.model import Inputs, in_order
from autograder.naming.shifts import folded, numbered, resolved
from autograder.naming.terms import Form, Range, Term, call, number, over, plus, renamed, replaced
from autograder.naming.tracing import PRIMES, Trace
from autograder.naming.values import switches


def sizes(cases: Sequence[Inputs]) -> dict[Range, int]:
    """Give every axis a size of its own: axes that are of one size in every case are one.

    Where one axis is as long as two others together, but for one, as where something slides, so is its size.
    """
    runs: dict[Range, tuple[int, ...]] = {}
    for name, value in cases[0].items():
        for axis in range(np.ndim(value)):
            runs[name, axis] = tuple(np.shape(case[name])[axis] for case in cases)
    every = sorted(dict.fromkeys(runs.values()), key=sum)
    if len(every) > len(PRIMES):
        return {}
    found = dict(zip(every, PRIMES, strict=False))
    for whole in every:
        pairs = itertools.combinations([one for one in every if sum(one) < sum(whole)], 2)
        found[whole] = next(
            (
                found[a] + found[b] - 1
                for a, b in pairs
                if all(size == one + other - 1 for size, one, other in zip(whole, a, b, strict=True))
            ),
            found[whole],
        )
    return {run: found[one] for run, one in runs.items()} if len(set(found.values())) == len(found) else {}


def traced(function: Callable[..., Any], cases: Sequence[Inputs], outputs: Sequence[str]) -> list[Form]:
    """Follow a function of ours: a form for each of its outputs; none if it cannot be followed."""
    axes = sizes(cases)
    one = cases[0]
    turned = switches(cases)
    if len(turned) > 1 or (not axes and any(np.ndim(value) for value in one.values())):
        return []
    try:
        for name, ways in turned.items():
            if len(ways) > 2:
                return []
            pairs = zip(
                *(_called(function, axes, {**one, name: now}, outputs) for now in (ways[0], ways[-1])), strict=True
            )
            return [_switched(name, yes, no) for yes, no in pairs]
        return _called(function, axes, one, outputs)
    except Exception:  # whatever a reference does with its arguments, it is no reason to stop
        return []


def without_shift(form: Form) -> Form:
    """The same without the largest exponent in every exponential."""

    def change(term: Term) -> Term | None:
        if term.op != "call" or term.name != "exp" or term.args[0].op != "plus":
            return None
        kept = [one for one in term.args[0].args if not (one.op == "minus" and one.args[0].op == "largest")]
        return call("exp", plus(*kept)) if 0 < len(kept) < len(term.args[0].args) else None

    return Form(axes=form.axes, ranges=form.ranges, term=replaced(form.term, change))


def _called(
    function: Callable[..., Any], axes: Mapping[Range, int], inputs: Inputs, outputs: Sequence[str]
) -> list[Form]:
    trace = Trace(axes, inputs)
    returned = function(*(trace.given(name) for name in inputs))
    values = [trace.read(value) for value in in_order(returned, outputs)]
    terms = [resolved(trace, folded(trace, value.term)) for value in values]
    return [
        Form(axes=tuple(one for one in value.letters if one is not None), ranges=dict(trace.ranges), term=term)
        for value, term in zip(values, terms, strict=True)
    ]


def _switched(name: str, yes: Form, no: Form) -> Form:
    """Put both formulas of a switch together: where they differ by a divisor, only that depends on it."""
    # Both calls make the same letters in the same order, but for sums that one of them has more.
    ranges = {**{f"b{letter}": run for letter, run in no.ranges.items()}, **yes.ranges}
    other = renamed(no.term, {letter: f"b{letter}" for letter in no.ranges})
    other = renamed(other, {f"b{theirs}": ours for theirs, ours in zip(no.axes, yes.axes, strict=True)})
    term = yes.term
    # The same but for the letters that sums bind.
    if term.op == "over" and numbered(term.args[0]) == numbered(other):
        term = over(term.args[0], Term("switch", name, args=(term.args[1], number(1))))
    elif term != other:
        term = Term("switch", name, args=(term, other))
    return Form(axes=yes.axes, ranges=ranges, term=term)
