"""What a function answers with: values, gradients, Jacobians, their points and the mistakes in them."""

from __future__ import annotations

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
    """Points for one criterion; made by `award`.

    Attributes
    ----------
    points, title, region, near_share
        As in `Criterion`; without a title the answer's own.
    groups
        Of families that decide it; the criterion's own when empty.
    """

    points: float
    title: str = ""
    groups: tuple[str, ...] = ()
    region: Region | None = None
    near_share: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """One array that a function answers with; made by `value`, `gradient` or `jacobian`.

    Attributes
    ----------
    name, kind, of, magnitude
        As in `Output`; without a magnitude the reference's slopes say how exactly it can be known.
    points
        By group of families, or by any word for a criterion.
    title
        What is judged.
    criterion
        What its criteria are called, before a dot and the word.
    mistakes
        Known mistakes in this answer alone.
    sums, least
        What its numbers, or those of each row, add up to, and what none is below; None when that may be anything.
    """

    name: str
    kind: Kind
    of: str | None
    points: Mapping[str, float | Award]
    title: str
    criterion: str
    magnitude: Magnitude | None
    mistakes: Mistakes
    sums: float | None = None
    least: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class PartWords:
    """One function to write, as its author describes it; made by `part`.

    Attributes
    ----------
    reference, module, answers, cases, shapes, sizes, upstream, objective, mistakes, nudged, as_dict
        As `part` takes them.
    """

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
    points : float
        More than 0.
    title : str
        What is judged, for a student to read.
    groups : str
        Groups of families that decide it, separated by spaces; the criterion's own when empty.
    region : Region, optional
        The part of the answer that is judged.
    near_share : float
        Share of the points for a wrong answer that is one change of the formula away; below 1.

    Returns
    -------
    Award
        For an answer's points.
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
    """Ask for what the module computes.

    Parameters
    ----------
    name : str
        As in the homework.
    points : Mapping[str, float | Award]
        By group of families: ``{"asked": 3, "general": 1}``.
    title : str
        What is judged, for a student to read; the name when empty.
    mistakes : Mistakes, optional
        Known mistakes in this answer alone: functions of the reference's parameters, in order.
    criterion : str
        What its criteria are called; the name when empty.
    magnitude : Callable[[Inputs, numpy.ndarray], numpy.ndarray], optional
        As in `Output`; by default the reference's slopes say how exactly it can be known.
    sums : float, optional
        What its numbers, or those of each row, must add up to whatever the inputs: the self-check says so.
    least : float, optional
        What none of them may be below.

    Returns
    -------
    Answer
        For `part`. Several values are the module's tuple, in order.
    """
    return replace(_answer("value", name, None, points, title, mistakes, criterion, magnitude), sums=sums, least=least)


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
    name : str
        As in the homework.
    of : str
        With respect to which of the module's tensors.
    points : Mapping[str, float | Award]
        By group of families, as for `value`.
    title : str
        What is judged; the name when empty.
    mistakes : Mistakes, optional
        Known mistakes in this answer alone.
    criterion : str
        What its criteria are called; the name when empty.
    magnitude : Callable[[Inputs, numpy.ndarray], numpy.ndarray], optional
        As for `value`.
    sums : float, optional
        As for `value`.

    Returns
    -------
    Answer
        For `part`.
    """
    return replace(_answer("gradient", name, of, points, title, mistakes, criterion, magnitude), sums=sums)


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
    name : str
        As in the homework.
    of : str
        With respect to which of the module's tensors.
    points : Mapping[str, float | Award]
        By group of families, as for `value`.
    title : str
        What is judged; the name when empty.
    mistakes : Mistakes, optional
        Known mistakes in this answer alone.
    criterion : str
        What its criteria are called; the name when empty.
    magnitude : Callable[[Inputs, numpy.ndarray], numpy.ndarray], optional
        As for `value`.
    sums : float, optional
        As for `value`.

    Returns
    -------
    Answer
        For `part`.
    """
    return replace(_answer("jacobian", name, of, points, title, mistakes, criterion, magnitude), sums=sums)


def _answer(  # noqa: PLR0917 - handed on as they came
    kind: Kind,
    name: str,
    of: str | None,
    points: Mapping[str, float | Award],
    title: str,
    mistakes: Mistakes | None,
    criterion: str,
    magnitude: Magnitude | None,
) -> Answer:
    """Fill in what was left out: title and criterion are the name, and no mistake is known."""
    return Answer(
        name=name,
        kind=kind,
        of=of,
        points=points,
        title=title or name,
        criterion=criterion or name,
        magnitude=magnitude,
        mistakes=mistakes or {},
    )
