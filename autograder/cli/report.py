"""``hw1 report``: documents from an assignment and grades."""

import click

from autograder.cli.report_class import class_report
from autograder.cli.report_documents import handout, solution
from autograder.cli.report_feedback import feedback


@click.group()
def report() -> None:
    """Write the handout, the solution, feedback or the class report."""


report.add_command(class_report)
report.add_command(handout)
report.add_command(solution)
report.add_command(feedback)
