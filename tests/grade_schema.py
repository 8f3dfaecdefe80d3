"""The published schema of grade.json: `python -m tests.grade_schema` writes it from the records."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.gradebook.record import SCHEMA, schema

FILE = Path(__file__).parents[1] / "autograder" / "schemas" / f"{SCHEMA}.json"


def text() -> str:
    """Write the schema, one key a line."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
