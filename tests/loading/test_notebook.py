"""One reader of notebooks: what is graded, shown again and judged comes through the same bounds, and is read once."""

from __future__ import annotations

import json
import os
import resource
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from autograder import loading
from autograder.batch import Batch, Write
from autograder.errors import InputError
from autograder.loading import Found, Marks, read_again, read_submission
from autograder.nbgrader_plugin.source import SourceCell, repair
from autograder.results import Cell, Submission
from tests import toy

CODE = "def f(x):\n    return x\n"


def cell(kind: str, text: Any, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": text, "metadata": metadata}


def notebook(*cells: dict[str, Any]) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)})


def test_what_is_shown_again_is_what_was_graded_or_it_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ada.ipynb"
    found = Found(student="ada", paths=(file,))
    file.write_text(notebook(cell("code", CODE), cell("markdown", ["a\n", "b"])))
    graded = read_submission(found).sha256
    assert [(one.cell_type, one.text) for one in read_again(found, graded)] == [("code", CODE), ("markdown", "a\nb")]
    file.write_text(notebook(cell("code", CODE), cell("markdown", "another remark")))
    assert read_again(found, graded)[1].text == "another remark"
    file.write_text(notebook(cell("code", CODE + "x = 1\n")))
    with pytest.raises(InputError, match=r"ada\.ipynb has changed since it was graded"):
        read_again(found, graded)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"nbformat": 4, "cells": ' + "[" * 200_000, "nested too deeply"),
        ('{"nbformat": 4, "cells": [], "x": [' + "1," * 600_000 + "1]}", "more than 500000 values"),
        ('{"nbformat": 4, "cells": [], "x": ' + "1" * 5_000 + "}", "too many digits"),
        ('{"nbformat": 4, "cells": "all"}', "no list of cells"),
    ],
    ids=["deep", "many", "long", "none"],
)
def test_the_second_look_has_the_bounds_of_the_first(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "ada.ipynb"
    found = Found(student="ada", paths=(file,))
    file.write_text(text)
    assert says in str(read_submission(found).problem)
    with pytest.raises(InputError, match=says):
        read_again(found, "0" * 64)


@pytest.mark.parametrize("value", [None, 3, [], "x", {"grade_id": 5, "grade": "yes", "solution": []}])
def test_whatever_metadata_says_cells_are_typed_and_repaired(tmp_path: Path, value: Any) -> None:
    file = tmp_path / "ada.ipynb"
    odd = cell("code", CODE, nbgrader=value, hw1=value)
    file.write_text(notebook(odd, odd | {"metadata": value}, odd | {"cell_type": value}, odd | {"source": ["a", "b"]}))
    found = Found(student="ada", paths=(file,))
    cells = read_again(found, read_submission(found).sha256)
    assert cells[0].marks == Marks()
    source = SourceCell(
        grade_id="f", cell_type="code", source="", checksum=None, grade=False, solution=True, locked=False, points=0
    )
    assert [one.marks for one in repair(cells, {"f": source})] == [None] * 4


@pytest.mark.parametrize("name", ["ada.py", "ada.ipynb", "ada.txt", "ada/f", "ada/f.txt", "ada.md", "ada/hw.ipynb"])
def test_a_file_is_opened_once_when_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    text = notebook(cell("code", CODE)) if name.endswith("ipynb") else CODE
    file.write_text(f"```python\n{CODE}```\n" if name.endswith("md") else text)
    (found,) = loading.find_submissions(tmp_path)
    opened: Counter[str] = Counter()
    open_ = os.open

    def counted(path: Any, *rest: Any, **named: Any) -> int:
        opened[Path(path).name] += 1
        return open_(path, *rest, **named)

    monkeypatch.setattr(os, "open", counted)
    assert read_submission(found).cells[0].source == CODE
    assert opened[file.name] == 1


def test_however_many_files_hold_code_few_are_open_at_a_time(tmp_path: Path) -> None:
    home = tmp_path / "ada"
    home.mkdir()
    for number in range(40):
        (home / f"f{number}.txt").write_text(CODE)
    (found,) = loading.find_submissions(tmp_path)
    # Twelve are free below the limit, whatever is open in this process.
    used = {int(path.name) for path in Path("/proc/self/fd").iterdir()}
    limit = [number for number in range(max(used) + 20) if number not in used][12]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    try:
        problem = read_submission(found).problem
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "40 files for one student" in str(problem)


def test_a_submission_that_was_read_is_graded_as_it_was_read() -> None:
    text = "def products(x, scale=2.0):\n    return 1\n"
    handed_in = Submission(
        student="ada",
        kind="module",
        cells=(Cell(label="ada.py", source=text),),
        sha256=loading.submission_sha256("module", [text]),
    )
    kept: list[tuple[Submission, str]] = []

    def keep(submission: Submission) -> Write:
        return lambda grade, _: kept.append((submission, grade.submission_sha256))

    with Batch(toy.ASSIGNMENT, toy.toy_cases(), workers=1) as batch:
        (summary,) = batch.run([handed_in], keep)
    assert summary.status == "graded"
    assert kept == [(handed_in, handed_in.sha256)]
    assert kept[0][0] is handed_in
