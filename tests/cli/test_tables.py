"""Tables on terminals of every width: numbers and verdicts whole, names short and distinct, nobody lost."""

from __future__ import annotations

import io
import re
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from autograder.cli.names import shown_names
from autograder.cli.tables import print_changes, print_lines, print_open, progress_bar, summary_table
from autograder.gradebook.regrade import Change
from autograder.grading import Summary, summarize
from autograder.loading import student_id
from autograder.model import Assignment
from autograder.results import Adjustment
from autograder.words import STATUSES
from reports.feedback.words import WORDS
from tests import toy

WIDTHS = (40, 80, 100, 200)
LONG = "Jane Doe_1234567_assignsubmission_file_hw1"
NAMES = st.one_of(
    st.text(min_size=1, max_size=60),
    st.text("ab", min_size=1, max_size=70),
    st.builds("{}_{}_assignsubmission_file{}".format, st.text("JaneDoe äИ李"), st.integers(1, 30), st.text("_h")),
    st.builds("{}_{}_{}_hw1".format, st.text("doejan"), st.integers(9000, 9009), st.integers(9000, 9009)),
    st.text("İß\u202e\x1b\u200b\u3164🏽👩é\u0301 [/]", min_size=1, max_size=20),
)
IDS = st.lists(st.one_of(NAMES.map(student_id), NAMES), min_size=1, max_size=12, unique=True)
FINDINGS = st.lists(st.sampled_from(("transposed", "two by two", "diagonal rule everywhere", "approx", "timed_out")))


def summary(student: str, *, earned: float = 1.5, mistakes: tuple[str, ...] = (), fault: str = "") -> Summary:
    return Summary(
        student=student,
        status="grader_fault" if fault else "graded",
        earned=earned,
        possible=toy.ASSIGNMENT.possible,
        questions=() if fault else tuple((q.id, earned, 20.0) for q in toy.ASSIGNMENT.questions),
        findings=mistakes,
        fault=fault,
    )


def printed(summaries: list[Summary], width: int, assignment: Assignment = toy.ASSIGNMENT) -> list[str]:
    terminal = Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False)
    print_lines(terminal, summary_table(assignment, summaries, width))
    return terminal.file.getvalue().splitlines()


def test_who_has_to_be_read_by_a_person_is_listed_until_points_are_given():
    terminal = Console(file=io.StringIO(), width=200, markup=False, emoji=False, highlight=False)
    ada, ben = (replace(summary(name), open=(("t", 2.0), ("u", 0.5))) for name in ("ada", "ben"))
    given_ = Adjustment(student="ben", criterion="t.written", points=2.0, reason="read")
    print_open(terminal, [ada, ben, summary("cleo")], {"ben": (given_,)})
    assert terminal.file.getvalue().splitlines() == [
        "a person has to read the written answers of 2 students; give the open points with --adjustments:",
        "  ada: t.written 2, u.written 0.5",
        "  ben: u.written 0.5",
    ]
    print_open(terminal, [summary("cleo")], {})
    assert len(terminal.file.getvalue().splitlines()) == 3


@settings(deadline=None)
@given(IDS, st.integers(8, 120))
def test_shown_names_are_distinct_printable_and_fit(ids, width):
    shown = shown_names(ids, width)
    assert set(shown) == set(ids)
    assert len(set(shown.values())) == len(ids)
    assert all(cell_len(name) <= width and name.isprintable() for name in shown.values())
    assert shown_names(ids[::-1], width) == shown


