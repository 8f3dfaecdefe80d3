"""Mutants of the references: small changes to right code, each of which the grader has to notice.

``python -m tests.mutants`` from the repository's root grades all of them and prints how many were killed (lost points
on their part), how many are equivalent (listed in `tests.equivalent_mutants` with the reason) and how many survived:
none should.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.model import Assignment
from tests import evidence
from tests.catalogue._pipeline import Pipeline, pipelines, references, rows
from tests.equivalent_mutants import EQUIVALENT

OPERATORS: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
COMPARISONS: tuple[type[ast.cmpop], ...] = (ast.Eq, ast.NotEq, ast.Lt, ast.Gt, ast.LtE, ast.GtE)
FUNCTIONS = {
    "exp": ("expm1", "exp2", "sinh", "log1p"),
    "log": ("log1p", "log2", "log10"),
    "log1p": ("log",),
    "expm1": ("exp",),
    "sum": ("max", "min", "prod", "mean", "cumsum"),
    "max": ("min", "mean", "sum"),
    "min": ("max",),
    "mean": ("sum",),
    "outer": ("inner", "kron", "add.outer", "subtract.outer", "divide.outer"),
    "array": ("negative", "abs", "sort", "square", "zeros_like", "cumsum", "unique"),
    "asarray": ("negative", "abs", "sort", "square", "zeros_like", "cumsum"),
    "diag": ("triu", "eye", "fliplr", "outer"),
    "eye": ("ones", "zeros", "identity"),
    "identity": ("ones", "zeros"),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "multiply": ("add", "divide", "subtract"),
    "dot": ("multiply", "outer"),
    "abs": ("negative",),
    "fill_diagonal": (),
}
"""What a function or method is replaced by; names with a dot only where it is taken from a module."""
AXES = (0, 1, -1, None)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One changed reference.

    Attributes
    ----------
    part : str
        Name of the part.
    change : str
        Line of the normalized reference, and what was done there.
    source : str
        Text of the functions, normalized by `ast.unparse`.
    difference : str
        The normalized lines that are not the reference's; all of `source` when their number differs. What `EQUIVALENT`
        is keyed by.
    """

    part: str
    change: str
    source: str
    difference: str


