"""The warm process, seen from the grader: it is asked for children, for their CPU time, and for their end."""

import fcntl
import json
import os
import select
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autograder.errors import IsolationError, SandboxError
from autograder.model import Limits
from autograder.sandbox.launch import launch
from autograder.sandbox.libraries import WORKER, Program
from autograder.words import Isolation

_PIECE_BYTES = 1 << 16
_PIPE_BYTES = 1 << 18
"""What a child may have answered before anybody reads it."""
_REPLY_SECONDS = 60.0
_REPLIES = {b"C": struct.Struct("<cId"), b"X": struct.Struct("<cIId")}
_MUST_WORK = "import from memory"


@dataclass(frozen=True, kw_only=True)
class Exit:
    """How a child ended, and the CPU time it used."""

    #: What it died of; 0 when it ended by itself.
    signal: int
    cpu_seconds: float


@dataclass(frozen=True, kw_only=True)
class Child:
    """A locked child that waits for its job, by the number that the warm process knows."""

    number: int
    #: The pipes to it and from it, both non-blocking; whoever took the child closes them.
    job: int
    result: int


class Warm:
    """One warm process at one level of isolation, and the evidence of what isolates.

    An `IsolationError` says that the machine does not allow the level, or that a locked child can do what none may.
    """

    def __init__(self, isolation: Isolation, limits: Limits, program: Program = WORKER) -> None:
        self._limits = limits
        self._number = 0
        self._exits: dict[int, Exit] = {}
        self._dismissed: set[int] = set()
        self._spare: Child | None = None
        self._launched, self.evidence = launch(isolation, limits, program)
        try:
            if isolation != "none":
                self._probe(isolation)
        except BaseException:
            self.close()
            raise

    def _probe(self, isolation: Isolation) -> None:
        """Let one locked child try what none may do."""
        child = self._fork(probe=True)
        os.close(child.job)
        try:
            worked = json.loads(_read_all(child.result, self._limits.start_seconds))
        except ValueError as error:
            raise SandboxError("the probe of the sandbox ended without a result") from error
        finally:
            os.close(child.result)
        self.wait_exit(child)
        if not worked.pop(_MUST_WORK, False):
            raise SandboxError("a locked child cannot import from memory, so students could import nothing")
        holes = [name for name, succeeded in worked.items() if succeeded]
        if holes or not worked:
            raise IsolationError(f"isolation {isolation!r} does not hold here: a locked child could {', '.join(holes)}")

    def child(self) -> Child:
        """Take a fresh child, in which nobody's job ever was."""
        self._end_dismissed()
        child, self._spare = self._spare or self._fork(), None
        return child

    def _have_next(self) -> None:
        """Have the next child made while the grader goes on: a fork beside one that works takes both longer."""
        self._spare = self._spare or self._fork()

    def cpu_seconds(self, child: Child) -> float | None:
        """Ask for a child's CPU time; None when it has ended."""
        self._send(b"C", child.number)
        while child.number not in self._exits:
            what, number, *_, seconds = self._take(self._launched.receive(_REPLY_SECONDS))
            if what == b"C" and number == child.number:
                return float(seconds)
        return None

    def kill(self, child: Child) -> None:
        """Kill a child, if it is still there."""
        self._send(b"K", child.number)

    def dismiss(self, child: Child) -> None:
        """Let go of a child whose work is complete; how it ends is of no interest.

        It ends by itself once its pipes are closed, while the grader goes on; whoever does not is killed before another
        child is taken.
        """
        if self._exits.pop(child.number, None) is None:
            self._dismissed.add(child.number)
        self._have_next()

    def _end_dismissed(self) -> None:
        while reply := self._launched.receive(0.0):
            self._take(reply)
        for number in self._dismissed:
            self._send(b"K", number)

    def settle(self) -> None:
        """Wait until every child that was dismissed has ended."""
        self._end_dismissed()
        while self._dismissed:
            self._take(self._launched.receive(_REPLY_SECONDS))

    def wait_exit(self, child: Child) -> Exit:
        """Wait until a child has ended, and kill it when that takes too long."""
        deadline = time.monotonic() + self._limits.exit_seconds
        killed = False
        while child.number not in self._exits:
            reply = self._launched.receive(max(0.0, deadline - time.monotonic()))
            if reply is not None:
                self._take(reply)
            elif killed:
                raise SandboxError("a child did not end after it was killed")
            else:
                self.kill(child)
                deadline, killed = time.monotonic() + _REPLY_SECONDS, True
        self._have_next()
        return self._exits.pop(child.number)

    def end(self) -> None:
        """Kill the warm process, and with it everything inside; safe from any thread."""
        self._launched.process.kill()

    def close(self) -> None:
        """End the warm process and let go of its descriptors; for the thread that owns it."""
        self._launched.close()
        if self._spare is not None:
            os.close(self._spare.job)
            os.close(self._spare.result)
            self._spare = None

    def _fork(self, *, probe: bool = False) -> Child:
        """Ask for a child."""
        self._number += 1
        theirs_job, job = os.pipe2(os.O_CLOEXEC)
        result, theirs_result = os.pipe2(os.O_CLOEXEC)
        try:
            self._send(b"P" if probe else b"F", self._number, theirs_job, theirs_result)
        except BaseException:
            os.close(job)
            os.close(result)
            raise
        finally:
            os.close(theirs_job)
            os.close(theirs_result)
        with suppress(OSError):  # a smaller one is full sooner, and a child then waits for us, without using time
            fcntl.fcntl(result, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        os.set_blocking(job, False)
        os.set_blocking(result, False)
        return Child(number=self._number, job=job, result=result)

    def _take(self, reply: bytes | None) -> tuple[Any, ...]:
        """Understand a reply; keep it when it says how a child ended."""
        form = _REPLIES.get((reply or b"")[:1])
        if reply is None or form is None or len(reply) != form.size:
            raise SandboxError("the warm process is gone, silent, or answered something it was not asked")
        fields = form.unpack(reply)
        if fields[0] == b"X":
            _, number, status, seconds = fields
            if number in self._dismissed:
                self._dismissed.remove(number)
                return fields
            self._exits[number] = Exit(signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, cpu_seconds=seconds)
        return fields

    def _send(self, what: bytes, number: int, *descriptors: int) -> None:
        """Send one request."""
        try:
            socket.send_fds(self._launched.control, [struct.pack("<cI", what, number)], descriptors)
        except OSError as error:
            raise SandboxError(f"the warm process is gone ({error.strerror})") from error


def _read_all(pipe: int, seconds: float) -> bytes:
    """Everything until the end of a pipe, or until it is silent for too long."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    pieces = []
    while poll.poll(seconds * 1000) and (piece := os.read(pipe, _PIECE_BYTES)):
        pieces.append(piece)
    return b"".join(pieces)
