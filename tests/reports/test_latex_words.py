"""Headings in plain words, and numbers that say enough: what the documents write without TeX."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reports.plain import plain
from reports.worked import _agreement, numbers

NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(?: \\cdot 10\^\{(-?\d+)\})?")


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        (r"The gradient with respect to $\mathbf{W}$, for $m \times n$", "The gradient with respect to W, for m × n"),
        (r"The rest, for $i \neq j$", "The rest, for i ≠ j"),
        (r"$\frac{\partial y_k}{\partial w_{ij}}$ and *no* `code`", "∂y_k/∂w_ij and no code"),
        (r"$\frac{\partial C}{\partial \mathbf{W}}$", "∂C/∂W"),
        ("", ""),
    ],
)
def test_headings_have_plain_words(markdown, words):
    assert plain(markdown) == words


@given(
    arrays(
        float,
        st.sampled_from([(), (1,), (3,), (2, 2), (1, 4)]),
        elements=st.one_of(st.just(0.0), st.floats(-1e12, 1e12).filter(lambda x: abs(x) > 1e-12)),
    )
)
def test_numbers_show_three_digits_of_each_element(array):
    text = numbers(array)
    common, matrix = 0, text
    head = re.match(r"10\^\{(-?\d+)\} \\cdot ", text)
    if head:
        common, matrix = int(head[1]), text[head.end() :]
    matrix = matrix.replace(r"\left(\begin{array}", "").partition("@{}} ")[2] if array.ndim else matrix
    shown = [float(digits) * 10.0 ** (int(power or 0) + common) for digits, power in NUMBER.findall(matrix)]
    assert np.allclose(shown, array.ravel(), rtol=5.1e-3, atol=0)


def test_the_elements_of_a_matrix_stand_in_line():
    text = numbers([[-0.5, 0.25], [12.5, 0.0012]])
    decimals = {len(number.partition(".")[2]) for number in re.findall(r"-?\d+\.\d+", text)}
    assert decimals == {5}
    assert "{@{}rr@{}}" in text


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        ([0.0], "The one number is the same to the last bit."),
        ([2e-17], r"The one number differs by $2.0 \cdot 10^{-17}$."),
        ([0.0, 0.0], "All 2 numbers are the same to the last bit."),
        ([0.0, 2e-17], "Of these 2 numbers, 1 is the same to the last bit, and none"),
        ([2e-17, 1e-17], "Of these 2 numbers, none is the same to the last bit, and none differs by more than"),
    ],
)
def test_how_far_numbers_are_apart_is_said_in_english(apart, said):
    assert _agreement(apart).startswith(said)
