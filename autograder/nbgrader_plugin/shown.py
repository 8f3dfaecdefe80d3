"""What of a student's text stands in the pages that nbgrader makes: nothing that runs, nothing that takes hours.

It is only about showing. What is graded is the submitted file.
"""

import re
from html.parser import HTMLParser
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

LONGEST = 20_000
"""Characters of one cell that are shown: the renderers of Markdown and of code take time that grows with the square."""
MOST = 60_000  #: Characters of a student's that are shown in a whole notebook.
_ENVIRONMENTS = 100
_CUT = "(cut here, too long to be shown; all of it was graded)"
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\](?=\((?!https?://|attachment:|#)|:(?!\s*https?://))")
_MATH_LINK = re.compile(
    r"\\(href|url|htmlClass|htmlId|htmlStyle|htmlData|cssId|class|style|require|csname)(?![A-Za-z])"
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_INLINE = ("a", "b", "br", "code", "del", "em", "i", "img", "input", "span", "strong", "sub", "sup")
_BLOCKS = ("blockquote", "div", "hr", "li", "ol", "p", "pre", "section", "ul")
_TABLE = ("table", "tbody", "td", "th", "thead", "tr")
_TAGS = frozenset((*_HEADINGS, *_INLINE, *_BLOCKS, *_TABLE))
_SAFE = re.compile(r"https?://|mailto:|#|data:image/(png|jpeg|gif);base64,")


class PlainText(NbGraderPreprocessor):  # type: ignore[misc]
    """Lets no HTML of a student's into a page that somebody else opens, and leaves mathematics readable.

    To turn each ``&`` and ``<`` into an entity would break every matrix in a derivation. A space does as well: after
    ``<`` nothing is a tag, and between ``]`` and ``(`` or ``:`` nothing a link; mathematics does not see it. A cell
    that would nevertheless become more than text, or that cannot be rendered, is shown as it was typed.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Make every cell harmless."""
        left = MOST
        for cell in nb.cells:
            if utils.is_locked(cell):
                continue  # the instructor's text
            cell.source, kept = _shorten(cell.source, min(LONGEST, left), "# " if cell.cell_type == "code" else "")
            left -= kept
            if cell.cell_type != "code":
                cell.source = harmless(cell.source, cell.get("attachments", {}))
        return nb, resources


def harmless(text: str, attachments: dict[str, dict[str, str]]) -> str:
    """Make Markdown that renders to text, mathematics and links to other sites.

    The text is not too long; `attachments` are pictures that it may show.
    """
    if text.count("\\begin") <= _ENVIRONMENTS:
        plain = _MATH_LINK.sub(r"\\text", _LINK.sub("] ", _TAG.sub("< ", text)))
        page = _Page()
        try:
            page.feed(MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments)).render(plain))
        except Exception:
            page.safe = False  # a missing attachment, or a fault of the renderer: the same would end the real page
        if page.safe:
            return plain
    # Text that is indented is shown as it is, without a look at what stands in it.
    return "\n".join(f"    {line}" for line in _TAG.sub("< ", text).replace("$", "＄").replace("\\", "＼").splitlines())


class _Page(HTMLParser):
    """Judges HTML: whether there is nothing in it but text, pictures and links to other sites."""

    def __init__(self) -> None:
        super().__init__()
        self.safe = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag."""
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction", "srcset", "data", "xlink:href"):
                self.safe &= _SAFE.match(value or "") is not None
            self.safe &= not name.startswith("on")
            self.safe &= name != "style" or (value or "").startswith("text-align:")  # of a table's column
        self.safe &= tag in _TAGS


def _shorten(text: str, limit: int, comment: str) -> tuple[str, int]:
    """Cut a text, and say how much of it is left."""
    if len(text) <= limit:
        return text, len(text)
    return f"{text[:limit]}\n{comment}{_CUT}", limit
