"""Documents for platforms that take one file a student, or one of the class, each against a check that is not ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import junitparser
from jsonschema import Draft202012Validator
from pyarrow import parquet

from autograder.model import Assignment
from tests.exports.conftest import Export

SCHEMAS = Path(__file__).parent / "schemas"


def documents(folder: Path, name: str) -> dict[str, Any]:
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob(f"*/{name}")}


def check(document: Any, schema: str) -> None:
    Draft202012Validator(json.loads((SCHEMAS / schema).read_text(encoding="utf-8"))).validate(document)


def test_gradescope_gets_what_its_specification_allows(export: Export, tmp_path: Path, small: Assignment) -> None:
    assert export("gradescope", "--visibility", "after_published").exit_code == 0
    found = documents(tmp_path / "out", "results.json")
    assert len(found) == 3
    for one in found.values():
        check(one, "gradescope-results.json")
        assert one["visibility"] == "after_published"
        assert one["score"] == sum(test["score"] for test in one["tests"])
        # One hidden test would hide the total.
        assert not any("visibility" in test for test in one["tests"])
        assert one["extra_data"]["isolation"] == "bubblewrap"
    whole = found["jblock3430"]
    assert whole["score"] == sum(test["max_score"] for test in whole["tests"])
    assert {test["status"] for test in found["2"]["tests"]} == {"passed", "failed"}


def test_prairielearn_gets_shares_of_one(export: Export, tmp_path: Path) -> None:
    assert export("prairielearn").exit_code == 0
    found = documents(tmp_path / "out", "results.json")
    assert found["jblock3430"]["score"] == 1.0
    for one in found.values():
        assert 0 <= one["score"] <= 1
        # Points are shown only where every test has both.
        assert all({"points", "max_points", "name"} <= test.keys() for test in one["tests"])
        assert one.keys() <= {"gradable", "score", "message", "output", "tests", "images", "format_errors"}


def test_classroom50_gets_whole_points(export: Export, tmp_path: Path) -> None:
    assert export("classroom50").exit_code == 0
    stamps = {
        "classroom": "c",
        "assignment": "a",
        "assignment_type": "individual",
        "owner": "o",
        "submission": "submit/2026-06-01T14-32-05Z-a1b2c3d",
        "commit": "https://x",
        "release": "https://x",
        "review": "https://x",
        "datetime": "2026-06-01T14:33:11Z",
    }
    for one in documents(tmp_path / "out", "result.json").values():
        check({**stamps, **one}, "classroom50-result.json")
        assert one["score"] == sum(test["score"] for test in one["tests"])


def test_a_ci_reads_the_points(export: Export, tmp_path: Path, small: Assignment) -> None:
    assert export("junit").exit_code == 0
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(tmp_path / "out"))}
    assert set(suites) == {"jblock3430", "2", "Zoë Smith"}
    assert suites["jblock3430"].failures == 0
    assert suites["Zoë Smith"].failures == suites["Zoë Smith"].tests
    earned = {p.name: p.value for p in suites["jblock3430"].properties()}
    assert earned["earned"] == earned["possible"]


def test_the_class_as_a_table(export: Export, tmp_path: Path, small: Assignment) -> None:
    assert export("csv").exit_code == 0
    lines = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
    criteria = [c.id for part in small.parts for c in part.criteria]
    assert lines[0].split(",") == ["student", "status", "earned", "possible", *criteria]
    assert export("parquet").exit_code == 0
    rows = parquet.read_table(tmp_path / "out").to_pylist()
    assert [row["name"] for row in rows] == ["2", "Zoë Smith", "jblock3430"]
    assert rows[2]["earned"] == rows[2]["possible"] == sum(rows[2][name] for name in criteria)
