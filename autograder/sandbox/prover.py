"""Read what students wrote, apart from everything else: a warm process of its own, begun with the first one."""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from autograder import wire
from autograder.errors import SandboxError
from autograder.model import Limits
from autograder.results import Finding, Submission
from autograder.sandbox.child import Work, work
from autograder.sandbox.libraries import PROVER
from autograder.sandbox.warm import Warm
from autograder.words import Isolation, Status

READING = Limits(cpu_seconds_per_call=12.0, cpu_seconds_per_function=12.0)
"""What one written part may use: most take below a second, and what it may compute (`MOST_STEPS`) ends before that."""

_FAILED: Mapping[Status, str] = {
    "timed_out": "it takes too long to read, so it was not judged",
    "forbidden": "it made its reader break the rules, so it was not judged",
    "out_of_memory": "it takes too much memory to read, so it was not judged",
}


class Prover(AbstractContextManager["Prover"]):
    """A place where written parts are read; a context manager.

    It belongs to the thread that first calls `judge`, as bubblewrap does. The limits are for one written part.
    """

    def __init__(
        self, questions: Sequence[wire.Asked], *, isolation: Isolation = "bubblewrap", limits: Limits = READING
    ) -> None:
        self._questions = tuple(questions)
        self._isolation = isolation
        self._limits = limits
        self._warm: Warm | None = None
        self._closed = False
        self._lock = threading.Lock()

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process, if there is one."""
        self._closed = True
        self._drop()

    def kill(self) -> None:
        """End what runs, from any thread; the owner still has to `close`."""
        with self._lock:
            self._closed = True
            if self._warm is not None:
                self._warm.end()

    def judge(self, submission: Submission) -> tuple[Finding, ...]:
        """Judge the written part of a submission, whatever its text does; one without has no findings.

        Raises `SandboxError` if the fault is ours: the warm process is gone.
        """
        if not submission.written:
            return ()
        paper = wire.Paper(
            questions=self._questions,
            pieces=tuple(
                wire.Piece(question=piece.question, form=piece.format, text=piece.text) for piece in submission.written
            ),
        )
        try:
            warm = self._start()
            job = wire.encode_paper(paper)
            did = self._work(warm, job)
            if did.waited:
                did = self._work(warm, job)
        except BaseException:
            self._drop()
            raise
        if not did.answers:
            why = _FAILED.get(did.failure or "crashed", "its reader crashed, so it was not judged")
            return (Finding(kind="remark", question="", name="", mark="unread", detail=why),)
        return tuple(self._kept(one, submission) for one in did.answers[0].findings)

    def _work(self, warm: Warm, job: bytes) -> Work[wire.Findings]:
        limits = self._limits
        return work(
            warm,
            job,
            1,
            limits,
            process_seconds=limits.cpu_seconds_to_load + limits.cpu_seconds_per_call,
            deadline=time.monotonic() + limits.wall_seconds,
            decode=wire.decode_findings,
        )

    def _start(self) -> Warm:
        with self._lock:
            if self._closed:
                raise SandboxError("the sandbox is closed")
            if self._warm is None:
                self._warm = Warm(self._isolation, self._limits, PROVER)
            return self._warm

    def _kept(self, one: wire.Finding, submission: Submission) -> Finding:
        """What the grader keeps of a finding; indices that point nowhere point at nothing."""
        known = one.question is not None and one.question < len(self._questions)
        piece = submission.written[one.piece] if one.line and one.piece < len(submission.written) else None
        return Finding(
            kind=one.kind,
            question=self._questions[one.question].id if known and one.question is not None else "",
            name=one.name,
            mark=one.mark,
            label=piece.label if piece else "",
            line=one.line + piece.first_line - 1 if piece else one.line,
            latex=one.latex,
            detail=one.detail,
        )

    def _drop(self) -> None:
        if self._warm is not None:
            self._warm.close()
            self._warm = None
