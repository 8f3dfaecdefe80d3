"""Facts of the homework stand in `tests/solutions`, and whoever runs any other test may have another homework."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.model import Assignment
from tests.facts import facts

pytestmark = pytest.mark.no_cover  # it reads the source, and runs none of it

ABOUT_IT: Mapping[str, str] = {
    "tests/solutions": "the homework's own tests",
    "tests/catalogue": "its functions, written rightly and wrongly",
    "tests/submissions": "what students hand in for it",
    "tests/attacks": "submissions to it that attack",
    "tests/nbgrader_attacks": "submissions to it that attack nbgrader",
    "tests/assignments": "other homeworks, whose functions may be called as ours are",
    "tests/lint": "a question of one of those",
    "tests/benchmarks": "its rubric, as other graders would hold it",
    "tests/cluster": "a class of it, on a cluster",
    "tests/derivation_mutants.py": "its derivations, changed",
    "tests/equivalent_mutants.py": "its references, changed",
}
"""Where its facts may stand, and why."""


def found_in(path: Path, known: re.Pattern[str]) -> list[str]:
    """Say file, line and fact."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [f"{path}:{number}: {match[0]}" for number, line in lines if (match := known.search(line))]


def test_facts_of_the_homework_stand_with_its_own_tests(assignment: Assignment) -> None:
    paths = [path for path in sorted(Path("tests").rglob("*.py")) if not any(map(path.is_relative_to, ABOUT_IT))]
    assert len(paths) > 80
    assert [line for path in paths for line in found_in(path, facts(assignment))] == []


def test_each_kind_of_fact_is_found_and_nobody_elses(small: Assignment) -> None:
    total = f"{small.possible:g}"
    planted = [
        *(question.id for question in small.questions),
        *(f"def {part.name}(x):" for part in small.parts),
        *(output.name for part in small.parts for output in part.outputs),
        small.title,
        "lost = 'step_left_out'",
        *(f"{total} points", f"9 of {total}", f'["earned"] == "{total}"', f"== ({total}, 3)", f"possible={total}.0"),
    ]
    assert [line for line in planted if not facts(small).search(line)] == []
    others = [f"range({total})", f"of {total}00", f"{total}.5 points", "q34", "summers", "step_left_out"]
    assert [line for line in others if facts(small).search(line)] == []
