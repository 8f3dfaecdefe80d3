"""One child's work, seen from the grader: hand over the job, read the answers, judge the time.

A job may go on: what follows leaves the grader when every answer to the first calls is there and was accepted, and the
child then says first that it got it, with a number that nobody else knows. So whatever it writes before is about the
first calls, whatever it writes later is not, and how fast the two are makes no difference.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from autograder import wire
from autograder.model import Limits
from autograder.sandbox.warm import Exit, Warm
from autograder.sandbox.watch import Watch
from autograder.words import Status

_PIECE_BYTES = 1 << 16
_FRAME_OVERHEAD = 1 << 14
_STARTS = 1 << 12
"""How often a child may say that a statement starts."""
_SHORTEST_NAP, _LONGEST_NAP = 0.01, 0.04
"""Frames wait in the pipe meanwhile, for to be woken by each costs more than to read it; its end wakes at once."""


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
    #: What it did of the calls that followed in the same child; None where none followed.
    then: Work[_A] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Sequel:
    """Calls that follow."""

    message: bytes
    #: What the child has to write first: nobody knows it before.
    number: bytes
    calls: int
    #: CPU time of all of them, as stated.
    seconds: float


def work(
    warm: Warm,
    job: bytes,
    calls: int,
    limits: Limits,
    *,
    process_seconds: float,
    deadline: float,
    decode: Callable[[bytes], _A],
    sequel: Callable[[Work[_A]], Sequel | None] | None = None,
) -> Work[_A]:
    """Let one child do a job of so many calls.

    `process_seconds` is CPU time of all of it, as stated; `deadline` stands on the monotonic clock; `decode` reads one
    frame, trusting nothing. `sequel` is asked once, when all is answered, what follows in the same child.
    """
    return _Conversation(warm, limits, calls, Watch(limits, process_seconds, deadline), decode).hold(job, sequel)


class _Conversation(Generic[_A]):
    """One child's stream and clock."""

    def __init__(self, warm: Warm, limits: Limits, calls: int, watch: Watch, decode: Callable[[bytes], _A]) -> None:
        self._decode = decode
        self._warm = warm
        self._child = warm.child()
        self._limits = limits
        self._work: Work[_A] = Work()
        self._starts = _STARTS
        self._watch = watch
        self._timed_out = False
        self._due = b""
        self._expect(calls)

    def _expect(self, calls: int) -> None:
        """Begin to count calls and bytes."""
        self._calls = calls
        self._frames = wire.Frames(
            frame_bytes=self._limits.returned_bytes_per_call + _FRAME_OVERHEAD,
            total_bytes=self._limits.returned_bytes + _FRAME_OVERHEAD * (calls + 1),
        )

    def hold(self, job: bytes, sequel: Callable[[Work[_A]], Sequel | None] | None) -> Work[_A]:
        """Write and read until the child's end of the pipe is closed, its time is over, or it breaks the format."""
        first = self._work
        pipes = _Pipes(self._child.job, self._child.result)
        try:
            pipes.send(job, last=sequel is None)
            nap = _SHORTEST_NAP
            while not self._timed_out:
                piece = pipes.receive(self._watch.next_look, None if sequel else nap)
                if piece is None:
                    break
                nap = _SHORTEST_NAP if piece else min(2 * nap, _LONGEST_NAP)
                if piece:
                    self._take(piece)
                if sequel and self._answered:
                    pipes.send(self._go_on(sequel(first)), last=True)
                    sequel = None
                else:
                    self._judge_time()
        except wire.FrameError:
            self._work.broke_protocol = True
        finally:
            pipes.close()
        if self._complete:
            self._warm.dismiss(self._child)
            return first
        if self._timed_out or self._work.broke_protocol:
            self._warm.kill(self._child)
        self._conclude(self._warm.wait_exit(self._child))
        return first

    def _go_on(self, following: Sequel | None) -> bytes:
        """Turn to the calls that follow, if any do; what to send."""
        if self._frames.unfinished:
            raise wire.FrameError("something about calls that were not there yet")
        if following is None:
            return b""
        self._work.then = self._work = Work(loaded=self._work.loaded)
        self._due = following.number
        self._expect(following.calls)
        self._watch.go_on(following.seconds)
        return following.message

    @property
    def _answered(self) -> bool:
        return self._work.loaded is not None and len(self._work.answers) == self._calls

    @property
    def _complete(self) -> bool:
        """Whether everything has been said, and nothing more."""
        more = self._due or self._frames.unfinished or self._timed_out or self._work.broke_protocol
        return self._answered and not more

    def _take(self, piece: bytes) -> None:
        """Take in what was read."""
        if self._due:
            due = self._due[: len(piece)]
            if not piece.startswith(due):
                raise wire.FrameError("something about calls that were not there yet")
            self._due, piece = self._due[len(due) :], piece[len(due) :]
        payloads = self._frames.feed(piece)
        if not payloads:
            return
        if self._watch.is_worth_a_look:
            self._watch.look(self._warm.cpu_seconds(self._child))
        loading = 0
        while self._work.loaded is None and loading < len(payloads):
            self._take_while_loading(payloads[loading])
            loading += 1
        if loading < len(payloads):
            self._take_answers(payloads[loading:])

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

    def _take_answers(self, payloads: Sequence[bytes]) -> None:
        """Answers that were read at once came at once: the first of them took the time."""
        answers, seconds, used = self._work.answers, self._work.seconds, self._watch.used
        if len(answers) + len(payloads) > self._calls:
            raise wire.FrameError(f"more answers than the {self._calls} calls")
        for payload in payloads:
            answer = self._decode(payload)
            if answer.call != len(answers):
                raise wire.FrameError(f"an answer to call {answer.call} where {len(answers)} are known")
            answers.append(answer)
            seconds.append(max(used, getattr(answer, "seconds", 0.0)))
            used = 0.0
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


