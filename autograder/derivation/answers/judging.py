"""A student's written answer: each ``=`` holds, does not hold, or cannot be read; final answers are judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import localcontext

from autograder.derivation import tree as t
from autograder.derivation.answers.chains import Chain, Reading, Side, chains_of, matches
from autograder.derivation.answers.deciding import decide, hint_of, tells_apart
from autograder.derivation.answers.layouts import chain_layout, document_layout, words
from autograder.derivation.answers.numbers import EXACT, MisfitError, UnreadableError
from autograder.derivation.answers.points import make_world
from autograder.derivation.answers.records import Finding, Question, Target, Text, printable
from autograder.derivation.answers.worlds import Definition, Layout
from autograder.derivation.printing import to_latex

MOST_FINDINGS = 300
"""Lines that are listed."""


def judge(texts: Sequence[Text], questions: Sequence[Question]) -> tuple[Finding, ...]:
    """Judge a written part.

    Parameters
    ----------
    texts : sequence of Text
        Its pieces, in order; anything may stand in them.
    questions : sequence of Question
        What was asked.

    Returns
    -------
    tuple of Finding
        Remarks on layout, lines in order, then one answer for each target. It raises nothing that a student caused.
    """
    with localcontext(EXACT):
        return _judge(texts, questions)


def _judge(texts: Sequence[Text], questions: Sequence[Question]) -> tuple[Finding, ...]:
    reading = Reading()
    chains: list[Chain] = []
    for number, text in enumerate(texts):
        chains += chains_of(number, text, questions, reading)
    chains = _apart(chains)
    usual = document_layout(chains, reading)
    judged: list[tuple[Chain, Layout]] = []
    for chain in chains:
        judged.append((chain, chain_layout(chain, usual, reading)))
        reading.findings += _lines(chain, judged[-1][1], usual, reading)
    remarks = [
        Finding(kind="remark", question=question.id, mark="note", name="layout", detail=words(usual))
        for question in questions
        if question.theory == "affine" and any(chain.question is question for chain in chains)
    ]
    judged = [(_as_output(chain, layout, reading), layout) for chain, layout in judged]
    answers = [_answer(question, target, judged, reading) for question in questions for target in question.targets]
    left_out = len(reading.findings) - MOST_FINDINGS
    if left_out > 0:
        detail = f"only the first {MOST_FINDINGS} lines are listed, {left_out} more are not"
        remarks.append(Finding(kind="remark", question="", mark="note", name="length", detail=detail))
    return (*remarks, *reading.findings[:MOST_FINDINGS], *answers)


def _apart(chains: Sequence[Chain]) -> list[Chain]:
    """Who treats dy_i/dx_i by itself means i != j by dy_i/dx_j, unless a delta or cases say otherwise."""
    indices = [_indices(chain) for chain in chains]
    own = {pair[0] for pair in indices if pair and pair[0] == pair[1]}
    return [
        replace(chain, condition=(*pair, False))
        if pair and pair[0] != pair[1] and own & {*pair} and chain.condition is None and not _says_both(chain)
        else chain
        for chain, pair in zip(chains, indices, strict=True)
    ]


def _indices(chain: Chain) -> tuple[str, str] | None:
    """The two letters of dy_i/dx_j."""
    left = chain.sides[0].node
    if chain.question.theory != "softmax" or not isinstance(left, t.Partial) or not isinstance(left.of, t.Symbol):
        return None
    found = (*left.of.indices, *left.by.indices)
    return (found[0], found[1]) if len(found) == 2 and not any(map(str.isdecimal, found)) else None


def _says_both(chain: Chain) -> bool:
    return any(side.node is not None and tells_apart(side.node) for side in chain.sides)


def _as_output(chain: Chain, layout: Layout, reading: Reading) -> Chain:
    """A derivative of the student's own letter for y_i asks what that of y_i asks."""
    left = chain.sides[0].node
    if not _indices(chain) or not isinstance(left, t.Partial) or not isinstance(left.of, t.Symbol):
        return chain
    if (left.of.name, 1) not in reading.definitions or len(left.of.indices) != 1:
        return chain
    output = replace(left.of, name="y", bold=False)
    if decide(replace(chain, condition=None), (left.of, output), layout, reading).mark != "holds":
        return chain
    first = replace(chain.sides[0], node=replace(left, of=output))
    targets = tuple(target for target in chain.question.targets if matches(first.node, target))
    return replace(chain, sides=(first, *chain.sides[1:]), target=targets)


def _lines(chain: Chain, layout: Layout, usual: Layout, reading: Reading) -> Iterator[Finding]:
    """Findings on each ``=`` of a chain."""
    base = Finding(kind="line", question=chain.question.id, mark="holds", piece=chain.piece)
    if own := _definition(chain, layout, reading):
        key, definition = own
        if len(chain.sides) > 2:
            yield from _lines(replace(chain, sides=chain.sides[1:]), layout, usual, reading)
        reading.definitions[key] = definition
        latex = f"{chain.sides[0].latex} = {chain.sides[1].latex}"
        yield replace(
            base,
            mark="defined",
            line=chain.line + chain.sides[1].row,
            latex=printable(latex),
            detail="taken as a definition of yours",
        )
        return
    last: t.Node | None = None
    for number, (left, right) in enumerate(zip(chain.sides, chain.sides[1:], strict=False)):
        last = left.node or last
        finding = replace(base, line=chain.line + right.row, latex=_equality(left, right, number))
        unread = next((side for side in (left, right) if side.node is None), None)
        if right.node is None or last is None:
            assert unread is not None
            yield replace(finding, mark="unread", detail=printable(f"cannot read {unread.problem}"))
            continue
        decided = decide(chain, (last, right.node), layout, reading)
        if decided.mark == "unread" and number and chain.sides[0].node is not None:
            # What cannot be computed in the middle is passed over: the line is held against the chain's first side.
            again = decide(chain, (chain.sides[0].node, right.node), layout, reading)
            decided = (
                replace(again, detail=f"against the first side: {again.detail}") if again.mark != "unread" else decided
            )
        beside = "" if layout == usual else f"; here {words(layout)}"
        yield replace(finding, mark=decided.mark, detail=printable(f"{decided.detail}{beside}"))


