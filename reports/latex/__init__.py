"""LaTeX for any text, and PDFs from LaTeX: what every document of ours is made with."""

from __future__ import annotations

from reports.latex._chain import Chain, Result
from reports.latex._document import new_document
from reports.latex._elements import Box, Inline, code, facts, room
from reports.latex._engine import Engine, find_engine
from reports.latex._escape import LIMIT, escape, prose, readable
from reports.latex._heat_map import Figure, heat_map
from reports.latex._markdown import from_markdown, heading
from reports.latex._runner import compile_pdf

__all__ = [
    "LIMIT",
    "Box",
    "Chain",
    "Engine",
    "Figure",
    "Inline",
    "Result",
    "code",
    "compile_pdf",
    "escape",
    "facts",
    "find_engine",
    "from_markdown",
    "heading",
    "heat_map",
    "new_document",
    "prose",
    "readable",
    "room",
]
