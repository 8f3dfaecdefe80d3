"""Assignments from packages, submissions from files: what is read, what is refused, and in which words."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.errors import AssignmentError, InputError
from autograder.loading import (
    MAX_BYTES,
    MAX_CELLS,
    Found,
    find_submissions,
    load_assignment,
    part_reference,
    part_stub,
    read_submission,
    reference_source,
    stub_source,
    student_id,
    submission_sha256,
)
from autograder.loading.written import written_cells
from autograder.model import Assignment, Limits
from autograder.results import Submission
from autograder.sandbox._worker.text import NotebookCell, notebook_cells

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
INIT = 'ID, TITLE, COURSE, TERM, DUE = "toy", "Toy homework", "Course", "Term", "Tomorrow"\n'
COMMON = '''
import numpy as np

FACTOR = 2.0


def magnitude(inputs, truth):
    return np.abs(truth)


def twice(x):
    """Double."""
    return _same(x) * 2.0


def _same(x):
    return np.asarray(x)
'''
QUESTION = '''
from __future__ import annotations

import numpy as np

from autograder.model import Array, Criterion, Draw, Family, Misconception, Output, Part, Question

from .common import magnitude, twice


def double(x: Array, *, scale: float = 1.0) -> Array:
    r"""Twice $\\alpha x$.

    Parameters
    ----------
    x : array
        A vector.

    Notes
    -----
    The answer is 2 x, says the secret formula.

    Examples
    --------
    >>> double(np.array([1.0]))
    array([2.])
    """
    return [twice(element) for element in [x]][0] * scale


def half(x, *, scale=3.0):
    return x / 2


def gradient_check(functions, inputs):
    return []


PART = Part(
    reference=double,
    outputs=(Output(name="y", kind="value", magnitude=magnitude),),
    forward=lambda torch, tensors: 2 * tensors["x"],
    families=(
        Family(name="shown", title="shown", draw=lambda rng: Draw(inputs={"x": rng.normal(size=2)}), hidden=False),
        Family(name="kept", title="kept", draw=lambda rng: Draw(inputs={"x": rng.normal(size=3)})),
    ),
    criteria=(Criterion(id="q1.y", title="y", points=1, output="y", families=("kept",)),),
    misconceptions=(Misconception(name="half", function=half, hint="Not half."),),
)
QUESTION = Question(
    id="q1", title="1: doubling", prompt="", parts=(PART,), derivations=(), gradient_check=gradient_check
)
'''
SECOND = (
    QUESTION.replace("def double", "def quadruple")
    .replace("reference=double", "reference=quadruple")
    .replace('id="q1"', 'id="q3"')
    .replace('id="q1.y"', 'id="q3.y"')
)
UNJUDGED = 'Output(name="z", kind="value", magnitude=magnitude)'

Package = Callable[..., Path]


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """Write a package: the good one, with some files changed (None: left out)."""

    def write(**changed: str | None) -> Path:
        folder = tmp_path / "home work"
        folder.mkdir()
        files: dict[str, str | None] = {"__init__": INIT, "common": COMMON, "q1": QUESTION, "q3": SECOND, **changed}
        for name, text in files.items():
            if text is not None:
                (folder / f"{name}.py").write_text(text, encoding="utf-8")
        return folder

    return write


# ------------------------------------------------------------------------------------------------------- assignments


def test_an_assignment_is_loaded_from_any_folder(package: Package) -> None:
    assignment = load_assignment(package())
    assert (assignment.id, assignment.title) == ("toy", "Toy homework")
    assert (assignment.course, assignment.term, assignment.due) == ("Course", "Term", "Tomorrow")
    assert [question.id for question in assignment.questions] == ["q1", "q3"]
    assert [part.name for part in assignment.parts] == ["double", "quadruple"]
    assert assignment.parts[0].reference(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]


def test_limits_are_the_assignments_own(package: Package) -> None:
    text = f"{INIT}from autograder.model import Limits\nLIMITS = Limits(cpu_seconds_per_call=0.5)\n"
    assignment = load_assignment(package(__init__=text))
    assert assignment.limits == Limits(cpu_seconds_per_call=0.5)
    assert assignment.limits.stated.startswith("A call has 0.5 s of CPU time")


def test_two_assignments_do_not_share_modules(package: Package, tmp_path: Path) -> None:
    first = load_assignment(package())
    other = tmp_path / "other"
    (tmp_path / "home work").rename(other)
    (other / "common.py").write_text(COMMON.replace("* 2.0", "* 40.0"), encoding="utf-8")
    second = load_assignment(other)
    one = np.array([1.0])
    assert first.parts[0].reference(one)[0] == 2.0
    assert second.parts[0].reference(one)[0] == 40.0


def test_source_sha256_is_of_names_and_bytes_of_python_files(package: Package, tmp_path: Path) -> None:
    folder = package()
    before = load_assignment(folder).source_sha256
    assert re.fullmatch("[0-9a-f]{64}", before)
    (folder / "notes.txt").write_text("nothing")
    assert load_assignment(folder).source_sha256 == before
    moved = folder.rename(tmp_path / "elsewhere")
    assert load_assignment(moved).source_sha256 == before
    (moved / "common.py").rename(moved / "shared.py")
    (moved / "common.py").write_text("from .shared import *\n")
    renamed = load_assignment(moved).source_sha256
    assert renamed != before
    (moved / "common.py").write_text("from .shared import *  # more\n")
    assert load_assignment(moved).source_sha256 not in (before, renamed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"__init__": None}, ["no __init__.py", "TITLE"]),
        ({"q1": None, "q3": None}, ["no q*.py", "such as q1.py"]),
        ({"__init__": INIT.replace("TERM", "TERMS")}, ["home work/__init__.py: TERM is missing"]),
        ({"__init__": INIT.replace('"toy"', '" "')}, ["home work/__init__.py: ID is missing"]),
        ({"__init__": INIT.replace('"Tomorrow"', "3")}, ["home work/__init__.py: DUE is missing"]),
        (
            {"__init__": INIT + "LATE_POINTS_PER_DAY = -1\n"},
            ["home work/__init__.py: LATE_POINTS_PER_DAY is -1; write points, 0 or more"],
        ),
        (
            {"__init__": INIT + "LATE_POINTS_PER_DAY = 10**400\n"},
            ["home work/__init__.py: LATE_POINTS_PER_DAY is 1000"],
        ),
        ({"__init__": INIT + "AUTHOR = 'A \\ud800'\n"}, ["home work: the text 'A \\ud800' has half a character in it"]),
        ({"__init__": INIT + "LIMITS = 3\n"}, ["home work/__init__.py: LIMITS is 3; write LIMITS = Limits(...)"]),
        (
            {"__init__": f"{INIT}from autograder.model import Limits\nLIMITS = Limits(cpu_seconds_per_call=0)\n"},
            ["home work/__init__.py, line 3: LIMITS: cpu_seconds_per_call is 0; it must be above 0"],
        ),
        ({"__init__": INIT + "1 / 0\n"}, ["home work/__init__.py, line 2: ZeroDivisionError: division by zero"]),
        ({"q3": "x = 1\n"}, ["home work/q3.py: no QUESTION"]),
        ({"q3": "QUESTION = 3\n"}, ["home work/q3.py: no QUESTION"]),
        ({"q3": "import numpy\n\nimport nowhere_at_all\n"}, ["q3.py, line 3: ModuleNotFoundError", "nowhere_at_all"]),
        ({"q3": "x = 1\ny = (\n"}, ["home work/q3.py, line 2: SyntaxError: '(' was never closed"]),
        ({"q3": "raise SystemExit(3)\n"}, ["home work/q3.py, line 1: SystemExit: 3"]),
        ({"q3": "from .q1 import nothing\n"}, ["home work/q3.py, line 1: ImportError"]),
        ({"q3": "\n\nfrom .broken import x\n", "broken": "\n1 / 0\n"}, ["home work/broken.py, line 2: Zero"]),
        ({"q-2": QUESTION}, ["home work/q-2.py", "rename"]),
        ({"q3": QUESTION}, ["home work/q1.py and home work/q3.py: question 'q1' is there twice"]),
        ({"q3": SECOND.replace("quadruple", "double")}, ["q1.py and home work/q3.py: part 'double' is there twice"]),
        ({"q3": SECOND.replace('"q3.y"', '"q1.y"')}, ["criterion 'q1.y' is there twice"]),
        ({"q3": SECOND.replace("parts=(PART,)", "parts=()")}, ["home work/q3.py: question 'q3' has no parts"]),
        ({"q3": SECOND.replace("parts=(PART,)", "parts=(PART, PART)")}, ["home work/q3.py: part 'quadruple' is there"]),
        ({"q3": SECOND.replace('("kept",)', '("lost",)')}, ["home work/q3.py, line", "'lost', which is no"]),
        ({"q3": SECOND.replace('("kept",)', '("shown",)')}, ["'shown', which is not a hidden family"]),
        ({"q3": SECOND.replace("half(x, *, scale=3.0)", "half(x)")}, ["'half' takes (x), the reference (x"]),
        ({"q3": SECOND.replace("half(x, *, scale=3.0)", "half(x, *, scale)")}, ["misconception 'half'", "defaults"]),
        ({"q3": SECOND.replace("half(x, *, scale=3.0)", "half(x, scale=3.0)")}, ["misconception 'half'"]),
        (
            {"q3": SECOND.replace('output="y"', 'output="z"').replace("outputs=(", f"outputs=({UNJUDGED}, ")},
            ["home work/q3.py: quadruple: no criterion judges output 'y'"],
        ),
        ({"q3": re.sub(r"(outputs|criteria)=.*\n", r"\1=(),\n", SECOND)}, ["no outputs"]),
        ({"q3": re.sub(r'    r""".*?"""\n', "", SECOND, flags=re.DOTALL)}, ["quadruple: the reference has no doc"]),
        ({"q3": SECOND.replace("=quadruple", "=lambda x: x")}, ["'<lambda>' is not a plain function"]),
        ({"q3": SECOND.replace("=gradient_check", "=lambda f, i: []")}, ["gradient_check is not a plain function"]),
    ],
)
def test_a_broken_rule_is_one_line_that_names_the_file(package: Package, changed: Any, words: list[str]) -> None:
    folder = package(**changed)
    before = set(sys.modules)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    line = str(caught.value)
    assert "\n" not in line
    for word in words:
        assert word in line
    assert {name for name in set(sys.modules) - before if name.startswith("_assignment")} == set()


def test_a_failure_outside_the_package_names_the_file_that_was_imported(package: Package) -> None:
    # A null byte is refused before there is a line to name.
    folder = package(q3="x = 1\0\n")
    with pytest.raises(AssignmentError, match=r"home work/q3\.py(, line \d)?: (SyntaxError|ValueError): source code"):
        load_assignment(folder)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AssignmentError, match="nowhere: no such folder; --assignment"):
        load_assignment(tmp_path / "nowhere")


# ----------------------------------------------------------------------------------------------------------- sources


@pytest.fixture
def toy(package: Package) -> Assignment:
    return load_assignment(package())


def _execute(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(compile(text, "<text>", "exec", dont_inherit=True), namespace)
    return namespace


def test_the_reference_source_answers_alone_with_its_helpers(toy: Assignment) -> None:
    text = reference_source(toy)
    namespace = _execute(text)
    assert namespace["double"](np.array([1.0, 3.0])).tolist() == [2.0, 6.0]
    assert namespace["quadruple"](np.array([1.0]), scale=2.0).tolist() == [4.0]
    assert text.count("def twice(") == text.count("def _same(") == 1
    assert "autograder" not in text
    alone = part_reference(toy.parts[1])
    assert "def double(" not in alone
    assert _execute(alone)["quadruple"](np.array([1.0])).tolist() == [2.0]


def test_references_that_call_themselves_or_each_other_are_written_once(package: Package) -> None:
    recursive = QUESTION.replace(
        "return [twice(element) for element in [x]][0] * scale", "return even(len(x))"
    ).replace(
        "def half",
        "def even(n):\n    return n == 0 or odd(n - 1)\n\ndef odd(n):\n    return n > 0 and even(n - 1)\n\ndef half",
    )
    text = reference_source(load_assignment(package(q1=recursive, q3=None)))
    assert text.count("def even(") == text.count("def odd(") == 1
    assert _execute(text)["double"](np.zeros(4)) is True


def test_a_stub_is_signature_docstring_without_notes_and_not_implemented(toy: Assignment) -> None:
    text = stub_source(toy)
    assert text.startswith("import numpy as np\n")
    assert re.search("graded with Python 3.* and numpy .*; the standard library is available, torch is not", text)
    assert "# Question 1: doubling" in text
    assert "Notes" not in text
    assert "secret" not in text
    assert "def double(x, *, scale=1.0):" in text
    namespace = _execute(text)
    with pytest.raises(NotImplementedError):
        namespace["double"](np.zeros(2))
    doc = namespace["quadruple"].__doc__
    assert doc.startswith(r"Twice $\alpha x$.")
    assert "Parameters" in doc
    assert ">>> double(np.array([1.0]))" in doc


@pytest.mark.parametrize(
    "doc",
    [
        "One line.",
        'Ends in a quote "',
        "Ends in a backslash \\",
        'Holds """ three and \\alpha',
        "Two\n\nparagraphs with \\beta.",
        "Notes\n-----\nOnly notes.",
        "Text.\n\nNotes\n-----\nLast.",
    ],
)
def test_any_docstring_survives_in_a_stub(toy: Assignment, doc: str) -> None:
    part = toy.parts[0]
    part.reference.__doc__ = doc
    text = part_stub(part)
    definition = ast.parse(text).body[0]
    assert isinstance(definition, ast.FunctionDef)
    assert ast.get_docstring(definition) == doc.partition("Notes\n-----")[0].strip()


