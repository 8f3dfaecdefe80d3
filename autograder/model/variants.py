"""Constants of a question that differ from student to student: the values of each, one for every variant."""

import math
from collections.abc import Mapping, Sequence

from autograder.errors import AssignmentError

MOST = 16  #: How many variants a homework may have: each has truths, formulas and documents of its own.
ANOTHER = "variant_"  #: Begins the name of a mistake that is another variant's answer; the number follows.

Constant = int | float | str
Constants = Mapping[str, Sequence[Constant]]
"""By name, a value for each variant: numbers, or texts of one line."""


def count_of(constants: Constants, where: str) -> int:
    """Say how many variants the constants of a question make, which `where` names in messages; 0 without constants."""
    if not constants:
        return 0
    for name, values in constants.items():
        if not (isinstance(name, str) and name.isidentifier() and name.isupper()):
            raise AssignmentError(
                f"{where}: variants= names {name!r}; a constant has a name in capitals, such as SCALE"
            )
        if not isinstance(values, tuple | list):
            raise AssignmentError(
                f"{where}: {name} has {values!r}; write its values in parentheses, one for every variant"
            )
        for value in values:
            if not _fits(value):
                raise AssignmentError(
                    f"{where}: {name} has the value {value!r}; a constant is a finite number, or a text of one line"
                )
    counts = {name: len(values) for name, values in constants.items()}
    count = next(iter(counts.values()))
    other = next((name for name in counts if counts[name] != count), None)
    if other is not None:
        first = next(iter(counts))
        raise AssignmentError(
            f"{where}: {first} has {count} values and {other} {counts[other]}; give each constant one for every variant"
        )
    if not 2 <= count <= MOST:
        raise AssignmentError(f"{where}: variants= gives {count} of them; give 2 to {MOST} values of each constant")
    seen: dict[tuple[Constant, ...], int] = {}
    for number, one in enumerate(zip(*constants.values(), strict=True), 1):
        if seen.setdefault(one, number) != number:
            raise AssignmentError(f"{where}: variants {seen[one]} and {number} have the same constants; change one")
    return count


def _fits(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and value.isprintable()
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def as_text(value: Constant) -> str:
    """Write a constant as a person reads it, such as 3 where the code says 3.0."""
    text = str(value)
    return text.removesuffix(".0") if isinstance(value, float) else text
