"""Grades of written parts: what the prover is asked, and what its findings are worth."""

from __future__ import annotations

from collections.abc import Sequence

from autograder import wire
from autograder.model import Assignment, Question, Setting
from autograder.results import Finding, Submission, WrittenQuestion

COUNT = "count"
"""The name of the remark that counts formulas and equalities."""


def asked(assignment: Assignment) -> tuple[wire.Asked, ...]:
    """Say what a written part has to answer: the questions that have derivations, by their settings.

    Left-hand sides and conditions of the results are told, never the answers.
    """
    return tuple(
        _asked(question, question.setting)
        for question in assignment.questions
        if question.derivations and question.setting is not None
    )


def _asked(question: Question, setting: Setting) -> wire.Asked:
    return wire.Asked(
        id=question.id,
        # A result in another form or layout asks for the same.
        lefts=tuple(dict.fromkeys((one.left, one.condition) for one in question.derivations if one.result)),
        symbols=setting.symbols,
        functions=setting.functions,
        definitions=tuple((one.left, one.right, one.shape) for one in setting.definitions),
        sizes=setting.sizes,
        rows=setting.rows,
        spoken=setting.spoken,
    )


def grade_written(
    assignment: Assignment, submission: Submission, findings: Sequence[Finding]
) -> tuple[WrittenQuestion, ...]:
    """Sort findings by question, and give points where the instructor's switch says so.

    `Question.written_points` is the switch: every right answer earns its share of them. There is nothing to tell when
    there is no written part and no points for one.
    """
    # The count of formulas is about none of the questions.
    found = [one for one in findings if one.name != COUNT]
    if submission.written_problem:
        found.append(Finding(kind="remark", question="", name="", mark="unread", detail=submission.written_problem))
    graded = []
    for question in assignment.questions:
        mine = tuple(one for one in found if one.question == question.id)
        answers = [one for one in mine if one.kind == "answer"]
        right = sum(one.mark == "right" for one in answers)
        share = right / len(answers) if answers else 0.0
        if mine or question.written_points:
            graded.append(
                WrittenQuestion(
                    question=question.id,
                    earned=question.written_points * share,
                    possible=question.written_points,
                    findings=mine,
                )
            )
    ids = {question.id for question in assignment.questions}
    rest = tuple(one for one in found if one.question not in ids)
    if rest:
        graded.append(WrittenQuestion(question="", earned=0.0, possible=0.0, findings=rest))
    return tuple(graded)
