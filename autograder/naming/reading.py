"""The formulas that stand in a question: the sides of its derivations, element by element."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.context import Context, MisfitError, UnreadError, ranges
from autograder.mathematics.formulas.parsing import ParseError, parse
from autograder.model import Derivation, Part, Question, Setting, Symbol
from autograder.naming.terms import Form, Range, Term, call, length, minus, number, over, plus, power, times, total

_CALLS = frozenset({"exp", "log", "tanh", "sin", "cos", "sqrt"})
_COUNTED = "m"  #: Begins the letters that no line has.


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One side of a derivation, as far as it is understood."""

    form: Form
    equal: bool | None = None  #: For what is said of equal letters (True) or of different ones (False) only.


@dataclass(frozen=True, eq=False)
class _Grid:
    """A matrix, a column or a row: dimensions (None where there is one element), and its elements."""

    rows: str | None
    columns: str | None
    at: Callable[[str, str], Term]


_Value = Term | _Grid


def sides(question: Question, part: Part) -> Iterator[Side]:
    """Read what a question says of one function's answers; what is not understood is left out."""
    if question.setting is None:
        return
    for derivation in question.derivations:
        reader = _Reader(Context(_setting(question, derivation)), part, question.notation)
        try:
            left = parse(derivation.left)
        except ParseError:
            continue
        # Of different indices alone, or of any.
        condition = False if r"\ne" in derivation.condition else None
        for step in derivation.steps:
            for right in _with_slopes(step.latex, question):
                try:
                    yield reader.side(left, right, condition)
                except (ParseError, UnreadError, MisfitError):
                    continue


def _with_slopes(latex: str, question: Question) -> Iterator[t.Node]:
    """Read a side: as it stands, and with what other derivations find for the derivatives in it."""
    try:
        side = parse(latex)
        yield side
        found: dict[t.Node, list[t.Node]] = {}
        for other in question.derivations:
            left = parse(other.left)
            if isinstance(left, t.Partial) and isinstance(left.of, t.Symbol) and left.of.indices:
                found.setdefault(left, []).extend(parse(step.latex) for step in other.steps)
        for left, rights in found.items():
            if any(below == left for below in t.walk(side)):
                for right in rights:
                    yield t.changed(side, lambda below: right if below == left else None)  # noqa: B023
    except ParseError:
        return


def _setting(question: Question, derivation: Derivation) -> Setting:
    """The setting of a derivation: the question's, and symbols of its own."""
    assert question.setting is not None
    return replace(question.setting, symbols={**question.setting.symbols, **derivation.symbols})


def bindings(context: Context, part: Part, notation: Sequence[Symbol] = ()) -> dict[str, str]:
    """Say which parameter each symbol is: the notation's, the one of its name, or the only one that begins with it."""
    written = {
        latex.strip().removeprefix(r"\mathbf{").rstrip("}").lstrip("\\"): code.strip(" `")
        for one in notation
        for latex, code in zip(one.latex.split(","), one.code.split(","), strict=False)
    }
    found = {name: name for name in context.setting.symbols if name in part.parameters}
    for name in context.setting.symbols:
        code = written.get(name)
        if name not in found and code in part.parameters and code not in found.values():
            found[name] = str(code)
    for name in context.setting.symbols:
        begins = [one for one in part.parameters if one.startswith(name) and one not in found.values()]
        if name not in found and len(begins) == 1:
            found[name] = begins[0]
    return found


