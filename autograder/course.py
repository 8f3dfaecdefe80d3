"""What lies where in a course directory, apart from nbgrader's own folders, which its configuration names."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.errors import SecretError

PRIVATE = ".autograder"
"""The folder of all that is ours and nobody else's."""

FORMER = ".hw1"
"""What it was called before."""

VARIABLE = "AUTOGRADER_SECRET"
"""The environment variable that may hold the secret instead of a file."""

SECRET = "secret"  # noqa: S105 - a file's name
"""In it: what hidden cases are drawn under."""

TRUTHS = "truths"
"""In it: the cache of cases and truths."""

RELEASED = "release.json"
"""In it: digests of what was released, to tell an edit from an older release."""


def private(course: Path) -> Path:
    """Say where all that is ours lies; SecretError where it still has its former name."""
    if (course / FORMER).is_dir() and not (course / PRIVATE).exists():
        raise SecretError(f"{course / FORMER} has a new name: mv {course / FORMER} {course / PRIVATE}")
    return course / PRIVATE


def has_secret(course: Path) -> bool:
    """Say whether the environment or a file has the secret, whatever is in it."""
    return VARIABLE in os.environ or (private(course) / SECRET).exists()


def grades_folder(course: Path, assignment_id: str) -> Path:
    """Say where the grades of what nbgrader collected lie: an ordinary output folder of ``hw1 grade``."""
    return private(course) / "grades" / assignment_id
