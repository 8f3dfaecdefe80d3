"""Feedback: as Markdown and as nbgrader's cells with each grade, as a PDF for each student in a run of its own.

`content` lays one student's pages out, `typeset` compiles a class in one run of TeX and splits it. Nothing is handed on
here: grading writes Markdown, and what typesets is neither loaded nor needed there.
"""
