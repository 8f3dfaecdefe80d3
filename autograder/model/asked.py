"""What a function answers with: values, gradients, Jacobians, their points and the mistakes in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.model.cases import Array, Inputs, Kind, Region
from autograder.model.draws import Input
from autograder.model.families import Words
from autograder.model.mistakes import Mistakes
from autograder.model.parts import Keys

Magnitude = Callable[[Inputs, Array], Array]


@dataclass(frozen=True, kw_only=True, eq=False)
class Award:
    """Points for one criterion; made by `award`. What `Criterion` has, too, is meant as there."""

    points: float
    title: str = ""  #: The answer's own when empty.
    groups: tuple[str, ...] = ()  #: Of families that decide it; the criterion's own when empty.
    region: Region | None = None
    near_share: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """One array that a function answers with; made by `value`, `gradient` or `jacobian`. The rest is as in `Output`."""

    name: str
    kind: Kind
    of: str | None
    points: Mapping[str, float | Award]  #: By group of families, or by any word for a criterion.
    title: str  #: What is judged.
    criterion: str  #: What its criteria are called, before a dot and the word.
    magnitude: Magnitude | None  #: Without one the reference's slopes say how exactly it can be known.
    mistakes: Mistakes  #: Known mistakes in this answer alone.
    #: What its numbers, or those of each row, add up to, and what none is below; None when that may be anything.
    sums: float | None = None
    least: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class PartWords:
    """One function to write, as its author describes it; made by `part`, which says what each word means."""

    reference: Callable[..., Any]
    module: Callable[..., Any]
    answers: Sequence[Answer]
    cases: Mapping[str, Sequence[Words]]
    shapes: Mapping[str, str | Input] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    upstream: str = ""
    objective: Callable[..., Any] | None = None
    mistakes: Mistakes = field(default_factory=dict)
    nudged: bool = True
    as_dict: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The answers' names; `Keys` where they come in a dict."""
        names = tuple(one.name for one in self.answers)
        return Keys(names) if self.as_dict else names


def award(
    points: float, title: str = "", groups: str = "", *, region: Region | None = None, near_share: float = 0.0
) -> Award:
    """Give points for one criterion.

    Parameters
    ----------
    points
        More than 0.
    title
        What is judged, for a student to read.
    groups
        Groups of families that decide it, separated by spaces; the criterion's own when empty.
    region
        The part of the answer that is judged.
    near_share
        Share of the points for a wrong answer that is one change of the formula away; below 1.
    """
    return Award(points=points, title=title, groups=tuple(groups.split()), region=region, near_share=near_share)


def value(
    name: str,
    *,
    points: Mapping[str, float | Award],
    title: str = "",
    mistakes: Mistakes | None = None,
    criterion: str = "",
    magnitude: Magnitude | None = None,
    sums: float | None = None,
    least: float | None = None,
) -> Answer:
    """Ask for what the module computes; several values are the module's tuple, in order.

    Parameters
    ----------
    name
        As in the homework.
    points
        By group of families: ``{"asked": 3, "general": 1}``.
    title
        What is judged, for a student to read; the name when empty.
    mistakes
        Known mistakes in this answer alone: functions of the reference's parameters, in order.
    criterion
        What its criteria are called; the name when empty.
    magnitude
        As in `Output`; by default the reference's slopes say how exactly it can be known.
    sums
        What its numbers, or those of each row, must add up to whatever the inputs: the self-check says so.
    least
        What none of them may be below.
    """
    return Answer(
        name=name,
        kind="value",
        of=None,
        points=points,
        title=title or name,
        criterion=criterion or name,
        magnitude=magnitude,
        mistakes=mistakes or {},
        sums=sums,
        least=least,
    )


def gradient(
    name: str,
    *,
    of: str,
    points: Mapping[str, float | Award],
    title: str = "",
    mistakes: Mistakes | None = None,
    criterion: str = "",
    magnitude: Magnitude | None = None,
    sums: float | None = None,
) -> Answer:
    """Ask for the gradient of a cost of the module's output.

    Parameters
    ----------
    of
        With respect to which of the module's tensors.
    name, points, title, mistakes, criterion, magnitude, sums
        As for `value`.
    """
    answer = value(
        name, points=points, title=title, mistakes=mistakes, criterion=criterion, magnitude=magnitude, sums=sums
    )
    return replace(answer, kind="gradient", of=of)


def jacobian(
    name: str,
    *,
    of: str,
    points: Mapping[str, float | Award],
    title: str = "",
    mistakes: Mistakes | None = None,
    criterion: str = "",
    magnitude: Magnitude | None = None,
    sums: float | None = None,
) -> Answer:
    """Ask for the derivatives of each element of the module's output.

    Parameters
    ----------
    of
        With respect to which of the module's tensors.
    name, points, title, mistakes, criterion, magnitude, sums
        As for `value`.
    """
    answer = value(
        name, points=points, title=title, mistakes=mistakes, criterion=criterion, magnitude=magnitude, sums=sums
    )
    return replace(answer, kind="jacobian", of=of)
