"""A whole class: the canary first, then every submission through a pool of sandboxes, each grade written at once.

Threads, since they only wait for sandboxed processes. Each owns one warm sandbox, replaced when it broke.
"""

import functools
import itertools
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from pathlib import Path

from autograder.batch.desk import Desk, failed
from autograder.errors import DiskError, IsolationError, SandboxError
from autograder.grading import Library, Summary, summarize
from autograder.loading import Found, read_submission
from autograder.model import Assignment, Limits
from autograder.results import Cases, Durations, Grade, Submission
from autograder.sandbox.launch import files_ahead
from autograder.words import Isolation

_SIDE_BY_SIDE = 16
"""How many suspects are graded at a time: most of them only wait."""
_AHEAD = 4
"""How many submissions wait for each worker: a class of any size takes no more."""
_FILES_EACH = 10
"""Descriptors that one worker may hold: of its sandbox, its prover, and what it reads or writes."""
_FILES_BESIDES = 10
"""Descriptors for the canary, the journal and all else."""

Write = Callable[[Grade, Durations], None]
"""Keeps a grade, and how long it took."""
Keep = Callable[[Submission], Summary | Write]
"""Asked about each submission: the summary of a grade of the very same that stands, or what keeps a new one."""
Proved = Callable[[Mapping[str, str]], None]
"""Told what isolates, as it was proved."""


def _fitting() -> int:
    """Say how many workers may be there at a time; two at least, as a suspect is graded again beside another."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = sum(1 for _ in Path("/proc/self/fd").iterdir()) - files_ahead() + _FILES_BESIDES
    if most < needed + 2 * _FILES_EACH:
        raise SandboxError(
            f"only {most} files may be open at a time (ulimit -n), and grading needs {needed + 2 * _FILES_EACH}; "
            "raise the limit"
        )
    return (most - needed) // _FILES_EACH


class Batch(AbstractContextManager["Batch"]):
    """Grades submissions with warm sandboxes, one per thread and by default one per core; a context manager.

    No more of them start than there are submissions, where their number is given. The limits are the assignment's
    unless given.
    """

    def __init__(
        self,
        assignment: Assignment,
        cases: Cases,
        *,
        isolation: Isolation = "bubblewrap",
        workers: int | None = None,
        submissions: int | None = None,
        limits: Limits | None = None,
        library: Library | None = None,
    ) -> None:
        self._possible = assignment.possible
        self._desk = Desk(assignment, cases, isolation, limits)
        self.isolation = isolation
        self._checked = threading.Event()
        wanted = workers or len(os.sched_getaffinity(0))
        if submissions is not None:
            wanted = min(wanted, max(submissions, 1))
        fitting = _fitting()
        self._workers = min(wanted, fitting - 1)
        few = f"{self._workers} workers instead of {wanted}" if self._workers > 1 else f"one worker instead of {wanted}"
        self.remark = "" if self._workers == wanted else f"{few}: no more fit into the limit on open files (ulimit -n)"
        """What the user should know before the run; mostly nothing."""
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="grade")
        self._again = ThreadPoolExecutor(
            min(max(self._workers, _SIDE_BY_SIDE), fitting - self._workers), thread_name_prefix="grade-again"
        )
        self._canary = self._again.submit(self._desk.canary)
        for _ in range(self._workers):
            self._pool.submit(self._prepare)
        try:
            self._desk.prepare(library)  # while the sandboxes start
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop: what has not begun is dropped, what runs is killed, and every thread has ended on return."""
        for pool in (self._pool, self._again):
            pool.shutdown(wait=False, cancel_futures=True)
        self._checked.set()
        self._desk.kill()
        for pool in (self._pool, self._again):
            pool.shutdown(wait=True)
        self._desk.close()

    @property
    def evidence(self) -> Mapping[str, str]:
        """What isolates, as the canary's sandbox proved it; empty before it ran."""
        return self._desk.evidence

    def _prepare(self) -> None:
        """Warm a thread's sandbox; as each waits for the canary, each takes one. A failure shows later."""
        self._desk.warm()
        self._checked.wait()

    def run(
        self, submissions: Sequence[Found | Submission], keep: Keep, proved: Proved = lambda _: None
    ) -> Iterator[Summary]:
        """Grade a class, after a canary; each grade is written before its summary comes out.

        What wall time ended is suspect, for the machine may have been suspended or out of breath: it is graded once
        more after all others, with its like beside it, and what comes of that stands. Whoever waits in vain takes no
        CPU time, so many can do so at once. A fault of ours in one submission is a summary too, and the others go on.

        `submissions` are where they lie, to be read one by one, or were read already. `keep`, and what it gives, are
        called from the pool's threads; `proved` keeps the evidence, called once, after the canary and before the first
        grade.

        Raises `CanaryError` if the reference does not earn everything or the stub earns something: the fault is ours,
        nobody is graded. Raises `DiskError` if no grade can be kept any more; what is kept already stays, and one
        student's files that cannot be written are a fault in that submission only. Raises `IsolationError` if the
        machine does not allow the isolation asked for.
        """
        self._canary.result()
        proved(self._desk.evidence)
        self._checked.set()

        def one(given: Found | Submission, again: bool) -> Summary | None:
            begun = time.perf_counter()
            submission = read_submission(given) if isinstance(given, Found) else given
            kept = keep(submission)
            if isinstance(kept, Summary):
                return kept
            graded = self._desk.grade(submission, begun, again=again)
            if graded is None:
                return None
            kept(*graded)
            return summarize(graded[0])

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
                found = waiting.pop(future)
                try:
                    summary = future.result()
                except (DiskError, IsolationError):
                    raise
                except Exception as error:
                    summary = failed(found.student, self._possible, error)
                yield found, summary
