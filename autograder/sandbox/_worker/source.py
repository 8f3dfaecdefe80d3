"""Turn the text of a cell into code. IPython's own syntax is taken out, line by line, only where Python stumbles."""

import __future__

import ast
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from opcode import opmap
from types import CodeType

from autograder.sandbox._worker.absent import mark
from autograder.sandbox._worker.marimo import flattened

TRIES = 64
"""Lines repaired one at a time before all of them are repaired at once."""

_BODY_RUNS = frozenset({"time", "timeit", "capture", "prun"})
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_CELL_MAGIC = re.compile(r"\s*%%(\w*)")
_TIME = re.compile(r"(\s*)%time\s+(\S.*)")
_ESCAPED = re.compile(r"(\s*)[%!?]")
_ASSIGNED = re.compile(r"(\s*)([A-Za-z_][\w.,\s\[\]*]*)=\s*[%!]")
_ASKED = re.compile(r"(\s*)[^\s#].*\?\s*(#.*)?$")
_BESIDES = re.compile(r"^(?!import |from |def )[^\s#)\"']|from[\s\\]*\.", re.MULTILINE)
"""What a cell has that does more than import and define functions; some others have it too."""
_STEPS = frozenset(
    opmap[name]
    for name in (
        "RESUME", "NOP", "CACHE", "LOAD_CONST", "LOAD_SMALL_INT", "STORE_NAME", "POP_TOP", "SWAP", "ROT_TWO",
        "IMPORT_NAME", "IMPORT_FROM", "MAKE_FUNCTION", "SET_FUNCTION_ATTRIBUTE", "RETURN_VALUE", "RETURN_CONST",
    )
    if name in opmap
)  # fmt: skip
"""What Python makes of imports and of functions with neither decorators nor computed defaults or annotations."""
_IMPORT, _FROM = opmap["IMPORT_NAME"], opmap["IMPORT_FROM"]
_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Code that runs or fails as a whole: a statement at the top, or all of a cell that cannot fail."""

    code: CodeType
    #: Where it starts, from 1.
    line: int
    #: What it imports, when it is a top-level import of one module; else empty.
    module: str
    statements: Callable[[], Sequence[ast.stmt]]
    #: Whether it can only be quick: it imports, or defines a function.
    quick: bool


def pieces(text: str, name: str) -> list[Piece]:
    """Compile a cell, each top-level statement and each imported module by itself: all of them, or it raises.

    A cell of which no statement can fail, and in which there is nothing to be marked, is one piece: most have only
    imports and functions, and a tree made of Python's objects takes longer than all the rest.

    That is SyntaxError for what is not Python, even without IPython's syntax; hostile text raises ValueError,
    MemoryError and RecursionError too.
    """
    if whole := _whole(text, name):
        return [whole]
    tree = _flat(text, name)
    flags = _future_flags(tree)
    mark(tree, name, postponed=bool(flags & __future__.annotations.compiler_flag), lambdas="lambda" in text)
    try:
        return _compiled(tree, name, flags)
    except SyntaxError:
        # Either it is none, or there is in an annotation what may not be evaluated apart, such as `x: (y := int)`.
        return _compiled(_flat(text, name), name, flags)


def _whole(text: str, name: str) -> Piece | None:
    """Compile a cell at once that imports what is loaded and defines functions; None when it does anything else."""
    if _BESIDES.search(text):
        return None
    try:
        code = compile(text, name, "exec", dont_inherit=True)
    except SyntaxError:
        return None
    if not (_STEPS.issuperset(code.co_code[::2]) and _brings_what_is_there(code) and _needs_no_marks(code)):
        return None
    return Piece(code=code, line=1, module="", statements=lambda: ast.parse(text, name).body, quick=True)


def _brings_what_is_there(code: CodeType) -> bool:
    """Whether each import finds its module loaded, with all that is taken from it."""
    module = None
    for step, number in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        if step == _IMPORT:
            module = sys.modules.get(code.co_names[number])
            if module is None:
                return False
        elif step == _FROM and not hasattr(module, code.co_names[number]):
            return False
    return True


def _needs_no_marks(code: CodeType) -> bool:
    """Whether no function imports anything, or has another one inside, and no annotation is computed."""
    waiting = _inner(code)
    if any(one.co_name == "__annotate__" for one in waiting):
        return False
    while waiting:
        one = waiting.pop()
        inner = _inner(one)
        if _IMPORT in one.co_code[::2] or not _COMPREHENSIONS.issuperset(each.co_name for each in inner):
            return False
        waiting += inner
    return True


def _inner(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def _flat(text: str, name: str) -> ast.Module:
    tree = parse(text, name)
    tree.body = flattened(tree, lambda cell: parse(cell, name))
    return tree


def _compiled(tree: ast.Module, name: str, flags: int) -> list[Piece]:
    found: list[Piece] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                one = ast.copy_location(ast.Import(names=[alias]), statement)
                found.append(_piece(one, name, flags, alias.name))
        else:
            module = (statement.module or ".") if isinstance(statement, ast.ImportFrom) else ""
            found.append(_piece(statement, name, flags, module))
    return found


def parse(text: str, name: str) -> ast.Module:
    """Parse a cell; where it is not Python, take IPython's syntax out, keeping indentation and line numbers."""
    try:
        return ast.parse(text, name)
    except SyntaxError as error:
        problem = error
    lines = _LINE_ENDS.split(text)
    if not _open_cell_magic(lines):
        return ast.parse("", name)
    for _ in range(TRIES):
        try:
            return ast.parse("\n".join(lines), name)
        except SyntaxError as error:
            problem = error
        if not _repair(lines, (problem.lineno or 0) - 1):
            break
    if sum(_repair(lines, index) for index in range(len(lines))):
        return ast.parse("\n".join(lines), name)
    raise problem


