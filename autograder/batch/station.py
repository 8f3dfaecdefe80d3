"""The far end of a cluster: what each Dask worker holds of a run, and the function that it is asked for.

Submissions come and grades go as JSON in bytes. The worker needs this package and nothing of the homework: files and
truths come with the run, and are gone after it.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin

from autograder import truth
from autograder.batch.desk import Desk
from autograder.errors import AutograderError, SandboxError
from autograder.gradebook.fingerprint import version
from autograder.gradebook.record import record_of, to_text
from autograder.loading import load_assignment
from autograder.results import Cell, Submission, Written
from autograder.words import Isolation

_desks: dict[str, Desk] = {}


class Station(WorkerPlugin):  # type: ignore[misc]  # distributed has no types for it
    """Opens a desk on every worker, after a canary there, and closes it with the run.

    A worker that cannot isolate, or where the canary fails, or of another version, is not used: it closes.
    """

    def __init__(self, run: str, files: Mapping[str, bytes], cases: bytes, isolation: Isolation) -> None:
        self.name = f"hw1-{run}"
        self._run = run
        self._files = dict(files)
        self._cases = cases
        self._isolation: Isolation = isolation
        self._version = version()

    async def setup(self, worker: Worker) -> None:
        """Prove on this worker that grading works there."""
        folder = Path(tempfile.mkdtemp(prefix="hw1-", dir=worker.local_directory))
        try:
            desk = await asyncio.to_thread(self._open, folder / "assignment")
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            asyncio.get_running_loop().create_task(worker.close(nanny=True, reason="hw1-refused"))
            raise SandboxError(f"worker {worker.address}: {error}") from None
        self._folder = folder
        _desks[self._run] = desk

    def _open(self, folder: Path) -> Desk:
        if version() != self._version:
            raise SandboxError(f"it has version {version()} of hw1, and the run {self._version}; install the same")
        for path, content in self._files.items():
            (folder / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        desk = Desk(load_assignment(folder), truth.from_bytes(self._cases), self._isolation)
        try:
            desk.canary()
        except BaseException:
            desk.close()
            raise
        return desk

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - Dask's signature
        """Let go of all that the run had here."""
        desk = _desks.pop(self._run, None)
        if desk:
            await asyncio.to_thread(desk.close)
            shutil.rmtree(self._folder, ignore_errors=True)


def stop(run: str) -> None:
    """Kill what a run has going on this worker: Dask cannot end a function that has begun."""
    if run in _desks:
        _desks[run].kill()


def grade(run: str, handed_in: bytes, *, again: bool) -> bytes:
    """Grade some submissions, one after another; a fault in one is an answer, too."""
    desk = _desks[run]
    answers = [_answer(desk, submission, again=again) for submission in unpacked(handed_in)]
    return json.dumps({"evidence": dict(desk.evidence), "answers": answers}).encode()


def _answer(desk: Desk, submission: Submission, *, again: bool) -> dict[str, Any]:
    try:
        graded = desk.grade(submission, time.perf_counter(), again=again)
    except Exception as error:
        words = str(error) if isinstance(error, AutograderError) else f"{type(error).__name__}: {error}"
        return {"fault": words}
    if graded is None:
        return {}
    return {"grade": to_text(record_of(graded[0])), "durations": dataclasses.asdict(graded[1])}


def packed(submissions: Sequence[Submission]) -> bytes:
    """Lay submissions out for the way."""
    return json.dumps([{**dataclasses.asdict(one), "path": str(one.path)} for one in submissions]).encode()


def unpacked(content: bytes) -> list[Submission]:
    """Read what `packed` laid out."""
    return [
        Submission(
            **{
                **one,
                "path": Path(one["path"]),
                "cells": tuple(Cell(**cell) for cell in one["cells"]),
                "written": tuple(Written(**piece) for piece in one["written"]),
            }
        )
        for one in json.loads(content)
    ]
