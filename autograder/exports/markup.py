"""Feedback as HTML, for platforms that show no Markdown."""

from __future__ import annotations

from markdown_it import MarkdownIt


def to_html(markdown: str) -> str:
    """Turn feedback into HTML, nothing of which is the student's: all HTML in it is escaped, and no link is live."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink"])
    html: str = parser.render(markdown)
    return html.replace("\n", " ").strip()
