"""A student's written answer, line by line: each ``=`` holds, does not hold, or cannot be read; final answers are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, DecimalException, localcontext
from itertools import product
from typing import Literal

from autograder.derivation import tree as t
from autograder.derivation._dialect import DialectError, Macros, Statement, find_macros, statements
from autograder.derivation._document import Block, Format, read_document
from autograder.derivation._numbers import EXACT, MisfitError, UnreadableError, Value, flat, same, shape
from autograder.derivation._worlds import (
    Budget,
    Definition,
    Layout,
    Theory,
    World,
    extents,
    make_world,
    shown,
    told,
)
from autograder.derivation.parsing import ParseError, parse
from autograder.derivation.printing import to_latex

Kind = Literal["line", "answer", "remark"]
Mark = Literal["holds", "fails", "unread", "defined", "right", "wrong", "missing", "note"]

MOST_FINDINGS = 300
LONGEST_TEXT = 240
_SIZES: dict[Theory, tuple[tuple[int, int], ...]] = {
    "affine": ((2, 2), (1, 1), (1, 3), (3, 1), (2, 3), (3, 2)),
    "softmax": ((1, 1), (2, 2), (3, 3), (5, 5)),
}
_LAYOUTS = tuple(
    Layout(y=y, b=b, transposed=transposed)
    for transposed in (False, True)
    for y, b in (("column", "column"), ("column", "row"), ("row", "row"), ("row", "column"))
)


@dataclass(frozen=True, kw_only=True)
class Target:
    """An answer that a question asks for.

    Attributes
    ----------
    left : Partial
        The derivative asked for.
    condition : str
        ``"="`` or ``"!"`` when its two indices must agree or differ; else empty.
    """

    left: t.Partial
    condition: str = ""

    @property
    def name(self) -> str:
        """How it is called in plain text."""
        of, by = (f"{s.name}{'_' + ','.join(s.indices) if s.indices else ''}" for s in (self.left.of, self.left.by))  # type: ignore[union-attr]
        words = {"=": " for i = j", "!": " for i != j"}.get(self.condition, "")
        return f"d{of}/d{by}{words}".replace("C_2", "C2")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is known of a question: its module, and the answers it asks for.

    Attributes
    ----------
    id : str
        Such as ``"q1a"``.
    theory : {"affine", "softmax"}
        Which module it is about.
    targets : tuple of Target
        What must be found.
    """

    id: str
    theory: Theory
    targets: tuple[Target, ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A piece of a written part.

    Attributes
    ----------
    question : str
        Id of the question it answers; empty when its headings have to say.
    form : {"markdown", "latex"}
        How to read it.
    text : str
        The text.
    """

    question: str
    form: Format
    text: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found out.

    Attributes
    ----------
    kind : {"line", "answer", "remark"}
        What it is about.
    question : str
        Id; empty when unknown.
    name : str
        Of the answer.
    mark : str
        What was found.
    piece, line : int
        Where: index of the piece, line in it from 1; 0 when nowhere.
    latex : str
        The equality or answer, printable ASCII, cut.
    detail : str
        Why, printable ASCII, cut.
    """

    kind: Kind
    question: str
    mark: Mark
    name: str = ""
    piece: int = 0
    line: int = 0
    latex: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class _Side:
    """One side of a chain: its tree, or why there is none."""

    latex: str
    row: int
    node: t.Node | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class _Chain:
    """A statement whose question is known."""

    question: Question
    target: tuple[Target, ...]
    piece: int
    line: int
    sides: tuple[_Side, ...]
    condition: tuple[str, str, bool] | None


@dataclass(kw_only=True)
class _Reading:
    """What one reading of a document gathers."""

    budget: Budget = field(default_factory=Budget)
    definitions: dict[tuple[str, int], Definition] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def question_of(id_: str, theory: Theory, lefts: Sequence[tuple[str, str]]) -> Question:
    """Say which answers a question asks for.

    Parameters
    ----------
    id_ : str
        Of the question.
    theory : {"affine", "softmax"}
        Its module.
    lefts : sequence of (str, str)
        The results of its derivations: left-hand side and condition, LaTeX.

    Returns
    -------
    Question
        One target for each derivative of a different cost or by a different letter.
    """
    targets: dict[tuple[object, ...], Target] = {}
    for left, condition in lefts:
        node = parse(left)
        if not isinstance(node, t.Partial) or not isinstance(node.of, t.Symbol):
            continue
        if theory == "affine":
            targets.setdefault((node.of.indices, node.by.name.upper()), Target(left=node))
            continue
        sign = "=" if node.of.indices == node.by.indices else "!" if "neq" in condition else ""
        if sign:
            targets.setdefault((sign,), Target(left=node, condition=sign))
    return Question(id=id_, theory=theory, targets=tuple(targets.values()))


def judge(texts: Sequence[Text], questions: Sequence[Question]) -> tuple[Finding, ...]:
    """Judge a written part.

    Parameters
    ----------
    texts : sequence of Text
        Its pieces, in order; anything may stand in them.
    questions : sequence of Question
        What was asked.

    Returns
    -------
    tuple of Finding
        Remarks on layout, lines in order, then one answer for each target. It raises nothing that a student caused.
    """
    with localcontext(EXACT):
        return _judge(texts, questions)


def _judge(texts: Sequence[Text], questions: Sequence[Question]) -> tuple[Finding, ...]:
    reading = _Reading()
    chains: list[_Chain] = []
    for number, text in enumerate(texts):
        chains += _chains(number, text, questions, reading)
    layout = _layout(chains, reading)
    told_layouts: set[str] = set()
    for chain in chains:
        for finding in _lines(chain, layout, reading):
            if len(reading.findings) < MOST_FINDINGS:
                reading.findings.append(finding)
        if chain.question.theory == "affine":
            told_layouts.add(chain.question.id)
    remarks = [_remark(question.id, layout) for question in questions if question.id in told_layouts and layout]
    answers = [_answer(question, target, chains, layout, reading) for question in questions for target in question.targets]
    return tuple([*remarks, *reading.findings, *answers])


def printable(text: str) -> str:
    """Make any text short printable ASCII.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        At most `LONGEST_TEXT` characters, spaces folded, others as ``[U+XXXX]``.
    """
    text = " ".join(text[: 2 * LONGEST_TEXT].split())
    text = "".join(c if " " <= c <= "~" else f"[U+{ord(c):04X}]" for c in text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 3] + "..."


def _chains(number: int, text: Text, questions: Sequence[Question], reading: _Reading) -> Iterator[_Chain]:
    """Chains of one piece, each with its question."""
    macros = find_macros(text.text)
    before: Question | None = None
    for block in read_document(text.text, text.form, text.question, [question.id for question in questions]):
        try:
            if block.problem:
                raise DialectError(block.problem)
            found = list(statements(block.latex, macros if text.form == "latex" or "command" in text.text else {}))
        except DialectError as error:
            reading.findings.append(
                Finding(kind="line", question=block.question, mark="unread", piece=number, line=block.line, latex=printable(block.latex[:100]), detail=str(error))
            )
            continue
        for statement in found:
            sides = tuple(map(_side, statement.sides, statement.rows))
            targets = [(q, target) for q in questions for target in q.targets if _matches(sides[0].node, target)]
            if block.inline and not targets:
                continue
            question = next((q for q in questions if q.id == block.question), None)
            if targets and (question is None or question not in {q for q, _ in targets}):
                question = targets[0][0]
            question = question or before or _by_symbols(sides, questions)
            if question is None:
                continue
            before = question
            yield _Chain(
                question=question,
                target=tuple(target for q, target in targets if q is question),
                piece=number,
                line=block.line,
                sides=sides,
                condition=statement.condition or block.condition,
            )


def _side(latex: str, row: int) -> _Side:
    try:
        return _Side(latex=latex, row=row, node=parse(latex))
    except ParseError as error:
        near = latex[max(0, error.position - 15) : error.position + 25]
        found = f"'{error.found}' " if error.found else ""
        problem = f"{found}in '{near}': {error.hint}" if latex else "what is no formula"
        return _Side(latex=latex, row=row, problem=printable(problem))


def _matches(node: t.Node | None, target: Target) -> bool:
    """Whether a side is the derivative that a target asks for, whole or by one entry."""
    if not isinstance(node, t.Partial) or not isinstance(node.of, t.Symbol | t.Applied):
        return False
    of = node.of.function if isinstance(node.of, t.Applied) else node.of
    left = target.left.of
    if not isinstance(left, t.Symbol) or of.name != left.name or node.by.name.upper() != target.left.by.name.upper():
        return False
    return bool(target.condition) or of.indices == left.indices


def _by_symbols(sides: Sequence[_Side], questions: Sequence[Question]) -> Question | None:
    names = {below.name for side in sides if side.node for below in t.walk(side.node) if isinstance(below, t.Symbol)}
    functions = any(isinstance(below, t.Function) for side in sides if side.node for below in t.walk(side.node))
    theory = "softmax" if "beta" in names or functions else "affine" if names & {"W", "w", "C", "b"} else None
    return next((question for question in questions if question.theory == theory), None)


def _letters(nodes: Sequence[t.Node]) -> list[str]:
    """Free index letters of some sides."""
    found: dict[str, None] = {}
    bound = {node.index for side in nodes for node in t.walk(side) if isinstance(node, t.Total)}
    for side in nodes:
        for node in t.walk(side):
            symbols = [node] if isinstance(node, t.Symbol) else [node.by] if isinstance(node, t.Partial) else []
            for symbol in symbols:
                found.update(dict.fromkeys(index for index in symbol.indices if not index.isdecimal()))
            if isinstance(node, t.Cases):
                for _, when in node.rows:
                    if when:
                        found.update(dict.fromkeys(index for index in (when.left, when.right) if not index.isdecimal()))
            if isinstance(node, t.Total):
                found.update(dict.fromkeys(index for index in node.skipped if not index.isdecimal()))
    return [letter for letter in found if letter not in bound]


def _worlds(chain: _Chain, nodes: Sequence[t.Node], layout: Layout, reading: _Reading, sizes: Sequence[tuple[int, int]]) -> Iterator[World]:
    """Points at which sides are compared, the most readable first."""
    theory = chain.question.theory
    letters = _letters(nodes)
    if len(letters) > 4:
        raise UnreadableError("it has more than four free indices")
    fixed = _written_out(nodes)
    for rows, columns in [fixed] if fixed else sizes:
        for seed in (0, 1):
            world = make_world(theory, rows, columns, seed, layout, reading.definitions, reading.budget)
            whole = [t.Matrix(rows=(tuple(nodes),))]
            ranges = [range(extents(whole[0], letter, world.sizes, (rows, columns))) for letter in letters]
            for places in product(*ranges):
                at = dict(zip(letters, places, strict=True))
                if chain.condition and {*chain.condition[:2]} <= set(letters):
                    left, right, equal = chain.condition
                    if (at[left] == at[right]) is not equal:
                        continue
                yield replace(world, letters=at)


def _written_out(nodes: Sequence[t.Node]) -> tuple[int, int] | None:
    """The size that components written out ask for."""
    digits = [int(d) for side in nodes for node in t.walk(side) for s in _indexed(node) if s.name != "C" for index in s.indices if index.isdecimal() for d in (index if len(index) == 2 else [index])]
    matrices = [node for side in nodes for node in t.walk(side) if isinstance(node, t.Matrix)]
    largest = max([*digits, *(max(len(m.rows), len(m.rows[0])) for m in matrices)], default=0)
    return (max(2, largest),) * 2 if 0 < largest <= 5 else None


def _indexed(node: t.Node) -> list[t.Symbol]:
    return [node] if isinstance(node, t.Symbol) else [node.by] if isinstance(node, t.Partial) else []


@dataclass(frozen=True, kw_only=True)
class _Decision:
    """Whether two sides agree, and the smallest place where not."""

    mark: Literal["holds", "fails", "unread"]
    detail: str


def _decide(chain: _Chain, left: t.Node, right: t.Node, layout: Layout, reading: _Reading, sizes: Sequence[tuple[int, int]] | None = None) -> _Decision:
    points = 0
    seen: list[str] = []
    try:
        for world in _worlds(chain, (left, right), layout, reading, sizes or _SIZES[chain.question.theory]):
            here = f"K = {world.rows}" if world.theory == "softmax" else f"{world.rows}x{world.columns}"
            if here not in seen:
                seen.append(here)
            try:
                values = world.evaluate(left), world.evaluate(right)
                if not same(*values):
                    return _Decision(mark="fails", detail=_counterexample(world, here, (left, right), values))
            except MisfitError as error:
                return _Decision(mark="fails", detail=f"the shapes do not fit: {error}, for W {here}" if world.theory == "affine" else f"the shapes do not fit: {error}, for {here}")
            points += 1
    except UnreadableError as error:
        return _Decision(mark="unread", detail=str(error))
    except (DecimalException, OverflowError, ValueError, RecursionError):
        return _Decision(mark="unread", detail="its numbers are too large")
    if not points:
        return _Decision(mark="unread", detail="there is no size at which its conditions can be met")
    return _Decision(mark="holds", detail=f"values agree to 30 digits at {points} points ({', '.join(seen)})")


def _counterexample(world: World, here: str, nodes: Sequence[t.Node], values: tuple[Value, Value]) -> str:
    names = ["beta", "x"] if world.theory == "softmax" else [
        name for name in ("x", "g", "b", "W") if name == "g" or any(s.name.upper() == name.upper() for n in nodes for b in t.walk(n) for s in _indexed(b))
    ]
    said = told(world, names).replace("g =", "dC/dy =")
    indices = "".join(f", {letter} = {at + 1}" for letter, at in world.letters.items())
    return printable(f"for {here}{indices}, {said}: left {shown(values[0])}, right {shown(values[1])}")


def _layout(chains: Sequence[_Chain], reading: _Reading) -> Layout:
    """The layout under which most equalities hold; the first of several that do equally well."""
    pairs = [
        (chain, left.node, right.node)
        for chain in chains
        if chain.question.theory == "affine"
        for left, right in zip(chain.sides, chain.sides[1:], strict=False)
        if left.node and right.node
    ][:40]
    best, most = _LAYOUTS[0], -1
    for layout in _LAYOUTS:
        trial = _Reading(budget=Budget(steps=reading.budget.steps // 40), definitions=dict(reading.definitions))
        held = sum(_decide(chain, left, right, layout, trial, ((2, 3),)).mark == "holds" for chain, left, right in pairs)
        if held > most:
            best, most = layout, held
    return best


def _remark(question: str, layout: Layout) -> Finding:
    shape_of_w = "dC/dW has the shape of W transposed" if layout.transposed else "dC/dW has the shape of W"
    text = f"read with dC/dy as a {layout.y}, dC/db as a {layout.b}; {shape_of_w}"
    return Finding(kind="remark", question=question, mark="note", name="layout", detail=text)


def _lines(chain: _Chain, layout: Layout, reading: _Reading) -> Iterator[Finding]:
    """Findings on each ``=`` of a chain."""
    base = Finding(kind="line", question=chain.question.id, mark="holds", piece=chain.piece)
    if own := _definition(chain, layout, reading):
        key, definition = own
        if len(chain.sides) > 2:
            yield from _lines(replace(chain, sides=chain.sides[1:]), layout, reading)
        reading.definitions[key] = definition
        latex = f"{chain.sides[0].latex} = {chain.sides[1].latex}"
        yield replace(base, mark="defined", line=chain.line + chain.sides[1].row, latex=printable(latex), detail="taken as a definition of yours")
        return
    last: t.Node | None = None
    for number, (left, right) in enumerate(zip(chain.sides, chain.sides[1:], strict=False)):
        last = left.node or last
        finding = replace(base, line=chain.line + right.row, latex=_equality(left, right, number))
        unread = next((side for side in (left, right) if side.node is None), None)
        if right.node is None or last is None:
            assert unread is not None
            yield replace(finding, mark="unread", detail=printable(f"cannot read {unread.problem}"))
            continue
        decided = _decide(chain, last, right.node, layout, reading)
        if decided.mark == "unread" and number and chain.sides[0].node is not None:
            # What cannot be computed in the middle is passed over: the line is held against the chain's first side.
            again = _decide(chain, chain.sides[0].node, right.node, layout, reading)
            decided = replace(again, detail=f"against the first side: {again.detail}") if again.mark != "unread" else decided
        yield replace(finding, mark=decided.mark, detail=printable(decided.detail))


def _equality(left: _Side, right: _Side, number: int) -> str:
    """Both sides for the first equality of a chain, then the right one only."""
    texts = [to_latex(side.node) if side.node else side.latex for side in (left, right)]
    return printable(f"{texts[0]} = {texts[1]}" if not number else f"= {texts[1]}")


def _definition(chain: _Chain, layout: Layout, reading: _Reading) -> tuple[tuple[str, int], Definition] | None:
    """An abbreviation of the student's: a letter that nothing else explains."""
    left, right = chain.sides[0].node, chain.sides[1].node
    if not isinstance(left, t.Symbol) or right is None or (left.name, len(left.indices)) in reading.definitions:
        return None
    if any(index.isdecimal() for index in left.indices) or any(isinstance(s, t.Symbol) and s.name == left.name for s in t.walk(right)):
        return None
    world = make_world(chain.question.theory, 2, 2, 0, layout, reading.definitions, reading.budget)
    try:
        replace(world, letters=dict.fromkeys(left.indices, 0)).evaluate(left)
    except UnreadableError:
        return (left.name, len(left.indices)), Definition(indices=left.indices, body=right)
    except MisfitError:
        return None
    return None


def _answer(question: Question, target: Target, chains: Sequence[_Chain], layout: Layout, reading: _Reading) -> Finding:
    """Judge a final answer: the last side, in the last chain that begins with it, that is no derivative itself."""
    missing = Finding(kind="answer", question=question.id, name=target.name, mark="missing")
    best = missing
    for chain in chains:
        if target not in chain.target or not _covers(chain, target):
            continue
        sides = [side for side in chain.sides[1:] if side.node is None or _is_final(side.node, target)]
        if not sides:
            continue
        side = sides[-1]
        found = replace(missing, piece=chain.piece, line=chain.line + side.row, latex=printable(to_latex(side.node) if side.node else side.latex))
        first = chain.sides[0].node
        if side.node is None or first is None:
            best = replace(found, mark="unread", detail=printable(f"cannot read {side.problem}"))
            continue
        narrowed = replace(chain, condition=_condition(chain, target))
        decided = _decide(narrowed, first, side.node, layout, reading)
        if decided.mark == "holds":
            best = replace(found, mark="right", detail=printable(decided.detail))
        elif decided.mark == "unread":
            best = replace(found, mark="unread", detail=printable(decided.detail))
        else:
            hint = _hint(narrowed, first, side.node, layout, reading)
            best = replace(found, mark="wrong", detail=printable(f"{hint}{decided.detail}"))
    return best


def _covers(chain: _Chain, target: Target) -> bool:
    """Whether a chain about dy_i/dx_j is about this case of it."""
    if not target.condition:
        return True
    left = chain.sides[0].node
    if not isinstance(left, t.Partial) or not isinstance(left.of, t.Symbol) or len(left.of.indices) != 1 or len(left.by.indices) != 1:
        return isinstance(left, t.Partial)
    if left.of.indices == left.by.indices:
        return target.condition == "="
    if chain.condition and {*chain.condition[:2]} == {*left.of.indices, *left.by.indices}:
        return chain.condition[2] is (target.condition == "=")
    return True


def _condition(chain: _Chain, target: Target) -> tuple[str, str, bool] | None:
    left = chain.sides[0].node
    if target.condition and isinstance(left, t.Partial) and isinstance(left.of, t.Symbol) and left.of.indices and left.by.indices:
        i, j = left.of.indices[0], left.by.indices[0]
        return (i, j, target.condition == "=") if i != j else None
    return chain.condition


def _is_final(node: t.Node, target: Target) -> bool:
    """Whether a side says the answer: no derivative by what the question differentiates by is left in it."""
    allowed = {"y"} if target.condition == "" else set()
    return all(below.by.name in allowed and isinstance(below.of, t.Symbol | t.Applied) for below in t.walk(node) if isinstance(below, t.Partial))


_FACTORS: tuple[tuple[str, Callable[[World], Decimal]], ...] = (
    ("the sign is wrong: ", lambda world: Decimal(-1)),
    ("a factor 3 is missing: ", lambda world: Decimal(3)),
    ("a factor 3 is too many: ", lambda world: 1 / Decimal(3)),
    ("a factor beta is missing: ", lambda world: world.numbers["beta", ()].value),
    ("a factor beta is too many: ", lambda world: 1 / world.numbers["beta", ()].value),
    ("a factor beta is missing and the sign is wrong: ", lambda world: -world.numbers["beta", ()].value),
)


def _hint(chain: _Chain, first: t.Node, last: t.Node, layout: Layout, reading: _Reading) -> str:
    """Name the factor between the answer and the truth, where it is one and the same everywhere."""
    fitting = dict(_FACTORS)
    try:
        sizes = ((3, 3),) if chain.question.theory == "softmax" else ((2, 3),)
        for world in _worlds(chain, (first, last), layout, reading, sizes):
            truth, mine = world.evaluate(first), world.evaluate(last)
            if shape(truth) != shape(mine):
                return "its shape is that of the transpose: " if shape(mine) == "x".join(reversed(shape(truth).split("x"))) else ""
            for name in list(fitting):
                try:
                    factor = fitting[name](world)
                except KeyError:
                    del fitting[name]
                    continue
                close = all(abs(b * factor - a) <= Decimal("1e-25") * (1 + abs(a)) for a, b in zip(flat(truth), flat(mine), strict=True))
                if not close or not any(flat(mine)):
                    del fitting[name]
    except (UnreadableError, MisfitError, DecimalException, OverflowError, ValueError):
        return ""
    return next(iter(fitting), "")
