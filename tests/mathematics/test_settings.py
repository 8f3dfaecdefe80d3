"""A written answer is judged by its question's own setting: other letters, numbers and shapes, other findings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.grading.written import asked
from autograder.model import Assignment, Definition, Derivation, Question, Setting, Step
from autograder.sandbox._prover import job


def findings(questions: tuple[wire.Asked, ...], *pieces: wire.Piece) -> tuple[wire.Finding, ...]:
    """Judge in this process, over the wire both ways."""
    frames: list[bytes] = []
    job.run(wire.encode_paper(wire.Paper(questions=questions, pieces=pieces)), frames.append)
    return wire.decode_findings(frames[-1][4:]).findings


def judged(question: wire.Asked, text: str) -> dict[str, str]:
    """Answers by name, and the lines together."""
    found = findings((question,), wire.Piece(question=question.id, form="latex", text=text))
    said = {one.name: one.mark for one in found if one.kind == "answer" and one.mark != "missing"}
    return said | {"lines": " ".join(one.mark for one in found if one.kind == "line")}


# --------------------------------------------------------------------------------------------------- other questions


def question(setting: Setting, *lefts: str) -> wire.Asked:
    """Ask for some derivatives."""
    step = Step(latex="0", rule="algebra", reason="")
    made = Question(
        id="q7",
        title="",
        prompt="",
        parts=(),
        derivations=tuple(Derivation(title="", left=left, steps=(step,), result=True) for left in lefts),
        gradient_check=lambda functions, inputs: [],
        setting=setting,
    )
    only = Assignment(id="a", title="", course="", term="", due="", questions=(made,), source_sha256="")
    return asked(only)[0]


BATCH = Setting(
    symbols={"A": ("m", "n"), "X": ("n", "k")},
    functions={"L": "Y"},
    definitions=(Definition(left="Y", right="A X", shape=("m", "k")),),
    sizes=({"m": 2, "n": 3, "k": 4}, {"m": 1, "n": 1, "k": 1}, {"m": 3, "n": 1, "k": 2}),
)


def test_a_cost_of_a_matrix_is_read() -> None:
    batch = question(BATCH, r"\frac{\partial L}{\partial A}", r"\frac{\partial L}{\partial X}")
    right = judged(
        batch,
        r"\[\frac{\partial L}{\partial A} = \frac{\partial L}{\partial Y} X^T\]"
        r"\[\frac{\partial L}{\partial X_{ij}} = \sum_k A_{ki} \frac{\partial L}{\partial Y_{kj}}\]"
        r"\[\nabla_X L = A^T \nabla_Y L\]",
    )
    assert right == {"dL/dA": "right", "dL/dX": "right", "lines": "holds holds holds"}
    wrong = judged(
        batch,
        r"\[\frac{\partial L}{\partial A} = X^T \frac{\partial L}{\partial Y}\]"
        r"\[\frac{\partial L}{\partial X} = A^T \frac{\partial L}{\partial Y} X X^T\]",
    )
    assert wrong == {"dL/dA": "wrong", "dL/dX": "wrong", "lines": "fails fails"}


def test_a_jacobian_without_cases_is_an_answer() -> None:
    linear = Setting(
        symbols={"A": ("m", "n"), "u": ("n",), "s": ()},
        definitions=(Definition(left="v_i", right=r"s \sum_{j=1}^n A_{ij} u_j", shape=("m",)),),
        sizes=({"m": 2, "n": 3}, {"m": 3, "n": 2}),
    )
    slope = question(linear, r"\frac{\partial v_i}{\partial u_j}", r"\frac{\partial v_i}{\partial s}")
    text = r"\[\frac{\partial v_i}{\partial u_j} = s A_{ij}\] \[\frac{\partial v_i}{\partial s} = \sum_k A_{ik} u_k\]"
    assert judged(slope, text) == {"dv_i/du_j": "right", "dv_i/ds": "right", "lines": "holds holds"}
    assert judged(slope, text.replace("A_{ij}", "A_{ji}"))["dv_i/du_j"] in {"wrong", "unread"}
    assert judged(slope, text.replace("s A_{ij}", "A_{ij}"))["dv_i/du_j"] == "wrong"


def test_a_number_of_the_setting_that_is_missing_is_named() -> None:
    half = Setting(
        symbols={"u": ("n",), "c": ()},
        functions={"L": "u"},
        definitions=(Definition(left="F", right="7 L"),),
        sizes=({"n": 3}, {"n": 1}),
    )
    asked_ = question(half, r"\frac{\partial F}{\partial u}")
    text = r"\[\frac{\partial F}{\partial u} = -\frac{\partial L}{\partial u}\]"
    found = findings((asked_,), wire.Piece(question="q7", form="latex", text=text))
    (answer,) = [one for one in found if one.kind == "answer"]
    assert answer.detail.startswith("a factor 7 is missing and the sign is wrong: for n = 3")


# ------------------------------------------------------------------------------------------------------ not judged

VECTOR: dict[str, tuple[str, ...]] = {"u": ("n",)}
UNABLE = {
    "a letter that nothing explains": Setting(
        symbols=VECTOR, functions={"L": "v"}, sizes=({"n": 2},),
        definitions=(Definition(left="v", right="Q u", shape=("n",)),),
    ),
    "a formula that is none": Setting(
        symbols=VECTOR, functions={"L": "v"}, sizes=({"n": 2},),
        definitions=(Definition(left="v", right=r"\log(u", shape=("n",)),),
    ),
    "a dimension without a size": Setting(symbols=VECTOR, functions={"L": "u"}, sizes=({"m": 2},), definitions=()),
    "no size": Setting(symbols=VECTOR, functions={"L": "u"}, sizes=(), definitions=()),
    "a huge size": Setting(symbols=VECTOR, functions={"L": "u"}, sizes=({"n": 10**6},), definitions=()),
    "a cost of nothing": Setting(symbols=VECTOR, functions={"L": "v"}, sizes=({"n": 2},), definitions=()),
    "three dimensions": Setting(
        symbols={"u": ("n", "n", "n")}, functions={"L": "u"}, sizes=({"n": 2},), definitions=()
    ),
    "shapes that do not fit": Setting(
        symbols={"u": ("n",), "A": ("n", "m")}, functions={"L": "v"}, sizes=({"n": 2, "m": 3},),
        definitions=(Definition(left="v", right="A u", shape=("n",)),),
    ),
    "definitions that go round": Setting(
        symbols=VECTOR, functions={"L": "v"}, sizes=({"n": 2},),
        definitions=(Definition(left="v", right="z", shape=("n",)), Definition(left="z", right="v", shape=("n",))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", UNABLE)
def test_a_setting_that_cannot_judge_says_so(why: str) -> None:
    unable = question(UNABLE[why], r"\frac{\partial L}{\partial u}")
    text = r"\[\frac{\partial L}{\partial u} = 5\] \[L = 3 L\] \[u = u + u\]"
    found = findings((unable,), wire.Piece(question="q7", form="latex", text=text))
    assert "wrong" not in {one.mark for one in found}
    (answer,) = [one for one in found if one.kind == "answer"]
    assert (answer.mark, answer.detail.partition(":")[0]) == ("unread", "not judged")
    (remark,) = [one for one in found if one.name == "not judged"]
    assert (remark.mark, remark.kind) == ("unread", "remark")


def test_a_question_whose_results_are_no_derivatives_says_so() -> None:
    found = findings(
        (question(BATCH, "Y"),), wire.Piece(question="q7", form="latex", text=r"\[Y = A X\]\[Y_{ij} = 2\]")
    )
    remarks = [(one.kind, one.mark) for one in found if one.kind != "line" and one.name != "count"]
    assert remarks == [("remark", "note"), ("remark", "unread")]


def test_a_matrix_of_any_size_is_a_line() -> None:
    text = r"\[A = \begin{pmatrix} 1 & 2 & 3 & 4 & 5 \end{pmatrix}\]"
    batch = question(BATCH, r"\frac{\partial L}{\partial A}")
    found = findings((batch,), wire.Piece(question=batch.id, form="latex", text=text))
    assert [one.mark for one in found if one.kind == "line"] == ["defined"]


# -------------------------------------------------------------------------------------------------------- the wire

WORDS = st.text(max_size=6)
PAIRS = st.dictionaries(WORDS, WORDS, max_size=4)
SHAPES = st.lists(WORDS, max_size=3).map(tuple)
ASKED = st.builds(
    wire.Asked,
    id=WORDS,
    lefts=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
    symbols=st.dictionaries(WORDS, SHAPES, max_size=4),
    functions=PAIRS,
    definitions=st.lists(st.tuples(WORDS, WORDS, SHAPES), max_size=3).map(tuple),
    sizes=st.lists(st.dictionaries(WORDS, st.integers(0, 2**32 - 1), max_size=3), max_size=3).map(tuple),
    rows=SHAPES,
    spoken=PAIRS,
)
PAPERS = st.builds(
    wire.Paper,
    questions=st.lists(ASKED, max_size=3).map(tuple),
    pieces=st.lists(
        st.builds(wire.Piece, question=WORDS, form=st.sampled_from(["markdown", "latex"]), text=WORDS), max_size=3
    ).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(paper=PAPERS, place=st.integers(0, 2000), byte=st.integers(0, 255), cut=st.booleans())
def test_a_paper_survives_the_wire_and_a_broken_one_is_refused(
    paper: wire.Paper, place: int, byte: int, cut: bool
) -> None:
    data = wire.encode_paper(paper)
    assert wire.decode_paper(data) == paper
    broken = bytearray(data)
    broken[place % len(data)] = byte
    try:
        found = wire.decode_paper(bytes(broken[: place % len(data)] if cut else broken))
    except wire.FrameError:
        return
    assert wire.decode_paper(wire.encode_paper(found)) == found


@settings(max_examples=60, deadline=None)
@given(paper=PAPERS)
def test_any_question_over_the_wire_is_judged_or_not_judged(paper: wire.Paper) -> None:
    text = r"\[\frac{\partial L}{\partial u} = u\] \[a = b + c\]"
    pieces = [replace(piece, text=text) for piece in paper.pieces]
    assert {one.mark for one in findings(paper.questions, *pieces)} <= {*wire.papers.MARKS}


def test_ones_beside_a_cost_of_its_own_are_as_large_as_what_they_meet() -> None:
    error = Setting(
        symbols={"x": ("n",), "t": ("n",)},
        definitions=(Definition(left="E", right=r"\sum_{i=1}^n (x_i - t_i)^2"),),
        sizes=({"n": 2}, {"n": 1}, {"n": 3}),
    )
    asking = question(error, r"\frac{\partial E}{\partial x_j}")
    text = r"\[\frac{\partial E}{\partial \mathbf{x}} = 2 (\mathbf{x} - \mathbf{t}) \odot \mathbf{1}\]"
    assert judged(asking, text) == {"dE/dx_j": "right", "lines": "holds"}
    assert judged(asking, text.replace(r"\mathbf{1}", r"2 \mathbf{1}"))["lines"] == "fails"
    sizes = ({"m": 2, "n": 3}, {"m": 1, "n": 1})
    total = Definition(left="E", right=r"\sum_{i=1}^m \sum_{j=1}^n A_{ij}^2")
    whole = question(Setting(symbols={"A": ("m", "n")}, definitions=(total,), sizes=sizes), r"\pdv{E}{A_{ij}}")
    assert judged(whole, r"\[\frac{\partial E}{\partial A} = 2 A \odot \mathbf{1}\]")["lines"] == "holds"
