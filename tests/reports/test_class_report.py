"""The class report: its numbers by hand, hostile names in a real browser, the same bytes again, and bad folders."""

from __future__ import annotations

import dataclasses
import html
import json
import math
import random
import re
import shutil
import stat
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import InputError
from autograder.gradebook import Gradebook
from autograder.gradebook.reading import ClassResults, read_class, read_grades
from autograder.loading import load_assignment, student_id
from autograder.results import Durations, Finding, WrittenQuestion
from reports.class_report import measures
from reports.class_report.content import sections, tiles
from reports.class_report.document import _identifiers, build, source
from reports.class_report.elements import LONGEST, Named, People, decimal, excerpt, percent
from reports.class_report.page import render
from reports.class_report.people import slowest
from reports.class_report.records import WallTimes
from reports.class_report.summary import summarize
from reports.feedback.cells import part_feedback
from reports.feedback.markdown import feedback
from reports.feedback.pages import student_pages
from reports.latex import compile_pdf
from reports.latex.escaping import readable
from tests import synthetic_class, toy
from tests.cli.test_cli import one_line
from tests.reports.conftest import PASSED, WRONG

points = st.lists(st.integers(0, 20).map(lambda n: n / 2), min_size=5, max_size=40)


def test_item_rest_by_hand():
    # Rest: 3 4 1 2 5. Sum of products 3, squares 1.2 and 10: 3 / sqrt(12).
    assert measures.item_rest([1, 1, 0, 0, 1], [4, 5, 1, 2, 6]) == pytest.approx(math.sqrt(3) / 2, abs=1e-15)
    assert measures.item_rest([0, 0, 1, 1, 1], [6, 5, 3, 2, 1]) < 0


@pytest.mark.parametrize(
    ("earned", "totals"),
    [([1] * 5, [4, 5, 1, 2, 6]), ([1, 1, 0, 0, 1], [3, 3, 2, 2, 3]), ([1, 1, 0, 0], [4, 5, 1, 2])],
    ids=["all-alike", "no-rest", "four-students"],
)
def test_item_rest_is_none_where_it_says_nothing(earned, totals):
    assert measures.item_rest(earned, totals) is None


def test_upper_lower_by_hand():
    assert measures.upper_lower([1, 1, 0, 0, 1], [4, 5, 1, 2, 6]) == 1
    # One place above for two who tie (1 and 0), one below for three (1, 0, 0): 1/2 - 1/3.
    assert measures.upper_lower([1, 0, 1, 0, 0], [5, 5, 1, 1, 1]) == pytest.approx(1 / 6)
    # Two places above for three who tie (1, 1, 0), two below for five (all 0).
    assert measures.upper_lower([1, 1, 0, 0, 0, 0, 0, 0], [5, 5, 5, 1, 1, 1, 1, 1]) == pytest.approx(2 / 3)
    assert measures.upper_lower([1, 0, 1, 0, 0], [3] * 5) is None
    assert measures.upper_lower([1] * 5, [5, 5, 1, 1, 1]) is None


def test_the_outer_groups_are_27_percent():
    shares = [1] * 27 + [0] * 73
    assert measures.upper_lower(shares, range(100, 0, -1)) == 1
    assert measures.upper_lower([1] * 28 + [0] * 72, range(1, 101)) == -1
    assert measures.upper_lower([1] * 26 + [0] * 74, range(100, 0, -1)) == pytest.approx(26 / 27)


def test_alpha_by_hand():
    assert measures.alpha([[0, 1] * 6, [0, 1] * 6]) == pytest.approx(1)
    assert measures.alpha([[0, 0, 1, 1] * 3, [0, 1, 0, 1] * 3]) == pytest.approx(0)
    assert measures.alpha([[0, 1] * 4, [0, 1] * 4]) is None, "eight students"
    assert measures.alpha([[0, 1] * 6]) is None, "one function"
    assert measures.alpha([[0, 1] * 6, [1, 0] * 6]) is None, "totals all alike"


