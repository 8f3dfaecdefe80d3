"""Final answers: the last side, in the last chain that begins with what is asked for, that is no derivative itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from autograder import wire
from autograder.mathematics.answers.asked import Question, Target
from autograder.mathematics.answers.borrowed import unfounded
from autograder.mathematics.answers.chains import Chain, Condition, Reading, Side, matches
from autograder.mathematics.answers.claims import Claim
from autograder.mathematics.answers.comparing import tells_apart
from autograder.mathematics.answers.doubts import DELTAS, OTHER_DELTA, doubt
from autograder.mathematics.answers.examples import EXAMPLE, is_an_example
from autograder.mathematics.answers.limits import LIMIT
from autograder.mathematics.answers.mistakes import hint_of
from autograder.mathematics.answers.records import Layout
from autograder.mathematics.answers.values import opposite
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.printing import to_latex
from autograder.words import Mark

Judged = Sequence[tuple[Chain, Layout]]
_FIRST = ("wrong", "unread", "right")
"""Which of two cases says what an answer is."""
INCOMPLETE = "not complete"
"""How the detail of an answer begins that has some entries only."""


DOUBTFUL = "it may be wrong: "
"""How the detail of an answer begins that does not hold, and of which it is not certain that it should."""
HALF = f"{INCOMPLETE}: only for some values"


def answers_of(
    questions: Sequence[Question], judged: Judged, problems: Mapping[Question, str], reading: Reading
) -> list[wire.Finding]:
    """One finding for each answer that is asked for."""
    chains = [(_turned(chain), layout) for chain, layout in judged]
    found: list[tuple[Target, Question, wire.Finding, Side | None]] = []
    for question in questions:
        for target in question.targets:
            if problem := problems.get(question, ""):
                detail = wire.printable(f"not judged: {problem}")
                unread = _finding(question, target, "unread")
                found.append((target, question, replace(unread, detail=detail), None))
            else:
                found.append((target, question, *_answer(question, target, chains, reading)))
    return [_resting(target, question, one, side, found) for target, question, one, side in found]


def _finding(question: Question, target: Target, mark: Mark) -> wire.Finding:
    return wire.Finding(kind="answer", question=question.place, name=target.name, mark=mark)


def _turned(chain: Chain) -> Chain:
    """A chain that ends in what is asked for, the other way round; one that defines a letter, without it."""
    if chain.target:
        return chain
    for sides in (chain.sides[1:], chain.sides[::-1]):
        targets = tuple(one for one in chain.asking.targets if matches(sides[0].node, one, chain.asking))
        if targets and len(sides) > 1:
            return replace(chain, sides=sides, target=targets)
    return chain


def _answer(question: Question, target: Target, judged: Judged, reading: Reading) -> tuple[wire.Finding, Side | None]:
    """Judge a final answer; single entries answer nothing but themselves."""
    last: tuple[wire.Finding, Side | None] | None = None
    entries: dict[tuple[str, ...], Claim] = {}
    cases: dict[bool, tuple[wire.Finding, Side]] = {}
    halves: list[tuple[t.Above, tuple[wire.Finding, Side | None]]] = []
    for chain, layout in reversed(judged):
        # Questions of a homework may ask for derivatives of the same letters.
        if chain.question is not question or target not in chain.target or not _covers(chain, target):
            continue
        whole = Claim(chain=chain, sides=chain.sides, layout=layout, reading=reading)
        if (claim := _final_part(whole, target)) is None:
            continue
        if entry := _entry(chain):
            entries.setdefault(entry, claim)
            continue
        side = claim.sides[-1]
        found = _last_side(claim.under(replace(chain, above=None)), target)
        half = found.mark == "wrong" and chain.above is not None
        found = _last_side(claim, target) if half else found
        if half and chain.above is not None and found.mark == "right":
            if any(opposite(chain.above, one) for one, _ in halves):
                return found, side
            halves.append((chain.above, (replace(found, mark="missing", detail=HALF), side)))
            continue
        if found.mark == "right" and side is not chain.sides[-1]:
            # Whoever goes on to what is wrong has not left it at that.
            behind = _last_side(whole, target)
            found = behind if behind.mark == "wrong" else found
        if chain.condition and not target.condition and not chain.asking.by_cases and _is_about(chain, chain.condition):
            # Entries on a diagonal, or off it, are not all of them.
            for_all = _last_side(claim.under(replace(chain, condition=None)), target)
            if for_all.mark == "right" and not (last and last[0].mark == "wrong"):
                return for_all, side
            some = replace(found, mark="missing", detail=f"{INCOMPLETE}: only some entries are given")
            last = last or (some if found.mark == "right" else found, side)
            continue
        if (case := _case_of(chain, side, target)) is not None:
            cases.setdefault(case, (found, side))
            if len(cases) == 2:
                return min(reversed(cases.values()), key=lambda one: _FIRST.index(one[0].mark))
            continue
        # What cannot be read takes nothing back, nor does what holds for a choice or one size only.
        if found.mark == "wrong" and chain.given:
            under = _last_side(claim.under(replace(chain, under=chain.given)), target)
            if under.mark == "wrong" and not chain.chosen:
                return found, side
            if under.mark == "right":
                found = replace(under, mark="missing", detail=f"{INCOMPLETE}: only for your choice")
        chosen = bool(chain.given or chain.chosen)
        doubtful = found.detail.startswith(DOUBTFUL)
        if not (chosen and (doubtful or found.mark == "wrong")) and (doubtful or found.mark in {"right", "wrong"}):
            return found, side
        last = last or (found, side)
    last = last or (halves[-1][1] if halves else None)
    if cases and last is None:
        ((equal, (found, side)),) = cases.items()
        given = "equal indices" if equal else "different indices"
        only = f"{INCOMPLETE}: only the case of {given} is given"
        return (replace(found, mark="missing", detail=only) if found.mark == "right" else found), side
    if last is not None or not entries:
        return last or (_finding(question, target, "missing"), None)
    parts = {entry: _entry_under(claim, target) for entry, claim in reversed(entries.items())}
    return _gathered(question, target, parts), None


def _final_part(whole: Claim, target: Target) -> Claim | None:
    """A chain as far as the last side that may be an answer; None where none may be."""
    sides = whole.sides
    for end in range(len(sides), 1, -1):
        side = sides[end - 1]
        if side.node is None or any(_is_final(node, target, whole.chain) for node in side.nodes):
            return replace(whole, sides=sides[:end])
    return None


def _is_about(chain: Chain, condition: Condition) -> bool:
    """Whether a chain's first side is a derivative by an entry with both indices of its case."""
    left = chain.sides[0].node
    return isinstance(left, t.Partial) and {*condition[:2]} <= {*left.by.indices}


