"""What a run produces, step by step: cases, outcomes, verdicts, scores, grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from autograder.model import Array, Inputs, Layout

Status = Literal[
    "unreadable",
    "missing",
    "forbidden",
    "crashed",
    "out_of_memory",
    "timed_out",
    "output_limit",
    "raised",
    "mutated",
    "wrong",
    "approx",
    "passed",
]
STATUSES: tuple[Status, ...] = get_args(Status)
"""Every status of a verdict, most telling first."""

GradeStatus = Literal["graded", "unreadable", "grader_fault"]
Isolation = Literal["bubblewrap", "nested", "none"]
SourceKind = Literal["module", "notebook"]

Mark = Literal["holds", "fails", "unread", "defined", "right", "wrong", "missing", "note"]
"""What is said of a line, an answer or a remark of a written part."""

Refusal = Literal["arity", "none", "complex", "boolean", "half", "text", "object", "matrix", "ragged", "rank"]
"""Why a returned object is not an answer: the only words about it that leave the sandbox."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One set of inputs, without its truth: what may enter a student's process.

    Attributes
    ----------
    id : str
        ``part.family.draw``.
    part, family : str
        What it belongs to.
    hidden : bool
        Whether it earns points and must not be shown.
    layout : {"plain", "strided", "read_only"}
        How its arrays lie in memory when the function gets them.
    inputs : Mapping[str, object]
        Keyword arguments: read-only float64 or int64 arrays, Python floats or ints.
    """

    id: str
    part: str
    family: str
    hidden: bool
    layout: Layout
    inputs: Inputs


@dataclass(frozen=True, kw_only=True, eq=False)
class Cases:
    """All cases of an assignment, and apart from them their truths.

    Attributes
    ----------
    cases : tuple of Case
        In the assignment's order.
    truths : Mapping[str, Mapping[str, Array]]
        By case id, then by output name; float64, read-only.
    cases_id : str
        HMAC of the cases under the secret: equal when two runs used the same cases.
    torch_version : str
        Of the PyTorch that computed the truths.
    """

    cases: tuple[Case, ...]
    truths: Mapping[str, Mapping[str, Array]]
    cases_id: str
    torch_version: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One piece of a student's code.

    Attributes
    ----------
    label : str
        Where it stands, for messages: ``"cell 3"``, or the file's name.
    source : str
        The text.
    """

    label: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """One piece of a student's written part.

    Attributes
    ----------
    label : str
        Where it stands, for messages: ``"cell 4"``, or the file's name.
    question : str
        Id of the question it answers; empty when its headings have to say.
    format : {"markdown", "latex"}
        How to read it.
    text : str
        The text.
    """

    label: str
    question: str
    format: Literal["markdown", "latex"]
    text: str


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one student handed in.

    Attributes
    ----------
    student : str
        Identifier, safe as a folder name.
    path : Path
        Where it was found.
    kind : {"module", "notebook"}
        How its cells relate.
    cells : tuple of Cell
        Code in order; one for a module.
    sha256 : str
        Hash of the code; empty when unreadable.
    problem : str, optional
        Why it cannot be read.
    written : tuple of Written
        The written part, in order; empty when there is none.
    written_problem : str
        Why a written part that is there cannot be read; else empty.
    """

    student: str
    path: Path
    kind: SourceKind
    cells: tuple[Cell, ...]
    sha256: str
    problem: str | None = None
    written: tuple[Written, ...] = ()
    written_problem: str = ""


@dataclass(frozen=True, kw_only=True)
class LoadNote:
    """Something that went wrong while a submission's own code was loaded.

    Attributes
    ----------
    label : str
        The cell's.
    line : int
        In the cell, from 1; 0 when unknown.
    error : str
        Name of a builtin exception.
    module : str
        The module that could not be imported, else empty.
    """

    label: str
    line: int
    error: str
    module: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What came back from one call.

    Attributes
    ----------
    case : str
        Its case's id.
    status : Status, optional
        Why there is no answer; None when the function returned.
    values : Mapping[str, Array | Refusal]
        By output name; an array as the student returned it, or why it is not one.
    exception : str
        Name of the builtin exception for `raised`, else empty.
    mutated : bool
        Whether the call changed its inputs.
    """

    case: str
    status: Status | None = None
    values: Mapping[str, Array | Refusal] = field(default_factory=dict)
    exception: str = ""
    mutated: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """One submission's way through the sandbox.

    Attributes
    ----------
    notes : tuple of LoadNote
        From loading, before any hidden input was there.
    outcomes : Mapping[str, Outcome]
        By case id; every case that was asked has one.
    seconds : float
        Wall time in the sandbox.
    """

    notes: tuple[LoadNote, ...]
    outcomes: Mapping[str, Outcome]
    seconds: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Difference:
    """Where an answer departs from the truth.

    Attributes
    ----------
    kind : str
        ``"refused"``, ``"shape"``, ``"not_finite"``, ``"value"`` (beyond the tolerance) or ``"approx"`` (within the
        wider second bound).
    reason : str
        The refusal, or ``"float32"``; empty otherwise.
    index : tuple of int, optional
        Element that departs most.
    """

    kind: Literal["refused", "shape", "not_finite", "value", "approx"]
    reason: str = ""
    index: tuple[int, ...] | None = None


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
        Of the answer, such as ``"dC/dW"``, or of the remark; empty for a line.
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
