"""What ``hw1 new`` writes: pages that load, whose gaps are marked TODO."""

from __future__ import annotations

from string import Template

INIT = Template('''"""$title. For instructors only: a file for each question, found by the folder's path."""

ID = "$id"
TITLE = "$title: TODO what it is about"
COURSE = "TODO the course"
TERM = "TODO the term"
DUE = "TODO when it is due"
POINTS = 6
''')

_HEAD = '''"""Question $label: TODO what it is about."""

from typing import Any

import numpy as np

from autograder.model import $names

'''
_DOCSTRING = '''    """TODO in one line: what it computes.

    Parameters
    ----------
    u : numpy.ndarray, shape (n,)
        Input of the module; floats or integers.
$more
    Returns
    -------
    numpy.ndarray, shape $shape
        $returns

    Examples
    --------
    TODO: an example that you worked by hand, after '>>>'.
    """
    raise NotImplementedError("TODO: the reference")
'''
_MODULE = '''

def module(xp: Any, u: Any) -> Any:
    """Compute the module: in PyTorch for the truth, in numpy for finite differences."""
    raise NotImplementedError("TODO: the module, such as 1 / (1 + xp.exp(-u))")


'''
_CASES = """

CASES = {
    "asked": (family("three", "n = 3", n=3), family("five", "n = 5", n=5)),
    "general": (family("two", "n = 2", n=2),),  # layouts, integers, n = 1 and a large n are supplied
    "shown": (family("public", "n = 2", n=2),),
}

"""
_MISTAKES = '''    mistakes={
        # TODO: what students get wrong: "name": (lambda u$upstream: ..., "A hint that helps, as a sentence."),
    },
)

# TODO: derivations=derivations(r"""...""") with setting=setting(PROMPT, ...), or nothing where nothing is derived.
QUESTION = question(
    "$id",
    title="$label: TODO a heading",
    prompt=PROMPT,
'''
_GRADIENT = (
    _HEAD
    + '''PROMPT = r"""
The module takes a vector $$\\mathbf{u} \\in \\mathbb{R}^n$$ and outputs

TODO its definition, as a display

Some cost $$L(\\mathbf{v})$$ is computed from its output; all you know is
$$\\frac{\\partial L}{\\partial \\mathbf{v}}$$. Write the function `${id}_gradient(u, dL_dv)` that computes
$$\\frac{\\partial L}{\\partial \\mathbf{u}}$$.
"""
'''
    + _MODULE
    + "def ${id}_gradient(u: np.ndarray, dL_dv: np.ndarray) -> np.ndarray:\n"
    + _DOCSTRING.replace(
        "$more",
        "    dL_dv : numpy.ndarray, shape (n,)\n"
        "        Gradient of the cost with respect to the module's output; floats or integers.\n",
    )
    .replace("$shape", "(n,)")
    .replace("$returns", "Gradient of the cost with respect to u.")
    + _CASES
    + """ANSWER = gradient(
    "dL_du",
    of="u",
    points={"asked": 4, "general": 2},
"""
    + _MISTAKES.replace("$upstream", ", dL_dv")
    + """    parts=[part(${id}_gradient, module, [ANSWER], CASES, shapes={"u": "n", "dL_dv": "n"}, upstream="dL_dv")],
)
"""
)
_VALUE = (
    _HEAD
    + '''PROMPT = r"""
The module takes a vector $$\\mathbf{u} \\in \\mathbb{R}^n$$ and outputs

TODO its definition, as a display

Write it as `${id}_module(u)`.
"""
'''
    + _MODULE
    + "def ${id}_module(u: np.ndarray) -> np.ndarray:\n"
    + _DOCSTRING.replace("$more", "").replace("$shape", "(n,)").replace("$returns", "The module's output.")
    + _CASES
    + """ANSWER = value(
    "v",
    points={"asked": 4, "general": 2},
"""
    + _MISTAKES.replace("$upstream", "")
    + """    parts=[part(${id}_module, module, [ANSWER], CASES, shapes={"u": "n"})],
)
"""
)
_JACOBIAN = (
    _HEAD
    + '''PROMPT = r"""
The module takes a vector $$\\mathbf{u} \\in \\mathbb{R}^n$$ and outputs

TODO its definition, as a display

Write the function `${id}_jacobian(u)` that computes the matrix $$\\mathbf{J}$$ with
$$J_{ij} = \\frac{\\partial v_i}{\\partial u_j}$$.
"""
'''
    + _MODULE
    + "def ${id}_jacobian(u: np.ndarray) -> np.ndarray:\n"
    + _DOCSTRING.replace("$more", "")
    .replace("$shape", "(n, n)")
    .replace("$returns", "J[i, j] is the derivative of v_i with respect to u_j.")
    + _CASES
    + """ANSWER = jacobian(
    "J",
    of="u",
    points={"asked": 4, "general": 2},
"""
    + _MISTAKES.replace("$upstream", "")
    + """    parts=[part(${id}_jacobian, module, [ANSWER], CASES, shapes={"u": "n"})],
)
"""
)
QUESTIONS = {"gradient": Template(_GRADIENT), "value": Template(_VALUE), "jacobian": Template(_JACOBIAN)}
"""By kind."""


def question_page(id_: str, kind: str) -> str:
    """Text of a new question's file."""
    return QUESTIONS[kind].substitute(
        id=id_,
        label=id_.removeprefix("q"),
        names=", ".join(sorted(("family", kind, "part", "question"))),
    )


def homework_page(id_: str) -> str:
    """Text of a new homework's ``__init__.py``."""
    words = id_.removeprefix("hw")
    return INIT.substitute(id=id_, title=f"Homework {words}" if words.isdecimal() else id_)
