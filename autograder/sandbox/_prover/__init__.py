"""The untrusted side of a written answer: a warm process like `autograder.sandbox._worker`, whose children read LaTeX.

A student's text is hostile as a student's code is, so it is read here: no network, no files, bounded time and memory.
It is never compiled or evaluated as Python; what comes of it are trees, numbers and short texts in fixed forms.
"""
