"""One part for the whole class: what each answer is, what it earns, and the name of the mistake in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from autograder.grading import diagnosis
from autograder.grading.as_if import AsIf
from autograder.grading.compare import bounds, is_single, looked_at, measured
from autograder.grading.library import Known, Library
from autograder.grading.sentences import feedback
from autograder.grading.sheets import magnitude, sheets
from autograder.grading.shown import Shown, changed_inputs, is_short, plain, public_verdict
from autograder.model import Array, Criterion, Limits, Part, Question
from autograder.results import Case, Cases, Difference, Outcome, Score, Verdict
from autograder.words import STATUSES

SHARED_VERDICTS = 256
"""So many ways to fail a criterion are kept for the next student who fail it alike."""
_APPROX_SHARE = 0.5
"""Share of a criterion's points that an approximate answer earns."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Line:
    """A line of the rubric with what is the same for every student: its region, and which hidden cases count."""

    criterion: Criterion
    mask: Array | None
    counts: Array
    #: Those that count.
    cases: tuple[Case, ...]
    #: The region in each public case.
    public_masks: tuple[Array | None, ...]
    #: Verdicts on them by statuses: most students have the same, and then share them.
    verdicts: dict[bytes, tuple[Verdict, ...]] = field(default_factory=dict)

    def meets(self, other: _Line) -> bool:
        """Whether both are about some of the same numbers."""
        if self.criterion.output != other.criterion.output:
            return False
        return self.mask is None or other.mask is None or bool((self.mask & other.mask).any())


@dataclass(frozen=True, kw_only=True, eq=False)
class _Look:
    """One failing criterion of one student, to be held against misconceptions."""

    line: _Line
    #: Per hidden case.
    wrong: Array
    match: diagnosis.Match
    book: diagnosis.Diagnosis
    held: diagnosis.Held


