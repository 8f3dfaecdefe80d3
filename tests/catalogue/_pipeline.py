"""From a function's text to a grade, by the grader's own way: truths, sandbox, comparison."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from autograder import truth
from autograder.loading import module_submission
from autograder.grading import Grader
from autograder.loading import load_assignment, part_reference
from autograder.model import Assignment
from autograder.results import Grade
from autograder.sandbox.running import Sandbox

Thing = TypeVar("Thing")
HEAD = "from __future__ import annotations\n\nimport math\n\nimport numpy as np\n"


def secret(number: int) -> bytes:
    """Make a secret of its own for every number: 32 bytes."""
    return hashlib.sha256(f"catalogue {number}".encode()).digest()


def functions_of(text: str) -> dict[str, str]:
    """Split a module's text into its functions: source by name, in order."""
    return {
        node.name: ast.get_source_segment(text, node) or ""
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


def references(assignment: Assignment) -> dict[str, str]:
    """Text of every part's reference without imports, by part, such that no part leans on another.

    A reference may call another part's function. In a submission that function is the one under examination, so each
    reference gets helpers under names of its own.
    """
    texts: dict[str, str] = {}
    for part in assignment.parts:
        pieces = functions_of(part_reference(part))
        new = {name: name if name == part.name else f"_{part.name}_{name.strip('_')}" for name in pieces}
        texts[part.name] = "\n\n\n".join(_with_names(piece, new) for piece in pieces.values())
    return texts


def _with_names(text: str, new: Mapping[str, str]) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.FunctionDef):
            node.name = new.get(node.name, node.name)
    return ast.unparse(tree)


class Pipeline:
    """Grades texts under one secret.

    Parameters
    ----------
    assignment : Assignment
        The homework.
    key : bytes
        The secret its hidden cases come from.
    sandbox : Sandbox
        A warm one.
    """

    def __init__(self, assignment: Assignment, key: bytes, sandbox: Sandbox) -> None:
        self.assignment = assignment
        self._cases = truth.compute(assignment, key)
        self._grader = Grader(assignment, self._cases, isolation=sandbox.isolation)
        self._sandbox = sandbox
        self._outputs = {part.name: part.names for part in assignment.parts}
        self._references = references(assignment)

    def grade(self, texts: Mapping[str, str], *, student: str = "someone") -> Grade:
        """Grade a submission that holds a text for some parts and the references for the others.

        Parameters
        ----------
        texts : Mapping[str, str]
            By part: one or more functions, one of them under the part's name. It leans on no other part.
        student : str
            Whose it is.

        Returns
        -------
        Grade
            From the real sandbox and grader.
        """
        others = [source for name, source in self._references.items() if name not in texts]
        handed_in = module_submission(student, "\n\n\n".join([HEAD, *others, *texts.values()]) + "\n")
        return self._grader.grade(handed_in, self._sandbox.run(handed_in, self._cases.cases, self._outputs))


def rows(things: Iterable[Thing], part_of: Callable[[Thing], str]) -> Iterator[dict[str, Thing]]:
    """Put things for different parts beside each other: one submission grades as many as there are parts."""
    by_part: dict[str, list[Thing]] = {}
    for thing in things:
        by_part.setdefault(part_of(thing), []).append(thing)
    for row in zip_longest(*by_part.values()):
        yield {part: thing for part, thing in zip(by_part, row, strict=True) if thing is not None}


@contextmanager
def pipelines(assignment: Assignment | None = None) -> Iterator[_Makers]:
    """Own one sandbox for any number of secrets."""
    with Sandbox() as sandbox:
        yield _Makers(assignment or load_assignment(Path("solutions")), sandbox)


class _Makers:
    """Makes pipelines that share a sandbox."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox) -> None:
        self.assignment, self._sandbox = assignment, sandbox

    def __call__(self, number: int) -> Pipeline:
        return Pipeline(self.assignment, secret(number), self._sandbox)
