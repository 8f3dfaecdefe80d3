"""The warm process, seen from the grader: start it, ask it for children, end it."""

from __future__ import annotations

import hashlib
import json
import os
import select
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import IsolationError, SandboxError
from autograder.results import Isolation
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.libraries import WORKER, Program, Runtime, must_be_readable_by_all, runtime_of
from autograder.sandbox.limits import Limits

_MESSAGE_BYTES = 1 << 16
_REPLY_SECONDS = 10.0
_REPLIES = {b"C": struct.Struct("<cId"), b"X": struct.Struct("<cIId")}
_PACKAGE = Path(__file__).resolve().parents[1]
_MUST_WORK = "read the standard library"


@dataclass(frozen=True, kw_only=True)
class Exit:
    """How a child ended.

    Attributes
    ----------
    signal : int
        What it died of; 0 when it ended by itself.
    cpu_seconds : float
        CPU time it used.
    """

    signal: int
    cpu_seconds: float


@dataclass(frozen=True, kw_only=True)
class Child:
    """A locked child that waits for its job.

    Attributes
    ----------
    number : int
        What the warm process calls it.
    job, result : int
        The pipes to it and from it, both non-blocking; whoever took the child closes them.
    """

    number: int
    job: int
    result: int


_FINDING = threading.Lock()
"""What is found once is found by one thread: sysconfig fills its table lazily, and a second would see half of it."""


