"""A class on a Dask cluster: a window of small groups of submissions, each answer taken and let go of at once.

The native client, not its executor: a future that is held keeps its result on the worker, and what lies on a worker
that dies is computed again.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from distributed import Client, Future, KilledWorker, Security, as_completed
from distributed.comm import CommClosedError

from autograder import truth
from autograder.batch import station
from autograder.batch.desk import failed
from autograder.batch.pool import Keep, Write
from autograder.errors import DiskError, InputError, SandboxError
from autograder.gradebook.record import decode, grade_of
from autograder.gradebook.results import encoded
from autograder.grading import Summary, summarise
from autograder.loading import Found, package_files, read_submission
from autograder.model import Assignment
from autograder.results import Cases, Durations, Submission
from autograder.words import Isolation

Proved = Callable[[Mapping[str, str]], None]

_AHEAD = 2
"""How many groups wait for each thread of a worker."""
_LARGEST = 20
"""How many submissions travel together at most: one costs about 6 ms on the way, alone or not."""
_LOST = 100
"""A worker's death costs at most about one in so many of the class: that is how small groups are."""
_WAIT = 60
"""Seconds until there must be a worker."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sent:
    """One student's submission on its way."""

    submission: Submission
    write: Write


@dataclass(frozen=True, kw_only=True)
class _Pass:
    """One pass over submissions, and who is left after it."""

    again: bool
    #: Whom wall time ended.
    suspects: list[_Sent] = field(default_factory=list)
    #: Whose group came to nothing, and why.
    broken: dict[_Sent, BaseException] = field(default_factory=dict)


