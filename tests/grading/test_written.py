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
from autograder.gradebook import Gradebook
from autograder.grading.written import asked, grade_written
from autograder.loading import find_submissions, read_submission, read_written, reference_source
from autograder.mathematics.answers.asked import Question, question_of
from autograder.mathematics.answers.judging import findings_of
from autograder.model import Assignment, Limits
from autograder.results import Cases, Finding, Submission, Written
from autograder.sandbox._prover import job
from autograder.sandbox.prover import Prover
from autograder.truth import load as load_truths
from autograder.truth import read_secret
from reports.feedback.markdown import feedback

FOLDER = Path(__file__).parents[1] / "submissions" / "written"
FOUND = json.loads((FOLDER / "findings.json").read_text(encoding="utf-8"))
DIAGONAL = r"\frac{\partial y_i}{\partial x_i}"


@pytest.fixture(scope="module")
def prover(assignment: Assignment) -> Iterator[Prover]:
    with Prover(asked(assignment)) as made:
        yield made


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(assignment))]


def handed_in(*pieces: Written) -> Submission:
    return Submission(student="s", path=Path("s.py"), kind="module", cells=(), sha256="", written=pieces)


def markdown(text: str, question: str = "") -> Submission:
    return handed_in(Written(label="s.md", question=question, format="markdown", text=text))


def marks(findings: tuple[Finding, ...], kind: str) -> list[str]:
    return [one.mark for one in findings if one.kind == kind]


def answers(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {one.name: one.mark for one in findings if one.kind == "answer" and one.mark != "missing"}


@pytest.mark.parametrize("name", sorted(FOUND))
def test_each_fixture_is_judged_as_recorded(name: str, prover: Prover) -> None:
    found = prover.judge(handed_in(*read_written(FOLDER / name)))
    recorded = FOUND[name]
    assert answers(found) == recorded["answers"]
    assert " ".join(marks(found, "line")) == recorded["lines"]
    first = next((one.line for one in found if one.kind == "line" and one.mark == "fails"), None)
    assert first == recorded["first_failing_line"]
    assert next((one.detail for one in found if one.name == "layout"), "") == recorded["layout"]
    assert any(one.detail.startswith(recorded["hint"]) for one in found if one.kind == "answer")


@pytest.mark.parametrize("name", sorted(FOUND))
def test_what_comes_out_of_the_sandbox_is_what_was_said_inside(
    name: str, prover: Prover, assignment: Assignment
) -> None:
    pieces = read_written(FOLDER / name)
    frames: list[bytes] = []
    asked_for = wire.Paper(
        questions=asked(assignment),
        pieces=tuple(wire.Piece(question=one.question, form=one.format, text=one.text) for one in pieces),
    )
    job.run(wire.encode_paper(asked_for), frames.append)
    inside = wire.decode_findings(frames[-1][4:]).findings
    outside = prover.judge(handed_in(*pieces))
    assert [(one.mark, one.line, one.name, one.latex, one.detail) for one in outside] == [
        (one.mark, one.line, one.name, one.latex, one.detail) for one in inside
    ]


def test_every_fixture_is_recorded_and_named_for_what_it_is() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*FOUND, "findings.json"}
    for name, recorded in FOUND.items():
        assert ("wrong" in recorded["answers"].values()) is name.startswith("wrong")
        assert (recorded["first_failing_line"] is not None) is name.startswith("wrong")


