"""What the formats need of one student's grade."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.errors import InputError
from autograder.gradebook.record import GradeRecord
from autograder.gradebook.results import Result
from autograder.gradebook.table import written_column
from autograder.model import Assignment
from autograder.sheet import Sheet, is_computed, key
from autograder.shown import name_and_cut
from autograder.words import GradeStatus

_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One criterion, or a written answer that has points."""

    id: str
    question: str
    title: str
    earned: float
    possible: float
    feedback: str  #: What the student may read.

    @property
    def passed(self) -> bool:
        """Whether it has all its points."""
        return self.earned == self.possible


@dataclass(frozen=True, kw_only=True)
class Report:
    """One student's grade, as far as other platforms are told of it."""

    student: str
    name: str  #: The name that the id was made from.
    status: GradeStatus
    earned: float | None  #: None after a fault of ours: nobody knows.
    possible: float
    isolation: str
    notes: tuple[str, ...]
    lines: tuple[Line, ...]
    markdown: str  #: All that the student may read, in Markdown.


@dataclass(frozen=True, kw_only=True)
class Points:
    """One student's total."""

    student: str
    name: str
    earned: float | None
    possible: float
    ids: tuple[str, ...] = ()  #: What else a roster calls this student, and nobody else.


def points_of(graded: Result | Report, ids: tuple[str, ...]) -> Points:
    """Take the total, with the roster's ids."""
    name, _ = name_and_cut(graded.student)
    return Points(student=graded.student, name=name, earned=graded.earned, possible=graded.possible, ids=ids)


def report_of(record: GradeRecord, assignment: Assignment, markdown: str) -> Report:
    """Take from a grade what other platforms may be told."""
    name, _ = name_and_cut(record.student)
    titles = {c.id: c.title for part in assignment.parts for c in part.criteria}
    scores = tuple(
        Line(
            id=score.criterion,
            question=score.question,
            title=titles.get(score.criterion, score.criterion),
            earned=score.earned,
            possible=score.possible,
            feedback=score.feedback,
        )
        for score in record.scores
    )
    written = tuple(
        Line(
            id=written_column(answer.question),
            question=answer.question,
            title="Written answer",
            earned=answer.earned,
            possible=answer.possible,
            feedback="",
        )
        for answer in record.written
        if answer.possible
    )
    return Report(
        student=record.student,
        name=name,
        status=record.status,
        earned=record.earned,
        possible=record.possible,
        isolation=record.isolation,
        notes=record.notes,
        lines=(*scores, *written),
        markdown=markdown,
    )


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A spreadsheet that was filled in, and who is missing on either side."""

    data: bytes
    #: Students who were graded and are not in it, by the name their id was made from.
    unmatched: tuple[str, ...]
    without: tuple[str, ...]  #: Rows without a grade, as the spreadsheet names them.
    locked: tuple[str, ...] = ()  #: Rows that the platform would not take a grade for.
    excused: tuple[str, ...] = ()  #: Rows that say there that no grade is wanted.
    unassigned: tuple[str, ...] = ()  #: Rows of students who are not asked for it.
    #: What else there is to know.
    remark: str = ""
    filled: int
    known: frozenset[str]  #: Whatever names a row's student there, as `sheet.key` spells it.


def choose_column(titles: Mapping[int, str], column: str, path: str) -> int:
    """Find the only column with this title, whichever letters are capital.

    Raises `InputError` if there is none, or more than one; it lists what there is.
    """
    wanted = column.strip().casefold()
    named = [place for place, title in titles.items() if title.strip().casefold() == wanted]
    if len(named) == 1:
        return named[0]
    known = ", ".join(repr(title.strip()) for title in titles.values()) or "none, so make the column there first"
    found = f"{len(named)} columns are" if named else "no column is"
    raise InputError(f"{path}: {found} called {column!r}; --column can be: {known}")


def two_decimals(points: float) -> str:
    """Write points as spreadsheets of platforms compare them."""
    return f"{points:.2f}"


def refuse_above(one: Points, most: float | None, path: str, platform: str) -> None:
    """Refuse a grade above what the platform's column can hold: it would cut it, or pass over it, in silence.

    Raises `InputError` if it is above; nobody's is where the platform names no maximum.
    """
    if most is not None and one.earned is not None and one.earned > most:
        raise InputError(
            f"{path}: {one.name!r} earned {two_decimals(one.earned)}, above {platform}'s maximum {most:g}; "
            f"set the assignment's maximum grade to {one.possible:g}"
        )


def maximum(cell: str) -> float | None:
    """Read a maximum that a platform wrote; None where it is no number above 0."""
    number = cell.strip().replace(",", ".")
    return (float(number) or None) if _NUMBER.fullmatch(number) else None


def all_keys(keys: Sequence[Sequence[str]]) -> frozenset[str]:
    """Spell whatever names a row's student as it is compared."""
    return frozenset(key(cell) for mine in keys for cell in mine if cell.strip())


