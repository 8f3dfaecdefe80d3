"""Mistakes: each costs something, is called by its own name, answers as no other does, and has a hint that helps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.lint.pages import SECRETS, Complaint, Page, Sheet
from autograder.model import Misconception, Part

_SHORTEST, _LONGEST = 10, 140
_UNKIND = frozenset({"stupid", "obviously", "simply", "just"})


def check(page: Page) -> Iterator[Complaint]:
    """Look at the mistakes of every part."""
    for part in page.question.parts:
        if not part.misconceptions:
            yield page.complaint(
                "mistakes",
                f"{part.name} knows none; write down what students get wrong, and a hint for each",
                part.name,
            )
        for wrong in part.misconceptions:
            yield from _hint(page, wrong)
            yield from _named(page, part, wrong)
        yield from _apart(page, part)


def _hint(page: Page, wrong: Misconception) -> Iterator[Complaint]:
    words = set(wrong.hint.lower().split())
    if not wrong.hint.endswith((".", "?")) or not _SHORTEST < len(wrong.hint) < _LONGEST:
        yield page.complaint(
            "hint",
            f"that of {wrong.name!r} has {len(wrong.hint)} characters and ends in {wrong.hint[-1:]!r}; write "
            f"a sentence of {_SHORTEST} to {_LONGEST} with '.' or '?' at its end",
            wrong.name,
        )
    for word in sorted(_UNKIND & words):
        yield page.complaint("hint", f"that of {wrong.name!r} says {word!r}; say it without", wrong.name)


def _named(page: Page, part: Part, wrong: Misconception) -> Iterator[Complaint]:
    for sheet in page.sheets(part):
        scores = sheet.scores(wrong.function)
        if scores is None:
            return
        lost = [score for score in scores if score.earned < score.possible]
        if not lost:
            yield page.complaint(
                "mistakes",
                f"{wrong.name!r} of {part.name} earns everything: no case tells it from the reference; add "
                "one that does, or drop it",
                wrong.name,
            )
            return
        other = next((score for score in lost if score.misconception != wrong.name), None)
        if other is not None:
            called = f"called {other.misconception!r}" if other.misconception else "not named"
            yield page.complaint(
                "mistakes",
                f"{wrong.name!r} of {part.name} is {called} on {other.criterion}; the two answer alike there: "
                "add cases that tell them apart, or drop one",
                wrong.name,
            )
            return


def _apart(page: Page, part: Part) -> Iterator[Complaint]:
    """Say which mistakes answer alike on every hidden case."""
    sheet = page.sheet(part, SECRETS[0])
    seen: dict[tuple[object, ...], str] = {}
    for wrong in part.misconceptions if sheet.cases is not None else ():
        answered = tuple(piece for output in part.outputs for piece in _signature(sheet, wrong, output.name))
        first = seen.setdefault(answered, wrong.name)
        if first != wrong.name:
            yield page.complaint(
                "mistakes",
                f"{wrong.name!r} and {first!r} of {part.name} answer alike on every hidden case; drop one, or "
                "add a case that tells them apart",
                wrong.name,
            )


def _signature(sheet: Sheet, wrong: Misconception, output: str) -> Iterator[object]:
    """What a function answers to every hidden case: exceptions, shapes and mutation count too."""
    found = sheet.outcomes(wrong.function)
    for case in sheet.drawn:
        if case.hidden:
            outcome = found[case.id]
            value = outcome.values.get(output)
            if isinstance(value, np.ndarray):
                yield value.shape, tuple(f"{number:.13g}" for number in value.ravel().astype(float)), outcome.mutated
            else:
                yield outcome.status, value, outcome.exception
