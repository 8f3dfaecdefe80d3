"""Letters that a text defines by how a cost changes to first order: of ``C(y + h) = C(y) + g^T h + o(h)`` g is one."""

from collections.abc import Iterator, Mapping, Sequence

from autograder.mathematics.answers.chains import Chain
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.nearby import VANISHING
from autograder.mathematics.answers.sayings import Saying
from autograder.mathematics.formulas import tree as t

_SIDES = 2


def with_expansions(chains: Sequence[Chain], said: Mapping[int, Sequence[Saying]]) -> dict[int, Sequence[Saying]]:
    """What words say of letters, by piece, and that those are gradients which expansions define."""
    found: dict[int, Sequence[Saying]] = {**said}
    for chain in chains:
        if chain.question and (letter := next(_gradients(chain, chain.asking.known), "")):
            saying = Saying(kind="gradient", name=letter, at=chain.sides[0].at, certain=True)
            found[chain.piece] = (*found.get(chain.piece, ()), saying)
    return found


def _gradients(chain: Chain, known: Known) -> Iterator[str]:
    """The letter that stands beside what moves in the only term of first order, of nothing but these."""
    moved = _moved(chain.sides[0].node, known)
    right = chain.sides[1].node
    if not moved or not isinstance(right, t.Plus) or len(chain.sides) != _SIDES:
        return
    first = [one for one in right.terms if not _vanishes(one) and not _is_the_cost(one, known)]
    if len(first) != 1 or not any(map(_vanishes, right.terms)):
        return
    nodes = [*t.walk(first[0])]
    letters = {one.name for one in nodes if isinstance(one, t.Symbol) and not known.find(one)} - moved
    plain = not any(isinstance(one, t.Number | t.Negative | t.Fraction | t.Partial) for one in nodes)
    if plain and len(letters) == 1 and moved & t.letters(first[0]):
        yield letters.pop()


def _moved(node: t.Node | None, known: Known) -> set[str]:
    """The letters by which what the cost depends on moves in brackets behind it; none where it does not."""
    match node:
        case t.Operation(name="call", of=(t.Symbol() as cost, t.Plus(terms=terms))) if known.costs(known.name(cost)):
            output = known.setting.functions.get(known.name(cost), "")
            moves = [one for one in terms if not (isinstance(one, t.Symbol) and known.name(one) == output)]
            return t.letters(*moves) if len(moves) == len(terms) - 1 else set()
    return set()


def _is_the_cost(node: t.Node, known: Known) -> bool:
    return isinstance(node, t.Symbol) and bool(known.costs(known.name(node)))


def _vanishes(node: t.Node) -> bool:
    return isinstance(node, t.Operation) and node.name == VANISHING
