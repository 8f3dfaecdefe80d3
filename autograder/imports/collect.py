"""A download as a plan: whose folder each file goes into, and why the others go into none."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import InputError
from autograder.imports.folders import named_by
from autograder.imports.members import GIT, Member, quoted
from autograder.imports.platforms import may_be_work, recognized
from autograder.imports.records import GIT_FILES, UNCLAIMED, Attempt
from autograder.imports.roster import Roster
from autograder.loading.names import ID_LENGTH, student_id
from autograder.sheet import key

_LONGEST_NAME, _LONGEST_PATH = 200, 1_000
_IN_NO_NAME = {ord(one): None for one in "\\\0"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Handed:
    """What one student handed in last."""

    student: str
    late: bool
    #: Students who handed it in together; empty for one alone.
    group: tuple[str, ...]
    files: tuple[tuple[str, Member], ...]
    #: What the download calls whoever the number is of, where no roster says whether that is a student or a group.
    called: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What is written, and what is not."""

    platform: str
    handed: tuple[Handed, ...]
    left: tuple[tuple[str, str], ...]  #: Each file that goes nowhere, with the reason.
    unclaimed: tuple[str, ...]  #: Those of them that may be somebody's work.
    numbers_of_groups: bool  #: Whether an id may be a group's number, which nothing but a roster tells.
    absent: tuple[str, ...]  #: Students of the roster who handed in nothing.
    strangers: tuple[str, ...]  #: Who handed in and is not on the roster, as the platform calls them.


def plan(members: Sequence[Member], roster: Roster | None, download: Path) -> Plan:
    """Decide what becomes of each file; newest attempts only, a group's for each of its members.

    Raises `InputError` if no platform calls its files so, or two submissions are one student's and none is newer.
    """
    empty = [member for member in members if member.is_empty_folder]
    found = recognized(members, download)
    if roster is not None and found.platform == "clones":
        found = named_by(roster, found)
    strangers: list[str] = []
    latest = _latest(found.attempts, roster, strangers, download)
    used = {id(attempt) for attempt, _ in latest.values()}
    left = [(member.path, why) for member, why in found.others]
    left += [(member.path, "an empty folder") for member in empty]
    links = [member for member in members if member.is_link]
    left += [(member.path, "a link, which is not followed") for member in links]
    nobodys = [member for member, why in found.others if why in UNCLAIMED]
    left += [(one.called, f"no file of {_named(one)}") for one in found.attempts if not one.files]
    left += [(member.path, GIT_FILES) for member in members if member.name == GIT]
    left += [
        (member.path, "an older attempt") for one in found.attempts if id(one) not in used for _, member in one.files
    ]
    ids = _ids(latest)
    handed = tuple(
        Handed(
            student=ids[student],
            late=attempt.late,
            group=tuple(ids[one] for one in group) if len(group) > 1 else (),
            files=_apart(attempt.files),
            called=attempt.shown if roster is None and attempt.number_may_be_a_groups else "",
        )
        for student, (attempt, group) in sorted(latest.items())
        if attempt.files
    )
    present = {student for student, (attempt, _) in latest.items() if attempt.files}
    return Plan(
        platform=found.platform,
        handed=handed,
        left=tuple(dict.fromkeys(left)),
        unclaimed=tuple(member.path for member in (*nobodys, *links) if may_be_work(member.name)),
        numbers_of_groups=any(one.number_may_be_a_groups for one in found.attempts),
        absent=tuple(one.student for one in roster.people if one.student not in present) if roster else (),
        strangers=tuple(dict.fromkeys(strangers)),
    )


