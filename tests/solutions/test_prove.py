"""``hw1 prove``: one line per equality; what is wrong or takes too long is named, and the others go on."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import Result

from autograder.mathematics.proof.bounded import STEP_SECONDS, bounded
from autograder.mathematics.proof.records import Decided, Decision
from autograder.model import Assignment

Command = Callable[..., Result]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Copy one question with one text replaced; the others would be proved before it, and hold."""

    def change(file: str, old: str, new: str) -> Path:
        copy = tmp_path / "changed"
        shutil.copytree("solutions", copy, ignore=lambda _, names: {*names} - {"__init__.py", file})
        text = (copy / file).read_text()
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1))
        return copy

    return change


def test_every_equality_has_a_line_and_holds(hw1: Command) -> None:
    result = hw1("prove")
    assert result.exit_code == 0, result.output
    numbers = [int(found) for found in re.findall(r"^ +(\d+)  [a-z]", result.output, re.MULTILINE)]
    assert numbers == list(range(1, numbers[-1] + 1))
    assert numbers[-1] >= 25
    last = result.output.splitlines()[-1]
    assert last.startswith(f"{numbers[-1]} equalities in ")
    assert "for all m and n at once" in result.output
    assert "element by element for K = 1, 2, 3, 5; for all K at once" in result.output
    assert "for K = 2, 3, 5 (with K = 1 there is no i ≠ j)" in result.output
    assert "m × n = 1 × 1, 1 × 3, 3 × 1, 2 × 2, 2 × 3, 3 × 2" in result.output
    # Every result has a name of its own.
    names = re.findall(r"\(result (\S+)\)$", result.output, re.MULTILINE)
    assert len(set(names)) == len(names) == 6
    assert {name.partition(".")[0] for name in names} == {"1a", "1b", "2"}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "q1a.py",
            r"\cdot x_2 + \pdv{C}{y_2} \cdot 0",
            r"\cdot x_2 - \pdv{C}{y_2} \cdot 0",
            "does not hold, by substitution: equal in value, but it does not follow",
        ),
        (
            "q1a.py",
            "= \\pdv{C}{\\mathbf{y}} \\mathbf{x}^\\top\n",
            "= \\pdv{C}{\\mathbf{y}} \\mathbf{x}\n",
            "does not hold, by matrix form: 2 x 1 is multiplied by 2 x 1, at m = 2, n = 2",
        ),
        ("q2.py", r"\sum_{n=1, n \neq i}^K", r"\sum_{n=1, n \neq j}^K", "does not hold, by factoring"),
        ("q2.py", r"= -\beta y_i y_j  %", "= -y_i y_j  %", "left -0.5, right -0.25 at K = 2, i = 1, j = 2"),
    ],
)
def test_a_wrong_line_is_named(hw1: Command, changed, file: str, old: str, new: str, says: str) -> None:
    result = hw1("prove", "--assignment", changed(file, old, new))
    assert result.exit_code == 1
    assert says in result.output
    # Besides, a line is wrong that cites what is no result any more.
    citing = len(re.findall("does not hold, by question 2: it holds no result of question 2", result.output))
    assert len(re.findall("does not hold", result.output)) == 1 + citing
    assert "equalities in" not in result.output


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("% Quotient rule:", "% Magic:", "q2, 'The diagonal of the Jacobian', step 1: no rule 'magic'"),
        (
            r"= -\beta y_i y_j  %",
            r"= -\foo y_i y_j  %",
            r"q2, 'The rest of the Jacobian, for $i \\neq j$', step 4: cannot read",
        ),
        (r"% for: i \neq j", "% for: i < j", "condition 'i < j'"),
        (" setting=SETTING,", "", "question 'q2': derivations without a setting"),
    ],
)
def test_what_cannot_be_read_is_one_line(hw1: Command, changed, old: str, new: str, says: str) -> None:
    result = hw1("prove", "--assignment", changed("q2.py", old, new))
    assert result.exit_code == 2
    assert says in result.output
    assert len(result.stderr.splitlines()) == 1


def test_every_wrong_line_is_listed_and_the_end_says_which(hw1: Command, changed) -> None:
    folder = changed("q2.py", r"= \beta y_i (1 - y_i)  %", r"= \beta y_i (2 - y_i)  %")
    page = folder / "q2.py"
    text = page.read_text().replace(r"= \beta y_i (\delta_{ij} - y_j)  %", r"= \beta y_i \delta_{ij}  %")
    page.write_text(text.replace(r"\beta \frac{\exp(\beta x_i)}{\total", r"\alpha \frac{\exp(\beta x_i)}{\total", 1))
    result = hw1("prove", "--assignment", folder)
    assert result.exit_code == 1
    lines = dict(re.findall(r"^ +(\d+)  (.*)$", result.output, re.MULTILINE))
    failed = [number for number, how in lines.items() if how.startswith(("does not hold", "not tried"))]
    *_, last = result.output.splitlines()
    assert last.startswith(
        f"{len(lines) - len(failed)} of {len(lines)} equalities hold; not proved: {failed[0]} (q2), "
    )
    assert re.findall(r"(\d+) \(q2", last) == failed
    # A symbol that nothing explains; what follows it is held against the first side, and is wrong by itself.
    assert "does not hold, by algebra: nothing says what alpha stands for" in lines[failed[0]]
    assert "does not hold, by substitution: against the first side: left 0, right 1 at K = 1" in lines[failed[1]]
    # A line whose equality holds says how, as ever.
    assert "for all K at once" in lines[str(int(failed[0]) - 1)]


