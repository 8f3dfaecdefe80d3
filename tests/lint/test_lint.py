"""Rules of a homework, each broken once on a page of another homework: file, line, the value, what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from autograder.lint import Complaint, lint
from autograder.lint.texts import gaps
from autograder.loading import load_assignment

MODULES = Path(__file__).parents[1] / "assignments" / "modules"
DRAW = "def _two(rng):\n    return Draw(inputs={'u': rng.uniform(1, 2, 2), 'dL_ds': rng.uniform(1, 2, 2)})"
TWIN = """        "again": (lambda u, g: _s(u) * (1 - _s(u)) * g * -1, "The sign is lost: s grows with u."),
        "sign": (lambda u, g: -g"""

PLANTED: dict[str, tuple[str, str, str, str, str]] = {
    # what: old text, new text, rule, a piece of the line it names, words
    "a wrong reference": (
        "return dL_ds * e / (1 + e) ** 2",
        "return dL_ds * e / (1 + e) ** 3",
        "reference",
        "def sigmoid_backward(",
        "autograd finds",
    ),
    "a reference right to rounding that cancels": (
        "return dL_ds * e / (1 + e) ** 2",
        "return (dL_ds * e / (1 + e) ** 2 + 1e3) - 1e3",
        "reference",
        "def sigmoid_backward(",
        "of its magnitude, and 3.6e-15 is allowed; where terms inside it cancel",
    ),
    "a wrong module": ("return 1 / (1 + xp.exp(-u))", "return 1 / (2 + xp.exp(-u))", "reference", "def ", "autograd"),
    "a magnitude of another shape": (
        'np.abs(inputs["dL_ds"]) * _s(inputs["u"])',
        'np.abs(inputs["dL_ds"]).max()',
        "magnitude",
        '"dL_du"',
        "the shape ()",
    ),
    "a magnitude that fails": (
        'np.abs(inputs["dL_ds"]) * _s(inputs["u"])',
        'np.abs(inputs["dL"]) * _s(inputs["u"])',
        "magnitude",
        '"dL_du"',
        "fails with KeyError",
    ),
    "a magnitude below 0": (
        'np.abs(inputs["dL_ds"]) * _s(inputs["u"])',
        '-1 * np.abs(inputs["dL_ds"]) * _s(inputs["u"])',
        "magnitude",
        '"dL_du"',
        "it is finite and at least 0",
    ),
    "a reference of another shape": (
        "return dL_ds * e / (1 + e) ** 2",
        "return (dL_ds * e / (1 + e) ** 2)[:, None]",
        "reference",
        "def sigmoid_backward(",
        "has the shape (",
    ),
    "a magnitude that lets anything through": (
        'magnitude=lambda inputs, truth: np.abs(inputs["dL_ds"])',
        'magnitude=lambda inputs, truth: 1e9 * np.abs(inputs["dL_ds"])',
        "tolerance",
        "magnitude",
        "single precision inside earns all of q1.dL_du",
    ),
    "an example that does not hold": (
        "array([ 2. , -0.5])",
        "array([ 2. , -0.6])",
        "example",
        ">>> sigmoid_backward(",
        "is array([ 2. , -0.5]), the docstring says array([ 2. , -0.6])",
    ),
    "a mistake that is none": (
        '"sign": (lambda u, g: -g * _s(u) * (1 - _s(u))',
        '"sign": (lambda u, g: g * _s(u) * (1 - _s(u))',
        "mistakes",
        '"sign":',
        "'sign' of sigmoid_backward earns everything",
    ),
    "two mistakes alike": ('        "sign": (lambda u, g: -g', TWIN, "mistakes", "_s(u)", "'again'"),
    "two mistakes that grading cannot tell apart": (
        '        "sign": (lambda u, g: -g',
        TWIN.replace("g * -1,", "g * -1.00000001,"),
        "mistakes",
        "_s(u)",
        "'sign' and 'again' of sigmoid_backward answer alike",
    ),
    "an unkind hint": ("The sign is lost:", "Obviously the sign is lost:", "hint", '"sign":', "'obviously'"),
    "no layout": (
        '"general": (family("two", "n = 2", n=2),),',
        '"general": (family("two", "n = 2", draw=_two),),\n    "more": (family("far", "n = 3", draw=_two),),',
        "rubric",
        '"far"',
        "hidden family 'far' of sigmoid_backward decides nothing for dL_du",
    ),
    "a large public case": (
        '"n = 2", n=2),),\n}',
        '"n = 2", n=9),),\n}',
        "public cases",
        '"public"',
        "u has 9 numbers",
    ),
    "a prompt without the function": (
        "`sigmoid_backward(u, dL_ds)`",
        "a function",
        "prompt",
        "PROMPT",
        "does not name",
    ),
    "a formula without its end": (
        "which you know only $\\frac",
        "which you know only \\frac",
        "prompt",
        "PROMPT",
        "a $ has no partner",
    ),
    "a wrong step": (
        "= \\pdv{L}{s_i} \\pdv{s_i}{u_i}  % algebra",
        "= \\pdv{L}{s_i} \\pdv{s_i}{s_i}  % algebra",
        "derivation",
        "of the sum one term is left",
        "step 3, by algebra",
    ),
    "a step by no rule": ("% quotient rule:", "% magic:", "derivation", "magic", "no rule 'magic'"),
    "a reason that is no sentence": (
        "% chain rule: over all outputs.",
        "% chain rule: over all outputs",
        "derivation",
        "over all outputs",
        "is not a sentence",
    ),
    "points that do not add up": ('points={"asked": 3,', 'points={"asked": 4,', "points", "POINTS", "6; correct one"),
    "an input that is changed": (
        "    e = np.exp(-np.abs(u))\n",
        "    dL_ds = dL_ds * 1.0\n    u[:] = u + 0\n    e = np.exp(-np.abs(u))\n    u[0] += 1\n",
        "reference",
        "def sigmoid_backward(",
        "changes its input 'u'",
    ),
    "a reference that needs more": (
        "    e = np.exp(-np.abs(u))\n",
        "    e = 1 / Any and np.exp(-np.abs(u)) if False else np.exp(-np.abs(u)) if Any else u\n",
        "reference",
        "def sigmoid_backward(",
        "alone, with numpy as np, sigmoid_backward fails with NameError",
    ),
    "what is still to be written": ("Squash.", "TODO: say what.", "gap", "TODO", "TODO say what"),
}


def complaints(folder: Path) -> list[Complaint]:
    return list(lint(load_assignment(folder), folder))


@pytest.mark.parametrize("what", PLANTED)
def test_a_broken_rule_is_named_with_its_line(tmp_path: Path, what: str) -> None:
    old, new, rule, piece, words = PLANTED[what]
    folder = tmp_path / "modules"
    shutil.copytree(MODULES, folder, ignore=shutil.ignore_patterns("__pycache__", "q[2-9].py"))
    head, page = folder / "__init__.py", folder / "q1.py"
    head.write_text(head.read_text(encoding="utf-8").replace("POINTS = 18", "POINTS = 5"), encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    assert text.count(old) == 1
    text = text.replace(old, new).replace("CASES = {", f"{DRAW}\n\n\nCASES = {{")
    text = text.replace("from autograder.model import ", "from autograder.model import Draw, ")
    page.write_text(text, encoding="utf-8")
    found = complaints(folder)
    mine = [one for one in found if one.rule == rule and words in one.text]
    assert mine, [str(one) for one in found]
    line = (folder / Path(mine[0].file).name).read_text(encoding="utf-8").splitlines()[mine[0].line - 1]
    assert piece in line
    assert str(mine[0]).startswith(f"modules/{Path(mine[0].file).name}:{mine[0].line}: {rule}: ")


def test_another_homework_has_nothing_to_complain_of(hw1: Callable[..., Result]) -> None:
    result = hw1("lint", "--assignment", MODULES)
    assert (result.exit_code, result.output) == (0, "5 questions, nothing to complain about\n")


def test_mistakes_that_a_search_finds_are_told_of_and_break_nothing(hw1: Callable[..., Result]) -> None:
    result = hw1("lint", "--assignment", MODULES, "--question", "q1", "--found")
    assert result.exit_code == 0
    *lines, counted, nothing = result.output.splitlines()
    assert len(lines) == 5
    assert (
        "modules/q1.py:69: two names: 'sign' of sigmoid_backward is found by search, too, and told as: "
        in result.output
    )
    assert counted == "5 listed mistakes found without the list"
    assert nothing == "1 question, nothing to complain about"


def test_a_prompt_that_tex_cannot_set_is_named(hw1: Callable[..., Result], tmp_path: Path) -> None:
    folder = tmp_path / "modules"
    shutil.copytree(MODULES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    page = folder / "q1.py"
    page.write_text(
        page.read_text(encoding="utf-8").replace("A cost $L", "A cost $\\nosuchcommand L"), encoding="utf-8"
    )
    result = hw1("lint", "--assignment", folder, "--question", "q1")
    assert result.exit_code == 1
    assert result.output.startswith("modules/q1.py:14: prompt: LaTeX cannot set it: ")
    assert "nosuchcommand" in result.output


def test_a_question_that_is_not_there_is_one_line(hw1: Callable[..., Result]) -> None:
    result = hw1("lint", "--assignment", MODULES, "--question", "q7")
    assert (result.exit_code, result.output) == (
        2,
        "hw1: --question q7: there is no such question; there are q1, q2, q3, q4, q5\n",
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('raise NotImplementedError("TODO: the module, such as 1 / (1 + xp.exp(-u))")', "such as 1 / (1 + xp.exp(-u))"),
        ("    TODO: an example, after '>>>'.", "an example, after '>>>'"),
        ('    title="2: TODO a heading",', "a heading"),
        ('TITLE = "hw: TODO what it is about"', "what it is about"),
    ],
)
def test_a_gap_is_told_in_whole_words(line: str, words: str) -> None:
    (one,) = gaps("q1.py", line)
    assert one.text.endswith(f"{words}; write it")


CELL = MODULES.parent / "losses"
LINE = "(1 - np.tanh(U @ h + a) ** 2)[:, None] * U"


def _cell(folder: Path, *changes: tuple[str, str]) -> list[Complaint]:
    """Complain of a homework of one page, in which something is changed."""
    shutil.copytree(CELL, folder, ignore=shutil.ignore_patterns("__pycache__", "q[124].py"))
    points = ("__init__.py", "POINTS = 32", "POINTS = 4")
    for file, before, after in (points, *(("q3.py", *change) for change in changes)):
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after), encoding="utf-8")
    return complaints(folder)


def test_what_could_not_be_released_is_found(tmp_path: Path) -> None:
    (one,) = _cell(tmp_path / "losses", ("return xp.tanh(", f"# as in {LINE}\n    return xp.tanh("))
    assert str(one).startswith(
        "losses/__init__.py: release: students would read code of a reference in losses_check.py"
    )
    assert LINE in one.text


def test_a_truth_that_is_not_finite_is_a_complaint_and_no_end(tmp_path: Path) -> None:
    found = _cell(tmp_path / "losses", ("return xp.tanh(U @ h + a)", "return xp.tanh(U @ h + a) + xp.exp(1e3 * h * h)"))
    assert [one.rule for one in found] == ["truth"]


def test_variants_whose_numbers_change_nothing_are_told_once_each(tmp_path: Path) -> None:
    found = _cell(
        tmp_path / "losses",
        ('"q3",', '"q3",\n    variants={"SLOPE": (0.5, 0.25)},'),
        (f"return {LINE}", f"return {LINE} + 0 * SLOPE"),
        ("CASES = {", "SLOPE = 0.5\nCASES = {"),
    )
    assert {one.rule for one in found} == {"variants"}
    assert "cell_jacobian answers in variant 2 as in this one: its hidden cases use no number" in found[0].text


def test_a_reference_that_fails_is_told_with_the_case(tmp_path: Path) -> None:
    found = _cell(tmp_path / "losses", (f"return {LINE}", f"return {LINE} if len(h) < 5 else U"))
    assert any("on q3.J.general: cell_jacobian.large.0 is wrong; fix it" in one.text for one in found)
