"""``results.jsonl``: what reports need of each grade in one line, words without any numbers of cases.

A line is believed only where the grade.json beside it has the hash that stands in it; whoever has none is read from
there, to the same `Result`.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec

from autograder.gradebook.record import Earned, GradeRecord, Possible
from autograder.paths import OurFolder
from autograder.results import STUB, WrittenQuestion
from autograder.words import GradeStatus, Isolation, Status

RESULTS = "results.jsonl"
LONGEST_LINE = 100_000
_SCHEMA: Final = "results-1"
_NumberOrNone = Annotated[float, msgspec.Meta(ge=0)] | None


class ScoreResult(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Points on one criterion."""

    part: str
    criterion: str
    earned: Earned
    possible: Possible
    status: Status
    misconception: str | None
    right: tuple[str, ...]  #: Families of which every hidden case is passed.
    possibly: tuple[str, ...] = ()  #: Two mistakes that together may explain the answers.
    not_written: bool = False  #: Whether the function is still the stub.


class WrittenResult(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Points on the written answer to one question."""

    question: str
    earned: Earned
    possible: Annotated[float, msgspec.Meta(ge=0)]
    word: Literal["right", "wrong", "missing", "open"]
    open: Annotated[float, msgspec.Meta(ge=0)] = 0.0  #: Points that a person has to decide about.


class Result(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One student's grade without its cases."""

    schema: Literal["results-1"] = _SCHEMA
    assignment: str
    student: str
    grade_sha256: str
    submission_sha256: str
    cases_id: str
    status: GradeStatus
    #: None after a fault.
    earned: _NumberOrNone
    possible: Possible
    isolation: Isolation
    notes: tuple[str, ...]
    scores: tuple[ScoreResult, ...]
    written: tuple[WrittenResult, ...]
    variant: int | msgspec.UnsetType = msgspec.UNSET
    #: Signs that it was made for another variant.
    copied: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET

    @property
    def points(self) -> float:
        """The points earned; 0 after a fault."""
        return sum(score.earned for score in self.scores) + sum(answer.earned for answer in self.written)


class _Key(msgspec.Struct):
    student: str
    grade_sha256: str


_decoder = msgspec.json.Decoder(Result)
_keys = msgspec.json.Decoder(_Key)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A grade as it stands in the folder, small enough to keep for a large class."""

    submission_sha256: str
    earned: float
    possible: float
    criteria: Mapping[str, float]  #: Earned points by criterion.


def standing(result: Result) -> Standing | None:
    """Take what a change is told from; whom we failed to grade has nothing."""
    if result.earned is None:
        return None
    return Standing(
        submission_sha256=result.submission_sha256,
        earned=result.earned,
        possible=result.possible,
        criteria={score.criterion: score.earned for score in result.scores},
    )


def result_of(record: GradeRecord, grade_sha256: str) -> Result:
    """Take from a grade what reports need; the same from one that was just made as from one that was read."""
    fault = record.status == "grader_fault"
    return Result(
        assignment=record.assignment,
        student=record.student,
        grade_sha256=grade_sha256,
        submission_sha256=record.submission_sha256,
        cases_id=record.cases_id,
        status=record.status,
        earned=None if record.earned is None else float(record.earned),
        possible=float(record.possible),
        isolation=record.isolation,
        notes=record.notes,
        scores=()
        if fault
        else tuple(
            ScoreResult(
                part=score.part,
                criterion=score.criterion,
                earned=float(score.earned),
                possible=float(score.possible),
                status=score.status,
                misconception=score.misconception,
                right=_right([(one.family, one.status) for one in score.verdicts if one.hidden]),
                possibly=score.possibly or (),
                not_written=score.status == "raised" and any(one.reason == STUB for one in score.verdicts),
            )
            for score in record.scores
        ),
        written=tuple(
            WrittenResult(
                question=answer.question,
                earned=float(answer.earned),
                possible=float(answer.possible),
                word=WrittenQuestion(
                    question="", earned=0, possible=0, findings=answer.findings, open=answer.open or 0.0
                ).word,
                open=float(answer.open or 0.0),
            )
            for answer in record.written
        ),
        variant=record.variant,
        copied=record.copied,
    )


def _right(verdicts: list[tuple[str, Status]]) -> tuple[str, ...]:
    wrong = {family for family, status in verdicts if status != "passed"}
    return tuple(dict.fromkeys(family for family, _ in verdicts if family not in wrong))


def encoded(content: str | bytes) -> bytes:
    """Turn a text into UTF-8, with a question mark for half a surrogate pair; bytes stay."""
    return content.encode("utf-8", "replace") if isinstance(content, str) else content


def sha256(content: bytes) -> str:
    """Hash a file's content."""
    return hashlib.sha256(content).hexdigest()


def to_line(result: Result) -> bytes:
    """Write one line, with its end."""
    return encoded(json.dumps(msgspec.to_builtins(result), ensure_ascii=False, separators=(",", ":")) + "\n")


def read_results(folder: OurFolder) -> dict[str, Result]:
    """Read the last line about each student; damaged lines, and a file that is not ours, tell nothing."""
    found: dict[str, Result] = {}
    for line in _lines(folder):
        try:
            result = _decoder.decode(line)
        except (ValueError, RecursionError):
            continue
        found[result.student] = result
    return found


def settled(folder: OurFolder, hashes: Mapping[str, str]) -> bytes:
    """Lay out the file anew, sorted: of each student's lines the one about the grade with this hash."""
    kept: dict[str, bytes] = {}
    for line in _lines(folder):
        try:
            key = _keys.decode(line)
        except (ValueError, RecursionError):
            continue
        if hashes.get(key.student) == key.grade_sha256 and line.endswith(b"\n"):
            kept[key.student] = line
    return b"".join(kept[student] for student in sorted(kept))


def _lines(folder: OurFolder) -> Iterator[bytes]:
    try:
        with os.fdopen(folder.open(RESULTS), "rb") as file:
            while line := file.readline(LONGEST_LINE):
                yield line
    except OSError:
        return