def test_a_line_after_a_wrong_one_is_not_blamed(hw1: Command, changed) -> None:
    result = hw1("prove", "--question", "q2", "--assignment", changed("q2.py", r"\beta \frac{\exp", r"2 \frac{\exp"))
    wrong, after = re.findall(r"^ +(\d+)  (?:does not hold|not tried), by .*$", result.output, re.MULTILINE)
    assert int(after) == int(wrong) + 1
    assert f"{after}  not tried, by substitution: the side before is not proved; this one equals" in result.output
    assert result.output.splitlines()[-1].endswith(f"not proved: {wrong} (q2), {after} (q2, not tried)")


def test_one_question_is_proved_under_its_own_numbers(hw1: Command, assignment: Assignment) -> None:
    result = hw1("prove", "--question", "q1b")
    assert result.exit_code == 0
    assert {line.partition(":")[0] for line in result.output.splitlines() if line[0] == "q"} == {"q1b"}
    numbers = [int(found) for found in re.findall(r"^ +(\d+)  [a-z]", result.output, re.MULTILINE)]
    before, chosen, _ = ([len(d.steps) for d in question.derivations] for question in assignment.questions)
    assert numbers == list(range(sum(before) + 1, sum(before) + sum(chosen) + 1))
    assert result.output.splitlines()[-1].startswith(f"{len(numbers)} equalities in {len(chosen)} derivations hold, ")
    assert re.findall(r"\(result (.*?)\)", result.output)[0] == "1b.1"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--question", "q9"), "hw1: --question q9: there is no such question; there are q1a, q1b, q2\n"),
        (("--question", "q2", "answer.md"), "--question is for the solution; FILE is judged whole"),
        (("--seconds", "0"), "0.0 is not in the range 0<x<="),
    ],
)
def test_what_cannot_be_chosen_is_one_line(hw1: Command, options: tuple[str, ...], says: str) -> None:
    result = hw1("prove", *options)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_line_that_takes_too_long_is_stopped_and_the_others_go_on(hw1: Command, changed) -> None:
    """Two equal powers that take minutes to multiply out."""
    x, e = r"(\sum_{n=1}^K x_n + \beta)", r"\sum_{n=1}^K \exp(\beta x_n)"
    slow = rf"\beta y_i (1 - y_i) + ({x} ({e} + 2))^7 - ({x} {e} + {x} 2)^7"
    folder = changed("q2.py", r"= \beta y_i (1 - y_i)  %", f"= {slow}  %")
    result = hw1("prove", "--question", "q2", "--seconds", "2", "--assignment", folder)
    assert result.exit_code == 1
    (number,) = re.findall(
        r"^ +(\d+)  stopped, by substitution: it took more than 2 s of CPU time$", result.output, re.M
    )
    assert result.output.splitlines()[-1].endswith(f"not proved: {number} (q2, stopped)")
    assert "element by element for K = 1" in result.output.splitlines()[-2]


def test_the_bound_is_the_one_that_is_stated(hw1: Command) -> None:
    assert f"[default: {STEP_SECONDS:g}]" in hw1("prove", "--help").output


# ---------------------------------------------------------------- decisions in a process of their own

HOLDS = Decision(verdict="holds", decisions=(Decided(kind="sizes", words="at $K = 1$"),))


def _bounded(*does: Callable[[], object], seconds: float = 0.5) -> list[str]:
    def work(made: Sequence[Decision]) -> Iterator[Decision]:
        for one in does[len(made) :]:
            one()
            yield HOLDS

    return [decision.complaint or decision.verdict for decision in bounded(work, len(does), seconds)]


def _nothing() -> None:
    """Take no time."""


def _in_one_instruction() -> None:
    """Compute for minutes without coming back to Python."""
    pow(7, 10**9)


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_hangs_is_ended_wherever_it_is() -> None:
    late = "it took more than 0.5 s of CPU time"
    assert _bounded(_nothing, _in_one_instruction, _nothing, _in_one_instruction) == ["holds", late, "holds", late]


def test_what_ends_its_process_is_not_proved() -> None:
    says, after = _bounded(_killed, _nothing)
    assert (says, after) == ("it ended the process that decided it (wait status 9)", "holds")


def test_a_decision_comes_back_as_it_was_made() -> None:
    differs = Decision(verdict="differs", complaint="left 1, right 2", counterexample={"x_1": "1"})
    assert list(bounded(lambda _: iter((HOLDS, differs)), 2, 5.0)) == [HOLDS, differs]


def test_an_exception_is_ours() -> None:
    def fault() -> None:
        raise ZeroDivisionError("ours")

    with pytest.raises(RuntimeError, match="ZeroDivisionError: ours"):
        _bounded(_nothing, fault)
