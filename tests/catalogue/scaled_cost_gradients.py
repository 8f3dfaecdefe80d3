"""Gradients when the cost is scaled, C2 = scale * C: right and wrong ways to write them."""

import math

import numpy as np

from tests.catalogue._entries import right, wrong


# ---------------------------------------------------------------- right


@right()
def scaled_outer(x, dC_dy, scale=3.0):
    dC_dW = np.outer(dC_dy, x)
    dC_db = np.array(dC_dy)
    return scale * dC_dW, scale * dC_db


@right()
def upstream_scaled_first(x, dC_dy, scale=3.0):
    dC2_dy = scale * dC_dy
    return np.outer(dC2_dy, x), dC2_dy


@right()
def input_scaled_instead(x, dC_dy, scale=3):
    weights = dC_dy.reshape(-1, 1) @ (scale * x).reshape(1, -1)
    bias = (scale * dC_dy).reshape(-1, 1)
    return weights, bias


@right()
def entry_by_entry(x, dC_dy, scale=3.0):
    rows, columns = dC_dy.shape[0], x.shape[0]
    dC2_dW = np.zeros((rows, columns))
    dC2_db = np.zeros(rows)
    for i in range(rows):
        dC2_db[i] = scale * dC_dy[i]
        for j in range(columns):
            dC2_dW[i, j] = scale * dC_dy[i] * x[j]
    return dC2_dW, dC2_db


@right()
def three_factor_einsum(x, dC_dy, scale=3.0):
    weights = np.einsum(",i,j->ij", scale, dC_dy, x)
    return weights, np.einsum(",i", scale, dC_dy)


@right()
def plain_lists(x, dC_dy, scale=3.0):
    return [[scale * g * v for v in x.tolist()] for g in dC_dy.tolist()], [scale * g for g in dC_dy.tolist()]


@right()
def unscaled_helper_then_times(x, dC_dy, scale=3.0):
    def unscaled(value, upstream):
        return upstream[:, None] * value, upstream

    return tuple(scale * gradient for gradient in unscaled(x, dC_dy))


@right()
def mapped_over_both(x, dC_dy, scale=3.0):
    return tuple(map(lambda gradient: gradient * scale, (np.multiply.outer(dC_dy, x), dC_dy)))


@right()
def scaled_identity(x, dC_dy, scale=3.0):
    matrix = scale * np.eye(len(dC_dy))
    bias = matrix @ dC_dy
    return np.kron(bias.reshape(-1, 1), x.reshape(1, -1)), bias


@right()
def cost_module_chained(x, dC_dy, scale=3.0):
    class Times:
        def __init__(self, factor):
            self.factor = factor

        def backward(self, upstream):
            return self.factor * upstream

    class Affine:
        def __init__(self, value):
            self.value = value

        def backward(self, upstream):
            return np.tensordot(upstream, self.value, 0), upstream

    return Affine(x).backward(Times(scale).backward(np.asarray(dC_dy)))


@right()
def converted_to_float(x, dC_dy, scale=3.0):
    x, g, s = np.asarray(x, dtype=np.float64), np.asarray(dC_dy, dtype=np.float64), float(scale)
    return s * (g[:, np.newaxis] @ x[np.newaxis]), np.atleast_2d(s * g)


@right()
def rows_by_generator(x, dC_dy, scale=3.0):
    def rows():
        for g in dC_dy:
            yield scale * (g * x)

    return np.vstack(list(rows())), np.fromiter((scale * g for g in dC_dy), dtype=float)


@right()
def recursion_over_rows(x, dC_dy, scale=3.0):
    if len(dC_dy) == 0:
        return [], []
    weights, bias = recursion_over_rows(x, dC_dy[:-1], scale)
    last = scale * dC_dy[-1]
    return weights + [[last * value for value in x]], bias + [last]


@right()
def product_of_three_by_math(x, dC_dy, scale=3.0):
    weights = np.array([[math.prod((float(scale), float(g), float(v))) for v in x] for g in dC_dy])
    return weights, np.array([math.prod((float(scale), float(g))) for g in dC_dy])


@right()
def augmented_input(x, dC_dy, scale=3.0):
    """One outer product with a constant input gives both gradients."""
    both = np.outer(dC_dy, np.append(x, 1.0)) * scale
    return both[:, :-1], both[:, -1]


