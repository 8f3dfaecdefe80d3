"""Submissions made of a text, for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.results import Cell, Submission


def submission_of(source: str, student: str = "s") -> Submission:
    return Submission(
        student=student,
        path=Path(f"{student}.py"),
        kind="module",
        cells=(Cell(label=f"{student}.py", source=source),),
        sha256=hashlib.sha256(source.encode()).hexdigest(),
    )
