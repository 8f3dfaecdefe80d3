"""What students may not read, and where it stands in what they would get.

Texts are compared as runs of words and signs, so that neither layout nor quotes hide anything. All that the files of an
assignment hold is ours, except what is for students: prompts, stubs, titles, rubric and gradient checks.
"""

import ast
import base64
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import LeakError
from autograder.loading import page_text, reference_source, stub_source
from autograder.model import USUAL, Assignment
from autograder.release.selfcheck import differences_text, selfcheck_template
from autograder.release.shape import misshapen
from autograder.release.texts import texts
from autograder.results import Cases
from autograder.truth import public_cases

RUN = 10  #: Words and signs in a row that are no accident any more.

_CODE = "code of a reference"
_SHORTEST = {_CODE: 7}  #: Words and signs of a whole text that is looked for; other kinds: 4.
_DIGITS, _ROW, _ROW_DIGITS = 10, 3, 6
_WORD = re.compile(r"\\?[^\W\d]\w*|\d+(?:\.\d+)?(?:e[-+]?\d+)?|[^\s\w'\"`#,\\]")
_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?:[eE][-+]?\d+)?")
_QUOTED = re.compile(r"""(['"`])((?:(?!\1)[^\\\n])+)\1""")
_CALLS = {
    "Misconception": "a misconception",
    "Derivation": "a step of a derivation",
    "Step": "a step of a derivation",
    "Family": "a hidden family",
    **dict.fromkeys(("value", "gradient", "jacobian"), "a misconception"),
    "derivations": "a step of a derivation",
    "family": "a hidden family",
}

Search = Callable[[str], Iterator[tuple[str, int]]]  #: Kinds of leaks in a text, and where each begins.


@dataclass(frozen=True, kw_only=True)
class Leak:
    """One thing that students may not read."""

    file: str  #: Path in the release.
    kind: str  #: What it is, in a few words.
    place: str  #: Where in the file; empty for its name.


def refuse_leaks(
    files: Mapping[str, bytes], assignment: Assignment, *, secret: bytes | None, cases: Cases | None
) -> None:
    """Stop before something is released that students may not read.

    `secret` and `cases` are the course's, when there are any; only with its cases can hidden numbers be looked for.

    Raises `LeakError` if there is one; the text names file, kind and place, and never what was found.
    """
    leaks = find_leaks(files, assignment, secret=secret, cases=cases)
    if leaks:
        first, more = leaks[0], f" (and {len(leaks) - 1} more)" if len(leaks) > 1 else ""
        where = f"{first.file}, {first.place}" if first.place else first.file
        raise LeakError(f"{where}: {first.kind}{more}; nothing was released. Take it out of what students get")


def find_leaks(
    files: Mapping[str, bytes], assignment: Assignment, *, secret: bytes | None, cases: Cases | None
) -> tuple[Leak, ...]:
    """Search files for what students may not read: in order of files, of each kind the first in a text."""
    searches = [_runs(assignment), _names(assignment)]
    if secret is not None:
        searches.append(_secret(secret, cases))
    if cases is not None:
        searches.append(_numbers(assignment, cases))
    leaks: dict[Leak, None] = {}
    for path, content in files.items():
        if any(_is_solutions(piece, assignment) for piece in Path(path).parts):
            leaks[Leak(file=path, kind="a file of the solutions, by its name", place="")] = None
        if path.endswith(".ipynb"):
            leaks.update((Leak(file=path, kind=kind, place=place), None) for place, kind in misshapen(content))
        for place, text in texts(path, content):
            for kind, start in (hit for search in searches for hit in search(text)):
                line = f"line {text.count(chr(10), 0, start) + 1}"
                leaks[Leak(file=path, kind=kind, place=f"{place}, {line}" if place else line)] = None
    return tuple(leaks)


# ------------------------------------------------------------------------------------------------------------- searches


