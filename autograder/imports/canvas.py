"""Canvas: ``submissions.zip`` (canvas-lms, ``lib/content_zipper.rb``), flat names that hold the ids of users.

``<name>[_LATE]_<user>_<attachment>_<file>``, the name in small letters without blanks; anonymous:
``[LATE_]anon_<id>_...``. It holds the newest attempt only; a file that was handed in again is called ``hw1-1.ipynb``.
A group's file has the group's name, and the id of one member. Files that a quiz asked for are called
``<name><user>_question_<question>_<attachment>_<file>`` (``quiz_submission_zipper.rb``).
"""

import re
from collections.abc import Sequence

from autograder.imports.members import Member
from autograder.imports.records import NO_STUDENT, Attempt, Tops, Unpacked

_ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?!LATE_)(?P<user>[^\W_]+)_(?P<file>\d+)_(?P<name>.+)", re.DOTALL)
_NAMED = re.compile(r"(?P<who>\w*?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>\d+)_(?P<name>.+)", re.DOTALL)
_QUIZ = re.compile(
    r"(?P<who>(?:(?!_\d+_)[-\w])+?)(?<!\d)(?P<user>\d+)_question_\d+_(?P<file>\d+)_(?P<name>.+)", re.DOTALL
)
_ONLINE = re.compile(r"(?P<who>\w*?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<name>text\.html|link\.html)", re.DOTALL)
_SHORTEST = 4
_AGAIN = re.compile(r"-\d{1,3}(?=\.[^.]+\Z)")


def fits(tops: Tops) -> frozenset[str]:
    """Tell which names are Canvas's."""
    return frozenset(name for name, folder in tops.items() if not folder and (_named(name) or _ONLINE.fullmatch(name)))


def _named(name: str) -> re.Match[str] | None:
    # Whichever reads the platform's part of the name as such: what a student chose stands behind it.
    return _ANONYMOUS.fullmatch(name) or _QUIZ.fullmatch(name) or _NAMED.fullmatch(name)


def has_long_numbers(tops: Tops) -> bool:
    """Whether numbers of files are as long as Canvas's are: short ones stand in names that students chose, too."""
    return all(len(named["file"]) >= _SHORTEST for name in tops if (named := _named(name)))


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read a download of Canvas."""
    found: dict[str, list[tuple[re.Match[str], Member]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        alone = len(member.parts) == 1
        if alone and (named := _named(member.name)):
            found.setdefault(named["user"], []).append((named, member))
        elif alone and _ONLINE.fullmatch(member.name):
            others.append((member, "text or a link that was typed in, no file"))
        else:
            others.append((member, NO_STUDENT))
    if not found:
        return None
    return Unpacked(
        platform="canvas",
        attempts=tuple(_attempt(user, files) for user, files in sorted(found.items())),
        others=tuple(others),
    )


def _attempt(user: str, files: Sequence[tuple[re.Match[str], Member]]) -> Attempt:
    first = files[0][0].groupdict()
    # Of a name without a letter nothing is left.
    known = tuple(filter(None, (user, first.get("who", f"anon_{user}"))))
    given = sorted(files, key=lambda one: int(one[0]["file"]))
    names = [_AGAIN.sub("", named["name"]) for named, _ in given]
    # The number that Canvas adds goes, unless two files would then be called the same.
    kept = [short if names.count(short) == 1 else named["name"] for short, (named, _) in zip(names, given, strict=True)]
    return Attempt(
        people=(known,),
        late=any(named.groupdict().get("late") for named, _ in files),
        files=tuple((name, member) for name, (_, member) in zip(kept, given, strict=True)),
        shown=first.get("who") or "",
    )
