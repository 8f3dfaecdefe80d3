"""What Canvas and Moodle do with an uploaded file: their importers' rules, written anew from their sources.

Canvas: instructure/canvas-lms, lib/gradebook_importer.rb and lib/csv_with_i18n.rb.
Moodle: mod/assign/feedback/offline/importgradeslib.php.
"""

from __future__ import annotations

import csv
import io
import re

_LOOKS_LIKE_A_NUMBER = re.compile(r"^-?[0-9.,]+%?$")
_DROPPED = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")


class Refused(Exception):  # noqa: N818
    """The importer shows an error instead of changes."""


def canvas(data: bytes, students: dict[str, dict[str, str]], scores: dict[str, str]) -> dict[str, str]:
    """Import into one assignment; `students` are known by id, `scores` are what stands. Scores that change, by id."""
    text = data.decode("utf-8")
    rows = list(csv.reader(io.StringIO(text), strict=True))
    rows = [[_number(cell) for cell in row] for row in rows]
    heading = rows[0]
    section = max((n for n, title in enumerate(heading) if "Section" in title), default=-1)
    if len(heading) <= 3 or "Student" not in heading[0] or "ID" not in heading[1] or section < 0:
        raise Refused("invalid header row")
    if heading[1 : section + 1] not in (
        ["ID", "Section"],
        ["ID", "SIS Login ID", "Section"],
        ["ID", "SIS User ID", "SIS Login ID", "Section"],
        ["ID", "SIS User ID", "SIS Login ID", "Integration ID", "Section"],
    ):
        raise Refused("columns between ID and Section")
    titles = [title for title in heading[section + 1 :] if not _DROPPED.search(title)]
    if len(titles) != 1 or not re.fullmatch(r"^(.*)\s\((\d+)\)$", titles[0]):
        raise Refused("a new assignment would be created")
    changed = {}
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            if float(row[-1]) <= 0:
                raise Refused("points")
            continue
        who = _canvas_student(dict(zip(heading, row, strict=True)), students)
        new = row[-1].strip()
        if new in ("", "-"):
            new = ""
        elif not re.fullmatch(r"-?\d+(\.\d+)?", new):
            raise Refused(f"no score: {new}")
        if new != scores.get(who, ""):
            changed[who] = new
    return changed


def _number(cell: str) -> str:
    """Make a number of a cell in whatever locale: only the last separator is the decimal point."""
    if not _LOOKS_LIKE_A_NUMBER.fullmatch(cell):
        return cell
    *whole, decimals = re.split("[.,]", cell)
    return "".join(whole) + "." + decimals if whole else decimals


def _canvas_student(row: dict[str, str], students: dict[str, dict[str, str]]) -> str:
    if row["ID"] in students:
        return row["ID"]
    for key in ("SIS User ID", "SIS Login ID"):
        for one, about in students.items():
            if row.get(key) and about.get(key) == row[key]:
                return one
    raise Refused(f"who is {row['Student']}?")


def moodle(
    data: bytes, word: str, users: dict[int, tuple[float | None, float]], separator: str = ",", decimal: str = "."
) -> dict[int, tuple[float, str]]:
    """Import a worksheet; users are id -> (grade, maximum), `word` is "Participant ". What changes, and the comment."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=separator, strict=True))
    heading = rows[0]
    place = {title: heading.index(title) for title in (heading[0], heading[-1])}
    assert place
    grade = heading.index("Grade") if "Grade" in heading else heading.index("Bewertung")
    changed = {}
    for row in rows[1:]:
        if len(row) != len(heading):
            raise Refused("columns")
        number = int(row[0][len(word) :])
        if number not in users:
            continue
        before, most = users[number]
        cell = row[grade].strip()
        if not cell:
            continue
        if not re.fullmatch(rf"-?\d+(\{decimal}\d+)?", cell):
            raise Refused(f"no grade: {cell}")
        new = float(cell.replace(decimal, "."))
        if new < 0 or new > most or new == before:
            continue
        changed[number] = (new, row[-1])
    return changed
