"""The sections of the class report that name students."""

from collections import Counter
from collections.abc import Iterable

from autograder.shown import decoded, visible
from autograder.words import counted
from reports.class_report.attention import KINDS
from reports.class_report.elements import (
    SHORT,
    Column,
    Named,
    People,
    Section,
    Share,
    Student,
    Table,
    decimal,
    excerpt,
    percent,
)
from reports.class_report.records import ClassReport, Mistake
from reports.feedback.markdown import points
from reports.feedback.words import NOT_WRITTEN, WORDS


def attention(report: ClassReport) -> Iterable[Section]:
    """List all that a person should look at, however much it is; no section if there is nothing."""
    tables = tuple(table for table in (_students(report), _identical(report), _unread(report)) if table.rows)
    before: tuple[str, ...] = ()
    if report.case_sets > 1:
        before = (f"{report.case_sets} different sets of hidden cases graded this class: points are not comparable.",)
    kinds = Counter(kind for one in report.attention for kind in one.kinds)
    if len(report.attention) > SHORT:
        before = (
            *before,
            f"Students by reason: {'; '.join(f'{kind} {kinds[kind]}' for kind in KINDS if kinds[kind])}.",
        )
    weak = [f"{count} under {level!r}" for level, count in report.isolation if level != "bubblewrap"]
    if weak:
        before = (*before, f"Graded below the default isolation: {', '.join(weak)}.")
    after = (
        "Identical code is the same to the last character. The reasons are many (an untouched stub, a pair that was "
        "allowed to work together), and nothing is said here about which.",
    )
    if tables or before:
        yield Section(
            id="attention",
            heading="Needs your attention",
            before=before,
            tables=tables,
            after=after if report.identical else (),
        )


def _students(report: ClassReport) -> Table:
    return Table(
        caption=f"{counted(len(report.attention), 'student')} whose grade a person needs to check",
        columns=(Column(title="student", width=0.28), Column(title="why", width=0.68)),
        rows=tuple((Student(student=one.student), excerpt(one.why)) for one in report.attention),
        short=SHORT,
    )


def _identical(report: ClassReport) -> Table:
    return Table(
        caption=f"{counted(len(report.identical), 'group')} of submissions with identical code",
        columns=(
            Column(title="submissions", width=0.14),
            Column(title="points of each", width=0.18, kind="number"),
            Column(title="who", width=0.6),
        ),
        rows=tuple(
            (
                str(len(same.students)),
                f"{points(same.earned)} of {points(report.possible)}",
                People(students=same.students),
            )
            for same in report.identical
        ),
        short=SHORT // 2,
    )


def _unread(report: ClassReport) -> Table:
    return Table(
        caption=f"Files that cannot be read ({len(report.unread)}); no student in them is counted",
        columns=(Column(title="file", width=0.5), Column(title="why it was passed over", width=0.46)),
        rows=tuple((excerpt(one.path), excerpt(one.reason)) for one in report.unread),
        short=SHORT // 2,
    )


def _read(mistake: Mistake) -> str:
    """What most students read, and how many more may have the mistake beside a second one."""
    told = excerpt(mistake.hint) or "not in the current questions"
    more = len(mistake.possibly)
    return f"{told} Possibly {more} more, with a second mistake; they are not told." if more else told


def attendance(report: ClassReport) -> Iterable[Section]:
    """Say who handed in nothing, who was late, and who worked together, where a roster or a download knows."""
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


def misconceptions(report: ClassReport) -> Section:
    """Say which ideas the class has, the most common first."""
    rows = tuple(
        (
            Named(title=excerpt(m.name.replace("_", " ")), code=excerpt(", ".join(m.parts))),
            Share(share=m.share, text=percent(m.share)),
            str(len(m.students)),
            _read(m),
            People(students=m.students),
        )
        for m in report.mistakes
    )
    columns = (
        Column(title="misconception", width=0.25),
        Column(title="of the class", width=0.13),
        Column(title="students", width=0.09, kind="number"),
        Column(title="what most of them were told", width=0.33),
        Column(title="who", width=0.2),
    )
    table = Table(
        caption=f"{counted(len(rows), 'misconception')}, by share of the class", columns=columns, rows=rows, short=SHORT
    )
    return Section(
        id="misconceptions",
        heading="Misconceptions",
        before=() if rows else ("No output matches a known misconception.",),
        tables=(table,) if rows else (),
    )


def statuses(report: ClassReport) -> Section:
    """Count what became of the criteria, and say whose functions did not come back."""
    scores = sum(count.criteria for count in report.statuses)
    rows = tuple(
        (
            Named(title=NOT_WRITTEN if count.not_written else WORDS[count.status], code=count.status),
            Share(share=count.criteria / scores, text=str(count.criteria)),
            str(count.students),
        )
        for count in report.statuses
    )
    columns = (
        Column(title="status", width=0.3),
        Column(title="criteria, over all students", width=0.38),
        Column(title="students", width=0.2, kind="number"),
    )
    tables = [Table(caption="Statuses by frequency", columns=columns, rows=rows)]
    stopped = tuple(
        (
            one.part,
            Named(title=WORDS[one.status], code=one.status),
            str(len(one.students)),
            People(students=one.students),
        )
        for one in report.stopped
    )
    why = (
        Column(title="function", width=0.26),
        Column(title="why", width=0.2),
        Column(title="students", width=0.1, kind="number"),
        Column(title="who", width=0.36),
    )
    if stopped:
        tables.append(
            Table(caption="Functions that crashed or had to be stopped", columns=why, rows=stopped, short=SHORT)
        )
    after = () if stopped else ("No function crashed or had to be stopped.",)
    return Section(id="statuses", heading="Statuses", tables=tuple(tables), after=after)


def slowest(report: ClassReport) -> Section:
    """List who took longest."""
    durations = report.durations
    if durations is None:
        return Section(id="slowest", heading="Slowest", before=("No durations: run.jsonl is not there or is empty.",))
    rows = tuple(
        (Student(student=student), Share(share=seconds / (durations.longest or 1), text=f"{decimal(seconds)} s"))
        for student, seconds in durations.slowest
    )
    columns = (Column(title="student", width=0.4), Column(title="wall time", width=0.5))
    told = f"The last run of the one student took {decimal(durations.longest)} s."
    if durations.count > 1:
        total = decimal(durations.total, 2 if durations.total < 100 else 0)
        told = (
            f"By the last run of each of {counted(durations.count, 'student')}: median {decimal(durations.median)} s, "
            f"longest {decimal(durations.longest)} s, {total} s for all of them one after the other."
        )
    return Section(
        id="slowest",
        heading="Slowest",
        before=(told,),
        tables=(Table(caption="Seconds, the slowest first", columns=columns, rows=rows),),
    )


def adjustments(report: ClassReport) -> Iterable[Section]:
    """List what persons adjusted, if they did."""
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