# ------------------------------------------------------------------------------------------------ finding submissions


def test_the_demo_class_is_found_in_order() -> None:
    found = find_submissions(SUBMISSIONS / "class")
    assert [f.student for f in found] == [f"student-{number:02}" for number in range(1, 15)]
    assert all(len(f.paths) == 1 for f in found)
    submissions = [read_submission(f) for f in found]
    assert [s.student for s in submissions if s.problem] == ["student-14"]
    assert {s.kind for s in submissions} == {"module", "notebook"}


@pytest.mark.parametrize(
    ("student", "problem"),
    [
        ("cells-are-text", "cells-are-text.ipynb has no list of cells; copy your code into a fresh notebook"),
        ("latin-1", "latin-1.py is not UTF-8 text (byte 3); save it as UTF-8"),
        ("no-code", "no-code/ holds no .py or .ipynb file, only answers.txt; hand in one"),
        ("not-a-notebook", "not-a-notebook.ipynb is not a notebook; hand in the file that Jupyter saved"),
        (
            "not-json",
            "not-json.ipynb is not valid JSON (line 1, column 1): this is plain text; if it is Python code, name the "
            "file .py",
        ),
        ("only-a-scan", "only-a-scan.pdf is neither a .py nor an .ipynb file; hand in one of these"),
        ("two-files", "2 files for one student: two-files.ipynb and two-files.py; keep only the one to be graded"),
        (
            "two-in-a-folder",
            "2 files for one student: two-in-a-folder/hw1-final.py and two-in-a-folder/hw1.py;"
            " keep only the one to be graded",
        ),
        ("utf-16", "utf-16.py is not UTF-8 text (byte 1); save it as UTF-8"),
        (
            "version-3",
            "version-3.ipynb is a notebook of version 3, not 4; open it in a current Jupyter, which converts it, and "
            "save it",
        ),
    ],
)
def test_unreadable_submissions_say_why(student: str, problem: str) -> None:
    (found,) = [f for f in find_submissions(SUBMISSIONS / "bad") if f.student == student]
    submission = read_submission(found)
    assert submission.problem == problem
    assert (submission.cells, submission.sha256) == ((), "")


