"""``hw1 report feedback``: a PDF for each student, to be given out beside ``feedback.md``."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import NamedPath, assignment_option, loaded, notify, paper_option, say, write_file
from autograder.cli.ending import ended_by_signals
from autograder.errors import DiskError, InputError, OutputError, ReportError
from autograder.words import counted

if TYPE_CHECKING:
    from reports.feedback.typeset import Typeset
    from reports.latex import Paper


@click.command(short_help="One PDF for each student.")
@click.argument("grades", type=NamedPath())
@click.option("--output", "-o", type=NamedPath(), required=True, help="Folder for STUDENT.pdf.")
@paper_option
@assignment_option
def feedback(grades: Path, output: Path, paper: Paper, assignment_path: Path) -> None:
    """Write the feedback of everybody whose GRADES `hw1 grade --output GRADES` wrote: one PDF for each student.

    Each file holds its student's pages alone. It says what feedback.md says, with bars, and public cases side by side.

    Exit code 2 when somebody's PDF could not be made; grades do not depend on it, and the others have theirs.
    """
    with ended_by_signals():
        from autograder.cli.tables import progress_bar
        from autograder.gradebook import open_to_others
        from autograder.gradebook.reading import read_grades
        from reports.feedback.typeset import typeset_class

        if output.exists() and not output.is_dir():
            raise InputError(f"{output} is a file; choose another --output, for a folder")
        if (output / "class.html").exists():
            raise InputError(f"{output} holds the class report, which is not for students; choose another --output")
        assignment = loaded(assignment_path)
        found = read_grades(grades, assignment)
        for unread in found.unread:
            notify(f"{unread.path!a} {unread.reason}; there is no PDF from it")
        failed = []
        with (
            closing(typeset_class(assignment, found.grades, paper=paper)) as made,
            progress_bar(len(found.grades), f"feedback for {assignment.id}") as advance,
        ):
            for one in made:
                problem = _keep(one, output)
                if problem:
                    failed.append(one.student)
                    notify(f"{one.student!a}: no PDF ({problem}); the grade and feedback.md stand")
                advance(one.student)
        if output.is_dir() and (mode := open_to_others(output)):
            notify(f"{output} is open to others (mode {mode:04o}): they can see whose feedback is there, but read none")
        say(f"{counted(len(found.grades) - len(failed), 'PDF')} in {output}")
        if failed:
            have = "has" if len(failed) == 1 else "have"
            students = counted(len(found.grades), "student")
            raise ReportError(f"{len(failed)} of {students} {have} no PDF (first: {failed[0]!a})")


def _keep(one: Typeset, output: Path) -> str:
    """Write one student's PDF; why not, if it cannot be. An older one that does not match the grade goes away."""
    path = output / f"{one.student}.pdf"
    try:
        if one.problem:
            path.unlink(missing_ok=True)
            return one.problem
        write_file(path, one.pdf)
    except DiskError:
        raise
    except OutputError as error:
        return str(error)
    except OSError as error:
        return f"{one.problem}; the older {path.name!a} cannot be removed: {error.strerror}"
    return ""
