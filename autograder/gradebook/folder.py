"""The folder of a run: everybody's grade and feedback, the table of the class, the log."""

import json
import os
import secrets
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.errors import DiskError, OutputError
from autograder.gradebook import attendance
from autograder.gradebook.adjustments import (
    ADJUSTMENTS,
    adjusted,
    adjustments_file,
    digest,
    parse,
    possible_points,
    read_adjustments,
    refuse_strangers,
)
from autograder.gradebook.files import (
    FEEDBACK,
    GRADE,
    grades_in,
    not_ours,
    private_folder,
    read_in,
    refuse_foreign,
    tighten,
    writing,
)
from autograder.gradebook.journal import LOG, LogEntry, lines_of
from autograder.gradebook.record import Damage, GradeRecord, decode, fault_of, grade_of, record_of
from autograder.gradebook.results import (
    RESULTS,
    Result,
    Standing,
    encoded,
    result_of,
    settled,
    sha256,
    standing,
    to_line,
)
from autograder.gradebook.text import to_bytes, to_text
from autograder.model import Assignment
from autograder.paths import OurFolder
from autograder.results import Durations, Grade
from autograder.words import Isolation, number

_TABLE, _LOCK, _PROBE = "grades.csv", ".lock", "writable"
_KEPT_OF_EACH = (GRADE, FEEDBACK, "cells.json")  #: Files in a student's folder; the last is nbgrader's.
_GROUP = 50  #: After so many results all of them are brought to the disk.


