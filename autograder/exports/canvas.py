"""Canvas: the gradebook that was exported from it, with one column filled in.

Rules of its importer (canvas-lms, ``lib/gradebook_importer.rb``): the heading decides which columns hold a student's
ids; a title ``Name (123)`` means the assignment 123; a blank cell over a score erases it, so whoever has no grade is
left out; ``N/A`` says that a student is not asked, and no score there is taken; scores are compared to two decimals;
any cell that looks like a number loses its separators but the last. The row of its test student, whom the exporter
puts last, is nobody's: the importer does not know it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.errors import InputError
from autograder.exports.downloads import download_from
from autograder.exports.records import Filled, Points, all_keys, choose_column, fill_in, maximum
from autograder.sheet import Sheet, inert, key, read_sheet

_ASSIGNMENT = re.compile(r".*\s\(\d+\)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9.,]+%?")
_IDS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_FORMULA = ("=", "+", "-", "@")
_DROPPED = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
"""What no assignment may be called: the importer passes over such a column."""

_READ_ONLY, _EXCUSED, _UNASSIGNED = "(read only)", "EX", "N/A"
_TEST_STUDENT, _IN_TWO = "Student, Test", ("LastName", "FirstName")


def fill(data: bytes, path: str, points: Sequence[Points], column: str) -> Filled:
    """Fill in a gradebook that was exported from Canvas; only students with a grade, and only that column.

    The column is named by its title, with or without its number; `path` names the file in messages.

    Raises `InputError` if it is no gradebook of Canvas, the column is not there or ambiguous, a grade is above its
    points, an id would not survive the import, or a student cannot be told from another.
    """
    sheet = read_sheet(data, path)
    ids = [place for name in _IDS if (place := sheet.column(name)) is not None]
    section = sheet.column("Section")
    if sheet.column("ID") is None or section is None:
        raise InputError(f"{path}: not a gradebook of Canvas (no columns ID and Section); {download_from('canvas')}")
    target = _column(sheet, column, section)
    kept = [*range(section + 1), target]
    points_rows = [row for row in sheet.rows if _is_about_points(row)]
    title = sheet.heading[target]
    if _DROPPED.search(title) or any(row[target].strip().casefold() == _READ_ONLY for row in points_rows):
        raise InputError(
            f"{path}: Canvas computes {title!a}, or treats it as computed, and would pass over its grades; choose or "
            "rename an assignment"
        )
    people = [row for row in sheet.rows if not _is_about_points(row) and any(row[place].strip() for place in ids)]
    students = [row for row in people if not _is_test_student(row, sheet)]

    def line(row: Sequence[str], earned: str) -> list[str]:
        _refuse_what_is_mangled(row, ids, sheet)
        return [*(row[place] if place in ids else inert(row[place]) for place in kept[:-1]), earned]

    filled = fill_in(
        _as_canvas_reads(sheet, students),
        points,
        keys=[[row[place] for place in ids] for row in students],
        heading=[sheet.heading[place] for place in kept],
        line=line,
        called=_name(sheet),
        platform="Canvas",
        most=next((maximum(row[target]) for row in points_rows), None),
        above=[[row[place] for place in kept] for row in points_rows if row[target].strip()],
        excused=lambda row: row[target].strip().upper() == _EXCUSED,
        unassigned=lambda row: row[target].strip().upper() == _UNASSIGNED,
    )
    tests = all_keys([[row[place] for place in ids] for row in people if _is_test_student(row, sheet)])
    tried = [name for name in filled.unmatched if key(name) in tests]
    return replace(
        filled,
        unmatched=tuple(name for name in filled.unmatched if name not in tried),
        remark=f"{', '.join(tried)} is Canvas's test student, whose row stays as it is" if tried else "",
    )


def _is_test_student(row: Sequence[str], sheet: Sheet) -> bool:
    """Whether it is Canvas's own: whoever is really called so has an id of the school's."""
    sis = sheet.column("SIS User ID")
    name = ", ".join(row[place].strip() for place in _name(sheet))
    return name == _TEST_STUDENT and (sis is None or not row[sis].strip())


def _name(sheet: Sheet) -> list[int]:
    """Find the columns that a name stands in: one, or two where the course has it so."""
    two = [place for title in _IN_TWO if (place := sheet.column(title)) is not None]
    return two if len(two) == len(_IN_TWO) else [0]


def _as_canvas_reads(sheet: Sheet, students: Sequence[tuple[str, ...]]) -> Sheet:
    """Write what its importer knows: UTF-8, without a mark that would hide the first heading, commas or semicolons.

    It takes commas for granted where one of the first three lines, each for itself, is no row.
    """
    one_line = not any("\n" in cell or "\r" in cell for row in (sheet.heading, *sheet.rows) for cell in row)
    delimiter = ";" if sheet.delimiter == ";" and one_line else ","
    return replace(sheet, rows=tuple(students), encoding="utf-8", mark=b"", delimiter=delimiter)


def _is_about_points(row: Sequence[str]) -> bool:
    return "points possible" in row[0].casefold()


def _column(sheet: Sheet, column: str, section: int) -> int:
    """Find the assignment's column by its whole title, or by what stands before the number."""
    titles = {place: title for place, title in enumerate(sheet.heading) if place > section}
    numbered = {place: title for place, title in titles.items() if _ASSIGNMENT.fullmatch(title)}
    short = {place: title.rpartition("(")[0].strip() for place, title in numbered.items()}
    whole = column.strip().casefold() in (title.strip().casefold() for title in titles.values())
    once = [title.casefold() for title in short.values()].count(column.strip().casefold()) == 1
    return choose_column(titles if whole else short if once else numbered, column, sheet.path)


def _refuse_what_is_mangled(row: Sequence[str], ids: Sequence[int], sheet: Sheet) -> None:
    for place in ids:
        cell = row[place]
        mangled = _NUMBER.fullmatch(cell) and ("." in cell or "," in cell)
        if mangled or cell.startswith(_FORMULA):
            why = "Canvas would read it as a number" if mangled else "a spreadsheet would compute it"
            raise InputError(
                f"{sheet.path}: the {sheet.heading[place]} {cell!r} would not survive the import ({why}); "
                "enter this student's grade by hand and take the row out"
            )
