"""Every equality of an assignment's derivations, decided; what is printed comes from the trees that were decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.derivation import tree as t
from autograder.derivation.canonical import contains
from autograder.derivation.context import Context
from autograder.derivation.deciding import context_of, decide, shape_of, written_out
from autograder.derivation.parsing import ParseError, parse, parse_condition
from autograder.derivation.printing import condition_latex, to_latex
from autograder.derivation.records import Decided, Decision, Proof, ProvedDerivation, ProvedStep
from autograder.derivation.rules import RESULT_OF, RULES
from autograder.errors import AssignmentError
from autograder.model import Assignment, Derivation, Question


def prove(assignment: Assignment) -> Proof:
    """Decide every equality of every derivation.

    Parameters
    ----------
    assignment : Assignment
        The homework.

    Returns
    -------
    Proof
        All equalities, those that do not hold too.

    Raises
    ------
    AssignmentError
        If a line cannot be read or a rule is not known.
    """
    return Proof(derivations=tuple(each(assignment)))


def each(assignment: Assignment) -> Iterator[ProvedDerivation]:
    """Prove one derivation after the other.

    Parameters
    ----------
    assignment : Assignment
        The homework.

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
    derivations = [(question, derivation) for question in assignment.questions for derivation in question.derivations]
    for question, derivation in derivations:
        _lines(question, derivation, known)
    number, boxed = 1, Counter[str]()
    for question, derivation in derivations:
        boxed[question.id] += derivation.result
        label = f"{question.id.removeprefix('q')}.{boxed[question.id]}" if derivation.result else ""
        found = prove_derivation(question, derivation, results=known, first=number, label=label)
        number += len(found.steps)
        yield found


def results(assignment: Assignment) -> dict[str, tuple[t.Node, ...]]:
    """Collect the results that a later question may use.

    Parameters
    ----------
    assignment : Assignment
        The homework.

    Returns
    -------
    dict of str to tuple of Node
        The last sides of the derivations that are results, by question.
    """
    return {
        question.id: tuple(
            _read(question, derivation, len(derivation.steps), derivation.steps[-1].latex)
            for derivation in question.derivations
            if derivation.result and derivation.steps
        )
        for question in assignment.questions
    }


def prove_derivation(
    question: Question,
    derivation: Derivation,
    *,
    results: dict[str, tuple[t.Node, ...]],
    first: int = 1,
    label: str = "",
) -> ProvedDerivation:
    """Decide every equality of one derivation.

    Parameters
    ----------
    question : Question
        Where it stands; its setting says what symbols mean.
    derivation : Derivation
        The chain.
    results : dict of str to tuple of Node
        What a step may take from other questions.
    first : int
        Number of its first equality.
    label : str
        What its result is called.

    Returns
    -------
    ProvedDerivation
        Its equalities, printed from the trees that were decided.

    Raises
    ------
    AssignmentError
        If a line cannot be read or a rule is not known.
    """
    if question.setting is None:
        raise AssertionError("a question with derivations has a setting")
    sides, condition = _lines(question, derivation, results)
    context = context_of(question.setting, condition, derivation.columns)
    steps = []
    for place, step in enumerate(derivation.steps):
        decision = decide_step((sides[0], sides[place], sides[place + 1]), context, step.rule, results)
        steps.append(
            ProvedStep(
                latex=to_latex(sides[place + 1]),
                rule=step.rule,
                reason=step.reason,
                number=first + place,
                holds=decision.holds,
                decisions=decision.decisions,
                complaint=decision.complaint,
            )
        )
    return ProvedDerivation(
        question=question.id,
        title=derivation.title,
        left=to_latex(sides[0]),
        steps=tuple(steps),
        condition=condition_latex(condition) if condition else "",
        assumes=derivation.assumes,
        remarks=derivation.remarks,
        shape=shape_of(sides, context),
        when=_when(sides, context, derivation),
        result=label,
        in_words=derivation.in_words,
    )


def _when(sides: Sequence[t.Node], context: Context, derivation: Derivation) -> str:
    """Say what is special about a chain: its size, its layout."""
    special = []
    if written_out(sides, context):
        special.append("for " + " and ".join(f"${name} = {n}$" for name, n in context.setting.written_out.items()))
    if derivation.columns:
        special.append("as a column")
    return ", ".join(special)


def _lines(
    question: Question, derivation: Derivation, results: dict[str, tuple[t.Node, ...]]
) -> tuple[list[t.Node], t.Condition | None]:
    """Read all sides and the condition; every rule must be known."""
    sides = [_read(question, derivation, 0, derivation.left)]
    for place, step in enumerate(derivation.steps, start=1):
        sides.append(_read(question, derivation, place, step.latex))
        if step.rule not in RULES and step.rule not in {RESULT_OF + name.removeprefix("q") for name in results}:
            raise AssignmentError(
                f"{_place(question, derivation)}, step {place}: no rule {step.rule!r}; there are {', '.join(RULES)}, "
                f"and such as 'question 1a' for a result"
            )
    if not derivation.condition:
        return sides, None
    try:
        return sides, parse_condition(derivation.condition)
    except ParseError as error:
        where = _place(question, derivation)
        raise AssignmentError(f"{where}: cannot read the condition {derivation.condition!r}: {error.hint}") from None


def decide_step(
    sides: tuple[t.Node, t.Node, t.Node], context: Context, rule: str, results: dict[str, tuple[t.Node, ...]]
) -> Decision:
    """Decide a side against the one before by its rule, and against the first.

    Parameters
    ----------
    sides : (Node, Node, Node)
        The first side, the one before (it may be the same object), the side itself.
    context : Context
        What symbols mean.
    rule : str
        What the step names.
    results : dict of str to tuple of Node
        What a step may take from other questions.

    Returns
    -------
    Decision
        Both together.
    """
    first, before, side = sides
    follows = decide(before, side, context, rule=rule)
    if not follows.holds:
        return follows
    decisions = follows.decisions
    if rule.startswith(RESULT_OF):
        cited = results["q" + rule.removeprefix(RESULT_OF)]
        if not any(contains(side, result) for result in cited):
            return Decision(verdict="differs", complaint=f"it holds no result of {rule}")
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
