"""What a student chooses for a while: a number for a constant or all entries of an input, a size, a case of delta."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from autograder.mathematics.answers.chains import Chain, Reading, symbols_in
from autograder.mathematics.answers.comparing import settle
from autograder.mathematics.answers.conditions import is_kronecker
from autograder.mathematics.answers.records import Layout
from autograder.mathematics.formulas import tree as t

_NEAR = 2
"""Chains behind a choice that may hold for it only."""
_LARGEST_SIZE = 5
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|[2-5])[ -](?:inputs?|outputs?|classes|class|units?|components?|logits?|entries|scores?"
    r"|neurons?|variables|elements?|probabilities|numbers|dimension(?:s|al)|way)\b|\b(?:just|only) (?:two|three|four)\b"
    r"|[A-Za-z]_\{?1\}?\s?,\s?\\?,?[A-Za-z]_\{?2\}?(?![\s,\\]{0,8}\\?[lc]?dots)",
    re.IGNORECASE,
)
_USUAL_SIZES = frozenset("nNmMkKdDcCpJL")
SUPPOSED = "?"
"""In place of a cost that is chosen, where what does not hold for all is supposed."""


def delta_is(chain: Chain) -> bool | None:
    """Whether a chain explains Kronecker's delta as it is; None where it does not say for which indices."""
    left, right = chain.sides[0].node, chain.sides[1].node
    condition = chain.condition
    if not isinstance(left, t.Symbol) or condition is None or {*condition[:2]} != {*left.indices}:
        return None
    return right == t.Number(digits="1" if condition[2] else "0")


def explains_delta(chain: Chain) -> bool:
    """Whether a chain gives a number to Kronecker's delta."""
    return is_kronecker(chain.sides[0].node) and isinstance(chain.sides[1].node, t.Number)


def is_assumption(chain: Chain) -> bool:
    """Whether a chain chooses numbers for what may be any, or a size."""
    left, right = chain.sides[0].node, chain.sides[1].node
    if isinstance(left, t.Operation) and left.name == "differential":
        return right == t.Number(digits="0")
    if not isinstance(left, t.Symbol) or right is None or chain.question is None:
        return False
    if chain.supposed and isinstance(right, t.Number) and not chain.asking.known.find(left):
        return True
    if left.name == "delta" and len(left.indices) == 2:
        return explains_delta(chain) and delta_is(chain) is True
    known = chain.asking.known
    if len(chain.sides) > 2:
        return bool(_sizes(chain))
    if known.name(left) in known.setting.functions:
        # A cost that may be any is chosen.
        costs = [one for one in t.walk(right) if isinstance(one, t.Symbol) and known.costs(known.name(one))]
        return not costs
    free = known.name(left) in known.setting.symbols or (left.name in known.dimensions and not left.indices)
    return free and is_constant(right)


def is_constant(node: t.Node) -> bool:
    """Whether a side is made of numbers alone."""
    return not any(isinstance(one, t.Symbol | t.Partial) for one in t.walk(node))


def _chosen_entries(chain: Chain) -> str:
    """A vector of the setting for whose entries a chain chooses numbers."""
    left, right = chain.sides[0].node, chain.sides[1].node
    if chain.question is None or not isinstance(left, t.Symbol) or left.indices or right is None:
        return ""
    right = right.of if isinstance(right, t.Transpose) else right
    name = chain.asking.known.name(left)
    numbers = isinstance(right, t.Matrix) and all(_number(one) is not None for row in right.rows for one in row)
    return name if numbers and len(chain.asking.known.setting.symbols.get(name, ())) == 1 else ""


def under_choices(chains: Sequence[Chain], reading: Reading) -> list[Chain]:
    """Give chains with the choices beside them, in one section: they may hold for these only.

    These are the next ones, and the one that ends in the same line right before it.
    """
    done: list[Chain] = []
    chosen: dict[str, Decimal] = {}
    cost, place = "", -_NEAR - 1
    for chain in chains:
        fresh = not done or done[-1].section != chain.section
        if fresh or chain.number - place > _NEAR or {"", *chosen} & chain.general:
            chosen, cost = {}, ""
        made = _choice(chain)
        if _is_supposed(chain, reading):
            chosen, cost, place = {}, SUPPOSED, chain.number
            done.append(replace(chain, chosen=SUPPOSED))
            continue
        if size := size_in_short(chain):
            reading.sizes |= {(name, size) for name in chain.asking.known.dimensions}
        entries = _chosen_entries(chain)
        if made or entries or _chosen_cost(chain):
            reading.sizes |= {
                (name, int(value)) for name, value in made.items() if name in chain.asking.known.dimensions
            }
            chosen, cost, place = {**chosen, **made}, entries or _chosen_cost(chain) or cost, chain.number
            last = done[-1] if made and not fresh else None
            if last and not last.given and not {"", *made} & last.general and _in_one_line(last, chain, reading):
                done[-1] = replace(done[-1], given=made)
        elif chosen or cost == SUPPOSED or (cost and (_is_given(chain, cost) or _depends_on(chain, cost))):
            place = chain.number if _ends_in_numbers(chain) else place
            done.append(replace(chain, given=chosen, chosen=cost))
            continue
        done.append(chain)
    return done


