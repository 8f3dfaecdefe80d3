"""The comparison accepts what it should, and fails when it should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.grading.compare import APPROX, EPS, TINY, TOLERANCE, difference, fit

finite = st.floats(-1e100, 1e100)
vectors = hnp.arrays(np.float64, st.integers(1, 6), elements=finite)
matrices = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=5), elements=finite)
arrays = st.one_of(vectors, matrices)


def kind(actual, truth, magnitude=None, mask=None):
    found = difference(actual, truth, np.abs(truth) if magnitude is None else magnitude, mask)
    return None if found is None else found.kind


@given(arrays)
def test_the_truth_itself_has_no_difference(truth):
    assert kind(truth.copy(), truth) is None


@given(arrays, st.data())
def test_one_element_beyond_the_bound_is_found_and_named(truth, data):
    magnitude = np.abs(truth) + 1.0
    index = tuple(data.draw(st.integers(0, n - 1)) for n in truth.shape)
    actual = truth.copy()
    actual[index] += 1e-3 * magnitude.max()
    found = difference(actual, truth, magnitude)
    assert found is not None
    assert (found.kind, found.index) == ("value", index)


@given(arrays, st.data())
def test_between_the_bounds_is_approximate(truth, data):
    magnitude = np.abs(truth) + 1.0
    index = tuple(data.draw(st.integers(0, n - 1)) for n in truth.shape)
    actual = truth.copy()
    actual[index] += APPROX / 2 * magnitude.max()
    assert kind(actual, truth, magnitude) == "approx"


@pytest.mark.parametrize(("factor", "verdict"), [(0.5, None), (0.99, None), (1.5, "approx"), (1e12, "value")])
def test_the_bound_is_where_it_is_said_to_be(factor, verdict):
    magnitude = np.array([2.0, 4.0])
    error = factor * (TOLERANCE * EPS * magnitude + 4 * TINY)
    truth = np.zeros(2)
    assert kind(truth + error, truth, magnitude) == verdict


@pytest.mark.parametrize("error", [0.0, TINY, 3 * TINY])
def test_a_truth_that_underflows_has_a_floor(error):
    assert kind(np.array([error]), np.array([0.0]), np.array([0.0])) is None


@given(vectors)
def test_vectors_may_come_as_rows_and_columns(truth):
    for shape in [(truth.size, 1), (1, truth.size)]:
        assert kind(truth.reshape(shape), truth) is None


@given(matrices)
def test_matrices_have_their_exact_shape(truth):
    for actual in (truth[None], truth.ravel()[None, None], truth.sum(0), np.float64(truth[0, 0])):
        if np.shape(actual) != truth.shape:
            assert kind(np.asarray(actual), truth) == "shape"
    if truth.shape[0] != truth.shape[1]:
        assert kind(truth.T.copy(), truth) == "shape"


def test_a_bare_number_is_a_vector_of_one_only():
    assert kind(np.array(3.0), np.array([3.0])) is None
    assert kind(np.array(3.0), np.array([3.0, 3.0])) == "shape"
    assert kind(np.array(3.0), np.array([[3.0]])) == "shape"
    assert kind(np.array([3.0, 3.0]), np.array([3.0])) == "shape", "broadcasting would hide this"
    assert kind(np.zeros((0,)), np.array([3.0])) == "shape"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_never_right(bad):
    truth = np.array([1.0, 2.0])
    assert kind(np.array([bad, 2.0]), truth) == "not_finite"
    assert kind(np.array([bad, 2.0]), truth, np.array([np.finfo(float).max] * 2)) == "not_finite"


def test_an_overflowing_error_is_a_difference_of_value():
    huge = np.finfo(np.float64).max
    assert kind(np.array([huge]), np.array([-huge]), np.array([1.0])) == "value"


@given(vectors)
def test_integers_count_by_value(truth):
    whole = np.trunc(truth.clip(-1e9, 1e9))
    assert kind(whole.astype(np.int64), whole) is None
    assert kind(whole.astype(np.int64) + 1, whole) is not None


def test_unsigned_differences_do_not_wrap():
    assert kind(np.array([0], dtype=np.uint64), np.array([1.0])) == "value"
    assert kind(np.array([1], dtype=np.uint64), np.array([1.0])) is None


@given(hnp.arrays(np.float64, st.integers(1, 6), elements=st.floats(-1e6, 1e6)))
def test_float32_is_approximate_at_best(truth):
    magnitude = np.abs(truth) + 1.0
    assert kind(truth.astype(np.float32), truth, magnitude) == "approx"
    assert kind((truth + 0.01 * magnitude.max()).astype(np.float32), truth, magnitude) == "value"
    exact = np.array([0.5, 2.0])
    assert kind(exact.astype(np.float32), exact) == "approx", "no evidence of double precision"


@pytest.mark.parametrize("refusal", ["none", "complex", "object", "arity"])
def test_a_refusal_is_a_difference_everywhere(refusal):
    truth = np.eye(2)
    found = difference(refusal, truth, truth, np.zeros((2, 2), dtype=bool))
    assert found is not None
    assert (found.kind, found.reason) == ("refused", refusal)


@given(hnp.arrays(np.float64, (3, 3), elements=st.floats(-1e6, 1e6)))
def test_a_region_sees_itself_only(truth):
    diagonal = np.eye(3, dtype=bool)
    magnitude = np.abs(truth) + 1.0
    actual = truth + np.where(diagonal, 1.0, 0.0) * magnitude.max()
    assert kind(actual, truth, magnitude, ~diagonal) is None
    assert kind(actual, truth, magnitude, diagonal) == "value"
    actual[0, 1] = np.nan
    assert kind(actual, truth, magnitude, ~diagonal) == "not_finite"
    assert kind(actual, truth, magnitude, diagonal) == "value"


def test_an_empty_region_has_no_difference():
    truth = np.array([[1.0]])
    nowhere = np.zeros((1, 1), dtype=bool)
    assert kind(np.array([[5.0]]), truth, mask=nowhere) is None
    assert kind(np.array([[5.0]], dtype=np.float32), truth, mask=nowhere) is None


def test_fit_never_copies_into_another_shape():
    assert fit(np.zeros((2, 2)), (4,)) is None
    assert fit(np.zeros((1, 1)), (1,)) is not None
    assert fit(np.zeros((1, 1, 1)), (1,)) is None


def test_a_saturated_diagonal_keeps_the_right_formula():
    """1 - y_i cancels there: a tolerance relative to the truth would reject one of two right formulas."""
    y = np.array([1.0, 1e-17])
    y /= y.sum()
    canceling, sums = y[0] * (1 - y[0]), y[0] * y[1]
    magnitude = np.array([y[0] + y[0] ** 2])
    assert abs(canceling - sums) > 0.5 * sums
    assert kind(np.array([sums]), np.array([canceling]), magnitude) is None
