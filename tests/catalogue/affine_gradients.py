"""Gradients of a cost through y = W x + b: right and wrong ways to write them."""

import math

import numpy as np

from tests.catalogue._entries import right, wrong


# ---------------------------------------------------------------- right


@right()
def outer_and_copy(x, dC_dy):
    return np.outer(dC_dy, x), np.array(dC_dy)


@right()
def column_times_row(x, dC_dy):
    dC_dW = dC_dy[:, None] * x[None, :]
    dC_db = dC_dy
    return dC_dW, dC_db


@right()
def double_loop(x, dC_dy):
    m = len(dC_dy)
    n = len(x)
    dC_dW = np.zeros((m, n))
    dC_db = np.zeros(m)
    for i in range(m):
        for j in range(n):
            dC_dW[i, j] = dC_dy[i] * x[j]
        dC_db[i] = dC_dy[i]
    return dC_dW, dC_db


@right()
def einstein(x, dC_dy):
    return np.einsum("i,j->ij", dC_dy, x), np.einsum("i->i", dC_dy)


@right()
def matmul_of_reshaped(x, dC_dy):
    delta = np.asarray(dC_dy).reshape(-1, 1)
    return delta @ np.asarray(x).reshape(1, -1), delta.T


@right()
def nested_lists(x, dC_dy):
    return [[g * v for v in x] for g in dC_dy], [g for g in dC_dy]


@right()
def kronecker(x, dC_dy):
    return np.kron(dC_dy[:, np.newaxis], x), +dC_dy


@right()
def ufunc_outer(x, dC_dy):
    return np.multiply.outer(dC_dy, x), np.multiply(dC_dy, 1)


@right()
def tensor_product(x, dC_dy):
    weights = np.tensordot(dC_dy, x, axes=0)
    bias = np.tensordot(dC_dy, np.eye(dC_dy.size), axes=1)
    return weights, bias


@right()
def chain_rule_in_full(x, dC_dy):
    """Sum over every y_k, as the paper homework does before the zeros drop out."""
    m, n = dC_dy.shape[0], x.shape[0]
    grad_w = np.empty((m, n))
    for i in range(m):
        for j in range(n):
            total = 0.0
            for k in range(m):
                dyk_dwij = x[j] if k == i else 0.0
                total += dC_dy[k] * dyk_dwij
            grad_w[i, j] = total
    grad_b = np.empty(m)
    for i in range(m):
        grad_b[i] = sum(dC_dy[k] * (1.0 if k == i else 0.0) for k in range(m))
    return grad_w, grad_b


@right()
def jacobian_of_vectorised_weights(x, dC_dy):
    m = dC_dy.size
    dy_dvecW = np.kron(np.eye(m), x.reshape(1, x.size))
    return (dC_dy @ dy_dvecW).reshape(m, x.size), dC_dy @ np.identity(m)


@right()
def from_indices(x, dC_dy):
    shape = (dC_dy.shape[0], x.shape[0])
    dC_dW = np.fromfunction(lambda i, j: dC_dy[i] * x[j], shape, dtype=int)
    return dC_dW, np.fromfunction(lambda i: dC_dy[i], shape[:1], dtype=int)


@right()
def vectorised_product(x, dC_dy):
    times = np.vectorize(lambda g, v: float(g) * float(v))
    columns, rows = np.meshgrid(x, dC_dy)
    return times(rows, columns), np.reshape(dC_dy, (len(dC_dy), 1))


@right()
def layer_with_a_backward_method(x, dC_dy):
    class Affine:
        def forward(self, value):
            self.value = value
            return self

        def backward(self, upstream):
            return np.dot(upstream[:, None], self.value[None, :]), upstream.copy()

    return Affine().forward(x).backward(dC_dy)


