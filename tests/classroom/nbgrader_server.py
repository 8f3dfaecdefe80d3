"""Runs nbgrader's commands: it is imported once, which takes seconds, and each command runs in a fork.

A fork takes the same way through the same entry point as the real command, with its own configuration, working
directory and exit code. A script, so that any account can run it: it reads one JSON line for each batch of commands,
which run at the same time, and answers one line.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, NoReturn


def without_iris() -> None:
    """Let jsonschema do without the grammar of IRIs: it takes two seconds to build, and no schema here holds one."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


STARTED: list[int] = []
"""Process ids of the servers of this process."""


@cache
def server(*prefix: str) -> subprocess.Popen[str]:
    """Start a server, one in this process for each account: `prefix` are words that run it under another one."""
    root = Path(__file__).parents[2]
    started = subprocess.Popen(
        [*prefix, sys.executable, "-P", __file__],
        cwd="/",
        # Every command brings an environment of its own.
        env=os.environ | {"PYTHONPATH": str(root), "JUPYTER_PLATFORM_DIRS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(started.communicate)
    STARTED.append(started.pid)
    return started


def ask(server: subprocess.Popen[str], calls: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Let a server run commands (argv, cwd, environment) at the same time: code, output and seconds of each."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps(calls) + "\n")
    server.stdin.flush()
    answers: list[dict[str, Any]] = json.loads(server.stdout.readline())
    return answers


def run(argv: list[str], cwd: str, environment: dict[str, str], output: int) -> NoReturn:
    """Be the ``nbgrader`` command, in a fresh fork."""
    from nbgrader.apps import nbgraderapp

    silence = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((silence, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["nbgrader", *argv]
    try:
        nbgraderapp.main()
    except SystemExit:
        raise
    except BaseException:
        traceback.print_exc()
        sys.exit(1)
    sys.exit(0)


def answer(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run commands at the same time; say how each ended."""
    with ExitStack() as stack:
        running = []
        for call in calls:
            output = stack.enter_context(tempfile.TemporaryFile())
            begun = time.monotonic()
            pid = os.fork()
            if not pid:
                run(call["argv"], call["cwd"], call["environment"], output.fileno())
            running.append((pid, output, begun))
        answers = []
        for pid, output, begun in running:
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            seconds = time.monotonic() - begun
            output.seek(0)
            answers.append({"code": code, "output": output.read().decode("utf-8", "replace"), "seconds": seconds})
        return answers


def main() -> None:
    """Answer until there is nobody to ask."""
    without_iris()
    import autograder.nbgrader_plugin.exporter  # noqa: F401

    # Else every fork copies all of it when it ends, in nearly a second.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
