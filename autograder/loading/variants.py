"""A page with constants that differ from student to student: its text for one variant, as if it was written so.

What a page's ``variants=`` names is put in place before Python reads it: in the code ``SCALE`` becomes a number, in
texts ``<SCALE>`` becomes its digits. Whatever is made of a page, by its functions or by their text, is then the
variant's own, on the lines that it has in the file.
"""

import ast
import importlib.abc
import importlib.machinery
import linecache
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import CodeType, ModuleType

from autograder.errors import AssignmentError
from autograder.loading.sources import answer_alike
from autograder.model import ANOTHER, Assignment, Constant, Constants, Misconception, Part
from autograder.model.variants import as_text, count_of

_NAMED = re.compile(r"<(\w+)>")
_HINT = "These are the outputs for another variant's numbers. Use the numbers in your own handout."


def constants_of(text: str, where: str) -> Constants:
    """Find what a page says of its variants, without running it; nothing where it says nothing.

    Raises `AssignmentError` if it is not written out, or makes no variants.
    """
    if "variants" not in text:
        return {}
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return {}  # importing it says where
    for statement in body:
        call = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        for keyword in call.keywords if isinstance(call, ast.Call) else ():
            if keyword.arg == "variants" and "QUESTION" in _targets(statement):
                found = _written_out(keyword.value, where)
                count_of(found, where)
                _refuse_other_uses(body, found, where)
                return found
    return {}


def _targets(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return (
        [statement.target.id] if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) else []
    )


def _written_out(value: ast.expr, where: str) -> Constants:
    try:
        found = ast.literal_eval(value)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AssignmentError(
            f'{where}, line {value.lineno}: variants= is not written out; write {{"SCALE": (3.0, 2.5)}}, with the '
            "numbers and texts themselves"
        )
    return found


def _refuse_other_uses(body: Sequence[ast.stmt], constants: Constants, where: str) -> None:
    """A constant's name means the constant alone, and at its own line its first value."""
    own = [statement for statement in body if isinstance(statement, ast.Assign | ast.AnnAssign)]
    targets = [target for one in own for target in (one.targets if isinstance(one, ast.Assign) else [one.target])]
    settled = {id(target) for target in targets}
    for node in (inner for statement in body for inner in ast.walk(statement)):
        stored = isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and id(node) not in settled
        name = node.id if isinstance(node, ast.Name) else node.arg if isinstance(node, ast.arg) else ""
        if name in constants and (stored or isinstance(node, ast.arg)):
            line = f", line {node.lineno}" if isinstance(node, ast.Name | ast.arg) else ""
            raise AssignmentError(
                f"{where}{line}: {name} is a constant of variants=; give what is set here another name"
            )
    for statement in own:
        for name in constants.keys() & {*_targets(statement)}:
            first = constants[name][0]
            value = statement.value
            if value is None or value.lineno != value.end_lineno or ast.unparse(value) != repr(first):
                raise AssignmentError(
                    f"{where}, line {statement.lineno}: {name} is not what variants= has for it first; write "
                    f"{name} = {first!r}"
                )


def page_text(text: str, variant: int, where: str) -> str:
    """Text of a page for one variant; as it is where it has none.

    Raises `AssignmentError` as from `constants_of`.
    """
    constants = constants_of(text, where)
    if not constants:
        return text
    mine = {name: values[max(variant, 1) - 1] for name, values in constants.items()}
    lines = [line.encode() for line in text.split("\n")]
    for node in sorted(_uses(ast.parse(text), mine), key=lambda one: (one.lineno, one.col_offset), reverse=True):
        line, end = lines[node.lineno - 1], node.end_col_offset
        value = repr(mine[node.id])
        literal = f"({value})" if value.startswith("-") else value
        lines[node.lineno - 1] = line[: node.col_offset] + literal.encode() + line[end:]
    return _NAMED.sub(
        lambda found: as_text(mine[found[1]]) if found[1] in mine else found[0],
        "\n".join(line.decode() for line in lines),
    )


