"""What a package that is not there may cost: a decorator, a default value, a statement; never the function below it.

Code is marked before it is compiled. An annotation that cannot be evaluated becomes its text, as under ``from
__future__ import annotations``; a decorator or default value is left out if it names what a failed import would have
brought; an import in a function that nothing in it uses may fail.
"""

import ast
import builtins
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

# No student's code can spell these.
_THERE, _EVALUATED, _SAME, _MISSING = "<there>", "<evaluated>", "<same>", "<missing>"
_N = TypeVar("_N", bound=ast.AST)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody")
_PARTS = (*_BLOCKS, "handlers", "cases")
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
_ANNOTATED = (*FUNCTIONS, ast.arg, ast.AnnAssign)
_PARTS_OF = {
    kind: tuple(part for part in _PARTS if part in kind._fields)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""Where each kind of node has statements in it: most have none."""


class _Missing:
    """Stands where a default value would: there is nothing that it can do."""

    def __repr__(self) -> str:
        return "<from a package that is not there>"


class Absent:
    """The names that failed imports would have brought, and what was left out because of them."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._modules: dict[str, str] = {}
        self._left_out: dict[tuple[str, int, str], None] = {}
        namespace.update({_THERE: self._there, _EVALUATED: _evaluated, _SAME: _same, _MISSING: _Missing()})

    def learn(self, names: Iterable[str], module: str) -> None:
        """Note that a module's absence kept a statement from defining names."""
        for name in names:
            if name not in self._namespace and not hasattr(builtins, name):
                self._modules[name] = module

    def module(self, name: object) -> str:
        """Name the module whose absence explains that a name is not defined; empty when none does."""
        if not isinstance(name, str) or name in self._namespace:
            return ""
        return self._modules.get(name, "")

    def left_out(self, file: str) -> Iterator[tuple[int, str]]:
        """Lines of a cell in which something was left out since it was asked last, and the module that it needs."""
        for place in [place for place in self._left_out if place[0] == file]:
            del self._left_out[place]
            yield place[1:]

    def _there(self, file: str, line: int, *names: str) -> bool:
        modules = [module for module in map(self.module, names) if module]
        self._left_out.update(((file, line, module), None) for module in modules)
        return not modules


def mark(tree: ast.Module, file: str, *, postponed: bool, lambdas: bool = True) -> None:
    """Let the code of a cell live without what is not there, changing it in place.

    Without lambdas no expression has to be looked into, and they are most of the tree. It may be nested as deeply as
    Python can compile: nothing here is recursive.
    """
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        nodes = list(ast.walk(statement) if lambdas else _statements(statement))
        imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)
        used = _used(list(ast.walk(statement))) if imports else set()
        for node in nodes:
            if imports and isinstance(node, FUNCTIONS):
                _spare_imports(node, used)
            if isinstance(node, DEFINITIONS):
                node.decorator_list = [_if_there(one, file, _SAME) for one in node.decorator_list]
            if isinstance(node, ast.arguments):
                node.defaults = [_if_there(one, file, _MISSING) for one in node.defaults]
                node.kw_defaults = [one and _if_there(one, file, _MISSING) for one in node.kw_defaults]
            if not postponed and isinstance(node, _ANNOTATED):
                _mark_annotations(node)


def _statements(statement: ast.stmt) -> Iterator[ast.AST]:
    """A statement, those in it, and the parameters of the functions among them."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, FUNCTIONS):
            given = node.args
            yield given
            yield from (*given.posonlyargs, *given.args, *given.kwonlyargs)
            yield from filter(None, (given.vararg, given.kwarg))
        for part in _PARTS_OF[type(node)]:
            waiting += getattr(node, part)


def _used(nodes: list[ast.AST]) -> set[str]:
    """Names that code uses, but not those which stand in annotations only."""
    counts = Counter(node.id for node in nodes if isinstance(node, ast.Name))
    counts.update(name for node in nodes if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names)
    for node in nodes:
        for _, annotation in _annotations(node):
            counts.subtract(inner.id for inner in ast.walk(annotation) if isinstance(inner, ast.Name))
    return {name for name, count in counts.items() if count > 0}


def _annotations(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for field in ("annotation", "returns"):
        annotation = getattr(node, field, None)
        if isinstance(annotation, ast.expr):
            yield field, annotation


def _mark_annotations(node: ast.AST) -> None:
    for field, annotation in _annotations(node):
        if not isinstance(annotation, ast.Constant):
            evaluate = ast.Lambda(ast.arguments([], [], None, [], [], None, []), annotation)
            setattr(node, field, _calling(annotation, _EVALUATED, evaluate, ast.Constant(_spelled(annotation))))


def _if_there(wanted: ast.expr, file: str, instead: str) -> ast.expr:
    if isinstance(wanted, ast.Constant):
        return wanted
    names = sorted({one.id for one in ast.walk(wanted) if isinstance(one, ast.Name) and one.id not in vars(builtins)})
    if not names:
        return wanted
    line = ast.Constant(wanted.lineno)
    test = _calling(wanted, _THERE, ast.Constant(file), line, *(ast.Constant(name) for name in names))
    return _at(wanted, ast.IfExp(test, wanted, _at(wanted, ast.Name(instead, ast.Load()))))


def _spare_imports(function: ast.FunctionDef | ast.AsyncFunctionDef, used: set[str]) -> None:
    """Let imports fail whose names nothing uses."""
    waiting: list[ast.AST] = [function]
    while waiting:
        node = waiting.pop()
        for field in _BLOCKS:
            block = getattr(node, field, None)
            if isinstance(block, list):
                waiting += [one for one in block if not isinstance(one, DEFINITIONS)]
                setattr(node, field, [piece for one in block for piece in _spared(one, used)])
        waiting += getattr(node, "handlers", None) or getattr(node, "cases", [])


def _spared(statement: ast.stmt, used: set[str]) -> Iterator[ast.stmt]:
    if isinstance(statement, ast.Import) and len(statement.names) > 1:
        for alias in statement.names:
            yield from _spared(_at(statement, ast.Import([alias])), used)
        return
    if not isinstance(statement, ast.Import | ast.ImportFrom) or any(map(used.__contains__, bound(statement))):
        yield statement
        return
    nothing = _at(statement, ast.Pass())
    caught = _at(statement, ast.Name("ModuleNotFoundError", ast.Load()))
    handler = _at(statement, ast.ExceptHandler(caught, None, [nothing]))
    yield _at(statement, ast.Try([statement], [handler], [], []))


def bound(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement may define, those inside its functions too."""
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _calling(where: ast.expr, name: str, *arguments: ast.expr) -> ast.expr:
    function = _at(where, ast.Name(name, ast.Load()))
    return _at(where, ast.Call(function, [_at(where, one) for one in arguments], []))


def _at(where: ast.AST, node: _N) -> _N:
    return ast.copy_location(node, where)


def _spelled(annotation: ast.expr) -> str:
    try:
        return ast.unparse(annotation)
    except RecursionError:
        return "..."


def _evaluated(evaluate: Callable[[], object], text: str) -> object:
    try:
        return evaluate()
    except Exception:
        return text


def _same(decorated: object) -> object:
    return decorated
