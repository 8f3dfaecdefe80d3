"""A download as a plan: whose folder each file goes into, and why the others go into none."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import InputError
from autograder.imports import blackboard, brightspace, canvas, folders, gradescope, moodle
from autograder.imports.members import LONGEST_NAME, Member, is_the_systems
from autograder.imports.records import NO_STUDENT, Attempt, Reader, Unpacked
from autograder.imports.roster import Roster
from autograder.loading.names import CODE, read_name, student_id

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
PLATFORMS = "Canvas, Gradescope, Moodle, Blackboard or Brightspace, clones of repositories, or one folder per student"


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
    inside = _unwrapped(members)
    return next((found for reader in _READERS if (found := reader(inside)) is not None), None)


def _unwrapped(members: Sequence[Member]) -> Sequence[Member]:
    """Look into the one folder that somebody packed a download in, if it is not a student's own.

    It is none if a platform's names lie right in it, or students' folders: more than one, and no code beside them.
    """
    outer = {member.parts[0] for member in members}
    if len(outer) != 1 or any(len(member.parts) == 1 for member in members):
        return members
    inner = [replace(one, parts=one.parts[1:], above=(*one.above, one.parts[0])) for one in members]
    if any(_is_all_of(reader(inner)) for reader in (blackboard.read, canvas.read)):
        return inner
    beside = [one for one in inner if len(one.parts) == 1]
    folders = {one.parts[0] for one in inner if len(one.parts) > 1}
    if any(read_name(one.name).kind in CODE for one in beside):
        return members
    deeper = _unwrapped(inner)
    return deeper if len(folders) > 1 or deeper is not inner else members


def _is_all_of(found: Unpacked | None) -> bool:
    return found is not None and not any(why == NO_STUDENT for _, why in found.others)


def is_download(path: Path) -> bool:
    """Whether a zip archive is a class's, by the names in it: one student's own has no platform's."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
    paths = [name.replace("\\", "/") for name in names[:_LOOKED_AT]]
    parts = [tuple(path.split("/")) for path in paths if path and not path.endswith("/")]
    short = [one for one in parts if all(len(name) <= LONGEST_NAME for name in one) and not is_the_systems(one)]
    members = [Member(parts=one, size=0, read=bytes) for one in short]
    inside = _unwrapped(members)
    return gradescope.is_export(members) or any(reader(inside) for reader in _UNMISTAKABLE)


def plan(members: Sequence[Member], roster: Roster | None, download: Path) -> Plan:
    """Decide what becomes of each file; newest attempts only, a group's for each of its members.

    Raises
    ------
    InputError
        If no platform calls its files so, or two submissions are one student's and none is newer.
    """
    empty = [member for member in members if member.is_empty_folder]
    found = recognized([member for member in members if not member.is_empty_folder])
    if found is None:
        raise InputError(f"{download}: its files are not named like those of {PLATFORMS}")
    strangers: list[str] = []
    latest = _latest(found.attempts, roster, strangers, download)
    used = {id(attempt) for attempt, _ in latest.values()}
    left = [(member.path, why) for member, why in found.others]
    left += [(member.path, "an empty folder") for member in empty]
    left += [(one.called, f"no file of {_named(one)}") for one in found.attempts if not one.files]
    left += [
        (member.path, "an older attempt") for one in found.attempts if id(one) not in used for _, member in one.files
    ]
    handed = tuple(
        Handed(
            student=student_id(student),
            late=attempt.late,
            group=tuple(map(student_id, group)) if len(group) > 1 else (),
            files=_apart(attempt.files),
        )
        for student, (attempt, group) in sorted(latest.items())
        if attempt.files
    )
    present = {student for student, (attempt, _) in latest.items() if attempt.files}
    return Plan(
        platform=found.platform,
        handed=handed,
        left=tuple(dict.fromkeys(left)),
        absent=tuple(one.student for one in roster.people if one.student not in present) if roster else (),
        strangers=tuple(dict.fromkeys(strangers)),
    )


def _latest(
    attempts: Sequence[Attempt], roster: Roster | None, strangers: list[str], download: Path
) -> dict[str, tuple[Attempt, tuple[str, ...]]]:
    """Find each student's newest attempt, and who handed it in together."""
    latest: dict[str, tuple[Attempt, tuple[str, ...]]] = {}
    for attempt in sorted(attempts, key=lambda one: one.order):
        group = tuple(dict.fromkeys(_student(keys, roster, strangers) for keys in attempt.people))
        for student in group:
            before = latest[student][0] if student in latest else None
            if before is not None and (before.order == attempt.order or not before.order):
                one, other = (two.files[0][1].path if two.files else two.called for two in (before, attempt))
                raise InputError(
                    f"{download}: {one!a} and {other!a} are both of {student!a}, and neither is known to be newer; "
                    "take one out"
                )
            latest[student] = (attempt, group)
    return latest


def _named(attempt: Attempt) -> str:
    return ", ".join(" ".join(keys) for keys in attempt.people)


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
