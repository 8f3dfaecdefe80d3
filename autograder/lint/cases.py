"""Cases: the reference against autograd, magnitudes, layouts, public cases."""

from collections.abc import Iterator

import numpy as np

from autograder.errors import AssignmentError
from autograder.grading.compare import difference
from autograder.lint.pages import SECRETS, Complaint, Page, Sheet, shown
from autograder.model import Output, Part
from autograder.truth import Examined, reference_answer

_LARGEST_PUBLIC, _MOST_PUBLIC = 6, 2


def check(page: Page) -> Iterator[Complaint]:
    """Look at every part's cases."""
    for part in page.question.parts:
        for sheet in page.sheets(part):
            found = list(_truths(page, part, sheet))
            yield from found
            if found:
                break
        yield from _layouts(page, part)
        yield from _public(page, part)


def _truths(page: Page, part: Part, sheet: Sheet) -> Iterator[Complaint]:
    """At most one complaint of each kind: the first case says enough."""
    for one in sheet.examined:
        if one.fault:
            yield page.complaint("cases", one.fault, one.drawn.family.name if one.drawn else part.name)
            return
    seen: set[tuple[str, str]] = set()
    for one in sheet.examined:
        for output in part.outputs:
            for rule, text in _output(one, output):
                if (rule, output.name) not in seen:
                    seen.add((rule, output.name))
                    yield page.complaint(rule, text, part.name if rule == "reference" else output.name)


def _output(one: Examined, output: Output) -> Iterator[tuple[str, str]]:
    assert one.drawn is not None
    where, truth = one.drawn.id, one.truths[output.name]
    try:
        answer = reference_answer(one.drawn)[output.name]
    except AssignmentError as error:
        yield "reference", f"{error}; write it so that it answers every case"
        return
    if not np.isfinite(truth).all():
        yield "truth", f"{where}: autograd finds {output.name} not finite; draw tamer inputs"
        return
    try:
        size = np.asarray(output.magnitude(one.drawn.filled, truth), dtype=float)
    except Exception as error:
        yield "magnitude", f"{where}: that of {output.name} fails with {type(error).__name__}: {error}; fix it"
        return
    if size.shape != truth.shape:
        yield (
            "magnitude",
            f"{where}: that of {output.name} has the shape {size.shape}, the truth {truth.shape}; give it the truth's",
        )
    elif not (np.isfinite(size).all() and (size >= 0).all()):
        yield "magnitude", f"{where}: that of {output.name} has {shown(size.min())} in it; it is finite and at least 0"
    elif answer.shape != truth.shape:
        yield "reference", f"{where}: {output.name} has the shape {answer.shape}, autograd's has {truth.shape}; fix it"
    elif (departs := difference(answer, truth, size)) is not None:
        at = departs.index or ()
        place = f"{where}: {output.name}{list(at) or ''}"
        if departs.error > departs.bound > 0:
            yield (
                "reference",
                f"{place} differs from what autograd finds by {departs.error:.1e} of its magnitude, and "
                f"{departs.bound:.1e} is allowed; where terms inside it cancel, and both are right to rounding, "
                "give the answer magnitude=, the size of these terms",
            )
            return
        yield (
            "reference",
            f"{place} is {shown(answer[at])}, autograd finds {shown(truth[at])}; fix the reference or the module",
        )


def _layouts(page: Page, part: Part) -> Iterator[Complaint]:
    hidden = [family for family in part.families if family.hidden]
    for layout in ("plain", "strided", "read_only"):
        if not any(family.layout == layout for family in hidden):
            yield page.complaint(
                "layouts", f"no hidden family of {part.name} has the layout {layout!r}; add one", part.name
            )
    if not any(family.same_as for family in hidden):
        yield page.complaint(
            "layouts", f"no hidden family of {part.name} draws inputs that came before; add one with same_as", part.name
        )
    for family in part.families:
        if family.same_as is not None:
            yield from _repeats(page, part, family.name, family.same_as)


def _repeats(page: Page, part: Part, name: str, source: str) -> Iterator[Complaint]:
    drawn = page.sheet(part, SECRETS[0]).drawn
    again = [case.inputs for case in drawn if case.family == name]
    first = [case.inputs for case in drawn if case.family == source]
    for one, other in zip(first, again, strict=False):
        if not all(np.array_equal(one[key], other[key]) for key in one):
            yield page.complaint(
                "layouts", f"family {name!r} draws other inputs than {source!r}; give both the same draw", name
            )
            return


def _public(page: Page, part: Part) -> Iterator[Complaint]:
    sheet = page.sheet(part, SECRETS[0])
    public = [case for case in sheet.drawn if not case.hidden]
    if sheet.cases is not None and not 1 <= len(public) <= _MOST_PUBLIC:
        yield page.complaint(
            "public cases", f"{part.name} has {len(public)}; one or two are what a student can look at", "shown"
        )
    for case in public:
        for name, value in case.inputs.items():
            if np.size(value) > _LARGEST_PUBLIC:
                yield page.complaint(
                    "public cases",
                    f"{case.id}: {name} has {np.size(value)} numbers; {_LARGEST_PUBLIC} at most can be worked by hand",
                    case.family,
                )
