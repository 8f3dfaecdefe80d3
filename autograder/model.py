"""What an author writes: an assignment, its questions, and for each the parts, cases, rubric and misconceptions.

Every record is frozen and takes keywords only. Rules that concern one record are enforced when it is made, and raise
`AssignmentError`; rules that concern a whole assignment are enforced by `autograder.loading`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autograder.errors import AssignmentError

Array = NDArray[Any]
Inputs = Mapping[str, Any]
Layout = Literal["plain", "strided", "read_only"]
Kind = Literal["value", "gradient", "jacobian"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Draw:
    """One draw of a case family.

    Attributes
    ----------
    inputs : Mapping[str, object]
        What the student's function gets, by parameter name: float64 or int64 arrays, Python floats or ints. A
        parameter with a default may be left out, and then the student's own default is used.
    leaves : Mapping[str, Array]
        What the forward pass needs besides the inputs (for an affine module ``W`` and ``b``).
    cost : Callable[[Any, Any], Any], optional
        ``cost(torch, y)``, the scalar cost C(y); only for parts whose truth is a gradient of a cost.
    """

    inputs: Inputs
    leaves: Mapping[str, Array] = field(default_factory=dict)
    cost: Callable[[Any, Any], Any] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """A family of cases: inputs of one kind, drawn at random.

    Attributes
    ----------
    name : str
        Identifier, unique within its part.
    title : str
        What the family is about, in words a student may read ("a matrix with one row").
    draw : Callable[[numpy.random.Generator], Draw]
        Draws one case; a pure function of the generator.
    hidden : bool
        Hidden families earn points and are seeded by the secret; public ones are shown, and seeded by their name.
    draws : int
        How many cases are drawn.
    layout : {"plain", "strided", "read_only"}
        How the arrays lie in memory when the student's function gets them.
    same_as : str, optional
        Family of the same part whose random numbers are drawn again: with the same `draw`, the same inputs come back.
    """

    name: str
    title: str
    draw: Callable[[np.random.Generator], Draw]
    hidden: bool = True
    draws: int = 2
    layout: Layout = "plain"
    same_as: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Output:
    """One array a part answers with, how its truth is found and how exactly it can be known.

    Attributes
    ----------
    name : str
        As in the homework, e.g. ``"dC_dW"``.
    kind : {"value", "gradient", "jacobian"}
        ``value``: the forward pass itself; ``gradient``: of the objective with respect to `of`, read from ``.grad``;
        ``jacobian``: of the forward pass with respect to `of`, one row per component of y.
    of : str, optional
        The leaf or input that is differentiated by.
    magnitude : Callable[[Inputs, Array], Array]
        ``magnitude(inputs, truth)``: elementwise size of the terms that are summed, of the truth's shape. The tolerance
        is a multiple of it (`autograder.compare`). `inputs` holds the defaults of parameters that were left out.
    """

    name: str
    kind: Kind
    magnitude: Callable[[Inputs, Array], Array]
    of: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """A named part of an output, such as the diagonal of a matrix.

    Attributes
    ----------
    name : str
        Word for it.
    mask : Callable[[Array], Array]
        ``mask(truth)``: booleans of the truth's shape.
    """

    name: str
    mask: Callable[[Array], Array]


@dataclass(frozen=True, kw_only=True, eq=False)
class Criterion:
    """One line of the rubric: all or nothing over its case families.

    Attributes
    ----------
    id : str
        Unique, e.g. ``"q2.jacobian.diagonal"``.
    title : str
        What is judged, for a student to read.
    points : float
        What it is worth.
    output : str
        Name of the output it judges.
    families : tuple of str
        The hidden families that decide.
    region : Region, optional
        The part of the output it judges; all of it when None.
    approx_share : float
        Share of the points that an `approx` answer earns.
    """

    id: str
    title: str
    points: float
    output: str
    families: tuple[str, ...]
    region: Region | None = None
    approx_share: float = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Misconception:
    """A wrong function, and the hint for whoever wrote it.

    Attributes
    ----------
    name : str
        Short identifier, unique within its part, e.g. ``"transposed"``.
    function : Callable[..., Any]
        Same parameters and outputs as the reference. It runs in the grader, on the author's word.
    hint : str
        One or two sentences to the student that name the mistake without giving the answer away.
    """

    name: str
    function: Callable[..., Any]
    hint: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One function to write.

    Attributes
    ----------
    reference : Callable[..., Any]
        Our function: its name, signature and docstring are the contract, and become the stub.
    outputs : tuple of Output
        What it returns, in order; more than one means a tuple.
    forward : Callable[[Any, Mapping[str, Any]], Any]
        ``forward(torch, tensors) -> y``, the module itself in PyTorch; `tensors` holds inputs and leaves by name.
    families : tuple of Family
        Its cases.
    criteria : tuple of Criterion
        Its rubric.
    misconceptions : tuple of Misconception
        Known mistakes.
    upstream : str, optional
        The parameter that receives dC/dy, as autograd finds it.
    objective : Callable[[Any, Inputs], Any], optional
        ``objective(C, inputs)``: what is differentiated when it is not the cost C itself.
    """

    reference: Callable[..., Any]
    outputs: tuple[Output, ...]
    forward: Callable[[Any, Mapping[str, Any]], Any]
    families: tuple[Family, ...]
    criteria: tuple[Criterion, ...]
    misconceptions: tuple[Misconception, ...]
    upstream: str | None = None
    objective: Callable[[Any, Inputs], Any] | None = None

    def __post_init__(self) -> None:
        """Check the names that must agree with one another.

        Raises
        ------
        AssignmentError
            If a name is used twice, or a family or a criterion names something that does not exist.
        """
        for what, names in (
            ("output", [o.name for o in self.outputs]),
            ("family", [f.name for f in self.families]),
            ("criterion", [c.id for c in self.criteria]),
            ("misconception", [m.name for m in self.misconceptions]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise AssignmentError(f"{self.name}: {what} {twice[0]!r} is there twice; give one of them another name")
        hidden = {f.name for f in self.families if f.hidden}
        for repeat in self.families:
            if repeat.same_as is not None and repeat.same_as not in {
                family.name for family in self.families if family.hidden == repeat.hidden
            }:
                raise AssignmentError(
                    f"{self.name}: family {repeat.name!r} is the same as {repeat.same_as!r}, which is no such family"
                )
        for criterion in self.criteria:
            if criterion.output not in {o.name for o in self.outputs}:
                raise AssignmentError(
                    f"{self.name}: criterion {criterion.id!r} judges {criterion.output!r}, which is no output"
                )
            for family in criterion.families:
                if family not in hidden:
                    raise AssignmentError(
                        f"{self.name}: criterion {criterion.id!r} names {family!r}, which is no hidden family"
                    )
            if not criterion.families or not criterion.points > 0:
                raise AssignmentError(f"{self.name}: criterion {criterion.id!r} needs a family and points above 0")

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.reference.__name__

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The parameters that have a default, and the default."""
        parameters = inspect.signature(self.reference).parameters.values()
        return {p.name: p.default for p in parameters if p.default is not p.empty}

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters' names, in order."""
        return tuple(inspect.signature(self.reference).parameters)


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """One equality of a derivation and its reason.

    Attributes
    ----------
    latex : str
        The right-hand side.
    rule : str
        What makes it equal the side before: a name that `autograder.derivation` knows, and holds the step to.
    reason : str
        The rule in words for a reader, Markdown with ``$...$``.
    """

    latex: str
    rule: str
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Derivation:
    """A chain of equalities.

    Attributes
    ----------
    title : str
        What is derived.
    left : str
        The left-hand side, LaTeX.
    steps : tuple of Step
        The sides that follow.
    condition : str
        LaTeX of two indices that agree or differ throughout; empty when all are free.
    assumes, remarks : tuple of str
        What is taken for granted, and what is worth saying: Markdown with ``$...$``.
    result : str
        Name of the result when the last side is one, such as ``"1a-W"``; else empty.
    """

    title: str
    left: str
    steps: tuple[Step, ...]
    condition: str = ""
    assumes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    result: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """A symbol that stands for an expression.

    Attributes
    ----------
    left, right : str
        LaTeX; with free indices on both sides, it defines element by element.
    shape : tuple of str
        Names of its dimensions; none for a number.
    """

    left: str
    right: str
    shape: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """What the symbols of a question's derivations stand for.

    Attributes
    ----------
    symbols : Mapping[str, tuple[str, ...]]
        Independent symbols and the names of their dimensions: none for a number, one for a vector, two for a matrix. A
        matrix's elements may be written in small letters.
    functions : Mapping[str, str]
        Arbitrary differentiable functions, and the vector each depends on.
    definitions : tuple of Definition
        What the prompts define.
    sizes : tuple of Mapping[str, int]
        Values of the dimensions at which every equality is decided, smallest first.
    written_out : Mapping[str, int]
        The size at which a line with components written out is decided.
    rows : tuple of str
        Vectors by which a gradient is laid out as a row.
    """

    symbols: Mapping[str, tuple[str, ...]]
    definitions: tuple[Definition, ...]
    sizes: tuple[Mapping[str, int], ...]
    functions: Mapping[str, str] = field(default_factory=dict)
    written_out: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """A symbol of a question, for the table of notation.

    Attributes
    ----------
    latex : str
        As it is written.
    meaning : str
        In words, Markdown with ``$...$``.
    shape : str
        On paper, LaTeX; empty for a number.
    code : str
        What it is called and what it is in code; empty when it is not there.
    """

    latex: str
    meaning: str
    shape: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class HeatMap:
    """Matrices to be looked at.

    Attributes
    ----------
    caption : str
        What they show, Markdown with ``$...$``.
    panels : Callable[[], Mapping[str, Array]]
        Computes them: by a heading in LaTeX, matrices of one size.
    rows, columns : str
        LaTeX of the vectors whose elements the rows and the columns belong to; empty for no labels.
    """

    caption: str
    panels: Callable[[], Mapping[str, Array]]
    rows: str = ""
    columns: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """A numbered item of the homework; one file.

    Attributes
    ----------
    id : str
        ``"q1a"``.
    title : str
        Heading.
    prompt : str
        What is asked: Markdown with ``$...$``.
    parts : tuple of Part
        The functions to write.
    derivations : tuple of Derivation
        How the answers are found.
    setting : Setting, optional
        What the symbols of the derivations stand for; needed when there are derivations.
    gradient_check : Callable[..., list[str]]
        ``gradient_check(functions, inputs) -> complaints``: what a student can verify alone by finite differences, for
        one public case. Plain numpy; its source is copied into ``hw1_check.py``, so it refers to nothing but ``np``.
    written_points : float
        What a right written answer is worth; 0 reports it without points.
    section, heading : str
        In the documents: the section it belongs to, and its own heading there; the title when empty.
    notation : tuple of Symbol
        What its symbols mean; a symbol that an earlier question explains may be left out.
    heat_map : HeatMap, optional
        Matrices that the solution shows.
    """

    id: str
    title: str
    prompt: str
    parts: tuple[Part, ...]
    derivations: tuple[Derivation, ...]
    gradient_check: Callable[..., list[str]]
    setting: Setting | None = None
    written_points: float = 0.0
    section: str = ""
    heading: str = ""
    notation: tuple[Symbol, ...] = ()
    heat_map: HeatMap | None = None

    def __post_init__(self) -> None:
        """Check that derivations mean something.

        Raises
        ------
        AssignmentError
            If there are derivations and no setting.
        """
        if self.derivations and self.setting is None:
            raise AssignmentError(f"question {self.id!r}: derivations without a setting; say what their symbols mean")


@dataclass(frozen=True, kw_only=True, eq=False)
class Assignment:
    """A homework: its questions in order.

    Attributes
    ----------
    id : str
        ``"hw1"``.
    title, course, term, due : str
        For headings.
    questions : tuple of Question
        Ordered by file name.
    source_sha256 : str
        Digest of the package's Python files: what the cache of truths is keyed by.
    author : str
        Who wrote the solution; empty when nobody is named.
    """

    id: str
    title: str
    course: str
    term: str
    due: str
    questions: tuple[Question, ...]
    source_sha256: str
    author: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all questions, in order."""
        return tuple(part for question in self.questions for part in question.parts)

    @property
    def possible(self) -> float:
        """The points that can be earned."""
        return self.code_points + sum(question.written_points for question in self.questions)

    @property
    def code_points(self) -> float:
        """The points that the functions can earn."""
        return sum(c.points for part in self.parts for c in part.criteria)