class Warm:
    """One warm process at one level of isolation.

    Parameters
    ----------
    isolation : {"bubblewrap", "nested", "none"}
        The level.
    limits : Limits
        What a child may use.
    program : Program
        What it is.

    Raises
    ------
    IsolationError
        If the machine does not allow the level; the text says why and what to do.
    """

    def __init__(self, isolation: Isolation, limits: Limits, program: Program = WORKER) -> None:
        self._limits = limits
        self._program = program
        self._number = 0
        self._exits: dict[int, Exit] = {}
        self._dismissed: set[int] = set()
        self._spare: Child | None = None
        self._complaints = os.memfd_create("stderr", os.MFD_CLOEXEC)
        self._isolation = isolation
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                with _FINDING:
                    runtime = runtime_of(program)
                    if isolation != "none":
                        seccomp.outer_filter()
                        seccomp.child_filter()
                self._process = self._start(runtime, theirs)
        except BaseException:
            self.control.close()
            os.close(self._complaints)
            raise
        try:
            self.evidence: Mapping[str, str] = self._configure(runtime)
            self._probe()
        except BaseException:
            self.close()
            raise

    def _start(self, runtime: Runtime, theirs: socket.socket) -> subprocess.Popen[bytes]:
        """Start it, not by a fork of ours: the grader has threads."""
        pass_fds = [theirs.fileno()]
        environment = dict(bubblewrap.ENVIRONMENT)
        main = _PACKAGE / self._program.entry / "__main__.py"
        arguments = [str(runtime.python), *bubblewrap.PYTHON_FLAGS, str(main), str(theirs.fileno())]
        outer = None
        try:
            if self._isolation == "bubblewrap":
                outer = os.memfd_create("outer filter", os.MFD_CLOEXEC)
                os.write(outer, seccomp.outer_filter())
                os.lseek(outer, 0, os.SEEK_SET)
                pass_fds.append(outer)
                bwrap, _ = bubblewrap.find_bubblewrap()
                arguments = bubblewrap.command(bwrap, runtime, self._program, outer, theirs.fileno())
                environment = {}
            return subprocess.Popen(
                arguments,
                env=environment,
                pass_fds=pass_fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                start_new_session=True,
                cwd="/",
            )
        finally:
            if outer is not None:
                os.close(outer)

    def _configure(self, runtime: Runtime) -> Mapping[str, str]:
        """Hand over the configuration; what the worker found."""
        limits = self._limits
        inside = self._isolation == "bubblewrap"
        readable = bubblewrap.readable(runtime) if inside else list(runtime.paths)
        locked = self._isolation != "none"
        program = seccomp.child_filter() if locked else b""
        # Inside bubblewrap the user is nobody already; without it, root must not stay root.
        user = bubblewrap.NOBODY if os.getuid() == 0 and self._isolation == "nested" else None
        if user is not None:
            must_be_readable_by_all(runtime)
        configuration: dict[str, Any] = {
            "site": [bubblewrap.SITE] if inside else sorted({str(path.parent) for path in runtime.packages}),
            "readable": readable if locked else None,
            "filter": program.hex(),
            "user": user,
            "limits": {
                "cpu_seconds": max(1, round(limits.wall_seconds)),
                "memory_bytes": limits.memory_bytes,
                "stack_bytes": limits.stack_bytes,
                "open_files": limits.open_files,
            },
        }
        self._hand_over(configuration)
        reply = self._receive(limits.start_seconds) or b""
        if reply[:1] == b"R":
            evidence = {"isolation": self._isolation, **json.loads(reply[1:])}
            if locked:
                evidence["filter_sha256"] = hashlib.sha256(program).hexdigest()
            if user is not None:
                evidence["user"] = str(user)
            if inside:
                evidence["bubblewrap"] = bubblewrap.find_bubblewrap()[1]
            return evidence
        if reply[:1] == b"I":
            raise SandboxError(
                f"the worker cannot import what it needs ({reply[1:].decode()}); repair this Python's packages "
                "(pip install --force-reinstall numpy lark)"
            )
        if reply:
            raise IsolationError(
                f"the worker cannot lock its children ({reply[1:].decode()}); "
                "the sandbox needs a Linux kernel 5.13 or later with Landlock and seccomp"
            )
        raise self._lost()

    def _hand_over(self, configuration: Mapping[str, Any]) -> None:
        """Send the configuration; whoever is gone already is missed when no answer comes."""
        with suppress(OSError):
            self.control.send(json.dumps(configuration).encode())

    def _lost(self) -> SandboxError:
        """Why there was no answer at the start."""
        try:
            self._process.wait(self._limits.exit_seconds)
        except subprocess.TimeoutExpired:
            return SandboxError(f"the worker did not start within {self._limits.start_seconds:g} s")
        complaint = os.pread(self._complaints, _MESSAGE_BYTES, 0).decode(errors="replace")
        if self._isolation == "bubblewrap" and "bwrap:" in complaint:
            return IsolationError(bubblewrap.explain(complaint))
        last = complaint.strip().splitlines()[-1:] or ["no message"]
        return SandboxError(f"the worker ended at its start with code {self._process.returncode} ({last[0]})")

    def _probe(self) -> None:
        """Let one locked child try what none may do."""
        if self._isolation == "none":
            return
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
            raise SandboxError("a locked child cannot read the standard library, so students could import nothing")
        holes = [name for name, succeeded in worked.items() if succeeded]
        if holes or not worked:
            raise IsolationError(
                f"isolation {self._isolation!r} does not hold here: a locked child could {', '.join(holes)}"
            )

    def child(self) -> Child:
        """Take a child, and have the next one made meanwhile.

        Returns
        -------
        Child
            Fresh: nobody's job was ever in it.

        Raises
        ------
        SandboxError
            If the warm process is gone.
        """
        while reply := self._receive(0.0):
            self._take(reply)
        child = self._spare = self._spare or self._fork()
        self._spare = self._fork()
        return child

    def cpu_seconds(self, child: Child) -> float | None:
        """Ask for a child's CPU time.

        Parameters
        ----------
        child : Child
            Which.

        Returns
        -------
        float or None
            In seconds; None when it has ended.

        Raises
        ------
        SandboxError
            If the warm process is gone or silent.
        """
        self._send(b"C", child.number)
        while child.number not in self._exits:
            what, number, *_, seconds = self._take(self._receive(_REPLY_SECONDS))
            if what == b"C" and number == child.number:
                return float(seconds)
        return None

    def kill(self, child: Child) -> None:
        """Kill a child, if it is still there.

        Parameters
        ----------
        child : Child
            Which.

        Raises
        ------
        SandboxError
            If the warm process is gone.
        """
        self._send(b"K", child.number)

    def dismiss(self, child: Child) -> None:
        """End a child whose work is complete; how it ends is of no interest.

        Parameters
        ----------
        child : Child
            Which.

        Raises
        ------
        SandboxError
            If the warm process is gone.
        """
        self._dismissed.add(child.number)
        self.kill(child)

    def wait_exit(self, child: Child) -> Exit:
        """Wait until a child has ended, and kill it when that takes too long.

        Parameters
        ----------
        child : Child
            Which.

        Returns
        -------
        Exit
            How it ended.

        Raises
        ------
        SandboxError
            If the warm process is gone, or the child cannot be killed.
        """
        deadline = time.monotonic() + self._limits.exit_seconds
        killed = False
        while child.number not in self._exits:
            reply = self._receive(max(0.0, deadline - time.monotonic()))
            if reply is not None:
                self._take(reply)
            elif killed:
                raise SandboxError("a child did not end after it was killed")
            else:
                self.kill(child)
                deadline, killed = time.monotonic() + _REPLY_SECONDS, True
        return self._exits.pop(child.number)

    def end(self) -> None:
        """Kill the warm process, and with it everything inside; safe from any thread."""
        self._process.kill()

    def close(self) -> None:
        """End the warm process and let go of its descriptors; for the thread that owns it."""
        self._process.kill()
        self._process.wait()
        # Inside bubblewrap the rest dies a moment later; its end of the socket closes then.
        poll = select.poll()
        poll.register(self.control, 0)
        poll.poll(_REPLY_SECONDS * 1000)
        self.control.close()
        os.close(self._complaints)
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
            socket.send_fds(self.control, [struct.pack("<cI", what, number)], descriptors)
        except OSError as error:
            raise SandboxError(f"the warm process is gone ({error.strerror})") from error

    def _receive(self, seconds: float) -> bytes | None:
        """One message, or None when there is none in time; empty when the warm process has hung up."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        try:
            return self.control.recv(_MESSAGE_BYTES) if poll.poll(seconds * 1000) else None
        except ConnectionError:
            return b""


def _read_all(pipe: int, seconds: float) -> bytes:
    """Everything until the end of a pipe, or until it is silent for too long."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    pieces = []
    while poll.poll(seconds * 1000) and (piece := os.read(pipe, _MESSAGE_BYTES)):
        pieces.append(piece)
    return b"".join(pieces)
