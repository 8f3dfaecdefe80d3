"""Writing a book: an answer's formula, changed in every way, and what comes of it on the graded cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.grading.compare import EPS, TINY, fit
from autograder.grading.diagnosis import Sheet
from autograder.model import Array, Inputs, Part, Question
from autograder.naming.book import Book, Frame, coded, frame, inputs_of, odd_sum
from autograder.naming.changes import changes
from autograder.naming.following import sizes
from autograder.naming.forms import Canon, candidates
from autograder.naming.layouts import layouts
from autograder.naming.terms import Form, Term
from autograder.naming.values import Evaluation, MisfitError, Stack, answer, noise, stacks
from autograder.results.found import MOST_SENTENCES, name_of, rank, sentence

_SLACK = 1e-9  #: How far, of its own size, a number may be from a formula's.
_ROUNDING = 64.0
_NOISES = 8.0  #: How often over the noise of a formula may be in an answer that adds in another order.
_IN_CASE = 1e-12
_MISFIT = np.inf
"""What a formula comes to where its indices do not fit: equal to nothing. Where it is not finite it says nothing."""
_ALIKE = 1e-7
"""How far, of the largest numbers of a case, a formula may be from the truth and still be a way to write it."""
_TOGETHER = 1 << 16  #: So many numbers are weighed at a time.
_MOST = 0.5  #: On so many cases it must come to finite numbers.


def build(question: Question, part: Part, sheet: Sheet, cases_id: str) -> Book:
    """Make the formulas of one answer and compute them; where none is understood, the truths alone are changed."""
    place = [output.name for output in part.outputs].index(sheet.output.name)
    cases = inputs_of(part, sheet)
    page = _Page(frame=frame(part, sheet, cases_id))
    forms: dict[Term, tuple[Form, Form]] = {}
    ordinary = np.ones(len(cases), dtype=bool)
    every = page.stacks(cases, ordinary)
    for form in candidates(question, part, place, cases, sheet.truths[0].ndim):
        plain = page.canon.form(form)
        right = page.right(plain, every)
        if right is not None:
            forms.setdefault(plain.term, (form, plain))
            ordinary &= right
    some = page.stacks(cases, ordinary)
    defaults = {
        name: float(value)
        for name, value in part.defaults.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    for form, plain in forms.values():
        page.add(form, plain, defaults, cases, some)
    page.lay_out(some)
    return page.book(ordinary)


def _letters(form: Form, cases: Sequence[Inputs]) -> dict[str, tuple[str, ...]]:
    """By input, a letter of the answer for each axis: none twice, so that a matrix lies as the answer does."""
    found = {}
    size = sizes(cases)
    for name, value in cases[0].items():
        if isinstance(value, bool | str):
            continue
        letters: list[str] = []
        for axis in range(np.ndim(value)):
            run = size.get((name, axis))
            letters += [one for one in form.axes if size.get(form.ranges[one]) == run and one not in letters][:1]
        if len(letters) == np.ndim(value):
            found[name] = tuple(letters)
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Shelf:
    """A stack, and what its numbers are held against: cases by elements, one after the other."""

    stack: Stack
    shape: tuple[int, ...]
    truth: Array
    magnitude: Array
    weights: Array  #: By atom, cases, elements: weights inside, 0 outside.


class _Rows:
    """What some formulas come to, weighed, stack by stack: everything by formula, then by case, then by atom."""

    def __init__(self, count: int, frame: Frame) -> None:
        shape = (count, len(frame.sheet.cases), len(frame.atoms))
        self.sums = np.full(shape, np.nan)
        self.allowed = np.zeros(shape)
        self.shapes = np.zeros(shape[:2], dtype=np.int64)

    def weigh(self, shelf: _Shelf, values: Iterable[tuple[Array, Array | None] | None]) -> None:
        """Weigh what each formula comes to on one stack, and its noise; None where its indices do not fit."""
        places = list(shelf.stack.places)
        tight = all(1 not in np.shape(one)[1:] for one in shelf.stack.inputs.values())
        many = np.empty((max(1, _TOGETHER // max(shelf.truth.size, 1)), *shelf.truth.shape))
        noises = np.zeros_like(many)
        rows: list[int] = []
        with np.errstate(all="ignore"):
            for row, found in enumerate(values):
                if found is None:
                    self.sums[row, places] = _MISFIT if tight else np.nan
                    continue
                computed, noisy = found
                if computed.shape[1:] == shelf.shape or fit(computed[0], shelf.shape) is not None:
                    many[len(rows)] = computed.reshape(shelf.truth.shape)
                    noises[len(rows)] = 0.0 if noisy is None else noisy.reshape(shelf.truth.shape)
                    rows.append(row)
                    if len(rows) == len(many):
                        self._weigh(shelf, rows, many, noises)
                        rows.clear()
                else:
                    self._odd(shelf, row, computed)
            if rows:
                self._weigh(shelf, rows, many[: len(rows)], noises[: len(rows)])

    def _odd(self, shelf: _Shelf, row: int, computed: Array) -> None:
        places = list(shelf.stack.places)
        self.shapes[row, places] = coded(computed.shape[1:])
        self.sums[row, places] = 0.0
        self.sums[row, places, 0] = [odd_sum(one) for one in computed]
        rounding = 3 * _ROUNDING * EPS * shelf.magnitude.sum(axis=1) + 4 * TINY
        self.allowed[row, places, 0] = _SLACK * np.array([odd_sum(np.abs(one)) for one in computed]) + rounding

    def _weigh(self, shelf: _Shelf, rows: Sequence[int], values: Array, noises: Array) -> None:
        """Sums by case and atom, and how far they may be off; nan where a number is not finite."""
        finite = np.isfinite(values) & np.isfinite(noises)
        known = np.where(finite, values, 0.0)
        size = np.abs(known)
        may = _SLACK * size + _ROUNDING * EPS * shelf.magnitude + _IN_CASE * size.max(axis=2, initial=0.0)[:, :, None]
        may += _NOISES * np.where(finite, noises, 0.0)
        sums = np.einsum("abk,fbk->fba", shelf.weights, known)
        if not finite.all():
            lost = np.einsum("abk,fbk->fba", shelf.weights > 0, ~finite)
            sums[lost] = np.nan
        here = np.ix_(rows, shelf.stack.places)
        self.sums[here] = sums
        self.allowed[here] = np.einsum("abk,fbk->fba", shelf.weights, may + 4 * TINY)


def _perhaps(form: Form, evaluation: Evaluation) -> tuple[Array, Array | None] | None:
    """Compute a form and its noise; None where its indices do not fit."""
    try:
        return answer(form, evaluation), noise(form, evaluation)
    except (MisfitError, KeyError):
        return None
    finally:
        evaluation.forget()


@dataclass(eq=False)
class _Page:
    """A book that is being written."""

    frame: Frame
    canon: Canon = field(default_factory=Canon)
    names: list[str] = field(default_factory=list)
    rows: list[tuple[Array, Array, Array]] = field(default_factory=list)
    seen: set[Any] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Weigh the truths."""
        truth = self.frame.sheet.truth
        self._truths = self.frame.sums(truth, np.isfinite(truth))

    def stacks(self, cases: Sequence[Inputs], which: Array) -> list[_Shelf]:
        """Put some of the cases together."""
        return [self._shelf(stack) for stack in stacks(cases, np.flatnonzero(which))]

    def _shelf(self, stack: Stack) -> _Shelf:
        sheet = self.frame.sheet
        size = int(sheet.sizes[stack.places[0]])
        at = sheet.starts[list(stack.places)][:, None] + np.arange(size)
        return _Shelf(
            stack=stack,
            shape=sheet.truths[stack.places[0]].shape,
            truth=sheet.truth[at],
            magnitude=sheet.magnitude[at],
            weights=np.stack([np.where(atom[at], self.frame.weights[at], 0.0) for atom in self.frame.atoms]),
        )

    def right(self, form: Form, shelves: Sequence[_Shelf]) -> Array | None:
        """By case, whether a form comes to the truth; None where it comes to something else."""
        found = np.zeros(len(self.frame.sheet.cases), dtype=bool)
        for shelf in shelves:
            try:
                with np.errstate(all="ignore"):
                    values = answer(form, self._evaluation(shelf))
            except (MisfitError, KeyError):
                return None
            if values.shape[1:] != shelf.shape:
                return None
            finite = np.isfinite(values.reshape(shelf.truth.shape))
            flat = np.where(finite, values.reshape(shelf.truth.shape), shelf.truth)
            size = shelf.magnitude.max(axis=1, initial=0.0) + np.abs(shelf.truth).max(axis=1, initial=0.0)
            if (np.abs(flat - shelf.truth) > (_ALIKE * size + 4 * TINY)[:, None]).any():
                return None
            # Where much cancels, rounding would speak, and not a formula.
            exact = np.where(shelf.truth == 0, _IN_CASE * size[:, None], _SLACK * np.abs(shelf.truth)) + 4 * TINY
            found[list(shelf.stack.places)] = (finite & (np.abs(flat - shelf.truth) <= exact)).all(axis=1)
        return found if found.mean() >= _MOST else None

    def _evaluation(self, shelf: _Shelf) -> Evaluation:
        axes = {letter: axis for axis, letter in enumerate(self.canon.ranges)}
        return Evaluation(shelf.stack, axes, self.canon.ranges)

    def add(
        self, form: Form, plain: Form, defaults: Mapping[str, float], cases: Sequence[Inputs], shelves: Sequence[_Shelf]
    ) -> None:
        """Change a form in every way, and compute what comes of it."""
        made: dict[tuple[Term, tuple[str, ...]], tuple[str, Form]] = {}
        ranks = {name: np.ndim(value) for name, value in cases[0].items() if not isinstance(value, bool | str)}
        letters = dict(form.ranges)
        letters.update({f"of {name}": (name, 0) for name, rank_ in ranks.items() if rank_ == 1})
        for change in changes(replace(form, ranges=letters), defaults, _letters(form, cases), ranks):
            other = self.canon.form(change.form)
            name = name_of(change.kind, change.symbol)
            key = (other.term, other.axes)
            if key not in made or rank(name) < rank(made[key][0]):
                made[key] = (name, other)
        rows = _Rows(len(made), self.frame)
        for shelf in shelves:
            evaluation = self._evaluation(shelf)
            with np.errstate(all="ignore"):
                answer(plain, evaluation)
                noise(plain, evaluation)
            evaluation.keep()
            rows.weigh(shelf, (_perhaps(other, evaluation) for _, other in made.values()))
        self._keep([name for name, _ in made.values()], rows)

    def lay_out(self, shelves: Sequence[_Shelf]) -> None:
        """Change the right numbers after the formula."""
        columns = [list(layouts(shelf.truth.reshape(len(shelf.truth), *shelf.shape), shelf.stack)) for shelf in shelves]
        rows = _Rows(min(map(len, columns), default=0), self.frame)
        for shelf, column in zip(shelves, columns, strict=True):
            rows.weigh(shelf, (None if values is None else (values, None) for _, values in column))
        self._keep([name for name, _ in columns[0]] if columns else [], rows)

    def _keep(self, names: Sequence[str], rows: _Rows) -> None:
        """Write down what says something, is wrong, and was not there before."""
        for name, sums, allowed, shapes in zip(names, rows.sums, rows.allowed, rows.shapes, strict=True):
            if np.isnan(sums).all() or self._is_right(sums, allowed, shapes):
                continue
            # Rounded: what is alike but for rounding need not be kept twice.
            key = (name, np.clip(sums, -1e30, 1e30).astype(np.float32).tobytes(), shapes.tobytes())
            if key not in self.seen:
                self.seen.add(key)
                self.names.append(name)
                self.rows.append((sums, allowed, shapes))

    def _is_right(self, sums: Array, allowed: Array, shapes: Array) -> bool:
        """Whether a formula is only another way to write the right one."""
        with np.errstate(all="ignore"):
            same = (np.abs(sums - self._truths) <= 16 * allowed) | np.isnan(sums)
        return bool(same.all() and not shapes.any())

    def book(self, ordinary: Array) -> Book:
        """Close the book: no more sentences than a student may be told."""
        output = self.frame.sheet.output.name
        order = sorted(range(len(self.names)), key=lambda row: (rank(self.names[row]), row))
        said = list(dict.fromkeys(sentence(self.names[row], output) for row in order))[:MOST_SENTENCES]
        kept = [row for row in order if sentence(self.names[row], output) in said]
        rows = [self.rows[row] for row in kept]
        empty = np.zeros((*self._truths.shape, 0))
        sums, allowed = (np.stack([row[place] for row in rows], axis=-1) if rows else empty for place in (0, 1))
        return Book(
            names=tuple(self.names[row] for row in kept),
            sums=sums,
            allowed=allowed,
            shapes=np.array([row[2] for row in rows], dtype=np.int64).reshape(len(rows), -1).T.copy(),
            ordinary=ordinary,
        )
