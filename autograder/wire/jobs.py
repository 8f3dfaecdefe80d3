"""Jobs to a child: a student's code and the calls to make.

A message is a little-endian ``u32`` length, JSON of that length, and after it the elements of all arrays in the order
of the calls. Where an input is an array, JSON has its dtype's number and its shape. What leaves the grader is trusted,
yet whatever does not follow the format is a `FrameError`.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograder.wire.reader import FLOAT64, LENGTH, view
from autograder.wire.records import (
    DTYPE_CODES,
    DTYPES,
    INT64_MAX,
    MAX_RANK,
    Allowance,
    Call,
    FrameError,
    Input,
    Job,
    Sequel,
    Times,
)
from autograder.words import LAYOUTS, SOURCE_KINDS, SourceKind

# A student's code may have put something else in their place before the second message comes.
_json, _length = json.JSONDecoder().raw_decode, LENGTH.unpack_from
_dumps = json.JSONEncoder(separators=(",", ":")).encode
NUMBER_BYTES = 8


class EncodedCall(NamedTuple):
    """A call, encoded once for all submissions."""

    text: str
    elements: bytes


def encode_call(call: Call) -> EncodedCall:
    """Encode one call; an input that is no plain array, float, 64-bit int, bool or string is a `FrameError`."""
    inputs: list[Any] = []
    elements = b""
    for value in call.inputs:
        if isinstance(value, np.ndarray):
            code = DTYPE_CODES.get((value.dtype.kind, value.dtype.itemsize))
            if code is None or value.ndim > MAX_RANK:
                raise FrameError(f"dtype {value.dtype} or shape {value.shape} is not carried")
            inputs.append([code, value.shape])
            elements += value.astype(DTYPES[code], copy=False).tobytes()
        elif isinstance(value, float):
            inputs.append(float(value))
        elif isinstance(value, bool | str):
            inputs.append(value)
        elif isinstance(value, int) and abs(value) <= INT64_MAX:
            inputs.append(int(value))
        else:
            raise FrameError(
                f"{call.function}: {value!r} is not an input; give an array, a float, a 64-bit int, a bool or a string"
            )
    return EncodedCall(_dumps([call.function, call.layout, inputs]), elements)


def encode_job(
    *,
    kind: SourceKind,
    cells: Sequence[str],
    helpers: Sequence[tuple[str, str]] = (),
    functions: Mapping[str, Allowance],
    calls: Sequence[EncodedCall],
    times: Times,
    left_out: Collection[tuple[int, int]],
    returned_bytes_per_call: int,
    returned_bytes: int,
) -> bytes:
    """Encode a job; the fields are those of `Job`, with calls from `encode_call`."""
    head = {
        "kind": kind,
        "cells": list(cells),
        "helpers": list(helpers),
        "times": [times.call, times.statement, times.loading],
        "left_out": sorted(left_out),
        "bytes": [returned_bytes_per_call, returned_bytes],
    }
    return _message(head, functions, calls)


def decode_job(data: bytes) -> Job:
    """Decode a job, to its last byte; its arrays are read-only."""
    try:
        head, elements = _opened(data)
        if head["kind"] not in SOURCE_KINDS:
            raise FrameError("not a job")
        per_call, total = head["bytes"]
        call, statement, loading = head["times"]
        return Job(
            kind=head["kind"],
            cells=tuple(head["cells"]),
            helpers=tuple((path, text) for path, text in head["helpers"]),
            functions=_functions(head),
            calls=_calls(head, data, elements),
            times=Times(call=call, statement=statement, loading=loading),
            left_out=frozenset((cell, place) for cell, place in head["left_out"]),
            returned_bytes_per_call=per_call,
            returned_bytes=total,
        )
    except FrameError:
        raise
    except Exception as error:
        raise FrameError("not a message for a child") from error


def encode_sequel(number: bytes, functions: Mapping[str, Allowance], calls: Sequence[EncodedCall]) -> bytes:
    """Encode calls that follow those of a job; the number, of `NUMBER_BYTES` bytes, comes back before the answers."""
    return _message({"number": number.hex()}, functions, calls)


def decode_sequel(data: bytes) -> Sequel:
    """Decode calls that follow, to the last byte; their arrays are read-only."""
    try:
        head, elements = _opened(data)
        number = bytes.fromhex(head["number"])
        return Sequel(number=number, functions=_functions(head), calls=_calls(head, data, elements))
    except FrameError:
        raise
    except Exception as error:
        raise FrameError("not a message for a child") from error


def _message(head: dict[str, Any], functions: Mapping[str, Allowance], calls: Sequence[EncodedCall]) -> bytes:
    head["functions"] = {name: [may.outputs, may.seconds, may.failures, may.keys] for name, may in functions.items()}
    listed = ",".join([call.text for call in calls])
    text = f'{_dumps(head)[:-1]},"calls":[{listed}]}}'.encode("ascii")
    text += b" " * (-(LENGTH.size + len(text)) % 8)  # elements lie where a processor likes them
    return b"".join([LENGTH.pack(len(text)), text, *[call.elements for call in calls]])


def _opened(data: bytes) -> tuple[dict[str, Any], int]:
    """The JSON of a message, and where its elements begin; spaces stand between the two."""
    end = LENGTH.size + _length(data)[0]
    if end > len(data):
        raise FrameError("ends too early")
    head, _ = _json(data[LENGTH.size : end].decode("ascii"))
    return head, end


def _functions(head: Mapping[str, Any]) -> dict[str, Allowance]:
    return {
        name: Allowance(outputs=outputs, seconds=seconds, failures=failures, keys=tuple(keys))
        for name, (outputs, seconds, failures, keys) in head["functions"].items()
    }


def _calls(head: Mapping[str, Any], data: bytes, at: int) -> tuple[Call, ...]:
    """All calls, their arrays views of the elements, which end where the data do.

    A piece of an array is made in a third of the time that an array takes, and most are of floats.
    """
    calls = []
    start, floats = at, np.ndarray((len(data) - at) // FLOAT64.itemsize, FLOAT64, data, at)
    for function, layout, given in head["calls"]:
        if layout not in LAYOUTS:
            raise FrameError("a call in no known layout")
        inputs: list[Input] = []
        for value in given:
            if type(value) is list:
                code, shape = value
                if code or (at - start) % 8 or not FLOAT64.isnative:
                    array = view(tuple(shape), code, data, at)
                else:
                    first, size = (at - start) // 8, math.prod(shape)
                    array = floats[first : first + size]
                    if array.size != size:
                        raise FrameError("ends too early")
                    if len(shape) != 1:
                        array = array.reshape(shape)
                at += array.nbytes
                inputs.append(array)
            else:
                inputs.append(value)
        calls.append(Call(function, layout, tuple(inputs)))
    if at != len(data):
        raise FrameError("goes on after its end")
    return tuple(calls)
