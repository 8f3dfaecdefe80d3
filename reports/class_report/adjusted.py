"""What persons adjusted, as a section of the class report."""

from collections.abc import Iterable

from autograder.shown import decoded, visible
from reports.class_report.elements import Column, Section, Table
from reports.class_report.records import ClassReport


def adjustments(report: ClassReport) -> Iterable[Section]:
    """List them, if there are any."""
    if not report.adjustments:
        return
    columns = (
        Column(title="student", width=0.2),
        Column(title="criterion", width=0.25),
        Column(title="points", width=0.1, kind="number"),
        Column(title="reason", width=0.4),
    )
    rows = tuple(
        (visible(decoded(one.student)), one.criterion, f"{one.points:+g}", visible(one.reason))
        for one in report.adjustments
    )
    said = "All points in this report include them; statuses and families are as graded."
    table = Table(caption="What was adjusted by hand", columns=columns, rows=rows)
    yield Section(id="adjustments", heading="Adjustments", before=(said,), tables=(table,))
