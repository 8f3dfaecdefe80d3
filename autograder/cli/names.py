"""What a student's id is shown as on a terminal: the name that a person would say, as short as it has to be.

An id is a file's name, percent-encoded, often with what a course tool added. It stays what it is in every file; only
tables for people show it so.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator

from rich.cells import cell_len

from autograder.shown import name_and_cut, visible

_MOODLE = re.compile(r"(_*[^_].*?)_([0-9]+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
# The same where the cut fell into the word.
_MOODLE_CUT = re.compile(r"(_*[^_].*?)_([0-9]+)_(assi[a-z]*)(?:_.*)?", re.DOTALL)
# Canvas: the name in small letters without a space, perhaps LATE, the user's number, the submission's, the file.
_CANVAS = re.compile(r"([^\W\d_]{2,})_(?:LATE_)?([0-9]{4,})_[0-9]{4,}_(?![0-9]+(?:_|$)).+", re.DOTALL)
_DIGITS_SHOWN = 6
# How much of what is left beside the ellipsis goes to the end of a name, one after the other until names differ.
_SHARES_OF_END = (1 / 3, 1 / 2, 2 / 3, 1 / 6)


def shown_names(ids: Collection[str], width: int) -> dict[str, str]:
    """Choose what each id of a table is shown as.

    No two are the same, and none is wider than `width` cells (8 at least; a wide character takes two); what does not
    fit is cut in its middle. The order of `ids` does not matter.
    """
    shown: dict[str, str] = {}
    taken: set[str] = set()
    left = {one: list(_rungs(one, width)) for one in sorted(set(ids))}
    for rung in range(max(map(len, left.values()), default=0)):
        tried = {one: rungs[min(rung, len(rungs) - 1)] for one, rungs in left.items()}
        often = Counter(tried.values())
        unique = {one: name for one, name in tried.items() if often[name] == 1 and name not in taken}
        shown |= unique
        taken.update(unique.values())
        left = {one: rungs for one, rungs in left.items() if one not in unique}
    numbers: Counter[str] = Counter()
    for one, rungs in left.items():
        name = rungs[-1]
        while name in taken or name == rungs[-1]:
            numbers[rungs[-1]] += 1
            number = f"#{numbers[rungs[-1]]}"
            name = _fit(rungs[-1], width - len(number), _SHARES_OF_END[0]) + number
        shown[one] = name
        taken.add(name)
    return shown


def _rungs(one: str, width: int) -> Iterator[str]:
    """Ways to show an id, from the shortest to the most telling."""
    for form in dict.fromkeys(_forms(one)):
        yield from dict.fromkeys(_fit(form, width, share) for share in _SHARES_OF_END)


def _forms(one: str) -> Iterator[str]:
    """What an id says, without what a tool added, with the tool's number, and whole."""
    text, digits = name_and_cut(one)
    if digits:
        moodle = _MOODLE_CUT.fullmatch(text)
        if moodle and "assignsubmission".startswith(moodle[3]):
            yield visible(moodle[1])
            yield visible(f"{moodle[1]}_{moodle[2]}")
        yield f"{visible(text)}…{digits[:_DIGITS_SHOWN]}"
        yield f"{visible(text)}…{digits}"
        return
    named = _MOODLE.fullmatch(text) or _CANVAS.fullmatch(text)
    if named and (named.re is _MOODLE or named[1] == named[1].lower()):
        yield visible(named[1])
        yield visible(f"{named[1]}_{named[2]}")
    yield visible(text)


def _fit(text: str, width: int, share_of_end: float) -> str:
    """Cut a text's middle so that it takes `width` cells at most."""
    if cell_len(text) <= width:
        return text
    room = width - 1
    start, mark, end = text.rpartition("…")
    if not mark or 3 * cell_len(end) > 2 * room:
        start, end = text, _end(text, int(room * share_of_end))
    return f"{_start(start, room - cell_len(end))}…{end}"


def _start(text: str, room: int) -> str:
    return next(text[:n] for n in range(min(room, len(text)), -1, -1) if cell_len(text[:n]) <= room).rstrip()


def _end(text: str, room: int) -> str:
    end = next(text[n:] for n in range(max(0, len(text) - room), len(text) + 1) if cell_len(text[n:]) <= room)
    while end and unicodedata.category(end[0]).startswith("M"):  # it belongs to a character that is cut off
        end = end[1:]
    return end.lstrip()
