"""What checks public cases in students' repositories: a bundle for Classroom 50, or a workflow of GitHub's.

Whoever can push to a repository can change its workflow and read all that runs there. So these hold the self-check and
nothing else of ours: no truth of a hidden case, no reference, no secret; and what they count is no grade.
"""

import string
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from autograder.exports import public_cases
from autograder.model import Assignment
from autograder.templates import filled

ENTRY: Final = "autograder.py"  #: What Classroom 50's runner starts, in an assignment's bundle.

_SLUG = frozenset(string.ascii_lowercase + string.digits)
_SCRIPT: Final = "public_cases.py"
_FOLDER: Final = ".github/public-cases"


def classroom50(assignment: Assignment, selfcheck: str, python: str) -> Mapping[str, bytes]:
    """Lay out what goes into a classroom's folder of the configuration repository, by path.

    `selfcheck` is the text of the homework's, `python` the version that work is graded with, such as ``3.12``.
    """
    slug = slug_of(assignment)
    return {
        f"autograders/{slug}/{ENTRY}": _script(assignment).encode(),
        f"autograders/{slug}/{assignment.check_module}.py": selfcheck.encode(),
        "runtime.json": f'{{"runs-on": "ubuntu-24.04", "python": "{python}"}}\n'.encode(),
    }


def github_action(assignment: Assignment, selfcheck: str, python: str) -> Mapping[str, bytes]:
    """Lay out what goes into the repository that students start from, by path; parameters as of `classroom50`."""
    script = f"{_FOLDER}/{_SCRIPT}"
    gaps = {"title": public_cases.TITLE, "python": python, "numpy": _numpy(), "script": script}
    return {
        f".github/workflows/{slug_of(assignment)}-public-cases.yml": filled(
            __package__, "public_cases.yml.j2", **gaps
        ).encode(),
        script: _script(assignment).encode(),
        f"{_FOLDER}/{assignment.check_module}.py": selfcheck.encode(),
    }


def slug_of(assignment: Assignment) -> str:
    """Spell an assignment's id as Classroom 50 allows: 2 to 39 small letters, digits and hyphens."""
    plain = "".join(sign if sign in _SLUG else " " for sign in assignment.id.lower())
    slug = "-".join(plain.split())[:39].rstrip("-")
    return slug if len(slug) > 1 else f"hw-{slug}".rstrip("-")


def _numpy() -> str:
    return f"numpy=={'.'.join(np.__version__.split('.')[:2])}.*"


def _script(assignment: Assignment) -> str:
    text = Path(public_cases.__file__).read_text(encoding="utf-8")
    for old, new in (
        ('("homework.ipynb", "homework.py")', repr((f"{assignment.id}.ipynb", f"{assignment.id}.py"))),
        ('"homework_check.py"', repr(f"{assignment.check_module}.py")),
        ('NUMPY = "numpy"', f"NUMPY = {_numpy()!r}"),
    ):
        if text.count(old) != 1:
            raise AssertionError(f"public_cases.py has lost the place of {old}")
        text = text.replace(old, new)
    return text
