"""What one submission may use: every limit, with its unit. SECURITY.md has the same as a table.

Time is CPU time, for what a submission earns must not depend on what else the machine does. CPU time grows a little
beside busy neighbors too, so a limit is enforced at `MARGIN` times what is stated. Sleeping counts like computing.
Nothing is shared: what one function or one statement takes, no other lacks.

The bounds of the wire's format stand in `autograder.wire.records`, the sizes of files that are read in
`autograder.loading`. Two things need no limit. What is printed goes to ``/dev/null``: it costs its own time. And there
is no scratch folder: at the level `bubblewrap` every file system is read-only.

Memory is bounded by address space and not by a cgroup: a submission is one process that can neither fork nor write nor
share memory, so what it may map is all that it can take; and a cgroup is root's to give, or a session's, and in a
container often nobody's.
"""

import math
from dataclasses import dataclass, fields

from autograder.errors import AssignmentError

MARGIN = 1.5  #: A limit on CPU time is enforced at this many times what is stated.

_MAY_BE_NONE = ("processes", "file_bytes", "reforks", "public_reforks")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one submission may use. An assignment's own are ``LIMITS`` in its ``__init__.py``."""

    cpu_seconds_per_call: float = 2.0  #: Time of one call, as stated to students.
    #: Time of all hidden calls of a function, as stated; its public calls have as much again. When it is not enough, no
    #: call of the function counts: how far it came is a matter of milliseconds.
    cpu_seconds_per_function: float = 20.0
    #: Time of one statement at the top level of a submission, as stated; it is left out when it takes longer.
    cpu_seconds_per_statement: float = 2.0
    #: Time of all these statements, as stated; whatever comes later gets very little each.
    cpu_seconds_to_load: float = 10.0
    #: How much longer than it may sleep a process may use no CPU time. This is wall time: it is believed only when it
    #: happens again in a second run.
    idle_seconds: float = 2.0
    #: Wall time of one run of a submission, believed in the same way; no process of it gets more CPU time either.
    wall_seconds: float = 600.0
    #: Address space of the process, numpy included (which takes about a quarter of the default).
    memory_bytes: int = 512 << 20
    stack_bytes: int = 8 << 20  #: Its stack.
    open_files: int = 16  #: Its file descriptors.
    #: Processes and threads that it may start. The filter over system calls refuses them before the kernel counts.
    processes: int = 0
    #: Size of a file that it writes. The filter refuses to open one for writing before the kernel counts.
    file_bytes: int = 0
    returned_bytes_per_call: int = 1 << 20  #: Bytes of the arrays that come back from one call.
    returned_bytes: int = 16 << 20  #: The same from all calls of a run.
    reforks: int = 3  #: How often a function goes on after a call that crashed or took too long.
    public_reforks: int = 0  #: The same for public cases.
    start_seconds: float = 120.0  #: Time the warm process has to start.
    exit_seconds: float = 5.0  #: Time a process has to end after it closed its end of the pipe.

    def __post_init__(self) -> None:
        """Refuse a time or a size that is not above 0, and a negative count."""
        for one in fields(self):
            value = getattr(self, one.name)
            least = "at least 0" if one.name in _MAY_BE_NONE else "above 0"
            if not (value >= 0 if one.name in _MAY_BE_NONE else 0 < value < math.inf):
                raise AssignmentError(f"LIMITS: {one.name} is {value!r}; it must be {least}")

    @property
    def stated(self) -> str:
        """How much time there is, as students are told."""
        return (
            f"A call has {self.cpu_seconds_per_call:g} s of CPU time, and all hidden calls of a function together "
            f"{self.cpu_seconds_per_function:g} s. While your code is loaded, a statement has "
            f"{self.cpu_seconds_per_statement:g} s, and all of it together {self.cpu_seconds_to_load:g} s. Time spent "
            "sleeping counts, too."
        )
