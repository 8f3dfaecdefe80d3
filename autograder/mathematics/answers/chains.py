"""Chains of equalities, parsed, each with the question it belongs to, and what one reading of a text gathers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

from autograder import wire
from autograder.mathematics.answers.asked import Question, Target
from autograder.mathematics.answers.known import Size
from autograder.mathematics.answers.macros import Macros
from autograder.mathematics.answers.mentions import Mention, Space
from autograder.mathematics.answers.prose import Case
from autograder.mathematics.answers.records import Aside, Budget, Convention, Definition, Point
from autograder.mathematics.answers.restricting import Around
from autograder.mathematics.answers.sayings import Saying
from autograder.mathematics.formulas import tree as t

MOST_CHARACTERS = 120_000
"""Characters of formulas that are taken apart in one document."""
Condition = tuple[str, str, bool]
"""Two indices and whether they agree."""
Definitions = Mapping[tuple[str, int], Definition]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a chain."""

    #: As it was written.
    latex: str
    #: Where it begins in the text, from 0.
    at: int
    #: None when it cannot be read; then there is a problem.
    node: t.Node | None = None
    #: What else it may mean.
    others: tuple[t.Node, ...] = ()
    problem: str = ""
    #: Whether its letters stand for others, so that it is told as it was written.
    renamed: bool = False

    #: Whether a letter with an accent is taken for the one without it, which stands in the text, too.
    dressed: bool = False
    #: Whether words stand before its sign of equality that may be what it is about.
    joined: bool = False
    #: Whether something without an equality stands behind it, which may belong to it.
    loose: bool = False
    #: Whether something in its formula is struck out, and stays in it.
    struck: bool = False
    #: Letters in it that are taken for others by what holds then.
    borrowed: frozenset[str] = frozenset()
    #: What words around it may do to it, where nothing made a condition of them.
    around: Around = field(default_factory=Around)
    #: Where the rows of its cases or of its matrix begin.
    rows: tuple[int, ...] = ()

    def row_at(self, row: int) -> int:
        """Where a row begins; the whole side where it has none."""
        return self.rows[row] if 0 <= row < len(self.rows) else self.at

    @property
    def nodes(self) -> tuple[t.Node, ...]:
        """All that it may mean, the usual first."""
        return () if self.node is None else (self.node, *self.others)

    def has(self, names: Container[str]) -> bool:
        """Whether some letters stand in it as it is usually read."""
        return self.node is not None and any(name in names for name in t.letters(self.node))

    def mapped(self, change: Callable[[t.Node], t.Node]) -> Side:
        """Change all that it may mean."""
        return replace(
            self, node=None if self.node is None else change(self.node), others=tuple(map(change, self.others))
        )


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A statement whose question is known, or that belongs to none."""

    question: Question | None
    #: Which of its answers the first side asks for.
    target: tuple[Target, ...] = ()
    piece: int
    #: Its place among all chains of the document.
    number: int
    #: At least two.
    sides: tuple[Side, ...]
    #: Two indices and whether they agree.
    condition: Condition | None = None
    #: What was said of the case, until the letters are known.
    case: Case | None = None
    #: Whether that is a case of the question's, and not only what some words nearby say.
    asked: bool = False
    #: What the student's own letters mean here, and what else is said around it.
    definitions: Definitions = field(default_factory=dict)
    aside: Aside = field(default_factory=Aside)
    #: Whether it stands in the text without marks of mathematics.
    plain: bool = False
    #: Whether its first sign of equality defines a letter of the student's own.
    defines: bool = False
    #: How many headings stand before it.
    section: int = 0
    #: Letters for all of whose values words mean it; an empty one where that is everything.
    general: frozenset[str] = frozenset()
    #: Whether the words before it suppose it.
    supposed: bool = False
    #: Whether words before it speak of one number in place of a vector.
    single: bool = False
    #: Whether it tells what letters in the chain before it are, and whether words say that it gives a letter.
    trails: bool = False
    gives: bool = False
    #: An arbitrary function that was chosen right before, or what is supposed there.
    chosen: str = ""
    #: Whether its free letters are meant to differ from one another.
    apart: bool = False
    #: Numbers that were chosen for letters and dimensions, right before or behind.
    given: Mapping[str, Decimal] = field(default_factory=dict)
    #: Those of them under which it is judged.
    under: Mapping[str, Decimal] = field(default_factory=dict)
    #: Under which values of its letters it is meant, and what was said of them right before.
    above: t.Above | None = None
    near: t.Above | None = None
    #: By what a prime may differentiate.
    primes: tuple[t.Symbol, ...] = ()
    #: Letters of which only words say what they stand for.
    worded: frozenset[str] = frozenset()

    @property
    def asking(self) -> Question:
        """The question it belongs to."""
        assert self.question is not None
        return self.question

    def changed(self, change: Callable[[t.Node], t.Node | None], names: Container[str] = ()) -> Chain:
        """Put others in the place of some nodes; sides in which some letters stood are told as they were written."""
        sides = (
            replace(side.mapped(lambda node: t.changed(node, change)), renamed=side.renamed or side.has(names))
            for side in self.sides
        )
        return replace(self, sides=tuple(sides))


@dataclass(kw_only=True)
class Reading:
    """What one reading of a document gathers."""

    budget: Budget = field(default_factory=Budget)
    findings: list[wire.Finding] = field(default_factory=list)
    #: By question, size, seed, and numbers that are chosen.
    points: dict[tuple[object, ...], Point] = field(default_factory=dict)
    formulas: int = 0
    #: Characters of formulas that may still be taken apart.
    characters: int = MOST_CHARACTERS
    #: Whether the text uses Kronecker's delta for something else.
    other_delta: bool = False
    #: Whether words speak of an entry and of another one.
    cased: bool = False
    #: Whether words speak of so many inputs or outputs, and of one alone.
    counted: bool = False
    #: Whether it says that derivatives lie as rows.
    turned: bool = False
    single: bool = False
    #: Sizes that the text chooses, by dimension.
    sizes: set[tuple[str, int]] = field(default_factory=set)
    #: The sizes that the numbers of entries in lines ask for, each with the place of its question.
    written: list[tuple[int, Size]] = field(default_factory=list)
    #: The question that the last heading names, and macros, of the pieces before.
    heading: str = ""
    macros: Macros = field(default_factory=dict)
    #: How many the text itself calls wrong.
    rejected: int = 0
    #: Formulas behind that, and signs of equality in them.
    passed: int = 0
    passed_equalities: int = 0
    #: By the place of a question, letters taken for others, and where equalities hold with them: by chain and place.
    confirmed: dict[tuple[int, str], set[tuple[int, int]]] = field(default_factory=dict)
    #: Findings of lines that do not hold with such letters, and these.
    borrowing: list[tuple[wire.Finding, frozenset[str]]] = field(default_factory=list)
    #: By the place of a question, how the text takes what lies the other way round there; whether words speak of that.
    conventions: dict[int, Convention] = field(default_factory=dict)
    lying: bool = False
    #: And how its claim of what the output is takes it, where its other lines do not keep to that.
    suspected: dict[int, Convention] = field(default_factory=dict)
    #: Whether the text says that derivatives have the shape of what they are taken by.
    shaped: bool = False
    #: By piece, letters of which words say what they are; by piece and letter, where formulas say it.
    mentions: dict[int, tuple[Mention, ...]] = field(default_factory=dict)
    defined: dict[tuple[int, str], int] = field(default_factory=dict)
    #: By the place of a question, letters of the student's own that were defined, each with how many indices.
    forms: set[tuple[int, str, int]] = field(default_factory=set)
    #: By piece, letters that words define by things of a question.
    sayings: dict[int, tuple[Saying, ...]] = field(default_factory=dict)
    #: Letters of which formulas say where they live.
    spaces: dict[str, Space] = field(default_factory=dict)
    #: Letters that are defined as a function of what stands in brackets.
    calls: set[str] = field(default_factory=set)
    #: Letters that stand in the place of indices with a prime.
    dashed: dict[str, str] = field(default_factory=dict)
    #: Where each line of each piece begins.
    lines: dict[int, list[int]] = field(default_factory=dict)

    def confirm(self, place: int, letter: str, *at: tuple[int, int]) -> None:
        """Keep that something confirms what a letter is taken for, and where that stands if it is an equality."""
        self.confirmed.setdefault((place, letter), set()).update(at or [(-1, 0)])

    def line(self, piece: int, at: int) -> int:
        """The line of a place, from 1."""
        return bisect_right(self.lines[piece], at)

    def trial(self, steps: int, *, share: int = 8, fresh: bool = False) -> Reading:
        """One to try things in, with a share of the steps that are left: the text is not told what is found there.

        A fresh one has points of its own, whose values nobody has computed.
        """
        return replace(
            self,
            budget=Budget(steps=min(steps, self.budget.steps // share)),
            findings=[],
            points={} if fresh else self.points,
            sizes=set(),
            confirmed={},
            borrowing=[],
        )

    @contextmanager
    def paid_trial(self, steps: int) -> Iterator[Reading]:
        """One to try things in whose steps are those of the text."""
        trial = self.trial(steps, share=10)
        given = trial.budget.steps
        yield trial
        self.budget.steps -= given - max(trial.budget.steps, 0)


def nodes_in(sides: Iterable[Side]) -> Iterator[t.Node]:
    """Walk all nodes of some sides, whichever way they may be read."""
    return (below for side in sides for node in side.nodes for below in t.walk(node))


def symbols_in(sides: Iterable[Side]) -> Iterator[t.Symbol]:
    """Walk all symbols of some sides."""
    return (one for one in nodes_in(sides) if isinstance(one, t.Symbol))


def is_prime(node: t.Node) -> bool:
    """Whether it is what a prime differentiates."""
    return isinstance(node, t.Operation) and node.name == "prime"


def has_prime(nodes: Iterable[t.Node]) -> bool:
    """Whether a prime differentiates something in some sides."""
    return any(is_prime(below) for node in nodes for below in t.walk(node))


def matches(node: t.Node | None, target: Target, question: Question) -> bool:
    """Whether a side is the derivative that a target asks for, whole or by one entry."""
    if not isinstance(node, t.Partial) or not isinstance(node.of, t.Symbol | t.Applied | t.Operation):
        return False
    of: t.Node = node.of.function if isinstance(node.of, t.Applied) else node.of
    if isinstance(of, t.Operation):
        if of.name != "call":
            return False
        of = of.of[0]
    if not isinstance(of, t.Symbol):
        return False
    name = question.known.name(of)
    return bool(name) and name == question.known.name(target.of) and _same_letter(node.by, target.left.by, question)


def _same_letter(mine: t.Symbol, asked: t.Symbol, question: Question) -> bool:
    """Whether two symbols are one, small or large where only one of the two letters means something."""
    name = question.known.name(mine)
    return name == question.known.name(asked) if name else mine.name.upper() == asked.name.upper()
