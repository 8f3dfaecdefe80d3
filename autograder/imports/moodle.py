"""Moodle: a folder for each student, ``<Full name>_<id>_assignsubmission_file`` (its ``downloader.php``).

Older versions put an underscore behind it; a setting gives flat names, ``..._file_<name>``; under blind marking the
name is ``Participant``, in the site's language. What a team hands in is called ``<Team>_<id>_...``, and the id is the
team's: it may be a student's, too. Students without a team share one without an id.
"""

import re
from collections.abc import Sequence

from autograder.imports.members import Member
from autograder.imports.records import NO_GROUP, NO_STUDENT, Attempt, Tops, Unpacked

_TOP = re.compile(r"(?P<who>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<name>.*))?", re.DOTALL)
_ONLINE = "onlinetext"


def fits(tops: Tops) -> frozenset[str]:
    """Tell which names are Moodle's: a file's has its own name behind all others."""
    return frozenset(
        name for name, folder in tops.items() if (found := _TOP.fullmatch(name)) and (folder or found["name"])
    )


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read a download of Moodle."""
    found: dict[tuple[str, str], list[tuple[str, Member]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        named = _TOP.fullmatch(member.parts[0])
        name = "/".join(part for part in ((named["name"] or "") if named else "", *member.parts[1:]) if part)
        if named is None or not name:
            others.append((member, NO_STUDENT))
        elif named["plugin"] == _ONLINE:
            others.append((member, "text that was typed in, no file"))
        elif named["id"] is None:
            others.append((member, NO_GROUP))
        else:
            found.setdefault((named["id"], named["who"]), []).append((name, member))
    if not found:
        return None
    blind = len(found) > 1 and len({who for _, who in found}) == 1
    return Unpacked(
        platform="moodle",
        attempts=tuple(
            Attempt(
                people=((number, f"{who}_{number}", who),),
                files=tuple(files),
                shown=who,
                number_may_be_a_groups=not blind,
            )
            for (number, who), files in sorted(found.items())
        ),
        others=tuple(others),
    )
