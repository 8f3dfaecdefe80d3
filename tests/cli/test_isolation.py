"""`hw1 grade --isolation`: each level as root and as an ordinary user, what it keeps out, and never less than asked."""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.gradebook.reading import read_grades
from autograder.loading import reference_source
from autograder.sandbox import bubblewrap
from tests.classroom.people import ROOT, as_user, opened
from tests.cli.test_cli import SMALL, one_line

HW1 = Path(sys.executable).with_name("hw1")
EVIDENCE = {
    "bubblewrap": r"hw1: isolation bubblewrap \d+\.\d+\S*, Landlock \d+, seccomp filter [0-9a-f]{12}",
    "nested": r"hw1: isolation nested: Landlock \d+, seccomp filter [0-9a-f]{12}",
    "none": "hw1: isolation none",
}
ORDINARY = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
#: Tests of what depends on whose the worker's processes are; none of them asks for root.
WALLS = "out_of_reach or deadly or refused or imported or is_shared or lock_alone or looks_for_a_name or opens_nothing"
WHO = ["ordinary", *(["root"] if os.geteuid() == 0 else [])]

# It answers by what it could do, at its import: its grade is of no interest.
SPY = """
import os, socket
def tried(name, attempt):
    try:
        attempt()
    except (OSError, RuntimeError):
        return
    open(os.path.join({loot!r}, name), "w").close()
tried("write", lambda: None)
tried("read", lambda: open({home!r} + "/diary"))
tried("socket", lambda: socket.socket().close())
"""


