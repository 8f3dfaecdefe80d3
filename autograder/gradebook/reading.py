"""What `hw1 grade` left in its folder, read back into records: one bad file costs one line, not the report."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, get_args

from autograder.errors import InputError
from autograder.model import Assignment
from autograder.results import (
    STATUSES,
    Difference,
    Finding,
    Grade,
    GradeStatus,
    Isolation,
    Mark,
    Refusal,
    Score,
    Verdict,
    WrittenQuestion,
)

SCHEMA = "grade-1"
MAX_BYTES = 50_000_000
"""Size of the largest grade.json that is read, in bytes; a usual one has 20 kB."""
_AGAIN = "give the --output folder of hw1 grade"


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A file that cannot be read.

    Attributes
    ----------
    path : str
        Where, below the folder of grades.
    reason : str
        Why, in a few words.
    """

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """The last line of ``run.jsonl`` about a student.

    Attributes
    ----------
    student : str
        Who.
    run : str
        Id of the run; empty in a log from before runs had one.
    status : str
        As in grade.json; ``grader_fault`` beside a grade that stands means that the last run kept an older grade.
    seconds : float, optional
        Wall time; None after a fault.
    reason : str
        Of a fault, else empty.
    """

    student: str
    run: str
    status: str
    seconds: float | None
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassGrades:
    """Everybody's results.

    Attributes
    ----------
    grades : tuple of Grade
        Sorted by student.
    unread : tuple of Unread
        Files that tell nothing.
    log : tuple of LogEntry
        At most one for each student, sorted by student.
    """

    grades: tuple[Grade, ...]
    unread: tuple[Unread, ...]
    log: tuple[LogEntry, ...]


def read_grades(folder: Path, assignment: Assignment) -> ClassGrades:
    """Read the folder that ``hw1 grade`` wrote.

    Parameters
    ----------
    folder : Path
        Its ``--output``.
    assignment : Assignment
        The homework that was graded.

    Returns
    -------
    ClassGrades
        A grade.json that is damaged, or is not of the student its folder names, is listed as unread.

    Raises
    ------
    InputError
        If there is no grade at all, or one of another schema, assignment or rubric.
    """
    if not folder.is_dir():
        raise InputError(f"grades {folder}: no such folder; {_AGAIN}")
    try:
        homes = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise InputError(f"grades {folder}: cannot be listed ({error.strerror}); make the folder readable") from error
    grades, unread = [], []
    for home in homes:
        try:
            grades.append(_grade(home, assignment))
        except FileNotFoundError:
            continue  # a folder of somebody else's, or of a document
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            unread.append(Unread(path=f"{home.name}/grade.json", reason=_why(error)))
    if not grades:
        first = f" (first: {unread[0].path}: {unread[0].reason})" if unread else ""
        raise InputError(f"grades {folder}: no STUDENT/grade.json that can be read{first}; {_AGAIN}")
    log, damaged = _log(folder / "run.jsonl")
    return ClassGrades(grades=tuple(grades), unread=(*unread, *damaged), log=log)


def _why(error: Exception) -> str:
    """Say in a few words why a file tells nothing; never with its contents."""
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error})"
    if isinstance(error, _Damage):
        return str(error)
    return "is not valid JSON" if isinstance(error, (ValueError, RecursionError)) else "is not a grade of ours"


class _Damage(TypeError):  # noqa: N818 - never leaves this module: it becomes a line of the report
    """A value that no grade of ours has."""


def _no_constant(name: str) -> NoReturn:
    raise _Damage(f"holds {name} for a number")


def _load(path: Path) -> Any:
    if path.stat().st_size > MAX_BYTES:
        raise _Damage(f"is larger than {MAX_BYTES // 1_000_000} MB")
    return json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)