WRONG = {
    "missing beta": (f"$${DIAGONAL} = y_i (1 - y_i)$$", "a factor beta is missing"),
    "wrong sign": (rf"$${DIAGONAL} = -\beta y_i (1 - y_i)$$", "the sign is wrong"),
    "squared beta": (rf"$${DIAGONAL} = \beta^2 y_i (1 - y_i)$$", "a factor beta is too many"),
    "transposed": (
        r"$$\frac{\partial C}{\partial W} = \frac{\partial C}{\partial y} x^T$$"
        r"$$\frac{\partial C}{\partial b} = \frac{\partial C}{\partial y}$$"
        r"$$\frac{\partial C_2}{\partial W} = 3 x \left(\frac{\partial C}{\partial y}\right)^T$$",
        "its shape is that of the transpose",
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_mistake_is_named(name: str, prover: Prover) -> None:
    text, hint = WRONG[name]
    wrong = [one for one in prover.judge(markdown(text)) if one.kind == "answer" and one.mark == "wrong"]
    assert [one.detail.split(":")[0] for one in wrong] == [hint]


def test_a_counterexample_is_right_as_it_stands(prover: Prover) -> None:
    (line,) = [one for one in prover.judge(markdown("$$y_i = 2 x_i$$", "q2")) if one.kind == "line"]
    assert line.mark == "fails"
    assert line.detail == "for K = 1, i = 1, beta = 0.5, x = 0.3: left 1, right 0.6"


def test_a_condition_decides_what_a_formula_is_about(prover: Prover) -> None:
    off = r"\frac{\partial y_i}{\partial x_j} = -\beta y_i y_j"
    for text in (
        f"If $i \\neq j$: $${off}$$",
        f"$${off}, \\quad i \\ne j$$",
        rf"$${off} \quad \text{{for }} i \neq j$$",
    ):
        assert answers(prover.judge(markdown(text))) == {"dy_i/dx_j, i != j": "right"}
    assert marks(prover.judge(markdown(f"$${off}$$")), "line") == ["fails"]


def test_a_diagonal_entry_by_itself_says_what_the_others_are(prover: Prover) -> None:
    diagonal = rf"$${DIAGONAL} = \beta y_i (1 - y_i)$$"
    for off, mark in ((r"-\beta y_i y_j", "right"), (r"\beta y_i (\delta_{ij} - y_j)", "right"), ("-y_i y_j", "wrong")):
        found = prover.judge(markdown(rf"{diagonal} $$\frac{{\partial y_i}}{{\partial x_j}} = {off}$$"))
        assert answers(found) == {"dy_i/dx_i": "right", "dy_i/dx_j, i != j": mark}


def test_a_letter_that_is_not_the_output_answers_nothing(prover: Prover) -> None:
    text = r"$$p_i = \exp(\beta x_i)$$ $$\frac{\partial p_i}{\partial x_i} = \beta p_i$$"
    found = prover.judge(markdown(text))
    assert answers(found) == {}
    assert marks(found, "line") == ["defined", "holds"]


DEEP = 10_000
HOSTILE = {
    "tower": rf"$${DIAGONAL} = 9^{{9^{{9^{{9^9}}}}}}$$",
    "braces": "$$y_i = " + "{" * DEEP + "x" + "}" * DEEP + "$$",
    "unclosed": "$$y_i = " + "{" * DEEP + "$$",
    "short and deep": "$$y_i = " + "(" * 300 + "x_i" + ")" * 300 + "$$",
    "digits": "$$y_i = " + "7" * 19_000 + "$$",
    "a million digits, cut": "$$y_i = " + "7" * 190_000 + "$$",
    "fractions": "$$y_i = " + r"\frac{1}{" * 500 + "2" + "}" * 500 + "$$",
    "powers": "$$y_i = " + "(1 + " * 18 + "x_i" + ")^{64}" * 18 + "$$",
    "sums": "$$y_i = " + "".join(rf"\sum_{{{index}=1}}^{{64}} " for index in "abcdef") + "x_a$$",
    "control": "$$y_i = \0\x1b[31m\u202e`x`</script>$$",
    "python": "$$y_i = __import__('os').system('id')$$",
    "lone surrogate": "$$y_i = \ud800$$",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_formula_gets_one_line(name: str, prover: Prover) -> None:
    found = prover.judge(markdown(HOSTILE[name], "q2"))
    (line,) = [one for one in found if one.kind == "line"]
    assert line.mark == "unread"
    assert line.detail
    assert set(answers(found).values()) <= {"unread"}


def test_macros_are_written_out_and_no_further(prover: Prover) -> None:
    def judged(text: str) -> list[Finding]:
        piece = Written(label="s.tex", question="q2", format="latex", text=text)
        return [one for one in prover.judge(handed_in(piece)) if one.kind == "line"]

    (line,) = judged(r"\newcommand{\d}[2]{\frac{\partial #1}{\partial #2}} \[ \d{y_i}{x_i} = \beta y_i (1 - y_i) \]")
    assert line.mark == "holds"
    letters = "abcdefghijklmnopqrstuvwx"
    doubling = "".join(rf"\newcommand{{\m{a}}}{{\m{b}\m{b}}}" for a, b in pairwise(letters))
    for bomb in (doubling + r"\[ y_i = \ma \]", r"\def\a{\a\a} \[ y_i = \a \]"):
        (line,) = judged(bomb)
        assert (line.mark, "macros" in line.detail) == ("unread", True)


@pytest.mark.parametrize(
    "text", ["$" * 190_000, r"\[ \( \begin{align} " * 9_000, "$$a_i = b_i$$" * 10_000, "#" * 190_000]
)
def test_a_document_of_nothing_but_marks_ends(text: str, prover: Prover) -> None:
    found = prover.judge(markdown(text, "q2"))
    assert len(found) <= 310
    assert not {"right", "timed_out"} & {one.mark for one in found}


def test_time_is_bounded_and_the_next_one_is_judged(assignment: Assignment) -> None:
    limits = Limits(cpu_seconds_per_call=0.15, cpu_seconds_per_function=0.15)
    slow = "".join(f"$$y_i = {'x_i' * 200} + {n}$$\n" for n in range(200))
    with Prover(asked(assignment), limits=limits) as prover:
        (remark,) = prover.judge(markdown(slow, "q2"))
        assert (remark.mark, "too long" in remark.detail) == ("unread", True)
        assert answers(prover.judge(markdown(rf"$${DIAGONAL} = \beta y_i (1 - y_i)$$"))) == {"dy_i/dx_i": "right"}


PIECES = [
    "$$", "$", r"\[", r"\]", r"\begin{align}", r"\end{align}", r"\begin{cases}", r"\end{cases}", "&", r"\\", "=", "{",
    "}", "(", ")", r"\frac", r"\partial", "y_i", "x_j", r"\beta", "_", "^", "C", "W", "T", r"\sum", "n", "1", "#", "%",
    r"\text{if}", "# 1a\n", "\n", r"\newcommand{\a}[1]{#1}", r"\a", r"\nabla", "/", ",", r"\exp", r"\mathbf", "+", "-",
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
texts.append(wire.Piece(question="q2", form="markdown", text="$$y_i = __import__('os').system('id')$$"))
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
    return wire.encode_findings([one, replace(one, kind="answer", mark="right", question=None, name="dC/dW")])


def test_findings_survive_the_wire() -> None:
    first, second = wire.decode_findings(findings_frame()[4:]).findings
    assert (first.mark, first.latex, first.question) == ("holds", "y_i", 0)
    assert (second.kind, second.name, second.question) == ("answer", "dC/dW", None)


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
    template = "**Question 1a, your derivation** (optional)\n\n*Write here.*"
    (tmp_path / "ada.ipynb").write_text(notebook(code, ("markdown", template, {"hw1": {"written": "q1a"}})))
    before = read_one(tmp_path)
    assert before.written == ()
    prompt = ("markdown", r"$$\frac{\partial C}{\partial W}$$", {"nbgrader": {"grade": False, "solution": False}})
    mine = ("markdown", template.replace("*Write here.*", "$a$"), {"hw1": {"written": "q1a"}})
    (tmp_path / "ada.ipynb").write_text(notebook(prompt, code, mine, ("markdown", r"$\partial$", {})))
    after = read_one(tmp_path)
    assert [(piece.label, piece.question) for piece in after.written] == [("cell 3", "q1a")]
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
    assert submission.written_problem == "2 written parts: ada/answers.tex and ada/more.md; leave the one to be judged"


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
    assert submission.written_problem == "ada.md has 50.0 MB, the limit is 0.2 MB; shorten it"
    result = hw1("prove", giant)
    assert (result.exit_code, result.stderr) == (2, "hw1: ada.md has 50.0 MB, the limit is 0.2 MB; shorten it\n")


def test_prove_tells_each_line_and_its_exit_code_says_how_it_went(hw1: Callable[..., Result]) -> None:
    right = hw1("prove", FOLDER / "right_rows.tex")
    assert right.exit_code == 0
    assert "line 8: holds:" in right.output
    assert "read with dC/dy as a row" in right.output
    wrong = hw1("prove", FOLDER / "wrong_1b.tex")
    assert wrong.exit_code == 1
    assert "line 4: DOES NOT HOLD:" in wrong.output
    assert "the shapes do not fit: 2x1 times 2x1" in wrong.output
    unread = hw1("prove", FOLDER / "unread_words.md")
    assert unread.exit_code == 3
    assert unread.output.count("What is read:") == 1
    assert "2 formulas, 2 equalities: 0 hold, 0 do not, 2 not read, 0 outside any question" in unread.output
    for bad in ("nowhere.md", FOLDER / "findings.json"):
        result = hw1("prove", bad)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def cases(assignment: Assignment, course: Path) -> Cases:
    return load_truths(assignment, course, read_secret(course, create=False), lambda _: None)


def test_a_written_part_is_graded_beside_the_functions(tmp_path: Path, assignment: Assignment, cases: Cases) -> None:
    home = tmp_path / "in" / "ada"
    home.mkdir(parents=True)
    (home / "hw1.py").write_text(reference_source(assignment))
    (home / "answers.md").write_text((FOLDER / "wrong_no_beta.md").read_text())
    book = Gradebook(tmp_path / "out", assignment)
    with Batch(assignment, cases, workers=1) as batch:
        (summary,) = batch.run(
            find_submissions(tmp_path / "in"), lambda _, g, s: book.write(g, feedback(assignment, g), s)
        )
    assert (summary.earned, summary.possible) == (50, 50)
    record = json.loads((tmp_path / "out" / "ada" / "grade.json").read_text())
    jsonschema.validate(record, json.loads(Path("autograder/schemas/grade-1.json").read_text()))
    (q2,) = [one for one in record["written"] if one["question"] == "q2"]
    assert [one["mark"] for one in q2["findings"] if one["kind"] == "answer"] == ["wrong", "wrong"]
    told = (tmp_path / "out" / "ada" / "feedback.md").read_text()
    assert "## Your written answer" in told
    assert "a factor beta is missing" in told
    assert "The first line that does not hold (`ada/answers.md`, line 5)" in told


def test_points_for_it_are_the_instructors_switch(tmp_path: Path, assignment: Assignment) -> None:
    paid = replace(assignment, questions=tuple(replace(q, written_points=4.0) for q in assignment.questions))
    findings = [
        Finding(kind="answer", question="q1a", name="dC/dW", mark="right"),
        Finding(kind="answer", question="q1a", name="dC/db", mark="wrong"),
    ]
    submission = markdown("$a$")
    free, worth = grade_written(assignment, submission, findings), grade_written(paid, submission, findings)
    assert [(one.earned, one.possible) for one in free] == [(0, 0)]
    assert [(one.question, one.earned, one.possible) for one in worth] == [("q1a", 2, 4), ("q1b", 0, 4), ("q2", 0, 4)]
    assert paid.possible == assignment.possible + 12
    assert grade_written(assignment, handed_in(), ()) == ()
    columns = Gradebook(tmp_path, paid).write_csv().read_text()
    assert columns.rstrip().endswith("q1a.written,q1b.written,q2.written")


def test_the_assignment_and_its_answers_agree(assignment: Assignment, prover: Prover) -> None:
    """The solution's own lines, handed in as a student would, all hold, and every answer is right."""
    text = ""
    for derivation in (one for question in assignment.questions for one in question.derivations if one.result):
        condition = f"For ${derivation.condition}$: " if derivation.condition else ""
        sides = " = ".join([derivation.left, *(step.latex for step in derivation.steps)])
        text += rf"{condition}\[ {sides} \]" + "\n"
    found = prover.judge(handed_in(Written(label="s.tex", question="", format="latex", text=text)))
    assert set(marks(found, "line")) <= {"holds", "defined"}
    assert set(marks(found, "answer")) == {"right"}


def test_a_homework_without_derivations_asks_for_nothing(assignment: Assignment) -> None:
    bare = replace(assignment, questions=tuple(replace(q, derivations=()) for q in assignment.questions))
    assert asked(bare) == ()
