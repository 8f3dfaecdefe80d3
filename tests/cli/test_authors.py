"""What an author types: `new`, `preview`; and homeworks with questions on paper alone or in code alone."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from autograder.cli.preview import _value
from autograder.loading import load_assignment, reference_source
from tests.cli.test_cli import one_line
from tests.reports.test_documents import pages_of

Command = Callable[..., Result]
MODULES = Path(__file__).parents[1] / "assignments" / "modules"
IDS = sorted(page.stem for page in MODULES.glob("q*.py"))


@pytest.mark.parametrize("kind", ["gradient", "value", "jacobian"])
def test_a_new_homework_loads_and_lint_names_what_is_missing(hw1: Command, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "hw7"
    assert hw1("new", "homework", folder, "--kind", kind).exit_code == 0
    assert [question.id for question in load_assignment(folder).questions] == ["q1"]
    result = hw1("lint", "--assignment", folder)
    assert result.exit_code == 1
    for page in ("__init__.py", "q1.py"):
        for number, line in enumerate((folder / page).read_text(encoding="utf-8").splitlines(), start=1):
            assert ("TODO" in line) == (f"hw7/{page}:{number}: gap: TODO " in result.output), line
    assert "q1.py:1: gap: TODO what it is about; write it\n" in result.output
    assert '"A hint that helps, as a sentence."); write it\n' in result.output
    for rule in ("example: ", "mistakes: ", "cases: q1: "):
        assert rule in result.output


def test_a_question_is_added_beside_others(hw1: Command, tmp_path: Path) -> None:
    folder = tmp_path / "modules"
    shutil.copytree(MODULES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert hw1("new", "question", "q6", "--kind", "value", "--assignment", folder).exit_code == 0
    assert [question.id for question in load_assignment(folder).questions] == [*IDS, "q6"]
    again = hw1("new", "question", "q6", "--assignment", folder)
    assert (again.exit_code, again.output.count("\n")) == (2, 1)
    assert "q6.py already exists; name another question" in again.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["homework", "{}"], "already exists; name a new folder"),
        (["homework", "{}/x y"], "use letters, digits, '_' and '-', a letter first"),
        (["question", "3", "--assignment", "{}"], "3: no name for a question"),
        (["question", "q3", "--assignment", "{}"], "no homework there; hw1 new homework DIR writes one"),
    ],
)
def test_what_cannot_be_written_is_one_line(hw1: Command, tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "something").touch()
    result = hw1("new", *(one.format(tmp_path) for one in arguments))
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert says in result.output


def test_a_preview_shows_prompt_stub_points_cases_and_derivation(hw1: Command, tmp_path: Path) -> None:
    notebook = tmp_path / "q1.ipynb"
    result = hw1("preview", "q1", "--assignment", MODULES, "--notebook", notebook)
    assert result.exit_code == 0
    for piece in (
        "s_i = 1/(1 + exp(-u_i))",
        "def sigmoid_backward(u, dL_ds):",
        "3  dL_du (three, quartic)",
        "public: n = 2: u = [",
        "integers only: u (3,) of integers",
        "mistake sign: The sign is lost",
        "= ∂L/∂s_i s_i (1 - s_i)    Substitution: the slope found above.",
    ):
        assert piece in result.output
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert [cell["id"] for cell in cells if cell["id"].startswith("prompt")] == ["prompt-q1"]


@pytest.mark.parametrize(("value", "shown"), [(0.7350780473218226, "= 0.735"), (3, "= 3"), ("mean", "= 'mean'")])
def test_a_preview_shows_no_more_digits_of_a_number_than_of_an_array(value: object, shown: str) -> None:
    assert _value(value, public=True) == shown


def test_a_preview_writes_the_handouts_page_and_the_solutions(hw1: Command, tmp_path: Path) -> None:
    result = hw1("preview", "q1", "--assignment", MODULES, "--pdf", tmp_path / "q1.pdf")
    assert result.exit_code == 0, result.output
    for name, word in (("q1.pdf", "sigmoid_backward"), ("q1-solution.pdf", "Substitution")):
        assert word in " ".join(pages_of((tmp_path / name).read_bytes()))
    line = one_line(hw1("preview", "q1", "--assignment", MODULES, "--pdf", tmp_path / "q1.txt"))
    assert "--pdf" in line
    assert "name a .pdf file" in line


def test_a_preview_follows_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "modules"
    shutil.copytree(MODULES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    page = folder / f"{IDS[1]}.py"
    command = [sys.executable, "-u", "-c", "from autograder.cli import main; main()", "preview", IDS[1], "--watch"]
    with subprocess.Popen(
        [*command, "--assignment", folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as watching:
        assert watching.stdout is not None
        seen = iter(watching.stdout.readline, "")
        assert any("The gradient (result)" in line for line in seen)
        page.write_text(page.read_text(encoding="utf-8").replace("derivations(r", "derivations(1, r"), encoding="utf-8")
        assert any(line.startswith(f"hw1: modules/{IDS[1]}.py, line ") for line in seen)
        page.write_text(page.read_text(encoding="utf-8").replace("derivations(1, r", "derivations(r"), encoding="utf-8")
        assert any("The gradient (result)" in line for line in seen)
        watching.send_signal(signal.SIGINT)
        assert watching.wait() == 0


def test_a_question_on_paper_and_one_in_code(hw1: Command, tmp_path: Path) -> None:
    assignment = load_assignment(MODULES)
    released = hw1("release", "nbgrader", "--course", tmp_path / "course", "--assignment", MODULES)
    assert released.exit_code == 0, released.output
    cells = json.loads((tmp_path / "course" / "source" / "hw2" / "hw2.ipynb").read_text(encoding="utf-8"))["cells"]
    names = [cell["id"] for cell in cells]
    assert [name for name in names if name.startswith("written")] == [f"written-{IDS[place]}" for place in (0, 1, 4)]
    graded = [
        name
        for question in assignment.questions
        for name in (
            *(part.name for part in question.parts),
            *([question.written_cell] * bool(question.written_points)),
        )
    ]
    assert [name for name in names if name.startswith("grade")] == [f"grade-{name}" for name in graded]
    assert "(3 points)" in "".join(cells[names.index(f"written-{IDS[1]}")]["source"])
    assert "(3 points)" in cells[names.index(f"prompt-{IDS[1]}")]["source"][0]
    work = tmp_path / "class" / "ann"
    work.mkdir(parents=True)
    (work / "hw2.py").write_text(reference_source(assignment), encoding="utf-8")
    answer = r"$$\frac{\partial L}{\partial u_i} = \frac{\partial L}{\partial q_i} q_i$$"
    (work / "answer.md").write_text(f"## Question 2\n\n{answer}\n", encoding="utf-8")
    where = ("--output", tmp_path / "grades", "--course", tmp_path / "here", "--assignment", MODULES)
    (tmp_path / "here").mkdir()
    result = hw1("grade", tmp_path / "class", *where)
    assert result.exit_code == 0, result.output
    (row,) = [line.split() for line in result.output.splitlines() if line.split()[:1] == ["ann"]]
    assert row[1:8] == ["5", "3", "6", "4", "4", "22", "22"]


HALF = """
def linear_backward(X, W, dL_dY):
    return {"dL_dX": dL_dY @ W, "dL_dW": dL_dY.T @ X, "db": dL_dY.sum(axis=0), "t": "other things do not count"}
