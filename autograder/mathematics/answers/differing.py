"""The place where two sides differ, as a person is told of it."""

from collections.abc import Sequence

from autograder import wire
from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.numbers import Value
from autograder.mathematics.answers.points import shown, told
from autograder.mathematics.answers.worlds import World
from autograder.mathematics.formulas import tree as t


def counterexample(
    question: Question, world: World, here: str, nodes: Sequence[t.Node], values: tuple[Value, Value]
) -> str:
    """Tell a person where two sides differ, in what is needed to compute them, and what they are worth there."""
    said = told(world.point, _letters_told(question, world, nodes))
    indices = "".join(f", {letter} = {at + 1}" for letter, at in world.letters.items())
    said = f", {said}" if said else ""
    return wire.printable(f"for {here}{indices}{said}: left {shown(values[0])}, right {shown(values[1])}")


def _letters_told(question: Question, world: World, nodes: Sequence[t.Node]) -> list[str]:
    """What a person needs to compute some sides: inputs, given gradients, and what the question differentiates by."""
    known = question.known
    names: set[str] = set()
    opened: set[str] = set()
    waiting = [below for side in nodes for below in t.walk(side)]
    by = {id(node.by) for node in waiting if isinstance(node, t.Partial)}
    while waiting:
        node = waiting.pop()
        if not isinstance(node, t.Symbol):
            continue
        name = known.name(node)
        names.add(name)
        own, defined = world.definitions.get((node.name, len(node.indices))), known.definitions.get(name)
        if (own or defined) and node.name not in opened and id(node) not in by:
            opened.add(node.name)
            waiting += t.walk(own.body if own else defined.right)  # type: ignore[union-attr]
    sought = {known.name(target.left.by) for target in question.targets}
    symbols = [letter for letter in dict.fromkeys(letter for letter, _ in world.point.numbers) if letter in names]
    symbols = [letter for letter in symbols if letter in known.setting.symbols]
    gradients = [gradient for cost, gradient in known.given.items() if cost in names]
    return [
        *(letter for letter in symbols if letter not in sought),
        *gradients,
        *(letter for letter in symbols if letter in sought),
    ]
