"""What a student reads first: what cost points, how many, and where to look.

It is made of what stands below it: statuses, hints' names and points of the criteria, and public cases. A hidden case
has no other part in it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from autograder.model import Assignment, Output, Part, Question
from autograder.results import Grade, Score, WrittenQuestion
from autograder.results import found as kinds
from autograder.words import counted
from reports.feedback.words import OF_A_FUNCTION, OF_AN_OUTPUT, REFUSED

MOST_LOSSES = 6  #: Most reasons that are listed one by one.

Kind: TypeAlias = Literal["mistake", "missing function", "unwritten function", "missing answer"]

_WHAT: Mapping[Kind, str] = {
    "mistake": "{}",
    "missing function": "{} is missing",
    "unwritten function": "{} is not written yet",
    "missing answer": "{} is missing",
}
"""How a reason is named where there are several."""

LEFT_OUT = 'A function is also missing when code was left out: see "While your code was loaded" below.'

_MARKS = re.compile(r"\\[A-Za-z]+|[{}\s]")


@dataclass(frozen=True, kw_only=True)
class Loss:
    """One reason why points are missing, wherever it shows."""

    kind: Kind
    what: str  #: A few words of Markdown.
    cost: float
    see: str = ""  #: Where the solution has it, such as ``Result 2.1``; empty where nowhere.
    public: bool = False  #: Whether a public case fails for it.
    on_paper: bool = False  #: Whether it is about a written answer, of which no case tells anything.


def summary(assignment: Assignment, grade: Grade, part: Part | None = None) -> list[str]:
    """Say in lines of Markdown what cost points, the dearest first: one sentence, and a list where there are several.

    With a part, it is about that function alone.
    """
    scores = [score for score in grade.scores if part is None or score.part == part.name]
    written = grade.written if part is None else ()
    losses = [*_losses(assignment, scores), *_written_losses(assignment, written)]
    losses.sort(key=lambda loss: -loss.cost)
    unpaid = _unpaid(written)
    if not losses:
        return ["Everything is right on all hidden cases.", *unpaid] if scores else []
    possible = sum(score.possible for score in scores) + sum(answer.possible for answer in written)
    cost = f"cost {sum(loss.cost for loss in losses):g} of {counted(possible, 'point')}"
    check = f"`{assignment.check_module}.py`"
    lines = [_only(losses[0], cost, check)] if len(losses) == 1 else _listed(losses, cost, check)
    if part is None and grade.notes and any(loss.kind == "missing function" for loss in losses):
        lines += ["", LEFT_OUT]
    return [*lines, *unpaid]


def _only(loss: Loss, cost: str, check: str) -> str:
    advice = _advice(loss, check)
    return f"One {loss.kind}, {loss.what}, {cost}{f': {advice}' if advice else ''}."


def _listed(losses: Sequence[Loss], cost: str, check: str) -> list[str]:
    lines = [f"{_subject(losses)} {cost}:", ""]
    # "1 more" would take a line, too.
    most = MOST_LOSSES if len(losses) > MOST_LOSSES + 1 else len(losses)
    for loss in losses[:most]:
        advice = _advice(loss, check)
        what = _WHAT[loss.kind].format(loss.what)
        lines.append(f"- {what}: {counted(loss.cost, 'point')}{f'; {advice}' if advice else ''}.")
    if rest := losses[most:]:
        lines.append(f"- {len(rest)} more: {counted(sum(loss.cost for loss in rest), 'point')}.")
    return lines


def _subject(losses: Sequence[Loss]) -> str:
    """Count the reasons by kind: "2 mistakes and 1 missing function"."""
    kinds = [loss.kind for loss in losses]
    *counts, last = [counted(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)]
    return f"{', '.join(counts)} and {last}" if counts else last


def _advice(loss: Loss, check: str) -> str:
    if loss.kind != "mistake":
        return ""
    see = f"see {loss.see} of the solution" if loss.see else ""
    if loss.on_paper:
        return see
    if loss.public:
        return f"{see} and run {check}" if see else f"run {check}"
    return f"{see}; no public case shows it" if see else "no public case shows it"


def _losses(assignment: Assignment, scores: Sequence[Score]) -> Iterator[Loss]:
    """Put criteria that lost points for the same reason together: a mistake may have a name in several functions."""
    parts = {part.name: (question, part) for question in assignment.questions for part in question.parts}
    alike: dict[tuple[str, str], list[Score]] = {}
    for score in scores:
        if score.earned < score.possible:
            alike.setdefault(_reason(parts[score.part][1], score), []).append(score)
    for some in alike.values():
        first = next((score for score in some if score.status == "mutated"), some[0])
        question, part = parts[first.part]
        outputs = _outputs(part, [score for score in some if score.part == first.part])
        yield Loss(
            kind=_kind(first),
            what=_what(part, first, outputs),
            cost=sum(score.possible - score.earned for score in some),
            see=_results(question, outputs) if first.status in OF_AN_OUTPUT and not _refused(first) else "",
            public=any(not verdict.hidden and verdict.status != "passed" for s in some for verdict in s.verdicts),
        )


def _kind(score: Score) -> Kind:
    if score.absent:
        return "unwritten function" if score.not_written else "missing function"
    return "mistake"


def _reason(part: Part, score: Score) -> tuple[str, str]:
    """What criteria have in common that lost their points together."""
    if score.absent:
        return "missing", score.part
    if score.misconception is not None:
        return "named", score.misconception
    if refused := _refused(score):
        return refused, score.part
    if score.status in OF_AN_OUTPUT:
        (output,) = _outputs(part, [score])
        return score.status, f"{score.part} {output.name}"
    return score.status, score.part


def _refused(score: Score) -> str:
    """Why nothing that came back in its public cases can be compared; empty where some can, or for several reasons."""
    failed = [one for one in score.verdicts if not one.hidden and one.status != "passed"]
    reasons = {one.difference.reason if one.difference else "" for one in failed}
    plain = score.status == "wrong" and score.misconception is None and len(reasons) == 1
    return next((reason for reason in reasons if plain and reason in REFUSED), "")


def _outputs(part: Part, scores: Sequence[Score]) -> list[Output]:
    criteria = {criterion.id: criterion.output for criterion in part.criteria}
    asked = {criteria[score.criterion] for score in scores}
    return [output for output in part.outputs if output.name in asked]


def _what(part: Part, score: Score, outputs: Sequence[Output]) -> str:
    function = f"`{part.name}`"
    if score.absent:
        return function
    if refused := _refused(score):
        return f"{function} {REFUSED[refused]}"
    output = f"`{outputs[0].name}`" if len(outputs) == 1 else function
    if score.misconception is not None and score.status != "mutated":
        return f"{output} {_name(score.misconception, outputs[0].name)}"
    if score.status in OF_AN_OUTPUT:
        return f"{output} {OF_AN_OUTPUT[score.status]}"
    return f"{function} {OF_A_FUNCTION[score.status]}"


def _name(misconception: str, output: str) -> str:
    """The name in words, without the output's own name before it."""
    if kinds.is_found(misconception):
        kind, _, symbol = misconception.partition(kinds.SEPARATOR)
        return f"({kind}, `{symbol}`)" if symbol else f"({kind})"
    first, _, rest = misconception.partition("_")
    words = rest if rest and output.endswith(f"_{first}") else misconception
    return re.sub(r"\bno ", "without ", words.replace("_", " "))


