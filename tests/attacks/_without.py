"""Run one attack where the defences that stop it are gone, inside bubblewrap's namespaces: never bare.

python -m tests.attacks._without NAME COURSE    (inside; `signs_without` starts it)
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.attacks import HERE, Attack, attacks
from tests.attacks._watch import Watch, watch

ROOT = HERE.parents[1]
_SECONDS, _ALL_SECONDS = 10, 60


def signs_without(attack: Attack, course: Path) -> list[str]:
    """Say what shows that an attack works where its defences are gone."""
    with tempfile.TemporaryDirectory(prefix="hw1-") as scratch:
        command = [
            "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/", "--dev", "/dev",
            "--proc", "/proc", "--tmpfs", "/tmp", "--bind", scratch, "/tmp/scratch",
            "--ro-bind", str(course), "/tmp/course",
            # Where the project or its Python lies below /tmp, they are hidden by now.
            *(word for path in (str(ROOT), sys.prefix) for word in ("--ro-bind", path, path)),
            "--chdir", str(ROOT), "--",
            sys.executable, "-m", "tests.attacks._without", attack.name, "/tmp/course",
        ]  # fmt: skip
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_ALL_SECONDS,
                check=False,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "AUTOGRADER_SECRET": ""},
            )
        try:
            found: list[str] = json.loads(Path(scratch, "signs.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ["aborted: nothing is left of the grader"]
        return found


def _others() -> list[int]:
    """List the processes in these namespaces, but for the first and this one."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if int(entry.name) not in (1, os.getpid())]


def _without_separation(attack: Attack, place: Watch, course: Path) -> Iterator[str]:
    """Let the naive grader do it."""
    folder = Path("/tmp/scratch/work")
    folder.mkdir()
    for name in ("solutions", "autograder", "reports", "tests"):
        (folder / name).symlink_to(ROOT / name)
    source = folder / "attack.py"
    source.write_text(place.place(attack.path.read_text(encoding="utf-8"), course), encoding="utf-8")
    secret = (course / ".autograder" / "secret").read_text(encoding="utf-8").strip()
    said = folder / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.attacks._naive", str(source), str(course)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env={**os.environ, "AUTOGRADER_SECRET": secret},
        )
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            yield "aborted: it never ended"
            process.kill()
            process.wait()
    end = time.monotonic() + 1
    while _others() and time.monotonic() < end:
        time.sleep(0.02)
    if left := _others():
        yield f"left: {len(left)} processes"
    text = said.read_text(encoding="utf-8", errors="replace")
    yield from (f"reached: {what}" for what in place.arrived(text))
    try:
        students = json.loads((folder / "results.json").read_text(encoding="utf-8"))["students"]
    except (OSError, ValueError):
        yield f"aborted: no result ({text.strip()[-200:]})"
        return
    # A bare 0.0 is broadcast, and close where the truth is 0.
    if students["attack"] > students.get("nothing", 0):
        yield f"points: {students['attack']:g}"
    if students["honest"] != 50:
        yield f"harm: the next one earned {students['honest']:g}"


def _without_isolation(attack: Attack, place: Watch, course: Path) -> Iterator[str]:
    """Let our own grader do it, without namespaces, Landlock and seccomp, and without the kernel's limits."""
    from autograder import truth
    from autograder.loading import load_assignment
    from autograder.sandbox import launch
    from tests.attacks._class import grade_class

    if "limits" in attack.without:
        copy = Path("/tmp/scratch/copy/autograder")
        shutil.copytree(ROOT / "autograder", copy, ignore=shutil.ignore_patterns("__pycache__"))
        lock = copy / "sandbox" / "_worker" / "lock.py"
        text = lock.read_text(encoding="utf-8")
        assert "resource.setrlimit(what, values)" in text
        lock.write_text(text.replace("resource.setrlimit(what, values)", "pass"), encoding="utf-8")
        assert launch._PACKAGE == ROOT / "autograder"
        launch._PACKAGE = copy
    assignment = load_assignment(Path("solutions").resolve())
    cases = truth.load(assignment, course, truth.read_secret(course, create=False), lambda _: None)
    folder = Path("/tmp/scratch/work")
    folder.mkdir()
    signs = grade_class([(attack, place)], assignment, cases, course, folder, isolation="none")
    yield from signs[attack.name]


def _without_reading(attack: Attack, place: Watch, course: Path) -> Iterator[str]:
    """Read what lies in the folder as if it were harmless."""
    process = subprocess.Popen([sys.executable, "-m", "tests.attacks._naive_reader", str(attack.path)], cwd=ROOT)
    try:
        code = process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        yield "aborted: it never ended"
        return
    if code == 3:
        yield "reached: what it wrote is not what it should be"
    elif code:
        yield f"aborted: it ended with {code}"


def main() -> None:
    """Run inside the namespaces and write what was seen."""
    name, course = sys.argv[1], Path(sys.argv[2])
    attack = next(one for one in attacks("code") + attacks("folders") if one.name == name)
    os.environ.pop("AUTOGRADER_SECRET")
    with watch() as place:
        if "separation" in attack.without:
            found = list(_without_separation(attack, place, course))
        elif "isolation" in attack.without:
            found = list(_without_isolation(attack, place, course))
        else:
            found = list(_without_reading(attack, place, course))
    Path("/tmp/scratch/signs.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
