"""Grades on disk: ``<student>/grade.json``, ``<student>/feedback.md``, ``grades.csv``, ``run.jsonl``.

Every file is written beside its place and moved there, so a reader sees the old one or the new one. Files are for the
instructor alone (0600, folders 0700). Durations go to ``run.jsonl`` only: the same submission gives the same bytes.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.errors import InputError, OutputError
from autograder.model import Assignment
from autograder.results import Grade, GradeStatus, Isolation, Verdict

SCHEMA = "grade-1"
COLUMNS = ("student", "status", "earned", "possible")


def number(points: float) -> float | int:
    """Write whole points without a decimal point.

    Parameters
    ----------
    points : float
        Points.

    Returns
    -------
    float or int
        The same number.
    """
    return int(points) if float(points).is_integer() else points


def _verdict(verdict: Verdict) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "case": verdict.case,
        "family": verdict.family,
        "hidden": verdict.hidden,
        "status": verdict.status,
    }
    return plain if verdict.shown is None else {**plain, **verdict.shown}


def grade_to_json(grade: Grade) -> dict[str, Any]:
    """Lay a grade out as ``grade.json`` has it (``schemas/grade-1.json``).

    Parameters
    ----------
    grade : Grade
        One student's scores.

    Returns
    -------
    dict
        Plain values only.
    """
    return {
        "schema": SCHEMA,
        "assignment": grade.assignment,
        "student": grade.student,
        "submission_sha256": grade.submission_sha256,
        "cases_id": grade.cases_id,
        "status": grade.status,
        "earned": number(grade.earned),
        "possible": number(grade.possible),
        "isolation": grade.isolation,
        "notes": list(grade.notes),
        "scores": [
            {
                "question": score.question,
                "part": score.part,
                "criterion": score.criterion,
                "earned": number(score.earned),
                "possible": number(score.possible),
                "status": score.status,
                "misconception": score.misconception,
                "feedback": score.feedback,
                "verdicts": [_verdict(verdict) for verdict in score.verdicts],
            }
            for score in grade.scores
        ],
    }


def write_atomically(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all.

    Parameters
    ----------
    path : Path
        Where; its folder is made when missing.
    text : str
        What, in UTF-8.

    Raises
    ------
    OutputError
        If it cannot be written (no room, no permission); what was there before is kept.
    """
    handle, name = -1, ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
        Path(name).replace(path)
    except OSError as error:
        if name:
            with contextlib.suppress(OSError):
                Path(name).unlink()
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot write {path}: {reason}; what was graded before is kept. Make room or choose another --output"
        ) from error


class Gradebook:
    """The output folder of a run.

    Parameters
    ----------
    folder : Path
        Where grades go.
    assignment : Assignment
        Its criteria are the columns.

    Raises
    ------
    OutputError
        If the folder cannot be made or written to.
    """

    def __init__(self, folder: Path, assignment: Assignment) -> None:
        self.folder = folder
        self._assignment = assignment
        self._criteria = tuple(c.id for part in assignment.parts for c in part.criteria)
        self._rows: dict[str, list[Any]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise OutputError(
                f"cannot write to {folder}: {error.strerror or error}; choose another --output"
            ) from error

    def earlier(self) -> dict[str, str]:
        """Read what is graded in the folder already, and keep those students' rows in the table.

        Returns
        -------
        dict
            Id of the cases that graded each student; empty for a new folder.

        Raises
        ------
        InputError
            If a grade.json there cannot be read.
        """
        found = {}
        for path in sorted(self.folder.glob("*/grade.json")):
            try:
                record = json.loads(path.read_text(encoding="utf-8"))
                found[path.parent.name] = str(record["cases_id"])
                earned = {score["criterion"]: score["earned"] for score in record["scores"]}
                self._rows[path.parent.name] = [
                    path.parent.name,
                    record["status"],
                    "" if record["earned"] is None else record["earned"],
                    record["possible"],
                    *(earned.get(criterion, "") for criterion in self._criteria),
                ]
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise InputError(f"{path} is not a grade of ours; move it away or choose another --output") from error
        return found

    def write(self, grade: Grade, feedback: str, seconds: float) -> None:
        """Write one student's grade and feedback, and note how long it took.

        Parameters
        ----------
        grade : Grade
            One student's scores.
        feedback : str
            Markdown for the student.
        seconds : float
            Wall time it took.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        home = self.folder / grade.student
        text = json.dumps(grade_to_json(grade), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        write_atomically(home / "grade.json", text + "\n")
        write_atomically(home / "feedback.md", feedback)
        earned = {score.criterion: number(score.earned) for score in grade.scores}
        self._rows[grade.student] = [
            grade.student,
            grade.status,
            number(grade.earned),
            number(grade.possible),
            *(earned[criterion] for criterion in self._criteria),
        ]
        self._log({"student": grade.student, "status": grade.status, "seconds": round(seconds, 4)})

    def fault(self, student: str, cases_id: str, isolation: Isolation, reason: str) -> None:
        """Record that we failed on a submission; a grade that stood before is kept.

        Parameters
        ----------
        student : str
            Whose.
        cases_id : str
            Of the run's cases.
        isolation : {"bubblewrap", "nested", "none"}
            Of the run.
        reason : str
            One line.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        status: GradeStatus = "grader_fault"
        path = self.folder / student / "grade.json"
        possible = number(self._assignment.possible)
        if not path.exists():
            record = {
                "schema": SCHEMA,
                "assignment": self._assignment.id,
                "student": student,
                "submission_sha256": "",
                "cases_id": cases_id,
                "status": status,
                "earned": None,
                "possible": possible,
                "isolation": isolation,
                "notes": [reason],
                "scores": [],
            }
            write_atomically(path, json.dumps(record, ensure_ascii=False) + "\n")
        self._rows.setdefault(student, [student, status, "", possible, *("" for _ in self._criteria)])
        self._log({"student": student, "status": status, "reason": reason})

    def _log(self, record: dict[str, Any]) -> None:
        try:
            with open(
                self.folder / "run.jsonl", "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)
            ) as file:
                file.write(json.dumps(record) + "\n")
        except OSError as error:
            raise OutputError(f"cannot write {self.folder / 'run.jsonl'}: {error.strerror or error}") from error

    def write_csv(self) -> Path:
        """Write ``grades.csv`` with every student graded so far, in this run or before it.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        path = self.folder / "grades.csv"
        write_atomically(path, table(self._criteria, [self._rows[student] for student in sorted(self._rows)]))
        return path


def table(criteria: Iterable[str], rows: Iterable[list[Any]]) -> str:
    """Lay rows out as CSV under the contract's header.

    Parameters
    ----------
    criteria : Iterable[str]
        Criterion ids, in order.
    rows : Iterable of list
        ``student, status, earned, possible``, then one cell per criterion.

    Returns
    -------
    str
        The file's text, lines ended by a newline.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *criteria])
    writer.writerows(rows)
    return text.getvalue()
