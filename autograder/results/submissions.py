"""What goes into a run: cases, and what a student handed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.model import Array, Inputs
from autograder.words import Format, Layout, SourceKind


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One set of inputs, without its truth: what may enter a student's process."""

    id: str  #: ``part.family.draw``.
    part: str
    family: str
    hidden: bool  #: Whether it earns points and must not be shown.
    layout: Layout  #: How its arrays lie in memory when the function gets them.
    inputs: Inputs  #: Keyword arguments: read-only float64 or int64 arrays, Python floats or ints.


@dataclass(frozen=True, kw_only=True, eq=False)
class Cases:
    """All cases of an assignment, and apart from them their truths."""

    cases: tuple[Case, ...]  #: In the assignment's order.
    truths: Mapping[str, Mapping[str, Array]]  #: By case id, then by output name; float64, read-only.
    cases_id: str  #: HMAC of the cases under the secret: equal when two runs used the same cases.
    torch_version: str  #: Of the PyTorch that computed the truths.


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One piece of a student's code."""

    label: str  #: Where it stands, for messages: ``"cell 3"``, or the file's name.
    source: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """One piece of a student's written part."""

    label: str  #: Where it stands, for messages: ``"cell 4"``, or the file's name.
    question: str  #: Id of the question it answers; empty when its headings have to say.
    format: Format
    text: str
    first_line: int = 1  #: Which line of what it stands in is its first.


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one student handed in."""

    #: Identifier, safe as a folder name.
    student: str
    kind: SourceKind
    cells: tuple[Cell, ...]  #: Code in order; one for a module.
    sha256: str  #: Hash of the code; empty when unreadable, or when there is none.
    problem: str | None = None  #: Why it cannot be read.
    #: Modules of the student's own that the code imports: each label is a path from the code, such as ``pkg/one.py``.
    helpers: tuple[Cell, ...] = ()
    written: tuple[Written, ...] = ()  #: The written part, in order; empty when there is none.
    written_problem: str = ""  #: Why a written part that is there cannot be read; else empty.
