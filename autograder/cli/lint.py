"""``hw1 lint``: the rules that a homework keeps."""

import sys
from pathlib import Path

import click

from autograder.cli.common import assignment_option, loaded, question_of, question_option, say
from autograder.errors import ReportError
from autograder.words import counted


@click.command(short_help="Hold the homework to its rules: file, line, value and what to do.")
@question_option
@assignment_option
@click.option(
    "--found",
    is_flag=True,
    help="Also say how each listed mistake that search finds would be reported; this takes some seconds per answer.",
)
def lint(question: str, assignment_path: Path, found: bool) -> None:
    """Hold the homework to its rules, and say of each that is broken the file, the line, the value and what to do.

    Among them: the reference is what autograd finds, examples hold, every mistake costs something and is called by its
    own name, derivations hold, the points add up, the prompt can be set.

    Exit code 0 when there is nothing to complain about, 1 when there is, 2 when the homework cannot be loaded.
    """
    from autograder.lint import TWO_NAMES
    from autograder.lint import lint as complaints

    assignment = loaded(assignment_path)
    chosen = question_of(assignment, question)
    broken = known = 0
    for complaint in complaints(assignment, assignment_path, question=question, typeset=_typeset, found=found):
        say(str(complaint))
        if complaint.rule == TWO_NAMES:
            known += 1
        else:
            broken += 1
    if known:
        say(f"{counted(known, 'listed mistake')} found without the list")
    if broken:
        say(counted(broken, "complaint"))
        sys.exit(1)
    say(f"{counted(len(chosen), 'question')}, nothing to complain about")


def _typeset(markdown: str) -> str:
    """What TeX says of a text: empty when it sets it, or where there is no TeX."""
    from reports.latex import compile_pdf, find_engine, from_markdown, new_document

    try:
        engine = find_engine()
    except ReportError:
        return ""
    document = new_document(title="lint", topic="", course="", author="", date="", subject="")
    document.append(from_markdown(markdown))
    try:
        compile_pdf(document.dumps(), engine=engine)
    except ReportError as error:
        return str(error)
    return ""
