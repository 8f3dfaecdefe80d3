"""Where the formulas of a text stand: it is walked through once, from what opens something to what closes it."""

from collections.abc import Sequence

from autograder.mathematics.answers import prose
from autograder.mathematics.answers.blocks import Found
from autograder.mathematics.answers.document import Document
from autograder.mathematics.answers.headings import level_of
from autograder.mathematics.answers.openings import (
    CODE_FENCES,
    HEADINGS,
    INLINE,
    MATH_FENCES,
    NO_FORMULA,
    PLAIN_FENCES,
    begin_of,
    openings,
    prepared,
)
from autograder.mathematics.answers.plain import assignments_in
from autograder.mathematics.answers.tables import tables_in
from autograder.words import Format


def read_document(
    text: str,
    form: Format,
    question: str,
    questions: Sequence[str],
    functions: frozenset[str] = frozenset(),
    *,
    before: str = "",
) -> Found:
    """Find the formulas of any text, in order, in time proportional to its length.

    It answers one question as a whole, or none: then headings have to say, by ids such as ``"q1a"``, the first ones
    perhaps `before` it. Some words may be names of functions.
    """
    text, tables = tables_in(prepared(text, form))
    document = Document(text, question, questions, functions, before)
    # Two ties are a space there.
    missing: set[str] = {"~~"} if form == "latex" else set()
    at = 0
    for found, closing, end in openings(text, missing):
        if found.start() < at:
            continue
        document.words(text[at : found.start()], at)
        at = found.end()
        if found.start() in tables:
            document.table(tables[found.start()])
            continue
        heading = next((name for name in HEADINGS if found[name]), "")
        if heading:
            document.heading(found[heading], level_of(found[0]))
            # Formulas in a heading are formulas.
            if "$" in found[heading] or r"\(" in found[heading]:
                at = found.start(heading)
            elif "=" in found[heading] and prose.case_in(found[heading]) is None:
                document.words(found[heading], found.start(heading))
            continue
        if not closing:
            continue
        mark, inner = found[0], text[found.end() : end]
        fence = found["fence"]
        if fence is not None and fence not in MATH_FENCES:
            if fence in PLAIN_FENCES:
                document.words(inner, found.end())
            elif fence in CODE_FENCES:
                document.code(inner, found.end(), assignments_in(inner))
        elif mark not in NO_FORMULA:
            begin = begin_of(found, inner)
            document.formula(inner[begin:], found.end() + begin, inline=mark in INLINE)
        at = end + len(closing)
    document.words(text[at:], at)
    return document.end(text)
