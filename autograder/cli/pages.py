"""What ``hw1 new`` writes: pages that load, whose gaps are marked TODO."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

_INIT = Template('''"""$title. For instructors only: a file for each question, found by the folder's path."""

ID = "$id"
TITLE = "$title: TODO what it is about"
COURSE = "TODO the course"
TERM = "TODO the term"
DUE = "TODO when it is due"
POINTS = 6
''')
_PAGE = Template('''"""Question $label: TODO what it is about."""

from typing import Any

import numpy as np

from autograder.model import $names

PROMPT = r"""
The module takes a vector $$\\mathbf{u} \\in \\mathbb{R}^n$$ and outputs

TODO its definition, as a display

$asked
"""


def module(xp: Any, u: Any) -> Any:
    """Compute the module: in PyTorch for the truth, in numpy for finite differences."""
    raise NotImplementedError("TODO: the module, such as 1 / (1 + xp.exp(-u))")


def ${function}(u: np.ndarray$given) -> np.ndarray:
    """TODO in one line: what it computes.

    Parameters
    ----------
    u : numpy.ndarray, shape (n,)
        Input of the module; floats or integers.
$about
    Returns
    -------
    numpy.ndarray, shape $shape
        $returns

    Examples
    --------
    TODO: an example that you worked by hand, after '>>>'.
    """
    raise NotImplementedError("TODO: the reference")


CASES = {
    "asked": (family("three", "n = 3", n=3), family("five", "n = 5", n=5)),
    "general": (family("two", "n = 2", n=2),),  # layouts, integers, n = 1 and a large n are supplied
    "shown": (family("public", "n = 2", n=2),),
}

ANSWER = $kind(
    $answer,
    points={"asked": 4, "general": 2},
    mistakes={
        # TODO: what students get wrong: "name": (lambda u$taken: ..., "A hint that helps, as a sentence."),
    },
)

# TODO: derivations=derivations(r"""...""") with setting=setting(PROMPT, ...), or nothing where nothing is derived.
QUESTION = question(
    "$id",
    title="$label: TODO a heading",
    prompt=PROMPT,
    parts=[part(${function}, module, [ANSWER], CASES, $shapes)],
)
''')
_ABOUT_UPSTREAM = """\
    dL_dv : numpy.ndarray, shape (n,)
        Gradient of the cost with respect to the module's output; floats or integers.
"""
_ALONE = {"given": "", "about": "", "taken": "", "shapes": 'shapes={"u": "n"}'}
_KINDS: Mapping[str, Mapping[str, str]] = {
    "gradient": {
        "called": "gradient",
        "asked": r"""Some cost $L(\mathbf{v})$ is computed from its output; all you know is
$\frac{\partial L}{\partial \mathbf{v}}$. Write the function `FUNCTION(u, dL_dv)` that computes
$\frac{\partial L}{\partial \mathbf{u}}$.""",
        "given": ", dL_dv: np.ndarray",
        "about": _ABOUT_UPSTREAM,
        "shape": "(n,)",
        "returns": "Gradient of the cost with respect to u.",
        "answer": '"dL_du",\n    of="u"',
        "taken": ", dL_dv",
        "shapes": 'shapes={"u": "n", "dL_dv": "n"}, upstream="dL_dv"',
    },
    "value": {
        **_ALONE,
        "called": "module",
        "asked": "Write it as `FUNCTION(u)`.",
        "shape": "(n,)",
        "returns": "The module's output.",
        "answer": '"v"',
    },
    "jacobian": {
        **_ALONE,
        "called": "jacobian",
        "asked": r"""Write the function `FUNCTION(u)` that computes the matrix $\mathbf{J}$ with
$J_{ij} = \frac{\partial v_i}{\partial u_j}$.""",
        "shape": "(n, n)",
        "returns": "J[i, j] is the derivative of v_i with respect to u_j.",
        "answer": '"J",\n    of="u"',
    },
}


def question_page(id_: str, kind: str) -> str:
    """Text of a new question's file."""
    words = _KINDS[kind]
    function = f"{id_}_{words['called']}"
    return _PAGE.substitute(
        words,
        asked=words["asked"].replace("FUNCTION", function),
        function=function,
        id=id_,
        kind=kind,
        label=id_.removeprefix("q"),
        names=", ".join(sorted(("family", kind, "part", "question"))),
    )


def homework_page(id_: str) -> str:
    """Text of a new homework's ``__init__.py``."""
    words = id_.removeprefix("hw")
    return _INIT.substitute(id=id_, title=f"Homework {words}" if words.isdecimal() else id_)