def _uses(tree: ast.AST, constants: Mapping[str, Constant]) -> Iterator[ast.Name]:
    """Where a constant is read; where its line sets it, the value there, by the same name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and (named := constants.keys() & {*_targets(node)}):
            value = node.value
            if value is not None:
                place = {one: getattr(value, one) for one in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
                yield ast.Name(id=next(iter(named)), ctx=ast.Load(), **place)
        elif isinstance(node, ast.Name):
            if node.id in constants:
                yield node
        elif not isinstance(node, ast.JoinedStr):  # looks its values up by itself, where it is run
            yield from _uses(node, constants)


class _Loader(importlib.abc.InspectLoader):
    """Runs a page's text for one variant, which `inspect` finds again under a name that no file has."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name

    def get_source(self, fullname: str) -> str:  # noqa: ARG002 - one page, one loader
        return self._text

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        linecache.cache[self._name] = (len(self._text), None, self._text.splitlines(keepends=True), self._name)
        return self.source_to_code(self._text, self._name)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the pages of one package in place of their files."""

    def __init__(self, package: str, variant: int, pages: Mapping[Path, str]) -> None:
        self._variant = variant
        self._pages = {f"{package}.{file.stem}": (file, text) for file, text in pages.items()}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - as Python calls it
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._pages:
            return None
        file, text = self._pages[fullname]
        name = f"{file} (variant {self._variant})"
        spec = importlib.machinery.ModuleSpec(fullname, _Loader(text, name), origin=str(file))
        spec.has_location = True
        return spec


@contextmanager
def pages_of(package: str, variant: int, pages: Mapping[Path, str]) -> Iterator[None]:
    """Let a package's pages be imported as texts of one variant."""
    finder = _Finder(package, variant, pages)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def headed(title: str, variant: int) -> str:
    """Name a variant in the title that all its documents have."""
    return f"{title} (variant {variant})"


def joined(variants: Sequence[Assignment]) -> Assignment:
    """Make one assignment of its variants: each knows the others' answers, and calls them by their number.

    Raises `AssignmentError` if the variants ask for different functions, or give different points.
    """
    first = variants[0]
    for one in variants[1:]:
        if _rubric(one) != _rubric(first):
            raise AssignmentError(
                f"assignment {first.folder}: variants 1 and {one.variant} differ in ids, functions, parameters, "
                "answers, criteria, families or points; let constants change numbers and texts only"
            )
    each = tuple(replace(_knowing(one, variants), title=headed(one.title, one.variant)) for one in variants)
    return replace(_knowing(first, variants, itself=True), variant=0, variants=each)


def _rubric(assignment: Assignment) -> list[object]:
    return [
        (
            question.id,
            question.written_points,
            [
                (
                    part.name,
                    part.parameters,
                    part.names,
                    [(one.id, one.output, one.points, one.families) for one in part.criteria],
                    [(one.name, one.hidden, one.draws) for one in part.families],
                )
                for part in question.parts
            ],
        )
        for question in assignment.questions
    ]


def _knowing(assignment: Assignment, variants: Sequence[Assignment], *, itself: bool = False) -> Assignment:
    """Add the other variants' answers to the mistakes; with `itself` its own as well, for what is said of all."""
    questions = []
    for place, question in enumerate(assignment.questions):
        parts = [
            replace(
                part,
                misconceptions=(
                    *part.misconceptions,
                    *_others(
                        part, [(one.variant, one.questions[place].parts[number]) for one in variants], itself=itself
                    ),
                ),
            )
            for number, part in enumerate(question.parts)
        ]
        questions.append(replace(question, parts=tuple(parts)))
    return replace(assignment, questions=tuple(questions))


def _others(part: Part, known: Sequence[tuple[int, Part]], *, itself: bool) -> Iterator[Misconception]:
    different: list[Part] = [] if itself else [part]
    for number, other in known:
        if itself or not any(answer_alike(one, other) for one in different):
            different.append(other)
            yield Misconception(name=f"{ANOTHER}{number}", function=other.reference, hint=_HINT)