def test_every_bad_submission_is_unreadable() -> None:
    found = find_submissions(SUBMISSIONS / "bad")
    assert len(found) == 10
    assert all(read_submission(f).problem for f in found)


def test_names_that_are_no_submissions_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.py", "hw1_check.py", "README.md", "grades.csv", "ada.txt"):
        (tmp_path / name).write_text("")
    for name in ("__pycache__", ".ipynb_checkpoints", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.py").write_text("")
    for name in (".x.ipynb", "hw1_check.py", "report.pdf"):
        (tmp_path / "bob" / name).write_text("")
    (tmp_path / "bob" / "folder.py").mkdir()
    assert find_submissions(tmp_path, "hw1_check") == (Found(student="bob", paths=(tmp_path / "bob" / "x.py",)),)


def test_a_file_and_a_folder_of_one_student_are_two_files(tmp_path: Path) -> None:
    (tmp_path / "ada.PY").write_text("")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "HW1.IPYNB").write_text("")
    (tmp_path / "ada.zip").write_text("")
    (found,) = find_submissions(tmp_path)
    assert read_submission(found).problem == (
        "2 files for one student: ada/HW1.IPYNB and ada.PY; keep only the one to be graded"
    )


def test_one_file_is_a_submission(tmp_path: Path) -> None:
    file = tmp_path / "Zoë W.ipynb"
    assert_missing(file, "no such file or folder")
    file.write_text("")
    assert find_submissions(file) == (Found(student="Zo%C3%AB%20W", paths=(file,)),)