def _number(value: Any, most: float = math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise _Damage("holds points that cannot be")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Damage("holds something else where text belongs")
    # JSON can spell half a surrogate pair, which no page could be written with.
    return value.encode("utf-8", "replace").decode("utf-8")


def _word(value: Any, words: tuple[str, ...]) -> Any:
    if value not in words:
        raise _Damage("holds a word that no grade of ours has")
    return value


def _verdict(plain: Mapping[str, Any]) -> Verdict:
    hidden = plain["hidden"] is not False
    # Grades made before reasons were kept have none.
    reason = _text(plain.get("reason", ""))
    departs: Difference | None = None
    if reason == "large":
        departs = Difference(kind="shape")
    elif reason in get_args(Refusal):
        departs = Difference(kind="refused", reason=reason)
    return Verdict(
        case=_text(plain["case"]),
        family=_text(plain["family"]),
        hidden=hidden,
        status=_word(plain["status"], STATUSES),
        difference=departs,
        exception="" if departs else reason,
        shown=None if hidden else {name: plain[name] for name in ("inputs", "actual", "truth")},
    )


def _score(plain: Mapping[str, Any]) -> Score:
    possible = _number(plain["possible"])
    misconception = plain["misconception"]
    return Score(
        question=_text(plain["question"]),
        part=_text(plain["part"]),
        criterion=_text(plain["criterion"]),
        earned=_number(plain["earned"], possible),
        possible=possible,
        status=_word(plain["status"], STATUSES),
        misconception=None if misconception is None else _text(misconception),
        feedback=_text(plain["feedback"]),
        verdicts=tuple(_verdict(verdict) for verdict in plain["verdicts"]),
    )


def _finding(plain: Mapping[str, Any]) -> Finding:
    return Finding(
        kind=_word(plain["kind"], ("line", "answer", "remark")),
        mark=_word(plain["mark"], get_args(Mark)),
        line=int(_number(plain["line"], 1e9)),
        **{name: _text(plain[name]) for name in ("question", "name", "label", "latex", "detail")},
    )


def _written(plain: Mapping[str, Any]) -> WrittenQuestion:
    possible = _number(plain["possible"])
    return WrittenQuestion(
        question=_text(plain["question"]),
        earned=_number(plain["earned"], possible),
        possible=possible,
        findings=tuple(_finding(one) for one in plain["findings"]),
    )


def _grade(home: Path, assignment: Assignment) -> Grade:
    path = home / "grade.json"
    plain = _load(path)
    if not isinstance(plain, dict):
        raise _Damage("is not a grade of ours")
    if plain.get("schema") != SCHEMA:
        raise InputError(
            f"{path} has the schema {plain.get('schema')!r:.40}, not {SCHEMA!r}; grade again with this hw1"
        )
    if plain.get("assignment") != assignment.id:
        raise InputError(
            f"{path} is a grade of the assignment {plain.get('assignment')!r:.40}, not of {assignment.id!r}: "
            "move it away, or name its package with --assignment"
        )
    student = _text(plain["student"])
    if student != home.name.encode("utf-8", "replace").decode("utf-8"):
        raise _Damage("names another student than its folder")
    status: GradeStatus = _word(plain["status"], get_args(GradeStatus))
    isolation: Isolation = _word(plain["isolation"], get_args(Isolation))
    scores = tuple(_score(score) for score in plain["scores"])
    written = tuple(_written(answer) for answer in plain.get("written", ()))
    rubric = {criterion.id: criterion.points for part in assignment.parts for criterion in part.criteria}
    paid = {question.id: question.written_points for question in assignment.questions if question.written_points}
    mine = {score.criterion: score.possible for score in scores}
    mine_written = {answer.question: answer.possible for answer in written if answer.possible}
    if status != "grader_fault" and (mine, mine_written) != (rubric, paid):
        raise InputError(f"{path} was graded by another rubric than the present {assignment.id}; grade everybody again")
    return Grade(
        assignment=assignment.id,
        student=student,
        submission_sha256=_text(plain["submission_sha256"]),
        cases_id=_text(plain["cases_id"]),
        status=status,
        isolation=isolation,
        notes=tuple(_text(note) for note in plain["notes"]),
        scores=() if status == "grader_fault" else scores,
        written=written,
    )


def _entry(plain: Mapping[str, Any]) -> LogEntry:
    seconds = plain.get("seconds")
    return LogEntry(
        student=_text(plain["student"]),
        run=_text(plain.get("run", "")),
        status=_word(plain["status"], get_args(GradeStatus)),
        seconds=None if seconds is None else _number(seconds, 1e6),
        reason=_text(plain.get("reason", "")),
    )


def _log(path: Path) -> tuple[tuple[LogEntry, ...], tuple[Unread, ...]]:
    """Read the last line about each student; a run that was killed may have left half a line."""
    latest: dict[str, LogEntry] = {}
    bad = 0
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        return (), (Unread(path=path.name, reason=_why(error)),)
    for line in filter(str.strip, lines):
        try:
            plain = json.loads(line, parse_constant=_no_constant)
            if "evidence" in plain:
                continue  # about the run, and nobody in it
            entry = _entry(plain)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            bad += 1
        else:
            latest[entry.student] = entry
    damaged = (Unread(path=path.name, reason=f"has {bad} damaged lines, passed over"),) if bad else ()
    return tuple(latest[student] for student in sorted(latest)), damaged
