"""What letters stand for that only words define: until a line confirms them, no other is wrong because of one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.mathematics.answers.chains import Chain
from autograder.mathematics.answers.definitions import Defined, Key
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.records import Definition
from autograder.mathematics.answers.sayings import Kind, Saying
from autograder.mathematics.answers.scanner import name_of
from autograder.mathematics.formulas import tree as t

_SYMBOL = re.compile(r"(?P<name>\\[A-Za-z]{2,10}|[A-Za-z])(?:_(?P<index>\\[a-z]{2,7}|\w))?")
_WRITTEN: dict[Kind, tuple[str, ...]] = {
    "numerator": ("num", "numer", "numerator"),
    "denominator": ("den", "denom", "denominator"),
}
_NAMES = {
    name: Saying(kind=kind, name=name)
    for kind, words in _WRITTEN.items()
    for name in (rf"\mathrm{{{word}}}" for word in words)
}
"""Words that stand in formulas for what they say."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """An output written as a fraction, and its indices there."""

    above: t.Node
    below: t.Node
    indices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Worded:
    """The letters of one question that words define, and those that are a setting's under another name."""

    said: Mapping[str, Saying] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    #: Those of the latter of which words leave no doubt.
    certain: frozenset[str] = frozenset()
    #: For what words say of a fraction: the last one that the text writes the output as.
    fractions: Mapping[str, Written] = field(default_factory=dict)


def worded(chains: Sequence[Chain], said: Mapping[int, Sequence[Saying]], known: Known) -> Worded:
    """Find what words say of letters of which the formulas of a question do not: of each one thing alone."""
    pieces = sorted({chain.piece for chain in chains})
    nodes = [node for chain in chains for side in chain.sides for node in side.nodes]
    written = {one.name for one in _symbols(nodes)} & _NAMES.keys()
    found: dict[str, list[Saying]] = {}
    for one in (*(one for piece in pieces for one in said.get(piece, ())), *(_NAMES[name] for name in sorted(written))):
        if not known.find(t.Symbol(name=one.name)) and one.name not in known.dimensions and stands(one, known):
            found.setdefault(one.name, []).append(one)
    single = {name: ones[0] for name, ones in found.items() if len({_meaning(one) for one in ones}) == 1}
    names = {name: letter for name, one in single.items() if (letter := _letter(one, known))}
    certain = frozenset(name for name in names if single[name].certain)
    above = {name: fraction for name, one in single.items() if (fraction := _written_above(chains, one, known))}
    single = {name: one for name, one in single.items() if name not in names}
    return Worded(said=single, names=names, certain=certain, fractions=above)


def _written_above(chains: Sequence[Chain], one: Saying, known: Known) -> Written | None:
    """How the last chain before some words writes the output, where that is a fraction of nothing but the setting's."""
    for chain in reversed(chains):
        left = chain.sides[0].node
        if chain.sides[0].at > one.at or not isinstance(left, t.Symbol) or known.name(left) != known.output:
            continue
        fraction = next((side.node for side in chain.sides[:0:-1] if isinstance(side.node, t.Fraction)), None)
        if fraction is None or not all(map(known.find, _symbols((fraction,)))):
            return None
        return Written(above=fraction.numerator, below=fraction.denominator, indices=left.indices)
    return None


def with_words(chain: Chain, said: Worded, usual: str, defined: Sequence[Defined]) -> Chain:
    """A chain with what words say of its letters, where no formula does; the letter of an entry is usually one."""
    own = {one.key[0] for one in defined if one.question is chain.question}
    mine = {name: one for name, one in said.said.items() if name not in own}
    if not mine:
        return chain
    known = chain.asking.known
    letter = _entry((chain,), known) or usual
    found: dict[Key, Definition] = {}
    for name, one in mine.items():
        for definition in _definitions(one, known, letter, said.fractions.get(name)):
            found[name, len(definition.indices)] = definition
    definitions = {**chain.definitions, **found}
    resting = _resting(definitions, {name for name, one in mine.items() if not one.certain})
    sides = tuple(
        replace(side, borrowed=side.borrowed | (resting & {one.name for one in _symbols(side.nodes)}))
        for side in chain.sides
    )
    return replace(chain, definitions=definitions, sides=sides, worded=frozenset(mine))


def entry(chains: Sequence[Chain], known: Known) -> str:
    """The letter for an entry of the output that a question's lines use first."""
    return _entry(chains, known) or next(iter(_output(known).indices), "")


def _entry(chains: Sequence[Chain], known: Known) -> str:
    nodes = (node for chain in chains for side in chain.sides for node in side.nodes)
    symbols = (one for one in _symbols(list(nodes)) if known.name(one) == known.output and len(one.indices) == 1)
    return next((one.indices[0] for one in symbols), "")


def _symbols(nodes: Sequence[t.Node]) -> Iterator[t.Symbol]:
    return (below for node in nodes for below in t.walk(node) if isinstance(below, t.Symbol))


def _resting(definitions: Mapping[Key, Definition], names: set[str]) -> set[str]:
    """Letters that stand for something in which some letters stand, and these."""
    found = set(names)
    while True:
        more = {
            key[0]
            for key, one in definitions.items()
            if key[0] not in found and any(symbol.name in found for symbol in _symbols((one.body,)))
        }
        if not more:
            return found
        found |= more