def assert_missing(path: Path, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        find_submissions(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert "; " in str(caught.value), "it says what to do"


def test_nothing_to_grade_is_an_input_error(tmp_path: Path) -> None:
    assert_missing(tmp_path / "nowhere", "no such file or folder")
    assert_missing(tmp_path, "no .py or .ipynb file in it")
    file = tmp_path / "grades.csv"
    file.write_text("")
    assert_missing(file, "neither a folder nor a .py or .ipynb file")
    assert_missing(tmp_path, "no .py or .ipynb file in it")


def test_a_folder_that_cannot_be_listed_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert_missing(tmp_path, r"cannot be listed \(Permission denied\)")


def test_a_students_folder_that_cannot_be_listed_is_not_charged_to_the_student(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "bob.py").write_text("")
    listed, opened = Path.iterdir, os.open

    def refuse_listing(path: Path) -> Any:
        if path.name == "ada":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    def refuse_opening(path: Any, *rest: Any, **named: Any) -> int:
        if Path(path).name == "ada":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *rest, **named)

    monkeypatch.setattr(Path, "iterdir", refuse_listing)
    monkeypatch.setattr(os, "open", refuse_opening)
    ada, bob = find_submissions(tmp_path)
    with pytest.raises(InputError, match=r"^ada cannot be read \(Permission denied\); make it readable"):
        read_submission(ada)
    assert read_submission(bob).problem is None


NAMES = (
    "ada",
    "a.b_c@d-e",
    ".",
    "..",
    "...",
    "Zoë",
    "a b",
    "a%20b",
    "a/b",
    "-rf",
    "\udcff",
    "x" * 64,
    "x" * 65,
    "x" * 66,
    "ü" * 40,
    "a\nb",
)


def test_student_ids_are_safe_and_never_shared() -> None:
    ids = [student_id(name) for name in NAMES]
    assert all(re.fullmatch(r"[A-Za-z0-9._@%-]{1,64}", id_) and id_ not in (".", "..") for id_ in ids)
    assert len(set(ids)) == len(NAMES)
    assert ids[:2] == ["ada", "a.b_c@d-e"]
    assert student_id("Zoë") == "Zo%C3%AB"


# ------------------------------------------------------------------------------------------------ reading submissions


def read(path: Path) -> Submission:
    (found,) = find_submissions(path)
    return read_submission(found)


def notebook(*cells: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | changed


def code(source: Any, **changed: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None} | changed


@pytest.fixture
def read_notebook(tmp_path: Path) -> Callable[[Any], Submission]:
    def write_and_read(content: Any) -> Submission:
        file = tmp_path / "ada.ipynb"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return read(file)

    return write_and_read


def test_a_module_is_one_cell_and_its_coding_line_is_honoured_where_it_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "ada.py"
    file.write_bytes(b"\xef\xbb\xbf# coding: latin-1\nname = '\xc3\xa9'\n")
    submission = read(file)
    assert submission.problem is None
    assert [(cell.label, cell.source) for cell in submission.cells] == [("ada.py", "# coding: latin-1\nname = 'é'\n")]
    file.write_bytes(b"# coding: latin-1\nname = '\xe9'\n")
    assert read(file).cells[0].source == "# coding: latin-1\nname = 'é'\n"


def test_cells_are_counted_as_the_student_sees_them(read_notebook: Any) -> None:
    tests = {"nbgrader": {"grade": True, "solution": False, "grade_id": "t", "locked": True, "points": 1}}
    answer = {"nbgrader": {"grade": True, "solution": True, "grade_id": "a", "locked": False, "points": 1}}
    submission = read_notebook(
        notebook(
            {"cell_type": "markdown", "source": 3, "attachments": {"a.png": {}}, "metadata": {}},
            code(["a = 1\n", "b = 2"]),
            code("assert a", metadata=tests),
            {"cell_type": "raw", "source": "x", "metadata": {}},
            code("c = 3", metadata=answer),
            code("d = 4", metadata=None),
        )
    )
    assert [(c.label, c.source) for c in submission.cells] == [
        ("cell 1", "a = 1\nb = 2"),
        ("cell 3", "c = 3"),
        ("cell 4", "d = 4"),
    ]


def test_the_hash_is_of_the_code_alone(read_notebook: Any) -> None:
    tests = {"nbgrader": {"grade": True, "solution": False}}
    first = read_notebook(notebook(code("a = 1\nb = 2"), code("c = 3")))
    same = read_notebook(
        notebook(
            {"cell_type": "markdown", "source": "text", "metadata": {}, "id": "x"},
            code(["a = 1\n", "b = 2"], outputs=[{"output_type": "stream", "text": "1"}], execution_count=7),
            code("tests", metadata=tests),
            code("c = 3", metadata={"collapsed": True}),
            metadata={"kernelspec": {"name": "x"}},
        )
    )
    assert first.sha256 == same.sha256 == submission_sha256("notebook", ["a = 1\nb = 2", "c = 3"])
    others = [
        submission_sha256("module", ["a = 1\nb = 2", "c = 3"]),
        submission_sha256("notebook", ["a = 1\nb = 2c = 3"]),
        submission_sha256("notebook", ["a = 1\nb = 2c", " = 3"]),
        submission_sha256("notebook", ["c = 3", "a = 1\nb = 2"]),
        submission_sha256("notebook", ["a = 1\nb = 2", "c = 3", ""]),
    ]
    assert len({first.sha256, *others}) == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is not valid JSON (line 1, column 1)"),
        ("<!DOCTYPE html>\n<html>", "is a web page, not a notebook; download the file itself"),
        (
            "import numpy",
            "is not valid JSON (line 1, column 1): this is plain text; if it is Python code, name the file",
        ),
        (
            '{"nbformat": 4, "cells": [',
            "is not valid JSON (line 1, column 27): the end is missing; save or download it",
        ),
        (
            '{\n<<<<<<< HEAD\n"cells": []\n=======\n>>>>>>> b\n}',
            "is not valid JSON (line 2, column 1): Git left conflict markers (line 2); keep one side",
        ),
        ('{"nbformat": 4,}', "is not valid JSON (line 1, column 1"),
        ('{"nbformat": 4}\n{', "is not valid JSON (line 2, column 1): more follows behind its end; remove that"),
        ('{"nbformat": 4}\0', "is not valid JSON (line 1, column 16): more follows behind its end; remove that"),
        ("[" * 200_000, "is nested too deeply"),
        ('{"nbformat": ' + "1" * 5000 + "}", "holds a number with too many digits"),
        ("[]", "is not a notebook"),
        ("3", "is not a notebook"),
        (notebook(nbformat=True), "is not a notebook"),
        (notebook(nbformat="4"), "is not a notebook"),
        (notebook(nbformat=5), "is a notebook of version 5, not 4"),
        (notebook(nbformat=10**4000), "is a notebook of version unknown, not 4"),
        (notebook(cells={}), "has no list of cells"),
        (notebook(cells=["a = 1"]), "has no list of cells"),
        (notebook(code("a"), code(3)), "has a code cell (position 2) without text"),
        (notebook(code(["a", 3])), "has a code cell (position 1) without text"),
        (notebook({"cell_type": "code"}), "has a code cell (position 1) without text"),
        (notebook(*[code("")] * (MAX_CELLS + 1)), f"has {MAX_CELLS + 1} cells, and the limit is {MAX_CELLS}"),
    ],
)
def test_what_is_no_notebook(read_notebook: Any, content: Any, words: str) -> None:
    problem = read_notebook(content).problem
    assert problem is not None
    assert problem.startswith(f"ada.ipynb {words}")
    assert "\n" not in problem


