"""Grades of written parts: what the prover is asked, and what its findings are worth."""

from collections import Counter
from collections.abc import Sequence

from autograder import wire
from autograder.model import Assignment, Question, Setting
from autograder.results import Finding, Submission, WrittenQuestion

_STEPS = 2
"""Equalities that each final answer needs, so that a bare result is no derivation."""
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

    `Question.written_points` is the switch: right answers and steps that hold earn their shares of them, and what could
    not be read is left open for a person. There is nothing to tell when there is no written part and no points for one.
    """
    # The count of formulas is about none of the questions.
    found = [one for one in findings if one.name != COUNT]
    if submission.written_problem:
        found.append(Finding(kind="remark", question="", name="", mark="unread", detail=submission.written_problem))
    # What was not read at all may have been about any question.
    whole = not any(one.kind != "answer" and one.mark == "unread" and not one.question for one in found)
    graded = []
    for question in assignment.questions:
        mine = tuple(one for one in found if one.question == question.id)
        if mine or question.written_points:
            judged = question.setting is not None and bool(question.derivations)
            share, left = _shares(question, mine, whole=whole and (judged or not submission.written))
            graded.append(
                WrittenQuestion(
                    question=question.id,
                    earned=question.written_points * share,
                    possible=question.written_points,
                    findings=mine,
                    open=question.written_points * left,
                )
            )
    ids = {question.id for question in assignment.questions}
    rest = tuple(one for one in found if one.question not in ids)
    if rest:
        graded.append(WrittenQuestion(question="", earned=0.0, possible=0.0, findings=rest))
    return tuple(graded)


def _shares(question: Question, findings: Sequence[Finding], *, whole: bool) -> tuple[float, float]:
    """Which shares of its points an answer earns, and which are left open.

    A final answer is worth as much as each other; so is each step, of which there must be `_STEPS` for each answer.
    """
    answers = Counter(one.mark for one in findings if one.kind == "answer")
    lines = Counter(one.mark for one in findings if one.kind == "line")
    unread = not whole or lines["unread"] > 0 or any(one.kind == "remark" and one.mark == "unread" for one in findings)
    asked_for = answers.total()
    if not asked_for:
        return 0.0, 0.0 if whole else 1.0
    right = answers["right"] / asked_for
    # What was not found may stand where it could not be read.
    open_answers = (answers["unread"] + answers["missing"] * unread) / asked_for
    steps = max(lines["holds"] + lines["fails"] + lines["unread"], _STEPS * asked_for)
    held = lines["holds"] / steps
    missing = steps - lines["holds"] - lines["fails"]
    open_steps = (missing if not whole else lines["unread"]) / steps
    share = question.steps_share
    return (1 - share) * right + share * held, (1 - share) * open_answers + share * open_steps