@pytest.fixture
def place():
    """Return a folder that everybody can get to: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="hw1-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture(params=WHO)
def person(request, place, small_course, small):
    """Give somebody a home that only they may enter, with a class and a course in it, and a way to run `hw1` there."""
    account = ORDINARY if request.param == "ordinary" else pwd.getpwuid(0)
    loot, home = place / "loot", place / "home"
    loot.mkdir()
    (home / "class").mkdir(parents=True)
    shutil.copytree(small_course, home / "course")
    (home / "class" / "honest.py").write_text(reference_source(small), encoding="utf-8")
    (home / "class" / "spy.py").write_text(SPY.format(loot=str(loot), home=str(home)), encoding="utf-8")
    (home / "diary").write_text("dear diary", encoding="utf-8")
    home.chmod(0o700)
    if os.geteuid() == 0:
        for path in (loot, home, *home.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid)

    def hw1(*arguments, path=os.environ["PATH"]):
        words = as_user(account) if account.pw_uid else opened()
        return subprocess.run(
            [
                *([shutil.which("bwrap"), *words[1:]] if words else []),
                *(HW1, *arguments, "--assignment", ROOT / SMALL),
            ],
            cwd=ROOT,
            env={"PATH": path, "HOME": str(home), "TERM": "dumb"},
            capture_output=True,
            text=True,
            check=False,
        )

    def run(level, path=os.environ["PATH"]):
        arguments = ["grade", home / "class", "--output", home / "grades", "--course", home / "course"]
        done = hw1(*arguments, *(["--isolation", level] if level else []), path=path)
        return done, {path.name for path in loot.iterdir()}, home / "grades"

    run.hw1 = hw1
    return run


@pytest.mark.parametrize("level", ["", "nested", "none"])
def test_a_level_is_proved_printed_kept_and_holds(person, level, small, request):
    done, loot, grades = person(level)
    level = level or "bubblewrap"
    assert done.returncode == 0, done.stderr
    # Without namespaces root's worker becomes nobody.
    user = ", user 65534" if (level, request.node.callspec.params["person"]) == ("nested", "root") else ""
    assert re.fullmatch(EVIDENCE[level] + user, done.stderr.splitlines()[-1]), done.stderr
    records = [json.loads((grades / who / "grade.json").read_text(encoding="utf-8")) for who in ("honest", "spy")]
    assert [(record["isolation"], record["earned"]) for record in records] == [(level, small.possible), (level, 0)]
    first, *others = [json.loads(line) for line in (grades / "run.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {one["run"] for one in others} == {first["run"]}
    assert first["evidence"]["isolation"] == level
    assert {"python", "numpy", "landlock"} <= first["evidence"].keys()
    assert (level == "none") == ("filter_sha256" not in first["evidence"])
    for path in (grades, *grades.rglob("*")):
        os.chown(path, os.geteuid(), -1)  # nobody believes another user's
    assert read_grades(grades, small).unread == ()
    if level == "none":
        assert loot == {"write", "read", "socket"}
        assert "with your rights, over your files, grades and network" in done.stderr
    else:
        assert (loot, done.stderr.count("\n")) == (set(), 1)


@pytest.mark.parametrize("person", ["ordinary"], indirect=True)
def test_what_was_graded_at_nested_is_reported_without_namespaces(person, no_namespaces):
    _, _, grades = person("nested", no_namespaces)
    for what in (("feedback", grades), ("class", grades), ("handout",)):
        output = grades.parent / f"{what[0]}{'.pdf' if what[0] == 'handout' else ''}"
        done = person.hw1("report", *what, "--output", output, path=no_namespaces)
        assert done.returncode == 0, done.stderr
    made = {str(path.relative_to(grades.parent)) for path in grades.parent.rglob("*.pdf")}
    assert made == {"handout.pdf", "class/class.pdf", "feedback/honest.pdf", "feedback/spy.pdf"}


@pytest.fixture
def no_namespaces(place):
    """Make a machine whose bubblewrap may not use namespaces; returns its PATH."""
    fake = place / "bwrap"
    fake.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "bubblewrap 0.9.0" && exit 0\n'
        'echo "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n'
    )
    fake.chmod(0o755)
    return f"{place}{os.pathsep}{os.environ['PATH']}"


def test_less_is_used_only_when_it_is_asked_for(person, no_namespaces):
    done, _, grades = person("", no_namespaces)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "bubblewrap cannot build the sandbox (bwrap: setting up uid map: Permission denied)" in done.stderr
    assert "--isolation nested" in done.stderr
    assert not list(grades.rglob("grade.json"))
    done, loot, grades = person("nested", no_namespaces)
    assert (done.returncode, loot) == (0, set()), done.stderr
    assert json.loads((grades / "honest" / "grade.json").read_text(encoding="utf-8"))["isolation"] == "nested"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_root_that_may_not_become_another_user_is_told_so():
    code = "from autograder.sandbox.running import Sandbox; Sandbox(isolation='nested')"
    in_a_container = [*opened(), "bwrap", "--dev-bind", "/", "/", "--unshare-user", "--disable-userns", "--"]
    done = subprocess.run(
        [*in_a_container, sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "root may not become nobody here (Operation not permitted); give the container CAP_SETUID" in done.stderr


@pytest.mark.parametrize(
    ("setting", "way_out"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "AppArmor.*sysctl kernel.apparmor_restrict"),
        ("", "in a container, allow user namespaces"),
    ],
)
@pytest.mark.usefixtures("own_sandbox")
def test_the_command_names_the_ways_out(hw1, course, tmp_path, no_namespaces, monkeypatch, setting, way_out):
    monkeypatch.setenv("PATH", no_namespaces)
    monkeypatch.setattr(bubblewrap, "_setting", lambda name: "1" if name == setting else "")
    bubblewrap.find_bubblewrap.cache_clear()
    try:
        line = one_line(hw1("grade", "tests/submissions/class", "--output", tmp_path / "out", "--course", course))
    finally:
        bubblewrap.find_bubblewrap.cache_clear()
    assert re.search(f"Permission denied.*{way_out}.*; or ask for less.*--isolation nested", line)


def test_nbgraders_pass_gets_no_weaker_result(hw1, tmp_path):
    line = one_line(hw1("grade", "--course", tmp_path, "--isolation", "nested"))
    assert "--isolation nested goes with a folder of SUBMISSIONS" in line


@pytest.mark.skipif(os.geteuid() != 0, reason="whoever is no root is ordinary in all tests")
def test_what_nested_shuts_it_shuts_for_an_ordinary_user_too(place):
    os.chown(place, ORDINARY.pw_uid, ORDINARY.pw_gid)
    done = subprocess.run(
        [
            shutil.which("bwrap"), *as_user(ORDINARY)[1:], sys.executable, "-m", "pytest", "-q", "-n0", "--no-cov",
            "-p", "no:cacheprovider", "--basetemp", place / "pytest", "-k", f"nested and ({WALLS})",
            "tests/sandbox/test_channels.py", "tests/sandbox/test_sandbox.py",
        ],
        cwd=ROOT,
        env={**os.environ, "HOME": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 60
