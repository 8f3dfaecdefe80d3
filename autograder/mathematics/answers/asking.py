"""Which question each line of a piece belongs to: by its heading, by what it asks for, by the letters in it."""

from collections.abc import Container, Iterator, Sequence

from autograder.mathematics.answers.asked import Question, Target
from autograder.mathematics.answers.blocks import Block
from autograder.mathematics.answers.chains import Side, matches, symbols_in
from autograder.mathematics.answers.known import words_of
from autograder.mathematics.formulas import tree as t

Asked = tuple[Question | None, tuple[Target, ...]]
"""The question of a line, and which of its answers the line asks for."""


def _jacobians_elsewhere(sides: Sequence[Side], usual: Question | None) -> Iterator[str]:
    """Letters with an index that says by which letter of the usual question they differentiate, such as ``J_w``."""
    for one in symbols_in(sides):
        if usual and len(one.indices) == 1 and not usual.known.find(one):
            by = usual.known.find(t.Symbol(name=one.indices[0]))
            if by and by[0] in usual.known.setting.symbols:
                yield one.name


class Asking:
    """What the lines of a piece have told so far of the question that they belong to."""

    def __init__(self, questions: Sequence[Question], first: int, *, whole: bool) -> None:
        self._questions, self._whole = questions, whole
        self._known = [question.known for question in questions]
        self._before: Question | None = None
        #: What the last line below a heading says by itself, whatever the heading says.
        self._told: Question | None = None
        #: Whether a heading that names no question stands above, and nothing below it has told which one is meant.
        self._open = not whole
        #: Numbers of the lines since then, and the names in each.
        self._loose: dict[int, set[str]] = {}
        #: Lines since the last one that asks for an answer, by their numbers, and the names in each.
        self._lately: list[tuple[int, set[str]]] = []
        self._next = first
        #: The questions of lines of which something behind them told it.
        self.settled: dict[int, Question] = {}
        #: How many headings stand before the last line.
        self.section = 0
        self._block: Block | None = None

    def next(self, block: Block, sides: Sequence[Side], own: Container[str]) -> Asked:
        """Tell the question of the next line, in which some letters are the student's own."""
        if block.fresh and block is not self._block:
            self.section += 1
            self._told = None
            self._open, self._loose = not block.question, {}
        self._lately = [] if block.fresh else self._lately
        self._block = block
        first = sides[0].node
        targets = [(q, target) for q in self._questions for target in q.targets if matches(first, target, q)]
        named = next((question for question in self._questions if question.id == block.question), None)
        question: Question | None
        if targets:
            asking = [question for question, _ in targets]
            usual = named or self._before
            question = usual if usual in asking or (usual and self._belongs(sides, usual, asking[0])) else asking[0]
        else:
            question = self._spoken_of(sides, named or self._before, own)
        if targets or (question and question is not named and question is not self._before):
            self._told = question
        self._settle(question, sides, asks=bool(targets))
        return question, tuple(target for q, target in targets if q is question)

    def _settle(self, question: Question | None, sides: Sequence[Side], *, asks: bool) -> None:
        """Give a question to lines before this one, where this one tells theirs."""
        if question and question is not self._before and not self._open:
            self.settled |= dict.fromkeys(self._begun_before(question), question)
        names = words_of([side.node for side in sides if side.node], self._known)
        self._lately = [] if asks else [*self._lately, (self._next, names)]
        if self._open:
            self._loose[self._next] = names
        if self._open and question and self._told:
            strange = (self._before.known.words if self._before else frozenset()) - question.known.words
            self.settled |= {number: question for number, words in self._loose.items() if not words & strange}
            self._open = False
        self._before = question or self._before
        self._next += 1

    def _begun_before(self, question: Question) -> list[int]:
        """Find lines right before that hold nothing which the question before knows and this one does not."""
        if self._before is None:
            return []
        others = self._before.known.words - question.known.words
        mine: list[int] = []
        for number, names in reversed(self._lately):
            if names & others:
                break
            mine.append(number)
        return mine

    def _belongs(self, sides: Sequence[Side], named: Question, other: Question) -> bool:
        """Whether a line holds letters that one question knows and another does not."""
        names = words_of([side.node for side in sides if side.node], self._known)
        first = words_of([sides[0].node] if sides[0].node else [], self._known)
        return bool(names & (named.known.words - other.known.words)) and first <= named.known.words

    def _spoken_of(self, sides: Sequence[Side], usual: Question | None, own: Container[str]) -> Question | None:
        """The question whose words a line holds; what one question alone knows ends another, but not a whole cell's."""
        names = words_of([side.node for side in sides if side.node], self._known)
        names -= set(_jacobians_elsewhere(sides, usual))
        by_word = {name: [q for q in self._questions if name in q.known.words] for name in names}
        telling = {
            knowing[0]
            for name, knowing in by_word.items()
            if len(knowing) == 1 and name not in knowing[0].known.setting.functions
        }
        first = sides[0].node
        if usual is not None and isinstance(first, t.Partial) and not usual.known.find(first.by):
            others = [question for question in self._questions if question.known.find(first.by)]
            if others and first.by.name not in own:
                return self._before if self._before in others else others[0]
        free = isinstance(first, t.Symbol) and not any(known.find(first) for known in self._known)
        if free and (renaming := self._renaming(sides)) is not None and usual in {None, self._before}:
            return renaming
        if usual is not None:
            if self._told is not None and (free or not telling):
                return self._told
            elsewhere = len(telling) == 1 and not self._whole and (not free or self._open)
            return telling.pop() if elsewhere else usual
        if telling:
            return min(telling, key=lambda question: question.place)
        some = (knowing[0] for knowing in by_word.values() if 0 < len(knowing) < len(self._questions))
        return min(some, key=lambda question: question.place, default=None)

    def _renaming(self, sides: Sequence[Side]) -> Question | None:
        """The only question that has a number made of a cost for which a line has another letter."""
        bodies = [side.node for side in sides[1:]]
        made = [
            question
            for question in self._questions
            if any(
                one.right in bodies and question.known.costs(name) for name, one in question.known.definitions.items()
            )
        ]
        return made[0] if len(made) == 1 else None
