"""A student's written answer: each ``=`` holds, does not hold, or cannot be read; final answers are judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import localcontext
from itertools import pairwise

from autograder import wire
from autograder.mathematics.answers import dashed
from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.borrowed import borrow, certain, denied, names_in
from autograder.mathematics.answers.chains import Chain, Reading, Side, nodes_in, symbols_in
from autograder.mathematics.answers.choices import (
    SUPPOSED,
    delta_is,
    explains_delta,
    is_a_size,
    is_assumption,
    under_choices,
)
from autograder.mathematics.answers.claims import Claim
from autograder.mathematics.answers.comparing import (
    MISFIT,
    NOT_COMPUTED,
    Decision,
    agree_at,
    is_whole,
    settle,
    world_of,
)
from autograder.mathematics.answers.conditions import is_kronecker, told_apart
from autograder.mathematics.answers.conventions import adopted, suspected
from autograder.mathematics.answers.doubts import OF_ONE, doubt
from autograder.mathematics.answers.examples import EXAMPLE, is_an_example
from autograder.mathematics.answers.final import answers_of, told
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.layouts import chain_layout, document_layout, words
from autograder.mathematics.answers.mistakes import hint_of
from autograder.mathematics.answers.numbers import EXACT, MisfitError, UnreadableError
from autograder.mathematics.answers.own import settled
from autograder.mathematics.answers.pieces import Piece
from autograder.mathematics.answers.placing import placed
from autograder.mathematics.answers.records import MOST_STEPS, Layout
from autograder.mathematics.answers.remarks import count_of, listed, remark, summary, too_long, used_twice
from autograder.mathematics.answers.written_sizes import written_size
from autograder.mathematics.formulas import tree as t

_FOR_ANSWERS = MOST_STEPS // 5
"""Steps that final answers may take after all lines."""
_MOST_NAMED = 12
"""Wrong lines whose mistake is looked for."""
_MOST_LEFT_OUT = 20
"""Formulas of which is told that the text itself calls them wrong."""
_MOST_LAID = 100
"""Chains whose own layout is looked for."""
COUNT = "count"
"""The name of the remark that counts formulas and equalities."""


def findings_of(pieces: Sequence[wire.Piece], questions: Sequence[Question]) -> tuple[wire.Finding, ...]:
    """Judge a written part, whatever stands in it: it raises nothing that a student caused.

    Remarks come first, lines in order then, one answer for each target last.
    """
    with localcontext(EXACT):
        return _findings(pieces, questions)


def _findings(pieces: Sequence[wire.Piece], questions: Sequence[Question]) -> tuple[wire.Finding, ...]:
    reading = Reading()
    chains: list[Chain] = []
    for number, piece in enumerate(pieces):
        chains += _begun(list(Piece(number, piece, questions, reading, len(chains)).chains()))
    chains = placed(chains, questions, reading)
    apart = [one for one in reading.findings if one.kind == "line"]
    left_out = [one for one in reading.findings if one.kind == "remark"][:_MOST_LEFT_OUT]
    problems = {chain.question: _problem(chain.question, reading) for chain in chains if chain.question}
    chains, letters = settled(chains, reading)
    chains = under_choices(told_apart(chains), reading)
    reading.written = [
        (chain.asking.place, size)
        for chain in chains
        if chain.question
        and not problems[chain.question]
        and (size := written_size([node for side in chain.sides for node in side.nodes], chain))
    ]
    usual = document_layout([chain for chain in chains if chain.question], reading)
    judged: list[tuple[Chain, Layout]] = []
    for question in (question for question in questions if question in problems and not problems[question]):
        mine = [chain for chain in chains if chain.question is question]
        if convention := adopted(mine, reading, said=reading.lying):
            reading.conventions[question.place] = convention
        elif reading.lying and (convention := suspected(mine, reading)):
            reading.suspected[question.place] = convention
    reading.conventions |= {
        one.place: convention
        for one in questions
        for other in questions
        if one.place not in reading.conventions
        and one.known.setting.symbols == other.known.setting.symbols
        and (convention := reading.conventions.get(other.place))
    }
    lines = [*apart]
    for chain in chains:
        if chain.question is None:
            lines += _outside(chain, reading)
            continue
        own = len(judged) < _MOST_LAID
        judged.append((chain, chain_layout(chain, usual, reading) if own else usual))
        lines += _lines(chain, judged[-1][1], usual, reading, named=count_of(lines, "fails") < _MOST_NAMED)
    lines = certain(lines, reading)
    lines.sort(key=lambda one: (one.piece, one.line))
    addressed = [question for question in questions if question in problems]
    remarks = [remark(q, "layout", words(usual, q.known)) for q in addressed if q.known.has_cost]
    remarks += [
        remark(question, "not judged", f"not judged: {problems[question]}", "unread")
        for question in addressed
        if problems[question]
    ]
    remarks += [*left_out, *(remark(None, "letters", words_) for words_ in letters)]
    remarks += used_twice(chains, reading)
    # Whatever the lines took, the answers are judged.
    reading.budget.steps = max(reading.budget.steps, _FOR_ANSWERS)
    answers = answers_of(questions, judged, problems, reading)
    remarks += too_long(lines, reading)
    if reading.formulas:
        remarks.append(remark(None, COUNT, summary(reading, lines)))
    return tuple(dashed.told(one, reading.dashed) for one in (*remarks, *listed(lines), *answers))


def _begun(chains: list[Chain]) -> list[Chain]:
    """Chains of a piece, what it begins with given to its first question if that defines a letter in it."""
    first = next((k for k, chain in enumerate(chains) if chain.question), 0)
    question = chains[first].question if chains else None
    for k in range(first):
        if question and _is_about(chains[k], question.known):
            chains[k] = replace(chains[k], question=question, target=())
    return chains


def _is_about(chain: Chain, known: Known) -> bool:
    """Whether a chain says what a letter is, by what a setting defines, or chooses a size of it."""
    left = chain.sides[0].node
    if not isinstance(left, t.Symbol):
        return False
    letters = (one for side in chain.sides if side.node for one in t.walk(side.node) if isinstance(one, t.Symbol))
    return left.name in known.dimensions or any(known.name(one) in known.definitions for one in letters)


def _outside(chain: Chain, reading: Reading) -> Iterator[wire.Finding]:
    for number, (left, right) in enumerate(pairwise(chain.sides)):
        yield wire.Finding(
            kind="line", mark="note", question=None, piece=chain.piece, line=reading.line(chain.piece, right.at),
            latex=_equality(left, right, number), detail="it belongs to no question",
        )  # fmt: skip


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


def _lines(chain: Chain, layout: Layout, usual: Layout, reading: Reading, *, named: bool) -> Iterator[wire.Finding]:
    """Findings on each ``=`` of a chain."""
    base = wire.Finding(kind="line", question=chain.asking.place, mark="holds", piece=chain.piece)
    if explains_delta(chain) and not delta_is(chain):
        reading.other_delta = True
        line, latex = reading.line(chain.piece, chain.sides[1].at), _equality(chain.sides[0], chain.sides[1], 0)
        detail = "nothing says that this is so for just these indices"
        yield replace(base, mark="unread", line=line, latex=latex, detail=detail)
        return
    choice = is_assumption(chain)
    chain = _as_a_claim(chain, layout, reading)
    if (chain.defines or choice) and chain.sides[1].node is not None:
        detail = "taken as a definition of yours" if chain.defines else "taken as a choice of yours"
        latex = _equality(chain.sides[0], chain.sides[1], 0)
        line = reading.line(chain.piece, chain.sides[1].at)
        reading.forms |= {(chain.asking.place, one.name, len(one.indices)) for one in _defined_letter(chain)}
        reading.defined |= {(chain.piece, name): chain.sides[1].at for name in names_in(chain.sides[:2])}
        yield replace(base, mark="defined", line=line, latex=latex, detail=detail)
        for side in chain.sides[2:] if choice and not chain.defines else ():
            line, latex = reading.line(chain.piece, side.at), _equality(chain.sides[0], side, 1)
            yield replace(base, mark="defined", line=line, latex=latex, detail=detail)
        if len(chain.sides) > 2 and not (choice and not chain.defines):
            rest = replace(chain, sides=chain.sides[1:], defines=False)
            yield from _lines(rest, layout, usual, reading, named=named)
        return
    first, last = chain.sides[0], chain.sides[0] if chain.sides[0].node else None
    failed = False
    beside = "" if layout == usual else f"; here {words(layout, chain.asking.known)}"
    for number, (left, right) in enumerate(pairwise(chain.sides)):
        last = left if left.node else last
        line = reading.line(chain.piece, right.at)
        finding = replace(base, line=line, latex=_equality(left, right, number))
        unread = next((side for side in (right, left) if side.node is None), None)
        if right.node is None or last is None:
            assert unread is not None
            outside = "; it is not between math delimiters ($...$)" if chain.plain else ""
            yield replace(finding, mark="unread", detail=wire.printable(f"cannot read {unread.problem}{outside}"))
            continue
        if is_a_size(chain, left.node, right.node):
            yield replace(finding, mark="defined", detail="taken as its size")
            continue
        claim = Claim(chain=chain, sides=(last, right), layout=layout, reading=reading)
        step = _Step(claim=claim, first=first, failed=failed, named=named)
        decided = _decided(step)
        held = replace(claim, sides=(first if decided.against_first else last, right))
        if decided.mark == "fails" and is_an_example(chain, held.sides):
            yield replace(finding, mark="note", question=None, detail=EXAMPLE)
            continue
        if decided.mark == "fails" and (chain.given or chain.chosen):
            decided = _under_a_choice(step, decided)
        if decided.mark == "fails" and chain.near and not chain.above:
            decided = _under_a_value(step, decided)
        reading.other_delta |= decided.mark == "fails" and is_kronecker(left.node)
        failed = failed or decided.mark == "fails"
        if decided.mark == "fails" and (why := doubt(held)):
            decided = _in_its_own_way(decided, why, chain, (left, right), reading)
        if right.around.denied and decided.mark != "unread":
            decided = replace(decided, mark="unread", detail=denied(right))
        mark, detail = decided.mark, decided.detail
        line = reading.line(chain.piece, right.row_at(decided.row)) if mark == "fails" else line
        finding = replace(finding, mark=mark, line=line, detail=wire.printable(f"{detail}{beside}"))
        borrow(finding, claim)
        yield finding


def _in_its_own_way(decided: Decision, why: str, chain: Chain, sides: tuple[Side, Side], reading: Reading) -> Decision:
    """What does not hold as the question has it, and does as the text says that it takes things; else it is open."""
    convention = reading.conventions.get(chain.asking.place)
    laid = reading.lying and convention is not None and why == convention.words
    single = why == OF_ONE and chain.single and not any(len(one.indices) > 1 for one in symbols_in(sides))
    if laid or single:
        return replace(decided, mark="holds", detail=why)
    return replace(decided, mark="unread", detail=f"{why}: {decided.detail}")


def _defined_letter(chain: Chain) -> list[t.Symbol]:
    """The letter of the student's own that a chain defines."""
    letters = [side.node for side in chain.sides[:2] if isinstance(side.node, t.Symbol)]
    return [one for one in letters if (one.name, len(one.indices)) in chain.definitions][:1]


