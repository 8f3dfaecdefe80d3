"""Short Markdown with formulas as plain text: for a PDF's bookmarks, and for a terminal."""

import re

from autograder.mathematics.formulas.greek import GREEK

_WORDS = {
    r"\times": "×",
    r"\neq": "≠",
    r"\ne": "≠",
    r"\leq": "≤",
    r"\geq": "≥",
    **{rf"\{name}": letter for name, letter in GREEK.items()},
    r"\cdot": "·",
    r"\top": "T",
    r"\dots": "...",
}
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_FRACTION = re.compile(rf"\\[td]?frac{_GROUP}{_GROUP}")
_DRESS = re.compile(rf"\\(?:mathbf|mathrm|mathbb|mathit|text|operatorname|bm){_GROUP}")
_COMMAND = re.compile(r"\\[A-Za-z]+")


def plain(markdown: str) -> str:
    r"""Write one line of Markdown without its marks, its formulas in Unicode.

    Examples
    --------
    >>> plain(r"The slope $\frac{\partial f}{\partial u}$ for $m \times n$, `slope`")
    'The slope ∂f/∂u for m × n, slope'
    """
    pieces = re.split(r"\$([^$]*)\$", markdown)
    return "".join(_formula(piece) if number % 2 else re.sub(r"[`*]", "", piece) for number, piece in enumerate(pieces))


def _fraction(found: re.Match[str]) -> str:
    return "/".join(f"({side})" if " " in side.strip() else side for side in found.groups())


def _formula(latex: str) -> str:
    latex, previous = re.sub(r"\\partial\s*", "∂", latex), None
    while previous != latex:
        previous = latex
        latex = _FRACTION.sub(_fraction, _DRESS.sub(r"\1", latex))
    return _COMMAND.sub(lambda found: _WORDS.get(found[0], found[0][1:]), latex).translate({123: None, 125: None})