def test_the_distribution_by_hand():
    assert measures.quartiles([4, 1, 3, 2]) == (1.75, 2.5, 3.25)
    assert measures.quartiles([7]) == (7, 7, 7)
    assert measures.deviation([2, 4, 4, 4, 5, 5, 7, 9]) == pytest.approx(math.sqrt(32 / 7))
    assert measures.deviation([1]) is None
    assert measures.histogram([0, 4.5, 5, 45, 49.5, 50], 50) == (2, 1, 0, 0, 0, 0, 0, 0, 0, 3)
    assert [measures.bins_for(top) for top in (100, 50, 25, 12, 9, 6, 5, 17)] == [10, 10, 10, 6, 9, 6, 10, 10]
    low, high = measures.chance(0, 103)
    assert (low, high) == (pytest.approx(-math.tanh(0.196)), pytest.approx(math.tanh(0.196)))


@given(points, st.randoms(use_true_random=False))
def test_no_measure_depends_on_the_order_of_the_students(totals, rng):
    earned = [min(total, rng.choice((0, 1, 2))) for total in totals]
    rows = list(zip(earned, totals, strict=True))
    rng.shuffle(rows)
    again_earned, again_totals = zip(*rows, strict=True)
    assert measures.item_rest(earned, totals) == measures.item_rest(again_earned, again_totals)
    assert measures.upper_lower(earned, totals) == measures.upper_lower(again_earned, again_totals)
    assert measures.alpha([earned, totals]) == measures.alpha([again_earned, again_totals])
    assert measures.histogram(totals, 10) == measures.histogram(again_totals, 10)


@given(points)
def test_measures_stay_in_their_range(totals):
    earned = [total / 3 for total in totals]
    low, middle, high = measures.quartiles(totals)
    assert min(totals) <= low <= middle <= high <= max(totals)
    assert sum(measures.histogram(totals, 10)) == len(totals)
    item_rest, upper_lower = measures.item_rest(earned, totals), measures.upper_lower(earned, totals)
    assert (item_rest is None) == (max(totals) == min(totals))
    if item_rest is not None:
        assert item_rest == pytest.approx(1), "the rest is twice the criterion"
        assert 0 <= upper_lower <= 10 / 3


@given(st.floats(0, 1))
def test_none_and_all_are_said_of_none_and_all_only(share):
    assert (percent(share) == "0%") == (share == 0)
    assert (percent(share) == "100%") == (share == 1)


@pytest.mark.parametrize(("value", "shown"), [(0.5, "0.50"), (-0.3, "−0.30"), (-0.001, "0.00"), (None, "–")])
def test_measures_have_a_minus_and_not_a_hyphen(value, shown):
    assert decimal(value) == shown
    assert readable(shown) == shown, "the PDF can set it"


@pytest.mark.parametrize(("seconds", "told"), [((0.01, 0.02), "0.03 s"), ((150.0, 1.2), "151 s")])
def test_a_short_run_takes_more_than_no_time(seconds, told):
    times = WallTimes(count=2, median=sum(seconds) / 2, longest=max(seconds), total=sum(seconds), slowest=())
    report = dataclasses.replace(
        summarize(toy.ASSIGNMENT, ClassResults(results=(), unread=(), log=())), durations=times
    )
    assert f"{told} for all of them one after the other" in slowest(report).before[0]


def test_a_small_class_by_hand(toy_class):
    report = summarize(toy.ASSIGNMENT, read_class(toy_class, toy.ASSIGNMENT))
    assert (report.students, report.graded, report.unreadable, report.faults) == (7, 5, 1, 1)
    # Totals 10, 9, 5.5, 0, 3.
    totals = report.totals
    assert (totals.mean, totals.median, totals.lower, totals.upper) == (5.5, 5.5, 3, 9)
    assert (totals.full, totals.mean_of_all, totals.alpha) == (1, pytest.approx(27.5 / 6), None)
    assert [count for *_, count in totals.bins] == [1, 0, 0, 1, 0, 1, 0, 0, 0, 2]
    off = next(c for c in report.criteria if c.id == "t.off")
    assert (off.right, off.approximate, off.wrong, off.no_answer) == (2, 1, 1, 1)
    assert (off.pass_rate, off.mean_share, off.difficulty) == (0.4, 0.5, 0.5)
    # Earned 3, 3, 1.5, 0, 0 beside 7, 6, 4, 0, 3.
    assert off.item_rest == pytest.approx(15 / math.sqrt(9 * 30))
    assert off.upper_lower == 1
    assert [(m.name, m.students) for m in report.mistakes] == [("sum", ("b", "c")), ("no-scale", ("e",))]
    assert report.mistakes[0].hint == "Times, not plus."
    assert [(s.part, s.status, s.students) for s in report.stopped] == [("products", "crashed", ("d",))]
    assert [(s.students, s.earned) for s in report.identical] == [(("a", "b"), 10)]
    assert report.durations.slowest == (("a", 0.5), ("d", 0.3), ("c", 0.2), ("b", 0.1))
    assert [(one.student, one.why) for one in report.attention] == [
        ("v", "fault of the grader, no points known: the sandbox died"),
        ("e", "the last run failed on our side and an older grade stands: no room"),
        ("u", "unreadable, 0 points: u.py is not UTF-8 text"),
        ("d", "crashed: products"),
    ]


