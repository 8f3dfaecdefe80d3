"""Brightspace: a folder for each attempt, ``<id>-<id> - <Name> - <Mon D, YYYY HMM AM>/``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.imports.members import Member
from autograder.imports.records import Attempt, Unpacked, moment

_FOLDER = re.compile(r"(?P<user>\d+)-(?P<item>\d+) - (?P<who>.+) - (?P<time>[A-Z][a-z]+ \d{1,2}, \d{4} \d{3,4} [AP]M)")
_FORMS = ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p")
_INDEX = "index.html"


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read a download of Brightspace."""
    found: dict[str, list[tuple[str, Member]]] = {}
    folders: dict[str, re.Match[str]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        place = next((n for n, part in enumerate(member.parts[:-1]) if _FOLDER.fullmatch(part)), None)
        if place is None:
            why = "Brightspace's list" if member.name == _INDEX else "it lies in no student's folder"
            others.append((member, why))
            continue
        folder = member.parts[place]
        named = _FOLDER.fullmatch(folder)
        assert named is not None
        folders[folder] = named
        found.setdefault(folder, []).append(("/".join(member.parts[place + 1 :]), member))
    if not found:
        return None
    return Unpacked(
        platform="brightspace",
        attempts=tuple(
            Attempt(
                people=((folders[folder]["user"], folders[folder]["who"]),),
                order=_moment(folders[folder]["time"]),
                late=False,
                files=tuple(files),
            )
            for folder, files in sorted(found.items())
        ),
        others=tuple(others),
    )


def _moment(text: str) -> tuple[str, ...]:
    """Read a time whose hours and minutes stand without a colon, perhaps without a zero, in the site's language."""
    day, clock, half = text.rsplit(" ", 2)
    return moment(f"{day} {clock.zfill(4)} {half}", _FORMS)
