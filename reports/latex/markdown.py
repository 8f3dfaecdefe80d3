"""Prompts and remarks are Markdown with formulas, for the notebook; here they become LaTeX, for the documents."""

import re
from collections.abc import Iterable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pylatex.utils import NoEscape

from autograder.errors import ReportError
from reports.latex.escaping import prose
from reports.plain import plain

_READER = MarkdownIt("commonmark").use(dollarmath_plugin, allow_space=False, double_inline=True)
_SHORT_CODE = 12  #: Characters of code that stay on one line.
_LONG_NAME = 24  #: A name of more characters may break at its underscores.
_PIECE_OF_CODE = re.compile(r"(?<=[ (])")
_PLAIN = {
    "paragraph_open": "",
    "paragraph_close": "\n\n",
    "bullet_list_open": "\\begin{itemize}\n",
    "bullet_list_close": "\\end{itemize}\n",
    "ordered_list_open": "\\begin{enumerate}\n",
    "ordered_list_close": "\\end{enumerate}\n",
    "list_item_open": "\\item ",
    "list_item_close": "\n",
    "strong_open": r"\textbf{",
    "strong_close": "}",
    "em_open": r"\emph{",
    "em_close": "}",
    "softbreak": " ",
    "hardbreak": r"\newline ",
}


def from_markdown(text: str) -> NoEscape:
    """Turn Markdown with formulas into LaTeX.

    Raises `ReportError` if the text uses something else, which would be lost in the document.
    """
    # A display belongs to the paragraph before it, and what follows goes on: an empty line would leave a gap.
    return NoEscape("".join(_pieces(_READER.parse(text))).strip().replace("\n\n\\[", "\n\\["))


def heading(text: str) -> NoEscape:
    """Turn one line of Markdown into a heading that is set as it should be, and plain in the PDF's bookmarks."""
    set_ = from_markdown(text)
    if "$" not in text and "`" not in text:
        return set_
    words = "".join(prose(c) if c.isascii() else rf"\unichar{{{ord(c)}}}" for c in plain(text))
    return NoEscape(rf"\texorpdfstring{{{set_}}}{{{words}}}")


def _pieces(tokens: Sequence[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _pieces(token.children or ())
        elif token.type in _PLAIN:
            yield _PLAIN[token.type]
        elif token.type == "text":
            yield prose(token.content)
        elif token.type == "code_inline":
            yield _code(token.content)
        elif token.type == "math_inline":
            yield f"${token.content}$"
        elif token.type in ("math_block", "math_inline_double"):
            yield f"\\[{token.content.strip()}\\]\n"
        else:
            raise ReportError(
                f"Markdown of kind {token.type!r} has no LaTeX here: {token.content[:60]!r}; write it another way"
            )


def _code(text: str) -> str:
    """Code may break where a reader of code would break it, if it is long; inside a name only if that is long."""
    if len(text) <= _SHORT_CODE:
        return rf"\mbox{{\texttt{{{prose(text)}}}}}"
    set_ = (
        prose(piece).replace(r"\_", r"\_\allowbreak{}" if len(piece) > _LONG_NAME else r"\_")
        for piece in _PIECE_OF_CODE.split(text)
    )
    return rf"\texttt{{{''.join(set_)}}}".replace("(", r"(\allowbreak{}")
