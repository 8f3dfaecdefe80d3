"""Terms with dots between them, such as ``u_1 + u_2 + ... + u_n``: the sum that they stand for."""

from collections.abc import Sequence

from autograder.mathematics.answers.alike import common
from autograder.mathematics.answers.scanner import shifted
from autograder.mathematics.formulas import tree as t

_LETTERS = ("k", "l", "r", "s", "q", "u", "v")
Run = tuple[str, str]
"""The first index and the last."""


def written_out(terms: Sequence[t.Node], gap: int, *, product: bool = False) -> list[t.Node] | None:
    """Put a sum in the place of the terms around dots, which stand before the term `gap`; None if they are unlike.

    Of factors it is a product.
    """
    letter = _unused(terms)
    last = terms[gap]
    begin, found = gap, None
    while begin > 0 and letter:
        runs: set[Run] = set()
        general = _general(terms[begin - 1], last, letter, runs)
        if general is None or len(runs) != 1:
            break
        ((first, final),) = runs
        if not first.isdecimal() or (found and int(first) != int(found[1]) - 1):
            break
        begin, found = begin - 1, (general, first, final)
    if found is None:
        return None
    general, first, final = found
    sign = isinstance(general, t.Negative)
    body = general.of if isinstance(general, t.Negative) else general
    total = t.Total(index=letter, body=body, lower=t.Number(digits=first), upper=_limit(final), product=product)
    return [*terms[:begin], t.Negative(of=total) if sign else total, *terms[gap + 1 :]]


def going_on(terms: Sequence[t.Node], gap: int) -> list[t.Node] | None:
    """Put a sum of all that is like them in the place of the terms before dots behind which no last one stands."""
    letter = _unused(terms)
    begin, found = gap - 1, None
    while begin > 0 and letter:
        runs: set[Run] = set()
        general = _general(terms[begin - 1], terms[begin], letter, runs)
        first, following = next(iter(runs)) if len(runs) == 1 else ("", "")
        if general is None or not first.isdecimal() or following != f"{int(first) + 1}":
            break
        begin, found = begin - 1, (general, first)
    if found is None or isinstance(found[0], t.Negative):
        return None
    return [*terms[:begin], t.Total(index=letter, body=found[0], lower=t.Number(digits=found[1])), *terms[gap:]]


def through(first: t.Node, one: t.Node, last: t.Node | None) -> t.Node | None:
    """The sum over all that is like a first term, one of the others, and perhaps the last one."""
    letter = _unused([first, one])
    runs: set[Run] = set()
    general = _general(first, one, letter, runs) if letter else None
    if general is None or len(runs) != 1:
        return None
    ((begin, index),) = runs
    if (
        not begin.isdecimal()
        or index.isdecimal()
        or (last is not None and _general(one, last, letter, set()) != general)
    ):
        return None
    return t.Total(index=letter, body=general, lower=t.Number(digits=begin))


def one_of_many(term: t.Node) -> t.Node | None:
    """The sum of a term over the index that stands twice in it."""
    indices = [index for one in t.walk(term) if isinstance(one, t.Symbol) for index in one.indices]
    twice = {index for index in indices if index.isalpha() and indices.count(index) > 1}
    return t.Total(index=twice.pop(), body=term) if len(twice) == 1 else None


def _unused(terms: Sequence[t.Node]) -> str:
    used = {
        name for term in terms for n in t.walk(term) if isinstance(n, t.Symbol) for name in (n.name, *n.indices)
    } | {n.index for term in terms for n in t.walk(term) if isinstance(n, t.Total)}
    return next((one for one in _LETTERS if one not in used), "")


def _limit(index: str) -> t.Node:
    if index.isdecimal():
        return t.Number(digits=index)
    if (found := shifted(index)) is None:
        return t.Symbol(name=index)
    letter, step = found
    number = t.Number(digits=str(abs(step)))
    return t.Plus(terms=(t.Symbol(name=letter), t.Negative(of=number) if step < 0 else number))


def _general(one: t.Node, other: t.Node, letter: str, runs: set[Run]) -> t.Node | None:
    """What two terms have in common, and from which index to which they run where these differ."""

    def letter_for(first: str, last: str) -> str:
        runs.add((first, last))
        return letter

    return common(one, other, letter_for)
