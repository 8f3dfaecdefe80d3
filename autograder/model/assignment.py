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
    """Matrices to be looked at.

    Attributes
    ----------
    caption
        What they show, Markdown with ``$...$``.
    panels
        Computes them: by a heading in LaTeX, matrices of one size.
    rows, columns
        LaTeX of the vectors whose elements the rows and the columns belong to; empty for no labels.
    """

    caption: str
    panels: Callable[[], Mapping[str, Array]]
    rows: str = ""
    columns: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Slopes:
    """What the self-check needs to compare one part with finite differences.

    Attributes
    ----------
    part, outputs, as_dict
        The function, and its answers: name, kind, and of which tensor; empty for a value. Whether they come in a dict.
    takes, defaults
        Its parameters, and those that have a default.
    upstream
        The parameter that holds the cost's gradient; empty when there is none.
    real
        Inputs that hold numbers.
    leaves
        Tensors that are no inputs: for each dimension an input and its axis, or a number.
    tensors
        Parameters of what is nudged, in order.
    through, place
        A function of the same question to nudge, empty when the module is; and which of its answers is the module's,
        -1 when there is one answer, a name where they come in a dict.
    module, objective
        As a `Part` has them, by the names of their parameters; their text goes into the self-check.
    sums, least
        By answer: what its numbers, or those of each row, add up to, and what none of them is below.
    """

    part: str
    outputs: tuple[tuple[str, Kind, str], ...]
    takes: tuple[str, ...]
    defaults: Mapping[str, Any]
    upstream: str
    real: tuple[str, ...]
    leaves: Mapping[str, tuple[tuple[str, int] | int, ...]]
    tensors: tuple[str, ...]
    through: str
    place: int | str
    module: Callable[..., Any] | None
    objective: Callable[..., Any] | None
    as_dict: bool = False
    sums: Mapping[str, float] = field(default_factory=dict)
    least: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """A numbered item of the homework; one file.

    Attributes
    ----------
    id, title
        Such as ``"q1a"``, and a heading.
    prompt
        What is asked: Markdown with ``$...$``.
    parts, derivations
        The functions to write, and how the answers are found.
    setting
        What the symbols of the derivations stand for; needed when there are derivations.
    slopes
        What a student can verify alone, by finite differences.
    gradient_check
        ``gradient_check(functions, inputs) -> complaints``: a check of the author's own in their place, for one public
        case. Plain numpy; its source is copied into the self-check, so it refers to nothing but ``np``. With a third
        parameter, a list, it appends what the self-check draws: a name, the student's numbers, the slopes.
    written_points
        What a right written answer is worth; 0 reports it without points.
    steps_share
        Which part of these the steps on the way earn, from 0 to 1; the final answers earn the rest.
    section, heading
        In the documents: the section it belongs to, and its own heading there; the title when empty.
    notation
        What its symbols mean; a symbol that an earlier question explains may be left out.
    heat_map
        Matrices that the solution shows.
    variants
        The values of constants that differ from student to student, by name, one for every variant; empty when the
        question is the same for all.
    """

    id: str
    title: str
    prompt: str
    parts: tuple[Part, ...]
    derivations: tuple[Derivation, ...]
    slopes: tuple[Slopes, ...] = ()
    gradient_check: Callable[..., list[str]] | None = None
    setting: Setting | None = None
    written_points: float = 0.0
    steps_share: float = 0.0
    section: str = ""
    heading: str = ""
    notation: tuple[Symbol, ...] = ()
    heat_map: HeatMap | None = None
    variants: Constants = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that derivations mean something, and variants differ.

        Raises
        ------
        AssignmentError
            If there are derivations and no setting, a share is none, or constants make no variants.
        """
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
    """A homework: its questions in order.

    Attributes
    ----------
    id
        Such as ``"hw1"``: nbgrader's name of it, and of what is released.
    title, course, term, due
        For headings, in any words.
    questions
        Ordered by file name.
    source_sha256
        Digest of the package's Python files: what the cache of truths is keyed by.
    author
        Who wrote the solution; empty when nobody is named.
    limits
        What one submission may use.
    late_points_per_day
        What each day begun after the due date costs, where a roster says how many.
    folder
        Its package; None when it was not loaded from one.
    variant
        The number of the variant that it is, from 1; 0 when it is the same for everybody, or stands for all variants.
    variants
        All of them, each a whole assignment; empty when there are none. What all have in common, such as the rubric,
        is this one's too.
    """

    id: str
    title: str
    course: str
    term: str
    due: str
    questions: tuple[Question, ...]
    source_sha256: str
    author: str = ""
    limits: Limits = field(default_factory=Limits)
    late_points_per_day: float = 0.0
    folder: Path | None = None
    variant: int = 0
    variants: tuple[Assignment, ...] = ()

    def of(self, variant: int) -> Assignment:
        """Choose a variant.

        Parameters
        ----------
        variant : int
            Its number, from 1.

        Returns
        -------
        Assignment
            That variant; this assignment where there is none of that number.
        """
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
    """Name the self-check of a homework, whose notebook and module are called `id_`."""
    name = "".join(sign if f"_{sign}".isidentifier() else "_" for sign in f"{id_}_check")
    return name if name.isidentifier() else f"_{name}"
