"""LaTeX for any text, and PDFs from LaTeX: what every document of ours is made with."""

from __future__ import annotations

from reports.latex._document import Centred, new_document
from reports.latex._elements import Box, Inline, Result, chain, code, facts, heat_map, room, spaced
from reports.latex._engine import Engine, find_engine
from reports.latex._escape import LIMIT, escape, prose, readable
from reports.latex._markdown import from_markdown
from reports.latex._runner import compile_pdf

__all__ = [
    "LIMIT",
    "Box",
    "Centred",
    "Engine",
    "Inline",
    "Result",
    "chain",
    "code",
    "compile_pdf",
    "escape",
    "facts",
    "find_engine",
    "from_markdown",
    "heat_map",
    "new_document",
    "prose",
    "readable",
    "room",
    "spaced",
]
