"""Process 1 of the namespaces: run a command, wait for it, and say what is left of it.

    python -I -S first.py SECONDS COMMAND...

As the first process it cannot be killed or stopped from inside, whatever a submission does. Uses nothing but Python.
"""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

LIMITS = {
    resource.RLIMIT_AS: 2 << 30,
    resource.RLIMIT_FSIZE: 64 << 20,
    resource.RLIMIT_NOFILE: 1024,
    resource.RLIMIT_CORE: 0,
}
"""Nobody's machine shall suffer."""
GRACE = 1.0
"""Seconds in which what the command started may end."""


def others() -> list[int]:
    """Say what runs here beside this process, and is not dead."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state = (entry / "stat").read_bytes().rpartition(b")")[2].split()[0]
        except OSError:
            continue
        if entry.name != "1" and state != b"Z":
            found.append(int(entry.name))
    return found


def ended(process: int, until: float) -> int | None:
    """Wait for a process until then, and bury whoever dies meanwhile: also the orphans are this process's children."""
    while time.monotonic() < until:
        try:
            dead, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if dead == process:
            return os.waitstatus_to_exitcode(status)
        if not dead:
            time.sleep(0.005)
    return None


def main() -> None:
    """Run it, and print one line of JSON."""
    seconds, command = float(sys.argv[1]), sys.argv[2:]
    for what, most in LIMITS.items():
        resource.setrlimit(what, (most, most))
    begun = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, start_new_session=True)
    code = ended(process.pid, begun + seconds)
    took = time.monotonic() - begun
    left: list[int] = []
    if code is not None:
        until = time.monotonic() + GRACE
        while (left := others()) and time.monotonic() < until:
            ended(0, time.monotonic() + 0.02)
    # Nothing may write to the results any more.
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for one in others():
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, number)
    print(json.dumps({"code": code, "seconds": took, "left": len(left)}))


main()