def _as_a_claim(chain: Chain, layout: Layout, reading: Reading) -> Chain:
    """A chain that tells the entries of a letter that was defined whole, or the other way round, as what it claims."""
    letters = _defined_letter(chain) if chain.defines and not (chain.trails or chain.gives) else []
    for letter in letters:
        count = len(letter.indices)
        others = {key: one for key, one in chain.definitions.items() if key != (letter.name, count)}
        before = {many for place, name, many in reading.forms if (place, name) == (chain.asking.place, letter.name)}
        if not before - {count} or count in before or any(map(str.isdecimal, letter.indices)):
            continue
        claim = replace(chain, defines=False, definitions=others)
        left, right = (side.nodes for side in chain.sides[:2])
        if not is_whole(claim, letter.name, layout, reading):
            continue
        decided = settle(claim, left, right, layout, reading)
        if decided.mark == "holds" or (decided.mark == "fails" and not decided.detail.startswith(MISFIT)):
            return claim
    return chain


def _is_said(claim: Claim, only: str) -> bool:
    """Whether a text says at which size a line with numbers of entries is meant: a matrix, or other such lines do.

    A setting's first size needs no word, where no other line is of another one.
    """
    chain, sides, reading = claim.chain, claim.sides, claim.reading
    known = chain.asking.known
    chosen = {name for name, _ in reading.sizes}
    if any(isinstance(one, t.Matrix) for one in nodes_in(sides)) or not chosen.isdisjoint(known.dimensions):
        return True
    written = [size for place, size in reading.written if place == chain.asking.place]
    if only == known.usual:
        left, right = sides[0].node, sides[-1].node
        others = {known.told(size): size for size in written if known.told(size) != only}
        return not (left and right) or all(
            agree_at(chain, (left, right), claim.layout, reading, size) for size in others.values()
        )
    return reading.counted or sum(known.told(size) == only for size in written) > 1