@right()
def row_by_row_recursion(x, dC_dy):
    if len(dC_dy) == 1:
        return dC_dy[0] * x.reshape(1, -1), dC_dy[:1]
    top_w, top_b = row_by_row_recursion(x, dC_dy[:1])
    rest_w, rest_b = row_by_row_recursion(x, dC_dy[1:])
    return np.concatenate((top_w, rest_w)), np.concatenate((top_b, rest_b))


@right()
def stacked_rows(x, dC_dy):
    from functools import partial

    scaled = partial(np.multiply, x)
    return np.stack([scaled(g) for g in dC_dy], axis=0), tuple(dC_dy)


@right()
def diagonal_times_tiled(x, dC_dy):
    return np.diag(dC_dy) @ np.tile(x, (len(dC_dy), 1)), np.diag(np.diag(dC_dy))


@right()
def transposed_twice(x, dC_dy):
    return np.outer(x, dC_dy).T, np.atleast_2d(dC_dy)


@right()
def flat_product_then_reshape(x, dC_dy):
    import itertools

    flat = [math.prod(pair) for pair in itertools.product(dC_dy.tolist(), x.tolist())]
    return np.array(flat).reshape(len(dC_dy), len(x)), dC_dy.tolist()


@right()
def one_column_at_a_time(x, dC_dy):
    return np.column_stack([dC_dy * value for value in x]), np.asarray(dC_dy, dtype=float)


@right()
def along_an_axis(x, dC_dy):
    column = np.expand_dims(dC_dy.astype(float), 1)
    return np.apply_along_axis(lambda g: g[0] * x, 1, column), column.squeeze(axis=1)


@right()
def broadcast_explicitly(x, dC_dy):
    shape = (dC_dy.shape[0], x.shape[0])
    left = np.broadcast_to(dC_dy[:, None], shape)
    right_side = np.broadcast_to(x, shape)
    return left * right_side, left[:, 0]


# ---------------------------------------------------------------- wrong


@wrong(misconception="transposed", output="dC_dW")
def outer_the_other_way(x, dC_dy):
    return np.outer(x, dC_dy), dC_dy


@wrong(misconception="transposed", output="dC_dW")
def loop_with_indices_swapped(x, dC_dy):
    grad = np.zeros((len(x), len(dC_dy)))
    for row in range(len(x)):
        for col in range(len(dC_dy)):
            grad[row][col] = x[row] * dC_dy[col]
    return grad, np.array([g for g in dC_dy])


@wrong(misconception="transposed", output="dC_dW")
def x_as_the_column(x, dC_dy):
    return x.reshape(-1, 1) @ dC_dy.reshape(1, -1), dC_dy.reshape(1, -1)


@wrong(misconception="no_transpose", output="dC_dW")
def dot_of_the_two(x, dC_dy):
    return sum(a * b for a, b in zip(x, dC_dy)), dC_dy


@wrong(misconception="no_transpose", output="dC_dW")
def vdot_when_it_fits(x, dC_dy):
    k = min(x.size, dC_dy.size)
    return np.vdot(dC_dy[:k], x[:k]), 1.0 * dC_dy


@wrong(misconception="elementwise", output="dC_dW")
def entrywise_product(x, dC_dy):
    return np.array([a * b for a, b in zip(dC_dy, x)]), dC_dy.copy()


@wrong(misconception="elementwise", output="dC_dW")
def hadamard(x, dC_dy):
    try:
        weights = np.multiply(x, dC_dy)
    except ValueError:
        weights = np.zeros((dC_dy.size, x.size))
    return weights, dC_dy


@wrong(misconception="on_a_diagonal", output="dC_dW")
def product_on_the_diagonal(x, dC_dy):
    grad = np.zeros((dC_dy.size, x.size))
    for i in range(min(grad.shape)):
        grad[i, i] = dC_dy[i] * x[i]
    return grad, dC_dy


@wrong(misconception="without_upstream", output="dC_dW")
def local_derivative_of_weights(x, dC_dy):
    return np.tile(x, (len(dC_dy), 1)), dC_dy


