"""``hw1 gradescope-run``: what ``run_autograder`` starts for each submission, from the folder of the node's archive."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.alone import STUDENT, graded_alone
from autograder.cli.common import NamedPath, notify, write_file
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.exports.gradescope_package import Settings


@click.command("gradescope-run", hidden=True)
@click.argument("harness", type=NamedPath())
def gradescope_run(harness: Path) -> None:
    """Grade what lies in HARNESS/submission, and write HARNESS/results/results.json whatever happens."""
    from autograder.exports.gradescope import failed, results
    from autograder.exports.gradescope_limit import counted, refused
    from autograder.exports.gradescope_package import seconds_to_grade

    path = harness / "results" / "results.json"
    # What stands there if this process is killed.
    _write(path, failed("The autograder was stopped before it had finished."))
    limit: tuple[int, float] = (0, 0.0)
    metadata = _metadata(harness)
    try:
        settings = _settings(harness / "source")
        limit = (settings.most, settings.hours)
        given = refused(metadata, *limit)
        if given is None:
            report = graded_alone(harness / STUDENT, Path(settings.assignment), seconds_to_grade(settings))
            given = counted(results(report, settings.visibility), metadata, *limit)
        _write(path, given)
    except (AutograderError, OSError) as error:
        notify(" ".join(str(error).split()))
        _write(path, counted(failed("The autograder failed."), metadata, *limit))
        sys.exit(2)


def _settings(source: Path) -> Settings:
    from autograder.exports.gradescope_package import SETTINGS, Settings

    return Settings(**json.loads((source / SETTINGS).read_text(encoding="utf-8")))


def _metadata(harness: Path) -> Any:
    try:
        return json.loads((harness / "submission_metadata.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, document: dict[str, Any]) -> None:
    write_file(path, json.dumps(document, ensure_ascii=False, allow_nan=False))
