"""Loaded by every worker of a test's cluster: notes who is graded, and dies of the student `poison`."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from autograder.batch.desk import Desk

_grade = Desk.grade


def _noted(desk, submission, begun, *, again):
    with Path(os.environ["HW1_NOTED"]).open("a", encoding="utf-8") as file:
        file.write(f"{submission.student}\n")
    if submission.student == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    return _grade(desk, submission, begun, again=again)


Desk.grade = _noted
