"""Where one submission is graded: a warm sandbox for each thread that comes, replaced when it broke."""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future

from autograder.errors import AutograderError, CanaryError, SandboxError
from autograder.grading import Grader, Library, Summary
from autograder.grading.written import asked
from autograder.loading import module_submission, reference_source, stub_source
from autograder.model import Assignment, Limits
from autograder.results import Cases, Durations, Finding, Grade, Run, Submission
from autograder.sandbox.prover import Prover
from autograder.sandbox.running import Sandbox
from autograder.words import Isolation, counted


class Desk:
    """Grades one submission at a time in every thread that asks; none is left running after `close`.

    Sandboxes may start before `prepare`, and nothing is graded before it. The limits are the assignment's unless given.
    `evidence` is what isolates, as the canary's sandbox proved it; it is empty before it ran.
    """

    def __init__(
        self, assignment: Assignment, cases: Cases, isolation: Isolation, limits: Limits | None = None
    ) -> None:
        self._assignment = assignment
        self._cases = cases
        self._grader: Future[Grader] = Future()
        self._outputs = {part.name: part.names for part in assignment.parts}
        self.isolation: Isolation = isolation
        self.evidence: Mapping[str, str] = {}
        self._limits = limits or assignment.limits
        self._mine = threading.local()
        self._open: set[Sandbox | Prover] = set()
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._grading = 0
        self._closed = False

    def prepare(self, library: Library | None) -> None:
        """Lay out what answers are held against; raises what `Grader` does."""
        try:
            grader = Grader(self._assignment, self._cases, self.isolation, library)
            grader.prepare()
            self._grader.set_result(grader)
        except BaseException as error:
            self._grader.set_exception(error)
            raise

    def kill(self) -> None:
        """End all that runs, and whatever is asked later."""
        with self._lock:
            self._closed = True
            for sandbox in self._open:
                sandbox.kill()

    def close(self) -> None:
        """End all that runs, wait for the threads that had it run, and let go of it."""
        self.kill()
        with self._idle:
            self._idle.wait_for(lambda: not self._grading)
        while self._open:
            self._open.pop().close()

    def warm(self) -> None:
        """Start this thread's sandbox; a failure shows with the first submission."""
        with contextlib.suppress(SandboxError):
            self._mine.sandbox = self._start()

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
            return sandbox.run(submission, self._cases.cases, self._outputs, again=again)
        except SandboxError:
            # The sandbox starts a new warm process by itself; twice in a row is a fault to report.
            return sandbox.run(submission, self._cases.cases, self._outputs, again=again)

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

    def canary(self) -> None:
        """Prove that grading works before anybody is graded: the reference earns everything, the stub nothing."""
        with contextlib.closing(self._start()) as sandbox:
            self.evidence = sandbox.evidence
            for name, source, due in (
                ("reference", reference_source(self._assignment), self._assignment.code_points),
                ("stub", stub_source(self._assignment), 0.0),
            ):
                submission = module_submission(name, source)
                run = sandbox.run(submission, self._cases.cases, self._outputs, again=True)
                grade = self._grader.result().grade(submission, run, ())
                if grade.earned != due:
                    odd = next(s for s in grade.scores if s.earned != (s.possible if due else 0.0))
                    raise CanaryError(
                        f"the canary failed: the {name} earned {grade.earned:g} instead of {counted(due, 'point')} "
                        f"(first at {odd.criterion}: {odd.status}), so nobody was graded; "
                        "the fault is in the questions, the sandbox or numpy, not in a submission"
                    )

    def grade(self, submission: Submission, begun: float, *, again: bool) -> tuple[Grade, Durations] | None:
        """Grade one submission; None when it is suspect, and this is the first time."""
        with self._at_work():
            run = None if submission.problem is not None else self._run(submission, again=again)
            if run is not None and run.suspect:
                return None
            findings = self._judge(submission) if run is not None and submission.written else ()
            # Not the grading: who is the first to be wrong would pay for the books of mistakes.
            seconds = time.perf_counter() - begun
            grade = self._grader.result().grade(submission, run, findings)
            if run is None:
                return grade, Durations(seconds=seconds)
            return grade, Durations(seconds=seconds, loading=run.loading_seconds, parts=run.part_seconds)

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        with self._lock:
            self._grading += 1
        try:
            yield
        finally:
            with self._idle:
                self._grading -= 1
                self._idle.notify_all()


def fault_in(error: BaseException) -> str:
    """Say what went wrong on our side; the name of what is no error of ours tells more than its words."""
    return str(error) if isinstance(error, AutograderError) else f"{type(error).__name__}: {error}"


def failed(student: str, possible: float, error: BaseException) -> Summary:
    """Make a summary of a fault of ours in one submission."""
    return Summary(student=student, status="grader_fault", earned=0.0, possible=possible, fault=fault_in(error))
