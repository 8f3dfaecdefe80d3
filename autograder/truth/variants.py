"""Which variant of a homework a student has: drawn under the secret, and kept from the first release on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from autograder.course import released_variants
from autograder.errors import InputError, OutputError
from autograder.model import Assignment
from autograder.truth.draw import keyed
from autograder.truth.secret import private_folder, read_private


def variant_of(assignment: Assignment, secret: bytes, student: str) -> Assignment:
    """Choose a student's variant; its number tells nothing but itself. The assignment where it is the same for all."""
    if not assignment.variants:
        return assignment
    drawn = int.from_bytes(keyed(secret, "variant", assignment.id, student), "big")
    return assignment.of(drawn % len(assignment.variants) + 1)


def given_out(assignment: Assignment, course: Path) -> dict[str, int]:
    """Read which variants were released to whom; nobody where nothing was.

    Raises
    ------
    InputError
        If what is there tells nothing.
    """
    name = released_variants(assignment.id)
    try:
        found = json.loads(read_private(course, name)[0])
        return {str(student): int(number) for student, number in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise InputError(f"{course}: which variants were released ({name}) cannot be read: {error}") from None


def give_out(assignment: Assignment, course: Path, variants: Mapping[str, int]) -> None:
    """Keep which variants are released to whom, beside those that were; OutputError where that cannot be kept."""
    known = {**given_out(assignment, course), **variants}
    content = json.dumps(dict(sorted(known.items())), indent=1).encode() + b"\n"
    try:
        course.mkdir(parents=True, exist_ok=True)
        with private_folder(course) as folder:
            folder.write(released_variants(assignment.id), content)
    except OSError as error:
        raise OutputError(f"{course}: which variants are released cannot be kept: {error.strerror}") from None


def refuse_others(assignment: Assignment, course: Path, variants: Mapping[str, int]) -> None:
    """Stop where somebody was given another variant: by another secret, or before their number changed.

    Raises
    ------
    InputError
        If there is one.
    """
    known = given_out(assignment, course) if assignment.variants else {}
    other = next((student for student, number in variants.items() if known.get(student, number) != number), None)
    if other is not None:
        raise InputError(
            f"{other} was given variant {known[other]} of {assignment.id}, and has variant {variants[other]} now: use "
            "the secret and the number of variants that it was released with"
        )