def _equality(left: Side, right: Side, number: int) -> str:
    """Both sides for the first equality of a chain, then the right one only."""
    texts = [to_latex(side.node) if side.node else side.latex for side in (left, right)]
    return printable(f"{texts[0]} = {texts[1]}" if not number else f"= {texts[1]}")


def _definition(chain: Chain, layout: Layout, reading: Reading) -> tuple[tuple[str, int], Definition] | None:
    """An abbreviation of the student's: a letter that nothing else explains."""
    left, right = chain.sides[0].node, chain.sides[1].node
    if not isinstance(left, t.Symbol) or right is None or (left.name, len(left.indices)) in reading.definitions:
        return None
    if any(index.isdecimal() for index in left.indices) or any(
        isinstance(s, t.Symbol) and s.name == left.name for s in t.walk(right)
    ):
        return None
    world = make_world(chain.question.theory, (2, 2), 0, layout, definitions=reading.definitions, budget=reading.budget)
    try:
        replace(world, letters=dict.fromkeys(left.indices, 0)).evaluate(left)
    except UnreadableError:
        return (left.name, len(left.indices)), Definition(indices=left.indices, body=right)
    except MisfitError:
        return None
    return None


def _answer(question: Question, target: Target, judged: Sequence[tuple[Chain, Layout]], reading: Reading) -> Finding:
    """Judge a final answer: the last side, in the last chain that begins with it, that is no derivative itself."""
    best = Finding(kind="answer", question=question.id, name=target.name, mark="missing")
    for chain, layout in judged:
        if target not in chain.target or not _covers(chain, target):
            continue
        sides = [side for side in chain.sides[1:] if side.node is None or _is_final(side.node, target)]
        if sides:
            found = _last_side(chain, sides[-1], target, layout, reading)
            # What cannot be read takes nothing back.
            best = best if found.mark == "unread" and best.mark in {"right", "wrong"} else found
    return best


def _last_side(chain: Chain, side: Side, target: Target, layout: Layout, reading: Reading) -> Finding:
    """Hold the last side of a chain against its first."""
    found = Finding(
        kind="answer",
        question=chain.question.id,
        name=target.name,
        mark="unread",
        piece=chain.piece,
        line=chain.line + side.row,
        latex=printable(to_latex(side.node) if side.node else side.latex),
    )
    first = chain.sides[0].node
    if side.node is None or first is None:
        return replace(found, detail=printable(f"cannot read {side.problem}"))
    narrowed = replace(chain, condition=_condition(chain, target), asked=bool(target.condition))
    decided = decide(narrowed, (first, side.node), layout, reading)
    if decided.mark == "fails":
        hint = hint_of(narrowed, (first, side.node), layout, reading)
        return replace(found, mark="wrong", detail=printable(f"{hint}: {decided.detail}" if hint else decided.detail))
    return replace(found, mark="right" if decided.mark == "holds" else "unread", detail=printable(decided.detail))


def _covers(chain: Chain, target: Target) -> bool:
    """Whether a chain about dy_i/dx_j is about this case of it."""
    if not target.condition:
        return True
    left = chain.sides[0].node
    if (
        not isinstance(left, t.Partial)
        or not isinstance(left.of, t.Symbol)
        or len(left.of.indices) != 1
        or len(left.by.indices) != 1
    ):
        return isinstance(left, t.Partial)
    if left.of.indices == left.by.indices:
        return target.condition == "="
    if chain.condition and {*chain.condition[:2]} == {*left.of.indices, *left.by.indices}:
        return chain.condition[2] is (target.condition == "=")
    return True


def _condition(chain: Chain, target: Target) -> tuple[str, str, bool] | None:
    left = chain.sides[0].node
    if (
        target.condition
        and isinstance(left, t.Partial)
        and isinstance(left.of, t.Symbol)
        and left.of.indices
        and left.by.indices
    ):
        i, j = left.of.indices[0], left.by.indices[0]
        return (i, j, target.condition == "=") if i != j else None
    return chain.condition


def _is_final(node: t.Node, target: Target) -> bool:
    """Whether a side says the answer: no derivative by what the question differentiates by is left in it."""
    allowed = {"y"} if target.condition == "" else set()
    # What is asked of C_2 may be said by the derivatives of C.
    scaled = isinstance(target.left.of, t.Symbol) and target.left.of.indices == ("2",)
    return all(
        (below.by.name in allowed and isinstance(below.of, t.Symbol | t.Applied))
        or (scaled and isinstance(below.of, t.Symbol) and below.of.name == "C" and not below.of.indices)
        for below in t.walk(node)
        if isinstance(below, t.Partial)
    )
