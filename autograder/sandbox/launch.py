"""Start the warm process at a level of isolation, hand it its configuration, hear what it found, and end it."""

from __future__ import annotations

import hashlib
import json
import os
import select
import socket
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import IsolationError, SandboxError
from autograder.model import Limits
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.libraries import WORKER, Program, Runtime, runtime_of
from autograder.sandbox.modules import modules_file
from autograder.words import Isolation

_MESSAGE_BYTES = 1 << 16
_END_SECONDS = 10.0
_PACKAGE = Path(__file__).resolve().parents[1]
_FINDING = threading.Lock()
"""What is found once is found by one thread: sysconfig fills its table lazily, and a second would see half of it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Launched:
    """A process that was started."""

    #: Ours of the two ends; it keeps messages apart.
    control: socket.socket
    #: bubblewrap, or the warm process itself.
    process: subprocess.Popen[bytes]
    #: A file with what it wrote to its standard error.
    complaints: int

    def receive(self, seconds: float) -> bytes | None:
        """Wait for one message; None when there is none in time, empty when the warm process has hung up."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        try:
            return self.control.recv(_MESSAGE_BYTES) if poll.poll(seconds * 1000) else None
        except ConnectionError:
            return b""

    def close(self) -> None:
        """End it and let go of its descriptors; for the thread that owns it."""
        self.process.kill()
        self.process.wait()
        # Inside bubblewrap the rest dies a moment later; its end of the socket closes then.
        poll = select.poll()
        poll.register(self.control, 0)
        poll.poll(_END_SECONDS * 1000)
        self.control.close()
        os.close(self.complaints)


def launch(isolation: Isolation, limits: Limits, program: Program = WORKER) -> tuple[Launched, Mapping[str, str]]:
    """Start a warm process, which waits for requests; what isolates it: versions, and the hash of the filter.

    An `IsolationError` says why the machine does not allow the level, and what to do.
    """
    with _FINDING:
        runtime = runtime_of(program)
        if isolation != "none":
            seccomp.outer_filter()
            seccomp.child_filter()
    complaints = os.memfd_create("stderr", os.MFD_CLOEXEC)
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        with theirs:
            process = _start(isolation, program, runtime, theirs, complaints)
    except BaseException:
        control.close()
        os.close(complaints)
        raise
    launched = Launched(control=control, process=process, complaints=complaints)
    try:
        return launched, _configure(launched, isolation, limits, runtime)
    except BaseException:
        launched.close()
        raise


def _start(
    isolation: Isolation, program: Program, runtime: Runtime, theirs: socket.socket, complaints: int
) -> subprocess.Popen[bytes]:
    """Start it, not by a fork of ours: the grader has threads."""
    pass_fds = [theirs.fileno()]
    environment = dict(bubblewrap.ENVIRONMENT)
    main = _PACKAGE / program.entry / "__main__.py"
    arguments = [str(runtime.python), *bubblewrap.PYTHON_FLAGS, str(main), str(theirs.fileno())]
    outer = None
    try:
        if isolation == "bubblewrap":
            outer = os.memfd_create("outer filter", os.MFD_CLOEXEC)
            os.write(outer, seccomp.outer_filter())
            os.lseek(outer, 0, os.SEEK_SET)
            pass_fds.append(outer)
            bwrap, _ = bubblewrap.find_bubblewrap()
            arguments = bubblewrap.command(bwrap, runtime, program, outer, theirs.fileno())
            environment = {}
        return subprocess.Popen(
            arguments,
            env=environment,
            pass_fds=pass_fds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,
            cwd="/",
        )
    finally:
        if outer is not None:
            os.close(outer)


def _configure(launched: Launched, isolation: Isolation, limits: Limits, runtime: Runtime) -> Mapping[str, str]:
    """Hand over the configuration; what the worker found."""
    inside = isolation == "bubblewrap"
    locked = isolation != "none"
    program = seccomp.child_filter() if locked else b""
    # Inside bubblewrap the user is nobody already; without it, root must not stay root.
    user = bubblewrap.NOBODY if os.getuid() == 0 and isolation == "nested" else None
    configuration: dict[str, Any] = {
        "site": [bubblewrap.SITE] if inside else sorted({str(path.parent) for path in runtime.packages}),
        "filter": program.hex(),
        "user": user,
        "limits": {
            "cpu_seconds": max(1, round(limits.wall_seconds)),
            "memory_bytes": limits.memory_bytes,
            "stack_bytes": limits.stack_bytes,
            "open_files": limits.open_files,
            "processes": limits.processes,
            "file_bytes": limits.file_bytes,
        },
    }
    with suppress(OSError):
        # Whoever is gone already is missed when no answer comes.
        launched.control.send(json.dumps(configuration).encode())
        with _FINDING:  # while the worker imports numpy
            modules = modules_file(isolation, runtime)
        socket.send_fds(launched.control, [b"M"], [modules])
    reply = launched.receive(limits.start_seconds) or b""
    if reply[:1] == b"R":
        evidence = {"isolation": isolation, **json.loads(reply[1:])}
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
    if reply[:1] == b"U":
        raise IsolationError(
            "isolation 'nested' runs the worker as nobody when root starts it, and root may not become nobody here "
            f"({reply[1:].decode()}); give the container CAP_SETUID and CAP_SETGID, or start as another user"
        )
    if reply:
        raise IsolationError(
            f"the worker cannot lock its children ({reply[1:].decode()}); "
            "the sandbox needs Linux kernel 5.13 or later with Landlock and seccomp"
        )
    raise _lost(launched, isolation, limits)


def _lost(launched: Launched, isolation: Isolation, limits: Limits) -> SandboxError:
    """Why there was no answer at the start."""
    try:
        launched.process.wait(limits.exit_seconds)
    except subprocess.TimeoutExpired:
        return SandboxError(f"the worker did not start within {limits.start_seconds:g} s")
    complaint = os.pread(launched.complaints, _MESSAGE_BYTES, 0).decode(errors="replace")
    if isolation == "bubblewrap" and "bwrap:" in complaint:
        return IsolationError(bubblewrap.explain(complaint))
    last = complaint.strip().splitlines()[-1:] or ["no message"]
    return SandboxError(f"the worker ended at its start with code {launched.process.returncode} ({last[0]})")
