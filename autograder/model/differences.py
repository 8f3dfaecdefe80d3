"""Finite differences: what a student can verify alone. A self-check holds this text, so it needs numpy and no more."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

_STEP = 1e-3
"""How far a number is nudged. The formula is of fourth order: its own error is about that of rounding."""


def compared(
    parts: Sequence[Mapping[str, Any]],
    functions: Mapping[str, Callable[..., Any]],
    inputs: Mapping[str, Any],
    ours: Mapping[str, Callable[..., Any]],
    drawn: list[Any] | None = None,
) -> list[str]:
    """Compare a question's functions with finite differences, and with what must be true of their answers.

    `parts` are the `Slopes` of each part, as plain data. `functions` are what the student wrote, by name; what is not
    there is skipped. `inputs` are those of one public case, `ours` the author's functions that `parts` name. `drawn`
    gets for each answer its name, its numbers and the slopes. What comes back are complaints in plain words.
    """
    untrue: list[str] = []
    complaints: list[str] = []
    for said in parts:
        if said["part"] in functions and set(inputs) <= {*said["takes"]} <= {*inputs, *said["defaults"]}:
            answers, complaint = _answered(said, functions[said["part"]], inputs)
            untrue += _untrue(said, answers)
            complaints += [complaint] if complaint else _slopes_of(said, functions, inputs, answers, ours, drawn)
    return untrue + complaints


def _untrue(said: Mapping[str, Any], answers: Mapping[str, Any]) -> list[str]:
    """Say what is not as it must be whatever the inputs: what numbers add up to, and what none is below."""
    complaints = []
    for name, answer in answers.items():
        whose = said["part"] if len(answers) == 1 else name
        # A vector may come as a row or as a column.
        forms = [answer, answer.ravel()] if 1 in answer.shape[1:] else [answer]
        off = [_off(form, whose, said["sums"][name]) for form in forms if name in said["sums"]]
        complaints += off[:1] if all(off) else []
        least = said["least"].get(name, -np.inf)
        if answer.size and not (answer >= least).all():
            what = "negative" if least == 0 else f"below {least:g}"
            complaints.append(f"{whose} returns {answer.min():.6g}; no number should be {what}.")
    return complaints


def _off(answer: Any, whose: str, right: float) -> str:
    """Say what a vector or a row of a matrix adds up to, when it is not what it must be."""
    sums = np.atleast_1d(answer.sum(axis=-1)) if answer.ndim else answer[None]
    worst = sums.flat[np.argmax(abs(sums - right))]
    if abs(worst - right) < 1e-9:
        return ""
    if answer.ndim < 2:
        return f"The numbers that {whose} returns sum to {worst:.6g}, not to {right:g}."
    return f"Row {np.argmax(abs(sums - right))} of {whose} sums to {worst:.6g}; each row should sum to {right:g}."


def _slopes_of(  # noqa: PLR0917 - handed on as they came
    said: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]],
    inputs: Mapping[str, Any],
    answers: Mapping[str, Any],
    ours: Mapping[str, Callable[..., Any]],
    drawn: list[Any] | None,
) -> list[str]:
    """Compare one function's gradients and Jacobians."""
    tensors = {**said["defaults"], **inputs}
    tensors.update({name: np.array(tensors[name], dtype=float) for name in said["real"]})
    for place, (name, sides) in enumerate(said["leaves"].items()):
        # In numbers of our choice: slopes must be right at any.
        shape = [side if isinstance(side, int) else np.shape(tensors[side[0]])[side[1]] for side in sides]
        tensors[name] = np.cos(np.arange(1.0, np.prod(shape) + 1) + place).reshape(shape)
    module = functions.get(said["through"]) if said["through"] else ours[said["module"]]
    if module is None:
        return []

    def output(moved: Mapping[str, Any]) -> Any:
        given = [_copied(moved[name]) for name in said["tensors"]]
        answer = module(*given) if said["through"] else module(np, *given)
        y = np.array(answer if said["place"] == -1 else answer[said["place"]], dtype=float)
        return y.ravel() if said["through"] and y.ndim == 2 and 1 in y.shape else y

    def cost(moved: Mapping[str, Any]) -> Any:
        total = np.sum(output(moved) * (moved[said["upstream"]] if said["upstream"] else 1.0))
        return ours[said["objective"]](total, *(moved[name] for name in said["scales"])) if said["objective"] else total

    complaints = []
    for name, kind, of in said["outputs"]:
        if kind != "value":
            try:
                slopes = _slopes(cost if kind == "gradient" else output, tensors, of)
            except Exception as error:
                complaints.append(f"{said['through'] or said['part']} fails when {of} is nudged: {_fault(error)}")
            else:
                complaints += _complaint(said, (name, kind, of), answers[name], slopes)
                if drawn is not None:
                    drawn.append((name, answers[name], slopes))
    return complaints


