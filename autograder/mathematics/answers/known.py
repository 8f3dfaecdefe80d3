"""What a question's setting says of the letters that stand in a student's line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.context import Context, Defined, UnreadError
from autograder.mathematics.formulas.parsing import ParseError
from autograder.model import Setting

MOST = 64
"""Of a dimension, and of a sum."""
Size = Mapping[str, int]
"""A value for each dimension."""
_OF_BOTH_SIGNS = frozenset({"max", "tanh"})
_CALLED = "()"
"""Stands among words for any function with a name of its own."""


@dataclass(frozen=True, eq=False)
class Known:
    """A setting as answers use it; where it cannot be read, `problem` says why and nothing is known."""

    setting: Setting
    _found: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]] | None] = field(default_factory=dict)

    @cached_property
    def problem(self) -> str:
        """Why the setting cannot be read; empty when it can."""
        try:
            definitions = Context(self.setting).definitions
        except (ParseError, UnreadError) as error:
            return str(error)
        lengths = (len(shape) for shape in (*self.setting.symbols.values(), *(d.shape for d in definitions.values())))
        if max(lengths, default=0) > 2:
            return "a symbol with three dimensions is not a matrix"
        dimensions = {name for shape in self.setting.symbols.values() for name in shape}
        dimensions |= {name for one in definitions.values() for name in one.shape}
        if not self.setting.sizes or any(dimensions - set(size) for size in self.setting.sizes):
            return "a dimension has no size"
        if not all(0 < value <= MOST for size in self.setting.sizes for value in size.values()):
            return f"a dimension is not from 1 to {MOST}"
        missing = [of for of in self.setting.functions.values() if of not in {*self.setting.symbols, *definitions}]
        return f"nothing says what {missing[0]} is" if missing else ""

    @cached_property
    def definitions(self) -> Mapping[str, Defined]:
        """Give definitions by name, but for names of derivatives: who uses such a letter says what it means."""
        if self.problem:
            return {}
        return {
            name: one
            for name, one in Context(self.setting).definitions.items()
            if not any(isinstance(below, t.Partial) for below in t.walk(one.right))
        }

    @cached_property
    def named(self) -> Mapping[str, tuple[t.Symbol, t.Partial]]:
        """Give letters that the setting has for derivatives: the letter with its indices, and the derivative."""
        if self.problem:
            return {}
        return {
            name: (one.left, one.right)
            for name, one in Context(self.setting).definitions.items()
            if isinstance(one.right, t.Partial)
        }

    @cached_property
    def shapes(self) -> Mapping[str, tuple[str, ...]]:
        """Give dimensions by name."""
        if self.problem:
            return {}
        defined = {name: one.shape for name, one in self.definitions.items()}
        return {**self.setting.symbols, **dict.fromkeys(self.setting.functions, ()), **defined}

    @property
    def has_cost(self) -> bool:
        """Whether there is an arbitrary function."""
        return bool(self.setting.functions) and not self.problem

    @property
    def lays_out(self) -> bool:
        """Whether there is a number, arbitrary or defined, whose derivatives may lie as a row or as a column."""
        numbers = any(not self.shapes[name] for name in self.definitions)
        return (bool(self.setting.functions) or numbers) and not self.problem

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Give names of the dimensions, in order."""
        return tuple(self.setting.sizes[0]) if self.setting.sizes else ()

    @cached_property
    def sized(self) -> tuple[str, ...]:
        """Give names of the dimensions, that of the output first."""
        shape = self.shapes.get(self.output, ())
        return tuple(dict.fromkeys((*shape, *self.dimensions)))

    def find(self, symbol: t.Symbol) -> tuple[str, tuple[str, ...]] | None:
        """The setting's name for a symbol, and its indices; a small letter is an element of a matrix."""
        key = symbol.name, symbol.indices
        if key not in self._found:
            self._found[key] = self._find(symbol)
        return self._found[key]

    def _find(self, symbol: t.Symbol) -> tuple[str, tuple[str, ...]] | None:
        whole = "_".join((symbol.name, *symbol.indices))
        if symbol.indices and self.shapes.get(whole) == ():
            return whole, ()
        name = symbol.name
        if name not in self.shapes and len(self.shapes.get(name.upper(), ())) == 2:
            name = name.upper()
        if name not in self.shapes or (symbol.indices and not self.shapes[name]):
            return None
        return name, symbol.indices

    @cached_property
    def usual(self) -> str:
        """Give the setting's first size, in words."""
        return self.told(self.setting.sizes[0])

    def matrix_of(self, symbol: t.Symbol) -> bool:
        """Whether it is the small letter of a matrix, all of which is meant only by some."""
        return len(self.shapes.get(symbol.name.upper(), ())) == 2

    def name(self, symbol: t.Symbol) -> str:
        """The setting's name for a symbol, or nothing."""
        found = self.find(symbol)
        return found[0] if found else ""

    def is_vector(self, node: t.Node) -> bool:
        """Whether it is a vector's letter, a number's derivative by one, or a multiple of these."""
        match node:
            case t.Symbol():
                return len(self.shapes.get(self.name(node), ())) == 1
            case t.Partial(of=of, by=t.Symbol(indices=()) as by):
                return self.is_vector(by) and not self.is_vector(of)
            case t.Negative(of=of) | t.Transpose(of=of):
                return self.is_vector(of)
            case t.Times(factors=factors):
                return sum(map(self.is_vector, factors)) == 1
        return False

    def costs(self, name: str) -> tuple[str, ...]:
        """The arbitrary functions that a number is made of, itself for one."""
        return self._costs(name, ())

    def _costs(self, name: str, above: tuple[str, ...]) -> tuple[str, ...]:
        if name in self.setting.functions:
            return (name,)
        if name not in self.definitions or self.shapes[name] or name in above:
            return ()
        symbols = (self.name(below) for below in t.walk(self.definitions[name].right) if isinstance(below, t.Symbol))
        return tuple(dict.fromkeys(cost for symbol in symbols for cost in self._costs(symbol, (*above, name))))

    @cached_property
    def exponential(self) -> bool:
        """Whether a definition holds a function with a name of its own, such as exp."""
        bodies = (one.right for one in self.definitions.values())
        return any(
            isinstance(below, t.Function) or (isinstance(below, t.Operation) and below.name in _OF_BOTH_SIGNS)
            for body in bodies
            for below in t.walk(body)
        )

    @cached_property
    def by_entries(self) -> bool:
        """Whether every output is made entry by entry: each depends on that entry of vectors alone."""
        arrays = [one for one in self.definitions.values() if one.shape]
        return bool(arrays) and all(len(one.shape) == 1 and self._is_by_entries(one) for one in arrays)

    def _is_by_entries(self, one: Defined) -> bool:
        for node in t.walk(one.right):
            if isinstance(node, t.Total):
                return False
            if isinstance(node, t.Symbol) and self.shapes.get(node.name) and node.indices != one.left.indices:
                return False
        return bool(one.left.indices)

    @cached_property
    def constants(self) -> tuple[str, ...]:
        """Give symbols that are numbers."""
        return tuple(name for name, shape in self.setting.symbols.items() if not shape)

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """Give numbers that stand in definitions: what students forget, or have too much."""
        bodies = (one.right for one in self.definitions.values())
        found = (below.digits for body in bodies for below in t.walk(body) if isinstance(below, t.Number))
        return tuple(dict.fromkeys(digits for digits in found if float(digits) not in (0, 1)))

    @cached_property
    def given(self) -> Mapping[str, str]:
        """For each arbitrary function, what its given gradient is called."""
        return {cost: f"d{cost}/d{of}" for cost, of in self.setting.functions.items() if of in self.shapes}

    @cached_property
    def matrix(self) -> str:
        """The first matrix; empty when there is none."""
        return next((name for name, shape in self.setting.symbols.items() if len(shape) == 2), "")

    @cached_property
    def output(self) -> str:
        """What the module computes: its first definition that is no number; empty when there is none."""
        return next((name for name in self.definitions if self.shapes[name]), "")

    @cached_property
    def telling(self) -> Size:
        """A size at which little is right by accident: no two dimensions alike, and none 1 or all of them 2."""
        if self.problem:
            return {}
        sizes = self.setting.sizes
        good = (
            s for s in sizes if len({*s.values()}) == len(s) and all(n > 1 for n in s.values()) and {*s.values()} != {2}
        )
        return next(good, max(sizes, key=lambda size: prod(size.values())))

    def told(self, size: Size) -> str:
        """A size in words: ``K = 3``, or ``2x3`` for the rows and columns of its matrix."""
        if self.matrix and self.setting.symbols[self.matrix] == tuple(size):
            return "x".join(map(str, size.values()))
        return ", ".join(f"{name} = {value}" for name, value in size.items())

    @cached_property
    def words(self) -> frozenset[str]:
        """Give names that a line about this question may hold."""
        small = {name.lower() for name, shape in self.setting.symbols.items() if len(shape) == 2}
        return frozenset({*self.shapes, *self.named, *small, *((_CALLED,) if self.exponential else ())})


def words_of(nodes: Sequence[t.Node], known: Sequence[Known]) -> set[str]:
    """The names in some sides, as settings spell them where one does."""
    found: set[str] = set()
    for below in (node for side in nodes for node in t.walk(side)):
        if isinstance(below, t.Function):
            found.add(_CALLED)
        elif isinstance(below, t.Symbol):
            whole = "_".join((below.name, *below.indices))
            found.add(whole if any(whole in one.shapes for one in known) else below.name)
    return found