def _case_of(chain: Chain, side: Side, target: Target) -> bool | None:
    """Whether a chain is about equal indices alone, or different ones, where an answer is asked for all."""
    left = chain.sides[0].node
    if target.condition or not isinstance(left, t.Partial) or not isinstance(left.of, t.Symbol):
        return None
    pair = (*left.of.indices, *left.by.indices)
    if len(left.of.indices) != 1 or len(pair) != 2 or any(map(str.isdecimal, pair)):
        return None
    if pair[0] == pair[1]:
        return True
    if chain.condition is None or {*chain.condition[:2]} != {*pair} or (side.node and tells_apart(side.node)):
        return None
    return chain.condition[2]


def _entry(chain: Chain) -> tuple[str, ...]:
    """The numbers of the entry that a chain is about; nothing when it is about all."""
    left = chain.sides[0].node
    if not isinstance(left, t.Partial) or not isinstance(left.of, t.Symbol):
        return ()
    known = chain.asking.known
    of = left.of.indices if known.shapes.get(known.name(left.of)) else ()
    indices = (*of, *left.by.indices)
    # The large letter of a dimension is the last entry; a small one may be an index like any.
    one = any(index.isdecimal() or (index in known.dimensions and index.isupper()) for index in indices)
    return tuple("".join(indices)) if left.by.indices and one else ()


def _entry_under(claim: Claim, target: Target) -> wire.Finding:
    """Judge an entry, which may be there for a size or a number only that the student chose."""
    found = _last_side(claim, target)
    if found.mark != "wrong" or not (claim.chain.given or claim.chain.chosen):
        return found
    return replace(found, mark="missing", detail=f"{INCOMPLETE}: only for your choice")


def _gathered(question: Question, target: Target, entries: Mapping[tuple[str, ...], wire.Finding]) -> wire.Finding:
    """An answer by its entries: one that is wrong makes it wrong, all of them make it whole."""
    for mark in ("wrong", "unread"):
        for one in entries.values():
            if one.mark == mark:
                return one
    known = question.known
    dimensions = [*known.shapes.get(known.name(target.left.by), ())]
    if known.shapes.get(known.name(target.of)):
        dimensions = [*known.shapes[known.name(target.of)], *dimensions]
    usual = known.setting.sizes[0]
    sizes = [usual[name] if usual[name] > 1 else 0 for name in dimensions]
    count = prod(sizes)
    if target.condition and count:
        count = sizes[0] if target.condition == "=" else count - sizes[0]
    last = list(entries.values())[-1]
    if count and len(entries) >= count:
        return last
    whole = f"{len(entries)} of its {count} entries" if count else "single entries"
    detail = f"{INCOMPLETE}: {whole} {'is' if len(entries) == 1 and count else 'are'} given"
    return replace(last, mark="missing", detail=detail)


def told(side: Side) -> str:
    """A side as it was written, or spelled in one way where its letters are those of the setting."""
    return to_latex(side.node) if side.node and not side.renamed else side.latex


