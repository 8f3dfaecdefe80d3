"""A student's written answer: each ``=`` holds, does not hold, or cannot be read; final answers are judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import localcontext

from autograder import wire
from autograder.mathematics.answers.asked import Question, Target
from autograder.mathematics.answers.chains import Chain, Piece, Reading, Side, matches
from autograder.mathematics.answers.comparing import NOT_COMPUTED, decide, hint_of, tells_apart, world_of
from autograder.mathematics.answers.document import Condition
from autograder.mathematics.answers.layouts import chain_layout, document_layout, words
from autograder.mathematics.answers.numbers import EXACT, MisfitError, UnreadableError
from autograder.mathematics.answers.spelling import Spelling
from autograder.mathematics.answers.worlds import Definition, Layout
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.printing import to_latex
from autograder.words import Mark

MOST_FINDINGS = 300
"""Lines that are listed."""


def findings_of(pieces: Sequence[wire.Piece], questions: Sequence[Question]) -> tuple[wire.Finding, ...]:
    """Judge a written part, whatever stands in it: it raises nothing that a student caused.

    Remarks come first, lines in order then, one answer for each target last.
    """
    with localcontext(EXACT):
        return _findings(pieces, questions)


def _findings(pieces: Sequence[wire.Piece], questions: Sequence[Question]) -> tuple[wire.Finding, ...]:
    reading = Reading()
    spelling = Spelling([question.known for question in questions])
    chains: list[Chain] = []
    for number, piece in enumerate(pieces):
        chains += Piece(number, piece, questions, spelling, reading).chains()
    problems = {question: _problem(question, reading) for question in {chain.question for chain in chains}}
    chains = _apart(chains)
    usual = document_layout(chains, reading)
    judged: list[tuple[Chain, Layout]] = []
    for chain in chains:
        judged.append((chain, chain_layout(chain, usual, reading)))
        reading.findings += _lines(chain, judged[-1][1], usual, reading)
    addressed = [question for question in questions if question in problems]
    remarks = [_remark(q, "layout", words(usual, q.known)) for q in addressed if q.known.has_cost]
    remarks += [
        _remark(question, "not judged", f"not judged: {problems[question]}", "unread")
        for question in addressed
        if problems[question]
    ]
    judged = [(_as_output(chain, layout, reading), layout) for chain, layout in judged]
    answers = [
        _not_judged(question, target, problems[question])
        if problems.get(question)
        else _answer(question, target, judged, reading)
        for question in questions
        for target in question.targets
    ]
    left_out = len(reading.findings) - MOST_FINDINGS
    if left_out > 0:
        detail = f"only the first {MOST_FINDINGS} lines are listed, {left_out} more are not"
        remarks.append(_remark(None, "length", detail))
    return (*remarks, *reading.findings[:MOST_FINDINGS], *answers)


def _remark(question: Question | None, name: str, detail: str, mark: Mark = "note") -> wire.Finding:
    place = question.place if question else None
    return wire.Finding(kind="remark", mark=mark, question=place, name=name, detail=wire.printable(detail))


def _not_judged(question: Question, target: Target, problem: str) -> wire.Finding:
    detail = wire.printable(f"not judged: {problem}")
    return wire.Finding(kind="answer", mark="unread", question=question.place, name=target.name, detail=detail)


def _problem(question: Question, reading: Reading) -> str:
    """Why a question's setting cannot judge its answers, whatever they are; empty when it can."""
    known = question.known
    if known.problem:
        return known.problem
    if not question.targets:
        return "none of its results is a derivative"
    try:
        world = world_of(question, known.telling, 0, Layout(), reading)
        for target in question.targets:
            letters = dict.fromkeys((*target.of.indices, *target.left.by.indices), 0)
            free = {letter: at for letter, at in letters.items() if not letter.isdecimal()}
            replace(world, letters=free).evaluate(target.left)
    except (UnreadableError, MisfitError) as error:
        return str(error)
    except NOT_COMPUTED:
        return "its numbers are too large"
    return ""


