"""The frames between the grader and a student's process, and what a returned object becomes.

Both ends import this module, so it needs the standard library and numpy only. The grader's end trusts nothing it reads:
every count, dimension and length is bounded before it is used, and `FrameError` is all that can come out.

A frame is a little-endian ``u32`` length and a payload. A child answers its job with one `loaded` frame and then one
`answer` frame per call, in the order of the calls::

    loaded   u8 0 | u16 notes | notes x (u16 cell, u32 line, u8 exception, u8 length, module)
    answer   u8 1 | u32 call | u8 status | u8 exception | u8 mutated | u8 outputs | outputs x (u8 refusal, [array])
    array    u8 dtype | u8 rank | rank x u32 dimension | elements, C order
"""

from __future__ import annotations

import builtins
import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Refusal = Literal["arity", "none", "complex", "boolean", "half", "text", "object", "matrix", "ragged", "rank"]
AnswerStatus = Literal["missing", "out_of_memory", "output_limit", "raised"]
Layout = Literal["plain", "strided", "read_only"]
Kind = Literal["module", "notebook"]
Input: TypeAlias = "Array | float | int"

REFUSALS: tuple[Refusal, ...] = get_args(Refusal)
STATUSES: tuple[AnswerStatus, ...] = get_args(AnswerStatus)
"""What a child may say about a call. That it crashed, hung or did something forbidden, only the grader decides."""
EXCEPTIONS: tuple[str, ...] = tuple(
    sorted(
        name
        for name, value in vars(builtins).items()
        if isinstance(value, type) and issubclass(value, BaseException) and value.__name__ == name
    )
)
"""Names of the builtin exceptions: the only names that leave a student's process."""

MAX_RANK = 4
MAX_ELEMENTS = 1 << 24
MAX_OUTPUTS = 16
MAX_NOTES = 64
MODULE = re.compile(r"[A-Za-z0-9_.]{1,64}", re.ASCII)

