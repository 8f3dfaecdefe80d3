"""Formulas as people type them without any marks of mathematics, and as they write code: as LaTeX."""

import re
from bisect import bisect_right
from collections.abc import Container, Sequence

from autograder.mathematics.answers.restricting import Span
from autograder.mathematics.formulas.greek import GREEK

_GREEK = re.compile(rf"(?<![A-Za-z\\])({'|'.join(GREEK)})(?![A-Za-z])")
_NAME = re.compile(
    r"(?:^[ \t]*|[,;(][ \t]{0,3}|\b(?:let|where|with|put|set|define|and|call|then)\s{1,4})"
    r"(?!d[a-z]\b)([a-z]{2,8})\s{0,4}:?=(?!=)"
    r"|(?<![A-Za-z])(?!d[a-z]\[)([a-z]{2,8})\[[a-z0-9]",
    re.MULTILINE | re.IGNORECASE,
)
_NAMED_ENTRY = re.compile(r"(?<![A-Za-z\\])([A-Za-z]{2,8})(?![A-Za-z])(?:\[([a-z0-9])(?:, ?([a-z0-9]))?\])?")
_WORDS = """
also and answer are bias call case cost define den denom denominator derivative diag else exp finally for get
gives gradient have hence here if input is it let log loss max mean now num numer numerator obtain or
otherwise outer output put result set so sqrt sum tanh that then this thus to tr trace transpose vec we
weights where which with
"""
_NO_NAMES = frozenset({*_WORDS.split(), *GREEK})
_TURNED = re.compile(r"(?<=[\w)\]])\.T(?![A-Za-z])")
"""How code writes a transpose."""
_BELOW = re.compile(r"_([a-z]{2,4}|\d{2,3}|[a-z]\d|\d[a-z])(?![A-Za-z0-9({_])")
_TIMES = re.compile(r"([\w)]) {1,8}\. {1,8}(?=[\w(])")
"""How some type a point between factors."""
_MODULE = re.compile(r"(?<![\w.])(?:np|numpy|torch|jnp|math)\.(?=[a-z])")
_DERIVATIVE_NAME = re.compile(r"(?<![A-Za-z0-9_])d([A-Z]_?\d?)_d([A-Za-z])(?![A-Za-z0-9])")
"""How code calls a derivative."""
_CODED = re.compile(r"(?<![A-Za-z])([a-zA-Z]{1,3}|[∂A-Z][A-Za-z])\[([a-z0-9])(?:(?:, ?|\]\[)([a-z0-9]))?\]")
"""How code writes an entry."""
_CODED_PARTIAL = re.compile(r"\(([∂d][A-Za-z])( ?/ ?[∂d][A-Za-z](?:_?[a-z0-9]|_\{[a-z0-9]{1,2}\})?)\)\[([a-z0-9])\]")
"""And that of a derivative in brackets."""
_ALONE = re.compile(r"(?<![\w$\\^_/∂{'’.-])(?:[B-HJ-Zb-hj-zα-ωΓΔΘΛΞΠΣΦΨΩ])(?![\w^_(\[{/'’=]|\.\w)")
"""A letter among words."""
_GLUED = re.compile(r"[A-Za-z][ijkln]{1,2}|[A-Za-z]?[A-Z][a-z]?")
"""A letter with its index right behind it, or a product."""
_INDEXED = re.compile(
    r"(?<![A-Za-z0-9\\_^.{])(?:[d∂](?=[A-Za-z]{2}))?((?![ijkl])[A-Za-zα-ωΓΔΘΛΞΠΣΦΨΩ])([ijkl]{1,2})(?![A-Za-z0-9_{\[])"
)
"""A letter with its index right behind it, and perhaps what makes a differential of it."""
_INDICES_BEHIND = re.compile(
    r"(?<![A-Za-z0-9\\])[d∂](?![ijkl])[A-Za-z][ijkl]{0,2} ?/ ?[d∂](?![ijkl])[A-Za-z][ijkl]{1,2}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])δ[ijkl]{2}(?![A-Za-z0-9])"
)
"""What only a text that writes its indices right behind its letters has."""
_NUMBERED = re.compile(r"(?<![A-Za-z0-9\\_^.{])(?:[d∂]?[A-Za-zα-ωΓΔΘΛΞΠΣΦΨΩ]\d{1,2})+(?![A-Za-z0-9_{\[])")
"""Letters with their numbers right behind them, perhaps several as a product."""
_NUMBER = re.compile(r"(?<=[^\d_])(\d{1,2})")
_LARGE_D = re.compile(r"(?<![A-Za-z])D([A-Za-z]\w{0,3}) ?/ ?D(?=[A-Za-z])")
"""How some type the sign of a derivative."""
_BRACKETED = re.compile(r"\[([^\[\]=,\n]{3,200})\]")
_ENTRY_OF_A_ROW = re.compile(r"-?(?:\d{1,6}(?:\.\d{1,6})?|(?=[^\s]{0,40}\d)(?![-−+*/·×.])[^\s]{0,40}[^\s\-−+*/·×])")
_LONG_WORD = re.compile(rf"(?<![A-Za-z])(?!(?:{'|'.join(GREEK)}|exp|sum)(?![A-Za-z]))[A-Za-z]{{3,}}")
_ESCAPED = re.compile(r"\\([*_])")
"""How Markdown keeps a sign from being one of its own."""
_NO_INDICES = frozenset({"all", "ill"})
_A_SUM = re.compile(r"(?<![A-Za-z\\_])sum(?=\s{0,2}(?:[-+=)*/^]|\Z))")
"""A sum that somebody wrote out before, called by that word."""
_POWER = re.compile(r"\^\(((?:[^()\n]|\([^()\n]{0,40}\)){1,80})\)")
"""How a line without marks writes a power of more than a letter."""