def _apart(chains: Sequence[Chain]) -> list[Chain]:
    """Who treats dv_i/du_i by itself means i != j by dv_i/du_j, unless a delta or cases say otherwise."""
    indices = [_indices(chain) for chain in chains]
    own = {pair[0] for pair in indices if pair and pair[0] == pair[1]}
    return [
        replace(chain, condition=(*pair, False))
        if pair and pair[0] != pair[1] and own & {*pair} and chain.condition is None and not _says_both(chain)
        else chain
        for chain, pair in zip(chains, indices, strict=True)
    ]


def _derivative(chain: Chain) -> tuple[t.Symbol, t.Symbol] | None:
    """What a chain's first side differentiates, and by what."""
    left = chain.sides[0].node
    return (left.of, left.by) if isinstance(left, t.Partial) and isinstance(left.of, t.Symbol) else None


def _indices(chain: Chain) -> tuple[str, str] | None:
    """The two letters of dv_i/du_j, where a question asks for equal and for different ones."""
    if not chain.question.by_cases or (pair := _derivative(chain)) is None:
        return None
    found = (*pair[0].indices, *pair[1].indices)
    return (found[0], found[1]) if len(found) == 2 and not any(map(str.isdecimal, found)) else None


def _says_both(chain: Chain) -> bool:
    return any(side.node is not None and tells_apart(side.node) for side in chain.sides)


def _as_output(chain: Chain, layout: Layout, reading: Reading) -> Chain:
    """A derivative of the student's own letter for an output asks what that of the output asks."""
    pair = _derivative(chain)
    if pair is None or not _indices(chain):
        return chain
    left, by = pair
    if (left.name, 1) not in reading.definitions or len(left.indices) != 1:
        return chain
    asked = next(target.of for target in chain.question.targets if target.condition)
    output = replace(left, name=asked.name, bold=False)
    if decide(replace(chain, condition=None), (left, output), layout, reading).mark != "holds":
        return chain
    first = replace(chain.sides[0], node=t.Partial(of=output, by=by))
    targets = tuple(target for target in chain.question.targets if matches(first.node, target, chain.question))
    return replace(chain, sides=(first, *chain.sides[1:]), target=targets)


def _lines(chain: Chain, layout: Layout, usual: Layout, reading: Reading) -> Iterator[wire.Finding]:
    """Findings on each ``=`` of a chain."""
    base = wire.Finding(kind="line", question=chain.question.place, mark="holds", piece=chain.piece)
    if own := _definition(chain, layout, reading):
        key, definition = own
        if len(chain.sides) > 2:
            yield from _lines(replace(chain, sides=chain.sides[1:]), layout, usual, reading)
        if key[0] not in chain.question.known.dimensions:
            reading.definitions[key] = definition
        latex = wire.printable(f"{chain.sides[0].latex} = {chain.sides[1].latex}")
        line = chain.line + chain.sides[1].row
        yield replace(base, mark="defined", line=line, latex=latex, detail="taken as a definition of yours")
        return
    last: t.Node | None = None
    for number, (left, right) in enumerate(zip(chain.sides, chain.sides[1:], strict=False)):
        last = left.node or last
        finding = replace(base, line=chain.line + right.row, latex=_equality(left, right, number))
        unread = next((side for side in (left, right) if side.node is None), None)
        if right.node is None or last is None:
            assert unread is not None
            yield replace(finding, mark="unread", detail=wire.printable(f"cannot read {unread.problem}"))
            continue
        decided = decide(chain, (last, right.node), layout, reading)
        if decided.mark == "unread" and number and chain.sides[0].node is not None:
            # What cannot be computed in the middle is passed over: the line is held against the chain's first side.
            again = decide(chain, (chain.sides[0].node, right.node), layout, reading)
            decided = (
                replace(again, detail=f"against the first side: {again.detail}") if again.mark != "unread" else decided
            )
        beside = "" if layout == usual else f"; here {words(layout, chain.question.known)}"
        yield replace(finding, mark=decided.mark, detail=wire.printable(f"{decided.detail}{beside}"))


def _equality(left: Side, right: Side, number: int) -> str:
    """Both sides for the first equality of a chain, then the right one only."""
    texts = [to_latex(side.node) if side.node else side.latex for side in (left, right)]
    return wire.printable(f"{texts[0]} = {texts[1]}" if not number else f"= {texts[1]}")


