"""Values that note what is done to them, as numpy's arrays are used.

Sizes are primes that nothing else has, so a number or an array of that size is known for what it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograder.model import Inputs
from autograder.naming.shifts import Letters, UntracedError, folded, moved, numbered, picked, run_together, slid, sloped
from autograder.naming.terms import Range, Term, call, length, minus, number, over, plus, power, renamed, times, total

PRIMES = (101, 103, 107, 109, 113, 127, 131, 137)


class Trace(Letters):
    """What is common to all values of one call."""

    def __init__(self, sizes: Mapping[Range, int], inputs: Inputs) -> None:
        super().__init__(sizes)
        self.inputs = inputs

    def given(self, name: str) -> Any:
        """Make what the function gets for one of its parameters."""
        value = self.inputs[name]
        if isinstance(value, bool | str):
            return value
        letters = tuple(self.letter(self._common((name, axis))) for axis in range(np.ndim(value)))
        return Traced(self, Term("input", name, letters), letters)

    def _common(self, run: Range) -> Range:
        return self.of_size[self.sizes[run]]

    def read(self, value: Any) -> Traced:
        """Take a value for what it stands for."""
        if isinstance(value, Traced):
            return value
        array = np.asarray(value)
        if array.dtype == object and array.ndim == 0:
            return self.read(array.item())
        if array.dtype == object and array.ndim == 1:
            return self._together([self.read(one) for one in array])
        if array.dtype.kind not in "fiub":
            raise UntracedError(f"an array of {array.dtype}")
        if array.ndim == 0:
            return self._number(float(array))
        if any(size != 1 and size not in self.of_size for size in array.shape):
            raise UntracedError(f"an array of shape {array.shape}")
        letters = tuple(None if size == 1 else self.letter(self.of_size[size]) for size in array.shape)
        if (array == array.flat[0]).all():
            return Traced(self, number(float(array.flat[0])), letters)
        if array.ndim == 2 and np.array_equal(array, np.eye(len(array))):
            return Traced(self, Term("same", letters=(str(letters[0]), str(letters[1]))), letters)
        raise UntracedError("an array of its own numbers")

    def _together(self, rows: Sequence[Traced]) -> Traced:
        """Take what stands one below the other for one value."""
        letters = rows[0].letters
        terms = []
        for row in rows:
            if [self.size(one) for one in row.letters] != [self.size(one) for one in letters]:
                raise UntracedError("rows of several shapes")
            pairs = zip(row.letters, letters, strict=True)
            terms.append(folded(self, renamed(row.term, {one: str(to) for one, to in pairs if one is not None})))
        found = run_together(self, terms)
        if found is None:
            raise UntracedError("rows of their own")
        return Traced(self, found[0], (found[1], *letters))

    def _number(self, value: float) -> Traced:
        for size, run in self.of_size.items():
            for exponent in (1.0, -1.0, 0.5, -0.5):
                if abs(value) == float(size) ** exponent:
                    term = length(run) if abs(exponent) == 1 else call("sqrt", length(run))
                    term = term if exponent > 0 else over(number(1), term)
                    return Traced(self, term if value > 0 else minus(term), ())
        return Traced(self, number(value), ())


class Traced(NDArrayOperatorsMixin):
    """A value that is not known: an element of it is a term, with a letter for each axis that is longer than 1."""

    def __init__(self, trace: Trace, term: Term, letters: Sequence[str | None]) -> None:
        self.trace = trace
        self.term = term
        self.letters = tuple(letters)

    @property
    def shape(self) -> tuple[int, ...]:
        """Primes."""
        return tuple(self.trace.size(letter) for letter in self.letters)

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return len(self.letters)

    @property
    def size(self) -> int:
        """How many elements there would be."""
        return int(np.prod(self.shape, initial=1))

    @property
    def T(self) -> Traced:
        """Transposed."""
        return Traced(self.trace, self.term, self.letters[::-1])

    def __len__(self) -> int:
        return self.shape[0]

    def __bool__(self) -> bool:
        raise UntracedError("a number is looked at")

    __float__ = __int__ = __index__ = __bool__

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        held = np.empty((), dtype=object)
        held[()] = self
        return held

    # ------------------------------------------------------------ what numpy calls

    def __array_ufunc__(self, ufunc: Any, method: str, *given: Any, **options: Any) -> Any:
        if method == "outer" and ufunc is np.multiply:
            return _outer(self.trace, *given)
        (into,) = options.pop("out", (None,))
        if method != "__call__" or options:
            raise UntracedError(f"{ufunc.__name__}.{method}")
        values = [self.trace.read(value) for value in given]
        if ufunc is np.matmul:
            return _matmul(*values)
        if ufunc not in _PLAIN:
            raise UntracedError(ufunc.__name__)
        found = _elementwise(values, _PLAIN[ufunc])
        if into is None:
            return found
        into.term, into.letters = found.term, found.letters
        return into

    def __array_function__(self, function: Any, _: Any, given: Any, options: Any) -> Any:
        known = _FUNCTIONS.get(function.__name__)
        if known is None:
            raise UntracedError(function.__name__)
        return known(self.trace, *given, **options)

    # ------------------------------------------------------------ methods of arrays

    def _along(self, op: Literal["sum", "mean", "largest"], axis: Any, keepdims: bool) -> Traced:
        axes = range(self.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
        gone = {one % self.ndim for one in axes}
        term = self.term
        for place in sorted(gone, reverse=True):
            letter = self.letters[place]
            if letter is not None:
                run = self.trace.ranges[letter]
                fresh = self.trace.letter(run)
                summed = total(run, fresh, renamed(term, {letter: fresh}))
                term = over(summed, length(run)) if op == "mean" else replace(summed, op=op)
        letters = [None if at in gone else one for at, one in enumerate(self.letters) if keepdims or at not in gone]
        return Traced(self.trace, term, letters)

    def sum(self, axis: Any = None, keepdims: bool = False) -> Traced:
        """Sum over axes."""
        return self._along("sum", axis, keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Traced:
        """Average over axes."""
        return self._along("mean", axis, keepdims)

    def var(self, axis: Any = None, keepdims: bool = False) -> Traced:
        """Average the squares of what is left without the mean."""
        return ((self - self.mean(axis, True)) ** 2).mean(axis, keepdims)  # type: ignore[no-any-return]

    def std(self, axis: Any = None, keepdims: bool = False) -> Traced:
        """Take the root of the variance."""
        return _elementwise([self.var(axis, keepdims)], _PLAIN[np.sqrt])

    def max(self, axis: Any = None, keepdims: bool = False) -> Traced:
        """Take the largest along axes."""
        return self._along("largest", axis, keepdims)

    def cumsum(self, axis: Any = None) -> Traced:
        """Sum up to each element."""
        place = 0 if axis is None and self.ndim == 1 else axis
        letter = self.letters[place]
        if letter is None:
            raise UntracedError("a cumulated sum of one number")
        run = self.trace.ranges[letter]
        fresh = self.trace.letter(run)
        body = times(Term("upto", letters=(fresh, letter)), renamed(self.term, {letter: fresh}))
        return Traced(self.trace, total(run, fresh, body), self.letters)

    def copy(self) -> Traced:
        """Make another that may be changed."""
        return Traced(self.trace, self.term, self.letters)

    def dot(self, other: Any) -> Traced:
        """Multiply as matrices."""
        return _matmul(self, self.trace.read(other))

    def __getitem__(self, index: Any) -> Traced:
        places = index if isinstance(index, tuple) else (index,)
        if not any(isinstance(place, np.ndarray | Traced) for place in places):
            return Traced(self.trace, *picked(self.trace, self.term, self.letters, places))
        if len(places) == 1 and isinstance(index, np.ndarray) and index.dtype.kind == "i" and self.ndim == 1:
            at, letters = sloped(self.trace, index)
            return Traced(self.trace, moved(self.term, str(self.letters[0]), at, self.trace.ranges), letters)
        if len(places) == 2:
            row, column, label = self._picked(places)
            run = self.trace.ranges[column]
            body = times(Term("label", letters=(column,), args=(label,)), self.term)
            fresh = self.trace.letter(run)
            return Traced(self.trace, total(run, fresh, renamed(body, {column: fresh})), (row,))
        raise UntracedError("an index")

    def __setitem__(self, index: Any, value: Any) -> None:
        row, column, label = self._picked(index)
        new = self.trace.read(value)
        one = renamed(new.term, {str(new.letters[0]): row}) if new.letters else new.term
        there = Term("label", letters=(column,), args=(label,))
        before = numbered(self[index].term)
        more = [term for term in one.args if numbered(term) != before] if one.op == "plus" else []
        if one.op == "plus" and len(more) < len(one.args):
            self.term = plus(self.term, times(there, plus(*more)))
        else:
            self.term = Term("cases", args=(there, one, self.term))

    def _picked(self, places: Any) -> tuple[str, str, Term]:
        """Read ``[arange, labels]``: the letters of both axes, and the label."""
        rows, labels = places
        row, column = self.letters
        if (
            not isinstance(labels, Traced)
            or not np.array_equal(rows, np.arange(len(self)))
            or row is None
            or column is None
        ):
            raise UntracedError("an index")
        return row, column, renamed(labels.term, {str(labels.letters[0]): row})


def _elementwise(values: Sequence[Traced], make: Callable[..., Term]) -> Traced:
    """Lay shapes beside each other from their ends, as numpy does, and give letters that meet one name."""
    trace = values[0].trace
    rank = max(value.ndim for value in values)
    letters: list[str | None] = [None] * rank
    terms = []
    for value in values:
        names: dict[str, str] = {}
        for place, letter in enumerate(value.letters, rank - value.ndim):
            met = letters[place]
            if letter is None:
                continue
            if met is None:
                twin = letter if letter not in letters else trace.letter(trace.ranges[letter])
                letters[place] = twin
                met = twin
            if trace.size(met) != trace.size(letter):
                raise UntracedError("shapes that do not fit")
            if met != letter:
                names[letter] = met
        # All at once, as letters may change places.
        terms.append(renamed(value.term, names))
    return Traced(trace, make(*terms), letters)


def _apart(value: Traced) -> Traced:
    """The same with letters of its own."""
    names = {one: value.trace.letter(value.trace.ranges[one]) for one in value.letters if one is not None}
    return Traced(
        value.trace, renamed(value.term, names), [None if one is None else names[one] for one in value.letters]
    )


def _outer(trace: Trace, a: Any, b: Any) -> Traced:
    left, right = trace.read(a), _apart(trace.read(b))
    return Traced(trace, times(left.term, right.term), (*left.letters, *right.letters))


def _matmul(a: Traced, b: Traced) -> Traced:
    left, right = a, _apart(b)
    inner, other = left.letters[-1], right.letters[-2 if right.ndim > 1 else -1]
    if inner is None or other is None or left.trace.size(inner) != left.trace.size(other):
        raise UntracedError("a product of what does not fit")
    kept = [*left.letters[:-1], *(one for one in right.letters if one != other)]
    product = times(left.term, renamed(right.term, {other: inner}))
    return Traced(left.trace, product, [*left.letters[:-1], inner, *kept[left.ndim - 1 :]])._along(
        "sum", left.ndim - 1, False
    )


def _slid(trace: Trace, a: Any, b: Any, mode: str, *, turned: bool) -> Traced:
    one, other = trace.read(a), trace.read(b)
    pairs = [(value.term, str(value.letters[0])) for value in (one, other)]
    term, letter = slid(trace, pairs[0], pairs[1], mode, turned=turned)
    return Traced(trace, term, (letter,))


def _windows(trace: Trace, value: Any, width: Any) -> Traced:
    of = trace.read(value)
    (size,) = width if isinstance(width, tuple) else (width,)
    return of[np.arange(len(of) - size + 1)[:, None] + np.arange(size)]


def _diag(trace: Trace, value: Any) -> Traced:
    of = trace.read(value)
    first = of.letters[0]
    if first is None:
        raise UntracedError("diag of one number")
    if of.ndim == 2:
        return Traced(trace, renamed(of.term, {str(of.letters[1]): first}), (first,))
    other = trace.letter(trace.ranges[first])
    return Traced(trace, times(Term("same", letters=(first, other)), of.term), (first, other))


def _method(name: str) -> Callable[..., Traced]:
    """Make numpy's function of an array's method."""
    return lambda trace, a, *more, **options: getattr(trace.read(a), name)(*more, **options)


def _where(trace: Trace, condition: Any, one: Any, other: Any) -> Traced:
    return _elementwise([trace.read(v) for v in (condition, one, other)], lambda *args: Term("cases", args=args))


_PLAIN: Mapping[np.ufunc, Callable[..., Term]] = {
    np.add: plus,
    np.subtract: lambda a, b: plus(a, minus(b)),
    np.multiply: times,
    np.divide: over,
    np.negative: minus,
    np.positive: lambda a: a,
    np.power: power,
    np.square: lambda a: power(a, number(2)),
    np.absolute: lambda a: call("abs", a),
    **{
        one: (lambda a, name=one.__name__: call(name, a))
        for one in (np.exp, np.log, np.tanh, np.sqrt, np.sin, np.cos, np.log1p, np.expm1, np.sign)
    },
}
_FUNCTIONS: Mapping[str, Callable[..., Traced]] = {
    "outer": _outer,
    "dot": lambda trace, a, b: _matmul(trace.read(a), trace.read(b)),
    **{name: _method(name) for name in ("sum", "mean", "var", "std", "max", "cumsum", "copy")},
    "amax": _method("max"),
    "transpose": lambda trace, a: trace.read(a).T,
    "convolve": lambda trace, a, v, mode="full": _slid(trace, a, v, mode, turned=True),
    "correlate": lambda trace, a, v, mode="valid": _slid(trace, a, v, mode, turned=False),
    "flip": lambda trace, a: trace.read(a)[(slice(None, None, -1),) * trace.read(a).ndim],
    "sliding_window_view": _windows,
    "diag": _diag,
    "where": _where,
}
