"""What `hw1 doctor` says of one piece, on machines that have it and on those that do not."""

from __future__ import annotations

import importlib.util
import sys
from importlib import metadata
from pathlib import Path

import pytest

from autograder.cli import examined
from autograder.cli.examined import Piece, pieces


def found(course: Path) -> dict[str, Piece]:
    return {piece.name: piece for piece in pieces(course)}


def test_the_secret_is_looked_for_where_it_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SECRET", raising=False)
    assert found(tmp_path)["secret"].found.startswith("none yet")
    (tmp_path / ".autograder").mkdir()
    (tmp_path / ".autograder" / "secret").write_text("a secret that graded")
    assert "cp -a " in found(tmp_path)["secret"].advice
    monkeypatch.setenv("AUTOGRADER_SECRET", "another one that is long")
    assert found(tmp_path)["secret"].found == "$AUTOGRADER_SECRET"


def test_what_is_missing_is_said_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name in {"torch", "sympy"} else there(name, *more)
    )
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("AUTOGRADER_PDFLATEX", "/nowhere/pdflatex")
    seen = found(tmp_path)
    assert (seen["PyTorch"].found, seen["PyTorch"].needed) == ("", True)
    assert seen["PyTorch"].advice.startswith("pip install 'torch==")
    assert seen["SymPy"].advice.startswith("pip install 'sympy")
    assert (seen["isolation"].needed, seen["isolation"].gives) == (True, "needs Linux, and this is darwin")
    assert "/nowhere/pdflatex" in seen["TeX"].advice
    (tmp_path / ".autograder").mkdir()
    (tmp_path / ".autograder" / "truths").touch()
    assert (found(tmp_path)["PyTorch"].found, found(tmp_path)["PyTorch"].needed) == ("", False)


def test_what_cannot_be_imported_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("rich.progress", "autograder.sandbox", "autograder.cli.choosing", "reports.latex.engine"):
        monkeypatch.setitem(sys.modules, module, None)
    seen = found(tmp_path)
    assert seen["grader"].gives.startswith("cannot start: import of rich.progress")
    assert all(not seen[name].found for name in ("grader", "isolation", "assignment", "TeX"))


def test_without_the_package_nothing_is_known_of_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", missing)
    monkeypatch.setattr(metadata, "version", missing)
    assert examined._install("torch") == "pip install 'torch'"
    assert list(examined._extras()) == []
    assert examined._package("nbgrader", "nbgrader", "gives courses").found == "installed"
