"""What the letters of a text may be while it is read: those of settings, and those that the student defines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.mathematics.answers.known import Known
from autograder.mathematics.formulas import tree as t

LONE_SUM = r"{\sum}"
"""The name of a sign for a sum of which nothing is summed."""
APPLIED = "apply"
"""The name of what stands for a function of the student's own, taken of something."""
_FUNCTIONS = (
    "exp",
    "log",
    "ln",
    "max",
    "tanh",
    "diag",
    "tr",
    "trace",
    "vec",
    "sqrt",
    "sum",
    "mean",
    "sign",
    "outer",
    "transpose",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Letters:
    """The letters of some settings, and a student's own."""

    known: tuple[Known, ...]
    #: Letters that stand alone on a left side.
    own: frozenset[str] = frozenset()
    #: Those that are functions of something in brackets there.
    calls: frozenset[str] = frozenset()
    #: Functions of the student's own, of whatever stands in brackets.
    applied: frozenset[str] = frozenset()
    #: Whether words say that a prime is a transpose.
    primes_turn: bool = False
    #: Functions of the student's own that give the cost.
    costs_called: frozenset[str] = frozenset()
    #: Signs of differentials that stand for something of the student's own, too.
    own_signs: frozenset[str] = frozenset()
    #: Whether the line at hand has one nabla, which may stand as no other derivative of the text does.
    lone_nabla: bool = False
    #: Whether a matrix with one index is a column of it, and not a row.
    columns: bool = False
    #: Those with a number that only tells them from others.
    labels: frozenset[tuple[str, str]] = frozenset()

    def with_own(
        self, own: frozenset[str], calls: frozenset[str], labels: frozenset[tuple[str, str]] = frozenset()
    ) -> Letters:
        """The same, and letters of the student's own."""
        return replace(self, own=own, calls=calls, labels=labels)

    def input_of(self, output: t.Node) -> str:
        """The one vector that an output depends on; nothing where there are several."""
        names: set[str] = set()
        for known in self.known:
            if isinstance(output, t.Symbol) and known.name(output) in known.definitions:
                vectors = [name for name, shape in known.setting.symbols.items() if len(shape) == 1]
                names.update(vectors if len(vectors) == 1 else ())
        return names.pop() if len(names) == 1 else ""

    def output_of(self, symbol: t.Symbol) -> str:
        """What a setting computes from an array that it is given; it is given that."""
        return next(known.output for known in self.known if known.name(symbol) in known.setting.symbols)

    @cached_property
    def only_input(self) -> str:
        """The only vector that outputs depend on; nothing where there are several, or none."""
        names = self._inputs()
        return names.pop() if len(names) == 1 else ""

    @cached_property
    def likely_input(self) -> str:
        """The only vector that an output depends on alone; nothing where there are several, or none."""
        names = self._inputs() - {""}
        return names.pop() if len(names) == 1 else ""

    def _inputs(self) -> set[str]:
        outputs = (t.Symbol(name=name) for known in self.known for name in known.definitions)
        return {self.input_of(output) for output in outputs}

    def named_by(self, name: str) -> str:
        """What the derivative is taken by that a setting has a letter for."""
        found = (known.named[name][1].by for known in self.known if name in known.named)
        return next((by.name for by in found), "")

    @cached_property
    def only_cost(self) -> str:
        """The only function that may be any; nothing where there are several, or none."""
        names = {name for known in self.known for name in known.setting.functions}
        return names.pop() if len(names) == 1 else ""

    def name(self, symbol: t.Symbol) -> str:
        """The settings' name for a symbol, or nothing."""
        return next(filter(None, (known.name(symbol) for known in self.known)), "")

    def is_cost(self, symbol: t.Symbol) -> bool:
        """Whether it is an arbitrary function, or a number made of one."""
        return any(known.costs(known.name(symbol)) for known in self.known if known.name(symbol))

    def is_output(self, symbol: t.Symbol) -> bool:
        """Whether it is what a setting defines, or an entry of it."""
        return any(known.name(symbol) in known.definitions and known.shapes[known.name(symbol)] for known in self.known)

    def is_input(self, node: t.Node, *, whole: bool = True) -> bool:
        """Whether it is an array that a setting is given, or an entry of one."""
        if not isinstance(node, t.Symbol) or (whole and node.indices):
            return False
        names = ((known, known.name(node)) for known in self.known)
        return any(name in known.setting.symbols and known.setting.symbols[name] for known, name in names)

    def is_array(self, symbol: t.Symbol) -> bool:
        """Whether it is a vector or matrix of a setting, or a part of one."""
        return any(bool(known.shapes.get(known.name(symbol))) for known in self.known)

    def is_matrix(self, symbol: t.Symbol) -> bool:
        """Whether it is a matrix of a setting, or a part of one."""
        return any(len(known.shapes.get(known.name(symbol), ())) == 2 for known in self.known)

    def depends_on(self, symbol: t.Symbol) -> str:
        """What a cost depends on; nothing for what is no cost."""
        for known in self.known:
            for cost in known.costs(known.name(symbol)):
                return known.setting.functions[cost]
        return ""

    @cached_property
    def spoken(self) -> dict[str, str]:
        """Give names of functions in words or as commands, and the letter of what they give."""
        return {word: name for known in self.known for word, name in known.setting.spoken.items()}

    @cached_property
    def functions(self) -> frozenset[str]:
        """Give words that belong to a formula."""
        return frozenset({*_FUNCTIONS, *(word.lower() for word in self.spoken if not word.startswith("\\"))})

    @cached_property
    def names(self) -> frozenset[str]:
        """Give letters of the settings."""
        return frozenset(name for known in self.known for name in known.words)

    def knows(self, name: str) -> bool:
        """Whether a letter is one of a setting's or of the student's own."""
        return name in self.names or name in self.own


def letters_of(settings: Sequence[Known]) -> Letters:
    """Give letters of some settings alone."""
    return Letters(known=tuple(settings))
