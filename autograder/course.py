"""What lies where in a course directory, apart from nbgrader's own folders, which its configuration names."""

import os
from pathlib import Path

from autograder.errors import SecretError

PRIVATE = ".autograder"  #: The folder of all that is ours and nobody else's.
FORMER = ".hw1"  #: What it was called before.
VARIABLE = "AUTOGRADER_SECRET"  #: The environment variable that may hold the secret instead of a file.
FORMER_VARIABLE = "HW1_SECRET"  #: What it was called before.

SECRET = "secret"  # noqa: S105 - a file's name
"""In it: what hidden cases are drawn under."""

TRUTHS = "truths"  #: In it: the cache of cases and truths.
FORMULAS = "formulas"  #: In it: what formulas like that of an answer come to, a file for each.

MISTAKES = "mistakes"
"""In it: what the authors' mistakes answer to the hidden cases, a file for each function."""

RELEASED = "release.json"  #: In it: digests of what was released, to tell an edit from an older release.


def released_variants(assignment_id: str) -> str:
    """Name the file of who was given which variant of a homework."""
    return f"variants-{assignment_id}.json"


def truths(variant: int) -> str:
    """Name the file of one variant's cases and truths; that of a homework without variants is 0."""
    return _numbered(TRUTHS, variant)


def formulas(part: str, output: str, variant: int) -> str:
    """Name the file of one function's answer, in one variant."""
    return _numbered(f"{FORMULAS}-{part}-{output}", variant)


def mistakes(part: str, variant: int) -> str:
    """Name the file of one function's mistakes, in one variant."""
    return _numbered(f"{MISTAKES}-{part}", variant)


def _numbered(name: str, variant: int) -> str:
    return f"{name}-{variant}" if variant else name


def private(course: Path) -> Path:
    """Say where all that is ours lies; SecretError where it still has its former name."""
    if (course / FORMER).is_dir() and not (course / PRIVATE).exists():
        raise SecretError(f"{course / FORMER} has a new name: mv {course / FORMER} {course / PRIVATE}")
    return course / PRIVATE


def given_secret() -> str | None:
    """Take the secret from the environment, where there is one; SecretError where it has its former name."""
    if FORMER_VARIABLE in os.environ and VARIABLE not in os.environ:
        raise SecretError(f"${FORMER_VARIABLE} has a new name: set ${VARIABLE} instead")
    return os.environ.get(VARIABLE)


def has_secret(course: Path) -> bool:
    """Say whether the environment or a file has the secret, whatever is in it."""
    return given_secret() is not None or (private(course) / SECRET).exists()


def grades_folder(course: Path, assignment_id: str) -> Path:
    """Say where the grades of what nbgrader collected lie: an ordinary output folder of ``hw1 grade``."""
    return private(course) / "grades" / assignment_id
