"""What comes out of the sandbox, and where it departs from the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from autograder.model import Array

Status = Literal[
    "unreadable",
    "missing",
    "forbidden",
    "crashed",
    "out_of_memory",
    "timed_out",
    "output_limit",
    "raised",
    "mutated",
    "wrong",
    "approx",
    "passed",
]
STATUSES: tuple[Status, ...] = get_args(Status)
"""Every status of a verdict, most telling first."""

Refusal = Literal["arity", "none", "complex", "boolean", "half", "text", "object", "matrix", "ragged", "rank"]
"""Why a returned object is not an answer: the only words about it that leave the sandbox."""


Overrun = Literal["call", "function", "loading", "waiting"]
"""Which time was over: that of the call, of all calls of the function, of loading; or it waited for ever."""
OVERRUNS: tuple[Overrun, ...] = get_args(Overrun)


@dataclass(frozen=True, kw_only=True)
class LoadNote:
    """Something that went wrong while a submission's own code was loaded.

    Attributes
    ----------
    label : str
        The cell's.
    line : int
        In the cell, from 1; 0 when unknown.
    error : str
        Name of a builtin exception; or ``"timed_out"`` for a statement that took too long, ``"not_run"`` where all
        before it took too long.
    module : str
        The module that is not there, or, with a `TypeError`, the function with a parameter after a ``*``; else empty.
    """

    label: str
    line: int
    error: str
    module: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What came back from one call.

    Attributes
    ----------
    case : str
        Its case's id.
    status : Status, optional
        Why there is no answer; None when the function returned.
    values : Mapping[str, Array | Refusal]
        By output name; an array as the student returned it, or why it is not one.
    exception : str
        Name of the builtin exception for `raised`, else empty.
    mutated : bool
        Whether the call changed its inputs.
    overrun : {"call", "function", "loading", "waiting"}, optional
        Which time was over, for `timed_out`.
    """

    case: str
    status: Status | None = None
    values: Mapping[str, Array | Refusal] = field(default_factory=dict)
    exception: str = ""
    mutated: bool = False
    overrun: Overrun | None = None


@dataclass(frozen=True, kw_only=True)
class Durations:
    """How long one submission took.

    Attributes
    ----------
    seconds : float
        Wall time.
    loading : float
        CPU time of loading its code once.
    parts : Mapping[str, float]
        CPU time of all calls, by part; sleep included.
    """

    seconds: float
    loading: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """One submission's way through the sandbox.

    Attributes
    ----------
    notes : tuple of LoadNote
        From loading, before any hidden input was there.
    outcomes : Mapping[str, Outcome]
        By case id; every case that was asked has one.
    seconds : float
        Wall time in the sandbox.
    loading_seconds : float
        CPU time of loading the code once.
    part_seconds : Mapping[str, float]
        CPU time of all calls, by part; sleep included.
    suspect : bool
        Whether wall time ended something, which is believed only when it happens again: the outcomes do not count.
    """

    notes: tuple[LoadNote, ...]
    outcomes: Mapping[str, Outcome]
    seconds: float
    loading_seconds: float = 0.0
    part_seconds: Mapping[str, float] = field(default_factory=dict)
    suspect: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Difference:
    """Where an answer departs from the truth.

    Attributes
    ----------
    kind : str
        ``"refused"``, ``"shape"``, ``"not_finite"``, ``"value"`` (beyond the tolerance) or ``"approx"`` (within the
        wider second bound).
    reason : str
        The refusal, or ``"float32"``; empty otherwise.
    index : tuple of int, optional
        Element that departs most.
    """

    kind: Literal["refused", "shape", "not_finite", "value", "approx"]
    reason: str = ""
    index: tuple[int, ...] | None = None
