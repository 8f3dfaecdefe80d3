"""Grades on disk: ``<student>/grade.json``, ``<student>/feedback.md``, ``grades.csv``, ``run.jsonl``.

Every file is written beside its place and moved there, so a reader sees the old one or the new one. Files are for the
instructor alone (0600, folders 0700), whatever the umask; a laxer folder of ours that is there already is tightened.
Durations go to ``run.jsonl`` only, a line a student and run: the same submission gives the same bytes.

In ``grades.csv`` a text that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-``, ``@``, a tab
or a return) has an apostrophe before it, the usual remedy; grade.json has it as it is, and the CSV is never read back.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.errors import DiskError, InputError, OutputError
from autograder.model import Assignment
from autograder.results import Grade, GradeStatus, Isolation, Verdict

SCHEMA = "grade-1"
COLUMNS = ("student", "status", "earned", "possible")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


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
        "written": [
            {
                "question": answer.question,
                "earned": number(answer.earned),
                "possible": number(answer.possible),
                "findings": [asdict(one) for one in answer.findings],
            }
            for answer in grade.written
        ],
    }


def _written_column(question: str) -> str:
    """The column of a written answer's points."""
    return f"{question}.written"


def private_folder(folder: Path) -> None:
    """Make a folder, and the missing ones above it, for their owner alone.

    Parameters
    ----------
    folder : Path
        Which; one that is there already stays as it is.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    for each in (*reversed(missing), folder):
        each.mkdir(mode=0o700, exist_ok=True)


def open_to_others(folder: Path) -> int:
    """Tell whether anybody but the owner may use a folder.

    Parameters
    ----------
    folder : Path
        Which.

    Returns
    -------
    int
        Its mode, if they may; else 0.
    """
    mode = stat.S_IMODE(folder.stat().st_mode)
    return mode if mode & 0o077 else 0


def _cannot(what: object, error: OSError, advice: str) -> OutputError:
    """The error to raise: a disk's stops the run, any other is that file's."""
    kind = DiskError if error.errno in _DISK else OutputError
    return kind(f"cannot write {what}: {error.strerror or error}{advice}")


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all, for its owner alone.

    Parameters
    ----------
    path : Path
        Where; its folder is made when missing.
    content : str or bytes
        What; text becomes UTF-8.

    Raises
    ------
    OutputError
        If it cannot be written (no permission, or as `DiskError` no room); what was there before is kept.
    """
    handle, name = -1, ""
    try:
        private_folder(path.parent)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
        Path(name).replace(path)
    except OSError as error:
        if name:
            with contextlib.suppress(OSError):
                Path(name).unlink()
        raise _cannot(path, error, "; what was there before is kept. Make room or choose another --output") from error


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
            *(_written_column(question.id) for question in assignment.questions if question.written_points),
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
                earned |= {_written_column(one["question"]): one["earned"] for one in record.get("written", ())}
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
            If a file cannot be written; as `DiskError` if no file could be.
        """
        home = self.folder / grade.student
        text = json.dumps(grade_to_json(grade), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        write_atomically(home / "feedback.md", feedback)
        write_atomically(home / "grade.json", text + "\n")  # last: where it is, the rest is
        earned = {score.criterion: number(score.earned) for score in grade.scores}
        earned |= {_written_column(answer.question): number(answer.earned) for answer in grade.written}
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


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


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
        The file's text, lines ended by a newline, without a cell that a spreadsheet would compute.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *criteria])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue()
