"""One side of a student's equality, read: every spelling becomes the same tree.

It goes once from left to right, with bounded depth. Where a spelling has two meanings the reader takes the usual one
and says so, so that the other can be tried where the usual one does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from autograder.mathematics.answers.environments import cases_of, matrix_of, row_of
from autograder.mathematics.answers.letters import Letters
from autograder.mathematics.answers.marks import BOLD, WORDS, Mark
from autograder.mathematics.answers.notations import COLUMN, DEEPEST, DS, ENDS, KRONECKER, PLAIN, Manner, Notations
from autograder.mathematics.answers.scanner import PAIRS, is_letter, name_of, split
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import MOST_CHARACTERS, MOST_LEVELS, ParseError

_MATRICES = {
    "matrix", "pmatrix", "bmatrix", "smallmatrix", "Bmatrix", "array", "psmallmatrix", "bsmallmatrix", "NiceArray",
    "pNiceMatrix", "bNiceMatrix",
}  # fmt: skip
_NAMED = {
    "tanh": "tanh",
    "max": "max",
    "log": "log",
    "ln": "log",
    "tr": "trace",
    "trace": "trace",
    "vec": "vec",
    "sqrt": "sqrt",
}


class SideReader(Notations):
    """Marks while they become a tree."""

    def read(self) -> t.Node:
        """Read all of it.

        Raises
        ------
        ParseError
            If it cannot be read.
        """
        node = self.sum()
        if self.at < len(self.marks):
            raise self.error("nothing of this kind may stand here")
        return node

    def inside(self, marks: Sequence[Mark]) -> t.Node:
        """Read some of the marks by themselves."""
        if self.level >= DEEPEST:
            raise self.error(f"at most {MOST_LEVELS} levels of brackets")
        reader = SideReader(marks, self.letters, self.manner, self.level + 1)
        try:
            return reader.read()
        finally:
            self.doubts |= reader.doubts

    # ------------------------------------------------------------ sums and products

    def sum(self) -> t.Node:
        """Terms, added."""
        terms: list[t.Node] = []
        while not terms or self.peek() in {"+", "-"}:
            minus = self.signs()
            term = self.product()
            terms.append(t.Negative(of=term) if minus else term)
        return terms[0] if len(terms) == 1 else t.Plus(terms=tuple(terms))

    def product(self) -> t.Node:
        """Give factors side by side, with signs between them."""
        factors: list[t.Node] = []
        dots: list[bool] = []
        while (text := self.peek()) not in ENDS:
            if text == r"\quad" or (text == "{" and self.peek(1) == "}"):
                self.at += 1 + (text == "{")
                continue
            dot = self.take(r"\cdot")
            if text in {"/", r"\odot", r"\otimes"} and factors:
                self.at += 1
                factors[-1] = self._joined(text, factors[-1])
            elif text == r"\over" and factors:
                self.at += 1
                above = factors[0] if len(factors) == 1 else t.Times(factors=tuple(factors), dots=tuple(dots[1:]))
                return t.Fraction(numerator=above, denominator=self.product())
            else:
                minus = dot and self.signs()
                factor = self.factor()
                factors.append(t.Negative(of=factor) if minus else factor)
                dots.append(dot)
        if not factors:
            raise self.error("the line ends too early" if not self.peek() else "nothing of this kind may stand here")
        return factors[0] if len(factors) == 1 else t.Times(factors=tuple(factors), dots=tuple(dots[1:]))

    def _joined(self, sign: str, left: t.Node) -> t.Node:
        right = self.factor()
        if sign == "/":
            return t.Fraction(numerator=left, denominator=right)
        if sign == r"\odot":
            return t.Operation(name="entrywise", of=(left, right))
        self.doubts.add(KRONECKER)
        return t.Operation(name="kronecker" if KRONECKER in self.manner else "outer", of=(left, right))

    def factor(self) -> t.Node:
        """What stands in a product, with what hangs on it."""
        self.level += 1
        if self.level >= DEEPEST:
            raise self.error(f"at most {MOST_LEVELS} levels of brackets")
        node = self._scripts(self.atom())
        self.level -= 1
        return node

    # ------------------------------------------------------------ what hangs on a letter or a bracket

    def _scripts(self, node: t.Node) -> t.Node:
        while (text := self.peek()) in {"^", "_", "'"}:
            self.at += 1
            if text == "'":
                node = t.Operation(name="prime", of=(node,))
            elif text == "_":
                node = self._lowered(node, self.raw())
            else:
                node = self._raised(self._row(node) if isinstance(node, t.Symbol) else node, self.raw())
        if isinstance(node, t.Symbol) and self.peek() not in {"(", "["}:
            return self._row(node)
        if isinstance(node, t.Symbol) and self.peek() in {"(", "["}:
            return self._called(node)
        return node

    def _row(self, symbol: t.Symbol) -> t.Node:
        """A row of a matrix, which may stand as a column."""
        if len(symbol.indices) != 1 or symbol.indices[0].isdecimal() or not self.letters.is_matrix(symbol):
            return symbol
        self.doubts.add(COLUMN)
        return t.Transpose(of=symbol) if COLUMN in self.manner else symbol

    def _lowered(self, node: t.Node, marks: list[Mark]) -> t.Node:
        if isinstance(node, t.Symbol) and len(marks) == 1 and marks[0].text.startswith(WORDS):
            return replace(node, name=f"{node.name}{marks[0].text[len(WORDS) : -1].strip()}")
        indices = self.indices(marks)
        if isinstance(node, t.Symbol):
            if len(indices) == 1 and (node.name, indices[0]) in self.letters.labels:
                return replace(node, name=f"{node.name}{indices[0]}")
            return replace(node, indices=(*node.indices, *indices))
        if isinstance(node, t.Power) and isinstance(node.base, t.Symbol) and not node.base.indices:
            return replace(node, base=replace(node.base, indices=indices))
        if isinstance(node, t.Operation) and node.name == "prime" and isinstance(node.of[0], t.Symbol):
            return replace(node, of=(replace(node.of[0], indices=(*node.of[0].indices, *indices)),))
        if isinstance(node, t.Partial) and isinstance(node.by, t.Symbol) and not node.by.indices:
            of_known = isinstance(node.of, t.Symbol) and self.letters.is_cost(node.of)
            if of_known:
                # A letter by its position: (df/dA)_{ij} is the derivative by A_{ij}.
                return replace(node, by=replace(node.by, indices=indices))
        return t.Operation(name="entry", of=(node,), indices=indices)

    def _raised(self, node: t.Node, marks: list[Mark]) -> t.Node:
        text = "".join(mark.text for mark in marks if mark.text not in {"{", "}"})
        if not text:
            return node
        if text in {"T", "t", r"\top"} and node != t.Symbol(name="e"):
            return t.Transpose(of=node)
        if text and set(text) == {"'"}:
            for _ in text:
                node = t.Operation(name="prime", of=(node,))
            return node
        if isinstance(node, t.Symbol) and node.name == "delta" and len(node.indices) < 2:
            return replace(node, indices=(*node.indices, *self.indices(marks)))
        if text[:1] in {"(", "[", "*"} and text[-1:] in {")", "]", "*"} and len(text) < 6:
            raise self.error("a raised label is no power", text)
        exponent = self.inside(marks)
        if node == t.Symbol(name="e"):
            return t.Function(name="exp", argument=exponent)
        return t.Power(base=node, exponent=exponent)

    def _called(self, symbol: t.Symbol) -> t.Node:
        """A letter before a bracket: a function of it, or a factor."""
        before = self.at
        if self.letters.is_cost(symbol):
            return self._cost(symbol, self.bracketed())
        inner = None
        if symbol.name in self.letters.calls or self.letters.is_output(symbol):
            try:
                inner = [self.inside(piece) for piece in split(self.bracketed(), ",")]
            except ParseError:
                self.at = before
                return symbol
        if inner is None:
            return symbol
        if symbol.name in self.letters.calls and len(inner) == 1 and isinstance(inner[0], t.Symbol):
            return self._scripts(replace(symbol, indices=symbol.indices or inner[0].indices))
        if self.letters.is_output(symbol) and all(self._is_given(node) for node in inner):
            return self._scripts(symbol) if not symbol.indices or self.peek() != "_" else symbol
        self.at = before
        return symbol

    def _is_given(self, node: t.Node) -> bool:
        return self.letters.is_input(node) or (
            isinstance(node, t.Symbol) and not node.indices and self._is_number(node)
        )

    def _is_number(self, symbol: t.Symbol) -> bool:
        return any(known.name(symbol) in known.constants for known in self.letters.known)

    def _cost(self, symbol: t.Symbol, marks: list[Mark]) -> t.Node:
        pieces = list(split(marks, ","))
        if len(pieces) > 1 or not marks:
            return symbol
        argument = self.inside(marks)
        whole = isinstance(argument, t.Symbol) and not argument.indices
        return symbol if whole else t.Operation(name="call", of=(symbol, argument))

    # ------------------------------------------------------------ atoms

    def atom(self) -> t.Node:
        """A letter, a number, a bracket or a command with what belongs to it."""
        text = self.peek()
        if text.isdecimal() and text.isascii():
            return self._number()
        if (special := _ATOMS.get(text)) is not None:
            return special(self)
        if text in BOLD:
            return self._bold()
        if text in PAIRS:
            return self.group()
        if text.startswith(r"\begin{"):
            return self._environment()
        if text.startswith(WORDS):
            return self._word(text[len(WORDS) : -1].strip())
        if text in self.letters.spoken:
            return self._spoken(text)
        if text == r"\Sigma" and self.peek(1) in {"_", "^"} and not self.letters.knows("Sigma"):
            return _sigma(self)
        if is_letter(text):
            return self._letter()
        raise self.error("this is not read")

    def _number(self) -> t.Node:
        ones = 2 if self.peek(1) == "1" else 1
        if self.peek() == "1" and (indicator := self._indicator(ones)) is not None:
            return indicator
        digits = ""
        while self.peek().isdecimal() or (self.peek() == "." and digits and self.peek(1).isdecimal()):
            digits += self.peek()
            self.at += 1
        if len(digits) > 12:
            raise self.error("at most 12 digits", f"{digits[:12]}...")
        if digits.count(".") > 1:
            raise self.error("a number has one point", digits)
        return t.Number(digits=digits)

    def _indicator(self, length: int) -> t.Node | None:
        """An indicator of two indices, after the sign for one."""
        at = self.at + length
        at += at < len(self.marks) and self.marks[at].text == "_"
        ahead = self.marks[at : at + 12]
        depth = 0
        while depth < min(3, len(ahead)) and ahead[depth].text in PAIRS:
            depth += 1
        texts = [mark.text for mark in ahead[depth : depth + 3]]
        closed = [mark.text for mark in ahead[depth + 3 : 2 * depth + 3]]
        if (
            not depth
            or len(texts) < 3
            or texts[1] not in {"=", r"\neq"}
            or closed != [PAIRS[m.text] for m in ahead[:depth]][::-1]
        ):
            return None
        if not is_letter(texts[0]) or not (is_letter(texts[2]) or texts[2].isdecimal()):
            return None
        self.at = at + 2 * depth + 3
        delta = t.Symbol(name="delta", indices=(name_of(texts[0]), name_of(texts[2])))
        return delta if texts[1] == "=" else t.Plus(terms=(t.Number(digits="1"), t.Negative(of=delta)))

    def _bold(self) -> t.Node:
        self.at += 1
        inner = self.raw()
        text = "".join(mark.text for mark in inner)
        if text in {"1", "I"}:
            if (indicator := self._indicator(0)) is not None:
                return indicator
            if text == "1":
                return t.Operation(name="ones")
        if text == "0":
            raise self.error("a vector of zeros is not read", "0")
        node = self.inside(inner)
        return t.changed(node, lambda one: replace(one, bold=True) if isinstance(one, t.Symbol) else None)

    def group(self) -> t.Node:
        """What stands in brackets: one thing, a row, an inner product or an indicator."""
        opening = self.peek()
        if opening == "[" and (iverson := self._indicator(0)) is not None:
            return iverson
        inner = self.bracketed()
        pieces = list(split(inner, ","))
        if len(pieces) == 1:
            return self.inside(inner)
        if opening == r"\langle" and len(pieces) == 2:
            left, right = map(self.inside, pieces)
            return t.Times(factors=(t.Transpose(of=left), right), dots=(False,))
        return row_of(pieces, self.inside)

    def _environment(self) -> t.Node:
        place = self.at
        name, inner = self.environment()
        try:
            if name in _MATRICES:
                return matrix_of(inner, self.inside)
            return cases_of(inner, self.inside)
        except ParseError:
            self.at = place if name in _MATRICES else self.at
            raise

    def _letter(self) -> t.Node:
        word = self.spelled()
        if word:
            self.at += len(word)
            return self._word(word, spelled=True)
        text = self.peek()
        self.at += 1
        if text == "D" and not self.letters.knows(text) and self.peek() == "_":
            return self.derivative_below()
        return self._numbered(t.Symbol(name=name_of(text)))

    def _numbered(self, symbol: t.Symbol) -> t.Symbol:
        """A number right behind a letter of a setting is its index."""
        digits = ""
        while self.peek(len(digits)).isdecimal() and len(digits) < 3:
            digits += self.peek(len(digits))
        numbered = replace(symbol, indices=(digits,))
        if digits and (f"{symbol.name}_{digits}" in self.letters.names or self.letters.is_array(numbered)):
            self.at += len(digits)
            return numbered
        return symbol

    def _word(self, word: str, *, spelled: bool = False) -> t.Node:
        """The name of a function in words."""
        self.at += not spelled
        name = word.lower()
        if name == "exp":
            return self.exp()
        if name == "sum":
            return self.total()
        if name == "diag":
            return t.Function(name="diag", argument=self.argument_of())
        if name in _NAMED:
            return self.operation(_NAMED[name])
        spoken = next((letter for one, letter in self.letters.spoken.items() if one.lower() == name), "")
        if not spoken:
            raise self.error("words are no formula", word)
        return self._module(spoken)

    def _spoken(self, text: str) -> t.Node:
        self.at += 1
        return self._module(self.letters.spoken[text])

    def _module(self, letter: str) -> t.Node:
        """What a module gives: of its input, of an entry of it, or of something else."""
        symbol = t.Symbol(name=letter)
        while self.peek() == "_":
            self.at += 1
            indices = self.indices(self.raw())
            if not all(any(one in known.constants for known in self.letters.known) for one in indices):
                symbol = replace(symbol, indices=indices)
        if self.peek() not in {"(", "[", r"\{"}:
            return symbol
        place = self.at
        inner = self.bracketed()
        argument = self.inside(next(split(inner, ",")))
        if symbol.indices and not self.letters.is_input(argument):
            # A factor in brackets.
            self.at = place
            return symbol
        if self.peek() == "_" and not symbol.indices:
            self.at += 1
            symbol = replace(symbol, indices=self.indices(self.raw()))
        if isinstance(argument, t.Symbol) and argument.indices and self.letters.is_input(argument, whole=False):
            return replace(symbol, indices=symbol.indices or argument.indices)
        return symbol if self.letters.is_input(argument) else t.Operation(name="module", of=(symbol, argument))


def _sigma(reader: SideReader) -> t.Node:
    reader.at += 1
    return reader.total()


_ATOMS: dict[str, Callable[[SideReader], t.Node]] = {
    r"\frac": SideReader.fraction,
    r"\pdv": SideReader.quotient,
    r"\nabla": SideReader.nabla,
    r"\sum": _sigma,
    **dict.fromkeys(DS, SideReader.differential_sign),
    r"\exp": lambda reader: reader._word("exp"),
    r"\log": lambda reader: reader._word("log"),
    r"\tanh": lambda reader: reader._word("tanh"),
    r"\max": lambda reader: reader._word("max"),
    r"\sqrt": lambda reader: reader._word("sqrt"),
    r"\tr": lambda reader: reader._word("tr"),
}


def read_side(marks: Sequence[Mark], letters: Letters, manner: Manner = PLAIN) -> tuple[t.Node, frozenset[str]]:
    """Read a side, and say which other meanings it may have.

    Raises
    ------
    ParseError
        If it cannot be read. Nothing else is raised.
    """
    if len(marks) > MOST_CHARACTERS:
        raise ParseError(marks[0].at, "", f"a line of at most {MOST_CHARACTERS} characters")
    reader = SideReader(marks, letters, manner)
    node = reader.read()
    if t.depth(node) > MOST_LEVELS:
        raise ParseError(marks[0].at, "", f"at most {MOST_LEVELS} levels")
    return node, frozenset(reader.doubts)
