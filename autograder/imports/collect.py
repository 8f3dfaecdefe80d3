"""A download as a plan: whose folder each file goes into, and why the others go into none."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import InputError
from autograder.imports import blackboard, brightspace, canvas, folders, gradescope, moodle
from autograder.imports.members import LONGEST_NAME, Member
from autograder.imports.records import Attempt, Reader, Unpacked
from autograder.imports.roster import Roster
from autograder.loading.names import student_id

_READERS: tuple[Reader, ...] = (
    gradescope.read,
    moodle.read,
    brightspace.read,
    folders.read_clones,
    blackboard.read,
    canvas.read,
    folders.read_folders,
)
_UNMISTAKABLE: tuple[Reader, ...] = (moodle.read, brightspace.read, blackboard.read, canvas.read)
_LOOKED_AT = 1_000
PLATFORMS = "Canvas, Gradescope, Moodle, Blackboard or Brightspace, clones of repositories or a folder a student"


@dataclass(frozen=True, kw_only=True, eq=False)
class Handed:
    """What one student handed in last."""

    student: str
    late: bool
    #: Students who handed it in together; empty for one alone.
    group: tuple[str, ...]
    files: tuple[tuple[str, Member], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What is written, and what is not."""

    platform: str
    handed: tuple[Handed, ...]
    #: Each file that goes nowhere, with the reason.
    left: tuple[tuple[str, str], ...]
    #: Students of the roster who handed in nothing.
    absent: tuple[str, ...]
    #: Who handed in and is not on the roster, as the platform calls them.
    strangers: tuple[str, ...]


def recognized(members: Sequence[Member]) -> Unpacked | None:
    """Find out which platform a download is from, by what its files are called."""
    return next((found for reader in _READERS if (found := reader(members)) is not None), None)


def is_download(path: Path) -> bool:
    """Whether a zip archive is a class's, by the names in it: one student's own has no platform's."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
    parts = [tuple(name.split("/")) for name in names[:_LOOKED_AT] if name and not name.endswith("/")]
    members = [Member(parts=one, size=0, read=bytes) for one in parts if all(len(name) <= LONGEST_NAME for name in one)]
    return gradescope.is_export(members) or any(reader(members) for reader in _UNMISTAKABLE)


def plan(members: Sequence[Member], roster: Roster | None, download: Path) -> Plan:
    """Decide what becomes of each file; newest attempts only, a group's for each of its members.

    Raises
    ------
    InputError
        If no platform calls its files so, or two submissions are one student's and none is newer.
    """
    found = recognized(members)
    if found is None:
        raise InputError(f"{download}: its files are not called as those of {PLATFORMS}")
    strangers: list[str] = []
    latest: dict[str, tuple[Attempt, tuple[str, ...]]] = {}
    left = [(member.path, why) for member, why in found.others]
    for attempt in sorted(found.attempts, key=lambda one: one.order):
        group = tuple(dict.fromkeys(_student(keys, roster, strangers) for keys in attempt.people))
        for student in group:
            before = latest.get(student)
            if before is not None and before[0].order == attempt.order:
                raise InputError(
                    f"{download}: {before[0].files[0][1].path!a} and {attempt.files[0][1].path!a} are both of "
                    f"{student!a}, and neither is newer; take one out"
                )
            latest[student] = (attempt, group)
    used = {id(attempt) for attempt, _ in latest.values()}
    left += [
        (member.path, "an older attempt") for one in found.attempts if id(one) not in used for _, member in one.files
    ]
    handed = []
    for student, (attempt, group) in sorted(latest.items()):
        handed.append(
            Handed(
                student=student_id(student),
                late=attempt.late,
                group=tuple(map(student_id, group)) if len(group) > 1 else (),
                files=_apart(attempt.files),
            )
        )
    present = set(latest)
    return Plan(
        platform=found.platform,
        handed=tuple(handed),
        left=tuple(dict.fromkeys(left)),
        absent=tuple(one.student for one in roster.people if one.student not in present) if roster else (),
        strangers=tuple(dict.fromkeys(strangers)),
    )


def _student(keys: Sequence[str], roster: Roster | None, strangers: list[str]) -> str:
    if roster is None:
        return keys[0]
    student = roster.find(keys)
    if student is None:
        strangers.append(" ".join(keys))
    return keys[0] if student is None else student


def _apart(files: Iterable[tuple[str, Member]]) -> tuple[tuple[str, Member], ...]:
    """Keep both of two files that were called the same: the second under the name it has in the download.

    So is a file kept whose own name is no path in a folder: a receipt may hold any.
    """
    found: dict[str, Member] = {}
    for name, member in files:
        found[member.name if name in found or not _is_plain(name) else name] = member
    return tuple(found.items())


def _is_plain(name: str) -> bool:
    """Whether a name leads to a place in the folder it is put into, and can be written."""
    parts = name.replace("\\", "/").split("/")
    return "\0" not in name and all(
        part not in ("", ".", "..") and len(part.encode("utf-8", "replace")) <= LONGEST_NAME for part in parts
    )
