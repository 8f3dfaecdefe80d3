"""What one submission may use: every limit, with its unit. SECURITY.md has the same as a table.

The bounds of the wire's format stand in `autograder.wire.records`, the sizes of files that are read in
`autograder.loading`. Two things need no limit. What is printed goes to ``/dev/null``: it costs its own time. And there
is no scratch folder: at the level `bubblewrap` every file system is read-only.

Memory is bounded by address space and not by a cgroup: a submission is one process that can neither fork nor write nor
share memory, so what it may map is all that it can take; and a cgroup is root's to give, or a session's, and in a
container often nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one submission may use; loading its code counts as one call.

    Attributes
    ----------
    cpu_seconds_per_call : float
        CPU time of one call.
    wall_seconds_per_call : float
        Time of one call.
    wall_seconds : float
        Time of a submission's runs, public and hidden together; no process of it gets more CPU time either. When it is
        over, the function that took the most gets no more of it and the others have as much again: a submission with
        four functions, all of them slow, takes at most four times as long.
    public_share : float
        Share of `wall_seconds` that the public cases may take, so that the hidden ones get theirs.
    memory_bytes : int
        Address space of the process, numpy included (which takes about a quarter of the default).
    stack_bytes : int
        Its stack.
    open_files : int
        Its file descriptors.
    processes : int
        Processes and threads that it may start. The filter over system calls refuses them before the kernel counts.
    file_bytes : int
        Size of a file that it writes. The filter refuses to open one for writing before the kernel counts.
    returned_bytes_per_call, returned_bytes : int
        Bytes of the arrays that come back, from one call and from all calls of a run.
    reforks, public_reforks : int
        How often a function that crashed or hung is given another process, for hidden and for public cases.
    start_seconds : float
        Time the warm process has to start.
    exit_seconds : float
        Time a process has to end after it closed its end of the pipe.
    """

    cpu_seconds_per_call: float = 2.0
    wall_seconds_per_call: float = 5.0
    wall_seconds: float = 30.0
    public_share: float = 1 / 3
    memory_bytes: int = 512 << 20
    stack_bytes: int = 8 << 20
    open_files: int = 16
    processes: int = 0
    file_bytes: int = 0
    returned_bytes_per_call: int = 1 << 20
    returned_bytes: int = 16 << 20
    reforks: int = 3
    public_reforks: int = 0
    start_seconds: float = 30.0
    exit_seconds: float = 0.5


READING = Limits(cpu_seconds_per_call=10.0, wall_seconds_per_call=30.0, wall_seconds=30.0)
"""What one written part may use: reading one takes well below a second."""
