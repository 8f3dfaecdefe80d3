"""One file that a person names: its own modules beside it come with it, and nobody else's do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from autograder.loading import list_submissions, read_submission, reference_source
from autograder.model import Assignment
from tests.conftest import SMALL

CODE = "import tools, pkg.one\n"
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": CODE, "metadata": {}}], "metadata": {}, "nbformat": 4})
OWN = {"tools.py": "x = 1\n", "pkg/one.py": "y = 1\n"}


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("hw1.ipynb", {"hw1.ipynb": NOTEBOOK, **OWN}),
        ("hw1.py", {"hw1.py": CODE, **OWN}),
        # The folder that was given out, with what nobody filled in.
        ("hw1.ipynb", {"hw1.ipynb": NOTEBOOK, **OWN, "hw1.py": "", "hw1_check.py": "", "handout.pdf": "", "a.txt": ""}),
    ],
)
def test_a_file_called_as_it_was_given_out_has_its_own_modules(
    tmp_path: Path, name: str, files: dict[str, str]
) -> None:
    listing = list_submissions(lay(tmp_path, files) / name, "hw1_check")
    assert listing.remark == ""
    assert [one.label for one in read_submission(listing.found[0]).helpers] == ["pkg/one.py", "tools.py"]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("ann.py", {"ann.py": "import tools", "tools.py": "x = 1"}),
        ("ann.ipynb", {"ann.ipynb": NOTEBOOK, "tools.py": "x = 1"}),
        ("ann.py", {"ann.py": "import tools", "tools/hw1.py": "x = 1"}),
        # Several students' downloads, and a student's folder.
        ("hw1.py", {"hw1.py": "import tools", "hw1 (1).py": "", "tools.py": "x = 1"}),
        ("hw1.py", {"hw1.py": "import tools", "bob.ipynb": NOTEBOOK, "tools.py": "x = 1"}),
        ("hw1.py", {"hw1.py": "import tools", "tools/hw1.ipynb": "{}", "tools/other.py": "x = 1"}),
        ("hw1 (1).py", {"hw1 (1).py": "import tools", "tools.py": "x = 1"}),
    ],
)
def test_no_file_has_what_may_be_another_students(tmp_path: Path, name: str, files: dict[str, str]) -> None:
    listing = list_submissions(lay(tmp_path, files) / name, "hw1_check")
    assert listing.remark == (
        f"{name}: tools beside it may be another student's, so it was not read; put the file, called "
        f"hw1{Path(name).suffix}, into a folder with its own modules alone"
    )
    assert read_submission(listing.found[0]).helpers == ()


@pytest.mark.parametrize("imports", ["import numpy, hw1_check", "import tools"])
def test_nothing_is_said_where_nothing_beside_it_is_imported(tmp_path: Path, imports: str) -> None:
    lay(tmp_path, {"ann.py": imports, "hw1_check.py": "", "numpy.py": "", "bob.py": "", "tools.txt": ""})
    listing = list_submissions(tmp_path / "ann.py", "hw1_check")
    assert (listing.remark, read_submission(listing.found[0]).helpers) == ("", ())


def test_a_module_beside_it_may_be_no_link(tmp_path: Path) -> None:
    lay(tmp_path, {"elsewhere/x.py": "secret = 1", "ann/other.py": "import tools"})
    (tmp_path / "ann" / "tools.py").symlink_to(tmp_path / "elsewhere" / "x.py")
    listing = list_submissions(tmp_path / "ann" / "other.py", "other_check")
    assert read_submission(listing.found[0]).problem == "tools.py is a symbolic link; hand in the file itself"


def test_a_file_alone_is_graded_as_in_a_folder_of_its_student(
    hw1: Callable[..., Result], small_course: Path, small: Assignment, tmp_path: Path
) -> None:
    code = reference_source(small)
    names = ", ".join(part.name for part in small.parts)
    lay(tmp_path, {"ann/other.py": f"from bob import {names}", "ann/bob.py": code})
    lay(tmp_path, {"class/ann.py": f"from bob import {names}", "class/bob.py": code})
    where = ("--course", small_course, "--assignment", SMALL, "--dry-run")
    own = hw1("grade", tmp_path / "ann" / "other.py", "--output", tmp_path / "a", *where)
    others = hw1("grade", tmp_path / "class" / "ann.py", "--output", tmp_path / "b", *where)
    assert "all right" in own.output
    assert "all right" not in others.output
    assert "ann.py: bob beside it may be another student's" in others.output
