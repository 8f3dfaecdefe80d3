"""Shares of a class, graded apart and joined: the same bytes as of one run, or one line that says what is wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from autograder import truth
from autograder.gradebook import Gradebook
from autograder.gradebook.shards import Shard
from tests import toy
from tests.cli.test_cli import HW1, one_line
from tests.cli.test_going_on import journal, tree

# They share graded shards: on one worker.
pytestmark = pytest.mark.xdist_group("shards")
OF = 3
STUDENTS = 9


def share(number):
    return [f"s{n}" for n in range(STUDENTS) if Shard(number, OF).holds(f"s{n}")]


@pytest.fixture(scope="module")
def submissions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards") / "class"
    folder.mkdir()
    for number in range(STUDENTS):
        shutil.copy(f"tests/submissions/class/student-0{1 + 4 * (number % 2)}.py", folder / f"s{number}.py")
    (folder / "picture.png").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def graded(submissions, course):
    """Return the folder that three shards wrote to, two at the same time as from two terminals, and one whole run's."""
    output = submissions.parent / "parts"
    command = [HW1, "grade", submissions, "--course", course, "--workers", "1", "--output"]
    left = [
        subprocess.Popen([*command, output, "--shard", f"{n}/{OF}"], stderr=subprocess.PIPE, text=True) for n in (1, 2)
    ]
    told = [process.communicate()[1] for process in left]
    assert [process.returncode for process in left] == [0, 0], told
    last = subprocess.run([*command, output, "--shard", f"3/{OF}"], capture_output=True, text=True, check=True)
    # A name that is nobody's is told of once.
    assert sum("not graded: picture.png" in one for one in (*told, last.stderr)) == 1
    subprocess.run([*command, submissions.parent / "whole"], capture_output=True, check=True)
    return output


@pytest.fixture
def parts(graded, tmp_path):
    return shutil.copytree(graded, tmp_path / "parts")


def test_everybody_belongs_to_one_shard():
    names = [f"student-{n}" for n in range(1000)]
    for of in (1, 2, 16):
        shards = [Shard(number, of) for number in range(1, of + 1)]
        assert {sum(one.holds(name) for one in shards) for name in names} == {1}
        assert all(sum(map(one.holds, names)) > 500 / of for one in shards)
    assert Shard(6, 16).holds("student-12"), "where a student belongs must never change"


def test_shards_are_joined_to_the_bytes_of_one_run_which_then_has_nothing_to_do(
    hw1, submissions, course, graded, tmp_path
):
    assert sorted(path.name for path in graded.iterdir()) == [f"shard-{n}-of-{OF}" for n in (1, 2, 3)]
    apart = [shutil.copytree(path, tmp_path / "nodes" / str(n) / path.name) for n, path in enumerate(graded.iterdir())]
    for name, given in {"one folder": [graded], "each": apart, "its parent": [one.parent for one in apart]}.items():
        result = hw1("merge", *given, "--output", tmp_path / name)
        assert result.exit_code == 0, result.output
        assert f"{STUDENTS} submissions from {OF} shards" in result.stdout
        assert tree(tmp_path / name) == tree(graded.parent / "whole"), name
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / name).rglob("*")} == {0o700, 0o600}
    before = journal(tmp_path / "each")
    assert sorted(before) == [f"s{n}" for n in range(STUDENTS)]
    again = hw1("grade", submissions, "--course", course, "--output", tmp_path / "each")
    assert f"{STUDENTS} unchanged since last graded" in again.stdout
    assert journal(tmp_path / "each") == before


def test_a_merge_that_was_ended_goes_on_and_one_into_another_class_is_refused(hw1, graded, tmp_path):
    out = tmp_path / "out"
    assert hw1("merge", graded, "--output", out).exit_code == 0
    whole = tree(out)
    (out / "grades.csv").unlink()
    (out / "s1" / "grade.json").write_bytes(b"")
    (out / ".results.jsonl.1f2e3d4c").write_bytes(b"{")
    shutil.rmtree(out / "s2")
    assert hw1("merge", graded, "--output", out).exit_code == 0
    assert tree(out) == whole
    assert sorted(journal(out)) == [f"s{n}" for n in range(STUDENTS)]
    shutil.copytree(out / "s1", out / "zoe")
    assert "holds 1 grades that are not of these shards (first: zoe)" in one_line(hw1("merge", graded, "-o", out))
    assert "lies where the shards lie" in one_line(hw1("merge", graded, "-o", graded))