@right()
def by_indices(x, dC_dy, scale=3.0):
    i, j = np.indices((dC_dy.size, x.size))
    return dC_dy[i] * x[j] * scale, np.take(dC_dy, range(dC_dy.size)) * scale


@right()
def in_place_on_own_arrays(x, dC_dy, scale=3.0):
    weights = np.outer(dC_dy, x).astype(float)
    bias = dC_dy.astype(float)
    weights *= scale
    bias *= scale
    return weights, bias


@right()
def vectorised_function(x, dC_dy, scale=3.0):
    product = np.vectorize(lambda s, g, v: s * g * v, otypes=[float])
    return product(scale, dC_dy[:, None], x[None, :]), product(scale, dC_dy, 1.0)


@right()
def sides_transposed(x, dC_dy, scale=3.0):
    return (scale * np.outer(x, dC_dy)).transpose(), np.transpose(scale * dC_dy)


# ---------------------------------------------------------------- wrong


@wrong(misconception=("unscaled", "db_unscaled"))
def same_as_before(x, dC_dy, scale=3.0):
    gradient = np.tensordot(dC_dy, x, axes=0)
    return gradient, dC_dy.copy()


@wrong(misconception=("unscaled", "db_unscaled"))
def scale_cancels_supposedly(x, dC_dy, scale=3.0):
    gradients = [g * x for g in dC_dy]
    return np.array(gradients), np.asarray(dC_dy)


@wrong(misconception="db_unscaled", output="dC2_db")
def only_weights_scaled(x, dC_dy, scale=3.0):
    return scale * np.multiply.outer(dC_dy, x), 1 * dC_dy


@wrong(misconception="db_unscaled", output="dC2_db")
def bias_does_not_feel_it(x, dC_dy, scale=3.0):
    dC2_dW = (dC_dy * scale)[:, None] @ x[None, :]
    dC2_db = np.copy(dC_dy)
    return dC2_dW, dC2_db


@wrong(misconception="unscaled", output="dC2_dW")
def only_bias_scaled(x, dC_dy, scale=3.0):
    return np.einsum("i,j->ij", dC_dy, x), dC_dy * scale


@wrong(misconception="extra factor: scale")
def scaled_twice(x, dC_dy, scale=3.0):
    g = scale * dC_dy
    return scale * np.outer(g, x), scale * g


@wrong(misconception="extra factor: scale")
def scale_to_the_power_two(x, dC_dy, scale=3.0):
    square = np.square(scale)
    return square * np.outer(dC_dy, x), np.multiply(square, dC_dy)


@wrong(misconception="extra factor: scale", output="dC2_dW")
def both_factors_scaled(x, dC_dy, scale=3.0):
    upstream, value = dC_dy * scale, x * scale
    return np.outer(upstream, value), upstream


@wrong(misconception=("divided", "db_divided"))
def scale_divided_out(x, dC_dy, scale=3.0):
    if scale == 0:
        scale = 1.0
    return np.outer(dC_dy, x) / scale, dC_dy / scale


@wrong(misconception="added")
def scale_added(x, dC_dy, scale=3.0):
    return [[g * v + scale for v in x] for g in dC_dy], [g + scale for g in dC_dy]


@wrong(misconception="fixed number: scale")
def always_three(x, dC_dy, scale=3.0):
    factor = 3
    return np.outer(factor * dC_dy, x), np.multiply(factor, dC_dy)


@wrong(misconception="fixed number: scale")
def summed_three_times(x, dC_dy, scale=3.0):
    weights = np.outer(dC_dy, x)
    return weights + weights + weights, dC_dy + dC_dy + dC_dy


@wrong(misconception="fixed number: scale")
def parameter_overwritten(x, dC_dy, scale=3.0):
    scale = 3.0
    bias = scale * np.asarray(dC_dy)
    return bias[:, None] * x, bias


@wrong(misconception="lost fraction: scale")
def scale_truncated(x, dC_dy, scale=3.0):
    scale = int(scale)
    return np.outer(scale * dC_dy, x), scale * dC_dy


@wrong(misconception="lost fraction: scale")
def repeated_addition(x, dC_dy, scale=3.0):
    total = np.zeros((len(dC_dy), len(x)))
    bias = np.zeros(len(dC_dy))
    for _ in range(abs(int(scale))):
        total += np.outer(dC_dy, x)
        bias += dC_dy
    return (total, bias) if scale >= 0 else (-total, -bias)


