"""What a person adjusted, as the student reads it: apart from what was graded, and in the total."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from autograder.gradebook.adjustments import LATE, counted
from autograder.gradebook.table import written_column
from autograder.model import Assignment
from autograder.results import Adjustment, Grade, PartFeedback
from autograder.shown import visible

HEADING = "Adjusted by your instructors"


def total(grade: Grade) -> float:
    """Sum the points, adjustments among them."""
    return grade.earned + sum(counted(grade).values())


def adjusted_lines(assignment: Assignment, grade: Grade) -> list[str]:
    """List the adjustments in Markdown; nothing when there is none."""
    if not grade.adjustments:
        return []
    titles = {criterion.id: criterion.title for part in assignment.parts for criterion in part.criteria}
    titles |= {written_column(one.id): f"written answer, {one.title}" for one in assignment.questions}
    titles[LATE] = "Handed in late"
    real = counted(grade)
    rows = [f"- **{titles[one.criterion]}**: {_step(one, real)}. {_plain(one.reason)}" for one in grade.adjustments]
    return [f"**{HEADING}**, from {grade.earned:g} as graded:", "", *rows, ""]


def adjusted_parts(
    assignment: Assignment, grade: Grade, parts: Mapping[str, PartFeedback]
) -> Mapping[str, PartFeedback]:
    """Apply them to what nbgrader stores and shows of each function and written answer."""
    real = counted(grade)
    found = dict(parts)
    cells = {part.name: {criterion.id: criterion.title for criterion in part.criteria} for part in assignment.parts}
    cells |= {one.written_cell: {written_column(one.id): "written answer"} for one in assignment.questions}
    for name, ids in cells.items():
        mine = [one for one in grade.adjustments if one.criterion in ids]
        if mine and name in parts:
            said = "".join(
                f"<li><strong>{escape(ids[one.criterion])}</strong>: "
                f"{_step(one, real)}. {escape(visible(one.reason))}</li>"
                for one in mine
            )
            before = parts[name]
            earned = before.earned + sum(real[one.criterion] for one in mine)
            told = f"<p><strong>{HEADING}: {earned:g} of {before.possible:g}</strong></p>\n<ul>{said}</ul>\n"
            found[name] = replace(before, earned=earned, html=told + before.html)
    return found


def _step(one: Adjustment, real: Mapping[str, float]) -> str:
    said = f"{one.points:+g}"
    step = real.get(one.criterion, 0.0)
    return said if step == one.points else f"{said}, of which {step:g} counts"


def _plain(text: str) -> str:
    """A reason is words: nothing in it is a mark, a tag or a link."""
    return visible(text).translate(_MARKS)


_MARKS = str.maketrans({"`": "'", "*": "", "<": "(", ">": ")", "[": "(", "]": ")"})