def _runs(assignment: Assignment) -> Search:
    """Look for code and text of the assignment's files, in runs of words."""
    kinds: dict[tuple[str, ...], str] = {}
    lengths: set[int] = set()
    for kind, text in _ours(assignment):
        words = _words(text)
        length = min(RUN, len(words))
        if length >= _SHORTEST.get(kind, 4):
            lengths.add(length)
            for run in _in_a_row(words, length):
                kinds.setdefault(run, kind)
    for text, strictly in _for_students(assignment):
        words = _words(text)
        for length in lengths:
            for run in _in_a_row(words, length):
                if not strictly or kinds.get(run) != _CODE:
                    kinds.pop(run, None)

    ranks = [*dict.fromkeys(kinds.values())]

    def search(text: str) -> Iterator[tuple[str, int]]:
        matches = [*_WORD.finditer(text.lower())]
        words = [match[0] for match in matches]
        first: dict[str, int] = {}
        for length in lengths:
            for start, run in enumerate(_in_a_row(words, length)):
                if run in kinds:
                    first[kinds[run]] = min(matches[start].start(), first.get(kinds[run], len(text)))
        yield from sorted(first.items(), key=lambda hit: ranks.index(hit[0]))

    return search


def _names(assignment: Assignment) -> Search:
    """Look for names and titles that stand alone between quotes, and for names of files."""
    public = {family.title for part in assignment.parts for family in part.families if not family.hidden}
    # Words of the self-check, and of what students are told: a switch or an answer may be called what a family is.
    told = [text for text, _ in _for_students(assignment)]
    template = {match[2] for text in (*told, differences_text()) for match in _QUOTED.finditer(text)}
    template |= {name for part in assignment.parts for name in (part.name, *part.parameters, *part.names)}
    kinds = {
        name: kind
        for part in assignment.parts
        for kind, names in (
            ("a hidden family", [text for one in part.families if one.hidden for text in (one.name, one.title)]),
            ("a misconception", [misconception.name for misconception in part.misconceptions]),
        )
        for name in names
        if name not in public | template | {*USUAL}
    }
    files = re.compile(rf"(?<![\w.])(?:{'|'.join(re.escape(file.name) for file in _question_files(assignment))})(?!\w)")

    def search(text: str) -> Iterator[tuple[str, int]]:
        found = [match for match in _QUOTED.finditer(text) if match[2] in kinds]
        # One plain word may be an accident, except where it is all there is, as a value in JSON is.
        plain = {match[2] for match in found if match[2].isalpha()}
        for match in found:
            if len(plain) > 1 or not match[2].isalpha() or match[0] == text:
                yield kinds[match[2]], match.start()
        if file := files.search(text):
            yield "the name of a file of the solutions", file.start()

    return search


def _secret(secret: bytes, cases: Cases | None) -> Search:
    """Look for the secret as it is, in hexadecimal and in base 64, and for what identifies its cases."""
    spellings = [secret.decode("utf-8", "replace"), secret.hex(), base64.b64encode(secret).decode().rstrip("=")]
    if cases is not None:
        spellings.append(cases.cases_id)

    def search(text: str) -> Iterator[tuple[str, int]]:
        starts = [start for spelling in spellings if (start := text.find(spelling)) >= 0]
        if starts:
            yield "the secret", min(starts)

    return search


def _numbers(assignment: Assignment, cases: Cases) -> Search:
    """Look for hidden inputs and truths: one number with all its digits, or a few in a row with some."""
    hidden: set[str] = set()
    rows: set[tuple[str, ...]] = set()
    for case in cases.cases:
        if case.hidden:
            for value in filter(_numeric, (*case.inputs.values(), *cases.truths[case.id].values())):
                numbers = np.abs(np.asarray(value, dtype=float)).ravel()
                hidden.update(_fractions(numbers, _DIGITS))
                rows.update(_in_a_row(_fractions(numbers, _ROW_DIGITS), _ROW))
    for public, truths in public_cases(assignment):
        for value in filter(_numeric, (*public.inputs.values(), *truths.values())):
            hidden.difference_update(_rounded(np.abs(np.asarray(value, dtype=float)).ravel(), _DIGITS))

    def search(text: str) -> Iterator[tuple[str, int]]:
        found = [(match.start(), float(match[0]), len(match[0])) for match in _NUMBER.finditer(text)]
        for (start, _, length), exact in zip(found, _rounded([n for _, n, _ in found], _DIGITS), strict=True):
            if length > _DIGITS and exact in hidden:
                yield "an input or a truth of a hidden case", start
                return
        for (start, _, _), row in zip(
            found, _in_a_row(_rounded([n for _, n, _ in found], _ROW_DIGITS), _ROW), strict=False
        ):
            if row in rows:
                yield "inputs or truths of a hidden case", start
                return

    return search


