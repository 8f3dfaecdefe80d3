"""Which change of a formula explains an answer: all numbers it gave, on every ordinary case, or nothing is said.

What one change does not explain, two may: a formula of the books whose numbers were multiplied as well.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.grading.compare import RIGHT
from autograder.grading.diagnosis import PASSED, Answers
from autograder.model import Array, Criterion, Inputs, Part
from autograder.naming.book import Book, Frame, coded, inputs_of, odd_sum
from autograder.results.found import KINDS, kind_of, name_of, rank

FEWEST = 3  #: So many cases with numbers it takes to be called anything.
_SHARE = 0.25
_TELLING = 2  #: On so many of them the formula must be wrong where it is asked about.
_SILENT = 0.5  #: On no larger share of them it may come to nothing finite.
_MANY = 10  #: More formulas than that are not held against all cases at once,
_FIRST = 3  #: but first against so many, one by one.
_NUMBERS = (2.0, 0.5)


# Faster than the methods of the same names, on arrays as small as these.
_any, _all = np.logical_or.reduce, np.logical_and.reduce


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """One student's answers to one output, weighed, in several ways: as they are, or without a factor."""

    sums: Array  #: By case, then by atom, then by way.
    shapes: Array  #: By case.
    given: Array  #: By case and way: whether there are numbers, on an ordinary case.
    wrong: Array  #: By case, atom and way: whether it is not right there.


@dataclass(frozen=True, kw_only=True, eq=False)
class _Factors:
    """What all numbers of an answer may have been multiplied by as well."""

    names: tuple[str, ...]
    values: Array  #: By case and factor; 1 where one is 0 or not finite, and cannot be used.
    usable: Array

    def without(self, seen: _Seen) -> _Seen:
        """Look at answers without each factor, where enough of them can be."""
        given = seen.given & self.usable
        return _Seen(
            sums=seen.sums / self.values[:, None],
            shapes=seen.shapes,
            given=given,
            wrong=seen.wrong & (given & (given.sum(axis=0) >= FEWEST))[:, None],
        )


class Search:
    """The books of one function, to be searched for any number of students; each is opened when it is needed."""

    def __init__(self, part: Part, frames: Mapping[str, Frame], book: Callable[[str], Book]) -> None:
        self._frames = frames
        self._open = book
        self._books: dict[str, Book] = {}
        self._atoms = {one.id: self._judged(one) for one in part.criteria}
        self._outputs = {one.id: one.output for one in part.criteria}
        self._factors = {output: _factors(part, one) for output, one in frames.items()}

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
        return bool(_seen(book, frame, answers).given[book.ordinary, 0].all() and np.ptp(values) > 0)

    def _of_output(self, output: str, answers: Answers) -> dict[int, tuple[str, ...]]:
        """By atom that is wrong somewhere: its names, the same for all if the same changes explain all."""
        book = self._book(output)
        seen = _seen(book, self._frames[output], answers)
        if not len(book.names) or seen.given.sum() < max(FEWEST, _SHARE * book.ordinary.sum()):
            return {}
        named = _explained(book, seen).get(0, {})
        found: dict[int, tuple[str, ...]] = {
            atom: (name,) if (name := named.get(atom)) else () for atom in _any(seen.wrong)[:, 0].nonzero()[0].tolist()
        }
        if all(found.values()):
            return found
        factors = self._factors[output]
        pairs = _nearest(_explained(book, factors.without(seen)), factors.names)
        return {**found, **{atom: pair for atom, pair in pairs.items() if not found[atom]}}


