"""How often a student is graded on Gradescope: from the times in ``submission_metadata.json``, never from the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any


def refused(metadata: Any, most: int, hours: float) -> dict[str, Any] | None:
    """Find out whether a submission is one too many: then the newest results are given again, with a message.

    Parameters
    ----------
    metadata : object
        What the file holds. A time that cannot be read counts for nothing.
    most, hours : int, float
        So many submissions are graded in so many hours before this one; 0: any number.

    Returns
    -------
    dict or None
        The results to give; None to grade.
    """
    if most <= 0 or not isinstance(metadata, Mapping):
        return None
    now = _moment(metadata.get("created_at"))
    earlier = metadata.get("previous_submissions")
    if now is None or not isinstance(earlier, list):
        return None
    counted = [one for one in earlier if isinstance(one, Mapping) and not one.get("autograder_error")]
    times = [(time, one) for one in counted if (time := _moment(one.get("submission_time")))]
    recent = [time for time, _ in times if now - time < timedelta(hours=hours)]
    if len(recent) < most:
        return None
    newest = max(times, key=lambda pair: pair[0])[1]
    again = sorted(recent)[-most] + timedelta(hours=hours)
    results = newest.get("results")
    kept: dict[str, Any] = dict(results) if isinstance(results, Mapping) else {"score": newest.get("score") or 0}
    told = (
        f"This submission was not graded: at most {most} are graded in {hours:g} hours. The next one can be graded "
        f"from {again:%B} {again.day}, {again:%H:%M} ({again:%Z}) on. Below is your last result."
    )
    return {**kept, "output": "\n\n".join(filter(None, (told, str(kept.get("output") or "")))), "output_format": "md"}


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
