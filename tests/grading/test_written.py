"""Written answers: found in what was handed in, judged in the sandbox, told to the student."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.batch import Batch
from autograder.errors import AssignmentError
from autograder.gradebook import Gradebook
from autograder.grading.written import asked, grade_written
from autograder.loading import find_submissions, read_submission, reference_source
from autograder.mathematics.answers.asked import Question, question_of
from autograder.mathematics.answers.judging import findings_of
from autograder.model import Assignment, Limits
from autograder.results import Cases, Finding, Submission, Written
from autograder.sandbox.prover import Prover
from autograder.truth import load as load_truths
from autograder.truth import read_secret
from reports.feedback.markdown import feedback

FOLDER = Path(__file__).parents[1] / "submissions" / "written"
SLOPE = r"\frac{\partial E}{\partial x_i}"
RIGHT = rf"$${SLOPE} = 2 (x_i - t_i)$$"


@pytest.fixture(scope="module")
def prover(small: Assignment) -> Iterator[Prover]:
    with Prover(asked(small)) as made:
        yield made


@pytest.fixture(scope="module")
def questions(small: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(small))]


def handed_in(*pieces: Written) -> Submission:
    return Submission(student="s", kind="module", cells=(), sha256="", written=pieces)


def markdown(text: str, question: str = "") -> Submission:
    return handed_in(Written(label="s.md", question=question, format="markdown", text=text))


def answers(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {one.name: one.mark for one in findings if one.kind == "answer" and one.mark != "missing"}


DEEP = 10_000
HOSTILE = {
    "tower": rf"$${SLOPE} = 9^{{9^{{9^{{9^9}}}}}}$$",
    "braces": "$$E = " + "{" * DEEP + "x" + "}" * DEEP + "$$",
    "unclosed": "$$E = " + "{" * DEEP + "$$",
    "short and deep": "$$E = " + "(" * 300 + "x_i" + ")" * 300 + "$$",
    "digits": "$$E = " + "7" * 19_000 + "$$",
    "a million digits, cut": "$$E = " + "7" * 190_000 + "$$",
    "fractions": "$$E = " + r"\frac{1}{" * 500 + "2" + "}" * 500 + "$$",
    "powers": "$$E = " + "(1 + " * 18 + "x_i" + ")^{64}" * 18 + "$$",
    "sums": "$$E = " + "".join(rf"\sum_{{{index}=1}}^{{64}} " for index in "abcdef") + "x_a$$",
    "control": "$$E = \0\x1b[31m\u202e`x`</script>$$",
    "python": "$$E = __import__('os').system('id')$$",
    "lone surrogate": "$$E = \ud800$$",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_formula_gets_one_line(name: str, prover: Prover) -> None:
    found = prover.judge(markdown(HOSTILE[name], "q4"))
    (line,) = [one for one in found if one.kind == "line"]
    assert line.mark == "unread"
    assert line.detail
    assert set(answers(found).values()) <= {"unread"}


def test_macros_are_written_out_and_no_further(prover: Prover) -> None:
    def judged(text: str) -> list[Finding]:
        piece = Written(label="s.tex", question="q4", format="latex", text=text)
        return [one for one in prover.judge(handed_in(piece)) if one.kind == "line"]

    (line,) = judged(r"\newcommand{\d}[2]{\frac{\partial #1}{\partial #2}} \[ \d{E}{x_i} = 2 (x_i - t_i) \]")
    assert line.mark == "holds"
    letters = "abcdefghijklmnopqrstuvwx"
    doubling = "".join(rf"\newcommand{{\m{a}}}{{\m{b}\m{b}}}" for a, b in pairwise(letters))
    for bomb in (doubling + r"\[ E = \ma \]", r"\def\a{\a\a} \[ E = \a \]"):
        (line,) = judged(bomb)
        assert (line.mark, "macros" in line.detail) == ("unread", True)


@pytest.mark.parametrize(
    "text", ["$" * 190_000, r"\[ \( \begin{align} " * 9_000, "$$a_i = b_i$$" * 10_000, "#" * 190_000]
)
def test_a_document_of_nothing_but_marks_ends(text: str, prover: Prover) -> None:
    found = prover.judge(markdown(text, "q4"))
    assert len(found) <= 310
    assert not {"right", "timed_out"} & {one.mark for one in found}


def test_time_is_bounded_and_the_next_one_is_judged(small: Assignment) -> None:
    limits = Limits(cpu_seconds_per_call=0.15, cpu_seconds_per_function=0.15)
    slow = "".join(f"$$E = {'x_i' * 200} + {n}$$\n" for n in range(200))
    with Prover(asked(small), limits=limits) as prover:
        (remark,) = prover.judge(markdown(slow, "q4"))
        assert (remark.mark, "too long" in remark.detail) == ("unread", True)
        assert answers(prover.judge(markdown(RIGHT))) == {"dE/dx_j": "right"}


PIECES = [
    "$$", "$", r"\[", r"\]", r"\begin{align}", r"\end{align}", r"\begin{cases}", r"\end{cases}", "&", r"\\", "=", "{",
    "}", "(", ")", r"\frac", r"\partial", "t_i", "x_j", r"\theta", "_", "^", "E", "K", "T", r"\sum", "n", "1", "#", "%",
    r"\text{if}", "# 4\n", "\n", r"\newcommand{\a}[1]{#1}", r"\a", r"\nabla", "/", ",", r"\exp", r"\mathbf", "+", "-",
    r"\quad", r"\substack", "S", "e", r"\neq",
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=60).map(" ".join), latex=st.booleans())
def test_no_text_makes_the_reader_raise(text: str, latex: bool, questions: list[Question]) -> None:
    for found in findings_of([wire.Piece(question="", form="latex" if latex else "markdown", text=text)], questions):
        for said in (found.name, found.latex, found.detail):
            assert len(said) <= 240
            assert said.isascii()
            assert said.isprintable()


def test_no_text_of_a_student_is_compiled_or_evaluated() -> None:
    # An audit hook cannot be taken off again, so it gets a process of its own.
    program = f"""
