"""The homework's own settings: other letters and numbers, other findings; and none of them stands in the engine."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

from autograder import truth, wire
from autograder.grading.written import asked
from autograder.loading import load_assignment, read_written
from autograder.model import Assignment
from autograder.release import notebook
from autograder.results import Submission, Written
from autograder.sandbox.prover import Prover
from tests.grading.test_written import FOLDER
from tests.mathematics.test_settings import findings

FIXTURES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".md", ".tex"))


# ------------------------------------------------------------------------------------------ every letter by another one

LATIN = {
    "W": "A", "w": "a", "x": "u", "b": "v", "y": "z", "C": "L", r"\beta": "t", "K": "N", "J": "H", "m": "r", "n": "s",
}  # fmt: skip
GREEK = LATIN | {"y": r"\phi", "C": r"\psi", r"\beta": r"\omega", "b": r"\theta", "x": r"\xi"}
LETTERS = {"latin": (LATIN, "L_2"), "greek": (GREEK, r"\psi_2"), "a letter of its own": (LATIN, "D")}
_MATHS = re.compile(
    r"\$\$.*?\$\$|\$[^$]*\$|\\\[.*?\\\]"
    r"|\\begin\{(equation|align|gather|multline|eqnarray)(\*?)\}.*?\\end\{\1\2\}",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"\\(?:begin|end)\{\w+\*?\}(?:\{[a-z]+\})?|\\(?:text|tag|label|mathrm|operatorname|mathsf)\*? ?(?:\{[^{}]*\}|\w)"
    r"|C_(?:2|\{2\})|\\[A-Za-z]+\*?|[A-Za-z]|.",
    re.DOTALL,
)


def renamed(latex: str, letters: Mapping[str, str], second: str) -> str:
    """Write a formula in other letters."""

    tokens = [second if token in {"C_2", "C_{2}"} else letters.get(token, token) for token in _TOKEN.findall(latex)]
    spaced = (
        f"{this} " if re.fullmatch(r"\\[a-z]+", this) and following.isalpha() else this
        for this, following in pairwise([*tokens, ""])
    )
    return "".join(spaced).replace(r"\text{softmax}", r"\text{share}")


def renamed_question(question: wire.Asked, letters: Mapping[str, str], second: str) -> wire.Asked:
    def latex(text: str) -> str:
        return renamed(text, letters, second)

    def name(one: str) -> str:
        return latex(one if len(one) == 1 or "_" in one else f"\\{one}").replace("\\", "").strip()

    def names(several: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(name, several))

    return wire.Asked(
        id=question.id,
        lefts=tuple((latex(left), latex(condition)) for left, condition in question.lefts),
        symbols={name(one): names(shape) for one, shape in question.symbols.items()},
        functions={name(one): name(of) for one, of in question.functions.items()},
        definitions=tuple((latex(left), latex(right), names(shape)) for left, right, shape in question.definitions),
        sizes=tuple({name(one): value for one, value in size.items()} for size in question.sizes),
        rows=names(question.rows),
        spoken={word.replace("softmax", "share"): name(of) for word, of in question.spoken.items()},
    )


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> tuple[wire.Asked, ...]:
    return asked(assignment)


@pytest.mark.no_cover  # the ways of the same texts in their own letters, once for each alphabet
@pytest.mark.parametrize("how", LETTERS)
@pytest.mark.parametrize("file", FIXTURES)
def test_the_letters_of_a_question_are_its_settings(file: str, how: str, questions: tuple[wire.Asked, ...]) -> None:
    letters, second = LETTERS[how]
    pieces = [
        wire.Piece(question=one.question, form=one.format, text=one.text) for one in read_written(FOLDER / file)[0]
    ]
    others = [replace(p, text=_MATHS.sub(lambda f: renamed(f[0], letters, second), p.text)) for p in pieces]
    assert [piece.text for piece in pieces] != [piece.text for piece in others]
    questions_ = tuple(renamed_question(question, letters, second) for question in questions)
    assert not {"W", "x", "y", "C", "beta"} & {name for question in questions_ for name in question.symbols}

    def told(one: wire.Finding) -> tuple[object, ...]:
        # Why it is so is told in letters; without them it is the same to the last number.
        why = "" if one.mark == "unread" else re.sub(r"[A-Za-z2_]+", "", one.detail)
        return one.kind, one.mark, one.question, one.piece, one.line, why

    assert list(map(told, findings(questions_, *others))) == list(map(told, findings(questions, *pieces)))


# ------------------------------------------------------------------------------------------------- another number


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the homework with a cost that is four times the old one."""
    copy = tmp_path_factory.mktemp("four") / "four"
    shutil.copytree("solutions", copy, ignore=lambda _, names: {*names} - {"__init__.py", "q1a.py", "q1b.py"})
    page = copy / "q1b.py"
    text = page.read_text()
    changed = re.sub(r"(?<![\w.])3(?=(\\\\,|\\,)? ?(C|\\frac|\\pdv|\\begin\{pmatrix\}|\\left))", "4", text)
    changed = changed.replace("scale: float = 3.0", "scale: float = 4.0").replace("three times", "four times")
    changed = changed.replace("scale=3.0", "scale=4.0").replace("it is the 3 from", "it is the 4 from")
    assert changed.count("4 ") > text.count("4 ") + 4
    page.write_text(changed)
    return copy


