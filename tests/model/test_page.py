"""What an author writes becomes the engine's records: words, shapes, mistakes, text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.errors import AssignmentError
from autograder.model import (
    DIAGONAL,
    OFF_DIAGONAL,
    award,
    between,
    choice,
    derivations,
    either_sign,
    family,
    gradient,
    inside,
    labels,
    negative,
    notation,
    nudged,
    one_of,
    part,
    positive,
    question,
    setting,
    some_of,
    spread,
    then,
    usual,
    value,
)
from autograder.model.differences import compared
from autograder.model.draws import numbers, size_of
from autograder.model.magnitudes import magnitude_of
from autograder.model.roundings import rough

CASES = {"asked": (family("three", "n = 3", n=3),)}


def doubled(xp: Any, x: Any) -> Any:
    return 2 * x


def double(x: Any, g: Any) -> Any:
    """Double."""
    return 2 * g


def made(**changes: Any) -> Any:
    words: dict[str, Any] = {
        "answers": [gradient("dx", of="x", points={"asked": 1, "general": 1})],
        "cases": CASES,
        "shapes": {"x": "n", "g": "n"},
        "upstream": "g",
        **changes,
    }
    return question("q1", title="t", prompt="p", parts=[part(double, doubled, **words)]).parts[0]


def test_kinds_of_cases_that_nobody_wrote_are_supplied() -> None:
    families = {one.name: one for one in made().families}
    assert {one.layout for one in families.values()} == {"plain", "strided", "read_only"}
    assert [one for one in families.values() if not one.hidden] == [families["public"]]
    assert families["again"].same_as == "three"
    rng = np.random.default_rng(0)
    drawn = {name: one.draw(rng).inputs for name, one in families.items()}
    assert drawn["one_n"]["x"].shape == (1,)
    assert drawn["large"]["x"].size > 10
    kinds = {name: (given["x"].dtype.kind, given["g"].dtype.kind) for name, given in drawn.items()}
    assert (*(kinds[f"integer_{name}"] for name in "xg"), kinds["integers"]) == (("i", "f"), ("f", "i"), ("i", "i"))


def test_what_an_author_wrote_is_not_supplied_again() -> None:
    mine = (
        family("small", "n = 1", n=1),
        family("whole", "integers", whole="x g"),
        family("gaps", "strided", layout="strided"),
        family("locked", "read-only", layout="read_only", n=12),
        family("more", "again", same_as="small"),
    )
    families = [one.name for one in made(cases={**CASES, "general": mine, "shown": CASES["asked"][:0]}).families]
    assert families == ["three", "small", "whole", "gaps", "locked", "more"]


def test_numbers_are_in_general_position() -> None:
    for seed in range(20):
        for whole in (False, True):
            drawn = numbers(np.random.default_rng(seed), (3, 4), whole=whole)
            assert drawn.min() < 0 < drawn.max()
            assert len(set(np.abs(drawn).flat)) == 12
            assert (drawn != 0).all()


def test_labels_switches_and_positive_numbers_are_drawn() -> None:
    rng, sizes = np.random.default_rng(0), {"B": 50, "K": 3}
    drawn = labels("B", below="K").draw(rng, (50,), sizes)
    assert set(drawn) == {0, 1, 2}
    assert {choice("sum", "mean").draw(rng, (), sizes) for _ in range(20)} == {"sum", "mean"}
    assert (positive("B").draw(rng, (50,), sizes) > 0).all()


@pytest.mark.parametrize(("words", "size"), [("n", 7), ("3", 3), ("n-k+1", 6), ("2*n", 14), ("n//k", 3)])
def test_a_dimension_is_worked_out(words: str, size: int) -> None:
    assert size_of(words, {"n": 7, "k": 2}) == size


@pytest.mark.parametrize("words", ["m", "n-", "n**9", "f(n)", "n.real"])
def test_a_dimension_that_is_none_is_named(words: str) -> None:
    with pytest.raises(AssignmentError, match="dimension"):
        size_of(words, {"n": 7})


def test_a_mistake_in_one_answer_leaves_the_others_right() -> None:
    def both(x: Any, s: float = 3.0) -> Any:
        """Answer twice."""
        return s * x, x

    answers = [
        value("a", points={"asked": 1, "general": 1}, mistakes={"plus": (lambda x, s: x + s, "Times, not plus.")}),
        value("b", points={"asked": 1, "general": 1}, mistakes={"sign": (then(np.negative), "The sign is lost.")}),
    ]
    made_of = question("q", title="t", prompt="p", parts=[part(both, doubled, answers, CASES, shapes={"x": "n"})])
    plus, sign = made_of.parts[0].misconceptions
    assert plus.function(np.array([5.0]), 2.0)[0] == 7
    assert plus.function(np.array([5.0])) == (8, 5)
    assert sign.function(np.array([5.0])) == (15, -5)


def test_answers_in_a_dict_are_told_apart_by_name() -> None:
    def both(x: Any) -> Any:
        """Answer twice."""
        return {"b": -x, "a": 2 * x}

    answers = [value("a", points={"asked": 1}, mistakes={"sign": (then(np.negative), "The sign.")})]
    answers.append(value("b", points={"asked": 1}, mistakes={"one": (lambda x: x, "The sign.")}))
    words = part(both, doubled, answers, CASES, shapes={"x": "n"}, as_dict=True)
    made_of = question("q", title="t", prompt="p", parts=[words])
    sign, one = made_of.parts[0].misconceptions
    assert (sign.function(5.0), one.function(5.0)) == ({"a": -10.0, "b": -5.0}, {"a": 10.0, "b": 5.0})
    a, b = made_of.parts[0].outputs
    assert (a.magnitude({"x": 3.0}, np.array(6.0)), b.magnitude({"x": 3.0}, np.array(-3.0))) == (6, 3)
    assert made_of.slopes[0].place == "a"


def test_criteria_are_called_by_question_answer_and_group() -> None:
    whole = made(answers=[gradient("dx", of="x", title="slope", points={"asked": award(3, "all", "asked general")})])
    (criterion,) = whole.criteria
    assert (criterion.id, criterion.title, criterion.points) == ("q1.dx", "all", 3)
    assert {"three", "large"} <= set(criterion.families)
    first, second = made().criteria
    assert (first.id, second.id) == ("q1.dx", "q1.dx.general")
    assert second.title == "dx for other sizes and kinds of input"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"answers": [gradient("dx", of="x", points={"sometimes": 1})]}, "'sometimes', which is not a group"),
        ({"cases": {"asked": (family("a", "t", k=3),)}}, "'k' is not a dimension"),
        ({"cases": {"asked": (family("a", "t", whole="z"),)}}, "'z' is not a dimension"),
        ({"cases": {"asked": (family("a", "t", same_as="b"),)}}, "the same as 'b', which is not a family"),
        ({"mistakes": {"m": (then(np.negative), "h")}}, "then(.*) changes one answer"),
    ],
)
def test_a_word_that_names_nothing_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(AssignmentError, match=says):
        made(**changes)


def test_a_cost_that_is_not_there_is_named() -> None:
    with pytest.raises(AssignmentError, match="family 'a': no cost 'cubic'; there are quadratic"):
        family("a", "t", cost="cubic")


def test_terms_that_cancel_make_the_magnitude() -> None:
    def summed(x: Any, w: Any) -> Any:
        return x @ w

    size = magnitude_of(summed, 0, ("s",), ())
    x = np.array([1.0, 1.0])
    assert size({"x": x, "w": np.array([2.0, 3.0])}, np.array(5.0)) == 5
    assert size({"x": x, "w": np.array([1e8, -1e8])}, np.array(0.0)) == pytest.approx(2e8)


def _saturated(z: Any) -> Any:
    return 1 - np.tanh(z) ** 2


def _shares(z: Any) -> Any:
    e = np.exp(z - z.max())
    return e / e.sum()


def _in_place(z: Any, steps: int) -> Any:
    found = np.zeros(len(z))
    for _ in range(steps):
        found += z * z
    return found - steps * z * z


def _plain_only(z: Any) -> Any:
    assert type(z) is np.ndarray
    return z + 1


def test_a_magnitude_knows_what_cancels_inside() -> None:
    z = np.array([9.0, -7.5, 1.0])
    size = magnitude_of(_saturated, 0, ("s",), ())({"z": z}, _saturated(z))
    assert (size > 0.3).all()
    assert (size < 10).all()
    whole = magnitude_of(_saturated, 0, ("s",), ())({"z": np.array([9, -7, 1])}, _saturated(z))
    assert (whole > 0.3).all()
    inside = magnitude_of(_in_place, 0, ("s",), ())({"z": z, "steps": 3}, np.zeros(3))
    assert (inside > 50).all()


def test_a_magnitude_is_the_answers_own_size_where_nothing_cancels() -> None:
    z = np.array([0.5, -0.5, 1.0, 1.0])
    for function in (_shares, _plain_only):
        truth = np.asarray(function(z))
        assert (magnitude_of(function, 0, ("s",), ())({"z": z}, truth) == np.abs(truth)).all()


def test_a_maximum_stays_where_it_is_though_operations_are_off() -> None:
    x = rough(np.array([2.0, 5.0, 5.0]), np.random.default_rng(0))
    assert np.asarray(np.maximum(x, 5.0)).tolist() == [5, 5, 5]
    assert np.asarray(x == x.max()).tolist() == [False, True, True]
    off = np.asarray(x * 1.0) / np.asarray(x) - 1
    assert (np.abs(off) > 1e-7).all()
    assert (np.abs(off) < 1e-5).all()


def moved(xp: Any, x: Any, shift: Any, word: Any, n: Any) -> Any:
    return xp.roll(x, int(shift)) * n if word == "on" else x


def move(x: Any, g: Any, shift: int, word: str, n: int) -> Any:
    """Move."""
    return np.roll(g, -shift) * n if word == "on" else g


def test_a_family_gives_whole_numbers_words_and_sizes_to_parameters() -> None:
    cases = {
        "asked": (family("large", "t", n=4, shift=-2, word="on"), family("off", "t", n=3, shift=1, word="off")),
        "shown": (family("public", "t", n=2, shift=1, word="on"),),
    }
    words = part(
        move, moved, [gradient("dx", of="x", points={"asked": 1, "general": 1})], cases,
        shapes={"x": "n", "g": "n"}, upstream="g",
    )  # fmt: skip
    (one,) = question("q", title="t", prompt="p", parts=[words]).parts
    rng = np.random.default_rng(0)
    drawn = {each.name: each.draw(rng).inputs for each in one.families}
    given = {name: tuple(inputs[word] for word in ("shift", "word", "n")) for name, inputs in drawn.items()}
    assert (given["large"], given["off"], given["one_n"]) == ((-2, "on", 4), (1, "off", 3), (-2, "on", 1))
    assert given["large_too"][2] > 10


def test_a_dimension_may_be_reckoned_from_a_parameter() -> None:
    words = part(
        lambda x, g, step: g, lambda xp, x, step: x[:: int(step)],
        [gradient("dx", of="x", points={"asked": 1, "general": 1})],
        {"asked": (family("two", "t", n=7, step=2),)},
        shapes={"x": "n", "g": "(n-1)//step+1"}, sizes={"n": 5, "step": 1}, upstream="g",
    )  # fmt: skip
    (one,) = question("q", title="t", prompt="p", parts=[words]).parts
    inputs = next(each for each in one.families if each.name == "two").draw(np.random.default_rng(0)).inputs
    assert (inputs["step"], inputs["g"].shape) == (2, (4,))


TEXT = r"""
# First
% assume: one
%   and two.
y_i
= \frac{1}{2}
  x_i  % definition of the module,
       % in full.
