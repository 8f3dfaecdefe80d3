"""Which change of a formula explains an answer: all numbers it gave, on every ordinary case, or nothing is said.

What one change does not explain, two may: a formula of the books whose numbers were multiplied as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.grading.compare import RIGHT
from autograder.grading.diagnosis import PASSED, Answers
from autograder.model import Array, Criterion, Part
from autograder.naming.book import Book, Frame, coded, inputs_of, odd_sum
from autograder.results.found import KINDS, kind_of, name_of, rank

FEWEST = 3
"""So many cases with numbers it takes to be called anything."""
_SHARE = 0.25
_TELLING = 2
"""On so many of them the formula must be wrong where it is asked about."""
_SILENT = 0.5
"""On no larger share of them it may come to nothing finite."""
_MANY = 500
"""More formulas than that are not held against all cases at once,"""
_FIRST = 3
"""but first against so many."""
_NUMBERS = (2.0, 0.5)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """One student's answers to one output, weighed."""

    sums: Array
    shapes: Array
    #: By case: whether there are numbers, on an ordinary case.
    given: Array
    #: By case and atom: whether it is not right there.
    wrong: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class _Factor:
    """What all numbers of an answer may have been multiplied by as well, case by case."""

    name: str
    values: Array


class Search:
    """The books of one function, to be searched for any number of students; each is opened when it is needed."""

    def __init__(self, part: Part, frames: Mapping[str, Frame], book: Callable[[str], Book]) -> None:
        self._frames = frames
        self._open = book
        self._books: dict[str, Book] = {}
        self._atoms = {one.id: self._judged(one) for one in part.criteria}
        self._outputs = {one.id: one.output for one in part.criteria}
        self._factors = {output: tuple(_factors(part, one)) for output, one in frames.items()}

    def _judged(self, criterion: Criterion) -> tuple[int, ...]:
        """Which atoms a criterion judges."""
        frame = self._frames[criterion.output]
        if criterion.region is None:
            return tuple(range(len(frame.atoms)))
        mask = np.concatenate([criterion.region.mask(truth).ravel() for truth in frame.sheet.truths])
        return tuple(place for place, atom in enumerate(frame.atoms) if (atom & mask).any())

    def _book(self, output: str) -> Book:
        if output not in self._books:
            self._books[output] = self._open(output)
        return self._books[output]

    def names(self, criteria: Sequence[str], answers: Mapping[str, Answers]) -> dict[str, tuple[str, ...]]:
        """Name the changes behind some criteria that do not pass, one or two; what has none is left out."""
        found: dict[str, tuple[str, ...]] = {}
        for output in dict.fromkeys(self._outputs[one] for one in criteria):
            by_atom = self._of_output(output, answers[output])
            for one in criteria:
                if self._outputs[one] == output:
                    names = {by_atom[atom] for atom in self._atoms[one] if atom in by_atom}
                    if len(names) == 1 and (name := names.pop()):
                        found[one] = name
        return found

    def near(self, criteria: Sequence[str], answers: Mapping[str, Answers]) -> frozenset[str]:
        """Say of which criteria that do not pass every number comes of one change."""
        names = self.names(criteria, answers)
        return frozenset(
            one for one, found in names.items() if len(found) == 1 and self._is_whole(one, answers[self._outputs[one]])
        )

    def _is_whole(self, criterion: str, answers: Answers) -> bool:
        """Whether every call answers with numbers of the right shape, on all ordinary cases, and not with one alone."""
        output = self._outputs[criterion]
        frame, book = self._frames[output], self._book(output)
        if answers.absent.any() or (answers.ends != PASSED).any():
            return False
        inside = np.logical_or.reduce([frame.atoms[place] for place in self._atoms[criterion]])
        values = answers.values[inside & np.isfinite(answers.values)]
        return bool(_seen(book, frame, answers).given[book.ordinary].all() and np.ptp(values) > 0)

    def _of_output(self, output: str, answers: Answers) -> dict[int, tuple[str, ...]]:
        """By atom that is wrong somewhere: its names, the same for all if the same changes explain all."""
        book = self._book(output)
        seen = _seen(book, self._frames[output], answers)
        if not len(book.names) or seen.given.sum() < max(FEWEST, _SHARE * book.ordinary.sum()):
            return {}
        found: dict[int, tuple[str, ...]] = {}
        for atom, name in _explained(book, seen).items():
            found[atom] = (name,) if name else ()
        if all(found.values()):
            return found
        return {**found, **{atom: pair for atom, pair in self._pairs(book, output, seen).items() if not found[atom]}}

    def _pairs(self, book: Book, output: str, seen: _Seen) -> dict[int, tuple[str, ...]]:
        """By atom: the nearest two changes that explain it; none where several are as near."""
        best: dict[int, dict[int, set[tuple[str, ...]]]] = {}
        for factor in self._factors[output]:
            usable = np.isfinite(factor.values) & (factor.values != 0)
            divided = replace(
                seen,
                sums=seen.sums / np.where(usable, factor.values, 1.0)[:, None],
                given=seen.given & usable,
                wrong=seen.wrong & usable[:, None],
            )
            if divided.given.sum() >= FEWEST:
                for atom, name in _explained(book, divided).items():
                    if name:
                        far = rank(name) + rank(factor.name)
                        best.setdefault(atom, {}).setdefault(far, set()).add(tuple(sorted((name, factor.name))))
        nearest = {atom: pairs[min(pairs)] for atom, pairs in best.items()}
        return {atom: next(iter(pairs)) for atom, pairs in nearest.items() if len(pairs) == 1}


