"""The warm process, seen from the grader: start it, ask it for children, end it."""

from __future__ import annotations

import hashlib
import json
import os
import select
import socket
import struct
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import IsolationError, SandboxError
from autograder.results import Isolation
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.libraries import Runtime, find_runtime
from autograder.sandbox.limits import Limits

_MESSAGE_BYTES = 1 << 16
_REPLY_SECONDS = 10.0
_EXIT = struct.Struct("<IId")
_MAIN = Path(__file__).resolve().parents[1] / "_worker" / "__main__.py"
_MUST_WORK = "read the standard library"


class Exit:
    """How a child ended.

    Parameters
    ----------
    status : int
        As `os.wait` gives it.
    cpu_seconds : float
        What it used.
    """

    def __init__(self, status: int, cpu_seconds: float) -> None:
        self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        self.cpu_seconds = cpu_seconds


class Warm:
    """One warm process at one level of isolation.

    Parameters
    ----------
    isolation : {"bubblewrap", "nested", "none"}
        The level.
    limits : Limits
        What a child may use.

    Raises
    ------
    IsolationError
        If the machine does not allow the level; the text says why and what to do.
    """

    def __init__(self, isolation: Isolation, limits: Limits) -> None:
        self._limits = limits
        self._number = 0
        self._exit: Exit | None = None
        self._complaints = os.memfd_create("stderr", os.MFD_CLOEXEC)
        self._isolation = isolation
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                runtime = find_runtime()
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
        arguments = [str(runtime.python), *bubblewrap.PYTHON_FLAGS, str(_MAIN), str(theirs.fileno())]
        outer = None
        try:
            if self._isolation == "bubblewrap":
                outer = os.memfd_create("outer filter", os.MFD_CLOEXEC)
                os.write(outer, seccomp.outer_filter())
                os.lseek(outer, 0, os.SEEK_SET)
                pass_fds.append(outer)
                bwrap, _ = bubblewrap.find_bubblewrap()
                arguments = bubblewrap.command(bwrap, runtime, outer, theirs.fileno())
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
        readable = bubblewrap.readable(runtime) if inside else [str(runtime.standard_library), *map(str, runtime.packages)]
        locked = self._isolation != "none"
        program = seccomp.child_filter() if locked else b""
        # Inside bubblewrap the user is nobody already; without it, root must not stay root.
        user = bubblewrap.NOBODY if os.getuid() == 0 and self._isolation == "nested" else None
        configuration: dict[str, Any] = {
            "site": bubblewrap.SITE if inside else str(runtime.packages[0].parent),
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
        self._send(json.dumps(configuration).encode())
        reply = self._receive(limits.start_seconds)
        if reply[:1] == b"R":
            evidence = {"isolation": self._isolation, **json.loads(reply[1:])}
            if locked:
                evidence["filter_sha256"] = hashlib.sha256(program).hexdigest()
            if inside:
                evidence["bubblewrap"] = bubblewrap.find_bubblewrap()[1]
            return evidence
        if reply:
            raise IsolationError(
                f"the worker cannot lock its children ({reply[1:].decode()}); "
                "the sandbox needs a Linux kernel 5.13 or later with Landlock and seccomp"
            )
        raise self._lost()

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
        job, result = self.fork(probe=True)
        os.close(job)
        try:
            worked = json.loads(_read_all(result, self._limits.start_seconds))
        except ValueError as error:
            raise SandboxError("the probe of the sandbox ended without a result") from error
        finally:
            os.close(result)
        self.wait_exit()
        if not worked.pop(_MUST_WORK, False):
            raise SandboxError("a locked child cannot read the standard library, so students could import nothing")
        holes = [name for name, succeeded in worked.items() if succeeded]
        if holes or not worked:
            raise IsolationError(f"isolation {self._isolation!r} does not hold here: a locked child could {', '.join(holes)}")

    def fork(self, *, probe: bool = False) -> tuple[int, int]:
        """Ask for a child.

        Parameters
        ----------
        probe : bool
            Whether it is to try what it must not be able to do, instead of reading a job.

        Returns
        -------
        job, result : int
            The pipes to it and from it, both non-blocking; the caller closes them.

        Raises
        ------
        SandboxError
            If the warm process is gone.
        """
        self._number += 1
        self._exit = None
        theirs_job, job = os.pipe2(os.O_CLOEXEC)
        result, theirs_result = os.pipe2(os.O_CLOEXEC)
        try:
            self._send((b"P" if probe else b"F") + struct.pack("<I", self._number), theirs_job, theirs_result)
        except BaseException:
            os.close(job)
            os.close(result)
            raise
        finally:
            os.close(theirs_job)
            os.close(theirs_result)
        os.set_blocking(job, False)
        os.set_blocking(result, False)
        return job, result

    def cpu_seconds(self) -> float | None:
        """Ask for the child's CPU time.

        Returns
        -------
        float or None
            In seconds; None when it has ended.

        Raises
        ------
        SandboxError
            If the warm process is gone or silent.
        """
        self._send(b"C")
        while self._exit is None:
            reply = self._receive(_REPLY_SECONDS)
            if reply[:1] == b"C":
                (seconds,) = struct.unpack("<d", reply[1:])
                return float(seconds)
            self._note_exit(reply)
        return None

    def kill(self) -> None:
        """Kill the child, if there is one.

        Raises
        ------
        SandboxError
            If the warm process is gone.
        """
        self._send(b"K")

    def wait_exit(self) -> Exit:
        """Wait until the child has ended, and kill it when that takes too long.

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
        patience = _REPLY_SECONDS
        while self._exit is None:
            reply = self._receive(max(0.0, deadline - time.monotonic()), missing=b"late")
            if reply == b"late":
                if not patience:
                    raise SandboxError("a child did not end after it was killed")
                self.kill()
                deadline, patience = time.monotonic() + patience, 0.0
            else:
                self._note_exit(reply)
        return self._exit

    def close(self) -> None:
        """End the warm process, and with it everything inside."""
        self.control.close()
        self._process.kill()
        self._process.wait()
        os.close(self._complaints)

    def _note_exit(self, reply: bytes) -> None:
        """Keep how the present child ended; a late answer about its CPU time is of no use any more."""
        if reply[:1] == b"X":
            number, status, seconds = _EXIT.unpack(reply[1:])
            if number == self._number:
                self._exit = Exit(status, seconds)
        elif reply[:1] != b"C":
            raise SandboxError("the warm process ended, or answered something it was not asked")

    def _send(self, message: bytes, *descriptors: int) -> None:
        """Send one message."""
        try:
            socket.send_fds(self.control, [message], descriptors)
        except OSError as error:
            raise SandboxError(f"the warm process is gone ({error.strerror})") from error

    def _receive(self, seconds: float, missing: bytes = b"") -> bytes:
        """One message, or `missing` when there is none in time; empty when the warm process has hung up."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        try:
            return self.control.recv(_MESSAGE_BYTES) if poll.poll(seconds * 1000) else missing
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
