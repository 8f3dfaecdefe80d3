"""Which known mistake an answer is: the misconceptions' own answers, held beside the student's.

A misconception is a wrong function. It runs on the hidden cases in the grader (once per run: its answers depend on the
cases, not on the student) and is then compared case by case with what a student answered: values, shapes, refusals,
mutation of inputs, exceptions. Only cases on which either of the two is wrong say anything.

To keep the comparison at microseconds per misconception, all answers to one output lie end to end in one vector, with a
word per case for whatever is not a value of the right shape.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from autograder.grading.compare import EPS, NEAR, OFF, RIGHT, TINY, bounds, closeness, fit, is_single
from autograder.model import Array, Keys, Output
from autograder.results import Case, Outcome
from autograder.wire import EXCEPTIONS, answer
from autograder.words import STATUSES

NAMED_SHARE = 0.8
"""Share of the telling cases on which an answer must equal a misconception's to be called by its name."""
CLEARLY = 0.05
"""How far ahead of the second the first must be."""
VALUE = "value"
Match = Literal["exact", "single", "rough", "rough_single"]
MATCHES: Mapping[tuple[bool, bool], Match] = {
    (False, False): "exact",
    (False, True): "single",
    (True, False): "rough",
    (True, True): "rough_single",
}
"""By whether an answer is approximately right, and whether float32's rounding is allowed for."""
PASSED, APPROX, WRONG, MUTATED = (STATUSES.index(s) for s in ("passed", "approx", "wrong", "mutated"))
_BY_VALUE = np.array([PASSED, APPROX, WRONG, WRONG])
"""The status of a case whose worst element is `RIGHT`, `NEAR`, `OFF` or `NOT_FINITE`."""
_FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """The truths of one output over all hidden cases of a part, end to end."""

    output: Output
    cases: tuple[Case, ...]
    #: One per case.
    truths: tuple[Array, ...]
    #: Where each case begins in the flat vectors, and how many elements it has; int.
    starts: Array
    sizes: Array
    #: All truths, magnitudes and bounds, flat.
    truth: Array
    magnitude: Array
    right: Array
    near: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """One function's answers to one output over all hidden cases of a part."""

    #: Flat float64; zero where the case's word is not ``value``.
    values: Array
    #: Flat: what each element is (`compare.closeness`); `OFF` where there is no value of the right shape.
    elements: Array
    #: Per case: what kind of answer it is, mutation included.
    words: tuple[str, ...]
    #: Answers of another shape than the truth's, by position of the case.
    odd: Mapping[int, Array]
    #: Per case: index in `STATUSES` of the status that settles it whatever the values, or of ``passed``.
    ends: Array
    #: Per case: whether there is no value of the right shape.
    absent: Array
    #: Per case: whether the answer came in float32.
    single: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """One student's answers to one output, to be held against the misconceptions'."""

    answers: Answers
    #: Per case: what kind of answer it is, as the misconceptions' kinds are numbered.
    codes: Array
    #: Per case, whether answers of a wrong shape are the same, by misconception, as far as it was asked.
    odd: dict[int, Array] = field(default_factory=dict)


def call(function: Callable[..., Any], case: Case, outputs: Sequence[str]) -> Outcome:
    """Run an author's function, never a student's, on copies of a case's inputs; report as the sandbox would."""
    inputs = [value.copy() if isinstance(value, np.ndarray) else value for value in case.inputs.values()]
    if case.layout == "read_only":
        for value in inputs:
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
    try:
        keys = tuple(outputs) if isinstance(outputs, Keys) else ()
        with np.errstate(all="ignore"):
            values = dict(zip(outputs, answer(function(*inputs), len(outputs), keys), strict=True))
    except Exception as error:
        return Outcome(case=case.id, status="raised", exception=_builtin_name(error))
    changed = any(
        isinstance(given, np.ndarray) and given.tobytes() != np.asarray(kept).tobytes()
        for given, kept in zip(inputs, case.inputs.values(), strict=True)
    )
    return Outcome(case=case.id, values=values, mutated=changed)


