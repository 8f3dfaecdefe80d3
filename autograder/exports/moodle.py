"""Moodle: the grading worksheet that was downloaded from an assignment, in whatever language, filled in.

Headings, and the word before each identifier, are in the site's language, and Moodle cuts the identifier out by that
word's length; so nothing is written anew: columns are found by place (Moodle, ``mod/assign/locallib.php``), and a grade
and its comment are put into the rows that are there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.errors import InputError
from autograder.exports.downloads import download_from
from autograder.exports.records import Filled, Points, match, two_decimals
from autograder.sheet import Sheet, inert, read_sheet

_IDENTIFIER = re.compile(r"\D*?(\d+)")
_SUBMITTED = re.compile(r".*_(\d+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
_MAXIMUM = re.compile(r"0*[1-9]\d*(\.\d+)?")
_NUMBER_OR_NONE = re.compile(r"[-+]?[\d.,]+|-")
_LAST = 2
"""The grade's date and the comments stand last."""


def fill(data: bytes, path: str, points: Sequence[Points], comments: Mapping[str, str], decimal: str) -> Filled:
    """Fill in a grading worksheet.

    Parameters
    ----------
    data, path : bytes, str
        The file's content, and its name for messages.
    points : sequence of Points
        Everybody's total.
    comments : mapping of str to str
        HTML by student, for the last column.
    decimal : str
        What stands before decimals where the file is uploaded: ``.`` or ``,``.

    Raises
    ------
    InputError
        If it is no worksheet, a grade is above the maximum, or a student cannot be told from another.
    """
    sheet = read_sheet(data, path)
    grade, most = _columns(sheet)
    keys = [_keys(row) for row in sheet.rows]
    found = match([_by_number(one) for one in points], keys, path)
    rows, locked, filled = [], [], set()
    for number, row in enumerate(sheet.rows):
        cells = [*row[:1], *map(_ours, row[1:])]
        one = found.get(number)
        if one is not None and one.earned is not None:
            _refuse_what_is_too_much(one, row[most], sheet)
            if row[most + 1].strip().casefold() == "no":
                locked.append(row[1])
            else:
                cells[grade] = two_decimals(one.earned).replace(".", decimal)
                cells[-1] = comments.get(one.student, cells[-1])
                filled.add(number)
        rows.append(cells)
    matched = {one.student for one in found.values()}
    return Filled(
        data=sheet.write(rows),
        unmatched=tuple(one.name for one in points if one.student not in matched),
        without=tuple(row[1] for n, row in enumerate(sheet.rows) if n not in filled and row[1] not in locked),
        locked=tuple(locked),
        filled=len(filled),
    )


def _columns(sheet: Sheet) -> tuple[int, int]:
    """Find the grade and its maximum, in whatever language: one number above 0 on every row, a grade before it."""
    titles = {title.strip() for title in sheet.heading}
    for place in range(len(sheet.heading) - _LAST - 1, 1, -1):
        values = {row[place].strip().replace(",", ".") for row in sheet.rows}
        english = {"Grade", "Maximum Grade"} <= titles and sheet.heading[place].strip() != "Maximum Grade"
        if not english and len(values) == 1 and _MAXIMUM.fullmatch(next(iter(values))):
            return place - 1, place
    raise InputError(
        f"{sheet.path}: no grading worksheet of Moodle (no column with the maximum grade); {download_from('moodle')}"
    )


def _keys(row: Sequence[str]) -> list[str]:
    identifier = _IDENTIFIER.fullmatch(row[0].strip())
    # The identifier, the name, and the address where there is one; blind marking has the identifier alone.
    return [row[0], *([identifier[1]] if identifier else []), *(row[1:3] if len(row) > 2 else [])]


def _by_number(one: Points) -> Points:
    """Know a submission by the number in the name that Moodle gave its file."""
    given = _SUBMITTED.fullmatch(one.name)
    return Points(student=one.student, name=given[1], earned=one.earned, possible=one.possible) if given else one


def _ours(cell: str) -> str:
    return inert(cell) if not _NUMBER_OR_NONE.fullmatch(cell) else cell


def _refuse_what_is_too_much(one: Points, most: str, sheet: Sheet) -> None:
    """Refuse a grade above the maximum: Moodle would pass over it in silence."""
    maximum = float(most.strip().replace(",", "."))
    if one.earned is not None and one.earned > maximum:
        raise InputError(
            f"{sheet.path}: {one.name!r} earned {two_decimals(one.earned)}, above Moodle's maximum {maximum:g}; "
            f"set the assignment's maximum grade to {one.possible:g}"
        )
