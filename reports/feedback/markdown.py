"""A student's feedback in Markdown: the only text of ours that a student may read about a graded submission.

Hidden cases show as a criterion's status, the misconception's hint and the words of the rubric. Public cases, which the
student has anyway, show their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.model import Assignment
from autograder.results import Finding, Grade, Score, Verdict
from autograder.shown import decoded, visible
from reports.feedback.adjusted import HEADING, adjusted_lines, total

_TAG_OR_LINK = re.compile(r"<(?=[A-Za-z/!?])|(?<=\])\(")
WORDS: Mapping[str, str] = {
    "unreadable": "unreadable",
    "missing": "not there",
    "forbidden": "not allowed",
    "crashed": "crashed",
    "out_of_memory": "out of memory",
    "timed_out": "too slow",
    "output_limit": "too much data",
    "raised": "exception",
    "mutated": "inputs changed",
    "wrong": "wrong",
    "approx": "approximate",
    "passed": "right",
}
"""What a student reads for a status."""

WRITTEN: Mapping[str, str] = {"right": "right", "wrong": "not all right", "missing": "no answer"}
"""What a student reads for a written answer that gives points."""

REFUSALS: Mapping[str, str] = {
    "arity": "not the number of arrays that was asked for",
    "none": "nothing (None): is there a return?",
    "complex": "complex numbers",
    "boolean": "truth values, not numbers",
    "half": "float16: too coarse to be judged",
    "text": "text",
    "object": "something that is not an array of numbers",
    "matrix": "a numpy matrix: return a plain array",
    "ragged": "a list of lists of different lengths",
    "rank": "an array of too many dimensions",
}
"""What a student reads about a returned object that is not an answer; for public cases only."""

MOST_UNREAD = 5
"""Most lines of a written answer that are listed because they could not be read."""

LONGEST = 1200
"""Most characters of numbers printed for one array of a public case."""


def points(value: float) -> str:
    """Print points without needless zeros."""
    return f"{value:g}"


def numbers(value: Any) -> str:
    """Print a value of a public case, six digits of each number and `LONGEST` characters at most."""
    if isinstance(value, list):
        text = "[" + ", ".join(numbers(v) for v in value) + "]"
    else:
        text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."


def _code(text: str) -> str:
    """Text of a student's making inside a code span: nothing in it can end the span."""
    return "`" + text.replace("`", "'").replace("\n", " ") + "`"


@dataclass(frozen=True, kw_only=True, eq=False)
class FailedCase:
    """A public case with an output that is not right."""

    inputs: Mapping[str, Any]
    #: By output, those that are not right.
    verdicts: Mapping[str, Verdict]


def in_words(verdict: Verdict) -> str:
    """Say what came back from a public case when it cannot be shown in numbers."""
    reason = verdict.difference.reason if verdict.difference else ""
    if verdict.difference and verdict.difference.kind == "shape":
        return "an array of a far larger shape than the right one"
    if verdict.status == "wrong" and not reason:
        return "nothing that can be shown in numbers"  # from before grade.json kept the reason
    if verdict.status == "raised" and verdict.exception:
        return f"{verdict.exception} was raised"
    return REFUSALS.get(reason, WORDS[verdict.status])


def _came(verdict: Verdict, actual: Any) -> str:
    """What came back from a public case, in numbers or in words."""
    if actual is None:
        return in_words(verdict)
    shape = " (its shape is not the right one)" if verdict.difference and verdict.difference.kind == "shape" else ""
    return f"`{numbers(actual)}`{shape}"


def failed_cases(scores: Sequence[Score], outputs: Mapping[str, str]) -> tuple[FailedCase, ...]:
    """Find the public cases that a part fails, each once and in the rubric's order, by the output of each criterion."""
    failed: dict[str, dict[str, Verdict]] = {}
    for score in scores:
        for verdict in score.verdicts:
            if verdict.shown is not None and verdict.status != "passed":
                failed.setdefault(verdict.case, {}).setdefault(outputs[score.criterion], verdict)
    return tuple(
        FailedCase(inputs=(next(iter(verdicts.values())).shown or {})["inputs"], verdicts=verdicts)
        for verdicts in failed.values()
    )


def failed_public_cases(scores: Sequence[Score], outputs: Mapping[str, str]) -> list[str]:
    """List the public cases that a part fails, each once, with every output that is not right."""
    lines: list[str] = []
    for case in failed_cases(scores, outputs):
        arguments = ", ".join(f"{name}={numbers(value)}" for name, value in case.inputs.items())
        lines += ["", f"Public case `{scores[0].part}({arguments})`:", ""]
        for output, verdict in case.verdicts.items():
            mine = verdict.shown or {}
            lines += [f"- {output}, yours: {_came(verdict, mine['actual'])}"]
            lines += [f"- {output}, right: `{numbers(mine['truth'])}`"]
    return lines


def _part(scores: Sequence[Score], assignment: Assignment) -> list[str]:
    """What there is to say about one function; nothing when all is right."""
    criteria = {criterion.id: criterion for part in assignment.parts for criterion in part.criteria}
    told = [s for s in scores if s.status != "passed" or s.relaid]
    if not told:
        return []
    lines = ["", f"### `{scores[0].part}`", ""]
    for s in told:
        earned = f"{points(s.earned)} of {points(s.possible)}, {WORDS[s.status]}"
        lines.append(f"- **{criteria[s.criterion].title}**: {earned}. {s.feedback}")
    return lines + failed_public_cases(scores, {id_: criterion.output for id_, criterion in criteria.items()})


