"""What people do to one node of a formula: a sum, a product, a fraction, an element."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.naming.terms import (
    FIRST,
    LAST,
    ONE,
    ZERO,
    Form,
    Term,
    call,
    length,
    minus,
    number,
    over,
    plus,
    power,
    renamed,
    times,
)

OTHERS: Mapping[str, Sequence[str]] = {
    "exp": ("exp2", "expm1", "log", "tanh", "sinh", "sigmoid"),
    "log": ("log2", "log1p", "exp"),
    "tanh": ("sinh", "sigmoid"),
}
"""Functions that are taken for another."""
TWO, HALF = number(2), number(0.5)


@dataclass(frozen=True, kw_only=True, eq=False)
class New:
    """What takes a term's place."""

    kind: str
    symbol: str = ""
    term: Term


def symbols(term: Term) -> Iterator[Term]:
    """Iterate over the elements of symbols, but for those that are only in a shift."""
    if term.op == "largest":
        return
    if term.op in {"input", "named", "read"}:
        yield term
    for arg in term.args:
        yield from symbols(arg)


def seen(term: Term) -> Iterator[Term]:
    """All nodes but those in what is only a shift."""
    yield term
    if term.op != "largest":
        for arg in term.args:
            yield from seen(arg)


def undefined(form: Form, one: Term) -> Iterator[New]:
    """Take what is defined for the input that it is defined by."""
    for below in symbols(form.defined[one.name][1]) if one.op == "named" else ():
        if len(below.letters) == len(one.letters):
            yield New(kind="other symbol", symbol=one.name, term=replace(below, letters=one.letters))
            return


def of_node(form: Form, node: Term) -> Iterator[New]:
    """Change one node in every way that is known for it."""
    match node.op:
        case "input" | "named":
            yield from _of_element(form, node)
        case "number" if node.value not in {0.0, 1.0}:
            yield New(kind="missing factor" if node.value == 2 else "other number", term=ONE)
            for value in (node.value + 1, node.value * 2, node.value / 2, -node.value):
                yield New(kind="other number", term=number(value))
        case "number":
            yield New(kind="missing term" if node.value == 1 else "other number", term=ZERO)
            yield New(kind="other number", term=TWO)
        case "plus":
            yield from _of_sum(node)
            yield from _of_terms(form, node)
        case "count":
            yield New(kind="other number", term=plus(node, minus(ONE)))
            for other in map(length, dict.fromkeys(form.ranges.values())):
                if other != node:
                    yield New(kind="other number", term=other)
        case "times":
            yield from _of_product(node)
        case "minus":
            yield New(kind="wrong sign", term=node.args[0])
        case "over":
            yield from _of_fraction(node)
        case "power":
            yield from _of_power(node)
        case "call":
            yield from _of_call(node)
        case "sum":
            yield from _of_total(form, node)
        case "cases":
            yield from _of_cases(node)
        case "same" if set(node.letters) <= set(form.axes):
            yield New(kind="rule for equal indices", term=ONE)
            yield New(kind="rule for different indices", term=ZERO)
        case "same":
            yield New(kind="one term", term=ONE)
        case "label":
            yield New(kind="missing factor", term=ONE)
        case "upto":
            yield New(kind="wrong terms summed", term=ONE)
            yield New(kind="wrong terms summed", term=plus(node, minus(Term("same", letters=node.letters))))
            yield New(kind="wrong terms summed", term=replace(node, letters=node.letters[::-1]))
            yield New(kind="one term", term=Term("same", letters=node.letters))
        case "switch":
            yield New(kind="unused switch", symbol=node.name, term=node.args[0])
            yield New(kind="unused switch", symbol=node.name, term=node.args[1])
            yield New(kind="unused switch", symbol=node.name, term=replace(node, args=node.args[::-1]))


def _of_element(form: Form, node: Term) -> Iterator[New]:
    """An element of a symbol in one place: another index, nothing, another sign."""
    for at, letter in enumerate(node.letters):
        for other in (*form.ranges, FIRST, LAST):
            # In sight are the answer's own letters, and those of the sums around it; all others misfit.
            if other != letter and other in {FIRST, LAST, *form.axes, *node.letters}:
                letters = (*node.letters[:at], other, *node.letters[at + 1 :])
                yield New(kind="wrong index", symbol=node.name, term=replace(node, letters=letters))
    if len(node.letters) == 2:
        yield New(kind="wrong index", symbol=node.name, term=replace(node, letters=node.letters[::-1]))
    yield New(kind="missing factor", symbol=node.name, term=ONE)
    yield New(kind="extra factor", symbol=node.name, term=times(node, node))
    yield New(kind="wrong operation", symbol=node.name, term=over(ONE, node))
    yield from undefined(form, node)


