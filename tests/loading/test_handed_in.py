"""Nobody vanishes: whatever lies among the submissions is a student's row or a line that says why it is none."""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import InputError
from autograder.loading import (
    Found,
    find_submissions,
    list_submissions,
    read_again,
    read_submission,
    read_written,
    reference_source,
    submission_sha256,
)
from autograder.loading.blocks import read_blocks
from autograder.loading.packed import MAX_DEPTH, MAX_ENTRIES
from autograder.model import Assignment
from autograder.results import Submission
from tests.cli.test_cli import rows

CODE = "import numpy as np\n\n\ndef shares(x, rate):\n    e = np.exp(rate * x)\n    return e / e.sum()\n"
OTHER = CODE.replace("rate * x", "x")
MODULE = submission_sha256("module", [CODE])
NOTEBOOK = submission_sha256("notebook", [CODE])
Files = Mapping[str, str | bytes]


def notebook(code: str = CODE) -> str:
    cell = {"cell_type": "code", "source": code, "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def packed(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tape(files: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content.encode()))
    return made.getvalue()


def lay(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def only(folder: Path, files: Files) -> Submission:
    """Read the one submission in a folder."""
    (found,) = find_submissions(lay(folder, files), "hw1_check")
    return read_submission(found)


def test_everything_that_holds_right_functions_earns_its_points(
    tmp_path: Path, assignment: Assignment, course: Path, hw1: Callable[..., Result]
) -> None:
    code = reference_source(assignment)
    fenced = f"---\ntitle: mine\n---\n\n# Question 2\n\n```{{python}}\n#| label: all\n{code}```\n\nSo much for that.\n"
    files: dict[str, str | bytes] = {
        "py.py.txt": code,
        "text.txt": code,
        "nb.ipynb.txt": notebook(code),
        "json.ipynb.json": notebook(code),
        "bare": notebook(code),
        "renamed.py": notebook(code),
        "loaded.ipynb.crdownload": notebook(code),
        "again (1).py": code,
        "quarto.qmd": fenced,
        "r.Rmd": fenced.replace("{python}", "{python, echo=FALSE}"),
        "md.md": fenced.replace("{python}", "python"),
        "packed.zip": packed({"__MACOSX/._hw1.py": "x", "hw1/hw1.py": code, "hw1/hw1_check.py": "x"}),
        "twice.zip": packed({"hw1.zip": packed({"hw1.ipynb": notebook(code)})}),
        "nested/hw1/final/hw1.py": code,
        "safari.ipynb.download/safari.ipynb": notebook(code),
        "ours/hw1_check (1).py": "x",
        "ours/handout.md": "x",
        "ours/hw1.py": code,
        "ours/hw1-checkpoint.ipynb": notebook("x = 1"),
    }
    folder = lay(tmp_path / "class", files)
    done = hw1("grade", folder, "--output", tmp_path / "out", "--course", course)
    assert done.exit_code == 0, done.output
    expected = {name.partition("/")[0].split(".")[0].partition(" ")[0] for name in files}
    assert {student: row["earned"] for student, row in rows(tmp_path / "out").items()} == dict.fromkeys(
        expected, f"{assignment.possible:g}"
    )
    assert "not graded" not in done.output


STRAY: Files = {
    "ann.py": CODE,
    "ann.pdf": "the same, printed",
    "ann.md": "$$y = e$$",
    "bob-scan.jpg": b"\xff\xd8",
    "roster.csv": "ann,bob\n",
    "notes.txt": "from whom did they import this?\n",
    "binary": b"\x7fELF\0\0",
    "a-tape": tape({"hw1.py": CODE}),
    "empty": "",
    "README.md": "Unpack all of it.",
    "hw1_check (1).py": CODE,
    "handout.pdf": "x",
    ".hidden.py": CODE,
    "Thumbs.db": "x",
    "__MACOSX/._ann.py": "x",
    ".ipynb_checkpoints/ann-checkpoint.ipynb": notebook(),
    "cat.tar.xz": b"\xfd7zXZ",
    "dan.docx": "x",
    "eve/plot.png": "x",
    "fay/.DS_Store": "x",
    "gus.tex": r"\[ a = b \]",
    "hal.md": "$$a = b$$",
}


def test_every_name_is_a_row_or_a_line(
    tmp_path: Path, course: Path, hw1: Callable[..., Result], assignment: Assignment
) -> None:
    folder = lay(tmp_path / "class", STRAY)
    done = hw1("grade", folder, "--output", tmp_path / "out", "--course", course)
    assert done.exit_code == 0, done.output
    assert sorted(rows(tmp_path / "out")) == ["ann", "cat", "dan", "eve", "fay", "gus", "hal"]
    graded = {"ann.py", "ann.md", "cat.tar.xz", "dan.docx", "eve", "fay", "gus.tex", "hal.md"}
    due = {path.name for path in folder.iterdir()} - graded
    for said in (done.stderr, done.stdout):
        lines = [line.removeprefix("hw1: ") for line in said.splitlines() if "not graded: " in line]
        assert {line.removeprefix("not graded: ").partition(",")[0] for line in lines} == due
        told = [line.partition("; ") for line in lines]
        assert all(", " in why and advice for why, _, advice in told), "name, why; what to do"
    assert f"- 7 submissions, {len(due)} not graded" in done.stdout
    assert "not graded: ann.pdf, which lies beside ann.py; " in done.stdout


def test_a_control_character_in_a_name_is_spelled_out(tmp_path: Path) -> None:
    listing = list_submissions(lay(tmp_path, {"ann.py": CODE, "x\x1b[31m\n.png": "x"}))
    assert [str(one).partition(",")[0] for one in listing.left_out] == ["not graded: x?[31m?.png"]


def test_where_nobody_handed_in_the_line_names_what_lies_there(tmp_path: Path) -> None:
    lay(tmp_path, {"hw1_check (1).py": CODE, "handout.md": "x"})
    with pytest.raises(InputError, match=r"no \.py or \.ipynb file in it, only handout\.md, hw1_check \(1\)\.py; put"):
        list_submissions(tmp_path, "hw1_check")
    for name in ("hw1_check (1).py", "roster.csv", "plot.png"):
        lay(tmp_path, {name: "x"})
        with pytest.raises(InputError, match=r"neither a folder nor a \.py or \.ipynb file, but "):
            list_submissions(tmp_path / name, "hw1_check")


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"ann/hw1_check (1).py": "x", "ann/handout.pdf": "x"}, "holds no file of yours, only handout.pdf and hw1_che"),
        ({"ann/.DS_Store": "x"}, "ann/ holds no file of yours, only .DS_Store; hand in a .py or .ipynb file"),
        ({"ann/plot.png": "x", "ann/a.csv": "x"}, "ann/ holds no .py or .ipynb file, only a.csv and plot.png; hand in"),
        ({"ann/a/b/plot.png": "x"}, "ann/ holds no .py or .ipynb file, only plot.png; hand in one"),
        ({"ann.tar.xz": "x"}, "ann.tar.xz is an archive that is not opened; hand in the .py or .ipynb file itself"),
        ({"ann.7z": "x"}, "ann.7z is an archive that is not opened; "),
        ({"ann.html": CODE}, "ann.html is neither a .py nor an .ipynb file; hand in one of these"),
        ({"ann.py": CODE, "ann (1).py": CODE}, "2 files for one student: ann (1).py and ann.py; keep only the one"),
        ({"ann.py": CODE, "ann.ipynb.txt": notebook()}, "2 files for one student: ann.ipynb.txt and ann.py; keep"),
        ({"ann/a/x.py": CODE, "ann/b/y.py": CODE}, "2 files for one student: ann/a/x.py and ann/b/y.py; keep only the"),
        ({"ann/a.md": f"```python\n{CODE}```", "ann/b.qmd": f"```{{python}}\n{CODE}```"}, "ann/a.md and ann/b.qmd;"),
        (
            {"ann.zip": packed({"x.py": CODE, "y.ipynb": notebook()})},
            "ann.zip/x.py and ann.zip/y.ipynb; keep only the one",
        ),
        ({"ann.zip": packed({"hw1.py": CODE, "old/hw1.py": OTHER})}, "ann.zip/hw1.py and ann.zip/old/hw1.py; keep"),
        ({"ann/a.zip": packed({"x.py": CODE}), "ann/b.zip": packed({"x.py": CODE})}, "ann/a.zip/x.py and ann/b.zip/x."),
        ({"ann.zip": packed({"plot.png": "x"})}, "ann.zip holds no .py or .ipynb file, only plot.png; hand in one"),
        ({"ann.zip": packed({"hw1_check.py": CODE})}, "ann.zip holds no file of yours, only hw1_check.py; hand in"),
        ({"ann.zip": packed({})}, "ann.zip is empty; hand in a .py or .ipynb file"),
        ({"ann.zip": "no archive"}, "ann.zip is damaged or not a zip archive; hand in the .py or .ipynb file itself"),
        ({"ann.zip": packed({"hw1.py": CODE})[:-9]}, "ann.zip is damaged or not a zip archive; "),
        ({"ann.zip": packed({"hw1.py": CODE}, zipfile.ZIP_BZIP2)}, "ann.zip/hw1.py is packed in a way that is not "),
        ({"ann.zip": packed({"../hw1.py": CODE})}, "ann.zip holds a path that leads out of it (../hw1.py); hand in"),
        ({"ann.zip": packed({"hw1.py": CODE, "/etc/x.py": CODE})}, "holds a path that leads out of it (/etc/x.py);"),
        ({"ann.zip": packed({"C:\\ann\\hw1.py": CODE})}, "holds a path that leads out of it (C:\\ann\\hw1.py);"),
        ({"ann.zip": packed({"hw1.py": bytes(1 << 28)})}, "ann.zip would unpack to 268 MB, which is not done; "),
        ({"ann.zip": packed({"hw1.py": CODE, "data": bytes(2 << 20)})}, "ann.zip would unpack to 2 MB, which is not "),
        ({"ann.zip": packed({f"{i}.txt": "" for i in range(MAX_ENTRIES + 1)})}, "holds more than 2000 files and fold"),
        ({"ann.zip": packed({"hw1.py": CODE, "big": os.urandom(1 << 20) + bytes(110_000_000)})}, "unpack to 111 MB"),
        ({"ann.zip": packed({"hw1.py": CODE, "x" * 1_001: "x"})}, "ann.zip holds a name of 1001 characters; hand in"),
        ({f"ann/{i}.txt": "" for i in range(MAX_ENTRIES + 1)}, "ann holds more than 2000 files and folders; hand in"),
        ({"ann/" + "a/" * MAX_DEPTH + "hw1.py": CODE}, "ann/ is nested more than 8 folders deep; hand in"),
        ({"ann.zip": packed({"a/" * MAX_DEPTH + "hw1.py": CODE})}, "ann.zip is nested more than 8 folders deep; "),
        ({"ann.ipynb.part": notebook()[:-20]}, "ann.ipynb.part is an unfinished download; hand in the whole"),
        ({"ann": notebook()[:-20]}, "ann is not valid JSON (line 1, column"),
    ],
)
def test_what_cannot_be_read_is_said_by_its_name(tmp_path: Path, files: Files, problem: str) -> None:
    read = only(tmp_path, files)
    assert problem in str(read.problem)
    assert (read.cells, read.written) == ((), ())


