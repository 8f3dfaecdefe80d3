"""Any text as LaTeX that compiles, and that a reader of the PDF gets back.

What pdfTeX can set in T1 with Latin Modern is set; every other character is spelled ``[U+XXXX]``, so nothing is lost
without a word. Whitespace is folded. The text is capped: a page of somebody's shouting helps nobody.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from autograder.mathematics.formulas.greek import GREEK

if TYPE_CHECKING:
    from pylatex.utils import NoEscape

LIMIT = 2_000  #: Characters of a text that are set, unless a caller says otherwise; more are counted.

_LATIN = frozenset(
    "¡¢£¤¥¦§¨©ª«¬®¯°±´µ¶·º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿĂăĄąĆćČčĎďđĘęĚ"
    "ěĞğİıĹĺĽľŁłŃńŇňŊŋŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž–—‘’‚“”„†‡•‰‹›€↑↓ĀāĈĉĊċĒēĔĕĖėĜĝĠġĤĥĨĪĬĴŌōŎŏŜŝŨũŪūŬŭŴŵŶŷ"
)
# What comes back from the PDF is what was typed: not the sign for a millionth, nor the other epsilon or phi.
_VARIANTS = {"epsilon": "varepsilon", "phi": "varphi"}
_GREEK = {
    **{letter: _VARIANTS.get(name, name) for name, letter in GREEK.items() if name != "mu"},
    "Γ": "Gamma", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi",
}  # fmt: skip
_MATHS = {
    "≤": "le", "≥": "ge", "≈": "approx",
    "∈": "in", "→": "rightarrow", "←": "leftarrow", "⇒": "Rightarrow", "∇": "nabla", "⊤": "top", "∀": "forall",
    "≡": "equiv", "∝": "propto", "∩": "cap", "∪": "cup", "⊂": "subset", "∅": "emptyset",
}  # fmt: skip
_ASCII = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
    # Where a row of a table ends, TeX would take these for an argument.
    "[": "{[}", "*": "{*}",
    # No ligatures: what was typed is what comes back.
    "-": "-{}", "f": "f{}", ",": ",{}", "!": "!{}", "?": "?{}", "‘": "‘{}", "’": "’{}",
}  # fmt: skip
_TABLE = {
    **_ASCII,
    "−": r"\ensuremath{-}",
    **{character: rf"\ensuremath{{\{name}}}" for character, name in (_GREEK | _MATHS).items()},
}
_LIGATURES = frozenset("-f,!?'‘’")
_LONGEST_WORD = 18
_SPACE = re.compile(r"\s+")


def readable(text: str, limit: int = LIMIT) -> str:
    """Say what of a text, lone surrogates and all, can be set, in characters that can.

    It becomes one line: whitespace folded, other characters spelled ``[U+XXXX]``, at the end the number of those beyond
    the limit. Reading the PDF gives this text, but for spaces and line breaks.
    """
    left = len(text) - limit
    text = unicodedata.normalize("NFC", text[:limit])
    kept = "".join(c if _settable(c) else f"[U+{ord(c):04X}]" for c in _SPACE.sub(" ", text).strip())
    return f"{kept} [and {left} more]" if left > 0 else kept


def escape(text: str, limit: int = LIMIT) -> NoEscape:
    """Write any text as LaTeX for running text and table cells, so that it comes back as it was.

    It is one line of ASCII and Latin letters without ligatures; words of more than 18 characters may break anywhere.
    """
    from pylatex.utils import NoEscape

    return NoEscape(" ".join(_word(word) for word in readable(text, limit).split(" ")))


def prose(text: str) -> str:
    """Write an author's words as LaTeX, as they are set in a book: ligatures stay, spaces at the ends too."""
    set_ = _SPACE.sub(" ", text)
    return "".join(c if c in _LIGATURES else _TABLE.get(c, c) if _settable(c) else f"[U+{ord(c):04X}]" for c in set_)


def _settable(character: str) -> bool:
    return " " <= character <= "~" or character in _LATIN or character in _TABLE


def _word(word: str) -> str:
    between = r"\allowbreak{}" if len(word) > _LONGEST_WORD else ""
    return between.join(_TABLE.get(character, character) for character in word)