def changed(record, **fields):
    path = record / "shard.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def moved(parts):
    (parts / f"shard-2-of-{OF}").rename(parts / "shard-2-of-4")


@pytest.mark.parametrize(
    ("spoil", "says"),
    {
        "none": (lambda p: [shutil.rmtree(one) for one in p.iterdir()], "no shard in it"),
        "missing": (lambda p: shutil.rmtree(p / f"shard-2-of-{OF}"), f"1 of {OF} shards are missing (first: 2/{OF})"),
        "other number": (moved, "is one of 3 shards and"),
        "killed": (lambda p: (p / f"shard-2-of-{OF}/shard.json").unlink(), f"shard 2/{OF} is not graded to its end"),
        "half a record": (lambda p: (p / f"shard-2-of-{OF}/shard.json").write_text("{"), "shard.json is damaged"),
        "renamed": (lambda p: changed(p / f"shard-2-of-{OF}", number=1), "is not the shard that its name says"),
        "overlapping": (
            lambda p: changed(p / f"shard-2-of-{OF}", students=[f"s{n}" for n in range(STUDENTS)]),
            "is not the shard that its name says",
        ),
        "secret": (lambda p: changed(p / f"shard-2-of-{OF}", cases_id="0" * 32), "with other cases (another secret)"),
        "version": (
            lambda p: changed(p / f"shard-2-of-{OF}", versions={"hw1": "9.9"}), "was graded by hw1 9.9 and not by hw1 "
        ),
        "isolation": (lambda p: changed(p / f"shard-2-of-{OF}", isolation="nested"), "isolation nested and not bubble"),
        "class": (lambda p: changed(p / f"shard-2-of-{OF}", class_sha256="0" * 64), "as a share of another class"),
        "questions": (lambda p: changed(p / f"shard-2-of-{OF}", source_sha256="0" * 64), "with other question files"),
        "grade": (
            lambda p: (p / f"shard-2-of-{OF}" / share(2)[0] / "grade.json").write_text("{}\n"),
            f"does not hold what the journal of shard 2/{OF} says",
        ),
        "feedback": (
            lambda p: (p / f"shard-2-of-{OF}" / share(2)[0] / "feedback.md").write_text("all points"),
            f"does not hold what the journal of shard 2/{OF} says",
        ),
        "student": (
            lambda p: shutil.rmtree(p / f"shard-2-of-{OF}" / share(2)[0]),
            f"does not hold what the journal of shard 2/{OF} says",
        ),
        "journal": (lambda p: (p / f"shard-2-of-{OF}/run.jsonl").unlink(), f"is not in the journal of shard 2/{OF}"),
    }.values(),
)  # fmt: skip
def test_what_is_not_one_class_graded_with_one_thing_is_not_joined(hw1, parts, tmp_path, spoil, says):
    spoil(parts)
    line = one_line(hw1("merge", parts, "--output", tmp_path / "out"))
    assert says in line
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_a_shard_given_twice_is_refused(hw1, parts, graded, tmp_path):
    line = one_line(hw1("merge", parts, graded, "--output", tmp_path / "out"))
    assert f"shard 1/{OF} is there twice, in {parts}/shard-1-of-{OF} and in {graded}/shard-1-of-{OF}" in line


def test_a_shard_twice_at_a_time_is_refused_and_another_is_not(hw1, submissions, course, parts):
    other = Gradebook(parts / f"shard-2-of-{OF}", toy.ASSIGNMENT)
    other.lock()
    command = ("grade", submissions, "--course", course, "--output", parts, "--shard")
    line = one_line(hw1(*command, f"2/{OF}"))
    assert line == f"hw1: another hw1 grade is writing to {parts}/shard-2-of-{OF}; wait until it has ended"
    assert f"{len(share(3))} unchanged since last graded" in hw1(*command, f"3/{OF}").stdout


