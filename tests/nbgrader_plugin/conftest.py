"""A class of honest and hostile students, graded once: its grades and pages are read, and formgrader shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.classroom.nbgrader_course import copy_course
from tests.nbgrader_attacks._arena import Fight, fight


@pytest.fixture(scope="session")
def fought(generated: Path, quick: Path, tmp_path_factory: pytest.TempPathFactory) -> Fight:
    """Return how the run ended: all is found out, and its course is formgrader's to change."""
    return fight(copy_course(generated, tmp_path_factory.mktemp("attacks") / "course"), quick)