def _builtin_name(error: Exception) -> str:
    """Name an exception as the sandbox does: by the builtin it derives from."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in EXCEPTIONS)


def sheet(output: Output, cases: Sequence[Case], truths: Sequence[Array], magnitudes: Sequence[Array]) -> Sheet:
    """Lay the truths of one output end to end, and the magnitudes: one each per hidden case of its part."""
    sizes = np.array([truth.size for truth in truths], dtype=np.intp)
    both = [bounds(magnitude) for magnitude in magnitudes]
    return Sheet(
        output=output,
        cases=tuple(cases),
        truths=tuple(truths),
        starts=np.cumsum(sizes) - sizes,
        sizes=sizes,
        truth=np.concatenate([truth.ravel() for truth in truths]),
        magnitude=np.concatenate([magnitude.ravel() for magnitude in magnitudes]),
        right=np.concatenate([right.ravel() for right, _ in both]),
        near=np.concatenate([near.ravel() for _, near in both]),
    )


def answers(page: Sheet, outcomes: Mapping[str, Outcome]) -> Answers:
    """Judge one function's answers to one output by element, and lay them end to end: an outcome per case."""
    number, name = len(page.cases), page.output.name
    pieces: list[Array] = []
    words = [VALUE] * number
    odd: dict[int, Array] = {}
    absent, single = (np.zeros(number, dtype=bool) for _ in range(2))
    ends = np.full(number, PASSED)
    for position, (case, truth) in enumerate(zip(page.cases, page.truths, strict=True)):
        outcome = outcomes[case.id]
        actual = outcome.values[name] if outcome.status is None else outcome.status
        if type(actual) is np.ndarray and actual.dtype is _FLOAT64 and actual.shape == truth.shape:
            pieces.append(actual)  # what nearly everybody answers
        else:
            fitted = None if isinstance(actual, str) else fit(actual, truth.shape)
            pieces.append(np.zeros(truth.shape) if fitted is None else fitted.astype(np.float64))
            absent[position] = fitted is None
            if outcome.status is not None:
                words[position] = f"{outcome.status} {outcome.exception}"
                ends[position] = STATUSES.index(outcome.status)
                continue
            if isinstance(actual, str):
                words[position] = f"refused {actual}"
            elif fitted is None:
                words[position] = "shape"
                odd[position] = actual
            else:
                single[position] = is_single(actual)
        if outcome.mutated:
            words[position] += " mutated"
            ends[position] = MUTATED
    values = np.concatenate(pieces, axis=None)
    elements = closeness(values, page.truth, page.right, page.near)
    if absent.any():
        elements[np.repeat(absent, page.sizes)] = OFF
    return Answers(
        values=values, elements=elements, words=tuple(words), odd=odd, ends=ends, absent=absent, single=single
    )


def statuses(page: Sheet, found: Answers, mask: Array | None) -> Array:
    """Judge every hidden case on one output, or a region of it (flat): per case the index of its status in `STATUSES`.

    A region without elements passes, unless the answer has no value of the right shape.
    """
    elements = found.elements if mask is None else np.where(mask, found.elements, RIGHT)
    worst = np.where(found.absent, OFF, np.maximum.reduceat(elements, page.starts))
    if found.single.any():
        some = found.single if mask is None else found.single & np.logical_or.reduceat(mask, page.starts)
        worst = np.where(some, np.maximum(worst, NEAR), worst)
    settled: Array = np.minimum(found.ends, _BY_VALUE[worst])
    return settled


def gives_wrong_numbers(page: Sheet, found: Answers) -> bool:
    """Whether there are numbers to be explained: wrong ones, from calls that leave their inputs alone."""
    if (found.ends == MUTATED).any():
        return False
    return bool(found.odd) or bool((found.elements[np.repeat(~found.absent, page.sizes)] == OFF).any())


