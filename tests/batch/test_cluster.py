"""A class on a Dask cluster, its workers threads of this process: the same bytes as here, and only over TLS."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from autograder import truth
from autograder.batch import station
from autograder.batch.connection import Connection
from autograder.batch.desk import Desk
from autograder.errors import IsolationError, SandboxError
from autograder.loading import list_submissions, read_submission, reference_source, stub_source
from autograder.naming import Library
from tests.cli.test_cli import one_line
from tests.cli.test_going_on import journal, tree
from tests.cluster.certificates import certified
from tests.cluster.slurm import until
from tests.conftest import SMALL

# Dask's threads end after its loop is closed, and say so.
pytestmark = [pytest.mark.xdist_group("dask"), pytest.mark.filterwarnings("ignore")]
HALF = (
    '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {},'
    ' "outputs": [], "execution_count": null, "source": "x = \'\\ud800\'"}]}'
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dask")
    security = certified(folder)
    tls = "distributed.comm.tls"
    told = {
        f"{tls}.ca-file": security.tls_ca_file,
        f"{tls}.client.cert": security.tls_client_cert,
        f"{tls}.client.key": security.tls_client_key,
    }
    made = LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tls://", security=security,
        dashboard_address=None, local_directory=str(folder),
    )  # fmt: skip
    with contextlib.closing(made), dask.config.set(told):
        yield made


@pytest.fixture(scope="module")
def homework(tmp_path_factory, small, small_course):
    """Return a course of the small homework that has the books of its mistakes."""
    course = shutil.copytree(small_course, tmp_path_factory.mktemp("cluster") / "course")
    cases = truth.stored(small, course, truth.read_secret(course, create=False))
    assert Library(small, cases, course, print).files(small)
    return course


@pytest.fixture(scope="module")
def submissions(tmp_path_factory, small):
    folder = tmp_path_factory.mktemp("cluster") / "class"
    (folder / "helped").mkdir(parents=True)
    right = reference_source(small)
    assert "step * np.cumsum" in right
    (folder / "right.py").write_text(right)
    (folder / "stub.py").write_text(stub_source(small))
    (folder / "wrong.py").write_text(right.replace("step * np.cumsum(x)", "-step * np.cumsum(x)"))
    (folder / "helped/work.py").write_text("from tools import *\n")
    (folder / "helped/tools.py").write_text(right)
    (folder / "waits.py").write_text("import signal\nsignal.sigwait([signal.SIGUSR1])\n")
    (folder / "latin.py").write_bytes(b"# caf\xe9")
    (folder / "half.ipynb").write_text(HALF)
    return folder


@pytest.fixture
def command(cluster, homework):
    """Begin a command, here or there."""

    def begun(*given, engine="dask"):
        there = ("--engine", "dask", "--scheduler", cluster.scheduler_address) if engine == "dask" else ()
        return ("grade", *given, "--assignment", SMALL, "--course", homework, *there)

    return begun


def test_what_is_handed_in_survives_the_way(submissions):
    handed_in = [read_submission(found) for found in list_submissions(submissions).found]
    assert station.unpacked(station.packed(handed_in)) == handed_in
    assert any(one.helpers for one in handed_in)


def test_a_class_is_graded_to_the_same_bytes_and_nothing_stays_on_the_workers(
    hw1, cluster, command, submissions, tmp_path, monkeypatch
):
    grade, ran = Desk.grade, []
    monkeypatch.setattr(
        Desk, "grade", lambda self, one, *rest, **more: (ran.append(one.student), grade(self, one, *rest, **more))[1]
    )
    result = hw1(*command(submissions, "--output", tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert "isolation bubblewrap" in result.stderr
    assert ran.count("waits") == 2, "whom wall time ended is graded again"
    assert station._desks == {}
    assert not list(Path(cluster.workers[0].local_directory).glob("hw1-*"))
    assert hw1(*command(submissions, "--output", tmp_path / "here", engine="local")).exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "here")
    assert "opposite sign" in (tmp_path / "out/wrong/feedback.md").read_text(), "the books came along"
    ran.clear()
    told = hw1(*command(submissions, "--output", tmp_path / "out")).stdout
    assert "7 unchanged since last graded" in told
    assert ran == []


def test_a_fault_of_ours_costs_one_student_and_says_what_it_is(hw1, command, submissions, tmp_path, monkeypatch):
    grade = Desk.grade

    def spoilt(self, one, *rest, **more):
        if one.student == "latin":
            raise SandboxError("no more processes")
        scored, took = grade(self, one, *rest, **more)
        return replace(scored, student="right"), took

    monkeypatch.setattr(Desk, "grade", spoilt)
    for name, says in (("latin", "no more processes"), ("stub", "a worker answered for another submission")):
        line = one_line(hw1(*command(submissions / f"{name}.py", "--output", tmp_path / name)))
        assert f"1 of 1 could not be graded, through no fault of theirs (first: {name}: {says})" in line


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--engine", "dask"), "give its --scheduler"),
        (("--scheduler", "tls://x:1"), "goes with --engine dask"),
        (("--engine", "dask", "--scheduler", "tcp://x:1"), "give one with TLS"),
        (("--engine", "dask", "--scheduler", "tls://x:1", "--workers", "2"), "a cluster has workers of its own"),
        (("--engine", "dask", "--scheduler", "tls://x:1"), "no certificates for --scheduler"),
    ],
)
def test_what_is_no_cluster_of_ours_is_refused(hw1, submissions, homework, tmp_path, options, says):
    arguments = ("grade", submissions, "--assignment", SMALL, "--course", homework, "--output", tmp_path / "out")
    with dask.config.set({"distributed.comm.tls.ca-file": None}):
        assert says in one_line(hw1(*arguments, *options))


def test_a_scheduler_that_cannot_be_had_is_told_in_one_line(hw1, cluster, command, submissions, tmp_path):
    arguments = command(submissions, "--output", tmp_path / "out")
    with dask.config.set({"distributed.comm.tls.client.key": str(tmp_path / "none")}):
        assert "client.key" in one_line(hw1(*arguments))
    with dask.config.set({"distributed.scheduler.no-workers-timeout": "1s"}):
        line = one_line(hw1(*arguments[:-1], "tls://127.0.0.1:1"))
    assert line.startswith("hw1: no scheduler at tls://127.0.0.1:1: ")


def test_tasks_that_dask_leaves_behind_say_nothing(cluster, caplog):
    with dask.config.set({"distributed.scheduler.no-workers-timeout": "1s"}), pytest.raises(SandboxError):
        Connection("tls://127.0.0.1:1")

    async def lost():
        raise ValueError

    async def lose():
        task = asyncio.create_task(lost())
        await asyncio.sleep(0)
        assert task.done()

    asyncio.run(lose())
    gc.collect()
    assert not caplog.records


def test_a_machine_without_dask_is_told_what_to_install(hw1, command, submissions, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    for name in ("autograder.batch.cluster", "autograder.batch.connection"):
        monkeypatch.delitem(sys.modules, name)
    line = one_line(hw1(*command(submissions, "--output", tmp_path / "out")))
    assert "distributed is not installed; install hw1-autograder[dask]" in line


def test_other_versions_are_refused(hw1, command, submissions, tmp_path, monkeypatch):
    arguments = command(submissions, "--output", tmp_path / "out")
    told = iter(("1.0", "2.0"))
    monkeypatch.setattr(station, "version", lambda: next(told))
    line = one_line(hw1(*arguments))
    assert line == "hw1: the scheduler has hw1-autograder 2.0, and the run 1.0; install the same"


def test_a_worker_that_cannot_grade_is_not_used(hw1, cluster, command, submissions, tmp_path, monkeypatch):
    def refuse(self):
        raise IsolationError("there is no bubblewrap")

    monkeypatch.setattr(Desk, "canary", refuse)
    line = one_line(hw1(*command(submissions, "--output", tmp_path / "out")))
    assert line.startswith("hw1: worker tls://")
    assert "there is no bubblewrap; or ask for less" in line
    until(lambda: not cluster.scheduler.workers, "the worker closes")


def test_a_run_ends_when_no_worker_comes_back_and_the_same_command_goes_on(
    hw1, cluster, command, submissions, tmp_path, monkeypatch
):
    arguments = command(submissions, "--output", tmp_path / "out")

    def workers(number):
        cluster.scale(number)
        until(lambda: len(cluster.scheduler.workers) == number, f"{number} workers")

    with dask.config.set({"distributed.scheduler.no-workers-timeout": "1s"}):
        workers(0)
        assert "has had no workers for 1 s; start some" in one_line(hw1(*arguments))
        workers(1)
        grade = Desk.grade

        def last(self, one, *rest, **more):
            """Lose the only worker when three are graded."""
            if len(journal(tmp_path / "out")) >= 3:
                cluster.loop.add_callback(cluster.scale, 0)
                return None
            return grade(self, one, *rest, **more)

        monkeypatch.setattr(Desk, "grade", last)
        line = one_line(hw1(*arguments))
        assert "has no workers any more, and none came back in 1 s; what is graded is kept" in line
        assert journal(tmp_path / "out")
        assert (tmp_path / "out/grades.csv").exists()
        monkeypatch.setattr(Desk, "grade", grade)
        workers(1)
        with dask.config.set({"distributed.scheduler.no-workers-timeout": "60s"}):
            assert hw1(*arguments).exit_code == 0
    assert hw1(*command(submissions, "--output", tmp_path / "here", engine="local")).exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "here")
