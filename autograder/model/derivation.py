"""How an answer is found: equalities with their reasons, and what their symbols stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """One equality of a derivation and its reason."""

    latex: str  #: The right-hand side.
    #: What makes it equal the side before: a name that `autograder.mathematics.formulas` knows, and holds the step to.
    rule: str
    reason: str  #: The rule in words for a reader, Markdown with ``$...$``.


@dataclass(frozen=True, kw_only=True, eq=False)
class Derivation:
    """A chain of equalities."""

    title: str  #: What is derived, Markdown.
    left: str  #: The left-hand side, LaTeX.
    steps: tuple[Step, ...]  #: The sides that follow.
    condition: str = ""  #: LaTeX of two indices that agree or differ throughout; empty when all are free.
    assumes: tuple[str, ...] = ()  #: What is taken for granted, Markdown with ``$...$``.
    remarks: tuple[str, ...] = ()  #: What is worth saying, Markdown with ``$...$``.
    result: bool = False  #: Whether the last side is a result; results are numbered by question.
    in_words: str = ""  #: The result said in words, Markdown; empty when the formula is enough.
    #: Vectors by which a gradient is laid out as a column here, although `Setting.rows` names them.
    columns: tuple[str, ...] = ()
    #: Whether it goes beyond the homework's own lines: these stand together, in short, at a question's end.
    general: bool = False
    #: Symbols of this derivation alone, as in `Setting.symbols`; students' lines know nothing of them.
    symbols: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """A symbol that stands for an expression."""

    left: str  #: LaTeX; with free indices on both sides, it defines element by element.
    right: str  #: What it stands for, LaTeX.
    shape: tuple[str, ...] = ()  #: Names of its dimensions; none for a number.


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """What the symbols of a question's derivations stand for."""

    #: Independent symbols and the names of their dimensions: none for a number, one for a vector, two for a matrix. A
    #: matrix's elements may be written in small letters.
    symbols: Mapping[str, tuple[str, ...]]
    definitions: tuple[Definition, ...]  #: What the prompts define.
    #: Values of the dimensions at which every equality is decided; a student's in this order, so the one that reads
    #: best comes first.
    sizes: tuple[Mapping[str, int], ...]
    #: Arbitrary differentiable functions, and the vector or matrix each depends on.
    functions: Mapping[str, str] = field(default_factory=dict)
    #: The size at which a line with components written out is decided.
    written_out: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[str, ...] = ()  #: Vectors by which a gradient is laid out as a row.
    #: What a definition is called when it is spoken of as a function, and its letter: with ``"tanh": "v"``, a student's
    #: ``tanh(u)_i`` is ``v_i``. A word, or a command with its backslash.
    spoken: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """A symbol of a question, for the table of notation."""

    latex: str  #: As it is written.
    meaning: str  #: In words, Markdown with ``$...$``.
    shape: str = ""  #: On paper, LaTeX; empty for a number.
    code: str = ""  #: What it is called and what it is in code; empty when it is not there.
