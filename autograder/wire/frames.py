"""Frames from a child: its report on loading and its answers."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from autograder.wire._pieces import LENGTH, Reader, choose, put_array
from autograder.wire.records import (
    EXCEPTIONS,
    MAX_NOTES,
    MAX_OUTPUTS,
    MODULE,
    REFUSALS,
    STATUSES,
    Answer,
    FrameError,
    Note,
)

_LOADED, _ANSWER = 0, 1
_EXCEPTION_CODES = {name: code for code, name in enumerate(EXCEPTIONS)}
_ANSWER_HEAD = struct.Struct("<BIBBBB")
_LOADED_HEAD = struct.Struct("<BH")
_NOTE_HEAD = struct.Struct("<HIBB")


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
            put_array(pieces, value)
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
    reader = Reader(payload)
    kind, call, status, exception, mutated, count = reader.take(_ANSWER_HEAD)
    if kind != _ANSWER or mutated > 1 or count > MAX_OUTPUTS:
        raise FrameError("not an answer")
    values = tuple([choose(REFUSALS, reader.byte()) or reader.array() for _ in range(count)])
    reader.end()
    said = choose(STATUSES, status)
    name = choose(EXCEPTIONS, exception)
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
    reader = Reader(payload)
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
        while len(buffer) - start >= LENGTH.size:
            (length,) = LENGTH.unpack_from(buffer, start)
            if length > self._frame_bytes:
                raise FrameError(f"a frame of {length} bytes, longer than {self._frame_bytes}")
            if len(buffer) - start - LENGTH.size < length:
                break
            start += LENGTH.size
            payloads.append(bytes(buffer[start : start + length]))
            start += length
        del buffer[:start]
        return payloads


def _frame(pieces: list[bytes]) -> bytes:
    """Pieces with their length before them."""
    return b"".join((LENGTH.pack(sum(map(len, pieces))), *pieces))
