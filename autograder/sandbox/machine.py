"""What this machine offers for keeping submissions apart, found by trying."""

import ctypes
import os
import sys
from pathlib import Path

from autograder.errors import AutograderError, IsolationError
from autograder.model import Limits
from autograder.sandbox import seccomp
from autograder.sandbox._worker.lock import landlock_abi
from autograder.sandbox.warm import Warm
from autograder.words import Isolation

_CLONE_NEWUSER = 0x10000000
_ACTIONS = Path("/proc/sys/kernel/seccomp/actions_avail")


def obstacle(isolation: Isolation) -> str:
    """Start the sandbox at a level, and let a locked child try what none may do; what is in the way, if anything."""
    try:
        Warm(isolation, Limits()).close()
    except AutograderError as error:
        return " ".join(str(error).split())
    return ""


def landlock() -> int:
    """Ask for the kernel's version of Landlock; 0 when it has none."""
    return landlock_abi() if sys.platform == "linux" else 0


def seccomp_obstacle() -> str:
    """Compile the filter over system calls for a kernel that takes one; what is in the way, if anything."""
    if not _ACTIONS.exists():
        return "the kernel has no seccomp filter"
    try:
        seccomp.child_filter()
    except IsolationError as error:
        return " ".join(str(error).split())
    return ""


def has_user_namespaces() -> bool:
    """Try to make one, in a child that ends at once."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    child = os.fork()
    if child == 0:
        os._exit(libc.unshare(_CLONE_NEWUSER) != 0)
    _, status = os.waitpid(child, 0)
    return status == 0
