"""Canvas, over its API: grades in one request, and each feedback PDF as a comment, by `canvasapi`."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from autograder.errors import InputError, OutputError
from autograder.exports.records import Points, all_keys, match, refuse_above, two_decimals

if TYPE_CHECKING:
    from canvasapi.assignment import Assignment

_HERE = ("localhost", "127.0.0.1", "::1")
_SECONDS_BETWEEN = 1.0
_LONGEST_WAIT = 600  #: Times that Canvas is asked whether it is done.

_DONE, _FAILED = "completed", "failed"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What would be sent to Canvas."""

    grades: dict[int, float]  #: Points by Canvas's number of the user.
    students: dict[int, str]  #: Student ids by the same number.
    unmatched: tuple[str, ...]
    without: tuple[str, ...]  #: Users of the course without a grade.
    known: frozenset[str]  #: Whatever names a user of the course, as `sheet.key` spells it.


class Canvas:
    """One assignment of a course in Canvas.

    Raises `InputError` if `canvasapi`, which the extra ``[canvas]`` brings, is not there, or Canvas knows no such
    course, assignment or token. Raises `OutputError` if Canvas cannot be reached.
    """

    def __init__(self, url: str, token: str, course: int, assignment: int) -> None:
        try:
            import canvasapi
        except ImportError:
            raise InputError(
                "canvas-api needs canvasapi: pip install 'hw1-autograder[canvas]', or export canvas"
            ) from None
        address = urlsplit(url)
        if address.scheme != "https" and address.hostname not in _HERE:
            raise InputError(f"{url!a}: a token travels by https only; give the address as a browser shows it")
        with _told(url):
            self._url = url
            self._course: Any = canvasapi.Canvas(url, token).get_course(course)
            self._assignment: Assignment = self._course.get_assignment(assignment)

    def prepare(self, points: Sequence[Points]) -> Sending:
        """Find each student among the course's, by number, SIS id or login.

        Raises `InputError` if one matches two, or two match one, or a grade is above the assignment's points.
        """
        with _told(self._url):
            users = list(self._course.get_users(enrollment_type=["student"]))
        keys = [[str(user.id), *(str(getattr(user, key, None) or "") for key in _KEYS)] for user in users]
        found = match(points, keys, self._url)
        most = getattr(self._assignment, "points_possible", None) or None
        for one in found.values():
            refuse_above(one, most, self._url, "Canvas")
        graded = {number: one for number, one in found.items() if one.earned is not None}
        return Sending(
            grades={users[number].id: one.earned or 0.0 for number, one in sorted(graded.items())},
            students={users[number].id: one.student for number, one in sorted(graded.items())},
            unmatched=tuple(one.name for one in points if one not in found.values()),
            without=tuple(str(users[number].name) for number in range(len(users)) if number not in graded),
            known=all_keys(keys),
        )

    def send(self, sending: Sending, wait: Callable[[float], None] = time.sleep) -> None:
        """Send all grades in one request, and wait until Canvas has taken them.

        Raises `OutputError` if Canvas cannot be reached, or does not take them.
        """
        with _told(self._url):
            data = {user: {"posted_grade": two_decimals(grade)} for user, grade in sending.grades.items()}
            progress: Any = self._assignment.submissions_bulk_update(grade_data=data)
            for _ in range(_LONGEST_WAIT):
                if progress.workflow_state in (_DONE, _FAILED):
                    break
                wait(_SECONDS_BETWEEN)
                progress = progress.query()
        if progress.workflow_state != _DONE:
            raise OutputError(
                f"{self._url}: Canvas did not accept the grades ({progress.workflow_state}); send them again"
            )

    def attach(self, sending: Sending, pdfs: Mapping[str, Path]) -> Iterator[str]:
        """Attach each student's PDF, if there is one, as a comment, one after the other; gives the student.

        Raises `OutputError` if Canvas cannot be reached, or does not take one.
        """
        for user, student in sending.students.items():
            if path := pdfs.get(student):
                with _told(self._url):
                    submission: Any = self._assignment.get_submission(user)
                    taken, _ = submission.upload_comment(str(path))
                if not taken:
                    raise OutputError(f"{self._url}: Canvas did not take {path}; send again from there")
            yield student


_KEYS = ("sis_user_id", "login_id", "email")


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn whatever the client raises into one line, in which no token stands."""
    import requests
    from canvasapi import exceptions

    try:
        yield
    except (exceptions.InvalidAccessToken, exceptions.Unauthorized, exceptions.Forbidden):
        raise InputError(f"{url}: Canvas refuses the token; make one in Account, Settings, New Access Token") from None
    except exceptions.ResourceDoesNotExist:
        raise InputError(f"{url}: Canvas has no such course or assignment; look at the address of its page") from None
    except exceptions.CanvasException as error:
        raise OutputError(f"{url}: Canvas does not accept it ({type(error).__name__})") from None
    except (requests.RequestException, ValueError) as error:
        raise OutputError(f"{url}: Canvas cannot be reached ({type(error).__name__})") from None