"""


def test_what_is_not_in_the_dict_under_its_name_is_missing_alone(hw1: Command, tmp_path: Path) -> None:
    work = tmp_path / "class" / "ann"
    work.mkdir(parents=True)
    (work / "hw2.py").write_text(HALF, encoding="utf-8")
    (tmp_path / "here").mkdir()
    where = ("--output", tmp_path / "grades", "--course", tmp_path / "here", "--assignment", MODULES)
    result = hw1("grade", tmp_path / "class", *where)
    assert result.exit_code == 0, result.output
    said = (tmp_path / "grades" / "ann" / "feedback.md").read_text(encoding="utf-8")
    assert "**4 of 22 points**" in said
    assert "- `dL_db`, yours: nothing: return a dict with this name in it\n" in said
    released = tmp_path / "release"
    assert hw1("release", "student", "--output", released, "--assignment", MODULES).exit_code == 0
    told = subprocess.run(
        [sys.executable, "hw2_check.py", work / "hw2.py"], cwd=released, capture_output=True, text=True, check=False
    ).stdout
    assert "with 'dL_dX', 'dL_dW', 'db', 't'; return a dict with 'dL_dX', 'dL_dW', 'dL_db'" in told
    assert "linear_backward does not return a dict with 'dL_dX', 'dL_dW', 'dL_db': KeyError: 'dL_db'" in told
