"""Run what students wrote, apart from everything else.

`Sandbox` owns one warm process (`autograder._worker`) at one level of isolation and runs one submission at a time in
children of it. Public cases run first, in a child that never gets a hidden input.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self
from weakref import WeakKeyDictionary

from autograder import wire
from autograder.errors import SandboxError
from autograder.results import Case, Isolation, LoadNote, Outcome, Run, Status, Submission
from autograder.sandbox.child import Work, work
from autograder.sandbox.limits import Limits
from autograder.sandbox.prover import Prover
from autograder.sandbox.warm import Warm

__all__ = ["Limits", "Prover", "Sandbox"]


class Sandbox:
    """A place where submissions run; a context manager.

    It belongs to the thread that made it: bubblewrap ends when that thread does.

    Parameters
    ----------
    isolation : {"bubblewrap", "nested", "none"}
        How submissions are kept apart. It is proved at the start, and never silently less.
    limits : Limits
        What a submission may use.

    Raises
    ------
    IsolationError
        If this machine does not allow the isolation; the text says why and what to do.
    SandboxError
        If the worker does not start.
    """

    def __init__(self, *, isolation: Isolation = "bubblewrap", limits: Limits | None = None) -> None:
        self._isolation = isolation
        self._limits = limits or Limits()
        self._encoded: WeakKeyDictionary[Case, bytes] = WeakKeyDictionary()
        self._closed = False
        self._warm: Warm | None = Warm(isolation, self._limits)
        self._evidence = self._warm.evidence

    @property
    def isolation(self) -> Isolation:
        """The level of isolation, as proved."""
        return self._isolation

    @property
    def evidence(self) -> Mapping[str, str]:
        """Versions of what isolates (bubblewrap, Landlock), of Python and numpy, and the hash of the seccomp filter."""
        return self._evidence

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process, and with it everything inside."""
        self._closed = True
        self._drop()

    def kill(self) -> None:
        """End what runs, from any thread: the owner's `run` then raises `SandboxError`, and it still has to `close`."""
        self._closed = True
        warm = self._warm
        if warm is not None:
            warm.end()

    def run(self, submission: Submission, cases: Sequence[Case], outputs: Mapping[str, tuple[str, ...]]) -> Run:
        """Run one submission.

        Parameters
        ----------
        submission : Submission
            What a student handed in.
        cases : Sequence[Case]
            What to call, public and hidden.
        outputs : Mapping[str, tuple of str]
            Names of the outputs, by part.

        Returns
        -------
        Run
            One outcome per case, whatever the student's code did.

        Raises
        ------
        SandboxError
            If the fault is ours: the warm process is gone, or an input cannot be sent. The next submission gets a new
            warm process.
        """
        if self._closed:
            raise SandboxError("the sandbox is closed")
        start = time.monotonic()
        if submission.problem is not None:
            return Run(notes=(), outcomes=_all(cases, "unreadable"), seconds=0.0)
        try:
            if self._warm is None:
                self._warm = Warm(self._isolation, self._limits)
            # Nobody's public run, whose answers are shown, may feel what is left of the hidden run before it.
            self._warm.settle()
            run = _Run(
                warm=self._warm,
                limits=self._limits,
                submission=submission,
                outputs=outputs,
                encoded=self._encode(cases),
                start=start,
            )
            outcomes, notes = run.everything(cases)
        except wire.FrameError as error:
            raise SandboxError(f"a case cannot be sent to the sandbox ({error})") from error
        except BaseException:
            self._drop()
            raise
        return Run(notes=notes, outcomes=outcomes, seconds=time.monotonic() - start)

    def _encode(self, cases: Iterable[Case]) -> Mapping[Case, bytes]:
        """Encoded calls; the same cases come with every submission."""
        for case in cases:
            if case not in self._encoded:
                call = wire.Call(function=case.part, layout=case.layout, inputs=tuple(case.inputs.values()))
                self._encoded[case] = wire.encode_call(call)
        return self._encoded

    def _drop(self) -> None:
        """End the warm process."""
        if self._warm is not None:
            self._warm.close()
            self._warm = None


