"""Feedback as PDFs: a real class through the command, nobody's page in another's file, and one bad page costs one."""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import re
import shutil
import stat
import subprocess
import threading
from io import BytesIO

import pikepdf
import pytest
from pylatex.utils import NoEscape

from autograder.errors import InputError
from autograder.gradebook.reading import read_grades
from autograder.results import Finding, Grade, Verdict, WrittenQuestion
from reports.feedback import typeset as typesetting
from reports.feedback.cases import FailedCase
from reports.feedback.cells import part_feedback
from reports.feedback.markdown import written_answer
from reports.feedback.pages import MAX_NOTES, StudentPages, _case
from reports.feedback.typeset import MAX_PAGES, typeset, typeset_class
from reports.latex import Inline, compile_pdf, find_engine, new_document, readable, style
from reports.latex.runner import StoppedError
from tests import synthetic_class
from tests.cli.test_cli import one_line
from tests.reports.test_latex_escape import bare, engines, read_back

# One class, graded and printed once: on one worker.
pytestmark = pytest.mark.xdist_group("feedback-pdf")

HOSTILE = (
    "$^_%&#{}~",
    "\\input{|ls}\\undefined",
    "[2]",
    "Zoë Ångström-Łukasz",
    "日本語👩\u202e",
    "W" * 200,
    "\x1b[31m\x07\n\n",
    "-- ‘‘ fi `` ?`",
)


def text_of(path):
    return re.sub(r"\s+", " ", " ".join(read_back(path.read_bytes())))


@pytest.fixture(scope="session")
def graded(tmp_path_factory, quick, quick_course):
    """The bundled class as the sandbox and the grader left it."""
    from click.testing import CliRunner

    from autograder.cli import main

    folder = tmp_path_factory.mktemp("graded") / "grades"
    with_small_limits = ["--assignment", str(quick), "--course", str(quick_course)]
    done = CliRunner().invoke(main, ["grade", "tests/submissions/class", "-o", str(folder), *with_small_limits])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="session")
def written(tmp_path_factory, graded):
    """Their PDFs."""
    from click.testing import CliRunner

    from autograder.cli import main

    folder = tmp_path_factory.mktemp("feedback") / "new" / "pdf"
    done = CliRunner().invoke(main, ["report", "feedback", str(graded), "-o", str(folder)])
    assert done.exit_code == 0, done.output
    assert done.stdout == f"14 PDFs in {folder}\n"
    return folder


def test_everybody_gets_a_file_that_nobody_else_can_read(graded, written):
    assert {path.stem for path in written.iterdir()} == {path.parent.name for path in graded.glob("*/grade.json")}
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE(written.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in written.iterdir()} == {0o600}


def test_it_says_what_the_markdown_says(graded, written, assignment):
    """Points, words, hints; every number of a public case or why there is none; and no other number."""
    unshown = set()
    for path in written.glob("*.pdf"):
        home = graded / path.stem
        grade = json.loads((home / "grade.json").read_text())
        said, told = text_of(path), (home / "feedback.md").read_text()
        assert f"{grade['earned']:g} of {grade['possible']:g} points" in said
        numbers = re.compile(r"(?<![\w.])-?\d+\.\d+(?:e[+-]\d+)?(?![\w.])")
        assert set(numbers.findall(said)) == set(numbers.findall(told)), path.stem
        for note in grade["notes"]:
            assert bare(note.replace("`", "")) in bare(said)
        told_first = ("Points come from hidden", "While your code was loaded", "Public case 1", "Your written answer")
        seen = [bare(said).rindex(heading) for heading in map(bare, told_first) if heading in bare(said)]
        assert seen == sorted(seen), "why a function is missing, before what was missed; no page for a last line"
        if grade["status"] == "graded":
            for score in grade["scores"]:
                if score["status"] != "passed":
                    assert bare(score["feedback"].replace("`", "")) in bare(said)
        for words in re.findall(r"yours: ([^`\n]+)\n", told):
            assert bare(words) in bare(said), path.stem
            unshown.add(words)
    assert {"not allowed", "too slow"} <= unshown