def _last_side(claim: Claim, target: Target) -> wire.Finding:
    """Hold the last side of a chain, or of what stands before something else, against its first."""
    chain, reading = claim.chain, claim.reading
    first, side = claim.ends
    found = replace(
        _finding(chain.asking, target, "unread"),
        piece=chain.piece,
        line=reading.line(chain.piece, side.at),
        latex=wire.printable(told(side)),
    )
    if side.node is None or first.node is None:
        return replace(found, detail=wire.printable(f"cannot read {side.problem}"))
    if reading.other_delta and side.has(DELTAS):
        return replace(found, detail=OTHER_DELTA)
    claim = claim.under(replace(chain, condition=_condition(chain, target), asked=bool(target.condition)))
    decided = claim.decided()
    detail = decided.detail
    if decided.mark == "fails" and is_an_example(chain, claim.ends):
        return replace(found, mark="missing", detail=f"{INCOMPLETE}: {EXAMPLE}")
    if decided.mark == "fails" and (why := doubt(claim, answer=True)):
        return replace(found, detail=wire.printable(f"{DOUBTFUL}{why}: {detail}"))
    if decided.mark == "fails" and (hint := hint_of(claim.chain, (first.node, side.node), claim.layout, reading)):
        detail = f"{hint}: {detail}"
    if decided.mark == "holds" and (why := unfounded(claim)):
        return replace(found, detail=wire.printable(why))
    if decided.only and decided.only != claim.chain.asking.known.usual:
        return replace(found, mark="missing", detail=f"{INCOMPLETE}: only for {decided.only}")
    mark: Mark = "right" if decided.mark == "holds" else "wrong" if decided.mark == "fails" else "unread"
    return replace(found, mark=mark, detail=wire.printable(detail))


def _resting(
    target: Target,
    question: Question,
    one: wire.Finding,
    side: Side | None,
    found: Sequence[tuple[Target, Question, wire.Finding, Side | None]],
) -> wire.Finding:
    """An answer that is right by another answer is wrong where that is."""
    if one.mark != "right" or side is None or side.node is None:
        return one
    known = question.known
    for below in t.walk(side.node):
        if (
            not isinstance(below, t.Partial)
            or not isinstance(below.of, t.Symbol)
            or known.name(below.of) == known.name(target.of)
        ):
            continue
        for other, asked, finding, _ in found:
            same = matches(replace(below, by=replace(below.by, indices=())), other, asked)
            if same and finding.mark == "wrong":
                detail = f"the step is right, but it rests on your answer {other.name}, which is wrong"
                return replace(one, mark="wrong", detail=detail)
    return one


def _covers(chain: Chain, target: Target) -> bool:
    """Whether a chain about dv_i/du_j is about this case of it."""
    if not target.condition:
        return True
    left = chain.sides[0].node
    if not isinstance(left, t.Partial):
        return False
    if not isinstance(left.of, t.Symbol) or len(left.of.indices) != 1 or len(left.by.indices) != 1:
        return True
    if left.of.indices == left.by.indices:
        return target.condition == "="
    if all(map(str.isdecimal, (*left.of.indices, *left.by.indices))):
        return target.condition == "!"
    last = chain.sides[-1].node
    if last is not None and tells_apart(last):
        return True
    if chain.condition and {*chain.condition[:2]} == {*left.of.indices, *left.by.indices}:
        return chain.condition[2] is (target.condition == "=")
    return True


def _condition(chain: Chain, target: Target) -> Condition | None:
    left = chain.sides[0].node
    derivative = left if isinstance(left, t.Partial) and isinstance(left.of, t.Symbol) else None
    if target.condition and derivative and isinstance(derivative.of, t.Symbol):
        if not derivative.of.indices or not derivative.by.indices:
            return chain.condition
        i, j = derivative.of.indices[0], derivative.by.indices[0]
        return (i, j, target.condition == "=") if i != j else None
    return chain.condition


def _is_final(node: t.Node, target: Target, chain: Chain) -> bool:
    """Whether a side says the answer: only derivatives that are given, or of the costs of which another is made.

    A letter of the student's own that stands for what is asked says nothing.
    """
    known = chain.asking.known
    costs = known.costs(known.name(target.of))
    given = {known.setting.functions[cost] for cost in costs}
    others = {*costs} - {known.name(target.of)}
    for below in t.walk(node):
        if isinstance(below, t.Operation) and below.name in {"prime", "differential", LIMIT}:
            return False
        if isinstance(below, t.Symbol):
            own = chain.definitions.get((below.name, len(below.indices))) or chain.definitions.get((below.name, 0))
            if own and any(matches(one, target, chain.asking) for one in t.walk(own.body)):
                return False
        if not isinstance(below, t.Partial):
            continue
        of = below.of.function if isinstance(below.of, t.Applied) else below.of
        name = known.name(of) if isinstance(of, t.Symbol) else ""
        if name not in others and not (name in costs and known.name(below.by) in given):
            return False
    return True
