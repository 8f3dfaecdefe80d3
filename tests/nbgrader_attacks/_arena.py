"""One class of honest and hostile students through the real commands, and what each attack achieved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder import truth
from autograder.loading import load_assignment, reference_source
from tests.classroom.nbgrader_course import ASSIGNMENT, nbgrader, released, submit
from tests.nbgrader_attacks import Attack, attacks
from tests.nbgrader_attacks._detectors import (
    TRACE,
    Rows,
    active,
    files,
    hidden_numbers,
    leaks,
    orphans,
    points,
    rows,
    total,
)

HONEST = ("honest-0", "honest-1", "zz-honest")
"""Students who are right; the first is graded before the others are handed in."""
_MARK = "# honest-0 wrote this, and nobody else may read it"
_UNCHANGED = ("source", "release", "submitted")
_OWN_TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one attack achieved.

    Attributes
    ----------
    name, goal : str
        Which attack.
    due, earned : float
        Points that its functions deserve, and that the gradebook says; -1 when it has no grade.
    read : tuple of str
        Hidden numbers and other people's content in what it gets back, or in what the instructor keeps.
    runs : tuple of str
        What would run in a browser.
    wrong : tuple of str
        Anything else: rows of the gradebook, a missing grade or page.
    """

    name: str
    goal: str
    due: float
    earned: float
    read: tuple[str, ...]
    runs: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def complaints(self) -> tuple[str, ...]:
        """Everything that must not be."""
        odd = () if self.earned == self.due else (f"{self.earned:g} points instead of {self.due:g}",)
        return (*odd, *self.read, *self.runs, *self.wrong)

    def record(self) -> dict[str, Any]:
        """Make what JSON and the table take."""
        return asdict(self) | {"complaints": self.complaints}


@dataclass(frozen=True, kw_only=True)
class Fight:
    """How the run ended.

    Attributes
    ----------
    course : Path
        What the run left behind.
    findings : tuple of Finding
        One for each attack.
    honest : Mapping[str, float]
        Points of honest students.
    wrong : tuple of str
        What cannot be put down to one attack: rows, files, processes, how commands ended.
    log : str
        What the commands said.
    """

    course: Path
    findings: tuple[Finding, ...]
    honest: Mapping[str, float]
    wrong: tuple[str, ...]
    log: str


def fight(course: Path, package: Path, chosen: Callable[[Attack], bool] = lambda _: True) -> Fight:
    """Grade a class in a course of its own, to which the homework in that package is released."""
    assignment = load_assignment(package)
    right = {part.name: f"{_MARK}\n" * (not i) for i, part in enumerate(assignment.parts)}
    right[assignment.parts[0].name] += reference_source(assignment)
    theirs = {part: text.replace(_MARK, "") for part, text in right.items()}
    submit(course, HONEST[0], right)
    mine = [attack for attack in attacks() if chosen(attack)]
    wrong: list[str] = []
    with orphans() as left:
        log = _run(course, wrong, "autograde", ASSIGNMENT)
        before = rows(course)
        for student in HONEST[1:]:
            submit(course, student, theirs)
        deserved = {
            attack.name: assignment.possible if attack.hand_in(course, released(course), theirs) else 0.0
            for attack in mine
        }
        kept = files(course, *_UNCHANGED)
        for command in ("autograde", "generate_feedback"):
            log += _run(course, wrong, command, ASSIGNMENT)
    wrong += [f"a process was left: {command}" for command in left]
    if files(course, *_UNCHANGED) != kept:
        wrong.append("a submitted, released or source file changed")
    wrong += [f"a command ran: {path}" for path in course.rglob(TRACE)]
    wrong += [f"printed as it was: {sign!r}" for sign in ("\x1b]0;", "\x9b", "\u202e") if sign in log]
    cases = truth.load(assignment, course, truth.read_secret(course, create=False), notify=lambda _: None)
    after = rows(course)
    wrong += _others(before, after)
    secrets = {
        "the secret": (course / ".autograder" / "secret").read_bytes().strip(),
        "the gradebook": b"SQLite format 3\0\x10",
        "/etc/passwd": Path("/etc/passwd").read_bytes()[:40],
        "another student's work": _MARK.encode(),
    }
    numbers = hidden_numbers(cases)
    scored = points(course)
    findings = tuple(
        _finding(course, attack, deserved[attack.name], scored.get(attack.name, []), numbers, secrets)
        for attack in mine
    )
    honest = {student: total(scored.get(student, [])) for student in HONEST}
    return Fight(course=course, findings=findings, honest=honest, wrong=tuple(wrong), log=log)


def _run(course: Path, wrong: list[str], *command: str) -> str:
    done = nbgrader(course, *command)
    if done.returncode:
        wrong.append(f"nbgrader {command[0]} ended with {done.returncode}")
    return done.stdout


def _finding(
    course: Path,
    attack: Attack,
    due: float,
    cells: list[dict[str, Any]],
    numbers: frozenset[str],
    secrets: dict[str, bytes],
) -> Finding:
    folders = [course / kind / attack.name for kind in ("autograded", "feedback")]
    page = course / "feedback" / attack.name / ASSIGNMENT / f"{ASSIGNMENT}.html"
    wrong = [
        f"{cell['cell']}: {what} is {cell[what]!r}"
        for cell in cells
        for what in ("manual_score", "extra_credit", "needs_manual_grade")
        if cell[what]
    ]
    wrong += [f"{len(cells)} scores in the gradebook"] * (len(cells) != 4)
    wrong += ["no feedback"] * (not page.exists())
    pages = [
        path for path in (course / "feedback" / attack.name).rglob("*") if path.suffix in (".html", ".svg", ".htm")
    ]
    return Finding(
        name=attack.name,
        goal=attack.goal,
        due=due,
        earned=total(cells) if cells else -1.0,
        read=tuple(leaks(folders, numbers, secrets)),
        runs=tuple(hit for path in pages for hit in active(path.read_text(encoding="utf-8", errors="replace"))),
        wrong=tuple(wrong),
    )


def _others(before: Rows, after: Rows) -> list[str]:
    """Say which rows are not as they were, apart from new ones in the tables that hold a student's own."""
    wrong = []
    for table, old in before.items():
        new = after.get(table, {})
        wrong += [f"table {table}: row {key} changed or went" for key, row in old.items() if new.get(key) != row]
        if table not in _OWN_TABLES and len(new) != len(old):
            wrong.append(f"table {table} has {len(new)} rows instead of {len(old)}")
    return wrong + [f"table {table} is new" for table in after.keys() - before.keys()]
