"""Attempts that must fail in a locked child, and one that must not."""

import ctypes
import mmap
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from numpy.linalg import _umath_linalg

_MADV_PAGEOUT = 21


def attempts() -> dict[str, bool]:
    """Try what a locked child must not be able to do; what worked. ``"import from memory"`` should, nothing else."""
    return {name: _works(attempt) for name, attempt in _ATTEMPTS.items()}


def _works(attempt: Callable[[], object]) -> bool:
    """Whether it gets through without an exception."""
    try:
        attempt()
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError):
        return False
    return True


def _fork() -> None:
    """A child that ends at once."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _thread() -> None:
    """A thread that ends at once."""
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def _personality() -> None:
    """A call that is on no list."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.personality(0xFFFFFFFF) == -1:
        raise OSError(ctypes.get_errno(), "personality")


def _import() -> None:
    """A module that nobody imports, and an extension module's library, once more by its name."""
    __import__("colorsys")
    ctypes.CDLL(str(_umath_linalg.__file__))


_ATTEMPTS: dict[str, Callable[[], object]] = {
    "import from memory": _import,
    "ask for a path": lambda: os.stat("/"),  # noqa: PTH116
    "read the standard library": lambda: Path(os.__file__).read_bytes(),
    "open a network socket": lambda: socket.socket(socket.AF_INET).close(),
    "open a local socket": socket.socketpair,
    "read its own program": lambda: Path(__file__).read_bytes(),
    "list the root folder": lambda: os.listdir("/"),  # noqa: PTH208 - Path.iterdir is lazy in some versions
    "list its processes": lambda: os.listdir("/proc"),  # noqa: PTH208
    "read the accounts": lambda: Path("/etc/passwd").read_bytes(),
    "write a file": lambda: Path("/tmp/probe").write_bytes(b""),  # noqa: S108
    "change the standard library": lambda: Path(os.__file__).open("ab").close(),
    "fork": _fork,
    "start a thread": _thread,
    "start a program": lambda: subprocess.run([sys.executable, "-c", ""], check=False),
    "signal others": lambda: os.kill(os.getppid(), 0),
    "make code": lambda: mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
    "put memory out": lambda: mmap.mmap(-1, mmap.PAGESIZE).madvise(_MADV_PAGEOUT),
    "change its personality": _personality,
}
