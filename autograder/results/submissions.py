"""What goes into a run: cases, and what a student handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.model import Array, Inputs, Layout

SourceKind = Literal["module", "notebook"]


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
        Hash of the code; empty when unreadable, or when there is none.
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
