"""Every equality of an assignment's derivations, decided; what is printed comes from the trees that were decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from autograder.errors import AssignmentError
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.canonical import contains
from autograder.mathematics.formulas.context import Context, UnreadError
from autograder.mathematics.formulas.parsing import ParseError, parse, parse_condition
from autograder.mathematics.formulas.printing import condition_latex, to_latex
from autograder.mathematics.proof.bounded import STEP_SECONDS, bounded
from autograder.mathematics.proof.deciding import context_of, decide, shape_of, written_out
from autograder.mathematics.proof.records import Decided, Decision, Proof, ProvedDerivation, ProvedStep
from autograder.mathematics.proof.rules import RESULT_OF, RULES
from autograder.model import Assignment, Derivation, Question

#: What a step may take from a question, by its id.
Results: TypeAlias = Mapping[str, tuple[t.Node, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Chain:
    """A derivation, read."""

    question: str
    derivation: Derivation
    #: What its result is called.
    label: str
    #: Number of its first equality.
    first: int
    sides: tuple[t.Node, ...]
    context: Context


def prove(assignment: Assignment) -> Proof:
    """Decide every equality of every derivation; those that do not hold are in the proof too.

    Raises
    ------
    AssignmentError
        If a line cannot be read or a rule is not known.
    """
    return Proof(derivations=tuple(each(assignment)))


def each(assignment: Assignment, *, question: str = "", seconds: float = STEP_SECONDS) -> Iterator[ProvedDerivation]:
    """Prove one derivation after the other.

    Parameters
    ----------
    assignment : Assignment
        The homework.
    question : str
        Id of the only question that is proved; all when empty. Numbers and names stay those of the whole homework.
    seconds : float
        CPU time that an equality may take.

    Yields
    ------
    ProvedDerivation
        In order.

    Raises
    ------
    AssignmentError
        If any line cannot be read or a rule is not known; before the first is decided.
    """
    known = results(assignment)
    chains = list(_chains(assignment, question, known))
    places = [(chain, place) for chain in chains for place in range(len(chain.derivation.steps))]

    def work(made: Sequence[Decision]) -> Iterator[Decision]:
        last = made[-1] if made else None
        for chain, place in places[len(made) :]:
            last = _decide(chain, place, None if place == 0 else last, known)
            yield last

    decisions = bounded(work, len(places), seconds)
    for chain in chains:
        yield _proved(chain, list(islice(decisions, len(chain.derivation.steps))))


def _chains(assignment: Assignment, only: str, known: Results) -> Iterator[_Chain]:
    """Read the derivations; all are numbered, though but one question's are wanted."""
    first = 1
    for question in assignment.questions:
        boxed = 0
        for derivation in question.derivations:
            boxed += derivation.result
            if only in ("", question.id):
                label = f"{question.id.removeprefix('q')}.{boxed}" if derivation.result else ""
                yield _read_chain(question, derivation, known, label=label, first=first)
            first += len(derivation.steps)


def _decide(chain: _Chain, place: int, last: Decision | None, known: Results) -> Decision:
    """Decide a step; one that follows a side that is not proved is held against the first side alone."""
    sides = chain.sides
    if last is None or last.verdict in _PROVED_IN_VALUE:
        chosen = (sides[0], sides[place], sides[place + 1])
        return decide_step(chosen, chain.context, chain.derivation.steps[place].rule, known)
    found = decide(sides[0], sides[place + 1], chain.context)
    if not found.holds:
        return replace(found, complaint=f"against the first side: {found.complaint}")
    why = "the side before is not proved; this one equals the first side"
    return Decision(verdict="untried", complaint=why)


#: After these the side is known to equal the first one.
_PROVED_IN_VALUE = ("holds", "unfounded", "untried")


def _proved(chain: _Chain, decisions: Sequence[Decision]) -> ProvedDerivation:
    derivation, sides = chain.derivation, chain.sides
    steps = tuple(
        ProvedStep(
            latex=to_latex(side),
            rule=step.rule,
            reason=step.reason,
            number=number,
            verdict=decision.verdict,
            decisions=decision.decisions,
            complaint=decision.complaint,
        )
        for number, (side, step, decision) in enumerate(
            zip(sides[1:], derivation.steps, decisions, strict=True), start=chain.first
        )
    )
    condition = chain.context.condition
    # A shape is evaluated here and not within bounds: only where all that it needs has been, and ended.
    shown = all(decision.holds for decision in decisions)
    return ProvedDerivation(
        question=chain.question,
        title=derivation.title,
        left=to_latex(sides[0]),
        steps=steps,
        condition=condition_latex(condition) if condition else "",
        assumes=derivation.assumes,
        remarks=derivation.remarks,
        shape=shape_of(sides, chain.context) if shown else (),
        when=_when(sides, chain.context, derivation) if shown else "",
        result=chain.label,
        in_words=derivation.in_words,
        general=derivation.general,
    )


