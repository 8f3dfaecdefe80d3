"""What hangs on a letter or a bracket: indices, powers, primes, and what a function is taken of."""

import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.atoms import Atoms
from autograder.mathematics.answers.indices import UPPER
from autograder.mathematics.answers.marks import BOLD, WORDS, Mark
from autograder.mathematics.answers.notations import COLUMN, ENTRYWISE, LAID_OUT, PRIMED, RAISED
from autograder.mathematics.answers.scanner import ANY, is_a_row, is_letter, name_of, split
from autograder.mathematics.answers.unsized import ONES
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError
from autograder.mathematics.formulas.printing import index_latex

_LONGEST_LABEL = 6
_LABEL = re.compile(r"\\text\{(new|old|after|before|moved|shifted|perturbed)\}")
_IN_BRACKETS = re.compile(r"\([A-Za-z0-9]\)")
_NUMBER_ABOVE = re.compile(r"\(\d\)")
_STEPS = frozenset({"t", "s", "tau", "epsilon", "varepsilon", "eps"})
"""Letters for a time or a step."""
_BUT = {"-", r"\setminus", r"\neq", r"\backslash", "/", r"\lnot"}


class Scripts(Atoms):
    """Marks while they become letters with what hangs on them."""

    def scripts(self, node: t.Node) -> t.Node:
        """Take what hangs on something."""
        while (text := self.peek()) in {"^", "_", "'"} or self._is_a_gap():
            self.at += 1
            if text == "{":
                self.at += 1
                continue
            if text == "'":
                node = self._primed(node)
            elif text == "_":
                below = self.raw()
                node = self._lowered(node, [mark for mark in below if mark.text not in BOLD] or below)
            else:
                node = self._raised(self._row(node) if isinstance(node, t.Symbol) else node, self.raw())
        if isinstance(node, t.Symbol) and (indices := self._in_brackets(node)):
            return self.scripts(replace(node, indices=indices))
        if isinstance(node, t.Symbol) and self.peek() not in {"(", "["}:
            return self._row(node)
        if isinstance(node, t.Symbol) and self.peek() in {"(", "["}:
            return self._called(node)
        match node:
            case t.Operation(name="prime", of=(t.Symbol() as of,)) if self.peek() == "(":
                before = self.at
                called = self._called(of)
                if isinstance(called, t.Symbol):
                    return replace(node, of=(called,))
                self.at = before
        return node

    def _in_brackets(self, symbol: t.Symbol) -> tuple[str, ...]:
        """Indices in square brackets right behind an array, as code writes them."""
        if self.peek() != "[" or symbol.indices or not self.letters.is_array(symbol):
            return ()
        begin = self.at
        inner = self.bracketed()
        if inner and all(is_letter(mark.text) or mark.text.isdecimal() or mark.text == "," for mark in inner[:3]):
            names = tuple(name_of(mark.text) for mark in inner if mark.text != ",")
            if len(inner) < 4 and not any(self.letters.knows(name) for name in names):
                return names
        self.at = begin
        return ()

    def _primed(self, node: t.Node) -> t.Node:
        """What a prime differentiates; behind what is given it may be a transpose."""
        if self.letters.primes_turn:
            return t.Transpose(of=node)
        given = node.by if isinstance(node, t.Partial) else node
        if isinstance(given, t.Symbol) and not given.indices:
            by_output = given is not node and self.letters.is_output(given)
            if by_output or self.letters.is_input(given):
                self.doubts.add(PRIMED)
                if PRIMED in self.manner:
                    return t.Transpose(of=node)
        return t.Operation(name="prime", of=(node,))

    def _row(self, symbol: t.Symbol) -> t.Node:
        """A row of a matrix, which may stand as a column."""
        if not is_a_row(symbol.indices) or not self.letters.is_matrix(symbol):
            return symbol
        self.doubts.add(COLUMN)
        return t.Transpose(of=symbol) if COLUMN in self.manner else symbol

    def _lowered(self, node: t.Node, marks: list[Mark]) -> t.Node:
        if self._is_a_size(marks):
            return node
        if isinstance(node, t.Symbol) and marks[:1] and marks[0].text == "," and self.letters.is_cost(node):
            # A comma before an index says that a cost is differentiated.
            by = t.Symbol(name=self.letters.depends_on(node), indices=self.indices(marks[1:]))
            return t.Partial(of=node, by=by)
        if isinstance(node, t.Symbol) and len(marks) == 1 and marks[0].text.startswith(WORDS):
            return replace(node, name=f"{node.name}{marks[0].text[len(WORDS) : -1].strip()}")
        if isinstance(node, t.Symbol) and (others := self._all_but(node, marks)) is not None:
            return others
        if isinstance(node, t.Symbol) and (jacobian := self._jacobian(node, marks)) is not None:
            return jacobian
        indices = self.indices(marks)
        if node == t.Operation(name=ONES) and all(self._is_dimension(index) for index in indices):
            return t.Operation(name="sized", of=(node,), indices=indices[:2])
        if isinstance(node, t.Symbol) and node.name == "I" and all(map(self._is_dimension, indices)):
            return replace(node, indices=indices[:1])
        if isinstance(node, t.Symbol) and ANY not in node.indices:
            if len(indices) == 1 and (node.name, indices[0]) in self.letters.labels:
                label = indices[0] if indices[0].isdecimal() else f"_{{{index_latex(indices[0])}}}"
                return replace(node, name=f"{node.name}{label}" if label.isdecimal() else f"{{{node.name}{label}}}")
            return replace(node, indices=(*node.indices, *indices))
        if isinstance(node, t.Power) and isinstance(node.base, t.Symbol) and not node.base.indices:
            return replace(node, base=replace(node.base, indices=indices))
        if isinstance(node, t.Operation) and node.name == "prime" and isinstance(node.of[0], t.Symbol):
            return replace(node, of=(replace(node.of[0], indices=(*node.of[0].indices, *indices)),))
        if isinstance(node, t.Partial) and isinstance(node.by, t.Symbol) and not node.by.indices:
            of_known = isinstance(node.of, t.Symbol) and self.letters.is_cost(node.of)
            if of_known:
                # A letter by its position: (df/dA)_{ij} is the derivative by A_{ij}. Or an entry of the whole, which
                # is another one where that is laid out transposed.
                self.doubts |= {LAID_OUT} if self.letters.is_matrix(node.by) and len(indices) == 2 else set()
                if LAID_OUT not in self.manner:
                    return replace(node, by=replace(node.by, indices=indices))
        inside = {index for one in t.walk(node) if isinstance(one, t.Symbol) for index in one.indices}
        general = bool({*indices} & inside) and len({*indices}) == len(indices) < 3
        return t.Operation(name="general" if general else "entry", of=(node,), indices=indices)

    def _jacobian(self, symbol: t.Symbol, marks: Sequence[Mark]) -> t.Partial | None:
        """A question's letter for its derivative, with an output or a letter of the student's own below it."""
        by = self.letters.named_by(symbol.name) if len(marks) == 1 and not symbol.indices else ""
        input_ = t.Symbol(name=name_of(marks[0].text if len(marks) == 1 else ""))
        labeled = (symbol.name, input_.name) in self.letters.labels
        named = bool(self.letters.named_by(symbol.name)) and not symbol.indices
        if named and self.letters.is_input(input_) and not labeled:
            output = self.letters.output_of(input_)
            texts = [self.peek(k) for k in range(6)]
            inside = [one for one in texts if one not in {*BOLD, "{", "}"}]
            self.at += name_of(texts[0]) == output
            if inside[:1] == ["("] and name_of(inside[1]) == output and inside[2:3] == [")"]:
                self.bracketed()
            return t.Partial(of=t.Symbol(name=output), by=input_)
        of = t.Symbol(name=name_of(marks[0].text) if by else "")
        own = of.name in self.letters.own and (symbol.name, of.name) not in self.letters.labels
        return t.Partial(of=of, by=t.Symbol(name=by)) if by and (own or self.letters.is_output(of)) else None

    def _all_but(self, symbol: t.Symbol, marks: Sequence[Mark]) -> t.Symbol | None:
        """A letter of the student's own for all but one entry: another letter than that without the sign."""
        texts = [mark.text for mark in marks if mark.text not in {"(", ")", "{", "}"}]
        if len(texts) != 2 or texts[0] not in _BUT or not is_letter(texts[1]):
            return None
        if symbol.indices or self.letters.name(symbol):
            return None
        return replace(symbol, name=f"{{{symbol.name}_{{-}}}}", indices=(name_of(texts[1]),))

    def _raised(self, node: t.Node, marks: list[Mark]) -> t.Node:
        text = "".join(mark.text for mark in marks if mark.text not in {"{", "}"})
        if not text:
            return node
        own = text.lstrip("-") != "t" and "e" in self.letters.own
        turns = node != t.Symbol(name="e") or own
        if text in {"T", "t", r"\top"} and turns:
            return t.Transpose(of=t.Operation(name=ONES) if node == t.Number(digits="1") else node)
        if text in {"-T", "-t", "-\\top"} and turns:
            return t.Transpose(of=t.Power(base=node, exponent=t.Negative(of=t.Number(digits="1"))))
        if text and set(text) == {"'"}:
            for _ in text:
                node = self._primed(node)
            return node
        if isinstance(node, t.Symbol) and text[:1] == "(" and (others := self._all_but(node, marks)) is not None:
            return others
        if isinstance(node, t.Symbol) and len(marks) == 1 and (found := _LABEL.fullmatch(marks[0].text)):
            return replace(node, name=rf"{{{node.name}^{{\text{{{found[1]}}}}}}}")
        if isinstance(node, t.Symbol) and not node.indices and (label := self._label(node, marks)):
            return replace(node, name=label)
        if isinstance(node, t.Symbol) and node.name == "delta" and len(node.indices) < 2:
            return replace(node, indices=(*node.indices, *self.indices(marks)))
        if (
            isinstance(node, t.Symbol)
            and self._is_whole(node)
            and not self.letters.is_matrix(node)
            and _IN_BRACKETS.fullmatch(text)
        ):
            self.doubts.add(RAISED)
            return replace(node, indices=self.indices([mark for mark in marks if mark.text.isalnum()]))
        if isinstance(node, t.Symbol) and (numbered := self._numbered_above(node, text)):
            return numbered
        if text[:1] in {"(", "[", "*"} and text[-1:] in {")", "]", "*"} and len(text) < 6:
            raise self.error("a raised label is not a power", text)
        if (
            isinstance(node, t.Symbol)
            and text in UPPER
            and node != t.Symbol(name="e")
            and self._has_entries(node, text)
        ):
            return replace(node, indices=(text, *node.indices))
        by_entries = text.startswith(r"\odot")
        exponent = self.inside([mark for mark in marks if mark.text != r"\odot"] if by_entries else marks)
        if node == t.Symbol(name="e"):
            return t.Function(name="exp", argument=exponent)
        if by_entries:
            return t.Operation(name="power", of=(node, exponent))
        if (
            isinstance(exponent, t.Number)
            and exponent.digits.isdecimal()
            and any(self._is_whole(below) for below in t.walk(node))
        ):
            self.doubts.add(ENTRYWISE)
            if ENTRYWISE in self.manner:
                return t.Operation(name="power", of=(node, exponent))
        return t.Power(base=node, exponent=exponent)

    def _numbered_above(self, symbol: t.Symbol, text: str) -> t.Symbol | None:
        """A cost that a setting tells from another by a number below, written with that above in brackets."""
        if symbol.indices or not self.letters.is_cost(symbol) or not _NUMBER_ABOVE.fullmatch(text):
            return None
        below = replace(symbol, indices=(text[1],))
        return below if self.letters.name(below) not in {"", self.letters.name(symbol)} else None

    def _is_a_gap(self) -> bool:
        """Whether nothing stands in braces between an index that is raised and one that hangs."""
        return self.peek() == "{" and self.peek(1) == "}" and self.peek(2) in {"_", "^"}

    def _has_entries(self, symbol: t.Symbol, index: str) -> bool:
        """Whether what is raised above a letter is an index of an array, of a setting's or of the student's own."""
        number = self._is_number(replace(symbol, indices=())) or self.letters.is_cost(symbol)
        array = self.letters.is_array(symbol) or symbol.name in self.letters.own
        return array and not (number or self.letters.knows(index))

    def _label(self, symbol: t.Symbol, marks: Sequence[Mark]) -> str:
        """The name of a letter of the student's own with a raised label that tells it from others."""
        texts = [mark.text for mark in marks if mark.text not in {"{", "}"}]
        if (
            self.letters.name(symbol)
            or texts[:1] != ["("]
            or texts[-1:] != [")"]
            or not 2 < len(texts) < _LONGEST_LABEL
        ):
            return ""
        inside = texts[1:-1]
        named = all(is_letter(text) or text.isdecimal() for text in inside) and any(map(is_letter, inside))
        return f"{{{symbol.name}^{{({''.join(inside)})}}}}" if named else ""

    def _is_whole(self, node: t.Node) -> bool:
        """Whether it is an array, and no entry of one."""
        return isinstance(node, t.Symbol) and not node.indices and self.letters.is_array(node)

    def _takes_the_input(self) -> bool:
        """Take a bracket with nothing in it but a setting's input, or an output of that, if one stands here."""
        before = self.at
        if self.peek() in {"(", "["}:
            try:
                inner = self.inside(self.bracketed())
            except ParseError:
                inner = t.Number(digits="0")
            if isinstance(inner, t.Symbol) and (self.letters.is_input(inner) or self.letters.is_output(inner)):
                return True
        self.at = before
        return False

    def _called(self, symbol: t.Symbol) -> t.Node:
        """A letter before a bracket: a function of it, or a factor."""
        before = self.at
        if symbol.name in self.letters.costs_called and self.letters.only_cost and self.peek() == "(":
            self.bracketed()
            return t.Symbol(name=self.letters.only_cost)
        if self.letters.is_cost(symbol):
            return self._cost(symbol, self.bracketed())
        if (path := self._path(symbol)) is not None:
            return path
        if self.letters.named_by(symbol.name) and not symbol.indices and self._takes_the_input():
            return self.scripts(symbol)
        inner = None
        if symbol.name in self.letters.calls or self.letters.is_output(symbol):
            try:
                pieces = (one for one in split(self.bracketed(), ",") if [mark.text for mark in one] != [r"\dots"])
                inner = [self.inside(piece) for piece in pieces]
            except ParseError:
                self.at = before
                return symbol
        if inner is None:
            return symbol
        if symbol.name in self.letters.calls and len(inner) == 1 and isinstance(inner[0], t.Symbol):
            return self.scripts(replace(symbol, indices=symbol.indices or inner[0].indices))
        if symbol.name in self.letters.calls and len(inner) > 1 and all(isinstance(one, t.Symbol) for one in inner):
            return self.scripts(symbol)
        elsewhere = len(inner) == 1 and any(
            isinstance(n, t.Symbol) and self.letters.is_input(n) for n in t.walk(inner[0])
        )
        if symbol.name in self.letters.calls and elsewhere:
            raise self.error("nothing says what this function is of something else", symbol.name)
        if self.letters.is_output(symbol) and all(self._is_given(node) for node in inner):
            return self.scripts(symbol) if not symbol.indices or self.peek() != "_" else symbol
        if len(inner) == 1 and self._is_moved(symbol, inner[0]):
            if self.peek() == "_" and not symbol.indices:
                self.at += 1
                symbol = replace(symbol, indices=self.indices(self.raw()))
            return t.Operation(name="module", of=(symbol, inner[0]))
        self.at = before
        return symbol

    def _path(self, symbol: t.Symbol) -> t.Node | None:
        """An array of a setting that moves with a time or a step of the student's own: a letter of its own."""
        step = name_of(self.peek(1))
        if self.peek() != "(" or self.peek(2) != ")" or step not in _STEPS or self.letters.knows(step):
            return None
        if not self.letters.is_array(symbol):
            return None
        self.at += 3
        return self.scripts(replace(symbol, name=f"{symbol.name}({step})"))

    def _is_moved(self, symbol: t.Symbol, argument: t.Node) -> bool:
        """Whether a module is taken of its input moved along an axis."""
        letter = self.letters.input_of(symbol)
        if not letter or not isinstance(argument, t.Plus) or self.letters.knows("e"):
            return False
        whole = [isinstance(one, t.Symbol) and one.name == letter and not one.indices for one in argument.terms]
        along = [isinstance(one, t.Symbol) and one.name == "e" and bool(one.indices) for one in t.walk(argument)]
        return any(whole) and any(along)

    def _is_a_size(self, marks: Sequence[Mark]) -> bool:
        """Whether what hangs below says how large it is: two sizes with a cross between them."""
        sides = list(split([mark for mark in marks if mark.text not in {"(", ")"}], r"\cdot"))
        return len(sides) == 2 and all(side and all(mark.text.isalnum() for mark in side) for side in sides)

    def _is_dimension(self, index: str) -> bool:
        return any(index in known.dimensions for known in self.letters.known)

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
        whole = isinstance(argument, t.Symbol) and not argument.indices and not argument.name.endswith(")")
        return symbol if whole else t.Operation(name="call", of=(symbol, argument))
