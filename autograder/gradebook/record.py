"""``grade.json``, both ways: its records, from which the schema is made, and what each of them is in a `Grade`."""

import functools
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType

from autograder.model import Assignment
from autograder.results import Difference, Finding, Grade, Score, Verdict, WrittenQuestion, is_relaid, plain_shape
from autograder.words import GradeStatus, Isolation, Refusal, Status, number

SCHEMA: Final = "grade-1"
LARGE = "large"  #: The reason why an answer to a public case has no numbers: they are too many.
REFUSALS = get_args(Refusal)

Earned = Annotated[float, Meta(ge=0)]
Possible = Annotated[float, Meta(gt=0)]
_HIDDEN_CASES = {
    "if": {"properties": {"hidden": {"const": True}}},
    "then": {"maxProperties": 4},
    "else": {"required": ["inputs", "actual", "truth"]},
    "dependentSchemas": {"reason": {"properties": {"actual": {"type": "null"}}}},
}
_FAULTS = {
    "if": {"properties": {"status": {"const": "grader_fault"}}},
    "then": {"properties": {"earned": {"type": "null"}, "scores": {"maxItems": 0}}},
    "else": {"properties": {"earned": {"type": "number"}, "scores": {"minItems": 1}}},
}
_REASONS = {"anyOf": [{"enum": [*REFUSALS, LARGE]}, {"pattern": "^[A-Z][A-Za-z]+$"}]}


class Damage(ValueError):  # noqa: N818 - never leaves this room: it becomes a line for a person
    """A grade.json that none of ours would be; says why in a few words, never with its contents."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file holds, and nothing else."""


def _possible(earned: float, possible: float) -> None:
    if earned > possible:
        raise Damage("holds points that cannot be")


class ApproxRecord(_Record, frozen=True, kw_only=True):
    """How far an approximate answer is off, relative to the size of its terms."""

    error: Annotated[float, Meta(ge=0, description="the largest")]
    bound: Annotated[float, Meta(ge=0, description="of a right answer")]
    single: Annotated[bool, Meta(description="whether it came in float32")] = False


class VerdictRecord(_Record, frozen=True, kw_only=True):
    """The judgment on one case; with its numbers only where the case is public."""

    case: str
    family: str
    hidden: bool
    status: Status
    inputs: dict[str, Any] | UnsetType = UNSET
    truth: Any = UNSET
    actual: Any = UNSET
    reason: (
        Annotated[
            str,
            Meta(
                description="why actual is null, where the status does not say: why it is no answer, or the "
                "exception's name",
                extra_json_schema=_REASONS,
            ),
        ]
        | UnsetType
    ) = UNSET
    left: Annotated[dict[str, Any], Meta(description="inputs that the call changed, after it")] | UnsetType = UNSET
    as_if: (
        Annotated[dict[str, float], Meta(description="the one input for which this number explains the answer")]
        | UnsetType
    ) = UNSET
    approx: ApproxRecord | UnsetType = UNSET

    def __post_init__(self) -> None:
        if any((value is UNSET) != self.hidden for value in (self.inputs, self.truth, self.actual)):
            raise Damage("is not a grade of ours")


class ScoreRecord(_Record, frozen=True, kw_only=True):
    """Points on one criterion."""

    question: str
    part: Annotated[str, Meta(description="the function's name")]
    criterion: str
    earned: Earned
    possible: Possible
    status: Status
    misconception: str | None
    feedback: str
    possibly: (
        Annotated[
            tuple[str, ...],
            Meta(description="two mistakes that together may explain the answers; the student does not read them"),
        ]
        | UnsetType
    ) = UNSET
    verdicts: tuple[Annotated[VerdictRecord, Meta(extra_json_schema=_HIDDEN_CASES)], ...]

    def __post_init__(self) -> None:
        _possible(self.earned, self.possible)


class WrittenRecord(_Record, frozen=True, kw_only=True):
    """What was found in a written part about one question."""

    question: Annotated[str, Meta(description="empty for what belongs to no question")]
    earned: Earned
    possible: Annotated[float, Meta(ge=0)]
    findings: tuple[Finding, ...]
    open: (
        Annotated[float, Meta(gt=0, description="points that a person has to decide about, beside those earned")]
        | UnsetType
    ) = UNSET

    def __post_init__(self) -> None:
        _possible(self.earned, self.possible)


