"""A class of the small homework, graded once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.loading import reference_source
from autograder.model import Assignment
from tests.conftest import Maker

SMALL = Path("tests/small")
Export = Callable[..., Result]


@pytest.fixture(scope="session")
def graded(made_once: Maker, small: Assignment) -> Path:
    """Grades of jblock3430 (all right), 2 (half), Zoë Smith (nothing), whose names platforms know."""

    def make(folder: Path) -> None:
        submissions = folder / "submissions"
        submissions.mkdir(parents=True)
        whole = reference_source(small)
        first = f"import numpy as np\n\n{inspect.getsource(small.parts[0].reference)}"
        for name, text in {"jblock3430": whole, "2": first, "Zoë Smith": "x = '<b>=1+1</b>'\n"}.items():
            (submissions / f"{name}.py").write_text(text, encoding="utf-8")
        done = CliRunner().invoke(
            main,
            [
                "grade",
                str(submissions),
                "--course",
                str(folder),
                "--assignment",
                str(SMALL),
                "-o",
                str(folder / "grades"),
            ],
        )
        assert done.exit_code == 0, done.output

    return made_once("exported", make) / "grades"


@pytest.fixture
def export(graded: Path, tmp_path: Path) -> Export:
    """Run one export into tmp_path / "out"."""

    def run(*words: str | Path) -> Result:
        name, *options = map(str, words)
        return CliRunner().invoke(
            main, ["export", name, str(graded), "-o", str(tmp_path / "out"), "--assignment", str(SMALL), *options]
        )

    return run
