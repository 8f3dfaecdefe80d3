"""The solution's derivations: what stands between their lines, their results for all sizes, and their mutants."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.loading import load_assignment
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError, parse
from autograder.mathematics.proof.proving import each
from autograder.model import Question
from tests import derivation_mutants as dm

ASSIGNMENT = load_assignment(Path(__file__).parents[2] / "solutions")

# ---------------------------------------------------------------- what stands between the lines


def _sides(question: Question) -> list[set[t.Node]]:
    """Sides that are equal: of each chain, and of each definition."""
    assert question.setting is not None
    chains = [[d.left, *(step.latex for step in d.steps)] for d in question.derivations]
    chains += [[d.left, d.right] for d in question.setting.definitions]
    return [{parse(latex) for latex in chain} for chain in chains]


def _is_condition(formula: str, question: Question) -> bool:
    """Tell whether a formula says no more than which index or which size is meant."""
    assert question.setting is not None
    letters = {*question.setting.sizes[0]}
    for side in (node for chain in _sides(question) for root in chain for node in t.walk(root)):
        letters |= {side.index} if isinstance(side, t.Total) else {*getattr(side, "indices", ())}
    words = re.split(r"=|,|\\times|\s", formula)
    return all(word in letters or word.isdigit() or word == r"\dots" for word in words if word)


def _is_proved(formula: str, question: Question) -> bool:
    try:
        sides = {parse(side) for side in formula.split("=")}
    except ParseError:
        return False
    return any(sides <= chain for chain in _sides(question))


def _texts(question: Question) -> Iterator[str]:
    """What the solution prints of a question, but its prompt and its derivations' lines."""
    for symbol in question.notation:
        yield from (f"${symbol.latex}$", symbol.meaning)
    for derivation in question.derivations:
        yield from (derivation.title, derivation.in_words, *derivation.assumes, *derivation.remarks)
        yield from (step.reason for step in derivation.steps)
    if question.heat_map is not None:
        yield question.heat_map.caption


@pytest.mark.parametrize("question", ASSIGNMENT.questions, ids=lambda question: question.id)
def test_an_equality_in_the_text_is_proved_or_says_which_index_or_size_is_meant(question: Question) -> None:
    formulas = [found for text in _texts(question) for found in re.findall(r"\$([^$]*=[^$]*)\$", text)]
    assert [f for f in formulas if not _is_condition(f, question) and not _is_proved(f, question)] == []
    # What stands outside of formulas is words and code.
    assert [text for text in _texts(question) if "=" in re.sub(r"\$[^$]*\$|`[^`]*`", "", text)] == []


@pytest.mark.parametrize("question", ASSIGNMENT.questions, ids=lambda question: question.id)
def test_an_equality_in_a_prompt_defines_something_or_says_which_index_is_meant(question: Question) -> None:
    assert question.setting is not None
    defined = {parse(definition.left) for definition in question.setting.definitions}
    for formula in re.findall(r"\$+([^$]+)\$+", question.prompt):
        if "=" not in formula:
            continue
        left = re.sub(r"\(\\mathbf\{y\}\)", "", formula.partition("=")[0])
        assert _is_condition(formula, question) or parse(left) in defined, formula


@pytest.mark.parametrize(("name", "factor", "cost"), [("q1a", "", "C"), ("q1b", "3 ", "C_2")])
def test_the_matrix_forms_are_results_for_all_sizes(name: str, factor: str, cost: str) -> None:
    """The outer product, and the bias as a column, whatever the size that is written out."""
    proved = [d for d in each(ASSIGNMENT, question=name) if d.result and len(d.steps) < 3]
    assert all(step.holds and step.for_all_sizes for d in proved for step in d.steps)
    found = {(d.left, d.shape, d.when, d.steps[-1].latex) for d in proved}
    gradient = rf"{factor}\frac{{\partial C}}{{\partial \mathbf{{y}}}}"
    weights, bias = (rf"\frac{{\partial {cost}}}{{\partial \mathbf{{{letter}}}}}" for letter in "Wb")
    assert (weights, ("m", "n"), "", rf"{gradient} \mathbf{{x}}^\top") in found
    assert (bias, ("m", "1"), "as a column", gradient) in found


# ---------------------------------------------------------------- mutants

# Where they are made once for all that look at them.
MADE_ONCE = pytest.mark.xdist_group("derivation-mutants")


@pytest.fixture(scope="module")
def mutants() -> tuple[dm.Mutant, ...]:
    return tuple(dm.mutants(ASSIGNMENT))


@pytest.fixture(scope="module")
def judge() -> dm.Judge:
    return dm.Judge(ASSIGNMENT)


def _sampled(mutant: dm.Mutant) -> bool:
    return zlib.crc32(mutant.name.encode()) % 12 == 0


@MADE_ONCE
@pytest.mark.no_cover  # the ways of the lines themselves, hundreds of times
def test_mutants_reach_every_side_and_every_kind(mutants: tuple[dm.Mutant, ...]) -> None:
    sides = sum(1 + len(d.steps) for question in ASSIGNMENT.questions for d in question.derivations)
    assert len({(m.question, m.derivation.title, m.derivation.left, m.place) for m in mutants}) == sides
    assert len({m.kind for m in mutants}) > 20
    assert len(mutants) > 800


@MADE_ONCE
@pytest.mark.no_cover
def test_a_sample_of_mutants_is_caught(mutants: tuple[dm.Mutant, ...], judge: dm.Judge) -> None:
    assert [m.name for m in mutants if _sampled(m) and judge(m) == "survived"] == []


@MADE_ONCE
@pytest.mark.long
def test_every_mutant_is_caught_or_says_the_same(mutants: tuple[dm.Mutant, ...], judge: dm.Judge) -> None:
    assert [m.name for m in mutants if judge(m) == "survived"] == []
