"""Blackboard: the grades that were downloaded to work offline, with one column filled in.

The download is text with tabs, mostly in UTF-16, though its name may end in ``.xls``; a column's title ends in its
number (``Homework 1 [Total Pts: 50 Score] |12345``), and a row is known by ``Username`` or ``Student ID``. In another
language than English these two are the third and fourth column, behind the names, as Blackboard always puts them.
"""

import re
from collections.abc import Sequence

from autograder.errors import InputError
from autograder.exports.downloads import download_from
from autograder.exports.records import Filled, Points, choose_column, fill_in, maximum
from autograder.sheet import Sheet, key, read_sheet

_TITLE = re.compile(r"(?P<title>.*?)(?: \[(?P<about>[^\]]*)\])? ?\|[^|]*", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"\d+[.,]\d{3}")
_KEYS = ("Username", "Student ID")
_NAMES = 2  #: Columns before the user's: last name, first name.


def fill(data: bytes, path: str, points: Sequence[Points], column: str) -> Filled:
    """Fill in grades that were downloaded from Blackboard; only students with a grade, and only that column.

    The column is named as the Grade Center shows it; `path` names the file in messages.

    Raises `InputError` if it is no download of Blackboard, the column is not there, a grade is above its maximum, or a
    student cannot be told from another.
    """
    sheet = read_sheet(data, path)
    keys = _keys(sheet)
    titles = {n: found["title"] for n, title in enumerate(sheet.heading) if (found := _TITLE.fullmatch(title))}
    target = choose_column(titles, column, path)
    return fill_in(
        sheet,
        points,
        keys=[[row[place] for place in keys] for row in sheet.rows],
        heading=(*(sheet.heading[place] for place in keys), sheet.heading[target]),
        line=lambda row, earned: [*(row[place] for place in keys), earned],
        called=keys[:1],
        platform="Blackboard",
        most=_most(sheet.heading[target]),
    )


def _keys(sheet: Sheet) -> list[int]:
    """Find the columns that say who a student is, by their English headings, else by order and what is in them."""
    if sheet.column(_KEYS[0]) is not None:
        return [place for name in _KEYS if (place := sheet.column(name)) is not None]
    ahead = next((n for n, title in enumerate(sheet.heading) if _TITLE.fullmatch(title)), 0)
    places = [*range(_NAMES, min(ahead, _NAMES + len(_KEYS)))]
    users = [key(row[_NAMES]) for row in sheet.rows] if places else []
    if not all(users) or len({*users}) < max(len(users), 1):
        told = download_from("blackboard")
        raise InputError(f"{sheet.path}: not a download of grades from Blackboard (no column {_KEYS[0]}); {told}")
    return places


def _most(title: str) -> float | None:
    """Find the only number in what stands in brackets, whichever words are about it; 1,000 may be one or a thousand."""
    found = _TITLE.fullmatch(title)
    numbers = _NUMBER.findall((found and found["about"]) or "")
    return maximum(numbers[0]) if len(numbers) == 1 and not _THOUSANDS.fullmatch(numbers[0]) else None