class _Run:
    """One submission's way through the sandbox."""

    def __init__(
        self,
        *,
        warm: Warm,
        limits: Limits,
        submission: Submission,
        outputs: Mapping[str, tuple[str, ...]],
        encoded: Mapping[Case, bytes],
        start: float,
    ) -> None:
        self._warm = warm
        self._limits = limits
        self._submission = submission
        self._outputs = outputs
        self._encoded = encoded
        self._start = start
        self._outcomes: dict[str, Outcome] = {}

    def everything(self, cases: Sequence[Case]) -> tuple[dict[str, Outcome], tuple[LoadNote, ...]]:
        """Run public cases, then hidden ones; the outcomes in the order of the cases, and the notes on loading."""
        limits = self._limits
        public = self._shuffled(case for case in cases if not case.hidden)
        hidden = self._shuffled(case for case in cases if case.hidden)
        share = limits.wall_seconds * limits.public_share
        first = self._child(public, self._start + share)
        notes = self._notes(first)
        if first.broke_protocol or first.notes is None:
            return _all(cases, first.failure or "crashed"), notes
        fine = self._finish(public, first, limits.public_reforks, self._start + share, share)
        if fine and hidden:
            end = self._start + limits.wall_seconds
            fine = self._finish(hidden, self._child(hidden, end), limits.reforks, end, limits.wall_seconds)
        if not fine:
            return _all(cases, "forbidden"), notes
        return {case.id: self._outcomes[case.id] for case in cases}, notes

    def _shuffled(self, cases: Iterable[Case]) -> list[Case]:
        """Cases of all parts in an order that looks random and is the same for the same submission."""
        seed = self._submission.sha256.encode()
        return sorted(cases, key=lambda case: hashlib.sha256(seed + b"\0" + case.id.encode()).digest())

    def _child(self, cases: Sequence[Case], deadline: float) -> Work[wire.Answer]:
        """Let one child load the submission and make these calls."""
        submission = self._submission
        job = wire.encode_job(
            kind=submission.kind,
            cells=[cell.source for cell in submission.cells],
            outputs={part: len(names) for part, names in self._outputs.items()},
            calls=[self._encoded[case] for case in cases],
            returned_bytes_per_call=self._limits.returned_bytes_per_call,
            returned_bytes=self._limits.returned_bytes,
        )
        return work(self._warm, job, len(cases), self._limits, deadline, decode=wire.decode_answer)

    def _finish(self, cases: list[Case], did: Work[wire.Answer], reforks: int, deadline: float, seconds: float) -> bool:
        """Keep what a child answered, and fork again for the rest; false when a child broke the format.

        At the deadline the function that took the most time gets no more of it, and the others start anew.
        """
        failures: Counter[str] = Counter()
        spent = dict.fromkeys((case.part for case in cases), 0.0)
        remaining = cases
        while True:
            for case, answer in zip(remaining, did.answers, strict=False):
                if answer.status is None and len(answer.values) != len(self._outputs[case.part]):
                    return False
                self._outcomes[case.id] = self._outcome(case, answer)
            for case, taken in zip(remaining, did.seconds, strict=False):
                spent[case.part] += taken
            remaining = remaining[len(did.answers) :]
            if did.broke_protocol:
                return False
            if not remaining:
                return True
            failure = did.failure or "crashed"
            if did.notes is None:
                self._outcomes.update(_all(remaining, failure))
                return True
            if time.monotonic() >= deadline:
                slowest = max((case.part for case in remaining), key=lambda part: spent[part])
                self._outcomes.update(_all([case for case in remaining if case.part == slowest], "timed_out"))
                remaining = [case for case in remaining if case.part != slowest]
                if not remaining:
                    return True
                deadline = time.monotonic() + seconds
                did = self._child(remaining, deadline)
                continue
            failed, *remaining = remaining
            self._outcomes[failed.id] = Outcome(case=failed.id, status=failure)
            failures[failed.part] += 1
            if failures[failed.part] > reforks:
                self._outcomes.update(_all([case for case in remaining if case.part == failed.part], failure))
                remaining = [case for case in remaining if case.part != failed.part]
            if not remaining:
                return True
            # Whoever has failed waits, so that the time goes to the others first.
            remaining.sort(key=lambda case: failures[case.part])
            did = self._child(remaining, deadline)

    def _outcome(self, case: Case, answer: wire.Answer) -> Outcome:
        """What the grader keeps of an answer."""
        return Outcome(
            case=case.id,
            status=answer.status,
            values=dict(zip(self._outputs[case.part], answer.values, strict=False)),
            exception=answer.exception,
            mutated=answer.mutated,
        )

    def _notes(self, did: Work[wire.Answer]) -> tuple[LoadNote, ...]:
        """The report on loading, with the cells' labels."""
        cells = self._submission.cells
        return tuple(
            LoadNote(label=cells[note.cell].label, line=note.line, error=note.error, module=note.module)
            for note in did.notes or ()
            if note.cell < len(cells)
        )


def _all(cases: Iterable[Case], status: Status) -> dict[str, Outcome]:
    """The same status for all of them."""
    return {case.id: Outcome(case=case.id, status=status) for case in cases}