def results(assignment: Assignment) -> Results:
    """Collect by question what a later one may use: the last sides of the derivations that are results."""
    return {
        question.id: tuple(
            _read(question, derivation, len(derivation.steps), derivation.steps[-1].latex)
            for derivation in question.derivations
            if derivation.result and derivation.steps
        )
        for question in assignment.questions
    }


def _when(sides: Sequence[t.Node], context: Context, derivation: Derivation) -> str:
    """Say what is special about a chain: its size, its layout."""
    special = []
    if written_out(sides, context):
        special.append("for " + " and ".join(f"${name} = {n}$" for name, n in context.setting.written_out.items()))
    if derivation.columns:
        special.append("as a column")
    return ", ".join(special)


def _read_chain(question: Question, derivation: Derivation, known: Results, *, label: str, first: int) -> _Chain:
    """Read all sides and the condition; every rule must be known."""
    if question.setting is None:
        raise AssertionError("a question with derivations has a setting")
    sides = [_read(question, derivation, 0, derivation.left)]
    for place, step in enumerate(derivation.steps, start=1):
        sides.append(_read(question, derivation, place, step.latex))
        if step.rule not in RULES and step.rule not in {RESULT_OF + name.removeprefix("q") for name in known}:
            raise AssignmentError(
                f"{_place(question, derivation)}, step {place}: no rule {step.rule!r}; there are {', '.join(RULES)}, "
                "and, for a result, its question, such as 'question 1a'"
            )
    setting = replace(question.setting, symbols={**question.setting.symbols, **derivation.symbols})
    context = context_of(setting, _condition(question, derivation), derivation.columns)
    try:
        _ = context.definitions
    except (ParseError, UnreadError) as error:
        raise AssignmentError(f"{question.id}: cannot read a definition of its setting: {error}") from None
    return _Chain(
        question=question.id,
        derivation=derivation,
        label=label,
        first=first,
        sides=tuple(sides),
        context=context,
    )


def _condition(question: Question, derivation: Derivation) -> t.Condition | None:
    if not derivation.condition:
        return None
    try:
        return parse_condition(derivation.condition)
    except ParseError as error:
        where = _place(question, derivation)
        raise AssignmentError(f"{where}: cannot read the condition {derivation.condition!r}: {error.hint}") from None


def decide_step(sides: tuple[t.Node, t.Node, t.Node], context: Context, rule: str, known: Results) -> Decision:
    """Decide a side, the last, against the one before by its rule, and against the first (maybe the same object)."""
    first, before, side = sides
    follows = decide(before, side, context, rule=rule)
    if not follows.holds:
        return follows
    decisions = follows.decisions
    if rule.startswith(RESULT_OF):
        cited = known["q" + rule.removeprefix(RESULT_OF)]
        if not any(contains(side, result) for result in cited):
            return Decision(verdict="unfounded", complaint=f"it holds no result of {rule}")
        decisions = (*decisions, Decided(kind="result", rule=rule, words=f"a result of {rule} stands in it"))
    if before is first:
        return replace(follows, decisions=decisions)
    right = decide(first, side, context)
    if not right.holds:
        return Decision(verdict=right.verdict, complaint=f"against the first side: {right.complaint}")
    return replace(follows, decisions=(*decisions, *(replace(one, first=True) for one in right.decisions)))


def _read(question: Question, derivation: Derivation, place: int, latex: str) -> t.Node:
    where = f"{_place(question, derivation)}, " + (f"step {place}" if place else "left side")
    try:
        node = parse(latex)
    except ParseError as error:
        raise AssignmentError(f"{where}: cannot read {latex!r} {error}") from None
    if parse(to_latex(node)) != node:
        raise AssertionError(f"{where}: printing and reading {latex!r} gives another tree")
    return node


def _place(question: Question, derivation: Derivation) -> str:
    return f"{question.id}, {derivation.title!r}"
