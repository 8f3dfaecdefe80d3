"""Blackboard: ``<column>_<username>_attempt_<time>[_<file>]``, flat; the word "attempt" is in the site's language.

The text without a file's name says what was handed in, as a student called it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.imports.members import Member
from autograder.imports.records import NO_STUDENT, Attempt, Unpacked

_NAME = re.compile(r"(?P<who>.+)_(?P<word>[^\W\d_]+)_(?P<time>\d{4}(?:-\d\d){5})(?P<rest>_.+|\.txt)", re.DOTALL)
_RECEIPT = ".txt"
_LONGEST_RECEIPT = 100_000
_WHO, _ORIGINAL, _STORED = "Name", "Original filename", "Filename"


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read a download of Blackboard."""
    found: dict[tuple[str, str], list[tuple[str, Member]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        named = _NAME.fullmatch(member.name) if len(member.parts) == 1 else None
        if named is None:
            others.append((member, NO_STUDENT))
        else:
            found.setdefault((named["who"], named["time"]), []).append((named["rest"], member))
    if not found or len(others) > len(members) // 2:
        return None
    receipts = {key: _receipt(member) for key, files in found.items() for rest, member in files if rest == _RECEIPT}
    columns = [who.removesuffix(f"_{people[0]}") for (who, _), (people, _) in receipts.items() if people]
    attempts = []
    for key, files in sorted(found.items()):
        people, names = receipts.get(key, ((), {}))
        others += [(member, "Blackboard's receipt") for rest, member in files if rest == _RECEIPT]
        handed_in = tuple((names.get(member.name, rest[1:]), member) for rest, member in files if rest != _RECEIPT)
        if handed_in:
            who = people or (_user(key[0], columns),)
            attempts.append(Attempt(people=(who,), order=(key[1],), late=False, files=handed_in))
    return Unpacked(platform="blackboard", attempts=tuple(attempts), others=tuple(others))


def _user(who: str, columns: Sequence[str]) -> str:
    """Take the column's name off: as a receipt shows it, since either may hold underscores; else up to the last one."""
    column = next((column for column in columns if who.startswith(f"{column}_")), who.rpartition("_")[0])
    return who.removeprefix(f"{column}_")


def _receipt(member: Member) -> tuple[tuple[str, ...], dict[str, str]]:
    """Read who handed in, nobody where it does not say, and what each file was called before Blackboard renamed it."""
    text = member.read()[:_LONGEST_RECEIPT].decode("utf-8", "replace")
    people: tuple[str, ...] = ()
    original, names = "", {}
    for line in text.splitlines():
        title, _, value = line.strip().partition(":")
        if title == _WHO and not people and value.endswith(")"):
            name, _, user = value[:-1].strip().rpartition(" (")
            people = (user, name)
        elif title == _ORIGINAL:
            original = value.strip()
        elif title == _STORED and original:
            names[value.strip()], original = original, ""
    return people, names