def _stub(x, scale=2.0):
    raise NotImplementedError


def test_a_stub_is_called_what_its_author_reads(tmp_path):
    grade = toy.grade_function(_stub)
    Gradebook(tmp_path, toy.ASSIGNMENT).write(grade, "", Durations(seconds=0.0))
    report = summarize(toy.ASSIGNMENT, read_class(tmp_path, toy.ASSIGNMENT))
    assert [(one.status, one.not_written) for one in report.statuses] == [("raised", True)]
    assert tiles(report)[0] == ("submission", "1")
    page = render(report)
    assert "The last run of the one student took" in page
    assert "products: not written" in page
    assert "products: exception" not in page
    assert '<span data-status="raised stub">not written</span>' in page
    assert '<td class="raised stub">' in page, "what a name opens to says the same"
    assert ">exception<" not in page


def test_an_identifier_in_the_pdf_breaks_only_between_its_words():
    assert _identifiers("t.off, products") == r"\mbox{t.of{}f{},{}} \mbox{products}"
    long = _identifiers("q1.a_name_that_no_column_has_room_for")
    assert long.count(r"\allowbreak{}") == long.count(r"\mbox") - 1 == 8


def test_one_idea_in_two_functions_is_counted_once(tmp_path):
    other = load_assignment(Path("tests/small"))
    total = ("wrong", "total")
    rows = {"a": [total] * 3, "b": [PASSED, PASSED, total], "c": [PASSED] * 3, "d": [total, PASSED, PASSED]}
    grades = [synthetic_class.grade(other, student, statuses) for student, statuses in rows.items()]
    (mistake,) = summarize(other, read_class(synthetic_class.write(tmp_path, grades), other)).mistakes
    assert (mistake.students, mistake.share) == (("a", "b", "d"), 0.75)
    assert mistake.parts == ("running_sums", "error_gradient")
    assert mistake.hint == "One sum for each number.", "both functions' students are two: the first function's"


def test_families_are_judged_by_all_of_their_cases(toy_class):
    path = toy_class / "a" / "grade.json"
    plain = json.loads(path.read_text())
    vector = plain["scores"][3]
    vector["verdicts"].append({**vector["verdicts"][1], "case": "products.many.1", "status": "wrong"})
    path.write_text(json.dumps(plain))
    report = summarize(toy.ASSIGNMENT, read_class(toy_class, toy.ASSIGNMENT))
    rates = [(family.name, family.share) for family in report.criteria[3].families]
    # On the second family b and c are wrong, d crashed, and a is wrong on one of two cases.
    assert rates == [("many", 0.2), ("two", 0.8)], "the worst first"


PAID = dataclasses.replace(toy.ASSIGNMENT, questions=(dataclasses.replace(toy.QUESTION, written_points=5.0),))


@pytest.fixture
def paid_class(tmp_path):
    """Six students right in code; of two written answers they have both, both, one, none, no text, an unread one."""
    marks = {"a": "right right", "b": "right right", "c": "right wrong", "d": "wrong wrong", "e": "", "f": "unread"}
    share = {"a": 1.0, "b": 1.0, "c": 0.5}
    grades = []
    for student, found in marks.items():
        findings = tuple(Finding(kind="answer", question="t", name="dy", mark=mark) for mark in found.split())
        answer = WrittenQuestion(question="t", earned=5 * share.get(student, 0), possible=5.0, findings=findings)
        grade = toy.grade_function(toy.products, student=student)
        grades.append(synthetic_class.in_plain_values(dataclasses.replace(grade, written=(answer,))))
    return synthetic_class.write(tmp_path / "paid", grades)


