"""The autograder that Gradescope builds and runs: its order of things, and results whatever happens."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from autograder.exports import gradescope_package
from autograder.exports.gradescope import failed
from autograder.exports.gradescope_limit import counted, refused
from autograder.loading import reference_source
from autograder.model import Assignment
from tests.conftest import SMALL

SCHEMA = Draft202012Validator(json.loads(Path("tests/exports/schemas/gradescope-results.json").read_text("utf-8")))
NOW = "2026-02-02T10:00:00.000000-05:00"
NOW_READ = "2026-02-02T10:00:00-05:00"


def previous(*times: str, **more: Any) -> dict[str, Any]:
    graded = [{"submission_time": time, "score": 1.0, "results": {"score": n, **more}} for n, time in enumerate(times)]
    return {"created_at": NOW, "previous_submissions": graded}


@pytest.fixture
def harness(tmp_path: Path, small_course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out what stands on Gradescope's machine: a node's folder, where we are, and the harness's."""
    home, folder = tmp_path / "opt", tmp_path / "autograder"
    shutil.copytree(small_course / ".autograder", home / ".autograder")
    shutil.copytree(SMALL, home / "small", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("submission", "source"):
        (folder / name).mkdir(parents=True)
    settings = {"assignment": "small", "visibility": "visible", "seconds": 600, "most": 2, "hours": 24.0}
    (folder / "source" / "gradescope.json").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "submission_metadata.json").write_text(json.dumps({"created_at": NOW}), encoding="utf-8")
    monkeypatch.chdir(home)
    return folder


def results(harness: Path) -> Any:
    found = json.loads((harness / "results" / "results.json").read_text(encoding="utf-8"))
    SCHEMA.validate(found)
    return found


def test_what_was_handed_in_is_graded_with_helpers_and_whatever_its_name(
    hw1: Callable[..., Result], harness: Path, small: Assignment
) -> None:
    (harness / "submission" / "my work (1).py").write_text(reference_source(small), encoding="utf-8")
    (harness / "submission" / "notes.txt").write_text("mine", encoding="utf-8")
    assert hw1("gradescope-run", harness).exit_code == 0
    found = results(harness)
    assert found["score"] == small.possible
    assert found["output"].startswith(f"# {small.title}\n")
    assert found["extra_data"] == {"isolation": "bubblewrap", "graded_at": [NOW_READ]}


@pytest.mark.parametrize("handed_in", [{}, {"hw.ipynb": "{"}, {"hw.py": "def ("}, {"a.png": "x"}])
def test_what_cannot_be_read_earns_nothing_and_says_why(
    hw1: Callable[..., Result], harness: Path, handed_in: dict[str, str]
) -> None:
    for name, text in handed_in.items():
        (harness / "submission" / name).write_text(text, encoding="utf-8")
    hw1("gradescope-run", harness)
    found = results(harness)
    assert found["score"] == 0
    assert found["output"]


def test_a_fault_of_ours_is_said_to_be_one(hw1: Callable[..., Result], harness: Path) -> None:
    (harness / "submission" / "hw.py").write_text("x = 1\n", encoding="utf-8")
    shutil.rmtree(Path(".autograder"))
    done = hw1("gradescope-run", harness)
    assert done.exit_code == 2
    found = results(harness)
    assert found["extra_data"] == {"fault": True, "graded_at": []}
    assert "says nothing about your submission" in found["output"]
    assert "hw1" not in found["output"]


