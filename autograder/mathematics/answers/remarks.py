"""What is said of a whole text beside its lines and answers, and which of too many lines are listed."""

from collections.abc import Iterator, Sequence

from autograder import wire
from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Reading
from autograder.mathematics.answers.indices import free_letters
from autograder.mathematics.formulas import tree as t
from autograder.words import Mark, counted

MOST_FINDINGS = 300
"""Lines that are listed."""
_TELLING: dict[Mark, int] = {"fails": 0, "unread": 1}


def too_long(lines: Sequence[wire.Finding], reading: Reading) -> Iterator[wire.Finding]:
    """What is to be said where a document has more than is read or listed."""
    if reading.passed:
        what = (
            f"{counted(reading.passed, 'formula')} with {counted(reading.passed_equalities, 'equality', 'equalities')}"
        )
        yield remark(None, "length", f"the answer is too long: {what} at its end were not read", "unread")
    if len(lines) > MOST_FINDINGS:
        more = len(lines) - MOST_FINDINGS
        yield remark(None, "length", f"{MOST_FINDINGS} lines are listed, what is wrong first; {more} more are not")


def listed(lines: Sequence[wire.Finding]) -> list[wire.Finding]:
    """The lines that are told: of too many those that do not hold first, then those that are open."""
    places = sorted(range(len(lines)), key=lambda k: _TELLING.get(lines[k].mark, len(_TELLING)))
    return [lines[k] for k in sorted(places[:MOST_FINDINGS])]


def count_of(lines: Sequence[wire.Finding], mark: Mark) -> int:
    """Count the lines of a kind."""
    return sum(one.mark == mark for one in lines)


def summary(reading: Reading, lines: Sequence[wire.Finding]) -> str:
    """All formulas and equalities, by what became of them."""
    holds, fails, unread, defined, outside = (
        count_of(lines, mark) for mark in ("holds", "fails", "unread", "defined", "note")
    )
    unread += reading.passed_equalities
    words_ = [
        f"{holds} hold{'s' * (holds == 1)}",
        f"{fails} do{'es' * (fails == 1)} not",
        f"{unread} not read",
        f"{outside} outside any question",
    ]
    if reading.rejected:
        words_.append(f"{reading.rejected} that the text itself calls wrong")
    if defined:
        words_.insert(1, f"{defined} taken as {'a definition' if defined == 1 else 'definitions'}")
    equalities = counted(len(lines) + reading.passed_equalities + reading.rejected, "equality", "equalities")
    return f"{counted(reading.formulas, 'formula')}, {equalities}: {', '.join(words_)}"


def remark(question: Question | None, name: str, detail: str, mark: Mark = "note") -> wire.Finding:
    """Make a remark on a question, or on all of a text."""
    place = question.place if question else None
    return wire.Finding(kind="remark", mark=mark, question=place, name=name, detail=wire.printable(detail))


def used_twice(chains: Sequence[Chain], reading: Reading) -> Iterator[wire.Finding]:
    """Find sums whose letter means something else beside them."""
    told: set[tuple[int, str]] = set()
    for chain in chains:
        free = set[str]().union(*(free_letters(side.node) for side in chain.sides if side.node))
        for side in chain.sides:
            line = reading.line(chain.piece, side.at)
            for node in t.walk(side.node) if side.node else ():
                if isinstance(node, t.Total) and node.index in free and (line, node.index) not in told:
                    told.add((line, node.index))
                    yield remark(
                        chain.question,
                        "letter",
                        f"line {line}: {node.index} is used twice, as the letter of a sum and beside it",
                    )
