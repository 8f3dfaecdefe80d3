"""Whatever a person may give to any command: a path or a time that none could use takes one line."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess

import click
import pytest

import autograder.loading
from autograder.cli.commands import main
from autograder.cli.common import NamedPath
from autograder.cli.ending import Ended
from tests.cli import test_cli
from tests.cli.test_cli import HW1, SMALL, one_line

small_class = test_cli.small_class

AS_IF_NOT_ROOT = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
needs_setpriv = pytest.mark.skipif(
    shutil.which("setpriv") is None, reason="root is made to obey permissions by util-linux's setpriv"
)


def commands(command, words=()):
    """Walk through all commands: the words that call each, and what it takes."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, (*words, name))
    else:
        yield words, command


def values(command, words):
    """Give each argument and each required option a value that can be read, so that the one in question decides."""
    if words[-1] in ("canvas-api",):
        yield from ("--url", "https://canvas.example.edu", "--course-id", "1", "--assignment-id", "2")
    for param in command.params:
        if isinstance(param, click.Argument):
            yield f"{param.name}.py"
        elif param.required and not isinstance(param.type, click.types.IntParamType) and param.name != "url":
            yield from (param.opts[0], param.name)


def paths():
    for words, command in commands(main):
        for param in command.params:
            if isinstance(param.type, click.Path):
                yield pytest.param(words, command, param, id=f"{' '.join(words)} {param.opts[0]}")


@pytest.mark.parametrize(("words", "command", "param"), [*paths()])
def test_a_path_that_no_command_could_use_is_one_line(hw1, tmp_path, monkeypatch, words, command, param):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    assert isinstance(param.type, NamedPath)
    for bad, why in (("loop", "symbolic links"), ("n" * 300, "too long"), ("", "it is empty")):
        given = [*words, *values(command, words)]
        if isinstance(param, click.Argument):
            given[given.index(f"{param.name}.py")] = bad
        else:
            given += [param.opts[0], bad]
        line = one_line(hw1(*given))
        assert why in line, line
        assert param.get_error_hint(click.Context(command)) in line
        assert "name " in line, "what to do"
    assert [one.name for one in tmp_path.iterdir()] == ["loop"], "nothing is made"


def spans():
    for words, command in commands(main):
        for param in command.params:
            if isinstance(param.type, click.types.FloatParamType):
                yield pytest.param(words, command, param, id=f"{' '.join(words)} {param.opts[0]}")


@pytest.mark.parametrize(("words", "command", "param"), [*spans()])
@pytest.mark.parametrize("bad", ["nan", "inf", "1e300", "0", "-1"])
def test_a_time_without_end_is_one_line(hw1, tmp_path, monkeypatch, words, command, param, bad):
    """Where it is used later, on a platform, it would cost every student."""
    monkeypatch.chdir(tmp_path)
    assert param.opts[0] in one_line(hw1(*words, *values(command, words), f"{param.opts[0]}={bad}"))
    assert not [*tmp_path.iterdir()]