# ------------------------------------------------------------ things of a question


def _meaning(one: Saying) -> tuple[str, str]:
    """What tells two things apart; a denominator that is a sum is one."""
    return ("denominator" if one.kind == "sum" else one.kind) + "/" * one.inverse, one.place


def _output(known: Known) -> t.Symbol:
    return known.definitions[known.output].left if known.output else t.Symbol(name="")


def _usual(known: Known) -> Written | None:
    """The output as the setting writes it, if that is a fraction."""
    body = known.definitions[known.output].right if known.output else None
    if not isinstance(body, t.Fraction):
        return None
    return Written(above=body.numerator, below=body.denominator, indices=_output(known).indices)


def stands(one: Saying, known: Known) -> bool:
    """Whether a question has the thing that words name."""
    if one.kind in {"jacobian", "output", "cost"}:
        return bool(_letter(one, known)) or (one.kind == "output" and bool(one.place and known.output))
    if one.of and one.kind != "gradient":
        of = _symbol(one.of)
        if of is None or known.name(of) != known.output:
            return False
    return any(True for _ in _definitions(one, known, "i"))


def _letter(one: Saying, known: Known) -> str:
    """The letter of a setting that is another name for a thing."""
    if one.kind == "output" and (not one.place or (one.index and one.place.isalpha())):
        return known.output
    if one.kind == "cost" and not (one.index or one.of) and len(known.setting.functions) == 1:
        return next(iter(known.setting.functions))
    if one.kind == "jacobian" and len(known.named) == 1 and one.name not in known.named:
        return next(iter(known.named))
    return ""


def _symbol(written: str) -> t.Symbol | None:
    found = _SYMBOL.fullmatch(written)
    if found is None:
        return None
    indices = (name_of(found["index"]),) if found["index"] else ()
    return t.Symbol(name=name_of(found["name"]), indices=indices)


def _definitions(one: Saying, known: Known, letter: str, written: Written | None = None) -> Iterator[Definition]:
    """What a letter stands for, without an index and with one."""
    if one.kind == "gradient":
        yield from _gradients(one, known)
    elif one.kind == "unit":
        if one.index and known.output and one.name != "e":
            yield Definition(indices=(one.index,), body=t.Symbol(name="e", indices=(one.index,)))
    elif one.kind == "output":
        place = letter if one.place.isalpha() else one.place
        yield Definition(indices=(), body=t.Symbol(name=known.output, indices=(place,)))
    elif one.kind == "diagonal":
        if known.output and len(known.shapes[known.output]) == 1:
            yield Definition(indices=(), body=t.Function(name="diag", argument=t.Symbol(name=known.output)))
    elif (written := written or _usual(known)) is not None:
        for found in _of_a_fraction(one, written, letter):
            body = t.Fraction(numerator=t.Number(digits="1"), denominator=found.body) if one.inverse else found.body
            yield replace(found, body=body)


def _of_a_fraction(one: Saying, written: Written, letter: str) -> Iterator[Definition]:
    above, below, indices = written.above, written.below, written.indices
    if one.kind == "sum" and not isinstance(below, t.Total):
        return
    if one.kind == "exponential" and not (isinstance(above, t.Function) and above.name == "exp" and one.index):
        return
    if one.kind in {"exponentials", "argument"} and len(indices) == 1:
        if one.kind == "argument" and isinstance(above, t.Function):
            above = above.argument
            yield Definition(indices=indices, body=above)
        yield Definition(indices=(), body=t.changed(above, lambda node: _whole(node, indices[0])))
        return
    body = above if one.kind in {"numerator", "exponential"} else below
    if one.kind == "others":
        body = t.Plus(terms=(below, t.Negative(of=above)))
    if len(indices) != 1:
        yield Definition(indices=(), body=body)
        return
    yield Definition(indices=indices, body=body)
    names = {indices[0]: letter}

    def change(node: t.Node) -> t.Node | None:
        if isinstance(node, t.Symbol) and indices[0] in node.indices:
            return replace(node, indices=tuple(names.get(index, index) for index in node.indices))
        return None

    bound = {node.index for node in t.walk(body) if isinstance(node, t.Total)}
    if one.kind != "exponential" and letter not in bound:
        yield Definition(indices=(), body=t.changed(body, change))


def _whole(node: t.Node, index: str) -> t.Node | None:
    """All of what an entry is of."""
    return replace(node, indices=()) if isinstance(node, t.Symbol) and node.indices == (index,) else None


def _gradients(one: Saying, known: Known) -> Iterator[Definition]:
    """The derivative of the only cost by what it is a function of, or of what words name."""
    functions = known.setting.functions
    of = _symbol(one.of) if one.of else None
    by = _symbol(one.by) if one.by else None
    if len(functions) != 1 or (one.of and of is None) or (one.by and by is None):
        return
    ((cost, output),) = functions.items()
    if (of and not known.costs(known.name(of))) or (by and known.name(by) != output):
        return
    of = t.Symbol(name=known.name(of) if of else cost)
    yield Definition(indices=(), body=t.Partial(of=of, by=t.Symbol(name=output)))
    yield Definition(indices=("i",), body=t.Partial(of=of, by=t.Symbol(name=output, indices=("i",))))