def test_points_for_written_answers_count(paid_class):
    found = read_class(paid_class, PAID)
    report = summarize(PAID, found)
    assert report.possible == 15
    assert (report.totals.most, report.totals.least, report.totals.mean) == (15, 10, pytest.approx(12.5 / 6 + 10))
    assert report.totals.full == 2
    assert [count for *_, count in report.totals.bins] == [0, 0, 0, 0, 0, 0, 3, 0, 1, 2]
    (question,) = report.questions
    assert (question.possible, question.pass_rate) == (15, pytest.approx(1 / 3))
    written = report.criteria[-1]
    assert (written.id, written.possible, written.mean_share) == ("t.written", 5, pytest.approx(12.5 / 30))
    assert (written.right, written.wrong, written.no_answer) == (2, 2, 2)
    assert written.item_rest is None, "there is no rest to go with: all code is right"
    assert written.upper_lower == 1
    (row,) = (row for table in by_heading(report)["criteria"] for row in table.rows if row[0].code == "t.written")
    assert row[2:5] == ("5", "33%", "42%")
    assert "t.written" in render(report)
    told = {grade.student: feedback(PAID, grade) for grade in read_grades(paid_class, PAID).grades}
    assert "| t | Written answer | right | 5 / 5 |" in told["a"]
    assert "| t | Written answer | not entirely right | 2.5 / 5 |" in told["c"]
    assert "| t | Written answer | no answer | 0 / 5 |" in told["e"]


def test_what_a_person_has_to_read_is_told(tmp_path):
    line = Finding(kind="line", question="t", name="", mark="unread", label="a.md", line=3, latex="y = x", detail="no")
    answer = WrittenQuestion(question="t", earned=1.5, possible=5.0, findings=(line,), open=2.0)
    grade = dataclasses.replace(toy.grade_function(toy.products, student="ada"), written=(answer,))
    folder = synthetic_class.write(tmp_path / "open", [synthetic_class.in_plain_values(grade)])
    assert json.loads((folder / "ada" / "grade.json").read_text())["written"][0]["open"] == 2
    report = summarize(PAID, read_class(folder, PAID))
    assert (report.criteria[-1].right, report.criteria[-1].no_answer) == (0, 1)
    assert "t: written answer for a person to read, 2 points open" in render(report)
    (person,) = report.attention
    assert (person.student, person.kinds[-1]) == ("ada", "written answer for a person to read")
    (read,) = read_grades(folder, PAID).grades
    assert read.written == (answer,)
    told = feedback(PAID, read)
    assert "| t | Written answer | for a person to read | 1.5 / 5 |" in told
    assert "- 2 points are for a person to decide on: not all of your answer could be read." in told
    assert "the written answer to question Products, cost 1.5 of 15 points" in told
    below = part_feedback(PAID, read)[PAID.questions[0].written_cell]
    assert (below.earned, below.possible) == (1.5, 5)
    assert "<strong>1.5 of 5 points</strong> for your derivation: for a person to read" in below.html
    assert "<li>2 points are for a person to decide" in below.html


def test_grades_from_before_written_answers_gave_points_are_refused(paid_class):
    with pytest.raises(InputError, match="was graded by another rubric"):
        read_class(paid_class, toy.ASSIGNMENT)


def by_heading(report):
    return {section.id: section.tables for section in sections(report)}


def test_the_report_is_the_same_in_any_order_and_byte_for_byte_again(big, assignment):
    found = read_class(big, assignment)
    page = render(summarize(assignment, found))
    grades = list(found.results)
    random.Random(1).shuffle(grades)
    again = ClassResults(results=tuple(grades), unread=found.unread, log=found.log[::-1])
    assert summarize(assignment, again) == summarize(assignment, found)
    assert render(summarize(assignment, again)) == page


def test_every_criterion_and_misconception_is_on_the_page_with_those_who_have_it(big, assignment):
    report = summarize(assignment, read_class(big, assignment))
    assert report.graded == 297
    tables = by_heading(report)
    (criteria,) = tables["criteria"]
    assert [row[0].code for row in criteria.rows] == [c.id for part in assignment.parts for c in part.criteria]
    assert len(criteria.rows[0]) == len(criteria.columns)
    who = [cell for table in tables["misconceptions"] for row in table.rows for cell in row if isinstance(cell, People)]
    assert sum(len(cell.students) for cell in who) == sum(len(m.students) for m in report.mistakes) > 297


