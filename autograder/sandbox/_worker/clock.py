"""The CPU time of a student's code: measured, and interrupted when there is no more of it.

What decides is the process's own clock, so nothing else on the machine counts. Sleeping counts too, as long as it
lasts. Where the system has no timers (Windows, a browser), time is measured and nothing is interrupted. A student's
code can break all this, for itself alone: the grader looks at the clock from outside, and ends whoever goes far beyond
a limit.
"""

import math
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, SupportsIndex, TypeVar

AGAIN_SECONDS = 0.1
"""How much later it is tried again where an interruption was swallowed."""

_V = TypeVar("_V")
_now, _sleep = time.process_time, time.sleep
_SIGNAL: Any = getattr(signal, "SIGPROF", None) if hasattr(signal, "setitimer") else None
_TIMER: Any = getattr(signal, "ITIMER_PROF", None)
_set_timer: Callable[[Any, float, float], object] = getattr(signal, "setitimer", lambda *_: None)


class Overrun(BaseException):
    """There is no more time."""


@dataclass(slots=True, eq=False)
class Spell(Generic[_V]):
    """What happened in a stretch of time; not frozen, since one is made for each call, and that takes time."""

    value: _V | None
    error: BaseException | None
    seconds: float
    #: Whether that is too long.
    over: bool


class Clock:
    """Takes the time of one thing after another; `time.sleep` is its own until it is stopped."""

    def __init__(self) -> None:
        self._armed = False
        self._begun = self._slept = self._limit = 0.0
        #: When the timer comes for the first time; from then on it comes again and again.
        self._due = math.inf
        self._handler: Any = None
        self._can_interrupt = _SIGNAL is not None
        if self._can_interrupt:
            try:
                self._handler = signal.signal(_SIGNAL, self._interrupt)
            except ValueError:  # not the main thread
                self._can_interrupt = False
        time.sleep = self._nap

    def stop(self) -> None:
        """Give back what was there before."""
        time.sleep = _sleep
        self.rest()
        if self._can_interrupt:
            signal.signal(_SIGNAL, self._handler)

    def rest(self) -> None:
        """Let no timer run until there is something to be timed again, by this process or by one forked from it."""
        self._due = math.inf
        if self._can_interrupt:
            _set_timer(_TIMER, 0.0, 0.0)

    def take(self, seconds: float, action: Callable[[], _V]) -> Spell[_V]:
        """Do something for at most that long, in CPU time and sleep; whatever it did comes back, raising included."""
        value: _V | None = None
        error: BaseException | None = None
        self._slept, self._limit, self._begun = 0.0, seconds, _now()
        try:
            try:
                self._armed = True
                if self._begun + seconds < self._due:
                    self._set(self._begun, seconds)
                value = action()
            finally:
                self._armed = False
        except BaseException as raised:
            # It may have come on the way out, before it was disarmed.
            self._armed = False
            error = raised
        taken = _now() - self._begun + self._slept
        return Spell(value, error, taken, type(error) is Overrun or taken >= seconds)

    def _set(self, now: float, seconds: float) -> None:
        """Set the timer, which is left alone where it comes earlier than it must: it looks at what runs then."""
        self._due = now + seconds
        if self._can_interrupt:
            _set_timer(_TIMER, seconds, AGAIN_SECONDS)

    def _interrupt(self, *_: object) -> None:
        """End what runs, when its time is really over: the timer runs ahead, or was set for what ran before."""
        now = _now()
        left = self._limit - (now - self._begun) - self._slept
        if self._armed and left > 0:
            self._set(now, left)
        elif self._armed:
            raise Overrun

    def _nap(self, seconds: float | SupportsIndex, /) -> None:
        """Stand in for `time.sleep`."""
        if not isinstance(seconds, int | float) or not seconds >= 0:
            return _sleep(seconds)
        left = max(0.0, self._limit - (_now() - self._begun) - self._slept)
        self._slept += min(seconds, left)
        _sleep(min(seconds, left))
        if seconds >= left and self._armed:
            raise Overrun
        return None
