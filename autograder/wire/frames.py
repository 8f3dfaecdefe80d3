"""Frames from a child: its report on loading and its answers."""

import math
import struct
from collections.abc import Sequence

from autograder.wire.reader import DIMENSIONS, LENGTH, Reader, choose, elements, put_array, view
from autograder.wire.records import (
    DTYPES,
    EXCEPTIONS,
    MAX_ELEMENTS,
    MAX_NOTES,
    MAX_OUTPUTS,
    MODULE,
    NOTED,
    Answer,
    Array,
    FrameError,
    Loaded,
    Note,
    Started,
)
from autograder.words import CALL_OVERRUNS, CALL_STATUSES, REFUSALS, Refusal

_LOADED, _ANSWER, _STARTED = 0, 1, 3
_NOTE_CODES = {name: code for code, name in enumerate(NOTED)}
_ANSWER_HEAD = struct.Struct("<BIBBBBBf")
_head, _pack = _ANSWER_HEAD.unpack_from, _ANSWER_HEAD.pack
_LOADED_HEAD = struct.Struct("<BHf")
_NOTE_HEAD = struct.Struct("<HIIBB")
_STARTED_FORM = struct.Struct("<BHII")
_U32 = 0xFFFFFFFF


def encode_answer(found: Answer) -> bytes:
    """Encode one answer, length included; too many outputs or a shape the format does not carry is a `FrameError`."""
    call, said, name, mutated, values, over, seconds = found
    status = exception = overrun = 0
    if said is not None:
        status = 1 + CALL_STATUSES.index(said)
        exception = 1 + _NOTE_CODES[name] if name else 0
        overrun = 1 + CALL_OVERRUNS.index(over) if over else 0
    count = len(values)
    if count > MAX_OUTPUTS:
        raise FrameError(f"{count} outputs, more than {MAX_OUTPUTS}")
    pieces = [_pack(_ANSWER, call, status, exception, overrun, mutated, count, seconds)]
    for value in values:
        if isinstance(value, str):
            pieces.append(bytes((1 + REFUSALS.index(value),)))
        else:
            put_array(pieces, value)
    return _frame(pieces)


def decode_answer(payload: bytes) -> Answer:
    """Decode one answer; nothing about the payload is trusted, to its last byte.

    The arrays are read-only views of the payload, their elements at any byte of it.
    """
    try:
        kind, call, status, exception, overrun, mutated, count, seconds = _head(payload)
    except struct.error:
        raise FrameError("ends too early") from None
    if kind != _ANSWER or mutated > 1 or count > MAX_OUTPUTS:
        raise FrameError("not an answer")
    values, end = _values(payload, count)
    if end != len(payload):
        raise FrameError("goes on after its end")
    if not 0.0 <= seconds < math.inf:
        raise FrameError("a time that is none")
    if not (status or exception or overrun):
        return Answer(call, None, "", bool(mutated), values, None, seconds)
    said = choose(CALL_STATUSES, status)
    name = choose(EXCEPTIONS, exception)
    over = choose(CALL_OVERRUNS, overrun)
    if (said is not None and values) or (said == "raised") != (name is not None):
        raise FrameError("an answer that contradicts itself")
    if (said == "timed_out") != (over is not None):
        raise FrameError("an answer that contradicts itself about time")
    return Answer(call, said, name or "", bool(mutated), values, over, seconds)


def _values(payload: bytes, count: int) -> tuple[tuple[Array | Refusal, ...], int]:
    """What an answer brings, and where it ends; the elements must be there before an array is made."""
    values: list[Array | Refusal] = []
    at = _ANSWER_HEAD.size
    try:
        for _ in range(count):
            if payload[at]:
                values.append(REFUSALS[payload[at] - 1])
                at += 1
                continue
            code, rank = payload[at + 1], payload[at + 2]
            shape = DIMENSIONS[rank].unpack_from(payload, at + 3)
            start = at + 3 + 4 * rank
            size = math.prod(shape)
            if not 0 < size <= MAX_ELEMENTS:
                size = elements(shape)
            at = start + size * DTYPES[code].itemsize
            if at > len(payload):
                raise FrameError("ends too early")
            values.append(view(shape, code, payload, start))
    except (IndexError, struct.error):
        raise FrameError("a code that stands for nothing, or an early end") from None
    return tuple(values), at


