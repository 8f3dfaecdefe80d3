"""One submission's way through the sandbox: child after child, until every call has an outcome."""

import functools
import hashlib
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder import wire
from autograder.model import MARGIN, Keys, Limits
from autograder.results import Case, LoadNote, Outcome, Run, Submission
from autograder.sandbox.child import Sequel, Work, work
from autograder.sandbox.warm import Warm
from autograder.words import Overrun, Status

_STATEMENTS_ENDED = 3
"""Statements that do not let themselves be interrupted: after so many, a submission does not load."""


_SLOW = (wire.TIMED_OUT, wire.NOT_RUN)
_AFRESH: tuple[Status, ...] = ("timed_out", "out_of_memory")


class _Suspicion(Exception):  # noqa: N818 - nothing has gone wrong yet
    """Wall time is over, for the first time."""


@dataclass(kw_only=True)
class _Purse:
    """What is left for one function's calls: public ones or hidden ones."""

    seconds: float
    #: How many more calls may crash or take too long before the others are not made.
    failures: int

    @property
    def is_closed(self) -> bool:
        """Whether there are no more calls."""
        return self.failures < 0 or self.seconds <= 0


class Running:
    """One submission's way through the sandbox; with `again`, wall time that is over is believed."""

    def __init__(
        self,
        *,
        warm: Warm,
        limits: Limits,
        submission: Submission,
        outputs: Mapping[str, tuple[str, ...]],
        encoded: Mapping[Case, wire.EncodedCall],
        again: bool,
    ) -> None:
        self._warm = warm
        self._limits = limits
        self._submission = submission
        self._outputs = outputs
        self._encoded = encoded
        self._again = again
        self._start = time.monotonic()
        self._deadline = self._start + limits.wall_seconds
        self._left_out: set[tuple[int, int]] = set()
        self._ended: list[wire.Note] = []
        self._outcomes: dict[str, Outcome] = {}
        self._spent = dict.fromkeys(outputs, 0.0)

    def everything(self, cases: Sequence[Case]) -> Run:
        """Run public cases, then hidden ones; outcomes are in the order of the cases."""
        limits = self._limits
        notes: tuple[LoadNote, ...] = ()
        loading = 0.0
        try:
            public = self._shuffled(case for case in cases if not case.hidden)
            hidden = self._shuffled(case for case in cases if case.hidden)
            purses = self._purses(limits.public_reforks)
            first = self._child(public, purses, hidden)
            loading = first.loading_seconds
            notes = self._notes(first)
            if first.broke_protocol or first.loaded is None:
                return self._run(all_of(cases, first.failure or "crashed", "loading"), notes, loading)
            self._left_out |= {
                (note.cell, note.statement) for note in first.loaded.notes if note.error == wire.TIMED_OUT
            }
            fine = self._finish(public, first, purses)
            if fine and hidden:
                purses = self._purses(limits.reforks)
                fine = self._finish(hidden, first.then or self._child(hidden, purses), purses)
        except _Suspicion:
            return self._run(all_of(cases, "timed_out", "waiting"), notes, loading, suspect=True)
        outcomes = {case.id: self._outcomes[case.id] for case in cases} if fine else all_of(cases, "forbidden")
        return self._run(outcomes, notes, loading)

    def _run(
        self, outcomes: Mapping[str, Outcome], notes: tuple[LoadNote, ...], loading: float, *, suspect: bool = False
    ) -> Run:
        return Run(
            notes=notes,
            outcomes=outcomes,
            seconds=time.monotonic() - self._start,
            loading_seconds=loading,
            part_seconds=self._spent,
            suspect=suspect,
        )

    def _shuffled(self, cases: Iterable[Case]) -> list[Case]:
        """Cases of all parts in an order that looks random and is the same for the same submission."""
        seed = self._submission.sha256.encode() + b"\0"
        return sorted(cases, key=lambda case: hashlib.sha256(seed + case.id.encode()).digest())

    def _purses(self, failures: int) -> dict[str, _Purse]:
        """Every function's own time, as it is enforced."""
        seconds = MARGIN * self._limits.cpu_seconds_per_function
        return {part: _Purse(seconds=seconds, failures=failures) for part in self._outputs}

    def _child(
        self, cases: Sequence[Case], purses: Mapping[str, _Purse], then: Sequence[Case] = ()
    ) -> Work[wire.Answer]:
        """Let one child load the submission and make these calls; what cannot be interrupted is left out.

        Where all goes as it should, it makes the others then, too.
        """
        while True:
            did = self._work(cases, purses, then)
            if (did.waited or (did.then and did.then.waited)) and not self._again:
                raise _Suspicion
            place = did.started
            if did.broke_protocol or did.failure != "timed_out" or place is None:
                return did
            if len(self._ended) >= _STATEMENTS_ENDED or (place.cell, place.statement) in self._left_out:
                return did
            self._left_out.add((place.cell, place.statement))
            self._ended.append(
                wire.Note(cell=place.cell, line=place.line, error=wire.TIMED_OUT, statement=place.statement)
            )

    def _allowed(self, cases: Iterable[Case], purses: Mapping[str, _Purse]) -> dict[str, wire.Allowance]:
        """What a child may do for each function that these cases call."""
        asked = {case.part for case in cases}
        return {
            part: wire.Allowance(
                outputs=len(names),
                seconds=purses[part].seconds,
                failures=purses[part].failures,
                keys=tuple(names) if isinstance(names, Keys) else (),
            )
            for part, names in self._outputs.items()
            if part in asked
        }

    def _sequel(self, public: Sequence[Case], hidden: Sequence[Case], did: Work[wire.Answer]) -> Sequel | None:
        """Let the hidden calls follow in the child that answered the public ones, and nothing went wrong in it.

        Whoever took too long or too much memory starts afresh, so that this costs the hidden calls nothing.
        """
        loaded = did.loaded
        if not hidden or loaded is None or any(note.error in _SLOW for note in loaded.notes):
            return None
        for case, answer in zip(public, did.answers, strict=True):
            if answer.status in _AFRESH or not self._is_whole(case, answer):
                return None
        functions = self._allowed(hidden, self._purses(self._limits.reforks))
        number = os.urandom(wire.NUMBER_BYTES)
        return Sequel(
            message=wire.encode_sequel(number, functions, [self._encoded[case] for case in hidden]),
            number=number,
            calls=len(hidden),
            seconds=self._limits.cpu_seconds_per_function * len(functions),
        )

    def _work(self, cases: Sequence[Case], purses: Mapping[str, _Purse], then: Sequence[Case]) -> Work[wire.Answer]:
        limits, submission = self._limits, self._submission
        functions = self._allowed(cases, purses)
        job = wire.encode_job(
            kind=submission.kind,
            cells=[cell.source for cell in submission.cells],
            helpers=[(one.label, one.source) for one in submission.helpers],
            functions=functions,
            calls=[self._encoded[case] for case in cases],
            times=wire.Times(
                call=MARGIN * limits.cpu_seconds_per_call,
                statement=MARGIN * limits.cpu_seconds_per_statement,
                loading=MARGIN * limits.cpu_seconds_to_load,
            ),
            left_out=self._left_out,
            returned_bytes_per_call=limits.returned_bytes_per_call,
            returned_bytes=limits.returned_bytes,
        )
        return work(
            self._warm,
            job,
            len(cases),
            limits,
            process_seconds=limits.cpu_seconds_to_load + limits.cpu_seconds_per_function * len(functions),
            deadline=self._deadline,
            decode=wire.decode_answer,
            sequel=functools.partial(self._sequel, cases, then) if then else None,
        )

    def _finish(self, cases: list[Case], did: Work[wire.Answer], purses: Mapping[str, _Purse]) -> bool:
        """Find an outcome for each case; false when a child broke the format."""
        if not self._call_all(cases, did, purses):
            return False
        told: dict[str, set[Overrun]] = {}
        for case in cases:
            if overrun := self._outcomes[case.id].overrun:
                told.setdefault(case.part, set()).add(overrun)
        for part, overruns in told.items():
            if "function" in overruns:
                over: Overrun = "call" if "call" in overruns else "function"
                self._outcomes.update(all_of([case for case in cases if case.part == part], "timed_out", over))
        return True

    def _call_all(self, cases: list[Case], did: Work[wire.Answer], purses: Mapping[str, _Purse]) -> bool:
        """Keep what a child answered, and fork again for the rest; false when a child broke the format."""
        remaining = cases
        while True:
            if not self._keep(remaining, did, purses):
                return False
            remaining = remaining[len(did.answers) :]
            if not remaining:
                return True
            failure = did.failure or "crashed"
            overrun: Overrun = "waiting" if did.waited else "call"
            if did.loaded is None:
                self._outcomes.update(all_of(remaining, failure, "loading"))
                return True
            failed, *remaining = remaining
            self._outcomes.update(all_of([failed], failure, overrun))
            purse = purses[failed.part]
            purse.failures -= 1
            if time.monotonic() >= self._deadline:
                # Whoever was at work then gets no more, and the others as much again.
                purse.failures = -1
                self._deadline = time.monotonic() + self._limits.wall_seconds
            if purse.is_closed:
                remaining = self._close(remaining, failed.part, failure, overrun if purse.failures < 0 else "function")
            for part, other in purses.items():
                if other.is_closed:
                    remaining = self._close(remaining, part, "timed_out", "call" if other.failures < 0 else "function")
            if not remaining:
                return True
            # Whoever has failed waits, so that the time goes to the others first.
            remaining.sort(key=lambda case: -purses[case.part].failures)
            did = self._child(remaining, purses)
            # Loading again is at the cost of whoever made it necessary.
            purse.seconds -= did.loading_seconds

    def _keep(self, cases: Sequence[Case], did: Work[wire.Answer], purses: Mapping[str, _Purse]) -> bool:
        """Keep the answers, and take their time from the functions; false when the child broke the format."""
        for case, answer in zip(cases, did.answers, strict=False):
            names = self._outputs[case.part]
            if len(answer.values) != len(names) and not self._is_whole(case, answer):
                return False
            values = dict(zip(names, answer.values, strict=False))
            # Of a hidden case no more than the outputs is kept.
            if answer.mutated and not case.hidden:
                left = dict(zip(_arrays(case), answer.values[len(values) :], strict=False))
            else:
                left = {}
            self._outcomes[case.id] = Outcome(
                case.id, answer.status, values, answer.exception, answer.mutated, answer.overrun, left
            )
            if answer.overrun == "call" and answer.seconds > 0:
                purses[case.part].failures -= 1
        for case, taken in zip(cases, did.seconds, strict=False):
            purses[case.part].seconds -= taken
            self._spent[case.part] += taken
        return not did.broke_protocol

    def _is_whole(self, case: Case, answer: wire.Answer) -> bool:
        """Whether there is a value for each output, and beyond them nothing but what is left of changed arrays."""
        beyond = len(answer.values) - len(self._outputs[case.part])
        return answer.status is not None or beyond == 0 or (answer.mutated and beyond == len(_arrays(case)))

    def _close(self, cases: list[Case], part: str, status: Status, overrun: Overrun) -> list[Case]:
        """What is left when there are no more calls of a function."""
        self._outcomes.update(all_of([case for case in cases if case.part == part], status, overrun))
        return [case for case in cases if case.part != part]

    def _notes(self, did: Work[wire.Answer]) -> tuple[LoadNote, ...]:
        """The report on loading, with the labels of cells and helpers."""
        cells = (*self._submission.cells, *self._submission.helpers)
        told = did.loaded.notes if did.loaded is not None else ()
        return tuple(
            LoadNote(label=cells[note.cell].label, line=note.line, error=note.error, module=note.module)
            for note in sorted((*told, *self._ended), key=lambda note: (note.cell, note.statement))
            if note.cell < len(cells)
        )


def _arrays(case: Case) -> list[str]:
    """Names of the inputs that are arrays."""
    return [name for name, value in case.inputs.items() if isinstance(value, np.ndarray)]


def all_of(cases: Iterable[Case], status: Status, overrun: Overrun | None = None) -> dict[str, Outcome]:
    """The same for all of them; `overrun` says which time was over, if the status is `timed_out`."""
    over = overrun if status == "timed_out" else None
    return {case.id: Outcome(case=case.id, status=status, overrun=over) for case in cases}
