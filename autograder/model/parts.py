"""One function to write: its rubric, the mistakes that have a name, and all that belongs to it."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.errors import AssignmentError
from autograder.model.cases import Family, Inputs, Output, Region


@dataclass(frozen=True, kw_only=True, eq=False)
class Criterion:
    """One line of the rubric: all or nothing over its case families."""

    id: str  #: Unique, e.g. ``"q2.jacobian.diagonal"``.
    title: str  #: What is judged, for a student to read.
    points: float  #: More than 0.
    output: str  #: Name of the output it judges.
    families: tuple[str, ...]  #: The hidden families that decide.
    region: Region | None = None  #: The part of the output it judges; all of it when None.
    #: Share of the points that a wrong answer earns whose every number comes of one change of the formula; below 1.
    near_share: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Misconception:
    """A wrong function, and the hint for whoever wrote it."""

    name: str  #: Short identifier, unique within its part, e.g. ``"transposed"``.
    #: Same parameters and outputs as the reference. It runs in the grader, on the author's word.
    function: Callable[..., Any]
    hint: str  #: One or two sentences to the student that name the mistake without giving the answer away.


class Keys(tuple[str, ...]):
    """Names of arrays that a function answers with in a dict.

    Parameters
    ----------
    iterable : Iterable[str]
        The names.
    """

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One function to write."""

    #: Our function: its name, signature and docstring are the contract, and become the stub.
    reference: Callable[..., Any]
    outputs: tuple[Output, ...]  #: What it returns, in order; more than one means a tuple, or a dict.
    #: ``forward(torch, tensors) -> y``, the module itself in PyTorch; `tensors` holds inputs and leaves by name.
    forward: Callable[[Any, Mapping[str, Any]], Any]
    families: tuple[Family, ...]  #: Its cases.
    criteria: tuple[Criterion, ...]  #: Its rubric.
    misconceptions: tuple[Misconception, ...]  #: Known mistakes.
    #: The parameter that receives the cost's gradient by the module's output, as autograd finds it.
    upstream: str | None = None
    #: ``objective(C, inputs)``: what is differentiated when it is not the cost C itself.
    objective: Callable[[Any, Inputs], Any] | None = None
    as_dict: bool = False  #: Whether it returns a dict of its outputs by name.

    @property
    def possible(self) -> float:
        """The points that the function can earn."""
        return float(sum(criterion.points for criterion in self.criteria))

    def __post_init__(self) -> None:
        """Refuse names that are there twice, or that name what does not exist."""
        for what, names in (
            ("output", [o.name for o in self.outputs]),
            ("family", [f.name for f in self.families]),
            ("criterion", [c.id for c in self.criteria]),
            ("misconception", [m.name for m in self.misconceptions]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise AssignmentError(f"{self.name}: {what} {twice[0]!r} is there twice; give one of them another name")
        hidden = {f.name for f in self.families if f.hidden}
        for repeat in self.families:
            if repeat.same_as is not None and repeat.same_as not in {
                family.name for family in self.families if family.hidden == repeat.hidden
            }:
                raise AssignmentError(
                    f"{self.name}: family {repeat.name!r} is the same as {repeat.same_as!r}, "
                    "which is not a family of its kind"
                )
        for criterion in self.criteria:
            if criterion.output not in {o.name for o in self.outputs}:
                raise AssignmentError(
                    f"{self.name}: criterion {criterion.id!r} judges {criterion.output!r}, which is not an output"
                )
            for family in criterion.families:
                if family not in hidden:
                    raise AssignmentError(
                        f"{self.name}: criterion {criterion.id!r} names {family!r}, which is not a hidden family"
                    )
            if not 0 <= criterion.near_share < 1:
                raise AssignmentError(
                    f"{self.name}: criterion {criterion.id!r} has the near share {criterion.near_share!r}; "
                    "give 0 or more, and below 1"
                )
            if not criterion.families or not criterion.points > 0:
                raise AssignmentError(f"{self.name}: criterion {criterion.id!r} needs a family and points above 0")

    @cached_property
    def name(self) -> str:
        """The name of the function."""
        return self.reference.__name__

    @property
    def names(self) -> tuple[str, ...]:
        """The outputs' names; `Keys` where they come in a dict."""
        names = tuple(output.name for output in self.outputs)
        return Keys(names) if self.as_dict else names

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The parameters that have a default, and the default."""
        parameters = inspect.signature(self.reference).parameters.values()
        return {p.name: p.default for p in parameters if p.default is not p.empty}

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The parameters' names, in order."""
        return tuple(inspect.signature(self.reference).parameters)


def in_order(returned: Any, names: Sequence[str]) -> tuple[Any, ...]:
    """Take apart what a function of the author's returned: one array an output.

    Parameters
    ----------
    returned
        One array, a tuple, or a dict where the names are `Keys`.
    names
        Of the outputs.
    """
    if isinstance(names, Keys):
        return tuple(returned[name] for name in names)
    return (returned,) if len(names) == 1 else tuple(returned)
