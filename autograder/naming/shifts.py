"""Indices that are sums: what slides along something else, as ``x[i + k]``, a slice or numpy's convolution has it.

An index is a term of its own, an `offset`: places of letters, with a sign each, and a number. Outside of what is read
there is 0.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from autograder.naming.terms import Range, Term, bound, length, minus, renamed, replaced, times, total, walk

_SMALL = 8  #: As many places are a number; more are a size, or stand for nothing that is understood.


class UntracedError(Exception):
    """Something that is not followed here."""


class Letters:
    """The letters of one call, and how far they run."""

    def __init__(self, sizes: Mapping[Range, int]) -> None:
        self.sizes = dict(sizes)
        self.of_size: dict[int, Range] = {}
        for run, size in self.sizes.items():
            self.of_size.setdefault(size, run)
        self.ranges: dict[str, Range] = {}

    def letter(self, run: Range) -> str:
        """Make a letter of its own for an axis."""
        made = f"r{len(self.ranges)}"
        self.ranges[made] = run
        return made

    def running(self, size: int) -> str:
        """Make a letter that runs so far."""
        if size not in self.of_size:
            raise UntracedError(f"an axis of {size}")
        return self.letter(self.of_size[size])

    def size(self, letter: str | None) -> int:
        """How many a letter stands for: a number that nothing else has."""
        return 1 if letter is None else self.sizes[self.ranges[letter]]


def place(letter: str, run: Range) -> Term:
    """The number that a letter stands for."""
    return Term("place", f"{run[0]}.{run[1]}", (letter,))


def offset(*places: Term, by: float = 0.0) -> Term:
    """An index."""
    return Term("offset", args=places, value=float(by))


def moved(term: Term, letter: str, index: Term, ranges: Mapping[str, Range]) -> Term:
    """Put an index in the place of a letter."""

    def change(one: Term) -> Term | None:
        if letter not in one.letters:
            return _composed(one, letter, index) if one.op == "offset" else None
        if one.op != "input":
            raise UntracedError(f"a shift of {one.op}")
        places = [index if at == letter else offset(place(at, ranges[at])) for at in one.letters]
        return Term("read", one.name, args=tuple(places))

    return replaced(term, change)


def _composed(one: Term, letter: str, index: Term) -> Term:
    args: list[Term] = []
    by = one.value
    for arg in one.args:
        inner = arg.args[0] if arg.op == "minus" else arg
        if inner.op == "place" and inner.letters == (letter,):
            turned = arg.op == "minus"
            args += [minus(below) for below in index.args] if turned else index.args
            by += -index.value if turned else index.value
        else:
            args.append(arg)
    return Term("offset", args=tuple(args), value=by)


def vanishes(term: Term, letter: str) -> bool:
    """Whether a term is 0 where a letter leaves what it is an index of."""
    if term.op in {"times", "plus"}:
        return (any if term.op == "times" else all)(vanishes(arg, letter) for arg in term.args)
    if term.op in {"minus", "over", "power"}:
        return vanishes(term.args[0], letter)
    return term.op == "input" and letter in term.letters


def picked(
    known: Letters, term: Term, letters: Sequence[str | None], places: Sequence[object]
) -> tuple[Term, list[str | None]]:
    """Take numbers and slices of axes, one after the other."""
    left: list[str | None] = []
    waiting = iter(letters)
    for one in places:
        if one is None:
            left.append(None)
            continue
        letter = next(waiting)
        size = known.size(letter)
        if isinstance(one, slice):
            start, stop, step = one.indices(size)
            length = len(range(start, stop, step))
            if length == size and step > 0:
                left.append(letter)
                continue
            if abs(step) != 1 or letter is None:
                raise UntracedError("a slice")
            new = known.running(length)
            at = place(new, known.ranges[new])
            term = moved(term, letter, offset(minus(at) if step < 0 else at, by=start), known.ranges)
            left.append(new)
        elif isinstance(one, int | np.integer) and not isinstance(one, bool):
            if not -size <= one < size:
                raise IndexError(one)
            term = term if letter is None else moved(term, letter, offset(by=int(one) % size), known.ranges)
        else:
            raise UntracedError("an index")
    return term, [*left, *waiting]


def sloped(known: Letters, table: np.ndarray) -> tuple[Term, list[str]]:
    """Read a table of indices as a sum of its axes and a number; with the letters of these."""
    letters = [known.running(size) for size in table.shape]
    steps = [int(np.diff(table, axis=axis).flat[0]) for axis in range(table.ndim)]
    first = int(table.flat[0])
    if not np.array_equal(table, first + sum(np.indices(table.shape)[at] * step for at, step in enumerate(steps))):
        raise UntracedError("a table of indices")
    places = []
    for letter, step in zip(letters, steps, strict=True):
        if abs(step) > 1:
            raise UntracedError("steps of an index")
        at = place(letter, known.ranges[letter])
        places += [at] * (step == 1) + [minus(at)] * (step == -1)
    return offset(*places, by=first), letters


def slid(known: Letters, a: tuple[Term, str], b: tuple[Term, str], mode: str, *, turned: bool) -> tuple[Term, str]:
    """Slide one vector along another and sum products, as ``np.convolve`` (turned) and ``np.correlate`` do.

    `a` and `b` are elements of a vector and its letter; `mode` is "full" or "valid", as numpy has them.
    """
    (one, along), (other, inner) = a, b
    longer, shorter = known.size(along), known.size(inner)
    if longer < shorter and turned:
        return slid(known, b, a, mode, turned=True)
    if mode not in {"full", "valid"} or (longer < shorter if mode == "valid" else not vanishes(one, along)):
        raise UntracedError(f"mode {mode}")
    out = known.running(longer + shorter - 1 if mode == "full" else longer - shorter + 1)
    summed = known.letter(known.ranges[inner])
    here, there = place(out, known.ranges[out]), place(summed, known.ranges[summed])
    by = (shorter - 1) * ((mode == "valid") if turned else -(mode == "full"))
    index = offset(here, minus(there) if turned else there, by=by)
    body = times(moved(one, along, index, known.ranges), renamed(other, {inner: summed}))
    return total(known.ranges[summed], summed, body), out


def numbered(term: Term) -> Term:
    """Number the letters that sums bind: terms that differ in them alone become equal."""
    places = itertools.count()
    return renamed(term, {letter: f"s{next(places)}" for letter in dict.fromkeys(bound(term))})


def run_together(known: Letters, terms: Sequence[Term]) -> tuple[Term, str] | None:
    """Write terms that differ in running indices alone as one, with the letter that runs; None where they do not."""
    if len(terms) not in known.of_size:
        return None
    slots = [[one.value for one in walk(term) if one.op == "offset"] for term in terms]
    if len({numbered(_filled(term, itertools.repeat(_emptied))) for term in terms}) > 1:
        return None
    table = np.array(slots)
    steps = np.diff(table, axis=0)
    if not table.size or (steps != steps[0]).any() or np.abs(steps[0]).max() != 1:
        return None
    letter = known.running(len(terms))
    here = place(letter, known.ranges[letter])

    def more(step: float) -> Callable[[Term], Term]:
        if not step:
            return lambda one: one
        return lambda one: offset(*one.args, here if step > 0 else minus(here), by=one.value)

    return _filled(terms[0], map(more, steps[0])), letter


def _emptied(index: Term) -> Term:
    return offset(*index.args)


def _filled(term: Term, changes: Iterator[Callable[[Term], Term]]) -> Term:
    """Change the indices of a term, in the order in which they are walked over."""
    return replaced(term, lambda one: next(changes)(one) if one.op == "offset" else None)


def folded(known: Letters, term: Term) -> Term:
    """Write sums of as many terms as something has, one for each index, as sums over a letter."""
    args = tuple(folded(known, arg) for arg in term.args)
    found = run_together(known, args) if term.op == "plus" else None
    if found is None:
        return Term(term.op, term.name, term.letters, args, term.value)
    body, letter = found
    return total(known.ranges[letter], letter, body)


def resolved(known: Letters, term: Term) -> Term:
    """Say what the numbers of indices stand for, and write plain indices as such."""

    def change(one: Term) -> Term | None:
        if one.op != "read":
            return None
        places = [_resolved(known, index) for index in one.args]
        letters = [index.args[0].letters[0] for index in places if _is_plain(index)]
        sizes = [known.size(letter) for letter in letters]
        whole = [known.sizes.get((one.name, axis)) for axis in range(len(places))]
        if len(letters) == len(places) and sizes == whole:
            return Term("input", one.name, tuple(letters))
        return Term("read", one.name, args=tuple(places))

    return replaced(term, change)


def _is_plain(index: Term) -> bool:
    return [one.op for one in index.args] == ["place"] and not index.value


def _resolved(known: Letters, index: Term) -> Term:
    if abs(index.value) <= _SMALL:
        return index
    for size, run in known.of_size.items():
        count = length(run)
        for sign in (1, -1):
            for less in (0, 1):
                if index.value == sign * (size - less):
                    return offset(*index.args, count if sign > 0 else minus(count), by=-sign * less)
    raise UntracedError(f"{index.value} places")
