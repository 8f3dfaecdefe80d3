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
from autograder.results import Status
from autograder.sandbox.limits import Limits
from autograder.sandbox.warm import Exit, Warm

_PIECE_BYTES = 1 << 16
_FRAME_OVERHEAD = 1 << 14
_SHORTEST_LOOK = 0.01
_CPU_OF_LOCKING = 0.1
"""More than a child uses before it gets its job, in seconds."""
_LATE = 1.0
"""How far past a limit a child is ended even while bytes of it are still waiting to be read."""


class _Numbered(Protocol):
    @property
    def call(self) -> int: ...


_A = TypeVar("_A", bound=_Numbered)


@dataclass(kw_only=True, eq=False)
class Work(Generic[_A]):
    """What one child did.

    Attributes
    ----------
    notes : tuple of wire.Note, optional
        Its report on loading; None when it did not come so far.
    answers : list
        For the first calls of its job, without a gap, as they were decoded.
    failure : Status, optional
        Why the answers stop there; None when they are complete. ``"forbidden"`` with `broke_protocol` spoils them all.
    broke_protocol : bool
        Whether the child wrote what no worker of ours writes.
    seconds : list of float
        Wall time before each answer, and last before the end when they are not complete.
    """

    notes: tuple[wire.Note, ...] | None = None
    answers: list[_A] = field(default_factory=list)
    failure: Status | None = None
    broke_protocol: bool = False
    seconds: list[float] = field(default_factory=list)


def work(
    warm: Warm, job: bytes, calls: int, limits: Limits, deadline: float, *, decode: Callable[[bytes], _A]
) -> Work[_A]:
    """Let one child do a job.

    Parameters
    ----------
    warm : Warm
        Where it is forked.
    job : bytes
        As `autograder.wire` encodes it.
    calls : int
        How many answers there must be.
    limits : Limits
        What it may use.
    deadline : float
        On the monotonic clock, in seconds.
    decode : Callable[[bytes], answer]
        Decodes one frame, trusting nothing.

    Returns
    -------
    Work
        What it did.

    Raises
    ------
    SandboxError
        If the warm process is gone.
    """
    return _Conversation(warm, limits, calls, deadline, decode).hold(job)


class _Conversation(Generic[_A]):
    """One child's stream and clock."""

    def __init__(self, warm: Warm, limits: Limits, calls: int, deadline: float, decode: Callable[[bytes], _A]) -> None:
        self._decode = decode
        self._warm = warm
        self._child = warm.child()
        self._limits = limits
        self._calls = calls
        self._deadline = deadline
        self._work: Work[_A] = Work()
        self._frames = wire.Frames(
            frame_bytes=limits.returned_bytes_per_call + _FRAME_OVERHEAD,
            total_bytes=limits.returned_bytes + _FRAME_OVERHEAD * (calls + 1),
        )
        self._began = time.monotonic()
        self._looked = (self._began, _CPU_OF_LOCKING)
        self._cpu_before = _CPU_OF_LOCKING
        self._first_look = min(limits.cpu_seconds_per_call, limits.wall_seconds_per_call)
        self._next_look = self._began + self._first_look
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
                wait = min(self._next_look, self._deadline) - time.monotonic()
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
                # What has been written in time must not count as late because we read it late.
                self._judge_time(0.0 if not ready else _LATE)
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
        known = work.notes is not None and len(work.answers) == self._calls
        return known and not (self._frames.unfinished or self._timed_out or work.broke_protocol)

    def _take(self, piece: bytes) -> None:
        """Take in what was read."""
        work = self._work
        payloads = self._frames.feed(piece)
        for payload in payloads:
            if work.notes is None:
                work.notes = wire.decode_loaded(payload)
                continue
            answer = self._decode(payload)
            if answer.call != len(work.answers) or answer.call >= self._calls:
                raise wire.FrameError(
                    f"an answer to call {answer.call} where {len(work.answers)} of {self._calls} are known"
                )
            work.answers.append(answer)
            # What was read at once came at once: the first of them took the time.
            work.seconds.append(time.monotonic() - self._began)
            self._began = time.monotonic()
        if payloads:
            self._next_call()

    def _next_call(self) -> None:
        """Start the clocks of a call; CPU time so far is at most what was seen last, and the time since."""
        self._began = time.monotonic()
        seen, seconds = self._looked
        self._cpu_before = seconds + self._began - seen
        self._next_look = self._began + self._first_look

    def _judge_time(self, grace: float) -> None:
        """End the call when it has certainly used up its time."""
        now = time.monotonic() - grace
        if now >= self._deadline or now >= self._began + self._limits.wall_seconds_per_call:
            self._timed_out = True
        elif not grace and now >= self._next_look:
            seconds = self._warm.cpu_seconds(self._child)
            now = time.monotonic()
            if seconds is None:
                self._next_look = now + self._limits.wall_seconds_per_call
                return
            self._looked = (now, seconds)
            self._cpu_before = min(self._cpu_before, seconds)
            left = self._limits.cpu_seconds_per_call - (seconds - self._cpu_before)
            self._timed_out = left <= 0
            self._next_look = min(now + max(left, _SHORTEST_LOOK), self._began + self._limits.wall_seconds_per_call)

    def _conclude(self, ended: Exit) -> None:
        """Say what the end of the stream and of the process mean together."""
        work = self._work
        work.seconds.append(time.monotonic() - self._began)
        if self._frames.unfinished and not self._timed_out and not ended.signal:
            work.broke_protocol = True
        if work.broke_protocol:
            work.failure = "forbidden"
        elif self._timed_out:
            work.failure = "timed_out"
        else:
            work.failure = _meaning(ended, self._limits)


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