def _results(question: Question, outputs: Sequence[Output]) -> str:
    """Name the results that these outputs are, by what is differentiated by; else the question."""
    results = [derivation for derivation in question.derivations if derivation.result]
    label = question.id.removeprefix("q")
    asked = {output.of for output in outputs if output.of is not None}
    names = [f"{label}.{number}" for number, one in enumerate(results, 1) if _variable(one.left) in asked]
    if not names:
        return f"question {label}"
    return f"{'Result' if len(names) == 1 else 'Results'} {' and '.join(names)}"


def _variable(left: str) -> str:
    """The letter that a left-hand side is differentiated by; empty when it is no derivative."""
    _, derivative, below = left.rpartition(r"\partial")
    return _MARKS.sub("", below).partition("_")[0] if derivative else ""


def _unpaid(written: Sequence[WrittenQuestion]) -> list[str]:
    """Say that written answers are wrong that cost nothing."""
    findings = [one for answer in written if not answer.possible for one in answer.findings]
    wrong = sum(one.kind == "answer" and one.mark == "wrong" for one in findings)
    verb = "is" if wrong == 1 else "are"
    told = f"In your written answer {counted(wrong, 'result')} {verb} not right; no points depend on it."
    return ["", told] if wrong else []


_LEAST = 1e-9  #: Less is rounding.


def _written_losses(assignment: Assignment, written: Sequence[WrittenQuestion]) -> Iterator[Loss]:
    titles = {question.id: question.title.partition(":")[0] for question in assignment.questions}
    for answer in written:
        if answer.possible - answer.earned - answer.open > _LEAST:
            name = titles.get(answer.question, answer.question)
            gone = answer.word == "missing"
            yield Loss(
                kind="missing answer" if gone else "mistake",
                what=f"the written answer to question {name}",
                cost=answer.possible - answer.earned - answer.open,
                see=f"question {name}",
                on_paper=True,
            )
