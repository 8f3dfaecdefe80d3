"""Moodle: a folder for each student, ``<Full name>_<id>_assignsubmission_file`` (its ``downloader.php``).

Older versions put an underscore behind it; a setting gives flat names, ``..._file_<name>``; under blind marking the
name is ``Participant``, in the site's language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.imports.members import Member
from autograder.imports.records import NO_STUDENT, Attempt, Unpacked

_FOLDER = re.compile(r"(?P<who>.+)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?", re.DOTALL)
_FLAT = re.compile(r"(?P<who>.+?)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)_(?P<name>.+)", re.DOTALL)
_ONLINE = "onlinetext"


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read a download of Moodle."""
    found: dict[tuple[str, str], list[tuple[str, Member]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        places = [n for n, part in enumerate(member.parts) if _FOLDER.fullmatch(part)]
        flat = _FLAT.fullmatch(member.name)
        if places and places[0] < len(member.parts) - 1:
            named = _FOLDER.fullmatch(member.parts[places[0]])
            name = "/".join(member.parts[places[0] + 1 :])
        else:
            named, name = flat, flat["name"] if flat else ""
        if named is None:
            others.append((member, NO_STUDENT))
        elif named["plugin"] == _ONLINE:
            others.append((member, "text that was typed in, no file"))
        else:
            found.setdefault((named["id"], named["who"]), []).append((name, member))
    if not found:
        return None
    return Unpacked(
        platform="moodle",
        attempts=tuple(
            Attempt(people=((number, f"{who}_{number}", who),), order=(), late=False, files=tuple(files))
            for (number, who), files in sorted(found.items())
        ),
        others=tuple(others),
    )
