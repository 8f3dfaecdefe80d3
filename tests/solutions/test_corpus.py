"""Written answers as students write them: all that is right holds, and every planted error is found at its line."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from decimal import localcontext
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.grading.written import asked
from autograder.loading import load_assignment
from autograder.mathematics.answers.asked import Question, question_of
from autograder.mathematics.answers.chains import Reading
from autograder.mathematics.answers.comparing import decide
from autograder.mathematics.answers.indices import free_letters
from autograder.mathematics.answers.judging import findings_of
from autograder.mathematics.answers.layouts import chain_layout, document_layout
from autograder.mathematics.answers.macros import TOKEN
from autograder.mathematics.answers.mistakes import changes
from autograder.mathematics.answers.numbers import EXACT
from autograder.mathematics.answers.own import settled
from autograder.mathematics.answers.pieces import Piece
from autograder.mathematics.answers.written_sizes import written_size
from autograder.mathematics.formulas.printing import to_latex
from autograder.model import Assignment
from autograder.words import Format
from tests.mathematics.corpus import FOLDER, OTHERS, Text, texts

TEXTS = list(texts())
ASSIGNMENTS = Path(__file__).parents[1] / "assignments"
FILES = sorted(path.stem for path in FOLDER.iterdir())


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(assignment))]


@pytest.fixture(scope="module")
def homeworks(questions: list[Question]) -> dict[str, list[Question]]:
    """The questions of every homework that the corpus answers, ours by no name."""
    others = {name: enumerate(asked(load_assignment(ASSIGNMENTS / name))) for name in OTHERS}
    return {"": questions} | {name: [question_of(*one) for one in found] for name, found in others.items()}


def judged(text: str, questions: list[Question], form: Format = "markdown", question: str = "") -> list[wire.Finding]:
    return list(findings_of([wire.Piece(question=question, form=form, text=text)], questions))


def lines(found: list[wire.Finding]) -> list[wire.Finding]:
    return [one for one in found if one.kind == "line"]


def answers(found: list[wire.Finding], mark: str) -> set[str]:
    return {one.name for one in found if one.kind == "answer" and one.mark == mark}


def test_the_corpus_has_all_styles() -> None:
    assert len(TEXTS) >= 160
    assert sum(not one.line for one in TEXTS) >= 70
    assert len({one.name for one in TEXTS}) == len(TEXTS)


def complaints(one: Text, questions: list[Question]) -> Iterator[str]:
    found = judged(one.text, questions, one.form)
    wrong = next((line for line in lines(found) if line.mark == "fails"), None)
    if one.line:
        if wrong is None or wrong.line != one.line:
            yield f"{one.name}: the error in line {one.line} is told in {wrong.line if wrong else 'none'}"
        if one.answers is not None and answers(found, "wrong") != one.answers:
            yield f"{one.name}: wrong are {answers(found, 'wrong')}"
        return
    for line in lines(found):
        if line.mark not in {"holds", "defined"}:
            yield f"{one.name}, line {line.line}: {line.mark}: {line.latex}: {line.detail}"
    if answers(found, "right") != one.answers or answers(found, "wrong"):
        yield f"{one.name}: right are {answers(found, 'right')}"


@pytest.mark.parametrize("file", FILES)
def test_a_text_is_judged_as_it_deserves(file: str, homeworks: dict[str, list[Question]]) -> None:
    mine = [one for one in TEXTS if one.name.startswith(f"{file}: ")]
    assert [why for one in mine for why in complaints(one, homeworks[one.homework])] == []


# ------------------------------------------------------------------------------------------ the solution in dialects


def group(text: str, at: int) -> tuple[str, int]:
    """What stands in the braces that open at a place, and where they end."""
    level = 0
    for k in range(at, len(text)):
        level += (text[k] == "{") - (text[k] == "}")
        if not level:
            return text[at + 1 : k], k + 1
    raise AssertionError(text)


def derivatives(change: Callable[[str, str], str]) -> Callable[[str], str]:
    """Write all derivatives that stand as a fraction otherwise."""

    def changed(text: str) -> str:
        while (at := text.find(r"\frac{\partial ")) >= 0:
            above, middle = group(text, at + 5)
            below, end = group(text, middle)
            text = text[:at] + change(above.removeprefix(r"\partial "), below.removeprefix(r"\partial ")) + text[end:]
        return text

    return changed


def exponentials(text: str) -> str:
    while (at := text.find(r"\exp(")) >= 0:
        level, end = 0, at + 4
        while True:
            level += (text[end] == "(") - (text[end] == ")")
            end += 1
            if not level:
                break
        text = f"{text[:at]}e^{{{text[at + 5 : end - 1]}}}{text[end:]}"
    return text


def brackets(text: str) -> str:
    return text.replace(r"\left(", r"\Big[").replace(r"\right)", r"\Big]").replace("pmatrix", "bmatrix")


def display(chain: str) -> str:
    return f"$$\n{chain}\n$$"


def rows(chain: str, name: str) -> str:
    inner = chain.replace(" =#= ", " \\\\\n&= ")
    return f"$$\n\\begin{{{name}}}\n{inner}\n\\end{{{name}}}\n$$"


DIALECTS: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "displays": (str, display),
    "inline": (str, lambda chain: f"we get ${chain}$ here."),
    "aligned": (str, lambda chain: rows(chain, "aligned")),
    "OCR": (str, lambda chain: rows(chain, "array").replace("{array}", "{array}{l}", 1).replace("&= ", "= ")),
    "upright d": (derivatives(lambda of, by: rf"\dfrac{{\mathrm{{d}} {of}}}{{\mathrm{{d}} {by}}}"), display),
    "physics": (derivatives(lambda of, by: rf"\pdv{{{of}}}{{{by}}}"), display),
    "operators": (derivatives(lambda of, by: rf"\partial_{{{by}}} {of}"), display),
    "one line": (derivatives(lambda of, by: rf"(\partial {of}/\partial {by})"), display),
    "powers of e": (exponentials, display),
    "brackets": (brackets, display),
    "forge": (str, lambda chain: f"```math\n{chain}\n```"),
    "sign by sign": (str, lambda chain: display(chain.replace(" =#= ", "\n$$\n\nso\n\n$$\n= "))),
    "plain letters": (lambda text: re.sub(r"\\mathbf\{(\w)\}", r"\1", text).replace(r"\top", "T"), display),
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_solution_is_read_whole_in_every_dialect(
    dialect: str, assignment: Assignment, questions: list[Question]
) -> None:
    letters, stand = DIALECTS[dialect]
    found: list[wire.Finding] = []
    count = 0
    for question in assignment.questions:
        text = ""
        for one in question.derivations:
            if one.general or one.symbols:
                continue
            sides = [letters(side) for side in (one.left, *(step.latex for step in one.steps))]
            count += len(one.steps)
            chain = stand(" =#= ".join(sides)).replace("=#=", "=")
            text += f"For ${one.condition}$:\n\n{chain}\n\n" if one.condition else f"In general:\n\n{chain}\n\n"
        found += judged(text, questions, question=question.id)
    assert len(lines(found)) == count
    assert [(one.latex, one.detail) for one in lines(found) if one.mark not in {"holds", "defined"}] == []


# ------------------------------------------------------------------------------------------------------- any dress

RIGHT = [
    (r"\frac{\partial y_i}{\partial x_j} = \beta y_i (\delta_{ij} - y_j)", "q2"),
    (r"\frac{\partial y_i}{\partial x_i} = \beta \frac{e^{\beta x_i}}{\sum_n e^{\beta x_n}} (1 - y_i)", "q2"),
    (r"\frac{\partial C}{\partial W} = \frac{\partial C}{\partial y} \frac{\partial y}{\partial W}", "q1a"),
    (r"\frac{\partial C_2}{\partial W} = 3 \frac{\partial C}{\partial y} x^\top", "q1b"),
]
DRESS = ["", " ", r"\,", r"\!", r"\displaystyle ", "\n", r"\; ", r"\left. ", r"\mathstrut ", "~"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_dress_changes_nothing(data: st.DataObject, questions: list[Question]) -> None:
    latex, question = data.draw(st.sampled_from(RIGHT))
    tokens = TOKEN.findall(latex)
    dress = data.draw(st.lists(st.sampled_from(DRESS), min_size=len(tokens), max_size=len(tokens)))
    dressed = "".join(token + worn for token, worn in zip(tokens, dress, strict=True))
    found = lines(judged(f"$${dressed}$$", questions, question=question))
    assert [one.mark for one in found] == ["holds"], (dressed, found)


# --------------------------------------------------------------------------------------------------------- bounds

HOSTILE = {
    "dollars": "$", "equalities": "= ", "brackets": "(", "begin": r"\begin{array}{l}", "braces": "{", "indices": "y_",
    "lines": "$$y_i = x_i$$\n", "conditions": "if $i = j$, ", "otherwise": "otherwise ", "plain": "∂C/∂W = y\n",
    "headings": "# $a = b$\n", "primes": "$y' = 1$ ", "deltas": r"$\delta_{ij} = 1$ ", "quotes": "> $",
    "words": r"\text{if} ", "definitions": "$a_i = b_i$ $b_i = a_i$ ", "fences": "```math\n",
    "unknown": "$p = q r s t u v$ ", "macros": r"\newcommand{\a}[1][",
    "sums": r"$y_i = \sum_{n} \sum_{k} \sum_{l} x_n x_k x_l$ ",
    "own": r"$z = \beta x$ $\frac{\partial y}{\partial z} = z$ ",
    "choices": r"$\beta = 1$ $y_i = x_i$ ", "suppositions": "if $x_1 = x_2$ ", "struck": "<s>~~$a = b$ ",
    "unless": "unless $i = j$, ", "limits": r"$y_i = \lim_{h \to 0} \frac{x_i h}{h}$ ",
    "notes": "y = (x ", "gaps": "y = x   ", "cases of notes": "(i = j) ", "long brackets": "y = " + "(" * 300 + " ",
    "by entries": r"$x \odot y z \odot W x \odot x^2 = |x|$ ",
}  # fmt: skip


@pytest.fixture(scope="module")
def twin(questions: list[Question]) -> float:
    """CPU time of judging an ordinary text."""
    return min(timed(HOSTILE["lines"] * 100, questions)[0] for _ in range(3))


@pytest.mark.no_cover
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_takes_bounded_time(name: str, questions: list[Question], twin: float) -> None:
    """The sandbox gives a written part 12 s; a hundred equalities take about 0.08 s."""
    unit = HOSTILE[name]
    taken, found = timed(unit * (60_000 // len(unit)), questions)
    assert taken < 64 * twin
    assert "right" not in {one.mark for one in found}


def timed(text: str, questions: list[Question]) -> tuple[float, list[wire.Finding]]:
    """CPU time of judging a text, and what was found."""
    begun = time.process_time()
    found = judged(text, questions, question="q2")
    return time.process_time() - begun, found


def test_an_error_far_down_is_found_and_listed(questions: list[Question]) -> None:
    text = "$$\\beta x_i = x_i \\beta$$\n" * 439 + "$$\\beta x_i = x_i$$\n" + "$$\\beta x_i = x_i \\beta$$\n" * 10
    found = judged(text, questions, question="q2")
    assert [line.line for line in lines(found) if line.mark == "fails"] == [440]
    assert [one.detail for one in found if one.name in {"count", "length"}] == [
        "300 lines are listed, what is wrong first; 150 more are not",
        "450 formulas, 450 equalities: 449 hold, 1 does not, 0 not read, 0 outside any question",
    ]


def test_what_is_too_long_to_be_read_is_counted(questions: list[Question]) -> None:
    text = "$$x_i = x_i$$\n" + f"$${'x' * 19_000} = x_i = x_i$$\n" * 8
    found = judged(text, questions, question="q2")
    assert [(one.mark, one.detail) for one in found if one.name in {"count", "length"}] == [
        ("unread", "the answer is too long: 2 formulas with 4 equalities at its end were not read"),
        ("note", "9 formulas, 17 equalities: 7 hold, 0 do not, 10 not read, 0 outside any question"),
    ]


def test_every_formula_of_a_line_without_marks_is_read(questions: list[Question]) -> None:
    line = "We know that " * 60 + "dC/db = dC/dy, and from the sum ∂C/∂W = x (dC/dy)^T, so all is done.\n"
    found = lines(judged(line, questions, question="q1a"))
    assert [one.mark for one in found] == ["holds", "fails"]


# --------------------------------------------------------------------------------------------------------- mutants

REWRITES = re.compile(
    r"a transpose is missing|there is one transpose too many|the factors stand in the wrong order"
    r"|the indices (of delta|\w and \w) are exchanged|an index is wrong, \w in place of \w"
)
"""Changes that may say the same: of numbers, of what is symmetric, and of indices that agree."""


IDENTITY = r"there is one factor too many: \frac{\partial C}{\partial b} = \frac{\partial C}{\partial y}"


def mutants_that_hold(text: Text, questions: list[Question]) -> Iterator[str]:
    """Change one thing in the last side of each chain, and tell what holds all the same."""
    reading = Reading()
    piece = wire.Piece(question="", form=text.form, text=text.text)
    chains, _ = settled(list(Piece(0, piece, questions, reading, 0).chains()), reading)
    usual = document_layout([chain for chain in chains if chain.question], reading)
    for chain in chains:
        first, last = chain.sides[0].node, chain.sides[-1].node
        if chain.question is None or chain.defines or first is None or last is None:
            continue
        layout = chain_layout(chain, usual, reading)
        for name, changed in islice(changes(last, free_letters(first)), 14):
            if written_size((first, changed), chain) != written_size((first, last), chain):
                # A line of another size: what the text's other lines are of leaves it open.
                continue
            reading.budget.steps = 50_000
            sizes = (chain.question.known.telling,)
            if decide(chain, (first, changed), layout, reading, sizes).mark == "holds":
                yield f"{name}: {to_latex(first)} = {to_latex(changed)}"


def test_no_mutant_of_a_right_line_holds_but_an_equal_rewrite(homeworks: dict[str, list[Question]]) -> None:
    with localcontext(EXACT):
        right = [text for text in TEXTS if not text.line]
        found = [one for text in right for one in mutants_that_hold(text, homeworks[text.homework])]
    kept = [one for one in found if not REWRITES.match(one)]
    assert len(found) < 5 * sum(not text.line for text in TEXTS)
    # An identity matrix is a factor that says nothing.
    assert [one for one in kept if one != IDENTITY] == []
