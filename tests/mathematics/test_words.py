"""Words of the derivation language beyond the first homework's: roots, logarithms, the larger of two, cases by sign."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from autograder.loading import load_assignment
from autograder.mathematics.formulas.canonical import canonical
from autograder.mathematics.formulas.parsing import ParseError, parse
from autograder.mathematics.formulas.printing import to_latex
from autograder.mathematics.proof.deciding import context_of, decide
from autograder.model import setting
from tests import derivation_mutants as dm
from tests.mathematics.test_settings import judged, question

ASSIGNMENTS = Path(__file__).parents[1] / "assignments"
PROMPT = (
    r"$$q_i = u_i^2$$ $$r_i = \max(u_i, 0)$$ $$s_i = \tanh(u_i)$$ $$t_i = \log(u_i)$$ "
    r"$$v = \sqrt{\sum_{k=1}^n u_k^2}$$"
)
WORDS = context_of(
    setting(
        PROMPT,
        {"u": "n"},
        defines={"q_i": "n", "r_i": "n", "s_i": "n", "t_i": "n", "v": ""},
        functions={"L": "q"},
        sizes=[{"n": 2}, {"n": 1}, {"n": 3}],
    )
)
RISING = r"\begin{cases} 1 & u_i > 0 \\ 0 & u_i \le 0 \end{cases}"
SUM = r"\sum_{k=1}^n \frac{\partial L}{\partial q_k}"


def slope(name: str) -> str:
    return rf"\frac{{\partial {name}}}{{\partial u_i}}"


@pytest.mark.parametrize(
    ("left", "right", "rule"),
    [
        (slope("q_i"), "2 u_i", "differentiation"),
        (rf"{SUM} {slope('q_k')}", rf"{SUM} \delta_{{ki}} 2 u_i", "substitution"),
        (rf"{SUM} {slope('q_k')}", rf"{SUM} \delta_{{ki}} {slope('q_i')}", "substitution"),
        (rf"{SUM} {slope('q_k')}", rf"{SUM} \frac{{\delta_{{ki}} 4 u_i}}{{2}}", "substitution"),
        (slope("r_i"), RISING, "differentiation"),
        (slope("r_i"), r"\begin{cases} 1 & 0 < u_i \\ 0 & \text{otherwise} \end{cases}", "differentiation"),
        (r"\max(u_i, 0)", r"\max(0, u_i)", "algebra"),
        (r"\max(u_i, 0) - \max(-u_i, 0)", "u_i", "algebra"),
        (slope("s_i"), "1 - s_i^2", "differentiation"),
        (slope("t_i"), r"\frac{1}{u_i}", "differentiation"),
        (r"\log(u_i^2 u_j)", r"2 \log(u_i) + \log(u_j)", "algebra"),
        (r"\log(\frac{\exp(u_i)}{\sum_{k=1}^n \exp(u_k)})", r"u_i - \log(\sum_{k=1}^n \exp(u_k))", "algebra"),
        (slope("v"), r"\frac{u_i}{v}", "differentiation"),
        ("v^2", r"\sum_{k=1}^n u_k^2", "substitution"),
    ],
)
def test_what_follows_is_proved_and_what_does_not_is_not(left: str, right: str, rule: str) -> None:
    sides = parse(left), parse(right)
    found = decide(*sides, WORDS, rule=rule)
    assert (found.verdict, found.complaint) == ("holds", "")
    for side in sides:
        assert parse(to_latex(side)) == side
    for node in dm.t.walk(sides[1]):
        for kind, new in dm.changes(node):
            whole = dm.t.changed(sides[1], lambda one, old=node, new=new: new if one is old else None)
            if any(isinstance(one, dm.t.Partial) and not isinstance(one.by, dm.t.Symbol) for one in dm.t.walk(whole)):
                continue  # below the bar of a derivative stands a symbol
            if canonical(whole) != canonical(sides[1]) and to_latex(whole) not in EQUAL:
                assert not decide(sides[0], parse(to_latex(whole)), WORDS, rule=rule).holds, (kind, to_latex(whole))


EQUAL = {
    r"\begin{cases} 1 & u_i > 0 \\ -0 & u_i \le 0 \end{cases}",
    r"\begin{cases} 1 & u_i > 0 \\ -0 & \text{otherwise} \end{cases}",
    r"\max(-0, u_i)",
    r"\sum_{k=1}^{n} u_i^{2}",
}
"""What says the same, by more than bookkeeping."""


@pytest.mark.parametrize(
    "right",
    [
        r"\begin{cases} 1 & u_i < 0 \\ 0 & u_i \ge 0 \end{cases}",
        r"\begin{cases} 1 & u_i > 0 \\ 0 & u_i < 0 \end{cases}",
        r"\begin{cases} 1 & u_i > 0 \\ 0 & u_j \le 0 \end{cases}",
        r"\begin{cases} 1 & u_i > 1 \\ 0 & u_i \le 1 \end{cases}",
    ],
)
def test_cases_by_sign_are_the_right_ones_and_say_all(right: str) -> None:
    assert not decide(parse(slope("r_i")), parse(right), WORDS, rule="differentiation").holds


@pytest.mark.parametrize("latex", [r"\max(u_i)", r"\max u_i", r"\log u_i", r"u_i > 0"])
def test_a_word_needs_its_brackets(latex: str) -> None:
    with pytest.raises(ParseError):
        parse(latex)


TRUE = (
    r"-0 & u_i \le 0",
    r"\frac{\partial r_i}{\partial u_i} \frac{\partial L}{\partial r_k} \delta_{ki} \frac{\partial r_i}{\partial u_i}",
    r"\frac{\partial a}{\partial x_j}",
    r"\delta_{li} a_j \delta_{li}",
    r"-\delta_{ij} \eta",
)
"""Parts of mutants that are as true as what they were made from: a delta, or a slope of 0 or 1, is its own square."""


@pytest.mark.parametrize("name", ["modules", "training"])
@pytest.mark.parametrize("share", [32, pytest.param(1, marks=pytest.mark.long)])
def test_mutants_of_other_homeworks_are_caught(name: str, share: int) -> None:
    assignment = load_assignment(ASSIGNMENTS / name)
    judge = dm.Judge(assignment)
    drawn = [one for one in dm.mutants(assignment) if zlib.crc32(one.name.encode()) % share == 0]
    survived = [one.name for one in drawn if judge(one) == "survived"]
    assert [one for one in survived if not any(true in one for true in TRUE)] == []


@pytest.mark.parametrize(
    ("definition", "text", "mark"),
    [
        (r"\max(u_i, 0)", r"\begin{cases} 1 & \text{if } u_i > 0 \\ 0 & \text{if } u_i \leq 0 \end{cases}", "holds"),
        (r"\max(u_i, 0)", r"\begin{cases} 0 & 0 \ge u_i \\ 1 & \text{otherwise} \end{cases}", "holds"),
        (r"\max(u_i, 0)", r"\begin{cases} 1 & \text{if } u_i < 0 \\ 0 & \text{otherwise} \end{cases}", "fails"),
        (r"\max(u_i, 0)", r"\frac{\max\{u_i, 0\}}{u_i}", "holds"),
        (r"\max(u_i, 0)", "1", "fails"),
        (r"\max(u_i, 0)", r"\max u_i", "unread"),
        (r"\tanh(u_i)", r"1 - \tanh^2(u_i)", "holds"),
        (r"\tanh(u_i)", r"1 - (\tanh u_i)^2", "holds"),
        (r"\tanh(u_i)", r"1 - \tanh(u_i)", "fails"),
        (r"\log(u_i)", r"\frac{1}{u_i}", "holds"),
        (r"\sqrt{u_i}", r"\frac{1}{2 \sqrt{u_i}}", "holds"),
    ],
)
def test_students_write_these_words_too(definition: str, text: str, mark: str) -> None:
    one = setting(f"$$r_i = {definition}$$", {"u": "n"}, defines={"r_i": "n"}, sizes=[{"n": 2}, {"n": 3}])
    asking = question(one, slope("r_i"))
    assert judged(asking, f"$${slope('r_i')} = {text}$$")["lines"] == mark
