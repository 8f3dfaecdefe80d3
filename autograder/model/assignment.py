"""A question with its parts and derivations, and the homework that holds the questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import AssignmentError
from autograder.model.cases import Array, Kind
from autograder.model.derivation import Derivation, Setting, Symbol
from autograder.model.limits import Limits
from autograder.model.parts import Part
from autograder.model.variants import Constants, count_of


@dataclass(frozen=True, kw_only=True, eq=False)
class HeatMap:
    """Matrices to be looked at."""

    caption: str  #: What they show, Markdown with ``$...$``.
    panels: Callable[[], Mapping[str, Array]]  #: Computes them: by a heading in LaTeX, matrices of one size.
    rows: str = ""  #: LaTeX of the vector whose elements the rows belong to; empty for no labels.
    columns: str = ""  #: The same for the columns.


@dataclass(frozen=True, kw_only=True, eq=False)
class Slopes:
    """What the self-check needs to compare one part with finite differences."""

    part: str  #: The function.
    #: Its answers: name, kind, and of which tensor; empty for a value.
    outputs: tuple[tuple[str, Kind, str], ...]
    takes: tuple[str, ...]  #: Its parameters.
    defaults: Mapping[str, Any]  #: Those that have a default.
    upstream: str  #: The parameter that holds the cost's gradient; empty when there is none.
    real: tuple[str, ...]  #: Inputs that hold numbers.
    #: Tensors that are no inputs: for each dimension an input and its axis, or a number.
    leaves: Mapping[str, tuple[tuple[str, int] | int, ...]]
    tensors: tuple[str, ...]  #: Parameters of what is nudged, in order.
    through: str  #: A function of the same question to nudge, empty when the module is.
    #: Which of its answers is the module's: -1 when there is one answer, a name where they come in a dict.
    place: int | str
    module: Callable[..., Any] | None  #: As the author wrote it; its text goes into the self-check.
    objective: Callable[..., Any] | None  #: The same of what is differentiated.
    as_dict: bool = False  #: Whether the answers come in a dict.
    #: By answer, what its numbers, or those of each row, add up to.
    sums: Mapping[str, float] = field(default_factory=dict)
    least: Mapping[str, float] = field(default_factory=dict)  #: By answer, what none of its numbers is below.


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """A numbered item of the homework; one file."""

    id: str  #: Such as ``"q1a"``.
    title: str  #: A heading.
    prompt: str  #: What is asked: Markdown with ``$...$``.
    parts: tuple[Part, ...]  #: The functions to write.
    derivations: tuple[Derivation, ...]  #: How the answers are found.
    slopes: tuple[Slopes, ...] = ()  #: What a student can verify alone, by finite differences.
    #: ``gradient_check(functions, inputs) -> complaints``: a check of the author's own in their place, for one public
    #: case. Plain numpy; its source is copied into the self-check, so it refers to nothing but ``np``. With a third
    #: parameter, a list, it appends what the self-check draws: a name, the student's numbers, the slopes.
    gradient_check: Callable[..., list[str]] | None = None
    #: What the symbols of the derivations stand for; needed when there are derivations.
    setting: Setting | None = None
    written_points: float = 0.0  #: What a right written answer is worth; 0 reports it without points.
    #: Which part of these the steps on the way earn, from 0 to 1; the final answers earn the rest.
    steps_share: float = 0.0
    section: str = ""  #: In the documents, the section it belongs to.
    heading: str = ""  #: Its own heading there; the title when empty.
    #: What its symbols mean; a symbol that an earlier question explains may be left out.
    notation: tuple[Symbol, ...] = ()
    heat_map: HeatMap | None = None  #: Matrices that the solution shows.
    #: The values of constants that differ from student to student, by name, one for every variant; empty when the
    #: question is the same for all.
    variants: Constants = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse derivations that mean nothing, a share that is none, and constants that make no variants."""
        count_of(self.variants, f"question {self.id!r}")
        if not 0 <= self.steps_share <= 1:
            raise AssignmentError(f"question {self.id!r}: steps_share is {self.steps_share:g}; give one from 0 to 1")
        if self.derivations and self.setting is None:
            raise AssignmentError(f"question {self.id!r}: derivations without a setting; say what their symbols mean")

    @property
    def written(self) -> bool:
        """Whether a derivation can be handed in for it."""
        return self.setting is not None or self.written_points > 0

    @property
    def written_cell(self) -> str:
        """What its cell for a derivation is called."""
        return f"written-{self.id}"

    @property
    def possible(self) -> float:
        """The points that can be earned."""
        return sum(c.points for part in self.parts for c in part.criteria) + self.written_points

    @property
    def handed_out(self) -> tuple[Callable[..., Any], ...]:
        """The author's functions whose text goes into the self-check."""
        nudged = [function for one in self.slopes for function in (one.module, one.objective)]
        return tuple(dict.fromkeys(filter(None, (*nudged, self.gradient_check))))


@dataclass(frozen=True, kw_only=True, eq=False)
class Assignment:
    """A homework: its questions in order."""

    id: str  #: Such as ``"hw1"``: nbgrader's name of it, and of what is released.
    title: str  #: For headings, in any words.
    course: str  #: Which course it belongs to, in any words.
    term: str  #: When that is taught, in any words.
    due: str  #: When it is to be handed in, in any words.
    questions: tuple[Question, ...]  #: Ordered by file name.
    source_sha256: str  #: Digest of the package's Python files: what the cache of truths is keyed by.
    author: str = ""  #: Who wrote the solution; empty when nobody is named.
    limits: Limits = field(default_factory=Limits)  #: What one submission may use.
    #: What each day begun after the due date costs, where a roster says how many.
    late_points_per_day: float = 0.0
    folder: Path | None = None  #: Its package; None when it was not loaded from one.
    #: The number of the variant that it is, from 1; 0 when it is the same for everybody, or stands for all variants.
    variant: int = 0
    #: All of them, each a whole assignment; empty when there are none. What all have in common, such as the rubric, is
    #: this one's too.
    variants: tuple[Assignment, ...] = ()

    def of(self, variant: int) -> Assignment:
        """Choose a variant by its number, from 1; this assignment where there is none of that number."""
        return self.variants[variant - 1] if 0 < variant <= len(self.variants) else self

    @property
    def check_module(self) -> str:
        """What a release calls the self-check: a module that a notebook can import."""
        return check_module_of(self.id)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all questions, in order."""
        return tuple(part for question in self.questions for part in question.parts)

    @property
    def possible(self) -> float:
        """The points that can be earned."""
        return sum(question.possible for question in self.questions)

    @property
    def code_points(self) -> float:
        """The points that the functions can earn."""
        return sum(c.points for part in self.parts for c in part.criteria)


def check_module_of(id_: str) -> str:
    """Name the self-check of a homework with this id: a module."""
    name = "".join(sign if f"_{sign}".isidentifier() else "_" for sign in f"{id_}_check")
    return name if name.isidentifier() else f"_{name}"
