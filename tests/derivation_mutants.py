"""Mutants of every side of every derivation: each is caught at its own line, or says the same as before.

``python -m tests.derivation_mutants`` runs them all and prints the counts.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.loading import load_assignment
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.canonical import canonical
from autograder.mathematics.formulas.context import Context
from autograder.mathematics.formulas.parsing import parse, parse_condition
from autograder.mathematics.formulas.printing import to_latex
from autograder.mathematics.proof.deciding import context_of
from autograder.mathematics.proof.proving import decide_step, results
from autograder.model import Assignment, Derivation

ONE = t.Number(digits="1")
INDICES = {"1": "2", "2": "1", "i": "j", "j": "i", "k": "i", "l": "j", "n": "i"}
SYMBOLS = {"x": "b", "b": "x", "w": "y", "W": "x", "y": "x", "C": "y", "beta": "x", "J": "y"}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    kind: str
    question: str
    derivation: Derivation
    place: int  # 0 is the left side
    original: t.Node
    tree: t.Node

    @property
    def name(self) -> str:
        return f"{self.question}, {self.derivation.title}, side {self.place}, {self.kind}: {to_latex(self.tree)}"


def changes(node: t.Node) -> Iterator[tuple[str, t.Node]]:
    """Change one node, in every way that a slip of the pen might."""
    if not isinstance(node, t.Negative | t.Above):
        yield "sign", t.Negative(of=node)
    match node:
        case t.Number():
            yield "number", t.Number(digits=str(int(node.digits) + 1))
            if node.digits != "0":
                yield "number", t.Number(digits=str(int(node.digits) - 1))
        case t.Symbol():
            for place, index in enumerate(node.indices):
                digits = [INDICES.get(letter, letter) for letter in index]
                for k in range(len(index) if index.isdigit() else 1):
                    new = index[:k] + digits[k] + index[k + 1 :]
                    yield "index", replace(node, indices=(*node.indices[:place], new, *node.indices[place + 1 :]))
            if len(node.indices) == 2 or (node.indices and len(node.indices[0]) == 2):
                swapped = node.indices[::-1] if len(node.indices) == 2 else (node.indices[0][::-1],)
                yield "indices swapped", replace(node, indices=swapped)
            if node.name in SYMBOLS:
                yield "symbol", replace(node, name=SYMBOLS[node.name])
            if node.bold:
                yield "transpose", t.Transpose(of=node)
            if node.name == "C":
                yield "cost", replace(node, indices=() if node.indices else ("2",))
        case t.Negative():
            yield "sign", node.of
        case t.Plus():
            for k, term in enumerate(node.terms):
                flipped = term.of if isinstance(term, t.Negative) else t.Negative(of=term)
                yield "sign", t.Plus(terms=(*node.terms[:k], flipped, *node.terms[k + 1 :]))
                rest = (*node.terms[:k], *node.terms[k + 1 :])
                yield "term dropped", rest[0] if len(rest) == 1 else t.Plus(terms=rest)
            yield "term twice", t.Plus(terms=(*node.terms, node.terms[-1]))
            yield "order", t.Plus(terms=node.terms[::-1])
        case t.Times():
            for k in range(len(node.factors)):
                rest = (*node.factors[:k], *node.factors[k + 1 :])
                yield "factor dropped", rest[0] if len(rest) == 1 else t.Times(factors=rest, dots=node.dots[1:])
                yield "factor twice", t.Times(factors=(node.factors[k], *node.factors), dots=(False, *node.dots))
            yield "order", t.Times(factors=node.factors[::-1], dots=node.dots[::-1])
            yield "factor 1", t.Times(factors=(ONE, *node.factors), dots=(False, *node.dots))
        case t.Fraction():
            yield "upside down", t.Fraction(numerator=node.denominator, denominator=node.numerator)
            yield "denominator dropped", node.numerator
            yield "numerator dropped", t.Fraction(numerator=ONE, denominator=node.denominator)
        case t.Partial():
            if isinstance(node.of, t.Symbol) and node.of.indices:
                yield "upside down", t.Partial(of=node.by, by=node.of)
        case t.Power():
            yield "exponent", node.base
            yield "exponent", t.Power(base=node.base, exponent=t.Number(digits="3"))
        case t.Transpose():
            yield "transpose", node.of
        case t.Function():
            yield "function", node.argument
        case t.Operation():
            for argument in node.of:
                yield "function", argument
        case t.Above():
            yield "sides swapped", t.Above(left=node.right, right=node.left, strict=node.strict)
        case t.Total():
            yield "sum", node.body
            yield "lower limit", replace(node, lower=t.Number(digits="2"))
            if isinstance(node.upper, t.Symbol):
                yield "upper limit", replace(node, upper=t.Plus(terms=(node.upper, t.Negative(of=ONE))))
            if node.skipped:
                yield "condition", replace(node, skipped=())
                yield "condition", replace(node, skipped=("j",))
            else:
                yield "condition", replace(node, skipped=("i",))
        case t.Matrix():
            if len(node.rows) > 1:
                yield "rows swapped", t.Matrix(rows=node.rows[::-1])
                yield "row dropped", t.Matrix(rows=node.rows[1:])
            if len(node.rows[0]) > 1:
                yield "columns swapped", t.Matrix(rows=tuple(row[::-1] for row in node.rows))
                yield "column dropped", t.Matrix(rows=tuple(row[1:] for row in node.rows))
            yield "transpose", t.Transpose(of=node)
        case t.Cases():
            (one, when), (other, else_) = node.rows
            yield "cases swapped", t.Cases(rows=((other, when), (one, else_)))
            yield "condition", t.Cases(rows=((one, else_), (other, when)))
            yield "case dropped", one
            yield "order", t.Cases(rows=node.rows[::-1])


def mutants(assignment: Assignment) -> Iterator[Mutant]:
    for question in assignment.questions:
        for derivation in question.derivations:
            for place, latex in enumerate((derivation.left, *(step.latex for step in derivation.steps))):
                tree = parse(latex)
                seen = {tree}
                for node in t.walk(tree):
                    for kind, new in changes(node):
                        whole = t.changed(tree, lambda n, old=node, new=new: new if n is old else None)
                        if any(isinstance(n, t.Partial) and not isinstance(n.by, t.Symbol) for n in t.walk(whole)):
                            continue  # below the bar of a derivative stands a symbol
                        # What is printed is what is proved: a mutant is what its own LaTeX says.
                        changed = parse(to_latex(whole))
                        if changed not in seen:
                            seen.add(changed)
                            yield Mutant(
                                kind=kind,
                                question=question.id,
                                derivation=derivation,
                                place=place,
                                original=tree,
                                tree=changed,
                            )


TRUE = {
    r"q1a, Its derivative with respect to $\mathbf{W}$, side 1, factor twice: \delta_{ki} \delta_{ki} x_j",
    r"q2, The Jacobian, side 0, transpose: \mathbf{J}^\top",
}
"""What is as true as the line it was made from, by more than bookkeeping: 0 and 1 are their own squares, and that
Jacobian is symmetric."""


class Judge:
    """Tell what becomes of a mutant; what every mutant of a derivation shares is found once."""

    def __init__(self, assignment: Assignment) -> None:
        self._settings = {question.id: question.setting for question in assignment.questions}
        self._results = results(assignment)
        self._contexts: dict[int, Context] = {}

    def __call__(self, mutant: Mutant) -> str:
        """``caught`` at its line, ``equal`` by bookkeeping alone, else ``survived``.

        The sides before are as they were, and hold: so the first equality that fails is the mutant's own.
        """
        derivation = mutant.derivation
        if id(derivation) not in self._contexts:
            setting = self._settings[mutant.question]
            assert setting is not None
            setting = replace(setting, symbols={**setting.symbols, **derivation.symbols})
            condition = parse_condition(derivation.condition) if derivation.condition else None
            self._contexts[id(derivation)] = context_of(setting, condition, derivation.columns)
        if canonical(mutant.tree) == canonical(mutant.original) or mutant.name in TRUE:
            return "equal"
        sides = [parse(derivation.left), *(parse(step.latex) for step in derivation.steps)]
        sides[mutant.place] = mutant.tree
        place = max(mutant.place, 1)
        chosen = sides[0], sides[place - 1], sides[place]
        decision = decide_step(chosen, self._contexts[id(derivation)], derivation.steps[place - 1].rule, self._results)
        return "survived" if decision.holds else "caught"


def main() -> None:
    assignment = load_assignment(Path("solutions"))
    judge, counts, kinds = Judge(assignment), Counter[str](), Counter[str]()
    for mutant in mutants(assignment):
        verdict = judge(mutant)
        counts[verdict] += 1
        kinds[mutant.kind] += 1
        if verdict == "survived":
            print("survived:", mutant.name)
    print(", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print(
        f"{counts.total()} mutants: {counts['caught']} caught, each at its own line; {counts['equal']} say the same; "
        f"{counts['survived']} survived"
    )
    sys.exit(counts["survived"] > 0)


if __name__ == "__main__":
    main()