def _ids(students: Iterable[str]) -> dict[str, str]:
    """Make each student's id, so that no two are the same where capital letters make no difference."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for student in sorted(students):
        ids[student] = next(one for one in _spellings(student) if one.casefold() not in taken)
        taken.add(ids[student].casefold())
    return ids


def _spellings(student: str) -> Iterator[str]:
    """Spell an id with more and more letters percent-encoded: it means the same student."""
    yield student_id(student)
    for count in range(1, len(student) + 1):
        coded = "".join(f"%{ord(one):02X}" if one.isascii() else student_id(one) for one in student[:count])
        one = coded + (student_id(student[count:]) if student[count:] else "")
        yield one if len(one) <= ID_LENGTH else student_id(student + " " * ID_LENGTH * count)


def _latest(
    attempts: Sequence[Attempt], roster: Roster | None, strangers: list[str], download: Path
) -> dict[str, tuple[Attempt, tuple[str, ...]]]:
    """Find each student's newest attempt, and who handed it in together."""
    latest: dict[str, tuple[Attempt, tuple[str, ...]]] = {}
    for attempt in sorted(attempts, key=lambda one: one.order):
        group = tuple(dict.fromkeys(_students(attempt, roster, strangers)))
        for student in group:
            before = latest[student][0] if student in latest else None
            if before is not None and (before.order == attempt.order or not before.order):
                one, other = (two.files[0][1].path if two.files else two.called for two in (before, attempt))
                raise InputError(
                    f"{download}: {quoted(one)} and {quoted(other)} are both of {quoted(student)}, and neither is "
                    "known to be newer; take one out"
                )
            latest[student] = (attempt, group)
    return latest


def _named(attempt: Attempt) -> str:
    return ", ".join(" ".join(keys) for keys in attempt.people)


def _students(attempt: Attempt, roster: Roster | None, strangers: list[str]) -> Iterator[str]:
    """Find who handed in: those whom the platform lists, or whom the roster has in the group that it names."""
    if roster is None:
        yield from (keys[0] for keys in attempt.people)
        return
    together = roster.members(attempt.shown)
    for keys in attempt.people:
        student = roster.find(keys)
        # A number that another's name stands beside is not this student's.
        others = attempt.number_may_be_a_groups and student is not None and not roster.calls(student, attempt.shown)
        ids = keys[1:] if others else keys
        student = roster.find(ids)
        by_name = student is None and attempt.shown_is_whole
        if together and (attempt.number_may_be_a_groups or student in together or by_name):
            yield from together
        elif student is None:
            strangers.append(" ".join(ids))
            yield ids[0]
        else:
            yield student


def _apart(files: Iterable[tuple[str, Member]]) -> tuple[tuple[str, Member], ...]:
    """Keep both of two files that are called the same on some disk: the second under the name it has in the download.

    So is a file kept whose own name is no path in a folder: a receipt may hold any. A name that cannot be written is
    shortened.
    """
    found: dict[str, tuple[str, Member]] = {}
    folders: set[str] = set()
    for name, member in files:
        kept = next(one for one in _names(name, member) if _is_plain(one) and _is_free(key(one), found, folders))
        found[key(kept)] = (kept, member)
        folders.update(_above(key(kept)))
    return tuple(found.values())


def _names(name: str, member: Member) -> Iterator[str]:
    yield name
    yield member.name
    more = 0
    while True:
        mark = hashlib.sha256(f"{member.path}\0{more or ''}".encode("utf-8", "surrogateescape")).hexdigest()[:16]
        yield f"{mark}-{member.name.translate(_IN_NO_NAME)[-_LONGEST_NAME // 5 :]}"
        more += 1


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def _is_free(name: str, found: Collection[str], folders: set[str]) -> bool:
    return name not in found and name not in folders and not any(one in found for one in _above(name))


def _is_plain(name: str) -> bool:
    """Whether a name leads to a place in the folder it is put into, and can be written."""
    parts = name.replace("\\", "/").split("/")
    short = all(
        part not in ("", ".", "..") and len(part.encode("utf-8", "surrogateescape")) <= _LONGEST_NAME for part in parts
    )
    return "\0" not in name and short and len(name) <= _LONGEST_PATH