import sys
from pathlib import Path
from autograder import wire
from autograder.sandbox._prover import job
from autograder.mathematics.answers.judging import findings_of
from autograder.mathematics.answers.asked import question_of
from autograder.loading import load_assignment
from autograder.grading.written import asked
job.rehearse()
questions = [question_of(place, one) for place, one in enumerate(asked(load_assignment(Path("solutions"))))]
seen = []
def hook(event, arguments):
    if event in ("compile", "exec", "import", "open", "os.system", "subprocess.Popen"):
        seen.append((event, str(arguments)[:100]))
texts = [wire.Piece(question="", form="latex" if p.suffix == ".tex" else "markdown", text=p.read_text())
         for p in sorted(Path({str(FOLDER)!r}).iterdir()) if p.suffix in (".md", ".tex")]
texts.append(wire.Piece(question=questions[-1].id, form="markdown", text="$$y_i = __import__('os').system('id')$$"))
sys.addaudithook(hook)
for text in texts:
    findings_of([text], questions)
print(seen, "sympy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == "[] False"


def test_a_run_without_written_parts_loads_no_parser() -> None:
    program = "import sys, autograder.batch, autograder.grading.written; print({'sympy', 'lark'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "set()"


def findings_frame() -> bytes:
    one = wire.Finding(kind="line", mark="holds", question=0, piece=0, line=3, name="", latex="y_i", detail="ok")
    return wire.encode_findings([one, replace(one, kind="answer", mark="right", question=None, name="dE/dx")])


def test_findings_survive_the_wire() -> None:
    first, second = wire.decode_findings(findings_frame()[4:]).findings
    assert (first.mark, first.latex, first.question) == ("holds", "y_i", 0)
    assert (second.kind, second.name, second.question) == ("answer", "dE/dx", None)


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, len(findings_frame()) - 5), byte=st.integers(0, 255), cut=st.booleans())
def test_a_broken_findings_frame_is_refused_or_clean(place: int, byte: int, cut: bool) -> None:
    frame = bytearray(findings_frame()[4:])
    frame[place] = byte
    try:
        decoded = wire.decode_findings(bytes(frame[:place] if cut else frame))
    except wire.FrameError:
        return
    for one in decoded.findings:
        assert all(text.isascii() and text.isprintable() for text in (one.name, one.latex, one.detail) if text)