def normalized(text: str) -> ast.Module:
    """Parse functions, without docstrings and annotations.

    Parameters
    ----------
    text : str
        One or more functions.

    Returns
    -------
    ast.Module
        Its `ast.unparse` is the normal form.
    """
    tree = ast.parse(text)
    tree = _Unannotated().visit(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
        elif isinstance(node, ast.arg):
            node.annotation = None
    return ast.parse(ast.unparse(tree))


class _Unannotated(ast.NodeTransformer):
    """Turns annotated assignments into plain ones."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)


def _difference(source: str, reference: str) -> str:
    lines, there = source.splitlines(), reference.splitlines()
    if len(lines) != len(there):
        return source
    return "\n".join(line.strip() for line, same in zip(lines, there, strict=True) if line != same)


def mutants_of(part: str, text: str) -> Iterator[Mutant]:
    """Make every mutant of a reference.

    Parameters
    ----------
    part : str
        Name of the part.
    text : str
        The reference with its helpers.

    Yields
    ------
    Mutant
        Distinct, compilable and different from the reference, in a fixed order.
    """
    tree = normalized(text)
    reference = ast.unparse(tree)
    seen = {reference}
    for number, node in enumerate(ast.walk(tree)):
        scope = _scope(tree, node)
        for change, edit in _edits(node, scope):
            changed = copy.deepcopy(tree)
            target = next(found for place, found in enumerate(ast.walk(changed)) if place == number)
            if not _apply(changed, target, edit):
                continue
            try:
                source = ast.unparse(ast.fix_missing_locations(changed))
                compile(source, part, "exec")
            except (SyntaxError, ValueError):
                continue
            if source not in seen:
                seen.add(source)
                yield Mutant(
                    part=part,
                    change=f"line {getattr(node, 'lineno', 0)}: {change}",
                    source=source,
                    difference=_difference(source, reference),
                )


Edit = Callable[[ast.AST], "ast.AST | list[ast.stmt] | None"]
"""Gets the node of a copied tree; returns what takes its place, or None when it changed the node itself."""


def _apply(tree: ast.Module, target: ast.AST, edit: Edit) -> bool:
    new = edit(target)
    if new is None:
        return True
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is target:
                if isinstance(new, list):
                    return False
                setattr(parent, field, new)
                return True
            if isinstance(value, list) and any(element is target for element in value):
                place = next(i for i, element in enumerate(value) if element is target)
                value[place : place + 1] = new if isinstance(new, list) else [new]
                if not value and field == "body":
                    value.append(ast.Pass())
                return True
    return False


def _scope(tree: ast.Module, node: ast.AST) -> tuple[str, ...]:
    """Variables of the function that holds a node, parameters first."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and any(found is node for found in ast.walk(function)):
            names = [argument.arg for argument in function.args.args]
            stored = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            return tuple(dict.fromkeys([*names, *stored]))
    return ()


def _edits(node: ast.AST, scope: Sequence[str]) -> Iterator[tuple[str, Edit]]:
    """Every change that can be made at a node."""
    if isinstance(node, ast.stmt):
        yield from _statements(node)
    if isinstance(node, ast.BinOp):
        yield from _binary(node)
    if isinstance(node, ast.UnaryOp):
        yield f"drop {type(node.op).__name__}", lambda n: n.operand  # type: ignore[attr-defined]
    if isinstance(node, ast.Compare):
        for operator in COMPARISONS:
            yield f"compare by {operator.__name__}", _set("ops", [operator()])
    if isinstance(node, ast.BoolOp):
        yield "swap and/or", _set("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    if isinstance(node, ast.Constant):
        for value in _other_constants(node.value):
            yield f"{node.value!r} becomes {value!r}", _set("value", value)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in scope:
        for name in scope:
            yield f"{node.id} becomes {name}", _set("id", name)
    if isinstance(node, ast.Call):
        yield from _calls(node)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "drop the transpose", lambda n: n.value  # type: ignore[attr-defined]
    if isinstance(node, ast.Subscript):
        yield from _subscripts(node)
    if isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield "reverse the order", lambda n: _set("elts", n.elts[::-1])(n)  # type: ignore[attr-defined]
        for place in range(len(node.elts)):
            yield f"drop element {place}", _drop("elts", place)
            yield f"repeat element {place}", lambda n, p=place: _set("elts", [n.elts[p]] * len(n.elts))(n)  # type: ignore
    if isinstance(node, ast.IfExp):
        yield "swap the branches", lambda n: ast.IfExp(test=n.test, body=n.orelse, orelse=n.body)  # type: ignore
    if isinstance(node, ast.comprehension) and node.ifs:
        yield "drop the condition", _set("ifs", [])
    if isinstance(node, (ast.Call, ast.BinOp, ast.Subscript)) or (
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in scope
    ):
        for pattern in PATTERNS:
            yield f"in place of it {pattern.replace('_', 'it')}", _wrap(pattern)


PATTERNS = (
    "-_",
    "_ + 1",
    "2 * _",
    "_ / 2",
    "_ ** 2",
    "np.abs(_)",
    "np.round(_, 6)",
    "np.float32(_)",
    "np.int64(_)",
    "_ + 1e-09",
    "np.sum(_)",
    "np.mean(_, axis=0)",
    "np.transpose(_)",
    "np.flip(_)",
    "np.sort(_)",
    "np.ravel(_)",
    "_[:-1]",
    "_[1:]",
    "_[:2]",
    "0 * _",
)
"""What an expression ``_`` is replaced by: wrong signs, factors, terms, types, reductions, orders and sizes."""


def _set(field: str, value: object) -> Edit:
    def edit(node: ast.AST) -> None:
        setattr(node, field, value)

    return edit


def _drop(field: str, place: int) -> Edit:
    def edit(node: ast.AST) -> None:
        values = getattr(node, field)
        setattr(node, field, values[:place] + values[place + 1 :])

    return edit


def _wrap(pattern: str) -> Edit:
    def edit(node: ast.AST) -> ast.AST:
        expression = ast.parse(pattern, mode="eval").body
        holder = ast.Expression(body=expression)
        for parent in ast.walk(holder):
            for field, value in ast.iter_fields(parent):
                if isinstance(value, ast.Name) and value.id == "_":
                    setattr(parent, field, node)
                elif isinstance(value, list):
                    setattr(parent, field, [node if isinstance(v, ast.Name) and v.id == "_" else v for v in value])
            if parent is node:
                break
        return holder.body

    return edit


def _statements(node: ast.stmt) -> Iterator[tuple[str, Edit]]:
    if not isinstance(node, ast.FunctionDef):
        yield f"remove the {type(node).__name__}", lambda n: []
    if isinstance(node, ast.Return) and node.value is not None:
        yield "return nothing", _set("value", None)
    if isinstance(node, ast.AugAssign):
        yield "assign only", lambda n: ast.Assign(targets=[n.target], value=n.value)  # type: ignore[attr-defined]
        for operator in OPERATORS:
            yield f"in place by {operator.__name__}", _set("op", operator())
    if isinstance(node, ast.If):
        yield "take the branch always", lambda n: n.body  # type: ignore[attr-defined]
        yield "take the branch never", lambda n: n.orelse  # type: ignore[attr-defined]


def _binary(node: ast.BinOp) -> Iterator[tuple[str, Edit]]:
    for operator in OPERATORS:
        yield f"{type(node.op).__name__} becomes {operator.__name__}", _set("op", operator())
    yield "drop the right side", lambda n: n.left  # type: ignore[attr-defined]
    yield "drop the left side", lambda n: n.right  # type: ignore[attr-defined]
    if not isinstance(node.op, (ast.Add, ast.Mult)):
        yield "swap the sides", lambda n: ast.BinOp(left=n.right, op=n.op, right=n.left)  # type: ignore[attr-defined]


def _other_constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from dict.fromkeys(type(value)(v) for v in (value + 1, value - 1, -value, 0, 2 * value))
    elif isinstance(value, str) and "->" in value:
        head, _, tail = value.partition("->")
        yield f"{head}->{tail[::-1]}"
        yield f"{head}->"


def _calls(node: ast.Call) -> Iterator[tuple[str, Edit]]:
    function = node.func
    if isinstance(function, ast.Attribute):
        from_module = isinstance(function.value, ast.Name) and function.value.id in {"np", "math"}
        for name in FUNCTIONS.get(function.attr, ()):
            if from_module or "." not in name:
                yield f"{function.attr} becomes {name}", lambda n, name=name: _set("attr", name)(n.func)  # type: ignore
        if not from_module:
            yield f"drop the call of {function.attr}", lambda n: n.func.value  # type: ignore[attr-defined]
    if node.args:
        yield "drop the call, keep its first argument", lambda n: n.args[0]  # type: ignore[attr-defined]
    if len(node.args) > 1:
        yield "reverse the arguments", lambda n: _set("args", n.args[::-1])(n)  # type: ignore[attr-defined]
        for place in range(len(node.args)):
            yield f"drop argument {place}", _drop("args", place)
            yield f"repeat argument {place}", lambda n, p=place: _set("args", [n.args[p]] * len(n.args))(n)  # type: ignore
    for place, keyword in enumerate(node.keywords):
        yield f"drop the keyword {keyword.arg}", _drop("keywords", place)
        if keyword.arg == "axis":
            for axis in AXES:
                yield f"axis={axis}", lambda n, p=place, a=axis: _set("value", ast.Constant(value=a))(n.keywords[p])  # type: ignore


def _subscripts(node: ast.Subscript) -> Iterator[tuple[str, Edit]]:
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) > 1:
        yield "reverse the indices", lambda n: _set("elts", n.slice.elts[::-1])(n.slice)  # type: ignore[attr-defined]
    if isinstance(node.slice, ast.Slice):
        for bound in ("lower", "upper", "step"):
            yield f"drop the bound {bound}", lambda n, b=bound: _set(b, None)(n.slice)  # type: ignore[misc]
    elif isinstance(node.ctx, ast.Load):
        yield "drop the index", lambda n: n.value  # type: ignore[attr-defined]
    if isinstance(node.slice, (ast.Name, ast.BinOp)):
        one = ast.Constant(value=1)
        yield "the index before", lambda n: _set("slice", ast.BinOp(left=n.slice, op=ast.Sub(), right=one))(n)  # type: ignore


def all_mutants(assignment: Assignment) -> tuple[Mutant, ...]:
    """Make every mutant of every reference.

    Parameters
    ----------
    assignment : Assignment
        The homework.

    Returns
    -------
    tuple of Mutant
        Part by part, in a fixed order.
    """
    return tuple(mutant for part, text in references(assignment).items() for mutant in mutants_of(part, text))


def reason(mutant: Mutant) -> str | None:
    """Say why a mutant is equivalent, or None when it is not known to be."""
    return EQUIVALENT.get((mutant.part, mutant.difference))


def kept_everything(pipeline: Pipeline, mutants: Mapping[str, Mutant]) -> set[Mutant]:
    """Grade mutants of different parts in one submission, and say which kept every point of their part.

    Parameters
    ----------
    pipeline : Pipeline
        The grader's own way.
    mutants : Mapping[str, Mutant]
        By part; the other parts are the references.

    Returns
    -------
    set of Mutant
        Those whose change the grader did not notice.

    Raises
    ------
    AssertionError
        If another part lost points.
    """
    grade = pipeline.grade({part: mutant.source for part, mutant in mutants.items()}, student="mutant")
    lost = {score.part for score in grade.scores if score.earned != score.possible}
    assert lost <= mutants.keys(), f"{[m.change for m in mutants.values()]}: {sorted(lost)} lost points"
    return {mutant for part, mutant in mutants.items() if part not in lost}


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of mutants.

    Attributes
    ----------
    killed : tuple of Mutant
        Lost points.
    equivalent : tuple of Mutant
        Kept everything, as `EQUIVALENT` says.
    survived : tuple of Mutant
        Kept everything, and should not have.
    told_apart : tuple of Mutant
        Lost points though `EQUIVALENT` says they are the same.
    """

    killed: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]
    survived: tuple[Mutant, ...]
    told_apart: tuple[Mutant, ...]


def run(pipeline: Pipeline, mutants: Iterable[Mutant]) -> Result:
    """Grade mutants.

    Parameters
    ----------
    pipeline : Pipeline
        The grader's own way.
    mutants : Iterable[Mutant]
        Any part's.

    Returns
    -------
    Result
        Each mutant in one of four places.
    """
    places: dict[tuple[bool, bool], list[Mutant]] = {
        (kept, known): [] for kept in (False, True) for known in (False, True)
    }
    for row in rows(mutants, lambda mutant: mutant.part):
        kept = kept_everything(pipeline, row)
        for mutant in row.values():
            places[mutant in kept, reason(mutant) is not None].append(mutant)
    return Result(
        killed=tuple(places[False, False]),
        equivalent=tuple(places[True, True]),
        survived=tuple(places[True, False]),
        told_apart=tuple(places[False, True]),
    )


def stale(mutants: Iterable[Mutant]) -> tuple[str, ...]:
    """List the entries of `EQUIVALENT` that no mutant is any longer."""
    arising = {(mutant.part, mutant.difference) for mutant in mutants}
    return tuple(f"{part}: {difference}" for part, difference in EQUIVALENT if (part, difference) not in arising)


def main() -> int:
    """Grade all mutants and write down what became of them."""
    with pipelines() as make:
        mutants = all_mutants(make.assignment)
        result = run(make(0), mutants)
        written = []
        for part in (part.name for part in make.assignment.parts):
            counts = [
                sum(m.part == part for m in found)
                for found in (mutants, result.killed, result.equivalent, result.survived)
            ]
            written.append((f"`{part}`", *counts))
    numbers = [len(found) for found in (result.killed, result.equivalent, result.survived)]
    written.append(("all", len(mutants), *numbers))
    head = ("mutants of", "made", "caught", "equivalent", "survived")
    print(evidence.table(head, written), end="")
    evidence.write("make mutants", head, written)
    for title, found in (("survived", result.survived), ("listed as equivalent, but lost points", result.told_apart)):
        for mutant in found:
            print(f"\n{title}: {mutant.part}, {mutant.change}\n{mutant.source}")
    gone = stale(mutants)
    for entry in gone:
        print(f"\nlisted as equivalent, but no longer made: {entry}")
    return 1 if result.survived or result.told_apart or gone else 0


if __name__ == "__main__":
    sys.exit(main())
