"""What many tests share: a course whose truths are computed, and the command in this process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from autograder import truth
from autograder.cli import main
from autograder.loading import load_assignment
from autograder.model import Assignment
from tests.catalogue import _summary as catalogue
from tests.nbgrader_attacks import _summary as nbgrader_attacks
from tests.nbgrader_course import make_course
from tests.nbgrader_server import without_iris

without_iris()
# A job in a shell's background ignores Ctrl-C, and so would every grader that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no component go missing unseen: in CI a skipped test fails, except PostgreSQL's."""
    report = yield
    if report.skipped and "CI" in os.environ and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr)
        if "PostgreSQL" not in reason:
            report.outcome = "failed"
            report.longrepr = f"skipped in CI: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the tables that tests recorded."""
    for table in (catalogue, nbgrader_attacks):
        table.pytest_terminal_summary(terminalreporter)


@pytest.fixture(autouse=True)
def _own_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own secret out of the tests."""
    monkeypatch.delenv("HW1_SECRET", raising=False)


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    return load_assignment(Path("solutions"))


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory, assignment: Assignment) -> Path:
    """Return a course directory with a secret and warm truths; tests only read it."""
    folder = tmp_path_factory.mktemp("course")
    truth.rebuild(assignment, folder, truth.read_secret(folder, create=True))
    return folder


@pytest.fixture(scope="session")
def generated(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an nbgrader course whose release nbgrader has made; tests copy it."""
    return make_course(tmp_path_factory.mktemp("generated") / "course", Path("solutions"), warm=course)


@pytest.fixture
def hw1() -> Callable[..., Result]:
    """Run the command in this process."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run
