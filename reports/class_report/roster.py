"""The roster: a line for each student and in it a cell for each criterion, in few bytes, for the largest class.

Elements that HTML closes by itself are left open.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from markupsafe import Markup, escape

from autograder.gradebook.results import Result, ScoreResult
from autograder.gradebook.table import written_column
from autograder.words import STATUSES, Status, counted
from reports.class_report.elements import called, excerpt
from reports.class_report.records import ClassReport, Measured
from reports.feedback.markdown import points
from reports.feedback.words import NOT_WRITTEN, WORDS

_STUB = "raised stub"
_WORDS: Mapping[str, str] = {**WORDS, _STUB: NOT_WRITTEN}
NO_ANSWER = (*(status for status in STATUSES if status not in ("wrong", "approx", "passed")), _STUB)
"""Classes of a cell where nothing came back that could be compared."""
_AS_STATUS: Mapping[str, Status] = {"right": "passed", "wrong": "wrong", "missing": "missing", "open": "unreadable"}


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What the template prints."""

    questions: tuple[Measured, ...]
    criteria: tuple[Measured, ...]
    lines: Markup  #: The body of the table.
    #: Classes of cells without an answer that somebody has, each with its words.
    no_answer: tuple[tuple[str, str], ...]


def roster(report: ClassReport, folder: str | None) -> Roster:
    """Lay out the roster; `folder` is as for `page.render`."""
    found = _found(report)
    lines = (_line(report, grade, found.get(grade.student, ()), folder) for grade in report.everybody)
    there = {_class(score) for grade in report.everybody for score in grade.scores}
    answers = (answer for grade in report.everybody for answer in grade.written)
    there |= {_AS_STATUS[answer.word] for answer in answers if answer.word != "open"}
    return Roster(
        questions=report.questions,
        criteria=report.criteria,
        lines=_joined(lines),
        no_answer=tuple((one, _WORDS[one]) for one in NO_ANSWER if one in there),
    )


def folder_of(student: str, folder: str | None) -> Markup:
    """Name a student, as a link to the folder of the grade where there is one."""
    # bdi: a name written from the right must not turn the text around it.
    who = Markup("<bdi>{}</bdi>").format(called(student))
    if folder is None:
        return who
    return Markup('<a href="{}{}/">{}</a>').format(folder, quote(student, safe="", errors="replace"), who)


def _line(report: ClassReport, grade: Result, found: tuple[str, ...], folder: str | None) -> Markup:
    marks = _marks(grade)
    earned = (points(grade.points), *(points(_earned(marks, report, question)) for question in report.questions))
    if grade.status == "grader_fault":
        earned = ("?",) * len(earned)
    return _joined(
        (
            _LINE,
            folder_of(grade.student, folder),
            *map(_number, earned),
            *(_cell(*marks[one.id]) if one.id in marks else _UNKNOWN for one in report.criteria),
            _FOUND,
            escape("; ".join((*found, *_mistakes(grade)))),
            _END,
        )
    )


_LINE, _UNKNOWN, _FOUND, _END = Markup('<tr><th scope="row">'), Markup("<td>?"), Markup("<td>"), Markup("</tr>")


def _joined(pieces: Iterable[Markup]) -> Markup:
    """Put together what is escaped already; `Markup.join` would look at each piece again."""
    return Markup("".join(pieces))  # noqa: S704


@cache
def _number(text: str) -> Markup:
    return Markup('<td class="number">{}').format(text)


_Mark = tuple[float, str, str | None]


def _marks(grade: Result) -> dict[str, _Mark]:
    """Take points, class and misconception of each criterion."""
    marks: dict[str, _Mark] = {
        score.criterion: (score.earned, _class(score), score.misconception) for score in grade.scores
    }
    return marks | {
        written_column(answer.question): (answer.earned, _AS_STATUS[answer.word], None)
        for answer in grade.written
        if answer.possible
    }


def _class(score: ScoreResult) -> str:
    return _STUB if score.not_written else score.status


def _earned(marks: Mapping[str, _Mark], report: ClassReport, question: Measured) -> float:
    mine = (marks[c.id] for c in report.criteria if c.question == question.id and c.id in marks)
    return math.fsum(earned for earned, *_ in mine)


@cache
def _cell(earned: float, kind: str, misconception: str | None) -> Markup:
    shown = "\u2013" if kind in NO_ANSWER else points(earned)
    if kind == "passed":
        return Markup("<td>{}").format(shown)
    if misconception is None:
        return Markup('<td class="{}">{}').format(kind, shown)
    return Markup('<td class="{}" data-name="{}">{}').format(kind, _in_words(misconception), shown)


def _in_words(misconception: str) -> str:
    return excerpt(misconception.replace("_", " "))


def _mistakes(grade: Result) -> Iterator[str]:
    """Say what was found, each thing once: functions without an answer or with one near it, misconceptions."""
    if grade.status != "graded":
        return
    yield from dict.fromkeys(
        f"{excerpt(score.part)}: {NOT_WRITTEN if score.not_written else WORDS[score.status]}"
        for score in grade.scores
        if score.status not in ("passed", "wrong", "forbidden", "crashed")
        and (score.status != "approx" or score.misconception is None)
    )
    yield from dict.fromkeys(
        _in_words(score.misconception) for score in grade.scores if score.misconception is not None
    )


def _found(report: ClassReport) -> dict[str, tuple[str, ...]]:
    """Say of each student what the report singles out."""
    found: dict[str, tuple[str, ...]] = {one.student: (excerpt(one.why),) for one in report.attention}
    for same in report.identical:
        others = len(same.students) - 1
        for student in same.students:
            found[student] = (*found.get(student, ()), f"same code as {counted(others, 'other')}")
    return found
