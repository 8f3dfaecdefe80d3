"""Pages with constants of each student's own: their text for a variant, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import AssignmentError
from autograder.loading import load_assignment, page_text, reference_source, stub_source

HOMEWORK = Path(__file__).parents[1] / "assignments" / "variants"
VARIANTS = '{"SCALE": (3.5, 4.5, 6.5), "TWICE": ("7", "9", "13"), "SIZE": (2, 4, 3)}'
Edit = Callable[..., Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Return a function that copies the homework and replaces one text by another."""

    def edit(old: str, new: str, page: str = "q1.py") -> Path:
        folder = shutil.copytree(HOMEWORK, tmp_path / "hw", ignore=shutil.ignore_patterns("__pycache__"))
        text = (folder / page).read_text(encoding="utf-8")
        assert old in text
        (folder / page).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return edit


def test_each_variant_is_a_whole_assignment() -> None:
    whole = load_assignment(HOMEWORK)
    assert (whole.variant, whole.title) == (0, "Homework 4: numbers of your own")
    assert [one.title for one in whole.variants] == [f"{whole.title} (variant {number})" for number in (1, 2, 3)]
    assert len({one.source_sha256 for one in whole.variants}) == len(whole.variants)
    for one, scale, twice, size in zip(whole.variants, (3.5, 4.5, 6.5), (7, 9, 13), (2, 4, 3), strict=True):
        question = one.questions[0]
        assert f"$$E = {scale} \\sum" in question.prompt
        assert f"$n = {size}$" in question.prompt
        assert question.derivations[0].steps[-1].latex == f"{twice} (x_j - t_j)"
        assert f"Gradient of {scale} times" in stub_source(one)
        assert f"return 2 * {scale} * (x - target)" in reference_source(one)
        assert question.parts[0].reference(np.array([1.0]), np.array([0.0])) == twice
    assert whole.of(2) is whole.variants[1]
    assert whole.of(0) is whole.of(9) is whole


def test_the_others_answers_are_mistakes_where_they_differ() -> None:
    whole = load_assignment(HOMEWORK)
    names = [[wrong.name for wrong in part.misconceptions] for part in whole.variants[1].parts]
    assert names == [["no_scale", "no_two", "sign", "variant_1", "variant_3"], ["cube", "absolute"]]
    assert whole.parts[0].misconceptions[-3].name == "variant_1"


def test_a_page_keeps_its_lines_and_only_constants_change() -> None:
    text = (
        "SCALE = -2\n"
        "def f(x, scale=SCALE):\n"
        '    """É <SCALE> of <OTHER>."""\n'
        "    return f'{SCALE}', x ** SCALE, dict(SCALE=SCALE)\n"
        'QUESTION = question("q1", variants={"SCALE": (-2, 3), "WORD": ("a", "b")})\n'
    )
    assert page_text(text, 2, "q1.py").splitlines()[:4] == [
        "SCALE = 3",
        "def f(x, scale=3):",
        '    """É 3 of <OTHER>."""',
        "    return f'{SCALE}', x ** 3, dict(SCALE=3)",
    ]
    assert page_text(text, 1, "q1.py").splitlines()[1:4] == [
        "def f(x, scale=(-2)):",
        '    """É -2 of <OTHER>."""',
        "    return f'{SCALE}', x ** (-2), dict(SCALE=(-2))",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (VARIANTS, "dict(SCALE=(3.5, 4.5))", "is not written out"),
        (VARIANTS, '{"scale": (3.5, 4.5)}', "a name in capitals"),
        (VARIANTS, '{"SCALE": 3.5}', "write its values in parentheses"),
        (VARIANTS, '{"SCALE": (3.5, 1e999)}', "a constant is a finite number, or a text of one line"),
        (VARIANTS, '{"SCALE": (3.5, 4.5), "SIZE": (2, 4, 3)}', "SCALE has 2 values and SIZE 3"),
        (VARIANTS, '{"SCALE": (3.5,)}', "give 2 to 16 values"),
        (VARIANTS, '{"SCALE": (3.5, *' + str([*range(16)]) + ")}", "is not written out"),
        (VARIANTS, '{"SCALE": (3.5, 4.5, 3.5)}', "variants 1 and 3 have the same constants"),
        ("SCALE = 3.5", "SCALE = 4.0", "line 9: SCALE is not what variants= has for it first; write SCALE = 3.5"),
        ("SCALE = 3.5", "SCALE, other = 3.5, 1", "line 9: SCALE is a constant of variants="),
        ("def error_gradient(x:", "def error_gradient(SCALE:", "SCALE is a constant of variants="),
        ('points={"asked": 3, "general": 2}', 'points={"asked": SIZE, "general": 2}', "variants 1 and 2 differ in"),
        ("return 2 * SCALE * (x - target)", "return 2 * SCALE * (x - target) +", "hw/q1.py, line 4"),
        ("ANSWER = gradient(", "1 / (SCALE - 4.5)\nANSWER = gradient(", "hw/q1.py (variant 2), line 57: ZeroDivision"),
    ],
)
def test_what_makes_no_variants_is_refused(edited: Edit, old: str, new: str, words: str) -> None:
    folder = edited(old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_variants_that_no_one_can_find_are_refused(edited: Edit) -> None:
    folder = edited("QUESTION = question(", "MADE = question(")
    with (folder / "q1.py").open("a", encoding="utf-8") as file:
        file.write("QUESTION = MADE\n")
    with pytest.raises(AssignmentError, match="variants= is found only where it is written out"):
        load_assignment(folder)


def test_questions_have_as_many_variants_as_one_another(edited: Edit) -> None:
    folder = edited('    title="3: squares",', '    title="3: squares",\n    variants={"POWER": (2, 3)},', "q3.py")
    with pytest.raises(AssignmentError, match=r"hw/q1\.py has 3 variants and hw/q3\.py 2"):
        load_assignment(folder)
