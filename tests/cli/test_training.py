"""A homework of other modules, from its folder alone: graded, released, proved and printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
from click.testing import Result

from autograder.loading import load_assignment, reference_source

Command = Callable[..., Result]
TRAINING = Path(__file__).parents[1] / "assignments" / "training"
ANSWERS = r"""
## Question 1
$$\frac{\partial L}{\partial x_i} = \frac{1}{s} \left( \frac{\partial L}{\partial z_i}
  - \frac{1}{n} \sum_{k=1}^n \frac{\partial L}{\partial z_k}
  - \frac{z_i}{n} \sum_{k=1}^n \frac{\partial L}{\partial z_k} z_k \right)$$
## Question 3
$$\frac{\partial L}{\partial V_{ji}} = a_j \frac{\partial L}{\partial o_i}$$
## Question 4
$$\frac{\partial u_i}{\partial g_j} = -\eta \delta_{ij}$$
$$\frac{\partial u_i}{\partial v_j} = -\eta \mu \delta_{ij}$$
"""
SLIPS = {
    "(dL_dz - dL_dz.mean() -": "(dL_dz -",
    "np.convolve(dL_dy, w)": "np.convolve(dL_dy, w[::-1])",
    '"dL_dV": np': '"dL_dv": np',
    "return w - rate": "return w + rate",
}


def test_it_is_graded_with_written_answers(hw1: Command, tmp_path: Path) -> None:
    text = reference_source(load_assignment(TRAINING))
    slipped = text
    for right, wrong in SLIPS.items():
        assert right in slipped
        slipped = slipped.replace(right, wrong)
    wrong_answers = ANSWERS.replace(r"-\eta \mu", r"\eta \mu")
    for name, code, answers in (("ann", text, ANSWERS), ("bob", slipped, wrong_answers)):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "hw3.py").write_text(code, encoding="utf-8")
        (tmp_path / "class" / name / "answer.md").write_text(answers, encoding="utf-8")
    (tmp_path / "here").mkdir()
    where = ("--output", tmp_path / "grades", "--course", tmp_path / "here", "--assignment", TRAINING)
    result = hw1("grade", tmp_path / "class", *where)
    assert result.exit_code == 0, result.output
    rows = {line.split()[0]: line.split()[1:] for line in result.output.splitlines() if line.strip()}
    assert rows["ann"][:6] == ["7", "8", "6", "5", "26", "26"]
    assert rows["bob"] == ["0", "4", "4", "2.5", "10.5", "26", "no", "mean,", "turned,", "wrong,", "uphill"]
    grade = json.loads((tmp_path / "grades" / "ann" / "grade.json").read_text(encoding="utf-8"))
    assert {found["mark"] for one in grade["written"] for found in one["findings"]} <= {"holds", "right", "note"}


def test_its_solution_is_proved_and_fits_the_page(hw1: Command, tmp_path: Path) -> None:
    result = hw1("report", "solution", "--output", tmp_path / "solution.pdf", "--assignment", TRAINING)
    assert result.exit_code == 0, result.output
    with pikepdf.open(tmp_path / "solution.pdf") as pdf:
        assert 3 <= len(pdf.pages) <= 6


def test_it_is_released_with_its_self_check(hw1: Command, tmp_path: Path) -> None:
    released = hw1("release", "nbgrader", "--course", tmp_path / "course", "--assignment", TRAINING)
    assert released.exit_code == 0, released.output
    folder = tmp_path / "course" / "source" / "hw3"
    cells = json.loads((folder / "hw3.ipynb").read_text(encoding="utf-8"))["cells"]
    names = [cell["id"] for cell in cells]
    assert [name for name in names if name.startswith("written")] == ["written-q1", "written-q3", "written-q4"]
    mine = tmp_path / "mine.py"
    mine.write_text(reference_source(load_assignment(TRAINING)), encoding="utf-8")
    checked = hw1("check", mine, "--assignment", TRAINING)
    assert checked.exit_code == 0, checked.output
