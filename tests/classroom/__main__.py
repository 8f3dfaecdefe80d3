"""A class of 12 through nbgrader's real command; ``python -m tests.classroom`` writes the transcript into ``build/``.

Right, wrong and hostile notebooks, from release to export, every command as it is typed and all that it prints; then
the points side by side: nbgrader's gradebook, what it exported, its feedback, and ``hw1 grade`` on the same notebooks.
Two students' commands are processes of their own; what the other ten type alike runs in forks of one process.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

from autograder.loading import load_assignment
from tests.classroom import ledger
from tests.classroom.notebooks import CLASS, Notebook, answered, code, deleted, edited, functions, talkative
from tests.classroom.people import ROOT, Ran
from tests.classroom.room import ASSIGNMENT, NOTEBOOK, SELF, Classroom, open_classroom

OUTPUT = ROOT / "build" / "nbgrader-transcript.txt"
ALONE = ("anna-right", "dan-transposed")
THIEF = """\
import sqlite3, glob
for path in glob.glob("../../../*.db") + glob.glob("/**/gradebook.db", recursive=True):
    try:
        with sqlite3.connect(path) as book:
            book.execute("update grade set extra_credit = 1000, manual_score = 50")
    except Exception:
        pass
print("<script>fetch('/formgrader/api')</script>")
"""


def notebooks(released: Notebook, assignment: Any) -> dict[str, Notebook | bytes]:
    """What the twelve hand in."""

    def module(name: str) -> Notebook:
        return answered(released, functions(CLASS / f"{name}.py"))

    def cells(name: str) -> Notebook:
        """A notebook of their own, with the released cells emptied: the answers are in other cells."""
        theirs = json.loads((CLASS / name).read_text(encoding="utf-8"))["cells"]
        mine = answered(released, {part.name: "" for part in assignment.parts})
        return {**mine, "cells": mine["cells"] + [c for c in theirs if c["cell_type"] == "code"]}

    forger = edited(answered(released, talkative(assignment)))
    thief = answered(released, {})
    thief["cells"].insert(1, code(THIEF))
    return {
        "anna-right": module("student-01"),
        "ben-own-cells": cells("student-03/hw1.ipynb"),
        "cleo-overflows": cells("student-04.ipynb"),
        "dan-transposed": module("student-05"),
        "eve-no-beta": cells("student-06.ipynb"),
        "finn-one-rule": module("student-07"),
        "gina-approx": cells("student-09.ipynb"),
        "hugo-lost-cells": deleted(module("student-01")),
        "ines-nothing": released,
        "jack-forger": forger,
        "kim-thief": thief,
        "leo-broken": (CLASS / "student-14.ipynb").read_bytes(),
    }


class Session:
    """A classroom whose commands are written down."""

    def __init__(self, room: Classroom) -> None:
        self.room = room
        self.text: list[str] = []
        self.failed = 0

    def note(self, prompt: str, program: str, ran: Ran) -> None:
        """Write a command and all its output down, without the name of the temporary folder."""
        self.failed += bool(ran.code)
        words = " ".join(f"'{word}'" if " " in word else word for word in ran.command)
        output = ran.output.replace(str(self.room.base), "").replace(str(ROOT), "/repository")
        self.text += [
            f"{prompt} $ {program} {words}",
            output.rstrip(),
            *([f"[exit code {ran.code}]"] * bool(ran.code)),
            "",
        ]
        print(f"{prompt} $ {program} {words}  ({ran.seconds:.1f} s)", file=sys.stderr)

    def teach(self, *argv: object) -> None:
        self.note("instructor", "nbgrader", self.room.teach(*argv, code=None, real=True))

    def hw1(self, *argv: object) -> None:
        self.note("instructor", "hw1", self.room.hw1(*argv))

    def study(self, student: str, *argv: object) -> None:
        real = student in ALONE
        self.note(student, "nbgrader", self.room.study(student, *argv, code=None, real=real))


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def table(room: Classroom, ours: dict[str, dict[str, str]]) -> list[str]:
    """Lay the points out side by side; a row that differs says so."""
    book, exported = ledger.scores(room), ledger.exported(room)
    lines = [f"{'student':<18}{'gradebook.db':>14}{'export':>10}{'feedback':>10}{'hw1 grade':>11}"]
    for student, row in sorted(ours.items()):
        total = sum(book[student].values())
        page, _ = ledger.page_total(ledger.page(room, student))
        four = [total, float(exported[student]["raw_score"]), page, float(row["earned"])]
        same = "" if len({f"{value:.2f}" for value in four}) == 1 else "   DIFFERENT"
        lines.append(f"{student:<18}{four[0]:>14.2f}{four[1]:>10.2f}{four[2]:>10.2f}{four[3]:>11.2f}{same}")
    return lines


def main() -> None:
    assignment = load_assignment(ROOT / "solutions")
    with open_classroom(instructor=SELF, students=SELF) as room:
        session = Session(room)
        for argv in (["generate_assignment", ASSIGNMENT], ["release_assignment", ASSIGNMENT], ["list"]):
            session.teach(*argv)
        for student, notebook in notebooks(room.released(), assignment).items():
            session.study(student, "fetch_assignment", ASSIGNMENT)
            if isinstance(notebook, bytes):
                (room.desk(student) / NOTEBOOK).write_bytes(notebook)
            else:
                room.write(student, notebook)
            if student in ALONE:
                session.study(student, "validate", NOTEBOOK)
            session.study(student, "submit", ASSIGNMENT, f"--student={student}")
        session.teach("collect", ASSIGNMENT, "--ExchangeCollect.check_owner=False")
        session.hw1("grade", "--course", ".")
        for argv in (["autograde", ASSIGNMENT], ["generate_feedback", ASSIGNMENT], ["release_feedback", ASSIGNMENT]):
            session.teach(*argv)
        session.study("dan-transposed", "fetch_feedback", ASSIGNMENT)
        session.teach("export")
        for path in room.course.glob(f"submitted/*/{NOTEBOOK}"):
            same = room.course / "same" / path.parts[-3]
            same.mkdir(parents=True)
            (same / path.name).write_bytes(path.read_bytes())
        session.hw1("grade", "same", "-o", "plain", "--course", ".", "--assignment", ROOT / "solutions")
        comparison = table(room, rows(room.course / "plain" / "grades.csv"))
        session.text += ["The same points four times over", "", *comparison, ""]
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text("\n".join(session.text), encoding="utf-8")
    print("\n".join(comparison))
    print(f"\n{session.failed} commands failed; transcript in {OUTPUT.relative_to(ROOT)}")
    sys.exit(session.failed > 0)


if __name__ == "__main__":
    main()
