"""What `hw1 release` writes, and that nbgrader takes it."""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import Result

from autograder.errors import InputError, OutputError
from autograder.loading import Found, part_reference, part_stub, read_submission, stub_source
from autograder.model import Assignment
from autograder.release import Release, nbgrader_course, notebook, student_release, write
from autograder.results import VERSIONS
from autograder.truth import public_cases

# Releases are built once: on one worker.
pytestmark = pytest.mark.xdist_group("release")

ROOT = Path(__file__).parents[2]
Run = Callable[..., Result]


def cells(content: bytes, kind: str) -> dict[str, dict[str, Any]]:
    """Cells by id, of one kind."""
    found = json.loads(content)["cells"]
    known = {
        "answer": lambda m: m.get("nbgrader", {}).get("solution"),
        "test": lambda m: m.get("nbgrader", {}).get("grade"),
        "written": lambda m: "autograder" in m,
    }[kind]
    return {cell["id"]: cell for cell in found if known(cell["metadata"])}


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def filled(content: bytes, assignment: Assignment, **others: str) -> bytes:
    """Write the references, or other texts, into a notebook's answer cells."""
    content_ = json.loads(content)
    texts = {part.name: others.get(part.name, part_reference(part)) for part in assignment.parts}
    for cell in content_["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in texts:
            cell["source"] = texts[grade_id]
    return json.dumps(content_).encode()


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# -------------------------------------------------------------------------------------------------------- the notebook


@pytest.mark.parametrize("nbgrader", [True, False])
def test_the_notebook_is_one_to_nbformat_and_to_nbgrader(assignment: Assignment, nbgrader: bool) -> None:
    from nbgrader.nbgraderformat import MetadataValidator

    content = notebook(assignment, nbgrader=nbgrader)
    parsed = nbformat.reads(content.decode(), as_version=nbformat.NO_CONVERT)
    nbformat.validate(parsed)
    MetadataValidator().validate_nb(parsed)
    assert (nbformat.writes(parsed) + "\n").encode() == content  # as Jupyter would save it
    names = [part.name for part in assignment.parts]
    assert list(cells(content, "answer")) == names
    tests = cells(content, "test")
    assert list(tests) == [f"grade-{name}" for name in names]
    assert [cell["metadata"]["nbgrader"]["points"] for cell in tests.values()] == [
        sum(criterion.points for criterion in part.criteria) for part in assignment.parts
    ]
    written = [cell["metadata"] for cell in cells(content, "written").values()]
    assert written == [{"autograder": {"written": question.id}} for question in assignment.questions]


def test_prompts_rubric_and_warnings_are_in_it(assignment: Assignment) -> None:
    content = notebook(assignment, nbgrader=True)
    text = "\n".join(map(source, json.loads(content)["cells"]))
    for question in assignment.questions:
        assert question.prompt.strip() in text
    for part in assignment.parts:
        cell = source(cells(content, "test")[f"grade-{part.name}"])
        for criterion in part.criteria:
            assert f"{criterion.points:g}  {criterion.title}\n" in cell
    assert "**torch is not**" in text
    assert "**hidden cases, of other sizes and values, decide the grade.**" in text


def test_nbgrader_cuts_off_no_line_of_a_test_cell(assignment: Assignment) -> None:
    lines = [line for cell in cells(notebook(assignment, nbgrader=True), "test").values() for line in cell["source"]]
    assert max(len(line.rstrip("\n")) for line in lines) <= 83


def test_a_test_cell_gives_no_points_when_nbgrader_itself_grades(
    assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    for cell in cells(notebook(assignment, nbgrader=True), "test").values():
        with pytest.raises(RuntimeError, match="not graded by hw1"):
            exec(compile(source(cell), "cell", "exec"), {})


def test_the_plain_notebook_holds_stubs_and_its_test_cells_are_no_submission(
    assignment: Assignment, tmp_path: Path
) -> None:
    content = notebook(assignment, nbgrader=False)
    assert [source(cell) for cell in cells(content, "answer").values()] == [part_stub(p) for p in assignment.parts]
    assert b"NBGRADER" not in content
    file = tmp_path / "ada.ipynb"
    file.write_bytes(content)
    read = read_submission(Found(student="ada", paths=(file,)))
    assert read.problem is None or read.problem == ""
    assert [cell.source for cell in read.cells] == ["import numpy as np", *map(part_stub, assignment.parts)]


# ------------------------------------------------------------------------------------------------ with nbgrader itself


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, assignment: Assignment) -> Path:
    """Let stock nbgrader make the students' version, once."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    course = tmp_path_factory.mktemp("stock")
    for path, content in nbgrader_course(assignment, ROOT / "solutions", "toy").students.items():
        (course / path).parent.mkdir(parents=True, exist_ok=True)
        (course / path).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")  # it starts alembic
        patch.setenv("JUPYTER_CONFIG_DIR", str(course / "none"))
        config = Config()
        config.CourseDirectory.root = str(course)
        config.CourseDirectory.course_id = "toy"
        config.Exchange.root = str(course / "exchange")
        (course / "exchange").mkdir()
        result = NbGraderAPI(config=config).generate_assignment("hw1")
    assert result["success"], result["log"]
    return course / "release" / "hw1"


def test_stock_nbgrader_releases_stubs_and_our_test_cells(released: Path, assignment: Assignment) -> None:
    assert sorted(path.name for path in released.iterdir()) == ["hw1.ipynb", "hw1_check.py"]
    content = (released / "hw1.ipynb").read_bytes()
    assert b"SOLUTION" not in content
    for part, cell in zip(assignment.parts, cells(content, "answer").values(), strict=True):
        given, _, body = source(cell).rpartition('"""')
        assert given == part_stub(part).rpartition('"""')[0]
        assert body == "\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    before = cells(notebook(assignment, nbgrader=True), "test")
    assert {name: source(cell) for name, cell in cells(content, "test").items()} == {
        name: source(cell) for name, cell in before.items()
    }


def test_nbgrader_validates_public_cases_and_the_terminal_says_what_that_means(
    released: Path,
    assignment: Assignment,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stub, a wrong function and right ones in one notebook, through the real kernel."""
    from nbgrader.validator import Validator

    first, *_, last = assignment.parts
    wrong = {first.name: part_stub(first), last.name: f"def {last.name}(*arguments):\n    return 3.0"}
    (tmp_path / "hw1.ipynb").write_bytes(filled((released / "hw1.ipynb").read_bytes(), assignment, **wrong))
    (tmp_path / "hw1_check.py").write_bytes((released / "hw1_check.py").read_bytes())
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # a kernel that sees it keeps its terminal to itself
    failed = Validator().validate(str(tmp_path / "hw1.ipynb"))["failed"]
    assert [one["source"].splitlines()[0].split()[2] for one in failed] == [f"{first.name},", f"{last.name},"]
    _, truths = next(found for found in public_cases(assignment) if found[0].part == last.name)
    shapes = [f"{name} has shape (), expected {known.shape}" for name, known in truths.items()]
    for one, words in zip(failed, (["not written yet"], shapes), strict=True):
        assert all(each in one["raw_error"] for each in words)
        assert one["raw_error"].endswith("0 of 2 public cases are right. Hidden cases decide the grade.")
        assert "Traceback" not in one["raw_error"]
        assert max(map(len, one["raw_error"].splitlines())) <= 83
    said = [line for line in capfd.readouterr().out.splitlines() if "public" in line]
    assert said == [
        f"{part.name}: {0 if part.name in wrong else 2} of 2 public cases are right. Hidden cases decide the grade."
        for part in assignment.parts
    ]


def test_all_cells_run_to_the_end_and_show_pages(
    released: Path, assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As "Run All Cells" does, through the real kernel: a wrong function, one that is not written, and right ones."""
    from nbconvert.preprocessors import ExecutePreprocessor

    first, *middle, last = assignment.parts
    wrong = {
        first.name: f"def {first.name}(x, dC_dy):\n    return np.outer(x, dC_dy), dC_dy",
        last.name: part_stub(last),
    }
    (tmp_path / "hw1_check.py").write_bytes((released / "hw1_check.py").read_bytes())
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    parsed = nbformat.reads(filled((released / "hw1.ipynb").read_bytes(), assignment, **wrong).decode(), as_version=4)
    done, _ = ExecutePreprocessor(timeout=120).preprocess(parsed, {"metadata": {"path": str(tmp_path)}})
    tests = [cell for cell in done.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [cell.metadata.tags for cell in tests] == [["raises-exception"]] * 4
    shown, errors = {}, {}
    for part, cell in zip(assignment.parts, tests, strict=True):
        (page,) = [one.data for one in cell.outputs if one.output_type == "display_data"]
        shown[part.name] = page["text/html"]
        errors[part.name] = [one for one in cell.outputs if one.output_type == "error"]
        assert page["text/plain"].endswith("public cases are right. Hidden cases decide the grade.")
        assert "A call has 2 s of CPU time" in page["text/html"]
        assert VERSIONS in page["text/html"]
    for name in (first.name, last.name):
        (error,) = errors[name]
        assert error.traceback == ["0 of 2 public cases are right. Hidden cases decide the grade."]
    for part in middle:
        assert not errors[part.name]
        assert shown[part.name].count("✓ ok") == 2
    assert "✗ not right" in shown[first.name]
    for words in ("yours, shape (2, 3)", "expected, shape (3, 2)", "finite differences, shape (2, 2)"):
        assert words in shown[first.name]
    assert "– not written yet" in shown[last.name]
    assert "they agree" in shown[middle[0].name]


# ------------------------------------------------------------------------------------------------- the course directory


def test_a_course_is_complete_and_the_same_at_every_place_and_time_and_under_every_secret(
    hw1: Run, tmp_path: Path, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(course, tmp_path / "one")
    first = hw1("release", "nbgrader", "--course", tmp_path / "one")
    assert first.exit_code == 0, first.output
    monkeypatch.setenv("AUTOGRADER_SECRET", "another secret, long enough to be one")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.time", lambda: 0.0)
    second = hw1("release", "nbgrader", "--course", "two", "--assignment", ROOT / "solutions")
    assert second.exit_code == 0, second.output
    files, two = tree(tmp_path / "one"), tree(tmp_path / "two")
    kept = [path for path in files if path.startswith((".autograder/formulas-", ".autograder/mistakes-"))]
    for of_the_secret in (".autograder/secret", ".autograder/truths", *kept):
        files.pop(of_the_secret)
        two.pop(of_the_secret, None)
    assert sorted(files) == [
        ".autograder/release.json",
        ".gitignore",
        "README.md",
        "nbgrader_config.py",
        "source/hw1/hw1.ipynb",
        "source/hw1/hw1_check.py",
    ]
    assert two == files
    assert oct((tmp_path / "one" / ".autograder").stat().st_mode)[-3:] == "700"
    for path in files:
        assert path.startswith(".autograder") or path in first.output
    assert "Next: cd " in first.output
    ast.parse(files["nbgrader_config.py"])
    assert "hw1 grade --course .\n" in files["README.md"].decode()


def test_what_is_not_ours_stays_and_what_is_ours_follows_the_homework(hw1: Run, tmp_path: Path) -> None:
    for path in ("gradebook.db", "submitted/ada/hw1/hw1.ipynb", "source/hw2/hw2.ipynb"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("theirs")
    before = tree(tmp_path)
    assert hw1("release", "nbgrader", "--course", tmp_path).exit_code == 0
    once = tree(tmp_path)
    again = hw1("release", "nbgrader", "--course", tmp_path)
    assert again.output.count("unchanged ") == 5
    assert tree(tmp_path) == once
    other = hw1("release", "nbgrader", "--course", tmp_path, "--course-id", "other-course")
    assert other.output.count("replaced ") == 2  # configuration and README name the course
    assert b'course_id = "other-course"' in (tmp_path / "nbgrader_config.py").read_bytes()
    assert before.items() <= tree(tmp_path).items()


def test_an_edited_configuration_is_kept_and_one_without_us_is_refused(hw1: Run, tmp_path: Path) -> None:
    hw1("release", "nbgrader", "--course", tmp_path)
    config = tmp_path / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.Exchange.root = "/srv/exchange"\n')
    (tmp_path / "README.md").write_text("ours")
    edited = tree(tmp_path)
    result = hw1("release", "nbgrader", "--course", tmp_path, "--course-id", "other")
    assert result.exit_code == 0
    assert result.output.count("kept ") == 2
    assert "you edited it; --force replaces it" in result.output
    assert tree(tmp_path) == edited
    config.write_text("c = get_config()\n")
    edited = tree(tmp_path)
    result = hw1("release", "nbgrader", "--course", tmp_path)
    assert result.exit_code == 2
    assert "does not say 'autograder.nbgrader_plugin.configure('" in result.output
    assert result.output.count("\n") == 1
    assert tree(tmp_path) == edited
    result = hw1("release", "nbgrader", "--course", tmp_path, "--force")
    assert result.exit_code == 0
    assert "configure(" in config.read_text()


def test_an_edited_notebook_stops_the_release_before_anything_is_written(hw1: Run, tmp_path: Path) -> None:
    hw1("release", "nbgrader", "--course", tmp_path)
    file = tmp_path / "source" / "hw1" / "hw1.ipynb"
    ours = file.read_bytes()
    file.write_bytes(ours.replace(b"Due", b"Now due"))
    edited = tree(tmp_path)
    result = hw1("release", "nbgrader", "--course", tmp_path, "--course-id", "other")
    assert result.exit_code == 2
    assert "somebody edited source/hw1/hw1.ipynb, and nothing was written" in result.output
    assert "--force" in result.output
    assert tree(tmp_path) == edited
    assert hw1("release", "nbgrader", "--course", tmp_path, "--force").exit_code == 0
    assert file.read_bytes() == ours


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", 'a"b', "a\nb"])
def test_a_course_id_must_be_a_folders_name(assignment: Assignment, name: str) -> None:
    with pytest.raises(InputError, match="nbgrader makes a folder of it"):
        nbgrader_course(assignment, ROOT / "solutions", name)


def test_a_folder_that_cannot_be_written_and_a_spoiled_record_are_no_surprise(hw1: Run, tmp_path: Path) -> None:
    (tmp_path / "source").write_text("a file")
    result = hw1("release", "nbgrader", "--course", tmp_path)
    assert result.exit_code == 2
    assert "cannot be written (" in result.output
    assert result.output.count("\n") == 1
    (tmp_path / "source").unlink()
    hw1("release", "nbgrader", "--course", tmp_path)
    for spoiled in ("[]", "{"):
        (tmp_path / ".autograder" / "release.json").write_text(spoiled)
        assert hw1("release", "nbgrader", "--course", tmp_path).exit_code == 0


# ----------------------------------------------------------------------------------------------------- without nbgrader


@pytest.fixture
def plain(assignment: Assignment) -> Release:
    return student_release(assignment, b"%PDF-1.5 stands for the handout")


def test_the_plain_release_is_what_a_student_needs(plain: Release, assignment: Assignment) -> None:
    assert sorted(plain.students) == ["handout.md", "handout.pdf", "hw1.ipynb", "hw1.py", "hw1_check.py"]
    assert plain.files["hw1.py"] == stub_source(assignment).encode()
    handout = plain.files["handout.md"].decode()
    for question in assignment.questions:
        assert question.prompt.strip() in handout
    assert "torch is not" in handout
    assert "hidden cases, of other sizes and values, decide the grade" in handout


def test_a_folder_that_students_get_holds_nothing_else(plain: Release, tmp_path: Path) -> None:
    (tmp_path / "grades").mkdir()
    (tmp_path / "grades" / "grades.csv").write_text("ann,9")
    with pytest.raises(OutputError, match=r"holds 'grades/grades\.csv' too, and students get the whole folder"):
        write(plain, tmp_path, force=True)
    assert list(tree(tmp_path)) == ["grades/grades.csv"]


def test_the_command_writes_it_and_keeps_somebodys_work(hw1: Run, tmp_path: Path) -> None:
    assert hw1("release", "student", "--output", tmp_path).exit_code == 0
    files = tree(tmp_path)
    assert sorted(files) == ["handout.md", "handout.pdf", "hw1.ipynb", "hw1.py", "hw1_check.py"]
    again = hw1("release", "student", "--output", tmp_path)
    assert again.output.count("unchanged ") == 5
    (tmp_path / "hw1.py").write_text("half done")
    refused = hw1("release", "student", "--output", tmp_path)
    assert refused.exit_code == 2
    assert "somebody edited hw1.py, and nothing was written" in refused.output
    assert (tmp_path / "hw1.py").read_text() == "half done"


def test_another_homework_has_a_self_check_of_its_own_name(assignment: Assignment) -> None:
    other = dataclasses.replace(assignment, id="ps-2")
    files = student_release(other, b"%PDF").students
    assert "ps_2_check.py" in files
    told = b"".join(files.values())
    assert b"hw1_check" not in told
    assert told.count(b"import ps_2_check\\n") == len(other.parts)
    assert b"usage: python ps_2_check.py FILE" in told
    assert dataclasses.replace(assignment, id="2020").check_module == "_2020_check"