_KINDS: tuple[Kind, ...] = get_args(Kind)
_LAYOUTS: tuple[Layout, ...] = get_args(Layout)
_DTYPES = tuple(np.dtype(f"<{code}") for code in ("f8", "f4", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"))
_NATIVE = tuple(dtype.newbyteorder("=") for dtype in _DTYPES)
_DTYPE_CODES = {(dtype.kind, dtype.itemsize): code for code, dtype in enumerate(_DTYPES)}
_EXCEPTION_CODES = {name: code for code, name in enumerate(EXCEPTIONS)}
_INT64_MAX = (1 << 63) - 1
_LOADED, _ANSWER = 0, 1
_INTEGER, _FLOAT, _ARRAY = 0, 1, 2
_W = TypeVar("_W", bound=str)
_LENGTH = struct.Struct("<I")
_ANSWER_HEAD = struct.Struct("<BIBBBB")
_NOTE_HEAD = struct.Struct("<HIBB")
_LOADED_HEAD = struct.Struct("<BH")
_ARRAY_HEAD = struct.Struct("<BB")
_DIMENSIONS = tuple(struct.Struct(f"<{rank}I") for rank in range(MAX_RANK + 1))
_FLOAT64 = struct.Struct("<d")
_INT64 = struct.Struct("<q")
_JOB_HEAD = struct.Struct("<BIIHHI")


class FrameError(ValueError):
    """Bytes that do not follow the format, or something that does not fit into it."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something that went wrong while a student's code was loaded.

    Attributes
    ----------
    cell : int
        Index of the cell, from 0.
    line : int
        In the cell, from 1; 0 when unknown.
    error : str
        Name of a builtin exception.
    module : str
        The module that is not there, else empty.
    """

    cell: int
    line: int
    error: str
    module: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What one call came to, as the child tells it.

    Attributes
    ----------
    call : int
        Index of the call in its job, from 0.
    status : {"missing", "out_of_memory", "output_limit", "raised"}, optional
        Why there are no values; None when the function returned.
    exception : str
        Name of the builtin exception when it raised, else empty.
    mutated : bool
        Whether the call changed its inputs.
    values : tuple of Array or Refusal
        One for each output.
    """

    call: int
    status: AnswerStatus | None = None
    exception: str = ""
    mutated: bool = False
    values: tuple[Array | Refusal, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Call:
    """One request to run a function.

    Attributes
    ----------
    function : str
        Its name.
    layout : {"plain", "strided", "read_only"}
        How the arrays are to lie in memory.
    inputs : tuple of Array, float or int
        Passed by position.
    """

    function: str
    layout: Layout
    inputs: tuple[Input, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Job:
    """All that one child has to do.

    Attributes
    ----------
    kind : {"module", "notebook"}
        How the cells relate.
    cells : tuple of str
        The student's code.
    outputs : Mapping[str, int]
        How many outputs each function has.
    calls : tuple of Call
        In the order in which they are to be made.
    returned_bytes_per_call, returned_bytes : int
        Caps on the bytes of the arrays sent back, for one call and for all.
    """

    kind: Kind
    cells: tuple[str, ...]
    outputs: Mapping[str, int]
    calls: tuple[Call, ...]
    returned_bytes_per_call: int
    returned_bytes: int


# -- what a returned object becomes -----------------------------------------------------------------------------------


def answer(returned: object, outputs: Sequence[str]) -> dict[str, Array | Refusal]:
    """Turn what a function returned into one array per output, or say why it is none.

    Accepted are exact `numpy.ndarray`, numpy and Python numbers, and nested lists or tuples of them. The dtype stays as
    returned, except that extended precision and Python ints beyond int64 become float64.

    Parameters
    ----------
    returned : object
        Anything.
    outputs : Sequence[str]
        Names of the outputs; more than one are returned as a tuple or list of exactly that length.

    Returns
    -------
    dict[str, Array or Refusal]
        By output name.
    """
    if len(outputs) == 1:
        return {outputs[0]: _as_array(returned)}
    if isinstance(returned, list | tuple) and len(returned) == len(outputs):
        return {name: _as_array(value) for name, value in zip(outputs, returned, strict=True)}
    return dict.fromkeys(outputs, "arity")


def _as_array(value: object) -> Array | Refusal:
    """One array from one returned object."""
    if type(value) is np.ndarray:
        return _plain(value)
    if isinstance(value, list | tuple):
        return _nested(value)
    return _scalar(value)


def _plain(array: Array) -> Array | Refusal:
    """An array as it is, unless its dtype or rank is refused."""
    dtype = array.dtype
    if array.ndim > MAX_RANK:
        return "rank"
    if dtype.kind == "f" and dtype.itemsize == 2:
        return "half"
    if dtype.kind == "f" and dtype.itemsize > 8:
        with np.errstate(all="ignore"):
            return array.astype(np.float64)
    if (dtype.kind, dtype.itemsize) in _DTYPE_CODES:
        return array if dtype.isnative else array.astype(dtype.newbyteorder("="))
    if dtype.kind == "c":
        return "complex"
    if dtype.kind == "b":
        return "boolean"
    return "text" if dtype.kind in "SUT" else "object"


def _scalar(value: object) -> Array | Refusal:
    """A 0-d array from a number."""
    if value is None:
        return "none"
    if isinstance(value, bool | np.bool_):
        return "boolean"
    if isinstance(value, int | float | np.integer | np.floating):
        return _number(value)
    if isinstance(value, complex | np.complexfloating):
        return "complex"
    if isinstance(value, str | bytes | bytearray | np.character):
        return "text"
    return "matrix" if isinstance(value, np.matrix) else "object"


def _nested(value: list[Any] | tuple[Any, ...]) -> Array | Refusal:
    """An array from nested lists or tuples."""
    shape = _shape(value, 0)
    return shape if isinstance(shape, str) else _number(value)


def _shape(value: object, depth: int) -> tuple[int, ...] | Refusal:
    """Shape of nested lists or tuples, or why they are no array."""
    if type(value) is float or type(value) is int:
        return ()
    if not isinstance(value, list | tuple):
        array = _as_array(value)
        if isinstance(array, str):
            return array
        return array.shape if depth + array.ndim <= MAX_RANK else "rank"
    if depth == MAX_RANK:
        return "rank"
    shapes = set()
    for element in value:
        shape = _shape(element, depth + 1)
        if isinstance(shape, str):
            return shape
        shapes.add(shape)
        if len(shapes) > 1:
            return "ragged"
    return (len(value), *(shapes.pop() if shapes else ()))


def _number(value: Any) -> Array | Refusal:
    """What numpy makes of numbers already looked at; ints beyond int64 become float64."""
    try:
        array = np.array(value)
        if array.dtype == object or (array.dtype == np.uint64 and array.size and array.max() > _INT64_MAX):
            array = np.array(value, dtype=np.float64)
    except OverflowError:
        return "object"
    return _plain(array)


# -- frames from a child ----------------------------------------------------------------------------------------------


def encode_answer(found: Answer) -> bytes:
    """Encode one answer.

    Parameters
    ----------
    found : Answer
        What the call came to.

    Returns
    -------
    bytes
        The frame, length included.

    Raises
    ------
    FrameError
        If there are too many outputs or an array has a shape the format does not carry.
    """
    if len(found.values) > MAX_OUTPUTS:
        raise FrameError(f"{len(found.values)} outputs, more than {MAX_OUTPUTS}")
    status = 0 if found.status is None else 1 + STATUSES.index(found.status)
    exception = 0 if not found.exception else 1 + _EXCEPTION_CODES[found.exception]
    pieces = [_ANSWER_HEAD.pack(_ANSWER, found.call, status, exception, found.mutated, len(found.values))]
    for value in found.values:
        if isinstance(value, str):
            pieces.append(bytes((1 + REFUSALS.index(value),)))
        else:
            pieces.append(b"\0")
            _put_array(pieces, value)
    return _frame(pieces)


def decode_answer(payload: bytes) -> Answer:
    """Decode one answer; nothing about the payload is trusted.

    Parameters
    ----------
    payload : bytes
        A frame without its length.

    Returns
    -------
    Answer
        Its arrays are read-only and hold together no more bytes than the payload.

    Raises
    ------
    FrameError
        If the payload does not follow the format to the last byte.
    """
    reader = _Reader(payload)
    kind, call, status, exception, mutated, count = reader.take(_ANSWER_HEAD)
    if kind != _ANSWER or mutated > 1 or count > MAX_OUTPUTS:
        raise FrameError("not an answer")
    values = tuple([_choose(REFUSALS, reader.byte()) or reader.array() for _ in range(count)])
    reader.end()
    said = _choose(STATUSES, status)
    name = _choose(EXCEPTIONS, exception)
    if (said is not None and values) or (said == "raised") != (name is not None):
        raise FrameError("an answer that contradicts itself")
    return Answer(call=call, status=said, exception=name or "", mutated=bool(mutated), values=values)


def encode_loaded(notes: Sequence[Note]) -> bytes:
    """Encode the report on loading.

    Parameters
    ----------
    notes : Sequence[Note]
        What went wrong; those beyond `MAX_NOTES` are left out.

    Returns
    -------
    bytes
        The frame, length included.
    """
    notes = notes[:MAX_NOTES]
    pieces = [_LOADED_HEAD.pack(_LOADED, len(notes))]
    for note in notes:
        module = note.module.encode("ascii")
        line = min(max(note.line, 0), 0xFFFFFFFF)
        pieces += (_NOTE_HEAD.pack(note.cell, line, _EXCEPTION_CODES[note.error], len(module)), module)
    return _frame(pieces)


def decode_loaded(payload: bytes) -> tuple[Note, ...]:
    """Decode the report on loading; nothing about the payload is trusted.

    Parameters
    ----------
    payload : bytes
        A frame without its length.

    Returns
    -------
    tuple of Note
        At most `MAX_NOTES`; module names match ``[A-Za-z0-9_.]{1,64}`` or are empty.

    Raises
    ------
    FrameError
        If the payload does not follow the format to the last byte.
    """
    reader = _Reader(payload)
    kind, count = reader.take(_LOADED_HEAD)
    if kind != _LOADED or count > MAX_NOTES:
        raise FrameError("not a report on loading")
    notes = []
    for _ in range(count):
        cell, line, error, length = reader.take(_NOTE_HEAD)
        module = reader.bytes(length).decode("ascii", "replace")
        if error >= len(EXCEPTIONS) or (module and not MODULE.fullmatch(module)):
            raise FrameError("a note that names nothing known")
        notes.append(Note(cell=cell, line=line, error=EXCEPTIONS[error], module=module))
    reader.end()
    return tuple(notes)


class Frames:
    """Cuts a stream into payloads.

    Parameters
    ----------
    frame_bytes : int
        Longest payload that is let through.
    total_bytes : int
        Most bytes that are read altogether.
    """

    def __init__(self, *, frame_bytes: int, total_bytes: int) -> None:
        self._frame_bytes = frame_bytes
        self._left = total_bytes
        self._buffer = bytearray()

    @property
    def unfinished(self) -> int:
        """Bytes of a frame that has begun and not ended."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """Add what was read.

        Parameters
        ----------
        data : bytes
            The next bytes of the stream.

        Returns
        -------
        list of bytes
            Payloads that are complete now.

        Raises
        ------
        FrameError
            If a frame or the stream is longer than allowed.
        """
        self._left -= len(data)
        if self._left < 0:
            raise FrameError("more bytes than allowed")
        buffer = self._buffer
        buffer += data
        payloads = []
        start = 0
        while len(buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(buffer, start)
            if length > self._frame_bytes:
                raise FrameError(f"a frame of {length} bytes, longer than {self._frame_bytes}")
            if len(buffer) - start - _LENGTH.size < length:
                break
            start += _LENGTH.size
            payloads.append(bytes(buffer[start : start + length]))
            start += length
        del buffer[:start]
        return payloads


# -- jobs to a child --------------------------------------------------------------------------------------------------


def encode_call(call: Call) -> bytes:
    """Encode one call, to be put into a job.

    Parameters
    ----------
    call : Call
        The request.

    Returns
    -------
    bytes
        A part of a job.

    Raises
    ------
    FrameError
        If an input is neither a plain array nor a Python float or 64-bit int.
    """
    pieces: list[bytes] = []
    _put_text(pieces, call.function)
    pieces.append(bytes((_LAYOUTS.index(call.layout), len(call.inputs))))
    for value in call.inputs:
        if isinstance(value, np.ndarray):
            pieces.append(bytes((_ARRAY,)))
            _put_array(pieces, value)
        elif isinstance(value, float):
            pieces.append(bytes((_FLOAT,)) + _FLOAT64.pack(value))
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _INT64_MAX:
            pieces.append(bytes((_INTEGER,)) + _INT64.pack(value))
        else:
            raise FrameError(f"{call.function}: {value!r} is no input; give an array, a float or a 64-bit int")
    return b"".join(pieces)


def encode_job(
    *,
    kind: Kind,
    cells: Sequence[str],
    outputs: Mapping[str, int],
    calls: Sequence[bytes],
    returned_bytes_per_call: int,
    returned_bytes: int,
) -> bytes:
    """Encode a job.

    Parameters
    ----------
    kind : {"module", "notebook"}
        How the cells relate.
    cells : Sequence[str]
        The student's code.
    outputs : Mapping[str, int]
        How many outputs each function has.
    calls : Sequence[bytes]
        From `encode_call`, in the order in which they are to be made.
    returned_bytes_per_call, returned_bytes : int
        Caps on the bytes of the arrays sent back, for one call and for all.

    Returns
    -------
    bytes
        The job; it ends where its pipe ends.
    """
    pieces = [
        _JOB_HEAD.pack(
            _KINDS.index(kind), returned_bytes_per_call, returned_bytes, len(cells), len(outputs), len(calls)
        )
    ]
    for cell in cells:
        _put_text(pieces, cell)
    for name, count in outputs.items():
        _put_text(pieces, name)
        pieces.append(bytes((count,)))
    pieces += calls
    return b"".join(pieces)


def decode_job(data: bytes) -> Job:
    """Decode a job.

    Parameters
    ----------
    data : bytes
        All that came through the pipe.

    Returns
    -------
    Job
        Its arrays are read-only.

    Raises
    ------
    FrameError
        If the bytes do not follow the format to the last one.
    """
    reader = _Reader(data)
    kind, per_call, total, cells, outputs, calls = reader.take(_JOB_HEAD)
    if kind >= len(_KINDS):
        raise FrameError("not a job")
    return Job(
        kind=_KINDS[kind],
        returned_bytes_per_call=per_call,
        returned_bytes=total,
        cells=tuple(reader.text() for _ in range(cells)),
        outputs={reader.text(): reader.byte() for _ in range(outputs)},
        calls=tuple(_take_call(reader) for _ in range(calls)),
    )


def _take_call(reader: _Reader) -> Call:
    """One call of a job."""
    function = reader.text()
    layout, count = reader.byte(), reader.byte()
    if layout >= len(_LAYOUTS):
        raise FrameError("a call in no known layout")
    inputs: list[Input] = []
    for _ in range(count):
        tag = reader.byte()
        if tag == _ARRAY:
            inputs.append(reader.array())
        else:
            inputs.append(reader.take(_FLOAT64 if tag == _FLOAT else _INT64)[0])
    return Call(function=function, layout=_LAYOUTS[layout], inputs=tuple(inputs))


# -- pieces -----------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads a payload from the front, never past its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, form: struct.Struct) -> tuple[Any, ...]:
        """Fixed-size fields."""
        try:
            fields = form.unpack_from(self._data, self._at)
        except struct.error:
            raise FrameError("ends too early") from None
        self._at += form.size
        return fields

    def byte(self) -> int:
        """A number below 256."""
        if self._at >= len(self._data):
            raise FrameError("ends too early")
        self._at += 1
        return self._data[self._at - 1]

    def bytes(self, count: int) -> bytes:
        """That many bytes."""
        return self._data[self._skip(count) : self._at]

    def text(self) -> str:
        """A text with its length before it."""
        try:
            return self.bytes(self.take(_LENGTH)[0]).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise FrameError("a text that is not UTF-8") from None

    def array(self) -> Array:
        """An array; its elements must all be there before anything is made."""
        code, rank = self.take(_ARRAY_HEAD)
        if code >= len(_DTYPES) or rank > MAX_RANK:
            raise FrameError("an array of no known dtype or rank")
        shape = self.take(_DIMENSIONS[rank])
        dtype = _DTYPES[code]
        count = _count(shape)
        start = self._skip(count * dtype.itemsize)
        if not count:
            array = np.empty(shape, _NATIVE[code])
        else:
            array = np.frombuffer(self._data, dtype, count, start).reshape(shape)
            if array.dtype != _NATIVE[code] or start % dtype.itemsize:
                array = array.astype(_NATIVE[code])
        array.setflags(write=False)
        return array

    def end(self) -> None:
        """Nothing may be left."""
        if self._at != len(self._data):
            raise FrameError("goes on after its end")

    def _skip(self, count: int) -> int:
        """Go on by that many bytes; where they start."""
        start = self._at
        if count > len(self._data) - start:
            raise FrameError("ends too early")
        self._at += count
        return start


def _frame(pieces: list[bytes]) -> bytes:
    """Pieces with their length before them."""
    return b"".join((_LENGTH.pack(sum(map(len, pieces))), *pieces))


def _put_text(pieces: list[bytes], text: str) -> None:
    """A text with its length before it; a student's may hold lone surrogates."""
    data = text.encode("utf-8", "surrogatepass")
    pieces += (_LENGTH.pack(len(data)), data)


def _put_array(pieces: list[bytes], array: Array) -> None:
    """An array, of one of the dtypes carried."""
    code = _DTYPE_CODES.get((array.dtype.kind, array.dtype.itemsize))
    if code is None:
        raise FrameError(f"dtype {array.dtype} is not carried")
    _count(array.shape)
    pieces.append(_ARRAY_HEAD.pack(code, array.ndim))
    pieces.append(_DIMENSIONS[array.ndim].pack(*array.shape))
    pieces.append(array.astype(_DTYPES[code], copy=False).tobytes())


def _count(shape: tuple[int, ...]) -> int:
    """Elements of a shape; empty arrays are carried too, but not with dimensions numpy itself would choke on."""
    if len(shape) > MAX_RANK or math.prod([size or 1 for size in shape]) > MAX_ELEMENTS:
        raise FrameError(f"shape {shape} is not carried")
    return math.prod(shape)


def _choose(words: Sequence[_W], code: int) -> _W | None:
    """The word a code stands for; None for 0."""
    if code > len(words):
        raise FrameError("a code that stands for nothing")
    return words[code - 1] if code else None