def test_another_number_is_proved(four: Path, hw1: Callable[..., Result]) -> None:
    result = hw1("prove", "--assignment", four)
    assert result.exit_code == 0, result.output
    assert re.search(r"^\d+ equalities in \d+ derivations hold", result.output, re.MULTILINE)


def test_another_number_is_in_the_truths_and_in_the_notebook(four: Path, tmp_path: Path) -> None:
    assignment = load_assignment(four)
    truth.rebuild(assignment, tmp_path, truth.read_secret(tmp_path, create=True))
    cases = truth.load(assignment, tmp_path, truth.read_secret(tmp_path, create=False), lambda _: None)
    (case,) = [one for one in cases.cases if one.id.startswith("scaled_cost_gradients.public_2x2")]
    np.testing.assert_allclose(
        cases.truths[case.id]["dC2_dW"], 4 * np.outer(case.inputs["dC_dy"], case.inputs["x"]), rtol=1e-12
    )
    text = json.dumps(json.loads(notebook(assignment, nbgrader=False)))
    assert r"C_2(\\mathbf{y}) = 4\\, C(\\mathbf{y})" in text
    assert "def scaled_cost_gradients(x, dC_dy, scale=4.0)" in text
    assert not re.search(r"scale=3\.0|three times|= 3\\", text)


def test_another_number_is_in_a_students_answer(four: Path) -> None:
    right = r"\frac{\partial C_2}{\partial W} = 4 \frac{\partial C}{\partial y} x^T"
    text = rf"\[C_2 = 4 C\] \[{right}\] \[\frac{{\partial C_2}}{{\partial b}} = 3 \frac{{\partial C}}{{\partial y}}\]"
    piece = Written(label="s.tex", question="q1b", format="latex", text=text)
    handed_in = Submission(student="s", kind="module", cells=(), sha256="", written=(piece,))
    with Prover(asked(load_assignment(four))) as prover:
        found = prover.judge(handed_in)
    assert [one.mark for one in found if one.kind == "line"] == ["holds", "holds", "fails"]
    answers = {one.name: one for one in found if one.kind == "answer"}
    assert (answers["dC2/dW"].mark, answers["dC2/db"].mark) == ("right", "wrong")
    found = findings(asked(load_assignment(four)), wire.Piece(question="q1b", form="latex", text=r"\[C_2 = 3 C\]"))
    assert [one.mark for one in found if one.kind == "line"] == ["fails"]


# ------------------------------------------------------------------------------------ the engine knows no question

ENGINE = sorted(
    path
    for room in ("autograder", "reports")
    for path in Path(room).rglob("*")
    if path.suffix in {".py", ".lark", ".txt"}
)
GREEK_TABLE = "greek.py"
WORDS_OF_THIS_HOMEWORK = re.compile(
    r"(?i:(?<!n)affine|softmax|jacobian of)|(?<![A-Za-z])(?i:beta|β)(?![A-Za-z])|(?<![A-Za-z])d?C_?2(?![0-9])"
    r"|(?<![A-Za-z])dC[_/]?\\?d|(?<![A-Za-z_])d[WB](?![A-Za-z])|\\partial C|dy_i|\\mathbf\{[Wxby]\}|scaled_cost"
)
ROOMS = {"formulas", "answers", "_prover", "papers.py", "written.py", "prover.py"}
"""Where answers are judged, or their words are passed on."""


def test_no_word_of_this_homework_stands_in_the_engine() -> None:
    found = [
        f"{path}: {line}"
        for path in ENGINE
        if path.name != GREEK_TABLE
        for line in path.read_text(encoding="utf-8").splitlines()
        if WORDS_OF_THIS_HOMEWORK.search(line)
    ]
    assert found == []


def fixed_letters(source: str, letters: set[str]) -> list[str]:
    """Constants of a source, docstrings apart, that are one of some letters, or a pattern that holds one by itself."""
    tree = ast.parse(source)
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    constants = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
    return [
        text
        for text in constants
        if text in letters or any(re.search(rf"(?<![A-Za-z\\]){one}(?=[_(\\}})])", text) for one in letters)
    ]


def test_no_letter_of_this_homework_is_fixed_where_answers_are_judged(assignment: Assignment) -> None:
    settings_ = [one.setting for one in assignment.questions if one.setting is not None]
    letters = {name for one in settings_ for name in (*one.symbols, *one.functions)}
    letters |= {name for one in settings_ for size in one.sizes for name in size} - {"m", "n"}
    letters |= {"y", "w", "J", "C_2"}
    paths = [path for path in ENGINE if ROOMS & {*path.parts} and path.suffix == ".py" and path.name != GREEK_TABLE]
    assert len(paths) > 20
    found = {path: fixed_letters(path.read_text(encoding="utf-8"), letters) for path in paths}
    # A size is written 2x3.
    assert [(path, text) for path, texts in found.items() for text in texts if text != "x"] == []


def test_a_letter_that_is_fixed_is_found() -> None:
    letters = {"W", "x", "C", "beta"}
    for planted in ("name == 'W'", r"re.compile(r'C\((y)\)')", "{'beta': 1}", r"f(r'\frac{x_i}{2}')", "f(x='C')"):
        assert fixed_letters(planted, letters), planted
    for planted in ("the_softmax_module", r"\frac{\partial C}{\partial b}", "C_2 = 3C", "dC_dW", "beta = 2", "dC/dy"):
        assert WORDS_OF_THIS_HOMEWORK.search(planted), planted
