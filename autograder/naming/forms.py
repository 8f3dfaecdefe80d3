"""The right formulas of an answer: as the question derives it, as the reference and the module compute it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.model import Inputs, Output, Part, Question
from autograder.naming.following import traced, without_shift
from autograder.naming.reading import Side, sides
from autograder.naming.terms import BINDERS, Form, Range, Term, rebuilt, renamed


def candidates(question: Question, part: Part, place: int, cases: Sequence[Inputs], rank: int) -> Iterator[Form]:
    """Everything that may be a formula of one answer, by its place and rank; which are right, its truths say.

    `cases` are inputs of hidden cases, in the order of the part's parameters.
    """
    output = part.outputs[place]
    for form in (*_of(part.reference, cases, part.names, place), *_of_module(part, output, cases)):
        yield form
        yield without_shift(form)
    read = [side for side in sides(question, part) if len(side.form.axes) == rank]
    yield from (side.form for side in read if side.equal is None)
    yield from _paired([one for one in read if one.equal is True], [one for one in read if one.equal is False])


def _of(function: Callable[..., Any], cases: Sequence[Inputs], outputs: Sequence[str], place: int) -> list[Form]:
    return traced(function, cases, outputs)[place : place + 1]


def _of_module(part: Part, output: Output, cases: Sequence[Inputs]) -> list[Form]:
    """What the module computes is the answer where a value is asked for."""
    values = [one.name for one in part.outputs if one.kind == "value"]
    if output.kind != "value":
        return []

    def module(*given: Any) -> Any:
        return part.forward(np, dict(zip(cases[0], given, strict=True)))

    return _of(module, cases, values, values.index(output.name))


def _paired(equal: Sequence[Side], different: Sequence[Side]) -> Iterator[Form]:
    """Put lines about equal and about different indices together: each with the last, simplest one of the others."""
    if not equal or not different:
        return
    for one in equal:
        yield _put_together(one.form, different[-1].form)
    for other in different[:-1]:
        yield _put_together(equal[-1].form, other.form)


def _put_together(equal: Form, different: Form) -> Form:
    own = {letter: f"e{letter}" for letter in equal.ranges}
    names = {**own, equal.axes[0]: different.axes[0], equal.axes[1]: different.axes[1]}
    condition = Term("same", letters=different.axes)
    return Form(
        axes=different.axes,
        ranges={**{names[letter]: run for letter, run in equal.ranges.items()}, **equal.ranges, **different.ranges},
        term=Term("cases", args=(condition, renamed(equal.term, names), different.term)),
        defined={**equal.defined, **different.defined},
    )


class Canon:
    """Writes forms with letters that say where they stand, so that equal terms of different forms are equal.

    The answer's axes come first; a sum binds a letter by how many sums are in it. What is defined is written out.
    """

    def __init__(self) -> None:
        #: What each letter runs over, of all forms.
        self.ranges: dict[str, Range] = {}
        self._known: dict[tuple[Term, tuple[tuple[str, str], ...], int], Term] = {}
        self._heights: dict[tuple[Term, int], int] = {}
        self._defined: list[Mapping[str, tuple[tuple[str, ...], Term]]] = []
        self._one: dict[Term, Term] = {}

    def form(self, form: Form) -> Form:
        """Write one."""
        axes = tuple(f"a{place} {form.ranges[one][0]}.{form.ranges[one][1]}" for place, one in enumerate(form.axes))
        self.ranges.update({new: form.ranges[old] for new, old in zip(axes, form.axes, strict=True)})
        defined = next((at for at, one in enumerate(self._defined) if one is form.defined), len(self._defined))
        if defined == len(self._defined):
            self._defined.append(form.defined)
        term = self._term(form.term, tuple(zip(form.axes, axes, strict=True)), defined, form.ranges)
        return Form(axes=axes, ranges=self.ranges, term=self._shared(term))

    def _shared(self, term: Term) -> Term:
        """Let equal terms be one object, of all forms."""
        found = self._one.get(term)
        if found is None:
            args = tuple(map(self._shared, term.args))
            same = all(new is old for new, old in zip(args, term.args, strict=True))
            found = term if same else Term(term.op, term.name, term.letters, args, term.value)
            self._one[found] = found
        return found

    def _height(self, term: Term, defined: int) -> int:
        """How many sums are in each other."""
        key = (term, defined)
        if key not in self._heights:
            below = [self._height(arg, defined) for arg in term.args]
            if term.op == "named":
                below.append(self._height(self._defined[defined][term.name][1], defined))
            self._heights[key] = max(below, default=0) + (term.op in BINDERS)
        return self._heights[key]

    def _term(self, term: Term, env: tuple[tuple[str, str], ...], defined: int, before: Mapping[str, Range]) -> Term:
        key = (term, env, defined)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._new(term, env, defined, before)
        return found

    def _new(self, term: Term, env: tuple[tuple[str, str], ...], defined: int, before: Mapping[str, Range]) -> Term:
        names = dict(env)
        if term.op == "named":
            letters, meaning = self._defined[defined][term.name]
            given = tuple(names.get(one, one) for one in term.letters)
            return self._term(meaning, tuple(zip(letters, given, strict=True)), defined, before)
        own = term.letters
        if term.op in BINDERS:
            old = term.letters[0]
            run = before[old]
            new = f"n{self._height(term, defined)} {run[0]}.{run[1]}"
            self.ranges[new] = run
            without = tuple(names.get(one, one) for one in term.letters[1:])
            names[old] = new
            env, own = tuple(names.items()), (new, *without)
        else:
            own = tuple(names.get(one, one) for one in term.letters)
        args = tuple(self._term(arg, env, defined, before) for arg in term.args)
        if own == term.letters:
            return rebuilt(term, args)
        return Term(term.op, term.name, own, args, term.value)
