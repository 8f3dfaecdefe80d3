"""Lines of derivations: read, printed, decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.core.function import MPMATH_TRANSLATIONS

from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError, parse, parse_condition
from autograder.mathematics.formulas.printing import to_latex
from autograder.mathematics.proof.deciding import context_of, decide
from autograder.mathematics.proof.meaning import meaning_of
from autograder.mathematics.proof.rules import ALL
from autograder.mathematics.proof.values import Exponential
from autograder.model import Definition, Setting

MODULE = Setting(
    symbols={"W": ("m", "n"), "x": ("n",), "b": ("m",)},
    functions={"C": "y"},
    definitions=(Definition(left=r"\mathbf{y}", right=r"\mathbf{W} \mathbf{x} + \mathbf{b}", shape=("m",)),),
    sizes=tuple({"m": m, "n": n} for m, n in ((2, 2), (1, 1), (3, 1), (2, 3), (1, 3), (3, 2))),
    written_out={"m": 2, "n": 2},
    rows=("b",),
)
AFFINE = context_of(MODULE)
SCALED = context_of(replace(MODULE, definitions=(*MODULE.definitions, Definition(left="C_2", right="3 C"))))
SHARES = context_of(
    Setting(
        symbols={"x": ("K",), "beta": ()},
        definitions=(
            Definition(left="y_i", right=r"\frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}", shape=("K",)),
            Definition(left="J_{ij}", right=r"\frac{\partial y_i}{\partial x_j}", shape=("K", "K")),
        ),
        sizes=({"K": 1}, {"K": 2}, {"K": 3}, {"K": 5}),
        written_out={"K": 1},
    )
)

# ---------------------------------------------------------------- print, read

letters = st.sampled_from([*"abgkmnwxyKW", "beta", "delta", "theta"])
indices = st.sampled_from(["i", "j", "1", "12", "beta"])
symbols = st.builds(
    lambda name, bold, at: t.Symbol(name=name, bold=bold, indices=tuple(at)),
    letters,
    st.booleans(),
    st.lists(indices, max_size=3),
)
numbers = st.builds(lambda n: t.Number(digits=n), st.sampled_from(["0", "1", "3", "12", "0.5", "10.25"]))
applied = st.builds(
    lambda f, v: t.Applied(function=t.Symbol(name=f), argument=t.Symbol(name=v, bold=True)), letters, letters
)
conditions = st.builds(
    lambda left, right, equal: t.Condition(left=left, right=right, equal=equal), indices, indices, st.booleans()
)


def _trees(inner: st.SearchStrategy[t.Node]) -> st.SearchStrategy[t.Node]:
    many = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        inner.map(lambda n: t.Negative(of=n)),
        many.map(lambda ns: t.Plus(terms=tuple(ns))),
        st.tuples(many, st.booleans()).map(lambda p: t.Times(factors=tuple(p[0]), dots=(p[1],) * (len(p[0]) - 1))),
        st.tuples(inner, inner).map(lambda p: t.Fraction(numerator=p[0], denominator=p[1])),
        st.tuples(inner, symbols).map(lambda p: t.Partial(of=p[0], by=p[1])),
        st.tuples(inner, inner).map(lambda p: t.Power(base=p[0], exponent=p[1])),
        inner.map(lambda n: t.Transpose(of=n)),
        st.tuples(st.sampled_from(["exp", "diag"]), inner).map(lambda p: t.Function(name=p[0], argument=p[1])),
        st.builds(
            lambda body, lower, upper, skipped: t.Total(
                index="n", body=body, lower=lower, upper=upper, skipped=tuple(skipped)
            ),
            inner,
            st.none() | inner,
            st.none() | inner,
            st.lists(indices, max_size=2),
        ),
        many.map(lambda ns: t.Matrix(rows=((ns[0], ns[1]), (ns[1], ns[-1])))),
        st.tuples(inner, conditions, inner).map(lambda p: t.Cases(rows=((p[0], p[1]), (p[2], None)))),
    )


@settings(max_examples=100, deadline=None)
@given(st.recursive(symbols | numbers | applied, _trees, max_leaves=8))
def test_printing_and_reading_is_the_identity(tree: t.Node) -> None:
    assert parse(to_latex(tree)) == tree


WORDS = [r"\frac", r"\partial", r"\sum", r"\exp", *"{}()_^&=+-xn1", r"\\", r"\beta", r"\mathbf"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS)))
def test_any_text_is_read_or_refused(words: list[str]) -> None:
    text = " ".join(words)
    try:
        tree = parse(text)
    except ParseError as error:
        refused: ParseError | None = error
    else:
        refused = None
        assert parse(to_latex(tree)) == tree
    assert refused is None or (refused.hint and 0 <= refused.position <= len(text))


@pytest.mark.parametrize(
    ("text", "position", "hint"),
    [
        ("{" * 10_000, 80, "40 levels"),
        ("(" * 30, 30, "too early"),
        ("x" * 10_001, 10_000, "10000 characters"),
        (r"\sum_n " * 200 + "x", 0, "40 levels"),
        ("1" * 13, 0, "12 digits"),
        ("x_{" + "1" * 13 + "}", 3, "12 digits"),
        (r"2 \alephzero", 2, "what can be read"),
        (r"a + * b", 4, "what can be read"),
        (r"\frac{a}{b", 10, "too early"),
        (r"x^\top^\top", 6, "nothing of this kind"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", 0, "the same length"),
        (r"\sum_{n=1, m \neq i} x_n", 11, "a condition on n"),
        ("", 0, "too early"),
        ("\x00", 0, "what can be read"),
    ],
)
def test_what_cannot_be_read_has_a_place_and_a_hint(text: str, position: int, hint: str) -> None:
    with pytest.raises(ParseError) as refused:
        parse(text)
    assert refused.value.position == position
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"e^{\beta x_i}", r"\exp \left( \beta x_i \right)"),
        (r"x^T", r"{x}^{\top}"),
        (r"((a + b))", "a+b"),
        (r"w_{i,j}", "w_{ij}"),
        (r"\sum_{n \ne i}^K a", r"\sum^{K}_{n \neq i} a"),
        (r"\begin{bmatrix} a & b \\ \end{bmatrix}", r"\begin{pmatrix} a & b \end{pmatrix}"),
        (r"\begin{cases} a, & \text{if } i = j \\ b & \text{otherwise} \end{cases}", r"\begin{cases} a & i = j \\ b & \text{else} \end{cases}"),  # noqa: E501
        (r"[a] \, \{ b \}", "a b"),
    ],
)  # fmt: skip
def test_ways_to_write_the_same(one: str, other: str) -> None:
    assert parse(one) == parse(other)


def test_reading_keeps_what_matters() -> None:
    assert parse("a - b + c") != parse("a - (b + c)")
    assert parse(r"\sum_n a b") != parse(r"(\sum_n a) b")
    assert parse("-a b") == t.Negative(of=parse("a b"))
    assert parse(r"C(\mathbf{y})") == t.Applied(function=t.Symbol(name="C"), argument=t.Symbol(name="y", bold=True))


# ---------------------------------------------------------------- decide


@pytest.mark.parametrize(
    ("context", "left", "right", "verdict"),
    [
        (AFFINE, r"\frac{\partial C}{\partial w_{ij}}", r"\frac{\partial C}{\partial y_i} x_j", "holds"),
        (AFFINE, r"\frac{\partial C}{\partial w_{ij}}", r"\frac{\partial C}{\partial y_j} x_i", "misfit"),
        (AFFINE, r"\frac{\partial C}{\partial \mathbf{W}}", r"\mathbf{x} \frac{\partial C}{\partial \mathbf{y}}^\top", "misfit"),  # noqa: E501
        (AFFINE, r"\frac{\partial C}{\partial \mathbf{x}}", r"\mathbf{W}^\top \frac{\partial C}{\partial \mathbf{y}}", "holds"),  # noqa: E501
        (AFFINE, r"\frac{\partial \mathbf{y}}{\partial \mathbf{x}}", r"\mathbf{W}", "holds"),
        (AFFINE, r"\frac{\partial C}{\partial \mathbf{b}}", r"\frac{\partial C}{\partial \mathbf{y}}", "misfit"),
        (AFFINE, r"\frac{\partial C}{\partial x_j}", r"\sum_k \frac{\partial C}{\partial y_k} w_{kj}", "holds"),
        (AFFINE, r"\frac{\partial C}{\partial w_{33}}", r"\frac{\partial C}{\partial y_3} x_3", "misfit"),
        (SCALED, r"\frac{\partial C_2}{\partial b_i}", r"3 \frac{\partial C}{\partial y_i}", "holds"),
        (SCALED, r"C_2(\mathbf{y})", r"3 C(\mathbf{y})", "holds"),
        (SCALED, r"\frac{\partial C_2}{\partial \mathbf{b}}", r"3 \frac{\partial C}{\partial \mathbf{y}} \mathbf{x}^\top", "differs"),  # noqa: E501
        (SHARES, r"\frac{\partial y_i}{\partial x_j}", r"\beta y_j (\delta_{ij} - y_i)", "holds"),
        (SHARES, r"\frac{\partial y_i}{\partial x_j}", r"y_i (\delta_{ij} - y_j)", "differs"),
        (SHARES, r"\frac{\partial y_i}{\partial x_i}", r"\beta y_i (1 - y_i)", "holds"),
        (SHARES, r"\frac{\partial y_i}{\partial x_j}", r"-\beta y_i y_j", "differs"),
        (SHARES, r"\sum_{n=1}^K y_n", "1", "holds"),
        (SHARES, r"\frac{\partial}{\partial x_j} \left( \frac{\exp(\beta x_i)}{\sum_n \exp(\beta x_n)} \right)", r"J_{ij}", "holds"),  # noqa: E501
        (SHARES, r"\mathbf{y}^\top \mathbf{y}", r"\sum_n y_n^2", "holds"),
        (SHARES, r"\frac{\exp(\beta x_i)}{\exp(\beta x_j)}", r"\exp(\beta (x_i - x_j))", "holds"),
        (SHARES, r"q", "1", "undecided"),
        (SHARES, r"9^{9^{9^9}}", "1", "undecided"),
        (SHARES, r"((((9^8)^8)^8)^8)^8", "1", "undecided"),
        (SHARES, r"\sum_{n=1}^{999999999999} x_1", "1", "undecided"),
        (SHARES, r"\frac{1}{0}", "1", "undecided"),
    ],
)  # fmt: skip
def test_equalities_are_decided(context, left: str, right: str, verdict: str) -> None:
    decision = decide(parse(left), parse(right), context)
    assert decision.verdict == verdict, decision
    assert bool(decision.complaint) == (verdict != "holds")


def test_a_counterexample_is_small_and_says_its_size() -> None:
    left, right = parse(r"\frac{\partial y_i}{\partial x_j}"), parse(r"-\beta y_i y_j")
    decision = decide(left, right, SHARES)
    assert decision.complaint.endswith("at K = 1, i = 1, j = 1, with beta = 1")
    assert (decision.counterexample["left"], decision.counterexample["right"]) == ("0", "-1")
    apart = context_of(SHARES.setting, parse_condition(r"i \neq j"))
    assert decide(left, right, apart).holds


@pytest.mark.parametrize(
    ("context", "rule", "left", "right"),
    [
        (
            AFFINE,
            "chain rule",
            r"\frac{\partial C}{\partial b_1}",
            r"\frac{\partial C}{\partial y_1} \frac{\partial y_1}{\partial b_1}"
            r" - \frac{\partial C}{\partial y_2} \frac{\partial y_2}{\partial b_1}",
        ),
        (AFFINE, "substitution", r"\frac{\partial y_2}{\partial b_1} x_1", r"-0 x_1"),
        (SHARES, "quotient rule", r"\exp(\beta x_i) \exp(\beta x_j)", r"\exp(\beta (x_i + x_j))"),
        (AFFINE, "algebra", r"\frac{\partial C}{\partial b_1}", r"\frac{\partial C}{\partial y_1}"),
        (AFFINE, "definition", r"\mathbf{y}", r"\mathbf{b} + \mathbf{W} \mathbf{x}"),
        (SCALED, "linearity", r"\frac{\partial C_2}{\partial b_i}", r"3 \frac{\partial C}{\partial y_i}"),
    ],
)
def test_a_true_line_must_follow_by_its_rule(context, rule: str, left: str, right: str) -> None:
    assert decide(parse(left), parse(right), context).holds
    decision = decide(parse(left), parse(right), context, rule=rule)
    assert not decision.holds
    assert rule in decision.complaint


def _slope(of: str, by: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


ZERO_1, ZERO_2 = _slope("y_1", "b_2"), _slope("y_2", "b_1")
COST_1, COST_2 = _slope("C", "y_1"), _slope("C", "y_2")
ROW = r"\begin{pmatrix} x_1 & x_2 \end{pmatrix}"
SQUARE = context_of(replace(AFFINE.setting, sizes=({"m": 2, "n": 2}, {"m": 1, "n": 1})))


@pytest.mark.parametrize(
    ("context", "left", "right"),
    [
        (AFFINE, f"{ZERO_1} + {ZERO_2}", "0"),
        (AFFINE, f"{ZERO_1} - {ZERO_2}", "0"),
        (AFFINE, f"-{ZERO_1} - {ZERO_2}", "-0"),
        (AFFINE, f"{ZERO_1} + {ZERO_2}", "0 + 0"),
        (AFFINE, f"{ZERO_1} - {ZERO_2}", "0 - 0"),
        (AFFINE, "0", f"{ZERO_1} + {ZERO_2}"),
        (AFFINE, f"x_1 {ZERO_1} + 3 x_2 {ZERO_2} + b_1", "0 + b_1"),
        (AFFINE, f"{COST_1} ({ZERO_1} + {ZERO_2})", rf"{COST_1} \cdot 0"),
        (AFFINE, f"{COST_1} ({ZERO_1} + {ZERO_2}) - {COST_2} {ZERO_2}", rf"{COST_1} \cdot 0 - {COST_2} \cdot 0"),
        (AFFINE, f"(x_1 + x_2) {ZERO_1}", "0"),
        (AFFINE, f"(x_1 - x_2) {ZERO_1} {COST_1}", rf"0 \cdot {COST_1}"),
        (AFFINE, f"3 {ZERO_1}", "0"),
        (AFFINE, ROW + rf"\begin{{pmatrix}} {ZERO_1} \\ {ZERO_2} \end{{pmatrix}}", "0"),
        (SQUARE, rf"\sum_{{k=1, k \neq i}}^m {_slope('y_k', 'b_i')}", "0"),
        (SQUARE, rf"\sum_{{k=1, k \neq i}}^m {_slope('y_k', 'b_i')} x_j", "0"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rule", ["substitution", "differentiation"])
def test_zeros_are_added_up(context, left: str, right: str, rule: str) -> None:
    assert decide(parse(left), parse(right), context, rule=rule).complaint == ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (f"{ZERO_1} + {ZERO_2}", "0 - 0"),
        (f"{ZERO_1} - {ZERO_2}", "0 + 0"),
        (f"{ZERO_1} + {ZERO_2}", "-0"),
        (ZERO_1, "-0"),
        (f"b_1 + {ZERO_1} + {ZERO_2}", "b_1"),
        (f"b_1 + {ZERO_1} + {ZERO_2}", "b_1 - 0"),
        (f"{COST_1} {ZERO_1} + {COST_2} {ZERO_2}", rf"{COST_1} \cdot 0"),
        (f"{COST_1} {ZERO_1} + {COST_2} {ZERO_2}", rf"{COST_1} \cdot 0 - {COST_2} \cdot 0"),
        (f"{COST_2} {ZERO_2}", rf"{COST_2} \cdot 0 + {COST_2} \cdot 0"),
        (f"{COST_1} ({ZERO_1} + {ZERO_2})", "0"),
    ],
)
def test_no_zero_drops_out_or_changes_its_sign_unseen(left: str, right: str) -> None:
    assert decide(parse(left), parse(right), AFFINE).holds
    decision = decide(parse(left), parse(right), AFFINE, rule="substitution")
    assert "does not follow by substitution: a derivative that is 0 drops out, comes in or" in decision.complaint
    assert "0 = " not in decision.complaint


CENTERED = context_of(
    Setting(
        symbols={"x": ("n",), "a": ()},
        functions={"C": "z"},
        definitions=(
            Definition(left="m", right=r"\frac{1}{n} \sum_{k=1}^n x_k"),
            Definition(left="z_i", right="x_i - m", shape=("n",)),
        ),
        sizes=({"n": 2}, {"n": 1}, {"n": 3}),
    )
)
ZERO_A = _slope("z_i", "a")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (_slope("z_i", "x_j"), _slope(r"( x_i - \frac{1}{n} \sum_{k=1}^n x_k )", "x_j")),
        (
            rf"\sum_{{k=1}}^n {_slope('C', 'z_k')} {_slope('z_k', 'x_j')}",
            rf"\sum_{{k=1}}^n {_slope('C', 'z_k')} ( \delta_{{kj}} - \frac{{1}}{{n}} )",
        ),
        (
            rf"\sum_{{k=1}}^n {_slope('C', 'z_k')} {_slope('z_k', 'x_j')}",
            rf"\sum_{{k=1}}^n {_slope('C', 'z_k')} \frac{{n \delta_{{kj}} - 1}}{{n}}",
        ),
    ],
)
def test_a_slope_may_be_a_delta_and_more(left: str, right: str) -> None:
    assert decide(parse(left), parse(right), CENTERED, rule="substitution").complaint == ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (rf"{_slope('z_i', 'x_j')} + {ZERO_A}", _slope("z_i", "x_j")),
        (rf"{_slope('z_i', 'x_j')} + {ZERO_A}", rf"{_slope('z_i', 'x_j')} - {ZERO_A}"),
        (rf"{_slope('z_i', 'x_j')} + {ZERO_A}", r"\delta_{ij} - \frac{1}{n}"),
    ],
)
def test_beside_a_delta_no_zero_drops_out_unseen(left: str, right: str) -> None:
    assert decide(parse(left), parse(right), CENTERED).holds
    assert not decide(parse(left), parse(right), CENTERED, rule="substitution").holds


EVERY = {"n": 2, "m": 2, "k": 2}, {"n": 1, "m": 1, "k": 1}, {"n": 3, "m": 1, "k": 2}, {"n": 2, "m": 3, "k": 1}
BATCH = context_of(
    Setting(
        symbols={"X": ("n", "k"), "W": ("m", "k"), "b": ("m",)},
        functions={"C": "Y"},
        definitions=(Definition(left="Y_{ij}", right=r"\sum_{l=1}^k x_{il} w_{jl} + b_j", shape=("n", "m")),),
        sizes=EVERY,
    )
)
BETWEEN = context_of(
    Setting(
        symbols={"A": ("n", "m"), "X": ("m", "k"), "B": ("k", "n"), "u": ("n",)},
        functions={"C": "Y"},
        definitions=(Definition(left=r"\mathbf{Y}", right=r"\mathbf{A} \mathbf{X} \mathbf{B}", shape=("n", "n")),),
        sizes=EVERY,
    )
)
ROWS = context_of(
    Setting(
        symbols={"X": ("n", "k"), "s": ()},
        functions={"C": "Y"},
        definitions=(
            Definition(left="Y_{ij}", right=r"\frac{\exp(s x_{ij})}{\sum_{l=1}^k \exp(s x_{il})}", shape=("n", "k")),
        ),
        sizes=EVERY,
    )
)
UPSTREAM = r"\frac{\partial C}{\partial \mathbf{Y}}"


@pytest.mark.parametrize(
    ("context", "left", "right"),
    [
        (BATCH, r"\frac{\partial C}{\partial \mathbf{W}}", rf"{UPSTREAM}^\top \mathbf{{X}}"),
        (BATCH, r"\frac{\partial C}{\partial \mathbf{X}}", rf"{UPSTREAM} \mathbf{{W}}"),
        (BATCH, r"\frac{\partial C}{\partial w_{ij}}", r"\sum_{l=1}^n \frac{\partial C}{\partial Y_{li}} x_{lj}"),
        (BATCH, r"\frac{\partial C}{\partial b_i}", r"\sum_{l=1}^n \frac{\partial C}{\partial Y_{li}}"),
        (BETWEEN, r"\frac{\partial C}{\partial \mathbf{X}}", rf"\mathbf{{A}}^\top {UPSTREAM} \mathbf{{B}}^\top"),
        (BETWEEN, r"\frac{\partial C}{\partial \mathbf{X}}", rf"\mathbf{{A}}^\top ({UPSTREAM} \mathbf{{B}}^\top)"),
        (BETWEEN, r"\frac{\partial C}{\partial \mathbf{A}}", rf"{UPSTREAM} (\mathbf{{X}} \mathbf{{B}})^\top"),
        (BETWEEN, r"\mathbf{Y}^\top \mathbf{u}", r"\mathbf{B}^\top (\mathbf{X}^\top (\mathbf{A}^\top \mathbf{u}))"),
        (BETWEEN, r"\sum_{i=1}^n \sum_{j=1}^m u_i a_{ij}", r"\sum_{j=1}^m \sum_{i=1}^n a_{ij} u_i"),
        (BETWEEN, r"\sum_{i=1}^n \sum_{j=1}^n u_i u_j", r"(\sum_{i=1}^n u_i)^2"),
        (BETWEEN, r"\sum_{i=1}^n \sum_{j=1}^n u_j", r"n \sum_{i=1}^n u_i"),
        (
            ROWS,
            r"\frac{\partial C}{\partial x_{ij}}",
            r"s Y_{ij} (\frac{\partial C}{\partial Y_{ij}} - \sum_{l=1}^k \frac{\partial C}{\partial Y_{il}} Y_{il})",
        ),
        (
            ROWS,
            r"\frac{\partial C}{\partial s}",
            r"\sum_{i=1}^n \sum_{j=1}^k \frac{\partial C}{\partial Y_{ij}} Y_{ij} (x_{ij} - \sum_l Y_{il} x_{il})",
        ),
    ],
)  # fmt: skip
def test_sums_of_sums_are_decided_for_all_sizes(context, left: str, right: str) -> None:
    """As they come with a cost of a matrix, whose slopes are summed over rows and columns."""
    decision = decide(parse(left), parse(right), context)
    assert decision.complaint == ""
    assert [one.kind for one in decision.decisions] == ["sizes", "all sizes"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\sum_{i=1}^n \sum_{j=1}^n u_i v_j a_{ij}", r"\sum_{i=1}^n \sum_{j=1}^n u_j v_i a_{ij}"),
        (r"\sum_{i=1}^n \sum_{j=1}^n u_j", r"\sum_{j=1}^n u_j"),
        (r"\sum_{i=1}^n \sum_{j=1}^n u_i u_j", r"\sum_{i=1}^n u_i^2"),
    ],
)
def test_sums_that_differ_from_a_size_on_are_not_one_for_all_sizes(left: str, right: str) -> None:
    """At the one size that is looked at they agree."""
    setting = Setting(symbols={"u": ("n",), "v": ("n",), "A": ("n", "n")}, definitions=(), sizes=({"n": 1},))
    decision = decide(parse(left), parse(right), context_of(setting))
    assert (decision.verdict, decision.complaint.partition(":")[0]) == ("undecided", "not shown for all sizes")


def test_a_condition_that_no_size_meets_decides_nothing() -> None:
    alone = replace(SHARES.setting, written_out={"K": 1})
    context = context_of(alone, parse_condition(r"i \neq j"))
    assert decide(parse("x_i x_1 + y_j"), parse("x_j"), context).verdict == "undecided"


def test_our_chain_rule_is_sympys() -> None:
    """For a cost of our choice, SymPy differentiates C(y(W)) itself."""
    size = {"m": sp.Integer(2), "n": sp.Integer(3)}
    meaning = meaning_of(AFFINE, size, ALL)
    y = [meaning.element("y", (sp.Integer(k),)) for k in (1, 2)]
    y1, y2 = sp.symbols("y1 y2")
    cost = y1**3 * y2 + sp.sin(y2)
    gradient = {sp.IndexedBase("dC/dy")[k]: cost.diff(s).subs({y1: y[0], y2: y[1]}) for k, s in ((1, y1), (2, y2))}
    for i in (1, 2):
        for j in (1, 2, 3):
            ours = meaning.value(parse(f"\\frac{{\\partial C}}{{\\partial w_{{{i}{j}}}}}"), {}).subs(gradient)
            theirs = cost.subs({y1: y[0], y2: y[1]}).diff(sp.IndexedBase("W")[i, j])
            assert sp.expand(ours - theirs) == 0


# ---------------------------------------------------------------- names of ours, and SymPy's


def test_no_function_of_ours_has_a_name_that_sympy_or_mpmath_knows() -> None:
    """SymPy evaluates a function by what mpmath has under the name of its class: a constant `E` never returned."""
    ours = {kind.__name__ for kind in _below(sp.Basic) if kind.__module__.startswith("autograder.")}
    assert ours
    assert ours & {*dir(sp), *dir(mpmath), *MPMATH_TRANSLATIONS} == set()


def _below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def test_exponentials_of_numbers_have_their_values() -> None:
    assert abs(Exponential(sp.Integer(-1)).evalf(30) - sp.exp(-1).evalf(30)) < 1e-29
    setting = replace(SHARES.setting, definitions=())
    left = parse(r"\frac{x_n}{(\exp(-1) + 1)^2}")
    assert decide(left, parse(r"\frac{x_n \exp(2)}{1 + 2 \exp(1) + \exp(2)}"), context_of(setting)).holds
    differs = decide(left, parse("x_n"), context_of(setting))
    assert differs.complaint == "left 0.534447, right 1 at K = 1, n = 1, with x_1 = 1"


NAMES = (*"CEINOQS", "beta", "gamma")


@pytest.mark.parametrize("name", NAMES)
def test_a_symbol_may_have_any_name(name: str) -> None:
    """As a number, an index, a vector, a matrix, a cost and what a question defines."""
    a = rf"\{name}" if len(name) > 1 else name
    number = context_of(Setting(symbols={name: (), "x": ("K",)}, definitions=(), sizes=({"K": 1}, {"K": 2})))
    assert decide(parse(f"({a} + x_k)^2 - {a}^2"), parse(f"x_k (2 {a} + x_k)"), number).holds
    assert decide(parse(rf"\exp({a} + x_k)"), parse(rf"\exp(x_k) \exp({a})"), number).holds
    assert decide(parse(a), parse("1"), number).complaint == f"left 2, right 1 at K = 1, with {name} = 2"
    assert decide(parse(f"x_{a}"), parse("1"), number).complaint.endswith(f"at K = 1, {name} = 1, with x_1 = 2")
    affine = Setting(
        symbols={name: ("m", "n"), "x": ("n",)},
        definitions=(Definition(left=r"\mathbf{y}", right=rf"\mathbf{{{a}}} \mathbf{{x}}", shape=("m",)),),
        functions={"F": "y"},
        sizes=({"m": 1, "n": 2}, {"m": 2, "n": 1}),
    )
    slope = parse(rf"\frac{{\partial F}}{{\partial {a}_{{ij}}}}")
    assert decide(slope, parse(r"\frac{\partial F}{\partial y_i} x_j"), context_of(affine)).holds
    assert decide(slope, parse(r"\frac{\partial F}{\partial y_i}"), context_of(affine)).verdict == "differs"
    cost = replace(AFFINE.setting, functions={name: "y"})
    slope = parse(rf"\frac{{\partial {a}}}{{\partial \mathbf{{b}}}}")
    assert decide(slope, parse(rf"\frac{{\partial {a}}}{{\partial \mathbf{{y}}}}^\top"), context_of(cost)).holds
    defined = Setting(
        symbols={"x": ("K",)},
        definitions=(Definition(left=f"{a}_k", right=r"\exp(x_k)", shape=("K",)),),
        sizes=({"K": 1}, {"K": 2}),
    )
    assert decide(parse(rf"\frac{{\partial {a}_k}}{{\partial x_k}}"), parse(f"{a}_k"), context_of(defined)).holds
