"""The far end of a cluster: what each Dask worker holds of a run, and the function that it is asked for.

Submissions come and grades go as JSON in bytes. The worker needs this package and nothing of the homework: files and
truths come with the run, and are gone after it.
"""

import asyncio
import dataclasses
import json
import platform
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from distributed import Reschedule, Scheduler, SchedulerPlugin, Worker, WorkerPlugin

from autograder import truth
from autograder.batch.desk import Desk, fault_in
from autograder.errors import SandboxError
from autograder.gradebook.fingerprint import version
from autograder.gradebook.record import record_of
from autograder.gradebook.text import to_text
from autograder.loading import load_assignment
from autograder.naming import Library
from autograder.results import Cell, Submission, Written
from autograder.words import Isolation

_desks: dict[str, Desk] = {}


def versions() -> dict[str, str]:
    """Say the versions of all that must be the same on every machine of a run."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {
        "hw1-autograder": version(),
        "Python": python,
        **{name: metadata.version(name) for name in ("numpy", "dask", "distributed")},
    }


def same(theirs: Mapping[str, str], ours: Mapping[str, str], who: str) -> None:
    """Raise SandboxError where somebody has another version of something than the run."""
    for name, wanted in ours.items():
        if theirs.get(name) != wanted:
            raise SandboxError(f"{who} has {name} {theirs.get(name)}, and the run {wanted}; install the same")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Homework:
    """What a worker needs to grade: the assignment's files, its truths, the books of its mistakes."""

    files: Mapping[str, bytes]
    cases: bytes
    books: Mapping[str, bytes]
    isolation: Isolation

    def desk(self, folder: Path) -> Desk:
        """Open a desk, with all files in a folder of ours, once a canary was graded there."""
        for path, content in self.files.items():
            file = folder / "assignment" / path
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.write_bytes(content)
        with truth.private_folder(folder) as private:
            for name, content in self.books.items():
                private.write(name, content)
        assignment, cases = load_assignment(folder / "assignment"), truth.from_bytes(self.cases)
        library = Library(assignment, cases, folder, lambda _: None)
        desk = Desk(assignment, cases, self.isolation)
        try:
            desk.prepare(library)
            desk.canary()
        except BaseException:
            desk.close()
            raise
        return desk


class Station(WorkerPlugin):  # type: ignore[misc]  # distributed has no types for it
    """Opens a desk on every worker, after a canary there, and closes it with the run.

    A worker that cannot isolate, or where the canary fails, or of another version, is not used: it closes.
    """

    def __init__(self, name: str, homework: Homework) -> None:
        self.name = name
        self._homework = homework
        self.versions = versions()

    async def setup(self, worker: Worker) -> None:
        """Prove on this worker that grading works there."""
        folder = Path(tempfile.mkdtemp(prefix="hw1-", dir=worker.local_directory))
        try:
            same(versions(), self.versions, "it")
            desk = await asyncio.to_thread(self._homework.desk, folder)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            worker.loop.add_callback(worker.close, nanny=True, reason="hw1-refused")
            kind = type(error) if isinstance(error, SandboxError) else SandboxError
            raise kind(f"worker {worker.address}: {error}") from None
        self._folder = folder
        _desks[self.name] = desk
        if self.name not in worker.plugins:  # the run ended meanwhile
            await self.teardown(worker)

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - Dask's signature
        """Let go of all that the run had here."""
        desk = _desks.pop(self.name, None)
        if desk:
            await asyncio.to_thread(desk.close)
            shutil.rmtree(self._folder, ignore_errors=True)


class Guard(SchedulerPlugin):  # type: ignore[misc]  # distributed has no types for it
    """Ends a run at the scheduler when the `hw1` that began it is gone, and all workers let go of it."""

    def __init__(self, run: str, client: str) -> None:
        self.name = f"{run}-guard"
        self._run = run
        self._client = client

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Do so when that client has left; nothing is there any more when it ended as it should."""
        if client == self._client:
            scheduler.remove_plugin(self.name)
            if self._run in scheduler.worker_plugins:
                scheduler.loop.add_callback(scheduler.unregister_worker_plugin, None, name=self._run)


def stop(run: str) -> None:
    """Kill what a run has going on this worker: Dask cannot end a function that has begun."""
    if run in _desks:
        _desks[run].kill()


def grade(run: str, handed_in: bytes, *, again: bool) -> bytes:
    """Grade some submissions, one after another; a fault in one is an answer, too."""
    desk = _desks.get(run)
    if desk is None:
        raise Reschedule  # this worker was refused, and closes
    answers = [_answer(desk, submission, again=again) for submission in unpacked(handed_in)]
    return json.dumps({"evidence": dict(desk.evidence), "answers": answers}).encode()


def _answer(desk: Desk, submission: Submission, *, again: bool) -> dict[str, Any]:
    try:
        graded = desk.grade(submission, time.perf_counter(), again=again)
    except Exception as error:
        return {"fault": fault_in(error)}
    if graded is None:
        return {}
    return {"grade": to_text(record_of(graded[0])), "durations": dataclasses.asdict(graded[1])}


def packed(submissions: Sequence[Submission]) -> bytes:
    """Lay submissions out for the way."""
    return json.dumps([dataclasses.asdict(one) for one in submissions]).encode()


def unpacked(content: bytes) -> list[Submission]:
    """Read what `packed` laid out."""
    return [
        Submission(
            **{
                **one,
                "cells": tuple(Cell(**cell) for cell in one["cells"]),
                "helpers": tuple(Cell(**cell) for cell in one["helpers"]),
                "written": tuple(Written(**piece) for piece in one["written"]),
            }
        )
        for one in json.loads(content)
    ]