def _table(grade: Grade, titles: Mapping[str, str]) -> list[str]:
    rows = []
    for question in dict.fromkeys(score.question for score in grade.scores):
        rows += [
            f"| {question} | {titles[score.criterion]} | {WORDS[score.status]} "
            f"| {points(score.earned)} / {points(score.possible)} |"
            for score in grade.scores
            if score.question == question
        ]
        rows += [
            f"| {question} | Written answer | {WRITTEN[answer.word]} "
            f"| {points(answer.earned)} / {points(answer.possible)} |"
            for answer in grade.written
            if answer.question == question and answer.possible
        ]
    rows += [f"| | {HEADING} | | {total(grade) - grade.earned:+g} |"] if grade.adjustments else []
    last = f"| | **Total** | | **{points(total(grade))} / {points(grade.possible)}** |"
    return ["| question | criterion | result | points |", "|---|---|---|---:|", *rows, last]


def _notes(notes: Sequence[str]) -> list[str]:
    return ["", "## While your code was loaded", "", *(f"- {_text(note)}" for note in notes)] if notes else []


def _text(note: str) -> str:
    """Let no name of a file become a tag or a link."""
    return _TAG_OR_LINK.sub(r"\\\g<0>", note)


def _place(one: Finding) -> str:
    return f"{_code(one.label)}, line {one.line}" if one.label else "your text"


def _answered(one: Finding) -> str:
    """One final answer in words."""
    answer = f" {_code(one.latex)}" if one.latex else ""
    match one.mark:
        case "right":
            return f"- **{one.name}**: right ({_place(one)}){':' if answer else ''}{answer}."
        case "wrong":
            return f"- **{one.name}**: not right ({_place(one)}):{answer}. {_code(one.detail)}"
        case "unread":
            return f"- **{one.name}**: could not be judged ({_place(one)}):{answer}. {_code(one.detail)}"
        case _:
            return f"- **{one.name}**: no answer was found."


def _lines_found(lines: Sequence[Finding]) -> list[str]:
    """What there is to say of the lines: how many hold, the first that does not, those that could not be read."""
    words = (
        ("holds", "hold"),
        ("fails", "do not hold"),
        ("unread", "could not be read"),
        ("defined", "are definitions"),
    )
    counts = [(sum(one.mark == mark for one in lines), word) for mark, word in words]
    told = [f"- Of {len(lines)} lines: " + ", ".join(f"{count} {word}" for count, word in counts if count) + "."]
    failed = [one for one in lines if one.mark == "fails"]
    for one in failed[:1]:
        told.append(f"- The first line that does not hold ({_place(one)}): {_code(one.latex)}. {_code(one.detail)}")
    for one in [one for one in lines if one.mark == "unread"][:MOST_UNREAD]:
        told.append(f"- Could not be read ({_place(one)}): {_code(one.latex)}. {_code(one.detail)}")
    return told


def written_answer(assignment: Assignment, grade: Grade) -> list[str]:
    """Write what was found in a written part, as lines of Markdown; nothing when there is none."""
    if not any(answer.findings for answer in grade.written):
        return []
    titles = {question.id: question.title for question in assignment.questions}
    lines = ["", "## Your written answer", ""]
    for answer in grade.written:
        if not answer.findings:
            continue
        title = titles.get(answer.question, "All of it")
        earned = f" ({points(answer.earned)} of {points(answer.possible)} points)" if answer.possible else ""
        lines += [f"### {title}{earned}", ""]
        lines += [_answered(one) for one in answer.findings if one.kind == "answer"]
        equalities = [one for one in answer.findings if one.kind == "line"]
        lines += _lines_found(equalities) if equalities else []
        for one in answer.findings:
            if one.kind == "remark":
                lines.append(
                    f"- {one.detail[:1].upper()}{one.detail[1:]}." if one.mark == "note" else f"- {_code(one.detail)}"
                )
        lines.append("")
    return lines[:-1]


def feedback(assignment: Assignment, grade: Grade) -> str:
    """Write a student's feedback in Markdown.

    Two grades with the same statuses, names of mistakes and public numbers give the same text.
    """
    titles = {criterion.id: criterion.title for part in assignment.parts for criterion in part.criteria}
    lines = [
        f"# {assignment.title}: feedback for {_code(visible(decoded(grade.student)))}",
        "",
        f"**{points(total(grade))} of {points(grade.possible)} points**",
        "",
        *adjusted_lines(assignment, grade),
        *_table(grade, titles),
        *_notes(grade.notes),
    ]
    for question in assignment.questions if grade.status == "graded" else ():
        body: list[str] = []
        for part in question.parts:
            body += _part([s for s in grade.scores if s.part == part.name], assignment)
        if body:
            lines += ["", f"## {question.title}", *body]
    lines += written_answer(assignment, grade)
    lines += [
        "",
        "Points come from hidden cases only. Public cases are shown with their numbers; hidden ones never are.",
        "",
    ]
    return "\n".join(lines)
