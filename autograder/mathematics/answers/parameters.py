"""A letter that stands for any parameter: nothing explains it, and all that is said of it is derivatives by it."""

from collections.abc import Iterator

from autograder.mathematics.answers.chains import Chain
from autograder.mathematics.formulas import tree as t

Pair = tuple[t.Node, t.Node]


def by_each(chain: Chain, sides: Pair) -> Iterator[Pair]:
    """Give two sides with each letter by which the question differentiates in place of such a letter; none without."""
    known = chain.asking.known
    nodes = [node for side in sides for node in t.walk(side)]
    by = {id(node.by): node.by for node in nodes if isinstance(node, t.Partial)}
    beside = {node.name for node in nodes if isinstance(node, t.Symbol) and id(node) not in by}
    own = {name for name, _ in chain.definitions}
    letters = {one.name for one in by.values() if not known.find(one) and not one.indices} - beside - own
    # It says something of a derivative by it where one stands on either side.
    letters = {one for one in letters if all(any(_is(node, one) for node in t.walk(side)) for side in sides)}
    if len(letters) != 1:
        return
    (letter,) = letters
    for name in dict.fromkeys(known.name(target.left.by) for target in chain.asking.targets):
        yield t.renamed(sides[0], {letter: name}), t.renamed(sides[1], {letter: name})


def _is(node: t.Node, letter: str) -> bool:
    return isinstance(node, t.Symbol) and node.name == letter
