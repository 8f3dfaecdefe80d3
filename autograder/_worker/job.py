"""Do a job: load the student's code, make the calls, write one frame per answer."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import wire
from autograder._worker.student import by_name_only, exception_name, load


def run(data: bytes, write: Callable[[bytes], None]) -> None:
    """Do a job.

    Parameters
    ----------
    data : bytes
        The job, as `autograder.wire.encode_job` made it.
    write : Callable[[bytes], None]
        Takes one frame at a time: the report on loading, then the answers in the order of the calls.

    Raises
    ------
    FrameError
        If the job does not follow the format; that is the grader's fault.
    """
    task = wire.decode_job(data)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    random.seed(0)  # Python's own generator is seeded anew in every child
    namespace, notes = load(task.kind, task.cells)
    write(wire.encode_loaded((*notes, *by_name_only(namespace, task.calls))))
    left = task.returned_bytes
    for index, call in enumerate(task.calls):
        frame, used = _perform(index, call, namespace, task, min(left, task.returned_bytes_per_call))
        left -= used
        write(frame)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Argument:
    """An array lent to a function, and what it was."""

    lent: wire.Array
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    pristine: bytes

    def changed(self) -> bool:
        """Whether the function left it otherwise than it was."""
        lent = self.lent
        return lent.shape != self.shape or lent.strides != self.strides or lent.tobytes() != self.pristine


def arrange(call: wire.Call) -> tuple[list[Any], list[_Argument]]:
    """Make fresh arguments for one call.

    Parameters
    ----------
    call : wire.Call
        The request; its own arrays are never handed out.

    Returns
    -------
    arguments : list
        To be passed by position: arrays in the layout asked for, Python floats and ints.
    lent : list
        The arrays among them, with what they were.
    """
    arguments: list[Any] = []
    lent: list[_Argument] = []
    for value in call.inputs:
        if not isinstance(value, np.ndarray):
            arguments.append(value)
            continue
        array = _copy(value, call.layout)
        arguments.append(array)
        lent.append(_Argument(lent=array, shape=array.shape, strides=array.strides, pristine=value.tobytes()))
    return arguments, lent


def _copy(value: wire.Array, layout: wire.Layout) -> wire.Array:
    """A copy that lies in memory as asked."""
    if layout == "strided" and value.ndim:
        wide = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), value.dtype)
        array = wide[..., ::2]
        array[...] = value
        return array
    array = value.copy()
    array.setflags(write=layout != "read_only")
    return array


def _perform(
    index: int, call: wire.Call, namespace: dict[str, Any], task: wire.Job, allowance: int
) -> tuple[bytes, int]:
    """Make one call; its frame, and how many bytes of arrays that is."""
    function = namespace.get(call.function)
    if not callable(function):
        return wire.encode_answer(wire.Answer(call=index, status="missing")), 0
    names = tuple(map(str, range(task.outputs[call.function])))
    arguments, lent = arrange(call)
    try:
        values = tuple(wire.answer(function(*arguments), names).values())
        used = sum(value.nbytes for value in values if isinstance(value, np.ndarray))
        if used > allowance:
            return wire.encode_answer(wire.Answer(call=index, status="output_limit")), 0
        mutated = any(argument.changed() for argument in lent)
        return wire.encode_answer(wire.Answer(call=index, mutated=mutated, values=values)), used
    except wire.FrameError:
        return wire.encode_answer(wire.Answer(call=index, status="output_limit")), 0
    except BaseException as error:
        name = exception_name(error)
    if name == "MemoryError":
        return wire.encode_answer(wire.Answer(call=index, status="out_of_memory")), 0
    return wire.encode_answer(wire.Answer(call=index, status="raised", exception=name)), 0
