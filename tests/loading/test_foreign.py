"""Folders and files that are not ours, or not the student's: not written to, believed or waited for; a line says so."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.batch import Batch
from autograder.loading import find_submissions, read_submission
from tests.classroom.people import as_user
from tests.cli import test_cli
from tests.cli.test_cli import HW1, one_line, rows

small_class = test_cli.our_class
NOBODY = pwd.getpwnam("nobody")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")


def give(path: Path) -> None:
    """Make another user the owner of what lies there, and of all in it."""
    for one in (path, *path.rglob("*")):
        os.chown(one, NOBODY.pw_uid, NOBODY.pw_gid, follow_symlinks=False)


@pytest.fixture
def grade(hw1, small_class, course, tmp_path):
    """Grade a class of three into a folder."""
    return lambda out: hw1("grade", small_class, "--output", out, "--course", course)


@pytest.fixture
def full(assignment):
    """What grades.csv says of one who has earned everything."""
    return f"{assignment.possible:g}"


def graded(grade, out):
    assert grade(out).exit_code == 0
    return out


@pytest.fixture
def victim(tmp_path):
    """A folder of ours that no grade belongs into."""
    folder = tmp_path / "victim"
    folder.mkdir(mode=0o755)
    (folder / "precious.txt").write_text("precious", encoding="utf-8")
    (folder / "precious.txt").chmod(0o644)
    yield folder
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == {"precious.txt": "precious"}
    assert stat.S_IMODE((folder / "precious.txt").stat().st_mode) == 0o644
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


# The folder of grades


@as_root
@pytest.mark.parametrize("mode", [0o700, 0o755, 0o777])
def test_nothing_is_graded_into_a_folder_of_another_user(grade, tmp_path, mode):
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(mode)
    give(out)
    assert one_line(grade(out)).endswith(
        f"cannot write to {out}: it belongs to nobody, not to root; choose another --output"
    )
    assert not list(out.iterdir())
    assert stat.S_IMODE(out.stat().st_mode) == mode


@as_root
def test_an_ordinary_user_does_not_grade_into_roots_folder_either(small_class, course):
    """Writing is allowed there, and root could read and change what is written."""
    open_folder = Path("/tmp/hw1-not-yours")
    open_folder.mkdir()
    try:
        shutil.copytree(small_class, open_folder / "class")
        shutil.copytree(course, open_folder / "course")
        give(open_folder / "course")
        out = open_folder / "out"
        out.mkdir()
        for path in (open_folder, out):
            path.chmod(0o777)
        done = subprocess.run(
            [*as_user(NOBODY), HW1, "grade", open_folder / "class", "-o", out, "--course", open_folder / "course"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2, done.stdout
        assert f"cannot write to {out}: it belongs to root, not to nobody" in " ".join(done.stderr.split())
        assert not list(out.iterdir())
    finally:
        shutil.rmtree(open_folder)


def test_a_folder_that_others_write_to_holds_no_grades(grade, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("", encoding="utf-8")
    out.chmod(0o777)
    assert "others may write to it, too (mode 0777), and it holds more than grades" in one_line(grade(out))
    assert [path.name for path in out.iterdir()] == ["notes.txt"]


@as_root
def test_another_users_link_is_no_folder_for_grades_and_your_own_is(grade, tmp_path, victim, full):
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    theirs.symlink_to(victim)
    give(theirs)
    assert "it is a symbolic link" in one_line(grade(theirs))
    (tmp_path / "disk").mkdir()
    mine.symlink_to(tmp_path / "disk")
    assert rows(graded(grade, mine))["ada"]["earned"] == full


def test_a_students_folder_that_is_a_link_costs_a_fault_and_nothing_is_written_through_it(grade, tmp_path, victim):
    out = tmp_path / "out"
    out.mkdir(mode=0o700)
    (out / "ada").symlink_to(victim)
    line = one_line(grade(out))
    assert f"1 of 3 could not be graded, through no fault of theirs (first: ada: cannot write {out / 'ada'}" in line
    assert "it is a symbolic link" in line
    assert {student: row["status"] for student, row in rows(out).items()}["ada"] == "grader_fault"


@as_root
def test_a_students_folder_of_another_user_costs_a_fault(grade, tmp_path):
    out = tmp_path / "out"
    (out / "ada").mkdir(parents=True, mode=0o700)
    give(out / "ada")
    out.chmod(0o700)
    assert "it belongs to nobody, not to root" in one_line(grade(out))
    assert not list((out / "ada").iterdir())
    assert rows(out)["ada"]["status"] == "grader_fault"


def test_files_that_are_links_are_replaced_and_not_followed(grade, tmp_path, victim, full):
    out = tmp_path / "out"
    (out / "ada").mkdir(parents=True, mode=0o700)
    out.chmod(0o700)
    for link in (out / "grades.csv", out / "ada" / "feedback.md"):
        link.symlink_to(victim / "precious.txt")
    assert rows(graded(grade, out))["ada"]["earned"] == full
    assert not [path for path in out.rglob("*") if path.is_symlink()]


def plant(path: Path, what: str, victim: Path) -> None:
    """Put something else where a file of ours would be."""
    for above in (path.parent.parent, path.parent):
        above.mkdir(exist_ok=True, mode=0o700)
    if what == "pipe":
        os.mkfifo(path, 0o600)
    elif what == "link":
        path.symlink_to(victim / "precious.txt")
    elif what == "dangling link":
        path.symlink_to(victim / "new.txt")
    elif what == "second name":
        os.link(victim / "precious.txt", path)
    elif what == "folder":
        path.mkdir()
    else:
        path.write_text("{}\n", encoding="utf-8")
        give(path)


THERE = [
    ("pipe", "it is not a file"),
    ("link", "it is a symbolic link"),
    ("folder", "it is not a file"),
    pytest.param("another's file", "it belongs to nobody, not to root", marks=as_root),
]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        *THERE,
        ("second name", "it has a second name elsewhere"),
        ("dangling link", "it is a symbolic link"),
    ],
)
def test_nothing_is_appended_to_what_is_no_log_of_ours(grade, tmp_path, victim, what, why):
    out = tmp_path / "out"
    plant(out / "run.jsonl", what, victim)
    line = one_line(grade(out))
    assert f"cannot write {out / 'run.jsonl'}: " in line
    assert why in line
    assert [path.name for path in out.iterdir()] == ["run.jsonl"], "nobody was graded"


@pytest.mark.parametrize(("what", "why"), [one for one in THERE if one[0] != "folder"])
def test_what_is_no_grade_of_ours_is_not_believed(grade, tmp_path, victim, what, why):
    out = tmp_path / "out"
    plant(out / "ada" / "grade.json", what, victim)
    line = one_line(grade(out))
    assert f"{out / 'ada' / 'grade.json'} is not a grade of ours ({why}); move it away or choose another" in line
    assert [path.name for path in (out / "ada").iterdir()] == ["grade.json"]


@as_root
def test_another_users_grades_are_no_earlier_grades(grade, tmp_path):
    out = graded(grade, tmp_path / "out")
    give(out / "ada")
    assert "is not a grade of ours (it belongs to nobody, not to root)" in one_line(grade(out))


def test_a_folder_that_is_exchanged_during_the_run_gets_nothing(grade, tmp_path, victim, monkeypatch, full):
    out, moved, run = tmp_path / "out", tmp_path / "moved", Batch.run

    def exchanged(*arguments, **named):
        out.rename(moved)
        out.symlink_to(victim)
        return run(*arguments, **named)

    monkeypatch.setattr(Batch, "run", exchanged)
    assert grade(out).exit_code == 0
    assert rows(moved)["ada"]["earned"] == full
    assert json.loads((moved / "ada" / "grade.json").read_text(encoding="utf-8"))["earned"] == float(full)


# The secret and the truths


@pytest.fixture
def own_course(course, tmp_path):
    """A copy of the warm course, to be spoiled."""
    folder = tmp_path / "mine"
    shutil.copytree(course, folder)
    return folder


@as_root
@pytest.mark.parametrize("whose", [".autograder", ".autograder/secret"])
def test_another_users_secret_is_refused(hw1, small_class, own_course, tmp_path, whose):
    os.chown(own_course / whose, NOBODY.pw_uid, NOBODY.pw_gid)
    for command in (("grade", small_class, "--output", tmp_path / "out"), ("truths",)):
        line = one_line(hw1(*command, "--course", own_course))
        assert f"{own_course / '.autograder' / 'secret'} cannot be read: " in line
        assert "it belongs to nobody, not to root" in line


@as_root
def test_nothing_is_made_in_another_users_folder(hw1, tmp_path):
    (tmp_path / ".autograder").mkdir()
    give(tmp_path / ".autograder")
    assert "it belongs to nobody, not to root" in one_line(hw1("truths", "--course", tmp_path))
    assert not list((tmp_path / ".autograder").iterdir())


def test_a_folder_of_secrets_that_is_a_link_or_that_others_write_to_is_refused(hw1, own_course, tmp_path):
    (own_course / ".autograder").rename(tmp_path / "elsewhere")
    (own_course / ".autograder").symlink_to(tmp_path / "elsewhere")
    assert "it is a symbolic link" in one_line(hw1("truths", "--course", own_course))
    (own_course / ".autograder").unlink()
    (tmp_path / "elsewhere").rename(own_course / ".autograder")
    (own_course / ".autograder").chmod(0o777)
    assert "others may write to its folder (mode 777): chmod 700" in one_line(hw1("truths", "--course", own_course))


def test_a_secret_that_is_a_link_is_refused(hw1, own_course, tmp_path):
    (own_course / ".autograder" / "secret").rename(tmp_path / "elsewhere")
    (own_course / ".autograder" / "secret").symlink_to(tmp_path / "elsewhere")
    assert "it is a symbolic link" in one_line(hw1("truths", "--course", own_course))


@pytest.mark.parametrize("given", ["x", "fifteen letters", "fünfzehn Zeiche"])
def test_a_secret_that_can_be_guessed_is_refused(hw1, small_class, course, tmp_path, monkeypatch, given):
    monkeypatch.setenv("AUTOGRADER_SECRET", given)
    line = one_line(hw1("grade", small_class, "--output", tmp_path / "out", "--course", course))
    assert (
        f"$AUTOGRADER_SECRET has {len(given)} {'character' if len(given) == 1 else 'characters'}, fewer than 16" in line
    )
    assert given == "x" or given not in line
    assert not list((tmp_path / "out").glob("*/grade.json"))


def test_a_pipe_in_place_of_the_truths_is_not_replaced(hw1, own_course):
    cache = own_course / ".autograder" / "truths"
    cache.unlink()
    os.mkfifo(cache, 0o600)
    assert str(cache) in one_line(hw1("truths", "--course", own_course))
    assert cache.is_fifo()


@pytest.mark.parametrize("what", ["link", pytest.param("another's", marks=as_root)])
def test_truths_that_are_not_ours_are_computed_again(hw1, own_course, tmp_path, what):
    cache = own_course / ".autograder" / "truths"
    kept = cache.read_bytes()
    if what == "another's":
        give(cache)
    else:
        cache.rename(tmp_path / "theirs")
        with suppress(FileNotFoundError):
            cache.symlink_to(tmp_path / "theirs")
    result = hw1("truths", "--check", "--course", own_course)
    assert result.exit_code == 2
    assert f"{cache} cannot be read: it " in result.output
    assert hw1("truths", "--course", own_course).exit_code == 0
    assert cache.read_bytes() == kept
    assert cache.lstat().st_uid == os.geteuid()
    assert not cache.is_symlink()


# What is handed in


CODE = "def f(x):\n    return x\n"
HANDED_IN = {
    "one file": {"hw1.py": CODE},
    "a file some folders down": {"week/1/hw1.py": CODE},
    "an answer beside the code": {"hw1.py": CODE, "answer.md": "## 1a\n$$W = x$$\n"},
    "no name that says so": {"answer": CODE},
}


def hand_in(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def swap(place: Path, target: Path, aside: Path) -> None:
    """Put a link in the place of what lies there."""
    place.rename(aside)
    place.symlink_to(target)


@pytest.mark.parametrize("files", HANDED_IN.values(), ids=HANDED_IN)
def test_a_folder_that_becomes_a_link_after_the_listing_earns_nothing(tmp_path, files):
    folder = tmp_path / "class"
    for student in ("alice", "mallory"):
        hand_in(folder / student, files)
    alice, mallory = find_submissions(folder)
    swap(folder / "mallory", Path("alice"), tmp_path / "aside")
    read = read_submission(mallory)
    assert (read.problem, read.cells, read.written) == ("mallory is a symbolic link; hand in the file itself", (), ())
    assert read_submission(alice).problem is None


def test_a_folder_further_down_that_becomes_a_link_is_not_followed(tmp_path, monkeypatch):
    folder = tmp_path / "class"
    for student in ("alice", "mallory"):
        hand_in(folder / student, {"week/hw1.py": CODE})
    _, mallory = find_submissions(folder)
    scandir = os.scandir
    seen = []

    def listed(path):
        entries = scandir(path)
        seen.append(path)
        if len(seen) == 2:  # the student's folder and the one in it are listed, nothing is read
            swap(folder / "mallory" / "week", folder / "alice" / "week", tmp_path / "aside")
        return entries

    monkeypatch.setattr(os, "scandir", listed)
    assert read_submission(mallory).problem == "mallory/week is a symbolic link; hand in the file itself"
    assert len(seen) == 2


def test_an_answer_beside_the_code_is_the_students_own(tmp_path, monkeypatch):
    """The folder that was opened is read, whatever is in its place by now."""
    folder = tmp_path / "class"
    hand_in(folder / "alice", {"hw1.py": CODE, "answer.md": "## 1a\n$$W = alice$$\n"})
    hand_in(folder / "mallory", {"hw1.py": CODE, "answer.md": "## 1a\n$$W = mallory$$\n"})
    _, mallory = find_submissions(folder)
    read = os.read

    def exchanged(descriptor, size):
        if not (folder / "mallory").is_symlink():
            swap(folder / "mallory", Path("alice"), tmp_path / "aside")
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", exchanged)
    (answer,) = read_submission(mallory).written
    assert "mallory" in answer.text


def test_a_classmates_points_are_not_earned_by_a_link(hw1, small_class, course, tmp_path, monkeypatch, full):
    shutil.copytree(small_class / "eve", small_class / "mallory")
    run = Batch.run

    def swapped(*arguments, **named):
        swap(small_class / "mallory", Path("eve"), tmp_path / "aside")
        return run(*arguments, **named)

    monkeypatch.setattr(Batch, "run", swapped)
    result = hw1("grade", small_class, "--output", tmp_path / "out", "--course", course)
    assert result.exit_code == 0
    found = {student: (row["status"], row["earned"]) for student, row in rows(tmp_path / "out").items()}
    assert (found["eve"], found["mallory"]) == (("graded", full), ("unreadable", "0"))
    text = (tmp_path / "out" / "mallory" / "feedback.md").read_text(encoding="utf-8")
    assert "mallory is a symbolic link" in text


def test_the_folder_of_submissions_itself_may_be_a_link(hw1, small_class, course, tmp_path, full):
    (tmp_path / "link").symlink_to(small_class)
    result = hw1("grade", tmp_path / "link", "--output", tmp_path / "out", "--course", course)
    assert result.exit_code == 0
    assert {student: row["earned"] for student, row in rows(tmp_path / "out").items()} == {
        "ada": full,
        "bob": "0",
        "eve": full,
    }


# What reports read


@pytest.fixture
def reported(hw1, grade, tmp_path):
    """A folder of grades, and each report on it."""
    out = graded(grade, tmp_path / "grades")
    return out, [lambda what=what: hw1("report", what, out, "-o", tmp_path / what) for what in ("class", "feedback")]


def impersonate(path: Path, what: str) -> None:
    """Put something in a file's place that is no file of ours."""
    copy = path.with_name("elsewhere")
    path.rename(copy)
    if what == "fifo":
        os.mkfifo(path)
    elif what == "foreign":
        shutil.copy(copy, path)
        give(path)
    else:
        path.symlink_to(copy if what == "link" else "nowhere")


