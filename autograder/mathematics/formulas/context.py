"""What the symbols of a setting are: their shapes, their definitions, what their indices run over."""

from dataclasses import dataclass
from functools import cached_property

from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import parse
from autograder.model import Setting
from autograder.words import counted


class MisfitError(Exception):
    """Shapes or indices that do not fit."""


class UnreadError(Exception):
    """A symbol or a form whose meaning is not known here."""


@dataclass(frozen=True, kw_only=True)
class Defined:
    """A definition, read."""

    #: With its indices when it is defined element by element.
    left: t.Symbol
    right: t.Node
    #: Names of its dimensions.
    shape: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Context:
    """A setting, read once."""

    setting: Setting
    #: Indices that agree or differ throughout.
    condition: t.Condition | None = None

    @cached_property
    def definitions(self) -> dict[str, Defined]:
        """The definitions by name."""
        found = {}
        for definition in self.setting.definitions:
            left = parse(definition.left)
            if not isinstance(left, t.Symbol):
                raise UnreadError(f"a definition needs a symbol on its left, not {definition.left}")
            name = "_".join((left.name, *left.indices)) if not definition.shape else left.name
            found[name] = Defined(left=left, right=parse(definition.right), shape=definition.shape)
        return found

    def shape(self, name: str) -> tuple[str, ...] | None:
        """The dimensions of a symbol by name; None for one that is not known."""
        if name in self.setting.symbols:
            return self.setting.symbols[name]
        if name in self.setting.functions:
            return ()
        return self.definitions[name].shape if name in self.definitions else None

    def resolve(self, symbol: t.Symbol) -> tuple[str, tuple[str, ...]]:
        """Find the setting's name for a symbol, and its indices: one for each dimension, or none for the whole."""
        whole = "_".join((symbol.name, *symbol.indices))
        if symbol.indices and self.shape(whole) == ():
            return whole, ()
        name = symbol.name
        if self.shape(name) is None and self.shape(name.upper()) is not None and len(name) == 1:
            name = name.upper()
        shape, indices = self.shape(name), symbol.indices
        if shape is None:
            raise UnreadError(f"nothing says what {_shown(symbol)} stands for")
        if len(shape) == 2 and len(indices) == 1 and len(indices[0]) == 2 and indices[0].isdigit():
            indices = tuple(indices[0])
        if indices and len(indices) != len(shape):
            raise MisfitError(
                f"{_shown(symbol)} has {counted(len(indices), 'index', 'indices')}, {name} has {len(shape)}"
            )
        return name, indices


def _shown(symbol: t.Symbol) -> str:
    return symbol.name + (f"_{','.join(symbol.indices)}" if symbol.indices else "")


def ranges(node: t.Node, context: Context) -> dict[str, str]:
    """Find the dimension each letter runs over, by where it stands as an index."""
    found: dict[str, str] = {}
    for below in t.walk(node):
        if not isinstance(below, t.Symbol) or not below.indices or below.name == "delta":
            continue
        name, indices = context.resolve(below)
        for index, dimension in zip(indices, context.shape(name) or (), strict=False):
            if not index.isdigit() and found.setdefault(index, dimension) != dimension:
                raise MisfitError(f"the index {index} runs over {found[index]} in one place and {dimension} in another")
    return found
