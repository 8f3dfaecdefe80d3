"""The floor with its doors open: imports come from files, and no page is held. What the doors cost is the difference.

Started in the worker's place as ``python __main__.py FD``, as the floor itself is.
"""

from __future__ import annotations

import os
import runpy
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, "/worker")


def imported(_: bytes, control: socket.socket, load: Callable[[], Any]) -> tuple[Any, int, Any, Any]:
    """Import what the worker does, and leave everything else where it is."""
    from autograder.sandbox._worker import lock, probe

    work = load()
    _, (modules, *_), _, _ = socket.recv_fds(control, 1, 1)
    os.close(modules)
    return lock, lock.landlock_ruleset(), work, probe


if __name__ == "__main__":
    from autograder.sandbox._worker import __main__ as worker

    worker._imported = imported
    floor = runpy.run_path(str(Path(__file__).parents[1] / "floor" / "__main__.py"), run_name="floor")
    floor["serve"](int(sys.argv[1]))