def _answered(said: Mapping[str, Any], function: Callable[..., Any], inputs: Mapping[str, Any]) -> tuple[Any, str]:
    """Call a function: its answers as arrays by name, or else why it gives none."""
    names = [name for name, _, _ in said["outputs"]]
    what = "an array of numbers" if len(names) == 1 else f"{len(names)} arrays, {' and '.join(names)}"
    what = f"a dict with {', '.join(map(repr, names))}" if said["as_dict"] else what
    try:
        returned = function(*map(_copied, inputs.values()))
        if said["as_dict"]:
            returned = [returned[name] for name in names]
        elif len(names) == 1:
            returned = [returned]
        values = [np.array(value, dtype=float) for value in returned]
        if len(values) != len(names):
            return {}, f"{said['part']} returns {len(values)} arrays; it should return {what}."
    except Exception as error:
        return {}, f"{said['part']} does not return {what}: {_fault(error)}"
    return {name: value for name, value in zip(names, values)}, ""  # noqa: B905, C416 - counted above


def _copied(value: Any) -> Any:
    """An input as a call gets it: arrays are copied, an array without dimensions is a number."""
    return value.copy()[()] if isinstance(value, np.ndarray) else value


def _fault(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _slopes(function: Callable[[Mapping[str, Any]], Any], tensors: Mapping[str, Any], of: str) -> Any:
    """Nudge each number of a tensor, and see how fast the answer changes: of the answer's shape, then the tensor's."""
    slopes = None
    for index in np.ndindex(*tensors[of].shape):
        changes = []
        for steps in (1, -1, 2, -2):
            nudged = tensors[of].copy()
            nudged[index] += steps * _STEP
            changes.append(function({**tensors, of: nudged}))
        slope = (8 * (changes[0] - changes[1]) - (changes[2] - changes[3])) / (12 * _STEP)
        if slopes is None:
            slopes = np.empty((*np.shape(slope), *tensors[of].shape))
        slopes[(..., *index)] = slope
    return slopes


def _complaint(said: Mapping[str, Any], what: tuple[str, str, str], answer: Any, slopes: Any) -> list[str]:
    """Compare one answer: at most one complaint."""
    name, kind, of = what
    if slopes.ndim == 1 and answer.shape in ((slopes.size, 1), (1, slopes.size)):
        answer = answer.ravel()
    if answer.shape != slopes.shape:
        right = "what it is taken with respect to has" if kind == "gradient" else "it should be"
        return [f"{name} has the shape {answer.shape}; {right} {slopes.shape}."]
    wrong = ~np.isclose(answer, slopes, rtol=1e-6, atol=1e-8 * max(1.0, float(np.max(np.abs(slopes), initial=0))))
    if not wrong.any():
        return []
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    if kind == "gradient":
        nudged, changes = list(index), "the cost"
    else:
        whose = f"your {said['through']}" if said["through"] else "the output"
        nudged, changes = list(index[-1:]), f"element {list(index[:-1])} of {whose}"
    return [
        f"{name}{list(index)} is {answer[index]:.6g}, but when only {of}{nudged} is nudged, {changes} changes at the "
        f"rate {slopes[index]:.6g}."
    ]