def _duration(seconds: float) -> float:
    """A time that a child says it took."""
    if not 0.0 <= seconds < math.inf:
        raise FrameError("a time that is none")
    return seconds


def encode_started(place: Started) -> bytes:
    """Encode the word that a statement starts, length included."""
    return _frame([_STARTED_FORM.pack(_STARTED, place.cell, min(place.statement, _U32), min(place.line, _U32))])


def decode_started(payload: bytes) -> Started | None:
    """Decode the word that a statement starts, trusting nothing; None when the payload is something else."""
    if len(payload) != _STARTED_FORM.size or payload[0] != _STARTED:
        return None
    _, cell, statement, line = _STARTED_FORM.unpack(payload)
    return Started(cell=cell, statement=statement, line=line)


def encode_loaded(notes: Sequence[Note], seconds: float = 0.0) -> bytes:
    """Encode the report on loading, length included; notes beyond `MAX_NOTES` are left out."""
    notes = notes[:MAX_NOTES]
    pieces = [_LOADED_HEAD.pack(_LOADED, len(notes), seconds)]
    for note in notes:
        module = note.module.encode("ascii")
        line, statement = (min(max(number, 0), _U32) for number in (note.line, note.statement))
        pieces += (_NOTE_HEAD.pack(note.cell, line, statement, _NOTE_CODES[note.error], len(module)), module)
    return _frame(pieces)


def decode_loaded(payload: bytes) -> Loaded:
    """Decode the report on loading; nothing about the payload is trusted, to its last byte."""
    reader = Reader(payload)
    kind, count, seconds = reader.take(_LOADED_HEAD)
    if kind != _LOADED or count > MAX_NOTES:
        raise FrameError("not a report on loading")
    notes = []
    for _ in range(count):
        cell, line, statement, error, length = reader.take(_NOTE_HEAD)
        module = reader.bytes(length).decode("ascii", "replace")
        if error >= len(NOTED) or (module and not MODULE.fullmatch(module)):
            raise FrameError("a note that names nothing known")
        notes.append(Note(cell=cell, line=line, error=NOTED[error], module=module, statement=statement))
    reader.end()
    return Loaded(notes=tuple(notes), seconds=_duration(seconds))


class Frames:
    """Cuts a stream into payloads no longer than `frame_bytes`, of at most `total_bytes` altogether."""

    def __init__(self, *, frame_bytes: int, total_bytes: int) -> None:
        self._frame_bytes = frame_bytes
        self._left = total_bytes
        self._buffer = bytearray()

    @property
    def unfinished(self) -> int:
        """Bytes of a frame that has begun and not ended."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """Add what was read; the payloads that are complete now. More than is allowed is a `FrameError`."""
        self._left -= len(data)
        if self._left < 0:
            raise FrameError("more bytes than allowed")
        buffer: bytes | bytearray = data
        if self._buffer:
            self._buffer += data
            buffer = self._buffer
        payloads = []
        start, size = 0, len(buffer)
        while size - start >= LENGTH.size:
            (length,) = LENGTH.unpack_from(buffer, start)
            if length > self._frame_bytes:
                raise FrameError(f"a frame of {length} bytes, longer than {self._frame_bytes}")
            end = start + LENGTH.size + length
            if end > size:
                break
            payloads.append(bytes(buffer[start + LENGTH.size : end]))
            start = end
        if buffer is data:
            self._buffer += data[start:]
        else:
            del self._buffer[:start]
        return payloads


def _frame(pieces: list[bytes]) -> bytes:
    """Pieces with their length before them."""
    body = b"".join(pieces)
    return LENGTH.pack(len(body)) + body
