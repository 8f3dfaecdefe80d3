"""What platforms do with an uploaded file: their importers' rules, written anew from their sources or their help.

Canvas: instructure/canvas-lms, lib/gradebook_importer.rb and lib/csv_with_i18n.rb.
Moodle: mod/assign/feedback/offline/importgradeslib.php, and locallib.php there (process_import_grades).
Brightspace: D2L, "Importing grades": the keys, a title's end, the cap, the mark at a row's end.
Blackboard: Help for Instructors, "Uploading or Downloading Grade Center Items for Working Offline": a student is known
by user name, a column by its number, and one without a number becomes a new column of text.
"""

from __future__ import annotations

import codecs
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
    rows = list(csv.reader(io.StringIO(text), delimiter=_separator(text.splitlines(keepends=True)[:3]), strict=True))
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
        if scores.get(who) == "N/A":
            # Not asked of this student: what stands in the file is passed over.
            continue
        if new in ("", "-"):
            new = ""
        elif not re.fullmatch(r"-?\d+(\.\d+)?", new):
            raise Refused(f"no score: {new}")
        if new != scores.get(who, ""):
            changed[who] = new
    return changed


def _separator(lines: list[str]) -> str:
    """Choose as `identify_delimiter` does, by the first three lines, each for itself; a tie goes to the comma."""
    counts = dict.fromkeys(";,", 0)
    for separator in counts:
        # Ruby's CSV takes no quote within a cell that does not begin with one.
        cell = rf'(?:"(?:[^"]|"")*"|[^{separator}"\r\n]*)'
        if all(re.fullmatch(rf"{cell}(?:{separator}{cell})*", line.rstrip("\r\n")) for line in lines):
            widths = {len(next(csv.reader([line], delimiter=separator), [])) for line in lines}
            counts[separator] = widths.pop() if len(widths) == 1 else 0
    return ";" if counts[";"] > counts[","] else ","


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


MINUTE = 60


def moodle(
    data: bytes,
    word: str,
    users: dict[int, tuple[float | None, float]],
    separator: str = ",",
    decimal: str = ".",
    *,
    touched: dict[int, tuple[int, int]] | None = None,
    locked: frozenset[int] = frozenset(),
    comments: dict[int, str] | None = None,
) -> dict[int, tuple[float | None, str | None]]:
    """Import a worksheet; users are id -> (grade, maximum), `word` is "Participant ".

    `touched` has the seconds when Moodle's grade was changed, and what the row says of it; `comments` are what stands,
    nothing unless told. What changes, by id: a grade, and a comment, None where one stays.
    """
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=separator, strict=True))
    heading = rows[0]
    grade = heading.index("Grade") if "Grade" in heading else heading.index("Bewertung")
    changed = {}
    for row in rows[1:]:
        if len(row) != len(heading):
            raise Refused("columns")
        number = int(row[0][len(word) :])
        if number not in users:
            continue
        # A row is stale when Moodle's grade was changed more than a minute after what the row says.
        now, written = (touched or {}).get(number, (0, 0))
        if now > written + MINUTE:
            continue
        # Comments are imported of every row, whether the grade is or not.
        old = (comments or {}).get(number, "")
        one = (_moodle_grade(row[grade].strip(), decimal, *users[number]), row[-1] if row[-1] != old else None)
        one = (None, one[1]) if number in locked else one
        if one != (None, None):
            changed[number] = one
    return changed


def _moodle_grade(cell: str, decimal: str, before: float | None, most: float) -> float | None:
    """Read a grade; None where it is passed over."""
    if not cell:
        return None
    if not re.fullmatch(rf"-?\d+(\{decimal}\d+)?", cell):
        raise Refused(f"no grade: {cell}")
    new = float(cell.replace(decimal, "."))
    return None if new < 0 or new > most or new == before else new


def brightspace(data: bytes, students: dict[str, str], most: float) -> dict[str, float]:
    """Import points of one item; `students` are usernames by id. What is set, by id."""
    heading, *rows = csv.reader(io.StringIO(data.decode("utf-8")), strict=True)
    *keys, item, end = heading
    if keys not in (["OrgDefinedId"], ["Username"], ["OrgDefinedId", "Username"]):
        raise Refused("other columns before the grade")
    if not item.endswith(" Points Grade") or end != "End-of-Line Indicator":
        raise Refused("headings")
    found = {}
    for *ids, points, mark in rows:
        if mark != "#":
            raise Refused("a row without its end")
        known = dict(zip(keys, (one.removeprefix("#") for one in ids), strict=True))
        (who,) = [
            one
            for one, name in students.items()
            if known.get("OrgDefinedId", one) == one and known.get("Username", name) == name
        ]
        # Capped in silence, unless the item may be exceeded.
        found[who] = min(float(points), most)
    return found


def blackboard(data: bytes, students: dict[str, str]) -> dict[str, float]:
    """Import a column; `students` are student ids by username. What is set, by username."""
    text = data.decode("utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    heading, *rows = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    if "Username" not in heading:
        raise Refused("no user names")
    if not re.search(r"\|\d+$", heading[-1]):
        raise Refused("a new column of text, with no points, would be made")
    found = {}
    for row in rows:
        one = dict(zip(heading, row, strict=True))
        if one["Username"] not in students:
            raise Refused(f"who is {one['Username']}?")
        found[one["Username"]] = float(row[-1])
    return found
