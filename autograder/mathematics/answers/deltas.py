"""What words say of Kronecker's delta that it is not."""

import re
from collections.abc import Iterator

from autograder.mathematics.answers.blocks import Block
from autograder.mathematics.answers.prose import Case, case_in, digits_of

_DELTA_IS = re.compile(
    r"(?:\\delta|δ)_?\{?(?P<left>[a-z]),? ?(?P<right>[a-z])\}?[$)\\]{0,2} (?:be|is|equals?|takes|has|being)?"
    r"(?P<said>[^.;]{0,120})"
)
_VALUE_IN_CASE = re.compile(
    r"(?P<value>\b(?:zero|one|vanishes)\b|-?\d)\$?,? (?P<case>(?:if|when|whenever|for|unless) [^,;]{0,30}?[$\\ ][a-z] ?"
    r"(?:=|\\neq?|≠|!=) ?[a-z]|otherwise|else)"
)


def wrong_deltas(text: str, question: str) -> Iterator[Block]:
    """Give as formulas what words say of a delta that is not so."""
    for found in _DELTA_IS.finditer(text):
        case: Case | None = None
        for said in _VALUE_IN_CASE.finditer(found["said"]):
            told = case_in(said["case"])
            case = told.after(case) if told else None
            value = digits_of(said["value"])
            if case and case.kind in {"letters", "indices"} and value != str(int(case.equal)):
                latex = rf"\delta_{{{found['left']}{found['right']}}} = {value}"
                yield Block(latex=latex, at=found.start(), question=question, case=case, inline=True)
