"""A homework with variants through the commands: given out, graded, reported, and refused where it cannot be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from traitlets.config import Config

from autograder import truth
from autograder.cli import main
from autograder.errors import InputError
from autograder.lint import lint
from autograder.loading import load_assignment, reference_source
from autograder.model import Assignment
from autograder.nbgrader_plugin.homeworks import homework_of
from tests.conftest import Maker

pytestmark = pytest.mark.xdist_group("variants")
Command = Callable[..., Result]
HOMEWORK = Path(__file__).parents[1] / "assignments" / "variants"
OTHER = ("--assignment", HOMEWORK)
SECRET = "a secret that many may know"
#: By this secret: a number each, and two who have the same.
NUMBERS = {"ann": 3, "bob": 1, "dan": 1}
ROSTER = "student,name,email\n" + "".join(f"{name},{name.title()},{name}@x.org\n" for name in NUMBERS)


@pytest.fixture(scope="module")
def whole() -> Assignment:
    return load_assignment(HOMEWORK)


def _call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def given(made_once: Maker) -> Path:
    """Return a folder with a course and its release for the class; tests only read it."""

    def make(folder: Path) -> None:
        (folder / "course" / ".autograder").mkdir(parents=True, mode=0o700)
        secret = folder / "course" / ".autograder" / "secret"
        secret.touch(0o600)
        secret.write_text(SECRET, encoding="utf-8")
        (folder / "class.csv").write_text(ROSTER, encoding="utf-8")
        where = ("--roster", folder / "class.csv", "--course", folder / "course", *OTHER)
        result = _call("release", "student", "--output", folder / "release", *where)
        assert result.exit_code == 0, result.output
        (folder / "said").write_text(result.stdout, encoding="utf-8")

    return made_once("variants", make)


@pytest.fixture(scope="module")
def graded(made_once: Maker, given: Path, whole: Assignment) -> Path:
    """Return the class's submissions and grades: Bob handed in what Ann did, and Dan has a number of others."""
    anns, dans = reference_source(whole.of(3)), reference_source(whole.of(1)).replace("2 * 3.5 *", "-4.5 *")
    code = {"ann": anns, "bob": anns, "dan": f"# {whole.of(2).title}\n{dans}"}

    def make(folder: Path) -> None:
        shutil.copytree(given, folder, dirs_exist_ok=True)
        for name, text in code.items():
            (folder / "in" / name).mkdir(parents=True)
            (folder / "in" / name / "hw4.py").write_text(text, encoding="utf-8")
        answer = r"$$\frac{\partial E}{\partial x_j} = 13 (x_j - t_j)$$"
        for name in ("ann", "bob"):
            (folder / "in" / name / "answer.md").write_text(f"**Question 1**\n{answer}\n", encoding="utf-8")
        where = ("--output", folder / "grades", "--course", folder / "course", "--roster", folder / "class.csv")
        result = _call("grade", folder / "in", *where, *OTHER)
        assert result.exit_code == 0, result.output

    return made_once("variants-in", make)


@pytest.fixture
def grades(graded: Path, tmp_path: Path) -> Path:
    """Return the grades in a copy of it all."""
    return shutil.copytree(graded, tmp_path / "given") / "grades"


