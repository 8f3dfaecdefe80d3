"""The `hw1` command as a person meets it: what it prints, writes, keeps and refuses."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from autograder.batch import Batch
from autograder.errors import DiskError, SandboxError
from autograder.gradebook import Gradebook
from autograder.loading import reference_source, stub_source
from autograder.sandbox.bubblewrap import find_bubblewrap
from autograder.sandbox.running import Sandbox
from tests.attacks._class import descendants
from tests.classroom.notebooks import talkative
from tests.gradebook.test_gradebook import SCHEMA

HW1 = Path(sys.executable).with_name("hw1")
SMALL = Path("tests/small")


def one_line(result):
    """Return the error line of a refused command: exit code 2, one line, no traceback."""
    assert result.exit_code == 2, result.output
    lines = [line for line in result.stderr.strip().splitlines() if not line.startswith("hw1: isolation ")]
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.output
    return lines[0]


def wait_for(process, *files):
    """Wait until a process has made some files, or has ended; look a hundred times a second, and leave it the core."""
    end = os.pidfd_open(process.pid)
    while not all(file.exists() for file in files) and not select.select([end], [], [], 0.01)[0]:
        pass
    os.close(end)


def rows(output):
    with (output / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def class_of(folder, assignment):
    """Write a class: two who are right, in two forms, and one who wrote nothing."""
    folder.mkdir()
    (folder / "ada.py").write_text(reference_source(assignment), encoding="utf-8")
    (folder / "bob.py").write_text(stub_source(assignment), encoding="utf-8")
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": reference_source(assignment)}]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (folder / "eve").mkdir()
    (folder / "eve" / "homework.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


@pytest.fixture
def our_class(tmp_path, assignment):
    return class_of(tmp_path / "class", assignment)


@pytest.fixture
def small_class(tmp_path, small):
    return class_of(tmp_path / "class", small)


@pytest.fixture
def hw1(hw1):
    """Run the command in this process, on the small homework if it is not said which."""

    def run(*arguments):
        asks = arguments[0] in ("grade", "truths", "check") and "--assignment" not in arguments
        return hw1(*arguments, *(("--assignment", SMALL) if asks else ()))

    return run


def test_a_class_is_graded(hw1, small, small_class, small_course, tmp_path):
    everything = f"{small.possible:g}"
    out = tmp_path / "out"
    result = hw1("grade", small_class, "--output", out, "--course", small_course)
    assert result.exit_code == 0, result.output
    assert {s: (r["status"], r["earned"], r["possible"]) for s, r in rows(out).items()} == {
        "ada": ("graded", everything, everything),
        "bob": ("graded", "0", everything),
        "eve": ("graded", everything, everything),
    }
    for student in ("ada", "bob", "eve"):
        record = json.loads((out / student / "grade.json").read_text(encoding="utf-8"))
        jsonschema.validate(record, SCHEMA, cls=jsonschema.Draft202012Validator)
        assert record["isolation"] == "bubblewrap"
        assert f"{record['earned']} of {everything} points" in (out / student / "feedback.md").read_text(
            encoding="utf-8"
        )
    assert "ada" in result.output
    assert str(out / "grades.csv") in result.output


def test_one_file_is_a_class_of_one(hw1, small, small_class, small_course, tmp_path):
    result = hw1("grade", small_class / "ada.py", "--output", tmp_path / "out", "--course", small_course)
    assert result.exit_code == 0, result.output
    assert rows(tmp_path / "out")["ada"]["earned"] == f"{small.possible:g}"


def test_the_same_submission_gives_the_same_bytes(hw1, small_class, small_course, tmp_path):
    for name in ("a", "b"):
        assert hw1("grade", small_class, "--output", tmp_path / name, "--course", small_course).exit_code == 0
    for path in (tmp_path / "a").rglob("*.*"):
        if path.name != "run.jsonl":
            assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_unreadable_files_cost_their_own_students_only(hw1, small, small_class, small_course, tmp_path):
    (small_class / "latin.py").write_bytes("# caf\xe9".encode("latin-1"))
    (small_class / "broken.ipynb").write_text("{", encoding="utf-8")
    with (small_class / "huge.ipynb").open("wb") as file:
        file.truncate(200 * 2**20)
    (small_class / "twice.py").write_text("", encoding="utf-8")
    (small_class / "twice.ipynb").write_text("", encoding="utf-8")
    out = tmp_path / "out"
    assert hw1("grade", small_class, "--output", out, "--course", small_course).exit_code == 0
    found = rows(out)
    assert [found[s]["status"] for s in ("latin", "broken", "huge", "twice")] == ["unreadable"] * 4
    assert [found[s]["earned"] for s in ("latin", "broken", "huge", "twice")] == ["0"] * 4
    assert found["ada"]["earned"] == f"{small.possible:g}"
    one = hw1("grade", small_class / "latin.py", "-o", tmp_path / "one", "--course", small_course)
    assert "unreadable: " in one.output
    note = json.loads((out / "twice" / "grade.json").read_text(encoding="utf-8"))["notes"][0]
    assert "twice.py" in note
    assert "twice.ipynb" in note


def test_the_hidden_inputs_and_truths_are_nowhere_in_what_a_student_reads(
    hw1, small, small_class, small_course, tmp_path
):
    from autograder import truth

    (small_class / "leak.py").write_text("\n\n".join(talkative(small).values()), encoding="utf-8")
    out = tmp_path / "out"
    result = hw1("grade", small_class, "--output", out, "--course", small_course)
    secret = truth.read_secret(small_course, create=False)
    cases = truth.load(small, small_course, secret, lambda line: None)
    numbers = {
        repr(float(value))
        for case in cases.cases
        if case.hidden
        for array in [*cases.truths[case.id].values(), *case.inputs.values()]
        for value in getattr(array, "ravel", lambda array=array: [array])()
        if len(repr(float(value))) > 8
    }
    texts = [result.output, *(path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file())]
    assert numbers
    for text in texts:
        assert not [number for number in numbers if number in text]
        assert secret.hex() not in text


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda t: t / "nowhere", "nowhere"),
        (lambda t: (t / "empty").mkdir() or t / "empty", "empty"),
        (lambda t: ((t / "notes.txt").write_text("") and None) or t / "notes.txt", "notes.txt"),
    ],
    ids=["missing", "empty", "not-a-submission"],
)
def test_submissions_that_are_not_there(hw1, small_course, tmp_path, make, says):
    result = hw1("grade", make(tmp_path), "--output", tmp_path / "out", "--course", small_course)
    assert says in one_line(result)
    assert not list((tmp_path / "out").glob("*/grade.json"))


def test_an_output_that_cannot_be_written(hw1, small_class, small_course, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course)
    assert "choose another --output" in one_line(result)


def test_grades_of_other_cases_are_not_mixed(hw1, small_class, small_course, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert hw1("grade", small_class, "--output", out, "--course", small_course).exit_code == 0
    before = (out / "ada" / "grade.json").read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    line = one_line(hw1("grade", small_class, "--output", out, "--course", other))
    assert "--new-cases" in line
    assert not (other / ".autograder" / "secret").exists(), "a missing secret is never replaced where grades exist"
    monkeypatch.setenv("AUTOGRADER_SECRET", "another secret than the course's")
    assert hw1("truths", "--course", other).exit_code == 0
    assert "graded with other cases" in one_line(hw1("grade", small_class, "--output", out, "--course", other))
    assert (out / "ada" / "grade.json").read_bytes() == before
    assert hw1("grade", small_class, "--output", out, "--course", other, "--new-cases").exit_code == 0
    after = (out / "ada" / "grade.json").read_bytes()
    assert json.loads(after)["cases_id"] != json.loads(before)["cases_id"]
    assert "another one" not in after.decode()


def test_new_cases_for_some_of_the_class_only_are_refused(hw1, small_class, small_course, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert hw1("grade", small_class, "--output", out, "--course", small_course).exit_code == 0
    monkeypatch.setenv("AUTOGRADER_SECRET", "another secret than the course's")
    assert hw1("truths", "--course", tmp_path).exit_code == 0
    result = hw1("grade", small_class / "bob.py", "--output", out, "--course", tmp_path, "--new-cases")
    assert "holds 2 grades under other cases that this run does not replace (first: ada)" in one_line(result)


def test_an_output_among_the_submissions_is_refused(hw1, small_class, small_course):
    for output in (small_class, small_class / "out"):
        assert "choose one outside it" in one_line(hw1("grade", small_class, "-o", output, "--course", small_course))
    assert sorted(path.name for path in small_class.iterdir()) == ["ada.py", "bob.py", "eve"]


def test_feedback_is_the_same_under_two_secrets(hw1, small_class, small_course, tmp_path, monkeypatch):
    assert hw1("grade", small_class, "--output", tmp_path / "a", "--course", small_course).exit_code == 0
    monkeypatch.setenv("AUTOGRADER_SECRET", "another secret than the course's")
    assert hw1("grade", small_class, "--output", tmp_path / "b", "--course", tmp_path).exit_code == 0
    for student in ("ada", "bob", "eve"):
        assert (tmp_path / "a" / student / "feedback.md").read_bytes() == (
            tmp_path / "b" / student / "feedback.md"
        ).read_bytes()


@pytest.mark.usefixtures("own_sandbox")
def test_without_bubblewrap_nothing_is_graded_and_the_way_out_is_named(
    hw1, small_class, small_course, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    find_bubblewrap.cache_clear()
    line = one_line(hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course))
    find_bubblewrap.cache_clear()
    assert "bubblewrap" in line
    assert "apt-get install bubblewrap" in line
    assert not list((tmp_path / "out").glob("*/grade.json"))


def test_a_damaged_cache_is_said_and_built_anew(hw1, small, small_class, small_course, tmp_path):
    mine = tmp_path / "course"
    shutil.copytree(small_course, mine)
    cache = mine / ".autograder" / "truths"
    cache.write_bytes(cache.read_bytes()[:-20])
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", mine)
    assert result.exit_code == 0
    assert str(cache) in result.stderr
    assert rows(tmp_path / "out")["ada"]["earned"] == f"{small.possible:g}"


def test_a_fault_of_ours_is_told_apart_and_the_rest_is_graded(
    hw1, small, small_class, small_course, tmp_path, monkeypatch
):
    run = Sandbox.run

    def broken(self, submission, *rest, **again):
        if submission.student == "bob":
            raise SandboxError("the sandbox died")
        return run(self, submission, *rest, **again)

    monkeypatch.setattr(Sandbox, "run", broken)
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course)
    assert result.exit_code == 2
    assert "1 of 3 could not be graded, through no fault of theirs (first: bob: the sandbox died)" in result.stderr
    found = rows(tmp_path / "out")
    assert (found["bob"]["status"], found["bob"]["earned"]) == ("grader_fault", "")
    assert [found[s]["earned"] for s in ("ada", "eve")] == [f"{small.possible:g}"] * 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "", None),
        ("QUESTION = Question(", "QUESTIONS = Question(", "q3.py"),
        ("import numpy", "import nump\nimport numpy", "q3.py"),
    ],
    ids=["unchanged", "no-question", "import-error"],
)
def test_a_question_file_that_breaks_a_rule_is_named(hw1, small_class, small_course, tmp_path, old, new, says):
    package = tmp_path / "solutions"
    shutil.copytree(SMALL, package, ignore=shutil.ignore_patterns("__pycache__"))
    file = package / "q3.py"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course, "--assignment", package)
    if says is None:
        assert result.exit_code == 0, result.output
    else:
        assert says in one_line(result)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("reference_source", "the reference earned 0 instead of {:g} points"),
        ("stub_source", "the stub earned {:g} instead of 0 points"),
    ],
)
def test_the_canary_stops_a_run_that_would_grade_wrongly(
    hw1, small, small_class, small_course, tmp_path, monkeypatch, broken, says
):
    other = stub_source if broken == "reference_source" else reference_source
    monkeypatch.setattr(f"autograder.batch.desk.{broken}", other)
    line = one_line(hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course))
    assert says.format(small.possible) in line
    assert not list((tmp_path / "out").glob("*/grade.json"))


def endless(assignment):
    """Write a submission whose last function never ends."""
    part = assignment.parts[-1]
    return f"def {part.name}({', '.join(part.parameters)}):\n    while True:\n        pass\n"


@pytest.fixture
def hangups_count():
    """Let processes that are started here end at a hangup, even where the tests run below ``nohup``."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda one: one.name)
