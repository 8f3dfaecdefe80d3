"""Facts of an assignment, as they would stand in a test: its ids, its names, and the points that can be earned."""

from __future__ import annotations

import re
from typing import get_args

from autograder.model import Assignment
from autograder.model.mistakes import USUAL
from autograder.words import Layout


def facts(assignment: Assignment) -> re.Pattern[str]:
    """Find them in a line; a letter says nothing, and neither does a number that nobody calls points."""
    outputs = (output.name for part in assignment.parts for output in part.outputs)
    names = {
        assignment.title,
        *(text for one in assignment.questions for text in (one.id, one.title, one.section) if text),
        *(part.name for part in assignment.parts),
        *(name for name in outputs if len(name) > 1),
    }
    kinds = {one.name for part in assignment.parts for one in (*part.families, *part.misconceptions)}
    # One plain word may be anybody's.
    quoted = {name for name in kinds if "_" in name} - {*get_args(Layout), *USUAL}
    total = rf"{re.escape(f'{assignment.possible:g}')}(?:\.0)?(?![\w.]*\d)"
    return re.compile(
        rf"(?<![^\W_])(?:{_any(names)})(?![^\W_])"
        rf"|(?<=['\"`])(?:{_any(quoted)})(?=['\"`])"
        rf"|\b{total} points?\b|\bof {total}|(?<=['\"]){total}(?=['\"])|==[\s(\[]*{total}"
        rf"|\b(?:earned|possible|points|score)\W+{total}"
    )


def _any(names: set[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
