"""The class report as records: what `reports.class_report.summary` finds and the pages print."""

from dataclasses import dataclass

from autograder.gradebook.attendance import Enrolled
from autograder.gradebook.reading import Unread
from autograder.gradebook.results import Result
from autograder.results import Adjustment
from autograder.words import Isolation, Status


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How the points are distributed over those who were graded."""

    #: Students; those among them with full marks.
    count: int
    full: int
    #: Points; the quartiles are `lower` and `upper`.
    mean: float
    least: float
    lower: float
    median: float
    upper: float
    most: float
    mean_of_all: float  #: With unreadable submissions as 0.
    deviation: float | None  #: Of the sample.
    bins: tuple[tuple[float, float, int], ...]  #: Lower edge, upper edge, students.
    #: Cronbach's alpha over the functions, and the standard error of measurement in points.
    alpha: float | None
    error: float | None


@dataclass(frozen=True, kw_only=True)
class FamilyRate:
    """How a hidden case family went."""

    name: str
    title: str
    share: float  #: Of the graded students who are right on all of its cases.


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One question or criterion."""

    id: str
    title: str
    #: Of a criterion; its function is empty where it is a written answer.
    question: str = ""
    part: str = ""
    possible: float
    pass_rate: float  #: Share of the students who earned all of them.
    mean_share: float  #: Mean share of the points.
    #: Discrimination (`measures`).
    item_rest: float | None
    upper_lower: float | None
    #: Students, for a criterion: `no_answer` where nothing came back that could be compared.
    right: int = 0
    approximate: int = 0
    wrong: int = 0
    no_answer: int = 0
    families: tuple[FamilyRate, ...] = ()  #: For a criterion, the worst first.

    @property
    def difficulty(self) -> float:
        """The share of the points that was lost, from 0 (easy) to 1."""
        return 1 - self.mean_share


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A misconception that was found: one idea, in however many functions."""

    name: str
    parts: tuple[str, ...]  #: The functions, in the rubric's order.
    #: What most of these students read; empty where the present questions have no such misconception.
    hint: str
    #: Of the graded students.
    share: float
    students: tuple[str, ...]
    possibly: tuple[str, ...] = ()  #: Who may have it beside a second one.


@dataclass(frozen=True, kw_only=True)
class StatusCount:
    """How often a status was given."""

    status: Status
    not_written: bool = False  #: Of functions that are still the stub, which raises an exception.
    #: Scores that have it, and students with one or more of them.
    criteria: int
    students: int


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A function that had to be stopped."""

    part: str
    status: Status
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WallTimes:
    """How long grading took in seconds, by the last run of each student."""

    count: int  #: Students whose duration is known.
    median: float
    longest: float
    total: float
    slowest: tuple[tuple[str, float], ...]  #: Students and their seconds, the slowest first.


@dataclass(frozen=True, kw_only=True)
class Identical:
    """Submissions with the same code."""

    students: tuple[str, ...]
    earned: float  #: Points of each.


@dataclass(frozen=True, kw_only=True)
class Attention:
    """A student whose grade needs a person."""

    student: str
    why: str
    kinds: tuple[str, ...]  #: What `why` tells of, in a word or two each.


@dataclass(frozen=True, kw_only=True)
class ClassReport:
    """Everything the report says."""

    title: str
    course: str
    term: str
    possible: float
    #: Submissions in all, and by status.
    students: int
    graded: int
    unreadable: int
    faults: int
    totals: Totals | None  #: None when nobody was graded.
    #: In the rubric's order.
    questions: tuple[Measured, ...]
    criteria: tuple[Measured, ...]
    mistakes: tuple[Mistake, ...]  #: The most frequent first.
    statuses: tuple[StatusCount, ...]  #: The most frequent first.
    stopped: tuple[Stopped, ...]  #: In the rubric's order.
    durations: WallTimes | None  #: None without a log.
    identical: tuple[Identical, ...]  #: The largest group first.
    attention: tuple[Attention, ...]  #: The most urgent first.
    unread: tuple[Unread, ...]
    isolation: tuple[tuple[Isolation, int], ...]  #: Levels and how many were graded under each.
    #: What persons adjusted: it is in the points, and in no status or rate.
    adjustments: tuple[Adjustment, ...]
    case_sets: int  #: How many different sets of hidden cases graded the class; 1 where it is comparable.
    #: Numbers of variants and how many have each; empty where the homework is the same for all.
    variants: tuple[tuple[int, int], ...]
    enrolled: tuple[Enrolled, ...]  #: Sorted by student; nobody without a roster.
    everybody: tuple[Result, ...]  #: Sorted by student.
