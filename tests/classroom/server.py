"""Runs nbgrader commands for one person: nbgrader is imported once, each command runs in a fork of its own.

A command line costs seconds of imports. A fork after them takes the same way through the same entry point, with its own
configuration, working directory and exit code, so a whole chain costs one import for each person. Run as a script;
reads one JSON line per batch of commands, which run at the same time, and answers one line.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from typing import Any, NoReturn


def run(argv: list[str], cwd: str, environment: dict[str, str], output: int) -> NoReturn:
    """Be the ``nbgrader`` command, in a fresh fork."""
    from nbgrader.apps import nbgraderapp

    silence = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((silence, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.chdir(cwd)
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
            start = time.monotonic()
            pid = os.fork()
            if not pid:
                run(call["argv"], call["cwd"], call["environment"], output.fileno())
            running.append((pid, output, start))
        answers = []
        for pid, output, start in running:
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            seconds = time.monotonic() - start
            output.seek(0)
            answers.append({"code": code, "output": output.read().decode("utf-8", "replace"), "seconds": seconds})
        return answers


def main() -> None:

    import autograder.nbgrader_plugin._exporter  # noqa: F401

    # Else every fork copies all of it when it ends, in nearly a second.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
