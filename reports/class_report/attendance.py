"""Who handed in nothing, who was late, and who worked together, as a section of the class report."""

from collections.abc import Iterable

from autograder.shown import decoded, visible
from autograder.words import counted
from reports.class_report.elements import SHORT, Column, Section, Student, Table
from reports.class_report.records import ClassReport


def attendance(report: ClassReport) -> Iterable[Section]:
    """Say it, where there was a roster or a download that knows."""
    if not report.enrolled:
        return
    present = {result.student for result in report.everybody}
    absent = [one for one in report.enrolled if one.student not in present]
    late = [one for one in report.enrolled if one.student in present and one.lateness]
    groups: dict[str, list[str]] = {}
    for one in report.enrolled:
        if one.group:
            groups.setdefault(one.group, []).append(one.student)
    tables = (
        Table(
            caption=f"{counted(len(absent), 'student')} handed in nothing",
            columns=(Column(title="student", width=0.35), Column(title="name", width=0.6)),
            rows=tuple((visible(decoded(one.student)), visible(one.name)) for one in absent),
            short=SHORT,
        ),
        Table(
            caption=f"{counted(len(late), 'student')} handed in late",
            columns=(Column(title="student", width=0.35), Column(title="how late", width=0.6)),
            rows=tuple((Student(student=one.student), one.lateness) for one in late),
            short=SHORT,
        ),
        Table(
            caption=counted(len(groups), "group"),
            columns=(Column(title="group", width=0.35), Column(title="who", width=0.6)),
            rows=tuple((visible(name), visible(", ".join(map(decoded, who)))) for name, who in sorted(groups.items())),
            short=SHORT,
        ),
    )
    here = len(report.enrolled) - len(absent)
    yield Section(
        id="attendance",
        heading="Who handed in work",
        before=(f"{here} of {counted(len(report.enrolled), 'student')} handed in their work.",),
        tables=tuple(table for table in tables if table.rows),
    )