def test_all_three_forms_begin_with_what_cost_points(graded, written, assignment):
    """The points add up, and the solution's results have the names that they have there."""
    first = {}
    for grade in read_grades(graded, assignment).grades:
        told, said = (graded / grade.student / "feedback.md").read_text(), text_of(written / f"{grade.student}.pdf")
        if grade.status != "graded" or grade.earned == grade.possible:
            continue
        cost = re.search(rf"^.* cost ([\d.]+) of {assignment.possible:g} points(: .*|[.:])$", told, re.MULTILINE)
        assert float(cost[1]) == grade.possible - grade.earned, grade.student
        assert bare(cost[0].replace("`", "")) in bare(said)
        first[grade.student] = cost[0]
        for part in part_feedback(assignment, grade).values():
            lost = part.possible - part.earned
            assert (f" cost {lost:g} of {part.possible:g} points" in part.html) == (lost > 0), grade.student
    (part, *_), possible = assignment.parts, f"{assignment.possible:g} points"
    assert first["student-05"] == (
        f"One mistake, `{part.names[0]}` transposed, cost 17 of {possible}: see Result 1a.1 of the solution "
        "and run `hw1_check.py`."
    )
    assert "see Results 2.1 and 2.2 of the solution" in first["student-07"]
    assert first["student-11"].startswith(f"4 unwritten functions cost {assignment.possible:g} of {possible}")


def test_inputs_that_a_call_modified_are_shown_before_and_after(graded, written):
    told = (graded / "student-10" / "feedback.md").read_text()
    changed = re.findall(r"The call modified `(\w+)` in place: before `\[(.*?)\]`, after `\[(.*?)\]`", told)
    assert {name for name, *_ in changed} == {"dC_dy", "x"}
    assert all(before != after for _, before, after in changed)
    assert "The call modified dC_dy in place: before" in text_of(written / "student-10.pdf")


def test_the_named_mistake_is_there_and_yours_beside_the_truth(written, assignment):
    output = assignment.parts[0].names[0]
    said = text_of(written / "student-05.pdf")
    assert f"{output} comes out transposed" in said
    assert f"{output}, yours, shape (2, 3) {output}, expected, shape (3, 2)" in said
    assert "In your output, framed: numbers that differ as printed." in said
    assert "Everything is right on all hidden cases." in text_of(written / "student-01.pdf")


def test_an_unreadable_submission_is_told_why(written, assignment):
    said = text_of(written / "student-14.pdf")
    assert "could not be read" in said
    assert "is not valid JSON" in said
    assert f"0 of {assignment.possible:g} points" in said


def test_a_file_says_whose_it_is(written, assignment):
    with pikepdf.open(written / "student-05.pdf") as pdf:
        assert str(pdf.docinfo.Title).endswith("feedback for student-05")
        assert str(pdf.Root.Lang) == "en-US"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
            pages = [item.destination[0].objgen for item in outline.root]
        assert titles[0] == "Feedback for student-05"
        assert titles[1:] == [question.title for question in assignment.questions[:2]]
        assert set(pages) <= {page.objgen for page in pdf.pages}


def test_its_bookmarks_open_the_pages_of_their_headings(written):
    for path in written.iterdir():
        pages = [bare(page) for page in read_back(path.read_bytes())]
        with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
            numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
            for item in outline.root:
                assert bare(item.title) in pages[numbers[item.destination[0].objgen]], (path.stem, item.title)


def strings(value):
    """Every text in an object, not followed into others."""
    if isinstance(value, pikepdf.String):
        yield str(value).encode()
        yield bytes(value)
    elif isinstance(value, pikepdf.Name):
        yield str(value).encode()
    elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        for key, one in value.items():
            yield key.encode()
            if not getattr(one, "is_indirect", False):
                yield from strings(one)
    elif isinstance(value, pikepdf.Array):
        for one in value:
            if not getattr(one, "is_indirect", False):
                yield from strings(one)


