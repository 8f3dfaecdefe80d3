"""The class report's words and tables, once for the page and the PDF: both print the same numbers."""

from collections.abc import Iterable

from autograder.templates import filled
from autograder.words import counted
from reports.class_report import measures, people
from reports.class_report.elements import Column, Named, Row, Section, Share, Stack, Table, decimal, excerpt, percent
from reports.class_report.records import ClassReport, Measured, Totals
from reports.feedback.markdown import points


def warning(*, named: bool) -> str:
    """Say why the report is not for students."""
    if named:
        return "It names students, their mistakes and hidden case families."
    return "It names mistakes and hidden case families, but no student."


def tiles(report: ClassReport) -> tuple[tuple[str, str], ...]:
    """Choose the figures that stand at the top: what, and how much."""
    found = [(_noun(report.students, "submission"), str(report.students)), ("graded", str(report.graded))]
    if report.totals is not None:
        found += [
            (f"mean of {points(report.possible)}", decimal(report.totals.mean, 1)),
            ("median", decimal(report.totals.median, 1)),
            ("full marks", str(report.totals.full)),
        ]
    return (*found, ("unreadable", str(report.unreadable)), (_noun(report.faults, "grader fault"), str(report.faults)))


def _noun(number: int, noun: str) -> str:
    """Take the noun of a number that stands apart from it."""
    return counted(number, noun).partition(" ")[2]


def sections(report: ClassReport) -> tuple[Section, ...]:
    """Lay the report out in reading order; a section that has nothing to say is left out."""
    found = [*people.attention(report), *people.attendance(report)]
    if report.totals is not None:
        found += [
            _points(report, report.totals),
            *_measures(report, report.totals.count),
            _families(report),
            people.misconceptions(report),
            people.statuses(report),
        ]
    found += [people.slowest(report), *people.adjustments(report), _how()]
    return tuple(found)


def _points(report: ClassReport, totals: Totals) -> Section:
    spread = (
        f"The middle half of the class lies between {decimal(totals.lower, 1)} and {decimal(totals.upper, 1)}, "
        f"all of it between {points(totals.least)} and {points(totals.most)}."
    )
    if totals.deviation is not None:
        spread += f" The standard deviation is {decimal(totals.deviation, 1)}."
    mean = f"Mean {decimal(totals.mean, 1)}, median {decimal(totals.median, 1)} of {counted(report.possible, 'point')}."
    if report.unreadable:
        mean += f" With unreadable submissions counted as 0, the mean is {decimal(totals.mean_of_all, 1)}."
    if report.variants:
        told = ", ".join(f"{count} had variant {number}" for number, count in report.variants)
        spread += f" Not everybody had the same numbers: {told}."
    last = totals.bins[-1][1]
    rows = tuple(
        (
            f"{points(low)} to {'' if high == last else 'below '}{points(high)}",
            str(count),
            Share(share=count / totals.count, text=percent(count / totals.count)),
        )
        for low, high, count in totals.bins
    )
    columns = (
        Column(title="points", width=0.3),
        Column(title="students", width=0.15, kind="number"),
        Column(title="of those graded", width=0.4),
    )
    return Section(
        id="points",
        heading="Points",
        before=(f"{mean} {spread}",),
        tables=(Table(caption="The distribution as a table", columns=columns, rows=rows, short=0),),
        after=(_reliability(report, totals),),
        figure=True,
    )


def _reliability(report: ClassReport, totals: Totals) -> str:
    if totals.alpha is None:
        return (
            f"Reliability is not given: it takes {measures.FEWEST_FOR_ALPHA} or more graded submissions that differ, "
            "of two or more functions."
        )
    answers = " and written answers" if any(not criterion.part for criterion in report.criteria) else ""
    text = f"Cronbach's alpha over the functions{answers} is {decimal(totals.alpha)}."
    if totals.error is not None:
        text += f" The standard error of measurement is {decimal(totals.error, 1)} points."
    text += " Functions that build on one another, as these may, make alpha look better than it is."
    if report.graded < 30:
        text += f" With only {counted(report.graded, 'submission')}, it is a rough figure."
    return text