def grade_of(grades: Path, student: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((grades / student / "grade.json").read_text(encoding="utf-8"))
    return found


def test_everybody_is_given_a_folder_of_their_own(given: Path, whole: Assignment) -> None:
    assert sorted(one.name for one in (given / "release").iterdir()) == sorted(NUMBERS)
    lines = (given / "said").read_text(encoding="utf-8").splitlines()
    assert [line.split()[:3] for line in lines[:3]] == [["written", "variant", str(n)] for n in NUMBERS.values()]
    files = sorted(one.name for one in (given / "release" / "ann").iterdir())
    assert files == ["handout.md", "handout.pdf", "hw4.ipynb", "hw4.py", "hw4_check.py"]
    for name in files:
        content = {student: (given / "release" / student / name).read_bytes() for student in NUMBERS}
        assert content["bob"] == content["dan"]
        assert len({*content.values()}) == 2
    for student, scale in (("ann", "6.5"), ("bob", "3.5")):
        others = {"3.5", "4.5", "6.5"} - {scale}
        for name in ("handout.md", "hw4.ipynb", "hw4.py"):
            text = (given / "release" / student / name).read_text(encoding="utf-8")
            assert scale in text
            assert not [other for other in others if other in text]
            assert f"(variant {NUMBERS[student]})" in text


def test_the_number_is_drawn_by_secret_and_id(whole: Assignment, tmp_path: Path) -> None:
    students = [f"student{n}" for n in range(60)]
    one, other = (truth.variants_for(whole, tmp_path, secret, students) for secret in (b"one secret", b"another"))
    assert {*one.values()} == {*other.values()} == {1, 2, 3}
    assert one != other
    assert truth.variants_for(whole, tmp_path, SECRET.encode(), NUMBERS) == NUMBERS
    assert truth.variants_for(whole.variants[1], tmp_path, b"one secret", ["ann"]) == {"ann": 0}


def test_each_is_graded_by_their_own_variant(grades: Path) -> None:
    found = {student: grade_of(grades, student) for student in NUMBERS}
    assert {student: one["variant"] for student, one in found.items()} == NUMBERS
    assert {student: one["earned"] for student, one in found.items()} == {"ann": 9, "bob": 2, "dan": 2}
    assert found["bob"]["cases_id"] == found["dan"]["cases_id"]
    assert len({one["cases_id"] for one in found.values()}) == 2
    told = (grades / "ann" / "feedback.md").read_text(encoding="utf-8")
    assert told.startswith("# Homework 4: numbers of your own (variant 3): feedback for `ann`")


def test_a_copied_variant_is_named_to_the_instructor_alone(hw1: Command, grades: Path, tmp_path: Path) -> None:
    copied = {student: grade_of(grades, student).get("copied") for student in NUMBERS}
    assert copied == {
        "ann": None,
        "bob": ["error_gradient answers as in variant 3", "the code holds 6.5, SCALE of q1 in variant 3"],
        "dan": ["the file is headed as variant 2", "the code holds 4.5, SCALE of q1 in variant 2"],
    }
    assert "another variant's numbers" in (grades / "bob" / "feedback.md").read_text(encoding="utf-8")
    assert "the code holds" not in (grades / "bob" / "feedback.md").read_text(encoding="utf-8")
    result = hw1("report", "class", grades, "--output", tmp_path / "class", *OTHER)
    assert result.exit_code == 0, result.output
    page = (tmp_path / "class" / "class.html").read_text(encoding="utf-8")
    assert "has variant 1, and signs of another variant: error_gradient answers as in variant 3" in page
    assert "different sets of hidden cases" not in page
    assert "Not everybody had the same numbers: 2 had variant 1, 1 had variant 3." in page


def test_a_second_run_lets_them_stand(hw1: Command, grades: Path) -> None:
    result = hw1("grade", grades.parent / "in", "--output", grades, "--course", grades.parent / "course", *OTHER)
    assert "3 unchanged since last graded" in result.output, result.output


def test_what_was_given_out_stays_whatever_the_secret(
    hw1: Command, graded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", "quite another secret")
    shutil.copytree(graded / "course", tmp_path / "course")
    shutil.copytree(graded / "in" / "ann", tmp_path / "in" / "ann")
    where = ("--output", tmp_path / "grades", "--course", tmp_path / "course", *OTHER)
    result = hw1("grade", tmp_path / "in", *where)
    assert result.exit_code == 0, result.output
    assert grade_of(tmp_path / "grades", "ann")["earned"] == 9
    kept = tmp_path / "course" / ".autograder" / "variants-hw4.json"
    for content, words in (
        ('{"ann": 4}', "ann was given variant 4 of hw4, which has only 3"),
        ("[]", "cannot be read"),
    ):
        kept.write_text(content, encoding="utf-8")
        result = hw1("grade", tmp_path / "in", *where)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert words in result.stderr


def test_a_submission_is_called_by_the_id_that_the_roster_has(hw1: Command, graded: Path, tmp_path: Path) -> None:
    shutil.copytree(graded / "in" / "ann", tmp_path / "in" / "ann@x.org")
    where = ("--output", tmp_path / "grades", "--course", graded / "course", "--roster", graded / "class.csv")
    result = hw1("grade", tmp_path / "in", *where, *OTHER)
    assert result.exit_code == 2
    assert "the submission 'ann@x.org' is 'ann' there; rename it to ann" in result.stderr


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        (None, "hw4 has 3 variants, so one folder per student: give --roster CSV"),
        ("student\n", "nobody is in it"),
        ("student\nann\nann\n", "'ann' is in it twice"),
        ("student,name\nann\n", "row 2 has 1 cell, and the heading has 2"),
    ],
)
def test_a_roster_is_needed_that_names_everybody(hw1: Command, tmp_path: Path, roster: str | None, words: str) -> None:
    given = []
    if roster is not None:
        (tmp_path / "class.csv").write_text(roster, encoding="utf-8")
        given = ["--roster", tmp_path / "class.csv"]
    result = hw1("release", "student", "--output", tmp_path / "r", "--course", tmp_path, *given, *OTHER)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "r").exists()