def insides(data):
    """Everything in a PDF: all objects, streams decoded, what stands outside of them, the text of its pages."""
    with pikepdf.open(BytesIO(data)) as pdf:
        pieces = [data, *strings(pdf.trailer)]
        for one in pdf.objects:
            pieces += strings(one)
            if isinstance(one, pikepdf.Stream):
                pieces.append(one.read_bytes())
    return b"\n".join([*pieces, *(page.encode() for page in read_back(data))])


def test_nothing_of_anybody_else_is_in_a_file(tmp_path, assignment):
    names = [f"qzk{number:02d}x" for number in range(25)]
    plain, log = synthetic_class.draw(assignment, names)
    for one in plain:
        one["notes"] = [f"cell 1: `mod{one['student']}` cannot be imported"]
    found = read_grades(synthetic_class.write(tmp_path, plain, log), assignment)
    for made in typeset_class(assignment, found.grades):
        inside = insides(made.pdf)
        there = set(re.findall(rb"qzk\d\dx", inside))
        assert there == {made.student.encode()}
        assert inside.count(made.student.encode()) >= 5, "text, footer, note, title, outline are seen by this search"
        assert b"HWStudent" not in inside
        with pikepdf.open(BytesIO(made.pdf)) as pdf:
            assert all(made.student in page for page in read_back(made.pdf))
            assert "/Names" not in pdf.Root
            assert "/Dests" not in pdf.Root


def test_the_same_grades_give_the_same_bytes(graded, written, tmp_path, hw1):
    assert hw1("report", "feedback", graded, "-o", tmp_path / "again").exit_code == 0
    for path in written.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


@pytest.fixture
def many(plain, monkeypatch):
    """Ten students who share four runs of TeX."""
    monkeypatch.setattr(typesetting, "AT_ONCE", 3)
    return [dataclasses.replace(plain, student=f"s{number}") for number in range(10)]


def cores(monkeypatch, number):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(number)))


def test_the_number_of_cores_changes_no_byte(many, assignment, monkeypatch):
    made = []
    for number in (1, 3):
        cores(monkeypatch, number)
        made.append([(one.student, one.pdf) for one in typeset_class(assignment, many)])
    assert made[0] == made[1]
    assert [student for student, _ in made[0]] == [one.student for one in many]
    assert all(pdf for _, pdf in made[0])


def test_each_page_is_set_once(many, assignment, tmp_path):
    path, engine = tmp_path / "pdflatex", find_engine()
    path.write_text(f'#!/bin/sh\necho >> {tmp_path}/runs\nexec {engine.path} "$@"\n')
    path.chmod(0o755)
    made = list(typeset_class(assignment, many, engine=dataclasses.replace(engine, path=path)))
    assert all(one.pdf for one in made)
    assert (tmp_path / "runs").read_text() == "\n" * 4


def test_runs_go_on_beside_each_other(many, assignment, monkeypatch):
    cores(monkeypatch, 2)
    both = threading.Barrier(2, timeout=60)

    def waiting(*arguments, **more):
        both.wait()
        return compile_pdf(*arguments, **more)

    monkeypatch.setattr(typesetting, "compile_pdf", waiting)
    assert all(one.pdf for one in typeset_class(assignment, many))


def test_whoever_stops_early_leaves_no_tex_behind(many, assignment, monkeypatch):
    cores(monkeypatch, 2)
    lay_out, ended = typesetting.student_pages, []

    def endless(assignment, grade, key):
        pages = lay_out(assignment, grade, key)
        body = Inline(data=[NoEscape(r"\loop\iftrue\repeat")]) if grade.student == "s9" else pages.body
        return dataclasses.replace(pages, body=body)

    def watched(*arguments, **more):
        try:
            return compile_pdf(*arguments, **more)
        except Exception as error:
            ended.append(type(error))
            raise

    monkeypatch.setattr(typesetting, "student_pages", endless)
    monkeypatch.setattr(typesetting, "compile_pdf", watched)
    made = typeset_class(assignment, many)
    assert [next(made).student for _ in range(7)] == [f"s{number}" for number in range(7)]
    made.close()
    assert ended == [StoppedError]
    assert not [one for one in threading.enumerate() if one.name.startswith("typeset")]


