"""Whether two sides are equal: at every size, then for symbolic dimensions, and under the premises of the rule."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod

import sympy as sp

from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.context import Context, MisfitError, UnreadError, ranges
from autograder.mathematics.formulas.printing import condition_latex
from autograder.mathematics.proof.counterexamples import DiffersError, counterexample
from autograder.mathematics.proof.meaning import Meaning, meaning_of
from autograder.mathematics.proof.records import Decided, Decision
from autograder.mathematics.proof.rules import ALL, Premises, premises_of
from autograder.mathematics.proof.symbolic import absorbed, difference, gathered, partitions
from autograder.mathematics.proof.values import ZERO, Grid, Scalar, Value
from autograder.model import Setting

MOST_INDICES = 4
MOST_DEGREE = 24


def context_of(setting: Setting, condition: t.Condition | None = None, columns: Sequence[str] = ()) -> Context:
    """Read a setting; keep what comes, its definitions are read once.

    By the vectors in `columns` a gradient is a column, although the setting lays it out as a row.
    """
    rows = tuple(name for name in setting.rows if name not in columns)
    return Context(setting if rows == setting.rows else replace(setting, rows=rows), condition)


def decide(left: t.Node, right: t.Node, context: Context, *, rule: str = "") -> Decision:
    """Decide one equality."""
    premises, words = premises_of(rule)
    full = _decide(left, right, context, ALL)
    if not full.holds or not words:
        return full
    if rule == "definition" and not _is_definition(left, right, context):
        return _not_by(rule, "it is not what the prompt defines")
    if premises != ALL and not (rule == "differentiation" and _is_slope_in_general(left, right)):
        weak = _decide(left, right, context, premises)
        if not weak.holds:
            return _not_by(rule, weak.complaint)
    return replace(full, decisions=(*full.decisions, Decided(kind="rule", rule=rule, words=words)))


def _not_by(rule: str, why: str) -> Decision:
    return Decision(verdict="unfounded", complaint=f"equal in value, but it does not follow by {rule}: {why}")


def _is_definition(left: t.Node, right: t.Node, context: Context) -> bool:
    return any(left == definition.left and right == definition.right for definition in context.definitions.values())


def _is_slope_in_general(left: t.Node, right: t.Node) -> bool:
    """Tell whether one slope is said for all indices at once: where it is 0, no term can drop out beside another."""
    return isinstance(left, t.Partial) and "delta" in t.letters(right)


def _decide(left: t.Node, right: t.Node, context: Context, premises: Premises) -> Decision:
    decisions = []
    try:
        if max(_degree(left), _degree(right)) > MOST_DEGREE:
            raise UnreadError(f"powers and products of a degree over {MOST_DEGREE}")
        over = _free(left, right, context)
        sizes = _sizes(left, right, context)
        decided: list[dict[str, Scalar]] = []
        left_out: list[dict[str, Scalar]] = []
        for size in sizes:
            try:
                ways = [[meaning_of(context, size, one) for one in pair] for pair in _ways(premises)]
                met = _at_size((left, right), ways, over)
                (decided if met else left_out).append(size)
            except DiffersError as found:
                if 1 in size.values() and found.rest.has(ZERO) and any(1 not in other.values() for other in sizes):
                    continue  # of one number there may be no slope at all: whether a term drops out, larger sizes say
                return counterexample(found, _size_words(size))
            except MisfitError as error:
                return Decision(verdict="misfit", complaint=f"{error}, at {_size_words(size)}")
        if decided:
            decisions.append(Decided(kind="sizes", words=_at_sizes(decided, left_out, context.condition)))
        if premises.zero and not written_out((left, right), context):
            symbols = {name: sp.Symbol(name, integer=True, positive=True) for name in context.setting.sizes[0]}
            _symbolic(left, right, meaning_of(context, symbols, premises), over)
            names = " and ".join(f"${name}$" for name in symbols)
            decisions.append(Decided(kind="all sizes", words=f"for all {names} at once, as symbols"))
        if not decisions:
            raise UnreadError("no size has indices that meet the condition")
    except DiffersError as found:
        return Decision(verdict="undecided", complaint=f"not shown for all sizes: {found.rest} is left")
    except MisfitError as error:
        return Decision(verdict="misfit", complaint=str(error))
    except UnreadError as error:
        return Decision(verdict="undecided", complaint=str(error))
    return Decision(verdict="holds", decisions=tuple(decisions))


def _degree(node: t.Node) -> int:
    """Bound what multiplying out may cost."""
    below = [_degree(child) for child in t.children(node)]
    match node:
        case t.Power(exponent=t.Number(digits=digits)):
            # A larger exponent is refused anyway.
            return _degree(node.base) * min(int(float(digits)) + 1, MOST_DEGREE)
        case t.Times() | t.Fraction():
            return sum(below)
        case _:
            return max(below, default=1)


def _at_sizes(
    decided: Sequence[Mapping[str, Scalar]], left_out: Sequence[Mapping[str, Scalar]], condition: t.Condition | None
) -> str:
    """Say at which sizes, and which have no indices that meet the condition."""
    words = f"element by element for {_sizes_words(decided)}"
    if left_out and condition:
        words += f" (with {_sizes_words(left_out)} there is no ${condition_latex(condition)}$)"
    return words


def _sizes_words(sizes: Sequence[Mapping[str, Scalar]]) -> str:
    r"""Say a list of sizes: ``$K = 1, 2, 3, 5$``, ``$m \times n = 1 \times 1, 1 \times 3$``."""
    names, *values = (r" \times ".join(map(str, each)) for each in (sizes[0], *(size.values() for size in sizes)))
    return f"${names} = {', '.join(values)}$"


def _size_words(size: Mapping[str, Scalar]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in size.items())


def written_out(sides: Sequence[t.Node], context: Context) -> bool:
    """Tell whether a matrix, or an index that is a number, stands anywhere: then the size is fixed."""
    return any(
        isinstance(node, t.Matrix)
        or (
            isinstance(node, t.Symbol)
            and any(map(str.isdigit, node.indices))
            and (node.name == "delta" or context.resolve(node)[1] != ())
        )
        for side in sides
        for node in t.walk(side)
    )


def shape_of(sides: Sequence[t.Node], context: Context) -> tuple[str, ...]:
    """Name rows and columns of a chain's first side: numbers when components are written out; () for a number."""
    size = {name: sp.Symbol(name, integer=True, positive=True) for name in context.setting.sizes[0]}
    if written_out(sides, context):
        size = {name: sp.Integer(value) for name, value in context.setting.written_out.items()}
    over = _free(sides[0], sides[0], context)
    at = {index: sp.Symbol(index, integer=True, positive=True) for index in over}
    meaning = meaning_of(context, size, ALL)
    if meaning.is_slope(sides[0]):
        return ()
    value = meaning.value(sides[0], at)
    return (str(value.rows), str(value.columns)) if isinstance(value, Grid) else ()


