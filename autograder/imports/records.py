"""What a download says: who handed in what, when, with whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from autograder.imports.members import Member

NO_STUDENT = "its name has no student in it"
"""Why a file is nobody's."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Attempt:
    """One submission as a platform hands it out."""

    #: For each student in it, all that the platform knows the student by: ids first, the name last.
    people: tuple[tuple[str, ...], ...]
    #: Which of a student's attempts is newer: the larger one. Empty where nobody knows.
    order: tuple[str | int, ...]
    late: bool
    #: Each file with the path it had when it was handed in; none where it is only known that there was an attempt.
    files: tuple[tuple[str, Member], ...]
    #: What the download calls an attempt without files.
    called: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Unpacked:
    """What one platform's reader made of a download."""

    platform: str
    attempts: tuple[Attempt, ...]
    #: Files that belong to no submission, each with the reason.
    others: tuple[tuple[Member, str], ...]


Reader = Callable[[Sequence[Member]], Unpacked | None]
"""Reads a download, or says by None that it comes from elsewhere."""


def moment(text: str, forms: Sequence[str]) -> tuple[str, ...]:
    """Write a time so that later ones sort last; nothing where it has none of the forms that `strptime` knows."""
    for form in forms:
        try:
            found = datetime.strptime(text, form)
            return ((found.astimezone(UTC) if found.tzinfo else found).isoformat(),)
        except (ValueError, OverflowError):
            continue
    return ()
