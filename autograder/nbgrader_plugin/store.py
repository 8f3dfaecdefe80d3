"""Results of a course: graded by the pool, read by nbgrader's serial pass. Needs nothing of nbgrader."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.gradebook import GRADE, read_ours, write_atomically
from autograder.gradebook.results import sha256
from autograder.results import PartFeedback

_FILE = "cells.json"


def keep(home: Path, mark: str, parts: Mapping[str, PartFeedback]) -> None:
    """Keep a result for nbgrader's pass, beside the grade.json it belongs to.

    Raises `OutputError` if it cannot be written.
    """
    record = {
        "fingerprint": mark,
        "grade_sha256": sha256(read_ours(home / GRADE)),
        "parts": {name: asdict(part) for name, part in parts.items()},
    }
    write_atomically(home / _FILE, json.dumps(record, ensure_ascii=False) + "\n")


def kept(home: Path, mark: str) -> dict[str, PartFeedback] | None:
    """Read a result that was kept, by name of the part; None when there is none, or it was made from something else."""
    try:
        record: dict[str, Any] = json.loads(read_ours(home / _FILE))
        if record["fingerprint"] != mark or record["grade_sha256"] != sha256(read_ours(home / GRADE)):
            return None
        return {str(name): PartFeedback(**part) for name, part in record["parts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