def _of_sum(node: Term) -> Iterator[New]:
    for at, term in enumerate(node.args):
        others = (*node.args[:at], *node.args[at + 1 :])
        if not all(_is_shift(other) for other in others):
            yield New(kind="missing term", term=plus(*others))
        # Subtracted instead of added is another operation, added instead of subtracted a lost sign.
        kind = "wrong sign" if term.op == "minus" or at == 0 else "wrong operation"
        yield New(kind=kind, term=plus(*node.args[:at], minus(term), *node.args[at + 1 :]))
        if term.op == "minus":
            yield New(kind="missing term", term=term.args[0])
    yield _negated(node)
    yield New(kind="wrong operation", term=times(*node.args))
    yield New(kind="wrong operation", term=minus(times(*node.args)))
    if len(node.args) == 2 and not any(below.op == "same" for below in seen(node)):
        one, other = node.args
        yield New(kind="wrong operation", term=over(one, other.args[0] if other.op == "minus" else other))


def _of_terms(form: Form, node: Term) -> Iterator[New]:
    """Multiply one of several terms by a number; or keep it alone."""
    for at, term in enumerate(node.args):
        if _is_shift(term):
            continue

        def multiplied(factor: Term) -> Term:
            return plus(*node.args[:at], times(factor, term), *node.args[at + 1 :])  # noqa: B023

        for factor in (TWO, HALF):
            yield New(kind="other number", term=multiplied(factor))
        for letter in form.axes:
            share = over(ONE, length(form.ranges[letter]))
            yield New(kind="averaged or not", term=multiplied(share))
        if len(node.args) > 2:
            yield New(kind="missing term", term=term)


def _is_shift(term: Term) -> bool:
    """Whether a term of an exponent is there for the size of numbers alone."""
    return term.op == "minus" and term.args[0].op == "largest"


def _negated(node: Term) -> New:
    return New(kind="wrong sign", term=minus(node))


def _symbol_of(factor: Term) -> str:
    return factor.name if factor.op in {"input", "named", "read"} else ""


def _of_product(node: Term) -> Iterator[New]:
    for at, factor in enumerate(node.args):
        others = (*node.args[:at], *node.args[at + 1 :])
        symbol = _symbol_of(factor)
        if factor.op in {"same", "upto", "label"}:
            continue
        if factor.op == "number":
            yield New(kind="missing factor", term=times(*others))
            continue
        yield New(kind="missing factor", symbol=symbol, term=times(*others))
        yield New(kind="extra factor", symbol=symbol, term=times(factor, *node.args))
        yield New(kind="wrong operation", symbol=symbol, term=over(times(*others), factor))
        yield New(kind="wrong operation", symbol=symbol, term=plus(factor, times(*others)))
        yield New(kind="wrong operation", symbol=symbol, term=plus(times(*others), minus(factor)))
        yield New(kind="wrong operation", symbol=symbol, term=plus(factor, minus(times(*others))))
        if factor.op == "plus":
            # A bracket was left out: what stands before it is missing in the other terms.
            before = _symbol_of(times(*others))
            for first, *rest in (factor.args, factor.args[::-1]):
                yield New(kind="missing factor", symbol=before, term=plus(times(*others, first), *rest))
    yield _negated(node)


def _of_fraction(node: Term) -> Iterator[New]:
    above, below = node.args
    yield New(kind="missing denominator", term=above)
    yield New(kind="missing factor", symbol=_symbol_of(above), term=over(ONE, below))
    yield New(kind="wrong operation", term=over(below, above))
    yield New(kind="wrong operation", term=times(above, below))
    yield New(kind="wrong operation", term=plus(above, minus(below)))
    yield New(kind="wrong operation", term=over(above, plus(ONE, below)))
    yield New(kind="wrong power", term=over(above, power(below, TWO)))
    yield New(kind="wrong power", term=over(above, power(below, HALF)))
    # A share of 1 and itself.
    yield New(kind="wrong function", term=over(above, plus(ONE, above)))
    # The sum below leaves out the term above, or has it twice.
    yield New(kind="wrong terms summed", term=over(above, plus(below, minus(above))))
    yield New(kind="wrong terms summed", term=over(above, plus(below, above)))
    yield _negated(node)


