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

    #: What they show, Markdown with ``$...$``.
    caption: str
    #: Computes them: by a heading in LaTeX, matrices of one size.
    panels: Callable[[], Mapping[str, Array]]
    #: LaTeX of the vector whose elements the rows belong to; empty for no labels.
    rows: str = ""
    #: The same for the columns.
    columns: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Slopes:
    """What the self-check needs to compare one part with finite differences."""

    #: The function.
    part: str
    #: Its answers: name, kind, and of which tensor; empty for a value.
    outputs: tuple[tuple[str, Kind, str], ...]
    #: Its parameters.
    takes: tuple[str, ...]
    #: Those that have a default.
    defaults: Mapping[str, Any]
    #: The parameter that holds the cost's gradient; empty when there is none.
    upstream: str
    #: Inputs that hold numbers.
    real: tuple[str, ...]
    #: Tensors that are no inputs: for each dimension an input and its axis, or a number.
    leaves: Mapping[str, tuple[tuple[str, int] | int, ...]]
    #: Parameters of what is nudged, in order.
    tensors: tuple[str, ...]
    #: A function of the same question to nudge, empty when the module is.
    through: str
    #: Which of its answers is the module's: -1 when there is one answer, a name where they come in a dict.
    place: int | str
    #: As the author wrote it; its text goes into the self-check.
    module: Callable[..., Any] | None
    #: The same of what is differentiated.
    objective: Callable[..., Any] | None
    #: Whether the answers come in a dict.
    as_dict: bool = False
    #: By answer, what its numbers, or those of each row, add up to.
    sums: Mapping[str, float] = field(default_factory=dict)
    #: By answer, what none of its numbers is below.
    least: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """A numbered item of the homework; one file."""

    #: Such as ``"q1a"``.
    id: str
    #: A heading.
    title: str
    #: What is asked: Markdown with ``$...$``.
    prompt: str
    #: The functions to write.
    parts: tuple[Part, ...]
    #: How the answers are found.
    derivations: tuple[Derivation, ...]
    #: What a student can verify alone, by finite differences.
    slopes: tuple[Slopes, ...] = ()
    #: ``gradient_check(functions, inputs) -> complaints``: a check of the author's own in their place, for one public
    #: case. Plain numpy; its source is copied into the self-check, so it refers to nothing but ``np``. With a third
    #: parameter, a list, it appends what the self-check draws: a name, the student's numbers, the slopes.
    gradient_check: Callable[..., list[str]] | None = None
    #: What the symbols of the derivations stand for; needed when there are derivations.
    setting: Setting | None = None
    #: What a right written answer is worth; 0 reports it without points.
    written_points: float = 0.0
    #: Which part of these the steps on the way earn, from 0 to 1; the final answers earn the rest.
    steps_share: float = 0.0
    #: In the documents, the section it belongs to.
    section: str = ""
    #: Its own heading there; the title when empty.
    heading: str = ""
    #: What its symbols mean; a symbol that an earlier question explains may be left out.
    notation: tuple[Symbol, ...] = ()
    #: Matrices that the solution shows.
    heat_map: HeatMap | None = None
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

    #: Such as ``"hw1"``: nbgrader's name of it, and of what is released.
    id: str
    #: For headings, in any words.
    title: str
    #: Which course it belongs to, in any words.
    course: str
    #: When that is taught, in any words.
    term: str
    #: When it is to be handed in, in any words.
    due: str
    #: Ordered by file name.
    questions: tuple[Question, ...]
    #: Digest of the package's Python files: what the cache of truths is keyed by.
    source_sha256: str
    #: Who wrote the solution; empty when nobody is named.
    author: str = ""
    #: What one submission may use.
    limits: Limits = field(default_factory=Limits)
    #: What each day begun after the due date costs, where a roster says how many.
    late_points_per_day: float = 0.0
    #: Its package; None when it was not loaded from one.
    folder: Path | None = None
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