def _is_given(chain: Chain, name: str) -> bool:
    return chain.question is not None and name in chain.asking.known.setting.symbols


def _ends_in_numbers(chain: Chain) -> bool:
    last = chain.sides[-1].node
    entries = [one for row in last.rows for one in row] if isinstance(last, t.Matrix) else [last]
    return all(one is not None and _number(one) is not None for one in entries)


def _in_one_line(before: Chain, chain: Chain, reading: Reading) -> bool:
    lines = [reading.line(one.piece, one.sides[0].at) for one in (before, chain)]
    return before.piece == chain.piece and lines[0] == lines[1] and not is_assumption(before)


def _is_supposed(chain: Chain, reading: Reading) -> bool:
    """Whether what words suppose is none of the choices here, and does not hold for all."""
    if not chain.supposed or chain.question is None or chain.defines or is_assumption(chain) or chain.target:
        return False
    left, right = (side.nodes for side in chain.sides[:2])
    telling = (chain.asking.known.telling,)
    return bool(left and right) and settle(chain, left, right, Layout(), reading, sizes=telling).mark == "fails"


def _choice(chain: Chain) -> Mapping[str, Decimal]:
    """The numbers that a chain chooses, by letters of the setting."""
    left, right = chain.sides[0].node, chain.sides[1].node
    if chain.question is None or right is None or not isinstance(left, t.Symbol) or not is_assumption(chain):
        return {}
    if sizes := _sizes(chain):
        return sizes
    known, number = chain.asking.known, _number(right)
    free = known.name(left) in known.setting.symbols and not any(map(str.isdecimal, left.indices))
    return {known.name(left): number} if free and number is not None else {}


def _sizes(chain: Chain) -> Mapping[str, Decimal]:
    """Sizes that are chosen: letters of dimensions, one small number last."""
    known = chain.asking.known
    *letters, last = (side.node for side in chain.sides)
    names = [one.name for one in letters if isinstance(one, t.Symbol) and not one.indices]
    number = _number(last) if last is not None else None
    sizes = {name for name in _USUAL_SIZES if not known.find(t.Symbol(name=name))}
    if len(names) < len(letters) or not {*names} <= {*known.dimensions, *sizes} or number is None:
        return {}
    chosen = dict.fromkeys((name for name in names if name in known.dimensions), number)
    return chosen if number in range(1, _LARGEST_SIZE + 1) else {}


def _number(node: t.Node) -> Decimal | None:
    match node:
        case t.Number(digits=digits):
            return Decimal(digits)
        case t.Negative(of=of):
            inner = _number(of)
            return None if inner is None else -inner
        case t.Fraction(numerator=above, denominator=below):
            numbers = _number(above), _number(below)
            return numbers[0] / numbers[1] if numbers[0] is not None and numbers[1] else None
    return None


def is_counted(text: str) -> bool:
    """Whether words say how many inputs or outputs there are."""
    return _COUNTED.search(text) is not None


def size_in_short(chain: Chain) -> int:
    """The size that a chain chooses for a letter that is none of the question's; 0 where it does not."""
    left, right = chain.sides[0].node, chain.sides[1].node
    if chain.question is None or not isinstance(left, t.Symbol) or left.indices or right is None:
        return 0
    known, number = chain.asking.known, _number(right)
    mine = left.name in _USUAL_SIZES and not known.find(left) and left.name not in known.dimensions
    return int(number) if mine and number is not None and number in range(1, _LARGEST_SIZE + 1) else 0


def _chosen_cost(chain: Chain) -> str:
    """An arbitrary function for which one is chosen."""
    left = chain.sides[0].node
    if chain.question is None or not isinstance(left, t.Symbol):
        return ""
    name = chain.asking.known.name(left)
    return name if name in chain.asking.known.setting.functions and is_assumption(chain) else ""


def _depends_on(chain: Chain, cost: str) -> bool:
    known = chain.asking.known if chain.question else None
    return known is not None and any(cost in known.costs(known.name(one)) for one in symbols_in(chain.sides))


def is_a_size(chain: Chain, left: t.Node | None, right: t.Node | None) -> bool:
    """Whether a side says how large the array before it is: two sizes with a cross between them, or in brackets."""
    match right:
        case t.Times(factors=factors, dots=(True,)) if len(factors) == 2:
            sizes: tuple[t.Node, ...] = factors
        case t.Matrix(rows=(row,)) if len(row) == 2:
            sizes = row
        case _:
            return False
    of = left.of if isinstance(left, t.Transpose) else left
    array = of.by if isinstance(of, t.Partial) and isinstance(of.of, t.Symbol) else of
    known = chain.asking.known
    own = {name for (name, _), one in chain.definitions.items() if _number(one.body) is None}
    symbols = [one for one in sizes if isinstance(one, t.Symbol) and not one.indices]
    letters = [one for one in symbols if not known.find(one) and one.name not in own]
    if not letters or len(letters) + sum(one == t.Number(digits="1") for one in sizes) != len(sizes):
        return False
    return isinstance(array, t.Symbol) and not array.indices and bool(known.shapes.get(known.name(array)))
