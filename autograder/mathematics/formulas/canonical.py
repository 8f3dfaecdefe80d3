"""Trees that say the same but for bookkeeping: order of terms and of numbers, factors 1, dots, double signs."""

from dataclasses import replace

from autograder.mathematics.formulas import tree as t


def canonical(node: t.Node) -> t.Node:
    """Bring a tree into one order; it knows nothing of values.

    Two trees become equal that differ in the order of terms, in the order of factors that are numbers, in factors 1, in
    dots, in signs that cancel, in bound letters and in the letter of an index where two agree.
    """
    match node:
        case t.Plus():
            terms = tuple(sorted(map(canonical, node.terms), key=repr))
            return t.Plus(terms=terms)
        case t.Negative():
            of = canonical(node.of)
            return of.of if isinstance(of, t.Negative) else t.Negative(of=of)
        case t.Times():
            return _times([canonical(factor) for factor in node.factors])
        case t.Fraction():
            above, below = canonical(node.numerator), canonical(node.denominator)
            if isinstance(above, t.Negative):
                return t.Negative(of=t.Fraction(numerator=above.of, denominator=below))
            return t.Fraction(numerator=above, denominator=below)
        case t.Partial():
            return replace(node, of=canonical(node.of))
        case t.Power():
            base = canonical(node.base)
            if node.exponent == t.Number(digits="2") and isinstance(base, t.Negative):
                base = base.of
            return t.Power(base=base, exponent=canonical(node.exponent))
        case t.Transpose():
            return t.Transpose(of=canonical(node.of))
        case t.Function():
            return replace(node, argument=canonical(node.argument))
        case t.Total():
            # A bound letter may be any; the level keeps nested ones apart.
            name = f"bound{sum(isinstance(below, t.Total) for below in t.walk(node))}"
            body = canonical(t.reindexed(node.body, {node.index: name}))
            node = replace(node, index=name)
            if isinstance(body, t.Negative):
                return t.Negative(of=replace(node, body=body.of))
            return replace(node, body=body)
        case t.Matrix():
            return t.Matrix(rows=tuple(tuple(map(canonical, row)) for row in node.rows))
        case t.Cases():
            rows = [
                (
                    canonical(
                        t.reindexed(value, {when.right: when.left})
                        if isinstance(when, t.Condition) and when.equal
                        else value
                    ),
                    when,
                )
                for value, when in node.rows
            ]
            return t.Cases(rows=tuple(rows if rows[-1][1] is None else sorted(rows, key=repr)))
        case t.Operation():
            return replace(node, of=tuple(map(canonical, node.of)))
        case t.Symbol(name="delta"):
            return replace(node, indices=tuple(sorted(node.indices)))
        case _:
            return node


def _times(factors: list[t.Node]) -> t.Node:
    """Numbers first and sorted, matrices after them in order, signs in front."""
    flat: list[t.Node] = []
    minus = False
    for factor in factors:
        inner = factor
        if isinstance(inner, t.Negative):
            minus, inner = not minus, inner.of
        flat += inner.factors if isinstance(inner, t.Times) else [inner]
    flat = [factor for factor in flat if factor != t.Number(digits="1")]
    ordered = sorted((f for f in flat if not _is_matrix(f)), key=repr) + [f for f in flat if _is_matrix(f)]
    if not ordered:
        whole: t.Node = t.Number(digits="1")
    elif len(ordered) == 1:
        whole = ordered[0]
    else:
        whole = t.Times(factors=tuple(ordered), dots=(False,) * (len(ordered) - 1))
    return t.Negative(of=whole) if minus else whole


def _is_matrix(node: t.Node) -> bool:
    return any(
        isinstance(below, t.Matrix) or (isinstance(below, t.Symbol) and below.bold and not below.indices)
        for below in t.walk(node)
    )


def contains(node: t.Node, part: t.Node) -> bool:
    """Tell whether a tree has another in it, as a node or as neighboring factors."""
    sought = canonical(part)
    for below in t.walk(canonical(node)):
        if below == sought:
            return True
        if isinstance(below, t.Times) and isinstance(sought, t.Times):
            length = len(sought.factors)
            if any(below.factors[k : k + length] == sought.factors for k in range(len(below.factors) - length + 1)):
                return True
    return False
