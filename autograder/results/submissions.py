"""What goes into a run: cases, and what a student handed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.model import Array, Inputs
from autograder.words import Format, Layout, SourceKind


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One set of inputs, without its truth: what may enter a student's process."""

    #: ``part.family.draw``.
    id: str
    part: str
    family: str
    #: Whether it earns points and must not be shown.
    hidden: bool
    #: How its arrays lie in memory when the function gets them.
    layout: Layout
    #: Keyword arguments: read-only float64 or int64 arrays, Python floats or ints.
    inputs: Inputs


@dataclass(frozen=True, kw_only=True, eq=False)
class Cases:
    """All cases of an assignment, and apart from them their truths."""

    #: In the assignment's order.
    cases: tuple[Case, ...]
    #: By case id, then by output name; float64, read-only.
    truths: Mapping[str, Mapping[str, Array]]
    #: HMAC of the cases under the secret: equal when two runs used the same cases.
    cases_id: str
    #: Of the PyTorch that computed the truths.
    torch_version: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One piece of a student's code."""

    #: Where it stands, for messages: ``"cell 3"``, or the file's name.
    label: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """One piece of a student's written part."""

    #: Where it stands, for messages: ``"cell 4"``, or the file's name.
    label: str
    #: Id of the question it answers; empty when its headings have to say.
    question: str
    format: Format
    text: str
    #: Which line of what it stands in is its first.
    first_line: int = 1


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one student handed in."""

    #: Identifier, safe as a folder name.
    student: str
    kind: SourceKind
    #: Code in order; one for a module.
    cells: tuple[Cell, ...]
    #: Hash of the code; empty when unreadable, or when there is none.
    sha256: str
    #: Why it cannot be read.
    problem: str | None = None
    #: Modules of the student's own that the code imports: each label is a path from the code, such as ``pkg/one.py``.
    helpers: tuple[Cell, ...] = ()
    #: The written part, in order; empty when there is none.
    written: tuple[Written, ...] = ()
    #: Why a written part that is there cannot be read; else empty.
    written_problem: str = ""
