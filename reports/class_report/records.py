"""The class report as records: what `reports.class_report.summary` finds and the pages print."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.gradebook.reading import Unread
from autograder.results import Isolation, Status


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How the points are distributed over those who were graded.

    Attributes
    ----------
    count, full : int
        Students; those among them with full marks.
    mean, least, lower, median, upper, most : float
        Points; the quartiles are `lower` and `upper`.
    mean_of_all : float
        With unreadable submissions as 0.
    deviation : float, optional
        Of the sample.
    bins : tuple of (float, float, int)
        Lower edge, upper edge, students.
    alpha, error : float, optional
        Cronbach's alpha over the functions, and the standard error of measurement in points.
    """

    count: int
    full: int
    mean: float
    least: float
    lower: float
    median: float
    upper: float
    most: float
    mean_of_all: float
    deviation: float | None
    bins: tuple[tuple[float, float, int], ...]
    alpha: float | None
    error: float | None


@dataclass(frozen=True, kw_only=True)
class FamilyRate:
    """How a hidden case family went.

    Attributes
    ----------
    name, title : str
        Which.
    share : float
        Of the graded students who are right on all of its cases.
    """

    name: str
    title: str
    share: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One question or criterion.

    Attributes
    ----------
    id, title, part : str
        Which; `part` is empty for a question.
    possible : float
        Points.
    pass_rate : float
        Share of the students who earned all of them.
    mean_share : float
        Mean share of the points.
    item_rest, upper_lower : float, optional
        Discrimination (`measures`).
    right, approximate, wrong, no_answer : int
        Students, for a criterion: `no_answer` where nothing came back that could be compared.
    families : tuple of FamilyRate
        For a criterion, the worst first.
    """

    id: str
    title: str
    part: str
    possible: float
    pass_rate: float
    mean_share: float
    item_rest: float | None
    upper_lower: float | None
    right: int = 0
    approximate: int = 0
    wrong: int = 0
    no_answer: int = 0
    families: tuple[FamilyRate, ...] = ()

    @property
    def difficulty(self) -> float:
        """The share of the points that was lost, from 0 (easy) to 1."""
        return 1 - self.mean_share


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A misconception that was found.

    Attributes
    ----------
    part, name, hint : str
        Which, and what its students read.
    students : tuple of str
        Who.
    """

    part: str
    name: str
    hint: str
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StatusCount:
    """How often a status was given.

    Attributes
    ----------
    status : Status
        Which.
    criteria, students : int
        Scores that have it, and students with one or more of them.
    """

    status: Status
    criteria: int
    students: int


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A function that had to be stopped.

    Attributes
    ----------
    part : str
        Which function.
    status : Status
        Why.
    students : tuple of str
        Whose.
    """

    part: str
    status: Status
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WallTimes:
    """How long grading took, by the last run of each student.

    Attributes
    ----------
    count : int
        Students whose duration is known.
    median, longest, total : float
        Seconds.
    slowest : tuple of (str, float)
        Students and their seconds, the slowest first.
    """

    count: int
    median: float
    longest: float
    total: float
    slowest: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True)
class Identical:
    """Submissions with the same code.

    Attributes
    ----------
    students : tuple of str
        Whose.
    earned : float
        Points of each.
    """

    students: tuple[str, ...]
    earned: float


@dataclass(frozen=True, kw_only=True)
class Attention:
    """A student whose grade needs a person.

    Attributes
    ----------
    student, why : str
        Who, and why.
    """

    student: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ClassReport:
    """Everything the report says.

    Attributes
    ----------
    title, course, term : str
        Of the assignment.
    possible : float
        Points.
    students, graded, unreadable, faults : int
        Submissions in all, and by status.
    totals : Totals, optional
        None when nobody was graded.
    questions, criteria : tuple of Measured
        In the rubric's order.
    mistakes : tuple of Mistake
        The most frequent first.
    statuses : tuple of StatusCount
        The most frequent first.
    stopped : tuple of Stopped
        In the rubric's order.
    durations : WallTimes, optional
        None without a log.
    identical : tuple of Identical
        The largest group first.
    attention : tuple of Attention
        Sorted by student.
    unread : tuple of Unread
        Files that tell nothing.
    isolation : tuple of (Isolation, int)
        Levels and how many were graded under each.
    case_sets : int
        How many different sets of hidden cases graded the class; 1 where it is comparable.
    """

    title: str
    course: str
    term: str
    possible: float
    students: int
    graded: int
    unreadable: int
    faults: int
    totals: Totals | None
    questions: tuple[Measured, ...]
    criteria: tuple[Measured, ...]
    mistakes: tuple[Mistake, ...]
    statuses: tuple[StatusCount, ...]
    stopped: tuple[Stopped, ...]
    durations: WallTimes | None
    identical: tuple[Identical, ...]
    attention: tuple[Attention, ...]
    unread: tuple[Unread, ...]
    isolation: tuple[tuple[Isolation, int], ...]
    case_sets: int
