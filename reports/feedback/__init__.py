"""Feedback as a PDF for each student: the words of ``feedback.md``, with bars, and public cases side by side.

`content` lays one student's pages out, `typeset` compiles a class in one run of TeX and splits it.
"""

from __future__ import annotations

from reports.feedback.typeset import Typeset, typeset_class

__all__ = ["Typeset", "typeset_class"]
