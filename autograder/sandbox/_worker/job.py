"""Do a job: load the student's code, make the calls, write one frame per answer."""

from __future__ import annotations

import functools
import random
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import wire
from autograder.sandbox._worker.clock import Clock, Spell
from autograder.sandbox._worker.student import exception_name, load
from autograder.words import CallOverrun, CallStatus, Layout, Refusal

_LEFT_BYTES = 4096
"""Arrays that a call changed are told up to this size; those of public cases, which alone are shown, are small."""


def run(data: bytes, write: Callable[[bytes], None]) -> None:
    """Do a job: write the report on loading, then the answers in the order of the calls, frame by frame."""
    task = wire.decode_job(data)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    random.seed(0)  # Python's own generator is seeded anew in every child
    clock = Clock()
    namespace, loaded = load(task, clock, lambda place: write(wire.encode_started(place)))
    write(wire.encode_loaded(loaded.notes, loaded.seconds))
    calls = _Calls(task, namespace, clock)
    for index, call in enumerate(task.calls):
        write(_encode(calls.make(index, call)))


@dataclass(kw_only=True)
class _Purse:
    """The time of one function, in seconds."""

    #: What is left of it.
    seconds: float
    #: How many more calls may take too long.
    failures: int
    #: Why there are no more calls.
    closed: CallOverrun | None = None

    def pay(self, spell: Spell[Any], call_seconds: float) -> CallOverrun | None:
        """Take a call's time; which limit it went beyond."""
        over: CallOverrun | None = None
        if spell.over:
            over = "call" if spell.seconds >= call_seconds or self.seconds > call_seconds else "function"
        self.seconds -= spell.seconds
        self.failures -= over == "call"
        if over == "function" or self.seconds <= 0:
            self.closed = "function"
        elif self.failures < 0:
            self.closed = "call"
        return over


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
    """Make fresh arguments for one call, in the layout asked for, and the arrays among them as they were."""
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


def _copy(value: wire.Array, layout: Layout) -> wire.Array:
    """A copy that lies in memory as asked."""
    if layout == "strided" and value.ndim:
        wide = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), value.dtype)
        array = wide[..., ::2]
        array[...] = value
        return array
    array = value.copy()
    array.setflags(write=layout != "read_only")
    return array


class _Calls:
    """Makes one call after another, as long as there is time and room for what comes back."""

    def __init__(self, task: wire.Job, namespace: dict[str, Any], clock: Clock) -> None:
        self._task = task
        self._namespace = namespace
        self._clock = clock
        self._purses = {
            name: _Purse(seconds=may.seconds, failures=may.failures) for name, may in task.functions.items()
        }
        self._bytes_left = task.returned_bytes

    def make(self, index: int, call: wire.Call) -> wire.Answer:
        """Make one call."""
        purse, times = self._purses[call.function], self._task.times
        if purse.closed is not None:
            return wire.Answer(call=index, status="timed_out", overrun=purse.closed)
        function = self._namespace.get(call.function)
        if not callable(function):
            return wire.Answer(call=index, status="missing")
        outputs = self._task.functions[call.function].outputs
        arguments, lent = arrange(call)
        spell = self._clock.take(min(times.call, purse.seconds), lambda: wire.answer(function(*arguments), outputs))
        over = purse.pay(spell, times.call)
        said = functools.partial(wire.Answer, call=index, seconds=spell.seconds)
        if over is not None:
            return said(status="timed_out", overrun=over)
        if spell.error is not None:
            name = exception_name(spell.error)
            return said(status="out_of_memory") if name == "MemoryError" else said(status="raised", exception=name)
        values = spell.value or ()
        size = sum(value.nbytes for value in values if isinstance(value, np.ndarray))
        if size > min(self._bytes_left, self._task.returned_bytes_per_call):
            return said(status="output_limit")
        self._bytes_left -= size
        if not any(argument.changed() for argument in lent):
            return said(values=values)
        return said(mutated=True, values=(*values, *self._left([argument.lent for argument in lent], size)))

    def _left(self, lent: list[wire.Array], size: int) -> tuple[wire.Array | Refusal, ...]:
        """What the arrays are after a call that changed one; nothing where there is no room for them."""
        left = tuple(wire.answer(array, 1)[0] for array in lent)
        more = sum(array.nbytes for array in left if isinstance(array, np.ndarray))
        if more > min(_LEFT_BYTES, self._bytes_left, self._task.returned_bytes_per_call - size):
            return ()
        self._bytes_left -= more
        return left


def _encode(answer: wire.Answer) -> bytes:
    """Encode an answer, or say why it cannot be sent."""
    try:
        return wire.encode_answer(answer)
    except wire.FrameError:
        status: CallStatus = "output_limit"
    except MemoryError:
        status = "out_of_memory"
    return wire.encode_answer(wire.Answer(call=answer.call, status=status, seconds=answer.seconds))
