"""The class report without names: neither its order nor its bytes tell them."""

from __future__ import annotations

import dataclasses
import html
import random
import re

import pikepdf
from msgspec.structs import replace

from autograder.gradebook.reading import read_class
from reports.class_report.anonymous import without_names
from reports.class_report.elements import called
from reports.class_report.page import render
from reports.class_report.summary import summarize
from tests import synthetic_class, toy
from tests.reports.conftest import HOSTILE, PASSED, SCRIPT


def renamed(found, names):
    log = tuple(replace(entry, student=names[entry.student]) for entry in found.log if entry.student in names)
    results = tuple(replace(result, student=names[result.student]) for result in found.results)
    return dataclasses.replace(found, results=results, log=log)


def test_names_have_no_part_in_an_anonymous_report(toy_class):
    found = read_class(toy_class, toy.ASSIGNMENT)
    students = [result.student for result in found.results]
    report = summarize(toy.ASSIGNMENT, without_names(toy.ASSIGNMENT, found))
    page = render(report, named=False)
    rng = random.Random(0)
    for _ in range(20):
        names = dict(zip(students, rng.sample(students, len(students)), strict=True))
        again = renamed(found, names)
        assert summarize(toy.ASSIGNMENT, without_names(toy.ASSIGNMENT, again)) == report
    assert [result.points for result in report.everybody] == sorted((r.points for r in found.results), reverse=True)
    assert "Student 1" in page
    assert len(report.identical) == 1
    assert [one.why for one in report.attention] == [
        "fault of the grader, no points known",
        "the last run failed on our side and an older grade stands",
        "unreadable, 0 points",
        "crashed: products",
    ]


def test_nothing_of_a_student_is_in_the_bytes_of_an_anonymous_report(hw1, small, tmp_path):
    rows = {name: [("wrong", SCRIPT), PASSED, ("wrong", "sign")] for name in HOSTILE}
    grades = [synthetic_class.grade(small, student, statuses) for student, statuses in rows.items()]
    grades.append(synthetic_class.without_scores(small, "x" * 64, "unreadable", f"{SCRIPT} in x.py"))
    folder = synthetic_class.write(tmp_path / "qzky", grades, [{"student": HOSTILE[0], "status": "grader_fault"}])
    (folder / "qzkx").mkdir()
    (folder / "qzkx" / "grade.json").write_text('{"schema": "grade-1", "assignment": "other", "student": "qzkx"')
    names = (*HOSTILE, *map(called, HOSTILE), "x" * 64, "x.py", "owned", "qzkx", "qzky")
    named = html.unescape(render(summarize(small, read_class(folder, small)), folder="../qzky/"))
    assert [name for name in names if name not in named and name == called(name)] == [], "this search sees them"
    done = hw1("report", "class", folder, "--output", tmp_path / "out", "--anonymous", "--assignment", "tests/small")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "class.html").read_text(encoding="utf-8")
    with pikepdf.open(tmp_path / "out" / "class.pdf") as pdf:
        streams = [bytes(one.read_bytes()) for one in pdf.objects if isinstance(one, pikepdf.Stream)]
    everything = "\n".join((page, html.unescape(page), b" ".join(streams).decode("latin-1")))
    assert [name for name in names if name in everything] == []
    assert not re.findall(r'<a [^>]*href="[^#]', page)
    assert "Student 12" in everything
