"""What formulas come to, for many cases at a time: cases whose inputs have the same shapes lie along the first axis."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.grading.compare import EPS
from autograder.model import Array, Inputs
from autograder.naming.terms import FIRST, LAST, Form, Range, Term


class MisfitError(Exception):
    """An index that leaves what it is an index of."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Stack:
    """Cases that are computed together."""

    places: tuple[int, ...]  #: Their places among all cases.
    inputs: Mapping[str, Array]  #: By input: an axis of cases, then its own.
    whole: Mapping[str, Array]  #: By input: in which of them it holds whole numbers only.
    #: Inputs that are no numbers, and whether each is what `switches` names first.
    switches: Mapping[str, bool]


def switches(cases: Sequence[Inputs]) -> dict[str, tuple[bool | str, ...]]:
    """Find the inputs that are no numbers, and what each may be: true comes before false, words by the alphabet."""
    return {
        name: (True, False) if isinstance(value, bool) else tuple(sorted({case[name] for case in cases}))
        for name, value in cases[0].items()
        if isinstance(value, bool | str)
    }


def stacks(cases: Sequence[Inputs], which: Iterable[int]) -> list[Stack]:
    """Put some of the cases together, as they can be computed together."""
    alike: dict[Any, list[int]] = {}
    for place in map(int, which):
        inputs = cases[place]
        key = tuple(
            (np.shape(v), np.asarray(v).dtype.kind, v if isinstance(v, bool | str) else None) for v in inputs.values()
        )
        alike.setdefault(key, []).append(place)
    found = []
    turned = switches(cases)
    for places in alike.values():
        one = cases[places[0]]
        numbers = [name for name, value in one.items() if not isinstance(value, str)]
        found.append(
            Stack(
                places=tuple(places),
                inputs={
                    name: np.stack([np.asarray(cases[p][name], dtype=np.float64) for p in places]) for name in numbers
                },
                whole={
                    name: np.array([np.asarray(cases[p][name]).dtype.kind == "i" for p in places]) for name in numbers
                },
                switches={name: one[name] == ways[0] for name, ways in turned.items()},
            )
        )
    return found


def _sigmoid(x: Array) -> Any:
    return np.exp(-np.logaddexp(0.0, -x))


