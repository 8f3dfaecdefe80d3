"""Blackboard: ``<column>_<username>_attempt_<time>[_<file>]``, flat; the word "attempt" is in the site's language.

The text without a file's name says what was handed in, as a student called it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.imports.members import Member
from autograder.imports.records import Attempt, Unpacked

_NAME = re.compile(
    r"(?P<column>.*)_(?P<user>[^_]+(?:_[^_]+)*?)_(?P<word>[^\W\d_]+)_(?P<time>\d{4}(?:-\d\d){5})(?P<rest>_.+|\.txt)",
    re.DOTALL,
)
_LONGEST_RECEIPT = 100_000
_ORIGINAL = re.compile(r"^\s*Original filename:[ \t]*(?P<name>.*?)\s*$", re.MULTILINE)
_STORED = re.compile(r"^\s*Filename:[ \t]*(?P<name>.*?)\s*$", re.MULTILINE)
_WHO = re.compile(r"^Name:[ \t]*(?P<name>.*?) \((?P<user>[^()]+)\)\s*$", re.MULTILINE)


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read a download of Blackboard."""
    found: dict[tuple[str, str], list[tuple[re.Match[str], Member]]] = {}
    others: list[tuple[Member, str]] = []
    for member in members:
        named = _NAME.fullmatch(member.name) if len(member.parts) == 1 else None
        if named is None:
            others.append((member, "its name has no student in it"))
        else:
            start = member.name[: named.end("time")]
            found.setdefault((start, named["time"]), []).append((named, member))
    if not found or len(others) > len(members) // 2:
        return None
    attempts = []
    for (_, time), files in sorted(found.items()):
        receipts = [member for named, member in files if named["rest"] == ".txt"]
        handed_in = [(named["rest"][1:], member) for named, member in files if named["rest"] != ".txt"]
        people, names = _receipt(receipts[0]) if receipts else (None, {})
        others += [(member, "Blackboard's receipt") for member in receipts]
        if handed_in:
            attempts.append(
                Attempt(
                    people=(people or (files[0][0]["user"],),),
                    order=(time,),
                    late=False,
                    files=tuple((names.get(member.name, name), member) for name, member in handed_in),
                )
            )
    return Unpacked(platform="blackboard", attempts=tuple(attempts), others=tuple(others))


def _receipt(member: Member) -> tuple[tuple[str, ...] | None, dict[str, str]]:
    """Read who handed in, and what each file was called before Blackboard renamed it."""
    text = member.read()[:_LONGEST_RECEIPT].decode("utf-8", "replace")
    who = _WHO.search(text)
    originals = [found["name"] for found in _ORIGINAL.finditer(text)]
    stored = [found["name"] for found in _STORED.finditer(text)]
    names = dict(zip(stored, originals, strict=False)) if len(stored) == len(originals) else {}
    return ((who["user"], who["name"]) if who else None), {new: old for new, old in names.items() if old}