# ------------------------------------------------------------------------------------------------- whose is what


def _ours(assignment: Assignment) -> Iterator[tuple[str, str]]:
    """What may not be released, with its kind; what is said most precisely comes first."""
    for function in ast.parse(reference_source(assignment)).body:
        if isinstance(function, ast.FunctionDef):
            yield _CODE, "\n".join(map(ast.unparse, _core(function)))
            yield from ((_CODE, ast.unparse(statement)) for statement in _core(function))
            yield "a formula of a reference", ast.get_docstring(function) or ""
    for question in assignment.questions:
        for part in question.parts:
            # What any homework has, the engine says too.
            own = (one for one in part.misconceptions if one.name not in USUAL)
            yield from (("a misconception", misconception.hint) for misconception in own)
            yield from (("a hidden family", family.title) for family in part.families if family.hidden)
        for derivation in question.derivations:
            for step in derivation.steps:
                yield from (("a step of a derivation", text) for text in (step.latex, step.reason))
    checks = {function.__name__ for question in assignment.questions for function in question.handed_out}
    for file in _solution_files(assignment):
        source = page_text(file.read_text(encoding="utf-8"), assignment.variant, file.name)
        lines = source.split("\n")
        for statement in ast.parse(source).body:
            core = _core(statement)
            if (
                core
                and not isinstance(statement, ast.Import | ast.ImportFrom)
                and getattr(statement, "name", "") not in checks
            ):
                yield _kind(statement), "\n".join(lines[core[0].lineno - 1 : core[-1].end_lineno])


def _core(statement: ast.stmt) -> list[ast.stmt]:
    """Leave out what every function has in the same words: a signature and a docstring's headings."""
    if not isinstance(statement, ast.FunctionDef):
        return [statement]
    return statement.body[1:] if ast.get_docstring(statement) is not None else statement.body


def _kind(statement: ast.stmt) -> str:
    called = {
        node.func.id for node in ast.walk(statement) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    kinds = [kind for name, kind in _CALLS.items() if name in called]
    return kinds[0] if kinds else "code that only grades"


def _for_students(assignment: Assignment) -> Iterator[tuple[str, bool]]:
    """Texts that may be released, and whether code of a reference may not even stand in them."""
    yield from ((text, False) for text in (stub_source(assignment), selfcheck_template()))
    yield from (
        (text, True)
        for text in (assignment.title, assignment.course, assignment.term, assignment.due, assignment.author)
    )
    for question in assignment.questions:
        yield from ((text, True) for text in (question.title, question.prompt))
        for part in question.parts:
            # As the handout's table and the notebook's cells have them: a title and its points side by side.
            for criterion in part.criteria:
                yield from (
                    (f"{criterion.title} {criterion.points:g}", True),
                    (f"{criterion.points:g} {criterion.title}", True),
                )
            yield from ((family.title, True) for family in part.families if not family.hidden)
        # A mistake is often the module with one thing changed.
        yield from ((inspect.getsource(function), True) for function in question.handed_out)


def _folder(assignment: Assignment) -> Path:
    return assignment.folder or Path(inspect.getfile(assignment.parts[0].reference)).parent


def _solution_files(assignment: Assignment) -> list[Path]:
    return sorted(_folder(assignment).rglob("*.py"))


def _question_files(assignment: Assignment) -> list[Path]:
    return [file for file in _solution_files(assignment) if file.name != "__init__.py"]


def _is_solutions(name: str, assignment: Assignment) -> bool:
    return name in {_folder(assignment).name, *(file.name for file in _question_files(assignment))}


# --------------------------------------------------------------------------------------------------------------- small


def _numeric(value: Any) -> bool:
    return not isinstance(value, str)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _in_a_row(things: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(things[start:] for start in range(length)), strict=False)


def _fractions(numbers: Iterable[float], digits: int) -> list[str]:
    """Leave out what is whole, or nearly so: 1.0 stands in any code."""
    return [word for word in _rounded(numbers, digits) if float(word) % 1 != 0]


def _rounded(numbers: Iterable[float], digits: int) -> list[str]:
    return [f"{number:.{digits - 1}e}" for number in numbers]
