"""One child's work, seen from the grader: hand over the job, read the answers, judge the time."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from autograder import wire
from autograder.model import MARGIN, Limits
from autograder.sandbox.warm import Exit, Warm
from autograder.words import Status

_PIECE_BYTES = 1 << 16
_FRAME_OVERHEAD = 1 << 14
_STARTS = 1 << 12
"""How often a child may say that a statement starts."""
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


class _Numbered(Protocol):
    @property
    def call(self) -> int: ...


_A = TypeVar("_A", bound=_Numbered)


@dataclass(kw_only=True, eq=False)
class Work(Generic[_A]):
    """What one child did."""

    #: Its report on loading; None when it did not come so far.
    loaded: wire.Loaded | None = None
    #: For the first calls of its job, without a gap, as they were decoded.
    answers: list[_A] = field(default_factory=list)
    #: Why the answers stop there; None when they are complete. ``"forbidden"`` with `broke_protocol` spoils them all.
    failure: Status | None = None
    #: Whether the child wrote what no worker of ours writes.
    broke_protocol: bool = False
    #: The statement in which loading ended, when it may have taken long.
    started: wire.Started | None = None
    #: Whether wall time ended it, not CPU time.
    waited: bool = False
    #: CPU time of each answer as far as it is certain, and last what was used up when they are not complete.
    seconds: list[float] = field(default_factory=list)
    #: CPU time of loading, as far as it is certain.
    loading_seconds: float = 0.0


def work(
    warm: Warm,
    job: bytes,
    calls: int,
    limits: Limits,
    *,
    process_seconds: float,
    deadline: float,
    decode: Callable[[bytes], _A],
) -> Work[_A]:
    """Let one child do a job of so many calls.

    `process_seconds` is CPU time of all of it, as stated; `deadline` stands on the monotonic clock; `decode` reads one
    frame, trusting nothing.
    """
    return _Conversation(warm, limits, calls, _Watch(limits, process_seconds, deadline), decode).hold(job)


class _Conversation(Generic[_A]):
    """One child's stream and clock."""

    def __init__(self, warm: Warm, limits: Limits, calls: int, watch: _Watch, decode: Callable[[bytes], _A]) -> None:
        self._decode = decode
        self._warm = warm
        self._child = warm.child()
        self._limits = limits
        self._calls = calls
        self._work: Work[_A] = Work()
        self._starts = _STARTS
        self._frames = wire.Frames(
            frame_bytes=limits.returned_bytes_per_call + _FRAME_OVERHEAD,
            total_bytes=limits.returned_bytes + _FRAME_OVERHEAD * (calls + 1),
        )
        self._watch = watch
        self._timed_out = False

    def hold(self, job: bytes) -> Work[_A]:
        """Write and read until the child's end of the pipe is closed, its time is over, or it breaks the format."""
        rest = memoryview(job)
        to_child, from_child = self._child.job, self._child.result
        poll = select.poll()
        poll.register(from_child, select.POLLIN)
        try:
            rest = _write(to_child, rest)
            if rest:
                poll.register(to_child, select.POLLOUT)
            else:
                to_child = _close(to_child)
            while not self._timed_out:
                wait = self._watch.next_look - time.monotonic()
                ready = {descriptor for descriptor, _ in poll.poll(max(0.0, wait) * 1000)}
                if to_child in ready:
                    rest = _write(to_child, rest)
                    if not rest:
                        poll.unregister(to_child)
                        to_child = _close(to_child)
                if from_child in ready:
                    piece = os.read(from_child, _PIECE_BYTES)
                    if not piece:
                        break
                    self._take(piece)
                if not self._complete:
                    self._judge_time()
        except wire.FrameError:
            self._work.broke_protocol = True
        finally:
            os.close(from_child)
            if to_child >= 0:
                os.close(to_child)
        if self._complete:
            self._warm.dismiss(self._child)
            return self._work
        if self._timed_out or self._work.broke_protocol:
            self._warm.kill(self._child)
        self._conclude(self._warm.wait_exit(self._child))
        return self._work

    @property
    def _complete(self) -> bool:
        """Whether everything has been said, and nothing more."""
        work = self._work
        known = work.loaded is not None and len(work.answers) == self._calls
        return known and not (self._frames.unfinished or self._timed_out or work.broke_protocol)

    def _take(self, piece: bytes) -> None:
        """Take in what was read."""
        payloads = self._frames.feed(piece)
        if payloads and self._watch.is_worth_a_look:
            self._watch.look(self._warm.cpu_seconds(self._child))
        for payload in payloads:
            if self._work.loaded is None:
                self._take_while_loading(payload)
            else:
                self._take_answer(payload)

    def _take_while_loading(self, payload: bytes) -> None:
        """The start of a statement, or the report."""
        started = self._work.started = wire.decode_started(payload)
        if started is None:
            self._work.loaded = wire.decode_loaded(payload)
            self._work.loading_seconds = max(self._watch.total, self._work.loaded.seconds)
            self._watch.next_call()
            return
        self._starts -= 1
        if self._starts < 0:
            raise wire.FrameError("more statements than allowed")
        self._watch.next_statement()

    def _take_answer(self, payload: bytes) -> None:
        work = self._work
        answer = self._decode(payload)
        if answer.call != len(work.answers) or answer.call >= self._calls:
            raise wire.FrameError(
                f"an answer to call {answer.call} where {len(work.answers)} of {self._calls} are known"
            )
        work.answers.append(answer)
        # What was read at once came at once: the first of them took the time.
        work.seconds.append(max(self._watch.used, getattr(answer, "seconds", 0.0)))
        self._watch.next_call()

    def _judge_time(self) -> None:
        """End what has certainly used up its time, and what seems to use none."""
        now = time.monotonic()
        if now >= self._watch.deadline:
            self._end_waiting()
        elif now >= self._watch.next_look:
            self._watch.look(self._warm.cpu_seconds(self._child))
            if self._watch.is_over:
                self._timed_out = True
            elif self._watch.is_idle:
                self._end_waiting()

    def _end_waiting(self) -> None:
        self._timed_out = self._work.waited = True

    def _conclude(self, ended: Exit) -> None:
        """Say what the end of the stream and of the process mean together."""
        work = self._work
        work.seconds.append(self._watch.used)
        if work.loaded is None:
            work.loading_seconds = self._watch.total
        if self._frames.unfinished and not self._timed_out and not ended.signal:
            work.broke_protocol = True
        if work.broke_protocol:
            work.failure = "forbidden"
        elif self._timed_out:
            work.failure = "timed_out"
        else:
            work.failure = _meaning(ended, self._limits)


class _Watch:
    """What is known of a child's CPU time: never more than it used."""

    def __init__(self, limits: Limits, process_seconds: float, deadline: float) -> None:
        self._limits = limits
        self._process_seconds = process_seconds
        self.deadline = deadline
        now = time.monotonic()
        self._looked_at, self._seen = now, _CPU_OF_LOCKING
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
            self.total = max(self.total, seconds - _CPU_OF_LOCKING)
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


def _meaning(ended: Exit, limits: Limits) -> Status:
    """The status of a call whose process ended in it."""
    if ended.signal == signal.SIGSYS:
        return "forbidden"
    if ended.signal == signal.SIGXCPU or (ended.signal == signal.SIGKILL and ended.cpu_seconds >= limits.wall_seconds):
        return "timed_out"
    return "crashed"


def _write(pipe: int, rest: memoryview) -> memoryview:
    """Write as much as goes in now; a child that is gone takes nothing, and its end is seen elsewhere."""
    try:
        while rest:
            rest = rest[os.write(pipe, rest) :]
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        return rest[:0]
    return rest


def _close(pipe: int) -> int:
    """Close it; a descriptor that is none."""
    os.close(pipe)
    return -1
