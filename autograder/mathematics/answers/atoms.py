"""Letters, numbers, brackets and commands, each with what belongs to it: the part of the reader of sides for these."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from autograder.mathematics.answers.environments import above_in, blocks_in, cases_of, matrix_of, row_of, rows_in
from autograder.mathematics.answers.letters import APPLIED, LONE_SUM
from autograder.mathematics.answers.limits import LIMIT
from autograder.mathematics.answers.marks import BOLD, WORDS, Mark
from autograder.mathematics.answers.notations import DRESSED, DS, ENDS, LISTED, MEANS
from autograder.mathematics.answers.scanner import PAIRS, bare_of, is_letter, name_of, split
from autograder.mathematics.answers.slopes import Slopes
from autograder.mathematics.answers.unsized import ONES
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError

_MATRICES = {
    "matrix", "pmatrix", "bmatrix", "smallmatrix", "Bmatrix", "array", "psmallmatrix", "bsmallmatrix", "NiceArray",
    "pNiceMatrix", "bNiceMatrix",
}  # fmt: skip
_NAMED = {
    "tanh": "tanh", "max": "max", "log": "log", "ln": "log", "tr": "trace", "trace": "trace", "vec": "vec",
    "sqrt": "sqrt", "mean": "mean", "avg": "mean", "average": "mean", "sign": "sign", "sgn": "sign",
}  # fmt: skip


_DIFFER = {"is not", "differs from", "not equal to", "is not equal to", "unlike"}


class Atoms(Slopes):
    """Marks while they become what sums and products are made of."""

    def atom(self) -> t.Node:
        """A letter, a number, a bracket or a command with what belongs to it."""
        text = self.peek()
        if text.isdecimal() and text.isascii():
            return self._number()
        if text == "d" and len(word := self.spelled()) > 2:
            self.at += len(word)
            return self._word(word, spelled=True)
        if (special := _ATOMS.get(text)) is not None:
            return special(self)
        if is_letter(text) and name_of(text) in self.letters.applied and (node := self._applied()) is not None:
            return node
        if text in BOLD:
            return self._bold()
        if text in PAIRS:
            return self.group()
        if text == r"\|":
            return self.norm()
        if text == "|":
            return self.bars()
        if text.startswith(r"\begin{"):
            return self._environment()
        if text.startswith(WORDS):
            return self._word(text[len(WORDS) : -1].strip())
        if (vanishing := self.vanishing()) is not None:
            return vanishing
        if text in self.letters.spoken and (self.peek(1) == "(" or name_of(text) not in self.letters.own):
            return self._spoken(text)
        if text == r"\Sigma" and not self.letters.knows("Sigma") and (node := self._sum_of_a_letter()) is not None:
            return node
        if text == "I" and (indicator := self._indicator(1)) is not None:
            return indicator
        if is_letter(text):
            return self._letter()
        raise self.error("this is not read")

    def _sum_of_a_letter(self) -> t.Node | None:
        """A sum whose sign is the letter; None where it is one, such as a name for a sum."""
        begin = self.at
        self.at += 1
        scripts = set()
        while (script := self.peek()) in {"_", "^"}:
            self.at += 1
            self.raw()
            scripts.add(script)
        follows = self.peek() in {r"\exp", "e"} or self.spelled() == "exp"
        summed = ("_" in scripts and self.peek() not in ENDS) or (not scripts and follows)
        self.at = begin
        return _sigma(self) if summed else None

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
            raise self.error("a number has only one decimal point", digits)
        return t.Number(digits=digits)

    def _indicator(self, length: int) -> t.Node | None:
        """An indicator of two indices, or of which number is above another, after the sign for one."""
        at = self.at + length
        at += at < len(self.marks) and self.marks[at].text == "_"
        if (found := above_in(self.marks, at, self.inside)) is not None:
            node, self.at = found
            return node
        ahead = self.marks[at : at + 12]
        depth = 0
        while depth < min(3, len(ahead)) and ahead[depth].text in PAIRS:
            depth += 1
        texts = [_in_signs(mark.text) for mark in ahead[depth : depth + 3]]
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
                return t.Operation(name=ONES)
        if text == "0":
            return t.Number(digits="0")
        node = self.inside(inner)
        return t.changed(node, lambda one: replace(one, bold=True) if isinstance(one, t.Symbol) else None)

    def group(self) -> t.Node:
        """What stands in brackets: one thing, a row, an inner product or an indicator."""
        opening, begin = self.peek(), self.at
        if opening == "[" and (iverson := self._indicator(0)) is not None:
            return iverson
        inner = self.bracketed()
        pieces = list(split(inner, ","))
        if opening == "[" and len(pieces) == 1 and (blocks := blocks_in(inner)):
            return row_of(blocks, self.inside)
        if (
            opening == "["
            and not begin
            and self.at == len(self.marks)
            and len(inner) == 2
            and all(map(self._is_whole_letter, inner))
        ):
            # In brackets for nothing else, two arrays stand side by side.
            return row_of([[mark] for mark in inner], self.inside)
        if opening == "[" and (rows := rows_in(pieces)):
            return t.Matrix(rows=tuple(tuple(map(self.inside, row)) for row in rows))
        if opening in {"[", "("} and (stacked := self._stacked(inner)) is not None:
            return stacked
        if len(pieces) == 1 and opening == r"\langle":
            raise self.error("nothing says whether angles around one thing are a mean")
        if len(pieces) == 1:
            return self.inside(inner)
        if opening == r"\langle" and len(pieces) == 2:
            left, right = map(self.inside, pieces)
            before = self.at
            if self.take("_") and "".join(mark.text for mark in self.raw()) != "F":
                self.at = before
            return t.Operation(name="inner", of=(left, right))
        return self._listed(row_of(pieces, self.inside))

    def _listed(self, row: t.Node) -> t.Node:
        """Entries with commas between them: a row, or a column that is written in one line."""
        self.doubts.add(LISTED)
        return t.Transpose(of=row) if LISTED in self.manner else row

    def _is_whole_letter(self, mark: Mark) -> bool:
        return is_letter(mark.text) and self.letters.is_array(t.Symbol(name=name_of(mark.text)))

    def _stacked(self, inner: Sequence[Mark]) -> t.Matrix | None:
        """Things side by side with a bar between them, or one below the other with a semicolon."""
        for sign in ("|", r"\mid", ";"):
            parts = list(split(inner, sign))
            if len(parts) > 1 and all(parts) and (len(parts) == 2 or sign == ";"):
                cells = [list(split(part, ",")) for part in parts]
                if sign == ";" and len({*map(len, cells)}) == 1:
                    return t.Matrix(rows=tuple(tuple(map(self.inside, row)) for row in cells))
                nodes = tuple(self.inside(part) for part in parts)
                return t.Matrix(rows=tuple((node,) for node in nodes) if sign == ";" else (nodes,))
        return None

    def _environment(self) -> t.Node:
        place = self.at
        name, inner = self.environment()
        try:
            if name in _MATRICES:
                matrix = matrix_of(inner, self.inside)
                listed = any(mark.text == "," for mark in inner) and not any(
                    mark.text in {"&", r"\\"} for mark in inner
                )
                return self._listed(matrix) if listed else matrix
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
        if (bare := bare_of(text)) and name_of(text) not in self.letters.own:
            return self._barred(text, t.Symbol(name=name_of(bare)))
        if text == "D" and not self.letters.knows(text) and (derivative := self.big_d()) is not None:
            return derivative
        return self._numbered(t.Symbol(name=name_of(text)))

    def _barred(self, text: str, symbol: t.Symbol) -> t.Node:
        """A letter with an accent that nothing explains: the letter itself, or the mean of its entries."""
        if not self.letters.is_input(symbol):
            self.doubts.add(DRESSED)
        if text.startswith((r"\bar", r"\overline")) and self.peek() != "_" and self.letters.is_array(symbol):
            self.doubts.add(MEANS)
            if MEANS in self.manner:
                return t.Operation(name="mean", of=(symbol,))
        return symbol

    def _applied(self) -> t.Node | None:
        """A function of the student's own, taken of something."""
        primes = 0
        while self.peek(1 + primes) == "'":
            primes += 1
        if self.peek(1 + primes) not in {"(", "["} or primes > 1:
            return None
        function = t.Symbol(name=name_of(self.peek()))
        self.at += 1 + primes
        argument = self.inside(self.bracketed())
        return t.Operation(name=APPLIED, of=(function, argument), indices=("'",) * primes)

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
            return self.total(called=True)
        if name == "diag":
            return t.Function(name="diag", argument=self.argument_of())
        if name == "transpose":
            return t.Transpose(of=self.argument_of())
        if name == "outer":
            pieces = list(split(self.bracketed(), ","))
            if len(pieces) != 2:
                raise self.error("an outer product has two factors")
            left, right = map(self.inside, pieces)
            return t.Operation(name="outer", of=(left, right))
        if name in _NAMED:
            return self.operation(_NAMED[name])
        spoken = next((letter for one, letter in self.letters.spoken.items() if one.lower() == name), "")
        if not spoken:
            raise self.error("words are not a formula", word)
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
        of_inputs = any(isinstance(one, t.Symbol) and self.letters.is_input(one) for one in t.walk(argument))
        if symbol.indices and not of_inputs:
            # A factor in brackets.
            self.at = place
            return symbol
        if self.peek() == "_" and not symbol.indices:
            self.at += 1
            symbol = replace(symbol, indices=self.indices(self.raw()))
        bare = isinstance(argument, t.Symbol) and not (argument.indices or symbol.indices)
        mine = [known for known in self.letters.known if letter in known.setting.spoken.values()]
        own = isinstance(argument, t.Symbol) and argument.name in self.letters.own
        if bare and isinstance(argument, t.Symbol) and not own and not any(one.find(argument) for one in mine):
            # By its index alone.
            return replace(symbol, indices=(argument.name,))
        if isinstance(argument, t.Symbol) and argument.indices and self.letters.is_input(argument, whole=False):
            return replace(symbol, indices=symbol.indices or argument.indices)
        return symbol if self.letters.is_input(argument) else t.Operation(name="module", of=(symbol, argument))