def _definition(chain: Chain, layout: Layout, reading: Reading) -> tuple[tuple[str, int], Definition] | None:
    """An abbreviation of the student's: a letter that nothing else explains, or a size that is chosen."""
    left, right = chain.sides[0].node, chain.sides[1].node
    if not isinstance(left, t.Symbol) or right is None or (left.name, len(left.indices)) in reading.definitions:
        return None
    if any(index.isdecimal() for index in left.indices) or any(
        isinstance(s, t.Symbol) and s.name == left.name for s in t.walk(right)
    ):
        return None
    known = chain.question.known
    if known.problem:
        return None
    own = (left.name, len(left.indices)), Definition(indices=left.indices, body=right)
    if left.name in known.dimensions and not left.indices:
        return own
    world = world_of(chain.question, known.telling, 0, layout, reading)
    try:
        replace(world, letters=dict.fromkeys(left.indices, 0)).evaluate(left)
    except UnreadableError:
        return own
    except MisfitError:
        return None
    return None


def _answer(
    question: Question, target: Target, judged: Sequence[tuple[Chain, Layout]], reading: Reading
) -> wire.Finding:
    """Judge a final answer: the last side, in the last chain that begins with it, that is no derivative itself."""
    best = wire.Finding(kind="answer", question=question.place, name=target.name, mark="missing")
    for chain, layout in judged:
        if target not in chain.target or not _covers(chain, target):
            continue
        sides = [side for side in chain.sides[1:] if side.node is None or _is_final(side.node, target, question)]
        if sides:
            found = _last_side(chain, sides[-1], target, layout, reading)
            # What cannot be read takes nothing back.
            best = best if found.mark == "unread" and best.mark in {"right", "wrong"} else found
    return best


def _last_side(chain: Chain, side: Side, target: Target, layout: Layout, reading: Reading) -> wire.Finding:
    """Hold the last side of a chain against its first."""
    found = wire.Finding(
        kind="answer",
        question=chain.question.place,
        name=target.name,
        mark="unread",
        piece=chain.piece,
        line=chain.line + side.row,
        latex=wire.printable(to_latex(side.node) if side.node else side.latex),
    )
    first = chain.sides[0].node
    if side.node is None or first is None:
        return replace(found, detail=wire.printable(f"cannot read {side.problem}"))
    narrowed = replace(chain, condition=_condition(chain, target), asked=bool(target.condition))
    decided = decide(narrowed, (first, side.node), layout, reading)
    detail = decided.detail
    if decided.mark == "fails" and (hint := hint_of(narrowed, (first, side.node), layout, reading)):
        detail = f"{hint}: {detail}"
    mark: Mark = "right" if decided.mark == "holds" else "wrong" if decided.mark == "fails" else "unread"
    return replace(found, mark=mark, detail=wire.printable(detail))


def _covers(chain: Chain, target: Target) -> bool:
    """Whether a chain about dv_i/du_j is about this case of it."""
    if not target.condition:
        return True
    pair = _derivative(chain)
    if pair is None or len(pair[0].indices) != 1 or len(pair[1].indices) != 1:
        return isinstance(chain.sides[0].node, t.Partial)
    of, by = pair
    if of.indices == by.indices:
        return target.condition == "="
    if chain.condition and {*chain.condition[:2]} == {*of.indices, *by.indices}:
        return chain.condition[2] is (target.condition == "=")
    return True


def _condition(chain: Chain, target: Target) -> Condition | None:
    pair = _derivative(chain)
    if target.condition and pair and pair[0].indices and pair[1].indices:
        i, j = pair[0].indices[0], pair[1].indices[0]
        return (i, j, target.condition == "=") if i != j else None
    return chain.condition


def _is_final(node: t.Node, target: Target, question: Question) -> bool:
    """Whether a side says the answer: only derivatives that are given, or of the costs of which another is made."""
    known = question.known
    costs = known.costs(known.name(target.of))
    given = {known.setting.functions[cost] for cost in costs}
    others = {*costs} - {known.name(target.of)}
    return all(
        (known.name(below.by) in given and isinstance(below.of, t.Symbol | t.Applied))
        or (isinstance(below.of, t.Symbol) and known.name(below.of) in others)
        for below in t.walk(node)
        if isinstance(below, t.Partial)
    )