def test_a_shard_that_was_killed_is_not_whole_until_it_is_graded_again(hw1, submissions, course, parts, tmp_path):
    home = parts / f"shard-1-of-{OF}"
    (home / share(1)[0] / "feedback.md").unlink()
    dies = (
        "import os, sys\nfrom autograder.gradebook import Gradebook\nfrom autograder.cli import main\n"
        "Gradebook.write = lambda *_: os.kill(os.getpid(), 9)\nmain(sys.argv[1:])"
    )
    command = ["grade", submissions, "--course", course, "--output", parts, "--shard", f"1/{OF}"]
    assert subprocess.run([sys.executable, "-c", dies, *command], capture_output=True, check=False).returncode == -9
    assert f"shard 1/{OF} is not graded to its end" in one_line(hw1("merge", parts, "-o", tmp_path / "out"))
    assert hw1(*command).exit_code == 0
    assert hw1("merge", parts, "-o", tmp_path / "out").exit_code == 0


def test_a_shard_makes_no_secret_and_no_truths_and_says_what_to_copy(hw1, submissions, course, tmp_path, monkeypatch):
    node = tmp_path / "node"
    node.mkdir()
    command = ("grade", submissions, "--course", node, "--output", tmp_path / "out", "--shard", "1/2")
    copy = (
        f"a shard makes none: run hw1 truths once, and copy the .autograder folder that it filled to {node}/.autograder"
    )
    line = one_line(hw1(*command))
    assert line.startswith("hw1: no secret: ")
    assert line.endswith(copy)
    assert not (node / ".autograder").exists()
    truth.read_secret(node, create=True)
    line = one_line(hw1(*command))
    assert line.startswith(f"hw1: truths: {node}/.autograder/truths is not there yet; ")
    assert line.endswith(copy)
    shutil.copy(course / ".autograder/truths", node / ".autograder/truths")
    assert "was made under another secret" in one_line(hw1(*command))
    assert (node / ".autograder/truths").read_bytes() == (course / ".autograder/truths").read_bytes()


def test_a_shard_with_nobody_in_it_is_graded_and_joined(hw1, submissions, course, tmp_path):
    one = tmp_path / "class"
    one.mkdir()
    shutil.copy(submissions / "s0.py", one)
    for number in (1, 2):
        result = hw1("grade", one, "--course", course, "-o", tmp_path / "parts", "--shard", f"{number}/2")
        assert result.exit_code == 0, result.output
    assert hw1("merge", tmp_path / "parts", "-o", tmp_path / "out").exit_code == 0
    assert hw1("grade", one, "--course", course, "-o", tmp_path / "whole").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


@pytest.mark.parametrize("given", ["0/2", "3/2", "1/0", "1", "a/b", "1/2/3", "-1/2", "1/99999", "1/2 "])
def test_what_is_no_shard_is_refused(hw1, submissions, tmp_path, given):
    line = one_line(hw1("grade", submissions, "-o", tmp_path / "out", f"--shard={given}"))
    assert f"{given!r} is not a shard: give K/N such as 3/16" in line


def test_a_fault_of_ours_is_joined_as_a_fault(hw1, submissions, course, graded, parts, tmp_path):
    who = share(2)[0]
    book = Gradebook(parts / f"shard-2-of-{OF}", toy.ASSIGNMENT)
    cases_id = json.loads((parts / f"shard-2-of-{OF}" / who / "grade.json").read_text())["cases_id"]
    shutil.rmtree(parts / f"shard-2-of-{OF}" / who)
    book.fault(who, cases_id, "bubblewrap", "no more processes")
    result = hw1("merge", parts, "-o", tmp_path / "out")
    assert f"1 of {STUDENTS} could not be graded, through no fault of theirs (first: {who}: no more" in one_line(result)
    assert f"{who},grader_fault,," in (tmp_path / "out/grades.csv").read_text()
    assert hw1("grade", submissions, "--course", course, "-o", tmp_path / "out").exit_code == 0
    assert tree(tmp_path / "out") == tree(graded.parent / "whole")