def _of_power(node: Term) -> Iterator[New]:
    base, exponent = node.args
    yield New(kind="wrong power", term=base)
    yield New(kind="missing denominator", term=ONE)
    yield New(kind="wrong operation", term=times(exponent, base))
    if exponent.op == "number":
        for other in (exponent.value + 1, exponent.value + 2, exponent.value / 2, -exponent.value):
            yield New(kind="wrong power", term=power(base, number(other)))


def _of_call(node: Term) -> Iterator[New]:
    (arg,) = node.args
    yield New(kind="wrong function", term=arg)
    for other in OTHERS.get(node.name, ()):
        yield New(kind="wrong function", term=call(other, arg))
    yield New(kind="wrong sign", term=call(node.name, minus(arg)))
    if arg.op == "plus":
        # A term moved out of the argument.
        for at, term in enumerate(arg.args):
            others = plus(*arg.args[:at], *arg.args[at + 1 :])
            if not _is_shift(term):
                yield New(kind="wrong function", term=plus(call(node.name, others), term))
    if arg.op == "times":
        # A factor moved out of the argument.
        for at, factor in enumerate(arg.args):
            others = times(*arg.args[:at], *arg.args[at + 1 :])
            yield New(kind="wrong operation", symbol=_symbol_of(factor), term=times(factor, call(node.name, others)))
    yield _negated(node)


def _of_total(form: Form, node: Term) -> Iterator[New]:
    letter, *without = node.letters
    (body,) = node.args
    count = Term("count", node.name)
    # Where a delta leaves one term of a sum, nobody takes other ones.
    free = not any(below.op == "same" and letter in below.letters for below in seen(body))
    yield New(kind="averaged or not", term=over(node, count))
    yield New(kind="averaged or not", term=over(node, plus(count, minus(ONE))))
    for other in (*form.axes, FIRST, LAST):
        if other in {FIRST, LAST} or form.ranges[other] == form.ranges[letter]:
            one = _with(body, letter, other)
            yield New(kind="one term", term=one)
            if free and other not in without:
                yield New(kind="wrong terms summed", term=replace(node, letters=(*node.letters, other)))
            if free and other not in {FIRST, LAST}:
                some = replace(node, args=(times(Term("upto", letters=(letter, other)), body),))
                yield New(kind="wrong terms summed", term=some)
    if without:
        yield New(kind="wrong terms summed", term=replace(node, letters=(letter,)))
    yield New(kind="wrong sum", term=Term("largest", node.name, (letter,), (body,)))
    yield New(kind="wrong sum", term=Term("product", node.name, (letter,), (body,)))
    square = replace(node, args=(power(body, TWO),))
    yield New(kind="wrong sum", term=power(square, HALF))
    yield New(kind="wrong sum", term=square)
    yield New(kind="lost sign", term=replace(node, args=(call("abs", body),)))
    if body.op == "call":
        yield New(kind="wrong sum", term=call(body.name, replace(node, args=body.args)))
    yield _negated(node)


def _with(term: Term, letter: str, other: str) -> Term:
    """Take one term of a sum."""
    return renamed(term, {letter: other})


def _of_cases(node: Term) -> Iterator[New]:
    condition, yes, no = node.args
    yield New(kind="rule for equal indices", term=yes)
    yield New(kind="rule for different indices", term=no)
    if condition.op == "same":
        one, other = condition.letters
        yield New(kind="rule for equal indices", term=_with(yes, one, other))
        for letter, instead in ((one, other), (other, one)):
            yield New(kind="wrong index", term=replace(node, args=(condition, yes, _with(no, letter, instead))))
    yield New(kind="zero where different", term=replace(node, args=(condition, yes, ZERO)))
    yield New(kind="zero where equal", term=replace(node, args=(condition, ZERO, no)))
    yield New(kind="wrong operation", term=replace(node, args=(condition, no, yes)))
