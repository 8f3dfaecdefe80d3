"""Start the warm process at a level of isolation, hand it its configuration, hear what it found, and end it.

It takes its time to import numpy, so it can be started `ahead` of those who need it.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import IsolationError, SandboxError
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.libraries import WORKER, Program, Runtime, runtime_of
from autograder.sandbox.modules import modules_file
from autograder.words import Isolation

if TYPE_CHECKING:
    from autograder.model import Limits

_MESSAGE_BYTES = 1 << 16
_END_SECONDS = 10.0
_FILES_EACH = 2
"""Of a `Launched`."""
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


@dataclass(frozen=True, kw_only=True, eq=False)
class _Begun:
    """A warm process that was told everything but its limits."""

    isolation: Isolation
    program: Program
    runtime: Runtime
    launched: Launched


_BEGUN: list[_Begun] = []
"""Those that were started ahead and that nobody has taken yet."""


@contextmanager
def ahead(isolation: Isolation, number: int) -> Iterator[None]:
    """Have so many workers begin to start, for the next who `launch` one; what nobody took is ended.

    They belong to the thread that is here. Where none can start, whoever launches one is told why.
    """
    try:
        try:
            _BEGUN.extend(_begin(isolation, WORKER) for _ in range(number))
            for one in _BEGUN:
                _bring_modules(one)
        except (SandboxError, OSError):
            # None of them may be taken: each would wait for its modules for ever.
            _end_begun()
        yield
    finally:
        _end_begun()


def _end_begun() -> None:
    while _BEGUN:
        _BEGUN.pop().launched.close()


def files_ahead() -> int:
    """Count the descriptors of those who were started ahead: who takes one takes these, too."""
    return _FILES_EACH * len(_BEGUN)


def launch(isolation: Isolation, limits: Limits, program: Program = WORKER) -> tuple[Launched, Mapping[str, str]]:
    """Start a warm process, which waits for requests; what isolates it: versions, and the hash of the filter.

    An `IsolationError` says why the machine does not allow the level, and what to do.
    """
    ready = _taken(isolation, program)
    begun = ready or _begin(isolation, program)
    try:
        if ready is None:
            _bring_modules(begun)
        return begun.launched, _finish(begun, limits)
    except BaseException:
        begun.launched.close()
        raise


def _taken(isolation: Isolation, program: Program) -> _Begun | None:
    """The oldest of those that were started ahead."""
    with _FINDING:
        fitting = (one for one in _BEGUN if (one.isolation, one.program) == (isolation, program))
        found = next(fitting, None)
        if found is not None:
            _BEGUN.remove(found)
        return found


def _begin(isolation: Isolation, program: Program) -> _Begun:
    """Start it, and let it import what it needs."""
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
    packages = [bubblewrap.SITE] if isolation == "bubblewrap" else sorted({str(one.parent) for one in runtime.packages})
    configuration: dict[str, Any] = {
        "site": packages,
        "filter": _filter(isolation).hex(),
        "user": _user(isolation),
    }
    with suppress(OSError):
        # Whoever is gone already is missed when no answer comes.
        control.send(json.dumps(configuration).encode())
    launched = Launched(control=control, process=process, complaints=complaints)
    return _Begun(isolation=isolation, program=program, runtime=runtime, launched=launched)


def _bring_modules(begun: _Begun) -> None:
    """Bring what may be imported later, while it imports numpy."""
    with _FINDING:
        modules = modules_file(begun.isolation, begun.runtime)
    with suppress(OSError):
        socket.send_fds(begun.launched.control, [b"M"], [modules])


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


def _filter(isolation: Isolation) -> bytes:
    """What every child locks itself up with."""
    return seccomp.child_filter() if isolation != "none" else b""


def _user(isolation: Isolation) -> int | None:
    """Whom it becomes: inside bubblewrap it is nobody already, and without it root must not stay root."""
    return bubblewrap.NOBODY if os.getuid() == 0 and isolation == "nested" else None


def _finish(begun: _Begun, limits: Limits) -> Mapping[str, str]:
    """Hand over the limits; what the worker found."""
    launched, isolation = begun.launched, begun.isolation
    told = {
        "cpu_seconds": max(1, round(limits.wall_seconds)),
        "memory_bytes": limits.memory_bytes,
        "stack_bytes": limits.stack_bytes,
        "open_files": limits.open_files,
        "processes": limits.processes,
        "file_bytes": limits.file_bytes,
    }
    with suppress(OSError):
        launched.control.send(json.dumps(told).encode())
    reply = launched.receive(limits.start_seconds) or b""
    if reply[:1] == b"R":
        evidence = {"isolation": isolation, **json.loads(reply[1:])}
        if program := _filter(isolation):
            evidence["filter_sha256"] = hashlib.sha256(program).hexdigest()
        if (user := _user(isolation)) is not None:
            evidence["user"] = str(user)
        if isolation == "bubblewrap":
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