def test_what_cannot_be_read_costs_one_line(toy_class):
    for name, text in {
        "half": '{"schema"',
        "deep": "[" * 100_000,
        "list": "[]",
        "nan": json.dumps({**json.loads((toy_class / "a/grade.json").read_text()), "student": "nan"}).replace(
            "10", "NaN"
        ),
        "other": (toy_class / "a/grade.json").read_text(),
        "binary": "\0\1",
    }.items():
        (toy_class / name).mkdir()
        (toy_class / name / "grade.json").write_text(text)
    (toy_class / "somebodys").mkdir()
    with (toy_class / "run.jsonl").open("a") as log:
        log.write('{"student": 7}\n{"half')
    found = read_class(toy_class, toy.ASSIGNMENT)
    assert len(found.results) == 7
    reasons = {unread.path: unread.reason for unread in found.unread}
    assert set(reasons) >= {f"{name}/grade.json" for name in ("half", "deep", "list", "other", "binary")}
    assert reasons["other/grade.json"] == "names another student than its folder"
    assert reasons["run.jsonl"] == "has 2 damaged lines, passed over"
    assert all("\n" not in reason for reason in reasons.values())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema": "grade-9"}, "has the schema 'grade-9', not 'grade-1'"),
        ({"assignment": "hw2"}, "is a grade of the assignment 'hw2', not of 'toy'"),
        ({"scores": []}, "was graded by another rubric"),
    ],
    ids=["schema", "assignment", "rubric"],
)
def test_grades_that_do_not_belong_together_are_refused(toy_class, change, says):
    path = toy_class / "c" / "grade.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(InputError, match=says):
        read_class(toy_class, toy.ASSIGNMENT)


def test_a_class_nobody_of_which_was_graded_still_gets_a_page(tmp_path):
    grades = [synthetic_class.without_scores(toy.ASSIGNMENT, "u", "unreadable", "not UTF-8")]
    report = summarize(toy.ASSIGNMENT, read_class(synthetic_class.write(tmp_path, grades), toy.ASSIGNMENT))
    assert report.totals is None
    assert "unreadable, 0 points: not UTF-8" in render(report)


@given(st.text(max_size=400))
def test_any_text_is_shown_in_one_line(text):
    shown = excerpt(text)
    assert shown.isprintable()
    assert len(shown) <= LONGEST * len("[U+10FFFF]") + 3


def test_students_are_called_as_they_wrote_their_names(tmp_path):
    ids = [student_id(name) for name in ("Zoë Ångström", "Ж" * 40)]
    assert all("%" in one for one in ids)
    grades = [synthetic_class.grade(toy.ASSIGNMENT, one, [WRONG] * 4, sha256="1" * 64) for one in ids]
    found = read_class(synthetic_class.write(tmp_path, grades), toy.ASSIGNMENT)
    report = summarize(toy.ASSIGNMENT, found)
    page, tex = render(report), source(report)
    assert all("Zoë Ångström" in text for text in (page, tex))
    assert "ЖЖ" in page
    assert all(one not in page for one in ids)
    whole = read_grades(tmp_path, toy.ASSIGNMENT).grades
    headings = {feedback(toy.ASSIGNMENT, grade).splitlines()[0] for grade in whole}
    assert "# Toy homework: feedback for `Zoë Ångström`" in headings
    pages = {student_pages(toy.ASSIGNMENT, grade, "s0").headings[0] for grade in whole}
    assert "Feedback for Zoë Ångström" in pages


def test_the_command_writes_private_files_and_says_where(hw1, big, tmp_path):
    result = hw1("report", "class", big, "--output", tmp_path / "out")
    assert result.exit_code == 0, result.output
    for name in ("class.html", "class.pdf"):
        path = tmp_path / "out" / name
        assert str(path) in result.output
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    links = re.findall(r'<a href="(\.\.[^"]*)"', (tmp_path / "out" / "class.html").read_text(encoding="utf-8"))
    assert len({*links}) == 300
    assert all((tmp_path / "out" / unquote(link) / "grade.json").exists() for link in links)


