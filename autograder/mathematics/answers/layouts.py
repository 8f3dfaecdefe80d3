"""Which layout of derivatives a student writes in: inferred and named, never punished."""

import re
from collections.abc import Sequence
from itertools import pairwise

from autograder.mathematics.answers.chains import Chain, Reading, nodes_in
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.records import Layout, Stand
from autograder.mathematics.answers.trying import agree
from autograder.mathematics.formulas import tree as t

_STANDS: tuple[tuple[Stand, Stand], ...] = (("column", "column"), ("column", "row"), ("row", "row"), ("row", "column"))
# Only who lays gradients out as rows may turn a matrix round: with a column, u (df/dv)^T has its factors swapped.
_LAYOUTS = tuple(
    Layout(given=given, rows=rows, transposed=transposed)
    for transposed in (False, True)
    for given, rows in _STANDS
    if given == "row" or not transposed
)
_SENTENCE_ENDS = re.compile(r"[.;!?]")
_DERIVATIVE = re.compile(r"gradient|derivative|\\partial|∂|\bd[A-Z]\s?/\s?d", re.IGNORECASE)
_SHAPED = re.compile(
    r"(?:(?<!transpose of )\b(?:the|same|exact|its|in) (?:very |exact |same )?"
    r"(?:shapes?|sizes?|dimensions?|format) (?:of|as)"
    r"|\bshaped (?:like|as)|\b(?:stored|arranged|laid out|written) (?:in the same way|like|as)[^.;!?]{0,40} like)"
    r"(?! (?:its |the )?transpos)(?![^.;!?]{0,40}transpos)",
    re.IGNORECASE,
)
"""Words by which a derivative before them has the shape of what it is taken by."""
_ROW = re.compile(r"\brow [$(\\]{0,3}([a-z])\b", re.IGNORECASE)
_COLUMN = re.compile(r"\bcolumn [$(\\]{0,3}([a-z])\b", re.IGNORECASE)
_AT = re.compile(r"\bentry [$\\]{0,2}\(([a-z]), ?([a-z])\)", re.IGNORECASE)
_ENTRY = re.compile(r"_\{?([a-z]),? ?([a-z])(?![a-z])")
_NAMED = re.compile(r"\bdenominator[- ]layout", re.IGNORECASE)
_TURNED = re.compile(r"\bnumerator[- ]layout", re.IGNORECASE)
_COLUMNS = re.compile(
    r"\bcolumns?\)? (?:vectors? )?(?:of )?(?:all )?(?:the )?(?:upstream |incoming |partial )?(?:gradient|derivative)",
    re.IGNORECASE,
)
_IN_COLUMNS = re.compile(r"\bcolumns?\b(?! [$(\\]{0,3}[a-z]\b)", re.IGNORECASE)
_ROWS = re.compile(
    r"\brows?[- ](?:vector|gradient|layout|convention)|\b(?:as|is|are|be) (?:a |the )?rows?\b(?! of)"
    r"|\(rows?\b|\brow grad|\b1 ?(?:\\times|[×x]) ?[A-Za-z]\b",
    re.IGNORECASE,
)
"""Who speaks of gradients as columns, and of no rows, does not turn a matrix round."""
_MOST_CHAINS = 40
_TRIAL_STEPS = 5_000
_FINAL = 3
"""What a final answer weighs against a step on the way to it."""
_SHOWN = 8
"""What a derivative weighs that is written out entry by entry."""


def is_shaped(text: str) -> bool:
    """Whether a text says that a derivative has the shape of what it is taken by."""
    if _TURNED.search(text):
        return False
    sentences = _SENTENCE_ENDS.split(text)
    if _NAMED.search(text) or any(_follows(_SHAPED, one) or _places_entries(one) for one in sentences):
        return True
    in_columns = _COLUMNS.search(text) or any(_follows(_IN_COLUMNS, one) for one in text.splitlines())
    return bool(in_columns) and not _ROWS.search(text)


def _follows(words: re.Pattern[str], sentence: str) -> bool:
    """Whether some words stand behind a derivative."""
    derivative = _DERIVATIVE.search(sentence)
    return bool(derivative and words.search(sentence, derivative.end()))


def _places_entries(sentence: str) -> bool:
    """Whether a sentence says which row and which column an entry of a derivative stands in."""
    row, column, pair = _ROW.search(sentence), _COLUMN.search(sentence), _AT.search(sentence)
    place = (row[1], column[1]) if row and column else pair.groups() if pair else None
    return bool(place and _DERIVATIVE.search(sentence)) and place in _ENTRY.findall(sentence)


def is_turned(text: str) -> bool:
    """Whether a text says that its derivatives lie as rows."""
    return _TURNED.search(text) is not None or _ROWS.search(text) is not None


