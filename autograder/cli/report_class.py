"""``hw1 report class``: how the class did, for the instructor, as a page and a PDF."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from autograder.cli.common import NamedPath, assignment_option, loaded, notify, paper_option, say, write_file
from autograder.errors import InputError

if TYPE_CHECKING:
    from reports.latex import Paper


@click.command("class", short_help="How the class did, for the instructor: a page and a PDF.")
@click.argument("grades", type=NamedPath())
@click.option("--output", "-o", type=NamedPath(), required=True, help="Folder for class.html, class.pdf.")
@click.option("--anonymous", is_flag=True, help="Number the students: no id, name, path or link in either file.")
@paper_option
@assignment_option
def class_report(grades: Path, output: Path, anonymous: bool, paper: Paper, assignment_path: Path) -> None:
    """Report on the class whose GRADES `hw1 grade --output GRADES` wrote. For instructors only.

    Points, questions, criteria, hidden case families, misconceptions, the crashed and the slowest, and a roster of
    everybody: one HTML file that needs no network, and all but the roster as a PDF.
    """
    from autograder.gradebook.reading import read_class
    from reports.class_report.anonymous import without_names
    from reports.class_report.document import build
    from reports.class_report.elements import excerpt
    from reports.class_report.page import render
    from reports.class_report.summary import summarize

    assignment = loaded(assignment_path)
    found = read_class(grades, assignment)
    for unread in found.unread:
        notify(f"{excerpt(unread.path)} {unread.reason}; it is not in the report")
    report = summarize(assignment, without_names(assignment, found) if anonymous else found)
    page, pdf = output / "class.html", output / "class.pdf"
    if not page.exists() and any((output / f"{graded.student}.pdf").exists() for graded in found.results):
        raise InputError(f"{output} holds feedback for students, who may not see this report; choose another --output")
    # The page first: it does not need TeX.
    folder = None if anonymous else _link(grades, output)
    write_file(page, render(report, folder=folder, named=not anonymous))
    say(f"page {page}")
    write_file(pdf, build(report, paper, named=not anonymous))
    say(f"PDF  {pdf}")


def _link(grades: Path, output: Path) -> str:
    """Write where the grades lie as a link from a page in the output: a browser takes ``..`` by the letter."""
    return quote(os.fsencode(os.path.relpath(grades, output)), safe="/") + "/"
