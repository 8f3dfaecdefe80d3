"""Read a notebook of marimo's, a module of functions decorated as cells, as the code that stands in its cells."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.sandbox._worker.absent import DEFINITIONS, FUNCTIONS

INERT = "<inert>"
"""What stands for marimo itself, in the namespace that the code runs in."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Cell:
    """Statements that run together, the names that they take from other cells, and those they define."""

    body: list[ast.stmt]
    takes: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()


def flattened(tree: ast.Module, read: Callable[[str], ast.Module]) -> list[ast.stmt]:
    """Take the statements out of the cells; code that is no notebook of marimo's stays as it is.

    They come in the order in which marimo runs them: a cell after those that define what it takes. `read` parses a cell
    that marimo could not, and therefore wrote as text.
    """
    app = _app(tree)
    if not app:
        return tree.body
    cells = [cell for statement in tree.body if (cell := _cell(statement, app, read))]
    _keep_private_names_apart(cells)
    return [_without_marimo(statement) for cell in _ordered(cells) for statement in cell.body]


def _app(tree: ast.Module) -> str:
    """Name of the notebook's object, ``app = marimo.App()``; empty when there is none."""
    for statement in tree.body:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(value=ast.Name(id="marimo"), attr="App")),
            ):
                return name
    return ""


def _cell(statement: ast.stmt, app: str, read: Callable[[str], ast.Module]) -> _Cell | None:
    """What marimo runs of a statement at the top; None when it is only marimo's frame."""
    if isinstance(statement, DEFINITIONS):
        kinds = [_of_app(one, app) for one in statement.decorator_list]
        if "cell" in kinds and isinstance(statement, FUNCTIONS):
            body = [one for one in statement.body if not isinstance(one, ast.Return)]
            takes = frozenset(one.arg for one in statement.args.args)
            return _Cell(body=body, takes=takes, gives=frozenset(_given(body)))
        if "function" in kinds or "class_definition" in kinds:
            statement.decorator_list = [one for one in statement.decorator_list if not _of_app(one, app)]
        return _Cell(body=[statement], gives=frozenset([statement.name]))
    if isinstance(statement, ast.With) and "setup" in [_of_app(one.context_expr, app) for one in statement.items]:
        return _Cell(body=statement.body, gives=frozenset(_given(statement.body)))
    if isinstance(statement, ast.Expr) and _of_app(statement.value, app) == "_unparsable_cell":
        body = _unparsed(statement, read)
        return _Cell(body=body, gives=frozenset(_given(body)))
    match statement:
        case ast.Import(names=[ast.alias(name="marimo", asname=None)]):
            return None
        case ast.If(body=[ast.Expr(value=run)]) if _of_app(run, app) == "run":
            return None
        case ast.Assign(targets=[ast.Name(id=name)]) if name in (app, "__generated_with"):
            return None
    return _Cell(body=[statement], gives=frozenset(_given([statement])))


def _without_marimo(statement: ast.stmt) -> ast.stmt:
    """Let `import marimo as mo` bring something that does nothing, whatever is asked of it."""
    match statement:
        case ast.Import(names=[ast.alias(name="marimo", asname=name)]):
            target, value = ast.Name(name or "marimo", ast.Store()), ast.Name(INERT, ast.Load())
            for node in (target, value, assigned := ast.Assign([target], value)):
                ast.copy_location(node, statement)
            return assigned
    return statement


def _of_app(expression: ast.expr, app: str) -> str:
    """Which attribute of the notebook's object an expression is or calls; empty when none."""
    function = expression.func if isinstance(expression, ast.Call) else expression
    match function:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == app:
            return attribute
    return ""


def _unparsed(statement: ast.Expr, read: Callable[[str], ast.Module]) -> list[ast.stmt]:
    """Statements of a cell that stands there as text; one that raises when it is not Python."""
    match statement.value:
        case ast.Call(args=[ast.Constant(value=str(text)), *_]):
            try:
                body = read(text).body
            except SyntaxError:
                body = read("raise SyntaxError").body
            for node in (node for one in body for node in ast.walk(one)):
                ast.copy_location(node, statement)
            return body
    return []


def _given(body: list[ast.stmt]) -> Iterator[str]:
    """Names that statements define at the top."""
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)


def _ordered(cells: list[_Cell]) -> list[_Cell]:
    """Cells after those that define what they take; where that goes in a circle, as they stand."""
    missing = Counter(name for cell in cells for name in cell.gives)
    done: list[_Cell] = []
    waiting = dict.fromkeys(cells)
    while waiting:
        ready = (cell for cell in waiting if all(missing[name] <= (name in cell.gives) for name in cell.takes))
        cell = next(ready, next(iter(waiting)))
        del waiting[cell]
        missing.subtract(cell.gives)
        done.append(cell)
    return done


def _keep_private_names_apart(cells: list[_Cell]) -> None:
    """Rename what starts with an underscore, and is thereby its cell's own, where two cells have the same."""
    counts = Counter(name for cell in cells for name in cell.gives)
    for number, cell in enumerate(cells):
        own = {name for name in cell.gives if name.startswith("_") and not name.startswith("__") and counts[name] > 1}
        nodes = [node for statement in cell.body for node in ast.walk(statement)] if own else []
        own -= {node.arg for node in nodes if isinstance(node, ast.arg)}
        own -= {node.name for node in nodes if isinstance(node, ast.alias)}
        for node in nodes:
            for field in ("id", "name", "asname"):
                if getattr(node, field, None) in own:
                    setattr(node, field, f"{getattr(node, field)}<{number}>")
