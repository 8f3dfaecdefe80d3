"""What a file's name says: the endings and numbers that browsers and mail programs add change nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.loading import student_id
from autograder.loading.names import folder_student, read_name
from autograder.model import Assignment
from autograder.release import student_release


@pytest.mark.parametrize(
    ("name", "stem", "kind"),
    [
        ("ada.py", "ada", "module"),
        ("ada.PY", "ada", "module"),
        ("a.b.py", "a.b", "module"),
        ("j.part.py", "j.part", "module"),
        ("ada.pyw", "ada", "module"),
        ("hw1.ipynb", "hw1", "notebook"),
        ("hw1.py.txt", "hw1", "module"),
        ("hw1.ipynb.txt", "hw1", "notebook"),
        ("HW1.IPYNB.TXT", "HW1", "notebook"),
        ("hw1.ipynb.json", "hw1", "notebook"),
        ("hw1.ipynb.json.txt", "hw1", "notebook"),
        ("hw1.py.bin", "hw1", "module"),
        ("hw1.py.", "hw1", "module"),
        ("hw1 (1).ipynb", "hw1", "notebook"),
        ("hw1(12).py", "hw1", "module"),
        ("hw1 (1) (2).py", "hw1", "module"),
        ("hw1.ipynb (1).txt", "hw1", "notebook"),
        ("hw1 (1).py (2).txt", "hw1", "module"),
        ("hw1 (2020).py", "hw1 (2020)", "module"),
        (" (1).py", " (1)", "module"),
        ("ada.ipynb.py", "ada", "module"),
        ("eve", "eve", "unknown"),
        ("j.smith", "j.smith", "unknown"),
        ("ada.txt", "ada", "unknown"),
        ("ada.json", "ada", "unknown"),
        ("roster.csv", "roster.csv", "unknown"),
        ("gus.md", "gus", "prose"),
        ("gus.qmd", "gus", "prose"),
        ("gus.Rmd", "gus", "prose"),
        ("gus.md.txt", "gus", "prose"),
        ("gus.tex", "gus", "tex"),
        ("ada.zip", "ada", "zip"),
        ("ada (1).py.zip", "ada", "zip"),
        ("hal.tar.xz", "hal", "archive"),
        ("hal.tar.gz", "hal", "archive"),
        ("hal.ipynb.gz", "hal", "archive"),
        ("ada.ipynb.pdf", "ada", "document"),
        ("ivy.PNG", "ivy", "picture"),
        ("README.md", "README", "readme"),
        ("readme.txt", "readme", "readme"),
        ("hw1_check.py", "hw1_check", "ours"),
        ("hw1_check (1).py", "hw1_check", "ours"),
        ("hw1_check.py.txt", "hw1_check", "ours"),
        ("hw1_check (1).py.crdownload", "hw1_check", "ours"),
        ("Copy of hw1_check.py", "Copy of hw1_check", "ours"),
        ("hw1_check - Copy.py", "hw1_check - Copy", "ours"),
        ("hw1_check-1.py", "hw1_check-1", "ours"),
        ("hw1_check-checkpoint.py", "hw1_check", "ours"),
        ("handout (2).pdf", "handout", "ours"),
        ("handout.md.txt", "handout", "ours"),
        ("my_hw1_check.py", "my_hw1_check", "module"),
        (".hw1.py", ".hw1.py", "hidden"),
        (".DS_Store", ".DS_Store", "hidden"),
        ("__MACOSX", "__MACOSX", "system"),
        ("Thumbs.db", "Thumbs.db", "system"),
        ("desktop.ini", "desktop.ini", "system"),
        ("hw1.cpython-311.pyc", "hw1.cpython-311.pyc", "system"),
    ],
)
def test_a_name_is_read_through_what_was_added_to_it(name: str, stem: str, kind: str) -> None:
    read = read_name(name, "hw1_check")
    assert (read.stem, read.kind) == (stem, kind)


@pytest.mark.parametrize(
    ("name", "unfinished"),
    [
        ("hw1-checkpoint.ipynb", False),
        ("hw1 (1)-checkpoint.ipynb", False),
        ("hw1-checkpoint.py", False),
        ("hw1.ipynb.crdownload", True),
        ("hw1.py.part", True),
        ("hw1.ipynb.download", True),
        ("hw1.ipynb.txt.partial", True),
    ],
)
def test_copies_and_unfinished_downloads_only_count_alone(name: str, unfinished: bool) -> None:
    read = read_name(name, "hw1_check")
    assert (read.stem, read.spare, read.unfinished) == ("hw1", True, unfinished)


def test_a_folder_is_called_as_its_student_but_for_a_download() -> None:
    assert [folder_student(name) for name in ("ada.py", "ann (1)", "hw1.zip", "fay.ipynb.download")] == [
        "ada.py",
        "ann (1)",
        "hw1.zip",
        "fay",
    ]


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=255))
def test_any_name_is_read_and_leaves_a_student(name: str) -> None:
    read = read_name(name, "hw1_check")
    assert read.stem
    assert re.fullmatch(r"[A-Za-z0-9._@%-]{1,64}", student_id(read.stem))
    if name.strip(" ."):
        assert read_name(f"{name}.py.txt", "hw1_check").kind in ("module", "hidden", "ours")


def test_what_students_are_given_is_recognized_as_ours(assignment: Assignment) -> None:
    given_out = set(student_release(assignment, b"").students)
    mine = {f"{assignment.id}.ipynb", f"{assignment.id}.py"}
    assert mine < given_out
    for name in given_out - mine:
        first, dot, ending = name.rpartition(".")
        for copy in (name, f"{first} (1){dot}{ending}", f"{name}.txt", f"Copy of {name}"):
            assert read_name(copy, "hw1_check").kind == "ours", copy
    assert [read_name(name, "hw1_check").kind for name in sorted(mine)] == ["notebook", "module"]


def test_the_self_check_that_is_passed_over_is_the_homeworks_own() -> None:
    assert read_name("PS2_check (1).py.txt", "ps2_check").kind == "ours"
    assert read_name("hw1_check.py", "ps2_check").kind == "module"
    assert read_name("_check.py").kind == "module"
