"""The floor itself, inside the sandbox: one fork, the lock, exec of the source, the calls, exit, and nothing else.

Started in the worker's place as ``python __main__.py FD``. It prepares itself as the warm process does. Then the third
message brings a file with sources and calls; each later one names two of the sources, and is answered by the CPU
seconds that these and what lies between them took, in this process and its children.

Under valgrind, ``python __main__.py FILE FIRST END`` runs them without fork and lock, which are the kernel's work.
"""

from __future__ import annotations

import json
import marshal
import mmap
import os
import resource
import socket
import struct
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, os.environ.get("FLOOR_ROOT", "/worker"))

Call = tuple[str, list[Any]]


def one(source: str, calls: Sequence[Call]) -> None:
    """What no grader can do without: compile the source, run it, make the calls."""
    namespace: dict[str, Any] = {"__name__": "submission"}
    exec(compile(source, "submission", "exec"), namespace)
    for function, inputs in calls:
        try:  # noqa: SIM105 - a suppress() would cost more than some calls
            namespace[function](*inputs)
        except Exception:  # a wrong answer
            pass


def work(data: bytes) -> tuple[list[str], list[Call]]:
    """Take sources and calls from what `marshal` wrote, arrays made of them."""
    import numpy as np

    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    sources, calls = marshal.loads(data)
    made = [
        (
            function,
            [
                np.frombuffer(value[2], value[0]).reshape(value[1]).copy() if type(value) is tuple else value
                for value in inputs
            ],
        )
        for function, inputs in calls
    ]
    return sources, made


def _used() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def serve(descriptor: int) -> None:
    """Do rounds of it until nobody asks any more."""
    from autograder.sandbox._worker import __main__ as worker

    with socket.socket(fileno=descriptor) as control:
        control.set_inheritable(False)
        configuration = json.loads(control.recv(worker.CONFIGURATION_BYTES))
        tools, report = worker._prepare(configuration, control, worker.load_students_work)
        control.send(b"R" + json.dumps(report).encode())
        _, (file, *_), _, _ = socket.recv_fds(control, 1, 1)
        sources, calls = work(mmap.mmap(file, 0, prot=mmap.PROT_READ)[:])
        os.close(file)
        worker.gc.collect()
        worker.gc.freeze()
        parent = os.getpid()
        while message := control.recv(8):
            first, end = struct.unpack("<II", message)
            begun = _used()
            for source in sources[first:end]:
                child = os.fork()
                if child == 0:
                    try:
                        tools.lock.close_on(parent)
                        one(source, calls)
                    finally:
                        os._exit(0)
                os.waitpid(child, 0)
            control.send(struct.pack("<d", _used() - begun))


def count(file: str, first: int, end: int) -> None:
    """Do some of them here, to be counted."""
    sources, calls = work(Path(file).read_bytes())
    for source in sources[first:end]:
        one(source, calls)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        serve(int(sys.argv[1]))
    else:
        count(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
