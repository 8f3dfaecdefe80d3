"""Do a job: load the student's code, make the calls, write one frame per answer."""

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder import wire
from autograder.sandbox._worker.clock import Clock, Spell
from autograder.sandbox._worker.student import exception_name, load
from autograder.words import LAYOUTS, CallOverrun, CallStatus, Layout, Refusal

_REHEARSALS = 16
_Array = np.ndarray
"""Exactly that: a student's code may have put something else in its place."""

_LEFT_BYTES = 4096
"""Arrays that a call changed are told up to this size; those of public cases, which alone are shown, are small."""


def run(receive: Callable[[], bytes], write: Callable[[bytes], None], clock: Clock) -> None:
    """Do a job: write the report on loading, then the answers in the order of the calls, frame by frame.

    Then come the calls that follow, if any do, and their answers.
    """
    task = wire.decode_job(receive())
    namespace, loaded = load(task, clock, lambda place: write(wire.encode_started(place)))
    write(wire.encode_loaded(loaded.notes, loaded.seconds))
    functions, wanted = task.functions, task.calls
    while True:
        calls = _Calls(task, functions, namespace, clock)
        for index, call in enumerate(wanted):
            write(_encode(calls.make(index, call)))
        message = receive()
        if not message:
            return
        sequel = wire.decode_sequel(message)
        write(sequel.number)
        functions, wanted = sequel.functions, sequel.calls


_REHEARSED = """
import math
import numpy as np

def f(x, b=2.0):
    y = np.exp(b * x - np.max(x))
    return np.outer(y, y), np.array([math.exp(v) for v in y.tolist()]) / y.sum()

def g(x):
    return [float(v) for v in x]
"""


def prepare() -> Clock:
    """Do once what every child would do: silence numpy and Python, take hold of the clock, do a job of ours.

    After that job the interpreter has specialized the code that every child runs, which would do it anew.
    """
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    clock = Clock()
    modules = dict(sys.modules)
    run(_rehearsal().__next__, lambda _: None, clock)
    clock.rest()
    for name in sys.modules.keys() - modules.keys():
        del sys.modules[name]
    return clock


def _rehearsal() -> Iterator[bytes]:
    calls = [
        wire.encode_call(wire.Call(name, layout, (np.arange(1.0, 4.0), 0.5)[: 2 if name == "f" else 1]))
        for name in ("f", "g", "h")
        for layout in LAYOUTS
    ] * _REHEARSALS
    functions = {name: wire.Allowance(outputs=1 + (name == "f"), seconds=9.0, failures=1) for name in ("f", "g", "h")}
    yield wire.encode_job(
        kind="module",
        cells=[_REHEARSED, f"{_REHEARSED}\none = 1\n"] * _REHEARSALS,
        functions=functions,
        calls=calls,
        times=wire.Times(call=9.0, statement=9.0, loading=9.0),
        left_out=(),
        returned_bytes_per_call=1 << 20,
        returned_bytes=1 << 20,
    )
    yield wire.encode_sequel(bytes(wire.NUMBER_BYTES), functions, calls)
    yield b""


class _Purse:
    """The time of one function, in seconds."""

    def __init__(self, may: wire.Allowance) -> None:
        self.outputs, self.keys = may.outputs, may.keys
        #: What is left of it.
        self.seconds = may.seconds
        #: How many more calls may take too long.
        self.failures = may.failures
        #: Why there are no more calls.
        self.closed: CallOverrun | None = None

    def pay(self, spell: Spell[Any], call_seconds: float) -> CallOverrun | None:
        """Take a call's time; which limit it went beyond."""
        if not spell.over and spell.seconds < self.seconds and self.failures >= 0:
            self.seconds -= spell.seconds
            return None
        over: CallOverrun | None = None
        if spell.over:
            over = "call" if spell.seconds >= call_seconds or self.seconds > call_seconds else "function"
            self.failures -= over == "call"
        self.seconds -= spell.seconds
        if over == "function" or self.seconds <= 0:
            self.closed = "function"
        elif self.failures < 0:
            self.closed = "call"
        return over


_Lent = tuple[wire.Array, tuple[int, ...], tuple[int, ...], bytes]
"""An array lent to a function, and its shape, strides and elements as they were."""


def arrange(call: wire.Call) -> tuple[list[Any], list[_Lent]]:
    """Make fresh arguments for one call, in the layout asked for, and the arrays among them as they were."""
    arguments: list[Any] = []
    lent: list[_Lent] = []
    _, layout, inputs = call
    for value in inputs:
        if type(value) is _Array:
            array = value.copy() if layout == "plain" else _copy(value, layout)
            arguments.append(array)
            lent.append((array, array.shape, array.strides, value.tobytes()))
        else:
            arguments.append(value)
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


def _changed(lent: list[_Lent]) -> bool:
    """Whether a function left any of them otherwise than it was."""
    for array, shape, strides, pristine in lent:
        if array.shape != shape or array.strides != strides or array.tobytes() != pristine:
            return True
    return False


class _Calls:
    """Makes one call after another, as long as there is time and room for what comes back."""

    def __init__(
        self, task: wire.Job, functions: Mapping[str, wire.Allowance], namespace: dict[str, Any], clock: Clock
    ) -> None:
        self._task = task
        self._namespace = namespace
        self._clock = clock
        self._purses = {name: _Purse(may) for name, may in functions.items()}
        self._bytes_left = task.returned_bytes

    def make(self, index: int, call: wire.Call) -> wire.Answer:
        """Make one call."""
        purse = self._purses[call.function]
        if purse.closed is not None:
            return wire.Answer(call=index, status="timed_out", overrun=purse.closed)
        function = self._namespace.get(call.function)
        if not callable(function):
            return wire.Answer(call=index, status="missing")
        arguments, lent = arrange(call)
        outputs, keys, call_seconds = purse.outputs, purse.keys, self._task.times.call
        spell = self._clock.take(
            min(call_seconds, purse.seconds), lambda: wire.answer(function(*arguments), outputs, keys)
        )
        seconds = spell.seconds
        over = purse.pay(spell, call_seconds)
        if over is not None:
            return wire.Answer(call=index, status="timed_out", overrun=over, seconds=seconds)
        if spell.error is not None:
            name = exception_name(spell.error)
            if name == "MemoryError":
                return wire.Answer(call=index, status="out_of_memory", seconds=seconds)
            return wire.Answer(call=index, status="raised", exception=name, seconds=seconds)
        values = spell.value or ()
        size = 0
        for value in values:
            if type(value) is _Array:
                size += value.nbytes
        if size > min(self._bytes_left, self._task.returned_bytes_per_call):
            return wire.Answer(call=index, status="output_limit", seconds=seconds)
        self._bytes_left -= size
        if not _changed(lent):
            return wire.Answer(index, None, "", False, values, None, seconds)
        left = self._left([array for array, *_ in lent], size)
        return wire.Answer(index, None, "", True, (*values, *left), None, seconds)

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