@pytest.mark.usefixtures("hangups_count")
def test_ending_a_run_keeps_what_is_graded_and_leaves_no_process(our_class, assignment, course, tmp_path, asked):
    for number in range(3):
        (our_class / f"loop{number}.py").write_text(endless(assignment), encoding="utf-8")
    out = tmp_path / "out"
    process = subprocess.Popen(
        [HW1, "grade", our_class, "--output", out, "--course", course, "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(process, out / "ada" / "feedback.md", out / "run.jsonl")
    started = []
    for child in descendants(process.pid):
        with contextlib.suppress(ProcessLookupError):  # a finished child, dismissed
            started.append(os.pidfd_open(child))
    process.send_signal(asked)
    _, stderr = process.communicate(timeout=300)
    assert process.returncode == 128 + asked, stderr
    interrupted, isolation = stderr.strip().splitlines()
    assert "interrupted" in interrupted
    assert isolation.startswith("hw1: isolation bubblewrap")
    assert rows(out)["ada"]["earned"] == f"{assignment.possible:g}"
    assert started
    for child in started:
        assert select.select([child], [], [], 5)[0], "a process outlives the run"
        os.close(child)


def test_a_run_that_has_not_begun_ends_in_one_line_too(hw1, small_class, small_course, tmp_path, monkeypatch):
    def ended(*_, **__):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("autograder.gradebook.regrade.cases_for", ended)
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course)
    assert (result.exit_code, result.stderr) == (143, "hw1: interrupted: nothing more is graded or written\n")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_hangup_that_is_ignored_stays_so(hw1, small_class, small_course, tmp_path, monkeypatch):
    run = Batch.run

    def hung_up(self, *rest):
        os.kill(os.getpid(), signal.SIGHUP)
        return run(self, *rest)

    monkeypatch.setattr(Batch, "run", hung_up)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course)
    signal.signal(signal.SIGHUP, before)
    assert result.exit_code == 0, result.output
    assert len(rows(tmp_path / "out")) == 3


