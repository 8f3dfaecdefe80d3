"""Filters over system calls, as the kernel takes them: built once by libseccomp, in the grader."""

import ctypes
import errno
import functools
import mmap
import os
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from autograder.errors import IsolationError

_KILL_PROCESS = 0x80000000
_ERRNO = 0x00050000
_ALLOW = 0x7FFF0000
_AT_MOST, _EQUAL, _MASKED_EQUAL = 3, 4, 7
_LAST_CLOCK = 11  # CLOCK_TAI
_CLONE_NEWUSER = 0x10000000
_MAP_HUGETLB = 0x40000
_FCNTL_READS = (1, 2, 3)  # F_GETFD, F_SETFD, F_GETFL

ALLOWED = """
    read readv write writev pread64 lseek close fstat munmap mremap brk futex  rt_sigaction
    rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack restart_syscall
    nanosleep gettimeofday time times getrusage getrandom sched_yield
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getcwd uname
    exit exit_group
"""
"""What a child may call whatever the arguments."""

NO_FILE = """
    open openat openat2 newfstatat stat lstat statx statfs readlink readlinkat access faccessat faccessat2
"""
"""Answered as if no file had that name, before the kernel looks: how long it looks tells who looked there before."""

ADVICE = (14, 15)  # MADV_HUGEPAGE, MADV_NOHUGEPAGE
"""All that numpy and the C library advise. Other advice puts pages of shared files out of memory, or single ones in."""

CLOCKS = "clock_gettime clock_getres clock_nanosleep"
"""Of its own and the machine's clocks; the CPU clocks of other processes have numbers beyond them."""

OF_ITSELF = "sched_getaffinity getpgid getsid"
"""Allowed about the caller, which is process 0."""

KILLED = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_open pidfd_send_signal
    pidfd_getfd  io_uring_setup io_uring_enter io_uring_register bpf perf_event_open userfaultfd add_key
    request_key keyctl  unshare setns mount umount umount2 move_mount open_tree fsopen fsmount fsconfig fspick
    mount_setattr pivot_root chroot  init_module finit_module delete_module kexec_load kexec_file_load reboot
    open_by_handle_at name_to_handle_at  swapon swapoff acct syslog quotactl quotactl_fd iopl ioperm
    modify_ldt kcmp lookup_dcookie vm86 vm86old  settimeofday clock_settime clock_adjtime adjtimex sethostname
    setdomainname vhangup nfsservctl
"""
"""What no homework calls by accident: a child that does is killed on the spot."""


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


@functools.cache
def child_filter() -> bytes:
    """Build the filter a child puts on, as BPF: an allow list, everything else refused, some of it deadly."""
    with _filter(_ERRNO | errno.EPERM) as rules:
        for name in ALLOWED.split():
            rules.add(_ALLOW, name)
        for name in KILLED.split():
            rules.add(_KILL_PROCESS, name)
        for name in NO_FILE.split():
            rules.add(_ERRNO | errno.ENOENT, name)
        memory = (3, _MASKED_EQUAL, mmap.MAP_ANONYMOUS | _MAP_HUGETLB, mmap.MAP_ANONYMOUS)
        rules.add(_ALLOW, "mmap", (2, _MASKED_EQUAL, mmap.PROT_EXEC, 0), memory)
        rules.add(_ALLOW, "mprotect", (2, _MASKED_EQUAL, mmap.PROT_EXEC, 0))
        for advice in ADVICE:
            rules.add(_ALLOW, "madvise", (2, _EQUAL, advice, 0))
        for name in CLOCKS.split():
            rules.add(_ALLOW, name, (0, _AT_MOST, _LAST_CLOCK, 0))
        for name in OF_ITSELF.split():
            rules.add(_ALLOW, name, (0, _EQUAL, 0, 0))
        rules.add(_ALLOW, "prlimit64", (0, _EQUAL, 0, 0), (2, _EQUAL, 0, 0))
        rules.add(_ALLOW, "setitimer", (0, _EQUAL, signal.ITIMER_PROF, 0))
        rules.add(_ALLOW, "ioctl", (1, _EQUAL, termios.TCGETS, 0))
        for command in _FCNTL_READS:
            rules.add(_ALLOW, "fcntl", (1, _EQUAL, command, 0))
        return rules.export()


@functools.cache
def outer_filter() -> bytes:
    """Build the filter, as BPF, that bubblewrap puts on the warm process, which must still fork."""
    with _filter(_ALLOW) as rules:
        for name in (*KILLED.split(), "socket", "memfd_create"):
            rules.add(_ERRNO | errno.EPERM, name)
        rules.add(_ERRNO | errno.EPERM, "clone", (0, _MASKED_EQUAL, _CLONE_NEWUSER, _CLONE_NEWUSER))
        rules.add(_ERRNO | errno.ENOSYS, "clone3")
        rules.add(_ERRNO | errno.EPERM, "ioctl", (1, _EQUAL, termios.TIOCSTI, 0))
        return rules.export()


class _Rules:
    """One filter while it is being built."""

    def __init__(self, library: ctypes.CDLL, context: ctypes.c_void_p) -> None:
        self._library = library
        self._context = context

    def add(self, action: int, name: str, *conditions: tuple[int, int, int, int]) -> None:
        """Add a rule; calls this architecture does not have are left out."""
        number = self._library.seccomp_syscall_resolve_name(name.encode())
        if number < 0:
            return
        array = (_Comparison * len(conditions))(*(_Comparison(*condition) for condition in conditions))
        failed = self._library.seccomp_rule_add_array(self._context, action, number, len(conditions), array)
        if failed:
            raise IsolationError(f"libseccomp refuses a rule for {name}: {os.strerror(-failed)}")

    def export(self) -> bytes:
        """The filter as BPF."""
        descriptor = os.memfd_create("filter", os.MFD_CLOEXEC)
        try:
            failed = self._library.seccomp_export_bpf(self._context, descriptor)
            if failed:
                raise IsolationError(f"libseccomp cannot export its filter: {os.strerror(-failed)}")
            return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        finally:
            os.close(descriptor)


@contextmanager
def _filter(default: int) -> Iterator[_Rules]:
    """An empty filter with its default action; system calls of another architecture kill."""
    library = _library()
    context = ctypes.c_void_p(library.seccomp_init(default))
    if not context:
        raise IsolationError("libseccomp cannot make a filter")
    try:
        yield _Rules(library, context)
    finally:
        library.seccomp_release(context)


def _library() -> ctypes.CDLL:
    """Load libseccomp."""
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError as error:
        raise IsolationError(
            "libseccomp, which builds the filter for system calls, is missing; install it (apt-get install libseccomp2)"
        ) from error
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_release.argtypes = [ctypes.c_void_p]
    library.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(_Comparison)
    ]  # fmt: skip
    library.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    return library