def test_one_submission_too_many_gets_the_last_results_again(hw1: Callable[..., Result], harness: Path) -> None:
    metadata = previous("2026-02-01T11:00:00-05:00", "2026-02-02T09:00:00-05:00", output="well")
    (harness / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    assert hw1("gradescope-run", harness).exit_code == 0
    found = results(harness)
    assert found["score"] == 1
    assert found["output"].endswith("well")
    assert "from February 2, 11:00" in found["output"]


@pytest.mark.parametrize(
    ("metadata", "graded"),
    [
        (previous(), True),
        (previous("2026-02-02T09:00:00-05:00"), True),
        (previous("2026-02-02T09:00:00-05:00", "2026-01-01T09:00:00-05:00"), True),
        (previous("2026-02-02T09:00:00-05:00", "2026-02-01T10:00:01-05:00"), False),
        # The same moment elsewhere.
        (previous("2026-02-02T15:00:00+01:00", "2026-02-02T14:00:00+00:00"), False),
        ({**previous("2026-02-02T09:00:00-05:00", "2026-02-02T09:30:00-05:00"), "created_at": "soon"}, True),
        ({"created_at": NOW, "previous_submissions": "none"}, True),
        (None, True),
    ],
)
def test_the_limit_counts_by_the_metadatas_times(metadata: Any, graded: bool) -> None:
    assert (refused(metadata, 2, 24.0) is None) == graded
    assert refused(metadata, 0, 24.0) is None


def test_what_failed_through_our_fault_does_not_count() -> None:
    metadata = previous("2026-02-02T09:00:00-05:00", "2026-02-02T09:30:00-05:00")
    metadata["previous_submissions"][0]["autograder_error"] = True
    assert refused(metadata, 2, 24.0) is None


WORTH = {"score": 45, "output": "well", "output_format": "md", "extra_data": {"isolation": "nested"}}


class Platform:
    """Gradescope, as far as a limit sees it: it keeps every submission, and gives all results back or the newest."""

    def __init__(self, most: int, *, newest_only: bool) -> None:
        self.most, self.newest_only = most, newest_only
        self.kept: list[dict[str, Any]] = []

    def submit(self, hour: float, *, fault: bool = False, error: bool = False) -> dict[str, Any] | None:
        """Hand in at some hour; the results if it was refused, None if it was graded or failed."""
        time = (datetime(2026, 2, 1, tzinfo=UTC) + timedelta(hours=hour)).isoformat()
        given = [dict(one) for one in self.kept]
        for one in given[:-1] if self.newest_only else ():
            one["results"] = None
        metadata = json.loads(json.dumps({"created_at": time, "previous_submissions": given}))
        told = refused(metadata, self.most, 24.0)
        results = told or counted(failed("The autograder failed.") if fault else WORTH, metadata, self.most, 24.0)
        SCHEMA.validate(results)
        score = 0 if error else results["score"]
        self.kept.append({"submission_time": time, "score": score, "autograder_error": error, "results": results})
        if error:
            self.kept[-1]["results"] = None
        return told


@pytest.mark.parametrize("newest_only", [True, False])
def test_only_what_was_graded_counts_and_the_promised_time_holds(newest_only: bool) -> None:
    platform = Platform(2, newest_only=newest_only)
    assert [platform.submit(hour) is None for hour in (0, 0.51)] == [True, True]
    for hour in (1, 2, 23.9):
        told = platform.submit(hour)
        assert told is not None
        # Told once, above the last result, whatever stood in between.
        assert told["output"].count("not graded") == 1
        assert told["output"].endswith("last result.\n\nwell")
        assert "from February 2, 00:00 (UTC) on" in told["output"]
        assert told["score"] == 45
    assert platform.submit(24) is None
    told = platform.submit(24.1)
    assert told is not None
    # Half past and 36 seconds: the next full minute.
    assert "from February 2, 00:31 (UTC) on" in told["output"]
    assert platform.submit(24 + 31 / 60) is None


@pytest.mark.parametrize("newest_only", [True, False])
def test_a_fault_of_ours_neither_counts_nor_is_a_last_result(newest_only: bool) -> None:
    platform = Platform(2, newest_only=newest_only)
    assert platform.submit(0) is None
    assert [platform.submit(hour, fault=True) for hour in (1, 2, 3)] == [None] * 3
    assert platform.submit(4, error=True) is None
    assert platform.submit(5) is None
    told = platform.submit(6)
    assert told is not None
    assert (told["score"], "fault" in told["extra_data"]) == (45, False)
    assert "from February 2, 00:00" in told["output"]


def test_an_archive_that_was_packed_before_is_counted_by_the_times() -> None:
    times = [f"2026-02-02T0{hour}:00:00-05:00" for hour in (6, 7, 8)]
    metadata = previous(*times)
    # The third was refused then, since two had been graded.
    told = refused(metadata, 2, 24.0)
    assert told is not None
    assert "from February 3, 06:00" in told["output"]
    metadata["previous_submissions"][2]["results"] = failed("The autograder failed.")
    for one in metadata["previous_submissions"][:2]:
        one["results"] = None
    told = refused(metadata, 2, 24.0)
    assert told is not None
    assert told["score"] == 1.0
    # Nothing is known but that there were no points: it may have been our fault.
    metadata["previous_submissions"][0]["score"] = "none"
    assert refused(metadata, 2, 24.0) is None


def test_the_archive_has_the_scripts_at_its_root_and_all_else_in_a_private_one(
    hw1: Callable[..., Result], small_course: Path, tmp_path: Path
) -> None:
    output = tmp_path / "autograder.zip"
    done = hw1("package", "gradescope", "--course", small_course, "--assignment", SMALL, "--output", output)
    assert done.exit_code == 0, done.output
    assert output.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(output) as archive:
        names = archive.namelist()
        assert {"setup.sh", "run_autograder"} <= set(names)
        for script in ("setup.sh", "run_autograder"):
            subprocess.run(["bash", "-n"], input=archive.read(script), check=True)
            assert b"\r" not in archive.read(script)
        with tarfile.open(fileobj=io.BytesIO(archive.read(gradescope_package.NODE))) as node:
            assert all(entry.mode & 0o077 == 0 for entry in node)
            lock = node.extractfile("hw1-node/requirements.lock")
            assert lock is not None
            text = lock.read().decode()
    assert not any(f"\n{heavy}==" in text for heavy in ("torch", "nbgrader", "sympy"))