@wrong(misconception="without_upstream", output="dC_dW")
def ones_times_x(x, dC_dy):
    return np.ones((dC_dy.size, 1)) @ x[None, :], dC_dy * 1.0


@wrong(misconception="without_x", output="dC_dW")
def upstream_repeated(x, dC_dy):
    return np.repeat(dC_dy[:, None], x.size, axis=1), dC_dy


@wrong(misconception=("negated", "db_negated"))
def descent_direction(x, dC_dy):
    direction = np.multiply(dC_dy, -1)
    return np.outer(direction, x), direction


@wrong(misconception=("negated", "db_negated"))
def loop_with_minus(x, dC_dy):
    weights = [[0.0 - g * v for v in x] for g in dC_dy]
    bias = [0.0 - g for g in dC_dy]
    return weights, bias


@wrong(misconception="db_only_ones", output="dC_db")
def derivative_of_bias_is_one(x, dC_dy):
    dy_db = np.ones(dC_dy.shape)
    return np.einsum("i,j", dC_dy, x), dy_db


@wrong(misconception="db_only_ones", output="dC_db")
def ones_like_list(x, dC_dy):
    return dC_dy[:, None] @ x[None, :], [1.0] * len(dC_dy)


@wrong(misconception="db_summed", output="dC_db")
def bias_summed_like_a_batch(x, dC_dy):
    return np.outer(dC_dy, x), np.sum(dC_dy, axis=0)


@wrong(misconception="db_summed", output="dC_db")
def bias_accumulated(x, dC_dy):
    grad_b = 0.0
    for g in dC_dy:
        grad_b += g
    return np.array([g * x for g in dC_dy]), np.array([grad_b])


@wrong(output="dC_db")
def bias_times_x(x, dC_dy):
    bias = np.zeros(len(dC_dy))
    for i, g in enumerate(dC_dy):
        bias[i] = g * x[i % len(x)]
    return np.outer(dC_dy, x), bias


@wrong(misconception="db_just_x", output="dC_db")
def x_as_bias_gradient(x, dC_dy):
    return np.outer(dC_dy, x), [v for v in x]


@wrong(misconception="db_always_zero", output="dC_db")
def bias_is_a_constant(x, dC_dy):
    return np.multiply.outer(dC_dy, x), np.zeros_like(dC_dy)


@wrong(output="dC_db")
def bias_averaged(x, dC_dy):
    return np.outer(dC_dy, x), dC_dy / dC_dy.size


@wrong(misconception="averaged")
def mean_over_outputs(x, dC_dy):
    m = dC_dy.shape[0]
    return np.outer(dC_dy, x) / m, dC_dy / m


@wrong(misconception="swapped")
def bias_first(x, dC_dy):
    dC_db = dC_dy.copy()
    dC_dW = np.outer(dC_dy, x)
    return dC_db, dC_dW


@wrong()
def forgot_the_bias(x, dC_dy):
    return np.outer(dC_dy, x)


@wrong(misconception="flattened", output="dC_dW")
def flattened_weights(x, dC_dy):
    return np.kron(dC_dy, x), dC_dy


@wrong(misconception=("only_two_by_two", "db_only_two_numbers"))
def two_by_two_by_hand(x, dC_dy):
    dC_dW = np.array([[dC_dy[0] * x[0], dC_dy[0] * x[1]], [dC_dy[1] * x[0], dC_dy[1] * x[1]]])
    dC_db = np.array([dC_dy[0], dC_dy[1]])
    return dC_dW, dC_db


@wrong(misconception=("only_two_by_two", "db_only_two_numbers"))
def buffers_of_two(x, dC_dy):
    weights, bias = np.zeros((2, 2)), np.zeros(2)
    for i in (0, 1):
        bias[i] = dC_dy[i]
        for j in (0, 1):
            weights[i][j] = bias[i] * x[j]
    return weights, bias


