"""What a student reads below a test cell of the notebook: the words of the feedback file on one function or answer."""

import html
import re

from autograder.model import Assignment, Question
from autograder.results import Grade, PartFeedback
from autograder.words import counted
from reports.feedback.markdown import about_part, left_open, points
from reports.feedback.summary import summary
from reports.feedback.words import WRITTEN

_CODE = re.compile(r"`([^`]*)`")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CLOSING = "Points come from hidden cases only."


def part_feedback(assignment: Assignment, grade: Grade) -> dict[str, PartFeedback]:
    """Write the feedback of each part by its name, and of each written answer that gives points by its cell's."""
    found = {}
    for part in assignment.parts:
        scores = [score for score in grade.scores if score.part == part.name]
        earned = min(max(float(sum(score.earned for score in scores)), 0.0), part.possible)
        lines = [f"**{points(earned)} of {counted(part.possible, 'point')}** for `{part.name}`"]
        if grade.status == "graded":
            lines += summary(assignment, grade, part)
        lines += about_part(part, scores, whole=True)
        if earned < part.possible:
            lines += [f"- {note}" for note in grade.notes]
        found[part.name] = PartFeedback(earned=earned, possible=part.possible, html=_html(lines))
    for question in assignment.questions:
        if question.written_points:
            found[question.written_cell] = _written(question, grade)
    return found


def _written(question: Question, grade: Grade) -> PartFeedback:
    """Say what the written answer to a question earns."""
    answer = next((one for one in grade.written if one.question == question.id), None)
    possible = float(question.written_points)
    earned = min(max(float(answer.earned), 0.0), possible) if answer else 0.0
    word = WRITTEN[answer.word if answer else "missing"]
    lines = [f"**{points(earned)} of {counted(possible, 'point')}** for your derivation: {word}"]
    lines += [f"- {left_open(answer)}"] if answer and answer.open else []
    return PartFeedback(earned=earned, possible=possible, html=_html(lines, closing=""))


def _html(lines: list[str], closing: str = _CLOSING) -> str:
    pieces = [
        f"<ul><li>{_inline(line[2:])}</li></ul>" if line.startswith("- ") else f"<p>{_inline(line)}</p>"
        for line in lines
        if line
    ]
    pieces += [f"<p><em>{closing}</em></p>"] if closing else []
    return "\n".join(pieces).replace("</ul>\n<ul>", "\n") + "\n"


def _inline(line: str) -> str:
    """Escape everything, then set code and bold text."""
    return _BOLD.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", html.escape(line)))
