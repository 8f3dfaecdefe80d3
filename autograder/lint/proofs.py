"""Derivations: every equality holds and has a reason, every definition stands in a prompt."""

import re
from collections.abc import Iterator

from autograder.errors import AssignmentError
from autograder.lint.pages import Complaint, Page
from autograder.mathematics.formulas.context import MisfitError, UnreadError
from autograder.mathematics.formulas.parsing import ParseError, parse
from autograder.mathematics.proof.proving import each
from autograder.model import Derivation, Step
from autograder.model.text import formulas_of


def check(page: Page) -> Iterator[Complaint]:
    """Look at the question's derivations and at the definitions that they rest on."""
    yield from _definitions(page)
    for derivation in page.question.derivations:
        yield from _texts(page, derivation)
    yield from _proofs(page)


def _definitions(page: Page) -> Iterator[Complaint]:
    prompts = [formula for question in page.assignment.questions for formula in formulas_of(question.prompt)]
    setting = page.question.setting
    for definition in setting.definitions if setting is not None else ():
        if not any(_defines(formula, definition.left, definition.right) for formula in prompts):
            text = (
                f"${definition.left} = {definition.right}$ stands in no prompt; students can only use what "
                "they were told"
            )
            yield page.complaint("definition", text, definition.left)


def _defines(formula: str, left: str, right: str) -> bool:
    """Whether a formula of a prompt is a definition; it may apply a function to what it depends on."""
    side, equals, other = re.sub(r"\(\\mathbf\{\w\}\)", "", formula).partition("=")
    try:
        return bool(equals) and parse(side) == parse(left) and parse(re.sub(r"[.,;]\s*$", "", other)) == parse(right)
    except ParseError:
        return "".join(formula.split()) == "".join(f"{left}={right}".split())


def _texts(page: Page, derivation: Derivation) -> Iterator[Complaint]:
    for latex in (derivation.left, *(step.latex for step in derivation.steps)):
        for opens, closes in (("{", "}"), (r"\left", r"\right"), (r"\begin", r"\end")):
            first, last = _count(latex, opens), _count(latex, closes)
            if first != last:
                text = (
                    f"{derivation.title!r}: {latex!r} has {first} {opens} and {last} {closes}; let each have "
                    "its partner"
                )
                yield page.complaint("derivation", text, latex, below=derivation.title)
    seen: set[str] = set()
    for step in derivation.steps:
        if not step.reason.endswith(".") or not (": " in step.reason or step.rule == "definition"):
            text = (
                f"{derivation.title!r}: the reason {step.reason!r} is not a sentence after a rule; write '% "
                "rule: reason.'"
            )
            yield page.complaint("derivation", text, *_where(step), below=derivation.title)
        if step.latex in seen:
            text = f"{derivation.title!r}: {step.latex!r} is there twice; leave one out"
            yield page.complaint("derivation", text, *_where(step), below=derivation.title)
        seen.add(step.latex)


def _count(latex: str, word: str) -> int:
    """How often a command stands there, or a brace that is not escaped."""
    pattern = rf"{re.escape(word)}(?![A-Za-z])" if word.startswith("\\") else rf"(?<!\\){word}"
    return len(re.findall(pattern, latex))


def _proofs(page: Page) -> Iterator[Complaint]:
    """Decide every equality; where a line cannot be read nothing is decided."""
    question = page.question
    try:
        for derivation, proved in zip(question.derivations, each(page.assignment, question=question.id), strict=True):
            for place, (step, found) in enumerate(zip(derivation.steps, proved.steps, strict=True)):
                if not found.holds:
                    text = (
                        f"{derivation.title!r}, step {place + 1}, by {step.rule}: {found.complaint}; correct "
                        "the side or its rule"
                    )
                    yield page.complaint("derivation", text, *_where(step), below=derivation.title)
    except (AssignmentError, UnreadError, MisfitError) as error:
        pieces, title = _named(question.derivations, str(error))
        yield page.complaint("derivation", str(error), *pieces, below=title)


def _where(step: Step) -> tuple[str, ...]:
    """Pieces to find a step by: its reason is there as it is, its side may be short for what was read."""
    words = step.reason.partition(": ")[2] or step.reason
    return (f"% {step.reason}", f"% {step.rule}: {words}", step.latex)


def _named(derivations: tuple[Derivation, ...], text: str) -> tuple[tuple[str, ...], str]:
    """Pieces to find what a message is about, and the derivation's title."""
    for derivation in derivations:
        if repr(derivation.title) in text:
            number = re.search(r"step (\d+)", text)
            steps = derivation.steps[int(number[1]) - 1 : int(number[1])] if number else ()
            return tuple(piece for step in steps for piece in _where(step)), derivation.title
    return (), ""
