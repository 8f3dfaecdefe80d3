"""docs/authoring.md: its files and commands lead from an empty folder to a graded submission."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.early
def test_the_page_leads_to_a_graded_submission(tmp_path: Path) -> None:
    files = {
        text.partition("\n")[0].removeprefix("# "): text.partition("\n")[2] for kind, text in BLOCKS if kind == "python"
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    printed = ""
    for kind, text in BLOCKS:
        if kind == "sh":
            done = subprocess.run(
                ["bash", "-ec", text],
                cwd=tmp_path,
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
            printed += done.stdout
        # What is shown replaces what `hw1 new` wrote.
        for name, content in files.items():
            if (tmp_path / name).parent.is_dir():
                (tmp_path / name).write_text(content, encoding="utf-8")
    assert "1 question, nothing to complain about" in printed
    assert re.search(r"^\d+ equalities in 2 derivations hold", printed, re.MULTILINE)
    with (tmp_path / "grades" / "grades.csv").open(encoding="utf-8") as file:
        points = {row["student"]: float(row["earned"]) for row in csv.DictReader(file)}
    assert points == {"ann": 6, "bob": 0}
