"""Shards' folders into one, the same bytes as of one run over the whole class."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.errors import InputError
from autograder.gradebook.files import FEEDBACK, GRADE, read_in
from autograder.gradebook.folder import Gradebook
from autograder.gradebook.journal import LOG, LogEntry, lines_of
from autograder.gradebook.record import Damage, decode
from autograder.gradebook.results import Result, read_results, result_of, sha256
from autograder.gradebook.shards import SHARD, Shard, ShardRecord, shard_in
from autograder.model import Assignment
from autograder.paths import OurFolder

_AGAIN = "grade it again with the same command"
_decoder = msgspec.json.Decoder(ShardRecord)


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A shard's folder, and what its record says."""

    path: Path
    shard: Shard
    record: ShardRecord


def read_shards(folders: Sequence[Path], assignment: Assignment) -> tuple[Graded, ...]:
    """Find all shards of one class, in order: every one once, all graded to their ends with the same.

    Each folder is the ``--output`` of ``hw1 grade --shard``, or that of one shard.

    Raises `InputError` if one is missing, there twice or not graded to its end, if they are shares of different
    classes, or were graded with different things.
    """
    found: dict[Shard, Path] = {}
    for shard, path in _found(folders):
        if shard in found:
            raise InputError(f"shard {shard} is there twice, in {found[shard]} and in {path}; give one of them")
        found[shard] = path
    first = min(found)
    others = [shard for shard in found if shard.of != first.of]
    if others:
        raise InputError(
            f"{found[first]} is one of {first.of} shards and {found[others[0]]} one of {others[0].of}; "
            "give shards of the same N only"
        )
    missing = [shard for shard in (Shard(n, first.of) for n in range(1, first.of + 1)) if shard not in found]
    if missing:
        raise InputError(
            f"{len(missing)} of {first.of} shards are missing (first: {missing[0]}); grade them, or give their "
            "folders, too"
        )
    shards = tuple(Graded(path=found[one], shard=one, record=_record(found[one], one)) for one in sorted(found))
    for one in shards:
        _refuse_other(one, shards[0], assignment)
    return shards


def _found(folders: Sequence[Path]) -> Iterator[tuple[Shard, Path]]:
    for folder in folders:
        shard = shard_in(folder.resolve().name)
        if shard:
            yield shard, folder
            continue
        try:
            with OurFolder(folder, named=True) as ours:
                inside = [(shard, folder / name) for name in ours.names() if (shard := shard_in(name))]
        except OSError as error:
            raise InputError(f"shards {folder}: cannot be listed ({error.strerror})") from error
        if not inside:
            raise InputError(f"{folder}: no shard in it; give the --output of hw1 grade --shard")
        yield from inside


def _record(path: Path, shard: Shard) -> ShardRecord:
    try:
        with OurFolder(path, named=True) as ours:
            record = _decoder.decode(read_in(ours, SHARD))
    except FileNotFoundError:
        raise InputError(f"{path}: shard {shard} is not graded to its end; {_AGAIN}") from None
    except OSError as error:
        raise InputError(f"{path / SHARD} cannot be read ({error.strerror}); {_AGAIN}") from error
    except (ValueError, RecursionError):
        raise InputError(f"{path / SHARD} is damaged; {_AGAIN}") from None
    if Shard(record.number, record.of) != shard or not all(map(shard.holds, record.students)):
        raise InputError(f"{path} is not the shard that its name says, {shard}; give it its own name again")
    return record


def _refuse_other(one: Graded, first: Graded, assignment: Assignment) -> None:
    """Refuse a shard that a run over the whole class would have graded otherwise."""
    mine, its = one.record, first.record
    if (mine.assignment, mine.source_sha256) != (assignment.id, assignment.source_sha256):
        raise InputError(
            f"{one.path} was graded with other question files than those of --assignment; give the one that graded it"
        )
    differs = {
        "with other cases (another secret)": mine.cases_id != its.cases_id,
        f"by {_named(mine.versions)} and not by {_named(its.versions)}": mine.versions != its.versions,
        f"with isolation {mine.isolation} and not {its.isolation}": mine.isolation != its.isolation,
        "as a share of another class (not the same students)": mine.class_sha256 != its.class_sha256,
    }
    for what, is_so in differs.items():
        if is_so:
            raise InputError(f"{one.path} was graded {what}, other than {first.path}; grade all with the same")


def _named(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def merge(shards: Sequence[Graded], book: Gradebook, advance: Callable[[str], object]) -> dict[str, str]:
    """Put all shards' grades, feedback and journals into one folder, also where an ended merge left some.

    The folder is locked; `advance` is called with each student. Returns our faults, by student whom a shard could not
    grade.

    Raises `InputError` if a file of a shard is not as its journal says, or grades stand in the folder that are not of
    this class. Raises `OutputError` if a file cannot be written.
    """
    students = {student for one in shards for student in one.record.students}
    _refuse_others(book, students, shards[0].record.cases_id)
    book.forget_journal()
    faults: dict[str, str] = {}
    for one in shards:
        with OurFolder(one.path, named=True) as ours:
            for student, fault in _merge_one(one, ours, book):
                if fault:
                    faults[student] = fault
                advance(student)
            try:
                book.adopt_journal(ours.read(LOG))
            except OSError as error:
                raise InputError(f"{one.path / LOG} cannot be read ({error.strerror}); {_AGAIN}") from error
    book.write_csv()
    return faults


def _refuse_others(book: Gradebook, students: set[str], cases_id: str) -> None:
    before = book.earlier(students)
    others = sorted(student for student, id_ in before.items() if student not in students or id_ != cases_id)
    if others:
        raise InputError(
            f"{book.folder} holds {len(others)} grades that are not of these shards (first: {others[0]}); "
            "choose another --output"
        )


def _merge_one(one: Graded, ours: OurFolder, book: Gradebook) -> Iterator[tuple[str, str]]:
    """Take a shard's students; each with our fault, or nothing."""
    try:
        journal = {entry.student: entry for entry in lines_of(ours) if entry is not None}
    except OSError:
        journal = {}
    lines = read_results(ours)
    for student in one.record.students:
        entry = journal.get(student)
        if entry is None:
            raise InputError(f"{one.path}: {student} is not in the journal of shard {one.shard}; {_AGAIN}")
        try:
            _adopt(ours, book, one.record, entry, lines.get(student))
        except (OSError, Damage):
            raise InputError(
                f"{one.path / student} does not hold what the journal of shard {one.shard} says; {_AGAIN}"
            ) from None
        yield student, entry.reason if entry.status == "grader_fault" else ""


def _adopt(ours: OurFolder, book: Gradebook, record: ShardRecord, entry: LogEntry, line: Result | None) -> None:
    """Check one student's files, and copy them; a fault may have left none, or an older grade."""
    student = entry.student
    fault = entry.status == "grader_fault"
    try:
        with ours.folder(student) as home:
            content = read_in(home, GRADE)
            feedback = read_in(home, FEEDBACK) if not fault or home.has(FEEDBACK) else None
    except OSError:
        if not fault:
            raise
        book.fault(student, record.cases_id, record.isolation, entry.reason)
        return
    digest = sha256(content)
    if not fault and (digest, sha256(feedback or b"")) != (entry.grade_sha256, entry.feedback_sha256):
        raise Damage("is not what was written")
    result = line if line is not None and line.grade_sha256 == digest else result_of(decode(content), digest)
    if result.student != student or result.cases_id != record.cases_id:
        raise Damage("is not what was written")
    book.adopt(result, content, feedback)