@pytest.fixture
def plain(assignment, graded):
    """Any grade, to be changed."""
    return next(one for one in read_grades(graded, assignment).grades if one.student == "student-08")


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.origin)
def test_names_and_notes_may_hold_anything(plain, assignment, engine):
    grades = [dataclasses.replace(plain, student=name, notes=HOSTILE) for name in HOSTILE]
    for name, made in zip(HOSTILE, typeset_class(assignment, grades, engine=engine), strict=True):
        assert not made.problem
        said = bare("".join(read_back(made.pdf)))
        assert bare(f"Feedback for {readable(name)}") in said
        for note in HOSTILE:
            assert bare(readable(note.replace("`", ""))) in said


ODD = (
    None,
    "nan",
    [],
    [[]],
    [[], []],
    [[1, 2], [3]],
    [[[1.5]], 2],
    [["nan", "inf"], ["-inf", -0.0]],
    [[1e300] * 9] * 3,
    [-(2**63)] * 60,
    [[0.123456789] * 20] * 20,
    [[1]] * 400,
    {"a": "}"},
    "\\undefined" * 200,
)


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.origin)
def test_whatever_came_back_from_a_public_case_can_be_shown(plain, assignment, engine):
    grades = [odd_case(plain, value) for value in ODD]
    for value, made in zip(ODD, typeset_class(assignment, grades, engine=engine), strict=True):
        assert not made.problem, value
        assert len(read_back(made.pdf)) <= MAX_PAGES


def odd_case(grade: Grade, actual: object, times: int = 1) -> Grade:
    shown = {"inputs": {"x": [1.5, 2.5], "beta": 2.0}, "actual": actual, "truth": [[1.5, 0.25], [-1.0, 3.0]]}
    verdicts = tuple(
        Verdict(case=f"c{number}", family="f", hidden=False, status="wrong", shown=shown) for number in range(times)
    )
    first, *rest = grade.scores
    return dataclasses.replace(grade, scores=(dataclasses.replace(first, status="wrong", verdicts=verdicts), *rest))


def test_a_students_pages_are_bounded(plain, assignment):
    much = odd_case(plain, [[0.123456789] * 4] * 12, times=200)
    grades = [dataclasses.replace(much, student=name, notes=("note " * 2000,) * 500) for name in ("first", "second")]
    for made in typeset_class(assignment, grades):
        pages = read_back(made.pdf)
        assert len(pages) == MAX_PAGES
        assert "all that follows is in feedback.md" in pages[-1]
        assert not any("all that follows" in page for page in pages[:-1])


def test_notes_are_bounded(plain, assignment):
    grade = dataclasses.replace(plain, notes=tuple(f"note number {n}" for n in range(MAX_NOTES + 7)))
    (made,) = typeset_class(assignment, [grade])
    said = "".join(read_back(made.pdf))
    assert f"note number {MAX_NOTES - 1}" in said
    assert f"note number {MAX_NOTES}" not in said
    assert "And 7 more." in said


