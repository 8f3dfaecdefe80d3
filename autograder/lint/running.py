"""All checks, on every question or on one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from autograder.lint import cases, mistakes, proofs, rubric, selfchecks, texts
from autograder.lint.pages import Complaint, Page
from autograder.model import Assignment

# What proves forks, and PyTorch, which the others need, starts threads.
_CHECKS = (proofs.check, texts.check, cases.check, rubric.check, mistakes.check, selfchecks.check)


def lint(
    assignment: Assignment,
    folder: Path,
    *,
    question: str = "",
    typeset: Callable[[str], str] | None = None,
    found: bool = False,
) -> Iterator[Complaint]:
    """Hold an assignment, of the package in this folder, to its rules: in order of questions, then of rules.

    With a question's id only that one is looked at. `typeset` sets Markdown with formulas and returns what TeX
    complains of; without it that is not tried. With `found`, mistakes are told of that a search finds as well: some
    seconds for an answer.
    """
    if not assignment.variants:
        yield from _complaints(assignment, folder, question, typeset, found=found)
    said: set[Complaint] = set()
    for one in assignment.variants:
        for complaint in _complaints(one, folder, question, typeset, found=found):
            if complaint not in said:
                said.add(complaint)
                yield replace(complaint, text=f"variant {one.variant}: {complaint.text}")


def _complaints(
    assignment: Assignment, folder: Path, question: str, typeset: Callable[[str], str] | None, *, found: bool
) -> Iterator[Complaint]:
    files = sorted(file for file in folder.resolve().glob("q*.py") if file.is_file())
    head = folder.resolve() / "__init__.py"
    sound = True
    if not question:
        yield from texts.gaps(f"{head.parent.name}/{head.name}", head.read_text(encoding="utf-8"))
        yield from rubric.check_total(assignment, head)
    for one, file in zip(assignment.questions, files, strict=True):
        if question in ("", one.id):
            page = Page(assignment=assignment, question=one, file=file, typeset=typeset)
            for check in _CHECKS:
                broken = list(check(page))
                yield from broken
                sound = sound and not broken
                if any(complaint.rule in {"magnitude", "truth"} for complaint in broken):
                    break  # nothing can be graded
            else:
                yield from mistakes.found(page) if found else ()
    if sound and not question:
        yield from selfchecks.check_release(assignment, f"{head.parent.name}/{head.name}")