def _sizes(left: t.Node, right: t.Node, context: Context) -> list[dict[str, Scalar]]:
    sizes: Sequence[Mapping[str, int]] = sorted(
        context.setting.sizes, key=lambda size: (prod(size.values()), *size.values())
    )
    if written_out((left, right), context):
        if not context.setting.written_out:
            raise UnreadError("components are written out, and nothing says how many there are")
        sizes = (context.setting.written_out,)
    return [{name: sp.Integer(value) for name, value in size.items()} for size in sizes]


def _free(left: t.Node, right: t.Node, context: Context) -> dict[str, str]:
    """Find the free indices and what they run over."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for side in (left, right):
        for index, dimension in ranges(side, context).items():
            if found.setdefault(index, dimension) != dimension:
                raise MisfitError(
                    f"the index {index} runs over {found[index]} on one side and {dimension} on the other"
                )
        used |= _used(side, frozenset(), context)
    free = {index: dimension for index, dimension in found.items() if index in used}
    if len(free) > MOST_INDICES:
        raise UnreadError(f"more than {MOST_INDICES} free indices")
    return free


def _used(node: t.Node, bound: frozenset[str], context: Context) -> set[str]:
    if isinstance(node, t.Symbol):
        return {index for index in node.indices if not index.isdigit()} - bound
    if isinstance(node, t.Total):
        bound = bound | {node.index}
    return {index for below in t.children(node) for index in _used(below, bound, context)}


def _at_size(sides: Sequence[t.Node], ways: Sequence[Sequence[Meaning]], over: Mapping[str, str]) -> bool:
    """Compare all elements for all free indices, in any of the ways there are; whether there were any."""
    found: DiffersError | None = None
    for meanings in ways:
        try:
            return _in_one_way(sides, meanings, over)
        except DiffersError as differs:
            found = found or differs
    assert found is not None
    raise found


def _ways(premises: Premises) -> list[tuple[Premises, Premises]]:
    """Say by what both sides may be read where 0 is a name.

    One may add up what the other has written as one 0; not both, for signs would be lost. Or a slope that is not 0 is
    written with a delta beside other terms.
    """
    if premises.zero:
        return [(premises, premises)]
    adding = replace(premises, sums=True)
    apart = replace(premises, deltas=True)
    return [(premises, premises), (adding, premises), (premises, adding), (apart, apart)]


def _in_one_way(sides: Sequence[t.Node], meanings: Sequence[Meaning], over: Mapping[str, str]) -> bool:
    any_at_all = False
    size, condition = meanings[0].size, meanings[0].context.condition
    for values in itertools.product(*(range(1, int(size[d]) + 1) for d in over.values())):
        at = {index: sp.Integer(value) for index, value in zip(over, values, strict=True)}
        if condition and not _met(condition, at):
            continue
        any_at_all = True
        where = ", ".join(f"{index} = {value}" for index, value in at.items())
        left, right = (meaning.side(side, at) for side, meaning in zip(sides, meanings, strict=True))
        for place, *pair in _elements(left, right):
            a, b = (_named(one, meaning.premises) for one, meaning in zip(pair, meanings, strict=True))
            rest = difference(a, b, exponentials=meanings[0].premises.exponentials)
            if rest != 0:
                raise DiffersError(", ".join(filter(None, (where, place))), a, b, rest)
    return any_at_all


def _named(element: Scalar, premises: Premises) -> Scalar:
    """Bring the names of 0 in an element into one form, if they are names."""
    if premises.zero:
        return element
    return gathered(element) if premises.sums else absorbed(element)


def _met(condition: t.Condition, at: Mapping[str, Scalar]) -> bool:
    """Tell whether the indices' values agree or differ as they should."""
    if not {condition.left, condition.right} <= set(at):
        return True
    return bool((at[condition.left] == at[condition.right]) == condition.equal)


