"""``hw1 prove``: one line per equality, and the first wrong one named."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Command = Callable[..., Result]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Copy one question with one text replaced; the others would be proved before it, and hold."""

    def change(file: str, old: str, new: str) -> Path:
        copy = tmp_path / "changed"
        shutil.copytree("solutions", copy, ignore=lambda _, names: {*names} - {"__init__.py", file})
        text = (copy / file).read_text()
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1))
        return copy

    return change


def test_every_equality_has_a_line_and_holds(hw1: Command) -> None:
    result = hw1("prove")
    assert result.exit_code == 0, result.output
    numbers = [int(found) for found in re.findall(r"^ +(\d+)  [a-z]", result.output, re.MULTILINE)]
    assert numbers == list(range(1, numbers[-1] + 1))
    assert numbers[-1] >= 25
    last = result.output.splitlines()[-1]
    assert last.startswith(f"{numbers[-1]} equalities in ")
    assert "for all m and n at once" in result.output
    assert "element by element for K = 1, 2, 3, 5; for all K at once" in result.output
    assert "for K = 2, 3, 5 (with K = 1 there is no i ≠ j)" in result.output
    assert "m × n = 1 × 1, 1 × 3, 3 × 1, 2 × 2, 2 × 3, 3 × 2" in result.output
    # Every result has a name of its own.
    names = re.findall(r"\(result (\S+)\)$", result.output, re.MULTILINE)
    assert len(set(names)) == len(names) > 10
    assert {name.partition(".")[0] for name in names} == {"1a", "1b", "2"}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "q1a.py",
            r"\cdot x_2 + \frac{\partial C}{\partial y_2} \cdot 0",
            r"\cdot x_2 - \frac{\partial C}{\partial y_2} \cdot 0",
            "does not hold, by substitution: equal in value, but it does not follow",
        ),
        (
            "q1a.py",
            r'latex=r"\frac{\partial C}{\partial \mathbf{y}} \mathbf{x}^\top"',
            r'latex=r"\frac{\partial C}{\partial \mathbf{y}} \mathbf{x}"',
            "does not hold, by matrix form: 2 x 1 is multiplied with 2 x 1, at m = 2, n = 2",
        ),
        ("q2.py", r"\sum_{n=1, n \neq i}^K", r"\sum_{n=1, n \neq j}^K", "does not hold, by factoring"),
        ("q2.py", 'latex=r"-\\beta y_i y_j"', 'latex=r"-y_i y_j"', "left -0.5, right -0.25 at K = 2, i = 1, j = 2"),
    ],
)
def test_the_first_wrong_line_is_named(hw1: Command, changed, file: str, old: str, new: str, says: str) -> None:
    result = hw1("prove", "--assignment", changed(file, old, new))
    assert result.exit_code == 1
    assert says in result.output
    assert len(re.findall("does not hold", result.output)) == 1
    assert "equalities in" not in result.output


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('rule="quotient rule"', 'rule="magic"', "q2, 'The diagonal of the Jacobian', step 1: no rule 'magic'"),
        (r'latex=r"-\beta y_i y_j"', r'latex=r"-\foo y_i y_j"', r"q2, 'The rest, closed', step 3: cannot read"),
        (r'condition=r"i \neq j"', 'condition="i < j"', "condition 'i < j'"),
        ("    setting=SETTING,\n", "", "question 'q2': derivations without a setting"),
    ],
)
def test_what_cannot_be_read_is_one_line(hw1: Command, changed, old: str, new: str, says: str) -> None:
    result = hw1("prove", "--assignment", changed("q2.py", old, new))
    assert result.exit_code == 2
    assert says in result.output
    assert len(result.stderr.splitlines()) == 1
