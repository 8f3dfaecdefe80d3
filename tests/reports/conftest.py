"""Classes of grades, and a browser, for the class report's numbers and for its page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.loading import load_assignment
from tests import synthetic_class, toy

PASSED, WRONG = ("passed", None), ("wrong", None)
HOSTILE = (
    "<img src=x onerror=document.title='owned'>",
    '"><svg onload=alert(1)>',
    "'-alert(1)-'",
    "=cmd|' !A0",
    "@SUM(1+1)",
    "\u202egnp.exe",
    "\u0645\u0631\u062d\u0628\u0627",
    "two\nlines\x1b[31m",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;",
    "\U0001f600" * 16,
)
SCRIPT = "<script>document.title='owned'</script>]]></style></details><img src=x onerror=alert(2)>\u2028"


@pytest.fixture
def toy_class(tmp_path):
    """Five graded students of the toy's four criteria (4, 3, 2, 1 points), one unreadable, one fault."""
    rows = {
        "a": [PASSED] * 4,
        "b": [PASSED, PASSED, PASSED, ("wrong", "sum")],
        "c": [PASSED, ("approx", None), WRONG, ("wrong", "sum")],
        "d": [("crashed", None)] * 4,
        "e": [("wrong", "no-scale"), ("wrong", "no-scale"), PASSED, PASSED],
    }
    same = {"a": "1" * 64, "b": "1" * 64, "e": "2" * 64}
    grades = [
        synthetic_class.grade(toy.ASSIGNMENT, student, statuses, sha256=same.get(student, ""))
        for student, statuses in rows.items()
    ]
    grades += [
        synthetic_class.without_scores(toy.ASSIGNMENT, "u", "unreadable", "u.py is not UTF-8 text"),
        synthetic_class.without_scores(toy.ASSIGNMENT, "v", "grader_fault", "the sandbox died"),
    ]
    log = [
        {"run": "1", "student": "a", "status": "graded", "seconds": 9.0},
        *({"run": "1", "student": s, "status": "graded", "seconds": n / 10} for n, s in enumerate("bcde", 1)),
        {"run": "1", "student": "gone", "status": "graded", "seconds": 99.0},
        {"run": "2", "student": "a", "status": "graded", "seconds": 0.5},
        {"run": "2", "student": "e", "status": "grader_fault", "reason": "no room"},
    ]
    return synthetic_class.write(tmp_path / "grades", grades, log)


@pytest.fixture
def small():
    """Return a homework of two questions."""
    return load_assignment(Path("tests/small"))


@pytest.fixture(scope="session")
def big(made_once, assignment):
    """Return 300 synthetic grades; some names are as long as they may be."""

    def draw(folder):
        names = [f"student{n:03}" if n % 20 else f"{n:03}-{'long-name-' * 6}" for n in range(297)]
        grades, log = synthetic_class.draw(assignment, names)
        grades += [
            synthetic_class.without_scores(assignment, f"u{n}", "unreadable", "u.py is not UTF-8") for n in range(3)
        ]
        synthetic_class.write(folder, grades, log)

    return made_once("class-of-300", draw)


@pytest.fixture
def hostile_class(tmp_path):
    grades = [
        synthetic_class.grade(toy.ASSIGNMENT, student, [("wrong", SCRIPT)] * 4, sha256="1" * 64) for student in HOSTILE
    ]
    grades.append(synthetic_class.without_scores(toy.ASSIGNMENT, "x" * 64, "unreadable", SCRIPT * 50))
    log = [{"run": "r", "student": student, "status": "graded", "seconds": 0.1} for student in HOSTILE]
    log.append({"student": HOSTILE[0], "status": "grader_fault", "reason": SCRIPT})
    return synthetic_class.write(tmp_path / "grades", grades, log)


@pytest.fixture(scope="module")
def browser():
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("chromium and chromedriver are not installed")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.set_capability("unhandledPromptBehavior", "ignore")
    window = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield window
    window.quit()
