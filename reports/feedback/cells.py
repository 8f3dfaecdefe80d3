"""What a student reads below a test cell of the notebook: the same words as in the feedback file, for one function."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from autograder.model import Assignment, Part
from autograder.results import Grade, PartFeedback
from autograder.words import counted
from reports.feedback.markdown import WRITTEN, about_part, left_open, points
from reports.feedback.summary import summary

_CODE = re.compile(r"`([^`]*)`")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CLOSING = "Points come from hidden cases only."


def part_feedback(assignment: Assignment, grade: Grade) -> dict[str, PartFeedback]:
    """Write the feedback of each part, by its name and in the assignment's order."""
    found = {}
    for part in assignment.parts:
        scores = [score for score in grade.scores if score.part == part.name]
        possible = float(sum(criterion.points for criterion in part.criteria))
        earned = min(max(float(sum(score.earned for score in scores)), 0.0), possible)
        lines = [f"**{points(earned)} of {counted(possible, 'point')}** for `{part.name}`"]
        if grade.status == "graded":
            lines += summary(assignment, grade, part)
        lines += about_part(part, scores, whole=True)
        lines += _written(assignment, grade, part)
        if earned < possible:
            lines += [f"- {note}" for note in grade.notes]
        found[part.name] = PartFeedback(earned=earned, possible=possible, html=_html(lines))
    return found


def _written(assignment: Assignment, grade: Grade, part: Part) -> Iterator[str]:
    """Say what the written answer to a question earns, below its last function; nbgrader has no cell for it."""
    question = next(one for one in assignment.questions if part in one.parts)
    for answer in grade.written:
        if answer.question == question.id and answer.possible and part is question.parts[-1]:
            earned = f"{points(answer.earned)} of {counted(answer.possible, 'point')}"
            yield f"- **Written answer**: {earned}, {WRITTEN[answer.word]}; not in this cell's points."
            if answer.open:
                yield f"- {left_open(answer)}"


def _html(lines: list[str]) -> str:
    pieces = [
        f"<ul><li>{_inline(line[2:])}</li></ul>" if line.startswith("- ") else f"<p>{_inline(line)}</p>"
        for line in lines
        if line
    ]
    return "\n".join([*pieces, f"<p><em>{_CLOSING}</em></p>"]).replace("</ul>\n<ul>", "\n") + "\n"


def _inline(line: str) -> str:
    """Escape everything, then set code and bold text."""
    return _BOLD.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", html.escape(line)))