@pytest.mark.usefixtures("hangups_count")
def test_a_closed_terminal_ends_a_run_as_ctrl_c_does(our_class, assignment, course, tmp_path):
    (our_class / "loop.py").write_text(endless(assignment), encoding="utf-8")
    out = tmp_path / "out"
    ours, theirs = pty.openpty()
    take = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
    process = subprocess.Popen(
        [sys.executable, "-c", take, HW1, "grade", our_class, "-o", out, "--course", course, "--workers", "1"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    while process.poll() is None and not ((out / "run.jsonl").exists() and (out / "ada" / "feedback.md").exists()):
        if select.select([ours], [], [], 0.01)[0]:
            os.read(ours, 1 << 16)
    os.close(ours)
    assert process.wait(300) == 128 + signal.SIGHUP
    assert rows(out)["ada"]["earned"] == f"{assignment.possible:g}"


def test_an_interrupt_between_two_grades_keeps_the_first(hw1, small, small_class, small_course, tmp_path, monkeypatch):
    run = Batch.run

    def interrupted(self, *rest):
        yield next(run(self, *rest))
        raise KeyboardInterrupt

    monkeypatch.setattr(Batch, "run", interrupted)
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course, "--workers", "1")
    assert result.exit_code == 130
    assert "interrupted: 1 of 3 graded, and kept in" in result.stderr
    assert rows(tmp_path / "out")["ada"]["earned"] == f"{small.possible:g}"


def test_a_grade_that_cannot_be_written_stops_the_run_and_the_table_is_kept(
    hw1, small, small_class, small_course, tmp_path, monkeypatch
):
    write = Gradebook.write

    def full(self, grade, *rest):
        if grade.student == "bob":
            raise DiskError("cannot write bob: No space left on device")
        write(self, grade, *rest)

    monkeypatch.setattr(Gradebook, "write", full)
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", small_course, "--workers", "1")
    assert "No space left on device" in one_line(result)
    assert rows(tmp_path / "out")["ada"]["earned"] == f"{small.possible:g}"


def test_a_course_folder_that_cannot_be_made_is_one_line(hw1, small_class, tmp_path):
    nowhere = small_class / "ada.py" / "nowhere"
    line = one_line(hw1("grade", small_class, "--output", tmp_path / "out", "--course", nowhere))
    assert "nowhere cannot be made: Not a directory" in line


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="a full disk is made with bubblewrap's tmpfs")
def test_a_full_disk_is_one_line_and_keeps_what_is_graded(our_class, assignment, course, tmp_path):
    for number in range(40):
        shutil.copy(our_class / "bob.py", our_class / f"zz{number:02}.py")
    out, kept = tmp_path / "out", tmp_path / "kept"
    out.mkdir()
    kept.mkdir()
    small_disk = ["bwrap", "--dev-bind", "/", "/", "--size", str(300 * 1024), "--tmpfs", out]
    copied = ["sh", "-c", '"$@"; code=$?; cp -r "$0/." "$KEPT"; exit $code', out]
    result = subprocess.run(
        [*small_disk, *copied, HW1, "grade", our_class, "--output", out, "--course", course, "--workers", "1"],
        env={**os.environ, "KEPT": str(kept)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2, result.stderr
    assert "No space left on device" in result.stderr.strip().splitlines()[-1]
    assert "Traceback" not in result.stderr
    for path in kept.glob("*/grade.json"):
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), SCHEMA, cls=jsonschema.Draft202012Validator)
    assert json.loads((kept / "ada" / "grade.json").read_text(encoding="utf-8"))["earned"] == assignment.possible


