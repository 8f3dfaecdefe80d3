"""What `hw1 grade` leaves on the disk: for the instructor alone, and one student's folder cannot stop the class."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess

import pytest
from markdown_it import MarkdownIt

from tests.cli import test_cli
from tests.cli.test_cli import HW1, SMALL, one_line, rows

our_class, small_class, small_hw1 = test_cli.our_class, test_cli.small_class, test_cli.hw1


def open_paths(folder):
    """Paths that anybody but their owner may use."""
    return [path for path in [folder, *folder.rglob("*")] if stat.S_IMODE(path.stat().st_mode) & 0o077]


@pytest.fixture
def lax_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def test_every_output_is_private_even_with_a_lax_umask(small_hw1, small_class, small_course, tmp_path, lax_umask):
    out = tmp_path / "results" / "[red]out[/]:bomb:"
    result = small_hw1("grade", small_class, "--output", out, "--course", small_course)
    assert (result.exit_code, result.stderr.count("\n")) == (0, 1), "nothing but the isolation is told"
    assert f"grades      {out / 'grades.csv'}\n" in result.stdout, "nothing in a path is markup"
    assert not open_paths(tmp_path / "results")


def test_lax_folders_of_ours_are_tightened_and_it_is_said(small_hw1, small_class, small_course, tmp_path):
    out = tmp_path / "out"
    out.mkdir(mode=0o755)
    first = small_hw1("grade", small_class, "--output", out, "--course", small_course)
    assert f"{out} was open to others (mode 0755); it is yours alone now (0700)" in first.stderr
    for path in [out, *out.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    again = small_hw1("grade", small_class, "--output", out, "--course", small_course)
    assert again.exit_code == 0
    assert "3 students' folders" in again.stderr
    assert not open_paths(out)


def test_somebodys_shared_folder_is_not_closed_but_no_grade_can_be_read(
    small_hw1,
    small_class,
    small_course,
    tmp_path,
):
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o755)
    (out / "notes.txt").write_text("", encoding="utf-8")
    result = small_hw1("grade", small_class, "--output", out, "--course", small_course)
    assert result.exit_code == 0
    assert "is open to others (mode 0755) and holds more than grades" in result.stderr
    assert open_paths(out) == [out, out / "notes.txt"]


def test_a_folder_that_cannot_be_made_costs_a_fault_of_ours_and_the_others_are_graded(
    small_hw1, small_class, small_course, small, tmp_path
):
    out = tmp_path / "out"
    out.mkdir(mode=0o700)
    (out / "bob").write_text("somebody's file", encoding="utf-8")
    line = one_line(small_hw1("grade", small_class, "--output", out, "--course", small_course))
    assert "1 of 3 could not be graded, through no fault of theirs (first: bob: cannot write" in line
    found = rows(out)
    assert (found["bob"]["status"], found["bob"]["earned"]) == ("grader_fault", "")
    assert [found[s]["earned"] for s in ("ada", "eve")] == [f"{small.possible:g}"] * 2
    assert (out / "bob").read_text(encoding="utf-8") == "somebody's file"
    log = [json.loads(line) for line in (out / "run.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {entry.get("student"): entry.get("status") for entry in log}["bob"] == "grader_fault"


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="root is made to obey permissions by util-linux's setpriv")
def test_permissions_are_never_charged_to_a_student(small_class, small_course, tmp_path):
    out = tmp_path / "out"
    (out / "eve").mkdir(parents=True, mode=0o700)
    (out / "eve").chmod(0o500)
    (small_class / "ada.py").chmod(0)
    as_if_not_root = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    result = subprocess.run(
        [*as_if_not_root, HW1, "grade", small_class, "--output", out, "--course", small_course, "--assignment", SMALL],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2, result.stderr
    assert "2 of 3 could not be graded" in result.stderr
    assert "ada.py cannot be read (Permission denied); make it readable" in " ".join(result.stderr.split())
    assert {s: (r["status"], r["earned"]) for s, r in rows(out).items()} == {
        "ada": ("grader_fault", ""),
        "bob": ("graded", "0"),
        "eve": ("grader_fault", ""),
    }
    assert not (out / "ada" / "feedback.md").exists()


HOSTILE = "\x1b]0;owned\x07\x1b[31m\u202e[red]:bomb:"


@pytest.mark.parametrize(
    "arguments",
    [
        ("grade", "{name}.pdf", "--output", "out"),
        ("grade", "{name}", "--output", "out"),
        ("grade", "{name}", "--output", "{name}.py/out"),
        ("prove", "{name}.md"),
        ("prove", "{name}.pdf"),
        ("report", "feedback", "{name}", "--output", "out"),
        ("report", "class", "{name}", "--output", "out"),
        ("report", "handout", "--output", "{name}.pages"),
        ("grade", "{name}", "--output", "out", "--assignment", "{name}"),
    ],
    ids=" ".join,
)
def test_no_name_commands_the_terminal(hw1, tmp_path, course, arguments):
    """Whoever grades types such names by completion."""
    (tmp_path / HOSTILE).mkdir()
    for suffix in (".pdf", ".py", ".md"):
        (tmp_path / f"{HOSTILE}{suffix}").write_bytes(b"\xff")
    places = [one if one.startswith("-") else one.format(name=tmp_path / HOSTILE) for one in arguments]
    result = hw1(*places, *(["--course", course] if arguments[0] == "grade" else []))
    assert result.exit_code == 2, result.output
    assert "owned" in result.output
    assert not {character for character in result.output if character != "\n" and not character.isprintable()}


def test_feedback_is_text_whatever_a_student_calls_a_file_or_derives(hw1, course, tmp_path):
    """Whoever opens feedback.md in a page sees words, not the student's pictures or links."""
    evil = (
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "![a](data:x,alert(1))",
        "`<b onclick=alert(1)>",
    )
    code, folder = "import nowhere_to_be_found\nraise KeyError\n", tmp_path / "class"
    twice, undecided = folder / "twice", folder / "undecided"
    for home in (twice, undecided):
        home.mkdir(parents=True)
    (undecided / "hw1.py").write_text(code)
    for number, name in enumerate(evil):
        (twice / f"{name}.py").touch()
        (undecided / f"{name}.md").touch()
        derived = folder / f"derived{number}"
        derived.mkdir()
        (derived / f"{name}.py").write_text(code)
        (derived / f"{name}.md").write_text(f"## 1a {name}\n$$W {name} = \\text{{{name}}} {name}$$\n{name}\n")
    assert hw1("grade", folder, "--output", tmp_path / "out", "--course", course).exit_code == 0
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*/feedback.md")]
    assert [text.count("alert(1)") > 0 for text in texts] == [True] * (2 + len(evil)), "names are told"
    for text in texts:
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
        kinds = {one.type for token in tokens for one in (token, *(token.children or ()))}
        assert not kinds & {"html_block", "html_inline", "link_open", "image"}, text


