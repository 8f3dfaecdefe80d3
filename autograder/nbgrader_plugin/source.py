"""The instructor's cells as nbgrader's gradebook keeps them, and its repairs of a student's notebook from them.

The autograded notebook shows a repaired notebook, so a repaired one is graded. Needs nothing of nbgrader, which takes
seconds to import.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.errors import InputError
from autograder.loading import Marks, NotebookCell
from autograder.model import Assignment

_CELLS = """
select source_cell.name, source_cell.cell_type, source_cell.source, source_cell.checksum, source_cell.locked
from source_cell
join notebook on notebook.id = source_cell.notebook_id
join assignment on assignment.id = notebook.assignment_id
where assignment.name = :assignment and notebook.name = :notebook
"""
_MARKS = """
select base_cell.name, base_cell.type, grade_cells.max_score
from base_cell
left join grade_cells on grade_cells.id = base_cell.id
join notebook on notebook.id = base_cell.notebook_id
join assignment on assignment.id = notebook.assignment_id
where assignment.name = :assignment and notebook.name = :notebook
"""
_TESTS = """
select source_cell.source
from source_cell
join notebook on notebook.id = source_cell.notebook_id
join assignment on assignment.id = notebook.assignment_id
where assignment.name = :assignment
"""


@dataclass(frozen=True, kw_only=True)
class SourceCell:
    """A cell of the instructor's notebook."""

    grade_id: str
    cell_type: str
    source: str
    checksum: str | None
    grade: bool
    solution: bool
    locked: bool
    points: float  #: For a graded cell.

    @property
    def is_test(self) -> bool:
        """Whether its points come from its outputs."""
        return self.grade and not self.solution and self.cell_type == "code"

    def metadata(self) -> dict[str, Any]:
        """Metadata of nbgrader's version 3."""
        points = {"points": self.points} if self.grade else {}
        return {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "grade": self.grade,
            "solution": self.solution,
            "locked": self.locked,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "task": False,
            **points,
        }


def with_points(assignment: Assignment) -> dict[str, float]:
    """Name what has a test cell, each function and each written answer that gives points, with its points."""
    functions = {part.name: part.possible for part in assignment.parts}
    written = {one.written_cell: float(one.written_points) for one in assignment.questions if one.written_points}
    return functions | written


def read_source(db_url: str, assignment_id: str) -> dict[str, SourceCell]:
    """Read the cells of the homework's notebook from a gradebook.

    By grade id, in no order that means anything; none when there is no such gradebook or notebook.

    Raises `InputError` if there is one, and it cannot be read.
    """
    names = {"assignment": assignment_id, "notebook": assignment_id}
    marks: dict[str, set[str]] = {}
    most: dict[str, float] = {}
    cells, kinds = _select(db_url, (_CELLS, _MARKS), names)
    for name, kind, points in kinds:
        marks.setdefault(name, set()).add(kind)
        if kind == "GradeCell":
            most[name] = float(points)
    return {
        name: SourceCell(
            grade_id=name,
            cell_type=cell_type,
            source=source or "",
            checksum=checksum,
            grade=name in most,
            solution="SolutionCell" in marks.get(name, ()),
            locked=bool(locked),
            points=most.get(name, 0.0),
        )
        for name, cell_type, source, checksum, locked in cells
    }


def read_texts(db_url: str, assignment_id: str) -> tuple[str, ...]:
    """Read the text of every cell of an assignment's notebooks from a gradebook.

    There are none when there is no such gradebook or assignment.

    Raises `InputError` if there is one, and it cannot be read.
    """
    (rows,) = _select(db_url, (_TESTS,), {"assignment": assignment_id})
    return tuple(source or "" for (source,) in rows)


def _select(db_url: str, statements: Sequence[str], names: Mapping[str, str]) -> list[list[Any]]:
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    nothing: list[list[Any]] = [[] for _ in statements]
    where = "of CourseDirectory.db_url"
    try:
        url = make_url(db_url)
        where = url.render_as_string(hide_password=True)
        if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
            return nothing  # connecting would make an empty one
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            if not {"assignment", "notebook", "source_cell", "base_cell"} <= {*inspect(connection).get_table_names()}:
                return nothing
            return [list(connection.execute(text(statement), names)) for statement in statements]
    except SQLAlchemyError as error:
        raise cannot_be_used(where, error) from error


def cannot_be_used(where: str, error: Exception) -> InputError:
    """Make the error to raise for a gradebook, with what to do about it."""
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    remedy = "is it the right file, whole, and yours to write?"
    if "locked" in reason:
        remedy = "close what else uses it (another nbgrader, a database browser, a backup), and run this again"
    return InputError(f"gradebook {where}: {reason}; {remedy}")


def repair(cells: Sequence[NotebookCell], source: Mapping[str, SourceCell]) -> list[NotebookCell]:
    """Do to a student's cells what nbgrader does before it grades: types, locked texts and marks are the instructor's.

    Of cells of the instructor's that are there twice the last counts, as in nbgrader. All others are the student's,
    whatever they say they are; only copies of the instructor's texts are marked as graded, so that nobody takes them
    for an answer.
    """
    ids = [cell.marks.grade_id if cell.marks and cell.marks.grade_id in source else "" for cell in cells]
    last = {id_: position for position, id_ in enumerate(ids)}
    locked = {one.source for one in source.values() if one.locked}
    return [
        _repaired(cell, source[id_] if id_ and last[id_] == position else None, locked)
        for position, (cell, id_) in enumerate(zip(cells, ids, strict=True))
    ]


def _repaired(cell: NotebookCell, one: SourceCell | None, locked: set[str]) -> NotebookCell:
    if one is None:
        return replace(cell, marks=Marks(grade=True) if (cell.text or "") in locked else None)
    # As nbgrader would have it, which warns of each difference; after a new release everybody has some.
    marks = Marks(grade_id=one.grade_id, cell_type=one.cell_type, grade=one.grade, solution=one.solution)
    return replace(cell, cell_type=one.cell_type, text=one.source if one.locked else cell.text, marks=marks)