@dataclass(eq=False)
class _Reader:
    """Translates the sides of one derivation."""

    context: Context
    part: Part
    notation: Sequence[Symbol] = ()
    #: What letters run over, by dimension.
    dimensions: dict[str, Range] = field(default_factory=dict)
    letters: dict[str, Range] = field(default_factory=dict)
    defined: dict[str, tuple[tuple[str, ...], Term]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find which dimension is which axis of an input."""
        self.symbols = bindings(self.context, self.part, self.notation)
        shapes = {
            self.symbols[name]: shape for name, shape in self.context.setting.symbols.items() if name in self.symbols
        }
        for vector in self.context.setting.functions.values():
            if self.part.upstream:
                shapes[self.part.upstream] = self.context.shape(vector) or ()
        for name, shape in shapes.items():
            for axis, dimension in enumerate(shape):
                self.dimensions.setdefault(dimension, (name, axis))
        spoken = set(self.symbols.values())
        self.defaults = {
            float(value): name
            for name, value in self.part.defaults.items()
            if name not in spoken and isinstance(value, int | float) and not isinstance(value, bool)
        }

    def side(self, left: t.Node, right: t.Node, condition: bool | None) -> Side:
        """Translate one side; its axes are those of the left side."""
        indices = self._indices(left)
        self.letters = {}
        runs = {**ranges(left, self.context), **ranges(right, self.context)}
        for letter, dimension in runs.items():
            self.letters[letter] = self._range(dimension)
        value = self._value(right)
        equal = condition
        if isinstance(value, _Grid):
            axes = tuple(self._new(d) for d in (value.rows, value.columns) if d is not None)
            row, column = (*axes, "", "")[:2] if value.rows is not None else ("", axes[0] if axes else "")
            term = value.at(row, column)
        else:
            term, axes = value, indices
            if len(set(axes)) < len(axes):
                equal = True
                axes = (axes[0], self._twin(axes[0]))
        for letter in axes:
            if letter not in self.letters:
                raise UnreadError(f"nothing says what {letter} runs over")
        return Side(form=Form(axes=axes, ranges=dict(self.letters), term=term, defined=dict(self.defined)), equal=equal)

    def _indices(self, left: t.Node) -> tuple[str, ...]:
        symbols = [left.of, left.by] if isinstance(left, t.Partial) else [left]
        found: list[str] = []
        for symbol in symbols:
            if not isinstance(symbol, t.Symbol):
                continue
            _, indices = self.context.resolve(symbol)
            found += indices
        if any(index.isdigit() for index in found):
            raise UnreadError("it is about one element")
        return tuple(found)

    def _range(self, dimension: str) -> Range:
        if dimension not in self.dimensions:
            raise UnreadError(f"no input has the dimension {dimension}")
        return self.dimensions[dimension]

    def _new(self, dimension: str) -> str:
        letter = f"{_COUNTED}{len(self.letters)}"
        self.letters[letter] = self._range(dimension)
        return letter

    def _twin(self, letter: str) -> str:
        other = f"{_COUNTED}{len(self.letters)}"
        self.letters[other] = self.letters[letter]
        return other

    def _scalar(self, node: t.Node) -> Term:
        value = self._value(node)
        if isinstance(value, _Grid):
            if value.rows is None and value.columns is None:
                return value.at("", "")
            raise MisfitError("a matrix stands where a number must stand")
        return value

    def _value(self, node: t.Node) -> _Value:
        match node:
            case t.Number():
                value = float(node.digits)
                return Term("input", self.defaults[value]) if value in self.defaults else number(value)
            case t.Symbol():
                return self._symbol(node)
            case t.Partial():
                return self._upstream(node)
            case t.Negative():
                return _each(self._value(node.of), minus)
            case t.Plus():
                return _sum([self._value(term) for term in node.terms])
            case t.Times():
                product = self._value(node.factors[0])
                for factor in node.factors[1:]:
                    product = self._product(product, self._value(factor))
                return product
            case t.Fraction():
                below = self._scalar(node.denominator)
                return _each(self._value(node.numerator), lambda one: over(one, below))
            case t.Power():
                return power(self._scalar(node.base), self._scalar(node.exponent))
            case t.Transpose():
                of = self._value(node.of)
                return _Grid(of.columns, of.rows, lambda i, j: of.at(j, i)) if isinstance(of, _Grid) else of
            case t.Function(name="diag"):
                return _diagonal(self._value(node.argument))
            case t.Function() if node.name in _CALLS:
                return call(node.name, self._scalar(node.argument))
            case t.Operation(of=(argument,)) if node.name in _CALLS:
                return call(node.name, self._scalar(argument))
            case t.Total():
                return self._total(node)
            case t.Cases():
                return self._cases(node)
            case _:
                raise UnreadError(f"{type(node).__name__} is not translated")

    def _symbol(self, symbol: t.Symbol) -> _Value:
        if symbol.name == "delta" and len(symbol.indices) == 2 and self.context.shape("delta") is None:
            return Term("same", letters=symbol.indices)
        if not symbol.indices and not symbol.bold and self.context.shape(symbol.name) is None:
            return length(self._range(symbol.name))
        name, indices = self.context.resolve(symbol)
        if any(index.isdigit() for index in indices):
            raise UnreadError("it is about one element")
        shape = self.context.shape(name) or ()
        op: Callable[[tuple[str, ...]], Term]
        if name in self.symbols:
            op = lambda letters: Term("input", self.symbols[name], letters)  # noqa: E731
        elif name in self.context.definitions:
            self._define(name)
            op = lambda letters: Term("named", name, letters)  # noqa: E731
        else:
            raise UnreadError(f"{name} is not an input")
        return op(indices) if indices or not shape else _grid(shape, op)

    def _define(self, name: str) -> None:
        """Read what a symbol stands for."""
        defined = self.context.definitions[name]
        if len(defined.left.indices) != len(defined.shape):
            raise UnreadError(f"{name} is not defined element by element")
        for letter, dimension in ranges(defined.right, self.context).items():
            self.letters.setdefault(letter, self._range(dimension))
        for letter, dimension in zip(defined.left.indices, defined.shape, strict=True):
            self.letters.setdefault(letter, self._range(dimension))
        self.defined[name] = (defined.left.indices, self._scalar(defined.right))

    def _upstream(self, node: t.Partial) -> _Value:
        of = node.of.name if isinstance(node.of, t.Symbol) else ""
        by, indices = self.context.resolve(node.by)
        if not self.part.upstream or self.context.setting.functions.get(of) != by:
            raise UnreadError("a derivative that is not an input")
        upstream = self.part.upstream
        if indices:
            return Term("input", upstream, indices)
        return _grid(self.context.shape(by) or (), lambda letters: Term("input", upstream, letters))

    def _product(self, left: _Value, right: _Value) -> _Value:
        if not isinstance(left, _Grid):
            return _each(right, lambda one: times(left, one))
        if not isinstance(right, _Grid):
            return _each(left, lambda one: times(one, right))
        if left.columns != right.rows:
            raise MisfitError("shapes that do not fit")
        if left.columns is None:
            return _Grid(left.rows, right.columns, lambda i, j: times(left.at(i, ""), right.at("", j)))
        between = left.columns

        def at(i: str, j: str) -> Term:
            k = self._new(between)
            return total(self.letters[k], k, times(left.at(i, k), right.at(k, j)))

        return _Grid(left.rows, right.columns, at)

    def _total(self, node: t.Total) -> Term:
        if node.lower not in {None, t.Number(digits="1")}:
            raise UnreadError("a sum that begins elsewhere")
        if isinstance(node.upper, t.Symbol) and not node.upper.indices:
            self.letters[node.index] = self._range(node.upper.name)
        elif node.upper is not None or node.index not in self.letters:
            raise UnreadError("a sum that ends elsewhere")
        over_all = total(self.letters[node.index], node.index, self._scalar(node.body))
        return replace(over_all, letters=(node.index, *node.skipped))

    def _cases(self, node: t.Cases) -> Term:
        (first, when), (second, _) = node.rows
        if not isinstance(when, t.Condition):
            raise UnreadError("cases without a condition on indices")
        one, other = self._scalar(first), self._scalar(second)
        return Term(
            "cases",
            args=(Term("same", letters=(when.left, when.right)), *((one, other) if when.equal else (other, one))),
        )


def _grid(shape: tuple[str, ...], op: Callable[[tuple[str, ...]], Term]) -> _Grid:
    if len(shape) == 1:
        return _Grid(shape[0], None, lambda i, _: op((i,)))
    return _Grid(shape[0], shape[1], lambda i, j: op((i, j)))


def _each(value: _Value, change: Callable[[Term], Term]) -> _Value:
    if isinstance(value, _Grid):
        return _Grid(value.rows, value.columns, lambda i, j: change(value.at(i, j)))
    return change(value)


def _sum(values: list[_Value]) -> _Value:
    grids = [one for one in values if isinstance(one, _Grid)]
    if not grids:
        return plus(*(one for one in values if isinstance(one, Term)))
    first = grids[0]
    if len(grids) < len(values) or any((one.rows, one.columns) != (first.rows, first.columns) for one in grids):
        raise MisfitError("shapes that do not fit")
    return _Grid(first.rows, first.columns, lambda i, j: plus(*(one.at(i, j) for one in grids)))


def _diagonal(value: _Value) -> _Grid:
    if not isinstance(value, _Grid) or value.columns is not None:
        raise MisfitError("diag of something that is not a column")
    return _Grid(value.rows, value.rows, lambda i, j: times(Term("same", letters=(i, j)), value.at(i, "")))
