"""What words say of Kronecker's delta that it is not."""

import re
from collections.abc import Iterator, Sequence

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


def wrong_deltas(text: str, blocks: Sequence[Block], question: str) -> Iterator[Block]:
    """Give as formulas what words say of a delta that is not so, but for what formulas of the text say."""
    written = {at for one in blocks if "=" in one.latex for at in range(one.at, one.at + len(one.latex))}
    for found in _DELTA_IS.finditer(text):
        case: Case | None = None
        for said in _VALUE_IN_CASE.finditer(found["said"]):
            told = case_in(said["case"])
            case = told.after(case) if told else None
            value = digits_of(said["value"])
            at = found.start("said") + said.start("value")
            if at not in written and case and case.kind in {"letters", "indices"} and value != str(int(case.equal)):
                latex = rf"\delta_{{{found['left']}{found['right']}}} = {value}"
                parts = ((0, at, at + 1),)
                yield Block(latex=latex, at=at, parts=parts, question=question, case=case, inline=True)
