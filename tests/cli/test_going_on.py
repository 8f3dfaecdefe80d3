"""A run that is killed, at whatever point, goes on with the same command, to the same bytes."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys

import pytest

from autograder.course import grades_folder
from autograder.gradebook import Gradebook
from autograder.loading import reference_source, stub_source
from autograder.nbgrader_plugin.run import grade_for_nbgrader
from autograder.sandbox.running import Sandbox
from tests import toy
from tests.cli import test_cli
from tests.cli.test_cli import SMALL, one_line

# Dies, as by kill -9, before the n-th time that a file of the output is opened or renamed, or a folder is made.
DIES = """
import os, re, signal, sys
OURS = re.compile(r'grade|feedback|jsonl|writable')
at = int(sys.argv.pop(1))
seen = 0
def hook(event, arguments):
    global seen
    name = str(arguments[0]) if arguments else ""
    ours = OURS.search(name) and not name.endswith((".py", ".pyc", "METADATA"))
    if event in ("os.rename", "os.mkdir") or event == "open" and ours:
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from autograder.cli import main
main(sys.argv[1:])
"""
STUDENTS = 4


hw1 = test_cli.hw1


@pytest.fixture
def submissions(tmp_path, small):
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(STUDENTS):
        text = (reference_source, stub_source)[number % 2](small)
        (folder / f"s{number}.py").write_text(text, encoding="utf-8")
    return folder


def tree(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if path.name != "run.jsonl"
    }


def journal(folder):
    """Students in the journal, in order, with how they fared; half a line is none."""
    found = []
    for line in (folder / "run.jsonl").read_bytes().splitlines() if (folder / "run.jsonl").exists() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        found += [entry["student"]] if "student" in entry else []
    return found


def killed(submissions, output, course, at):
    arguments = ["grade", submissions, "--output", output, "--course", course, "--assignment", SMALL, "--workers", "2"]
    done = subprocess.run([sys.executable, "-c", DIES, str(at), *map(str, arguments)], capture_output=True, check=False)
    return done.returncode == -signal.SIGKILL


def goes_on(hw1, submissions, course, tmp_path, points):
    undisturbed = tmp_path / "undisturbed"
    assert hw1("grade", submissions, "--output", undisturbed, "--course", course).exit_code == 0
    for at in points:
        out = tmp_path / f"killed-{at}"
        assert killed(submissions, out, course, at), f"it ended before step {at}"
        before = journal(out)
        result = hw1("grade", submissions, "--output", out, "--course", course)
        assert result.exit_code == 0, (at, result.output)
        assert tree(out) == tree(undisturbed), at
        assert sorted(journal(out)) == [f"s{number}" for number in range(STUDENTS)], (at, before)


def test_a_run_that_was_killed_goes_on_to_the_same_bytes(hw1, submissions, small_course, tmp_path):
    goes_on(hw1, submissions, small_course, tmp_path, (14, 22, 39))


@pytest.mark.long
@pytest.mark.no_cover
def test_a_run_goes_on_after_fifty_kills(hw1, submissions, small_course, tmp_path):
    goes_on(hw1, submissions, small_course, tmp_path, sorted(random.Random(13).sample(range(1, 53), 50)))


def test_who_is_graded_is_not_graded_again_unless_something_changed_or_it_is_asked_for(
    hw1, submissions, small_course, tmp_path, monkeypatch
):
    ran = []
    run = Sandbox.run
    monkeypatch.setattr(
        Sandbox, "run", lambda self, one, *rest, **more: (ran.append(one.student), run(self, one, *rest, **more))[1]
    )
    arguments = ("grade", submissions, "--output", tmp_path / "out", "--course", small_course)

    def graded(*more):
        ran.clear()
        result = hw1(*arguments, *more)
        assert result.exit_code == 0, result.output
        return sorted({*ran} - {"reference", "stub"}), result.stdout

    everybody = [f"s{number}" for number in range(STUDENTS)]
    assert graded()[0] == everybody
    first = tree(tmp_path / "out")
    again, told = graded()
    assert again == []
    assert "4 unchanged since last graded, so the grade stands (--force grades them again)" in told
    assert "no grade changed" not in told, "which says it already"
    assert tree(tmp_path / "out") == first
    (submissions / "s1.py").write_text("x = 1\n")
    (tmp_path / "out" / "s2" / "feedback.md").write_text("")
    (submissions / "s3.md").write_text("## Question 1a\n\n$$\\frac{\\partial C}{\\partial b} = 0$$\n")
    assert graded()[0] == ["s1", "s2", "s3"]
    assert graded("--dry-run")[0] == everybody
    assert graded("--force")[0] == everybody


def test_the_same_run_twice_at_a_time_is_refused(hw1, submissions, small_course, tmp_path):
    other = Gradebook(tmp_path / "out", toy.ASSIGNMENT)
    other.lock()
    line = one_line(hw1("grade", submissions, "--output", tmp_path / "out", "--course", small_course))
    assert line.startswith(f"hw1: another hw1 grade is writing to {tmp_path / 'out'}; wait until it has ended")
    assert hw1("grade", submissions, "--output", tmp_path / "out", "--course", small_course, "--dry-run").exit_code == 0


def test_nbgraders_pass_waits_for_the_same_lock_and_lets_it_go(course, assignment, tmp_path):
    folder = grades_folder(tmp_path, assignment.id)
    shutil.copytree(course / ".autograder", tmp_path / ".autograder")

    other = Gradebook(folder, assignment)
    other.lock()
    told = []

    def warn(line):
        told.append(line)
        other.release()

    assert grade_for_nbgrader(assignment, tmp_path, (), say=lambda _: None, warn=warn).faults == {}
    assert told == [f"another run is writing to {folder}; this one waits until it has ended"]
    other.lock()
