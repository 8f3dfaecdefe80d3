"""What PyTorch finds on the public cases, kept where Python keeps what it makes of the pages: no secret is behind it.

An author looks at the solution again and again, and changes its words; importing PyTorch takes longer than TeX.
"""

import importlib.util
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from autograder.errors import AssignmentError, AutograderError
from autograder.loading import code_sha256
from autograder.model import Assignment
from autograder.paths import OurFolder
from autograder.results import Cases
from autograder.truth.autograd import compute_public, verify
from autograder.truth.cache import FORMAT, from_bytes, parts, same_inputs, stored, to_bytes
from autograder.truth.draw import draw_all
from autograder.truth.secret import read_secret


def public_truths(assignment: Assignment, course: Path, notify: Callable[[str], None]) -> Cases:
    """Take the public cases and their truths from what was kept for the same code, or compute and keep them.

    They are equal to what `compute_public` returns. Where they were kept, torch is not imported, and the references are
    held against them again. A course's cache is read where there is one; it is never written, and no secret is made.

    Raises `AssignmentError` from `compute_public`.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, AssignmentError):
        return _checked(_kept(assignment), assignment)
    try:
        cases = _checked(_of_course(assignment, course), assignment)
    except (ValueError, AutograderError):
        notify("computing the worked numbers with PyTorch")
        cases = compute_public(assignment)
    with suppress(OSError):
        _keep(cases, assignment)
    return cases


def _place(assignment: Assignment) -> Path:
    """Say where they lie: beside the compiled pages, wherever Python was told to put these."""
    if assignment.folder is None:
        raise FileNotFoundError
    compiled = Path(importlib.util.cache_from_source(str(assignment.folder / "__init__.py")))
    return compiled.with_name(f"truths-{assignment.variant}")


def _kept(assignment: Assignment) -> Cases:
    """Read them, or raise one of several errors where they are not those of this code."""
    place = _place(assignment)
    with OurFolder(place.parent) as folder:
        content = folder.read(place.name)
    header, _ = parts(content)
    if (header["format"], header["code_sha256"]) != (FORMAT, code_sha256(assignment)):
        raise ValueError("they are of other code")
    return from_bytes(content)


def _of_course(assignment: Assignment, course: Path) -> Cases:
    """Take them from a course's cache; `InputError` or `SecretError` where there is none of this homework."""
    cases = stored(assignment, course, read_secret(course, create=False))
    return replace(cases, cases=tuple(case for case in cases.cases if not case.hidden), cases_id="")


def _checked(cases: Cases, assignment: Assignment) -> Cases:
    """Hold the cases against those that are drawn now, and the references against their truths."""
    for drawn, case in zip(draw_all(assignment, None), cases.cases, strict=True):
        if drawn.id != case.id or not same_inputs(drawn.inputs, case.inputs):
            raise ValueError("they are of other cases")
        verify(drawn, cases.truths[case.id])
    truths = {case.id: cases.truths[case.id] for case in cases.cases}
    return replace(cases, truths=truths)


def _keep(cases: Cases, assignment: Assignment) -> None:
    place = _place(assignment)
    place.parent.mkdir(parents=True, exist_ok=True)
    with OurFolder(place.parent) as folder:
        folder.write(place.name, to_bytes(cases, {"format": FORMAT, "code_sha256": code_sha256(assignment)}))