def modules_after(*arguments, code="0"):
    program = (
        "import sys, json\nfrom autograder.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit as end:\n    code = end.code\n"
        "print('\\n' + json.dumps([code, sorted(sys.modules)]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout.strip().splitlines()[-1])


def test_help_loads_nothing_heavy():
    code, modules = modules_after("--help")
    assert code == 0
    assert not {"numpy", "torch", "rich", "sympy", "msgspec", "autograder.batch"} & set(modules)


def test_grading_with_warm_truths_loads_no_torch(our_class, course, tmp_path):
    code, modules = modules_after("grade", our_class, "--output", tmp_path / "out", "--course", course)
    assert code == 0
    assert not {"torch", "sympy", "nbformat"} & set(modules)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "hw1: No such command 'nonsense'. Try 'hw1 --help'."),
        (["--nope"], "hw1: No such option '--nope'. Try 'hw1 --help'."),
        (["report", "class"], "hw1: Missing argument 'GRADES'. Try 'hw1 report class --help'."),
        (["grade", "--workers", "two\nlines"], "is not a valid integer range. Try 'hw1 grade --help'."),
    ],
    ids=["command", "option", "argument", "value"],
)
def test_a_command_that_is_misused_says_so_in_one_line(hw1, arguments, words):
    # click calls the program `main` when it runs in this process.
    assert words in one_line(hw1(*arguments)).replace("'main ", "'hw1 ")