def test_a_notebook_at_the_limit_and_an_empty_one_are_read(read_notebook: Any) -> None:
    assert len(read_notebook(notebook(*[code("")] * MAX_CELLS)).cells) == MAX_CELLS
    empty = read_notebook(notebook())
    assert (empty.cells, empty.problem) == ((), None)


def test_lone_surrogates_can_be_encoded_later(read_notebook: Any) -> None:
    submission = read_notebook(
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = \'\\ud800\'  # \\ud83d\\ude00"}]}'
    )
    assert submission.cells[0].source.encode() == "a = '?'  # \U0001f600".encode()
    assert submission.problem is None


def test_large_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    file = tmp_path / "ada.py"
    with file.open("wb") as large:
        large.truncate(200_000_000)
    assert read(file).problem == "ada.py is 200.0 MB, and the limit is 10 MB; clear the outputs and save again"
    file.write_bytes(b"#" * MAX_BYTES)
    assert read(file).problem is None
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "10.0 MB, and the limit is 10 MB" in str(read(file).problem)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ada.py"
    file.write_text("")
    monkeypatch.setattr(os, "read", lambda descriptor, size: b"#" * size)
    assert "the limit is 10 MB" in str(read(file).problem)


def test_only_regular_files_are_opened_for_reading(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "x.py").write_text("secret = 1\n")
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "linked.py").symlink_to(target / "x.py")
    (folder / "dangling.ipynb").symlink_to(target / "nothing")
    (folder / "directory").symlink_to(target)
    (folder / "device.py").symlink_to("/dev/zero")
    (folder / "inside").mkdir()
    (folder / "inside" / "x.py").symlink_to(target / "x.py")
    os.mkfifo(folder / "pipe.py")
    problems = {f.student: read_submission(f).problem for f in find_submissions(folder)}
    link = "is a symbolic link; hand in the file itself"
    assert problems == {
        "linked": f"linked.py {link}",
        "dangling": f"dangling.ipynb {link}",
        "directory": f"directory {link}",
        "device": f"device.py {link}",
        "inside": f"inside/x.py {link}",
        "pipe": "pipe.py is not a regular file; hand in a .py or .ipynb file",
    }


