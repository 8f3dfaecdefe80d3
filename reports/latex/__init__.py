"""LaTeX for any text, and PDFs from LaTeX: what every document of ours is made with."""

from reports.latex.chain import chain, result, row
from reports.latex.document import Paper, new_document, style
from reports.latex.elements import Box, Inline, beside, code, facts, room
from reports.latex.engine import Engine, find_engine
from reports.latex.escaping import escape, prose, readable
from reports.latex.heat_maps import figure, heat_map
from reports.latex.markdown import from_markdown, heading
from reports.latex.runner import NoRoomError, Stop, compile_pdf