def test_an_archive_of_too_many_files_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed({f"{i}.txt": "" for i in range(MAX_ENTRIES + 1)})
    monkeypatch.delattr(zipfile, "ZipFile")
    assert "ann.zip holds more than 2000 files and folders" in str(only(tmp_path, {"ann.zip": data}).problem)


def test_an_archive_in_archives_is_opened_only_so_often(tmp_path: Path) -> None:
    data = packed({"hw1.py": CODE})
    for _ in range(3):
        data = packed({"hw1.zip": data})
    assert only(tmp_path, {"ann.zip": data}).sha256 == MODULE
    for _ in range(MAX_DEPTH):
        data = packed({"hw1.zip": data})
    assert "is packed in too many layers" in str(only(tmp_path, {"ann.zip": data}).problem)


def test_a_protected_archive_and_a_link_in_one_are_refused(tmp_path: Path) -> None:
    locked = bytearray(packed({"hw1.py": CODE}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert only(tmp_path, {"ann.zip": bytes(locked)}).problem == (
        "ann.zip/hw1.py is protected by a password; hand it in without one"
    )
    link = zipfile.ZipInfo("hw1.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert only(tmp_path, {"ann.zip": made.getvalue()}).problem == (
        "ann.zip/hw1.py is a symbolic link; hand in the file itself"
    )


def test_links_in_a_nested_folder_are_not_followed(tmp_path: Path) -> None:
    lay(tmp_path / "elsewhere", {"hw1.py": "secret = 1\n"})
    folder = lay(tmp_path / "class", {"ann/hw1/plot.png": "x", "bob/hw1/notes.md": "x"})
    (folder / "ann" / "hw1" / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "bob" / "hw1" / "hw1.py").symlink_to(tmp_path / "elsewhere" / "hw1.py")
    ann, bob = (read_submission(found) for found in find_submissions(folder))
    assert ann.problem == "ann/ holds no .py or .ipynb file, only linked and plot.png; hand in one"
    assert bob.problem == "bob/hw1/hw1.py is a symbolic link; hand in the file itself"


def test_nothing_of_an_archive_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay(tmp_path, {"ann.zip": packed({"a/hw1.py": CODE, "a/answer.md": "$$a = b$$"})})
    opened = os.open

    def only_reading(path: object, flags: int, *rest: object, **named: object) -> int:
        assert not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT), path
        return opened(path, flags, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", only_reading)
    (found,) = find_submissions(folder)
    read = read_submission(found)
    assert (read.sha256, [piece.label for piece in read.written]) == (MODULE, ["ann.zip/a/answer.md"])
    assert [path.name for path in folder.rglob("*")] == ["ann.zip"]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_damaged_archive_is_read_or_refused_in_one_line(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(packed({"a/hw1.py": CODE * 20, "b.zip": packed({"x.py": CODE}), "answer.md": "$$a = b$$"}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.getbasetemp() / "damaged.zip"
    file.write_bytes(content[: data.draw(st.integers(0, 3)) * -7 or None])
    problem = read_submission(Found(student="ann", paths=(file,))).problem
    assert problem is None or (problem.isprintable() and len(problem) < 500)


@pytest.mark.parametrize(
    ("files", "sha256"),
    [
        ({"ann/hw1.py": CODE, "ann/hw1.ipynb.crdownload": notebook()[:99]}, MODULE),
        ({"ann/hw1.py": CODE, "ann/hw1-checkpoint.ipynb": notebook(OTHER)}, MODULE),
        ({"ann/hw1.py": CODE, "ann/hw1_check (1).py": OTHER}, MODULE),
        ({"ann/hw1.py": CODE, "ann/old/hw1.py": OTHER}, MODULE),
        ({"ann/hw1.py": CODE, "ann/output.txt": OTHER}, MODULE),
        ({"ann/hw1.py": CODE, "ann/hw1.zip": packed({"hw1.py": OTHER})}, MODULE),
        ({"ann/hw1.py": CODE, "ann/answer.md": f"$$a$$\n```python\n{OTHER}```\n"}, MODULE),
        ({"ann/hw1-checkpoint.ipynb": notebook(), "ann/answer.md": "x"}, NOTEBOOK),
        ({"ann/hw1": CODE, "ann/deep/down/util.txt": OTHER}, MODULE),
        ({"ann/hw1.zip": packed({"src\\hw1.py": CODE, "src\\lib\\util.py": OTHER}), "ann/plot.png": "x"}, MODULE),
        ({"ann/a/hw1.ipynb": notebook(), "ann/a/venv/lib/x.py": OTHER, "ann/__MACOSX/a/._hw1.ipynb": "x"}, NOTEBOOK),
        ({"ann.ipynb": notebook(), "ann/plot.png": "x"}, NOTEBOOK),
        ({"ann.zip": packed({"hw1.py": CODE}), "ann/plot.png": "x"}, MODULE),
        ({"ann/hw1.py": CODE} | {f"ann/{i}.png": "" for i in range(MAX_ENTRIES + 1)}, MODULE),
    ],
)
def test_what_counts_is_found_among_the_rest(tmp_path: Path, files: Files, sha256: str) -> None:
    read = only(tmp_path, files)
    assert read.problem is None
    assert read.sha256 == sha256


QUARTO = f"""---
title: "$$not = mine$$"
format: html
---

# Question 1a

$$\\frac{{dC}}{{dW}} = a$$

```{{python}}
#| echo: false
{CODE}```

```{{r}}
x <- 1
```

1. as an item

   ~~~ python3
   y = 1
   if y:
       y = 2
   ~~~

```{{code-cell}} ipython3
z = 3
"""


def test_blocks_are_cells_and_prose_keeps_its_lines(tmp_path: Path) -> None:
    read = only(tmp_path, {"ann.qmd": QUARTO})
    sources = [f"#| echo: false\n{CODE}", "y = 1\nif y:\n    y = 2\n", "z = 3\n\n"]
    assert [cell.source for cell in read.cells] == sources
    assert [cell.label for cell in read.cells] == ["block 1", "block 2", "block 3"]
    assert (read.kind, read.sha256) == ("notebook", submission_sha256("notebook", sources))
    (prose,) = read.written
    assert (prose.label, prose.format) == ("ann.qmd", "markdown")
    assert "shares" not in prose.text
    assert "not = mine" not in prose.text
    assert prose.text.splitlines().index("$$\\frac{dC}{dW} = a$$") == QUARTO.splitlines().index(
        "$$\\frac{dC}{dW} = a$$"
    )


def test_blocks_without_a_language_count_where_none_has_one() -> None:
    bare = f"```\n{CODE}```\n\n```\narray([1.])\n```\n"
    assert [cell.source for cell in read_blocks(bare, "a.md").cells] == [CODE]
    assert [cell.source for cell in read_blocks(bare + "```py\nx = 1\n```", "a.md").cells] == ["x = 1\n"]
    assert read_blocks("`` `def f(x):` ``\n```not`a fence\n    x", "a.md").cells == ()


@pytest.mark.parametrize(
    "unit", ["```\n", "~~~~\n```\n", "````\n```\n", "\n", "    ```\n", "`", "```py\nx\n```\n", "\t"]
)
def test_a_text_made_to_be_slow_is_read_all_the_same(unit: str, tmp_path: Path) -> None:
    # A reader that looked at lines twice would still be at it tomorrow.
    read = only(tmp_path, {"ann.md": unit * (1_900_000 // len(unit))})
    assert read.problem is None or "blocks of code, and the limit is 2000; remove some" in read.problem


@pytest.mark.parametrize(
    ("files", "labels", "why"),
    [
        ({"ann.md": "$$a = b$$"}, ["ann.md"], ""),
        ({"ann.tex": r"\[ a \]"}, ["ann.tex"], ""),
        ({"ann/hw1.md": f"$$a$$\n```python\n{CODE}```"}, ["ann/hw1.md"], ""),
        ({"ann/hw1.md": f"Mine.\n```python\n{CODE}```", "ann/answer.tex": r"\[ a \]"}, ["ann/answer.tex"], ""),
        ({"ann/h.md": f"$\\partial$\n```python\n{CODE}```", "ann/a.tex": r"\[a\]"}, [], "2 written parts: ann/h.md"),
        ({"ann/hw1.zip": packed({"hw1.py": CODE}), "ann/answer.md": "$$a$$"}, ["ann/answer.md"], ""),
        ({"ann/hw1.py": CODE, "ann/a.md": "$$a$$", "ann/handout.md": "x", "ann/README.md": "x"}, ["ann/a.md"], ""),
        ({"ann/a/hw1.py": CODE, "ann/a/answer.md.txt": "$$a$$", "ann/old.md": "x"}, ["ann/a/answer.md.txt"], ""),
        ({"ann.py": CODE, "ann (1).md": "$$a$$"}, ["ann (1).md"], ""),
        ({"ann/a.md": "$$a$$", "ann/b.tex": r"\[a\]"}, [], "2 written parts: ann/a.md and ann/b.tex; keep only"),
    ],
)  # fmt: skip
def test_prose_is_the_written_part(tmp_path: Path, files: Files, labels: list[str], why: str) -> None:
    read = only(tmp_path, files)
    assert read.problem is None
    assert [piece.label for piece in read.written] == labels
    assert read.written_problem.startswith(why)
    assert bool(read.sha256) == bool(read.cells), "no code is nobody's same code"
    assert bool(read.written_problem) == bool(why)


PROJECT: Files = {
    "main.tex": "\\documentclass{article}\n\\usepackage{amsmath, mine}\n% \\input{gone}\n\\begin{document}\n"
    "\\input{parts/one} in between\n\n\\include{parts/two}\n\\subimport{parts/}{three}\nthe end\\end{document}\n",
    "mine.sty": "\\newcommand{\\R}{r}",
    "parts/one.tex": "one\n\\input{parts/one}\\input{main}",
    "parts/two.tex": "two \\input three",
    "parts/three.tex": "three",
    "old.tex": "old",
    "figure.pdf": "%PDF",
}


@pytest.mark.parametrize("where", ["beside code", "alone", "in a zip", "a zip beside code"])
def test_a_latex_project_is_one_written_part(tmp_path: Path, where: str) -> None:
    code = {"ann/hw1.py": CODE} if "beside" in where else {}
    files = {"ann/latex.zip": packed(PROJECT)} if "zip" in where else {f"ann/{name}": x for name, x in PROJECT.items()}
    read = only(tmp_path, {**files, **code})
    assert (read.problem, read.written_problem) == (None, "")
    assert bool(read.cells) == bool(code)
    told = [(piece.label.removeprefix("ann/").removeprefix("latex.zip/"), piece.first_line) for piece in read.written]
    names = ["main.tex", "mine.sty", "main.tex", "parts/one.tex", "main.tex", "parts/two.tex", "parts/three.tex"]
    assert told == list(zip([*names, "main.tex"], [1, 1, 2, 1, 5, 1, 1, 8], strict=True))
    assert "".join(piece.text for piece in read.written).count("three") == 1


@pytest.mark.parametrize(
    ("files", "count", "why"),
    [
        ({"ann/a.tex": r"x \input{../bob/b}"}, 1, "ann/a.tex includes ../bob/b, not found in its folder"),
        ({"ann/a.tex": r"x \input{/etc/passwd} \input{c}"}, 1, "ann/a.tex includes /etc/passwd, c, not found"),
        ({"ann/a.tex": r"x \input{b}", "ann/b.tex": r"\[ y \]"}, 2, ""),
        ({"ann/a.tex": r"x \input{b}", "ann/b.tex": "y" * 200_000}, 0, "ann/a.tex has more than 200 kB with the"),
        ({"ann/a.tex": "x", "ann/b.tex": "y"}, 0, "2 written parts: ann/a.tex and ann/b.tex; keep only the one"),
        ({f"ann/{k}.tex": rf"{k}\input{{{k + 1}}}" for k in range(12)}, 0, "ann/0.tex includes more than 100 files"),
        ({"ann/hw1.py": CODE, "ann/answer.pdf": "%PDF"}, 0, "ann/answer.pdf is not read; hand in the .tex or .md file"),
        ({"ann/hw1.py": CODE, "ann/latex.zip": b"PK\x03\x04"}, 0, "ann/latex.zip is damaged or not a zip archive"),
    ],
)  # fmt: skip
def test_what_a_document_takes_in_is_bounded_and_said(tmp_path: Path, files: Files, count: int, why: str) -> None:
    read = only(tmp_path, files)
    assert read.problem is None
    assert len(read.written) == count
    assert read.written_problem.startswith(why)
    assert bool(read.written_problem) == bool(why)


def test_a_project_is_read_by_itself(tmp_path: Path) -> None:
    lay(tmp_path, {"latex.zip": packed(PROJECT), "a.pdf": "%PDF", "a.txt": "x", **PROJECT})
    inside, why = read_written(tmp_path / "latex.zip")
    outside, why_ = read_written(tmp_path / "main.tex")
    assert (why, why_) == ("", "")
    assert [piece.text for piece in inside] == [piece.text for piece in outside]
    with pytest.raises(InputError, match=r"a\.pdf is not read; hand in the \.tex or \.md file"):
        read_written(tmp_path / "a.pdf")
    with pytest.raises(InputError, match=r"its folder cannot be opened"):
        read_written(tmp_path / "gone" / "a.tex")


def test_a_link_that_a_document_takes_in_is_not_followed(tmp_path: Path) -> None:
    lay(tmp_path, {"secret.tex": "secret", "in/ann/a.tex": r"x \input{b} \input{c/secret}", "in/ann/hw1.py": CODE})
    (tmp_path / "in" / "ann" / "b.tex").symlink_to(tmp_path / "secret.tex")
    (tmp_path / "in" / "ann" / "c").symlink_to(tmp_path)
    read = only(tmp_path / "in", {})
    assert (read.written, read.written_problem) == ((), "ann/b.tex is a symbolic link; hand in the file itself")
    written, why = read_written(tmp_path / "in" / "ann" / "a.tex")
    assert [piece.text for piece in written] == [r"x \input{b} \input{c/secret}"]
    assert why == "a.tex includes b, c/secret, not found in its folder, so that was not read"


def test_a_folder_of_thousands_is_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {f"s{number}.{ending}": "$$x$$" for number in range(300) for ending in ("py", "md")})
    listed: list[Path] = []
    iterdir = Path.iterdir

    def count(path: Path) -> object:
        listed.append(path)
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", count)
    found = find_submissions(tmp_path)
    assert all(read_submission(one).written for one in found)
    assert len(found) == 300
    assert listed == [tmp_path]


TOOLS = "from more.inner import e\n\ndef shares(x, rate):\n    return e(x, rate)\n"
HELPED: Files = {
    "hw1.ipynb": notebook("from tools import shares"),
    "tools.py": TOOLS,
    "more/inner.py": "def e(x, rate):\n    return x\n",
}


@pytest.mark.parametrize("where", ["folder", "below", "zip", "browser", "module"])
def test_modules_that_the_code_imports_come_with_it(tmp_path: Path, where: str) -> None:
    laid: dict[str, Files] = {
        "folder": {f"ann/{name}": text for name, text in HELPED.items()},
        "below": {f"ann/hw1/{name}": text for name, text in HELPED.items()} | {"ann/notes.txt": "x"},
        "zip": {"ann.zip": packed({f"hw1/{name}": text for name, text in HELPED.items()})},
        "browser": {f"ann/{name.replace('ls.py', 'ls (1).py')}": text for name, text in HELPED.items()},
        "module": {f"ann/{name.replace('.ipynb', '.py')}": text for name, text in HELPED.items()}
        | {"ann/hw1.py": "from tools import shares"},
    }
    read = only(tmp_path, laid[where])
    assert read.problem is None
    assert [(one.label, one.source) for one in read.helpers] == [
        ("more/inner.py", HELPED["more/inner.py"]),
        ("tools.py", TOOLS),
    ]
    assert [cell.source for cell in read.cells] == ["from tools import shares"]


def test_helpers_are_part_of_what_was_handed_in(tmp_path: Path) -> None:
    alone = only(tmp_path / "a", {"ann/hw1.py": "import tools"})
    helped = only(tmp_path / "b", {"ann/hw1.py": "import tools", "ann/tools.py": "x = 1"})
    other = only(tmp_path / "c", {"ann/hw1.py": "import tools", "ann/tools.py": "x = 2"})
    assert alone.sha256 == submission_sha256("module", ["import tools"])
    assert len({alone.sha256, helped.sha256, other.sha256}) == 3


def test_a_notebook_is_read_again_with_its_helpers(tmp_path: Path) -> None:
    lay(tmp_path, {"ann/hw1.ipynb": notebook("import tools"), "ann/tools.py": "x = 1"})
    found = Found(student="ann", paths=(tmp_path / "ann" / "hw1.ipynb",), root=tmp_path)
    sha256 = read_submission(found).sha256
    assert [cell.text for cell in read_again(found, sha256)] == ["import tools"]
    lay(tmp_path, {"ann/tools.py": "x = 2"})
    with pytest.raises(InputError, match=r"hw1\.ipynb has changed since it was graded"):
        read_again(found, sha256)


@pytest.mark.parametrize(
    "files",
    [
        # What nobody imports is not read, nor what stands in another's place or was handed out.
        {"ann/hw1.py": "import numpy, random, hw1_check", "ann/numpy/x.py": "x", "ann/hw1_check.py": "x"},
        {"ann/hw1.ipynb": notebook("import numpy, random, hw1"), "ann/numpy.py": "x", "ann/random.py": "x"},
        {"ann/hw1.py": "import tools", "ann/tools.txt": "x", "ann/Tools.py.part": "x", "ann/old/tools.py": "x"},
        # A folder of everybody's is not one student's.
        {"ann.py": "import bob"},
    ],
)
def test_what_is_no_helper_is_not_read(tmp_path: Path, files: Files) -> None:
    lay(tmp_path, files | {"bob.py": "x"})
    read = {one.student: read_submission(one) for one in find_submissions(tmp_path, "hw1_check")}["ann"]
    assert (read.problem, read.helpers) == (None, ())


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"ann/hw1.ipynb": notebook("import tools"), "ann/tools.py": "", "ann/old.py": CODE},
            "hw1.ipynb and ann/old.py",
        ),
        ({"ann/a.py": "import b", "ann/b.py": "import a"}, "2 files for one student: ann/a.py and ann/b.py; keep"),
        ({"ann/a.ipynb": notebook("import c"), "ann/b.ipynb": notebook(), "ann/c.py": "x"}, "3 files for one student"),
        ({"ann/a.py": "import b", "ann/b.py": b"\xff\xfe"}, "ann/b.py is not UTF-8 text"),
        (
            {"ann/a.py": "import b", "ann/b/x.py": "#" * 1_000_001},
            "ann/b/x.py is 1.0 MB, and the limit is 1 MB; shorten it",
        ),
        (
            {"ann/a.py": "import b", "ann/b/x.py": "#" * 600_000, "ann/b/y.py": "#" * 600_000},
            "ann/a.py imports more than 1 MB of modules beside it; shorten them",
        ),
        (
            {"ann/a.py": "import b"} | {f"ann/b/m{n}.py": "" for n in range(65)},
            "ann/a.py imports more than 64 modules beside it; put them into fewer",
        ),
    ],
)
def test_which_file_counts_is_not_guessed_and_helpers_are_bounded(tmp_path: Path, files: Files, problem: str) -> None:
    assert problem in str(only(tmp_path, files).problem)


def test_a_helper_may_be_no_link(tmp_path: Path) -> None:
    lay(tmp_path / "elsewhere", {"tools.py": "secret = 1\n", "x.py": "secret = 1\n"})
    folder = lay(
        tmp_path / "class", {"ann/hw1.ipynb": notebook("import tools"), "bob/hw1.ipynb": notebook("import pkg")}
    )
    (folder / "ann" / "tools.py").symlink_to(tmp_path / "elsewhere" / "tools.py")
    (folder / "bob" / "pkg").symlink_to(tmp_path / "elsewhere")
    ann, bob = (read_submission(found) for found in find_submissions(folder))
    assert ann.problem == "ann/tools.py is a symbolic link; hand in the file itself"
    assert (bob.problem, bob.helpers) == (None, ())


def test_helpers_are_run_in_the_sandbox_and_grading_reads_downloads_with_them(
    tmp_path: Path, assignment: Assignment, course: Path, hw1: Callable[..., Result]
) -> None:
    code = reference_source(assignment)
    names = ", ".join(part.name for part in assignment.parts)
    asks = notebook(f"from tools import {names}")
    canvas = {"annlee_7_1_hw1.ipynb": asks, "annlee_7_2_tools-1.py": code, "bobray_LATE_8_3_hw1.ipynb": asks}
    shadows = {f"danlow_5_{number}_{name}.py": "raise SystemExit" for number, name in ((5, "numpy"), (6, "tomllib"))}
    canvas |= {"danlow_5_7_hw1.ipynb": notebook(f"import numpy, tomllib\n{code}"), **shadows}
    written = f"%%writefile tools.py\n{code}"
    cells = [{"cell_type": "code", "source": one, "metadata": {}} for one in (written, f"from tools import {names}")]
    own = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (tmp_path / "down.zip").write_bytes(packed({**canvas, "catdoe_9_4_hw1.ipynb": own}))
    done = hw1("grade", tmp_path / "down.zip", "--output", tmp_path / "out", "--course", course)
    assert done.exit_code == 0, done.output
    all_ = f"{assignment.possible:g}"
    assert {student: row["earned"] for student, row in rows(tmp_path / "out").items()} == {
        "5": all_,
        "7": all_,
        "8": "0",
        "9": all_,
    }
