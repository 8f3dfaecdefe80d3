"""The self-check: one file that a student can run alone, in a notebook or on one."""

import ast
import inspect
import json
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from autograder.grading.compare import bounds
from autograder.loading.sources import source_of
from autograder.model import MARGIN, Assignment, Output, Part, Question
from autograder.results import VERSIONS, Case
from autograder.shown import visible
from autograder.truth import public_cases

_RULES = (
    "wire/notes",
    *(f"sandbox/_worker/{name}" for name in ("text", "absent", "marimo", "source", "clock", "helpers", "running")),
    "selfcheck_html",
)
_START = """\
# -*- coding: utf-8 -*-
import sys

if sys.version_info < {oldest}:
    sys.exit(
        "{name} needs Python {oldest[0]}.{oldest[1]} or newer, and this is Python %s.%s. "
        "Your work is graded with {graders}." % sys.version_info[:2]
    )

# The program stands in quotes, so that an older Python reads as far as this; its lines have their own numbers.
PROGRAM = r'''
"""
_STOP = """\
'''
exec(compile("\\n" * {lines} + PROGRAM, globals().get("__file__", "{name}"), "exec"))
"""
OLDEST = (3, 10)  #: The oldest Python that the self-check runs on.


def build_selfcheck(assignment: Assignment) -> str:
    """Write the text of a release's self-check: `autograder.selfcheck` with an assignment's public cases in it.

    It needs Python and numpy only, knows no hidden case, and is the same at every build.
    """
    # JSON needs no single quote, so three of them end nothing early; escapes are JSON's, hence the raw string.
    data = json.dumps(_public(assignment), indent=1, ensure_ascii=True)
    pieces = [f'PUBLIC = json.loads(r"""\n{_narrow(data)}\n""")\n']
    pieces.append(differences_text())
    pieces += [
        f'{check_text(question)}\n\nGRADIENT_CHECKS["{question.id}"] = gradient_check\n'
        for question in assignment.questions
        if question.parts
    ]
    template = selfcheck_template().replace("homework_check", assignment.check_module)
    program = _filled(template, "DATA", "\n\n".join(pieces))
    if "'''" in program:
        raise AssertionError("three single quotes would end the program early")
    name = f"{assignment.check_module}.py"
    start = _START.format(oldest=OLDEST, name=name, graders=VERSIONS)
    return start + program + _STOP.format(lines=start.count("\n") - 1, name=name)


def differences_text() -> str:
    """Text of what compares with finite differences: what `check_text` calls."""
    path = Path(__file__).parents[1] / "model" / "differences.py"
    return _without_imports_of_ours(path.read_text(encoding="utf-8"))


def check_text(question: Question) -> str:
    """Text of a function ``gradient_check(functions, inputs)``: what a student can verify alone of one question."""
    if question.gradient_check is not None:
        name, own = question.gradient_check.__name__, source_of(question.gradient_check)
        return own if name == "gradient_check" else f"{own}\n\n\ngradient_check = {name}\n"
    ours = [f'"{function.__name__}": {function.__name__}' for function in question.handed_out]
    inner = "\n\n".join(
        [
            *(source_of(function) for function in question.handed_out),
            f"return compared({_said(question)}, functions, inputs, {{{', '.join(ours)}}}, drawn)",
        ]
    )
    return f"def gradient_check(functions, inputs, drawn=None):\n{textwrap.indent(inner, '    ')}\n"


def _said(question: Question) -> list[dict[str, Any]]:
    """What the question's slopes say, as plain data."""
    return [
        {
            **{one.name: getattr(slopes, one.name) for one in fields(slopes)},
            "defaults": dict(slopes.defaults),
            "leaves": dict(slopes.leaves),
            "sums": dict(slopes.sums),
            "least": dict(slopes.least),
            "module": "" if slopes.module is None else slopes.module.__name__,
            "objective": "" if slopes.objective is None else slopes.objective.__name__,
            "scales": [] if slopes.objective is None else [*inspect.signature(slopes.objective).parameters][1:],
        }
        for slopes in question.slopes
    ]