def document_layout(chains: Sequence[Chain], reading: Reading) -> Layout:
    """Infer the layout of a whole document: the first under which most holds.

    Matrices are turned round where words say so, or a line that only derivatives as rows make right.
    """
    laid = [chain for chain in chains if _lays_out(chain)][:_MOST_CHAINS]
    turned = not reading.shaped and (reading.turned or any(map(_multiplies, laid)))
    return _best([one for one in _LAYOUTS if turned or not one.transposed], laid, reading)


def _multiplies(chain: Chain) -> bool:
    """Whether a derivative by a matrix has a whole one by a vector as a factor, which must lie as the product asks."""
    known, left = chain.asking.known, chain.sides[0].node
    if not isinstance(left, t.Partial) or len(known.shapes.get(known.name(left.by), ())) < 2:
        return False
    own = {name for name, _ in chain.definitions}
    products = (one.factors for one in nodes_in(chain.sides[1:]) if isinstance(one, t.Times))
    bare = (one.of if isinstance(one, t.Transpose) else one for factors in products for one in factors)
    return any(
        not one.by.indices and len(known.shapes.get(known.name(one.by), ())) == 1
        if isinstance(one, t.Partial)
        else isinstance(one, t.Symbol) and one.name in own and not one.indices
        for one in bare
    )


def chain_layout(chain: Chain, usual: Layout, reading: Reading) -> Layout:
    """Infer the layout of one chain: a student who changes between rows and columns is told so, no more.

    The usual one, or one with other rows and columns under which more of the chain holds.
    """
    if not _lays_out(chain):
        return usual
    others = [layout for layout in _LAYOUTS if layout.transposed == usual.transposed and layout != usual]
    return _best([usual, *others], [chain], reading)


def _lays_out(chain: Chain) -> bool:
    """Whether a chain has derivatives that may lie as a row or as a column: of a number by all of a vector."""
    known = chain.asking.known
    nodes = nodes_in(chain.sides)
    own = {name for name, _ in chain.definitions}
    return known.lays_out or any(
        isinstance(one, t.Partial)
        and not one.by.indices
        and not known.problem
        and bool(known.shapes.get(known.name(one.by)))
        and not own.isdisjoint(t.letters(one.of))
        for one in nodes
    )


def _best(layouts: Sequence[Layout], chains: Sequence[Chain], reading: Reading) -> Layout:
    """The first under which most holds, how chains begin before all else; where all holds nothing else is tried."""
    whole = sum(map(_worth, chains))
    best, most = layouts[0], (-1, -1)
    for layout in layouts:
        each = [_held(chain, layout, reading) for chain in chains]
        begun, held = sum(one for one, _ in each), sum(one for _, one in each)
        if (begun, held) > most:
            best, most = layout, (begun, held)
        if held == whole:
            break
    return best


def words(layout: Layout, known: Known) -> str:
    """Name a layout for a student to read, by the derivatives of a question's first cost."""
    if not known.setting.functions:
        return f"read with the derivative of a number as a {layout.given}"
    cost, of = next(iter(known.setting.functions.items()))
    by_rows = [name for name in known.setting.rows if name != of]
    stands = [(of, layout.given)] if len(known.shapes[of]) == 1 else []
    stands += [(name, layout.rows) for name in by_rows]
    said = ", ".join(f"d{cost}/d{name} as a {stand}" for name, stand in stands)
    turned = " transposed" if layout.transposed else ""
    shaped = f"d{cost}/d{known.matrix} has the shape of {known.matrix}{turned}" if known.matrix else ""
    return "; ".join(filter(None, (f"read with {said}" if said else "", shaped)))


def _read(chain: Chain) -> list[tuple[t.Node, ...]]:
    return [side.nodes for side in chain.sides if side.node is not None]


def _worth(chain: Chain) -> int:
    """What `_held` is at most."""
    steps = len(_read(chain)) - 1
    return steps + _FINAL * bool(chain.target) + _SHOWN * _is_shown(chain) if steps > 0 else 0


def _is_shown(chain: Chain) -> bool:
    """Whether a derivative is written out entry by entry, as a row, a column or a matrix."""
    left, right = chain.sides[0].node, chain.sides[1].node
    if not isinstance(left, t.Partial) or not isinstance(right, t.Matrix):
        return False
    return 1 in {len(right.rows), len(right.rows[0])} or not left.by.indices


def _held(chain: Chain, layout: Layout, reading: Reading) -> tuple[int, int]:
    """Whether a chain's first step holds under a layout, and how much of it does; asking costs little of the budget."""
    nodes = _read(chain)
    if len(nodes) < 2:
        return 0, 0
    with reading.paid_trial(_TRIAL_STEPS) as trial:
        steps = [agree(chain, *pair, trial, layout) for pair in pairwise(nodes)]
        final = bool(chain.target) and agree(chain, nodes[0], nodes[-1], trial, layout)
    return int(steps[0]), sum(steps) + _FINAL * final + _SHOWN * (steps[0] and _is_shown(chain))
