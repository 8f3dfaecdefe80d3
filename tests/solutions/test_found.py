"""A mistake's name depends neither on the secret nor on the order in which a student adds."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from autograder import truth
from autograder.model import Assignment
from tests.catalogue._pipeline import secret
from tests.naming.scoring import scored

CANCELED = b"fbf962e2c1e657a60b4ece7ec81a8c8a7802b44ceefd3deab5678117368cf1ba"
"""Under this secret 1 - y_i is nothing but what rounding leaves, in one case."""


def test_what_rounding_leaves_of_a_sum_decides_no_name(assignment: Assignment) -> None:
    found = []

    def jacobian(x, beta, add):
        most = max(beta * one for one in x)
        powers = [math.exp(beta * one - most) for one in x]
        y = np.array([one / add(powers) for one in powers])
        return np.broadcast_to((beta * y * (1 - y))[:, None], (len(x), len(x))).copy()

    for key in (secret(3), CANCELED):
        cases = truth.compute(assignment, key)
        for add in (sum, math.fsum, np.sum):
            scores = scored(assignment, cases, "softmax_jacobian", partial(jacobian, add=add))
            found.append([score.misconception for score in scores])
    assert found == found[:1] * 6
    assert any(found[0])
