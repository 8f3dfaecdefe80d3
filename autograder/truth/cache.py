"""The cache of cases and truths: one private file, so that grading need not import torch.

The first line is the SHA-256 of all that follows. The second is JSON: what the cache was made from and with, and
for each array its type, shape and place. Then come the arrays' bytes, little-endian. Nothing in it is executed.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.course import private, truths
from autograder.errors import InputError, OutputError
from autograder.grading.compare import bounds
from autograder.grading.sheets import whole_inputs
from autograder.model import Array, Assignment
from autograder.results import Case, Cases
from autograder.truth.autograd import compute
from autograder.truth.draw import keyed
from autograder.truth.secret import private_folder, read_private

FORMAT = 1


class _UnusableError(Exception):
    """Why a cache cannot be used, in words that follow its path."""


def load(
    assignment: Assignment, course: Path, secret: bytes, notify: Callable[[str], None], *, keep: bool = True
) -> Cases:
    """Take cases and truths from the course's cache, or compute them and, unless `keep` is false, put them there.

    They are equal to what `compute` returns. With a usable cache, torch is not imported; else `notify` is told why they
    are computed, and where they cannot be stored.

    Raises `AssignmentError` from `compute`.
    """
    try:
        return _read(assignment, course, secret)[0]
    except _UnusableError as error:
        notify(f"truths: {_path(assignment, course)} {error}; computing them with PyTorch")
    cases = compute(assignment, secret)
    try:
        if keep:
            _store(cases, assignment, course, secret)
    except OutputError as error:
        notify(f"truths: {error}; the next run computes them again")
    return cases


def stored(assignment: Assignment, course: Path, secret: bytes) -> Cases:
    """Take cases and truths from the cache alone, or raise `InputError`."""
    try:
        return _read(assignment, course, secret)[0]
    except _UnusableError as error:
        raise InputError(f"truths: {_path(assignment, course)} {error}") from None


def rebuild(assignment: Assignment, course: Path, secret: bytes) -> Cases:
    """Compute cases and truths and replace the cache, or raise `OutputError`."""
    cases = compute(assignment, secret)
    _store(cases, assignment, course, secret)
    return cases


def check(assignment: Assignment, course: Path, secret: bytes) -> tuple[str, ...]:
    """Compute again, and compare with the cache: a line per difference beyond rounding, without a hidden number in it.

    Raises `AssignmentError` from `compute`.
    """
    try:
        cached, numpy_version = _read(assignment, course, secret)
    except _UnusableError as error:
        return (f"{_path(assignment, course)} {error}",)
    now = compute(assignment, secret)
    lines = [
        f"{_path(assignment, course)} was made with {library} {then}; {present} is installed"
        for library, then, present in (
            ("PyTorch", cached.torch_version, now.torch_version),
            ("numpy", numpy_version, np.__version__),
        )
        if then != present
    ]
    if [case.id for case in cached.cases] != [case.id for case in now.cases]:
        return (*lines, f"{_path(assignment, course)} holds other cases")
    parts = {part.name: part for part in assignment.parts}
    for case, fresh in zip(cached.cases, now.cases, strict=True):
        if not same_inputs(case.inputs, fresh.inputs):
            lines.append(f"{case.id}: other inputs")
        part = parts[case.part]
        for output in part.outputs:
            truth = now.truths[case.id][output.name]
            magnitude = np.asarray(output.magnitude(whole_inputs(part, fresh), truth))
            before = cached.truths[case.id][output.name]
            if before.shape != truth.shape:
                lines.append(f"{case.id}: {output.name} has another shape")
            elif (np.abs(before - truth) > bounds(magnitude)[0]).any():
                lines.append(f"{case.id}: {output.name} differs beyond rounding")
    return tuple(lines)


def same_inputs(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether two cases ask the same; gradients that autograd found may differ by rounding."""
    return list(before) == list(now) and all(
        np.shape(before[name]) == np.shape(value)
        and np.asarray(before[name]).dtype == np.asarray(value).dtype
        and (before[name] == value if isinstance(value, str) else np.allclose(before[name], value, rtol=1e-12, atol=0))
        for name, value in now.items()
    )


