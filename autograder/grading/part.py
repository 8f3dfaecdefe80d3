"""One part for the whole class: what each answer is, what it earns, and the name of the mistake in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from autograder.errors import AssignmentError
from autograder.grading import diagnosis
from autograder.grading.compare import difference
from autograder.grading.sentences import feedback
from autograder.model import Array, Criterion, Inputs, Limits, Output, Part, Question
from autograder.results import (
    Case,
    Cases,
    Outcome,
    Score,
    Verdict,
)
from autograder.words import STATUSES

SHOWN_ELEMENTS = 400
"""Largest answer to a public case that is written out; public cases themselves are small."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Line:
    """A line of the rubric with what is the same for every student: its region, and which hidden cases count."""

    criterion: Criterion
    mask: Array | None
    counts: Array


def _whole_inputs(part: Part, case: Case) -> Inputs:
    return {**part.defaults, **case.inputs}


def _magnitude(part: Part, output: Output, case: Case, truth: Array) -> Array:
    """The author's magnitude, held to its contract: a wrong one would make every answer right."""
    found = np.asarray(output.magnitude(_whole_inputs(part, case), truth), dtype=np.float64)
    if found.shape != truth.shape or not np.isfinite(found).all() or (found < 0).any():
        raise AssignmentError(
            f"{part.name}: the magnitude of {output.name!r} on case {case.id!r} has shape {found.shape} for a truth of "
            f"shape {truth.shape}, or is not finite and positive; correct it in the question's file"
        )
    return found