def match(points: Sequence[Points], keys: Sequence[Sequence[str]], path: str) -> dict[int, Points]:
    """Find each student's row: the one that has exactly the student's name, or an id, among its keys.

    Raises `InputError` if one student matches two rows, or two match one: only a person can tell.
    """
    rows: dict[str, set[int]] = {}
    for number, mine in enumerate(keys):
        for cell in mine:
            if cell.strip():
                rows.setdefault(key(cell), set()).add(number)
    found: dict[int, Points] = {}
    for one in points:
        places = set[int]().union(*(rows.get(key(mine), ()) for mine in (one.name, one.student, *one.ids)))
        if len(places) > 1:
            raise InputError(
                f"{path}: {len(places)} rows belong to {one.name!r} ({_some([keys[n] for n in sorted(places)])}); "
                "name the submissions by an id that only one student has, with hw1 collect --roster"
            )
        for place in places:
            if place in found:
                raise InputError(
                    f"{path}: both {found[place].name!r} and {one.name!r} belong to the row of {_some([keys[place]])}; "
                    "grade one of the two submissions"
                )
            found[place] = one
    return found


def fill_in(
    sheet: Sheet,
    points: Sequence[Points],
    *,
    keys: Sequence[Sequence[str]],
    heading: Sequence[str],
    line: Callable[[Sequence[str], str], Sequence[str]],
    called: Sequence[int],
    platform: str,
    most: float | None,
    above: Sequence[Sequence[str]] = (),
    excused: Callable[[Sequence[str]], bool] = lambda _: False,
    unassigned: Callable[[Sequence[str]], bool] = lambda _: False,
) -> Filled:
    """Write a row for each student with a grade, in the spreadsheet's order, and no other row.

    `keys` are what each of the sheet's rows knows its student by, and `called` the columns that say to a person who has
    no grade. `line` makes the row to write of a row and the points in it; `above` goes right below the heading. `most`
    is the most points that the platform's column can hold, if it says so. Rows that are `excused` or `unassigned` are
    left out, though there is a grade.

    Raises `InputError` as from `match` and `refuse_above`.
    """
    found = match(points, keys, sheet.path)
    set_free = [number for number, row in enumerate(sheet.rows) if excused(row)]
    not_asked = [number for number, row in enumerate(sheet.rows) if unassigned(row)]
    left = {*set_free, *not_asked}
    graded = {number: one.earned for number, one in found.items() if one.earned is not None and number not in left}
    for number in graded:
        refuse_above(found[number], most, sheet.path, platform)
    rows = [line(sheet.rows[number], two_decimals(earned)) for number, earned in sorted(graded.items())]
    for computed in (cell for row in rows for cell in row if is_computed(cell)):
        raise InputError(
            f"{sheet.path}: {computed!a} says who a student is, and a spreadsheet would compute it; enter this "
            "student's grade by hand and take the row out"
        )
    matched = {one.student for one in found.values()}
    names = [", ".join(row[place] for place in called) for row in sheet.rows]
    return Filled(
        data=replace(sheet, heading=tuple(heading), rows=()).write([*above, *rows]),
        unmatched=tuple(one.name for one in points if one.student not in matched),
        without=tuple(names[n] for n in range(len(names)) if n not in graded and n not in left),
        excused=tuple(names[number] for number in set_free),
        unassigned=tuple(names[number] for number in not_asked),
        filled=len(graded),
        known=all_keys(keys),
    )


def _some(rows: Sequence[Sequence[str]]) -> str:
    return ", ".join(" ".join(filter(None, keys)) for keys in rows[:3]) + (", ..." if len(rows) > 3 else "")
