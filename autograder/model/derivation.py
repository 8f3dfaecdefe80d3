"""How an answer is found: equalities with their reasons, and what their symbols stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """One equality of a derivation and its reason.

    Attributes
    ----------
    latex
        The right-hand side.
    rule
        What makes it equal the side before: a name that `autograder.mathematics.formulas` knows, and holds the step to.
    reason
        The rule in words for a reader, Markdown with ``$...$``.
    """

    latex: str
    rule: str
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Derivation:
    """A chain of equalities.

    Attributes
    ----------
    title
        What is derived, Markdown.
    left, steps
        The left-hand side, LaTeX, and the sides that follow.
    condition
        LaTeX of two indices that agree or differ throughout; empty when all are free.
    assumes, remarks
        What is taken for granted, and what is worth saying: Markdown with ``$...$``.
    result
        Whether the last side is a result; results are numbered by question.
    in_words
        The result said in words, Markdown; empty when the formula is enough.
    columns
        Vectors by which a gradient is laid out as a column here, although `Setting.rows` names them.
    general
        Whether it goes beyond the homework's own lines: these stand together, in short, at a question's end.
    symbols
        Symbols of this derivation alone, as in `Setting.symbols`; students' lines know nothing of them.
    """

    title: str
    left: str
    steps: tuple[Step, ...]
    condition: str = ""
    assumes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    result: bool = False
    in_words: str = ""
    columns: tuple[str, ...] = ()
    general: bool = False
    symbols: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """A symbol that stands for an expression.

    Attributes
    ----------
    left, right
        LaTeX; with free indices on both sides, it defines element by element.
    shape
        Names of its dimensions; none for a number.
    """

    left: str
    right: str
    shape: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """What the symbols of a question's derivations stand for.

    Attributes
    ----------
    symbols
        Independent symbols and the names of their dimensions: none for a number, one for a vector, two for a matrix. A
        matrix's elements may be written in small letters.
    functions
        Arbitrary differentiable functions, and the vector or matrix each depends on.
    definitions
        What the prompts define.
    sizes
        Values of the dimensions at which every equality is decided; a student's in this order, so the one that reads
        best comes first.
    written_out
        The size at which a line with components written out is decided.
    rows
        Vectors by which a gradient is laid out as a row.
    spoken
        What a definition is called when it is spoken of as a function, and its letter: with ``"tanh": "v"``, a
        student's ``tanh(u)_i`` is ``v_i``. A word, or a command with its backslash.
    """

    symbols: Mapping[str, tuple[str, ...]]
    definitions: tuple[Definition, ...]
    sizes: tuple[Mapping[str, int], ...]
    functions: Mapping[str, str] = field(default_factory=dict)
    written_out: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    spoken: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """A symbol of a question, for the table of notation.

    Attributes
    ----------
    latex
        As it is written.
    meaning
        In words, Markdown with ``$...$``.
    shape
        On paper, LaTeX; empty for a number.
    code
        What it is called and what it is in code; empty when it is not there.
    """

    latex: str
    meaning: str
    shape: str = ""
    code: str = ""
