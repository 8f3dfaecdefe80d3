"""Inputs of cases, drawn from their families, and the identity of a set of cases."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.errors import AssignmentError
from autograder.model import Array, Assignment, Draw, Family, Inputs, Part, Question, in_order
from autograder.results import Case

PUBLIC = b"public"  #: Stands in for the secret where nothing is secret.


def keyed(key: bytes, *words: str) -> bytes:
    """Digest words without slashes under a key (HMAC-SHA256); the first says what for, and no two uses share it."""
    return hmac.digest(key, "/".join(words).encode(), "sha256")


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """One case as its family drew it: the upstream gradient may still be missing from the inputs."""

    question: Question
    part: Part
    family: Family
    id: str  #: ``part.family.draw``.
    #: Clean and in the order of the parameters: read-only float64 or int64 arrays, floats, ints.
    inputs: dict[str, Any]
    draw: Draw  #: The rest: leaves and cost.

    @property
    def where(self) -> str:
        """Place for a message."""
        return f"{self.question.id}: {self.id}"

    @property
    def filled(self) -> dict[str, Any]:
        """Inputs with the defaults of what was left out."""
        return {**self.part.defaults, **self.inputs}

    def case(self) -> Case:
        """Make the record that may leave this process: without truths."""
        for name in self.part.parameters:
            if name not in self.filled:
                raise AssignmentError(f"{self.where}: no value for {name!r}; draw it, or give it a default")
        return Case(
            id=self.id,
            part=self.part.name,
            family=self.family.name,
            hidden=self.family.hidden,
            layout=self.family.layout,
            inputs=self.inputs,
        )


def frozen(value: Any) -> Array:
    """Copy numbers into a read-only, C-contiguous float64 array of its own."""
    array = np.array(value, dtype=np.float64, order="C")
    array.flags.writeable = False
    return array


def draw_all(assignment: Assignment, secret: bytes | None) -> Iterator[Drawn]:
    """Draw an assignment's cases in its order; without a secret, the public ones only.

    A family that breaks a rule or fails is an `AssignmentError`.
    """
    for question in assignment.questions:
        for part in question.parts:
            for family in part.families:
                if family.hidden and secret is None:
                    continue
                key = secret if family.hidden and secret is not None else PUBLIC
                for number in range(family.draws):
                    words = (assignment.id, question.id, part.name, family.same_as or family.name, str(number))
                    seed = int.from_bytes(keyed(key, "seed", *words), "big")
                    yield _drawn(question, part, family, number, np.random.default_rng(seed))


def _drawn(question: Question, part: Part, family: Family, number: int, rng: np.random.Generator) -> Drawn:
    id_ = f"{part.name}.{family.name}.{number}"
    where = f"{question.id}: {id_}"
    try:
        draw = family.draw(rng)
    except Exception as error:
        raise AssignmentError(f"{where}: its draw fails with {type(error).__name__}: {error}") from error
    if not isinstance(draw, Draw):  # an author forgets a return, as students do
        raise AssignmentError(f"{where}: its draw returns a {type(draw).__name__}; let it return a Draw of inputs")
    unknown = sorted(set(draw.inputs) - set(part.parameters))
    if unknown:
        raise AssignmentError(f"{where}: draws {unknown[0]!r}, which is not a parameter of {part.name}")
    given = _up_to_the_last(part, draw.inputs)
    inputs = {name: _clean(value, f"{where}: {name}") for name, value in given.items()}
    return Drawn(question=question, part=part, family=family, id=id_, inputs=inputs, draw=draw)


def _up_to_the_last(part: Part, drawn: Inputs) -> dict[str, Any]:
    """Put inputs in order: calls are by position, so a default is written out where a later input is given."""
    last = max((place for place, name in enumerate(part.parameters) if name in drawn), default=-1)
    there = {**{name: part.defaults[name] for name in part.parameters[: last + 1] if name in part.defaults}, **drawn}
    return {name: there[name] for name in part.parameters if name in there}


def _clean(value: Any, where: str) -> Any:
    """One of the few types an input may have; arrays become read-only copies."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fi":
        array = np.array(value, dtype=np.float64 if value.dtype.kind == "f" else np.int64, order="C")
        if not np.isfinite(array).all():
            raise AssignmentError(f"{where} is not finite; inputs are finite numbers")
        array.flags.writeable = False
        return array
    if isinstance(value, (float, np.floating)) and np.isfinite(value):
        return float(value)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, str):
        return str(value)
    raise AssignmentError(
        f"{where} is a {type(value).__name__}; inputs are finite floats, integers, arrays of them, booleans or strings"
    )


def reference_answer(drawn: Drawn) -> dict[str, Array]:
    """Ask the reference: float64, read-only, by output name. One that fails or miscounts is an `AssignmentError`."""
    names = drawn.part.names
    try:
        values = in_order(drawn.part.reference(**drawn.inputs), names)
        return dict(zip(names, (frozen(value) for value in values), strict=True))
    except Exception as error:
        raise AssignmentError(f"{drawn.where}: the reference fails with {type(error).__name__}: {error}") from error


def public_cases(assignment: Assignment) -> tuple[tuple[Case, Mapping[str, Array]], ...]:
    """Public cases with the references' answers: needs neither torch nor the secret.

    A family that leaves its upstream gradient for autograd to find is an `AssignmentError`.
    """
    return tuple((drawn.case(), reference_answer(drawn)) for drawn in draw_all(assignment, None))


def cases_id(cases: Iterable[Case], secret: bytes, variant: int) -> str:
    """Give a set of cases an identity of 64 hexadecimal digits that tells nothing about them."""
    # The same inputs may have other truths in another variant.
    digest = hashlib.sha256(f"variant {variant}\n".encode() if variant else b"")
    for case in cases:
        pieces = [case.id, case.part, case.family, str(case.hidden), case.layout]
        for name, value in case.inputs.items():
            if isinstance(value, np.ndarray):
                # In single precision: another machine's autograd may differ in the last bit, and the cases be the same.
                numbers = value.astype("<f4" if value.dtype.kind == "f" else "<i8").tobytes().hex()
                pieces += [name, value.dtype.kind, str(value.shape), numbers]
            else:
                pieces += [name, type(value).__name__, repr(value)]
        digest.update(("\0".join(pieces) + "\n").encode())
    return keyed(secret, "cases", digest.hexdigest()).hex()
