"""``hw1 truths``: compute them before they are needed, or check the cache."""

from pathlib import Path

import click

from autograder.cli.common import assignment_option, course_option, loaded, notify, say
from autograder.errors import InputError
from autograder.words import counted


@click.command(short_help="Compute the truths with PyTorch, or compare them with the cache.")
@course_option
@assignment_option
@click.option("--check", "verify", is_flag=True, help="Compute again and compare with the cache; change nothing.")
def truths(course: Path, assignment_path: Path, verify: bool) -> None:
    """Compute inputs and truths with PyTorch and cache them, so that grading need not import it.

    With them what wrong formulas come to, which else the first run computes; both for each variant of a homework.
    """
    from autograder import truth
    from autograder.course import private
    from autograder.grading import Grader
    from autograder.naming import Library

    assignment = loaded(assignment_path)
    each = assignment.variants or (assignment,)
    secret = truth.read_secret(course, create=not verify)
    if verify:
        differences = [line for one in each for line in truth.check(one, course, secret)]
        for line in differences:
            say(line)
        if differences:
            raise InputError(
                f"the cache of truths differs in {counted(len(differences), 'place')}; `hw1 truths` writes it anew"
            )
        say("truths: the cache is what PyTorch computes now")
        return
    for one in each:
        cases = truth.rebuild(one, course, secret)
        library = Library(one, cases, course, notify)
        Grader(one, cases, "bubblewrap", library).prepare()
        library.make(one)
    hidden = sum(case.hidden for case in cases.cases)
    of = f" of each of {counted(len(each), 'variant')}" if assignment.variants else ""
    say(
        f"truths: {hidden} hidden and {len(cases.cases) - hidden} public cases{of} by PyTorch "
        f"{cases.torch_version}, cached in {private(course)}"
    )
