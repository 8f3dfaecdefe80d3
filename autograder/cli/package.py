"""``hw1 package``: what a platform runs by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import (
    NamedPath,
    Span,
    assignment_option,
    course_option,
    loaded,
    same_for_all,
    say,
    write_file,
)
from autograder.cli.export import visibility_option

if TYPE_CHECKING:
    from autograder.exports.gradescope import Visibility
    from autograder.model import Assignment


_YEAR = 366 * 24.0


@click.group(short_help="An autograder for a platform to run.")
def package() -> None:
    """Pack what a platform runs by itself when a student hands in."""


@package.command(short_help="A question and its image for PrairieLearn.")
@click.option("--output", "-o", type=NamedPath(), required=True, help="Folder to write to.")
@click.option("--image", required=True, help="What the image will be called, such as course/hw1-grader.")
@course_option
@assignment_option
def prairielearn(output: Path, image: str, course: Path, assignment_path: Path) -> None:
    """Write a question of PrairieLearn's, and the folder that its grader's image is built from.

    The image holds references, hidden cases and truths, for instructors only: keep it in a private registry.
    """
    from autograder.exports.prairielearn_package import package as pack
    from autograder.loading import stub_source
    from autograder.node import node_archive

    assignment = same_for_all(loaded(assignment_path), "PrairieLearn")
    node = node_archive(assignment, assignment_path, course)
    for path, content in pack(assignment, assignment_path.resolve().name, node, image, stub_source(assignment)).items():
        write_file(output / path, content)
        say(output / path)
    say(
        f"\nNext: docker build -t {image} {output / 'image'} (for instructors only), push it, and copy "
        f"{output / 'questions' / assignment.id} into the course"
    )


@package.command(short_help="autograder.zip for Gradescope.")
@click.option("--output", "-o", type=NamedPath(), required=True, help="The archive: autograder.zip.")
@visibility_option
@click.option(
    "--seconds", type=click.IntRange(60, 2400), default=600, show_default=True, help="Gradescope's time limit."
)
@click.option(
    "--most", type=click.IntRange(0), default=0, help="Grade at most this many submissions of a student within --hours."
)
@click.option("--hours", type=Span(_YEAR), default=24.0, show_default=True, help="With --most.")
@course_option
@assignment_option
def gradescope(  # noqa: PLR0917 - click passes them by name
    output: Path, visibility: Visibility, seconds: int, most: int, hours: float, course: Path, assignment_path: Path
) -> None:
    """Write the autograder of an assignment on Gradescope: upload it there as it is.

    It holds references, hidden cases and truths, for instructors only; on Gradescope they are root's alone.
    """
    from autograder.exports.gradescope_package import Settings
    from autograder.exports.gradescope_package import package as pack
    from autograder.node import node_archive

    node = node_archive(same_for_all(loaded(assignment_path), "Gradescope"), assignment_path, course)
    name = assignment_path.resolve().name
    settings = Settings(assignment=name, visibility=visibility, seconds=seconds, most=most, hours=hours)
    content = pack(node, settings)
    write_file(output, content)
    size = f"{len(content) / 1e6:.1f} MB"
    say(f"{output}: {size}, for instructors only; next: Gradescope, Configure Autograder, upload it")


@package.command(short_help="Public cases, for Classroom 50.")
@click.option("--output", "-o", type=NamedPath(), required=True, help="Folder to write to.")
@assignment_option
def classroom50(output: Path, assignment_path: Path) -> None:
    """Write an autograder for Classroom 50: it counts the public cases that are right, in the student's repository.

    It holds the self-check and nothing that a student may not read. It gives no grade: that is `hw1 grade` on clones.
    """
    from autograder.exports.public_cases_package import classroom50 as pack

    slug = _write_public(assignment_path, output, pack)
    say(
        f"\nNext: copy {output / 'autograders'} into the classroom's folder of the configuration repository, and "
        f"register it: gh teacher assignment add ORG CLASSROOM {slug} --runtime {output / 'runtime.json'}"
    )


@package.command("github-action", short_help="Public cases, for any repository on GitHub.")
@click.option("--output", "-o", type=NamedPath(), required=True, help="Folder to write to.")
@assignment_option
def github_action(output: Path, assignment_path: Path) -> None:
    """Write a workflow for the repository that students start from: it checks the public cases at every push.

    It holds the self-check and nothing that a student may not read. It gives no grade: that is `hw1 grade` on clones.
    """
    from autograder.exports.public_cases_package import github_action as pack

    _write_public(assignment_path, output, pack)
    say(f"\nNext: copy all of {output}, with .github, into the repository that students start from")


def _write_public(
    assignment_path: Path, output: Path, pack: Callable[[Assignment, str, str], Mapping[str, bytes]]
) -> str:
    """Write what may be public; the assignment's name there."""
    from autograder.exports.public_cases_package import slug_of
    from autograder.release import build_selfcheck

    assignment = same_for_all(loaded(assignment_path), "a repository that students start from")
    python = ".".join(map(str, sys.version_info[:2]))
    for path, content in pack(assignment, build_selfcheck(assignment), python).items():
        write_file(output / path, content)
        say(output / path)
    return slug_of(assignment)
