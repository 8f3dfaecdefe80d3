"""What nbgrader holds about a class: its gradebook, its exported table, its feedback pages."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

from sqlalchemy import MetaData, create_engine, select, text

from tests.classroom.room import ASSIGNMENT, Classroom

Scores = dict[str, dict[str, float]]

_GRADES = """
select submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score, grade.extra_credit,
       grade.needs_manual_grade
from grade
join base_cell on base_cell.id = grade.cell_id
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
"""


def db_url(room: Classroom) -> str:
    return room.db_url or f"sqlite:///{room.course / 'gradebook.db'}"


def scores(room: Classroom) -> Scores:
    """Scores in the gradebook: by student and test cell. Nothing may be left to a person, or added by one."""
    engine = create_engine(db_url(room))
    found: Scores = {}
    with engine.connect() as connection:
        for student, cell, auto, manual, extra, by_hand in connection.execute(text(_GRADES)):
            assert (manual, extra, bool(by_hand)) == (None, None, False), (student, cell)
            assert auto is not None, (student, cell)
            found.setdefault(student, {})[cell] = auto
    engine.dispose()
    return found


def texts(room: Classroom) -> str:
    """Every text in every table of the gradebook."""
    engine = create_engine(db_url(room))
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [row for table in tables.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    return "\n".join(str(value) for row in rows for value in row if isinstance(value, str))


def exported(room: Classroom) -> dict[str, dict[str, str]]:
    """The table that ``nbgrader export`` wrote, by student."""
    with (room.course / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def page(room: Classroom, student: str) -> str:
    """A student's feedback page, as the course holds it."""
    path = room.course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return path.read_text(encoding="utf-8")


def shown(source: str) -> str:
    """The words of a page, without its tags, styles and scripts."""
    source = re.sub(r"<(style|script)\b.*?</\1>", " ", source, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", source)).split())


def page_total(source: str) -> tuple[float, float]:
    """The total on a feedback page, and of how much."""
    match = re.search(rf"{ASSIGNMENT} \(Score: ([\d.]+) / ([\d.]+)\)", shown(source))
    assert match is not None
    return float(match[1]), float(match[2])


def page_scores(source: str) -> dict[str, float]:
    """The scores of the test cells on a feedback page."""
    lines = re.findall(r'<a href="#([\w-]+)">Test cell</a> \(Score: ([\d.]+) /', source)
    return {cell: float(score) for cell, score in lines}


def read(folder: Path) -> dict[Path, str]:
    """Every file below a folder as text."""
    return {path: path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.rglob("*")) if path.is_file()}
