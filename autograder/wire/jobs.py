"""Jobs to a child: a student's code and the calls to make."""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from autograder.wire.reader import Reader, put_array, put_text
from autograder.wire.records import (
    INT64_MAX,
    Allowance,
    Call,
    FrameError,
    Input,
    Job,
    Times,
)
from autograder.words import LAYOUTS, SOURCE_KINDS, SourceKind

_INTEGER, _FLOAT, _ARRAY, _SWITCH, _TEXT = range(5)
_FLOAT64 = struct.Struct("<d")
_INT64 = struct.Struct("<q")
_JOB_HEAD = struct.Struct("<BIIdddHHHI")
_LEFT_OUT = struct.Struct("<HI")
_ALLOWANCE = struct.Struct("<BBd")


def encode_call(call: Call) -> bytes:
    """Encode one call; an input that is no plain array, float, 64-bit int, bool or string is a `FrameError`."""
    pieces: list[bytes] = []
    put_text(pieces, call.function)
    pieces.append(bytes((LAYOUTS.index(call.layout), len(call.inputs))))
    for value in call.inputs:
        if isinstance(value, np.ndarray):
            pieces.append(bytes((_ARRAY,)))
            put_array(pieces, value)
        elif isinstance(value, float):
            pieces.append(bytes((_FLOAT,)) + _FLOAT64.pack(value))
        elif isinstance(value, bool):
            pieces.append(bytes((_SWITCH, value)))
        elif isinstance(value, str):
            pieces.append(bytes((_TEXT,)))
            put_text(pieces, value)
        elif isinstance(value, int) and abs(value) <= INT64_MAX:
            pieces.append(bytes((_INTEGER,)) + _INT64.pack(value))
        else:
            raise FrameError(
                f"{call.function}: {value!r} is no input; give an array, a float, a 64-bit int, a bool or a string"
            )
    return b"".join(pieces)


def encode_job(
    *,
    kind: SourceKind,
    cells: Sequence[str],
    functions: Mapping[str, Allowance],
    calls: Sequence[bytes],
    times: Times,
    left_out: Collection[tuple[int, int]],
    returned_bytes_per_call: int,
    returned_bytes: int,
) -> bytes:
    """Encode a job, which ends where its pipe ends; the fields are those of `Job`, with calls from `encode_call`."""
    pieces = [
        _JOB_HEAD.pack(
            SOURCE_KINDS.index(kind),
            returned_bytes_per_call,
            returned_bytes,
            times.call,
            times.statement,
            times.loading,
            len(cells),
            len(left_out),
            len(functions),
            len(calls),
        )
    ]
    for cell in cells:
        put_text(pieces, cell)
    pieces += (_LEFT_OUT.pack(*place) for place in sorted(left_out))
    for name, may in functions.items():
        put_text(pieces, name)
        pieces.append(_ALLOWANCE.pack(may.outputs, may.failures, may.seconds))
    pieces += calls
    return b"".join(pieces)


def decode_job(data: bytes) -> Job:
    """Decode a job, to its last byte; its arrays are read-only."""
    reader = Reader(data)
    kind, per_call, total, call, statement, loading, cells, left_out, functions, calls = reader.take(_JOB_HEAD)
    if kind >= len(SOURCE_KINDS):
        raise FrameError("not a job")
    return Job(
        kind=SOURCE_KINDS[kind],
        returned_bytes_per_call=per_call,
        returned_bytes=total,
        cells=tuple(reader.text() for _ in range(cells)),
        times=Times(call=call, statement=statement, loading=loading),
        left_out=frozenset(_take_place(reader) for _ in range(left_out)),
        functions={reader.text(): _take_allowance(reader) for _ in range(functions)},
        calls=tuple(_take_call(reader) for _ in range(calls)),
    )


def _take_place(reader: Reader) -> tuple[int, int]:
    """A statement's place."""
    cell, statement = reader.take(_LEFT_OUT)
    return cell, statement


def _take_allowance(reader: Reader) -> Allowance:
    """What may be done for one function."""
    outputs, failures, seconds = reader.take(_ALLOWANCE)
    return Allowance(outputs=outputs, seconds=seconds, failures=failures)


def _take_call(reader: Reader) -> Call:
    """One call of a job."""
    function = reader.text()
    layout, count = reader.byte(), reader.byte()
    if layout >= len(LAYOUTS):
        raise FrameError("a call in no known layout")
    inputs: list[Input] = []
    for _ in range(count):
        tag = reader.byte()
        if tag == _ARRAY:
            inputs.append(reader.array())
        elif tag == _SWITCH:
            inputs.append(bool(reader.byte()))
        elif tag == _TEXT:
            inputs.append(reader.text())
        else:
            inputs.append(reader.take(_FLOAT64 if tag == _FLOAT else _INT64)[0])
    return Call(function=function, layout=LAYOUTS[layout], inputs=tuple(inputs))
