"""The text of ``grade.json``, field by field in the order of its records."""

import json

import msgspec

from autograder.gradebook.record import GradeRecord
from autograder.gradebook.results import encoded


def to_text(record: GradeRecord) -> str:
    """Write a record as JSON, with spaces."""
    return json.dumps(msgspec.to_builtins(record), ensure_ascii=False, allow_nan=False) + "\n"


def to_bytes(record: GradeRecord) -> bytes:
    """Write it without, for a class of thousands."""
    try:
        return msgspec.json.encode(record) + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair, which JSON's own module writes
        return encoded(to_text(record))
