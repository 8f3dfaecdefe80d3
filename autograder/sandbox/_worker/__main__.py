"""The warm process: imports once, then forks one child per job.

Started as ``python __main__.py FD``. The first message on the socket FD is its configuration, the second brings a file
with what may be imported, the third, which may come much later, has the limits; each later one asks for a child (with
the two pipes of its job attached), for a child's CPU time, or for its end. The warm process never reads a job, so
nothing of one student's is there when the next one's child is forked.
"""

import sys
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).absolute().parents[3])
if __name__ == "__main__":
    sys.path.insert(0, ROOT)

import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import select  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import struct  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from dataclasses import dataclass  # noqa: E402

CONFIGURATION_BYTES = 1 << 18
COMMON = (
    "abc", "collections", "copy", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "inspect",
    "io", "itertools", "math", "operator", "re", "string", "typing",
    "numpy.linalg", "numpy.fft", "numpy.random",
)  # fmt: skip
"""What students import most: imported once here, not in every child."""


_SIZES = range(48, 513, 16)
"""Of the small objects that Python keeps side by side with others as large, in bytes; the one below is a float's."""
_FILLING = 120_000
"""More than all gaps of one size, in bytes."""
_EMPTY = sys.getsizeof(b"")


class Channel:  # pragma: no cover - it is used inside the sandbox
    """A child's two pipes."""

    def __init__(self, job: int, result: int) -> None:
        self._job, self._result = job, result

    def receive(self) -> bytes:
        """Wait for the next message; empty when there will be none."""
        head = self._read(4)
        return self._read(int.from_bytes(head, "little")) if head else b""

    def write(self, frame: bytes) -> None:
        """Write all of a frame."""
        written = os.write(self._result, frame)
        while written < len(frame):
            written += os.write(self._result, memoryview(frame)[written:])

    def _read(self, size: int) -> bytes:
        data = os.read(self._job, size)
        while data and len(data) < size:
            piece = os.read(self._job, size - len(data))
            if not piece:
                return b""
            data += piece
        return data


Work = Callable[[Channel], None]
"""What a child does."""


def main(control_fd: int, load: Callable[[], Work]) -> None:  # pragma: no cover - all of it runs inside the sandbox
    """Serve until the grader hangs up the socket, which keeps messages apart; `load` imports all that children need."""
    with socket.socket(fileno=control_fd) as control:
        control.set_inheritable(False)
        configuration = json.loads(control.recv(CONFIGURATION_BYTES))
        try:
            tools, report = _prepare(configuration, control, load)
        except ImportError as error:
            # numpy wraps the reason in a page of advice.
            control.send(b"I" + str(error.__cause__ or error).encode())
            return
        except _UserError as error:
            control.send(b"U" + str(error.strerror).encode())
            return
        except (OSError, ValueError) as error:
            control.send(b"E" + str(error).encode())
            return
        control.send(b"R" + json.dumps(report).encode())
        Warm(control, tools).serve()


class _UserError(OSError):
    """Root may not become another user."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What children use: modules of ours are no longer to be found by name when a student's code runs."""

    lock: Any
    work: Work
    probe: Callable[[], dict[str, bool]]


def load_students_work() -> Work:  # pragma: no cover
    """Import what students' code needs; what runs a submission."""
    import random

    import numpy as np

    from autograder.sandbox._worker import job

    for name in COMMON:
        __import__(name)
    clock = job.prepare()
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the state students' legacy calls start from
    return lambda channel: job.run(channel.receive, channel.write, clock)


def _prepare(
    configuration: dict[str, Any], control: socket.socket, load: Callable[[], Work]
) -> tuple[Tools, dict[str, str]]:  # pragma: no cover
    """Import what children need, build the lock, drop rights."""
    sys.path.extend(configuration["site"])
    try:
        lock, ruleset, work, probe = _imported(bytes.fromhex(configuration["filter"]), control, load)
    finally:
        # All messages are taken whatever happens: one left lying in a socket makes the other end lose our answer.
        limits = json.loads(control.recv(CONFIGURATION_BYTES))
    made = lock.Lock(limits=limits, ruleset=ruleset, program=bytes.fromhex(configuration["filter"]))
    user = configuration["user"]
    if user is not None:
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        except OSError as error:
            raise _UserError(error.errno, error.strerror) from error
    tools = Tools(lock=made, work=work, probe=probe.attempts)
    numpy = sys.modules["numpy"].__version__
    return tools, {"landlock": str(lock.landlock_abi()), "numpy": numpy, "python": sys.version.split()[0]}


