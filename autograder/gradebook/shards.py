"""One share of a class: who is in it, and the file that says it was graded to its end.

A student's id alone decides, so every machine that grades a share agrees on it, whatever lies in its folder.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from autograder.gradebook.files import writing
from autograder.gradebook.fingerprint import version
from autograder.gradebook.folder import Gradebook
from autograder.model import Assignment
from autograder.words import Isolation

SHARD = "shard.json"
MOST = 10_000  #: How many shards there may be.
_SCHEMA: Final = "shard-1"
_NUMBERS = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")
_FOLDER = re.compile(r"shard-([1-9][0-9]{0,4})-of-([1-9][0-9]{0,4})")


@dataclass(frozen=True, order=True)
class Shard:
    """One of several shares of a class, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, name: str) -> bool:
        """Say whether a student, or a name that is nobody's, belongs to this share."""
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % self.of == self.number - 1

    def folder(self, output: Path) -> Path:
        """Say where its grades lie: an ordinary folder of grades, with a lock and a journal of its own."""
        return output / f"shard-{self.number}-of-{self.of}"


def shard_named(text: str) -> Shard | None:
    """Read ``3/16``; None for anything else, and for more than `MOST`."""
    return _shard(_NUMBERS.fullmatch(text))


def shard_in(folder: str) -> Shard | None:
    """Read the name of a shard's folder."""
    return _shard(_FOLDER.fullmatch(folder))


def _shard(found: re.Match[str] | None) -> Shard | None:
    if found is None:
        return None
    shard = Shard(int(found[1]), int(found[2]))
    return shard if 1 <= shard.number <= shard.of <= MOST else None


class ShardRecord(msgspec.Struct, frozen=True, kw_only=True):
    """``shard.json``: what a shard was graded with, and whom; written when nobody of it is left."""

    schema: Literal["shard-1"] = _SCHEMA
    number: int
    of: int
    assignment: str
    source_sha256: str
    cases_id: str
    isolation: Isolation
    versions: dict[str, str]  #: Of this program, and of what ran the submissions; by name.
    class_sha256: str  #: Hash of the ids of everybody who handed in, in whatever shard.
    students: tuple[str, ...]


def shard_record(
    shard: Shard, assignment: Assignment, cases_id: str, evidence: Mapping[str, str], everybody: Iterable[str]
) -> ShardRecord:
    """Lay down what a shard was graded with; `evidence` is what the sandbox proved, `everybody` is sorted."""
    names = tuple(everybody)
    python = ".".join(evidence["python"].split(".")[:2])
    return ShardRecord(
        number=shard.number,
        of=shard.of,
        assignment=assignment.id,
        source_sha256=assignment.source_sha256,
        cases_id=cases_id,
        isolation=msgspec.convert(evidence["isolation"], Isolation),
        versions={"hw1": version(), "Python": python, "numpy": evidence["numpy"]},
        class_sha256=hashlib.sha256("\n".join(names).encode()).hexdigest(),
        students=tuple(filter(shard.holds, names)),
    )


def begin(book: Gradebook) -> None:
    """Take the end of an earlier run back: until this one ends, the shard is not whole."""
    with writing(book.folder / SHARD, advice=""):
        book.ours.remove(SHARD)


def end(book: Gradebook, record: ShardRecord) -> None:
    """Say that the shard is graded, once everything else is on the disk."""
    with writing(book.folder / SHARD, advice=""):
        book.ours.write(SHARD, msgspec.json.encode(record) + b"\n", sync=True)
