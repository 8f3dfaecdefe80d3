"""nbgrader's gradebook, looked at before anything is written: is it there, in step with the homework, free to write."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.api import Base, Gradebook
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import InputError
from autograder.model import Assignment
from autograder.nbgrader_plugin.notebook import test_cell_id
from autograder.nbgrader_plugin.source import SourceCell, cannot_be_used, read_source, with_points
from autograder.words import counted


def source_cells(db_url: str, course_id: str, assignment: Assignment, course: Path) -> dict[str, SourceCell]:
    """Read the instructor's cells from the gradebook.

    By grade id, in no order that means anything.

    Raises `InputError` if the gradebook cannot be used, or does not know this homework as it is now; one line with the
    remedy.
    """
    url = make_url(db_url)
    where = url.render_as_string(hide_password=True)
    again = f"hw1 release nbgrader --course {course}, then nbgrader generate_assignment {assignment.id} --force"
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        # nbgrader would make an empty one.
        raise InputError(f"gradebook {where}: no such file; make it: {again}")
    try:
        with one_session(), Gradebook(db_url, course_id) as book:
            _writable(book, where)
        found = read_source(db_url, assignment.id)
    except SQLAlchemyError as error:
        raise cannot_be_used(where, error) from error
    if not found:
        raise InputError(
            f"{where} does not know the notebook {assignment.id}.ipynb of assignment {assignment.id}; make it: {again}"
        )
    _in_step(found, assignment, where, again)
    return found


@contextmanager
def one_session() -> Iterator[None]:
    """Let all of nbgrader's accesses to a gradebook share one engine and one session, and close both afterwards.

    It opens the gradebook nine times for each student, each time with a new engine that compiles every statement again,
    looks for every table and for the course; and it leaves the connection open to a gradebook that it cannot use. Here
    the second opening and those after it look for nothing. What was read is forgotten when it is closed, so that what
    another process writes meanwhile is seen, and what was not committed is lost, as ever.
    """
    make, begin, close = api.create_engine, Gradebook.__init__, Gradebook.close
    opened: dict[str, Gradebook] = {}
    checked: set[tuple[str, str]] = set()
    with ExitStack() as stack:

        @cache
        def shared(*arguments: Any, **options: Any) -> Engine:
            engine: Engine = make(*arguments, **options)
            stack.callback(engine.dispose)
            return engine

        def reopen(book: Gradebook, db_url: str, course_id: str = "default_course", authenticator: Any = None) -> None:
            first = opened.get(db_url)
            if first is None:
                begin(book, db_url, course_id, authenticator)
                book.db.remove()
                # What it just wrote it need not read again.
                book.db.configure(expire_on_commit=False)
                stack.callback(book.db.remove)
                opened[db_url] = book
            else:
                book.engine, book.db = first.engine, first.db
                book.course_id, book.authenticator = course_id, authenticator
                if (db_url, course_id) not in checked:
                    book.check_course(course_id=course_id)
            checked.add((db_url, course_id))

        def leave(book: Gradebook) -> None:
            book.db.close()

        api.create_engine, Gradebook.__init__, Gradebook.close = shared, reopen, leave
        try:
            yield
        finally:
            api.create_engine, Gradebook.__init__, Gradebook.close = make, begin, close


def _writable(book: Gradebook, where: str) -> None:
    """Find another schema or a lock now, not in the middle of the class."""
    seen = inspect(book.engine)
    for table in Base.metadata.sorted_tables:
        there = {column["name"] for column in seen.get_columns(table.name)}
        lacking = sorted({column.name for column in table.columns} - there)
        if lacking:
            raise InputError(
                f"gradebook {where} is of an older nbgrader (table {table.name} has no {lacking[0]}): back it up, then "
                "nbgrader db upgrade"
            )
    if book.engine.dialect.name == "sqlite":
        with book.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.rollback()


def _in_step(found: Mapping[str, SourceCell], assignment: Assignment, where: str, again: str) -> None:
    """Refuse to grade into test cells that are not this homework's, or are worth other points."""
    due = {test_cell_id(name): points for name, points in with_points(assignment).items()}
    there = {cell.grade_id: cell.points for cell in found.values() if cell.is_test}
    if due.keys() != there.keys():
        odd = ", ".join(sorted(due.keys() ^ there.keys()))
        raise InputError(f"{where} has other test cells than the homework (differing: {odd}); make it anew: {again}")
    for id_, points in due.items():
        if there[id_] != points:
            raise InputError(
                f"{where} still gives {counted(there[id_], 'point')} for {id_}, the homework {points:g}; "
                f"bring it up to date: {again}"
            )