@settings(deadline=None)
@given(IDS, st.integers(40, 200), st.lists(st.tuples(st.integers(0, 40000), FINDINGS), min_size=12, max_size=12))
def test_no_number_and_no_verdict_is_ever_cut(ids, width, found):
    graded = [
        summary(one, earned=points / 4, mistakes=tuple(mistakes))
        for one, (points, mistakes) in zip(ids, found, strict=False)
    ]
    lines = printed(graded, width)
    assert all(cell_len(line) <= width for line in lines)
    rows = [match for line in lines if (match := re.search(r"(?<!\S)(\S+) +\1 +10(?!\S)", line))]
    mean = f"{sum(one.earned for one in graded) / len(graded):.1f}"
    assert [row[1] for row in rows] == [*(f"{one.earned:g}" for one in graded), mean]
    assert len({row.string[: row.start()].strip() for row in rows[:-1]}) == len(ids)
    for one in graded:
        words = [WORDS.get(mistake, mistake) for mistake in one.findings] or ["all right"]
        assert all(any(word in line for line in lines) for word in words)


@settings(deadline=None)
@given(IDS, st.integers(40, 60), st.integers(0, 40000), st.integers(5, 40))
def test_columns_that_do_not_fit_stand_below_the_name_with_their_headings(ids, width, points, count):
    questions = tuple(replace(toy.QUESTION, id=f"question-{number}") for number in range(count))
    many = replace(toy.ASSIGNMENT, questions=questions)
    graded = [
        replace(summary(one, earned=points / 4), questions=tuple((q.id, points / 4, 20.0) for q in questions))
        for one in ids
    ]
    lines = printed(graded, width, many)
    assert all(cell_len(line) <= width for line in lines)
    lines = lines[: len(lines) - lines[::-1].index("mean") - 1]
    for question in questions:
        stacked = rf"(?<!\S){question.id} {points / 4:g}(?!\S)"
        assert sum(len(re.findall(stacked, line)) for line in lines) == len(ids)
    assert sum(line.strip() in ("all right", "code all right") for line in lines) >= len(ids)


@pytest.mark.parametrize("width", WIDTHS)
def test_one_long_id_costs_nobody_a_digit(width):
    lines = printed([summary(student_id(LONG)), summary("ben", mistakes=("approx", "timed_out"))], width)
    text = "\n".join(lines)
    assert "Jane Doe" in text
    assert "assignsubmission" not in text
    assert "all right" in text
    assert "approximate, too slow" in text
    assert "…" not in text


def test_on_a_wide_terminal_everything_of_a_student_is_in_one_line():
    lines = printed([summary("ben", mistakes=("transposed", "wrong"))], 100)
    assert any(re.search(r"ben +1\.5 +1\.5 +\d+ +transposed, wrong$", line) for line in lines), lines


def test_a_class_of_thousands_loses_no_row():
    lines = printed([summary(f"{'x' * 30}{n:05}{'y' * 29}") for n in range(3000)], 40)
    assert sum("…" in line for line in lines) == 3000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (LONG, "Jane Doe"),
        ("Jane Doe_1234567_assignsubmission_file", "Jane Doe"),
        ("Jane Doe_1234567_assignsubmission_file_", "Jane Doe"),
        ("Zoë Ångström_7_assignsubmission_onlinetext_", "Zoë Ångström"),
        ("Jane Doe_1234567_assignsubmission_file_homework_of_week_one_final", "Jane Doe"),
        ("doejane_12345_67890_hw1", "doejane"),
        ("doejane_LATE_12345_67890_hw1", "doejane"),
        ("Doe_12345_67890_hw1", "Doe_12345_67890_hw1"),
        ("team_1_2_hw1", "team_1_2_hw1"),
        ("doejane_12345_67890", "doejane_12345_67890"),
        ("doejane_12345_67890_11111_hw1", "doejane_12345_67890_11111_hw1"),
        ("_1234567_assignsubmission_file", "_1234567_assignsubmission_file"),
        ("student-01", "student-01"),
        ("a%20b", "a%20b"),
        ("[bold]ann[/bold]", "[bold]ann[/bold]"),
        ("ann\x1b[2J\u202e", "ann[U+001B][2J[U+202E]"),
        (" ann ", "[U+0020]ann[U+0020]"),
        ("é", "é"),
        ("e\u0301", "é"),
        ("李小龍", "李小龍"),
    ],
)
def test_an_id_is_shown_as_the_name_it_was_made_from(name, shown):
    one = student_id(name)
    assert shown_names([one], 60) == {one: shown}