def _nearest(explained: Mapping[int, Mapping[int, str]], factors: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """By atom: the nearest two changes that explain it; none where several are as near."""
    best: dict[int, dict[int, set[tuple[str, ...]]]] = {}
    for way, names in explained.items():
        other = factors[way]
        for atom, name in names.items():
            pair = tuple(sorted((name, other)))
            best.setdefault(atom, {}).setdefault(rank(name) + rank(other), set()).add(pair)
    nearest = {atom: pairs[min(pairs)] for atom, pairs in best.items()}
    return {atom: next(iter(pairs)) for atom, pairs in nearest.items() if len(pairs) == 1}


def _factors(part: Part, frame: Frame) -> _Factors:
    """Find what an answer may have been multiplied by: a sign, a number, an input, how many there are; each once."""
    found = {(name, values.tobytes()): values for name, values in _multiples(inputs_of(part, frame.sheet))}
    values = np.stack([*found.values()], axis=1)
    usable = np.isfinite(values) & (values != 0)
    return _Factors(names=tuple(name for name, _ in found), values=np.where(usable, values, 1.0), usable=usable)


def _multiples(cases: Sequence[Inputs]) -> Iterator[tuple[str, Array]]:
    """Iterate over factors, by case."""
    ones = np.ones(len(cases))
    yield "opposite sign", -ones
    for value in _NUMBERS:
        yield "wrong number", value * ones
    for name, first in cases[0].items():
        if isinstance(first, str):
            continue
        values = np.array([float(case[name]) if np.ndim(case[name]) == 0 else np.nan for case in cases])
        if np.ndim(first) == 0 and not isinstance(first, bool):
            with np.errstate(divide="ignore"):
                yield name_of("missing factor", name), 1 / values
            yield name_of("extra factor", name), values
        for axis in range(np.ndim(first)):
            sizes = np.array([float(np.shape(case[name])[axis]) for case in cases])
            yield "averaged or not", 1 / sizes
            yield "averaged or not", sizes


def _seen(book: Book, frame: Frame, answers: Answers) -> _Seen:
    sheet = frame.sheet
    sums = frame.sums(answers.values, np.isfinite(answers.values))
    shapes = np.zeros(len(sheet.cases), dtype=np.int64)
    for place, odd in answers.odd.items():
        shapes[place] = coded(odd.shape)
        sums[place] = 0.0
        sums[place, 0] = odd_sum(odd)
    there = ~answers.absent | (shapes != 0)
    given = there & _all(np.isfinite(sums), axis=1) & book.ordinary
    off = np.logical_or.reduceat(frame.inside & (answers.elements != RIGHT), sheet.starts, axis=1).T
    wrong = (off | (shapes != 0)[:, None]) & given[:, None]
    return _Seen(sums=sums[:, :, None], shapes=shapes, given=given[:, None], wrong=wrong[:, :, None])


def _explained(book: Book, seen: _Seen) -> dict[int, dict[int, str]]:
    """By way, and by atom that is wrong somewhere: the change that explains it, where there is one."""
    wrong = _any(seen.wrong)
    ways, rows = _candidates(book, seen, wrong)
    if not len(rows):
        return {}
    equal, telling = _compared(book, seen, ways, rows)
    whole = _all(equal) & _all(telling | ~wrong[:, ways])
    some = telling & equal & book.partial[rows]
    found = {}
    for way in dict.fromkeys(ways[whole | _any(some)].tolist()):
        mine = ways == way
        everywhere = _best(book, rows[mine & whole])
        atoms = np.flatnonzero(wrong[:, way]).tolist()
        if everywhere is not None:
            names = dict.fromkeys(atoms, everywhere)
        elif (seen.shapes[seen.given[:, way]] != 0).any():
            continue
        else:
            names = {atom: _best(book, rows[mine & some[atom]]) or "" for atom in atoms}
        found[way] = {atom: name for atom, name in names.items() if name}
    return found


def _candidates(book: Book, seen: _Seen, wrong: Array) -> tuple[Array, Array]:
    """Find ways and formulas that may explain an atom that is wrong, by a few cases on which it is."""
    (asked,) = _any(wrong).nonzero()
    if not len(asked):
        return asked, asked
    order = (-2 * seen.given - _any(seen.wrong, axis=1)).argsort(axis=0, kind="stable")[:_FIRST]
    # Even if it were silent wherever there is no answer, it would be on too many others.
    heard = book.unsaid <= book.ordinary.sum() - _SILENT * seen.given.sum(axis=0)[asked].min()
    pieces = [np.zeros((2, 0), dtype=np.intp)]
    for case in dict.fromkeys(order[0, asked].tolist()):
        these = asked[order[0, asked] == case]
        off = seen.sums[case][:, these, None] - book.sums[case][:, None]
        near = np.abs(off, out=off) <= book.allowed[case][:, None]
        near &= book.shapes[case] == seen.shapes[case]
        near |= book.silent[case][:, None]
        near &= heard[:, None]
        near &= wrong[:, these, None]
        some, rows = _any(near).nonzero()
        pieces.append(np.stack((these[some], rows)))
    ways, rows = np.concatenate(pieces, axis=1)
    for cases in order[1:]:
        if len(rows) > _MANY:
            here = cases[ways]
            near = np.abs(seen.sums[here, :, ways] - book.sums[here, :, rows]) <= book.allowed[here, :, rows]
            near &= (book.shapes[here, rows] == seen.shapes[here])[:, None]
            left = _any((near | book.silent[here, :, rows]) & wrong[:, ways].T, axis=1)
            ways, rows = ways[left], rows[left]
    return ways, rows


def _compared(book: Book, seen: _Seen, ways: Array, rows: Array) -> tuple[Array, Array]:
    """By atom and candidate: whether the formula explains it, and whether enough numbers say so."""
    given, silent = seen.given[:, None, ways], book.silent[:, :, rows]
    near = np.abs(seen.sums[:, :, ways] - book.sums[:, :, rows]) <= book.allowed[:, :, rows]
    near &= (book.shapes[:, rows] == seen.shapes[:, None])[:, None]
    equal: Array = _all(near | silent | ~given)
    telling: Array = (near & seen.wrong[:, :, ways]).sum(axis=0) >= _TELLING
    return equal, telling & ((silent & given).sum(axis=0) <= _SILENT * given.sum(axis=0))


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
