"""The rubric: every criterion is about something, every case decides something, and the points add up."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.lint.pages import SECRETS, Complaint, Page, Sheet
from autograder.model import Assignment, Criterion, Output, Part
from autograder.words import counted

_FEWEST = 2


def check(page: Page) -> Iterator[Complaint]:
    """Look at the criteria of every part, and at what the reference and the stub earn."""
    for part in page.question.parts:
        for criterion in part.criteria:
            yield from _about_something(page, part, criterion)
        for output in part.outputs:
            yield from _all_decide(page, part, output)
            yield from _disjoint(page, part, output)
        for sheet in page.sheets(part):
            found = list(_ends(page, part, sheet))
            yield from found
            if found:
                break


def check_total(assignment: Assignment, file: Path) -> Iterator[Complaint]:
    """Hold the points against ``POINTS`` in the package's ``__init__.py``, where it is declared."""
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="POINTS")], value=ast.Constant(value=int() | float() as points)):
                if points != assignment.possible:
                    each = " + ".join(f"{question.possible:g}" for question in assignment.questions)
                    yield Complaint(
                        file=f"{file.parent.name}/{file.name}",
                        line=statement.lineno,
                        rule="points",
                        text=f"POINTS is {points:g}, the questions have {each} = {assignment.possible:g}; correct one",
                    )


def _about_something(page: Page, part: Part, criterion: Criterion) -> Iterator[Complaint]:
    sheet = page.sheet(part, SECRETS[0])
    if sheet.cases is None:
        return
    cases = [case for case in sheet.drawn if case.family in criterion.families]
    if len(cases) < _FEWEST:
        text = f"{criterion.id} is decided by {counted(len(cases), 'case')}; draw at least {_FEWEST}"
        yield page.complaint("rubric", text, criterion.id, part.name)
    empty = [
        case.id
        for case in cases
        if criterion.region is not None and not criterion.region.mask(sheet.truth(case, criterion.output)).any()
    ]
    if empty:
        region = criterion.region.name if criterion.region is not None else ""
        text = f"{criterion.id}: its region {region!r} is empty on {empty[0]}; leave that family out, or draw it larger"
        yield page.complaint("rubric", text, region, part.name)


def _all_decide(page: Page, part: Part, output: Output) -> Iterator[Complaint]:
    judged = {family for c in part.criteria if c.output == output.name for family in c.families}
    for family in part.families:
        if family.hidden and family.name not in judged:
            text = (
                f"hidden family {family.name!r} of {part.name} decides nothing for {output.name}; give its "
                f"group points, such as points={{..., 'general': 2}}"
            )
            yield page.complaint("rubric", text, family.name, output.name)
            return


def _disjoint(page: Page, part: Part, output: Output) -> Iterator[Complaint]:
    """No element of a case is judged by two criteria: a mistake would cost twice."""
    sheet = page.sheet(part, SECRETS[0])
    for case in sheet.drawn:
        truth = sheet.truth(case, output.name)
        judging = [c for c in part.criteria if c.output == output.name and case.family in c.families]
        masks: Sequence[Any] = [
            np.ones(truth.shape, dtype=bool) if c.region is None else c.region.mask(truth) for c in judging
        ]
        if masks and (np.sum(masks, axis=0) > 1).any():
            text = (
                f"{judging[0].id} and {judging[1].id} judge the same elements of {case.id}; give each its own "
                "families or regions"
            )
            yield page.complaint("rubric", text, judging[1].id, output.name)
            return


def _ends(page: Page, part: Part, sheet: Sheet) -> Iterator[Complaint]:
    """Ask what the reference earns, the stub, and what raises everywhere."""

    def stub(*_: object) -> None:
        raise NotImplementedError

    def raises(*_: object) -> None:
        raise ValueError("as some mistakes do, on some cases")

    right = sheet.scores(part.reference)
    for score in right or ():
        if score.earned != score.possible:
            first = next((one for one in score.verdicts if one.status != "passed"), None)
            where = f": {first.case} is {first.status}" if first else ""
            text = f"it earns {score.earned:g} of {score.possible:g} on {score.criterion}{where}; fix it"
            yield page.complaint("reference", text, part.name)
    for score in sheet.scores(stub) or ():
        if score.earned:
            yield page.complaint("stub", f"it earns {score.earned:g} on {score.criterion}; nothing may", part.name)
    for score in sheet.scores(raises) or ():
        if score.misconception is not None:
            text = (
                f"what raises ValueError everywhere is called {score.misconception!r}; a mistake has to "
                "answer somewhere"
            )
            yield page.complaint("mistakes", text, score.misconception)
    yield from _single(page, part, sheet)


def _single(page: Page, part: Part, sheet: Sheet) -> Iterator[Complaint]:
    """Rounding to single precision inside must cost something, or the tolerance lets anything through."""
    several = len(part.outputs) > 1

    def single(*given: Any) -> Any:
        answers = part.reference(*given)
        rounded = tuple(np.float64(np.float32(one)) for one in (answers if several else (answers,)))
        return rounded if several else rounded[0]

    exact = all((np.float32(truth) == truth).all() for one in sheet.examined for truth in one.truths.values())
    for score in () if exact else sheet.scores(single) or ():
        if score.earned == score.possible and not _representable(sheet, part, score.criterion):
            text = f"single precision inside earns all of {score.criterion}; the answer's magnitude is too large"
            yield page.complaint("tolerance", text, "magnitude", part.name)


def _representable(sheet: Sheet, part: Part, id_: str) -> bool:
    """Whether all that a criterion judges are numbers that single precision holds exactly."""
    criterion = next(one for one in part.criteria if one.id == id_)
    truths = [sheet.truth(case, criterion.output) for case in sheet.drawn if case.family in criterion.families]
    return all((np.float32(truth) == truth).all() for truth in truths)
