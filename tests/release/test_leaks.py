"""What students may not read is found, of every kind and in every file, and what they may read is not."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from autograder import truth
from autograder.loading import part_reference
from autograder.model import Assignment
from autograder.release import find_leaks, nbgrader_course, student_release
from autograder.release.leaks import _fractions
from autograder.results import Case, Cases

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "small"
NOTEBOOK, CHECK, MODULE, HANDOUT = "other.ipynb", "other_check.py", "other.py", "handout.md"
CODE, FORMULA, STEP = "code of a reference", "a formula of a reference", "a step of a derivation"
FAMILY, MISCONCEPTION, GRADES = "a hidden family", "a misconception", "code that only grades"
STUB, SOLUTION, OUTPUT = (
    "an answer cell that is more than a stub",
    "a solution cell",
    "outputs or a count of executions",
)
SECRETLY, FILE = "the secret", "the name of a file of the solutions"
NUMBER, NUMBERS = "an input or a truth of a hidden case", "inputs or truths of a hidden case"

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def secret(small_course: Path) -> bytes:
    return truth.read_secret(small_course, create=False)


@pytest.fixture(scope="module")
def cases(small: Assignment, small_course: Path, secret: bytes) -> Cases:
    return truth.load(small, small_course, secret, print)


@pytest.fixture
def files(small: Assignment) -> Files:
    return dict(student_release(small, b"%PDF-1.5\n").files)


def test_both_releases_hold_nothing_that_students_may_not_read(assignment: Assignment, course: Path) -> None:
    secret = truth.read_secret(course, create=False)
    cases = truth.load(assignment, course, secret, print)
    for release in (nbgrader_course(assignment, ROOT / "solutions", "x"), student_release(assignment, b"%PDF-1.5\n")):
        assert find_leaks(release.students, assignment, secret=secret, cases=cases) == ()


# ------------------------------------------------------------------------------------- text that is planted in a file


def hidden_case(cases: Cases, family: str) -> Case:
    return next(case for case in cases.cases if case.hidden and case.family == family)


TEXTS: dict[str, tuple[str, Callable[[Assignment, tuple[bytes, Cases]], str]]] = {
    "a line of a reference": (CODE, lambda a, _: "return step * np.cumsum(x)"),
    "one in another layout": (CODE, lambda a, _: "return step*\\\n   np . cumsum( x )  # right"),
    "a whole reference": (CODE, lambda a, _: part_reference(a.parts[0])),
    "its formula": (FORMULA, lambda a, _: (inspect.getdoc(a.parts[0].reference) or "").partition(".. math::")[2]),
    "a cost": (GRADES, lambda a, _: 'y = {"target": rng.uniform(3, 4, n)}, cost=lambda torch, y: (y * y).sum()'),
    "a hidden family's name": (FAMILY, lambda a, _: '{"family": "step_left_out"}'),
    "hidden families' plain names": (FAMILY, lambda a, _: "families = ['four', 'single']"),
    "a hidden family's title": (FAMILY, lambda a, _: "Look at: the step left out."),
    "its code": (
        FAMILY,
        lambda a, _: 'Family(name="four", title="x", draw=partial(_draw, n=5, step=False))',
    ),
    "a misconception's name": (MISCONCEPTION, lambda a, _: "`no_step`"),
    "a misconception's hint": (MISCONCEPTION, lambda a, _: a.parts[0].misconceptions[0].hint.upper()),
    "a short hint": (MISCONCEPTION, lambda a, _: "The derivative of a square?"),
    "a misconception's code": (MISCONCEPTION, lambda a, _: "lambda x, step=2.0: step * np.sum(x)"),
    "a step": (STEP, lambda a, _: a.questions[-1].derivations[0].steps[-1].latex),
    "a reason": (STEP, lambda a, _: a.questions[-1].derivations[-1].steps[0].reason),
    "the secret": (SECRETLY, lambda a, hidden: f"seed = {hidden[0]!r}"),
    "the secret in hexadecimal": (SECRETLY, lambda a, hidden: hidden[0].hex()),
    "the cases' identity": (SECRETLY, lambda a, hidden: hidden[1].cases_id),
    "a hidden input": (NUMBER, lambda a, hidden: f"x = {hidden_case(hidden[1], 'four').inputs['x'][0]!s}"),
    "a hidden truth": (
        NUMBER,
        lambda a, hidden: f"{hidden[1].truths[hidden_case(hidden[1], 'three').id]['dE_dx'][1]!r}",
    ),
    "hidden inputs, rounded": (NUMBERS, lambda a, hidden: f"{hidden_case(hidden[1], 'four').inputs['x']}"),
    "a file's name": (FILE, lambda a, _: "see q3.py"),
    "a file's path": (FILE, lambda a, _: "/home/ta/solutions/q4.py:12"),
}


@pytest.mark.parametrize("what", TEXTS)
def test_a_text_is_found_wherever_it_stands(
    small: Assignment, secret: bytes, cases: Cases, files: Files, what: str
) -> None:
    kind, make = TEXTS[what]
    text = make(small, (secret, cases))
    begins: dict[str, int] = {}
    for file in (NOTEBOOK, CHECK, MODULE, HANDOUT):
        if file == NOTEBOOK:
            notebook = json.loads(files[file])
            source = notebook["cells"][0]["source"]
            begins[file] = len(source) + 1
            source += ["\n", text]
            files[file] = json.dumps(notebook).encode()
        else:
            begins[file] = files[file].count(b"\n") + 1
            files[file] += text.encode()
    leaks = find_leaks(files, small, secret=secret, cases=cases)
    lines = {leak.file: int(leak.place.rpartition("line ")[2]) for leak in leaks if leak.kind == kind}
    assert set(lines) == set(begins), leaks
    for file, line in lines.items():
        assert begins[file] <= line <= begins[file] + text.count("\n"), file


def test_a_name_alone_in_metadata_is_found(small: Assignment, files: Files) -> None:
    notebook = json.loads(files[NOTEBOOK])
    notebook["metadata"]["autograder"]["assignment"] = "four"
    files[NOTEBOOK] = json.dumps(notebook).encode()
    assert {leak.kind for leak in find_leaks(files, small, secret=None, cases=None)} == {FAMILY}


def test_a_notebooks_own_metadata_is_read(small: Assignment, files: Files) -> None:
    notebook = json.loads(files[NOTEBOOK])
    notebook["metadata"]["author"] = "a TA"
    files[NOTEBOOK] = json.dumps(notebook).encode()
    (leak,) = find_leaks(files, small, secret=None, cases=None)
    assert (leak.kind, leak.place) == ("metadata that nobody asked for (author)", "metadata")


@pytest.mark.parametrize(
    "text",
    ["np.zeros((3, 3)) + np.outer(x, y)", "the three, the four and the single ones", "y = 'four'", "{1.5, 2.25, 3.75}"],
)
def test_ordinary_words_and_numbers_are_none(
    small: Assignment, secret: bytes, cases: Cases, files: Files, text: str
) -> None:
    files[MODULE] += text.encode()
    assert find_leaks(files, small, secret=secret, cases=cases) == ()


# ------------------------------------------------------------------------------------------------ files and notebooks


@pytest.mark.parametrize("path", ["q3.py", "small/other.py", "source/other/q4.py"])
def test_a_file_of_the_solutions_is_found_by_its_name(small: Assignment, path: str) -> None:
    (leak,) = find_leaks({path: b""}, small, secret=None, cases=None)
    assert (leak.file, leak.kind, leak.place) == (path, "a file of the solutions, by its name", "")


CELLS: dict[str, tuple[str, str, Callable[[dict[str, Any]], object]]] = {
    "outputs": ("imports", OUTPUT, lambda c: c["outputs"].append({"output_type": "stream", "text": ["3"]})),
    "a count": ("running_sums", OUTPUT, lambda c: c.update(execution_count=3)),
    "a solution": (
        "error_gradient",
        STUB,
        lambda c: c.update(source=["def error_gradient(x, target):\n", '    """y"""\n', "    return x"]),
    ),
    "more code": ("error_gradient", STUB, lambda c: c["source"].append("\n\nsecond = 3")),
    "a comment": ("error_gradient", STUB, lambda c: c["source"].append("\n    # use exp")),
    "no Python": ("error_gradient", STUB, lambda c: c.update(source=["%%bash"])),
    "marks": ("imports", SOLUTION, lambda c: c["source"].append("\n### BEGIN SOLUTION\ny = 3\n### END SOLUTION")),
    "hidden tests": ("grade-error_gradient", SOLUTION, lambda c: c["source"].append("\n### BEGIN HIDDEN TESTS")),
    "metadata": ("imports", "metadata that nobody asked for (ta)", lambda c: c["metadata"].update(ta="q")),
    "inner metadata": (
        "error_gradient",
        "metadata that nobody asked for (nbgrader.note)",
        lambda c: c["metadata"]["nbgrader"].update(note="q"),
    ),
    "attachments": ("prompt-q4", "metadata that nobody asked for (attachments)", lambda c: c.update(attachments={})),
}


@pytest.mark.parametrize("what", CELLS)
def test_what_does_not_belong_into_a_notebook_is_found(small: Assignment, files: Files, what: str) -> None:
    cell_id, kind, change = CELLS[what]
    notebook = json.loads(files[NOTEBOOK])
    number = next(n for n, cell in enumerate(notebook["cells"], 1) if cell["id"] == cell_id)
    change(notebook["cells"][number - 1])
    files[NOTEBOOK] = json.dumps(notebook).encode()
    leaks = find_leaks(files, small, secret=None, cases=None)
    assert (NOTEBOOK, kind, f"cell {number}") in [(leak.file, leak.kind, leak.place) for leak in leaks]


def test_a_pdf_is_read(small: Assignment, tmp_path: Path) -> None:
    """By the text that it shows, as TeX breaks and kerns it."""
    engine = shutil.which("pdflatex")
    if engine is None:
        pytest.skip("pdflatex is not installed: make system-test")
    hint = small.parts[0].misconceptions[0].hint.replace("_", r"\_")

    def typeset(text: str) -> bytes:
        document = rf"\documentclass{{article}}\usepackage[T1]{{fontenc}}\begin{{document}}{text}\end{{document}}"
        (tmp_path / "a.tex").write_text(document)
        subprocess.run([engine, "-interaction=batchmode", "a.tex"], cwd=tmp_path, check=True, capture_output=True)
        return (tmp_path / "a.pdf").read_bytes()

    words = "Write the function that computes both, for every size. " * 9
    leaky = words + r"\par\emph{" + hint + "}"
    files = {
        "right.pdf": typeset(words),
        "leak.pdf": typeset(leaky),
        "plain.pdf": typeset(r"\pdfcompresslevel=0 " + leaky),
    }
    leaks = find_leaks(files, small, secret=None, cases=None)
    assert {(leak.file, leak.kind) for leak in leaks} == {("leak.pdf", MISCONCEPTION), ("plain.pdf", MISCONCEPTION)}


# ----------------------------------------------------------------------------------------------- the command, the wheel


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("each times", "as in `return step * np.cumsum(x)`, each times", f"cell 3, line 3: {CODE}"),
        ('name="shown", title="', 'name="shown", title="/ta/q3.py ', FILE),
    ],
)
def test_the_command_stops_before_it_writes(
    hw1: Callable[..., Result], tmp_path: Path, old: str, new: str, words: str
) -> None:
    package = tmp_path / "homework"
    shutil.copytree(SMALL, package, ignore=shutil.ignore_patterns("__pycache__"))
    file = package / "q3.py"
    file.write_text(file.read_text().replace(old, new))
    result = hw1("release", "nbgrader", "--course", tmp_path / "course", "--assignment", package)
    assert result.exit_code == 2
    assert result.output.startswith("hw1: source/other/other")
    assert words in result.output
    assert "nothing was released" in result.output
    assert result.output.count("\n") == 1
    assert not (tmp_path / "course").exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("q4.py", "", "a file of the solutions, by its name"),
        ("notes.txt", "return step * np.cumsum(x)", CODE),
        ("old.ipynb", "{ return step * np.cumsum(x)", CODE),
        ("second.ipynb", '{"cells": [{"source": "return step * np.cumsum(x)"}]}', CODE),
        ("data.csv", "1,2,3", ""),
        (".ipynb_checkpoints/q4.py", "", ""),
    ],
)
def test_what_lies_beside_the_source_is_searched_too(
    hw1: Callable[..., Result], tmp_path: Path, name: str, content: str, kind: str
) -> None:
    file = tmp_path / "source" / "other" / name
    file.parent.mkdir(parents=True)
    file.write_text(content)
    result = hw1("release", "nbgrader", "--course", tmp_path, "--assignment", SMALL)
    if kind:
        assert result.exit_code == 2
        assert f"source/other/{name}" in result.output
        assert kind in result.output
    else:
        assert result.exit_code == 0
    assert (tmp_path / "README.md").exists() == (not kind)
    assert file.read_text() == content


def test_the_courses_own_secret_is_looked_for(
    hw1: Callable[..., Result], tmp_path: Path, small_course: Path, secret: bytes
) -> None:
    shutil.copytree(small_course, tmp_path / "course")
    package = tmp_path / "homework"
    shutil.copytree(SMALL, package, ignore=shutil.ignore_patterns("__pycache__"))
    init = package / "__init__.py"
    init.write_text(init.read_text().replace('TERM = "', f'TERM = "{secret.decode()} '))
    result = hw1("release", "nbgrader", "--course", tmp_path / "course", "--assignment", package)
    assert result.exit_code == 2
    assert SECRETLY in result.output
    assert secret.decode() not in result.output


def test_the_wheel_holds_neither_solutions_nor_tests(assignment: Assignment, course: Path, tmp_path: Path) -> None:
    secret = truth.read_secret(course, create=False)
    cases = truth.load(assignment, course, secret, print)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    tops = {Path(name).parts[0] for name in files}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"autograder", "reports"}
    assert "autograder/selfcheck.py" in files
    found = find_leaks(files, assignment, secret=secret, cases=cases)
    # Families that the engine supplies, or a new homework's first ones, may be called as some of ours are.
    supplied = {"autograder/model/families.py", "autograder/lint/pages.py", "autograder/cli/templates/question.py.j2"}
    assert [leak for leak in found if leak.kind != FAMILY or leak.file not in supplied] == []


def test_a_number_that_is_nearly_whole_gives_nothing_away() -> None:
    """A hidden tanh that saturates comes to 1.0, which stands in any code."""
    assert _fractions([0.99999999, 2.0, 0.123456789], 6) == ["1.23457e-01"]