@wrong()
def integer_buffers(x, dC_dy):
    dC_dW = np.zeros((len(dC_dy), len(x)), dtype=int)
    dC_db = np.zeros(len(dC_dy), dtype=int)
    for i in range(len(dC_dy)):
        dC_db[i] = dC_dy[i]
        for j in range(len(x)):
            dC_dW[i, j] = dC_dy[i] * x[j]
    return dC_dW, dC_db


@wrong(misconception="dtype_of_x", output="dC_dW")
def buffer_of_the_type_of_x(x, dC_dy):
    dC_dW = np.zeros_like(x, shape=(dC_dy.size, x.size))
    for i, g in enumerate(dC_dy):
        dC_dW[i] = g * x
    return dC_dW, dC_dy


@wrong()
def square_of_the_input_size(x, dC_dy):
    n = len(x)
    grad = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            grad[i, j] = dC_dy[i] * x[j]
    return grad, dC_dy


@wrong(output="dC_dW")
def reshaped_instead_of_transposed(x, dC_dy):
    return np.outer(dC_dy, x).reshape(len(x), len(dC_dy)), dC_dy


@wrong(output="dC_dW")
def last_column_forgotten(x, dC_dy):
    weights = np.zeros((len(dC_dy), len(x)))
    for i in range(len(dC_dy)):
        for j in range(len(x) - 1):
            weights[i, j] = dC_dy[i] * x[j]
    return weights, dC_dy


@wrong(misconception="zeroed_afterwards")
def input_overwritten(x, dC_dy):
    x *= dC_dy[0]
    return np.vstack([x * (g / dC_dy[0]) for g in dC_dy]), dC_dy


@wrong(misconception="zeroed_afterwards")
def upstream_lowered_in_place(x, dC_dy):
    weights, bias = np.outer(dC_dy, x), dC_dy.tolist()
    for i in range(len(bias)):
        dC_dy[i] = bias[i] - 1
    return weights, bias


@wrong()
def result_printed_not_returned(x, dC_dy):
    dC_dW = np.outer(dC_dy, x)
    print(dC_dW, dC_dy)


@wrong()
def returned_as_a_dict(x, dC_dy):
    return {"dC_dW": np.outer(dC_dy, x), "dC_db": dC_dy}


@wrong()
def matrix_type(x, dC_dy):
    return np.matrix(dC_dy).T * np.matrix(x), np.matrix(dC_dy)


@wrong()
def complex_type(x, dC_dy):
    return np.outer(dC_dy, x) + 0j, dC_dy + 0j


@wrong()
def text_of_the_answer(x, dC_dy):
    return str(np.outer(dC_dy, x).tolist()), str(dC_dy.tolist())


@wrong()
def third_gradient_added(x, dC_dy):
    return np.outer(dC_dy, x), dC_dy, dC_dy.sum() * np.ones(x.shape)


@wrong()
def first_answer_kept(x, dC_dy):
    if not hasattr(first_answer_kept, "memory"):
        first_answer_kept.memory = np.outer(dC_dy, x), dC_dy.copy()
    return first_answer_kept.memory


@wrong(output="dC_dW")
def gradients_accumulated(x, dC_dy):
    memory = gradients_accumulated.__dict__
    key = (len(dC_dy), len(x))
    memory[key] = memory.get(key, 0.0) + np.outer(dC_dy, x)
    return memory[key], dC_dy


@wrong()
def unit_upstream(x, dC_dy):
    direction = dC_dy / np.linalg.norm(dC_dy)
    return np.outer(direction, x), direction


@wrong(misconception="made_square")
def weights_thought_square(x, dC_dy):
    weights = np.zeros((x.size, x.size))
    for (i, g), (j, v) in ((a, b) for a in enumerate(dC_dy) for b in enumerate(x)):
        weights[i, j] = g * v
    return weights, dC_dy


