"""How often a student is graded on Gradescope: from the times in ``submission_metadata.json``, never from the clock.

Gradescope gives the results of earlier submissions back, perhaps the newest one's alone. So all results carry the times
of the submissions that were graded; where none do, who was graded is found by going through the times once more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from autograder.exports.gradescope import cut, is_fault

GRADED: Final = "graded_at"
_TOLD = "This submission was not graded: "
_BELOW = "Below is your last result."


def refused(metadata: Any, most: int, hours: float) -> dict[str, Any] | None:
    """Find out whether a submission is one too many: then the last results are given again, with a message.

    So many submissions are graded in so many hours before this one; 0: any number. What was refused, or failed through
    a fault of ours, is none of them, and a time that cannot be read counts for nothing. None to grade.
    """
    now, earlier = _read(metadata)
    if most <= 0 or now is None:
        return None
    window = timedelta(hours=hours)
    recent = [time for time in _graded(earlier, most, window) if now - time < window]
    if len(recent) < most:
        return None
    kept = _last(earlier)
    again = sorted(recent)[-most] + window
    if again.second or again.microsecond:
        again = again.replace(second=0, microsecond=0) + timedelta(minutes=1)
    told = (
        f"{_TOLD}at most {most} are graded in {hours:g} hours. The next one can be graded "
        f"from {again:%B} {again.day}, {again:%H:%M} ({again:%Z}) on. {_BELOW}"
    )
    before = str(kept.get("output") or "")
    if before.startswith(_TOLD):
        before = before.partition(_BELOW)[2].strip()
    return _carrying({**kept, "output": cut("\n\n".join(filter(None, (told, before)))), "output_format": "md"}, recent)


def counted(results: dict[str, Any], metadata: Any, most: int, hours: float) -> dict[str, Any]:
    """Add to results of ours what the next submission has to know: when this and others were graded."""
    now, earlier = _read(metadata)
    if most <= 0 or now is None:
        return results
    window = timedelta(hours=hours)
    recent = [time for time in _graded(earlier, most, window) if now - time < window]
    return _carrying(results, recent if is_fault(results) else [*recent, now])


def _carrying(results: dict[str, Any], times: Sequence[datetime]) -> dict[str, Any]:
    extra = results.get("extra_data")
    known = extra if isinstance(extra, Mapping) else {}
    return {**results, "extra_data": {**known, GRADED: [time.isoformat() for time in times]}}


_Earlier = Sequence[tuple[datetime, Mapping[str, Any]]]


def _read(metadata: Any) -> tuple[datetime | None, _Earlier]:
    """Take the time of this submission, and the earlier ones in order."""
    if not isinstance(metadata, Mapping):
        return None, ()
    listed = metadata.get("previous_submissions")
    earlier = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    timed = [(time, one) for one in earlier if (time := _moment(one.get("submission_time")))]
    return _moment(metadata.get("created_at")), sorted(timed, key=lambda pair: pair[0])


def _graded(earlier: _Earlier, most: int, window: timedelta) -> list[datetime]:
    """Find when submissions were graded, as far back as counts for the last of them."""
    times: list[datetime] = []
    for time, one in earlier:
        results = one.get("results")
        extra = results.get("extra_data") if isinstance(results, Mapping) else None
        carried = extra.get(GRADED) if isinstance(extra, Mapping) else None
        if isinstance(carried, list):
            times = [moment for text in carried if (moment := _moment(text))]
        elif _is_sound(one):
            times = [other for other in times if time - other < window]
            times += [time] if len(times) < most else []
    return times


def _last(earlier: _Earlier) -> dict[str, Any]:
    """Take the last results that are no fault of ours, or the score where Gradescope gives no more of them."""
    newest = next((one for _, one in reversed(earlier) if _is_sound(one)), {})
    results = newest.get("results")
    return dict(results) if isinstance(results, Mapping) and results else {"score": _score(newest)}


def _is_sound(one: Mapping[str, Any]) -> bool:
    """Whether it was graded or refused: what has neither points nor results may have failed, to the student's favor."""
    results = one.get("results")
    if one.get("autograder_error") or is_fault(results):
        return False
    return bool(results) or _score(one) > 0


def _score(one: Mapping[str, Any]) -> float:
    score = one.get("score")
    return score if isinstance(score, int | float) else 0


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
