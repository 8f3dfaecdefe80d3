"""What a student can verify alone accepts the reference, in every layout."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.errors import AssignmentError
from autograder.lint.pages import Complaint, Page
from autograder.model import Array, Assignment
from autograder.model.differences import compared
from autograder.release import check_text, find_leaks, student_release
from autograder.truth import public_cases

_SHOWN = 80
Check = Callable[[Mapping[str, Any], Mapping[str, Any]], list[str]]


def compiled(page: Page) -> Check:
    """Compile the check as a release would hold it, below the text of `compared`."""
    names: dict[str, Any] = {"np": np, "compared": compared}
    text = f"from __future__ import annotations\n{check_text(page.question)}"
    exec(compile(text, f"<self-check of {page.question.id}>", "exec", dont_inherit=True), names)  # noqa: S102 - ours
    check: Check = names["gradient_check"]
    return check


def check_release(assignment: Assignment, file: str) -> Iterator[Complaint]:
    """Search what students would get, as releasing it does: one that stops is found here."""
    files = student_release(assignment, b"").files
    for leak in find_leaks(files, assignment, secret=None, cases=None):
        said = ""
        if leak.place.startswith("line "):
            text = files[leak.file].decode("utf-8", "replace").split("\n")
            said = f" ({text[int(leak.place.removeprefix('line ')) - 1].strip()[:_SHOWN]!r})"
        yield Complaint(
            file=file,
            line=0,
            rule="release",
            text=f"students would read {leak.kind} in {leak.file}, {leak.place}{said}; say it otherwise in what they "
            "get, or where it is a module, which the self-check holds, write nudged=False",
        )


def check(page: Page) -> Iterator[Complaint]:
    """Run the self-check's comparison on the references, on columns, and on what is no answer."""
    names = [part.name for part in page.question.parts]
    try:
        inputs = [case.inputs for case, _ in public_cases(replace(page.assignment, questions=(page.question,)))]
        run = compiled(page)
    except (AssignmentError, OSError, NameError, SyntaxError) as error:
        yield page.complaint("self-check", f"it cannot be built: {error}", *names)
        return
    right = {part.name: part.reference for part in page.question.parts}
    for what, functions in (("the reference", right), ("the reference, vectors as columns", _columns(right))):
        for given in inputs:
            for said in _said(run, functions, given):
                yield page.complaint(
                    "self-check", f"of {what} it says: {said}; fix the module, or write nudged=False", *names
                )
                return
    yield from _odd(page, run, inputs)


def _odd(page: Page, run: Check, inputs: Sequence[Mapping[str, Any]]) -> Iterator[Complaint]:
    """Whatever a student returns, the comparison says a line and does not fail."""

    def failing(*_: object, **__: object) -> object:
        raise ZeroDivisionError("nothing")

    odd: tuple[Callable[..., Any], ...] = (
        lambda *_, **__: None,
        lambda *_, **__: "text",
        lambda *_, **__: 1.0,
        failing,
    )
    for part in page.question.parts:
        for function in odd:
            functions = {one.name: one.reference for one in page.question.parts} | {part.name: function}
            for given in inputs:
                try:
                    said = run(functions, given)
                except Exception as error:
                    text = (
                        f"it fails with {type(error).__name__}: {error} where {part.name} returns no array; "
                        "let it complain"
                    )
                    yield page.complaint("self-check", text, part.name)
                    return
                if any("\n" in line for line in said):
                    yield page.complaint("self-check", f"{said[0]!r} takes several lines; let it take one", part.name)
                    return


def _said(run: Check, functions: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    try:
        return run(functions, given)
    except Exception as error:
        return [f"it fails with {type(error).__name__}: {error}"]


def _columns(functions: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    def turned(function: Callable[..., Any]) -> Callable[..., Any]:
        def column(value: Array) -> Array:
            return value[:, None] if np.ndim(value) == 1 else value

        def answer(*given: Any, **named: Any) -> Any:
            returned = function(*given, **named)
            if isinstance(returned, dict):
                return {name: column(value) for name, value in returned.items()}
            return tuple(map(column, returned)) if isinstance(returned, tuple) else column(returned)

        return answer

    return {name: turned(function) for name, function in functions.items()}
