"""What is made of it: verdicts, scores, findings about the written part, a grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from autograder.results.outcomes import Difference
from autograder.words import FindingKind, GradeStatus, Isolation, Mark, Status


def plain_shape(value: Any) -> tuple[int, ...]:
    """Find the shape of an array that is held as lists, as a public case's are."""
    sizes = []
    while isinstance(value, list):
        sizes.append(len(value))
        value = value[0] if value else None
    return tuple(sizes)


def is_relaid(actual: tuple[int, ...], truth: tuple[int, ...]) -> bool:
    """Whether a shape is a vector's as a row, a column or a bare number, which is accepted."""
    return len(truth) == 1 and (actual in {(*truth, 1), (1, *truth)} or (truth == (1,) and not actual))


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict:
    """The judgment on one case; all but its status is known of a public case only."""

    case: str
    family: str
    #: Whether it counts and must not be shown.
    hidden: bool
    status: Status
    difference: Difference | None = None
    exception: str = ""  #: Name of the builtin exception for `raised`.
    #: ``inputs``, ``actual``, ``truth`` as plain lists; ``actual`` is None where it cannot be shown in numbers. With
    #: ``left``, what became of inputs that were changed, and ``as_if``, a number in place of an input that explains
    #: the answer, where there is such a thing.
    shown: Mapping[str, Any] | None = None

    @property
    def relaid(self) -> bool:
        """Whether a vector came as a row, a column or a bare number, which is accepted."""
        if self.shown is None or self.shown["actual"] is None:
            return False
        return is_relaid(plain_shape(self.shown["actual"]), plain_shape(self.shown["truth"]))


STUB = "NotImplementedError"  #: What a function raises that is not written yet.


@dataclass(frozen=True, kw_only=True, eq=False)
class Score:
    """Points on one criterion."""

    question: str
    part: str
    criterion: str
    earned: float
    possible: float
    status: Status  #: The most telling one among the verdicts that count.
    misconception: str | None  #: Name of the mistake, when the answers equal a known one.
    feedback: str  #: What the student may read.
    verdicts: tuple[Verdict, ...]  #: Hidden ones decide; public ones are shown.
    #: Names of two mistakes that together may explain the answers; for the instructor alone.
    possibly: tuple[str, ...] = ()

    @property
    def not_written(self) -> bool:
        """Whether the function is still the stub, which raises NotImplementedError."""
        return self.status == "raised" and any(one.exception == STUB for one in self.verdicts)

    @property
    def absent(self) -> bool:
        """Whether there is no function to be called, or only the stub of one."""
        return self.status == "missing" or self.not_written

    @property
    def relaid(self) -> bool:
        """Whether there is something to say of it even where it passes: the layout of a vector."""
        return any(verdict.relaid for verdict in self.verdicts if verdict.shown is not None)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found in a written part: an equality, a final answer, or something about the whole."""

    kind: FindingKind
    question: str  #: Empty when unknown.
    name: str  #: Of the answer, such as ``"dL/dA"``, or of the remark; empty for a line.
    #: A line ``holds``, ``fails``, is ``unread`` or ``defined`` by the student; an answer is ``right``, ``wrong``,
    #: ``unread`` or ``missing``; a remark is a ``note``, or ``unread`` where a text could not be judged.
    mark: Mark
    #: Where: the cell's or file's name, and the line in it from 1; empty and 0 when nowhere.
    label: str = ""
    line: int = 0
    latex: str = ""  #: The equality or the answer: short printable ASCII that a student's text went into.
    detail: str = ""  #: How it was decided, or the counterexample: short printable ASCII.


@dataclass(frozen=True, kw_only=True)
class WrittenQuestion:
    """What was found in a written part about one question."""

    question: str  #: Empty for what belongs to none.
    #: For right answers and for steps that hold; both 0 unless the question gives points.
    earned: float
    possible: float
    findings: tuple[Finding, ...]  #: Remarks, lines in order, answers.
    #: Points beside those earned that a person has to decide about, for what could not be read.
    open: float = 0.0

    @property
    def word(self) -> Literal["right", "wrong", "missing", "open"]:
        """Whether every answer in it is right, or one is not, or none could be judged, or a person has to read it."""
        if self.open:
            return "open"
        marks = {one.mark for one in self.findings if one.kind == "answer"}
        if not marks & {"right", "wrong"}:
            return "missing"
        return "right" if marks == {"right"} else "wrong"


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """Points that a person gives or takes on one criterion of one student, whatever is graded."""

    student: str
    criterion: str  #: Of the rubric, or the column of a written answer.
    points: float  #: Taken when below 0.
    reason: str  #: Read by the student.


@dataclass(frozen=True, kw_only=True, eq=False)
class Grade:
    """One student's scores, and what they were graded with."""

    assignment: str
    student: str
    submission_sha256: str
    cases_id: str
    status: GradeStatus
    isolation: Isolation
    #: Remarks for the student that belong to no criterion: a cell that failed, why a file cannot be read.
    notes: tuple[str, ...]
    scores: tuple[Score, ...]  #: One for each criterion, in the rubric's order.
    #: Empty when there is no written part and no question gives points for it.
    written: tuple[WrittenQuestion, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()  #: A record of their own: no score has them in it.
    variant: int = 0  #: Which variant of the homework was graded, from 1; 0 when it has none.
    #: Signs that the submission was made for another variant; for the instructor alone.
    copied: tuple[str, ...] = ()

    @property
    def earned(self) -> float:
        """The points earned, as graded."""
        return sum(score.earned for score in self.scores) + sum(answer.earned for answer in self.written)

    @property
    def possible(self) -> float:
        """The points that could be earned."""
        return sum(score.possible for score in self.scores) + sum(answer.possible for answer in self.written)


@dataclass(frozen=True, kw_only=True)
class PartFeedback:
    """The result of one function or written answer, as nbgrader stores and shows it."""

    earned: float  #: Never below 0 or above what is possible.
    possible: float
    html: str  #: Lists, emphasis and code only, all else escaped.
