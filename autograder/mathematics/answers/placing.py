"""Which question a text answers that names none and has letters of its own for all that would tell it."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Reading, nodes_in
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
    """Give chains of which none has a question the one under which most of them hold, as long as some do.

    Where there is one question, rules for numbers are said for it.
    """
    addressed = {chain.question for chain in chains if chain.question}
    if len(addressed) == 1:
        (only,) = addressed
        return [chain if chain.question or not _is_a_rule(chain) else replace(chain, question=only) for chain in chains]
    if not chains or addressed:
        return list(chains)
    best: Question | None = None
    most = _FEWEST - 1
    for question in questions:
        if not question.known.problem and (held := _held(chains[:_MOST_CHAINS], question, reading)) > most:
            best, most = question, held
    return [replace(chain, question=best) for chain in chains]


def _is_a_rule(chain: Chain) -> bool:
    """Whether a chain differentiates something by the only letter that stands in it."""
    nodes = [*nodes_in(chain.sides)]
    letters = {one for one in nodes if isinstance(one, t.Symbol)}
    return len(letters) == 1 and letters == {one.by for one in nodes if isinstance(one, t.Partial)}


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
