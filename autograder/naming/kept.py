"""What the authors' mistakes answer, as arrays that are written to a file and read from it."""

from collections.abc import Iterator, Mapping

import numpy as np

from autograder.grading.diagnosis import Answers
from autograder.grading.library import Known
from autograder.model import Array, Part

_STACKED = ("values", "elements", "ends", "absent", "single")  #: Arrays that are as long for every mistake.


def packed(known: Known) -> dict[str, Array]:
    """Lay out what mistakes answer, by output: a row for each mistake, and answers of a wrong shape end to end."""
    found: dict[str, Array] = {}
    for output, answers in known.items():
        rows = list(answers.values())
        odd = [(row, place, value) for row, one in enumerate(rows) for place, value in one.odd.items()]
        widest = max((value.ndim for _, _, value in odd), default=0)
        found |= {f"{output} {name}": np.stack([getattr(one, name) for one in rows]) for name in _STACKED}
        found[f"{output} names"] = np.array(list(answers), dtype=np.str_)
        found[f"{output} words"] = np.array([one.words for one in rows], dtype=np.str_)
        # Rank and sizes, filled up with zeros.
        shapes = [[row, place, value.ndim, *value.shape, *[0] * (widest - value.ndim)] for row, place, value in odd]
        found[f"{output} shapes"] = np.array(shapes, dtype=np.int64).reshape(len(odd), 3 + widest)
        flat = [np.zeros(0), *(value.astype(np.float64).ravel() for _, _, value in odd)]
        found[f"{output} odd"] = np.concatenate(flat)
    return found


def unpacked(arrays: Mapping[str, Array], part: Part) -> Known | None:
    """Read what `packed` laid out; None where it is not about the part's mistakes."""
    names = [wrong.name for wrong in part.misconceptions]
    try:
        found = {output: dict(zip(names, _rows(arrays, output), strict=True)) for output in part.names}
    except (KeyError, ValueError, IndexError):
        return None
    mine = all([str(one) for one in arrays[f"{output} names"]] == names for output in part.names)
    return found if mine else None


def _rows(arrays: Mapping[str, Array], output: str) -> Iterator[Answers]:
    shapes, flat = arrays[f"{output} shapes"], arrays[f"{output} odd"]
    odd: dict[int, dict[int, Array]] = {}
    start = 0
    for row, place, rank, *sizes in shapes.tolist():
        shape = tuple(sizes[:rank])
        end = start + int(np.prod(shape, initial=1))
        odd.setdefault(row, {})[place] = flat[start:end].reshape(shape)
        start = end
    stacked = {name: arrays[f"{output} {name}"] for name in _STACKED}
    for row, words in enumerate(arrays[f"{output} words"].tolist()):
        yield Answers(
            words=tuple(words), odd=odd.get(row, {}), **{name: values[row] for name, values in stacked.items()}
        )
