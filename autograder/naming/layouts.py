"""What is done to right numbers after the formula, whatever that is: they lie otherwise, or only some of them."""

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.model import Array
from autograder.naming.values import Stack


def layouts(right: Array, stack: Stack) -> Iterator[tuple[str, Array | None]]:
    """Change a stack's right answers in every way: a kind, and the answers; None where it cannot be.

    The first axis is that of the cases. It yields as many, in the same order, for every stack of a part.
    """
    cases, rank = len(right), right.ndim - 1
    flat = right.reshape(cases, -1)
    yield "zero answer", np.zeros_like(right)
    yield "opposite sign", -right
    for factor in (2.0, 0.5):
        yield "wrong number", factor * right
    for name in sorted(stack.inputs):
        for size in stack.inputs[name].shape[1:]:
            yield "averaged or not", right / max(size, 1)
            yield "averaged or not", right * size
    yield "wrong layout", flat[:, ::-1].reshape(right.shape)
    yield "wrong layout", np.sort(flat, axis=1).reshape(right.shape)
    yield "wrong layout", flat
    yield "whole numbers", np.trunc(right)
    yield "whole numbers", np.round(right)
    for name in sorted(stack.inputs):
        whole = stack.whole[name].reshape((-1,) + (1,) * rank)
        yield "whole numbers", np.where(whole, np.trunc(right), right)
    yield "wrong extent", flat.sum(axis=1)
    yield "wrong sum", np.broadcast_to(flat.sum(axis=1, keepdims=True), flat.shape).reshape(right.shape)
    yield "wrong extent", flat.mean(axis=1)
    yield "averaged or not", np.broadcast_to(flat.mean(axis=1, keepdims=True), flat.shape).reshape(right.shape)
    yield "wrong extent", flat[:, 0]
    yield "wrong extent", flat[:, -1]
    for axis in range(1, rank + 1):
        yield "wrong sum", np.cumsum(right, axis=axis)
        yield "wrong layout", np.flip(right, axis=axis)
    if rank == 1:
        yield "wrong layout", np.stack([np.diag(one) for one in right])
        yield from _of_vectors(right, stack)
    if rank == 2:
        yield from _of_matrices(right, flat)


def _of_vectors(right: Array, stack: Stack) -> Iterator[tuple[str, Array | None]]:
    own = right.shape[1]
    for step in (1, -1):
        rolled = np.roll(right, step, axis=1)
        yield "shifted by one", rolled
        yield "shifted by one", np.where(np.arange(own) == (0 if step > 0 else own - 1), 0.0, rolled)
    single = [size for name in sorted(stack.inputs) for size in stack.inputs[name].shape[1:]]
    pairs = [sorted(pair) for pair in itertools.combinations(single, 2)]
    # As far as the longer of two reaches, or as far as it holds the shorter whole.
    for size in (*single, *(long for _, long in pairs), *(long - short + 1 for short, long in pairs)):
        for start in (0, own - size, (own - size) // 2, (own - size + 1) // 2):
            yield "wrong extent", right[:, start : start + size] if size <= own else None


def _of_matrices(right: Array, flat: Array) -> Iterator[tuple[str, Array | None]]:
    cases, rows, columns = right.shape
    turned = right.transpose(0, 2, 1)
    yield "transposed answer", turned
    yield "wrong layout", turned.reshape(cases, -1)
    yield "wrong layout", flat.reshape(cases, columns, rows)
    yield "wrong layout", turned.reshape(cases, rows, columns)
    for axis in (1, 2):
        yield "wrong extent", right.sum(axis=axis)
        yield "wrong extent", right.mean(axis=axis)
        yield "wrong extent", right.take(0, axis=axis)
    yield "wrong extent", np.stack([np.diag(one) for one in right])
    yield "wrong layout", np.stack([np.diag(np.diag(one)) for one in right]) if rows == columns else None
    yield "zero where different", right * np.eye(rows, columns)
    yield "zero where equal", right * (1 - np.eye(rows, columns))
    yield "wrong extent", np.triu(right)
    yield "wrong extent", np.tril(right)