@needs_setpriv
@pytest.mark.parametrize(
    "arguments",
    [
        ("collect", "closed/in"),
        ("grade", "closed/in", "--output", "out"),
        ("doctor", "--course", "closed"),
        ("lint", "--assignment", "closed/in"),
        ("new", "homework", "closed/in"),
        ("report", "class", "grades", "--output", "closed"),
        ("report", "feedback", "grades", "--output", "closed/in"),
        ("export", "moodle", "grades", "--fill", "sheet", "--pdfs", "closed", "--zip", "z", "--output", "out"),
    ],
    ids=" ".join,
)
def test_a_folder_that_nobody_may_enter_is_one_line(tmp_path, arguments):
    (tmp_path / "closed").mkdir(mode=0o600)
    given = [*arguments]
    if given[0] == "collect":
        given += ["--output", "out"]
    if given[0] in ("grade", "report", "export"):
        given += ["--assignment", SMALL.absolute()]
    found = subprocess.run([*AS_IF_NOT_ROOT, HW1, *given], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 2, found.stderr
    assert found.stderr.count("\n") == 1, found.stderr
    if "closed/in" in given:
        assert "closed/in cannot be reached (Permission denied)" in found.stderr


@pytest.mark.parametrize(
    "arguments", [("doctor",), ("new", "homework", "mine"), ("collect", "download", "--output", "out"), ("lint",)]
)
def test_a_current_directory_that_is_gone_is_one_line(hw1, tmp_path, monkeypatch, arguments):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "the current directory is gone" in one_line(hw1(*arguments))
    assert hw1("--version").exit_code == 0


def test_a_terminal_without_our_characters_shows_the_table_all_the_same(small_course, tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "Đặng.py").write_text("", encoding="utf-8")
    given = ("grade", tmp_path / "class", "--output", tmp_path / "out", "--course", small_course, "--assignment", SMALL)
    result = subprocess.run(
        [HW1, *given], env={**os.environ, "PYTHONIOENCODING": "latin-1"}, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stderr
    shown = result.stdout.decode("latin-1")
    assert r"\u0110\u1eb7ng" in shown
    assert " ----" in shown


def test_feedback_into_a_file_is_refused_once_and_not_once_a_student(hw1, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    line = one_line(hw1("report", "feedback", tmp_path, "--output", tmp_path / "file", "--assignment", SMALL))
    assert "file is a file; choose another --output, for a folder" in line


def test_grades_are_not_put_among_the_submissions_of_which_one_is_graded(hw1, small_class, small_course):
    """The next run would take a folder of grades for a second submission of the student."""
    before = sorted(small_class.rglob("*"))
    given = ("grade", small_class / "ada.py", "--output", small_class, "--course", small_course)
    assert "grades would lie among submissions" in one_line(hw1(*given, "--assignment", SMALL))
    assert sorted(small_class.rglob("*")) == before


@pytest.mark.parametrize(
    "arguments",
    [("lint",), ("prove",), ("truths",), ("report", "feedback", "in", "-o", "out"), ("merge", "in", "-o", "out")],
)
@pytest.mark.parametrize(("end", "code"), [(KeyboardInterrupt(), 130), (Ended(signal.SIGTERM), 143)])
def test_whatever_is_interrupted_ends_in_one_line(hw1, tmp_path, monkeypatch, arguments, end, code):
    """Exit code 1 is for what a command found."""

    def interrupted(*_):
        raise end

    monkeypatch.setattr(autograder.loading, "load_assignment", interrupted)
    result = hw1(*arguments, "--assignment", SMALL)
    assert (result.exit_code, result.output) == (code, "hw1: interrupted: nothing more is graded or written\n")


def test_what_a_course_collected_commands_no_terminal(hw1, small, small_course, tmp_path):
    assert hw1("release", "nbgrader", "--course", tmp_path, "--assignment", SMALL).exit_code == 0
    shutil.copytree(small_course / ".autograder", tmp_path / ".autograder", dirs_exist_ok=True)
    home = tmp_path / "submitted" / "ada" / small.id
    home.mkdir(parents=True)
    shutil.copy(tmp_path / "source" / small.id / f"{small.id}.ipynb", home)
    (tmp_path / "submitted" / "\x1b[31m\nowned" / small.id).mkdir(parents=True)
    result = hw1("grade", "--course", tmp_path, "--assignment", SMALL)
    assert result.exit_code == 0, result.output
    assert "owned" in result.stdout
    assert not {one for one in result.output if one != "\n" and not one.isprintable()}
    assert not [line for line in result.output.splitlines() if line.startswith("owned")]


@pytest.mark.parametrize("device", [False, True])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grade", "{class}", "--output", "{out}", "--roster", "{it}"], "it is not a file"),
        (["grade", "{class}", "--output", "{out}", "--adjustments", "{it}"], "it is not a file"),
        (["grade", "{it}", "--output", "{out}"], "a pipe or a device, and no file"),
        (["collect", "{class}", "--output", "{out}", "--roster", "{it}"], "it is not a file"),
        (["collect", "{it}", "--output", "{out}"], "neither a zip archive nor a folder"),
        (["export", "canvas", "{class}", "--output", "{out}", "--assignment", SMALL, "--fill", "{it}"], "not a file"),
        (["prove", "{it}", "--assignment", SMALL], ""),
    ],
)
def test_a_pipe_is_not_waited_for_and_a_device_not_read(
    hw1, small_class, small_course, tmp_path, arguments, said, device
):
    it = tmp_path / "it.md"
    it.symlink_to("/dev/zero") if device else os.mkfifo(it)
    course = ["--course", str(small_course), "--assignment", SMALL] if arguments[0] == "grade" else []
    places = {"class": small_class, "out": tmp_path / "out", "it": it}
    assert said in one_line(hw1(*(str(one).format(**places) for one in arguments), *course))
    assert not (tmp_path / "out").exists()


def test_the_self_check_waits_for_no_pipe(hw1, small_class, tmp_path, capfd):
    os.mkfifo(tmp_path / "ada.py")
    (small_class / "pkg").mkdir()
    os.mkfifo(small_class / "pkg" / "pipe.py")
    (small_class / "bob.py").write_text("import pkg", encoding="utf-8")
    for file, code, said in ((tmp_path / "ada.py", 2, "(it is not a file)"), (small_class / "bob.py", 1, "")):
        assert hw1("check", file, "--assignment", SMALL).exit_code == code
        told = capfd.readouterr().err
        assert said in told
        assert "Traceback" not in told


HOSTILE = "it\a\x9b31m\r"
NAMED = [
    ["check", "{it}/{it}.py", "--assignment", SMALL],
    ["check", "{it}/none{it}.py", "--assignment", SMALL],
    ["prove", "{it}/{it}.md", "--assignment", SMALL],
    ["grade", "{it}/{it}.py", "--output", "{it}/grades", "--course", "{course}", "--assignment", SMALL],
    ["report", "class", "{it}/grades", "--output", "{it}/class", "--assignment", SMALL],
    ["report", "feedback", "{it}/grades", "--output", "{it}/feedback", "--assignment", SMALL],
    ["export", "csv", "{it}/grades", "--output", "{it}/grades.csv", "--assignment", SMALL],
    ["export", "gradescope", "{it}/grades", "--output", "{it}/results", "--assignment", SMALL],
    ["release", "student", "--output", "{it}/release", "--course", "{course}", "--assignment", SMALL],
    ["new", "homework", "{it}/hw9"],
    ["preview", "q1", "--notebook", "{it}/q1.ipynb", "--assignment", "{it}/hw9"],
    ["truths", "--course", "{it}/course", "--assignment", SMALL],
    ["collect", "{it}", "--output", "{it}/collected"],
    ["package", "classroom50", "--output", "{it}/package", "--assignment", SMALL],
]


def test_no_name_that_is_printed_commands_a_terminal(hw1, small_class, small_course, tmp_path, capfd):
    folder = tmp_path / HOSTILE
    (folder / "course").mkdir(parents=True)
    (folder / f"{HOSTILE}.py").write_bytes((small_class / "ada.py").read_bytes())
    (folder / f"{HOSTILE}.md").write_text("$y = y$", encoding="utf-8")
    said = ""
    for words in NAMED:
        # Inside the folder, files are called like it.
        given = [str(one).format(it="{it}", course=small_course).replace("/{it}", f"/{HOSTILE}") for one in words]
        result = hw1(*(one.replace("none{it}", f"none{HOSTILE}").replace("{it}", str(folder)) for one in given))
        assert result.exit_code in (0, 1, 2), result.output
        said += result.output + "".join(capfd.readouterr())
    assert said.count("it[U+0007][U+009B]31m") >= len(NAMED)
    assert [one for one in said if not (one.isprintable() or one == "\n")] == []
