"""One submission, graded where a platform runs us: at whatever isolation there is, by the truths that came along."""

from __future__ import annotations

import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.common import loaded, notify, one_line_errors
from autograder.errors import AutograderError, IsolationError

if TYPE_CHECKING:
    from types import FrameType

    from autograder.exports.records import Report
    from autograder.words import Isolation

STUDENT = "submission"


def graded_alone(submission: Path, package: Path, seconds: int) -> Report:
    """Grade the folder of one submission, from the folder of a node's archive, in so many seconds at most.

    Raises `AutograderError` if it cannot be graded, through no fault of the student's.
    """
    from autograder import truth
    from autograder.cli.grade import grade
    from autograder.exports.records import report_of
    from autograder.gradebook.reading import read_each

    assignment = loaded(package)
    # The secret and the truths that came here, or none: new ones would grade by other cases.
    truth.stored(assignment, Path(), truth.read_secret(Path(), create=False))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(submission, folder / "in" / STUDENT, symlinks=True)
        signal.signal(signal.SIGALRM, _too_long)
        signal.alarm(seconds)
        words = ["--assignment", str(package), "--course", ".", "--output", str(folder / "out")]
        try:
            with one_line_errors():
                grade.main(
                    [str(folder / "in"), *words, "--isolation", _isolation(), "--workers", "1"], standalone_mode=False
                )
        except SystemExit as ended:
            if ended.code:
                raise AutograderError("the submission was not graded; what went wrong stands above") from None
        finally:
            signal.alarm(0)
        (report,), _ = read_each(
            folder / "out", assignment, lambda record, text: report_of(record, assignment, _unnamed(text))
        )
    return report


def _unnamed(feedback: str) -> str:
    """Take out of its title what the submission is called here, which is nobody's name."""
    title, end, rest = feedback.partition("\n")
    return title.removesuffix(f": feedback for `{STUDENT}`") + end + rest


def _too_long(_: int, __: FrameType | None) -> None:
    raise AutograderError("grading took too long; raise the platform's time limit, and pack again with it")


def _isolation() -> Isolation:
    """Find the strictest level that works here."""
    from autograder.sandbox.running import Sandbox

    try:
        with Sandbox(isolation="bubblewrap"):
            return "bubblewrap"
    except IsolationError as error:
        notify(f"isolation nested: {error}")
        return "nested"