class Gradebook:
    """The output folder of a run, held open: what another user puts in its place later is not written to.

    The assignment's criteria are the table's columns, with what ``adjustments.csv`` adds, or the file that is given in
    its place. `remarks` are what a person should be told about the folder: it was tightened, or could not be.

    Raises `OutputError` if the folder cannot be made or written to, belongs to another user, or others may write to it.
    Raises `InputError` if the adjustments cannot be read.
    """

    def __init__(
        self,
        folder: Path,
        assignment: Assignment,
        adjustments: Path | None = None,
        news: attendance.News = attendance.NO_NEWS,
    ) -> None:
        self._given = adjustments_file(adjustments) if adjustments else None
        given = parse(self._given, assignment, str(adjustments)) if self._given is not None else None
        self.folder = folder
        self._assignment = assignment
        self._criteria = tuple(possible_points(assignment))
        self._rows: dict[str, list[Any]] = {}
        #: What stood before this run; filled by `earlier`.
        self.before: dict[str, Standing] = {}
        #: Hash of each grade.json that has its line in ``results.jsonl``.
        self._lines: dict[str, str] = {}
        self._done: dict[str, LogEntry] = {}
        self._loose: list[str] = []
        #: Lets other runs into the folder again.
        self.release: Callable[[], object] = lambda: None
        self._appending, self._syncing = threading.Lock(), threading.Lock()
        self._run = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        try:
            private_folder(folder)
            #: The folder, open.
            self.ours = OurFolder(folder, named=True)
            for name in (LOG, RESULTS):
                refuse_foreign(self.ours, folder, name)
            # Another run may try the same at the same time, and a third remove what it takes for a dead run's.
            probe = f".{_PROBE}.{secrets.token_hex(4)}"
            os.close(self.ours.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            with suppress(FileNotFoundError):
                os.unlink(probe, dir_fd=self.ours.descriptor)
            self.remarks = tighten(self.ours, folder)
        except OSError as error:
            raise OutputError(
                f"cannot write to {folder}: {error.strerror or error}; choose another --output"
            ) from error
        before = {} if news.roster is not None else attendance.read_enrolled(self.ours)
        self._class = news.after(before)
        self._new_class = self._class != before
        #: Who is in the class; nobody where neither a roster nor a download says so.
        self.enrolled = attendance.in_class(self._class)
        by_hand = read_adjustments(self.ours, assignment) if given is None else given
        #: By student.
        self.adjustments = attendance.with_lateness(by_hand, self.enrolled, assignment)

    def lock(self, *, waiting: Callable[[], object] | None = None) -> None:
        """Keep every other run out of the folder until `release` or the process ends; remove what a killed one left.

        With `waiting`, which is called where another run holds it, this waits until that has ended.

        Raises `OutputError` if another run holds it, and nobody waits.
        """
        with writing(self.folder / _LOCK, "; choose another --output"):
            try:
                self.release = self.ours.lock(_LOCK, waiting=waiting)
            except BlockingIOError:
                raise OutputError(f"another hw1 grade is writing to {self.folder}; wait until it has ended") from None
            self.ours.sweep(_TABLE, RESULTS, ADJUSTMENTS, attendance.ROSTER, _PROBE)

    def settle_adjustments(self, students: Collection[str], *, keep: bool) -> None:
        """Refuse adjustments of whom neither this run nor an earlier one grades; keep it and the roster if given.

        Raises `InputError` if there is such a row. Raises `OutputError` if the file cannot be written.
        """
        refuse_strangers(self.adjustments, {*students, *self._rows}, self.folder)
        roster = encoded(attendance.class_to_csv(self._class.values())) if self._new_class else None
        for name, content in ((ADJUSTMENTS, self._given), (attendance.ROSTER, roster)):
            if content is not None and keep:
                with writing(self.folder / name):
                    self.ours.write(name, content, sync=True)

    def grade(self, student: str) -> Grade:
        """Read a grade that stands here, with what is adjusted for its student; a damaged one is an `InputError`."""
        try:
            with self.ours.folder(student) as home:
                return self.with_adjustments(grade_of(decode(read_in(home, GRADE))))
        except (OSError, Damage) as error:
            raise not_ours(self.folder / student / GRADE, error) from error

    def with_adjustments(self, grade: Grade) -> Grade:
        """Put beside a grade what is adjusted for its student."""
        return replace(grade, adjustments=self.adjustments.get(grade.student, ()))

    def _full(self, key: str, student: str) -> str:
        """Add to what decides a result what decides its feedback and its row."""
        mine = digest(self.adjustments.get(student, ()))
        return f"{key}-{mine}" if mine else key

    def earlier(self, again: Collection[str] = ()) -> dict[str, str]:
        """Read whose grades stand in the folder, with the id of their cases; those students keep their rows.

        What a power cut left of a grade.json counts as none for those who are graded `again`.

        Raises `InputError` if a grade.json there cannot be read.
        """
        found = {}
        for student, result, has_line in grades_in(self.ours, again):
            found[student] = result.cases_id
            self._rows[student] = self._row(student, result)
            stands = standing(result)
            if stands is not None:
                self.before[student] = stands
            if has_line:
                self._lines[student] = result.grade_sha256
        return found

    def resume(self) -> None:
        """Let `graded` believe what earlier runs wrote in the journal."""
        with suppress(OSError):
            for entry in lines_of(self.ours):
                if entry is not None:
                    self._done[entry.student] = entry

    def graded(self, student: str, key: str) -> Grade | None:
        """Take the grade that an earlier run made of the very same, if all its files stand as it wrote them.

        `key` is what decides the result.
        """
        entry = self._done.get(student)
        if entry is None or entry.key != self._full(key, student) or entry.status == "grader_fault":
            return None
        try:
            with self.ours.folder(student) as home:
                home.sweep(*_KEPT_OF_EACH)
                data = read_in(home, GRADE)
                if (sha256(data), sha256(read_in(home, FEEDBACK))) != (entry.grade_sha256, entry.feedback_sha256):
                    return None
                home.tighten(*_KEPT_OF_EACH)
            record = decode(data)
        except (OSError, Damage):
            return None
        self._keep(result_of(record, entry.grade_sha256))
        return grade_of(record)

    def _row(self, student: str, graded: GradeRecord | Result) -> list[Any]:
        return attendance.class_row(student, adjusted(graded, self.adjustments.get(student, ())), self._criteria)

    def _keep(self, result: Result) -> None:
        """Have a line in ``results.jsonl`` about a grade that is in its place, and a row in the table."""
        self._rows[result.student] = self._row(result.student, result)
        if self._lines.get(result.student) != result.grade_sha256:
            self._append(RESULTS, to_line(result))
            self._lines[result.student] = result.grade_sha256

    def write(self, grade: Grade, feedback: str, durations: Durations, key: str = "") -> None:
        """Write one student's grade and feedback; how long it took goes to ``run.jsonl``, and nowhere else.

        `key` is what decided the result, for `graded` in a later run. The journal's line comes last, and every 50
        results all is brought to the disk: what a crash leaves of the others is found out by the hashes in it.

        Raises `OutputError` if a file cannot be written; as `DiskError` if no file could be.
        """
        record = record_of(grade)
        told, content = encoded(feedback), to_bytes(record)
        digest = sha256(content)
        with writing(self.folder / grade.student), self.ours.folder(grade.student, make=True) as home:
            home.sweep(*_KEPT_OF_EACH)
            home.write(FEEDBACK, told)
            home.write(GRADE, content)  # last: where it is, the rest is
        self._keep(result_of(record, digest))
        cpu = {"loading": durations.loading, **durations.parts}
        self._log(
            {
                "student": grade.student,
                "status": grade.status,
                "seconds": round(durations.seconds, 4),
                "cpu_seconds": {what: round(seconds, 4) for what, seconds in cpu.items()},
                "key": self._full(key, grade.student),
                "grade_sha256": digest,
                "feedback_sha256": sha256(told),
            }
        )
        self._sync_in_groups(grade.student)

    def adopt(self, result: Result, content: bytes, feedback: bytes | None) -> None:
        """Write what another run made of one student, byte for byte; its journal follows by `adopt_journal`.

        Raises `OutputError` as from `write`.
        """
        with writing(self.folder / result.student), self.ours.folder(result.student, make=True) as home:
            home.sweep(*_KEPT_OF_EACH)
            if feedback is None:
                home.remove(FEEDBACK)
            else:
                home.write(FEEDBACK, feedback)
            home.write(GRADE, content)
        if result.status == "grader_fault":
            self._rows[result.student] = self._row(result.student, result)
        else:
            self._keep(result)
        self._sync_in_groups(result.student)

    def forget_journal(self) -> None:
        """Begin the journal anew, to take over those of other runs."""
        with writing(self.folder / LOG):
            self.ours.write(LOG, b"")

    def adopt_journal(self, lines: bytes) -> None:
        """Go on with the journal of another run, once the files that it speaks of are in their place."""
        if lines:
            self._append(LOG, lines)

    def _sync_in_groups(self, student: str) -> None:
        with self._appending:
            self._loose.append(student)
            full = len(self._loose) >= _GROUP
        if full:
            self._sync()

    def _sync(self) -> None:
        """Bring to the disk what was written since the last time; the journal last."""
        with self._syncing:
            with self._appending:
                group, self._loose = self._loose, []
            with writing(self.folder):
                for student in group:
                    with suppress(FileNotFoundError), self.ours.folder(student) as home:
                        home.sync(FEEDBACK, GRADE)
                self.ours.sync(RESULTS, LOG)

    def fault(self, student: str, cases_id: str, isolation: Isolation, reason: str) -> None:
        """Record that we failed on a submission, and why in one line; a grade that stood before is kept.

        Raises `DiskError` if no file can be written.
        """
        reason = encoded(reason).decode()
        record = fault_of(self._assignment, student, cases_id, isolation, reason)
        try:
            with writing(self.folder / student / GRADE), self.ours.folder(student, make=True) as home:
                if not home.has(GRADE):
                    home.write(GRADE, encoded(to_text(record)))
        except DiskError:
            raise
        except OutputError:
            pass  # that folder may be the fault itself: the table and the log have it
        self._rows.setdefault(student, self._row(student, record))
        self._log({"student": student, "status": record.status, "reason": reason})

    def proved(self, evidence: Mapping[str, str]) -> None:
        """Note what kept the submissions of this run apart: the level, versions, the hash of the filter.

        Raises `DiskError` if it cannot be written.
        """
        self._log({"evidence": dict(evidence)})

    def _log(self, record: dict[str, Any]) -> None:
        self._append(LOG, encoded(json.dumps({"run": self._run, **record}) + "\n"))

    def _append(self, name: str, line: bytes) -> None:
        try:
            with self._appending:
                self.ours.append(name, line)
        except OSError as error:
            raise DiskError(f"cannot write {self.folder / name}: {error.strerror or error}") from error

    def write_csv(self) -> Path:
        """Write ``grades.csv`` with every student graded so far, in this run or before it, and bring all to the disk.

        ``results.jsonl`` is put in order, too: the same bytes, whoever was graded first.

        Raises `OutputError` if it cannot be written.
        """
        path = self.folder / _TABLE
        content = attendance.class_table(self._criteria, self._rows, self.enrolled, number(self._assignment.possible))
        with writing(path):
            self.ours.write(_TABLE, encoded(content), sync=True)
            if self._lines:
                self.ours.write(RESULTS, settled(self.ours, self._lines), sync=True)
        self._sync()
        return path
