"""What a student reads below a test cell of the notebook: the same words as in the feedback file, for one function."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from autograder.model import Assignment
from autograder.results import Grade
from reports.feedback import WORDS, failed_public_cases, points

_CODE = re.compile(r"`([^`]*)`")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CLOSING = "Points come from hidden cases only."


@dataclass(frozen=True, kw_only=True)
class PartFeedback:
    """One function's result, as nbgrader stores and shows it.

    Attributes
    ----------
    earned, possible : float
        Points; never below 0 or above what is possible.
    html : str
        Lists, emphasis and code only, all else escaped.
    """

    earned: float
    possible: float
    html: str


def part_feedback(assignment: Assignment, grade: Grade) -> dict[str, PartFeedback]:
    """Write the feedback of each part.

    Parameters
    ----------
    assignment : Assignment
        For titles.
    grade : Grade
        The student's scores.

    Returns
    -------
    dict
        By name of the part, in the assignment's order.
    """
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
        lines.append(_CLOSING)
        found[part.name] = PartFeedback(earned=earned, possible=possible, html=_html(lines))
    return found


def _html(lines: list[str]) -> str:
    pieces: list[str] = []
    for line in lines:
        if line.startswith("- "):
            pieces.append(f"<ul><li>{_inline(line[2:])}</li></ul>")
        else:
            pieces.append(f"<p><em>{_inline(line)}</em></p>" if line == _CLOSING else _inline(line))
    return "\n".join(pieces).replace("</ul>\n<ul>", "\n") + "\n"


def _inline(line: str) -> str:
    """Escape everything, then set code and bold text."""
    return _BOLD.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", html.escape(line)))
