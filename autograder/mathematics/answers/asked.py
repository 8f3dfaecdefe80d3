"""What a written part is asked: its questions, what their settings say, and the answers they want."""

from dataclasses import dataclass

from autograder import wire
from autograder.mathematics.answers.known import Known
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError, parse, parse_condition
from autograder.model import Definition, Setting


@dataclass(frozen=True, kw_only=True)
class Target:
    """An answer that a question asks for."""

    #: The derivative asked for.
    left: t.Partial
    #: ``"="`` or ``"!"`` when its two indices must agree or differ; else empty.
    condition: str = ""

    @property
    def of(self) -> t.Symbol:
        """What is differentiated."""
        assert isinstance(self.left.of, t.Symbol)
        return self.left.of

    @property
    def name(self) -> str:
        """How it is called in plain text."""
        letters = (*self.of.indices, *self.left.by.indices)
        words = f", {letters[0]} != {letters[1]}" if self.condition == "!" else ""
        return f"d{_plain(self.of)}/d{_plain(self.left.by)}{words}"


def _plain(symbol: t.Symbol) -> str:
    digits = all(map(str.isdecimal, symbol.indices))
    return symbol.name + ("" if digits else "_") + ",".join(symbol.indices)


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """What is known of a question, and the answers it asks for."""

    id: str
    #: Among the questions asked, from 0.
    place: int
    known: Known
    targets: tuple[Target, ...]

    @property
    def by_cases(self) -> bool:
        """Whether it asks for equal and for different indices apart."""
        return any(target.condition for target in self.targets)


def _sign(of: t.Symbol, by: t.Symbol, condition: str) -> str:
    """The case that a result is about."""
    if not of.indices or not by.indices:
        return ""
    if of.indices == by.indices:
        return "="
    return ("=" if parse_condition(condition).equal else "!") if condition else ""


def question_of(place: int, asked: wire.Asked) -> Question:
    """Read a question that came over the wire: one target for each derivative of another letter or by another."""
    setting = Setting(
        symbols=asked.symbols,
        functions=asked.functions,
        definitions=tuple(Definition(left=left, right=right, shape=shape) for left, right, shape in asked.definitions),
        sizes=asked.sizes,
        rows=asked.rows,
        spoken=asked.spoken,
    )
    known = Known(setting)
    targets: dict[tuple[str, str, str], Target] = {}
    for left, condition in asked.lefts:
        try:
            node = parse(left)
        except ParseError:
            continue
        if not isinstance(node, t.Partial) or not isinstance(node.of, t.Symbol):
            continue
        of, by = (known.name(symbol) or _plain(symbol) for symbol in (node.of, node.by))
        sign = _sign(node.of, node.by, condition) if known.shapes.get(of) else ""
        targets.setdefault((of, by, sign), Target(left=node, condition=sign))
    # Where cases are asked for, the whole is another form of the same.
    cases = {key[:2] for key in targets if key[2]}
    chosen = tuple(target for key, target in targets.items() if key[2] or key[:2] not in cases)
    return Question(id=asked.id, place=place, known=known, targets=chosen)