def pdf_words(data: bytes, between: str = "") -> str:
    """Return the text of a PDF without any space: names may be broken anywhere."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    found = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
    return between.join("".join(page.split()) for page in found.stdout.decode().split("\f"))


def printed(cell):
    """Return the texts of a cell that page and PDF both show."""
    if isinstance(cell, People):
        return [excerpt(student) for student in cell.students]
    if isinstance(cell, str):
        return [cell]
    return [cell.title, cell.code] if isinstance(cell, Named) else [cell.text]


def test_the_pdf_has_every_number_of_the_page_and_the_same_bytes_again(toy_class):
    report = summarize(toy.ASSIGNMENT, read_class(toy_class, toy.ASSIGNMENT))
    data = build(report)
    assert build(report) == data
    words, page = pdf_words(data), html.unescape("".join(render(report).split()))
    tables = [table for section in sections(report) for table in section.tables]
    folded = [text for table in tables for row in table.folded for cell in row for text in printed(cell)]
    texts = [text for table in tables for row in table.seen for cell in row for text in printed(cell)]
    texts += [text for section in sections(report) for text in (*section.before, *section.after)]
    texts += [text for tile in tiles(report) for text in tile]
    assert len(texts) > 100
    assert not [text for text in texts if "".join(text.split()) not in words]
    assert not [text for text in (*texts, *folded) if "".join(text.split()) not in page]


@pytest.mark.parametrize("filled", [150, 176, 184, 192, 200, 208])
def test_a_short_table_and_its_heading_stay_on_one_page(filled, toy_class):
    report = summarize(toy.ASSIGNMENT, read_class(toy_class, toy.ASSIGNMENT))
    students = tuple((f"zq{number}", 1.0) for number in range(10))
    times = WallTimes(count=10, median=1.0, longest=1.0, total=10.0, slowest=students)
    written = source(dataclasses.replace(report, durations=times))
    before, heading, after = written.partition(r"\section{Slowest}")
    before, room, between = before.rpartition(r"\room{")
    data = compile_pdf(rf"{before}\newpage\null\vspace{{{filled}mm}}{room}{between}{heading}{after}")
    pages = [words for words in pdf_words(data, "\f").split("\f") if "zq" in words]
    assert [page.count("zq") for page in pages] == [10]
    assert "Slowest" in pages[0]


def test_hostile_names_and_a_class_of_300_compile(hostile_class, big, assignment):
    words = pdf_words(build(summarize(toy.ASSIGNMENT, read_class(hostile_class, toy.ASSIGNMENT))))
    for text in ("<imgsrc=xonerror", "=cmd|'!A0", "[U+202E]gnp.exe", "two[U+000A]lines", "{{7*7}}{%raw%}", "x" * 64):
        assert text in words
    words = pdf_words(build(summarize(assignment, read_class(big, assignment))))
    assert words.count("long-name-long-name") >= 10


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "nowhere", "no such folder; give the --output folder of hw1 grade"),
        (lambda folder: folder, "no STUDENT/grade.json that can be read"),
    ],
    ids=["missing", "empty"],
)
def test_a_folder_without_grades_is_one_line(hw1, tmp_path, make, says):
    assert says in one_line(hw1("report", "class", make(tmp_path), "--output", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_another_assignments_grades_are_one_line(hw1, toy_class, tmp_path):
    assert "move it away, or name its package" in one_line(
        hw1("report", "class", toy_class, "--output", tmp_path / "out")
    )


def test_the_class_that_hw1_graded_has_the_mean_that_it_printed(hw1, course, tmp_path):
    some, out = tmp_path / "class", tmp_path / "out"
    some.mkdir()
    for name in ("student-05.py", "student-07.py", "student-14.ipynb"):
        shutil.copy(Path("tests/submissions/class") / name, some)
    graded = hw1("grade", some, "--output", out, "--course", course)
    assert graded.exit_code == 0
    (mean,) = (line.split()[-2] for line in graded.output.splitlines() if line.split()[:1] == ["mean"])
    assert hw1("report", "class", out, "--output", out).exit_code == 0
    page = (out / "class.html").read_text(encoding="utf-8")
    assert f"With unreadable submissions counted as 0, the mean is {mean}." in page
    assert "rule for equal indices" in page
    assert "student-14.ipynb is not valid JSON" in page


def test_without_tex_the_page_is_there_and_the_pdf_is_one_line(hw1, big, tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_PDFLATEX", str(tmp_path / "nowhere"))
    line = one_line(hw1("report", "class", big, "--output", tmp_path / "out"))
    assert "AUTOGRADER_PDFLATEX" in line
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["class.html"]
