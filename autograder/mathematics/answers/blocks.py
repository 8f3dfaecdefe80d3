"""The formulas of a document, each with what stands around it."""

from dataclasses import dataclass, field

from autograder.mathematics.answers.mentions import Mention
from autograder.mathematics.answers.prose import Case
from autograder.mathematics.answers.restricting import Around
from autograder.mathematics.answers.sayings import Saying
from autograder.mathematics.answers.spoken import About
from autograder.mathematics.answers.values import Value


@dataclass(frozen=True, kw_only=True)
class Block:
    """One formula of a document."""

    #: What stands between its marks.
    latex: str
    #: Where that begins in the text, from 0.
    at: int
    #: Where parts of it begin, and where what they were made of begins and ends in the text; none where it is the text.
    parts: tuple[tuple[int, int, int], ...] = ()
    #: Id of the question its heading names; empty when none does.
    question: str = ""
    #: From the words around it.
    case: Case | None = None
    #: Whether it stands in running text.
    inline: bool = False
    #: Whether it stands in the text without any marks of mathematics.
    plain: bool = False
    #: Whether a heading stands between it and the one before.
    fresh: bool = False
    #: Whether the words before it suppose it.
    supposed: bool = False
    #: Under which values words of its sentence mean it, and what was said last in its paragraph.
    value: Value | None = None
    near: Value | None = None
    #: Letters for all of whose values words mean it; "" for everything.
    general: frozenset[str] = frozenset()
    #: Whether words before it speak of one number in place of a vector.
    single: bool = False
    #: Whether "where" or "with" stands between it and the formula before it, and whether words before it give a letter.
    trails: bool = False
    gives: bool = False
    #: The words that it says something of, where it begins with a sign of equality.
    subject: str = ""
    #: Whether words stand before its sign of equality that may be what it is about.
    joined: bool = False
    #: What it is another value of, where its sign of equality is a word.
    about: About = ""
    #: Why it is no claim of the student's; empty where it is one.
    rejected: str = ""
    #: What words around it may do to it, where nothing made a condition of them.
    around: Around = field(default_factory=Around)
    #: Words right before it and right behind it that change what it says.
    changing: tuple[str, str] = ("", "")
    #: Why it cannot be read at all; empty when it may be.
    problem: str = ""

    @property
    def is_of_a_delta(self) -> bool:
        """Whether it begins with a delta: what it says is no derivative's, and its case none of what follows."""
        return self.latex.lstrip().startswith(r"\delta")

    def place(self, at: int) -> int:
        """Where in the text that stands of which some place in the LaTeX was made."""
        for begin, source, end in reversed(self.parts):
            if at - self.at >= begin:
                return max(source, min(source + at - self.at - begin, end - 1))
        return at


@dataclass(frozen=True, kw_only=True)
class Found:
    """The formulas of a document."""

    blocks: tuple[Block, ...]
    #: How many there are, those without any equality too.
    formulas: int
    #: The question that the last heading names.
    last: str
    #: Letters of which words say what they are.
    mentions: tuple[Mention, ...] = ()
    #: Those of which they say it by a thing of the question.
    sayings: tuple[Saying, ...] = ()
    #: Whether a delta stands alone in it.
    delta: bool = False