def _in_signs(text: str) -> str:
    """Words for a relation of two indices, as its sign."""
    words = text[len(WORDS) : -1].strip() if text.startswith(WORDS) else ""
    return "=" if words in {"is", "equals", "equal to", "is equal to"} else r"\neq" if words in _DIFFER else text


def _sigma(reader: Atoms) -> t.Node:
    reader.at += 1
    behind = 2 * (reader.peek() == "^" and reader.peek(1).isdecimal()) or int(reader.peek() == "'")
    following = reader.peek(behind)
    if following in ENDS or following == r"\cdot":
        # A sign of which nothing is summed stands for the sum that was written before.
        return t.Symbol(name=LONE_SUM)
    return reader.total()


def _product(reader: Atoms) -> t.Node:
    reader.at += 1
    return reader.total(product=True)


def _limit(reader: Atoms) -> t.Node:
    """A limit as a letter goes to 0, of the product behind it."""
    begin = reader.at
    reader.at += 1
    below = [mark.text for mark in reader.raw()] if reader.take("_") else []
    if len(below) != 3 or not is_letter(below[0]) or below[1:] != [r"\to", "0"]:
        reader.at = begin
        raise reader.error("this is not read")
    return t.Operation(name=LIMIT, of=(t.Symbol(name=name_of(below[0])), reader.product()))


_ATOMS: dict[str, Callable[[Atoms], t.Node]] = {
    r"\frac": Atoms.fraction,
    r"\pdv": Atoms.quotient,
    r"\nabla": Atoms.nabla,
    r"\sum": _sigma,
    r"\prod": _product,
    r"\lim": _limit,
    **dict.fromkeys(DS, Atoms.differential_sign),
    r"\exp": lambda reader: reader._word("exp"),
    r"\log": lambda reader: reader._word("log"),
    r"\tanh": lambda reader: reader._word("tanh"),
    r"\max": lambda reader: reader._word("max"),
    r"\sqrt": lambda reader: reader._word("sqrt"),
    r"\tr": lambda reader: reader._word("tr"),
}