_MEASURES = (
    Column(title="points", width=0.06, kind="number"),
    Column(title="pass rate", width=0.06, kind="number"),
    Column(title="mean share", width=0.06, kind="number"),
    Column(title="difficulty", width=0.08, kind="number"),
    Column(title="item-rest r", width=0.07, kind="number"),
    Column(title="upper − lower", width=0.08, kind="number"),
)


def _numbers(one: Measured) -> tuple[str, ...]:
    return (
        points(one.possible),
        percent(one.pass_rate),
        percent(one.mean_share),
        decimal(one.difficulty),
        decimal(one.item_rest),
        decimal(one.upper_lower),
    )


def _measures(report: ClassReport, students: int) -> Iterable[Section]:
    questions: tuple[Row, ...] = tuple(
        (Named(title=excerpt(q.title), code=q.id), *_numbers(q)) for q in report.questions
    )
    head = (Column(title="question", width=0.6), *_MEASURES)
    yield Section(
        id="questions",
        heading="Questions",
        tables=(Table(caption="How each question went", columns=head, rows=questions),),
    )
    stacks: tuple[Row, ...] = tuple(
        (
            Named(title=excerpt(c.title), code=c.id),
            Stack(right=c.right, approximate=c.approximate, wrong=c.wrong, no_answer=c.no_answer),
            *_numbers(c),
        )
        for c in report.criteria
    )
    columns = (Column(title="criterion", width=0.27), Column(title="students", width=0.33), *_MEASURES)
    yield Section(
        id="criteria",
        heading="Criteria",
        tables=(Table(caption="How each criterion went", columns=columns, rows=stacks),),
        after=(_caveat(students), *_look(report)),
        legend=True,
    )


def _caveat(students: int) -> str:
    bounds = measures.chance(0.3, students)
    if bounds is None:
        return f"Discrimination is not given for fewer than {measures.FEWEST} graded submissions: it would be chance."
    text = (
        f"How sure is a correlation? From {students} graded submissions, one printed as 0.30 may in truth lie anywhere "
        f"from {decimal(bounds[0])} to {decimal(bounds[1])} (95%)."
    )
    return text + (" In so small a class, read the last two columns as a hint at most." if students < 30 else "")


def _look(report: ClassReport) -> Iterable[str]:
    odd = [c.id for c in report.criteria if c.item_rest is not None and c.item_rest < 0]
    if odd:
        yield (
            f"Worth a look: {', '.join(odd)} {'goes' if len(odd) == 1 else 'go'} against the rest (r below 0): "
            "students who do better elsewhere do worse here."
        )


def _families(report: ClassReport) -> Section:
    worst = tuple(
        (Named(title=excerpt(c.title), code=c.id), _worst(c), _share(c.families[0].share))
        for c in report.criteria
        if c.families and c.families[0].share < 1
    )
    everything = tuple(
        (c.id, _family_cell(f.title, f.name), _share(f.share)) for c in report.criteria for f in c.families
    )
    columns = (
        Column(title="criterion", width=0.5),
        Column(title="family", width=0.32),
        Column(title="right on all of its cases", width=0.18),
    )
    fewest = "The family that the fewest students get right, for each criterion"
    every = f"All {counted(len(everything), 'family', 'families')}"
    tables = (
        Table(caption=fewest, columns=columns, rows=worst),
        Table(caption=every, columns=columns, rows=everything, short=0),
    )
    return Section(
        id="families",
        heading="Hidden case families",
        before=(
            "Where it breaks: the kinds of hidden inputs that each criterion is judged on. Students see no such "
            "table, only the titles of the families on which they failed.",
        ),
        tables=tuple(table for table in tables if table.rows),
    )


def _worst(criterion: Measured) -> Named | str:
    """The first of the families, which stand in order, unless it is no worse than the last."""
    first = criterion.families[0]
    alike = len(criterion.families) > 1 and first.share == criterion.families[-1].share
    return "all families alike" if alike else _family_cell(first.title, first.name)


def _family_cell(title: str, name: str) -> Named:
    return Named(title=excerpt(title), code=name)


def _share(share: float) -> Share:
    return Share(share=share, text=percent(share))


def _how() -> Section:
    said = filled(__package__, "how.txt.j2", fewest=measures.FEWEST)
    return Section(id="how", heading="How the numbers are found", before=tuple(said.splitlines()))
