"""Brightspace: a folder for each attempt, ``<id>-<id> - <Name> - <Mon D, YYYY HMM AM>/``, the time as a site has it."""

import re
from collections.abc import Sequence

from autograder.imports.members import Member
from autograder.imports.records import NO_FOLDER, PAGE, Attempt, Tops, Unpacked, moment
from autograder.sheet import key

_FOLDER = re.compile(r"(?P<user>\d+)-(?P<item>\d+) - (?P<who>.+) - (?P<time>(?:(?! - ).)*\d{3,4}(?:(?! - ).)*)")
_HALVES = ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p", "%d %b, %Y %I%M %p", "%d %B, %Y %I%M %p")
_WHOLE = ("%b %d, %Y %H%M", "%B %d, %Y %H%M", "%d %b, %Y %H%M", "%d %B, %Y %H%M")
_CLOCK = re.compile(r"(?<=\s)(\d{3,4})(?= [AP]M\Z|\Z)")
_INDEX = "index.html"


def fits(tops: Tops) -> frozenset[str]:
    """Tell which folders are Brightspace's."""
    return frozenset(name for name, folder in tops.items() if folder and _FOLDER.fullmatch(name))


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read a download of Brightspace."""
    found: dict[str, tuple[re.Match[str], list[tuple[str, Member]]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        named = _FOLDER.fullmatch(member.parts[0]) if len(member.parts) > 1 else None
        if named:
            found.setdefault(member.parts[0], (named, []))[1].append(("/".join(member.parts[1:]), member))
        else:
            others.append((member, PAGE if member.parts == (_INDEX,) else NO_FOLDER))
    if not found:
        return None
    names: dict[str, set[str]] = {}
    for named, _ in found.values():
        names.setdefault(named["user"], set()).add(key(named["who"]))
    return Unpacked(
        platform="brightspace",
        attempts=tuple(
            Attempt(
                people=(_person(named, names),),
                order=_moment(named["time"]),
                files=tuple(files),
                shown=named["who"],
                shown_is_whole=True,
            )
            for _, (named, files) in sorted(found.items())
        ),
        others=tuple(others),
    )


def _person(named: re.Match[str], names: dict[str, set[str]]) -> tuple[str, ...]:
    """Say who it is: a number under which two names are found is nobody's alone."""
    user, who = named["user"], named["who"]
    return (user, who) if len(names[user]) == 1 else (f"{user}-{who}", who)


def _moment(text: str) -> tuple[str, ...]:
    """Read a time whose hours and minutes stand without a colon, perhaps without a zero, in the site's language.

    Blanks may be narrow ones, and the half of the day ``p.m.``.
    """
    *pieces, last = text.split()
    half = last.replace(".", "").upper()
    plain = " ".join([*pieces, half if half in ("AM", "PM") else last])
    clock, found = _CLOCK.subn(lambda one: one[1].zfill(4), plain)
    return moment(clock, _HALVES if clock.endswith("M") else _WHOLE) if found else ()
