"""A folder for each student: clones of repositories, or what nbgrader's zip_collect and others unpacked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.imports.members import GIT, Member
from autograder.imports.records import NO_FOLDER, TIME, Attempt, Unpacked, shared_pieces
from autograder.imports.roster import Roster

_TIMESTAMP = "timestamp.txt"
_MARK = "-"


def clones_in(members: Sequence[Member]) -> frozenset[str]:
    """Find the folders that are clones of repositories."""
    return frozenset(member.parts[0] for member in members if member.name == GIT and len(member.parts) == 2)


def read_clones(members: Sequence[Member]) -> Unpacked | None:
    """Read a folder of git clones, called after repositories: ``homework-alice`` beside ``homework-bob`` is alice's."""
    clones = clones_in(members)
    if not clones:
        return None
    common = _common_start(clones)
    files = [member for member in members if member.name != GIT]
    return _by_folder("clones", files, {name: (name.removeprefix(common), name) for name in clones})


def _common_start(names: Iterable[str]) -> str:
    """Find what all repositories' names begin with and no student's does: one piece, and numbers behind it.

    Where they share more pieces, nobody knows which of them are the homework's: none is taken off.
    """
    pieces = shared_pieces(names, _MARK)
    own = [piece for n, piece in enumerate(pieces) if n == 0 or not any(map(str.isalpha, piece))]
    return "".join(own) if own == pieces else ""


def named_by(roster: Roster, found: Unpacked) -> Unpacked:
    """Call clones by the end of their names that the roster knows, as a student or a group: of all of them, or none."""
    whole = [attempt.people[0][-1] for attempt in found.attempts]
    starts = [""]
    for piece in shared_pieces(whole, _MARK):
        starts.append(starts[-1] + piece)
    ends = [[name.removeprefix(start) for name in whole] for start in starts]
    students = [[roster.find((end,)) or roster.members(end) or None for end in row] for row in ends]
    most = max(len(row) - row.count(None) for row in students)
    best = [n for n, row in enumerate(students) if len(row) - row.count(None) == most]
    if not most or any(students[n] != students[best[0]] for n in best):
        return found
    start = starts[best[0]]
    return replace(
        found,
        attempts=tuple(
            replace(attempt, people=((name.removeprefix(start), name),), shown=name.removeprefix(start))
            for attempt, name in zip(found.attempts, whole, strict=True)
        ),
    )


def read_folders(members: Sequence[Member]) -> Unpacked | None:
    """Read a folder of students' folders, each called after the student."""
    names = {member.parts[0] for member in members if len(member.parts) > 1}
    return _by_folder("folders", members, {name: (name,) for name in names}) if names else None


def _by_folder(platform: str, members: Sequence[Member], people: dict[str, tuple[str, ...]]) -> Unpacked:
    found: dict[str, list[tuple[str, Member]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        if len(member.parts) == 1 or member.parts[0] not in people:
            others.append((member, NO_FOLDER))
        elif member.name == _TIMESTAMP:
            others.append((member, TIME))
        else:
            found.setdefault(member.parts[0], []).append(("/".join(member.parts[1:]), member))
    return Unpacked(
        platform=platform,
        attempts=tuple(
            Attempt(
                people=(who,), files=tuple(found.get(name, ())), called=f"{name}/", shown=who[0], shown_is_whole=True
            )
            for name, who in sorted(people.items())
        ),
        others=tuple(others),
    )
