"""What goes into the judgement of a written part, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.derivation import tree as t
from autograder.derivation.answers.document import Format
from autograder.derivation.answers.worlds import Theory
from autograder.derivation.parsing import parse

Kind = Literal["line", "answer", "remark"]
Mark = Literal["holds", "fails", "unread", "defined", "right", "wrong", "missing", "note"]

LONGEST_TEXT = 240
"""Characters of any text that comes out."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """An answer that a question asks for.

    Attributes
    ----------
    left : Partial
        The derivative asked for.
    condition : str
        ``"="`` or ``"!"`` when its two indices must agree or differ; else empty.
    """

    left: t.Partial
    condition: str = ""

    @property
    def name(self) -> str:
        """How it is called in plain text."""
        of, by = (f"{s.name}{'_' + ','.join(s.indices) if s.indices else ''}" for s in (self.left.of, self.left.by))  # type: ignore[union-attr]
        words = ", i != j" if self.condition == "!" else ""
        return f"d{of}/d{by}{words}".replace("C_2", "C2")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is known of a question: its module, and the answers it asks for.

    Attributes
    ----------
    id : str
        Such as ``"q1a"``.
    theory : {"affine", "softmax"}
        Which module it is about.
    targets : tuple of Target
        What must be found.
    """

    id: str
    theory: Theory
    targets: tuple[Target, ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A piece of a written part.

    Attributes
    ----------
    question : str
        Id of the question it answers; empty when its headings have to say.
    form : {"markdown", "latex"}
        How to read it.
    text : str
        The text.
    """

    question: str
    form: Format
    text: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found out.

    Attributes
    ----------
    kind : {"line", "answer", "remark"}
        What it is about.
    question : str
        Id; empty when unknown.
    name : str
        Of the answer.
    mark : str
        What was found.
    piece, line : int
        Where: index of the piece, line in it from 1; 0 when nowhere.
    latex : str
        The equality or answer, printable ASCII, cut.
    detail : str
        Why, printable ASCII, cut.
    """

    kind: Kind
    question: str
    mark: Mark
    name: str = ""
    piece: int = 0
    line: int = 0
    latex: str = ""
    detail: str = ""


def question_of(id_: str, theory: Theory, lefts: Sequence[tuple[str, str]]) -> Question:
    """Say which answers a question asks for.

    Parameters
    ----------
    id_ : str
        Of the question.
    theory : {"affine", "softmax"}
        Its module.
    lefts : sequence of (str, str)
        The results of its derivations: left-hand side and condition, LaTeX.

    Returns
    -------
    Question
        One target for each derivative of a different cost or by a different letter.
    """
    targets: dict[tuple[object, ...], Target] = {}
    for left, condition in lefts:
        node = parse(left)
        if not isinstance(node, t.Partial) or not isinstance(node.of, t.Symbol):
            continue
        if theory == "affine":
            targets.setdefault((node.of.indices, node.by.name.upper()), Target(left=node))
            continue
        sign = "=" if node.of.indices == node.by.indices else "!" if "neq" in condition else ""
        if sign:
            targets.setdefault((sign,), Target(left=node, condition=sign))
    return Question(id=id_, theory=theory, targets=tuple(targets.values()))


def printable(text: str) -> str:
    """Make any text short printable ASCII.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        At most `LONGEST_TEXT` characters, spaces folded, others as ``[U+XXXX]``.
    """
    text = " ".join(text[: 2 * LONGEST_TEXT].split())
    text = "".join(c if " " <= c <= "~" else f"[U+{ord(c):04X}]" for c in text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 3] + "..."
