"""``hw1 gradescope-run``: what ``run_autograder`` starts for each submission, from the folder of the node's archive."""

from __future__ import annotations

import json
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import notify
from autograder.errors import AutograderError, IsolationError

if TYPE_CHECKING:
    from types import FrameType

    from autograder.exports.gradescope_package import Settings
    from autograder.words import Isolation

_STUDENT = "submission"


@click.command("gradescope-run", hidden=True)
@click.argument("harness", type=click.Path(path_type=Path))
def gradescope_run(harness: Path) -> None:
    """Grade what lies in HARNESS/submission, and write HARNESS/results/results.json whatever happens."""
    from autograder.exports.gradescope_limit import refused

    results = harness / "results" / "results.json"
    # What stands there if this process is killed.
    _write(results, _failed("The autograder was stopped before it had finished."))
    try:
        settings = _settings(harness / "source")
        given = refused(_metadata(harness), settings.most, settings.hours)
        _write(results, given or _graded(harness / _STUDENT, settings))
    except (AutograderError, OSError) as error:
        notify(" ".join(str(error).split()))
        _write(results, _failed("The autograder failed."))
        sys.exit(2)
    except SystemExit as ended:
        if ended.code:
            _write(results, _failed("The autograder failed."))
            raise


def _settings(source: Path) -> Settings:
    from autograder.exports.gradescope_package import SETTINGS, Settings

    return Settings(**json.loads((source / SETTINGS).read_text(encoding="utf-8")))


def _metadata(harness: Path) -> Any:
    try:
        return json.loads((harness / "submission_metadata.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _failed(why: str) -> dict[str, Any]:
    return {
        "score": 0,
        "output": f"{why} This says nothing about your submission. Please tell the course staff.",
        "output_format": "text",
        "extra_data": {"fault": True},
    }


def _graded(submission: Path, settings: Settings) -> dict[str, Any]:
    """Grade one submission at the strictest isolation there is, and lay out its results."""
    from autograder import truth
    from autograder.cli.grade import grade
    from autograder.exports.gradescope import results
    from autograder.exports.gradescope_package import seconds_to_grade
    from autograder.exports.records import report_of
    from autograder.gradebook.reading import read_each
    from autograder.loading import load_assignment

    package = Path(settings.assignment)
    assignment = load_assignment(package)
    # The secret and the truths that came here, or none: new ones would grade by other cases.
    truth.stored(assignment, Path(), truth.read_secret(Path(), create=False))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(submission, folder / "in" / _STUDENT, symlinks=True)
        signal.signal(signal.SIGALRM, _too_long)
        signal.alarm(seconds_to_grade(settings))
        words = ["--assignment", str(package), "--course", ".", "--output", str(folder / "out")]
        grade.main(
            [str(folder / "in"), *words, "--isolation", _isolation(), "--workers", "1"],
            standalone_mode=False,
        )
        signal.alarm(0)
        (report,), _ = read_each(folder / "out", assignment, lambda record, text: report_of(record, assignment, text))
    return results(report, settings.visibility)


def _too_long(_: int, __: FrameType | None) -> None:
    raise AutograderError("grading took too long; raise the time limit on Gradescope and --seconds with it")


def _isolation() -> Isolation:
    """Find the strictest level that works here."""
    from autograder.sandbox.running import Sandbox

    try:
        with Sandbox(isolation="bubblewrap"):
            return "bubblewrap"
    except IsolationError as error:
        notify(f"isolation nested: {error}")
        return "nested"


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False), encoding="utf-8")
