"""The pieces that frames and jobs are made of: numbers, arrays."""

import functools
import math
import struct
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from autograder.wire.records import DTYPE_CODES, DTYPES, MAX_ELEMENTS, MAX_RANK, Array, FrameError

LENGTH = struct.Struct("<I")
FLOAT64 = DTYPES[0]
_W = TypeVar("_W", bound=str)
_NATIVE = tuple(dtype if dtype.isnative else dtype.newbyteorder("=") for dtype in DTYPES)
_HEADS = tuple(struct.Struct(f"<BBB{rank}I") for rank in range(MAX_RANK + 1))
DIMENSIONS = tuple(struct.Struct(f"<{rank}I") for rank in range(MAX_RANK + 1))


class Reader:
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

    def bytes(self, count: int) -> bytes:
        """That many bytes."""
        return self._data[self._skip(count) : self._at]

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


def view(shape: tuple[int, ...], code: int, data: bytes, start: int) -> Array:
    """View elements where they lie, which may be at any byte, as a read-only array."""
    array: Array = np.ndarray(shape, DTYPES[code], data, start)
    if DTYPES[code] is not _NATIVE[code]:
        array = array.astype(_NATIVE[code])
        array.setflags(write=False)
    return array


def put_array(pieces: list[bytes], array: Array) -> None:
    """An array, of one of the dtypes carried; a zero before it says that it is no refusal."""
    dtype = array.dtype
    code = 0
    if dtype is not FLOAT64:
        found = DTYPE_CODES.get((dtype.kind, dtype.itemsize))
        if found is None:
            raise FrameError(f"dtype {dtype} is not carried")
        code = found
        array = array.astype(DTYPES[code], copy=False)
    pieces += (_array_head(code, array.shape), array.tobytes())


@functools.lru_cache(256)
def _array_head(code: int, shape: tuple[int, ...]) -> bytes:
    elements(shape)
    return _HEADS[len(shape)].pack(0, code, len(shape), *shape)


def elements(shape: tuple[int, ...]) -> int:
    """Count the elements of a shape; an empty one is carried, but not with dimensions numpy itself would choke on."""
    if len(shape) > MAX_RANK or math.prod([size or 1 for size in shape]) > MAX_ELEMENTS:
        raise FrameError(f"shape {shape} is not carried")
    return math.prod(shape)


def choose(words: Sequence[_W], code: int) -> _W | None:
    """The word a code stands for; None for 0."""
    if code > len(words):
        raise FrameError("a code that stands for nothing")
    return words[code - 1] if code else None
