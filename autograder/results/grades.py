"""What is made of it: verdicts, scores, findings about the written part, a grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from autograder.results.outcomes import Difference, Status

GradeStatus = Literal["graded", "unreadable", "grader_fault"]
Isolation = Literal["bubblewrap", "nested", "none"]

Mark = Literal["holds", "fails", "unread", "defined", "right", "wrong", "missing", "note"]
"""What is said of a line, an answer or a remark of a written part."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict:
    """The judgement on one case.

    Attributes
    ----------
    case, family : str
        Which case.
    hidden : bool
        Whether it counts and must not be shown.
    status : Status
        The judgement.
    difference : Difference, optional
        Where the answer departs; for a public case only.
    exception : str
        Name of the builtin exception for `raised`; for a public case only.
    shown : Mapping[str, Any], optional
        For a public case only: ``inputs``, ``actual``, ``truth`` as plain lists.
    """

    case: str
    family: str
    hidden: bool
    status: Status
    difference: Difference | None = None
    exception: str = ""
    shown: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Score:
    """Points on one criterion.

    Attributes
    ----------
    question, part, criterion : str
        Which criterion.
    earned, possible : float
        Points.
    status : Status
        The most telling status among the verdicts that count.
    misconception : str, optional
        Name of the mistake, when the answers equal a known one.
    feedback : str
        What the student may read.
    verdicts : tuple of Verdict
        Hidden ones decide; public ones are shown.
    """

    question: str
    part: str
    criterion: str
    earned: float
    possible: float
    status: Status
    misconception: str | None
    feedback: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found in a written part.

    Attributes
    ----------
    kind : {"line", "answer", "remark"}
        An equality, a final answer, or something about the whole.
    question : str
        Id of the question; empty when unknown.
    name : str
        Of the answer, such as ``"dL/dA"``, or of the remark; empty for a line.
    mark : str
        A line ``holds``, ``fails``, is ``unread`` or ``defined`` by the student; an answer is ``right``, ``wrong``,
        ``unread`` or ``missing``; a remark is a ``note``, or ``unread`` where a text could not be judged.
    label : str
        Where: the cell's or file's name; empty when nowhere.
    line : int
        In it, from 1; 0 when nowhere.
    latex : str
        The equality or the answer: short printable ASCII that a student's text went into.
    detail : str
        How it was decided, or the counterexample: short printable ASCII.
    """

    kind: Literal["line", "answer", "remark"]
    question: str
    name: str
    mark: Mark
    label: str = ""
    line: int = 0
    latex: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class WrittenQuestion:
    """What was found in a written part about one question.

    Attributes
    ----------
    question : str
        Its id; empty for what belongs to none.
    earned, possible : float
        Points: a share for every right answer; both 0 unless the question gives some.
    findings : tuple of Finding
        Remarks, lines in order, answers.
    """

    question: str
    earned: float
    possible: float
    findings: tuple[Finding, ...]

    @property
    def word(self) -> Literal["right", "wrong", "missing"]:
        """Whether every answer in it is right, or one is not, or there is none that could be judged."""
        marks = {one.mark for one in self.findings if one.kind == "answer"}
        if not marks & {"right", "wrong"}:
            return "missing"
        return "right" if marks == {"right"} else "wrong"


@dataclass(frozen=True, kw_only=True, eq=False)
class Grade:
    """One student's scores.

    Attributes
    ----------
    assignment, student, submission_sha256, cases_id : str
        What was graded, with which cases.
    status : {"graded", "unreadable", "grader_fault"}
        Whether the scores stand.
    isolation : {"bubblewrap", "nested", "none"}
        How the submission was kept apart.
    notes : tuple of str
        Remarks for the student that belong to no criterion: a cell that failed, why a file cannot be read.
    scores : tuple of Score
        One per criterion, in the rubric's order.
    written : tuple of WrittenQuestion
        What was found in the written part; empty when there is none and no question gives points for it.
    """

    assignment: str
    student: str
    submission_sha256: str
    cases_id: str
    status: GradeStatus
    isolation: Isolation
    notes: tuple[str, ...]
    scores: tuple[Score, ...]
    written: tuple[WrittenQuestion, ...] = ()

    @property
    def earned(self) -> float:
        """The points earned."""
        return sum(score.earned for score in self.scores) + sum(answer.earned for answer in self.written)

    @property
    def possible(self) -> float:
        """The points that could be earned."""
        return sum(score.possible for score in self.scores) + sum(answer.possible for answer in self.written)
