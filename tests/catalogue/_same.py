"""When two functions are the same code: alike up to the names of their variables and the values of their constants."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def shape(function: ast.FunctionDef | ast.Lambda) -> str:
    """Write a function without its names, constants, docstrings and annotations.

    Parameters
    ----------
    function : ast.FunctionDef or ast.Lambda
        Not changed.

    Returns
    -------
    str
        Equal for two functions that differ in names of their own and in constants only. Names from outside
        (``np``, ``len``) and attributes stay: ``np.outer`` and ``np.inner`` are different code.
    """
    copy = ast.parse(ast.unparse(function)).body[0]
    if isinstance(copy, ast.Expr):
        assert isinstance(copy.value, ast.Lambda)
        expression = copy.value
        # Parsed, since what a function's node consists of depends on the Python.
        copy = ast.parse("def function(): pass").body[0]
        assert isinstance(copy, ast.FunctionDef)
        copy.args, copy.body = expression.args, [ast.Return(value=expression.body)]
    assert isinstance(copy, ast.FunctionDef)
    copy.decorator_list = []
    copy.args.defaults = []
    own = set(_bound(copy))
    names: dict[str, str] = {}
    return ast.dump(_Nameless(own, names).visit(copy))


def _bound(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name


class _Nameless(ast.NodeTransformer):
    """Renames what a function binds in order of appearance, and keeps of constants only their type."""

    def __init__(self, own: set[str], names: dict[str, str]) -> None:
        self._own, self._names = own, names

    def _new(self, name: str) -> str:
        return self._names.setdefault(name, f"v{len(self._names)}") if name in self._own else name

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._new(node.name)
        node.returns = None
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._new(node.name)
        return self._without_docstring(node)

    def _without_docstring(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return self.generic_visit(ast.Assign(targets=[node.target], value=node.value))

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(arg=self._new(node.arg))

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(id=self._new(node.id), ctx=node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(value=type(node.value).__name__)


def functions(text: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Find the top-level functions of a module's text, by name."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node


def misconceptions(text: str) -> Iterator[tuple[str, ast.FunctionDef | ast.Lambda]]:
    """Find the functions of a question's mistakes, tables of ``"name": (function, "hint")``, by the mistake's name.

    A lambda inside a call (a wrapper that completes one output to all of them) counts as it stands; a function of numpy
    counts as a lambda that calls it.
    """
    tree = ast.parse(text)
    named = dict(functions(text))
    for table in ast.walk(tree):
        for key, value in zip(table.keys, table.values, strict=True) if isinstance(table, ast.Dict) else ():
            match key, value:
                case ast.Constant(value=str(name)), ast.Tuple(elts=[function, ast.Constant(value=str()) | ast.JoinedStr() | ast.Call()]):
                    for node in ast.walk(function):
                        if isinstance(node, ast.Lambda):
                            yield name, node
                        elif isinstance(node, ast.Name) and node.id in named:
                            yield name, named[node.id]
                        elif isinstance(node, ast.Attribute) and not any(
                            isinstance(one, ast.Lambda) for one in ast.walk(function)
                        ):
                            called = ast.parse(f"lambda answer: {ast.unparse(node)}(answer)", mode="eval").body
                            assert isinstance(called, ast.Lambda)
                            yield name, called
