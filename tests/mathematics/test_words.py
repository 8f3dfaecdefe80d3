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
from autograder.model import Definition, Setting, setting
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


# ------------------------------------------------------------------------------------------------ words of students

MODULE = Setting(
    symbols={"A": ("m", "n"), "u": ("n",), "c": ()},
    functions={"L": "v"},
    definitions=(Definition(left="v", right="A u", shape=("m",)),),
    sizes=({"m": 2, "n": 3}, {"m": 2, "n": 2}, {"m": 1, "n": 1}),
)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        # Ones are as large as what they meet.
        (r"A \odot \mathbf{1} = \mathbf{1}_{m \times n} \odot A", "holds"),
        (r"A \odot \mathbf{1} = 2 A", "fails"),
        (r"I_{n \times n} u = u", "holds"),
        # Bars, norms, powers of vectors.
        (r"|u|^2 = \sum_k u_k^2", "holds"),
        (r"|u_k| |u_k| = u_k^2", "holds"),
        (r"|u|^2 = 2 \sum_k u_k^2", "fails"),
        (r"\|u\|_1 = \sum_k |u_k|", "holds"),
        (r"u^2 = u \odot u", "holds"),
        (r"u^{\odot 3} = u \odot u \odot u", "holds"),
        (r"u^2 = u^T u", "holds"),
        (r"u^3 = u \odot u", "fails"),
        (r"\sqrt{c} = c^{1/2}", "holds"),
        (r"\sqrt{c} = c^{-1/2}", "fails"),
        # Over all entries.
        (r"\mathrm{mean}(u) = \frac{1}{n} \sum_k u_k", "holds"),
        (r"\mathrm{mean}(u) = \sum u_k", "fails"),
        (r"\sum u = \sum_{k} u_k", "holds"),
        (r"\max_k u_k = \max(u)", "holds"),
        (r"\max_k u_k = \max(-u)", "fails"),
        (r"\max(u, 0) = u \odot \mathbb{1}[u > 0]", "holds"),
        (r"\max(u, 0) = u \odot \mathbb{1}[u < 0]", "fails"),
        (r"\mathbf{1}_{\{u_k^2 \geq 0\}} = 1", "holds"),
        (r"\mathrm{sign}(u) = u / |u|", "fails"),
        (r"\mathrm{sign}(u_k) = u_k / |u_k|", "holds"),
        (r"\sum_{ij} A_{ij}^2 = \mathrm{tr}(A^T A)", "holds"),
        # Dots between factors and terms.
        (r"u_1 u_2 \cdots u_n = \prod_k u_k", "holds"),
        (r"u_1 \cdot \ldots \cdot u_n = \sum_k u_k", "fails"),
        (r"u_1 u_1 + \dots + u_n u_n = u^T u", "holds"),
        (r"u_1 + u_2 - \dots + u_n = \sum_k u_k", "unread"),
        (r"u_1 c_2 \cdots u_n = 1", "unread"),
        # Indices that are sums.
        (r"\sum_k u_k u_{j+1} = u_{j+1} \sum_k u_k", "holds"),
        (r"\sum_{k=1}^{2} u_{j+k-1} = u_j + u_{j+1}", "holds"),
        (r"\sum_{k=1}^{2} u_{j+k-1} = u_j + u_j", "fails"),
        # A matrix by its general entry.
        (r"[u_j A_{ij}]_{ij} = A\, \mathrm{diag}(u)", "holds"),
        (r"[u_j A_{ij}]_{ij} = \mathrm{diag}(u) A", "fails"),
        # The scope of products by entries.
        (r"v \odot A u = (A u) \odot v", "holds"),
        # Second derivatives of what may be any.
        (
            r"\frac{\partial^2 L}{\partial u_i \partial u_j} = "
            r"\sum_{kl} A_{ki} \frac{\partial^2 L}{\partial v_k \partial v_l} A_{lj}",
            "holds",
        ),
        (r"\nabla^2_u L = A^T \nabla_v^2 L\, A", "holds"),
        (r"\nabla^2_u L = A^T \nabla_v^2 L", "fails"),
        (r"\nabla^3_u L = 0", "unread"),
        (r"\nabla^2 L = 0", "unread"),
        # Rules for any functions.
        (r"\left(\frac{f}{g}\right)' = \frac{f' g - f g'}{g^2}", "holds"),
        (r"\left(\frac{f}{g}\right)' = \frac{f' g + f g'}{g^2}", "unread"),
        (r"(f g)' = f' g + f g'", "holds"),
    ],
)  # fmt: skip
def test_students_have_words_for_whole_arrays(text: str, mark: str) -> None:
    asking = question(MODULE, r"\frac{\partial L}{\partial A}")
    assert judged(asking, f"$${text}$$")["lines"] == mark


def test_the_case_of_equal_indices_is_no_whole_answer() -> None:
    linear = Setting(
        symbols={"u": ("n",), "c": ()},
        definitions=(Definition(left="v_i", right="c u_i", shape=("n",)),),
        sizes=({"n": 2}, {"n": 3}),
    )
    asking = question(linear, r"\frac{\partial v_i}{\partial u_j}")
    equal, other = (rf"If $i {sign} j$: $\frac{{\partial v_i}}{{\partial u_j}} = " for sign in ("=", r"\neq"))
    assert judged(asking, equal + "c$.") == {"lines": "holds"}
    assert judged(asking, r"$\frac{\partial v_i}{\partial u_i} = c$") == {"lines": "holds"}
    assert judged(asking, f"{equal}c$. {other}0$.") == {"dv_i/du_j": "right", "lines": "holds holds"}
    assert judged(asking, f"{equal}2 c$. {other}0$.")["dv_i/du_j"] == "wrong"
    assert judged(asking, f"{equal}2 c$.")["dv_i/du_j"] == "wrong"


def test_a_cost_that_is_chosen_is_no_claim() -> None:
    asking = question(MODULE, r"\frac{\partial L}{\partial A}")
    chosen = r"\[L = \frac{1}{2} |v|^2\] \[\frac{\partial L}{\partial v} = v\]"
    assert judged(asking, chosen)["lines"] == "defined unread"
    assert judged(asking, chosen + r"\[A u = 2 v\]")["lines"] == "defined unread fails"


def test_letters_that_are_defined_are_no_inputs_under_another_name() -> None:
    asking = question(MODULE, r"\frac{\partial L}{\partial A}")
    text = r"\[h = -B x\] \[\frac{\partial E}{\partial B} = \frac{\partial E}{\partial h} x^T\]"
    assert "holds holds" not in judged(asking, text)["lines"]
    assert judged(asking, text.replace("-", ""))["lines"] == "holds holds"
