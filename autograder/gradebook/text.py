"""The text of ``grade.json``: what is the same for many students is laid out once."""

from __future__ import annotations

import functools
import json
from typing import Any

import msgspec
from msgspec import UNSET

from autograder.gradebook.record import GradeRecord, ScoreRecord, VerdictRecord, hidden
from autograder.words import Status

_MOST_NUMBERS = 1 << 10
_numbers: dict[int, tuple[Any, str]] = {}
"""Texts of what was shown last, by identity: what is kept here has it for itself."""
_compact = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def to_text(record: GradeRecord) -> str:
    """Write a record as JSON, field by field in the file's order."""
    return json.dumps(msgspec.to_builtins(record), ensure_ascii=False, allow_nan=False) + "\n"


def to_compact_text(record: GradeRecord) -> str:
    """Write the same without spaces; what is the same for many students is laid out once."""
    fields = msgspec.to_builtins(msgspec.structs.replace(record, scores=()))
    pieces = [
        f'"{name}":[{",".join(map(_score_text, record.scores))}]' if name == "scores" else f'"{name}":{_compact(value)}'
        for name, value in fields.items()
    ]
    return f"{{{','.join(pieces)}}}\n"


def _score_text(record: ScoreRecord) -> str:
    fields = msgspec.to_builtins(msgspec.structs.replace(record, verdicts=()))
    del fields["verdicts"]  # the last one
    verdicts = [_hidden_text(v.case, v.family, v.status) if v.hidden else _public_text(v) for v in record.verdicts]
    return f'{_compact(fields)[:-1]},"verdicts":[{",".join(verdicts)}]}}'


_MORE = ("reason", "left", "as_if", "approx")
"""What a public case may have besides its numbers, in the order of the record."""


@functools.lru_cache(1 << 14)
def _hidden_text(case: str, family: str, status: Status) -> str:
    return _compact(msgspec.to_builtins(hidden(case, family, status)))


def _public_text(verdict: VerdictRecord) -> str:
    head = _hidden_text(verdict.case, verdict.family, verdict.status).replace('"hidden":true', '"hidden":false')
    numbers = (
        f'"inputs":{_numbered(verdict.inputs)},"truth":{_numbered(verdict.truth)},"actual":{_numbered(verdict.actual)}'
    )
    more = {name: value for name in _MORE if (value := getattr(verdict, name)) is not UNSET}
    rest = "".join(f',"{name}":{_compact(msgspec.to_builtins(value))}' for name, value in more.items())
    return f"{head[:-1]},{numbers}{rest}}}"


def _numbered(value: Any) -> str:
    """The numbers of a public case; many criteria and students show the very same, and nobody changes them."""
    known = _numbers.get(id(value))
    if known is None or known[0] is not value:
        if len(_numbers) >= _MOST_NUMBERS:
            _numbers.clear()
        known = _numbers[id(value)] = value, _compact(value)
    return known[1]