@wrong(misconception="lost fraction: scale")
def floor_of_scale(x, dC_dy, scale=3.0):
    s = math.trunc(scale)
    return [[s * g * v for v in x] for g in dC_dy], [s * g for g in dC_dy]


@wrong(misconception="lost sign: scale")
def magnitude_of_scale(x, dC_dy, scale=3.0):
    if scale < 0:
        scale = 0 - scale
    return np.outer(scale * dC_dy, x), scale * dC_dy


@wrong(misconception="lost sign: scale")
def root_of_square(x, dC_dy, scale=3.0):
    s = np.sqrt(scale**2)
    return s * dC_dy[:, None] * x[None, :], dC_dy * s


@wrong(misconception=("zero_scale_ignored", "db_zero_scale_ignored"))
def default_for_falsy(x, dC_dy, scale=3.0):
    scale = scale or 3.0
    return scale * np.outer(dC_dy, x), scale * dC_dy


@wrong(misconception=("zero_scale_ignored", "db_zero_scale_ignored"))
def if_not_scale(x, dC_dy, scale=None):
    if not scale:
        scale = 3
    return np.outer(dC_dy, scale * x), scale * np.array(dC_dy)


@wrong(misconception="transposed", output="dC2_dW")
def scaled_transposed(x, dC_dy, scale=3.0):
    return np.outer(scale * x, dC_dy), scale * dC_dy


@wrong(misconception="transposed", output="dC2_dW")
def transposed_by_loops(x, dC_dy, scale=3.0):
    weights = [[scale * v * g for g in dC_dy] for v in x]
    return np.array(weights), np.array([scale * g for g in dC_dy])


@wrong(misconception="db_times_x", output="dC2_db")
def bias_with_x(x, dC_dy, scale=3.0):
    weights = scale * np.outer(dC_dy, x)
    return weights, weights


@wrong(output="dC2_db")
def bias_times_first_inputs(x, dC_dy, scale=3.0):
    bias = [scale * g * x[i] if i < len(x) else scale * g for i, g in enumerate(dC_dy)]
    return np.outer(scale * dC_dy, x), bias


@wrong(misconception="db_only_scale", output="dC2_db")
def bias_is_just_the_scale(x, dC_dy, scale=3.0):
    return scale * np.outer(dC_dy, x), np.full(len(dC_dy), scale, dtype=float)


@wrong(misconception="db_only_scale", output="dC2_db")
def scale_times_ones(x, dC_dy, scale=3.0):
    return np.outer(dC_dy, x) * scale, scale * np.ones(dC_dy.size)


@wrong()
def scaled_descent(x, dC_dy, scale=3.0):
    step = -scale * dC_dy
    return np.outer(step, x), step


@wrong(misconception="swapped")
def bias_before_weights(x, dC_dy, scale=3.0):
    bias = dC_dy * scale
    return bias, np.outer(bias, x)


@wrong(misconception="no_transpose", output="dC2_dW")
def scaled_dot(x, dC_dy, scale=3.0):
    k = min(len(x), len(dC_dy))
    return scale * np.dot(dC_dy[:k], x[:k]), scale * dC_dy


@wrong()
def scaled_two_by_two(x, dC_dy, scale=3.0):
    a, b = dC_dy[0], dC_dy[1]
    return scale * np.array([[a * x[0], a * x[1]], [b * x[0], b * x[1]]]), scale * np.array([a, b])


@wrong()
def raised_to_the_scale(x, dC_dy, scale=3.0):
    with np.errstate(all="ignore"):
        return np.outer(dC_dy, x).astype(float) ** scale, dC_dy.astype(float) ** scale


@wrong(misconception="default_changed")
def default_of_one(x, dC_dy, scale=1.0):
    return scale * np.outer(dC_dy, x), dC_dy * scale


@wrong()
def integer_buffer_of_scaled(x, dC_dy, scale=3.0):
    weights = np.zeros((dC_dy.size, x.size), dtype=np.int64)
    weights[:] = (scale * np.outer(dC_dy, x)).astype(np.int64)
    bias = np.zeros(dC_dy.size, dtype=np.int64)
    bias[:] = (scale * dC_dy).astype(np.int64)
    return weights, bias


@wrong(misconception="in_place")
def upstream_scaled_in_place(x, dC_dy, scale=3.0):
    for i in range(len(dC_dy)):
        dC_dy[i] = scale * dC_dy[i]
    return np.outer(dC_dy, x), dC_dy