def selfcheck_template() -> str:
    """Build the self-check before anything of a homework is put into it."""
    package = Path(__file__).parents[1]
    rules = [(package / f"{name}.py").read_text(encoding="utf-8") for name in _RULES]
    program = (package / "selfcheck.py").read_text(encoding="utf-8")
    return _filled(program, "RULES", "\n\n".join(map(_without_imports_of_ours, rules)))


def _without_imports_of_ours(text: str) -> str:
    lines = text.splitlines()
    for statement in reversed(ast.parse(text).body):
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(("autograder.", "__future__")):
            del lines[statement.lineno - 1 : statement.end_lineno]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip() + "\n"


def _filled(program: str, what: str, text: str) -> str:
    """Replace what stands between two marks."""
    head, begin, rest = program.partition(f"\n# {what} BEGIN\n")
    _, end, tail = rest.partition(f"# {what} END\n")
    if not begin or not end:
        raise AssertionError(f"selfcheck.py has lost the lines that {what} goes between")
    return head + begin + text + end + tail


def run_selfcheck(program: str, file: Path) -> int:
    """Run a self-check on one file as a student would, in a process of its own and without a sandbox.

    The file is the caller's own, for its code is run. The exit code is 0 when every public case is right, 1 when one is
    not or the file ends Python, 2 when it cannot be read, 130 when interrupted; what there is to say has been printed.
    """
    try:
        # Isolated, so that the checked code sees no module of ours that is not installed.
        code = subprocess.run(
            [sys.executable, "-I", "-B", "-", str(file)], input=program.encode(), check=False
        ).returncode
    except KeyboardInterrupt:
        return 130
    if code >= 0:
        return code
    print(
        f"hw1: {visible(file.name)} ended the Python that it was checked in ({signal.strsignal(-code)}); "
        "look for signals, ctypes, endless recursion or endless memory in it",
        file=sys.stderr,
    )
    return 1


def _public(assignment: Assignment) -> dict[str, Any]:
    cases: dict[str, list[dict[str, Any]]] = {part.name: [] for part in assignment.parts}
    titles = {(part.name, family.name): family.title for part in assignment.parts for family in part.families}
    parts = {part.name: part for part in assignment.parts}
    for case, truths in public_cases(assignment):
        cases[case.part].append(_case(parts[case.part], case, truths, titles[case.part, case.family]))
    return {
        "title": assignment.title,
        "graders": VERSIONS,
        "limits": {
            "stated": assignment.limits.stated,
            "call": assignment.limits.cpu_seconds_per_call,
            "statement": assignment.limits.cpu_seconds_per_statement,
            "loading": assignment.limits.cpu_seconds_to_load,
            "margin": MARGIN,
        },
        "python": list(sys.version_info[:2]),
        "questions": [
            {"id": q.id, "title": q.title, "parts": [part.name for part in q.parts]}
            for q in assignment.questions
            if q.parts
        ],
        "parts": [
            {"name": part.name, "outputs": list(part.names), "as_dict": part.as_dict, "cases": cases[part.name]}
            for part in assignment.parts
        ],
    }


def _case(part: Part, case: Case, truths: Mapping[str, Any], title: str) -> dict[str, Any]:
    if case.hidden:
        raise AssertionError(f"{case.id} is hidden and may not be released")
    return {
        "title": title,
        "layout": case.layout,
        "inputs": {name: _encoded(value) for name, value in case.inputs.items()},
        "truths": {name: _encoded(value) for name, value in truths.items()},
        "bounds": {output.name: _bounds(part, output, case, truths[output.name]) for output in part.outputs},
    }


def _bounds(part: Part, output: Output, case: Case, truth: Any) -> list[Any]:
    """How far an answer may be off: as an array for right elements, as a number for nearly right ones."""
    right, near = bounds(np.asarray(output.magnitude({**part.defaults, **case.inputs}, truth), dtype=np.float64))
    return [_encoded(right), float(near.max())]


def _encoded(value: Any) -> Any:
    """Spell a number or an array so that reading it gives the same bits."""
    if not isinstance(value, np.ndarray):
        return value
    return {"dtype": value.dtype.name, "shape": list(value.shape), "values": value.tolist()}


def _narrow(data: str) -> str:
    """Put the innermost lists of indented JSON on one line each."""
    return re.sub(r"\[[^\[\]{}]*\]", lambda match: " ".join(match[0].split()), data)
