"""A whole class: the canary first, then every submission through a pool of sandboxes, each grade written at once.

Threads, since they only wait for sandboxed processes. Each owns one warm sandbox, replaced when it broke.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Self

from autograder.errors import AutograderError, CanaryError, DiskError, IsolationError, SandboxError
from autograder.grading import Grader, Summary, summarise
from autograder.grading.written import asked
from autograder.loading import Found, module_submission, read_submission, reference_source, stub_source
from autograder.model import Assignment, Limits
from autograder.results import (
    Cases,
    Durations,
    Finding,
    Grade,
    Run,
    Submission,
)
from autograder.sandbox.prover import Prover
from autograder.sandbox.running import Sandbox
from autograder.words import Isolation, counted

_SIDE_BY_SIDE = 16
"""How many suspects are graded at a time: most of them only wait."""
_AHEAD = 4
"""How many submissions wait for each worker: a class of any size takes no more."""
_FILES_EACH = 10
"""Descriptors that one worker may hold: of its sandbox, its prover, and what it reads or writes."""
_FILES_BESIDES = 10
"""Descriptors for the canary, the journal and all else."""


def _fitting() -> int:
    """Say how many workers may be there at a time; two at least, as a suspect is graded again beside another."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = sum(1 for _ in Path("/proc/self/fd").iterdir()) + _FILES_BESIDES
    if most < needed + 2 * _FILES_EACH:
        raise SandboxError(
            f"only {most} files may be open at a time (ulimit -n), and grading needs {needed + 2 * _FILES_EACH}; "
            "raise the limit"
        )
    return (most - needed) // _FILES_EACH