class ClusterBatch:
    """Grades submissions on the workers of a Dask cluster; a context manager, used as `Batch` is.

    Certificates come from Dask's own configuration. `evidence` is what isolated the first answers, empty before.

    Raises
    ------
    InputError
        If the address is not one with TLS, or there are no certificates.
    SandboxError
        If the scheduler or its workers cannot be used: none there, other versions, no isolation.
    """

    def __init__(
        self, assignment: Assignment, package: Path, cases: Cases, *, isolation: Isolation, scheduler: str
    ) -> None:
        if not scheduler.startswith("tls://"):
            raise InputError(f"--scheduler {scheduler}: give one with TLS, such as tls://host:8786")
        self.isolation: Isolation = isolation
        self.evidence: Mapping[str, str] = {}
        self.remark = ""
        self._possible = assignment.possible
        self._scheduler = scheduler
        self._run = secrets.token_hex(8)
        self._seen: set[str] = set()
        security = Security(require_encryption=True)
        if not (security.tls_ca_file and security.tls_client_cert):
            raise InputError(
                "no certificates for --scheduler: set distributed.comm.tls in Dask's configuration, or "
                "$DASK_DISTRIBUTED__COMM__TLS__CA_FILE and ...__CLIENT__CERT, ...__CLIENT__KEY"
            )
        try:
            self._client = Client(scheduler, security=security, timeout=_WAIT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise SandboxError(f"no scheduler at {scheduler}: {' '.join(str(error).split())}") from None
        try:
            self._open(station.Station(self._run, package_files(package), truth.to_bytes(cases), isolation))
        except BaseException:
            self.close()
            raise

    def _open(self, plugin: station.Station) -> None:
        """Have a desk opened on every worker that is there, and on those that will come."""
        try:
            self._client.wait_for_workers(1, timeout=_WAIT)
            self._client.get_versions(check=True)
        except TimeoutError:
            raise SandboxError(f"the scheduler at {self._scheduler} has no workers; start some") from None
        except ValueError as error:
            words = " ".join(str(error).split())
            raise SandboxError(
                f"the workers have other versions than this machine; install the same: {words}"
            ) from None
        self._client.register_plugin(plugin, name=plugin.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop: what has not begun is dropped, what runs is killed, and the workers hold nothing of the run."""
        with contextlib.suppress(Exception):
            self._client.run(station.stop, self._run, on_error="ignore")
        with contextlib.suppress(Exception):
            self._client.unregister_worker_plugin(f"hw1-{self._run}")
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)

    def run(
        self,
        submissions: Sequence[Found | Submission],
        keep: Keep,
        proved: Proved = lambda _: None,
    ) -> Iterator[Summary]:
        """Grade a class, as `Batch.run` does; the canary was run by every worker, `proved` is called for each kind.

        A group whose workers died four times is graded one by one at the end, with nothing beside it: who kills a
        worker then is a fault of ours in that one submission.

        Raises
        ------
        DiskError
            If no grade can be kept any more.
        SandboxError
            If the scheduler is lost.
        """
        try:
            yield from self._graded(submissions, keep, proved)
        except (CancelledError, CommClosedError, ConnectionError) as error:
            raise SandboxError(
                f"the scheduler at {self._scheduler} was lost ({type(error).__name__}); what is graded stays, the same "
                "command goes on"
            ) from error

    def _graded(self, submissions: Sequence[Found | Submission], keep: Keep, proved: Proved) -> Iterator[Summary]:
        size = max(1, min(_LARGEST, len(submissions) // (_LOST * self._threads())))
        stood: deque[Summary] = deque()
        first, alone, again, last = (_Pass(again=one) for one in (False, False, True, True))
        for summary in self._each(self._groups(submissions, keep, stood, size), first, proved):
            yield from _taken(stood)
            yield summary
        yield from _taken(stood)
        yield from self._each(_singly(first.broken), alone, proved, window=1)
        yield from self._each(_singly([*first.suspects, *alone.suspects]), again, proved)
        yield from self._each(_singly(again.broken), last, proved, window=1)
        for one, error in (*alone.broken.items(), *last.broken.items()):
            yield failed(one.submission.student, self._possible, error)

    def _groups(
        self, submissions: Sequence[Found | Submission], keep: Keep, stood: deque[Summary], size: int
    ) -> Iterator[tuple[_Sent, ...]]:
        """Read submissions, pass over grades that stand, and put the others together."""
        group: list[_Sent] = []
        for found in submissions:
            try:
                submission = read_submission(found) if isinstance(found, Found) else found
                kept = keep(submission)
            except DiskError:
                raise
            except Exception as error:
                stood.append(failed(found.student, self._possible, error))
                continue
            if isinstance(kept, Summary):
                stood.append(kept)
                continue
            group.append(_Sent(submission=submission, write=kept))
            if len(group) == size:
                yield tuple(group)
                group = []
        if group:
            yield tuple(group)

    def _threads(self) -> int:
        threads: Mapping[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def _each(
        self, groups: Iterator[tuple[_Sent, ...]], way: _Pass, proved: Proved, *, window: int = 0
    ) -> Iterator[Summary]:
        """Send groups, a few for each thread of the workers at a time, and take what comes back."""
        waiting: dict[Any, tuple[_Sent, ...]] = {}
        done = as_completed(loop=self._client.loop)
        while True:
            for group in itertools.islice(groups, max(0, (window or _AHEAD * self._threads()) - len(waiting))):
                content = station.packed([one.submission for one in group])
                future = self._client.submit(station.grade, self._run, content, again=way.again, pure=False)
                waiting[future.key] = group
                done.add(future)
            if not waiting:
                return
            future = next(done)
            try:
                yield from self._answers(future, waiting.pop(future.key), way, proved)
            finally:
                future.release()

    def _answers(self, future: Future, group: tuple[_Sent, ...], way: _Pass, proved: Proved) -> Iterator[Summary]:
        """Keep what came back for a group."""
        if future.cancelled():
            raise CancelledError
        error = future.exception()
        if error is not None:
            died = isinstance(error, KilledWorker)
            way.broken.update(dict.fromkeys(group, SandboxError("every worker that graded it died") if died else error))
            return
        answer = json.loads(future.result())
        kind = json.dumps(answer["evidence"])
        if kind not in self._seen:
            self._seen.add(kind)
            self.evidence = self.evidence or answer["evidence"]
            proved(answer["evidence"])
        for one, each in zip(group, answer["answers"], strict=True):
            if each:
                yield self._summary(one, each)
            else:
                way.suspects.append(one)

    def _summary(self, one: _Sent, answer: Mapping[str, Any]) -> Summary:
        """Write a grade as it would have been written here."""
        student = one.submission.student
        if "fault" in answer:
            return failed(student, self._possible, SandboxError(answer["fault"]))
        try:
            grade = grade_of(decode(encoded(answer["grade"])))
            if (grade.student, grade.submission_sha256) != (student, one.submission.sha256):
                raise SandboxError("a worker answered for another submission")
            one.write(grade, Durations(**answer["durations"]))
            return summarise(grade)
        except DiskError:
            raise
        except Exception as error:
            return failed(student, self._possible, error)


def _singly(sent: Iterable[_Sent]) -> Iterator[tuple[_Sent]]:
    return ((one,) for one in sent)


def _taken(summaries: deque[Summary]) -> Iterator[Summary]:
    while summaries:
        yield summaries.popleft()