def test_a_roster_is_refused_where_all_get_the_same(hw1: Command, given: Path, tmp_path: Path) -> None:
    where = ("--roster", given / "class.csv", "--course", tmp_path, "--assignment", "tests/small")
    result = hw1("release", "student", "--output", tmp_path / "r", *where)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "goes with a homework that has variants" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("release", "nbgrader", "--course", "COURSE"),
        ("grade", "--course", "COURSE"),
        ("grade", "COURSE", "--output", "grades", "--shard", "1/2"),
        ("grade", "COURSE", "--output", "grades", "--engine", "dask", "--scheduler", "tls://host:8786"),
        ("node", "--output", "node.tar"),
        ("package", "gradescope", "--output", "autograder.zip"),
        ("package", "prairielearn", "--output", "here", "--image", "x/y"),
        ("package", "github-action", "--output", "here"),
        ("report", "handout", "--output", "handout.tex"),
        ("report", "handout", "--output", "handout.tex", "--variant", "4"),
        ("report", "solution", "--output", "solution.tex"),
        ("check", "hw4.py"),
    ],
)
def test_what_is_the_same_for_all_refuses_variants_in_one_line(
    hw1: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hw4.py").touch()
    result = hw1(*(str(tmp_path) if word == "COURSE" else word for word in words), *OTHER)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.output
    assert "variant" in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["hw4.py"]


def test_nbgrader_grades_none_that_a_configuration_names(tmp_path: Path) -> None:
    config = Config()
    config.GradingExporter.homeworks = [(str(HOMEWORK), str(tmp_path))]
    directory = SimpleNamespace(assignment_id="hw4", db_url=f"sqlite:///{tmp_path}/gradebook.db")
    with pytest.raises(InputError, match="nbgrader has one homework for everybody"):
        homework_of(config, directory)


def test_documents_and_proofs_are_of_one_variant(hw1: Command, grades: Path, tmp_path: Path) -> None:
    for what in ("solution", "handout"):
        result = hw1("report", what, "--output", tmp_path / f"{what}.tex", "--variant", "2", *OTHER)
        assert result.exit_code == 0, result.output
        assert "4.5" in (tmp_path / f"{what}.tex").read_text(encoding="utf-8")
    printed = (tmp_path / "solution.tex").read_text(encoding="utf-8")
    assert "9 (x_j - t_j)" in printed
    assert r"\subsection{Question 1: a scaled error}" in printed, "not two numbers side by side"
    answer = grades.parent / "in" / "ann" / "answer.md"
    assert hw1("prove", answer, "--variant", "3", *OTHER).exit_code == 0
    assert hw1("prove", answer, "--variant", "1", *OTHER).exit_code == 1
    proved = hw1("prove", *OTHER)
    assert proved.exit_code == 0
    assert proved.stdout.count("2 equalities in 1 derivation hold") == 3
    shown = hw1("preview", "q1", "--variant", "3", *OTHER)
    assert "E = 6.5" in shown.stdout
    assert "E = 3.5" in hw1("preview", "q1", *OTHER).stdout


def test_the_self_check_is_of_the_variant(grades: Path) -> None:
    for student, code in (("ann", 0), ("bob", 1)):
        result = _call("check", grades.parent / "in" / "ann" / "hw4.py", "--variant", NUMBERS[student], *OTHER)
        assert result.exit_code == code, result.output


def test_feedback_is_printed_by_variant(hw1: Command, grades: Path, tmp_path: Path) -> None:
    result = hw1("report", "feedback", grades, "--output", tmp_path / "pdfs", *OTHER)
    assert result.exit_code == 0, result.output
    assert sorted(one.name for one in (tmp_path / "pdfs").iterdir()) == [f"{name}.pdf" for name in NUMBERS]


def test_truths_are_kept_for_each_variant(hw1: Command, given: Path, tmp_path: Path) -> None:
    shutil.copytree(given / "course", tmp_path / "course")
    result = hw1("truths", "--course", tmp_path / "course", *OTHER)
    assert result.exit_code == 0, result.output
    assert "of each of 3 variants" in result.stdout
    names = {one.name for one in (tmp_path / "course" / ".autograder").iterdir()}
    assert {"truths-1", "truths-2", "truths-3", "variants-hw4.json"} <= names
    assert "truths" not in names
    assert "variant 3, are computed, once" in result.stderr
    for part in load_assignment(HOMEWORK).parts:
        for number in (1, 2, 3):
            assert {f"mistakes-{part.name}-{number}"} <= names
            assert {f"formulas-{part.name}-{output}-{number}" for output in part.names} <= names
    assert hw1("truths", "--check", "--course", tmp_path / "course", *OTHER).exit_code == 0


def test_lint_looks_at_every_variant(tmp_path: Path) -> None:
    folder = shutil.copytree(HOMEWORK, tmp_path / "hw", ignore=shutil.ignore_patterns("__pycache__"))
    page = folder / "q1.py"
    page.write_text(page.read_text(encoding="utf-8").replace('"9", "13"', '"9", "12"'), encoding="utf-8")
    found = [str(one) for one in lint(load_assignment(folder), folder, question="q1")]
    assert len(found) == 1
    assert "derivation: variant 3: " in found[0]
    assert found[0].startswith("hw/q1.py:")