class Batch:
    """Grades submissions with warm sandboxes, one per thread and by default one per core; a context manager.

    The limits are the assignment's unless given. `evidence` is what isolates, as the canary's sandbox proved it; it is
    empty before it ran.
    """

    def __init__(
        self,
        assignment: Assignment,
        cases: Cases,
        *,
        isolation: Isolation = "bubblewrap",
        workers: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._assignment = assignment
        self._cases = cases.cases
        self._grader = Grader(assignment, cases, isolation)
        self._outputs = {part.name: tuple(output.name for output in part.outputs) for part in assignment.parts}
        self.isolation: Isolation = isolation
        self.evidence: Mapping[str, str] = {}
        self._limits = limits or assignment.limits
        self._mine = threading.local()
        self._open: set[Sandbox | Prover] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._checked = threading.Event()
        wanted = workers or len(os.sched_getaffinity(0))
        fitting = _fitting()
        self._workers = min(wanted, fitting - 1)
        few = f"{self._workers} workers instead of {wanted}" if self._workers > 1 else f"one worker instead of {wanted}"
        self.remark = "" if self._workers == wanted else f"{few}: no more fit into the limit on open files (ulimit -n)"
        """What the user should know before the run; mostly nothing."""
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="grade")
        self._again = ThreadPoolExecutor(
            min(max(self._workers, _SIDE_BY_SIDE), fitting - self._workers), thread_name_prefix="grade-again"
        )
        for _ in range(self._workers):
            self._pool.submit(self._prepare)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop: what has not begun is dropped, what runs is killed, and every thread has ended on return."""
        for pool in (self._pool, self._again):
            pool.shutdown(wait=False, cancel_futures=True)
        self._checked.set()
        with self._lock:
            self._closed = True
            for sandbox in self._open:
                sandbox.kill()
        for pool in (self._pool, self._again):
            pool.shutdown(wait=True)
        while self._open:
            self._open.pop().close()

    def _prepare(self) -> None:
        """Warm a thread's sandbox while the canary runs; as each waits, each takes one. A failure shows later."""
        with contextlib.suppress(SandboxError):
            self._mine.sandbox = self._start()
        self._checked.wait()

    def _start(self) -> Sandbox:
        sandbox = Sandbox(isolation=self.isolation, limits=self._limits)
        with self._lock:
            self._open.add(sandbox)
            if self._closed:
                sandbox.kill()
        return sandbox

    def _run(self, submission: Submission, *, again: bool) -> Run:
        """Run one submission in this thread's sandbox, in a fresh one when that breaks."""
        sandbox: Sandbox | None = getattr(self._mine, "sandbox", None)
        if sandbox is None:
            sandbox = self._mine.sandbox = self._start()
        try:
            return sandbox.run(submission, self._cases, self._outputs, again=again)
        except SandboxError:
            # The sandbox starts a new warm process by itself; twice in a row is a fault to report.
            return sandbox.run(submission, self._cases, self._outputs, again=again)

    def _score(self, submission: Submission, run: Run | None) -> Grade:
        findings = self._judge(submission) if run is not None and submission.written else ()
        return self._grader.grade(submission, run, findings)

    def _judge(self, submission: Submission) -> tuple[Finding, ...]:
        """Read a written part in this thread's prover, which starts with the first one there is."""
        prover: Prover | None = getattr(self._mine, "prover", None)
        if prover is None:
            prover = self._mine.prover = Prover(asked(self._assignment), isolation=self.isolation)
            with self._lock:
                self._open.add(prover)
                if self._closed:
                    prover.kill()
        return prover.judge(submission)

    def _canary(self) -> None:
        """Prove that grading works before anybody is graded: the reference earns everything, the stub nothing."""
        with Sandbox(isolation=self.isolation, limits=self._limits) as sandbox:
            self.evidence = sandbox.evidence
            for name, source, due in (
                ("reference", reference_source(self._assignment), self._assignment.code_points),
                ("stub", stub_source(self._assignment), 0.0),
            ):
                submission = module_submission(name, source)
                run = sandbox.run(submission, self._cases, self._outputs, again=True)
                grade = self._score(submission, run)
                if grade.earned != due:
                    odd = next(s for s in grade.scores if s.earned != (s.possible if due else 0.0))
                    raise CanaryError(
                        f"the canary failed: the {name} earned {grade.earned:g} instead of {counted(due, 'point')} "
                        f"(first at {odd.criterion}: {odd.status}), so nobody was graded; "
                        "the fault is in the questions, the sandbox or numpy, not in a submission"
                    )

    def _grade(self, submission: Submission, begun: float, *, again: bool) -> tuple[Grade, Durations] | None:
        """Grade one submission; None when it is suspect, and this is the first time."""
        run = None if submission.problem is not None else self._run(submission, again=again)
        if run is not None and run.suspect:
            return None
        grade = self._score(submission, run)
        seconds = time.perf_counter() - begun
        if run is None:
            return grade, Durations(seconds=seconds)
        return grade, Durations(seconds=seconds, loading=run.loading_seconds, parts=run.part_seconds)

    def run(
        self,
        submissions: Sequence[Found | Submission],
        write: Callable[[Submission, Grade, Durations], None],
        proved: Callable[[Mapping[str, str]], None] = lambda _: None,
        stands: Callable[[Submission], Summary | None] = lambda _: None,
    ) -> Iterator[Summary]:
        """Grade a class, after a canary; each grade is written before its summary comes out.

        What wall time ended is suspect, for the machine may have been suspended or out of breath: it is graded once
        more after all others, with its like beside it, and what comes of that stands. Whoever waits in vain takes no
        CPU time, so many can do so at once. A fault of ours in one submission is a summary too, and the others go on.

        `submissions` are where they lie, to be read one by one, or were read already. `write` keeps the grade of what
        was read and how long it took, called from the pool's threads; `proved` keeps the evidence, called once, after
        the canary and before the first grade. `stands` gives the summary of a grade that an earlier run
        made of the very same and that need not be made again, called from the pool's threads, too.

        Raises
        ------
        CanaryError
            If the reference does not earn everything or the stub earns something: the fault is ours, nobody is graded.
        DiskError
            If no grade can be kept any more; what is kept already stays. One student's files that cannot be written are
            a fault in that submission only.
        IsolationError
            If the machine does not allow the isolation asked for.
        """
        self._canary()
        proved(self.evidence)
        self._checked.set()

        def one(given: Found | Submission, again: bool) -> Summary | None:
            begun = time.perf_counter()
            submission = read_submission(given) if isinstance(given, Found) else given
            if not again and (summary := stands(submission)) is not None:
                return summary
            graded = self._grade(submission, begun, again=again)
            if graded is None:
                return None
            write(submission, *graded)
            return summarise(graded[0])

        suspects: list[Found | Submission] = []
        for found, summary in self._each(self._pool, self._workers, functools.partial(one, again=False), submissions):
            if summary is None:
                suspects.append(found)
            else:
                yield summary
        for _, summary in self._each(self._again, _SIDE_BY_SIDE, functools.partial(one, again=True), suspects):
            if summary is None:
                raise AssertionError("what is graded again is not suspect again")
            yield summary

    def _each(
        self,
        pool: ThreadPoolExecutor,
        workers: int,
        grade: Callable[[Found | Submission], Summary | None],
        submissions: Sequence[Found | Submission],
    ) -> Iterator[tuple[Found | Submission, Summary | None]]:
        """Grade them in a pool, a few for each worker at a time; a fault of ours in one is a summary too."""
        left = iter(submissions)
        waiting: dict[Future[Summary | None], Found | Submission] = {}
        while True:
            for found in itertools.islice(left, _AHEAD * workers - len(waiting)):
                waiting[pool.submit(grade, found)] = found
            if not waiting:
                return
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                yield self._summary(waiting.pop(future), future)

    def _summary(
        self, found: Found | Submission, future: Future[Summary | None]
    ) -> tuple[Found | Submission, Summary | None]:
        try:
            return found, future.result()
        except (DiskError, IsolationError):
            raise
        except Exception as error:
            return (
                found,
                Summary(
                    student=found.student,
                    status="grader_fault",
                    earned=0.0,
                    possible=self._assignment.possible,
                    fault=str(error) if isinstance(error, AutograderError) else f"{type(error).__name__}: {error}",
                ),
            )
