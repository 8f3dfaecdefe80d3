"""Blackboard: the grades that were downloaded to work offline, with one column filled in.

The download is text with tabs, mostly in UTF-16, though its name may end in ``.xls``; a column's title ends in its
number (``Homework 1 [Total Pts: 50 Score] |12345``), and a row is known by ``Username`` or ``Student ID``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.errors import InputError
from autograder.exports.downloads import download_from
from autograder.exports.records import Filled, Points, choose_column, fill_in, maximum
from autograder.sheet import read_sheet

_TITLE = re.compile(r"(?P<title>.*?)(?: \[(?P<about>[^\]]*)\])? ?\|.*", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
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
        If it is no download of Blackboard, the column is not there, a grade is above its maximum, or a student cannot
        be told from another.
    """
    sheet = read_sheet(data, path)
    keys = [place for name in _KEYS if (place := sheet.column(name)) is not None]
    if sheet.column("Username") is None:
        told = download_from("blackboard")
        raise InputError(f"{path}: not a download of grades from Blackboard (no column Username); {told}")
    titles = {n: found["title"] for n, title in enumerate(sheet.heading) if (found := _TITLE.fullmatch(title))}
    target = choose_column(titles, column, path)
    return fill_in(
        sheet,
        points,
        keys=[[row[place] for place in keys] for row in sheet.rows],
        heading=(*(sheet.heading[place] for place in keys), sheet.heading[target]),
        line=lambda row, earned: [*(row[place] for place in keys), earned],
        called=keys[0],
        platform="Blackboard",
        most=_most(sheet.heading[target]),
    )


def _most(title: str) -> float | None:
    """Find the only number in what stands in brackets, whichever words are about it."""
    found = _TITLE.fullmatch(title)
    numbers = _NUMBER.findall((found and found["about"]) or "")
    return maximum(numbers[0]) if len(numbers) == 1 else None
