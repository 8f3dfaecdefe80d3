"""``run.jsonl``: what isolated each run, and a line a student and run."""

import os
from collections.abc import Iterator
from typing import Annotated

import msgspec

from autograder.gradebook.results import LONGEST_LINE
from autograder.paths import OurFolder
from autograder.words import GradeStatus

LOG = "run.jsonl"


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The last line of ``run.jsonl`` about a student."""

    student: str
    run: str = ""  #: Empty in a log from before runs had an id.
    #: As in grade.json; a fault beside a grade that stands means that the last run kept an older grade.
    status: GradeStatus
    seconds: Annotated[float, msgspec.Meta(ge=0, le=1e6)] | None = None  #: Wall time; None after a fault.
    reason: str = ""  #: Of a fault, else empty.
    key: str = ""  #: What decided the result; empty where it may not be taken for another run's.
    #: Hashes of the files that were written.
    grade_sha256: str = ""
    feedback_sha256: str = ""


class _Evidence(msgspec.Struct):
    """A line about the run, and nobody in it."""

    evidence: dict[str, str]


_entries = msgspec.json.Decoder(LogEntry)
_evidence = msgspec.json.Decoder(_Evidence)


def lines_of(folder: OurFolder) -> Iterator[LogEntry | None]:
    """Read the lines about students, in order; None for a damaged one, as a run that was killed may leave half a line.

    Raises `OSError` if it is not there, is not ours or cannot be read.
    """
    with os.fdopen(folder.open(LOG), "rb") as file:
        while line := file.readline(LONGEST_LINE):
            if line.isspace():
                continue
            try:
                yield _entries.decode(line)
            except (ValueError, RecursionError):
                if not _is_evidence(line):
                    yield None


def _is_evidence(line: bytes) -> bool:
    try:
        _evidence.decode(line)
    except (ValueError, RecursionError):
        return False
    return True