@wrong(misconception="dtype_of_dC_dy", output="dC_dW")
def buffer_of_the_type_of_the_upstream(x, dC_dy):
    columns = np.empty_like(dC_dy, shape=(len(x), len(dC_dy)))
    for j in range(len(x)):
        columns[j] = x[j] * dC_dy
    return columns.T, dC_dy


@wrong(misconception="db_times_x", output="dC_db")
def bias_through_the_whole_input(x, dC_dy):
    total = 0.0
    for v in x:
        total = total + v
    return dC_dy[:, None] * x, total * dC_dy


@wrong(misconception="db_averaged", output="dC_db")
def one_bias_for_all(x, dC_dy):
    return np.outer(dC_dy, x), [sum(dC_dy) / len(dC_dy) for _ in dC_dy]


@wrong(misconception="db_as_a_matrix", output="dC_db")
def jacobian_never_contracted(x, dC_dy):
    return np.outer(dC_dy, x), np.eye(len(dC_dy)) * dC_dy[:, None]


@wrong(misconception="x_twice", output="dC_dW")
def input_squared(x, dC_dy):
    column = x[:, np.newaxis]
    return column * column.T, dC_dy


@wrong(misconception="upstream_twice", output="dC_dW")
def upstream_with_itself(x, dC_dy):
    return [[a * b for b in dC_dy] for a in dC_dy], dC_dy


@wrong(misconception="summed_rows", output="dC_dW")
def added_up_over_outputs(x, dC_dy):
    weights = np.zeros(len(x))
    for g in dC_dy:
        weights = weights + g * x
    return weights, dC_dy


@wrong(misconception="rounded", output="dC_dW")
def printed_digits_only(x, dC_dy):
    return [[float(f"{g * v:.3f}") for v in x] for g in dC_dy], dC_dy


@wrong(misconception="averaged", output="dC_dW")
def batch_average_of_weights(x, dC_dy):
    return np.einsum("i,j->ij", dC_dy, x / dC_dy.shape[0]), dC_dy


@wrong(output="dC_dW")
def distance_to_nan(x, dC_dy):
    weights = np.full((len(dC_dy), len(x)), np.nan)
    np.fill_diagonal(weights, dC_dy[0] * x[0])
    return weights, dC_dy


@wrong(misconception="lost sign: x", output="dC_dW")
def absolute_input(x, dC_dy):
    sizes = np.where(x < 0, 0 - x, x)
    return dC_dy.reshape(-1, 1) * sizes, dC_dy


@wrong(output="dC_dW")
def extra_axis(x, dC_dy):
    return np.outer(dC_dy, x)[np.newaxis], dC_dy


@wrong()
def name_that_does_not_exist(x, dC_dy):
    return numpy.outer(dC_dy, x), dC_dy


@wrong(misconception="single_precision", half=("q1a.dC_dW", "q1a.dC_dW.general", "q1a.dC_db", "q1a.dC_db.general"))
def single_precision(x, dC_dy):
    g = dC_dy.astype(np.float32)
    return np.outer(g, x.astype(np.float32)), g


@wrong()
def rounded_to_four_places(x, dC_dy):
    return np.round(np.outer(dC_dy, x), 4), np.round(dC_dy, 4)


@wrong(misconception="doubled", output="dC_dW")
def squared_cost_assumed(x, dC_dy):
    weights = np.outer(dC_dy, x)
    return weights + weights, dC_dy


@wrong(output="dC_dW", half=("q1a.dC_dW", "q1a.dC_dW.general"))
def central_differences(x, dC_dy):
    m, n, h = len(dC_dy), len(x), 1e-4
    weights = np.ones((m, n))
    cost = lambda w: float(np.dot(dC_dy, np.dot(w, x) + 0.5))
    grad = np.empty((m, n))
    for i in range(m):
        for j in range(n):
            step = np.zeros((m, n))
            step[i, j] = h
            grad[i, j] = (cost(weights + step) - cost(weights - step)) / (2 * h)
    return grad, dC_dy
