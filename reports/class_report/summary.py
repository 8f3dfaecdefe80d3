"""What the class report says: a pure function of everybody's grades."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from statistics import fmean, median
from typing import Any

from autograder.gradebook.journal import LogEntry
from autograder.gradebook.reading import ClassResults
from autograder.gradebook.results import Result, ScoreResult, WrittenResult
from autograder.gradebook.table import written_column
from autograder.model import Assignment, Criterion, Question
from autograder.results import found as kinds
from autograder.words import STATUSES, Status
from reports.class_report import measures
from reports.class_report.attention import attention, identical
from reports.class_report.records import (
    ClassReport,
    FamilyRate,
    Measured,
    Mistake,
    StatusCount,
    Stopped,
    Totals,
    WallTimes,
)

STOPPED: tuple[Status, ...] = ("forbidden", "crashed", "out_of_memory", "timed_out", "output_limit")
"""Statuses of a function that had to be stopped, or ended its process."""
SLOWEST = 10  #: How many of the slowest are listed.


def summarize(assignment: Assignment, found: ClassResults) -> ClassReport:
    """Work out the report, the same for the same grades in any order.

    Measures are over those whose submission was run; an unreadable one says nothing about a question.
    """
    by_id = {grade.student: grade for grade in found.results}
    everybody = [by_id[student] for student in sorted(by_id)]
    graded = [grade for grade in everybody if grade.status == "graded"]
    points = [grade.points for grade in graded]
    levels = Counter(grade.isolation for grade in graded)
    return ClassReport(
        title=assignment.title,
        course=assignment.course,
        term=assignment.term,
        possible=assignment.possible,
        students=len(everybody),
        graded=len(graded),
        unreadable=sum(grade.status == "unreadable" for grade in everybody),
        faults=sum(grade.status == "grader_fault" for grade in everybody),
        totals=_totals(assignment, everybody, graded, points) if graded else None,
        questions=_questions(assignment, graded, points) if graded else (),
        criteria=_criteria(assignment, graded, points) if graded else (),
        mistakes=_mistakes(assignment, graded),
        statuses=_statuses(graded),
        stopped=_stopped(assignment, graded),
        durations=_durations([entry for entry in found.log if entry.student in by_id]),
        identical=identical(graded),
        attention=attention(everybody, found.log),
        unread=found.unread,
        adjustments=found.adjustments,
        isolation=tuple(sorted(levels.items())),
        case_sets=_case_sets(graded),
        variants=tuple(sorted(Counter(grade.variant for grade in graded if grade.variant).items())),
        enrolled=found.enrolled,
        everybody=tuple(everybody),
    )


def _case_sets(graded: Sequence[Result]) -> int:
    """Count the sets of hidden cases, of the variant that has most of them: one is as it should be."""
    sets = {(grade.variant, grade.cases_id) for grade in graded}
    return max(Counter(variant for variant, _ in sets).values(), default=0)


def _totals(
    assignment: Assignment, everybody: Sequence[Result], graded: Sequence[Result], points: Sequence[float]
) -> Totals:
    lower, middle, upper = measures.quartiles(points)
    counts = measures.histogram(points, assignment.possible)
    width = assignment.possible / len(counts)
    deviation = measures.deviation(points)
    columns = [_column(graded, part={part.name}) for part in assignment.parts]
    columns += [_written_column(graded, question) for question in assignment.questions if question.written_points]
    alpha = measures.alpha(columns)
    honest = alpha is not None and deviation is not None and 0 <= alpha <= 1
    return Totals(
        count=len(points),
        full=sum(math.isclose(value, assignment.possible) for value in points),
        mean=fmean(points),
        least=min(points),
        lower=lower,
        median=middle,
        upper=upper,
        most=max(points),
        mean_of_all=math.fsum(points) / sum(grade.status != "grader_fault" for grade in everybody),
        deviation=deviation,
        bins=tuple((width * i, width * (i + 1), count) for i, count in enumerate(counts)),
        alpha=alpha,
        error=deviation * math.sqrt(1 - alpha) if honest and deviation is not None and alpha is not None else None,
    )


def _column(graded: Sequence[Result], *, part: set[str]) -> list[float]:
    return [math.fsum(score.earned for score in grade.scores if score.part in part) for grade in graded]


def _written(grade: Result, question: Question) -> WrittenResult | None:
    return next((answer for answer in grade.written if answer.question == question.id), None)


def _written_column(graded: Sequence[Result], question: Question) -> list[float]:
    found = [_written(grade, question) for grade in graded]
    return [answer.earned if answer else 0.0 for answer in found]


def _questions(assignment: Assignment, graded: Sequence[Result], totals: Sequence[float]) -> tuple[Measured, ...]:
    found = []
    for question in assignment.questions:
        code = _column(graded, part={part.name for part in question.parts})
        earned = [math.fsum(both) for both in zip(code, _written_column(graded, question), strict=True)]
        possible = math.fsum(c.points for part in question.parts for c in part.criteria) + question.written_points
        found.append(Measured(id=question.id, title=question.title, **_measured(earned, possible, totals)))
    return tuple(found)


def _criteria(assignment: Assignment, graded: Sequence[Result], totals: Sequence[float]) -> tuple[Measured, ...]:
    scores = [{score.criterion: score for score in grade.scores} for grade in graded]
    found = []
    for question in assignment.questions:
        for part in question.parts:
            titles = {family.name: family.title for family in part.families}
            for criterion in part.criteria:
                mine = [by_id[criterion.id] for by_id in scores]
                statuses = Counter(score.status for score in mine)
                counts = {"right": statuses["passed"], "approximate": statuses["approx"], "wrong": statuses["wrong"]}
                found.append(
                    Measured(
                        id=criterion.id,
                        title=criterion.title,
                        question=question.id,
                        part=part.name,
                        no_answer=len(mine) - sum(counts.values()),
                        families=_families(criterion, mine, titles),
                        **counts,
                        **_measured([score.earned for score in mine], criterion.points, totals),
                    )
                )
        if question.written_points:
            found.append(_written_criterion(question, graded, totals))
    return tuple(found)


def _measured(earned: Sequence[float], possible: float, totals: Sequence[float]) -> dict[str, Any]:
    """What is measured alike of a question, a criterion and a written answer."""
    return {
        "possible": possible,
        "pass_rate": fmean(math.isclose(own, possible) for own in earned),
        "mean_share": fmean(own / possible for own in earned),
        "item_rest": measures.item_rest(earned, totals),
        "upper_lower": measures.upper_lower([own / possible for own in earned], totals),
    }


def _written_criterion(question: Question, graded: Sequence[Result], totals: Sequence[float]) -> Measured:
    """The written answer to a question that gives points for it: right when every answer in it is."""
    words = Counter(answer.word if (answer := _written(grade, question)) else "missing" for grade in graded)
    return Measured(
        id=written_column(question.id),
        title="Written answer",
        question=question.id,
        right=words["right"],
        wrong=words["wrong"],
        no_answer=words["missing"] + words["open"],
        **_measured(_written_column(graded, question), question.written_points, totals),
    )


def _families(criterion: Criterion, scores: Sequence[ScoreResult], titles: dict[str, str]) -> tuple[FamilyRate, ...]:
    """How many are right on every case of a family; a grade without verdicts on it is not right."""
    right = Counter(chain.from_iterable(score.right for score in scores))
    rates = [FamilyRate(name=name, title=titles[name], share=right[name] / len(scores)) for name in criterion.families]
    return tuple(sorted(rates, key=lambda rate: rate.share))


def _mistakes(assignment: Assignment, graded: Sequence[Result]) -> tuple[Mistake, ...]:
    """Count a misconception once where functions name it alike: who has it in two has one idea."""
    order = {part.name: place for place, part in enumerate(assignment.parts)}
    hints = {(m.name, part.name): m.hint for part in assignment.parts for m in part.misconceptions}
    who: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    possibly: dict[str, set[str]] = defaultdict(set)
    for grade in graded:
        for score in grade.scores:
            if score.misconception is not None:
                who[score.misconception][score.part].add(grade.student)
            for name in score.possibly:
                possibly[name].add(grade.student)
                who[name][score.part].update()
    found = []
    for name, by_part in who.items():
        parts = sorted(by_part, key=lambda part: (order.get(part, len(order)), part))
        students = sorted(set().union(*by_part.values()))
        found.append(
            Mistake(
                name=name,
                parts=tuple(parts),
                hint=hints.get((name, max(parts, key=lambda part: len(by_part[part])))) or kinds.general(name),
                share=len(students) / len(graded),
                students=tuple(students),
                possibly=tuple(sorted(possibly[name].difference(students))),
            )
        )
    return tuple(sorted(found, key=lambda mistake: (-len(mistake.students), mistake.name)))


def _statuses(graded: Sequence[Result]) -> tuple[StatusCount, ...]:
    scores: Counter[tuple[Status, bool]] = Counter()
    students: Counter[tuple[Status, bool]] = Counter()
    for grade in graded:
        kinds = [(score.status, score.not_written) for score in grade.scores]
        scores.update(kinds)
        students.update(set(kinds))
    found = [
        StatusCount(status=status, not_written=stub, criteria=scores[status, stub], students=students[status, stub])
        for status in STATUSES
        for stub in (False, True)
        if scores[status, stub]
    ]
    return tuple(sorted(found, key=lambda count: -count.criteria))


def _stopped(assignment: Assignment, graded: Sequence[Result]) -> tuple[Stopped, ...]:
    who: dict[tuple[str, Status], set[str]] = defaultdict(set)
    for grade in graded:
        for score in grade.scores:
            who[score.part, score.status].add(grade.student)
    return tuple(
        Stopped(part=part.name, status=status, students=tuple(sorted(who[part.name, status])))
        for part in assignment.parts
        for status in STOPPED
        if (part.name, status) in who
    )


def _durations(log: Sequence[LogEntry]) -> WallTimes | None:
    known = sorted(
        ((entry.student, entry.seconds) for entry in log if entry.seconds is not None),
        key=lambda one: (-one[1], one[0]),
    )
    if not known:
        return None
    seconds = [seconds for _, seconds in known]
    return WallTimes(
        count=len(known),
        median=median(seconds),
        longest=seconds[0],
        total=math.fsum(seconds),
        slowest=tuple(known[:SLOWEST]),
    )