@dataclass(frozen=True, kw_only=True)
class _Step:
    """A side of a chain, judged against the one before it, which may follow from what is wrong."""

    claim: Claim
    #: Of the whole chain.
    first: Side
    #: Whether something above it is wrong.
    failed: bool
    #: Whether its mistake is looked for.
    named: bool

    def under(self, chain: Chain) -> _Step:
        """The same as another chain means it, its mistake not looked for."""
        return replace(self, claim=self.claim.under(chain), named=False)


def _under_a_choice(step: _Step, decided: Decision) -> Decision:
    """What does not hold for all may hold for what the student chose; of a function that is not known."""
    chain = step.claim.chain
    names = ", ".join(dict.fromkeys((*chain.given, *filter(None, (chain.chosen,)))))
    again = _decided(step.under(replace(chain, under=chain.given)))
    if again.mark == "holds" and chain.given:
        return replace(again, detail=f"for your choice of {names}: {again.detail}")
    if again.mark == "fails" and not chain.chosen:
        return decided
    where = "where what you suppose does" if chain.chosen == SUPPOSED else f"for your choice of {names}"
    return replace(decided, mark="unread", detail=f"it may hold only {where}: {decided.detail}")


def _under_a_value(step: _Step, decided: Decision) -> Decision:
    """What does not hold for all may hold for the values that words before it were about."""
    chain = step.claim.chain
    again = _decided(replace(step.under(replace(chain, above=chain.near)), failed=False))
    if again.mark != "holds":
        return decided
    return replace(decided, mark="unread", detail=f"it may hold only for the values named before: {decided.detail}")