def test_an_id_that_was_cut_before_is_marked_and_told_from_its_neighbor():
    first, second = (student_id("ab" * 20 + "Ж" * 20 + end) for end in "xy")
    shown = shown_names([first, second], 60)
    assert shown[first].startswith("ab" * 15 + "…")
    assert shown[first] != shown[second]
    assert "%" not in shown[first]
    assert cell_len(shown_names([first], 20)[first]) == 20
    assert shown_names([first], 20)[first][-7:] == shown[first][-7:], "the end that tells it apart stays"


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (
            ["Jane Doe_11_assignsubmission_file", "Jane Doe_12_assignsubmission_file", "Jane Doe"],
            ["Jane Doe_11", "Jane Doe_12", "Jane Doe"],
        ),
        (["doejane_12345_67890_hw1", "doejane_12346_67891_hw1"], ["doejane_12345", "doejane_12346"]),
        (["doe_12345_67890_hw", "doe_12345_67891_hw"], ["doe_12345_67890_hw", "doe_12345_67891_hw"]),
        (["é", "e\u0301"], ["é#1", "é#2"]),
        (["\u202e", "[U+202E]"], ["[U+202E]#1", "[U+202E]#2"]),
    ],
)
def test_names_that_would_look_the_same_say_more(names, shown):
    ids = [student_id(name) for name in names]
    found = shown_names(ids, 60)
    assert sorted(found[one] for one in ids) == sorted(shown)


def test_the_words_are_those_of_the_feedback(assignment):
    for status in STATUSES:
        if status != "passed":
            text = "\n".join(printed([summary("ben", mistakes=(status,))], 80))
            assert WORDS[status] in text
    assert WORDS["approx"] == "approximate"


@pytest.mark.parametrize("width", WIDTHS)
def test_what_changes_is_whole_at_every_width(width):
    changes = [
        Change(
            student=student_id(name),
            before=(31.5, 52.0),
            after=(after, 52.0),
            criteria=(("q7.jacobian.off_diagonal", 0.0, 6.0), ("q7.jacobian.general", None, 3.5)),
            resubmitted=True,
        )
        for name, after in ((LONG, 19.25), ("李" * 40, 41.0), ("[bold]ben", 31.5))
    ]
    terminal = Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False)
    print_changes(terminal, changes, graded=[change.student for change in changes], before=["ben"] * 3, written=False)
    text = terminal.file.getvalue()
    assert all(cell_len(line) <= width for line in text.splitlines()[:-1])
    for whole in (
        "Jane Doe",
        "[bold]ben",
        "李",
        "31.5 of 52",
        "19.25 of 52",
        "-12.25 drops",
        "+9.5 rises",
        "same points",
        "handed in again;",
        "q7.jacobian.off_diagonal 0 -> 6;",
        "q7.jacobian.general new -> 3.5",
    ):
        assert whole in text, text
    assert text.index("Jane Doe") < text.index("[bold]ben"), "drops first"


def test_a_namesake_whose_points_stay_is_told_from_whose_points_change():
    first, second = (student_id(f"Jane Doe_{number}_assignsubmission_file") for number in (11, 12))
    change = Change(student=first, before=(1.0, 2.0), after=(2.0, 2.0), criteria=(), resubmitted=True)
    terminal = Console(file=io.StringIO(), width=80, markup=False, emoji=False, highlight=False)
    print_changes(terminal, [change], graded=[first, second], before=[first, second], written=True)
    assert "Jane Doe_11 " in terminal.file.getvalue()
    assert "1 of 2 grades changed" in terminal.file.getvalue()


def test_a_table_of_nobody_is_its_heading():
    assert printed([], 40)[1].split() == ["student", "t", "points", "of", "what", "was", "found"]


