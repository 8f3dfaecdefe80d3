"""nbgrader's accesses to a gradebook share one session: what others write is seen, what is not committed is lost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, event

from autograder.nbgrader_plugin.gradebook import one_session


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    # A new gradebook is stamped by alembic's command.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    address = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(address, "course") as book:
        book.add_student("ada", first_name="Ada")
    return address


def test_the_second_opening_looks_for_nothing_and_sees_what_others_wrote(url: str) -> None:
    with one_session():
        with Gradebook(url, "course") as book:
            assert book.find_student("ada").first_name == "Ada"
            said: list[str] = []
            event.listen(book.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        engine = create_engine(url)
        with engine.begin() as other:
            other.exec_driver_sql("UPDATE student SET first_name = 'Augusta'")
        engine.dispose()
        with Gradebook(url, "course") as book:
            assert said == []
            assert book.find_student("ada").first_name == "Augusta"


def test_what_is_not_committed_is_lost_and_another_course_is_there(url: str) -> None:
    with one_session():
        with Gradebook(url, "course") as book:
            book.find_student("ada").first_name = "Grace"
        with Gradebook(url, "another") as book:
            assert book.find_student("ada").first_name == "Ada"
            assert book.course_id == "another"
    with Gradebook(url, "another") as book:
        assert {course.id for course in book.db.query(api.Course)} == {"course", "another"}


def test_nbgrader_is_as_it_was_afterwards(url: str) -> None:
    before = api.create_engine, Gradebook.__init__, Gradebook.close
    with pytest.raises(ZeroDivisionError), one_session(), Gradebook(url, "course"):
        raise ZeroDivisionError
    assert before == (api.create_engine, Gradebook.__init__, Gradebook.close)
