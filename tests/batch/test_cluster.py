"""A class on a Dask cluster, its workers threads of this process: the same bytes as here, and only over TLS."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from autograder.batch import station
from autograder.batch.desk import Desk
from autograder.errors import SandboxError
from autograder.loading import find_submissions, read_submission
from tests.cli.test_cli import one_line
from tests.cli.test_going_on import tree
from tests.cluster.certificates import certified

# Dask's threads end after its loop is closed, and say so.
pytestmark = [pytest.mark.xdist_group("dask"), pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dask")
    security = certified(folder)
    tls = "distributed.comm.tls"
    told = {
        f"{tls}.ca-file": security.tls_ca_file,
        f"{tls}.client.cert": security.tls_client_cert,
        f"{tls}.client.key": security.tls_client_key,
        "distributed.comm.timeouts.connect": "5s",
    }
    with (
        dask.config.set(told),
        contextlib.closing(
            LocalCluster(
                n_workers=1, threads_per_worker=2, processes=False, protocol="tls://", security=security,
                dashboard_address=None, local_directory=str(folder),
            )
        ) as made,
    ):  # fmt: skip
        yield made


@pytest.fixture(scope="module")
def submissions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster") / "class"
    folder.mkdir()
    for name in ("student-01.py", "student-03", "student-05.py"):
        copy = shutil.copytree if "." not in name else shutil.copy
        copy(Path("tests/submissions/class") / name, folder / name)
    (folder / "waits.py").write_text("import signal\nsignal.sigwait([signal.SIGUSR1])\n")
    (folder / "latin.py").write_bytes(b"# caf\xe9")
    (folder / "half.ipynb").write_text(
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {},'
        ' "outputs": [], "execution_count": null, "source": "x = \'\\ud800\'"}]}'
    )
    return folder


def test_what_is_handed_in_survives_the_way(submissions):
    for found in find_submissions(submissions):
        one = read_submission(found)
        (there,) = station.unpacked(station.packed([one]))
        assert there == one


def test_a_class_is_graded_to_the_same_bytes_and_nothing_stays_on_the_workers(
    hw1, cluster, submissions, quick, quick_course, tmp_path, monkeypatch
):
    grade, ran = Desk.grade, []
    monkeypatch.setattr(
        Desk, "grade", lambda self, one, *rest, **more: (ran.append(one.student), grade(self, one, *rest, **more))[1]
    )
    command = ("grade", submissions, "--assignment", quick, "--course", quick_course, "--output")
    dask_ = ("--engine", "dask", "--scheduler", cluster.scheduler_address)
    result = hw1(*command, tmp_path / "out", *dask_)
    assert result.exit_code == 0, result.output
    assert "isolation bubblewrap" in result.stderr
    assert ran.count("waits") == 2, "whom wall time ended is graded again"
    assert station._desks == {}
    assert not list(Path(cluster.workers[0].local_directory).glob("hw1-*"))
    assert hw1(*command, tmp_path / "here").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "here")
    ran.clear()
    assert "6 were graded before and did not change" in hw1(*command, tmp_path / "out", *dask_).stdout
    assert ran == []


def graded(cluster, quick, quick_course, *given):
    """Arguments of a run on the cluster."""
    there = ("--engine", "dask", "--scheduler", cluster.scheduler_address)
    return ("grade", *given, "--assignment", quick, "--course", quick_course, *there)


def test_a_fault_of_ours_costs_one_student_and_says_what_it_is(
    hw1, cluster, submissions, quick, quick_course, tmp_path, monkeypatch
):
    grade = Desk.grade

    def spoilt(self, one, *rest, **more):
        if one.student == "latin":
            raise SandboxError("no more processes")
        scored, took = grade(self, one, *rest, **more)
        return replace(scored, student="student-01"), took

    monkeypatch.setattr(Desk, "grade", spoilt)
    for name, says in (("latin", "no more processes"), ("student-05", "a worker answered for another submission")):
        command = graded(cluster, quick, quick_course, submissions / f"{name}.py", "--output", tmp_path / name)
        line = one_line(hw1(*command))
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
def test_what_is_no_cluster_of_ours_is_refused(hw1, submissions, quick, quick_course, tmp_path, options, says):
    command = ("grade", submissions, "--assignment", quick, "--course", quick_course, "--output", tmp_path / "out")
    with dask.config.set({"distributed.comm.tls.ca-file": None}):
        assert says in one_line(hw1(*command, *options))


# Last: the worker is closed.
def test_a_worker_that_cannot_grade_is_not_used(hw1, cluster, submissions, quick, quick_course, tmp_path, monkeypatch):
    told = iter(("1.0",))
    monkeypatch.setattr(station, "version", lambda: next(told, "2.0"))
    line = one_line(hw1(*graded(cluster, quick, quick_course, submissions, "--output", tmp_path / "out")))
    assert line.startswith("hw1: worker tls://")
    assert "it has version 2.0 of hw1, and the run 1.0; install the same" in line