def test_a_fault_of_ours_is_a_row_with_the_reason():
    text = "\n".join(printed([summary("ben", fault="the sandbox [red]broke[/red] \x1b[2J")], 80))
    assert re.search(r"ben .* \? .*the sandbox \[red\]broke\[/red\] \[U\+001B\]\[2J", text)
    assert "mean" not in text


def test_the_bar_takes_no_id_for_markup(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr("autograder.cli.tables.console", lambda **_: Console(file=out, force_terminal=True, width=120))
    with progress_bar(1, "grading") as advance:
        advance("[bold]ann")
        advance("[/nothing]%20x")
    assert "[/nothing] x" in out.getvalue()


def test_without_a_terminal_a_line_every_thirty_seconds_says_how_it_goes(capsys):
    times = iter(range(0, 1000, 10))
    with progress_bar(20, "grading", clock=lambda: next(times)) as advance:
        for number in range(20):
            advance(f"s{number}", fault=number == 4)
    assert capsys.readouterr().err.splitlines() == [
        "hw1: grading: 3 of 20 done, 0.1 a second, 0:02:50 left, no grader faults",
        "hw1: grading: 6 of 20 done, 0.1 a second, 0:02:20 left, 1 grader fault",
        "hw1: grading: 9 of 20 done, 0.1 a second, 0:01:50 left, 1 grader fault",
        "hw1: grading: 12 of 20 done, 0.1 a second, 0:01:20 left, 1 grader fault",
        "hw1: grading: 15 of 20 done, 0.1 a second, 0:00:50 left, 1 grader fault",
        "hw1: grading: 18 of 20 done, 0.1 a second, 0:00:20 left, 1 grader fault",
    ]


def test_the_bar_tells_our_faults(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr("autograder.cli.tables.console", lambda **_: Console(file=out, force_terminal=True, width=160))
    with progress_bar(3, "grading") as advance:
        advance("ann", fault=True)
        advance("ben", fault=True)
    assert "2 grader faults" in out.getvalue()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_command_follows_the_terminals_width(hw1, assignment, course, tmp_path, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    (tmp_path / "class").mkdir()
    for name in (LONG, "ben", "李" * 6):
        (tmp_path / "class" / f"{name}.py").write_text("x = 1\n", encoding="utf-8")
    result = hw1("grade", tmp_path / "class", "-o", tmp_path / "out", "--course", course)
    assert result.exit_code == 0, result.output
    table = result.stdout.split("submissions\n")[1].split("grades   ")[0]
    possible = f"{assignment.possible:g}"
    assert max(cell_len(line) for line in table.splitlines()) <= width
    assert len(re.findall(rf"^ *(?:Jane Doe|ben|李{{6}}) .*\b{possible}\b", table, re.MULTILINE)) == 3, table
    assert re.search(rf"mean +(?:0\.0 +)+{possible}\b", table)
    assert "missing" in table


def test_a_grade_is_summed_up_with_mistakes_by_name_and_other_statuses_in_the_feedbacks_words():
    graded = [
        summarize(toy.grade_function(function, student=student))
        for student, function in (("ann", toy.mutating), ("ben", toy.raising), ("cat", lambda x, scale: (None, None)))
    ]
    text = "\n".join(printed(graded, 80))
    for student, word in (("ann", "in-place"), ("ben", "raises"), ("cat", "wrong")):
        assert re.search(rf"{student} .* {word}$", text, re.MULTILINE), text


class Nowhere(io.StringIO):
    def write(self, text: str) -> int:
        return len(text)


def test_the_lines_of_a_large_class_are_never_there_at_once():
    def held(students: int) -> int:
        summaries = [summary(f"s{n}", mistakes=("transposed",)) for n in range(students)]
        terminal = Console(file=Nowhere(), width=80)
        tracemalloc.start()
        try:
            print_lines(terminal, summary_table(toy.ASSIGNMENT, summaries, 80))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    held(1)
    # Names and rows take 1,200 bytes a student, a line rendered as much again.
    assert held(1100) - held(100) < 1000 * 1700