CALLS: Mapping[str, Callable[[Array], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sin": np.sin,
    "cos": np.cos,
    "sqrt": np.sqrt,
    "exp2": np.exp2,
    "log2": np.log2,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sigmoid": _sigmoid,
    "abs": np.abs,
    "sign": np.sign,
    "trunc": np.trunc,
    "relu": lambda x: np.maximum(x, 0.0),
    "not_zero": lambda x: np.where(x == 0, np.nan, x),
}
"""The functions that formulas may have."""
_OF_NUMBERS = frozenset({"plus", "times", "minus", "over", "power", "call", "cases"})
_GATHERED = frozenset({"sum", "largest", "product", "first", "last"})
_CARRYING = _OF_NUMBERS | _GATHERED
_EXACT = frozenset({"input", "read", "inside", "place", "offset", "number", "count", "same", "upto", "label"})
CANCELED = 64 * EPS / 1e-9
"""A sum that leaves no more of its terms has lost more digits than a formula may be off by."""
_SMALL = 1 << 14  #: Bytes up to which what a term comes to is held for other formulas.


@dataclass(eq=False)
class Evaluation:
    """Evaluate terms on one stack; a letter has an axis of its own.

    A term is computed once, as far as equal ones are the same object, and for as long as somebody holds it: a small one
    for all formulas, a large one for one.
    """

    stack: Stack
    letters: Mapping[str, int]
    ranges: Mapping[str, Range]
    #: What was computed, by the identity of its term.
    _known: dict[int, Array] = field(default_factory=dict)
    _large: dict[int, Array] = field(default_factory=dict)
    #: How far rounding may have taken it, by the identity of its term; None for next to nothing.
    _noises: dict[int, Array | None] = field(default_factory=dict)
    _large_noises: dict[int, Array | None] = field(default_factory=dict)
    _layouts: dict[tuple[str, ...], tuple[list[int], tuple[int, ...]]] = field(default_factory=dict)

    def keep(self) -> None:
        """Hold what is large of what was computed, too."""
        self._known |= self._large
        self._large = {}
        self._noises |= self._large_noises
        self._large_noises = {}

    def forget(self) -> None:
        """Drop what is large, but for what is held."""
        self._large.clear()
        self._large_noises.clear()

    def size(self, letter: str) -> int:
        """How far a letter runs."""
        return self.count(self.ranges[letter])

    def count(self, run: Range) -> int:
        """How many there are along an axis of an input."""
        names, axis = run
        if "+" in names:
            return sum(self.count((name, axis)) - 1 for name in names.split("+")) + 1
        shape = self.stack.inputs[names].shape[1:]
        if axis >= len(shape):
            raise MisfitError
        return int(shape[axis])

    def value(self, term: Term) -> Array:
        """Evaluate a term: an axis for the cases, then one for each letter, of size 1 where it does not matter."""
        key = id(term)
        found = self._known.get(key)
        if found is None:
            found = self._large.get(key)
            if found is None:
                found = self._value(term)
                (self._known if found.nbytes <= _SMALL else self._large)[key] = found
        return found

    def noise(self, term: Term) -> Array | None:
        """How far rounding may have taken a term from what it stands for, where sums in it cancel nearly all of it."""
        key = id(term)
        for held in (self._noises, self._large_noises):
            if key in held:
                return held[key]
        own = self._lost(term) if term.op in {"plus", "sum"} else None
        inner = self._carried(term) if term.op in _CARRYING else None
        found = own if inner is None else inner if own is None else own + inner
        (self._noises if key in self._known else self._large_noises)[key] = found
        return found

    def _lost(self, term: Term) -> Array | None:
        """What the digits are worth that a sum cancels, where it leaves no more than a few."""
        values = [self.value(arg) for arg in term.args]
        if all(map(_is_exact, term.args)) or all((value >= 0).all() for value in values):
            return None
        size = np.asarray(sum(map(np.abs, values)))
        if term.op == "sum":
            size = size.sum(axis=1 + self.letters[term.letters[0]], keepdims=True)
        cancels = np.abs(self.value(term)) < CANCELED * size
        return np.where(cancels, EPS * size, 0.0) if cancels.any() else None

    def _carried(self, term: Term) -> Array | None:
        """What becomes of the noise of what a term is made of."""
        noises = [(place, noise) for place, arg in enumerate(term.args) if (noise := self.noise(arg)) is not None]
        if not noises:
            return None
        values = [self.value(arg) for arg in term.args]
        if term.op in _GATHERED:
            axis = 1 + self.letters[term.letters[0]]
            ((_, noise),) = noises
            times = self.size(term.letters[0]) if noise.shape[axis] == 1 else 1
            others = np.abs(values[0]).max(axis=axis, keepdims=True) if term.op == "product" else 1.0
            return np.asarray(noise.sum(axis=axis, keepdims=True) * times * others)
        whole = self.value(term)
        moved = np.zeros_like(whole)
        for place, noise in noises:
            for shift in (noise, -noise):
                args = [value + shift if k == place else value for k, value in enumerate(values)]
                moved = np.maximum(moved, np.abs(self._combined(term, args) - whole))
        return moved

    def layout(self, axes: tuple[str, ...]) -> tuple[list[int], tuple[int, ...]]:
        """Say where the axes of an answer with these letters lie, the others last, and how long they are."""
        found = self._layouts.get(axes)
        if found is None:
            own = [1 + self.letters[letter] for letter in axes]
            rest = [axis for axis in range(1, len(self.letters) + 1) if axis not in own]
            shape = (len(self.stack.places), *(self.size(letter) for letter in axes))
            found = self._layouts[axes] = [0, *own, *rest], shape
        return found

    def _value(self, term: Term) -> Array:
        if term.op in _OF_NUMBERS:
            return self._combined(term, [self.value(arg) for arg in term.args])
        match term.op:
            case "input":
                return self._element(term)
            case "read" | "inside":
                return self._read(term)
            case "place":
                return self._place(term)
            case "offset":
                first = np.full((1,) * (1 + len(self.letters)), term.value)
                return np.asarray(sum((self.value(arg) for arg in term.args), first))
            case "number":
                return np.full((1,) * (1 + len(self.letters)), term.value)
            case "count":
                name, axis = term.name.split(".")
                return np.full((1,) * (1 + len(self.letters)), float(self.count((name, int(axis)))))
            case "sum" | "largest" | "product" | "first" | "last":
                return self._gathered(term)
            case "same":
                return np.asarray(self._index(term.letters[0]) == self._index(term.letters[1]), dtype=float)[None]
            case "upto":
                return np.asarray(self._index(term.letters[0]) <= self._index(term.letters[1]), dtype=float)[None]
            case "label":
                return np.asarray(self._index(term.letters[0])[None] == self.value(term.args[0]), dtype=float)
            case "switch":
                return self.value(term.args[0 if self.stack.switches[term.name] else 1])
            case _:
                raise KeyError(term.op)

    def _combined(self, term: Term, args: list[Array]) -> Array:
        whole: Array = args[0]
        match term.op:
            case "plus":
                for arg in args[1:]:
                    whole = whole + arg
            case "times":
                for arg in args[1:]:
                    whole = whole * arg
            case "minus":
                whole = -whole
            case "over":
                whole = whole / args[1]
            case "power":
                whole = whole ** args[1]
            case "call":
                whole = np.asarray(CALLS[term.name](whole))
            case "cases":
                whole = np.where(whole != 0, args[1], args[2])
        return whole

    def _index(self, letter: str) -> Array:
        """The numbers that a letter runs through, along its axis."""
        shape = [1] * len(self.letters)
        if letter == FIRST:
            return np.zeros(shape, dtype=np.intp)
        shape[self.letters[letter]] = self.size(letter)
        return np.arange(self.size(letter)).reshape(shape)

    def _element(self, term: Term) -> Array:
        value = self.stack.inputs[term.name]
        if len(term.letters) != value.ndim - 1:
            raise MisfitError
        if not term.letters:
            return value.reshape((-1,) + (1,) * len(self.letters))
        places: list[Any] = [slice(None)]
        for axis, letter in enumerate(term.letters, 1):
            if letter == LAST:
                places.append(np.full((1,) * len(self.letters), value.shape[axis] - 1))
            elif letter != FIRST and self.size(letter) > value.shape[axis]:
                raise MisfitError
            else:
                places.append(self._index(letter))
        found: Array = value[tuple(places)]
        return found

    def _place(self, term: Term) -> Array:
        """The numbers of a letter; of the last place, by its range."""
        (letter,) = term.letters
        name, axis = term.name.split(".")
        last = self.count((name, int(axis))) - 1
        return np.asarray(np.full((1,) * len(self.letters), last) if letter == LAST else self._index(letter))[None]

    def _read(self, term: Term) -> Array:
        """Elements by indices that may leave what they are indices of."""
        value = self.stack.inputs[term.name]
        places = [self.value(arg)[0].astype(np.intp) for arg in term.args]
        if term.value:
            places = [place % size for place, size in zip(places, value.shape[1:], strict=True)]
        held = [np.clip(place, 0, size - 1) for place, size in zip(places, value.shape[1:], strict=True)]
        inside = np.logical_and.reduce(np.broadcast_arrays(*(a == b for a, b in zip(places, held, strict=True))))
        if term.op == "inside":
            return np.asarray(inside, dtype=float)[None]
        return np.where(inside[None], value[(slice(None), *held)], 0.0)

    def _gathered(self, term: Term) -> Array:
        letter, *without = term.letters
        axis = 1 + self.letters[letter]
        body = self.value(term.args[0])
        size = self.size(letter)
        if body.shape[axis] != size:
            body = np.broadcast_to(body, (*body.shape[:axis], size, *body.shape[axis + 1 :]))
        if term.op == "largest":
            return np.asarray(body.max(axis=axis, keepdims=True))
        if term.op == "product":
            return np.asarray(body.prod(axis=axis, keepdims=True))
        if term.op in {"first", "last"}:
            return _first(body if term.op == "first" else np.flip(body, axis), axis)
        for other in without:
            there = size - 1 if other == LAST else self._index(other)
            body = np.where((self._index(letter) == there)[None], 0.0, body)
        return np.asarray(body.sum(axis=axis, keepdims=True))


def _is_exact(term: Term) -> bool:
    """Whether nothing was rounded in it."""
    return term.op in _EXACT or (term.op == "minus" and _is_exact(term.args[0]))


def _first(body: Array, axis: int) -> Array:
    """Take the first along an axis that is not 0."""
    return np.asarray(np.take_along_axis(body, np.argmax(body != 0, axis=axis, keepdims=True), axis))


def answer(form: Form, evaluation: Evaluation) -> Array:
    """Compute a form on a stack: an axis of cases, then the answer's own.

    Raises `MisfitError` if an index leaves what it is an index of.
    """
    return _laid(evaluation.value(form.term), form, evaluation)


def noise(form: Form, evaluation: Evaluation) -> Array | None:
    """Say how far rounding may have taken the numbers of `answer`, where that is more than a formula may be off by."""
    found = evaluation.noise(form.term)
    return None if found is None else _laid(found, form, evaluation)


def _laid(found: Array, form: Form, evaluation: Evaluation) -> Array:
    order, shape = evaluation.layout(form.axes)
    moved = found.transpose(order)
    moved = moved.reshape(moved.shape[: len(shape)])
    return moved if moved.shape == shape else np.broadcast_to(moved, shape)
