"""What several modules share: a small homework in a course, and the class that the attacks were graded in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import truth
from autograder.loading import load_assignment
from tests.classroom.nbgrader_course import ASSIGNMENT, COURSE_ID, copy_course, make_course
from tests.conftest import Maker
from tests.nbgrader_attacks._arena import Fight, fight


@pytest.fixture(scope="session")
def another(made_once: Maker) -> Path:
    """Return the small homework by the names of ours, as nbgrader's folders have them."""

    def renamed(folder: Path) -> None:
        shutil.copytree("tests/small", folder / "another", ignore=shutil.ignore_patterns("__pycache__"))
        with (folder / "another" / "__init__.py").open("a", encoding="utf-8") as file:
            file.write(f"ID, COURSE = {ASSIGNMENT!r}, {COURSE_ID!r}\n")

    return made_once("another", renamed) / "another"


@pytest.fixture(scope="session")
def another_course(made_once: Maker, another: Path) -> Path:
    """Return a course with a secret and warm truths for it; tests only read it."""

    def warm(folder: Path) -> None:
        truth.rebuild(load_assignment(another), folder, truth.read_secret(folder, create=True))

    return made_once("another-course", warm)


@pytest.fixture(scope="session")
def another_generated(made_once: Maker, another: Path, another_course: Path) -> Path:
    """Return an nbgrader course whose release nbgrader has made of it; tests copy it."""

    def generate(folder: Path) -> None:
        make_course(folder / "course", another, warm=another_course)

    return made_once("another-generated", generate) / "course"


@pytest.fixture(scope="session")
def fought(generated: Path, quick: Path, tmp_path_factory: pytest.TempPathFactory) -> Fight:
    """Return how the run ended: all is found out, and its course is formgrader's to change."""
    return fight(copy_course(generated, tmp_path_factory.mktemp("attacks") / "course"), quick)