def test_a_disk_that_fails_is_our_problem_and_a_file_that_vanishes_the_submissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ada.py"
    file.write_text("")
    (found,) = find_submissions(file)

    def fail(descriptor: int, size: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(InputError, match=r"^ada\.py cannot be read \(Input/output error\)"):
        read_submission(found)
    file.unlink()
    assert read_submission(found).problem == (
        "ada.py cannot be opened (No such file or directory); hand in the file itself"
    )


def test_problems_are_one_short_line_without_the_hosts_path(tmp_path: Path) -> None:
    name = "a\nb\x1b[31m\u202e" + "x" * 200
    (tmp_path / f"{name}.py").write_bytes(b"\xff")
    problem = str(read(tmp_path).problem)
    assert str(tmp_path) not in problem
    assert problem.isprintable()
    assert problem.startswith("a?b?[31m?")
    assert len(problem) < 200


def test_nothing_is_compiled_or_imported_for_a_submission(tmp_path: Path) -> None:
    file = tmp_path / "ada.py"
    file.write_text("raise SystemExit('never run')\n\0 not even Python (((\n")
    before = set(sys.modules)
    assert read(file).problem is None
    assert not {name for name in set(sys.modules) - before if "nbformat" in name or "ada" in name}


def test_records_are_frozen() -> None:
    found = Found(student="a", paths=())
    with pytest.raises(AttributeError):
        found.student = "b"  # type: ignore[misc]
    assert replace(found, student="b").student == "b"


@pytest.mark.parametrize("name", ["grades.csv", "run.jsonl", "Grades.CSV", ".", ".."])
def test_no_student_is_called_like_a_file_of_the_results(name: str) -> None:
    assert "." not in student_id(name)


@pytest.fixture
def untraced() -> Iterator[None]:
    """Measure the code, not what coverage does at each of its lines."""
    trace = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(trace)


def marked_cell(text: str) -> list[NotebookCell]:
    cell = {"cell_type": "markdown", "metadata": {"autograder": {"written": "q3"}}, "source": text}
    return notebook_cells(json.dumps({"nbformat": 4, "cells": [cell]}))


def test_a_notebook_released_under_the_former_key_is_read() -> None:
    cell = {"cell_type": "markdown", "metadata": {"hw1": {"written": "q3"}}, "source": "$a = b$"}
    (found,) = notebook_cells(json.dumps({"nbformat": 4, "cells": [cell]}))
    assert found.written == "q3"


@pytest.mark.parametrize(
    "unit", ["\n", " ", "\t\n", "**Question", "**Question**\n", "*Write here.*\n", "*", "\\frac{ ", "$"], ids=repr
)
@pytest.mark.usefixtures("untraced")
def test_reading_a_written_cell_takes_linear_time(unit: str) -> None:
    # The short text first: what is quadratic fails there within seconds.
    for length in (20_000, 1_000_000):
        text = unit * (length // len(unit)) + "\nx"
        begun = time.process_time()
        assert written_cells(marked_cell(text))
        seconds = time.process_time() - begun
        begun = time.process_time()
        for _ in range(5):
            assert sum(map(str.isspace, text)) + 1
        twin = time.process_time() - begun
        assert seconds <= 10 * twin, f"{length} characters took {seconds / twin:.0f} times a scan of them"


@pytest.mark.parametrize(
    "text", ["", "\n" * 9, "**Question 1a, your derivation** (optional)\n\n*Write here.*\n", "*Write here*"]
)
def test_a_written_cell_as_released_holds_nothing(text: str) -> None:
    assert written_cells(marked_cell(text)) == ()


@pytest.mark.parametrize("text", ["**Question 1a**\n\n$y$", "*Write here.* $y$", "**Question without an end"])
def test_a_written_cell_with_own_words_is_kept_whole(text: str) -> None:
    assert [piece.text for piece in written_cells(marked_cell(text))] == [text]
