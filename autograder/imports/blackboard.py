"""Blackboard: ``<column>_<username>_attempt_<time>[_<file>]``, flat; the word "attempt" is in the site's language.

What comes behind the first time is a student's choice, and says nothing of whose it is. The text without a file's name
is Blackboard's receipt: who handed in, and what each file was called.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise

from autograder.imports.members import Member
from autograder.imports.records import NO_STUDENT, RECEIPT, Attempt, Tops, Unpacked, shared_pieces

_MARK = re.compile(r"_(?P<word>[^\d_]+)_(?P<time>\d{4}(?:-\d\d){5})")
_COLON = re.compile("[:\uff1a]")
_WIDE = str.maketrans({"\uff08": "(", "\uff09": ")", **dict.fromkeys("\u200e\u200f\u202a\u202b\u202c")})
"""Wide brackets, and marks of direction, which stand between Latin and Hebrew or Arabic."""

_RECEIPT = ".txt"
_LONGEST_RECEIPT = 100_000


def fits(tops: Tops) -> frozenset[str]:
    """Tell which names are Blackboard's."""
    return frozenset(name for name, folder in tops.items() if not folder and _split(name))


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read a download of Blackboard."""
    found: dict[tuple[str, str], list[tuple[str, Member]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        split = _split(member.name) if len(member.parts) == 1 else None
        if split is None:
            others.append((member, NO_STUDENT))
        else:
            who, time, rest = split
            found.setdefault((who, time), []).append((rest, member))
    if not found:
        return None
    told = {key: _lines(member) for key, files in found.items() for rest, member in files if rest == _RECEIPT}
    people = _people([who for who, _ in found], {who: told[who, time] for who, time in sorted(told)})
    attempts = []
    for key, files in sorted(found.items()):
        others += [(member, RECEIPT) for rest, member in files if rest == _RECEIPT]
        given = [(rest[1:], member) for rest, member in files if rest != _RECEIPT]
        names = _originals(told.get(key, ()), {member.name for _, member in given})
        attempts.append(
            Attempt(
                people=(people[key[0]],),
                order=(key[1],),
                files=tuple((names.get(member.name, rest), member) for rest, member in given),
                called=files[0][1].path,
                shown=people[key[0]][0],
                shown_is_whole=True,
            )
        )
    return Unpacked(platform="blackboard", attempts=tuple(attempts), others=tuple(others))


def _split(name: str) -> tuple[str, str, str] | None:
    """Take a name apart at its first time: column and user, time, and what is behind it."""
    mark = _MARK.search(name)
    if mark is None:
        return None
    who, rest = name[: mark.start()], name[mark.end() :]
    return (who, mark["time"], rest) if who and (rest == _RECEIPT or (rest[:1] == "_" and rest[1:])) else None


def _people(whos: Sequence[str], told: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Find who each ``<column>_<username>`` is; either may hold underscores, and the column is the same for all."""
    known = {who: person for who, lines in told.items() if (person := _receipt(who, lines))}
    columns = {who.removesuffix(f"_{person[0]}") for who, person in known.items()}
    distinct = sorted({*whos})
    if not columns and len(distinct) > 1:
        columns = {"".join(shared_pieces(distinct, "_"))[:-1]} - {""}
    elif not columns and distinct[0].count("_") == 1:
        columns = {distinct[0].partition("_")[0]}
    return {who: known.get(who) or (_user(who, sorted(columns, key=len, reverse=True)),) for who in distinct}


def _user(who: str, columns: Sequence[str]) -> str:
    """Take the column's name off; all of it is kept where nobody knows how much of it is the column's."""
    return next((who[len(one) + 1 :] for one in columns if who.startswith(f"{one}_") and who != f"{one}_"), who)


def _value(line: str) -> str:
    """What stands behind a line's word and its colon; Chinese and Japanese have a wider one."""
    return _COLON.split(line, maxsplit=1)[-1].strip() if _COLON.search(line) else ""


def _lines(member: Member) -> tuple[str, ...]:
    text = unicodedata.normalize("NFC", member.read()[:_LONGEST_RECEIPT].decode("utf-8-sig", "replace"))
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _receipt(who: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Read user and name from the first line, ``Name: John Doe (jd)`` in any language, if the file is called so."""
    value = _value(lines[0].translate(_WIDE)) if lines else ""
    name, found, user = value.rstrip(")").rpartition("(")
    is_so = found and name.strip() and user and who.endswith(f"_{user}") and len(who) > len(user) + 1
    return (user, name.strip()) if is_so else ()


def _originals(lines: Sequence[str], stored: set[str]) -> dict[str, str]:
    """Read what each file was called: the line above the one with the name that Blackboard gave it."""
    values = [_value(line) for line in lines]
    return {now: before for before, now in pairwise(values) if now in stored and before}