def _imported(program: bytes, control: socket.socket, load: Callable[[], Work]) -> tuple[Any, int | None, Work, Any]:
    """Import all there will ever be, and hold it in memory: the lock, its rules about files, the work, the probe."""
    try:
        with nothing_at_forks():
            from autograder.sandbox._worker import lock, memory, probe

            work = load()
    finally:
        _, (modules, *_), _, _ = socket.recv_fds(control, 1, 1)
    sys.path.remove(ROOT)
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]
    finder = memory.Finder(modules)
    finder.map_extensions()
    memory.join()
    finder.install()
    if not program:
        return lock, None, work, probe
    memory.hold()
    return lock, lock.landlock_ruleset(), work, probe


@contextmanager
def nothing_at_forks() -> Iterator[None]:
    """Let no module have something done in every child: there is one thread, and what is seeded stays so."""
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    try:
        yield
    finally:
        os.register_at_fork = register


def filling() -> list[object]:
    """Fill the gaps that imports left in pages: what a child makes then lies together, and fewer pages are copied."""
    sized = [bytes(size - _EMPTY) for size in _SIZES for _ in range(_FILLING // size)]
    return [*sized, *map(float, range(_FILLING // 32))]


class Warm:  # pragma: no cover
    """The loop of the warm process."""

    def __init__(self, control: socket.socket, tools: Tools) -> None:
        self._control = control
        self._tools = tools
        self._children: dict[int, int] = {}
        self._null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        self._wake, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer messages until the grader hangs up; its last child dies with it."""
        gc.collect()
        self._filling = filling()
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        while True:
            ready = {fd for fd, _ in poll.poll()}
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._reap()
            if self._control.fileno() in ready and not self._answer():
                break
        for pid in self._children.values():
            os.kill(pid, signal.SIGKILL)

    def _answer(self) -> bool:
        """Answer one message; false when there will be none."""
        message, pipes, _, _ = socket.recv_fds(self._control, 64, 2)
        if not message:
            return False
        what, number = struct.unpack("<cI", message)
        if what in b"FP":
            self._fork(number, *pipes, probe=what == b"P")
        elif what == b"C":
            self._control.send(struct.pack("<cId", b"C", number, self._cpu_seconds(number)))
        elif number in self._children:
            os.kill(self._children[number], signal.SIGKILL)
        return True

    def _cpu_seconds(self, number: int) -> float:
        """CPU time of a child; without /proc, by its clock."""
        pid = self._children.get(number)
        return 0.0 if pid is None else time.clock_gettime((~pid) << 3 | 2)

    def _reap(self) -> None:
        """Tell how children ended, once they have."""
        for number, child in list(self._children.items()):
            pid, status, usage = os.wait4(child, os.WNOHANG)
            if pid:
                del self._children[number]
                seconds = usage.ru_utime + usage.ru_stime
                self._control.send(struct.pack("<cIId", b"X", number, status, seconds))

    def _fork(self, number: int, job: int, result: int, *, probe: bool) -> None:
        """Fork a child for one job; the pipes are then the child's alone."""
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            try:
                self._work(parent, job, result, probe=probe)
                os._exit(0)
            finally:
                os._exit(70)
        self._children[number] = child
        os.close(job)
        os.close(result)

    def _work(self, parent: int, job: int, result: int, *, probe: bool) -> None:
        """What a child does: lock itself up, then read its job. The handler that its parent left there does nothing."""
        signal.set_wakeup_fd(-1)
        for standard in range(3):
            os.dup2(self._null, standard)
        keep = sorted({job, result} | ({self._tools.lock.ruleset} - {None}))
        for low, high in zip([2, *keep], [*keep, 1 << 20], strict=True):
            os.closerange(low + 1, high)
        self._tools.lock.close_on(parent)
        channel = Channel(job, result)
        if probe:
            channel.write(json.dumps(self._tools.probe()).encode())
        else:
            self._tools.work(channel)


if __name__ == "__main__":
    main(int(sys.argv[1]), load_students_work)
