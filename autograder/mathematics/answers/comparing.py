"""Whether two sides agree, and the smallest place where they do not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import DecimalException
from itertools import islice, product
from typing import Literal

from autograder.mathematics.answers import rows
from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Reading, has_prime
from autograder.mathematics.answers.differing import counterexample
from autograder.mathematics.answers.indices import free_letters, indexed, summed
from autograder.mathematics.answers.instead import (
    for_any_number,
    with_a_cost,
    with_an_entry,
    with_identities,
    with_ones,
)
from autograder.mathematics.answers.known import Size
from autograder.mathematics.answers.nearby import FIRST_ORDER, near
from autograder.mathematics.answers.numbers import (
    THREE,
    DomainError,
    ElsewhereError,
    MisfitError,
    UnreadableError,
    ZeroError,
    is_scalar,
    same,
)
from autograder.mathematics.answers.parameters import by_each
from autograder.mathematics.answers.points import make_point
from autograder.mathematics.answers.records import Aside, Layout
from autograder.mathematics.answers.stacking import by_columns
from autograder.mathematics.answers.totals import extent
from autograder.mathematics.answers.unsized import is_unsized, with_sizes
from autograder.mathematics.answers.worlds import World
from autograder.mathematics.answers.written_sizes import sizes_of_matrices, with_definitions, written_size
from autograder.mathematics.formulas import tree as t

_MOST_LETTERS = 4
_MOST_WAYS = 9
_MOST_LOOSE = 3
_FOR_ONE = 20
"""Steps that a decision takes beside its values."""
UNMET = "no numbers that are tried here are as the words beside it say"
MISFIT = "the shapes do not fit"
NOT_COMPUTED = (UnreadableError, MisfitError, DecimalException, OverflowError, ValueError, RecursionError)
"""What computing any line may raise."""


def world_of(
    question: Question, size: Size, seed: int, layout: Layout, reading: Reading, *, chain: Chain | None = None
) -> World:
    """The world of a question at one point, no letter free; its numbers are found once for a document."""
    given = chain.under if chain else {}
    key = (question.place, tuple(size.values()), seed, *question.known.setting.functions, *given.items())
    if key not in reading.points:
        reading.points[key] = make_point(question.known, size, seed, given)
    return World(
        known=question.known,
        point=reading.points[key],
        layout=layout,
        definitions=chain.definitions if chain else {},
        budget=reading.budget,
        letters={},
        aside=chain.aside if chain else Aside(),
    )


def _letters(nodes: Sequence[t.Node], chain: Chain) -> list[str]:
    """Free index letters of some sides, and of what the student's own letters in them stand for."""
    found = set[str]().union(*map(free_letters, nodes))
    seen: set[tuple[str, int]] = set()
    waiting = [below for node in nodes for below in t.walk(node) if isinstance(below, t.Symbol)]
    while waiting:
        symbol = waiting.pop()
        for key in ((symbol.name, len(symbol.indices)), (symbol.name, 0)):
            if key in seen or (definition := chain.definitions.get(key)) is None:
                continue
            seen.add(key)
            found |= free_letters(definition.body) - {*definition.indices}
            waiting += [below for below in t.walk(definition.body) if isinstance(below, t.Symbol)]
    if chain.aside.prime is not None and has_prime(nodes):
        found |= free_letters(chain.aside.prime)
    dimensions = {*chain.asking.known.dimensions}
    if chain.aside.last:
        return sorted(found - dimensions)
    return sorted(found - {one for one in dimensions if _only_of_identity(one, nodes)})


def _only_of_identity(letter: str, nodes: Sequence[t.Node]) -> bool:
    symbols = [
        below for node in nodes for below in t.walk(node) if isinstance(below, t.Symbol) and letter in below.indices
    ]
    return all(symbol.name == "I" and len(symbol.indices) == 1 for symbol in symbols)


