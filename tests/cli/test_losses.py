"""A homework with a word as a switch, a whole number, a default in the middle, a cell that saturates: all the way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from autograder.loading import load_assignment, part_codes, reference_source
from autograder.mathematics.proof.proving import prove
from reports.solution import solution

Command = Callable[..., Result]
LOSSES = Path(__file__).parents[1] / "assignments" / "losses"
ANSWER = r"""
## 4
For $i = j$: $$\frac{\partial w_i}{\partial u_j} = \frac{s - 2 u_i^2}{s^2}$$
For $i \neq j$: $$\frac{\partial w_i}{\partial u_j} = -\frac{2 u_i u_j}{s^2}$$
$$\frac{\partial C}{\partial u_j}
  = \frac{\partial C}{\partial z_j} - \frac{1}{n} \sum_k \frac{\partial C}{\partial z_k}$$
"""
OTHERWISE = """
import numpy as np


def huber(w, X, t, delta=1.0, penalty=0.0, reduction="sum"):
    cost, slope = 0.0, np.zeros(len(w))
    for row, target in zip(X, t):
        r = sum(x * one for x, one in zip(row, w)) - target
        inside = abs(r) <= delta
        cost += r * r / 2 if inside else delta * abs(r) - delta * delta / 2
        slope += row * (r if inside else delta * np.sign(r))
    n = {"sum": 1, "mean": len(t)}[reduction]
    return cost / n + penalty * (w**2).sum() / 2, slope / n + penalty * w


def conv_gradients(x, k, dC_dy, stride):
    places = np.arange(len(dC_dy))[:, None] * stride + np.arange(len(k))
    dx = np.zeros(len(x))
    np.add.at(dx, places, np.outer(dC_dy, k))
    return dx, dC_dy @ x[places]


def cell_jacobian(h, U, a):
    return U / np.cosh(U @ h + a)[:, None] ** 2
"""
SLIPS = {"penalty * w": "2 * penalty * w", "* stride": "* 1", "np.cosh(U @ h + a)": "-np.cosh(U @ h + a)"}


def test_it_keeps_the_rules_and_is_given_out(hw1: Command, tmp_path: Path) -> None:
    result = hw1("lint", "--assignment", LOSSES)
    assert (result.exit_code, result.output) == (0, "4 questions, nothing to complain about\n")
    where = ("--course", tmp_path / "course", "--assignment", LOSSES)
    (tmp_path / "course").mkdir()
    assert hw1("truths", *where).exit_code == 0
    again = hw1("truths", "--check", *where)
    assert (again.exit_code, again.output) == (0, "truths: the cache is what PyTorch computes now\n")
    released = hw1("release", "student", "--output", tmp_path / "given", *where)
    assert released.exit_code == 0, released.output


def test_its_solution_has_one_heading_a_question_and_shows_what_code_leans_on(hw1: Command, tmp_path: Path) -> None:
    folder = tmp_path / "losses"
    shutil.copytree(LOSSES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    page = (folder / "q3.py").read_text(encoding="utf-8")
    returned = "return (1 - np.tanh(U @ h + a) ** 2)[:, None] * U"
    assert returned in page
    page = page.replace(returned, "return _slopes(U @ h + a)[:, None] * U").replace(
        "def module(",
        'def _slopes(z: Any) -> Any:\n    """Not shown."""\n    return 1 - np.tanh(z) ** 2\n\n\ndef module(',
        1,
    )
    (folder / "q3.py").write_text(page, encoding="utf-8")
    assignment = load_assignment(folder)
    codes = part_codes(assignment)
    assert codes["cell_jacobian"].startswith("def _slopes(z):\n    return 1 - np.tanh(z) ** 2\n\ndef cell_jacobian(")
    text = solution(assignment, prove(assignment), codes, {}).dumps()
    assert r"\section{A loss with a kink}" in text
    assert r"\subsection{" not in text.partition(r"\begin{document}")[2]
    assert "not shown" not in text.lower()


def test_right_answers_are_right_however_they_are_computed(hw1: Command, tmp_path: Path) -> None:
    slipped = OTHERWISE
    for right, wrong in SLIPS.items():
        assert right in slipped
        slipped = slipped.replace(right, wrong)
    for name, code in (("ann", reference_source(load_assignment(LOSSES))), ("bob", OTHERWISE), ("cy", slipped)):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "losses.py").write_text(code, encoding="utf-8")
    (tmp_path / "class" / "ann" / "answer.md").write_text(ANSWER, encoding="utf-8")
    (tmp_path / "here").mkdir()
    result = hw1(
        "grade",
        tmp_path / "class",
        *("--output", tmp_path / "grades", "--course", tmp_path / "here", "--assignment", LOSSES),
    )
    assert result.exit_code == 0, result.output
    rows = {line.split()[0]: line.split()[1:] for line in result.output.splitlines() if line.strip()}
    assert rows["ann"] == ["14", "8", "4", "6", "32", "32", "all", "right"]
    assert rows["bob"] == ["14", "8", "4", "0", "26", "32", "code", "all", "right"]
    assert rows["cy"] == ["6", "0", "0", "0", "6", "32", "wrong,", "no", "stride,", "negated"]
    told = (tmp_path / "grades" / "cy" / "feedback.md").read_text(encoding="utf-8")
    assert "| q4 | Written answer | no answer | 0 / 6 |" in told
    assert "reduction='sum'" in told
    assert "ignored" not in told.partition("### `conv_gradients`")[0]
    assert "are the right outputs for stride = 1: is `stride` ignored?" in told
    grade = json.loads((tmp_path / "grades" / "ann" / "grade.json").read_text(encoding="utf-8"))
    marks = {found["mark"] for one in grade["written"] for found in one["findings"]}
    assert marks <= {"holds", "right", "note", "missing"}
