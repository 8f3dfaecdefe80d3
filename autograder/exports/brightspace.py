"""Brightspace: the grades that were exported from it, with one column filled in (D2L, *Importing grades*).

A row begins with ``OrgDefinedId`` or ``Username``, each with ``#`` before it, and ends in ``#``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.errors import InputError
from autograder.exports.records import Filled, Points, choose_column, match, two_decimals
from autograder.sheet import read_sheet

_DOWNLOAD = "export the grades in Brightspace (Grades, Enter Grades, Export; both keys, points grade)"
_POINTS = re.compile(r"(?P<title>.*) Points Grade(?: <.*>)?", re.DOTALL)
_KEYS = ("OrgDefinedId", "Username")
_END = "End-of-Line Indicator"


def fill(data: bytes, path: str, points: Sequence[Points], column: str) -> Filled:
    """Fill in grades that were exported from Brightspace; only students with a grade, and only that item.

    Parameters
    ----------
    data, path : bytes, str
        The file's content, and its name for messages.
    points : sequence of Points
        Everybody's total.
    column : str
        The grade item's name.

    Raises
    ------
    InputError
        If it is no export of Brightspace, the item is not there, or a student cannot be told from another.
    """
    sheet = read_sheet(data, path)
    keys = [place for name in _KEYS if (place := sheet.column(name)) is not None]
    end = sheet.column(_END)
    if not keys or end is None:
        raise InputError(f"{path}: no grades of Brightspace (no columns {' or '.join(_KEYS)}, {_END}); {_DOWNLOAD}")
    titles = {n: found["title"] for n, title in enumerate(sheet.heading) if (found := _POINTS.fullmatch(title))}
    target = choose_column(titles, column, path)
    found_rows = match(points, [[row[place].removeprefix("#") for place in keys] for row in sheet.rows], path)
    graded = {number: one.earned for number, one in found_rows.items() if one.earned is not None}
    rows = [
        [*(sheet.rows[number][place] for place in keys), two_decimals(earned), "#"]
        for number, earned in sorted(graded.items())
    ]
    heading = (*(sheet.heading[place] for place in keys), f"{titles[target]} Points Grade", _END)
    return Filled(
        data=replace(sheet, heading=heading, rows=()).write(rows),
        unmatched=tuple(one.name for one in points if one not in found_rows.values()),
        without=tuple(row[keys[-1]].removeprefix("#") for n, row in enumerate(sheet.rows) if n not in graded),
        filled=len(graded),
    )
