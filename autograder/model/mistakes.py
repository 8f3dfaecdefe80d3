"""Mistakes in an author's words: known ones that any question has, and some that concern a part of an answer alone."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.errors import AssignmentError
from autograder.model.cases import Array, Region

Wrong = Callable[..., Any]


def _diagonal(truth: Array) -> Array:
    found: Array = np.eye(*truth.shape) == 1
    return found


DIAGONAL = Region(name="diagonal", mask=_diagonal)  #: Of a matrix.
OFF_DIAGONAL = Region(name="off-diagonal", mask=lambda truth: ~_diagonal(truth))
"""All of a matrix but its diagonal."""
_STEP = 1e-5  #: How far finite differences nudge a number up and down.


@dataclass(frozen=True, kw_only=True, eq=False)
class Remade:
    """A mistake that is made with the right function in hand; made by `then`, `inside` or `usual`."""

    #: From the function that answers rightly with one array to the one that does not.
    make: Callable[[Wrong], Wrong]


Mistakes = Mapping[str, tuple[Wrong | Remade, str]]
"""By name: a wrong function, and the hint for whoever wrote it."""


def then(function: Callable[[Array], Any]) -> Remade:
    """Describe a mistake that is made after all was right.

    Parameters
    ----------
    function
        What is done to the right answer, such as ``np.negative``.
    """
    return Remade(make=lambda right: lambda *given: function(right(*given)))


def inside(region: Region, wrong: Wrong) -> Remade:
    """Describe a mistake that leaves the rest of the answer right.

    Parameters
    ----------
    region
        Where the answer is wrong, such as `DIAGONAL`.
    wrong
        Answers with numbers for that region, in an array that broadcasts to the answer's shape.
    """

    def make(right: Wrong) -> Wrong:
        def function(*given: Any) -> Any:
            answer: Array = right(*given)
            return np.where(region.mask(answer), wrong(*given), answer)

        return function

    return Remade(make=make)


def nudged(function: Wrong) -> Wrong:
    """Compute a Jacobian by the first parameter as whoever knows no derivatives: by finite differences.

    Parameters
    ----------
    function
        Of a vector and more.
    """

    def wrong(x: Array, *rest: Any) -> Any:
        steps = _STEP * np.eye(len(x))
        return np.array([function(x + one, *rest) - function(x - one, *rest) for one in steps]).T / (2 * _STEP)

    return wrong


def _changed(name: str, change: Callable[[Any], Any]) -> Callable[[Wrong], Wrong]:
    """Answer rightly for another value of a parameter."""

    def make(right: Wrong) -> Wrong:
        place = list(inspect.signature(right).parameters).index(name)
        return lambda *given: right(*given[:place], change(given[place]), *given[place + 1 :])

    return make


def _typed(name: str) -> Callable[[Wrong], Wrong]:
    """Answer in the type of a parameter."""

    def make(right: Wrong) -> Wrong:
        place = list(inspect.signature(right).parameters).index(name)
        return lambda *given: np.asarray(right(*given)).astype(np.asarray(given[place]).dtype)

    return make


def _after(change: Callable[[Array], Any]) -> Callable[[str], Callable[[Wrong], Wrong]]:
    return lambda _: then(change).make


USUAL: Mapping[str, tuple[Callable[[str], Callable[[Wrong], Wrong]], str]] = {
    "sorted": (_after(np.sort), "The numbers come back sorted. Each belongs to an input, wherever it stands."),
    "diagonal_as_vector": (
        _after(np.diag),
        "Only the diagonal comes back. The output is a matrix with an element for every i and j.",
    ),
    "diagonal_only": (
        _after(lambda found: np.diag(np.diag(found))),
        "Off the diagonal there are zeros. Does y_i not depend on x_j?",
    ),
    "off_diagonal_only": (
        _after(lambda found: found - np.diag(np.diag(found))),
        "The diagonal is zero. Does y_i not depend on x_i?",
    ),
    "upper_triangle": (_after(np.triu), "Below the diagonal there are zeros. i and j run over all indices."),
    "negated": (_after(np.negative), "Every number has the opposite sign. Should the output grow or shrink?"),
    "rounded": (
        _after(lambda found: np.round(found, 4)),
        "The numbers are rounded. Return every digit; round only what you print.",
    ),
    "single_precision": (_after(np.float32), "{what} is in single precision: half of the digits are lost."),
    "dtype_of_*": (
        _typed,
        "The numbers are written into an array of {name}'s type. When {name} holds integers, fractions are cut off.",
    ),
    "no_*": (lambda name: _changed(name, lambda _: 1.0), "{what} does not use {name}."),
    "*_absolute": (lambda name: _changed(name, np.abs), "{what} ignores the sign of {name}."),
    "*_negated": (lambda name: _changed(name, np.negative), "{what} has the sign of {name} wrong."),
    "*_squared": (lambda name: _changed(name, np.square), "{what} uses {name} twice."),
    "*_truncated": (
        lambda name: _changed(name, np.trunc),
        "{what} drops the fractional part of {name}. {name} need not be whole.",
    ),
}
"""Mistakes of any homework by their words: how the right function is changed, and the hint."""

_ALWAYS = ("rounded", "single_precision")


def usual(what: str, words: str) -> Mistakes:
    """Name mistakes that are made in any homework, with their hints.

    Parameters
    ----------
    what
        What the hints are about: a function's name, or ``"The matrix"``.
    words
        Separated by spaces, besides ``rounded`` and ``single_precision``: ``negated``, ``sorted``; of a matrix
        ``diagonal_as_vector``, ``diagonal_only``, ``off_diagonal_only``, ``upper_triangle``; with a parameter's name
        for the star ``dtype_of_*`` (the answer in its type), ``no_*`` (a factor left out), ``*_absolute``,
        ``*_negated``, ``*_squared`` and ``*_truncated``.
    """
    found: dict[str, tuple[Remade, str]] = {}
    for word in (*words.split(), *_ALWAYS):
        known = {_name(pattern, word): pattern for pattern in USUAL if _name(pattern, word) is not None}
        if not known:
            raise AssignmentError(f"usual mistake {word!r}: not known; there are {', '.join(USUAL)}")
        ((name, pattern),) = known.items()
        make, hint = USUAL[pattern]
        found[word] = Remade(make=make(name or "")), hint.format(what=what, name=name)
    return found


def _name(pattern: str, word: str) -> str | None:
    """Tell what stands for the star; None when the word is of another pattern."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if word == pattern else None
    fits = word.startswith(before) and word.endswith(after) and len(word) >= len(pattern)
    return word[len(before) : len(word) - len(after)] if fits else None
