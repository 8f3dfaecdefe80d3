"""What a student reads below a test cell of the notebook: the same words as in the feedback file, for one function."""

from __future__ import annotations

import html
import re

from autograder.model import Assignment
from autograder.results import Grade, PartFeedback
from reports.feedback.markdown import WORDS, failed_public_cases, points

_CODE = re.compile(r"`([^`]*)`")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CLOSING = "Points come from hidden cases only."


def part_feedback(assignment: Assignment, grade: Grade) -> dict[str, PartFeedback]:
    """Write the feedback of each part, by its name and in the assignment's order."""
    criteria = {criterion.id: criterion for part in assignment.parts for criterion in part.criteria}
    outputs = {id_: criterion.output for id_, criterion in criteria.items()}
    found = {}
    for part in assignment.parts:
        scores = [score for score in grade.scores if score.part == part.name]
        possible = float(sum(criterion.points for criterion in part.criteria))
        earned = min(max(float(sum(score.earned for score in scores)), 0.0), possible)
        lines = [f"**{points(earned)} of {points(possible)} points** for `{part.name}`"]
        for score in scores:
            result = f"{points(score.earned)} of {points(score.possible)}, {WORDS[score.status]}"
            lines.append(f"- **{criteria[score.criterion].title}**: {result}. {score.feedback}")
        if earned < possible:
            lines += [f"- {note}" for note in grade.notes]
        if grade.status == "graded":
            lines += [line for line in failed_public_cases(scores, outputs) if line]
        found[part.name] = PartFeedback(earned=earned, possible=possible, html=_html(lines))
    return found


def _html(lines: list[str]) -> str:
    pieces = [f"<ul><li>{_inline(line[2:])}</li></ul>" if line.startswith("- ") else _inline(line) for line in lines]
    return "\n".join([*pieces, f"<p><em>{_CLOSING}</em></p>"]).replace("</ul>\n<ul>", "\n") + "\n"


def _inline(line: str) -> str:
    """Escape everything, then set code and bold text."""
    return _BOLD.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", html.escape(line)))