def test_version(hw1):
    result = hw1("--version")
    assert result.exit_code == 0
    assert result.output.startswith("hw1 0.")


def test_truths_are_rebuilt_and_checked(hw1, tmp_path):
    result = hw1("truths", "--course", tmp_path)
    assert result.exit_code == 0, result.output
    assert "hidden" in result.output
    secret = (tmp_path / ".autograder" / "secret").read_bytes().decode().strip()
    assert secret not in result.output
    assert hw1("truths", "--course", tmp_path, "--check").exit_code == 0
    cache = tmp_path / ".autograder" / "truths"
    data = bytearray(cache.read_bytes())
    data[-3] ^= 0xFF
    cache.write_bytes(data)
    result = hw1("truths", "--course", tmp_path, "--check")
    assert result.exit_code == 2
    assert cache.read_bytes() == data, "--check changes nothing"


def test_after_truths_nobody_who_grades_computes_what_is_the_same_for_all(hw1, small, small_class, tmp_path):
    assert hw1("truths", "--course", tmp_path).exit_code == 0
    made = {path.name: path.read_bytes() for path in (tmp_path / ".autograder").iterdir()}
    assert {f"mistakes-{part.name}" for part in small.parts} <= {*made}
    assert {f"formulas-{part.name}-{output}" for part in small.parts for output in part.names} <= {*made}
    result = hw1("grade", small_class, "--course", tmp_path, "--output", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "computed" not in result.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / ".autograder").iterdir()} == made


def test_check_in_this_process_ends_with_the_checks_code(hw1, small_class, capfd):
    assert [hw1("check", small_class / name).exit_code for name in ("ada.py", "bob.py")] == [0, 1]
    assert "Hidden cases" in capfd.readouterr().out


def test_check_runs_a_students_file_on_public_cases(our_class):
    results = {
        name: subprocess.run([HW1, "check", our_class / name], capture_output=True, text=True, check=False)
        for name in ("ada.py", "bob.py", "nowhere.py")
    }
    assert [results[name].returncode for name in results] == [0, 1, 2]
    for name in ("ada.py", "bob.py"):
        assert "Hidden cases" in results[name].stdout
    assert len(results["nowhere.py"].stderr.strip().splitlines()) == 1