def test_the_class_report_and_the_students_feedback_never_share_a_folder(hw1, our_class, course, tmp_path):
    """A student may be called "class": class.pdf would be theirs, or the report on all of them."""
    (our_class / "bob.py").rename(our_class / "class.py")
    graded, theirs, ours = tmp_path / "graded", tmp_path / "theirs", tmp_path / "ours"
    assert hw1("grade", our_class / "class.py", "--output", graded, "--course", course).exit_code == 0
    theirs.mkdir()
    (theirs / "class.pdf").write_bytes(b"feedback")
    ours.mkdir()
    (ours / "class.html").write_bytes(b"report")
    for which, folder in (("class", theirs), ("feedback", ours)):
        assert "another --output" in one_line(hw1("report", which, graded, "--output", folder))
    assert [path.read_bytes() for path in (*theirs.iterdir(), *ours.iterdir())] == [b"feedback", b"report"]


def test_a_course_that_is_made_is_the_instructors_alone(hw1, tmp_path, lax_umask):
    """nbgrader puts grades there, readable as the umask says."""
    assert hw1("release", "nbgrader", "--course", tmp_path / "new").exit_code == 0
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o770)
    assert hw1("release", "nbgrader", "--course", shared).exit_code == 0
    assert stat.S_IMODE(shared.stat().st_mode) == 0o770, "a folder that several share stays theirs"