def _alike(a: Array, b: Array) -> bool:
    """Whether two answers of a wrong shape have the same one; rows and columns count as vectors here too."""
    return a.shape == b.shape or (
        a.size == b.size and max(a.shape, default=1) == a.size and max(b.shape, default=1) == b.size
    )


def _same_odd(ones: Sequence[Array], others: Sequence[Array]) -> Array:
    """Say of pairs of answers, alike in shape and not empty, whether both are the same."""
    first, second = (np.concatenate(each, axis=None).astype(np.float64) for each in (ones, others))
    sizes = np.array([one.size for one in ones])
    starts = np.cumsum(sizes) - sizes
    with np.errstate(all="ignore"):
        finite = np.logical_and.reduceat(np.isfinite(second), starts)
        scale = np.where(finite, np.maximum.reduceat(np.abs(second), starts), 1.0)
        near = np.abs(first - second) <= np.repeat(1e-5 * scale + 4 * TINY, sizes)
    same: Array = np.logical_and.reduceat(near | _same_nonfinite(first, second), starts)
    return same


def _same_nonfinite(a: Array, b: Array) -> Array:
    same: Array = (a == b) | (np.isnan(a) & np.isnan(b))
    return same


def _picks(page: Sheet) -> Array:
    """The first two elements of each case and the last: a matrix has one of its diagonal and one beside it there."""
    last = page.sizes - 1
    picks: Array = page.starts + np.array([np.zeros_like(last), np.minimum(1, last), last])
    return picks


