"""What comes out of the sandbox, and where it departs from the truth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from autograder.model import Array
from autograder.words import Overrun, Refusal, Status


@dataclass(frozen=True, kw_only=True)
class LoadNote:
    """Something that went wrong while a submission's own code was loaded."""

    label: str
    line: int  #: In the cell, from 1; 0 when unknown.
    #: Name of a builtin exception; or ``"timed_out"`` for a statement that took too long, ``"not_run"`` where all
    #: before it took too long.
    error: str
    #: The module that is not there, or, with a `TypeError`, the function with a parameter after a ``*``; else empty.
    module: str = ""


class Outcome(NamedTuple):
    """What came back from one call."""

    case: str
    status: Status | None = None  #: Why there is no answer; None when the function returned.
    #: By output name; an array as the student returned it, or why it is not one.
    values: Mapping[str, Array | Refusal] = MappingProxyType({})
    exception: str = ""  #: Name of the builtin exception for `raised`, else empty.
    mutated: bool = False  #: Whether the call changed its inputs.
    overrun: Overrun | None = None  #: Which time was over, for `timed_out`.
    #: What a call that changed its inputs left of its arrays, by name; of public cases only.
    left: Mapping[str, Array | Refusal] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Durations:
    """How long one submission took."""

    seconds: float  #: Wall time of reading and running it, and of judging what it derives.
    loading: float = 0.0  #: CPU seconds of loading its code once.
    #: CPU seconds of all calls, by part; sleep included.
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """One submission's way through the sandbox."""

    notes: tuple[LoadNote, ...]  #: From loading, before any hidden input was there.
    outcomes: Mapping[str, Outcome]  #: By case id; every case that was asked has one.
    seconds: float  #: Wall time in the sandbox.
    loading_seconds: float = 0.0  #: CPU time of loading the code once.
    #: CPU time of all calls, by part; sleep included.
    part_seconds: Mapping[str, float] = field(default_factory=dict)
    #: Whether wall time ended something, which is believed only when it happens again: the outcomes do not count.
    suspect: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Difference:
    """Where an answer departs from the truth."""

    #: ``"refused"``, ``"shape"``, ``"not_finite"``, ``"value"`` (beyond the tolerance) or ``"approx"`` (within the
    #: wider second bound).
    kind: Literal["refused", "shape", "not_finite", "value", "approx"]
    reason: str = ""  #: The refusal, or ``"float32"``; empty otherwise.
    index: tuple[int, ...] | None = None  #: Element that departs most.
    #: For ``"approx"``: the largest error of an element, and how large that of a right one may be, both relative to
    #: the size of the element's terms.
    error: float = 0.0
    bound: float = 0.0