def notebook(*cells: tuple[str, str, dict[str, object]]) -> str:
    made = [
        {"cell_type": kind, "source": text, "metadata": metadata, **({"outputs": []} if kind == "code" else {})}
        for kind, text, metadata in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def read_one(folder: Path) -> Submission:
    (found,) = find_submissions(folder)
    return read_submission(found)


def test_marked_cells_are_the_written_part_and_the_code_keeps_its_hash(tmp_path: Path) -> None:
    code = ("code", "x = 1", {})
    template = "**Question 3, your derivation** (optional)\n\n*Write here.*"
    (tmp_path / "ada.ipynb").write_text(notebook(code, ("markdown", template, {"autograder": {"written": "q3"}})))
    before = read_one(tmp_path)
    assert before.written == ()
    prompt = ("markdown", r"$$\frac{\partial C}{\partial W}$$", {"nbgrader": {"grade": False, "solution": False}})
    mine = ("markdown", template.replace("*Write here.*", "$a$"), {"autograder": {"written": "q3"}})
    (tmp_path / "ada.ipynb").write_text(notebook(prompt, code, mine, ("markdown", r"$\partial$", {})))
    after = read_one(tmp_path)
    assert [(piece.label, piece.question) for piece in after.written] == [("cell 3", "q3")]
    assert after.sha256 == before.sha256 != ""


def test_unmarked_cells_count_when_derivatives_stand_in_them(tmp_path: Path) -> None:
    words = ("markdown", "# My homework", {})
    (tmp_path / "ada.ipynb").write_text(notebook(words, ("code", "x = 1", {})))
    assert read_one(tmp_path).written == ()
    (tmp_path / "ada.ipynb").write_text(notebook(words, ("markdown", r"# 1a\n$\frac{dC}{dW}$", {})))
    assert [piece.label for piece in read_one(tmp_path).written] == ["cell 1", "cell 2"]


def test_a_file_beside_the_code_is_the_written_part(tmp_path: Path) -> None:
    home = tmp_path / "ada"
    home.mkdir()
    (home / "hw1.py").write_text("x = 1\n")
    (home / "README.md").write_text("nothing")
    assert read_one(tmp_path).written == ()
    (home / "answers.tex").write_text(r"\[ a = b \]")
    (piece,) = read_one(tmp_path).written
    assert (piece.label, piece.format) == ("ada/answers.tex", "latex")
    (home / "more.md").write_text("$$a = b$$")
    submission = read_one(tmp_path)
    assert submission.written == ()
    assert submission.problem is None
    assert (
        submission.written_problem == "2 written parts: ada/answers.tex and ada/more.md; keep only the one to be judged"
    )


def test_in_one_folder_for_all_only_the_same_name_counts(tmp_path: Path) -> None:
    (tmp_path / "ada.py").write_text("x = 1\n")
    (tmp_path / "ben.md").write_text("$$a = b$$")
    ada, ben = find_submissions(tmp_path)
    assert read_submission(ada).written == ()
    assert [piece.label for piece in read_submission(ben).written] == ["ben.md"]
    (tmp_path / "ada.md").write_text("$$a = b$$")
    ada, ben = find_submissions(tmp_path)
    assert [piece.label for piece in read_submission(ada).written] == ["ada.md"]


def test_a_giant_is_refused_unread(tmp_path: Path, hw1: Callable[..., Result]) -> None:
    giant = tmp_path / "ada.md"
    with giant.open("wb") as file:
        file.truncate(50_000_000)
    (tmp_path / "ada.py").write_text("x = 1\n")
    submission = read_one(tmp_path)
    assert (submission.problem, submission.written) == (None, ())
    assert submission.written_problem == "ada.md is 50.0 MB, and the limit is 0.2 MB; shorten it"
    result = hw1("prove", giant)
    assert (result.exit_code, result.stderr) == (2, "hw1: ada.md is 50.0 MB, and the limit is 0.2 MB; shorten it\n")


@pytest.fixture(scope="module")
def cases(small: Assignment, small_course: Path) -> Cases:
    return load_truths(small, small_course, read_secret(small_course, create=False), lambda _: None)


def test_a_written_part_is_graded_beside_the_functions(tmp_path: Path, small: Assignment, cases: Cases) -> None:
    home = tmp_path / "in" / "ada"
    home.mkdir(parents=True)
    (home / "hw4.py").write_text(reference_source(small))
    (home / "answers.md").write_text("# Question 4\n\nThe slope is\n\n$$\\frac{dE}{dx_i} = x_i - t_i$$\n")
    book = Gradebook(tmp_path / "out", small)
    with Batch(small, cases, workers=1) as batch:
        (summary,) = batch.run(
            find_submissions(tmp_path / "in"), lambda _: lambda g, s: book.write(g, feedback(small, g), s)
        )
    assert (summary.earned, summary.possible) == (small.possible, small.possible)
    record = json.loads((tmp_path / "out" / "ada" / "grade.json").read_text())
    jsonschema.validate(record, json.loads(Path("autograder/schemas/grade-1.json").read_text()))
    (fourth,) = [one for one in record["written"] if one["question"] == "q4"]
    assert [one["mark"] for one in fourth["findings"] if one["kind"] == "answer"] == ["wrong"]
    told = (tmp_path / "out" / "ada" / "feedback.md").read_text()
    assert "## Your written answer" in told
    assert "not right (`ada/answers.md`, line 5)" in told
    assert told.count("A factor 2 is missing: ") == 1
    assert "One line was checked; it does not hold." in told


def test_points_for_it_are_the_instructors_switch(tmp_path: Path, small: Assignment) -> None:
    paid = replace(small, questions=tuple(replace(q, written_points=4.0) for q in small.questions))
    findings = [
        Finding(kind="answer", question="q4", name="dE/dx", mark="right"),
        Finding(kind="answer", question="q4", name="dE/dt", mark="wrong"),
    ]
    submission = markdown("$a$")
    free, worth = grade_written(small, submission, findings), grade_written(paid, submission, findings)
    assert [(one.earned, one.possible) for one in free] == [(0, 0)]
    assert [(one.question, one.earned, one.possible) for one in worth] == [("q3", 0, 4), ("q4", 2, 4)]
    assert paid.possible == small.possible + 8
    assert grade_written(small, handed_in(), ()) == ()
    columns = Gradebook(tmp_path, paid).write_csv().read_text()
    assert columns.rstrip().endswith("q3.written,q4.written")


def lines(*marks: str) -> list[Finding]:
    return [Finding(kind="line", question="q4", name="", mark=mark) for mark in marks]


@pytest.mark.parametrize(
    ("found", "earned", "left"),
    [
        ([*lines("holds", "holds"), "right"], 4, 0),
        (["right"], 3, 0),
        ([*lines("holds", "holds", "holds", "fails"), "wrong"], 0.75, 0),
        ([*lines("holds", "unread"), "unread"], 0.5, 3.5),
        ([*lines("unread", "unread"), "missing"], 0, 4),
        ([*lines("holds", "holds"), "missing"], 1, 0),
        ([*lines("holds", "holds", "defined", "note"), "right"], 4, 0),
        ([Finding(kind="remark", question="", name="", mark="unread", detail="it takes too long")], 0, 4),
        ([], 0, 0),
    ],
)
def test_steps_earn_their_share_and_what_was_not_read_is_left_open(
    small: Assignment, found: list[Finding | str], earned: float, left: float
) -> None:
    paid = replace(small, questions=tuple(replace(q, written_points=4.0, steps_share=0.25) for q in small.questions))
    findings = [
        Finding(kind="answer", question="q4", name="dE/dx", mark=one) if isinstance(one, str) else one for one in found
    ]
    graded = {one.question: one for one in grade_written(paid, markdown("$a$") if found else handed_in(), findings)}
    assert (graded["q4"].earned, graded["q4"].open) == (earned, left)
    assert (graded["q4"].word == "open") is bool(left)


def test_what_cannot_be_read_at_all_is_for_a_person(small: Assignment) -> None:
    paid = replace(small, questions=tuple(replace(q, written_points=4.0) for q in small.questions))
    unread = replace(handed_in(), written_problem="answer.pdf is not read")
    assert [(one.earned, one.open) for one in grade_written(paid, unread, ()) if one.possible] == [(0, 4), (0, 4)]
    bare = replace(paid, questions=tuple(replace(q, derivations=(), setting=None) for q in paid.questions))
    assert [one.open for one in grade_written(bare, markdown("$a$"), ())] == [4, 4]
    with pytest.raises(AssignmentError, match=r"steps_share is 1\.5; give one from 0 to 1"):
        replace(paid.questions[0], steps_share=1.5)


def test_a_homework_without_derivations_asks_for_nothing(small: Assignment) -> None:
    bare = replace(small, questions=tuple(replace(q, derivations=()) for q in small.questions))
    assert asked(bare) == ()