class Diagnosis:
    """The misconceptions of one part by name, in the author's order, to be compared with any number of students."""

    def __init__(self, page: Sheet, known: Mapping[str, Answers]) -> None:
        self._page = page
        self._known = tuple(known.values())
        shape = (len(known), len(page.cases))
        self._values = np.array([a.values for a in self._known]).reshape(len(known), page.truth.size)
        with np.errstate(all="ignore"):
            departure = np.nan_to_num(np.abs(self._values - page.truth), nan=0.0, posinf=0.0)
            size = np.nan_to_num(np.abs(self._values), nan=0.0, posinf=0.0)
            fine, coarse = 64 * EPS * page.magnitude + 4 * TINY, 1e-6 * page.magnitude + 4 * TINY
            largest = np.repeat(np.maximum.reduceat(departure, page.starts, axis=1), page.sizes, axis=1)
            self._allowed: dict[Match, Array] = {
                "exact": 1e-9 * size + 1e-3 * departure + fine,
                "single": 1e-5 * size + 1e-3 * departure + coarse,
                "rough": 0.05 * largest + fine,
                "rough_single": 0.05 * largest + coarse,
            }
        self._single = np.array([a.single for a in self._known]).reshape(shape)
        self._finite = np.isfinite(self._values)
        self._vocabulary = {word: code for code, word in enumerate({word for a in self._known for word in a.words})}
        self._words = np.array([[self._vocabulary[word] for word in a.words] for a in self._known]).reshape(shape)
        kinds = np.array([[word.split()[0] for word in a.words] for a in self._known], dtype=object).reshape(shape)
        self._is_value, self._is_shape = kinds == VALUE, kinds == "shape"
        self._picks = _picks(page)
        self._picked = self._values[:, self._picks]
        self._allowed_picked = {match: allowed[:, self._picks] for match, allowed in self._allowed.items()}
        finite = np.logical_and.reduceat(self._finite, page.starts, axis=1)
        self.numbers: Array = finite & (self._is_value | self._is_shape)
        """Misconceptions by cases: whether there is an answer, free of nan and infinity."""

    def held(self, student: Answers) -> Held:
        """Prepare one student's answers to the output."""
        return Held(answers=student, codes=np.array([self._vocabulary.get(word, -1) for word in student.words]))

    def possible(self, held: Held, match: Match, mask: Array | None) -> Array:
        """Say on which cases `matches` may find that a student's answer equals each misconception's.

        It looks at a few elements of each case, so it may say yes too often, and never no where that says yes.
        """
        student = held.answers
        with np.errstate(all="ignore"):
            near: Array = np.abs(student.values[self._picks] - self._picked) <= self._allowed_picked[match]
        outside = False if mask is None else ~mask[self._picks]
        equal = (near | outside).all(axis=1)
        if not np.isfinite(student.values).all():
            equal |= np.logical_or.reduceat(~np.isfinite(student.values), self._page.starts)
        found: Array = (self._words == held.codes) & (equal | ~self._is_value)
        return found & self._single if match == "rough_single" else found

    def matches(self, held: Held, match: Match, mask: Array | None, rows: Array) -> Array:
        """Say on which cases a student's answer equals each misconception's, some misconceptions by cases.

        The region is flat. The match is how much departure is allowed: 0.1 % of the misconception's own from the truth,
        beside rounding in float64 or float32; or, for approximate answers, whose departure is itself inexact, 5 % of
        its largest in the case. An approximate float32 answer is held against misconceptions in float32 only.
        """
        student = held.answers
        with np.errstate(all="ignore"):
            near: Array = np.abs(student.values - self._values[rows]) <= self._allowed[match][rows]
        inside = np.ones(len(student.values), dtype=bool) if mask is None else mask
        equal = np.logical_and.reduceat(near | ~inside, self._page.starts, axis=1)
        lost = inside & ~np.isfinite(student.values)
        if lost.any():
            # The same overflow leaves nan, infinity and zero in other places for every order of the same operations.
            both = np.logical_or.reduceat(inside & ~self._finite[rows], self._page.starts, axis=1)
            equal |= both & np.logical_or.reduceat(lost, self._page.starts)
        same = self._words[rows] == held.codes
        found: Array = same & (equal | ~self._is_value[rows])
        odd = same & self._is_shape[rows]
        for row in np.flatnonzero(odd.any(axis=1)):
            found[row] &= self._same_odd(held, int(rows[row])) | ~odd[row]
        return found & self._single[rows] if match == "rough_single" else found

    def _same_odd(self, held: Held, row: int) -> Array:
        """Per case, whether both answers have the same wrong shape and are the same; no region is asked about."""
        same = held.odd.get(row)
        if same is None:
            ours, theirs = self._known[row].odd, held.answers.odd
            alike = [place for place in ours.keys() & theirs.keys() if _alike(theirs[place], ours[place])]
            full = [place for place in alike if ours[place].size]
            same = held.odd[row] = np.zeros(len(self._page.cases), dtype=bool)
            same[alike] = True
            if full:
                same[full] = _same_odd([theirs[place] for place in full], [ours[place] for place in full])
        return same


def shares(found: Array, student_wrong: Array, known_wrong: Array, counts: Array) -> Array:
    """Share of the telling cases on which a student's answers equal each misconception's; 0 where no case tells.

    Both `found` and `known_wrong` are misconceptions by cases, the others per case.
    """
    telling = (student_wrong | known_wrong) & counts
    number = telling.sum(axis=1)
    share: Array = (found & telling).sum(axis=1) / np.maximum(number, 1)
    return share


def name(names: Sequence[str], here: Array, everywhere: Array, extent: Array) -> str | None:
    """Choose the misconception that an answer is called by, if one wins clearly, by its share on the criterion.

    It has `NAMED_SHARE` here and is `CLEARLY` ahead in one of three: here, everywhere (the mean share over all criteria
    of the part, which tells apart those that agree here), or extent (on how many criteria it is wrong: of two that
    explain as much, the simpler).
    """
    candidates = np.flatnonzero(here >= NAMED_SHARE)
    for key, margin in ((here, CLEARLY), (everywhere, CLEARLY), (-extent.astype(float), 1.0)):
        if len(candidates) < 2:
            break
        best = key[candidates].max()
        candidates = candidates[key[candidates] > best - margin]
    return names[candidates[0]] if len(candidates) == 1 else None
