"""Brightspace: the grades that were exported from it, with one column filled in (D2L, *Importing grades*).

A row begins with ``OrgDefinedId`` or ``Username``, each with ``#`` before it, and ends in ``#``.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.errors import InputError
from autograder.exports.downloads import download_from
from autograder.exports.records import Filled, Points, choose_column, fill_in, maximum
from autograder.sheet import read_sheet

_POINTS = re.compile(r"(?P<title>.*) Points Grade(?: <(?P<about>.*)>)?", re.DOTALL)
_MOST = re.compile(r"\bMaxPoints:(\d+(?:[.,]\d+)?)")
_KEYS = ("OrgDefinedId", "Username")
_END = "End-of-Line Indicator"


def fill(data: bytes, path: str, points: Sequence[Points], column: str) -> Filled:
    """Fill in grades that were exported from Brightspace; only students with a grade, and only that item.

    `path` names the file in messages.

    Raises `InputError` if it is no export of Brightspace, the item is not there, a grade is above its maximum, or a
    student cannot be told from another.
    """
    sheet = read_sheet(data, path)
    keys = [place for name in _KEYS if (place := sheet.column(name)) is not None]
    end = sheet.column(_END)
    if not keys or end is None:
        told = download_from("brightspace")
        raise InputError(
            f"{path}: not an export of grades from Brightspace (no columns {' or '.join(_KEYS)}, {_END}); {told}"
        )
    titles = {n: found["title"] for n, title in enumerate(sheet.heading) if (found := _POINTS.fullmatch(title))}
    if not titles:
        raise InputError(
            f"{path}: no heading ends in 'Points Grade', as Brightspace writes it in English; export the points grade, "
            "with your account's language set to English"
        )
    target = choose_column(titles, column, path)
    most = _MOST.search(sheet.heading[target])
    filled = fill_in(
        sheet,
        points,
        keys=[[row[place].removeprefix("#") for place in keys] for row in sheet.rows],
        heading=(*(sheet.heading[place] for place in keys), f"{titles[target]} Points Grade", _END),
        line=lambda row, earned: [*(row[place] for place in keys), earned, "#"],
        called=keys[-1:],
        platform="Brightspace",
        most=maximum(most[1]) if most else None,
    )
    return replace(filled, without=tuple(name.removeprefix("#") for name in filled.without))
