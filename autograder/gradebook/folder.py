"""The folder of a run: everybody's grade and feedback, the table of the class, the log."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.errors import DiskError, InputError, OutputError
from autograder.gradebook.files import open_to_others, private_folder, write_atomically
from autograder.gradebook.record import SCHEMA, grade_to_json, number, table, written_column
from autograder.model import Assignment
from autograder.results import Durations, Grade, GradeStatus, Isolation


class Gradebook:
    """The output folder of a run.

    Parameters
    ----------
    folder : Path
        Where grades go.
    assignment : Assignment
        Its criteria are the columns.

    Attributes
    ----------
    folder : Path
        The same.
    remarks : tuple of str
        What a person should be told about the folder: it was tightened, or could not be.

    Raises
    ------
    OutputError
        If the folder cannot be made or written to.
    """

    def __init__(self, folder: Path, assignment: Assignment) -> None:
        self.folder = folder
        self._assignment = assignment
        self._criteria = (
            *(c.id for part in assignment.parts for c in part.criteria),
            *(written_column(question.id) for question in assignment.questions if question.written_points),
        )
        self._rows: dict[str, list[Any]] = {}
        self._run = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        try:
            private_folder(folder)
            with tempfile.TemporaryFile(dir=folder):
                pass
            self.remarks = self._tighten()
        except OSError as error:
            raise OutputError(
                f"cannot write to {folder}: {error.strerror or error}; choose another --output"
            ) from error

    def _tighten(self) -> tuple[str, ...]:
        """Close the folders of ours that others may look into; somebody's shared folder is not ours to close."""
        homes = [home for home in self.folder.iterdir() if os.access(home / "grade.json", os.F_OK)]
        remarks = []
        if mode := open_to_others(self.folder):
            ours = homes or (self.folder / "run.jsonl").exists() or not any(self.folder.iterdir())
            if ours and self.folder.stat().st_uid == os.geteuid():
                self.folder.chmod(0o700)
                remarks = [f"{self.folder} was open to others (mode {mode:04o}); it is yours alone now (0700)"]
            else:
                remarks = [
                    f"{self.folder} is open to others (mode {mode:04o}) and holds more than grades, so it is left so: "
                    "they can see who handed in, but read no grade"
                ]
        lax = [home for home in homes if not home.is_symlink() and open_to_others(home)]
        for home in lax:
            home.chmod(0o700)
        if lax:
            remarks.append(
                f"{len(lax)} students' folders in {self.folder} were open to others; they are yours alone now"
            )
        return tuple(remarks)

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
                # Grades made before written parts were judged have none.
                earned |= {written_column(one["question"]): one["earned"] for one in record.get("written", ())}
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

    def write(self, grade: Grade, feedback: str, durations: Durations) -> None:
        """Write one student's grade and feedback, and note how long it took.

        Parameters
        ----------
        grade : Grade
            One student's scores.
        feedback : str
            Markdown for the student.
        durations : Durations
            How long it took; kept in ``run.jsonl``, and nowhere else.

        Raises
        ------
        OutputError
            If a file cannot be written; as `DiskError` if no file could be.
        """
        home = self.folder / grade.student
        text = json.dumps(grade_to_json(grade), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        write_atomically(home / "feedback.md", feedback)
        write_atomically(home / "grade.json", text + "\n")  # last: where it is, the rest is
        earned = {score.criterion: number(score.earned) for score in grade.scores}
        earned |= {written_column(answer.question): number(answer.earned) for answer in grade.written}
        self._rows[grade.student] = [
            grade.student,
            grade.status,
            number(grade.earned),
            number(grade.possible),
            *(earned[criterion] for criterion in self._criteria),
        ]
        cpu = {"loading": durations.loading, **durations.parts}
        self._log(
            {
                "student": grade.student,
                "status": grade.status,
                "seconds": round(durations.seconds, 4),
                "cpu_seconds": {what: round(seconds, 4) for what, seconds in cpu.items()},
            }
        )

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
        DiskError
            If no file can be written.
        """
        status: GradeStatus = "grader_fault"
        path = self.folder / student / "grade.json"
        possible = number(self._assignment.possible)
        if not os.path.lexists(path):
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
                "written": [],
            }
            try:
                write_atomically(path, json.dumps(record, ensure_ascii=False) + "\n")
            except DiskError:
                raise
            except OutputError:
                pass  # that folder may be the fault itself: the table and the log have it
        self._rows.setdefault(student, [student, status, "", possible, *("" for _ in self._criteria)])
        self._log({"student": student, "status": status, "reason": reason})

    def proved(self, evidence: Mapping[str, str]) -> None:
        """Note what kept the submissions of this run apart.

        Parameters
        ----------
        evidence : Mapping[str, str]
            As `autograder.sandbox.Sandbox` proved it: the level, versions, the hash of the filter.

        Raises
        ------
        DiskError
            If it cannot be written.
        """
        self._log({"evidence": dict(evidence)})

    def _log(self, record: dict[str, Any]) -> None:
        path = self.folder / "run.jsonl"
        try:
            with open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                os.fchmod(file.fileno(), 0o600)  # one from elsewhere may be laxer
                file.write(json.dumps({"run": self._run, **record}) + "\n")
        except OSError as error:
            raise DiskError(f"cannot write {path}: {error.strerror or error}") from error

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
