"""Folders of grades as `hw1 grade` would leave them, drawn at random: for the layout and numbers of class reports."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from autograder.gradebook.record import decode, record_of
from autograder.gradebook.results import RESULTS, Result, result_of, sha256, to_line
from autograder.gradebook.text import to_text
from autograder.model import Assignment
from autograder.results import Grade

BROKEN = ("crashed", "timed_out", "raised", "missing", "forbidden", "out_of_memory")


def in_plain_values(grade: Grade) -> Any:
    """A grade as its file has it (``schemas/grade-1.json``)."""
    return json.loads(to_text(record_of(grade)))


def grade(
    assignment: Assignment, student: str, statuses: Iterable[tuple[str, str | None]], *, sha256: str = ""
) -> dict[str, Any]:
    """Lay out a grade.json from a status and a misconception for each criterion."""
    share = {"passed": 1.0, "approx": 0.5}
    criteria = [(q.id, part, c) for q in assignment.questions for part in q.parts for c in part.criteria]
    scores = [
        {
            "question": question,
            "part": part.name,
            "criterion": criterion.id,
            "earned": criterion.points * share.get(status, 0.0),
            "possible": criterion.points,
            "status": status,
            "misconception": misconception,
            "feedback": "Words.",
            "verdicts": [
                {
                    "case": f"{part.name}.{family}.0",
                    "family": family,
                    "hidden": True,
                    # Who is wrong is wrong on some of the families: the last ones more often.
                    "status": status if status != "wrong" or place >= len(student) % 4 else "passed",
                }
                for place, family in enumerate(criterion.families)
            ],
        }
        for (question, part, criterion), (status, misconception) in zip(criteria, statuses, strict=True)
    ]
    return {
        "schema": "grade-1",
        "assignment": assignment.id,
        "student": student,
        "submission_sha256": sha256,
        "cases_id": "c" * 32,
        "status": "graded",
        "earned": sum(score["earned"] for score in scores),
        "possible": assignment.possible,
        "isolation": "bubblewrap",
        "notes": [],
        "scores": scores,
    }


def without_scores(assignment: Assignment, student: str, status: str, note: str) -> dict[str, Any]:
    """Lay out the grade.json of an unreadable submission, or of a fault of the grader."""
    plain = grade(assignment, student, [("unreadable", None)] * sum(len(p.criteria) for p in assignment.parts))
    fault = {"earned": None, "scores": []} if status == "grader_fault" else {}
    return {**plain, "status": status, "notes": [note], **fault}


def write(folder: Path, grades: Sequence[dict[str, Any]], log: Sequence[dict[str, Any]] = ()) -> Path:
    """Write grades where `hw1 grade` would, and the lines of them that it keeps."""
    lines = []
    for one in grades:
        home = folder / one["student"]
        home.mkdir(parents=True, exist_ok=True)
        data = json.dumps(one).encode()
        (home / "grade.json").write_bytes(data)
        lines.append(to_line(result_of(decode(data), sha256(data))))
    (folder / RESULTS).write_bytes(b"".join(lines))
    if log:
        (folder / "run.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in log), encoding="utf-8")
    return folder


def repeated(results: Sequence[Result], students: Sequence[str]) -> tuple[Result, ...]:
    """Give the grades of a small class to a large one, in turn, with code of everybody's own."""
    return tuple(
        replace(results[place % len(results)], student=student, submission_sha256=f"{place:064x}")
        for place, student in enumerate(students)
    )


def draw(
    assignment: Assignment, students: Sequence[str], seed: int = 0
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw grades and a log: able students earn more, everybody has some of the known misconceptions."""
    rng = random.Random(seed)
    grades, log = [], []
    for student in students:
        able = rng.betavariate(2.2, 1.2)
        statuses: list[tuple[str, str | None]] = []
        for part in assignment.parts:
            hard = rng.uniform(0, 0.35)
            # A few are common, most are rare.
            habit = part.misconceptions[min(int(rng.expovariate(0.3)), len(part.misconceptions) - 1)].name
            stopped = rng.choice(BROKEN) if rng.random() > 0.94 else None
            for _ in part.criteria:
                if stopped:
                    statuses.append((stopped, None))
                elif rng.random() < able - hard + 0.2:
                    statuses.append(("passed", None) if rng.random() < 0.93 else ("approx", None))
                else:
                    statuses.append(("wrong", habit if rng.random() < 0.8 else None))
        alike = all(status == "passed" for status, _ in statuses) and rng.random() < 0.4
        sha256 = "a" * 64 if alike else f"{rng.getrandbits(256):064x}"
        grades.append(grade(assignment, student, statuses, sha256=sha256))
        log.append(
            {"run": "r", "student": student, "status": "graded", "seconds": round(rng.lognormvariate(-3, 0.8), 4)}
        )
    return grades, log
