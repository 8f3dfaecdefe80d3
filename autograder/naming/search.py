"""Which change of a formula explains an answer: all numbers it gave, on every ordinary case, or nothing is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.grading.compare import RIGHT
from autograder.grading.diagnosis import Answers
from autograder.model import Array, Criterion, Part
from autograder.naming.book import Book, Frame, coded, odd_sum
from autograder.results.found import KINDS, SEPARATOR, rank

FEWEST = 3
"""So many cases with numbers it takes to be called anything."""
_SHARE = 0.25
_TELLING = 2
"""On so many of them the formula must be wrong where it is asked about."""


_SILENT = 0.5
"""On no larger share of them it may come to nothing finite."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """One student's answers to one output, weighed."""

    sums: Array
    shapes: Array
    #: By case: whether there are numbers, on an ordinary case.
    given: Array
    #: By case and atom: whether it is not right there.
    wrong: Array


class Search:
    """The books of one function, to be searched for any number of students; each is opened when it is needed."""

    def __init__(self, part: Part, frames: Mapping[str, Frame], book: Callable[[str], Book]) -> None:
        self._frames = frames
        self._open = book
        self._books: dict[str, Book] = {}
        self._atoms = {one.id: self._judged(one) for one in part.criteria}
        self._outputs = {one.id: one.output for one in part.criteria}

    def _judged(self, criterion: Criterion) -> tuple[int, ...]:
        """Which atoms a criterion judges."""
        frame = self._frames[criterion.output]
        if criterion.region is None:
            return tuple(range(len(frame.atoms)))
        mask = np.concatenate([criterion.region.mask(truth).ravel() for truth in frame.sheet.truths])
        return tuple(place for place, atom in enumerate(frame.atoms) if (atom & mask).any())

    def book(self, output: str) -> Book:
        """The formulas of one answer."""
        if output not in self._books:
            self._books[output] = self._open(output)
        return self._books[output]

    def names(self, criteria: Sequence[str], answers: Mapping[str, Answers]) -> dict[str, str]:
        """Name the change behind each of some criteria that do not pass; those without one are left out."""
        found: dict[str, str] = {}
        for output in dict.fromkeys(self._outputs[one] for one in criteria):
            named = self._of_output(output, answers[output])
            for one in criteria:
                if self._outputs[one] == output:
                    names = {named[atom] for atom in self._atoms[one] if atom in named}
                    if len(names) == 1 and (name := names.pop()):
                        found[one] = name
        return found

    def _of_output(self, output: str, answers: Answers) -> dict[int, str | None]:
        """By atom that is wrong somewhere: its name, the same for all if one change explains all."""
        book, frame = self.book(output), self._frames[output]
        seen = _seen(book, frame, answers)
        wrong = np.flatnonzero(seen.wrong.any(axis=0))
        if not len(book.names) or seen.given.sum() < max(FEWEST, _SHARE * book.ordinary.sum()):
            return {}
        equal, telling = _compared(book, seen)
        everywhere = _best(book, np.logical_and(equal.all(axis=1), telling[:, wrong].all(axis=1)))
        if everywhere is not None:
            return dict.fromkeys(wrong.tolist(), everywhere or None)
        if (seen.shapes[seen.given] != 0).any():
            return {}
        return {int(atom): _best(book, equal[:, atom] & telling[:, atom]) or None for atom in wrong}


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


def _compared(book: Book, seen: _Seen) -> tuple[Array, Array]:
    """By formula and atom: whether it explains all numbers, and whether enough of them say anything."""
    given = seen.given
    with np.errstate(invalid="ignore"):
        near = np.abs(seen.sums[given] - book.sums[:, given]) <= book.allowed[:, given]
    silent = np.isnan(book.sums[:, given])
    same = (seen.shapes[given] == book.shapes[:, given])[:, :, None]
    equal: Array = ((near & same) | silent).all(axis=1)
    telling: Array = (near & same & ~silent & seen.wrong[given]).sum(axis=1) >= _TELLING
    return equal, telling & (silent.mean(axis=1) <= _SILENT)


def _best(book: Book, rows: Array) -> str | None:
    """Choose among formulas that explain as much; None when there is none, empty when they say different things."""
    names = [book.names[row] for row in np.flatnonzero(rows)]
    if not names:
        return None
    first = min(map(rank, names))
    best = list(dict.fromkeys(name for name in names if rank(name) == first))
    if len(best) == 1:
        return best[0]
    kinds = {name.partition(SEPARATOR)[0] for name in best}
    # Of several symbols nothing is said but what is true of each.
    return kinds.pop() if len(kinds) == 1 and KINDS[best[0].partition(SEPARATOR)[0]].plain else ""
