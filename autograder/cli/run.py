"""One run of ``hw1 grade`` over a class: what is kept of it, whatever ends it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.common import notify
from autograder.cli.ending import exit_code
from autograder.cli.tables import isolation_line, progress_bar
from autograder.errors import ClusterError, DiskError, InputError, IsolationError

if TYPE_CHECKING:
    from autograder.batch import Batch, Write
    from autograder.batch.cluster import ClusterBatch
    from autograder.gradebook import Gradebook
    from autograder.gradebook.adjustments import Adjustments
    from autograder.gradebook.attendance import Class
    from autograder.gradebook.regrade import Change, Sitting
    from autograder.gradebook.results import Standing
    from autograder.gradebook.shards import Shard
    from autograder.grading import Summary
    from autograder.loading import Found
    from autograder.model import Assignment
    from autograder.naming import Library
    from autograder.nbgrader_plugin.course import Course
    from autograder.results import Durations, Grade, Submission
    from autograder.words import Isolation

_WAYS_OUT = {
    "bubblewrap": "or ask for less, where namespaces cannot be had: --isolation nested",
    "nested": "or, on a machine of your own and for code that you trust: --isolation none",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """One run over a class; without a `book` it writes nothing."""

    assignment: Assignment
    sittings: Sequence[Sitting]  #: Of everybody who is graded, or was.
    library: Callable[[Sitting], Library]
    found: Mapping[str, Found]
    book: Gradebook | None
    before: Mapping[str, Standing]
    adjustments: Adjustments
    enrolled: Class
    isolation: Isolation
    engine: Engine
    nbgrader_course: Course | None
    shard: Shard | None  #: The share of `everybody` that is graded, if it is one.
    everybody: Sequence[str]
    changes: list[Change] = field(default_factory=list)
    stood: list[str] = field(default_factory=list)  #: Who was not graded again.

    def __call__(self, evidence: dict[str, str]) -> list[Summary]:
        """Grade with a progress bar, and note what isolates; on Ctrl-C or a full disk keep what is there."""
        summaries: list[Summary] = []
        self._begin()
        try:
            with ExitStack() as doors:
                bar = progress_bar(len(self.found), f"grading {self.assignment.id}")
                shown = cache(lambda: doors.enter_context(bar))
                for sitting in self.sittings:
                    with closing(self._sit(sitting, evidence, shown)) as graded_here:
                        for summary in graded_here:
                            summaries.append(summary)
                            shown()(summary.student, fault=summary.status == "grader_fault")
            self._end(evidence)
        except KeyboardInterrupt as end:
            kept = "nothing was written"
            if self.book:
                self.book.write_csv()
                kept = f"and kept in {self.book.folder}. Run the same command again to grade the others"
            notify(f"interrupted: {len(summaries)} of {len(self.found)} graded, {kept}")
            sys.exit(exit_code(end))
        except (DiskError, ClusterError):
            # The table may fit where a grade did not; the first error is the one to report.
            with suppress(DiskError):
                if self.book:
                    self.book.write_csv()
            raise
        return sorted(summaries, key=lambda s: s.student)

    def _sit(self, sitting: Sitting, evidence: dict[str, str], show: Callable[[], object]) -> Generator[Summary]:
        """Grade those who have the same questions and cases; the progress is shown once their sandboxes start."""
        mine = tuple(one for student, one in self.found.items() if student in sitting.students)
        if not mine and self.assignment.variants:
            return
        with self.engine.open(sitting, self.isolation, self.library(sitting), len(mine)) as batch:
            show()
            if batch.remark and not evidence:
                notify(batch.remark)
            import reports.feedback.markdown  # noqa: F401 - while the sandboxes start

            gc.enable()
            try:
                for summary in batch.run(mine, partial(self._keep, sitting), self._proved):
                    if self.book and summary.status == "grader_fault":
                        self.book.fault(summary.student, sitting.cases.cases_id, batch.isolation, summary.fault)
                    yield summary
            finally:
                evidence.update(batch.evidence)

    def _begin(self) -> None:
        from autograder.gradebook import shards

        if self.book and self.shard:
            shards.begin(self.book)

    def _end(self, evidence: Mapping[str, str]) -> None:
        from autograder.gradebook import shards

        if self.book:
            self.book.write_csv()
            if self.shard:
                (sitting,) = self.sittings
                record = shards.shard_record(
                    self.shard, self.assignment, sitting.cases.cases_id, evidence, self.everybody
                )
                shards.end(self.book, record)

    def _proved(self, evidence: Mapping[str, str]) -> None:
        if self.book:
            self.book.proved(evidence)

    def _keep(self, sitting: Sitting, submission: Submission) -> Summary | Write:
        """Take the grade that an earlier run made of the very same, else say how a new one is written."""
        from autograder.gradebook.fingerprint import fingerprint

        mark = fingerprint(submission, sitting.cases.cases_id, sitting.assignment)
        return self._standing(submission.student, mark) or partial(self._write, sitting.assignment, mark)

    def _standing(self, student: str, mark: str) -> Summary | None:
        from autograder.grading import summarize

        grade = self.book.graded(student, f"{self.isolation}-{mark}") if self.book else None
        if self.book is None or grade is None:
            return None
        if self.nbgrader_course:
            from autograder.nbgrader_plugin.store import kept

            if kept(self.book.folder / student, mark) is None:
                return None
        self.stood.append(student)
        return summarize(grade)

    def _write(self, assignment: Assignment, mark: str, graded: Grade, durations: Durations) -> None:
        from autograder.gradebook.regrade import change
        from reports.feedback.markdown import feedback

        if graded.student in self.before:
            changed = change(self.before[graded.student], graded)
            if changed:
                self.changes.append(changed)
        if self.book:
            told = feedback(assignment, self.book.with_adjustments(graded))
            self.book.write(graded, told, durations, f"{self.isolation}-{mark}")
            if self.nbgrader_course:
                from autograder.nbgrader_plugin.store import keep
                from reports.feedback.cells import part_feedback

                keep(self.book.folder / graded.student, mark, part_feedback(assignment, graded))


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Where submissions run: in this many sandboxes here, or on the workers of a scheduler's cluster."""

    package: Path
    workers: int | None
    scheduler: str | None

    @staticmethod
    def chosen(name: str, scheduler: str | None, workers: int | None, package: Path) -> Engine:
        """Take what the options say, if they go together."""
        if name == "dask" and scheduler is None:
            raise InputError("--engine dask: give its --scheduler, such as tls://host:8786")
        if name == "dask" and workers is not None:
            raise InputError(f"--workers {workers}: a cluster has workers of its own; leave it out with --engine dask")
        if name != "dask" and scheduler is not None:
            raise InputError(f"--scheduler {scheduler} goes with --engine dask")
        return Engine(package=package, workers=workers, scheduler=scheduler)

    def ahead(self, isolation: Isolation) -> AbstractContextManager[None]:
        """Start what every run here needs, while it is still being read: sandboxes for the canary and one worker."""
        if self.scheduler is not None:
            return nullcontext()
        from autograder.sandbox.launch import ahead

        return ahead(isolation, 2)

    def open(self, sitting: Sitting, isolation: Isolation, library: Library, submissions: int) -> Batch | ClusterBatch:
        """Make ready to grade so many."""
        from autograder.batch import Batch

        assignment, cases = sitting.assignment, sitting.cases
        if self.scheduler is None:
            return Batch(
                assignment, cases, isolation=isolation, workers=self.workers, submissions=submissions, library=library
            )
        try:
            from autograder.batch.cluster import ClusterBatch
        except ModuleNotFoundError as error:
            raise InputError(
                f"--engine dask: {error.name} is not installed; install hw1-autograder[dask], here and on the workers"
            ) from None
        return ClusterBatch(
            assignment, self.package, cases, isolation=isolation, scheduler=self.scheduler, library=library
        )


def graded(run: Run) -> list[Summary]:
    """Grade everybody, and say on stderr what isolated them."""
    evidence: dict[str, str] = {}
    try:
        return run(evidence)
    except IsolationError as error:
        raise IsolationError("; ".join(filter(None, (str(error), _WAYS_OUT.get(run.isolation))))) from error
    finally:
        if evidence:
            notify(isolation_line(evidence))