def _path(assignment: Assignment, course: Path) -> Path:
    return private(course) / truths(assignment.variant)


def _made_from(assignment: Assignment, secret: bytes) -> dict[str, Any]:
    """What a cache must have been made from to be usable."""
    return {"format": FORMAT, "source_sha256": assignment.source_sha256, "secret_hmac": keyed(secret, "cache").hex()}


def _store(cases: Cases, assignment: Assignment, course: Path, secret: bytes) -> None:
    """Write the file beside its place, then move it there."""
    path = _path(assignment, course)
    try:
        with private_folder(course) as folder:
            folder.write(truths(assignment.variant), to_bytes(cases, _made_from(assignment, secret)))
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None


def to_bytes(cases: Cases, about: Mapping[str, Any] = MappingProxyType({})) -> bytes:
    """Lay cases and truths out as the cache has them, with more in its header."""
    payload = bytearray()

    def placed(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        little = value.astype(value.dtype.newbyteorder("<"))
        at = len(payload)
        payload.extend(little.tobytes())
        return {"dtype": little.dtype.str, "shape": value.shape, "at": at}

    header = {
        **about,
        "numpy": np.__version__,
        "torch": cases.torch_version,
        "cases_id": cases.cases_id,
        "cases": [
            {
                "id": case.id,
                "part": case.part,
                "family": case.family,
                "hidden": case.hidden,
                "layout": case.layout,
                "inputs": {name: placed(value) for name, value in case.inputs.items()},
                "truths": {name: placed(value) for name, value in cases.truths[case.id].items()},
            }
            for case in cases.cases
        ],
    }
    body = json.dumps(header).encode() + b"\n" + bytes(payload)
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def from_bytes(content: bytes) -> Cases:
    """Read what `to_bytes` wrote, or raise `ValueError`."""
    header, payload = parts(content)
    return _cases(header, payload)


def parts(content: bytes) -> tuple[Any, bytes]:
    """Header and arrays of a whole file."""
    digest, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise ValueError("another hash")
    first, _, payload = body.partition(b"\n")
    return json.loads(first), payload


def _read(assignment: Assignment, course: Path, secret: bytes) -> tuple[Cases, str]:
    """Read the cache, and the numpy version it was made with."""
    try:
        content, mode = read_private(course, truths(assignment.variant))
    except FileNotFoundError:
        raise _UnusableError("is not there yet") from None
    except OSError as error:
        raise _UnusableError(f"cannot be read: {error.strerror}") from None
    if mode & 0o077:
        raise _UnusableError(f"could be read by others (mode {mode:03o}), who may know the hidden cases")
    try:
        header, payload = parts(content)
        wanted = _made_from(assignment, secret)
        if header["format"] != FORMAT:
            raise _UnusableError("was written by another version")
        if header["source_sha256"] != wanted["source_sha256"]:
            raise _UnusableError("was made from other question files")
        if header["secret_hmac"] != wanted["secret_hmac"]:
            raise _UnusableError("was made under another secret")
        return _cases(header, payload), header["numpy"]
    except (ValueError, KeyError, TypeError):
        raise _UnusableError("is damaged") from None


def _cases(header: dict[str, Any], payload: bytes) -> Cases:
    """Make the records; arrays are read-only views of the payload."""

    def value(entry: Any) -> Any:
        if not isinstance(entry, dict):
            return entry
        shape = tuple(entry["shape"])
        array: Array = np.frombuffer(payload, entry["dtype"], math.prod(shape), entry["at"]).reshape(shape)
        return array

    return Cases(
        cases=tuple(
            Case(
                id=entry["id"],
                part=entry["part"],
                family=entry["family"],
                hidden=entry["hidden"],
                layout=entry["layout"],
                inputs={name: value(given) for name, given in entry["inputs"].items()},
            )
            for entry in header["cases"]
        ),
        truths={
            entry["id"]: {name: value(truth) for name, truth in entry["truths"].items()} for entry in header["cases"]
        },
        cases_id=header["cases_id"],
        torch_version=header["torch"],
    )
