"""The class that ships with the homework, before its own self-check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.selfcheck import test_selfcheck

CLASS = Path(__file__).parents[1] / "submissions" / "class"
program, alone = test_selfcheck.program, test_selfcheck.alone


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("student-01.py", 0, "2: the softmax module and its Jacobian: ok"),
        ("student-03/hw1.ipynb", 0, "matplotlib is not available when your work is graded"),
        ("student-05.py", 1, "dC_dW has shape (2, 3), expected (3, 2)"),
        ("student-06.ipynb", 1, "changes at the rate"),
        ("student-09.ipynb", 1, "(nearly: an approximation, or float32?)"),
        ("student-10/homework1.py", 1, "changes its input dC_dy; work on a copy"),
        ("student-12.ipynb", 1, "cell 3, line 2: SyntaxError"),
    ],
)
def test_the_class_checks_itself(alone: Any, name: str, code: int, words: str) -> None:
    result = alone(CLASS / name)
    assert result.returncode == code, result.stderr
    assert words in result.stdout
    assert result.stderr == ""