def worlds_at(
    chain: Chain,
    nodes: Sequence[t.Node],
    layout: Layout,
    reading: Reading,
    sizes: Sequence[Size],
    *,
    written_out: bool = True,
) -> Iterator[World]:
    """Choose the points at which sides are compared, the most readable first.

    Numbers that are no small ones are tried at one size, where no two dimensions are alike: what agrees at all others
    in small primes, and there in both, agrees by no accident.
    """
    letters = _letters(nodes, chain)
    if len(letters) > _MOST_LETTERS:
        raise UnreadableError("it has more than four free indices")
    fixed = written_size(nodes, chain) if written_out else None
    # A side that tells the cases apart by itself is about all of them, unless one is asked for.
    condition = None if not chain.asked and tells_apart(nodes[-1]) else chain.condition
    above = None if any(tells_apart(node) for node in nodes) else chain.above
    opened = with_definitions(nodes, chain)
    # Powers of matrices are there for square ones only.
    powers = any(isinstance(n, t.Power) and chain.asking.known.matrix for side in opened for n in t.walk(side))
    for size in [fixed] if fixed else sizes:
        extents: list[range] = []
        for seed in (0, 1) if fixed or powers or size == chain.asking.known.telling else (0,):
            world = world_of(chain.asking, size, seed, layout, reading, chain=chain)
            extents = extents or [range(extent(world, opened, letter)) for letter in letters]
            for places in product(*extents):
                at = dict(zip(letters, places, strict=True))
                if condition and {*condition[:2]} <= set(letters):
                    left, right, equal = condition
                    if (at[left] == at[right]) is not equal:
                        continue
                if chain.apart and len({*places}) < len(places):
                    continue
                here = world.seeing(at)
                if above is None or _is_met(here, above):
                    yield here


def _is_met(world: World, above: t.Above) -> bool:
    """Whether words mean a point; what they say of anything else than its numbers leaves none out."""
    pair = [one.name for one in (above.left, above.right) if isinstance(one, t.Symbol) and not one.indices]
    try:
        if all(name in world.letters for name in pair) and len(pair) == 2:
            left, right = map(world.place, pair)
            return left > right or (left == right and not above.strict)
        return world.holds(above)
    except NOT_COMPUTED:
        return True


