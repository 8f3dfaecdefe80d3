"""The group of all commands."""

from typing import Any

import click

from autograder.cli.check import check
from autograder.cli.collect import collect
from autograder.cli.common import OneLineGroup, say
from autograder.cli.doctor import doctor
from autograder.cli.ending import ends_in_one_line
from autograder.cli.examples import show_examples
from autograder.cli.export import export
from autograder.cli.grade import grade
from autograder.cli.gradescope_run import gradescope_run
from autograder.cli.lint import lint
from autograder.cli.merge import merge
from autograder.cli.new import new
from autograder.cli.node import node
from autograder.cli.package import package
from autograder.cli.prairielearn_run import prairielearn_run
from autograder.cli.preview import preview
from autograder.cli.prove import prove
from autograder.cli.release import release
from autograder.cli.report import report
from autograder.cli.truths import truths


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.metadata import version

        say(f"hw1 {version('hw1-autograder')}")
        context.exit()


class _Main(OneLineGroup):
    """All commands, each of which ends in one line when it is interrupted, and with the code that a shell expects."""

    def invoke(self, context: click.Context) -> Any:
        """Call the command."""
        with ends_in_one_line():
            return super().invoke(context)


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def main() -> None:
    """Grade a homework: hidden numeric cases, sandboxed, scored against PyTorch's autograd."""


for command in (
    collect, grade, merge, node, check, truths, release, report, export, package, prove, new, preview, lint, doctor,
    gradescope_run, prairielearn_run,
):  # fmt: skip
    main.add_command(command)
show_examples(main)
