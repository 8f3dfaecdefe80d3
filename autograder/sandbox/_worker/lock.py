"""What a child takes from itself before it reads its job: resources, files (Landlock), system calls (seccomp)."""

import ctypes
import os
import resource
from collections.abc import Mapping

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_prctl, _syscall = _libc.prctl, _libc.syscall
"""Looked up once: a child would do it anew."""

# The same numbers on every architecture.
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each version of Landlock knows; the last holds for all later ones."""
_SIGKILL = 9


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


class LockError(OSError):
    """The kernel does not give what the lock needs."""


def landlock_abi() -> int:
    """Ask which version of Landlock the kernel has; 0 when it has none."""
    return max(0, int(_syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def landlock_ruleset() -> int:
    """Make a ruleset that denies all files, TCP, and others' signals and sockets; its descriptor goes to `Lock`."""
    abi = landlock_abi()
    if abi == 0:
        raise LockError("the kernel has no Landlock")
    attributes = _RulesetAttributes(
        (1 << _FILE_RIGHTS.get(abi, 16)) - 1, 0b11 if abi >= 4 else 0, 0b11 if abi >= 6 else 0
    )
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = int(_syscall(_LANDLOCK_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0)))
    _must(ruleset >= 0, "landlock_create_ruleset")
    return ruleset


class Lock:
    """Everything a child does to itself, prepared once in the warm process.

    Without a ruleset, files and system calls are left alone. `program` is the seccomp filter, as BPF.
    """

    def __init__(self, *, limits: Mapping[str, int], ruleset: int | None, program: bytes) -> None:
        seconds = limits["cpu_seconds"]
        self._limits = (
            (resource.RLIMIT_CPU, (seconds, seconds + 1)),
            (resource.RLIMIT_AS, (limits["memory_bytes"],) * 2),
            (resource.RLIMIT_STACK, (limits["stack_bytes"],) * 2),
            (resource.RLIMIT_NOFILE, (limits["open_files"],) * 2),
            (resource.RLIMIT_NPROC, (limits["processes"],) * 2),
            (resource.RLIMIT_FSIZE, (limits["file_bytes"],) * 2),
            (resource.RLIMIT_CORE, (0, 0)),
            (resource.RLIMIT_MEMLOCK, (0, 0)),
            (resource.RLIMIT_MSGQUEUE, (0, 0)),
        )
        self.ruleset = ruleset
        self._program = _Program(len(program) // 8, program)

    def close_on(self, parent: int) -> None:  # pragma: no cover - whoever does this measures nothing any more
        """Turn it, for good: nothing will inherit it. The child does not outlive its parent, the warm process."""
        _must(_prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) == 0, "prctl(PR_SET_PDEATHSIG)")
        if os.getppid() != parent:
            raise LockError("the warm process is gone")
        for what, values in self._limits:
            resource.setrlimit(what, values)
        _must(_prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "prctl(PR_SET_NO_NEW_PRIVS)")
        if self.ruleset is None:
            return
        _must(_prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "prctl(PR_SET_DUMPABLE)")
        _must(_syscall(_LANDLOCK_RESTRICT, self.ruleset, ctypes.c_uint32(0)) == 0, "landlock_restrict_self")
        os.close(self.ruleset)
        locked = _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(self._program), 0, 0)
        _must(locked == 0, "prctl(PR_SET_SECCOMP)")


def _must(done: bool, what: str) -> None:
    """Raise with errno's word unless it is done."""
    if not done:
        raise LockError(f"{what}: {os.strerror(ctypes.get_errno())}")
