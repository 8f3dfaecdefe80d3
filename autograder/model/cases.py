"""What a part is asked: families of cases, and the outputs that are judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autograder.words import Layout

Array = NDArray[Any]
Inputs = Mapping[str, Any]
Kind = Literal["value", "gradient", "jacobian"]
Cost = Callable[[Any, Any], Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Draw:
    """One draw of a case family."""

    #: What the student's function gets, by parameter name: float64 or int64 arrays, Python floats or ints. A parameter
    #: with a default may be left out, and then the student's own default is used.
    inputs: Inputs
    #: What the forward pass needs besides the inputs (such as parameters).
    leaves: Mapping[str, Array] = field(default_factory=dict)
    #: ``cost(torch, y)``, the scalar cost C(y); only for parts whose truth is a gradient of a cost.
    cost: Cost | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """A family of cases: inputs of one kind, drawn at random."""

    name: str  #: Identifier, unique within its part.
    title: str  #: What the family is about, in words a student may read ("a matrix with one row").
    draw: Callable[[np.random.Generator], Draw]  #: Draws one case; a pure function of the generator.
    #: Hidden families earn points and are seeded by the secret; public ones are shown, and seeded by their name.
    hidden: bool = True
    draws: int = 2  #: How many cases are drawn.
    layout: Layout = "plain"  #: How the arrays lie in memory when the student's function gets them.
    #: Family of the same part whose random numbers are drawn again: with the same `draw`, the same inputs come back.
    same_as: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Output:
    """One array a part answers with, how its truth is found and how exactly it can be known."""

    name: str  #: As in the homework, e.g. ``"slope"``.
    #: ``value``: the forward pass itself; ``gradient``: of the objective with respect to `of`, read from ``.grad``;
    #: ``jacobian``: of the forward pass with respect to `of`, one row per component of y.
    kind: Kind
    #: ``magnitude(inputs, truth)``: elementwise size of the terms that are summed, of the truth's shape. The tolerance
    #: is a multiple of it. `inputs` holds the defaults of parameters that were left out.
    magnitude: Callable[[Inputs, Array], Array]
    of: str | None = None  #: The leaf or input that is differentiated by.


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """A named part of an output, such as the diagonal of a matrix."""

    name: str  #: Word for it.
    mask: Callable[[Array], Array]  #: ``mask(truth)``: booleans of the truth's shape.
