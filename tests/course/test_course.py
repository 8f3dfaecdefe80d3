"""What lies where in a course, and what a release makes of a course's name."""

from __future__ import annotations

import dataclasses

import pytest

from autograder.model import Assignment
from autograder.release import course_id_of


@pytest.mark.parametrize(
    ("course", "due"),
    [
        ("DS-GA 1008 Deep Learning", "ds-ga-1008"),
        ("CS101: Programs, in 2 parts", "cs101"),
        ("Linear Algebra", "linear-algebra"),
    ],
)
def test_a_course_id_is_the_courses_name_up_to_its_number(assignment: Assignment, course: str, due: str) -> None:
    other = dataclasses.replace(assignment, course=course)
    assert course_id_of(other) == due
