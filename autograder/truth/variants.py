"""Which variant of a homework a student has: drawn under the secret, and kept from the first release on."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.course import released_variants
from autograder.errors import InputError, OutputError
from autograder.model import Assignment
from autograder.truth.draw import keyed
from autograder.truth.secret import private_folder, read_private


def variants_for(assignment: Assignment, course: Path, secret: bytes, students: Iterable[str]) -> dict[str, int]:
    """Number each student's variant: as it was given out, else as the secret draws it; 0 where there are none.

    A number tells nothing but itself.

    Raises `InputError` if somebody was given a variant that is no more.
    """
    count = len(assignment.variants)
    known = given_out(assignment, course) if count else {}
    found = {student: known.get(student) or _drawn(assignment, secret, student) for student in students}
    gone = next((student for student, number in found.items() if number > count), None)
    if gone is not None:
        raise InputError(
            f"{gone} was given variant {found[gone]} of {assignment.id}, which has only {count} now: give its pages as "
            "many variants as when they were released"
        )
    return found


def _drawn(assignment: Assignment, secret: bytes, student: str) -> int:
    if not assignment.variants:
        return 0
    number = int.from_bytes(keyed(secret, "variant", assignment.id, student), "big")
    return number % len(assignment.variants) + 1


def given_out(assignment: Assignment, course: Path) -> dict[str, int]:
    """Read which variants were released to whom; nobody where nothing was.

    Raises `InputError` if what is there tells nothing.
    """
    name = released_variants(assignment.id)
    try:
        found = json.loads(read_private(course, name)[0])
        return {str(student): max(int(number), 1) for student, number in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise InputError(f"{course}: the record of released variants ({name}) cannot be read: {error}") from None


def give_out(assignment: Assignment, course: Path, variants: Mapping[str, int]) -> None:
    """Keep which variants are released to whom, beside those that were; OutputError where that cannot be kept."""
    known = {**given_out(assignment, course), **variants}
    content = json.dumps(dict(sorted(known.items())), indent=1).encode() + b"\n"
    try:
        course.mkdir(parents=True, exist_ok=True)
        with private_folder(course) as folder:
            folder.write(released_variants(assignment.id), content)
    except OSError as error:
        raise OutputError(f"{course}: the record of released variants cannot be written: {error.strerror}") from None
