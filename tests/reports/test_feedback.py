"""What a student reads: helpful, and nothing of a hidden case."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from autograder.gradebook import Gradebook
from autograder.gradebook.reading import read_grades
from autograder.grading import Grader, summarize
from autograder.grading.diagnosis import call
from autograder.loading import module_submission
from autograder.results import Durations, Finding, LoadNote, Outcome, Run, WrittenQuestion
from reports.feedback.markdown import feedback
from reports.feedback.pages import student_pages
from reports.feedback.summary import LEFT_OUT, MOST_LOSSES
from tests import toy
from tests.gradebook.test_gradebook import SCHEMA


def text_of(function, seed=0):
    cases = toy.toy_cases(seed)
    return feedback(toy.ASSIGNMENT, toy.grade_function(function, cases)), cases


def test_full_marks_read_as_such():
    text, _ = text_of(toy.products)
    assert "**10 of 10 points**" in text
    assert "| t | all, diagonal | right | 4 / 4 |" in text
    assert "## Products" not in text


def test_a_mistake_is_named_with_its_hint_and_the_public_numbers():
    text, cases = text_of(toy.wrong_scale)
    public = next(case for case in cases.cases if not case.hidden)
    assert "Where is the scale?" in text
    assert f"scale={public.inputs['scale']:.6g}" in text
    assert "- `all`, yours: " in text
    assert "- `all`, expected: " in text


def test_it_begins_with_what_cost_points_and_where_to_look():
    text, _ = text_of(toy.wrong_scale)
    said = "One mistake, `all` no-scale, cost 9 of 10 points: see question t of the solution and run `toy_check.py`."
    assert text.split("\n\n")[1:3] == ["**1 of 10 points**", said]
    assert "Everything is right on all hidden cases." in text_of(toy.products)[0]


def test_changed_inputs_are_told_as_such_whatever_the_mistake_is_called():
    grade = toy.grade_function(toy.wrong_scale, toy.toy_cases(0))
    scores = tuple(replace(score, status="mutated") if score.misconception else score for score in grade.scores)
    text = feedback(toy.ASSIGNMENT, replace(grade, scores=scores))
    assert "One mistake, `products` modifies its inputs, cost 9 of 10 points: " in text


def two_mistakes(x, scale=2.0):
    return np.outer(x, x), x + scale


def test_several_mistakes_are_listed_the_dearest_first():
    text, _ = text_of(two_mistakes)
    assert "2 mistakes cost 10 of 10 points:" in text
    listed = [line for line in text.splitlines() if line.startswith("- `")]
    assert [line.partition(";")[0] for line in listed[:2]] == ["- `all` no-scale: 9 points", "- `vector` sum: 1 point"]


def test_no_list_ends_with_one_more():
    """The line would be as long as the reason."""
    score, *_ = toy.grade_function(two_mistakes).scores
    for number, rest in ((MOST_LOSSES + 1, ""), (MOST_LOSSES + 2, "- 2 more: 2 points.")):
        scores = tuple(
            replace(score, misconception=f"m{n}", possible=1.0 if n else 5.0, earned=0.0) for n in range(number)
        )
        text = feedback(toy.ASSIGNMENT, replace(toy.grade_function(two_mistakes), scores=scores))
        assert f"{number} mistakes cost" in text
        assert [line for line in text.splitlines() if " more: " in line] == ([rest] if rest else [])


def test_what_no_public_case_shows_is_said_to_be_so():
    text, _ = text_of(toy.raising)
    assert "One mistake, `products` raises, cost 3 of 10 points: no public case shows it." in text
    assert "See public case" not in text


def test_a_missing_function_is_no_mistake():
    cases = toy.toy_cases()
    outcomes = {case.id: Outcome(case=case.id, status="missing") for case in cases.cases}
    grade = Grader(toy.ASSIGNMENT, cases, "bubblewrap").grade(
        module_submission("s", ""), Run(notes=(), outcomes=outcomes, seconds=0)
    )
    text = feedback(toy.ASSIGNMENT, grade)
    assert "One missing function, `products`, cost 10 of 10 points." in text
    assert "expected:" not in text, "nothing of the student's stands beside it"
    assert "See public case" not in text
    assert LEFT_OUT not in text
    noted = replace(grade, notes=("s.py, line 5: SyntaxError: this code could not be read and was left out.",))
    assert feedback(toy.ASSIGNMENT, noted).index(LEFT_OUT) < feedback(toy.ASSIGNMENT, noted).index("| Question |")


def _stub(x, scale=2.0):
    raise NotImplementedError


def _for_some(x, scale=2.0):
    if scale != 2.0:
        raise NotImplementedError
    return np.outer(x, x), x


def test_a_stub_is_not_written_yet_and_a_public_case_of_it_shows_nothing():
    text, _ = text_of(_stub)
    assert "One unwritten function, `products`, cost 10 of 10 points." in text
    assert "Public case 1" not in text
    assert "Public case" in text_of(_for_some)[0], "where another is answered, it shows what it does not answer"


def _nothing(x, scale=2.0):
    toy.products(x, scale)


def _one_array(x, scale=2.0):
    return toy.products(x, scale)[0]


@pytest.mark.parametrize(
    ("function", "what"),
    [(_nothing, "returns None"), (_one_array, "returns another number of arrays than was asked for")],
)
def test_what_came_back_is_said_first_where_nothing_can_be_compared(function, what):
    text, _ = text_of(function)
    assert f"One mistake, `products` {what}, cost 10 of 10 points: run `toy_check.py`." in text


def test_an_unreadable_submission_is_told_why_in_a_sentence():
    grade = replace(
        toy.grade_function(toy.products), status="unreadable", scores=(), notes=("a.ipynb is no notebook; save it",)
    )
    text = feedback(toy.ASSIGNMENT, grade)
    assert text.endswith("**\n\n- a.ipynb is no notebook; save it.\n"), "nothing follows about cases that were not run"


def _near(x, scale=2.0):
    return np.outer(x, x) * scale * (1 + 1e-9), (x * scale).astype(np.float32)


def _numberless(x, scale=2.0):
    return np.outer(x, x) * 2.0, x * 2.0


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (_near, "`all` is approximate: its largest relative error is 1.0e-09, and a right output is within 3.6e-15."),
        (_near, "; it came in float32: compute in float64."),
        (_numberless, "`all` and `vector` are the right outputs for scale = 2: is `scale` ignored?"),
        (toy.wrong_scale, "`all` is the right output for scale = 1: is `scale` ignored?"),
    ],
)
def test_a_public_case_gives_the_reason_and_criteria_point_to_it(function, reason, tmp_path):
    """Also when it is read back from its record."""
    grade = toy.grade_function(function)
    text = feedback(toy.ASSIGNMENT, grade)
    head, _, case = text.partition("Public case 1, a public case: ")
    assert reason in case
    told = [line for line in head.splitlines() if line.startswith("- **")]
    assert all(line.endswith("See public case 1 below.") for line in told)
    assert sum(line.count("**: ") for line in told) == sum(score.status != "passed" for score in grade.scores)
    assert len({line.partition(". ")[2] for line in told}) == len(told), "what holds for several is said once"
    if function is _near:
        assert "expected:" not in case, "two equal numbers"
    Gradebook(tmp_path, toy.ASSIGNMENT).write(grade, text, Durations(seconds=0.0))
    record = json.loads((tmp_path / "s" / "grade.json").read_text(encoding="utf-8"))
    jsonschema.validate(record, SCHEMA, cls=jsonschema.Draft202012Validator)
    (again,) = read_grades(tmp_path, toy.ASSIGNMENT).grades
    assert feedback(toy.ASSIGNMENT, again) == text


def test_a_wrong_line_that_is_the_answer_is_told_once():
    place = {"question": "t", "label": "cell 2", "line": 3, "latex": "2 a", "detail": "one factor too many"}
    wrong = Finding(kind="answer", name="all", mark="wrong", **place)
    line = Finding(kind="line", name="", mark="fails", **place)
    other = replace(line, line=2, detail="the sign is wrong")
    for lines in ((line,), (other, line)):
        answer = WrittenQuestion(question="t", earned=0, possible=0, findings=(*lines, wrong))
        text = feedback(toy.ASSIGNMENT, replace(toy.grade_function(toy.products), written=(answer,)))
        assert text.count("One factor too many.") == 1
        assert text.count("The sign is wrong.") == (other in lines)
        assert "not right (cell 2, line 3)" in text


def test_answers_that_are_not_there_have_one_line_and_what_is_not_read_one_too():
    place = {"question": "t", "mark": "unread", "label": "c", "line": 3, "detail": "words are not a formula"}
    gone = [Finding(kind="answer", question="t", name=name, mark="missing") for name in ("all", "vector")]
    unread = Finding(kind="answer", name="third", latex="x", **place)
    line = Finding(kind="line", name="", latex="y = x", **place)
    answer = WrittenQuestion(question="t", earned=0, possible=0, findings=(line, gone[0], unread, gone[1]))
    text = feedback(toy.ASSIGNMENT, replace(toy.grade_function(toy.products), written=(answer,)))
    assert text.count("no answer was found") == 1
    assert "- **all**, **vector**: no answer was found." in text
    assert text.count("Words are not a formula.") == 1
    nothing = WrittenQuestion(question="t", earned=0, possible=0, findings=tuple(gone))
    text = feedback(toy.ASSIGNMENT, replace(toy.grade_function(toy.products), written=(nothing,)))
    assert "## Your written answer\n\nNo answer was found to question " in text
    paid = replace(nothing, possible=2.0)
    text = feedback(toy.ASSIGNMENT, replace(toy.grade_function(toy.products), written=(paid,)))
    assert "- **all**, **vector**: no answer was found." in text


@pytest.mark.parametrize(("wrong", "said"), [(0, ""), (1, "1 result is not right;"), (2, "2 results are not right;")])
def test_a_wrong_written_answer_is_told_first_though_it_costs_nothing(wrong, said):
    findings = tuple(
        Finding(kind="answer", question="t", name=name, mark=mark, label="c", line=1, latex="a", detail="no")
        for name, mark in zip(("all", "vector"), ["wrong"] * wrong + ["right"] * 2, strict=False)
    )
    grade = toy.grade_function(toy.products)
    text = feedback(
        toy.ASSIGNMENT,
        replace(grade, written=(WrittenQuestion(question="t", earned=0, possible=0, findings=findings),)),
    )
    first = text.partition("| Question |")[0]
    assert "Everything is right on all hidden cases." in first
    assert ("In your written answer" in first) == bool(wrong)
    assert said in first
    paid = WrittenQuestion(question="t", earned=0, possible=2, findings=findings)
    assert "no points depend on it" not in feedback(toy.ASSIGNMENT, replace(grade, written=(paid,)))


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("a factor 3 is missing: left 1", "A factor 3 is missing: `left 1`"),
        ("the sign is wrong: for x = (0.3): left 1, right -1", "The sign is wrong: `for x = (0.3): left 1, right -1`"),
        ("there is a factor too many", "There is a factor too many."),
        ("a factor <b> is missing: left 1", "`a factor <b> is missing: left 1`"),
    ],
)
def test_a_reason_is_a_sentence_and_a_students_text_is_code(detail, said):
    wrong = Finding(kind="answer", question="t", name="all", mark="wrong", label="c", line=1, latex="a", detail=detail)
    answer = WrittenQuestion(question="t", earned=0, possible=0, findings=(wrong,))
    text = feedback(toy.ASSIGNMENT, replace(toy.grade_function(toy.products), written=(answer,)))
    assert f"- **all**: not right (`c`, line 1): `a`. {said}\n" in text


def test_what_is_not_allowed_is_said_in_general():
    cases = toy.toy_cases()
    outcomes = {case.id: Outcome(case=case.id, status="forbidden") for case in cases.cases}
    grade = Grader(toy.ASSIGNMENT, cases, "bubblewrap").grade(
        module_submission("s", ""), Run(notes=(), outcomes=outcomes, seconds=0)
    )
    text = feedback(toy.ASSIGNMENT, grade)
    assert all(word in text for word in ("network", "files", "processes"))


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (["holds"], "One line was checked; it holds."),
        (["fails"], "One line was checked; it does not hold."),
        (["holds", "fails"], "2 lines were checked: 1 holds, 1 does not hold."),
        (["unread", "unread", "defined"], "3 lines were checked: 2 could not be read, 1 is a definition."),
        (["note"], "One line was checked; it belongs to no question."),
        (["note", "note", "holds"], "3 lines were checked: 1 holds, 2 belong to no question."),
    ],
)
def test_lines_of_a_written_answer_are_counted_in_english(marks, said):
    found = tuple(
        Finding(kind="line", question="t", name="", mark=mark, label="c", line=1, latex="a = b", detail="d")
        for mark in marks
    )
    answer = WrittenQuestion(question="t", earned=0, possible=0, findings=found)
    assert f"- {said}" in feedback(toy.ASSIGNMENT, replace(toy.grade_function(toy.products), written=(answer,)))


def test_no_number_of_a_hidden_case_is_in_it():
    for function in (toy.wrong_scale, toy.raising, toy.mutating):
        text, cases = text_of(function)
        for case in cases.cases:
            numbers = [*np.ravel(case.inputs["x"]), case.inputs["scale"]]
            numbers += [v for truth in cases.truths[case.id].values() for v in truth.ravel()]
            shown = [v for v in numbers if f"{v:.5g}" in text or repr(float(v)) in text]
            assert not case.hidden or not shown


def test_an_exception_is_named_for_a_public_case_only():
    text, _ = text_of(raises_text)
    assert "KeyError was raised" in text
    assert "secret text" not in text

    def raises_on_hidden(x, scale=2.0):
        if len(x) > 2:
            raise KeyError("secret text")
        return toy.products(x, scale)

    text, _ = text_of(raises_on_hidden)
    assert "KeyError" not in text


def raises_text(x, scale=2.0):
    raise KeyError("secret text")


WITHOUT_NUMBERS = {
    "nothing (None)": lambda x, scale=2.0: (None, None),
    "not the number of arrays that was asked for": lambda x, scale=2.0: x,
    "complex numbers": lambda x, scale=2.0: (x * 1j, x * 1j),
    "text": lambda x, scale=2.0: ("a", "b"),
    "far larger shape": lambda x, scale=2.0: (np.zeros((1000, 1000)), np.zeros((1000, 0))),
    "KeyError was raised\n": raises_text,
    "TypeError was raised": lambda x, *, scale=2.0: x,
}


@pytest.mark.parametrize("words", WITHOUT_NUMBERS)
def test_why_a_public_answer_has_no_numbers_is_kept_in_its_record(words, tmp_path):
    """What is read back from grade.json tells the student the same as what was graded."""
    grade = toy.grade_function(WITHOUT_NUMBERS[words])
    text = feedback(toy.ASSIGNMENT, grade)
    assert re.search(f"yours: (an array of a )?{re.escape(words)}", text)
    Gradebook(tmp_path, toy.ASSIGNMENT).write(grade, text, Durations(seconds=0.0))
    record = json.loads((tmp_path / "s" / "grade.json").read_text(encoding="utf-8"))
    jsonschema.validate(record, SCHEMA, cls=jsonschema.Draft202012Validator)
    (again,) = read_grades(tmp_path, toy.ASSIGNMENT).grades
    assert feedback(toy.ASSIGNMENT, again) == text


def test_a_record_from_before_reasons_were_kept_is_read(tmp_path):
    grade = toy.grade_function(WITHOUT_NUMBERS["text"])
    Gradebook(tmp_path, toy.ASSIGNMENT).write(grade, "", Durations(seconds=0.0))
    path = tmp_path / "s" / "grade.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    for verdict in (verdict for score in record["scores"] for verdict in score["verdicts"]):
        verdict.pop("reason", None)
    path.write_text(json.dumps(record), encoding="utf-8")
    (again,) = read_grades(tmp_path, toy.ASSIGNMENT).grades
    assert "yours: nothing that can be shown in numbers" in feedback(toy.ASSIGNMENT, again)


def test_loading_notes_are_shown_and_cannot_end_a_code_span():
    cases = toy.toy_cases()
    outcomes = {case.id: call(toy.products, case, ("all", "vector")) for case in cases.cases}
    notes = (
        LoadNote(label="cell 3", line=2, error="ModuleNotFoundError", module="torch"),
        LoadNote(label="cell 4", line=0, error="ValueError"),
    )
    grade = Grader(toy.ASSIGNMENT, cases, "bubblewrap").grade(
        module_submission("a`b", ""), Run(notes=notes, outcomes=outcomes, seconds=0)
    )
    text = feedback(toy.ASSIGNMENT, grade)
    assert "cell 3, line 2: `torch` cannot be imported here" in text
    assert "cell 4: ValueError" in text
    assert "`a'b`" in text


def test_two_secrets_give_the_same_bytes_when_public_cases_agree():
    first, second = toy.toy_cases(1), toy.toy_cases(2)
    public = {c.id: c for c in first.cases if not c.hidden}
    cases = tuple(public.get(c.id, c) for c in second.cases)
    truths = {c.id: (first if c.id in public else second).truths[c.id] for c in cases}
    mixed = type(second)(cases=cases, truths=truths, cases_id="d" * 32, torch_version="0")
    for function in (toy.products, toy.wrong_scale, toy.raising):
        assert feedback(toy.ASSIGNMENT, toy.grade_function(function, first)) == feedback(
            toy.ASSIGNMENT, toy.grade_function(function, mixed)
        )


def test_a_result_is_told_by_its_status_whatever_the_sentences_are(tmp_path):
    """Only the stub is not written; on a right answer only a vector's layout is worth a word; so after reading back."""

    def unwritten(x, scale=2.0):
        raise NotImplementedError

    def column(x, scale=2.0):
        return np.outer(x, x) * scale, (x * scale)[:, None]

    def graded(function):
        grade = toy.grade_function(function)
        spoken = tuple(replace(score, feedback=f"Words on {score.criterion}.") for score in grade.scores)
        Gradebook(tmp_path, toy.ASSIGNMENT).write(replace(grade, scores=spoken), "", Durations(seconds=0.0))
        (again,) = read_grades(tmp_path, toy.ASSIGNMENT).grades
        return again

    assert summarize(graded(unwritten)).findings == ("not written",)
    assert "not written" not in summarize(graded(toy.raising)).findings
    right, relaid = graded(toy.products), graded(column)
    for say in (
        lambda grade: feedback(toy.ASSIGNMENT, grade),
        lambda grade: student_pages(toy.ASSIGNMENT, grade, "s0").body.dumps(),
    ):
        assert "Words on" not in say(right)
        assert "Words on t.vector." in say(relaid)
