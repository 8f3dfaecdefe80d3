"""Float64 autograd: the forward pass and costs come from the questions, the backward pass from PyTorch."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.errors import AssignmentError, AutograderError
from autograder.grading.compare import difference
from autograder.model import Array, Assignment
from autograder.results import Case, Cases
from autograder.truth.draw import Drawn, cases_id, draw_all, frozen, reference_answer


def compute(assignment: Assignment, secret: bytes) -> Cases:
    """Draw all cases and compute their truths, hidden and public, in the assignment's order.

    An `AssignmentError` says that a question breaks a rule or its reference departs from what autograd finds.
    """
    found = _computed(assignment, secret)
    return replace(found, cases_id=cases_id(found.cases, secret, assignment.variant))


def compute_public(assignment: Assignment) -> Cases:
    """The same for the public cases alone, which have no identity and need no secret."""
    return _computed(assignment, None)


def _computed(assignment: Assignment, secret: bytes | None) -> Cases:
    cases: list[Case] = []
    truths: dict[str, Mapping[str, Array]] = {}
    for one in examine(assignment, secret):
        if one.drawn is None or one.fault:
            raise AssignmentError(one.fault)
        cases.append(one.drawn.case())
        verify(one.drawn, one.truths)
        truths[one.drawn.id] = one.truths
    return Cases(cases=tuple(cases), truths=truths, cases_id="", torch_version=str(_torch().__version__))


@dataclass(frozen=True, kw_only=True, eq=False)
class Examined:
    """One case and what autograd finds, which nobody has held against the reference yet."""

    drawn: Drawn | None  #: None where it could not be drawn.
    truths: Mapping[str, Array]  #: By output.
    fault: str = ""  #: What went wrong; empty when nothing did.


def examine(assignment: Assignment, secret: bytes | None) -> Iterator[Examined]:
    """Draw all cases, without a secret the public ones, and compute their truths, one after the other.

    A draw that fails is an `AssignmentError`.
    """
    torch = _torch()
    for drawn in draw_all(assignment, secret):
        try:
            found = _truths(torch, drawn)
            drawn.case()
        except AssignmentError as error:
            yield Examined(drawn=drawn, truths={}, fault=str(error))
        except Exception as error:
            message = " ".join(str(error).split())
            fault = f"{drawn.where}: autograd fails with {type(error).__name__}: {message}"
            yield Examined(drawn=drawn, truths={}, fault=fault)
        else:
            yield Examined(drawn=drawn, truths=found)


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise AutograderError(
            f"truths: PyTorch cannot be imported ({error}): install torch, or copy .autograder/truths from elsewhere"
        ) from error
    return torch


def _truths(torch: Any, drawn: Drawn) -> dict[str, Array]:
    """Truths of one case; the upstream gradient goes into its inputs."""
    part = drawn.part
    tensors: dict[str, Any] = {
        name: value if isinstance(value, bool | str) else torch.tensor(np.array(value, dtype=np.float64))
        for name, value in {**drawn.filled, **drawn.draw.leaves}.items()
    }
    by = {output.name: output.of or "" for output in part.outputs if output.kind != "value"}
    for name, of in by.items():
        if of not in tensors:
            raise AssignmentError(f"{drawn.where}: {name} is differentiated with respect to {of!r}, which is not drawn")
        tensors[of].requires_grad_()
    y = part.forward(torch, tensors)
    objective = None
    if drawn.draw.cost is not None:
        cost = drawn.draw.cost(torch, y)
        if part.upstream is not None:
            _put_upstream(drawn, part.upstream, frozen(torch.autograd.grad(cost, y, retain_graph=True)[0].numpy()))
        objective = cost if part.objective is None else part.objective(cost, drawn.filled)
    elif isinstance(y, torch.Tensor) and y.ndim == 0:
        objective = y
    if any(output.kind == "gradient" for output in part.outputs):
        if objective is None:
            raise AssignmentError(f"{drawn.where}: its truth is the gradient of a cost, and none is drawn")
        objective.backward(retain_graph=True)
    found = {}
    several = iter(y) if isinstance(y, tuple) else itertools.repeat(y)
    for output in part.outputs:
        if output.kind == "value":
            value = next(several).detach()
        elif output.kind == "gradient":
            value = tensors[by[output.name]].grad
        else:
            x = tensors[by[output.name]]
            rows = [torch.autograd.grad(element, x, retain_graph=True)[0] for element in y.reshape(-1)]
            value = torch.stack(rows).reshape(*y.shape, *x.shape)
        found[output.name] = frozen(value.numpy())
    return found


def _put_upstream(drawn: Drawn, name: str, found: Array) -> None:
    """Give the student the gradient that autograd found; one that was drawn (as integers, say) must be the same."""
    given = drawn.inputs.get(name)
    if given is not None:
        if not np.array_equal(given, found):
            raise AssignmentError(f"{drawn.where}: {name} is drawn, but autograd finds other numbers: fix the cost")
        return
    ordered = {n: found if n == name else drawn.inputs[n] for n in drawn.part.parameters if n in {*drawn.inputs, name}}
    drawn.inputs.clear()
    drawn.inputs.update(ordered)


def verify(drawn: Drawn, truths: Mapping[str, Array]) -> None:
    """Hold the reference against the truths: two ways to the same numbers."""
    answers = reference_answer(drawn)
    for output in drawn.part.outputs:
        truth = truths[output.name]
        if not np.isfinite(truth).all():
            raise AssignmentError(f"{drawn.where}: the truth of {output.name} is not finite; draw tamer inputs")
        departs = difference(answers[output.name], truth, output.magnitude(drawn.filled, truth))
        if departs is not None:
            place = "" if departs.index is None else f" at {list(departs.index)}"
            raise AssignmentError(
                f"{drawn.where}: the reference departs from autograd in {output.name} ({departs.kind}{place})"
            )
