"""``hw1 node``: one archive with all that another machine needs."""

from pathlib import Path

import click

from autograder.cli.common import (
    NamedPath,
    assignment_option,
    course_option,
    loaded,
    same_for_all,
    say,
    write_file,
)


@click.command(short_help="Pack what another machine needs to grade a share of the class.")
@click.option("--output", "-o", type=NamedPath(), required=True, help="The archive, such as node.tar.")
@course_option
@assignment_option
def node(output: Path, course: Path, assignment_path: Path) -> None:
    """Write one archive for other machines: this program, versions and hashes of what it needs, the homework, truths.

    It holds everything that students may not see; it is yours alone (0600) and says how to use it.
    """
    from autograder.node import node_archive

    content = node_archive(same_for_all(loaded(assignment_path), "a node"), assignment_path, course)
    write_file(output, content)
    say(f"{output}: {len(content) / 1e6:.1f} MB, for instructors only. On each machine: tar xf {output.name}")