def _elements(left: Value, right: Value) -> Iterator[tuple[str, Scalar, Scalar]]:
    if not isinstance(left, Grid) or not isinstance(right, Grid):
        left, right = _number_of(left), _number_of(right)
    if not isinstance(left, Grid) and not isinstance(right, Grid):
        yield "", left, right
        return
    shapes = [(v.rows, v.columns) if isinstance(v, Grid) else None for v in (left, right)]
    if shapes[0] != shapes[1]:
        words = [f"{shape[0]} x {shape[1]}" if shape else "a number" for shape in shapes]
        raise MisfitError(f"the left side is {words[0]}, the right side {words[1]}")
    for i, j in itertools.product(range(1, int(left.rows) + 1), range(1, int(left.columns) + 1)):
        row, column = sp.Integer(i), sp.Integer(j)
        yield f"row {i}, column {j}", left.at(row, column), right.at(row, column)


def _number_of(value: Value) -> Value:
    """Take the element of a matrix that has but one."""
    return (
        value.at(value.rows, value.columns) if isinstance(value, Grid) and value.rows == value.columns == 1 else value
    )


def _symbolic(left: t.Node, right: t.Node, meaning: Meaning, over: Mapping[str, str]) -> None:
    """Compare the general element for every way in which the free indices can agree."""
    at = {index: sp.Symbol(index, integer=True, positive=True) for index in over}
    a, b = meaning.side(left, at), meaning.side(right, at)
    dimensions = {at[index]: meaning.size[dimension] for index, dimension in over.items()}
    if not isinstance(a, Grid) or not isinstance(b, Grid):
        a, b = _number_of(a), _number_of(b)
    if isinstance(a, Grid) or isinstance(b, Grid):
        shapes = [(v.rows, v.columns) if isinstance(v, Grid) else None for v in (a, b)]
        if shapes[0] != shapes[1]:
            raise MisfitError("the sides have different shapes for general sizes")
        place = []
        for name, size in zip(("row", "column"), shapes[0] or (), strict=True):
            index = sp.Integer(1) if size == 1 else sp.Symbol(name, integer=True, positive=True)
            place.append(index)
            if size != 1:
                dimensions[index] = size
        a, b = a.at(*place), b.at(*place)
    condition = meaning.context.condition
    for groups in partitions(list(dimensions)):
        if any(dimensions[index] != dimensions[head] for index, head in groups.items()):
            continue
        if condition and not _met(condition, {index: groups[symbol] for index, symbol in at.items()}):
            continue
        heads = sorted(set(groups.values()), key=str)
        apart = {sp.KroneckerDelta(p, q): sp.S.Zero for p, q in itertools.combinations(heads, 2)}
        sides = [side.subs(groups, simultaneous=True) for side in (a, b)]
        rest = difference(*sides, exponentials=meaning.premises.exponentials)
        if rest != 0:
            # Deltas between free indices appear when sums are contracted.
            rest = difference(rest.subs(apart), sp.S.Zero, exponentials=meaning.premises.exponentials)
        if rest != 0:
            raise DiffersError("", sides[0], sides[1], rest)
