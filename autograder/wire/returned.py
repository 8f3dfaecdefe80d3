"""What an object that a function returned becomes."""

from typing import Any

import numpy as np

from autograder.wire.records import DTYPE_CODES, INT64_MAX, MAX_RANK, Array
from autograder.words import Refusal

_FLOAT64 = np.dtype(np.float64)
_PLAIN = frozenset((float, int))


def answer(returned: object, outputs: int, keys: tuple[str, ...] = ()) -> tuple[Array | Refusal, ...]:
    """Turn what a function returned into one array per output, or say why it is none.

    Accepted are exact `numpy.ndarray`, numpy and Python numbers, and nested lists or tuples of them. The dtype stays as
    returned, except that extended precision and Python ints beyond int64 become float64. More than one output come as a
    tuple or list of exactly that length, or where there are keys as a dict with these; others in it do not count.
    """
    if keys:
        return _by_key(returned, keys)
    if outputs == 1:
        return (_as_array(returned),)
    if isinstance(returned, list | tuple) and len(returned) == outputs:
        return tuple(map(_as_array, returned))
    return ("none" if returned is None else "arity",) * outputs


def _by_key(returned: object, keys: tuple[str, ...]) -> tuple[Array | Refusal, ...]:
    if isinstance(returned, dict):
        return tuple(_as_array(returned[key]) if key in returned else "keys" for key in keys)
    return ("none" if returned is None else "keys",) * len(keys)


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
    if dtype is _FLOAT64 and array.ndim <= MAX_RANK:
        return array
    if array.ndim > MAX_RANK:
        return "rank"
    if dtype.kind == "f" and dtype.itemsize == 2:
        return "half"
    if dtype.kind == "f" and dtype.itemsize > 8:
        with np.errstate(all="ignore"):
            return array.astype(np.float64)
    if (dtype.kind, dtype.itemsize) in DTYPE_CODES:
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
    if _PLAIN.issuperset(map(type, value)):
        return (len(value),)
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
        if array.dtype == object or (array.dtype == np.uint64 and array.size and array.max() > INT64_MAX):
            array = np.array(value, dtype=np.float64)
    except OverflowError:
        return "object"
    return _plain(array)
