"""Blackboard: the grades that were downloaded to work offline, with one column filled in.

The download is text with tabs, mostly in UTF-16, though its name may end in ``.xls``; a column's title ends in its
number (``Homework 1 [Total Pts: 50 Score] |12345``), and a row is known by ``Username`` or ``Student ID``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.errors import InputError
from autograder.exports.records import Filled, Points, choose_column, match, two_decimals
from autograder.sheet import read_sheet

_DOWNLOAD = "download the grades in Blackboard (Grade Center, Work Offline, Download)"
_TITLE = re.compile(r"(?P<title>.*?)(?: \[[^\]]*\])? ?\|.*", re.DOTALL)
_KEYS = ("Username", "Student ID")


def fill(data: bytes, path: str, points: Sequence[Points], column: str) -> Filled:
    """Fill in grades that were downloaded from Blackboard; only students with a grade, and only that column.

    Parameters
    ----------
    data, path : bytes, str
        The file's content, and its name for messages.
    points : sequence of Points
        Everybody's total.
    column : str
        The column's name, as the Grade Center shows it.

    Raises
    ------
    InputError
        If it is no download of Blackboard, the column is not there, or a student cannot be told from another.
    """
    sheet = read_sheet(data, path)
    keys = [place for name in _KEYS if (place := sheet.column(name)) is not None]
    if sheet.column("Username") is None:
        raise InputError(f"{path}: no grades of Blackboard (no column Username); {_DOWNLOAD}")
    titles = {n: found["title"] for n, title in enumerate(sheet.heading) if (found := _TITLE.fullmatch(title))}
    target = choose_column(titles, column, path)
    found_rows = match(points, [[row[place] for place in keys] for row in sheet.rows], path)
    graded = {number: one.earned for number, one in found_rows.items() if one.earned is not None}
    rows = [
        [*(sheet.rows[number][place] for place in keys), two_decimals(earned)]
        for number, earned in sorted(graded.items())
    ]
    heading = (*(sheet.heading[place] for place in keys), sheet.heading[target])
    return Filled(
        data=replace(sheet, heading=heading, rows=()).write(rows),
        unmatched=tuple(one.name for one in points if one not in found_rows.values()),
        without=tuple(row[keys[0]] for n, row in enumerate(sheet.rows) if n not in graded),
        filled=len(graded),
    )
