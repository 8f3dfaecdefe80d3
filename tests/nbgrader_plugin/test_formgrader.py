"""nbgrader's formgrader in a real browser: a jupyter server in a course of ours, and headless Chromium on it."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as when
from selenium.webdriver.support.ui import WebDriverWait

from autograder.course import grades_folder
from autograder.model import Assignment
from autograder.results.found import sentence
from tests.classroom.nbgrader_course import ASSIGNMENT, environment, nbgrader, submit
from tests.nbgrader_attacks import attacks
from tests.nbgrader_attacks._arena import Fight
from tests.nbgrader_attacks._detectors import OWNED, Rows, rows

CLASS = Path("tests/submissions/class")
MISTAKEN = "student-07"  # some points: one mistake that we know by name
LATE_COMER = "late-comer"
# One server and one browser, on the class of the attacks: on one worker.
pytestmark = pytest.mark.xdist_group("nbgrader-attacks")

HOSTILE = [
    attack
    for attack in attacks()
    if attack.goal.startswith("The instructor's") or attack.name in ("forged_outputs", "our_metadata", "widget_state")
]
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,1600",
    # Pages name a copy of MathJax elsewhere; nothing but this machine is asked for anything.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@contextmanager
def chromium(profile: Path) -> Generator[webdriver.Chrome]:
    """Start a browser of its own; fail in words when there is none."""
    programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    missing = [name for name, path in programs.items() if path is None]
    if missing:
        pytest.fail(f"no {' and no '.join(missing)} here: apt-get install chromium chromium-driver", pytrace=False)
    options = webdriver.ChromeOptions()
    options.binary_location = programs["chromium"]
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("unhandledPromptBehavior", "ignore")
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(programs["chromedriver"]))
    try:
        browser.set_page_load_timeout(300)
        yield browser
    finally:
        browser.quit()


@dataclass(frozen=True, kw_only=True)
class Instructor:
    """Somebody with a browser in front of a course.

    Attributes
    ----------
    course : Path
        The course directory.
    browser : webdriver.Chrome
        Logged in.
    url : str
        The server's.
    """

    course: Path
    browser: webdriver.Chrome
    url: str

    def wait(self) -> WebDriverWait[webdriver.Chrome]:
        return WebDriverWait(self.browser, 300)

    def open(self, path: str) -> None:
        """Open a page of formgrader and wait until it has loaded what it shows."""
        self.browser.get(f"{self.url}/formgrader/{path}")
        self.wait().until(lambda browser: browser.execute_script("return document.readyState") == "complete")

    def open_submission(self, student: str) -> None:
        self.open(f"submissions/{self.notebook_id(student)}/")

    def notebook_id(self, student: str) -> str:
        query = """select submitted_notebook.id from submitted_notebook
            join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
            where student_id = ?"""
        with closing(sqlite3.connect(f"file:{self.course / 'gradebook.db'}?mode=ro", uri=True)) as book:
            return str(book.execute(query, (student,)).fetchone()[0])

    def scores(self) -> dict[str, str]:
        """Read what stands in the boxes for points, once they are filled."""
        boxes = self.wait().until(when.presence_of_all_elements_located((By.CSS_SELECTOR, "input.score")))
        self.wait().until(lambda _: all(box.get_attribute("placeholder") for box in boxes))
        return {box.get_attribute("id"): box.get_attribute("placeholder") for box in boxes}

    def text(self, selector: str) -> str:
        return self.wait().until(when.presence_of_element_located((By.CSS_SELECTOR, selector))).text


@pytest.fixture(scope="module")
def instructor(fought: Fight, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instructor]:
    folder = tmp_path_factory.mktemp("formgrader")
    mine = fought.course
    for folder in (mine / "submitted").iterdir():
        # nbgrader's own pages stop at one whose time is no time; it cannot come through `collect`.
        if folder.name not in {attack.name for attack in HOSTILE}:
            shutil.rmtree(folder)
    submit(mine, MISTAKEN, (CLASS / f"{MISTAKEN}.py").read_text(encoding="utf-8"))
    done = nbgrader(mine, "autograde", ASSIGNMENT, f"--student={MISTAKEN}")
    assert done.returncode == 0, done.stdout[-3000:]
    submit(mine, LATE_COMER, (CLASS / "student-01.py").read_text(encoding="utf-8"))
    token = secrets.token_hex()
    with chromium(folder / "profile") as browser, serving(mine, token, folder / "server.log") as url:
        waiting = WebDriverWait(browser, 300, ignored_exceptions=[WebDriverException])
        waiting.until(lambda b: b.get(f"{url}/login?token={token}&next=/formgrader/") or "formgrader" in b.current_url)
        yield Instructor(course=mine, browser=browser, url=url)


@contextmanager
def serving(course: Path, token: str, log: Path) -> Generator[str]:
    """Run a jupyter server in the course directory."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={course}",
        f"--IdentityProvider.token={token}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *arguments],
            cwd=course,
            env=environment(course),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(scope="module")
