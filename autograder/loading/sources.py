"""Text of modules made from an assignment: the references, and the stubs a student starts from; handed in by us."""

import ast
import hashlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from autograder.model import Assignment, Part
from autograder.results import VERSIONS, Cell, Submission

_SECTION = re.compile(r"^(?P<title>\w[\w ]*)\n-{3,}$", re.MULTILINE)


def module_submission(student: str, source: str) -> Submission:
    """Make a submission of a module's text of ours, never read from a file."""
    return Submission(
        student=student,
        kind="module",
        cells=(Cell(label=f"{student}.py", source=source),),
        sha256=hashlib.sha256(source.encode()).hexdigest(),
    )


def reference_source(assignment: Assignment) -> str:
    """Text of a module that answers everything, as a submission would.

    It is the references' own source with the helper functions they call, and needs nothing but numpy.
    """
    functions = dict.fromkeys(f for part in assignment.parts for f in _with_helpers(part.reference))
    return _module([source_of(function) for function in functions])


def part_reference(part: Part) -> str:
    """Text of one part's reference with the helper functions it calls; it needs nothing but numpy."""
    return _module([source_of(function) for function in _with_helpers(part.reference)])


def stub_source(assignment: Assignment) -> str:
    """Text of the module a student starts from."""
    pieces = [
        "import numpy as np",
        f"# {assignment.title}\n"
        f"# {assignment.course}, {assignment.term}. Due {assignment.due}.\n"
        "#\n"
        "# Write the functions below; keep their names and parameters. You may add functions of your own.\n"
        f"# This file is graded with {VERSIONS}; the standard library is available, torch is not.",
    ]
    for question in (one for one in assignment.questions if one.parts):
        heading = textwrap.fill(f"Question {question.title}", 118, initial_indent="# ", subsequent_indent="# ")
        first, *others = [part_stub(part) for part in question.parts]
        pieces += [f"{heading}\n\n\n{first}", *others]
    head = "\n\n".join(pieces[:2])
    return "\n\n\n".join([head, *pieces[2:]]) + "\n"


def part_stub(part: Part) -> str:
    """Text of one stub: signature, docstring without its Notes, and a body that says it is not written.

    Annotations are left out: they would need imports. No newline stands at its end.
    """
    definition = _definition(part.reference)
    doc = textwrap.indent(_quoted(_without_notes(inspect.getdoc(part.reference) or "")), "    ")
    return f"def {part.name}({ast.unparse(definition.args)}):\n{doc}\n    raise NotImplementedError"


def part_codes(assignment: Assignment) -> dict[str, str]:
    """Text of each part's reference as it is read beside its answer: without docstring, annotations and comments.

    A helper function stands before the first that calls it.
    """
    shown = {part.reference for part in assignment.parts}
    codes = {}
    for part in assignment.parts:
        helpers = [function for function in _with_helpers(part.reference) if function not in shown]
        shown.update(helpers)
        codes[part.name] = "\n\n".join([*map(_code, helpers), _code(part.reference)])
    return codes


def _code(function: Callable[..., Any]) -> str:
    definition, source = _definition(function), source_of(function)
    body = definition.body[1:] if ast.get_docstring(definition) is not None else definition.body
    lines = "\n".join(_bare(statement, source) for statement in body)
    return f"def {function.__name__}({ast.unparse(definition.args)}):\n{textwrap.indent(lines, '    ')}"


def answer_alike(one: Part, other: Part) -> bool:
    """Whether two references are the same code, whatever their docstrings say."""
    return _code(one.reference) == _code(other.reference) and _helpers_of(one) == _helpers_of(other)


def _helpers_of(part: Part) -> list[str]:
    return [source_of(function) for function in _with_helpers(part.reference) if function is not part.reference]


def _bare(statement: ast.stmt, source: str) -> str:
    """A statement as it stands, a variable's annotation left out."""
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        return f"{ast.unparse(statement.target)} = {ast.get_source_segment(source, statement.value)}"
    return textwrap.dedent(ast.get_source_segment(source, statement, padded=True) or "")


def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    """A function's syntax tree, its parameters without annotations."""
    definition = ast.parse(source_of(function)).body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise AssertionError("load_assignment allows plain functions only")
    for argument in ast.walk(definition.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return definition


def _without_notes(doc: str) -> str:
    """Drop the Notes section: formulas belong to the solution."""
    starts = [*_SECTION.finditer(doc)]
    for number, match in enumerate(starts, 1):
        if match["title"] == "Notes":
            rest = doc[starts[number].start() :] if number < len(starts) else ""
            return (doc[: match.start()] + rest).rstrip()
    return doc


def _quoted(doc: str) -> str:
    """Write the docstring as a literal, raw where backslashes would otherwise have to be doubled."""
    if '"""' in doc or doc.endswith(('"', "\\")):
        doc = doc.replace("\\", "\\\\").replace('"', '\\"')
        prefix = ""
    else:
        prefix = "r" if "\\" in doc else ""
    end = "\n" if "\n" in doc else ""
    return f'{prefix}"""{doc}{end}"""'


def _module(sources: list[str]) -> str:
    # The references' annotations name things of our own: they must not be evaluated.
    return "\n\n\n".join(["from __future__ import annotations\n\nimport numpy as np", *sources]) + "\n"


def source_of(function: Callable[..., Any]) -> str:
    """Take the text of a function, at the left margin."""
    return textwrap.dedent(inspect.getsource(function)).rstrip()


def _with_helpers(function: Callable[..., Any]) -> list[FunctionType]:
    """List the function, after the functions of its own package that it calls by name."""
    found: dict[FunctionType, None] = {}
    _collect(function, found)
    return list(found)


def _collect(function: Any, found: dict[FunctionType, None], busy: tuple[Any, ...] = ()) -> None:
    package = function.__module__.partition(".")[0]
    for name in _names(function.__code__):
        helper = function.__globals__.get(name)
        ours = isinstance(helper, FunctionType) and helper.__module__.partition(".")[0] == package
        if ours and helper is not function and helper not in busy:
            _collect(helper, found, (*busy, function))
    found[function] = None


def _names(code: CodeType) -> Iterator[str]:
    """Global names that a function's code, or code inside it, may look up."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
