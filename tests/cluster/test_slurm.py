"""A class as a real Slurm array, by the script that the documentation shows and the archive that `hw1 node` writes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import HW1
from tests.cli.test_going_on import journal, tree
from tests.cluster.slurm import missing, output, slurm, until

pytestmark = [pytest.mark.cluster, pytest.mark.skipif(bool(missing()), reason=missing() or "Slurm is here")]
OF = 4
DOCS = Path("docs/scaling.md").read_text(encoding="utf-8")


def script(cpus_per_task: int = 1) -> str:
    """The documented one, for a small class on a small node."""
    (text,) = re.findall(r"```sh\n(#!/bin/sh\n#SBATCH.+?)```", DOCS, re.DOTALL)
    for old, new in {
        "--array=1-16": f"--array=1-{OF}",
        "/16": f"/{OF}",
        "--cpus-per-task=4": f"--cpus-per-task={cpus_per_task}",
    }.items():
        assert old in text
        text = text.replace(old, new)
    return text.replace("#SBATCH --mem-per-cpu=1G\n", "")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with slurm(tmp_path_factory.mktemp("slurm")) as environment:
        yield environment


@pytest.fixture(scope="module")
def home(cluster, course):
    """Return a home as on a cluster: the archive unpacked and installed there, and a class."""
    folder = Path(cluster["HOME"])
    subprocess.run([HW1, "node", "--course", course, "--output", folder / "node.tar"], check=True, capture_output=True)
    subprocess.run(["tar", "xf", "node.tar"], cwd=folder, check=True)
    node = folder / "hw1-node"
    subprocess.run([sys.executable, "-m", "venv", node / ".venv"], check=True)
    install = [".venv/bin/pip", "install", "-q", "--no-deps", "--require-hashes", "-r", "requirements.lock"]
    subprocess.run(install, cwd=node, check=True)
    (folder / "class").mkdir()
    for number in range(40):
        shutil.copy(f"tests/submissions/class/student-{(1, 5, 7, 8)[number % 4]:02}.py", folder / f"class/s{number}.py")
    return folder


def test_an_array_of_which_one_task_is_killed_and_submitted_again_grades_the_class(home, cluster, course, tmp_path):
    (home / "grade.sh").write_text(script())

    def submit(*options: str) -> str:
        done = subprocess.run(
            ["sbatch", "--parsable", *options, "grade.sh"], cwd=home, env=cluster, check=True, capture_output=True
        )
        return done.stdout.decode().strip()

    def ended(job: str) -> bool:
        return output(cluster, "squeue", "-h", "-j", job) == b""

    job = submit()
    victim = home / f"parts/shard-2-of-{OF}"
    until(lambda: len(journal(victim)) >= 2, "two grades of shard 2")
    subprocess.run(["scancel", "--signal=KILL", f"{job}_2"], env=cluster, check=True)
    until(lambda: ended(job), "the array")
    print(output(cluster, "scontrol", "show", "job", job).decode())
    merge = [home / "hw1-node/.venv/bin/hw1", "merge", home / "parts", "-o", tmp_path / "out", "--assignment"]
    refused = subprocess.run([*merge, home / "hw1-node/solutions"], capture_output=True, text=True, check=False)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert f"shard 2/{OF} is not graded to its end" in refused.stderr
    before = journal(victim)
    again = submit("--array=2")
    until(lambda: ended(again), "shard 2 again")
    print(output(cluster, "scontrol", "show", "job", again).decode())
    assert journal(victim)[: len(before)] == before, "what was graded is not graded again"
    assert len({*journal(victim)}) == len(journal(victim))
    done = subprocess.run([*merge, home / "hw1-node/solutions"], capture_output=True, text=True, check=True)
    print(done.stdout)
    whole = [HW1, "grade", home / "class", "--course", course, "--output", tmp_path / "whole"]
    subprocess.run(whole, check=True, capture_output=True)
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