class PartGrader:
    """Scores one part for any number of students; the limits are for the feedback."""

    def __init__(
        self,
        question: Question,
        part: Part,
        cases: Cases,
        limits: Limits | None = None,
        library: Library | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._question = question.id
        self._part = part
        self._names = part.names
        mine = [case for case in cases.cases if case.part == part.name]
        self._hidden = tuple(case for case in mine if case.hidden)
        self._public = tuple(case for case in mine if not case.hidden)
        self._truths = cases.truths
        self._sheets = sheets(part, cases)
        self._as_if = AsIf(part, cases.truths)
        self._lines = tuple(self._line(criterion) for criterion in part.criteria)
        self._library = library
        self._search = library.search(question, part, self._sheets) if library else None
        self._shown = {
            (case.id, output.name): {
                "inputs": {name: plain(value) for name, value in case.inputs.items()},
                "truth": plain(cases.truths[case.id][output.name]),
            }
            for case in self._public
            for output in part.outputs
        }
        self._magnitudes = {
            (case.id, output.name): magnitude(part, output, case, cases.truths[case.id][output.name])
            for case in self._public
            for output in part.outputs
        }
        self._bounds = {key: bounds(size) for key, size in self._magnitudes.items()}

    def _line(self, criterion: Criterion) -> _Line:
        truths = self._sheets[criterion.output].truths
        region = criterion.region
        return _Line(
            criterion=criterion,
            mask=None if region is None else np.concatenate([region.mask(truth).ravel() for truth in truths]),
            counts=np.array([case.family in criterion.families for case in self._hidden]),
            cases=tuple(case for case in self._hidden if case.family in criterion.families),
            public_masks=tuple(
                None if region is None else region.mask(self._truths[case.id][criterion.output])
                for case in self._public
            ),
        )

    def prepare(self) -> None:
        """Find what misconceptions answer, and on which cases."""
        assert self._diagnoses is not None
        assert self._known_wrong is not None

    @cached_property
    def _known(self) -> Known:
        return self._library.known(self._part, self._answered) if self._library else self._answered()

    def _answered(self) -> Known:
        """Run the misconceptions on the hidden cases."""
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
            case.id: outcomes.get(case.id) or Outcome(case=case.id, status="crashed")
            for case in (*self._hidden, *self._public)
        }
        student = {output: diagnosis.answers(page, mine) for output, page in self._sheets.items()}
        found = {line.criterion.id: self._statuses(line, student[line.criterion.output]) for line in self._lines}
        named = self._name(student, found)
        searched = self._searched(named, student, found)
        near = self._near(student, found)
        shown = {output: [self._look(case, output, mine[case.id]) for case in self._public] for output in self._names}
        return tuple(
            self._score(
                line,
                found[line.criterion.id],
                (name,) if (name := named[line.criterion.id]) else searched.get(line.criterion.id, ()),
                mine,
                shown[line.criterion.output],
                near=line.criterion.id in near,
            )
            for line in self._lines
        )

    def _name(self, student: Mapping[str, diagnosis.Answers], found: Mapping[str, Array]) -> dict[str, str | None]:
        """Name the mistake behind each criterion that does not pass."""
        names: dict[str, str | None] = dict.fromkeys(found)
        failing = [line for line in self._lines if (found[line.criterion.id] != diagnosis.PASSED)[line.counts].any()]
        if not failing or not self._part.misconceptions:
            return names
        held = {
            output: self._diagnoses[output].held(student[output])
            for output in dict.fromkeys(line.criterion.output for line in failing)
        }
        # float32's rounding hides small departures: it is allowed for only where nothing else explains the answer.
        in_single = any(answers.single.any() for answers in student.values())
        for single in (False, True) if in_single else (False,):
            looks = [self._look_at(line, found[line.criterion.id], held, single=single) for line in failing]
            rows = self._candidates(looks)
            if len(rows):
                for id_, name in self._among(rows, looks).items():
                    names[id_] = names[id_] or name
        return names

    def _searched(
        self,
        names: Mapping[str, str | None],
        student: Mapping[str, diagnosis.Answers],
        found: Mapping[str, Array],
    ) -> Mapping[str, tuple[str, ...]]:
        """Search for names where the author's do not fit: for what of an output they name nothing of."""
        named = [line for line in self._lines if names[line.criterion.id] is not None]
        nameless = [
            line.criterion.id
            for line in self._lines
            if not any(map(line.meets, named))
            and (found[line.criterion.id] != diagnosis.PASSED)[line.counts].any()
            and diagnosis.gives_wrong_numbers(self._sheets[line.criterion.output], student[line.criterion.output])
        ]
        return self._search.names(nameless, student) if self._search and nameless else {}

    def _near(self, student: Mapping[str, diagnosis.Answers], found: Mapping[str, Array]) -> Collection[str]:
        """Find the criteria that earn a share although they are wrong, whoever names the mistake."""
        asked = [
            line.criterion.id
            for line in self._lines
            if line.criterion.near_share and found[line.criterion.id][line.counts].min() == diagnosis.WRONG
        ]
        return self._search.near(asked, student) if self._search and asked else ()

    def _look_at(self, line: _Line, found: Array, held: Mapping[str, diagnosis.Held], *, single: bool) -> _Look:
        roughly = bool((found[line.counts] >= diagnosis.APPROX).all())
        return _Look(
            line=line,
            wrong=found != diagnosis.PASSED,
            match=diagnosis.MATCHES[roughly, single],
            book=self._diagnoses[line.criterion.output],
            held=held[line.criterion.output],
        )

    def _candidates(self, looks: Sequence[_Look]) -> Array:
        """The misconceptions that may be named at all: most are ruled out by a few elements."""
        may = np.zeros(len(self._part.misconceptions), dtype=bool)
        for one in looks:
            known_wrong = self._known_wrong[one.line.criterion.id]
            same = one.book.possible(one.held, one.match, one.line.mask) & (known_wrong | ~one.wrong)
            may |= diagnosis.shares(same, one.wrong, known_wrong, one.line.counts) >= diagnosis.NAMED_SHARE
        return np.flatnonzero(may)

    def _among(self, rows: Array, looks: Sequence[_Look]) -> dict[str, str | None]:
        """Choose for each failing criterion among these misconceptions."""
        extents, extent = self._extents
        # Where the student is right, agreeing means that the misconception is right there too.
        here = {id_: np.where(wrong[rows], 0.0, 1.0) for id_, wrong in extents.items()}
        numbers = {}
        for one in looks:
            id_, line = one.line.criterion.id, one.line
            known_wrong = self._known_wrong[id_][rows]
            same = one.book.matches(one.held, one.match, line.mask, rows)
            # Being wrong where the mistake would be right is no agreement, however close the numbers are.
            same &= known_wrong | ~one.wrong
            numbers[id_] = np.any(same & known_wrong & line.counts & one.book.numbers[rows], axis=1)
            here[id_] = diagnosis.shares(same, one.wrong, known_wrong, line.counts)
        everywhere = np.mean(list(here.values()), axis=0)
        order = [self._part.misconceptions[row].name for row in rows]
        # Many formulas overflow to the same nan, or raise: that names only what fits the other criteria too.
        told = {id_: numbers[id_] | (everywhere >= diagnosis.NAMED_SHARE) for id_ in numbers}
        return {
            id_: diagnosis.name(order, np.where(told[id_], here[id_], 0.0), everywhere, extent[rows]) for id_ in told
        }

    @cached_property
    def _extents(self) -> tuple[dict[str, Array], Array]:
        """Per criterion, which misconceptions fail it; on how many each does."""
        extents = {
            line.criterion.id: np.any(self._known_wrong[line.criterion.id] & line.counts, axis=1)
            for line in self._lines
        }
        return extents, np.sum(list(extents.values()), axis=0)

    def _score(
        self,
        line: _Line,
        found: Array,
        names: Sequence[str],
        outcomes: Mapping[str, Outcome],
        shown: Sequence[Shown],
        *,
        near: bool,
    ) -> Score:
        criterion = line.criterion
        mine = found[line.counts]
        hidden = self._verdicts(line, mine)
        public = tuple(
            self._explained(public_verdict(one, mask), one, criterion.output, mask)
            for one, mask in zip(shown, line.public_masks, strict=True)
        )
        status = STATUSES[int(mine.min())]
        overruns = {over for case in line.cases if (over := outcomes[case.id].overrun)} if status == "timed_out" else ()
        share = {"passed": 1.0, "approx": _APPROX_SHARE}.get(status, criterion.near_share if near else 0.0)
        score = Score(
            question=self._question,
            part=self._part.name,
            criterion=criterion.id,
            earned=criterion.points * share,
            possible=criterion.points,
            status=status,
            misconception=names[0] if len(names) == 1 else None,
            possibly=tuple(names) if len(names) > 1 else (),
            feedback="",
            verdicts=hidden + public,
        )
        return replace(score, feedback=feedback(self._part, criterion, score, overruns, self._limits))

    def _verdicts(self, line: _Line, found: Array) -> tuple[Verdict, ...]:
        """The verdicts on the hidden cases that count, by the indices of their statuses."""
        key = found.tobytes()
        known = line.verdicts.get(key)
        if known is None:
            known = tuple(
                Verdict(case=case.id, family=case.family, hidden=True, status=STATUSES[index])
                for case, index in zip(line.cases, found, strict=True)
            )
            if len(line.verdicts) < SHARED_VERDICTS:
                line.verdicts[key] = known
        return known

    def _look(self, case: Case, output: str, outcome: Outcome) -> Shown:
        """Judge one output of a public case, with its numbers: its answer came before any hidden input was there."""
        actual = outcome.values.get(output)
        found: Array | Difference | None = None
        if outcome.status is None and actual is not None:
            found = looked_at(actual, self._truths[case.id][output], *self._bounds[case.id, output])
        numbers = plain(actual) if isinstance(actual, np.ndarray) and is_short(actual) else None
        left = {"left": changed} if (changed := changed_inputs(case, outcome)) else {}
        return Shown(
            case=case,
            outcome=outcome,
            found=found,
            single=actual is not None and is_single(actual),
            shown={**self._shown[case.id, output], "actual": numbers, **left},
        )

    def _explained(self, verdict: Verdict, one: Shown, output: str, mask: Array | None) -> Verdict:
        """Say of an answer to a public case how far it is off, or for which one number it would be right."""
        actual = one.outcome.values.get(output)
        if verdict.status == "approx" and actual is not None:
            truth, size = self._truths[one.case.id][output], self._magnitudes[one.case.id, output]
            return replace(verdict, difference=measured(verdict.difference, actual, truth, size, mask))
        if verdict.status != "wrong" or one.shown is None or not isinstance(actual, np.ndarray):
            return verdict
        as_if = self._as_if.explains(one.case, output, actual, mask)
        return replace(verdict, shown={**one.shown, "as_if": as_if}) if as_if else verdict
