"""Letters of the student's own for a matrix taken apart: for all of its columns in one, for its columns or its rows."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from autograder.mathematics.answers.chains import Chain, Side
from autograder.mathematics.answers.scanner import ANY
from autograder.mathematics.formulas import tree as t

_VEC = ("vec",)
Stacked = Mapping[str, t.Symbol]
"""By letter: the matrix."""
Kind = Literal["columns", "rows", "rows turned"]
Lines = Mapping[str, tuple[t.Symbol, Kind]]
"""By letter: the matrix, and what of it is meant."""


def stacked_letters(chains: Sequence[Chain]) -> list[Chain]:
    """Give chains with the columns themselves in place of letters for them, of which derivatives may be taken, too."""
    chains = _with_blocks(_with_lines(chains))
    found: dict[int, tuple[str, t.Symbol]] = {}
    for chain in chains:
        if (one := _stacked(chain)) is not None:
            found[chain.number] = one
    if not found:
        return list(chains)
    letters = dict(found.values())
    return [
        replace(_written_out(chain, letters), defines=chain.defines or chain.number in found)
        if chain.question
        else chain
        for chain in chains
    ]


def _with_lines(chains: Sequence[Chain]) -> Sequence[Chain]:
    """Chains with columns or rows of a matrix in place of a letter for them, where a line puts the matrix together."""
    lines = {name: (matrix, kind) for chain in chains for name, matrix, kind in _lines_in(chain)}
    if not lines:
        return chains

    def line(symbol: t.Symbol) -> t.Symbol:
        matrix, kind = lines[symbol.name]
        return replace(matrix, indices=(ANY, *symbol.indices) if kind == "columns" else symbol.indices)

    def change(node: t.Node) -> t.Node | None:
        match node:
            case t.Partial(of=of, by=t.Symbol(name=name, indices=(_,)) as by) if name in lines:
                return t.Partial(of=t.changed(of, change), by=line(by))
            case t.Symbol(name=name, indices=(_,)) if name in lines:
                return t.Transpose(of=line(node)) if lines[name][1] == "rows turned" else line(node)
        return None

    telling = {chain.number for chain in chains if any(True for _ in _lines_in(chain))}
    return [
        replace(chain, defines=True)
        if chain.number in telling
        else _or_turned(chain.changed(change, lines), {matrix.name for matrix, _ in lines.values()})
        for chain in chains
    ]


def _or_turned(chain: Chain, matrices: Container[str]) -> Chain:
    """A chain in which rows, and derivatives by a row or a column, may lie the other way, too."""

    def turned(node: t.Node) -> t.Node | None:
        match node:
            case t.Transpose(of=t.Symbol(name=name, indices=(_,)) as row) if name in matrices:
                return row
            case t.Symbol(name=name, indices=(_,)) if name in matrices:
                return t.Transpose(of=node)
            case t.Partial(by=t.Symbol(name=name, indices=(_,) | (":", _))) if name in matrices:
                return t.Transpose(of=node)
        return None

    def side_of(side: Side) -> Side:
        if side.node is None or not side.renamed or (other := t.changed(side.node, turned)) == side.node:
            return side
        return replace(side, others=(*side.others, other))

    return replace(chain, sides=tuple(map(side_of, chain.sides)))


def _lines_in(chain: Chain) -> Iterator[tuple[str, t.Symbol, Kind]]:
    """The letter that a chain has for the columns or the rows of which it puts a matrix together."""
    match chain.sides[0].node, chain.sides[1].node:
        case t.Symbol(indices=()) as matrix, t.Operation(name="array", of=of, indices=shape) if (
            chain.question and len(chain.asking.known.shapes.get(chain.asking.known.name(matrix), ())) == 2
        ):
            letters = [one for one in of if one != t.Operation(name="dots")]
            bare = [one.of if isinstance(one, t.Transpose) else one for one in letters]
            own = all(isinstance(one, t.Symbol) and len(one.indices) == 1 for one in bare)
            names = {one.name for one in bare if isinstance(one, t.Symbol)}
            laid = {isinstance(one, t.Transpose) for one in letters}
            if own and len(names) == len(laid) == 1 and "1" in shape and not names & chain.asking.known.words:
                if shape[0] == "1" and laid == {False}:
                    yield names.pop(), matrix, "columns"
                elif shape[0] != "1":
                    yield names.pop(), matrix, "rows turned" if laid == {True} else "rows"


def _with_blocks(chains: Sequence[Chain]) -> Sequence[Chain]:
    """Chains with derivatives by what stands side by side in place of those by a letter for all of it."""
    blocks = {name: row for chain in chains for name, row in _blocks_in(chain)}

    def change(node: t.Node) -> t.Node | None:
        match node:
            case t.Partial(of=of, by=t.Symbol(name=name, indices=())) if name in blocks:
                return t.Matrix(rows=(tuple(t.Partial(of=t.changed(of, change), by=by) for by in blocks[name]),))
        return None

    return [chain.changed(change) for chain in chains] if blocks else chains


def _blocks_in(chain: Chain) -> Iterator[tuple[str, tuple[t.Symbol, ...]]]:
    """The letter that a chain has for inputs side by side, the first of which is a matrix."""
    match chain.sides[0].node, chain.sides[1].node:
        case t.Symbol(name=name, indices=()), t.Matrix(rows=(row,)) if chain.question and len(row) > 1:
            known = chain.asking.known
            inputs = [one for one in row if isinstance(one, t.Symbol) and known.setting.symbols.get(known.name(one))]
            wide = bool(inputs) and len(known.setting.symbols[known.name(inputs[0])]) == 2
            if wide and len({known.name(one) for one in inputs}) == len(row) and not known.find(t.Symbol(name=name)):
                yield name, tuple(inputs)


def _stacked(chain: Chain) -> tuple[str, t.Symbol] | None:
    match chain.sides[0].node, chain.sides[1].node:
        case t.Symbol(name=name, indices=()), t.Operation(name="vec", of=(t.Symbol(indices=()) as of,)) if (
            chain.question and name not in chain.asking.known.shapes and chain.asking.known.name(of)
        ):
            return name, of
    return None


def _written_out(chain: Chain, letters: Stacked) -> Chain:
    def change(node: t.Node) -> t.Node | None:
        match node:
            case t.Partial(of=of, by=t.Symbol(name=name, indices=()) as by) if name in letters:
                return t.Partial(of=t.changed(of, change), by=replace(by, name=letters[name].name, indices=_VEC))
            case t.Symbol(name=name, indices=()) if name in letters:
                return t.Operation(name="vec", of=(letters[name],))
        return None

    return chain.changed(change, letters)


def by_columns(side: t.Node) -> t.Node:
    """A side with derivatives by a whole letter taken by its columns, one below the other."""

    def change(node: t.Node) -> t.Node | None:
        match node:
            case t.Partial(by=t.Symbol(indices=()) as by):
                return replace(node, by=replace(by, indices=_VEC))
        return None

    return t.changed(side, change)
