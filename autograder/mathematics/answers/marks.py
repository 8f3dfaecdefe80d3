"""The marks of a formula, each with its place in the document; characters of Unicode are written out."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from autograder.mathematics.formulas.greek import GREEK

TOKEN = re.compile(
    r"\\(?:operatorname|tag|hspace|vspace|newcommand|renewcommand|providecommand|DeclareMathOperator)\*"
    r"|\\[A-Za-z]+|\\.|\s+|.",
    re.DOTALL,
)
"""One command, character or run of spaces."""
OPEN, CLOSE = {"{", "(", "[", r"\{", r"\langle"}, {"}", ")", "]", r"\}", r"\rangle"}
UPRIGHT_D = r"\differential"
"""The d of a derivative where its font says so."""
WORDS = "\\text{"
"""How a mark of words begins."""


class Mark(NamedTuple):
    """A command, a character, or words in one."""

    text: str
    #: Where in the document it begins, from 0.
    at: int


_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₓᵣₛₜₚₐₑₕₒᵤᵥ₊₋₌", "0123456789ijklmnxrstpaehouv+-=", strict=True))
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹ᵀⁿᵗ⁺⁻ⁱʲᵏˡᵐˣʸᵃᵇᶜ", "0123456789Tnt+-ijklmxyabc", strict=True))
_CAPITALS = frozenset({"gamma", "delta", "theta", "lambda", "xi", "pi", "phi", "psi", "omega"})
"""Letters whose capitals are no letters of Latin."""
_CHARACTERS: dict[str, tuple[str, ...]] = {
    "∂": (r"\partial",), "∇": (r"\nabla",), "∑": (r"\sum",), "≠": (r"\neq",), "·": (r"\cdot",), "×": (r"\cdot",),
    "⋅": (r"\cdot",), "∗": (r"\cdot",), "•": (r"\cdot",), "−": ("-",), "–": ("-",), "—": ("-",), "≡": ("=",),
    "≔": ("=",), "√": (r"\sqrt",), "⊙": (r"\odot",), "∘": (r"\odot",), "⊗": (r"\otimes",), "′": ("'",),
    "≤": (r"\leq",), "≥": (r"\geq",), "≈": (r"\approx",), "∈": (r"\in",), "→": (r"\to",), "⇒": (r"\Rightarrow",),
    "⇔": (r"\Rightarrow",), "∴": (r"\Rightarrow",), "⟹": (r"\Rightarrow",), "⟺": (r"\Rightarrow",), "⟶": (r"\to",),
    "∎": (), "□": (), "■": (), "✓": (), "✔": (), "⁄": ("/",), "…": (r"\dots",), "⋯": (r"\dots",), "⋮": (r"\dots",),
    "⋱": (r"\dots",), "⊤": (r"\top",), "⟨": (r"\langle",), "⟩": (r"\rangle",), "𝟙": (r"\mathbb", "{", "1", "}"),
    "∀": (r"\forall",), "Σ": (r"\Sigma",), "\u2061": (), "\u200b": (), "\ufeff": (), "\u2062": (), "²": ("^", "2"),
    **{letter: (rf"\{name}",) for name, letter in GREEK.items()},
    **{
        sign: (r"\frac", "{", above, "}", "{", below, "}")
        for sign, above, below in ("½12", "⅓13", "⅔23", "¼14", "¾34", "⅛18")
    },
    **{letter.upper(): (rf"\{name.capitalize()}",) for name, letter in GREEK.items() if name in _CAPITALS},
    "∆": (r"\Delta",), "Ω": (r"\Omega",),
    "ϵ": (r"\epsilon",), "ϕ": (r"\phi",), "ϑ": (r"\theta",), "ϱ": (r"\rho",), "ς": (r"\sigma",),
}  # fmt: skip
UNICODE = frozenset({*_CHARACTERS, *_SUBSCRIPTS, *_SUPERSCRIPTS}) - {"–", "—", "•", "…", "\u200b", "\ufeff"}
"""Characters that are mathematics wherever they stand."""


def marks_of(latex: str, start: int = 0) -> list[Mark]:
    """Take a formula apart, characters of Unicode written out."""
    found: list[Mark] = []
    at = start
    raised = ""
    for text in TOKEN.findall(latex):
        script = "_" if text in _SUBSCRIPTS else "^" if text in _SUPERSCRIPTS else ""
        if raised and script != raised:
            found.append(Mark("}", at))
        if script:
            if script != raised:
                found += (Mark(script, at), Mark("{", at))
            found.append(Mark((_SUBSCRIPTS if script == "_" else _SUPERSCRIPTS)[text], at))
        elif text in _CHARACTERS:
            found += (Mark(piece, at) for piece in _CHARACTERS[text])
        elif len(text) == 1 and text > "~":
            found += _folded(text, at)
        else:
            found.append(Mark(text, at))
        raised = script
        at += len(text)
    return [*found, Mark("}", at)] if raised else found


def _folded(character: str, at: int) -> Iterator[Mark]:
    """A letter of another alphabet's dress: mathematical bold and italic, full width, accents."""
    plain = unicodedata.normalize("NFKD", character)
    for piece in plain if len(plain) < 8 else character:
        if unicodedata.combining(piece):
            continue
        for text in _CHARACTERS.get(piece, (piece,)):
            yield Mark(text, at)


BOLD = {
    r"\vec", r"\bm", r"\boldsymbol", r"\mathbf", r"\bold", r"\pmb", r"\underline", r"\symbf", r"\mathbb", r"\bf",
    r"\mathds", r"\mathbbm", r"\vb", r"\va", r"\vectorbold", r"\overrightarrow", r"\boldmath",
}  # fmt: skip


def argument(marks: Sequence[Mark], at: int) -> tuple[list[Mark], int]:
    """The braced group or the mark that starts at a place, without braces, and where it ends."""
    while at < len(marks) and marks[at].text.isspace():
        at += 1
    if at >= len(marks):
        return [], at
    if marks[at].text != "{":
        return [marks[at]], at + 1
    level, end = 0, at
    while end < len(marks):
        level += (marks[end].text == "{") - (marks[end].text == "}")
        end += 1
        if not level:
            return list(marks[at + 1 : end - 1]), end
    return list(marks[at + 1 :]), end


def source(marks: Sequence[Mark]) -> str:
    """Give marks as text for a person: a command keeps its distance from a letter."""
    return "".join(
        f"{this.text} "
        if this.text[:1] == "\\" and this.text[-1:].isalpha() and following.text[:1].isalpha()
        else this.text
        for this, following in pairwise([*marks, Mark("", 0)])
    )
