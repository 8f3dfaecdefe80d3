"""Mistakes: each costs something, is called by its own name, answers as no other does, and has a hint that helps."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from autograder.grading import PartGrader, diagnosis
from autograder.grading.sheets import sheets
from autograder.lint.pages import SECRETS, Complaint, Page
from autograder.model import ANOTHER, Misconception, Part
from autograder.naming import Library
from autograder.results.found import sentence

TWO_NAMES = "two names"  #: The rule that breaks nothing: what it says is for an author to weigh.
_SHORTEST, _LONGEST = 10, 140
_UNKIND = frozenset({"stupid", "obviously", "simply", "just"})


def check(page: Page) -> Iterator[Complaint]:
    """Look at the mistakes of every part."""
    for part in page.question.parts:
        if not part.misconceptions:
            text = f"{part.name} knows none; write down what students get wrong, and a hint for each"
            yield page.complaint("mistakes", text, part.name)
        for wrong in part.misconceptions:
            yield from _hint(page, wrong)
            yield from _named(page, part, wrong)
        yield from _apart(page, part)


def _hint(page: Page, wrong: Misconception) -> Iterator[Complaint]:
    words = set(wrong.hint.lower().split())
    if not wrong.hint.endswith((".", "?")) or not _SHORTEST < len(wrong.hint) < _LONGEST:
        text = (
            f"that of {wrong.name!r} has {len(wrong.hint)} characters and ends in {wrong.hint[-1:]!r}; write "
            f"a sentence of {_SHORTEST} to {_LONGEST} with '.' or '?' at its end"
        )
        yield page.complaint("hint", text, wrong.name)
    for word in sorted(_UNKIND & words):
        yield page.complaint("hint", f"that of {wrong.name!r} says {word!r}; say it without", wrong.name)


def _named(page: Page, part: Part, wrong: Misconception) -> Iterator[Complaint]:
    for sheet in page.sheets(part):
        scores = sheet.scores(wrong.function)
        if scores is None:
            return
        lost = [score for score in scores if score.earned < score.possible]
        if not lost and wrong.name.startswith(ANOTHER):
            number = wrong.name.removeprefix(ANOTHER)
            text = (
                f"{part.name} answers in variant {number} as in this one: its hidden cases use no number of a "
                "student's own; let one do so, such as by leaving out a default that is"
            )
            yield page.complaint("variants", text, part.name)
            return
        if not lost:
            text = (
                f"{wrong.name!r} of {part.name} earns everything: no case tells it from the reference; add "
                "one that does, or drop it"
            )
            yield page.complaint("mistakes", text, wrong.name)
            return
        other = next((score for score in lost if score.misconception != wrong.name), None)
        if other is not None:
            called = f"called {other.misconception!r}" if other.misconception else "not named"
            text = (
                f"{wrong.name!r} of {part.name} is {called} on {other.criterion}; the two answer alike there: "
                "add cases that tell them apart, or drop one"
            )
            yield page.complaint("mistakes", text, wrong.name)
            return


def _apart(page: Page, part: Part) -> Iterator[Complaint]:
    """Say which mistakes answer alike, as far as grading can tell, on every hidden case."""
    sheet = page.sheet(part, SECRETS[0])
    names = [wrong.name for wrong in part.misconceptions if not wrong.name.startswith(ANOTHER)]
    if sheet.cases is None or len(names) < 2:
        return
    alike = np.ones((len(names), len(names)), dtype=bool)
    answered = [sheet.outcomes(wrong.function) for wrong in part.misconceptions if wrong.name in names]
    for truths in sheets(part, sheet.cases).values():
        known = [diagnosis.answers(truths, outcomes) for outcomes in answered]
        book = diagnosis.Diagnosis(truths, dict(zip(names, known, strict=True)))
        every = np.arange(len(names))
        alike &= [book.matches(book.held(one), "exact", None, every).all(axis=1) for one in known]
    for place, name in enumerate(names):
        first = int(np.argmax(alike[place]))
        if first < place:
            text = (
                f"{name!r} and {names[first]!r} of {part.name} answer alike on every hidden case; drop one, or "
                "add a case that tells them apart"
            )
            yield page.complaint("mistakes", text, name)


def found(page: Page) -> Iterator[Complaint]:
    """Say which mistakes a search finds by itself, and in which words: one behavior needs one name."""
    for part in page.question.parts:
        sheet = page.sheet(part, SECRETS[0])
        if sheet.cases is None or not part.misconceptions:
            continue
        library = Library(page.assignment, sheet.cases, None, lambda _: None)
        grader = PartGrader(page.question, replace(part, misconceptions=()), sheet.cases, library=library)
        outputs = {criterion.id: criterion.output for criterion in part.criteria}
        for wrong in part.misconceptions:
            lost = [one for one in grader.scores(sheet.outcomes(wrong.function)) if one.status != "passed"]
            told = {sentence(one.misconception, outputs[one.criterion]) for one in lost if one.misconception}
            if len(told) == 1 and all(one.misconception for one in lost):
                text = (
                    f"{wrong.name!r} of {part.name} is found by search, too, and told as: {told.pop()} Drop yours, "
                    f"unless it says more: {wrong.hint}"
                )
                yield page.complaint(TWO_NAMES, text, wrong.name)
