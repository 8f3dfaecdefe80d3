"""The words and records of the format, and its bounds."""

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.wire.notes import NOT_RUN, TIMED_OUT
from autograder.words import CallOverrun, CallStatus, Layout, Refusal, SourceKind

Array: TypeAlias = NDArray[Any]
Input: TypeAlias = "Array | float | int | bool | str"

EXCEPTIONS: tuple[str, ...] = tuple(
    sorted(
        name
        for name, value in vars(builtins).items()
        if isinstance(value, type) and issubclass(value, BaseException) and value.__name__ == name
    )
)
"""Names of the builtin exceptions: the only names that leave a student's process."""
NOTED = (*EXCEPTIONS, TIMED_OUT, NOT_RUN)
"""What may have gone wrong with a statement while a student's code was loaded: an exception, its time, or the time of
all that came before it."""

MAX_RANK = 4
MAX_ELEMENTS = 1 << 24
MAX_OUTPUTS = 16
MAX_NOTES = 64
MODULE = re.compile(r"[A-Za-z0-9_.]{1,64}", re.ASCII)

DTYPES = tuple(np.dtype(f"<{code}") for code in ("f8", "f4", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"))
DTYPE_CODES = {(dtype.kind, dtype.itemsize): code for code, dtype in enumerate(DTYPES)}
"""Position in `DTYPES` by kind and size."""
INT64_MAX = (1 << 63) - 1


class FrameError(ValueError):
    """Bytes that do not follow the format, or something that does not fit into it."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something that went wrong while a student's code was loaded; cells and statements count from 0."""

    cell: int
    #: In the cell, from 1; 0 when unknown.
    line: int
    #: One of `NOTED`.
    error: str
    #: The module that is not there, or, with a `TypeError`, the function with a parameter after a ``*``; else empty.
    module: str = ""
    statement: int = 0


@dataclass(frozen=True, kw_only=True)
class Started:
    """A statement at the top level that may take its time, told before it runs."""

    cell: int
    statement: int
    line: int


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What loading came to, and the CPU seconds it took."""

    notes: tuple[Note, ...]
    seconds: float


class Answer(NamedTuple):
    """What one call came to, as the child tells it."""

    call: int
    #: Why there are no values; None when the function returned.
    status: CallStatus | None = None
    #: Name of the builtin exception when it raised, else empty.
    exception: str = ""
    mutated: bool = False
    values: tuple[Array | Refusal, ...] = ()
    #: Which limit `timed_out` is about.
    overrun: CallOverrun | None = None
    #: CPU time the call took, sleep included.
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a child may do for one function."""

    outputs: int
    #: CPU time that is left for its calls.
    seconds: float
    #: How many of its calls may still take too long before the others are not made.
    failures: int
    #: Where it answers with a dict: its keys, one an output.
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Times:
    """How many seconds of CPU time there are for each call, each statement and all loading, as enforced."""

    call: float
    statement: float
    loading: float


class Call(NamedTuple):
    """One request to run a function."""

    function: str
    layout: Layout
    #: Passed by position.
    inputs: tuple[Input, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sequel:
    """Calls that follow those of a job, in the same child."""

    #: To be written before their answers.
    number: bytes
    functions: Mapping[str, Allowance]
    calls: tuple[Call, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Job:
    """All that one child has to do."""

    kind: SourceKind
    cells: tuple[str, ...]
    #: Modules of the student's own, path and text; notes count them behind the cells.
    helpers: tuple[tuple[str, str], ...]
    functions: Mapping[str, Allowance]
    #: In the order in which they are to be made.
    calls: tuple[Call, ...]
    times: Times
    #: Statements that are not to be run, as cell and index: they took too long before.
    left_out: frozenset[tuple[int, int]]
    #: Caps on the bytes of the arrays sent back, for one call and for all.
    returned_bytes_per_call: int
    returned_bytes: int