def record(instructor: Instructor) -> Mapping[str, Any]:
    """Return our own result of who made the mistake."""
    path = grades_folder(instructor.course, ASSIGNMENT) / MISTAKEN / "grade.json"
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_gradebook_leads_to_the_submission_and_its_feedback(
    instructor: Instructor, record: Mapping[str, Any], assignment: Assignment
) -> None:
    assert 0 < record["earned"] < assignment.possible
    instructor.open("gradebook")
    for name in (ASSIGNMENT, ASSIGNMENT):  # the assignment, then its notebook
        instructor.wait().until(when.element_to_be_clickable((By.LINK_TEXT, name))).click()
    row = (By.XPATH, f"//tbody/tr[.//a[contains(@href, '{instructor.notebook_id(MISTAKEN)}')]]")
    instructor.wait().until(when.text_to_be_present_in_element(row, f"{record['earned']:g}"))
    instructor.open_submission(MISTAKEN)
    earned = dict.fromkeys((f"grade-{part.name}" for part in assignment.parts), 0.0)
    for score in record["scores"]:
        earned[f"grade-{score['part']}"] += score["earned"]
    assert instructor.scores() == {cell: f"{points:g}" for cell, points in earned.items()}
    page = instructor.text("#notebook-container")
    outputs = {criterion.id: criterion.output for part in assignment.parts for criterion in part.criteria}
    named = [(score["misconception"], outputs[score["criterion"]]) for score in record["scores"]]
    hints = {sentence(name, output).replace("`", "") for name, output in named if name}
    assert hints
    for hint in hints:
        assert hint in page
    assert "Points come from hidden cases only." in page


def test_total_stands_beside_the_student(
    instructor: Instructor, record: Mapping[str, Any], assignment: Assignment
) -> None:
    instructor.open(f"manage_students/{MISTAKEN}")
    total = f"{record['earned']:g} / {assignment.possible:g}"
    instructor.wait().until(when.text_to_be_present_in_element((By.CSS_SELECTOR, "tbody"), total))


def test_autograde_button_grades_with_us(instructor: Instructor, assignment: Assignment) -> None:
    instructor.open(f"manage_submissions/{ASSIGNMENT}")
    row = instructor.wait().until(
        when.presence_of_element_located((By.XPATH, f"//tbody/tr[.//td[contains(., '{LATE_COMER}')]]"))
    )
    row.find_element(By.CSS_SELECTOR, ".autograde a").click()
    modal = (By.CSS_SELECTOR, ".modal.in, .modal.show")
    instructor.wait().until(when.text_to_be_present_in_element(modal, "Success"))
    instructor.open_submission(LATE_COMER)
    assert sum(float(points) for points in instructor.scores().values()) == assignment.possible
    assert f"{assignment.possible:g}" not in instructor.browser.title
    first = sum(criterion.points for criterion in assignment.parts[0].criteria)
    assert f"{first:g} of {first:g} points" in instructor.text("#notebook-container")


@pytest.mark.parametrize("name", [attack.name for attack in HOSTILE])
def test_hostile_notebook_runs_nothing_in_formgrader(name: str, instructor: Instructor) -> None:
    before = rows(instructor.course)
    instructor.open_submission(name)
    _nothing_ran(instructor, before)
    assert set(instructor.scores().values()) == {"0"}
    assert instructor.browser.execute_script(
        "return [...document.querySelectorAll('input.score')].every(box => box.checkVisibility())"
    )


@pytest.mark.parametrize("name", [attack.name for attack in HOSTILE])
def test_hostile_notebook_runs_nothing_in_its_feedback(
    name: str, instructor: Instructor, assignment: Assignment
) -> None:
    before = rows(instructor.course)
    page = instructor.course / "feedback" / name / ASSIGNMENT / f"{ASSIGNMENT}.html"
    instructor.browser.get(page.resolve().as_uri())
    assert f"Score: 0.0 / {assignment.possible:.1f}" in instructor.text(".panel-heading")
    _nothing_ran(instructor, before)


def test_a_hostile_script_runs_where_we_do_not_stop_it(instructor: Instructor) -> None:
    """Without this, the tests above could pass for a page in which nothing ever runs."""
    name = "markdown_script"
    shown = instructor.course / "autograded" / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    ours = shown.read_bytes()
    shown.unlink()
    shutil.copy(instructor.course / "submitted" / name / ASSIGNMENT / shown.name, shown)
    try:
        instructor.open_submission(name)
        assert instructor.browser.execute_script(f"return window.{OWNED}")
    finally:
        shown.unlink()
        shown.write_bytes(ours)


def _nothing_ran(instructor: Instructor, before: Rows) -> None:
    browser = instructor.browser
    for element in browser.find_elements(By.CSS_SELECTOR, "#notebook-container a[href]"):
        link: Any = browser.execute_script("return arguments[0].protocol", element)
        assert link in ("http:", "https:", "file:", "mailto:"), json.dumps(element.get_attribute("href"))
    assert not when.alert_is_present()(browser)
    assert not browser.execute_script(f"return window.{OWNED}")
    assert browser.title != "OWNED"
    assert rows(instructor.course) == before
