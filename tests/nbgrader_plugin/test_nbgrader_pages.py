"""What of a student's text nbgrader's pages show: as it was typed, and nothing that runs or takes hours."""

from __future__ import annotations

import runpy

import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.nbgrader_plugin.shown import LONGEST, MOST, PlainText, harmless
from tests.nbgrader_attacks import FOLDER
from tests.nbgrader_attacks._detectors import active

HOSTILE = [
    piece
    for name in ("markdown_script", "markdown_links", "mathjax_links")
    for piece in runpy.run_path(str(FOLDER / "files" / f"{name}.py"))["PIECES"]
]
HONEST = (
    r"$$\begin{bmatrix} a & b \\ c & d \end{bmatrix}$$ and $x < y$, $a \le b$",
    "| i | j |\n|---:|:--|\n| 1 | 2 |\n\n1. *one*\n2. **two** and `code`\n\n[course](https://atcold.github.io/)",
    "![my plot](attachment:plot.png)",
)
PLOT = {"plot.png": {"image/png": "iVBORw0KGgo="}}


def _page(text: str) -> str:
    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=PLOT)).render(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_becomes_text(text: str) -> None:
    page = _page(harmless(text, PLOT))
    assert active(page) == []
    assert "\\href{" not in page


@pytest.mark.parametrize("text", HONEST)
def test_honest_markdown_stays_as_it_is(text: str) -> None:
    assert harmless(text, PLOT) == text


@pytest.mark.parametrize("text", ["![x](attachment:none.png)", r"\begin{a}" * 101])
def test_what_cannot_be_rendered_is_shown_as_typed(text: str) -> None:
    assert _page(harmless(text, PLOT)).startswith("<pre>")


def test_long_texts_are_cut_and_the_instructors_are_not() -> None:
    long = "x" * (LONGEST + 1)
    locked = {"nbgrader": {"locked": True, "solution": False, "grade": False}}
    cells = [new_markdown_cell(long, metadata=locked), *(new_code_cell(long) for _ in range(5)), new_markdown_cell("y")]
    notebook, _ = PlainText().preprocess(new_notebook(cells=cells), {})
    assert notebook.cells[0].source == long
    shown = [cell.source.partition("\n# (cut here")[0] for cell in notebook.cells[1:6]]
    assert sum(map(len, shown)) == MOST
    assert notebook.cells[6].source.startswith("\n(cut here")