class GradeRecord(_Record, frozen=True, kw_only=True):
    """One student's grade, as the instructor keeps it."""

    schema: Literal["grade-1"] = SCHEMA
    assignment: str
    student: Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Za-z0-9._@%-]+$"})]
    submission_sha256: Annotated[str, Meta(extra_json_schema={"pattern": "^([0-9a-f]{64})?$"})]
    cases_id: Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9a-f]{16,64}$"})]
    status: GradeStatus
    earned: Annotated[Earned | None, Meta(description="null after a grader fault: nobody knows")]
    possible: Possible
    isolation: Isolation
    notes: tuple[str, ...]
    scores: tuple[ScoreRecord, ...]
    written: Annotated[
        tuple[WrittenRecord, ...],
        Meta(description="what was found in the written part, by question; empty when there is none"),
    ] = ()
    variant: (
        Annotated[int, Meta(ge=1, description="which variant of the homework was graded, where it has some")]
        | UnsetType
    ) = UNSET
    copied: (
        Annotated[
            tuple[str, ...],
            Meta(description="signs that it was made for another variant; the student does not read them"),
        ]
        | UnsetType
    ) = UNSET


class _Head(msgspec.Struct):
    """As much of a file as says what it is, when it is no grade of ours."""

    schema: Any = None
    assignment: Any = None


_decoder = msgspec.json.Decoder(GradeRecord)
_head = msgspec.json.Decoder(_Head)
#: How msgspec begins what it says of a value, and what we say.
_WORDS: Mapping[str, str] = {
    "Expected `float": "holds points that cannot be",
    "Expected `str": "holds something else where text belongs",
    "Invalid enum value": "holds a word that no grade of ours has",
    "holds points": "holds points that cannot be",
}


def schema() -> dict[str, Any]:
    """Make the JSON schema of grade.json."""
    about = Meta(
        title="One student's grade, for the instructor",
        extra_json_schema={
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:hw1-autograder:{SCHEMA}",
            **_FAULTS,
        },
    )
    return msgspec.json.schema(Annotated[GradeRecord, about])


def decode(data: bytes) -> GradeRecord:
    """Read a grade.json, whatever it holds; raises `Damage`."""
    try:
        return _decoder.decode(data)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$")
        words = next((ours for theirs, ours in _WORDS.items() if said.startswith(theirs)), "is not a grade of ours")
        place = place.strip(".`")
        raise Damage(f"{words} ({place})" if place else words) from error
    except (ValueError, RecursionError) as error:
        raise Damage("is not valid JSON") from error


def head(data: bytes) -> tuple[Any, Any]:
    """Read which schema and assignment a damaged grade.json names; None where it names none."""
    try:
        found = _head.decode(data)
    except (ValueError, RecursionError):
        return SCHEMA, None
    return found.schema, found.assignment


@functools.lru_cache(1 << 14)
def hidden(case: str, family: str, status: Status) -> VerdictRecord:
    """A verdict on a hidden case, made once for all who have it."""
    return VerdictRecord(case=case, family=family, hidden=True, status=status)


def _verdict(verdict: Verdict) -> VerdictRecord:
    shown = verdict.shown
    if shown is None:
        return hidden(verdict.case, verdict.family, verdict.status)
    return VerdictRecord(
        case=verdict.case,
        family=verdict.family,
        hidden=verdict.hidden,
        status=verdict.status,
        inputs=shown["inputs"],
        truth=shown["truth"],
        actual=shown["actual"],
        reason=(_reason(verdict) if shown["actual"] is None else "") or UNSET,
        left=shown.get("left", UNSET),
        as_if=shown.get("as_if", UNSET),
        approx=_approx(verdict.difference),
    )


def _approx(departs: Difference | None) -> ApproxRecord | UnsetType:
    if departs is None or departs.kind != "approx":
        return UNSET
    return ApproxRecord(error=departs.error, bound=departs.bound, single=departs.reason == "float32")


