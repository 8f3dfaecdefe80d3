"""One side of a student's equality in the grammar's words: other spellings of the same, replaced one after the other.

Each expression takes linear time on any text: no two repetitions that follow one another share a character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_COST_OF_Y = re.compile(r"(?<![A-Za-z\\])(C(?:_\{?2\}?)?)\((?:\\mathbf\{y\}|y)\)")
_BY_POSITION = re.compile(r"[(\[]\s*\\frac\{\\partial ([^{}]*)\}\{\\partial ((?:\\mathbf\{)?\w\}?)\}\s*[)\]]_\{(\w+)\}")
_PLAIN_QUOTIENT = re.compile(
    r"(\\partial\s*(?:(?!\\partial)[\w\\{}])+)\s*/\s*(\\partial\s*\\?[A-Za-z]+(?:_(?:\{\w+\}|\w))?)"
)
_Y_OF_X = re.compile(r"((?:(?<![A-Za-z\\])y|\\mathbf\{y\})(?:_(?:\{\w\}|\w))?)\((?:x|\\mathbf\{x\})\)")
_OUTER = re.compile(r"\\otimes\s*(\\mathbf\{\w\}|\w|\\frac\{[^{}]*\}\{\\partial (?:\w|\\mathbf\{\w\})\})(?!\s*[_^\w])")
_BRACED_EXP = re.compile(r"\\exp\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_SOFTMAX = re.compile(r"\\text\{softmax\}(?:_\{?\\beta\}?)?\s*\((?:x|\\mathbf\{x\})\)\s*_(\{\w\}|\w)")
_WORDS = re.compile(r"\\text\{([^{}]*)\}")
_INDICATOR = re.compile(
    r"(?:\\mathbf\{)?[1I]\}?\s*(?:_\s*)?(?:\\?[\[({]\s*){1,2}([a-z])\s*=\s*([a-z])\s*(?:\\?[\])}]\s*){1,2}"
)
_STOP = re.compile(r"[.,;]\s*(?=\\\\|\\end\{cases\})")
_TWO_MARKS = re.compile(r"&\s*&")
_FIRST_MARK = re.compile(r"(\\begin\{cases\}|\\\\)\s*&")
# A factor begins at its letter or bracket: what stands behind a _ or ^ belongs to the factor before.
_FACTOR = r"(?:\\[a-z]+)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\w|\\beta)(?:[_^](?:\{[^{}]*\}|\w))*+"
_SLASH = re.compile(rf"(?<![_^])({_FACTOR})\s*/\s*({_FACTOR})")


def plain(piece: Sequence[str]) -> str:
    """Spell one side as the grammar reads it.

    Parameters
    ----------
    piece : sequence of str
        Its marks.

    Returns
    -------
    str
        LaTeX.
    """
    text = "".join(piece).strip().rstrip(".,;").strip()
    text = _COST_OF_Y.sub(r"\1", text)
    # A letter by its position: (dC/dW)_{ij} is the derivative by W_{ij}.
    text = _BY_POSITION.sub(r"\\frac{\\partial \1}{\\partial \2_{\3}}", text)
    text = _PLAIN_QUOTIENT.sub(r"\\frac{\1}{\2}", text)
    # y(x) is y as C(y) is C, and an outer product ends in a row.
    text = _Y_OF_X.sub(r"\1", text)
    text = _OUTER.sub(r"\1^\\top", text)
    text = _BRACED_EXP.sub(r"\\exp(\1)", text)
    text = _SOFTMAX.sub(r"y_\1", text)
    text = _WORDS.sub(_case_word, text)
    # An indicator is Kronecker's delta; stops at the ends of cases are no mathematics.
    text = _INDICATOR.sub(r"\\delta_{\1\2}", text)
    text = _STOP.sub(" ", text)
    if r"\begin{cases}" in text:
        text = _FIRST_MARK.sub(r"\1", _TWO_MARKS.sub("&", text))
    # A plain quotient of two factors is a fraction.
    return _SLASH.sub(r"\\frac{\1}{\2}", text) if "/" in text else text


def _case_word(found: re.Match[str]) -> str:
    word = found[1].strip().lower().strip(",. ")
    if word in {"otherwise", "else"}:
        return r"\text{otherwise}"
    return r"\text{if}" if word in {"if", "for", "when", "where"} else found[0]