def names_in(text: str, functions: Container[str]) -> frozenset[str]:
    """Find names of several letters that code or text without marks defines or takes entries of."""
    if "$" in text or r"\begin" in text:
        return frozenset()
    found = {one[1] or one[2] for one in _NAME.finditer(text)}
    return frozenset(
        one for one in found if one.lower() not in _NO_NAMES and one not in functions and not _GLUED.fullmatch(one)
    )


def indexed_in(text: str) -> frozenset[str]:
    """Find letters with their index right behind them, in a text that has derivatives such as dyi/dxj."""
    if not _INDICES_BEHIND.search(text):
        return frozenset()
    return frozenset(one[1] + one[2] for one in _INDEXED.finditer(text)) - _NO_INDICES


def letters_in(text: str, formulas: Sequence[Span]) -> list[Span]:
    """Where letters stand alone among words, and in none of some formulas."""
    found = (one.span() for one in _ALONE.finditer(text))
    begins = [begin for begin, _ in formulas]
    return [one for one in found if not (at := bisect_right(begins, one[0])) or formulas[at - 1][1] <= one[0]]


def _with_commas(found: re.Match[str]) -> str:
    """Brackets with entries side by side, as in [a b; c d], with commas between them."""
    rows = [row.split() for row in found[1].split(";")]
    entries = [entry for row in rows for entry in row]
    if max(map(len, rows)) < 2 or not all(map(_ENTRY_OF_A_ROW.fullmatch, entries)) or _LONG_WORD.search(found[1]):
        return found[0]
    return f"[{'; '.join(', '.join(row) for row in rows)}]"


def as_latex(written: str, names: Container[str] = (), indexed: Container[str] = ()) -> str:
    """Write a formula without marks as LaTeX, each of some names of several letters as one letter.

    In some words all but the first letter are its index.
    """

    def named(found: re.Match[str]) -> str:
        if found[1] not in names:
            return found[0]
        return rf"\texttt{{{found[1]}}}" + (f"_{{{found[2]}{found[3] or ''}}}" if found[2] else "")

    def below(found: re.Match[str]) -> str:
        return found[0].removesuffix(found[2]) + f"_{{{found[2]}}}" if found[1] + found[2] in indexed else found[0]

    written = _LARGE_D.sub(r"d\1/d", _BRACKETED.sub(_with_commas, written))
    written = _NUMBERED.sub(lambda one: _NUMBER.sub(r"_{\1}", one[0]), written)
    if indexed:
        written = _INDEXED.sub(below, written)
    written = _A_SUM.sub(r"\\texttt{sum}", _NAMED_ENTRY.sub(named, written.replace("Sum", "sum")))
    written = _TIMES.sub(r"\1 * ", _MODULE.sub("", _DERIVATIVE_NAME.sub(r"d\1/d\2", written)))
    if written.rstrip().endswith(("...", "…")):
        written = written.rstrip(" .…\n\t")
    written = _CODED_PARTIAL.sub(r"\1_{\3}\2", written)
    written = _CODED.sub(lambda one: f"{one[1]}_{{{one[2]}{one[3] or ''}}}", written)
    formula = _TURNED.sub("^T", _ESCAPED.sub(r"\1", written).replace("`", " ").replace("**", "^").replace("@", " "))
    formula = _POWER.sub(r"^{\1}", _BELOW.sub(r"_{\1}", formula))
    return _GREEK.sub(r"\\\1 ", formula)