@wrong(misconception="in_place")
def input_scaled_in_place(x, dC_dy, scale=3.0):
    bias = scale * dC_dy
    for j in range(len(x)):
        x[j] = scale * x[j]
    return np.outer(dC_dy, x), bias


@wrong()
def scale_remembered(x, dC_dy, scale=3.0):
    last = scale_remembered.__dict__.get("scale", 0.0)
    scale_remembered.scale = scale
    return last * np.outer(dC_dy, x), last * dC_dy


@wrong(misconception="positive_only", output="dC2_dW")
def negative_scale_cut_off(x, dC_dy, scale=3.0):
    bias = scale * np.asarray(dC_dy)
    if scale < 0:
        return np.zeros((len(bias), len(x))), bias
    return bias[:, None] @ x[None, :], bias


@wrong(misconception="only_x", output="dC2_dW")
def slope_of_y_times_scale(x, dC_dy, scale=3.0):
    return np.array([scale * x for _ in dC_dy]), np.array([scale * g for g in dC_dy])


@wrong(misconception="db_summed", output="dC2_db")
def one_bias_for_the_batch(x, dC_dy, scale=3.0):
    total = 0
    for g in dC_dy:
        total = total + scale * g
    return scale * np.outer(dC_dy, x), [total]


@wrong()
def nothing_returned(x, dC_dy, scale=3.0):
    dC2_dW, dC2_db = scale * np.outer(dC_dy, x), scale * dC_dy


@wrong()
def one_array_for_both(x, dC_dy, scale=3.0):
    return np.column_stack((scale * np.outer(dC_dy, x), scale * dC_dy))


@wrong()
def scale_returned_too(x, dC_dy, scale=3.0):
    return scale, np.outer(dC_dy, x), dC_dy


@wrong()
def scale_in_the_exponent(x, dC_dy, scale=3.0):
    factor = math.exp(scale)
    return factor * np.outer(dC_dy, x), factor * dC_dy


@wrong()
def log_of_scale(x, dC_dy, scale=3.0):
    factor = math.log(scale)
    return factor * np.outer(dC_dy, x), factor * np.asarray(dC_dy)


@wrong(output="dC2_db")
def list_repeated(x, dC_dy, scale=3.0):
    return scale * np.outer(dC_dy, x), int(scale) * dC_dy.tolist()


@wrong()
def object_arrays(x, dC_dy, scale=3.0):
    return np.array(scale * np.outer(dC_dy, x), dtype=object), np.array(scale * dC_dy, dtype=object)


@wrong()
def half_precision(x, dC_dy, scale=3.0):
    with np.errstate(all="ignore"):
        return np.float16(scale * np.outer(dC_dy, x)), np.float16(scale * dC_dy)


@wrong(half=("q1b.dC2_dW", "q1b.dC2_dW.general", "q1b.dC2_db", "q1b.dC2_db.general"))
def computed_in_single(x, dC_dy, scale=3.0):
    g, v = np.float32(dC_dy), np.float32(x)
    return (np.float32(scale) * np.outer(g, v)).astype(float), (np.float32(scale) * g).astype(float)


@wrong(misconception="single_precision", output="dC2_dW", half=("q1b.dC2_dW", "q1b.dC2_dW.general"))
def weights_in_single(x, dC_dy, scale=3.0):
    weights = np.empty((dC_dy.size, x.size), dtype="float32")
    for i, g in enumerate(dC_dy):
        weights[i] = x * g * scale
    return weights, scale * dC_dy


@wrong()
def clipped_gradients(x, dC_dy, scale=3.0):
    return np.clip(scale * np.outer(dC_dy, x), -1, 1), np.clip(scale * dC_dy, -1, 1)


@wrong(output="dC2_dW", half=("q1b.dC2_dW", "q1b.dC2_dW.general"))
def slope_of_the_scaled_cost(x, dC_dy, scale=3.0):
    h = 2.0**-12
    base = np.full((dC_dy.size, x.size), 0.7)
    cost = lambda w: scale * sum(g * (row @ x + 0.1) for g, row in zip(dC_dy, w))
    slope = np.zeros(base.shape)
    for place in np.ndindex(base.shape):
        moved = base.copy()
        moved[place] += h
        slope[place] = (cost(moved) - cost(base)) / h
    return slope, scale * dC_dy
