"""Every word that crosses a wall: from a child to the grader, into grade.json, to a reader of results."""

from collections.abc import Sequence
from typing import Literal, get_args

Status = Literal[
    "unreadable", "missing", "forbidden", "crashed", "out_of_memory", "timed_out",
    "output_limit", "raised", "mutated", "wrong", "approx", "passed",
]  # fmt: skip
STATUSES: tuple[Status, ...] = get_args(Status)  #: Every status of a verdict, most telling first.

CallStatus = Literal["missing", "out_of_memory", "timed_out", "output_limit", "raised"]
CALL_STATUSES: tuple[CallStatus, ...] = get_args(CallStatus)
"""What a child may say about a call. That it crashed or did something forbidden, only the grader decides."""

Refusal = Literal["arity", "none", "complex", "boolean", "half", "text", "object", "matrix", "ragged", "rank", "keys"]
REFUSALS: tuple[Refusal, ...] = get_args(Refusal)
"""Why a returned object is not an answer: the only words about it that leave the sandbox."""

Overrun = Literal["call", "function", "loading", "waiting"]
OVERRUNS: tuple[Overrun, ...] = get_args(Overrun)
"""Which time was over: that of the call, of all calls of the function, of loading; or it waited for ever."""

CallOverrun = Literal["call", "function"]
CALL_OVERRUNS: tuple[CallOverrun, ...] = get_args(CallOverrun)  #: The times that a child takes itself.

Layout = Literal["plain", "strided", "read_only"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)  #: How an input lies in memory.

SourceKind = Literal["module", "notebook"]
SOURCE_KINDS: tuple[SourceKind, ...] = get_args(SourceKind)  #: What a student's code was handed in as.

Format = Literal["markdown", "latex"]
FORMATS: tuple[Format, ...] = get_args(Format)  #: What a written answer is written in.

FindingKind = Literal["line", "answer", "remark"]
FINDING_KINDS: tuple[FindingKind, ...] = get_args(FindingKind)
"""What a finding is about: an equality, a final answer, or the whole."""

Mark = Literal["holds", "fails", "unread", "defined", "right", "wrong", "missing", "note"]
MARKS: tuple[Mark, ...] = get_args(Mark)  #: What is said of a line, an answer or a remark of a written part.

GradeStatus = Literal["graded", "unreadable", "grader_fault"]
"""Whether there is a grade, and whose fault it is that there is none."""

Isolation = Literal["bubblewrap", "nested", "none"]  #: How a submission was kept apart, strictest first.


def out_of(some: int, whole: int) -> str:
    """Say how many of some things, where a number would be clumsy: "all", "none", "39"."""
    return "all" if some == whole else str(some) if some else "none"


def counted(number: float, noun: str, many: str = "") -> str:
    """Say how many there are, in the singular or the plural: "0 cases", "1 case", "2.5 points"."""
    return f"{number:g} {noun if number == 1 else many or f'{noun}s'}"


def few(names: Sequence[str], most: int) -> str:
    """Name the first of them, and say how many more there are: "a, b and 7 more"."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def number(points: float) -> float | int:
    """Write whole points without a decimal point."""
    return int(points) if float(points).is_integer() else points