@pytest.mark.parametrize("what", ["link", "nowhere", "fifo", pytest.param("foreign", marks=as_root)])
@pytest.mark.parametrize(("name", "says"), [("ada/grade.json", "a grade"), ("run.jsonl", "a log")])
def test_a_report_believes_no_file_that_is_not_ours(reported, what, name, says):
    folder, reports = reported
    impersonate(folder / name, what)
    reason = {"fifo": "it is not a file", "foreign": "it belongs to nobody, not to root"}.get(
        what, "it is a symbolic link"
    )
    for report in reports:
        assert one_line(report()) == f"hw1: {folder / name} is not {says} of ours ({reason}); move it away"


@pytest.mark.parametrize("what", ["ada", "."])
def test_a_report_follows_no_link_in_a_folders_place(reported, what, tmp_path):
    folder, reports = reported
    where = folder if what == "." else folder / what
    where.rename(tmp_path / "elsewhere")
    where.symlink_to(tmp_path / "elsewhere")
    if what == ".":
        if os.geteuid() != 0:
            pytest.skip("only root can give a link to another user")
        os.chown(where, NOBODY.pw_uid, NOBODY.pw_gid, follow_symlinks=False)
    for report in reports:
        assert "it is a symbolic link" in one_line(report())


@as_root
def test_a_report_believes_no_folder_of_another_user(reported):
    folder, reports = reported
    give(folder)
    for report in reports:
        assert "it belongs to nobody, not to root" in one_line(report())