= \pdv{a_i}{\mathbf{b}}  % chain rule: over \% all.

##! Second, for $i \neq j$
% for: i \neq j
% symbol: c
% column: b
a = b  % that is no side
= c  % algebra: done.
"""


def test_derivations_are_read() -> None:
    with pytest.raises(AssignmentError, match="line 15: the left side needs no reason"):
        derivations(TEXT)
    first, second = derivations(TEXT.replace("a = b  % that is no side", "a"))
    assert (first.title, first.left, first.assumes, first.general, first.result) == (
        "First", "y_i", ("one and two.",), False, False
    )  # fmt: skip
    assert [(step.latex, step.rule, step.reason) for step in first.steps] == [
        (r"\frac{1}{2} x_i", "definition", "Definition of the module, in full."),
        (r"\frac{\partial a_i}{\partial \mathbf{b}}", "chain rule", r"Chain rule: over \% all."),
    ]
    assert (second.condition, second.symbols, second.columns) == (r"i \neq j", {"c": ()}, ("b",))
    assert (second.general, second.result) == (True, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n= b  % algebra: x.", "line 1: 'a' stands below no heading"),
        ("# T\na\n= b", "derivation 'T': no reason after 'b'"),
        ("# T\na\n= b\n= c  % algebra: x.", "line 4: a reason for 'b' is missing"),
        ("# T\n= b  % algebra: x.", "line 2: a left side is missing"),
        ("# T\na\n= b  % algebra: x.\nc", "line 4: 'c' follows a reason"),
        ("# T\na\n= b  %", "no rule"),
        ("# T\n% nonsense\na\n= b  % algebra: x.", "line 2: 'nonsense' belongs to no line above"),
        ("# T\na", "derivation 'T': no equality"),
    ],
)
def test_text_that_is_no_derivation_is_named(text: str, says: str) -> None:
    with pytest.raises(AssignmentError, match=says):
        derivations(text)


def test_notation_is_a_table() -> None:
    x, c = notation("x_i | the input | n | `x` \n c | a number | | `c`")
    assert (x.latex, x.meaning, x.shape, x.code) == ("x_i", "the input", "n", "`x`")
    assert (c.shape, c.code) == ("", "`c`")
    with pytest.raises(AssignmentError, match="notation 'x'"):
        notation("x")


def test_definitions_are_read_from_the_prompt() -> None:
    prompt = r"So $$ y_i = \exp(x_i) $$ and $C_2(\mathbf{y}) = 3\, C(\mathbf{y})$."
    found = setting(prompt, {"x": "n"}, defines={"y_i": "n", "C_2": ""}, functions={"C": "y"}, sizes=[{"n": 2}])
    assert [(one.left, one.right, one.shape) for one in found.definitions] == [
        ("y_i", r"\exp(x_i)", ("n",)),
        ("C_2", "3 C", ()),
    ]
    with pytest.raises(AssignmentError, match="no formula of the prompt begins with 'z_i ='"):
        setting(prompt, defines={"z_i": "n"})


def test_definitions_may_share_a_display() -> None:
    prompt = r"""$$m = \frac{1}{n} \sum_{k=1}^n x_k, \qquad z_i = x_i - m \quad \text{for all } i.$$
    $$r_i = \begin{cases} z_i & \quad z_i > 0 \\ 0 & \quad z_i \le 0 \end{cases} \quad s = m^2$$"""
    found = setting(prompt, {"x": "n"}, defines={"m": "", "z_i": "n", "r_i": "n", "s": ""}, sizes=[{"n": 2}])
    assert [one.right for one in found.definitions] == [
        r"\frac{1}{n} \sum_{k=1}^n x_k",
        "x_i - m",
        r"\begin{cases} z_i & z_i > 0 \\ 0 & z_i \le 0 \end{cases}",
        "m^2",
    ]


def test_words_of_an_author_s_own_are_written_out() -> None:
    text = r"""
    \newcommand{\part}{\frac{a}{\whole}}
    \newcommand{\whole}{b + c}
    # T
    a
    = \part + \partial  % algebra: x."""
    (one,) = derivations(text.replace(r"{\frac{a}{\whole}}", r"{\frac{a}{b}}"))
    assert one.steps[0].latex == r"\frac{a}{b} + \partial"
    with pytest.raises(AssignmentError, match="line 5: 'odd' stands below no heading"):
        derivations("\n" + r"\newcommand{\odd}{o}" + "\n\n\nodd")


def test_numbers_are_drawn_by_sign_range_and_kind() -> None:
    rng = np.random.default_rng(0)
    size = one_of(between(1, 2), between(10, 11))
    assert {int(negative(size)(rng)) // 9 for _ in range(50)} == {-1, -2}
    assert {np.sign(either_sign(size)(rng)) for _ in range(50)} == {-1, 1}
    far = spread("n", shift=40.0, twice=2).draw(rng, (7,), {})
    assert len(far) == 7
    assert np.diff(np.unique(far)).min() > 0.3
    assert sorted(far)[-1] == sorted(far)[-2] > sorted(far)[-3] == sorted(far)[-4]
    assert set(some_of("n", 1, 2, 5).draw(rng, (3,), {})) == {1, 2, 5}


def test_a_family_may_give_an_input_of_its_own() -> None:
    mine = (family("given", "t", n=4, x=some_of("n", 3, 4, 5, 6)), family("fixed", "t", x=7.0))
    given, fixed, *_ = made(cases={"asked": mine}).families
    assert set(given.draw(np.random.default_rng(0)).inputs["x"]) == {3, 4, 5, 6}
    assert fixed.draw(np.random.default_rng(0)).inputs["x"] == 7.0


def _right(u: Any, rate: float) -> Any:
    return rate * np.outer(u, u) + np.eye(len(u))


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("negated", lambda u, rate: -_right(u, rate)),
        ("no_rate", lambda u, _: _right(u, 1.0)),
        ("rate_absolute", lambda u, rate: _right(u, abs(rate))),
        ("rate_negated", lambda u, rate: _right(u, -rate)),
        ("rate_squared", lambda u, rate: _right(u, rate**2)),
        ("rate_truncated", lambda u, rate: _right(u, int(rate))),
        ("dtype_of_u", lambda u, rate: _right(u, rate).astype(int)),
        ("upper_triangle", lambda u, rate: np.triu(_right(u, rate))),
        ("diagonal_only", lambda u, rate: np.diag(np.diag(_right(u, rate)))),
        ("diagonal_as_vector", lambda u, rate: np.diag(_right(u, rate))),
        ("sorted", lambda u, rate: np.sort(_right(u, rate))),
    ],
)
def test_mistakes_of_any_homework_have_a_word(word: str, wrong: Any) -> None:
    found = _mistake(usual("right", word), word)
    given = np.array([3, -2]), -1.5
    assert np.array_equal(found.function(*given), wrong(*given))
    assert "{" not in found.hint


def _mistake(mistakes: Any, name: str) -> Any:
    answer = value("a", points={"asked": 1}, mistakes=mistakes)
    words = part(_right, doubled, [answer], CASES, shapes={"u": "n", "x": "n"})
    (made_of,) = question("q", title="t", prompt="p", parts=[words]).parts
    return next(one for one in made_of.misconceptions if one.name == name)


def test_a_usual_mistake_that_is_none_is_named() -> None:
    with pytest.raises(AssignmentError, match="usual mistake 'odd': not known; there are sorted"):
        usual("f", "odd")


def test_a_mistake_may_concern_a_region_alone() -> None:
    x = np.array([3.0, -2.0])
    on = _mistake({"on": (inside(DIAGONAL, lambda x, _: x), "Why?")}, "on").function(x, 2.0)
    assert np.array_equal(on, [[3, -12], [-12, -2]])
    off = _mistake({"off": (inside(OFF_DIAGONAL, lambda x, _: 0.0 * x), "Why?")}, "off").function(x, 2.0)
    assert np.array_equal(off, [[19, 0], [0, 9]])


def test_finite_differences_are_a_jacobian() -> None:
    found = nudged(lambda x, rate: rate * x**2)(np.array([1.0, 2.0]), 3.0)
    assert found == pytest.approx(np.diag([6.0, 12.0]))


@pytest.mark.parametrize(
    ("answer", "complaints"),
    [
        ([0.25, 0.75], []),
        ([[0.25], [0.75]], []),
        ([[0.5, 0.5], [1.0, 0.0]], []),
        ([0.25, 0.5], ["The numbers that f returns sum to 0.75, not to 1."]),
        ([[0.5, 0.5], [1.0, 0.5]], ["Row 1 of f sums to 1.5; each row should sum to 1."]),
        ([1.5, -0.5], ["f returns -0.5; no number should be negative."]),
        (
            [float("nan"), 0.0],
            ["The numbers that f returns sum to nan, not to 1.", "f returns nan; no number should be negative."],
        ),
    ],
)
def test_what_must_be_true_of_an_answer_is_said(answer: Any, complaints: list[str]) -> None:
    said = {"part": "f", "outputs": [("y", "value", "")], "takes": ["x"], "defaults": {}, "sums": {"y": 1.0}}
    said |= {"as_dict": False}
    said |= {"least": {"y": 0.0}, "through": "f", "real": ["x"], "leaves": {}, "objective": "", "upstream": ""}
    assert compared([said], {"f": lambda _: answer}, {"x": np.ones(2)}, {}) == complaints
