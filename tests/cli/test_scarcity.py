"""Little of the machine is left, or a student's file asks for much of it: one line, fewer workers, bounded memory."""

from __future__ import annotations

import functools
import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tracemalloc
from functools import partial
from pathlib import Path

import pytest

from autograder.loading import Found, read_submission, reference_source, stub_source
from tests.cli.test_cli import HW1, SMALL, rows, wait_for

MOST_MEMORY = 150_000_000
"""What the README says that reading one student's files takes."""
OK = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": "x = 1"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["grade", "--help"],
        ["check", "{stub}", "--assignment", SMALL],
        ["check", "{right}", "--assignment", SMALL],
        ["prove", "--assignment", SMALL],
        ["report", "handout", "--output", "{}/handout.tex"],
        ["release", "student", "--assignment", SMALL, "--output", "{}/release"],
        ["truths", "--check", "--assignment", SMALL, "--course", "{course}"],
        ["grade", "{right}", "--assignment", SMALL, "--output", "{}/grades", "--course", "{course}"],
    ],
    ids=lambda words: " ".join(map(str, words)),
)
def test_a_full_disk_below_stdout_is_one_line(arguments, small, small_course, tmp_path):
    right, stub = tmp_path / "right.py", tmp_path / "stub.py"
    right.write_text(reference_source(small), encoding="utf-8")
    stub.write_text(stub_source(small), encoding="utf-8")
    places = {"{course}": small_course, "{right}": right, "{stub}": stub, "{}": tmp_path}
    words = [
        functools.reduce(lambda text, name: text.replace(name, str(places[name])), places, str(word))
        for word in arguments
    ]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run([HW1, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    *_, last = done.stderr.strip().splitlines()
    assert "what is printed cannot be written (No space left on device)" in last


def graded_with(most, course, folder, output, *more):
    limit = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (most, most))
    return subprocess.run(
        [HW1, "grade", folder, "--output", output, "--course", course, *more],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=limit,
    )


@pytest.fixture
def many(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        shutil.copy("tests/submissions/class/student-01.py", folder / f"s{number}.py")
        (folder / f"s{number}.md").write_text(r"## Question 1a" + "\n\n" + r"$$\frac{\partial C}{\partial b} = 0$$")
    return folder


def test_few_open_files_make_fewer_workers_and_no_faults(many, course, assignment, tmp_path):
    done = graded_with(40, course, many, tmp_path / "out", "--workers", "4")
    assert done.returncode == 0, done.stderr
    assert "hw1: one worker instead of 4: no more fit into the limit on open files (ulimit -n)" in done.stderr
    assert {row["earned"] for row in rows(tmp_path / "out").values()} == {f"{assignment.possible:g}"}


@pytest.mark.parametrize("most", [25, 10])
def test_too_few_open_files_are_one_line(many, course, tmp_path, most):
    done = graded_with(most, course, many, tmp_path / "out")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert f"only {most} files may be open at a time (ulimit -n), and grading needs" in done.stderr


def notebook(extra, source="a"):
    cells = [{"cell_type": "markdown", "metadata": {"autograder": {"written": "q1"}}, "source": source}, OK]
    whole = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, ensure_ascii=False)
    return whole[:-1] + f', "extra": {extra}}}'


BOMBS = {
    "lists": (lambda: notebook("[" + "[]," * 3_300_000 + "[]]"), "holds more than 500000 values"),
    "nested": (lambda: notebook(f"[{','.join(['[' * 400 + ']' * 400] * 12_400)}]"), "holds more than 500000 values"),
    "objects": (lambda: notebook("[" + '{"":0},' * 1_400_000 + "{}]"), "holds more than 500000 values"),
    "strings": (lambda: notebook("[" + '"ab",' * 1_990_000 + "0]"), "holds more than 500000 values"),
    "numbers": (lambda: notebook("[" + "1.5," * 2_490_000 + "0]"), "holds more than 500000 values"),
    "as many as may be": (lambda: notebook("[" + '{"":0},' * 166_000 + "{}]", "a" * 8_000_000), None),
    "escapes": (lambda: notebook("0", "\n" * 4_900_000 + "x"), None),
    "quotes": (lambda: '"' + r"\"" * 4_900_000, "is not valid JSON"),
    "a wide character": (lambda: notebook("0", "\U0001f600" + "a" * 9_900_000), None),
}


@pytest.mark.no_cover  # two who watch each step take minutes
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_notebook_takes_little_memory_whatever_it_holds(bomb, tmp_path):
    made, problem = BOMBS[bomb]
    file = tmp_path / "s.ipynb"
    file.write_text(made(), encoding="utf-8")
    assert 8_000_000 < file.stat().st_size <= 10_000_000
    tracemalloc.start()
    try:
        submission = read_submission(Found(student="s", paths=(file,)))
        assert tracemalloc.get_traced_memory()[1] <= MOST_MEMORY
    finally:
        tracemalloc.stop()
    if problem is None:
        assert submission.problem is None
        assert len(submission.cells) == 1
    else:
        assert problem in submission.problem


def test_ctrl_c_works_while_large_files_are_read(course, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    (folder / "s0.ipynb").write_text(notebook("0", "\n" * 4_900_000 + "x"), encoding="utf-8")
    for number in range(1, 100):
        (folder / f"s{number}.ipynb").hardlink_to(folder / "s0.ipynb")
    process = subprocess.Popen(
        [HW1, "grade", folder, "--output", out, "--course", course, "--workers", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(process, out / "run.jsonl")
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "of 100 graded, and kept in" in stderr


@pytest.mark.parametrize("size", [4 << 10, 40 << 10, 100 << 10])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "handout", "--output", "{}/handout.pdf"], "TeX has no room in {}/tmp (No space left on device)"),
        (["report", "feedback", "{}/grades", "--output", "{}/feedback"], "TeX has no room in {}/tmp"),
        (["grade", "{}/class.zip", "--output", "{}/again"], "class.zip cannot be unpacked in {}/tmp (No space left"),
    ],
)
def test_a_full_folder_for_temporary_files_is_one_line(arguments, said, size, hw1, small_course, small, tmp_path):
    folder = tmp_path / "class" / "ann"
    folder.mkdir(parents=True)
    (folder / "ann.py").write_text(reference_source(small), encoding="utf-8")
    (folder / "data.csv").write_bytes(random.Random(0).randbytes(300_000))
    shutil.copytree(folder, folder.with_name("bob"))
    shutil.make_archive(str(tmp_path / "class"), "zip", tmp_path / "class")
    of_course = ("--course", small_course, "--assignment", SMALL)
    if arguments[1] == "feedback":
        assert hw1("grade", folder / "ann.py", "--output", tmp_path / "grades", *of_course).exit_code == 0
    (tmp_path / "tmp").mkdir()
    words = [one.format(tmp_path) for one in arguments] + list(of_course[0 if arguments[0] == "grade" else 2 :])
    box = ["bwrap", "--dev-bind", "/", "/", "--size", str(size), "--tmpfs", tmp_path / "tmp"]
    code = "from autograder.cli import main; main()"
    done = subprocess.run(
        [*box, "--setenv", "TMPDIR", tmp_path / "tmp", sys.executable, "-c", code, *words],
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 2, done.stdout
    *_, line = done.stderr.splitlines()
    assert said.format(tmp_path) in line
    assert "Traceback" not in done.stderr
    assert len(list(tmp_path.rglob("grade.json"))) == (arguments[1] == "feedback")