def test_the_written_part_is_said_as_in_the_markdown(plain, assignment):
    asked = assignment.questions[-1].id
    found = [
        Finding(kind="answer", question=asked, name="dy_i/dx_i", mark="wrong", label="cell 4", line=5,
                latex=r"y_i (1 - y_i) \\undefined{", detail="a factor beta is missing: left 0.12, right 0.24"),
        Finding(kind="line", question=asked, name="", mark="fails", label="c", line=5, latex="$%&#", detail="**no**"),
        Finding(kind="remark", question=asked, name="", mark="note", detail="gradients are rows"),
    ]  # fmt: skip
    answer = WrittenQuestion(question=asked, earned=1.0, possible=2.0, findings=tuple(found))
    grades = [dataclasses.replace(plain, written=(answer,)), dataclasses.replace(plain, written=(answer,) * 40)]
    short, long = typeset_class(assignment, grades)
    said = bare("".join(read_back(short.pdf)))
    for line in written_answer(assignment, grades[0]):
        assert bare(re.sub(r"^(- |#+ )|`|\*\*", "", line)) in said.replace("**no**", "no")
    assert "1of2points" in said
    assert "more lines, in feedback.md." in re.sub(r"\s+", " ", "".join(read_back(long.pdf)))


def test_a_fault_of_ours_is_not_explained_to_the_student(plain, assignment):
    grade = dataclasses.replace(plain, status="grader_fault", notes=("/srv/secret/path failed",), scores=())
    (made,) = typeset_class(assignment, [grade])
    said = "".join(read_back(made.pdf))
    assert "Not graded yet" in said
    assert "srv" not in said
    assert f"of {assignment.possible:g}" not in said


@pytest.mark.parametrize("poison", [r"\undefined", r"\end{document}"])
def test_a_page_that_tex_cannot_set_costs_its_student_alone(poison, assignment):
    pages = [
        StudentPages(
            student=name,
            key=name,
            headings=("Page",),
            body=Inline(data=[NoEscape(rf"\anchor{{{name}:0}} {poison if name == 'b' else 'fine'}")]),
        )
        for name in ("b", "c")
    ]
    made = typeset(assignment, pages, find_engine())
    assert [one.student for one in made] == ["b", "c"]
    assert [bool(one.pdf) for one in made] == [False, True]
    assert made[0].problem
    assert "\n" not in made[0].problem


def test_without_an_engine_one_line_and_nothing_written(graded, tmp_path, hw1, monkeypatch):
    before = {path: path.read_bytes() for path in graded.rglob("*") if path.is_file()}
    for engine, words in (("/nowhere/pdflatex", "AUTOGRADER_PDFLATEX"), ("false", "TeX ended with code 1")):
        monkeypatch.setenv("AUTOGRADER_PDFLATEX", engine)
        done = hw1("report", "feedback", graded, "-o", tmp_path / "pdf")
        assert done.exit_code == 2
        assert words in one_line(done)
        assert not (tmp_path / "pdf").exists()
    assert {path: path.read_bytes() for path in graded.rglob("*") if path.is_file()} == before


def test_a_pdf_that_cannot_be_kept_costs_its_student_alone(graded, tmp_path, hw1, assignment):
    long = "n" * 250
    grades = shutil.copytree(graded, tmp_path / "grades")
    plain = json.loads((grades / "student-05" / "grade.json").read_text())
    synthetic_class.write(grades, [{**plain, "student": long}])
    done = hw1("report", "feedback", grades, "-o", tmp_path / "pdf")
    assert done.exit_code == 2
    assert len(list((tmp_path / "pdf").iterdir())) == 14
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"hw1: '{long}': no PDF (cannot write")
    assert "the grade and feedback.md stand" in lines[0]
    assert lines[1].startswith("hw1: 1 of 15 students has no PDF")


def test_grades_are_read_when_they_are_asked_for_and_not_kept(assignment, tmp_path):
    names = [f"s{number}" for number in range(9)]
    found = read_grades(synthetic_class.write(tmp_path, *synthetic_class.draw(assignment, names)), assignment)

    def kept():
        gc.collect()
        return sum(type(one) is Grade for one in gc.get_objects())

    before = kept()
    assert [one.student for one in found.grades] == names
    assert kept() == before
    assert [one.student for one in found.grades[2:4]] == names[2:4]
    (tmp_path / "s3" / "grade.json").unlink()
    with pytest.raises(InputError, match=r"s3/grade.json was there and cannot be read any more .*; run this again"):
        list(found.grades)


