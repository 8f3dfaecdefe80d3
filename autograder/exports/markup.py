"""Feedback as HTML, for platforms that show no Markdown."""

import html as entities

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin


def to_html(markdown: str) -> str:
    """Turn feedback into HTML, nothing of which is the student's: all HTML in it is escaped, and no link is live."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink"])
    html: str = parser.render(markdown)
    return html.replace("\n", " ").strip()


def prompt_to_html(markdown: str) -> str:
    """Turn a question's text into HTML for a page with MathJax: formulas stay, between their dollar signs."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(dollarmath_plugin, double_inline=True, renderer=_formula)
    text: str = parser.render(markdown)
    return text.strip()


def _formula(content: str, options: dict[str, bool]) -> str:
    sign = "$$" if options["display_mode"] else "$"
    return f"{sign}{entities.escape(content.strip(), quote=False)}{sign}"
