"""The folder of a run: everybody's grade and feedback, the table of the class, the log."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.errors import DiskError, OutputError
from autograder.gradebook.files import GRADE, KEPT, LOG, cannot_write, encoded, grades_in, private_folder
from autograder.gradebook.record import GradeRecord, record_of, to_text
from autograder.gradebook.table import number, table, written_column
from autograder.model import Assignment
from autograder.paths import OurFolder
from autograder.results import Durations, Grade
from autograder.words import Isolation

_TABLE, _PROBE = "grades.csv", ".writable"
_APPEND = os.O_WRONLY | os.O_APPEND


class Gradebook:
    """The output folder of a run, held open: what another user puts in its place later is not written to.

    The assignment's criteria are the table's columns. `remarks` are what a person should be told about the folder: it
    was tightened, or could not be.

    Raises
    ------
    OutputError
        If the folder cannot be made or written to, belongs to another user, or others may write to it.
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
            self._ours = OurFolder(folder, named=True)
            self._refuse_foreign_log()
            self._ours.write(_PROBE, b"")
            os.unlink(_PROBE, dir_fd=self._ours.descriptor)
            self.remarks = self._tighten()
        except OSError as error:
            raise OutputError(
                f"cannot write to {folder}: {error.strerror or error}; choose another --output"
            ) from error

    def _refuse_foreign_log(self) -> None:
        """Find out before anybody is graded."""
        try:
            os.close(self._ours.open(LOG, _APPEND))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise OutputError(
                f"cannot write {self.folder / LOG}: {error.strerror}; move it away or choose another --output"
            ) from error

    def _tighten(self) -> tuple[str, ...]:
        """Close the folders of ours that others may look into; somebody's shared folder is not ours to close."""
        names = self._ours.names()
        at = self._ours.descriptor
        graded = [name for name in names if os.access(f"{name}/{GRADE}", os.F_OK, dir_fd=at)]
        remarks = []
        if (mode := self._ours.mode) & 0o077:
            if graded or LOG in names or not names:
                self._ours.tighten()
                remarks = [f"{self.folder} was open to others (mode {mode:04o}); it is yours alone now (0700)"]
            elif mode & 0o022:
                raise OutputError(
                    f"cannot write to {self.folder}: others may write to it, too (mode {mode:04o}), and it holds more "
                    "than grades; choose another --output"
                )
            else:
                remarks = [
                    f"{self.folder} is open to others (mode {mode:04o}) and holds more than grades, so it is left so: "
                    "they can see who handed in, but read no grade"
                ]
        lax = 0
        for name in graded:
            with suppress(OSError), self._ours.folder(name) as home:  # reading the grade will say what it is
                if home.mode & 0o077:
                    home.tighten()
                    lax += 1
        if lax:
            remarks.append(f"{lax} students' folders in {self.folder} were open to others; they are yours alone now")
        return tuple(remarks)

    def earlier(self) -> dict[str, str]:
        """Read whose grades stand in the folder, with the id of their cases; those students keep their rows.

        Raises
        ------
        InputError
            If a grade.json there cannot be read.
        """
        found = {}
        for student, record in grades_in(self._ours):
            found[student] = record.cases_id
            self._rows[student] = self._row(student, record)
        return found

    def _row(self, student: str, record: GradeRecord) -> list[Any]:
        earned: dict[str, float] = {score.criterion: score.earned for score in record.scores}
        # Grades made before written parts were judged have none.
        earned |= {written_column(answer.question): answer.earned for answer in record.written}
        points = (record.earned, record.possible, *(earned.get(criterion) for criterion in self._criteria))
        return [student, record.status, *("" if one is None else number(one) for one in points)]

    def write(self, grade: Grade, feedback: str, durations: Durations) -> None:
        """Write one student's grade and feedback; how long it took goes to ``run.jsonl``, and nowhere else.

        Raises
        ------
        OutputError
            If a file cannot be written; as `DiskError` if no file could be.
        """
        record = record_of(grade)
        try:
            with self._ours.folder(grade.student, make=True) as home:
                home.write("feedback.md", encoded(feedback))
                home.write(GRADE, encoded(to_text(record, (",", ":"))))  # last: where it is, the rest is
        except OSError as error:
            raise cannot_write(self.folder / grade.student, error, KEPT) from error
        self._rows[grade.student] = self._row(grade.student, record)
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
        """Record that we failed on a submission, and why in one line; a grade that stood before is kept.

        Raises
        ------
        DiskError
            If no file can be written.
        """
        reason = encoded(reason).decode()
        record = GradeRecord(
            assignment=self._assignment.id,
            student=student,
            submission_sha256="",
            cases_id=cases_id,
            status="grader_fault",
            earned=None,
            possible=number(self._assignment.possible),
            isolation=isolation,
            notes=(reason,),
            scores=(),
        )
        try:
            with self._ours.folder(student, make=True) as home:
                if not home.has(GRADE):
                    home.write(GRADE, encoded(to_text(record)))
        except OSError as error:
            cannot = cannot_write(self.folder / student / GRADE, error, KEPT)
            if isinstance(cannot, DiskError):
                raise cannot from error
            # That folder may be the fault itself: the table and the log have it.
        self._rows.setdefault(student, self._row(student, record))
        self._log({"student": student, "status": record.status, "reason": reason})

    def proved(self, evidence: Mapping[str, str]) -> None:
        """Note what kept the submissions of this run apart: the level, versions, the hash of the filter.

        Raises
        ------
        DiskError
            If it cannot be written.
        """
        self._log({"evidence": dict(evidence)})

    def _log(self, record: dict[str, Any]) -> None:
        try:
            with os.fdopen(self._ours.open(LOG, _APPEND | os.O_CREAT), "a", encoding="utf-8") as file:
                os.fchmod(file.fileno(), 0o600)  # one from elsewhere may be laxer
                file.write(json.dumps({"run": self._run, **record}) + "\n")
        except OSError as error:
            raise DiskError(f"cannot write {self.folder / LOG}: {error.strerror or error}") from error

    def write_csv(self) -> Path:
        """Write ``grades.csv`` with every student graded so far, in this run or before it.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        path = self.folder / _TABLE
        rows = [self._rows[student] for student in sorted(self._rows)]
        try:
            self._ours.write(_TABLE, encoded(table(self._criteria, rows)))
        except OSError as error:
            raise cannot_write(path, error, KEPT) from error
        return path