def test_a_damaged_grade_an_open_folder_and_one_without_grades_are_a_line_each(graded, tmp_path, hw1):
    grades, output = tmp_path / "grades", tmp_path / "open"
    shutil.copytree(graded / "student-05", grades / "student-05")
    (grades / "other").mkdir()
    (grades / "other" / "grade.json").write_text("{")
    output.mkdir()
    output.chmod(0o755)
    done = hw1("report", "feedback", grades, "-o", output)
    assert done.exit_code == 0
    damaged, opened = done.stderr.splitlines()
    assert damaged == "hw1: 'other/grade.json' is not valid JSON; there is no PDF from it"
    assert "is open to others (mode 0755)" in opened
    assert [path.name for path in output.iterdir()] == ["student-05.pdf"]
    done = hw1("report", "feedback", tmp_path / "grades" / "other", "-o", tmp_path / "none")
    assert done.exit_code == 2
    assert "no STUDENT/grade.json" in one_line(done)


def boxes(pdf):
    """Each word with the top of its box, page by page."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    word = re.compile(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="[\d.]+">(.*?)</word>')
    return [
        [(name, float(top)) for top, name in word.findall(page)] for page in done.stdout.decode().split("<page ")[1:]
    ]


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.origin)
def test_a_row_that_is_not_right_stands_on_one_line(graded, assignment, engine):
    """The points of a row stand as high as its result; a color at a cell's start drops it with one engine only."""
    grade = next(one for one in read_grades(graded, assignment).grades if one.student == "student-05")
    (made,) = typeset_class(assignment, [grade], engine=engine)
    first = boxes(made.pdf)[0]
    below = next(top for word, top in first if word == assignment.parts[0].name)
    rows = [top for word, top in first if word == "wrong" and top < below]
    points = [top for word, top in first if re.fullmatch(r"\d+/\d+", word)]
    assert len(rows) == 4
    # Bold type has a lower box; a line is 13 points.
    assert all(any(abs(top - one) < 4 for one in points) for top in rows)


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.origin)
def test_a_pdf_holds_each_cut_of_a_font_once_for_all_sizes(graded, assignment, engine):
    """Most bytes of it are fonts, which students do not share."""
    grade = next(one for one in read_grades(graded, assignment).grades if one.student == "student-05")
    (made,) = typeset_class(assignment, [grade], engine=engine)
    with pikepdf.open(BytesIO(made.pdf)) as pdf:
        fonts = [font for page in pdf.pages for font in page.resources.get("/Font", {}).values()]
        names = {str(font.BaseFont).partition("+")[2] for font in fonts}
    assert len({re.sub(r"\d+", "", name) for name in names}) == len(names)
    assert len(made.pdf) < 150_000


def _failed(verdict):
    return FailedCase(number=1, title="", inputs={"x": 1.0}, verdicts={"y": verdict}, criteria=frozenset())


def test_a_head_stays_with_its_numbers():
    """Public cases at ever other heights, each too tall for `room` alone: numbers stand below what is above them."""
    verdict = Verdict(
        case="c", family="f", hidden=False, status="wrong",
        shown={"inputs": {"x": 1.0}, "actual": [[7777.5] * 3] * 12, "truth": [[8888.5] * 3] * 12},
    )  # fmt: skip
    document = new_document()
    document.preamble.append(style("reports.feedback", "style.tex"))
    for number in range(40):
        document.append(NoEscape(rf"\vskip {5 + 13 * number % 71}pt"))
        document.extend(list(_case(f"f{number}q", _failed(verdict))))
    pages = read_back(compile_pdf(document.dumps()))
    assert len(pages) > 4
    for page in pages:
        assert page.count("Public case") == page.count("y, yours") == page.count("In your output, framed")
        assert page.count("8888.5") == 36 * page.count("In your output, framed")