def _factors(part: Part, frame: Frame) -> Iterator[_Factor]:
    """What an answer may have been multiplied by: a sign, a number, an input, how many there are."""
    cases = inputs_of(part, frame.sheet)
    ones = np.ones(len(cases))
    yield _Factor(name="opposite sign", values=-ones)
    for value in _NUMBERS:
        yield _Factor(name="wrong number", values=value * ones)
    for name, first in cases[0].items():
        values = np.array([float(case[name]) if np.ndim(case[name]) == 0 else np.nan for case in cases])
        if np.ndim(first) == 0 and not isinstance(first, bool):
            with np.errstate(divide="ignore"):
                yield _Factor(name=name_of("missing factor", name), values=1 / values)
            yield _Factor(name=name_of("extra factor", name), values=values)
        for axis in range(np.ndim(first)):
            sizes = np.array([float(np.shape(case[name])[axis]) for case in cases])
            yield _Factor(name="averaged or not", values=1 / sizes)
            yield _Factor(name="averaged or not", values=sizes)


def _seen(book: Book, frame: Frame, answers: Answers) -> _Seen:
    sheet = frame.sheet
    finite = np.isfinite(answers.values)
    sums = frame.sums(answers.values, finite)
    shapes = np.zeros(len(sheet.cases), dtype=np.int64)
    for place, odd in answers.odd.items():
        shapes[place] = coded(odd.shape)
        sums[place] = 0.0
        sums[place, 0] = odd_sum(odd)
    there = ~answers.absent | (shapes != 0)
    given = there & np.isfinite(sums).all(axis=1) & book.ordinary
    off = np.stack(
        [np.logical_or.reduceat(atom & (answers.elements != RIGHT), sheet.starts) for atom in frame.atoms], axis=1
    )
    return _Seen(sums=sums, shapes=shapes, given=given, wrong=(off | (shapes != 0)[:, None]) & given[:, None])


def _explained(book: Book, seen: _Seen) -> dict[int, str]:
    """By atom that is wrong somewhere: the change that explains it, empty where there is none."""
    wrong = np.flatnonzero(seen.wrong.any(axis=0))
    rows = _candidates(book, seen, wrong)
    equal, telling = _compared(book, seen, rows)
    everywhere = _best(book, rows[equal.all(axis=1) & telling[:, wrong].all(axis=1)])
    if everywhere is not None or (seen.shapes[seen.given] != 0).any():
        return dict.fromkeys(wrong.tolist(), everywhere or "")
    some = telling & equal & book.partial[rows, None]
    return {atom: _best(book, rows[some[:, atom]]) or "" for atom in wrong.tolist()}


def _candidates(book: Book, seen: _Seen, wrong: Array) -> Array:
    """Find the formulas that may explain an atom that is wrong; of many, few are left by a few cases."""
    rows = np.arange(len(book.names))
    if len(rows) <= _MANY:
        return rows
    places = np.flatnonzero(seen.given)
    few = places[np.argsort(~seen.wrong[places].any(axis=1), kind="stable")[:_FIRST]]
    for some in (few[:1], few):
        near, silent = _near(book, seen, some, rows)
        rows = rows[np.logical_and.reduce((near | silent)[:, :, wrong], axis=1).any(axis=1)]
    return rows


def _compared(book: Book, seen: _Seen, rows: Array) -> tuple[Array, Array]:
    """By formula and atom: whether the formula explains it, and whether enough numbers say so."""
    places = np.flatnonzero(seen.given)
    near, silent = _near(book, seen, places, rows)
    equal: Array = np.logical_and.reduce(near | silent, axis=1)
    telling: Array = (near & seen.wrong[places]).sum(axis=1) >= _TELLING
    return equal, telling & (silent.mean(axis=1) <= _SILENT)


def _near(book: Book, seen: _Seen, places: Array, rows: Array) -> tuple[Array, Array]:
    """By formula, case and atom: whether the numbers are the formula's, and whether the formula says nothing."""
    these = rows[:, None], places
    near = np.abs(seen.sums[places] - book.sums[these]) <= book.allowed[these]
    near &= (seen.shapes[places] == book.shapes[these])[:, :, None]
    return near, book.silent[these]


def _best(book: Book, rows: Array) -> str | None:
    """Choose among formulas that explain as much; None when there is none, empty when they say different things."""
    names: list[str] = [book.names[row] for row in rows]
    if not names:
        return None
    first = min(map(rank, names))
    best = list(dict.fromkeys(name for name in names if rank(name) == first))
    if best == ["wrong sign"] and any(kind_of(name) == "wrong operation" for name in names):
        # Subtracted instead of added, divided instead of multiplied: which, numbers do not say.
        return "wrong operation"
    if len(best) == 1:
        return best[0]
    kinds = sorted(set(map(kind_of, best)))
    # Of several symbols nothing is said but what is true of each.
    return kinds[0] if len(kinds) == 1 and KINDS[kinds[0]].plain else ""
