"""The public cases' truths, kept beside the pages: no PyTorch for words, and never the numbers of other code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

from autograder import truth
from autograder.errors import AssignmentError
from autograder.loading import load_assignment
from autograder.results import Cases

ROOT = Path(__file__).parents[2]


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    folder = tmp_path / "homework"
    shutil.copytree(ROOT / "tests" / "small", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def asked(homework: Path) -> tuple[Cases, list[str]]:
    told: list[str] = []
    return truth.public_truths(load_assignment(homework), homework.parent, told.append), told


def kept(homework: Path) -> Path:
    (file,) = (homework / "__pycache__").glob("truths-*")
    return file


def change(homework: Path, old: str, new: str) -> None:
    page = homework / "q3.py"
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new), encoding="utf-8")


def test_they_are_the_public_ones_of_any_secret(homework: Path) -> None:
    cases, told = asked(homework)
    assert told == ["computing the worked numbers with PyTorch"]
    whole = truth.compute(load_assignment(homework), b"a secret that is in no message")
    assert [case.id for case in cases.cases] == [case.id for case in whole.cases if not case.hidden]
    again, nothing = asked(homework)
    assert nothing == []
    for case in cases.cases:
        for output, found in cases.truths[case.id].items():
            assert found.tobytes() == whole.truths[case.id][output].tobytes() == again.truths[case.id][output].tobytes()


def test_kept_ones_need_no_torch_and_nobody_else_can_read_them(homework: Path) -> None:
    asked(homework)
    assert kept(homework).stat().st_mode & 0o777 == 0o600
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from autograder import truth\n"
        "from autograder.loading import load_assignment\n"
        "truth.public_truths(load_assignment(Path(sys.argv[1])), Path(), print)\n"
        "print('torch' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, homework], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_a_course_that_has_truths_gives_them_and_stays_as_it_is(
    homework: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOGRADER_SECRET", raising=False)
    course = homework.parent
    truth.rebuild(load_assignment(homework), course, truth.read_secret(course, create=True))
    before = {file.name: file.read_bytes() for file in (course / ".autograder").iterdir()}
    cases, told = asked(homework)
    assert told == []
    assert not any(case.hidden for case in cases.cases)
    assert {*cases.truths} == {case.id for case in cases.cases}
    hidden = [
        case.id.encode()
        for case in truth.stored(load_assignment(homework), course, before["secret"].strip()).cases
        if case.hidden
    ]
    content = kept(homework).read_bytes()
    assert hidden
    assert not [one for one in (*hidden, before["secret"].strip()) if one in content]
    assert {file.name: file.read_bytes() for file in (course / ".autograder").iterdir()} == before


def test_other_words_keep_them_and_other_code_does_not(homework: Path) -> None:
    asked(homework)
    change(homework, "the sums of the first numbers", "all sums of the first numbers")
    assert asked(homework)[1] == []
    change(homework, "rng.uniform(1, 2, n)", "rng.uniform(1, 3, n)")
    assert len(asked(homework)[1]) == 1


def test_a_reference_that_departs_is_found_each_time(homework: Path) -> None:
    asked(homework)
    whole = load_assignment(homework)
    (first, *rest) = whole.questions
    wrong = replace(first.parts[0], reference=lambda x, step=2.0: step * np.cumsum(x) * (1 + 1e-6))
    other = replace(whole, questions=(replace(first, parts=(wrong, *first.parts[1:])), *rest))
    with pytest.raises(AssignmentError, match="the reference departs from autograd"):
        truth.public_truths(other, homework.parent, lambda line: None)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-8],
        lambda content: b"",
        lambda content: content.replace(b"shown", b"shewn", 1),
    ],
)
def test_damaged_ones_are_made_anew(homework: Path, damage: Callable[[bytes], bytes]) -> None:
    asked(homework)
    content = kept(homework).read_bytes()
    kept(homework).write_bytes(damage(content))
    assert len(asked(homework)[1]) == 1
    assert kept(homework).read_bytes() == content


def test_a_link_in_their_place_is_not_followed(homework: Path, tmp_path: Path) -> None:
    asked(homework)
    other = tmp_path / "elsewhere"
    kept(homework).rename(other)
    (homework / "__pycache__" / "truths-0").symlink_to(other)
    assert len(asked(homework)[1]) == 1


def test_a_place_that_takes_no_file_stops_nothing(homework: Path) -> None:
    shutil.rmtree(homework / "__pycache__", ignore_errors=True)
    (homework / "__pycache__").write_text("no folder", encoding="utf-8")
    assert len(asked(homework)[1]) == 1
    assert len(asked(homework)[1]) == 1


def test_the_solution_makes_no_secret_and_leaves_nothing_in_the_course(
    hw1: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = hw1("report", "solution", "--output", "solution.tex", "--assignment", ROOT / "solutions")
    assert done.exit_code == 0, done.output
    assert [file.name for file in tmp_path.iterdir()] == ["solution.tex"]
