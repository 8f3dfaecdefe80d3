"""What a download says: who handed in what, when, with whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.imports.members import Member


@dataclass(frozen=True, kw_only=True, eq=False)
class Attempt:
    """One submission as a platform hands it out."""

    #: For each student in it, all that the platform knows the student by: ids first, the name last.
    people: tuple[tuple[str, ...], ...]
    #: Which of a student's attempts is newer: the larger one.
    order: tuple[str | int, ...]
    late: bool
    #: Each file with the path it had when it was handed in.
    files: tuple[tuple[str, Member], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Unpacked:
    """What one platform's reader made of a download."""

    platform: str
    attempts: tuple[Attempt, ...]
    #: Files that belong to no submission, each with the reason.
    others: tuple[tuple[Member, str], ...]


Reader = Callable[[Sequence[Member]], Unpacked | None]
"""Reads a download, or says by None that it comes from elsewhere."""