def tells_apart(side: t.Node) -> bool:
    """Whether a side tells i = j from i != j by itself: cases or a delta stand in it."""
    return any(isinstance(n, t.Cases) or (isinstance(n, t.Symbol) and n.name == "delta") for n in t.walk(side))


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether two sides agree."""

    mark: Literal["holds", "fails", "unread"]
    #: How it was decided, the smallest place where they differ, or why it cannot be computed.
    detail: str
    #: Of cases or a matrix on the right, the row where they differ, from 0.
    row: int = -1
    #: The only sizes at which they agree, in words; empty where that is not so.
    only: str = ""
    #: Whether it was held against the first side of its chain, as the one before it cannot be read.
    against_first: bool = False


def decide(
    chain: Chain,
    sides: tuple[t.Node, t.Node],
    layout: Layout,
    reading: Reading,
    sizes: Sequence[Size] | None = None,
) -> Decision:
    """Decide whether two sides of a chain agree, by their values at several points, of the setting's sizes or others.

    The first place where they differ is told: the most readable one.
    """
    known = chain.asking.known
    if known.problem:
        return Decision(mark="unread", detail=f"not judged: {known.problem}")
    points = 0
    elsewhere = ""
    seen: dict[str, None] = {}
    try:
        reading.budget.spend(_FOR_ONE)
        for world in worlds_at(chain, sides, layout, reading, sizes or known.setting.sizes):
            here = known.told(world.point.size)
            try:
                values = world.evaluate(sides[0]), world.evaluate(sides[1])
                seen[here] = None
                if not same(*values):
                    told_ = counterexample(chain.asking, world, here, sides, values)
                    return Decision(mark="fails", detail=told_, row=rows.differing(world, sides[1], values))
            except (ElsewhereError, DomainError) as error:
                elsewhere = str(error)
                continue
            except ZeroError as error:
                # Where there is one of something, sums over the others are empty.
                if 1 not in world.point.size.values():
                    raise
                elsewhere = str(error)
                continue
            except MisfitError as error:
                if any(is_unsized(below) for one in with_definitions(sides, chain)[2:] for below in t.walk(one)):
                    return Decision(mark="unread", detail="nothing says how large I or the vector of ones is")
                of = f"{known.matrix} " if known.matrix and "=" not in here else ""
                misfit = Decision(mark="fails", detail=f"{MISFIT}: {error}, for {of}{here}")
                return misfit if sizes else _at_its_size(chain, sides, layout, reading, misfit)
            points += 1
    except UnreadableError as error:
        return Decision(mark="unread", detail=str(error))
    except (DecimalException, OverflowError, ValueError, RecursionError):
        return Decision(mark="unread", detail="its numbers are too large")
    if not points and chain.above is not None:
        again = decide(replace(chain, above=None), sides, layout, reading, sizes)
        return again if again.mark == "holds" else Decision(mark="unread", detail=UNMET)
    if not points:
        return Decision(mark="unread", detail=elsewhere or "there is no size at which its conditions can be met")
    here = ", ".join(seen)
    fixed = written_size(sides, chain)
    wider = _at_another_size(chain, sides, layout, reading) if fixed else True
    detail = f"values agree to 30 digits at {points} points ({here}){f'; for {here} only' if not wider else ''}"
    # A matrix written out is of one size.
    one = wider is False or (wider is None and any(isinstance(n, t.Matrix) for side in sides for n in t.walk(side)))
    return Decision(mark="holds", detail=detail, only=here if one else "")


def _at_its_size(
    chain: Chain, sides: tuple[t.Node, t.Node], layout: Layout, reading: Reading, misfit: Decision
) -> Decision:
    """Decide at the size for which a matrix written out fits; there may be none."""
    for size in sizes_of_matrices(sides, chain):
        try:
            for world in worlds_at(chain, sides, layout, reading, (size,), written_out=False):
                values = world.evaluate(sides[0]), world.evaluate(sides[1])
                if not same(*values):
                    here = chain.asking.known.told(size)
                    return Decision(mark="fails", detail=counterexample(chain.asking, world, here, sides, values))
        except NOT_COMPUTED:
            continue
        return Decision(mark="holds", detail=f"values agree to 30 digits for {chain.asking.known.told(size)}")
    return misfit


def _at_another_size(chain: Chain, sides: tuple[t.Node, t.Node], layout: Layout, reading: Reading) -> bool | None:
    """Whether sides with numbers of entries in them agree at the next size, too; None where they mean nothing there."""
    fixed = written_size(sides, chain)
    assert fixed is not None
    return agree_at(
        chain, sides, layout, reading, {name: value + 1 + k for k, (name, value) in enumerate(fixed.items())}
    )


def agree_at(chain: Chain, sides: tuple[t.Node, t.Node], layout: Layout, reading: Reading, size: Size) -> bool | None:
    """Whether sides agree at a size, whatever size their entries ask for; None where they mean nothing there."""
    try:
        worlds = worlds_at(chain, sides, layout, reading, (size,), written_out=False)
        return all(same(world.evaluate(sides[0]), world.evaluate(sides[1])) for world in worlds)
    except NOT_COMPUTED:
        return None


def settle(
    chain: Chain,
    left: Sequence[t.Node],
    right: Sequence[t.Node],
    layout: Layout,
    reading: Reading,
    *,
    sizes: Sequence[Size] | None = None,
) -> Decision:
    """Decide whether two sides agree that may each be read in several ways: the first way in which they do counts."""
    if small := near((left[0], right[0])):
        chain = replace(chain, aside=replace(chain.aside, small=small))
        left, right = ([t.Operation(name=FIRST_ORDER, of=(one,)) for one in side] for side in (left, right))
    best: Decision | None = None
    misfit = False
    for aside in _asides(chain, left, right):
        seen = chain if aside is chain.aside else replace(chain, aside=aside)
        ways = (one for pair in islice(product(left, right), _MOST_WAYS) for one in _sized(seen, pair))
        for pair in ways:
            found = decide(seen, pair, layout, reading, sizes)
            if found.mark == "holds":
                return found
            misfit = misfit or found.detail.startswith(MISFIT)
            if best is None or _telling(found) > _telling(best):
                best = found
    assert best is not None
    if best.mark == "unread" and (
        each := [decide(chain, p, layout, reading, sizes) for p in by_each(chain, (left[0], right[0]))]
    ):
        return next((one for one in each if one.mark != "holds"), each[0])
    if best.detail == THREE:
        whole = [[by_columns(one) for one in side] for side in (left, right)]
        again = settle(chain, whole[0], whole[1], layout, reading, sizes=sizes)
        return again if again.mark == "holds" else best
    if best.mark == "unread" and for_any_number(chain, (left[0], right[0])):
        free = replace(chain, aside=replace(chain.aside, any_number=True))
        found = decide(free, (left[0], right[0]), layout, reading, sizes)
        return found if found.mark == "holds" else best
    if misfit and (entries := indexed(chain, left[0], right[0])) is not None:
        found = decide(chain, entries, layout, reading, sizes)
        if found.mark == "holds":
            return found
    if misfit and (entry := with_an_entry(chain.asking.known, left[0], right[0], _letters((left[0], right[0]), chain))):
        found = decide(chain, entry, layout, reading, sizes)
        if found.mark == "holds":
            return found
    if best.mark == "unread" and (behind := with_a_cost(chain, (left[0], right[0]))) is not None:
        found = settle(behind, left, right, layout, reading, sizes=sizes)
        return found if found.mark == "holds" else best
    if misfit and (whole_ := with_ones(left[0], right[0])) is not None:
        found = decide(chain, whole_, layout, reading, sizes)
        if found.mark == "holds":
            return found
    if misfit and (unit := with_identities(left[0], right[0])) is not None:
        layouts = (layout, Layout(given="row", rows="row"))
        if any(decide(chain, unit, one, reading, sizes).mark == "holds" for one in layouts):
            return Decision(mark="unread", detail="nothing says whether a bold 1 is a vector of ones or the identity")
    if misfit:
        loose = replace(chain, aside=replace(chain.aside, by_entries=True))
        for pair in islice(product(left, right), _MOST_LOOSE):
            found = decide(loose, pair, layout, reading, sizes)
            if found.mark == "holds":
                return found
            if chain.asking.known.by_entries:
                best = max(best, found, key=_telling)
    if best.mark == "fails" and (other := summed(chain, left[0], right[0])) is not None:
        again = decide(chain, other, layout, reading, sizes)
        if again.mark == "holds":
            return again
    return best


def is_whole(chain: Chain, name: str, layout: Layout, reading: Reading) -> bool:
    """Whether a letter of the student's own stands for a vector or a matrix, however it is defined."""
    world = world_of(chain.asking, chain.asking.known.telling, 0, layout, reading, chain=chain)
    try:
        return not is_scalar(world.evaluate(t.Symbol(name=name)))
    except NOT_COMPUTED:
        return any(key == name and count for key, count in chain.definitions)


def _telling(found: Decision) -> int:
    """How much a decision says: numbers that differ more than shapes that do."""
    return 0 if found.mark == "unread" else 1 if found.detail.startswith(MISFIT) else 2


def _sized(chain: Chain, sides: tuple[t.Node, t.Node]) -> Iterator[tuple[t.Node, t.Node]]:
    return with_sizes(sides, chain.asking.known.sized)


def _asides(chain: Chain, left: Sequence[t.Node], right: Sequence[t.Node]) -> list[Aside]:
    """What the surroundings may say: by what a prime differentiates, what stays while an own letter is varied."""
    nodes = (*left, *right)
    primes = chain.primes if has_prime(nodes) else ()
    found = [replace(chain.aside, prime=prime) for prime in primes] or [chain.aside]
    if {*_letters(nodes, chain)} & {*chain.asking.known.dimensions}:
        found += [replace(one, last=True) for one in found]
    own = {name for name, _ in chain.definitions}
    by_own = any(isinstance(n, t.Partial) and n.by.name in own for node in nodes for n in t.walk(node))
    return [*found, *(replace(one, fixed=True) for one in found)] if by_own else found