class _Pipes:
    """Both pipes of a child: neither end waits for the other."""

    def __init__(self, to_child: int, from_child: int) -> None:
        self._to, self._from = to_child, from_child
        self._rest = b""
        self._asked = self._last = False
        self._events = select.POLLIN
        self._poll = select.poll()
        self._poll.register(from_child, self._events)

    def send(self, message: bytes, *, last: bool) -> None:
        """Write a message, as far as it goes in now; after the last one the child is told that no more will come."""
        if message:
            self._rest += wire.LENGTH.pack(len(message)) + message
        self._last = last
        self._write()

    def receive(self, until: float, nap: float | None) -> bytes | None:
        """Wait, and read what is there: None at the end, empty when there was nothing.

        With a nap, what is written ends no wait, only the end of the pipe does.
        """
        events, wait = select.POLLIN, max(0.0, until - time.monotonic())
        if nap is not None:
            events, wait = 0, min(wait, nap)
        if events != self._events:
            self._poll.modify(self._from, events)
            self._events = events
        self._poll.poll(wait * 1000)
        if self._rest:
            self._write()
        try:
            return os.read(self._from, _PIECE_BYTES) or None
        except BlockingIOError:
            return b""

    def _write(self) -> None:
        try:
            while self._rest:
                self._rest = self._rest[os.write(self._to, self._rest) :]
        except BlockingIOError:
            if not self._asked:
                self._poll.register(self._to, select.POLLOUT)
                self._asked = True
            return
        except BrokenPipeError:  # a child that is gone takes nothing, and its end is seen elsewhere
            self._rest = b""
        if self._asked:
            self._poll.unregister(self._to)
            self._asked = False
        if self._last and self._to >= 0:
            os.close(self._to)
            self._to = -1

    def close(self) -> None:
        """Let go of both."""
        os.close(self._from)
        if self._to >= 0:
            os.close(self._to)


def _meaning(ended: Exit, limits: Limits) -> Status:
    """The status of a call whose process ended in it."""
    if ended.signal == signal.SIGSYS:
        return "forbidden"
    if ended.signal == signal.SIGXCPU or (ended.signal == signal.SIGKILL and ended.cpu_seconds >= limits.wall_seconds):
        return "timed_out"
    return "crashed"