def _open_cell_magic(lines: list[str]) -> bool:
    """Blank a ``%%magic`` at the top; false when the cell below it is not for Python."""
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        magic = _CELL_MAGIC.match(line)
        if magic:
            lines[index] = ""
            return magic[1] in _BODY_RUNS
        break
    return True


def _repair(lines: list[str], index: int) -> bool:
    """Replace one line of IPython's by Python that does nothing; false when it is none."""
    if not 0 <= index < len(lines):
        return False
    line = lines[index]
    if found := _TIME.match(line):
        lines[index] = found[1] + found[2]
        return True
    if found := _ESCAPED.match(line):
        replacement = f"{found[1]}pass"
    elif found := _ASSIGNED.match(line):
        targets = [target.strip().strip(" \t*") for target in found[2].split(",")]
        replacement = found[1] + " = ".join([*filter(None, targets), "None"])
    elif found := _ASKED.match(line):
        replacement = f"{found[1]}pass"
    else:
        return False
    while lines[index].endswith("\\") and index + 1 < len(lines):
        lines[index] = replacement
        replacement = ""
        index += 1
    lines[index] = replacement
    return True


def _future_flags(tree: ast.Module) -> int:
    """Compiler flags of ``from __future__ import ...``, which hold for the whole cell."""
    flags = 0
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                feature = getattr(__future__, alias.name, None)
                flags |= getattr(feature, "compiler_flag", 0)
    return flags


def _piece(statement: ast.stmt, name: str, flags: int, module: str) -> Piece:
    """Compile one statement; Jupyter allows a top-level await, which then makes a coroutine."""
    tree = ast.Module(body=[statement], type_ignores=[])
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    quick = _is_quick(statement)
    code = compile(tree, name, "exec", flags, dont_inherit=True)
    return Piece(code=code, line=statement.lineno, module=module, statements=lambda: [statement], quick=quick)


def _is_quick(statement: ast.stmt) -> bool:
    """Whether nothing is computed: an import, a docstring, a function with neither decorators nor computed defaults."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
        return not statement.decorator_list and all(isinstance(one, ast.Constant) for one in defaults)
    return isinstance(statement, ast.Import | ast.ImportFrom) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
