"""What an assignment computes with is told from what people read."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.loading import code_sha256
from autograder.model import Assignment

PAGE = """
'''A page.'''
from .data import TABLE
PROMPT = "What is $2 + 2$?"
TEXT = "2 2"
DERIVATIONS = model.derivations("a = b")
SETTING = setting(PROMPT, {"x": "n"})
WORDS = note("a word", 3)
def module(x):
    "Compute."
    return TABLE[TEXT.split()[0]]
QUESTION = question("q1", prompt=PROMPT, parts=[part(module, "n")])
"""
DATA = "TABLE = {'2': 4}\n"


def digest(folder: Path, page: str, data: str = DATA, *, variant: int = 0) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "q1.py").write_text(page, encoding="utf-8")
    (folder / "data.py").write_text(data, encoding="utf-8")
    about = dict.fromkeys(("id", "title", "course", "term", "due"), "a")
    return code_sha256(Assignment(**about, questions=(), source_sha256="0" * 64, folder=folder, variant=variant))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("What is $2 + 2$?", "What is 2 + 2?"),
        ("a = b", "a = c"),
        ("A page.", "The page."),
        ("Compute.", "Compute it."),
        ("TEXT = ", "# a remark\n\nTEXT  =  "),
    ],
)
def test_what_people_read_makes_no_difference(tmp_path: Path, old: str, new: str) -> None:
    assert old in PAGE
    assert digest(tmp_path, PAGE) == digest(tmp_path, PAGE.replace(old, new))


@pytest.mark.parametrize(("old", "new"), [("2 2", "3 2"), ("[0]", "[1]"), ('"n"}', '"m"}'), ("a word", "another")])
def test_what_is_computed_with_makes_one(tmp_path: Path, old: str, new: str) -> None:
    assert old in PAGE
    assert digest(tmp_path, PAGE) != digest(tmp_path, PAGE.replace(old, new))


@pytest.mark.parametrize(
    ("page", "data"),
    [
        (PAGE.replace("TEXT.split", "PROMPT.split"), DATA),
        (PAGE + 'globals()["PROMPT"]\n', DATA),
        (PAGE, DATA + "from .q1 import PROMPT as TEXT\n"),
        (PAGE, DATA + "from .q1 import *\n"),
        (PAGE, DATA + "from . import q1\nTEXT = q1.PROMPT\n"),
        (PAGE + 'PROMPT = PROMPT + "?"\n', DATA),
    ],
)
def test_a_prompt_that_is_used_elsewhere_is_computed_with(tmp_path: Path, page: str, data: str) -> None:
    other = page.replace("What is $2 + 2$?", "What is 2 + 2?")
    assert digest(tmp_path, page, data) != digest(tmp_path, other, data)


def test_a_function_of_the_authors_own_may_compute_with_its_text(tmp_path: Path) -> None:
    page = PAGE + "def derivations(text): return len(text)\n"
    assert digest(tmp_path, page) != digest(tmp_path, page.replace("a = b", "a = cc"))


def test_files_of_data_and_variants_count(tmp_path: Path) -> None:
    before = digest(tmp_path, PAGE)
    assert digest(tmp_path, PAGE, variant=2) != before
    (tmp_path / "table.csv").write_text("1,2", encoding="utf-8")
    assert digest(tmp_path, PAGE) != before
