"""Lines about an example: numbers in the place of letters, which nothing says for which they hold."""

from collections.abc import Sequence

from autograder.mathematics.answers.chains import Chain, Side
from autograder.mathematics.answers.choices import is_constant
from autograder.mathematics.answers.known import Known
from autograder.mathematics.formulas import tree as t

_PLAIN = {t.Number(digits="0"), t.Number(digits="1")}
EXAMPLE = "numbers of an example are not checked"


def is_sized(chain: Chain) -> bool:
    """Whether nothing but sizes is chosen for a chain, for which it can be judged."""
    return bool(chain.given) and {*chain.given} <= {*chain.asking.known.dimensions} and not chain.chosen


def is_an_example(chain: Chain, sides: Sequence[Side]) -> bool:
    """Whether numbers stand for an entry that is told by its number or for all of an array."""
    if is_sized(chain):
        return False
    known = chain.asking.known
    nodes = [side.node for side in (sides[0], sides[-1]) if side.node]
    numbers = [node for node in nodes if is_constant(node)]
    entry = has_entries(sides, known)
    if all(node == t.Number(digits="0") for node in numbers) and not any(side.around.example for side in sides):
        # That an entry is 0 is no result of numbers.
        return False
    first = sides[0].node
    if isinstance(first, t.Symbol) and (first.name, len(first.indices)) in chain.definitions:
        # A letter of the student's own has such a value for some numbers only.
        return any(node not in _PLAIN for node in numbers)
    parts = [one for node in numbers for one in t.walk(node)]
    matrix = any(isinstance(one, t.Matrix) for one in parts)
    decimals = any(isinstance(one, t.Number) and "." in one.digits for one in parts)
    return bool(numbers) and (entry or matrix or decimals or len(numbers) == len(nodes))


def has_numbers(chain: Chain, sides: Sequence[Side]) -> bool:
    """Whether a letter in some sides stands for a vector or a matrix of numbers."""
    written = {
        name for (name, _), one in chain.definitions.items() if isinstance(one.body, t.Matrix) and is_constant(one.body)
    }
    return any(side.has(written) for side in sides)


def has_entries(sides: Sequence[Side], known: Known) -> bool:
    """Whether entries of arrays stand in some sides that are told by their numbers."""
    nodes = (one for side in (sides[0], sides[-1]) if side.node for one in t.walk(side.node))
    arrays = (one for one in nodes if isinstance(one, t.Symbol) and known.shapes.get(known.name(one)) != ())
    return any(index.isdecimal() for one in arrays for index in one.indices)