def _reason(verdict: Verdict) -> str:
    """Why a public case has no numbers, in one word; nothing where the status says it."""
    if verdict.difference is None:
        return verdict.exception
    return verdict.difference.reason if verdict.difference.kind == "refused" else LARGE


def record_of(grade: Grade) -> GradeRecord:
    """Lay a grade out as the file has it."""
    return GradeRecord(
        assignment=grade.assignment,
        student=grade.student,
        submission_sha256=grade.submission_sha256,
        cases_id=grade.cases_id,
        status=grade.status,
        earned=number(grade.earned),
        possible=number(grade.possible),
        isolation=grade.isolation,
        notes=grade.notes,
        scores=tuple(
            ScoreRecord(
                question=score.question,
                part=score.part,
                criterion=score.criterion,
                earned=number(score.earned),
                possible=number(score.possible),
                status=score.status,
                misconception=score.misconception,
                feedback=score.feedback,
                possibly=score.possibly or UNSET,
                verdicts=tuple(map(_verdict, score.verdicts)),
            )
            for score in grade.scores
        ),
        written=tuple(
            WrittenRecord(
                question=answer.question,
                earned=number(answer.earned),
                possible=number(answer.possible),
                findings=answer.findings,
                open=number(answer.open) or UNSET,
            )
            for answer in grade.written
        ),
        variant=grade.variant or UNSET,
        copied=grade.copied or UNSET,
    )


def fault_of(assignment: Assignment, student: str, cases_id: str, isolation: Isolation, reason: str) -> GradeRecord:
    """Lay out that we failed on a submission, and why."""
    return GradeRecord(
        assignment=assignment.id,
        student=student,
        submission_sha256="",
        cases_id=cases_id,
        status="grader_fault",
        earned=None,
        possible=number(assignment.possible),
        isolation=isolation,
        notes=(reason,),
        scores=(),
    )


def grade_of(record: GradeRecord) -> Grade:
    """Make a grade of what the file holds; after a fault of ours there is no score in it."""
    return Grade(
        assignment=record.assignment,
        student=record.student,
        submission_sha256=record.submission_sha256,
        cases_id=record.cases_id,
        status=record.status,
        isolation=record.isolation,
        notes=record.notes,
        scores=() if record.status == "grader_fault" else tuple(map(_score_of, record.scores)),
        written=tuple(
            WrittenQuestion(
                question=answer.question,
                earned=answer.earned,
                possible=answer.possible,
                findings=answer.findings,
                open=answer.open or 0.0,
            )
            for answer in record.written
        ),
        variant=record.variant or 0,
        copied=record.copied or (),
    )


def _score_of(record: ScoreRecord) -> Score:
    return Score(
        question=record.question,
        part=record.part,
        criterion=record.criterion,
        earned=record.earned,
        possible=record.possible,
        status=record.status,
        misconception=record.misconception,
        feedback=record.feedback,
        verdicts=tuple(map(_verdict_of, record.verdicts)),
        possibly=record.possibly or (),
    )


def _verdict_of(record: VerdictRecord) -> Verdict:
    # Grades made before reasons were kept have none.
    reason = record.reason or ""
    departs: Difference | None = None
    if reason == LARGE or _is_misshapen(record):
        departs = Difference(kind="shape")
    elif reason in REFUSALS:
        departs = Difference(kind="refused", reason=reason)
    elif record.approx:
        single = "float32" if record.approx.single else ""
        departs = Difference(kind="approx", reason=single, error=record.approx.error, bound=record.approx.bound)
    return Verdict(
        case=record.case,
        family=record.family,
        hidden=record.hidden,
        status=record.status,
        difference=departs,
        exception="" if departs else reason,
        shown=None if record.hidden else _shown(record),
    )


def _is_misshapen(record: VerdictRecord) -> bool:
    """Tell a wrong shape, which the file has no word for, by the numbers that are shown."""
    if record.status != "wrong" or record.hidden or record.actual is None:
        return False
    actual, truth = plain_shape(record.actual), plain_shape(record.truth)
    return actual != truth and not is_relaid(actual, truth)


def _shown(record: VerdictRecord) -> dict[str, Any]:
    named = {name: getattr(record, name) for name in ("inputs", "truth", "actual", "left", "as_if")}
    return {name: value for name, value in named.items() if value is not UNSET}
