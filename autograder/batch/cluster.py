"""A class on a Dask cluster: a window of small groups of submissions, each answer taken and let go of at once.

The native client, not its executor: a future that is held keeps its result on the worker, and what lies on a worker
that dies is computed again.
"""

import itertools
import json
import secrets
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import truth
from autograder.batch import station
from autograder.batch.connection import Connection
from autograder.batch.desk import failed
from autograder.batch.pool import Keep, Proved, Write
from autograder.errors import DiskError, SandboxError
from autograder.gradebook.record import decode, grade_of
from autograder.gradebook.results import encoded
from autograder.grading import Summary, summarize
from autograder.loading import Found, package_files, read_submission
from autograder.model import Assignment
from autograder.naming import Library
from autograder.results import Cases, Durations, Submission
from autograder.words import Isolation

_AHEAD = 2
"""How many groups wait for each thread of a worker."""
_LARGEST = 20
"""How many submissions travel together at most: one costs about 6 ms on the way, alone or not."""
_LOST = 200
"""A worker's death costs at most about one in so many of the class: that is how small groups are."""


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


class ClusterBatch(AbstractContextManager["ClusterBatch"]):
    """Grades submissions on the workers of a Dask cluster; a context manager, used as `Batch` is.

    Certificates come from Dask's own configuration. `evidence` is what isolated the first answers, empty before.

    Raises `InputError` if the address is not one with TLS, or there are no certificates, and `SandboxError` if the
    scheduler or its workers cannot be used: none there, other versions, no isolation.
    """

    remark = ""

    def __init__(
        self,
        assignment: Assignment,
        package: Path,
        cases: Cases,
        *,
        isolation: Isolation,
        scheduler: str,
        library: Library,
    ) -> None:
        self.isolation: Isolation = isolation
        self.evidence: Mapping[str, str] = {}
        self._possible = assignment.possible
        self._kinds: set[str] = set()
        self._run = f"hw1-{secrets.token_hex(8)}"
        self._connection = Connection(scheduler)
        try:
            homework = station.Homework(
                files=package_files(package),
                cases=truth.to_bytes(cases),
                books=library.files(assignment),
                isolation=isolation,
            )
            self._connection.open(station.Station(self._run, homework))
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop: what has not begun is dropped, what runs is killed, and the workers hold nothing of the run."""
        self._connection.close()

    def run(
        self, submissions: Sequence[Found | Submission], keep: Keep, proved: Proved = lambda _: None
    ) -> Iterator[Summary]:
        """Grade a class, as `Batch.run` does; the canary was run by every worker, `proved` is called for each kind.

        A group whose workers died four times is graded one by one at the end, with nothing beside it: who kills a
        worker then is a fault of ours in that one submission.

        Raises `ClusterError` if the scheduler is lost, or all workers are and none comes back in time, and `DiskError`
        if no grade can be kept any more; what is kept already stays.
        """
        size = max(1, min(_LARGEST, len(submissions) // (_LOST * self._connection.threads())))
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

    def _each(
        self, groups: Iterator[tuple[_Sent, ...]], way: _Pass, proved: Proved, *, window: int = 0
    ) -> Iterator[Summary]:
        """Send groups, a few for each thread of the workers at a time, and take what comes back."""
        waiting: dict[str, tuple[_Sent, ...]] = {}
        while True:
            most = window or _AHEAD * self._connection.threads()
            for group in itertools.islice(groups, max(0, most - len(waiting))):
                content = station.packed([one.submission for one in group])
                waiting[self._connection.send(station.grade, self._run, content, again=way.again)] = group
            if not waiting:
                return
            key, answer = self._connection.take()
            group = waiting.pop(key)
            if isinstance(answer, Exception):
                way.broken.update(dict.fromkeys(group, answer))
            else:
                yield from self._answers(json.loads(answer), group, way, proved)

    def _answers(
        self, answer: Mapping[str, Any], group: tuple[_Sent, ...], way: _Pass, proved: Proved
    ) -> Iterator[Summary]:
        """Keep what came back for a group."""
        kind = json.dumps(answer["evidence"])
        if kind not in self._kinds:
            self._kinds.add(kind)
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
            return summarize(grade)
        except DiskError:
            raise
        except Exception as error:
            return failed(student, self._possible, error)


def _singly(sent: Iterable[_Sent]) -> Iterator[tuple[_Sent]]:
    return ((one,) for one in sent)


def _taken(summaries: deque[Summary]) -> Iterator[Summary]:
    while summaries:
        yield summaries.popleft()
