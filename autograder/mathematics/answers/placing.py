"""Which question a text answers that names none and has letters of its own for all that would tell it."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Reading
from autograder.mathematics.answers.own import settled
from autograder.mathematics.answers.records import Layout
from autograder.mathematics.answers.trying import agree
from autograder.mathematics.formulas import tree as t

_MOST_CHAINS = 20
_TRIAL_STEPS = 40_000
_FEWEST = 2
"""Lines that have to hold."""
_LAYOUTS = (Layout(), Layout(given="row", rows="row"))


def placed(chains: Sequence[Chain], questions: Sequence[Question], reading: Reading) -> list[Chain]:
    """Give chains of which none has a question the one under which most of them hold, as long as some do."""
    if not chains or any(chain.question for chain in chains):
        return list(chains)
    best: Question | None = None
    most = _FEWEST - 1
    for question in questions:
        if not question.known.problem and (held := _held(chains[:_MOST_CHAINS], question, reading)) > most:
            best, most = question, held
    return [replace(chain, question=best) for chain in chains]


def _held(chains: Sequence[Chain], question: Question, reading: Reading) -> int:
    """How many chains hold, but for those that define letters."""
    trial = reading.trial(_TRIAL_STEPS, share=1, fresh=True)
    tried, _ = settled([replace(chain, question=question) for chain in chains], trial)
    return sum(_holds(chain, trial) for chain in tried if not chain.defines)


def _holds(chain: Chain, trial: Reading) -> bool:
    left, right = (side.nodes for side in chain.sides[:2])
    known = chain.asking.known
    symbols = (one for node in (*left, *right) for one in t.walk(node) if isinstance(one, t.Symbol))
    about = any(known.find(one) for one in symbols)
    return bool(about and left and right) and any(agree(chain, left, right, trial, layout) for layout in _LAYOUTS)
