"""Who may import whom: every contract holds, and every one catches a new module that breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLANTED = {
    "layers of the engine": ("autograder.model.planted", "autograder.batch"),
    "mathematics: formulas below, proofs and answers beside each other": (
        "autograder.mathematics.proof.planted",
        "autograder.mathematics.answers.judging",
    ),
    "solutions know the model": ("solutions.planted", "scipy"),
    "the engine knows no question": ("autograder.grading.planted", "solutions"),
    "reports read records": ("reports.planted", "autograder.loading"),
    "reports are made by the command line and nbgrader's plugin": ("autograder.release.planted", "reports.latex"),
    "the wire format needs numpy": ("autograder.wire.planted", "msgspec"),
    "the worker knows the wire format": ("autograder.sandbox._worker.planted", "autograder.errors"),
    "the prover knows formulas": ("autograder.mathematics.answers.planted", "autograder.mathematics.proof.proving"),
    "nothing that the prover loads brings SymPy along": ("autograder.sandbox._prover.planted", "sympy"),
    "the rules of loading stand alone": ("autograder.sandbox._worker.text", "numpy"),
    "the self-check stands on the rules of loading": ("autograder.selfcheck", "autograder.sandbox._worker.lock"),
    "the self-check's pages need numpy": ("autograder.selfcheck_html", "autograder.sandbox._worker.clock"),
    "truth alone imports torch": ("autograder.grading.written", "torch"),
    "the gradebook alone imports msgspec": ("autograder.results.planted", "msgspec"),
    "proofs alone import SymPy": ("autograder.mathematics.formulas.planted", "sympy"),
    "formulas alone import lark": ("autograder.gradebook.planted", "lark"),
    "nbgrader's plugin alone imports nbgrader and what it shares with it": ("autograder.loading.planted", "nbformat"),
    "the engine for clusters alone imports Dask": ("autograder.batch.pool", "distributed"),
    "the command line alone speaks to a terminal": ("autograder.truth.planted", "rich"),
    "processes are started in five places": ("reports.class_report.planted", "subprocess"),
    "marshal carries the standard library's code into the sandbox, and nothing else": (
        "autograder.cli.planted",
        "marshal",
    ),
    "nobody unpickles": ("reports.latex.planted", "pickle"),
}
"""A module that may be new, and what it must not import, by contract."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the contracts speak of, and what they need."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("autograder", "reports", "solutions"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tests").mkdir()
    for name in ("pyproject.toml", "tests/__init__.py", "tests/import_contracts.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def judged(tree: Path) -> tuple[set[str], set[str], str]:
    """The contracts that are kept, those that are broken, and what is said."""
    lint = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [lint, "--no-cache"],
        cwd=tree,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    ends = {
        how: {line.removesuffix(how).strip() for line in said.splitlines() if line.endswith(how)}
        for how in (" KEPT", " BROKEN")
    }
    return ends[" KEPT"], ends[" BROKEN"], said


def test_every_contract_has_a_violation() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert {one["name"] for one in table["contracts"]} == set(PLANTED)


def test_every_contract_holds_and_catches_its_violation(tree: Path) -> None:
    kept, broken, _ = judged(tree)
    assert (kept, broken) == (set(PLANTED), set())
    for importer, imported in PLANTED.values():
        path = tree.joinpath(*importer.split(".")).with_suffix(".py")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")
    kept, broken, said = judged(tree)
    assert (kept, broken) == (set(), set(PLANTED))
    starts = {name: said.index(f"\n{name}\n---") for name in PLANTED}
    for name, (importer, imported) in PLANTED.items():
        end = min((start for start in starts.values() if start > starts[name]), default=len(said))
        assert f"{importer} -> {imported}" in said[starts[name] : end], name


def test_a_new_room_has_no_place_until_it_is_given_one(tree: Path) -> None:
    (tree / "autograder" / "new_room.py").touch()
    _, broken, said = judged(tree)
    assert "layers of the engine" in broken
    assert "new_room" in said
