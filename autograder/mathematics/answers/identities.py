"""Identities for any matrices and vectors, such as ``(A B)^T = B^T A^T``, in none of a question's letters."""

from collections.abc import Container, Iterator
from dataclasses import replace

from autograder.mathematics.answers.chains import Chain, Side, nodes_in
from autograder.mathematics.formulas import tree as t

_SIZE = 3
_OF_MATRICES = frozenset({"vec", "kronecker", "outer", "trace", "inner", "entrywise", "norm"})
_MOST = 6
"""Letters of one identity."""


def as_identity(chain: Chain, taken: Container[str]) -> Chain:
    """A chain about matrices and vectors that may be any, with some in their place; other chains stay as they are.

    Capital letters are square matrices, small ones are columns. What does not hold for them is not certain: they may be
    meant to be something else.
    """
    nodes = [*nodes_in(chain.sides)]
    letters = {below for below in nodes if isinstance(below, t.Symbol)}
    names = sorted({one.name for one in letters})
    if chain.question is None or chain.target or not 0 < len(names) <= _MOST or any(map(_is_no_entry, letters)):
        return chain
    known = chain.asking.known
    strange = [one for one in letters if len(one.name) == 1 and not (one.name in known.words or one.name in taken)]
    # A cost is a number: in a product of matrices its letter is another's.
    free = bool(strange) and all(one in strange or known.costs(known.name(one)) for one in letters)
    about = any(
        isinstance(one, t.Transpose) or (isinstance(one, t.Operation) and one.name in _OF_MATRICES) for one in nodes
    )
    derived = any(isinstance(one, t.Partial) or _moves(one) for one in nodes)
    if not free or not about or {*names} & {*known.dimensions, "I", "e"}:
        return chain
    if derived:
        doubtful = (replace(side, borrowed=side.borrowed | {*names}) for side in chain.sides)
        return replace(chain, sides=tuple(doubtful))
    values = {name: _any(name, place) for place, name in enumerate(names)}

    def change(below: t.Node) -> t.Node | None:
        if not isinstance(below, t.Symbol):
            return None
        whole = values[below.name]
        return t.Operation(name="entry", of=(whole,), indices=below.indices) if below.indices else whole

    def side_of(side: Side) -> Side:
        if side.node is None:
            return side
        changed = side.mapped(lambda node: t.changed(node, change))
        return replace(changed, renamed=True, borrowed=side.borrowed | {*names})

    return replace(chain, sides=tuple(map(side_of, chain.sides)))


def _is_no_entry(symbol: t.Symbol) -> bool:
    """Whether an index is more than a letter."""
    return not all(len(index) == 1 and index.isalpha() for index in symbol.indices)


def _moves(node: t.Node) -> bool:
    return isinstance(node, t.Operation) and node.name in {"differential", "prime", "slope"}


def _any(name: str, place: int) -> t.Matrix:
    """A matrix or a column of numbers of its own."""
    numbers = _numbers(place)
    wide = _SIZE if name.isupper() else 1
    return t.Matrix(rows=tuple(tuple(next(numbers) for _ in range(wide)) for _ in range(_SIZE)))


def _numbers(place: int) -> Iterator[t.Number]:
    number = 7 * place + 3
    while True:
        number = (number * 37 + 11) % 101
        yield t.Number(digits=f"{number}")
