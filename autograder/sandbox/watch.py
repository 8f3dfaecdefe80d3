"""The clock of a child, seen from the grader: it keeps to the limits by itself, and whoever does not is ended."""

import time

from autograder.model import MARGIN, Limits

_SHORTEST_LOOK = 0.01
_CPU_OF_LOCKING = 0.1
"""More than a child uses before it gets its job, in seconds."""
_BACKSTOP = 2.0
"""A child keeps to the limits by itself; at this many times what is stated, it is ended from outside."""
_WORTH_A_LOOK = 0.25
"""A call that took longer than that, in seconds, is measured from outside too."""
_LOOKS = 5
"""Idle is who used no CPU time between at least that many looks: one alone may be a machine that was suspended."""
_IDLE_SHARE = 0.005
"""Who gets less of a CPU than this sleeps; who computes gets more on any machine that is of use."""


class Watch:
    """What is known of a child's CPU time: never more than it used."""

    def __init__(self, limits: Limits, process_seconds: float, deadline: float) -> None:
        self._limits = limits
        self._process_seconds = process_seconds
        self.deadline = deadline
        now = time.monotonic()
        self._looked_at, self._seen = now, _CPU_OF_LOCKING
        self._from = _CPU_OF_LOCKING
        self._loading = True
        self.total = 0.0
        self._begin(now, _CPU_OF_LOCKING)

    def _begin(self, now: float, at_most: float) -> None:
        """Start the clock of a statement or a call; `at_most` is what was used before."""
        self._began, self._before = now, at_most
        self.used = 0.0
        self._idle_looks = 0
        self._interval = min(1.0, (MARGIN * self._stated + self._limits.idle_seconds) / _LOOKS)
        self.next_look = min(now + self._interval, self.deadline)

    def _at_most(self, now: float) -> float:
        """CPU time so far is at most what was seen last, and the time since."""
        return self._seen + now - self._looked_at

    def go_on(self, process_seconds: float) -> None:
        """Other calls begin, with so much time for all of them."""
        self.next_call()
        self._from, self._process_seconds, self.total = self._before, process_seconds, 0.0

    def next_statement(self) -> None:
        """A statement starts."""
        now = time.monotonic()
        self._begin(now, self._at_most(now))

    def next_call(self) -> None:
        """Loading or a call has ended."""
        self._loading = False
        self.next_statement()

    @property
    def is_worth_a_look(self) -> bool:
        """Whether what has just ended may have taken CPU time that counts."""
        return time.monotonic() - self._began >= _WORTH_A_LOOK

    def look(self, seconds: float | None) -> None:
        """Take in a child's CPU time; None when it has ended."""
        now = time.monotonic()
        if seconds is not None:
            if seconds - self._seen >= _IDLE_SHARE * self._interval:
                self._idle_looks = 0
            elif now - self._looked_at >= 0.9 * self._interval:
                self._idle_looks += 1
            self._looked_at, self._seen = now, seconds
            self._before = min(self._before, seconds)
            self.used = seconds - self._before
            self.total = max(self.total, seconds - self._from)
        left = min(_BACKSTOP * self._stated - self.used, self._all - self.total)
        self.next_look = min(now + min(self._interval, max(left, _SHORTEST_LOOK)), self.deadline)

    @property
    def _stated(self) -> float:
        """CPU time for what runs, as stated."""
        return self._limits.cpu_seconds_per_statement if self._loading else self._limits.cpu_seconds_per_call

    @property
    def _all(self) -> float:
        """CPU time at which loading, or the whole process, is ended from outside."""
        return _BACKSTOP * (self._limits.cpu_seconds_to_load if self._loading else self._process_seconds)

    @property
    def is_over(self) -> bool:
        """Whether what runs has used up its time."""
        return self.used >= _BACKSTOP * self._stated or self.total >= self._all

    @property
    def is_idle(self) -> bool:
        """Whether it uses none, for longer than it may sleep."""
        return self._idle_looks * self._interval >= MARGIN * self._stated + self._limits.idle_seconds
