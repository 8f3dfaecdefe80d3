"""``hw1 prairielearn-run``: what PrairieLearn's external grader starts for each submission, in an image of ours."""

import json
import sys
from pathlib import Path

import click

from autograder.cli.alone import graded_alone
from autograder.cli.common import NamedPath, notify, write_file
from autograder.errors import AutograderError


@click.command("prairielearn-run", hidden=True)
@click.argument("job", type=NamedPath())
@click.option("--assignment", "package", type=NamedPath(), required=True)
def prairielearn_run(job: Path, package: Path) -> None:
    """Grade what lies in JOB/student, and write JOB/results/results.json whatever happens."""
    from autograder.exports.prairielearn import failed, results
    from autograder.exports.prairielearn_package import HANDED_IN, SECONDS_TO_GRADE

    path = job / "results" / "results.json"
    # What stands there if this process is killed.
    write_file(path, json.dumps(failed()))
    try:
        found = results(graded_alone(job / HANDED_IN, package, SECONDS_TO_GRADE))
    except (AutograderError, OSError) as error:
        notify(" ".join(str(error).split()))
        sys.exit(2)
    write_file(path, json.dumps(found, ensure_ascii=False, allow_nan=False))
