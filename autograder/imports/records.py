"""What a download says: who handed in what, when, with whom."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile

from autograder.imports.members import Member

NO_STUDENT = "its name has no student in it"
NO_FOLDER = "it lies in no student's folder"
NOT_LISTED = "no submission of the list"
NO_SUBMITTER = "the list names nobody who handed it in"
NO_GROUP = "handed in by students without a group, whom its name does not tell"
RECEIPT = "Blackboard's receipt"
LIST = "Gradescope's list"
PAGE = "Brightspace's list"
TIME = "nbgrader's time of submission"
GIT_FILES = "git's own files"
PAPERS = (RECEIPT, LIST, PAGE, TIME, GIT_FILES)  #: What a platform adds, which is no student's.

UNCLAIMED = (NO_STUDENT, NO_FOLDER, NOT_LISTED, NO_SUBMITTER, NO_GROUP)
"""Why a file is nobody's that may be somebody's work."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Attempt:
    """One submission as a platform hands it out."""

    #: For each student in it, all that the platform knows the student by: ids first, the name last.
    people: tuple[tuple[str, ...], ...]
    #: Which of a student's attempts is newer: the larger one. Empty where nobody knows.
    order: tuple[str | int, ...] = ()
    late: bool = False
    #: Each file with the path it had when it was handed in; none where it is only known that there was an attempt.
    files: tuple[tuple[str, Member], ...]
    called: str = ""  #: What the download calls an attempt without files.
    #: A name that may be a group's, which a roster knows; empty where the platform lists the members.
    shown: str = ""
    #: Whether that name is all of it, so that it says who is meant where no id does.
    shown_is_whole: bool = False
    #: Whether the number is a group's where the name is one, so that it says who is meant together with the name only.
    number_may_be_a_groups: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Unpacked:
    """What one platform's reader made of a download."""

    platform: str
    attempts: tuple[Attempt, ...]
    others: tuple[tuple[Member, str], ...]  #: Files that belong to no submission, each with the reason.


Reader = Callable[[Sequence[Member]], Unpacked | None]
"""Reads a download, or says by None that it comes from elsewhere."""

Tops = Mapping[str, bool]
"""The names at a download's top, each with whether it is a folder's: the platform gives them, no student does."""

Fits = Callable[[Tops], frozenset[str]]  #: Tells those of them that are called as a platform calls them.


def tops_of(members: Sequence[Member]) -> Tops:
    """Find the names at the top of a download."""
    return {one.parts[0]: one.is_empty_folder or len(one.parts) > 1 for one in members}


def shared_pieces(names: Iterable[str], mark: str) -> list[str]:
    """Find the pieces, each with its mark, that all names begin with, as long as something is left of each."""
    distinct = {*names}
    if len(distinct) < 2:
        return []
    alike = takewhile(lambda one: len({*one}) == 1, zip(*(name.split(mark)[:-1] for name in distinct), strict=False))
    pieces = [one[0] + mark for one in alike]
    return pieces[:-1] if "".join(pieces) in distinct else pieces


def moment(text: str, forms: Sequence[str]) -> tuple[str, ...]:
    """Write a time so that later ones sort last; nothing where it has none of the forms that `strptime` knows."""
    for form in forms:
        try:
            found = datetime.strptime(text, form)
            return ((found.astimezone(UTC) if found.tzinfo else found).isoformat(timespec="microseconds"),)
        except (ValueError, OverflowError):
            continue
    return ()
