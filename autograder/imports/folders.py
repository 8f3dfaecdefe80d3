"""A folder for each student: clones of repositories, or what nbgrader's zip_collect and others unpacked."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.imports.members import GIT, Member
from autograder.imports.records import Attempt, Unpacked

_TIMESTAMP = "timestamp.txt"


def read_clones(members: Sequence[Member]) -> Unpacked | None:
    """Read a folder of git clones, called after repositories: ``homework-alice`` beside ``homework-bob`` is alice's."""
    clones = [member.parts[0] for member in members if member.name == GIT and len(member.parts) == 2]
    if not clones:
        return None
    common = _common_start(clones) if len(clones) > 1 else ""
    files = [member for member in members if member.name != GIT]
    return _by_folder("clones", files, {name: (name.removeprefix(common), name) for name in clones})


def _common_start(names: Sequence[str]) -> str:
    """Find what all names begin with, up to a hyphen."""
    first, last = min(names), max(names)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: first.rfind("-", 0, same) + 1]


def read_folders(members: Sequence[Member]) -> Unpacked | None:
    """Read a folder of students' folders, each called after the student."""
    names = {member.parts[0] for member in members if len(member.parts) > 1}
    return _by_folder("folders", members, {name: (name,) for name in names}) if names else None


def _by_folder(platform: str, members: Sequence[Member], people: dict[str, tuple[str, ...]]) -> Unpacked:
    found: dict[str, list[tuple[str, Member]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        if len(member.parts) == 1 or member.parts[0] not in people:
            others.append((member, "it lies in no student's folder"))
        elif member.name == _TIMESTAMP:
            others.append((member, "nbgrader's time of submission"))
        else:
            found.setdefault(member.parts[0], []).append(("/".join(member.parts[1:]), member))
    return Unpacked(
        platform=platform,
        attempts=tuple(
            Attempt(people=(who,), order=(), late=False, files=tuple(found.get(name, ())), called=f"{name}/")
            for name, who in sorted(people.items())
        ),
        others=tuple(others),
    )
