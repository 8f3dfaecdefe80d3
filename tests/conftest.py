"""What many tests share: a course whose truths are computed, and the command in this process."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, is_hypothesis_test, settings

from autograder import truth
from autograder.cli import main
from autograder.loading import load_assignment
from autograder.model import Assignment
from autograder.sandbox import launch, prover, running
from autograder.sandbox.warm import Warm
from tests.catalogue import _summary as catalogue
from tests.classroom.nbgrader_course import make_course
from tests.classroom.nbgrader_server import without_iris
from tests.lending import Lender
from tests.nbgrader_attacks import _summary as nbgrader_attacks
from tests.warming import take_over_books, warm

without_iris()
# A job in a shell's background ignores Ctrl-C, and so would every grader that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
# What is measured in a forked child ends with it, and measuring more than halves its speed.
os.register_at_fork(after_in_child=lambda: sys.settrace(None))
# No wall clock decides: the machine may be busy.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

SMALL = Path("tests/small")
_LONGEST_ID = 200
QUICK = """
LIMITS = Limits(
    cpu_seconds_per_call=0.5, cpu_seconds_per_function=2, cpu_seconds_per_statement=0.5, cpu_seconds_to_load=2,
    idle_seconds=1, reforks=1,
)
"""
Maker = Callable[[str, Callable[[Path], object]], Path]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Cut a long text short: pytest puts a test's name into the environment, and no program starts with a huge one."""
    return f"{val[:40]!a}... of {len(val)}" if isinstance(val, str | bytes) and len(val) > _LONGEST_ID else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start first what takes longest; let coverage count examples and not luck.

    What makes up its inputs repeats known ways hundreds of times.
    """
    items.sort(key=lambda item: item.get_closest_marker("early") is None)
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("no_cover")


@contextmanager
def unmeasured(config: pytest.Config) -> Iterator[None]:
    """Let coverage look away, if it does not already."""
    plugin = config.pluginmanager.getplugin("_cov")
    control = plugin.cov_controller if plugin is not None else None
    if control is not None and not control.started:
        control = None
    if control is not None:
        control.pause()
    try:
        yield
    finally:
        if control is not None:
            control.resume()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Measure no fixture that is made for a test which is not measured; pytest-cov itself pauses for the call alone."""
    with unmeasured(item.config) if item.get_closest_marker("no_cover") else nullcontext():
        return (yield)


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
    monkeypatch.delenv("AUTOGRADER_SECRET", raising=False)


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    return load_assignment(Path("solutions"))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Maker:
    """Let the first of pytest's workers make a folder, and the others wait for it: what is in it is only read."""
    root = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        root = root.parent

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            made, done = root / name, root / f"{name}.made"
            if not done.exists():
                shutil.rmtree(made, ignore_errors=True)
                made.mkdir()
                make(made)
                done.touch()
        return made

    return folder


@pytest.fixture(scope="session")
def course(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, made_once: Maker, assignment: Assignment
) -> Path:
    """Return a course directory with a secret, warm truths and books of mistakes; tests only read it."""
    with unmeasured(request.config):
        made = made_once("course", lambda folder: warm(assignment, folder))
    return shutil.copytree(made, tmp_path_factory.mktemp("courses") / "course")


@pytest.fixture(scope="session")
def small() -> Assignment:
    """Return a homework of other questions; its id is not its folder's name, which no released file may have."""
    return load_assignment(SMALL)


@pytest.fixture(scope="session")
def small_course(made_once: Maker, small: Assignment) -> Path:
    """Return a course with a secret and warm truths for it; tests only read it."""
    return made_once(
        "small-course", lambda folder: truth.rebuild(small, folder, truth.read_secret(folder, create=True))
    )


@pytest.fixture(scope="session")
def quick(made_once: Maker) -> Path:
    """Return the homework with small limits: what never ends is stopped soon, by the same means."""

    def limited(folder: Path) -> None:
        shutil.copytree("solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
        with (folder / "solutions" / "__init__.py").open("a", encoding="utf-8") as file:
            file.write(QUICK)

    return made_once("quick", limited) / "solutions"


@pytest.fixture(scope="session")
def quick_course(made_once: Maker, course: Path, assignment: Assignment, quick: Path) -> Path:
    """Return a course with the same secret, warm for the homework with small limits; tests only read it."""

    def warm_quick(folder: Path) -> None:
        shutil.copytree(course, folder, dirs_exist_ok=True)
        limited = load_assignment(quick)
        take_over_books(folder, assignment, limited)
        truth.rebuild(limited, folder, truth.read_secret(folder, create=False))

    return made_once("quick-course", warm_quick)


@pytest.fixture(scope="session")
def generated(made_once: Maker, quick: Path, quick_course: Path) -> Path:
    """Return an nbgrader course whose release nbgrader has made, with small limits; tests copy it."""
    return made_once("generated", lambda folder: make_course(folder / "course", quick, warm=quick_course)) / "course"


@pytest.fixture(scope="session")
def lender() -> Iterator[Lender]:
    """Return what lends warm processes."""
    lender = Lender()
    yield lender
    lender.close()


@pytest.fixture
def one_sandbox(monkeypatch: pytest.MonkeyPatch, lender: Lender) -> None:
    """Let each run in this process borrow one sandbox: what many do beside each other is asked in `tests/batch`."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0})
    monkeypatch.setattr(launch, "ahead", lambda _isolation, _number: nullcontext())
    for user in (running, prover):
        monkeypatch.setattr(user, "Warm", lender.lend)


@pytest.fixture
def own_sandbox(monkeypatch: pytest.MonkeyPatch, one_sandbox: None) -> None:
    """Let each run start a sandbox of its own all the same."""
    for user in (running, prover):
        monkeypatch.setattr(user, "Warm", Warm)


@pytest.fixture
def hw1(one_sandbox: None) -> Callable[..., Result]:
    """Run the command in this process."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run
