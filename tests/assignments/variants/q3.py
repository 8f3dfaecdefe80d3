"""Question 3: the same for everybody."""

from typing import Any

import numpy as np

from autograder.model import family, part, question, value

PROMPT = r"""
Write the function `squares(u)` that returns $u_i^2$ for each of its numbers.
"""


def module(xp: Any, u: Any) -> Any:
    """Compute the squares."""
    return u * u


def squares(u: np.ndarray) -> np.ndarray:
    """Square each number.

    Parameters
    ----------
    u : numpy.ndarray, shape (n,)
        Numbers; floats or integers.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Their squares.

    Examples
    --------
    >>> squares(np.array([3.0, -1.0]))
    array([9., 1.])
    """
    return u * u


ANSWER = value(
    "squares",
    points={"asked": 1, "general": 1},
    mistakes={
        "cube": (lambda u: u**3, "The third power comes back."),
        "absolute": (np.abs, "The numbers come back, without their sign."),
    },
)
QUESTION = question(
    "q3",
    title="3: squares",
    section="Squares",
    prompt=PROMPT,
    parts=[
        part(
            squares,
            module,
            [ANSWER],
            {"asked": (family("three", "n = 3", n=3),), "general": (), "shown": (family("public", "n = 2", n=2),)},
            shapes={"u": "n"},
        )
    ],
)
