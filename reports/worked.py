"""Worked numbers: what the reference returns to a public case, and how near PyTorch's autograd comes to it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pylatex import Document, Section
from pylatex.utils import NoEscape

from autograder.errors import ReportError
from autograder.model import Array
from autograder.words import out_of
from reports.latex import facts, prose

_DIGITS, _DECIMALS, _MOST_DECIMALS = 3, 4, 8
"""Significant digits that each number shows at least, and decimals."""
_LOWEST, _HIGHEST = -3, 3  #: Powers of ten of elements that are written without taking one out.
_PAGE, _BOTH, _CHARACTERS = 88, 135, 8
"""Characters of inputs and answers on a line, the millimeters they have, and characters of a number."""
_AGREES = 1e-12
"""How far the two may be apart, as a share of the largest number of the answer: rounding, and no formula."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Example:
    """One public case, worked out."""

    part: str  #: The function.
    inputs: Mapping[str, Any]  #: What goes in.
    #: By output: what the reference returns, and what PyTorch's autograd does.
    reference: Mapping[str, Array]
    truth: Mapping[str, Array]

    def apart(self) -> list[float]:
        """Say how far the two are apart."""
        return [
            float(distance)
            for output, answer in self.reference.items()
            for distance in np.abs(np.asarray(answer) - self.truth[output]).flat
        ]


def worked_numbers(document: Document, examples: Sequence[Example]) -> None:
    """Append the section.

    Raises `ReportError` if the two do not agree: nothing is printed that PyTorch does not confirm.
    """
    for example in examples:
        largest = max(float(np.max(np.abs(truth), initial=0.0)) for truth in example.truth.values())
        worst = float(np.max(example.apart(), initial=0.0))
        if not worst <= _AGREES * max(largest, 1.0):
            raise ReportError(
                f"{example.part}: reference and PyTorch differ by {worst:.1e} on the first public case; "
                "correct the question's file"
            )
    with document.create(Section("Worked numbers", label=False)):
        document.append(
            NoEscape(
                "The first public case of each function: what the reference returns, and what PyTorch's autograd finds "
                r"by \texttt{backward()} in double precision. \textbf{The two agree.} "
                rf"{_agreement([distance for example in examples for distance in example.apart()])}\par"
            )
        )
        rows: list[tuple[str, ...]] = []
        fitted = _fitted(examples)
        for example, (given, answered) in zip(examples, fitted, strict=True):
            largest = max(example.apart(), default=0.0)
            rows.append((rf"\multicolumn{{3}}{{@{{}}l}}{{\rule{{0pt}}{{11pt}}\texttt{{{prose(example.part)}}}}}",))
            rows.append((given, answered, rf"within ${power(largest)}$" if largest else "equal"))
        columns = r"@{\hspace{4mm}}l@{\hspace{4mm}}l@{\hspace{4mm}}l@{}"
        document.append(NoEscape(r"{\footnotesize\arraycolsep=2.5pt"))
        document.append(facts((r"\hspace{-4mm}given", "the reference returns", "PyTorch returns"), rows, columns))
        document.append(NoEscape("}"))


def _agreement(apart: Sequence[float]) -> str:
    """Say how far numbers are from what PyTorch finds."""
    count, same = len(apart), sum(distance == 0 for distance in apart)
    if count == same:
        return f"{'The one number is' if count == 1 else f'All {count} numbers are'} the same to the last bit."
    if count == 1:
        return f"The one number differs by ${power(max(apart))}$."
    are = "are" if same > 1 else "is"
    return (
        f"Of these {count} numbers, {out_of(same, count)} {are} the same to the last bit, and none differs by more "
        f"than ${power(max(apart))}$."
    )


def _fitted(examples: Sequence[Example]) -> list[tuple[str, str]]:
    """Set what goes in beside what comes out; stacked, and then shrunk, where they are too wide for the page."""
    widths = [
        (
            _width(one.inputs.items()),
            sum(_width([answer]) for answer in one.reference.items()),
            _width(one.reference.items()),
        )
        for one in examples
    ]
    given = max(width for width, *_ in widths)
    if given + max(beside if width + beside <= _PAGE else stacked for width, beside, stacked in widths) <= _PAGE:
        return [
            (_stack(one.inputs), (_named if width + beside <= _PAGE else _stack)(one.reference))
            for one, (width, beside, _) in zip(examples, widths, strict=True)
        ]
    left = max(0.3, min(0.7, given / (given + max(stacked for *_, stacked in widths))))
    return [(_shrunk(_stack(one.inputs), left), _shrunk(_stack(one.reference), 1 - left)) for one in examples]


def _width(values: Iterable[tuple[str, Any]]) -> int:
    """About how many characters wide the widest of some values is."""
    return max(len(name) + 5 + _CHARACTERS * (np.shape(value) or (1,))[-1] for name, value in values)


def _shrunk(latex: str, share: float) -> str:
    """Set a formula on this share of the line that both have."""
    return rf"\fitted{{{share * _BOTH:.0f}mm}}{{{latex}}}"


def _stack(values: Mapping[str, Any]) -> str:
    lines = r" \\[1pt] ".join(rf"\mathtt{{{prose(name)}}} &= {numbers(value)}" for name, value in values.items())
    return rf"$\begin{{aligned}} {lines} \end{{aligned}}$"


def _named(values: Mapping[str, Any]) -> str:
    return r",\ ".join(rf"$\mathtt{{{prose(name)}}} = {numbers(value)}$" for name, value in values.items())


def numbers(value: Any) -> str:
    """Write a number, a vector or a matrix, each element with three significant digits or more.

    All have the same number of decimals so that they stand in line, a power of ten taken out where they are very small
    or large.
    """
    if isinstance(value, bool | str):
        return rf"\mbox{{\texttt{{{prose(repr(value))}}}}}"
    if np.asarray(value).dtype.kind == "i":
        return _laid_out([str(number) for number in np.ravel(value)], np.shape(value))
    array = np.asarray(value, dtype=float)
    sizes = np.abs(array[array != 0])
    smallest, largest = (_exponent(sizes.min()), _exponent(sizes.max())) if sizes.size else (0, 0)
    common = 0 if smallest >= _LOWEST and largest <= _HIGHEST else largest
    decimals = max(_DECIMALS, _DIGITS - 1 - smallest + common)
    if decimals > _MOST_DECIMALS:
        common, written = 0, [power(x, _DIGITS) for x in array.flat]
    else:
        written = [f"{x * 10.0**-common:z.{decimals}f}" for x in array.flat]
    factor = rf"10^{{{common}}} \cdot " if common else ""
    return factor + _laid_out(written, array.shape)


def _laid_out(written: Sequence[str], shape: tuple[int, ...]) -> str:
    """A number as it is, others in rows of the last dimension."""
    if not shape:
        return written[0]
    width = shape[-1]
    inner = r" \\ ".join(" & ".join(written[start : start + width]) for start in range(0, len(written), width))
    return rf"\left(\begin{{array}}{{@{{}}{'r' * width}@{{}}}} {inner} \end{{array}}\right)"


def _exponent(size: float) -> int:
    return math.floor(math.log10(size))


def power(value: float, digits: int = 2) -> str:
    """Write a number in powers of ten."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
