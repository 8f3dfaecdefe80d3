"""Public cases that fail: what went in, what came out beside what was expected, and why, as far as they show it.

Their answers come from a process that never saw a hidden input, so all of it may be told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.model import Part
from autograder.results import Score, Verdict, plain_shape
from reports.feedback.words import NOT_WRITTEN, REFUSALS, WORDS

LONGEST = 1200  #: Most characters of numbers printed for one array of a public case.
_NUMBERLESS = frozenset({"approx", "mutated"})  #: Where the numbers would look right.


@dataclass(frozen=True, kw_only=True, eq=False)
class FailedCase:
    """A public case with an output that is not right."""

    number: int  #: From 1, among those of its function.
    title: str  #: Its kind, in words.
    inputs: Mapping[str, Any]
    verdicts: Mapping[str, Verdict]  #: By output, those that are not right.
    criteria: frozenset[str]  #: Criteria, by id, of which it shows a fault.

    @property
    def in_numbers(self) -> Mapping[str, Verdict]:
        """The outputs whose fault is seen when they are set beside what was expected."""
        return {output: one for output, one in self.verdicts.items() if one.status not in _NUMBERLESS}


def result(score: Score) -> str:
    """Say in a word or two what became of a criterion."""
    return NOT_WRITTEN if score.not_written else WORDS[score.status]


def numbers(value: Any) -> str:
    """Print a value of a public case, six digits of each number and `LONGEST` characters at most."""
    if isinstance(value, list):
        text = "[" + ", ".join(numbers(v) for v in value) + "]"
    else:
        text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."


def given(value: Any) -> str:
    """Print an input as it would be typed; a word in an answer stands for a number that is none."""
    return repr(value) if isinstance(value, str) else numbers(value)


def failed_cases(scores: Sequence[Score], part: Part) -> tuple[FailedCase, ...]:
    """Find the public cases that a part fails, each once and in the rubric's order; none where there is no function."""
    if all(score.absent for score in scores):
        return ()
    outputs = {criterion.id: criterion.output for criterion in part.criteria}
    titles = {family.name: family.title for family in part.families}
    failed: dict[str, dict[str, Verdict]] = {}
    criteria: dict[str, set[str]] = {}
    for score in scores:
        for verdict in score.verdicts:
            if verdict.shown is not None and verdict.status != "passed":
                failed.setdefault(verdict.case, {}).setdefault(outputs[score.criterion], verdict)
                criteria.setdefault(verdict.case, set()).add(score.criterion)
    return tuple(
        FailedCase(
            number=number,
            title=titles.get(next(iter(verdicts.values())).family, ""),
            inputs=(next(iter(verdicts.values())).shown or {})["inputs"],
            verdicts=verdicts,
            criteria=frozenset(criteria[case]),
        )
        for number, (case, verdicts) in enumerate(failed.items(), 1)
    )


def pointer(criterion: str, cases: Sequence[FailedCase]) -> str:
    """Point from a criterion to the first public case that shows its fault; nothing when none does."""
    return next((f" See public case {case.number} below." for case in cases if criterion in case.criteria), "")


def in_words(verdict: Verdict) -> str:
    """Say what came back from a public case when it cannot be shown in numbers."""
    reason = verdict.difference.reason if verdict.difference else ""
    if verdict.difference and verdict.difference.kind == "shape":
        return "an array of a far larger shape than expected"
    if verdict.status == "wrong" and not reason:
        return "nothing that can be shown in numbers"  # from before grade.json kept the reason
    if verdict.status == "raised" and verdict.exception:
        return f"{verdict.exception} was raised"
    return REFUSALS.get(reason, WORDS[verdict.status])


def reasons(case: FailedCase) -> list[str]:
    """Say in lines of Markdown what the numbers do not show, or not at once."""
    return [*_as_if(case), *_approximate(case), *_modified(case)]


def _as_if(case: FailedCase) -> Iterator[str]:
    alike: dict[tuple[str, float], list[str]] = {}
    for output, verdict in case.verdicts.items():
        for name, number in (verdict.shown or {}).get("as_if", {}).items():
            alike.setdefault((name, number), []).append(f"`{output}`")
    for (name, number), outputs in alike.items():
        answers = "is the right output" if len(outputs) == 1 else "are the right outputs"
        yield f"{' and '.join(outputs)} {answers} for {name} = {numbers(number)}: is `{name}` ignored?"


def _approximate(case: FailedCase) -> Iterator[str]:
    for output, verdict in case.verdicts.items():
        departs = verdict.difference
        if verdict.status != "approx" or departs is None:
            continue
        said = []
        if departs.error > departs.bound:
            said.append(
                f"its largest relative error is {departs.error:.1e}, and a right output is within {departs.bound:.1e}"
            )
        if departs.reason == "float32":
            said.append("it came in float32: compute in float64")
        yield f"`{output}` is approximate: {'; '.join(said)}."


def _modified(case: FailedCase) -> Iterator[str]:
    left = next(((one.shown or {}).get("left", {}) for one in case.verdicts.values() if one.status == "mutated"), None)
    if left is None:
        return
    for name, after in left.items():
        yield f"The call modified `{name}` in place: before `{numbers(case.inputs[name])}`, after `{numbers(after)}`."
    if not left:
        yield "The call modified its inputs in place."


def came(verdict: Verdict) -> str:
    """Say what came back from a public case, in numbers or in words."""
    actual = (verdict.shown or {})["actual"]
    if actual is None:
        return in_words(verdict)
    shapes = plain_shape(actual), plain_shape((verdict.shown or {})["truth"])
    wrong = f" (its shape is {shapes[0]}, expected {shapes[1]})" if shapes[0] != shapes[1] else ""
    return f"`{numbers(actual)}`{wrong}"


def failed_public_cases(part: Part, cases: Sequence[FailedCase]) -> list[str]:
    """List failed public cases in Markdown, each with every output that is not right, and the reasons."""
    lines: list[str] = []
    for case in cases:
        arguments = ", ".join(f"{name}={given(value)}" for name, value in case.inputs.items())
        title = f", {case.title}" if case.title else ""
        lines += ["", f"Public case {case.number}{title}: `{part.name}({arguments})`", ""]
        for output, verdict in case.in_numbers.items():
            lines += [f"- `{output}`, yours: {came(verdict)}"]
            lines += [f"- `{output}`, expected: `{numbers((verdict.shown or {})['truth'])}`"]
        lines += [f"- {reason}" for reason in reasons(case)]
    return lines