def _decided(step: _Step) -> Decision:
    """Judge a side against the one before it; where that cannot be, or something above is wrong, against the first."""
    claim, first = step.claim, step.first
    last, right = claim.ends
    decided = claim.decided()
    whole = replace(claim, sides=(first, right))
    if first is last or first.node is None or right.node is None:
        pass
    elif decided.mark == "unread":
        again = whole.decided()
        if again.mark != "unread":
            return replace(again, detail=f"against the first side: {again.detail}", against_first=True)
    elif step.failed:
        again = whole.decided()
        if again.mark == "holds":
            return Decision(mark="holds", detail="this side is right again")
        if decided.mark == "holds":
            follows = f"it follows from the side before it, but the chain is wrong above: {again.detail}"
            return replace(decided, detail=follows)
    if decided.only and not _is_said(claim, decided.only):
        return replace(decided, mark="unread", detail=f"it holds for {decided.only} only, and nothing says so")
    if decided.mark == "fails" and step.named and last.node and right.node:
        hint = hint_of(claim.chain, (last.node, right.node), claim.layout, claim.reading)
        if hint:
            return replace(decided, detail=f"{hint}: {decided.detail}")
    return decided


def _equality(left: Side, right: Side, number: int) -> str:
    """Both sides for the first equality of a chain, then the right one only."""
    texts = [told(side) for side in (left, right)]
    return wire.printable(f"{texts[0]} = {texts[1]}" if not number else f"= {texts[1]}")
