"""One side of a student's equality in the grammar's words: other spellings of the same, replaced one after the other.

Each expression takes linear time on any text: no two repetitions that follow one another share a character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from autograder.mathematics.answers.known import Known
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.greek import GREEK

_ANY = rf"(?:\w|\\(?:{'|'.join(GREEK)}))"
_BY_POSITION = re.compile(
    rf"[(\[]\s*\\frac\{{\\partial ([^{{}}]*)\}}\{{\\partial ((?:\\mathbf\{{)?{_ANY}\}}?)\s*\}}\s*[)\]]_\{{(\w+)\}}"
)
_PLAIN_QUOTIENT = re.compile(
    r"(\\partial\s*(?:(?!\\partial)[\w\\{}])+)\s*/\s*(\\partial\s*\\?[A-Za-z]+(?:_(?:\{\w+\}|\w))?)"
)
_WHOLE = rf"\\mathbf\{{{_ANY}\}}"
_OUTER = re.compile(
    rf"\\otimes\s*({_WHOLE}|{_ANY}|\\frac\{{[^{{}}]*\}}\{{\\partial (?:{_ANY}\s*|{_WHOLE})\}})(?!\s*[_^\w])"
)
_BRACED_EXP = re.compile(r"\\exp\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_WORDS = re.compile(r"\\text\{([^{}]*)\}")
_INDICATOR = re.compile(
    r"(?:\\mathbf\{)?[1I]\}?\s*(?:_\s*)?(?:\\?[\[({]\s*){1,2}([a-z])\s*=\s*([a-z])\s*(?:\\?[\])}]\s*){1,2}"
)
_STOP = re.compile(r"[.,;]\s*(?=\\\\|\\end\{cases\})")
_TWO_MARKS = re.compile(r"&\s*&")
_FIRST_MARK = re.compile(r"(\\begin\{cases\}|\\\\)\s*&")
# A factor begins at its letter or bracket: what stands behind a _ or ^ belongs to the factor before.
_FACTOR = r"(?:\\[a-z]+)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\w)(?:[_^](?:\{[^{}]*\}|\w))*+"
_SLASH = re.compile(rf"(?<![_^])({_FACTOR})\s*/\s*({_FACTOR})")


class Spelling:
    """How the letters of some settings may be written: a cost as ``f(v)``, an output as ``v(u)`` or by its name."""

    def __init__(self, settings: Sequence[Known]) -> None:
        self._costs = [pattern for known in settings for pattern in _costs(known)]
        self._outputs = [pattern for known in settings for pattern in _outputs(known)]
        self._spoken = [spoken for known in settings for spoken in _spoken(known)]

    def of_cost(self, text: str) -> str:
        """A cost without what it depends on, when the text is that and nothing else."""
        found = next(filter(None, (cost.fullmatch(text) for cost in self._costs)), None)
        return found[1] if found else text

    def plain(self, piece: Sequence[str]) -> str:
        """Spell one side, given by its marks, as the grammar reads it."""
        text = "".join(piece).strip().rstrip(".,;").strip()
        text = _each(self._costs, text)
        # A letter by its position: (df/dA)_{ij} is the derivative by A_{ij}.
        text = _BY_POSITION.sub(r"\\frac{\\partial \1}{\\partial \2_{\3}}", text)
        text = _PLAIN_QUOTIENT.sub(r"\\frac{\1}{\2}", text)
        # An outer product ends in a row.
        text = _each(self._outputs, text)
        text = _OUTER.sub(r"\1^\\top", text)
        text = _BRACED_EXP.sub(r"\\exp(\1)", text)
        for pattern, letter in self._spoken:
            text = pattern.sub(lambda found, letter=letter: letter + (found[1] or ""), text)  # type: ignore[misc]
        text = _WORDS.sub(_case_word, text)
        # An indicator is Kronecker's delta; stops at the ends of cases are no mathematics.
        text = _INDICATOR.sub(r"\\delta_{\1\2}", text)
        text = _STOP.sub(" ", text)
        if r"\begin{cases}" in text:
            text = _FIRST_MARK.sub(r"\1", _TWO_MARKS.sub("&", text))
        # A plain quotient of two factors is a fraction.
        return _SLASH.sub(r"\\frac{\1}{\2}", text) if "/" in text else text


def _each(patterns: Iterable[re.Pattern[str]], text: str) -> str:
    for pattern in patterns:
        text = pattern.sub(r"\1", text)
    return text


def _letter(name: str) -> str:
    """A setting's name as an expression: its letter, and its index in braces or not."""
    letter, *indices = name.split("_")
    text = rf"(?<![A-Za-z\\]){letter}" if len(letter) == 1 else rf"\\{letter}(?![A-Za-z]) ?"
    return text + "".join(rf"_\{{?{re.escape(index)}\}}?" for index in indices)


def _array(name: str) -> str:
    """A vector or matrix as a whole, bold or not."""
    return rf"(?:{_letter(name)}|\\mathbf\{{{_letter(name)}\}})"


def _costs(known: Known) -> Iterator[re.Pattern[str]]:
    for name, shape in known.shapes.items():
        for cost in () if shape else known.costs(name):
            yield re.compile(rf"({_letter(name)})\({_array(known.setting.functions[cost])}\)")


def _outputs(known: Known) -> Iterator[re.Pattern[str]]:
    for name, definition in known.definitions.items():
        inside = {known.name(below) for below in t.walk(definition.right) if isinstance(below, t.Symbol)}
        inputs = [_array(of) for of in known.setting.symbols if of in inside and known.shapes[of]]
        if definition.shape and inputs:
            yield re.compile(rf"({_array(name)}(?:_(?:\{{\w+\}}|\w))?)\((?:{'|'.join(inputs)})\)")


def _spoken(known: Known) -> Iterator[tuple[re.Pattern[str], str]]:
    inputs = [_array(name) for name, shape in known.setting.symbols.items() if shape]
    constants = [_letter(name) for name in known.constants]
    for word, name in known.setting.spoken.items():
        head = rf"{re.escape(word)}(?![A-Za-z])" if word.startswith("\\") else rf"\\text\{{{re.escape(word)}\}}"
        beside = rf"(?:_\{{?(?:{'|'.join(constants)})\}}?)?" if constants else ""
        letter = name if len(name) == 1 else rf"\{name} "
        if inputs and name in known.definitions:
            whole = rf"{head}{beside}\s*\((?:{'|'.join(inputs)})\)\s*(_(?:\{{\w\}}|\w))?"
            yield re.compile(whole), letter


def _case_word(found: re.Match[str]) -> str:
    word = found[1].strip().lower().strip(",. ")
    if word in {"otherwise", "else"}:
        return r"\text{otherwise}"
    return r"\text{if}" if word in {"if", "for", "when", "where"} else found[0]