class PartGrader:
    """Scores one part for any number of students; the limits are for the feedback."""

    def __init__(self, question: Question, part: Part, cases: Cases, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._question = question.id
        self._part = part
        self._names = tuple(output.name for output in part.outputs)
        mine = [case for case in cases.cases if case.part == part.name]
        self._hidden = tuple(case for case in mine if case.hidden)
        self._public = tuple(case for case in mine if not case.hidden)
        self._truths = cases.truths
        self._sheets = {output.name: self._sheet(output) for output in part.outputs}
        self._lines = tuple(self._line(criterion) for criterion in part.criteria)
        self._shown = {
            (case.id, output.name): {
                "inputs": {name: _plain(value) for name, value in case.inputs.items()},
                "truth": _plain(cases.truths[case.id][output.name]),
            }
            for case in self._public
            for output in part.outputs
        }
        self._magnitudes = {
            (case.id, output.name): _magnitude(part, output, case, cases.truths[case.id][output.name])
            for case in self._public
            for output in part.outputs
        }

    def _sheet(self, output: Output) -> diagnosis.Sheet:
        truths = [self._truths[case.id][output.name] for case in self._hidden]
        magnitudes = [
            _magnitude(self._part, output, case, truth) for case, truth in zip(self._hidden, truths, strict=True)
        ]
        return diagnosis.sheet(output, self._hidden, truths, magnitudes)

    def _line(self, criterion: Criterion) -> _Line:
        truths = self._sheets[criterion.output].truths
        region = criterion.region
        return _Line(
            criterion=criterion,
            mask=None if region is None else np.concatenate([region.mask(truth).ravel() for truth in truths]),
            counts=np.array([case.family in criterion.families for case in self._hidden]),
        )

    @cached_property
    def _known(self) -> dict[str, dict[str, diagnosis.Answers]]:
        """The misconceptions' answers per output, by name."""
        outcomes = {
            wrong.name: {case.id: diagnosis.call(wrong.function, case, self._names) for case in self._hidden}
            for wrong in self._part.misconceptions
        }
        return {
            output: {name: diagnosis.answers(page, found) for name, found in outcomes.items()}
            for output, page in self._sheets.items()
        }

    @cached_property
    def _diagnoses(self) -> dict[str, diagnosis.Diagnosis]:
        return {output: diagnosis.Diagnosis(self._sheets[output], known) for output, known in self._known.items()}

    @cached_property
    def _known_wrong(self) -> dict[str, Array]:
        """Per criterion: misconceptions by hidden cases, whether the misconception is wrong there."""
        return {
            line.criterion.id: np.array(
                [self._statuses(line, known) for known in self._known[line.criterion.output].values()]
            )
            != diagnosis.PASSED
            for line in self._lines
        }

    def _statuses(self, line: _Line, found: diagnosis.Answers) -> Array:
        return diagnosis.statuses(self._sheets[line.criterion.output], found, line.mask)

    def scores(self, outcomes: Mapping[str, Outcome]) -> tuple[Score, ...]:
        """Score every criterion of the part, in the rubric's order, by the outcomes of its cases.

        A case without an outcome counts as crashed: no evidence, no points.
        """
        mine = {
            case.id: outcomes.get(case.id, Outcome(case=case.id, status="crashed"))
            for case in (*self._hidden, *self._public)
        }
        student = {output: diagnosis.answers(page, mine) for output, page in self._sheets.items()}
        found = {line.criterion.id: self._statuses(line, student[line.criterion.output]) for line in self._lines}
        named = self._name(student, found)
        return tuple(
            self._score(line, found[line.criterion.id], named[line.criterion.id], mine) for line in self._lines
        )

    def _name(self, student: Mapping[str, diagnosis.Answers], found: Mapping[str, Array]) -> dict[str, str | None]:
        """Name the mistake behind each criterion that does not pass."""
        wrong = {id_: indices != diagnosis.PASSED for id_, indices in found.items()}
        failing = [line.criterion.id for line in self._lines if (wrong[line.criterion.id] & line.counts).any()]
        names: dict[str, str | None] = dict.fromkeys(found)
        if not failing or not self._part.misconceptions:
            return names
        order = [misconception.name for misconception in self._part.misconceptions]
        extents = {
            line.criterion.id: np.any(self._known_wrong[line.criterion.id] & line.counts, axis=1)
            for line in self._lines
        }
        extent = np.sum(list(extents.values()), axis=0)
        # float32's rounding hides small departures: it is allowed for only where nothing else explains the answer.
        in_single = any(answers.single.any() for answers in student.values())
        for single in (False, True) if in_single else (False,):
            here, numbers = {}, {}
            for line in self._lines:
                id_ = line.criterion.id
                # Where the student is right, agreeing means that the misconception is right there too.
                here[id_], numbers[id_] = np.where(extents[id_], 0.0, 1.0), extents[id_]
                if id_ in failing:
                    here[id_], numbers[id_] = self._shares(line, student, found[id_], wrong[id_], single=single)
            everywhere = np.mean(list(here.values()), axis=0)
            for id_ in failing:
                # Many formulas overflow to the same nan, or raise: that names only what fits the other criteria too.
                told = np.where(numbers[id_] | (everywhere >= diagnosis.NAMED_SHARE), here[id_], 0.0)
                names[id_] = names[id_] or diagnosis.name(order, told, everywhere, extent)
        return names

    def _shares(
        self,
        line: _Line,
        student: Mapping[str, diagnosis.Answers],
        found: Array,
        wrong: Array,
        *,
        single: bool,
    ) -> tuple[Array, Array]:
        """How much of a failing criterion each misconception explains, and whether by more than nan and infinity."""
        known_wrong = self._known_wrong[line.criterion.id]
        mine, book = student[line.criterion.output], self._diagnoses[line.criterion.output]
        roughly = bool((found[line.counts] >= diagnosis.APPROX).all())
        same = book.matches(mine, diagnosis.MATCHES[roughly, single], line.mask)
        # Being wrong where the mistake would be right is no agreement, however close the numbers are.
        same &= known_wrong | ~wrong
        numbers = np.any(same & known_wrong & line.counts & book.numbers, axis=1)
        return diagnosis.shares(same, wrong, known_wrong, line.counts), numbers

    def _score(
        self,
        line: _Line,
        found: Array,
        misconception: str | None,
        outcomes: Mapping[str, Outcome],
    ) -> Score:
        criterion = line.criterion
        hidden = tuple(
            Verdict(case=case.id, family=case.family, hidden=True, status=STATUSES[index])
            for case, index, counts in zip(self._hidden, found, line.counts, strict=True)
            if counts
        )
        public = tuple(self._public_verdict(case, criterion, outcomes[case.id]) for case in self._public)
        overruns = {
            overrun
            for case, counts in zip(self._hidden, line.counts, strict=True)
            if counts and (overrun := outcomes[case.id].overrun) is not None
        }
        status = STATUSES[int(found[line.counts].min())]
        share = 1.0 if status == "passed" else criterion.approx_share if status == "approx" else 0.0
        score = Score(
            question=self._question,
            part=self._part.name,
            criterion=criterion.id,
            earned=criterion.points * share,
            possible=criterion.points,
            status=status,
            misconception=misconception,
            feedback="",
            verdicts=hidden + public,
        )
        return replace(score, feedback=feedback(self._part, criterion, score, overruns, self._limits))

    def _public_verdict(self, case: Case, criterion: Criterion, outcome: Outcome) -> Verdict:
        """Judge a public case, with its numbers: they come from a fork that never saw a hidden input."""
        output = criterion.output
        truth = self._truths[case.id][output]
        actual = outcome.values.get(output)
        status, departs = outcome.status, None
        if status is None:
            mask = None if criterion.region is None else criterion.region.mask(truth)
            departs = None if actual is None else difference(actual, truth, self._magnitudes[case.id, output], mask)
            status = "passed" if departs is None else "approx" if departs.kind == "approx" else "wrong"
            status = "mutated" if outcome.mutated else "crashed" if actual is None else status
        shown = {
            **self._shown[case.id, output],
            "actual": _plain(actual) if isinstance(actual, np.ndarray) and _is_short(actual) else None,
        }
        if left := _changed(case, outcome):
            shown["left"] = left
        if status == "wrong" and isinstance(actual, np.ndarray) and (as_if := self._as_if(case, criterion, actual)):
            shown["as_if"] = as_if
        return Verdict(
            case=case.id,
            family=case.family,
            hidden=False,
            status=status,
            difference=departs,
            exception=outcome.exception,
            shown=shown,
        )

    def _as_if(self, case: Case, criterion: Criterion, actual: Array) -> dict[str, float]:
        """Find the one input for which another number, its default or 1, explains a wrong answer to a public case."""
        whole = _whole_inputs(self._part, case)
        inputs = {name: whole[name] for name in self._part.parameters}
        found: dict[str, float] = {}
        for name, value in inputs.items():
            if isinstance(value, np.ndarray):
                continue
            for number in {1.0, float(self._part.defaults.get(name, 1.0))} - {value}:
                if self._is_answer(replace(case, inputs={**inputs, name: number}), criterion, actual):
                    found[name] = number
        return found if len(found) == 1 else {}

    def _is_answer(self, other: Case, criterion: Criterion, actual: Array) -> bool:
        """Whether an answer to a public case is the reference's to another one, with a number changed."""
        output = criterion.output
        truth = diagnosis.call(self._part.reference, other, self._names).values.get(output)
        magnitude = self._magnitudes[other.id, output]
        if not isinstance(truth, np.ndarray) or truth.shape != magnitude.shape:
            return False
        mask = None if criterion.region is None else criterion.region.mask(truth)
        return difference(actual, truth, np.maximum(magnitude, np.abs(truth)), mask) is None


def _changed(case: Case, outcome: Outcome) -> dict[str, Any]:
    """What is left of the arrays that a call changed, where it can be shown."""
    return {
        name: _plain(left)
        for name, left in outcome.left.items()
        if isinstance(left, np.ndarray)
        and _is_short(left)
        and (left.shape != case.inputs[name].shape or not np.array_equal(left, case.inputs[name]))
    }


def _is_short(actual: Array) -> bool:
    """Whether an answer to a public case is small enough to be shown; a million empty rows are not."""
    return bool(math.prod(max(size, 1) for size in actual.shape) <= SHOWN_ELEMENTS)


def _plain(value: Any) -> Any:
    """A number or array as JSON can hold it; what is not finite as a word."""
    if isinstance(value, np.ndarray):
        return [_plain(v) for v in value] if value.ndim else _plain(value.item())
    if isinstance(value, (np.generic, np.bool_)):
        return _plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return repr(value)
    return value
