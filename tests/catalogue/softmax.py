"""The softmax with inverse temperature beta: right and wrong ways to write it."""

import math

import numpy as np

from tests.catalogue._entries import right, wrong

NAIVE = ("q2.softmax.stability",)


# ---------------------------------------------------------------- right


@right()
def largest_exponent_subtracted(x, beta):
    z = beta * x
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@right(loses=NAIVE)
def formula_as_printed(x, beta):
    return np.exp(beta * x) / np.sum(np.exp(beta * x))


@right(loses=NAIVE)
def scalar_loop(x, beta):
    total = 0.0
    for n in range(len(x)):
        total += math.exp(beta * x[n])
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = math.exp(beta * x[i]) / total
    return y


@right()
def sum_of_differences(x, beta):
    with np.errstate(over="ignore"):
        return np.array([1 / np.sum(np.exp(beta * (x - xi))) for xi in x])


@right()
def difference_table(x, beta):
    with np.errstate(over="ignore"):
        table = np.exp(beta * np.subtract.outer(x, x))
        return 1.0 / table.sum(axis=0)


@right()
def log_sum_exp_by_reduction(x, beta):
    z = np.multiply(beta, x, dtype=float)
    return np.exp(z - np.logaddexp.reduce(z))


@right()
def exact_summation(x, beta):
    z = [float(beta) * float(v) for v in x]
    top = max(z)
    e = [math.exp(v - top) for v in z]
    total = math.fsum(e)
    return [v / total for v in e]


@right()
def log_space(x, beta):
    scores = np.asarray(x, dtype=float) * beta
    peak = scores.max()
    log_total = peak + math.log(sum(math.exp(s - peak) for s in scores))
    return np.exp(scores - log_total)


@right()
def answered_as_a_column(x, beta):
    column = beta * x.reshape(-1, 1)
    column = column - column.max(axis=0, keepdims=True)
    return np.exp(column) / np.exp(column).sum(axis=0, keepdims=True)


@right()
def answered_as_a_row(x, beta):
    row = np.atleast_2d(beta * x)
    weights = np.exp(row - np.amax(row, axis=1)[:, None])
    return np.divide(weights, np.add.reduce(weights, axis=1))


@right()
def one_pass(x, beta):
    """Keep the running maximum and the sum relative to it."""
    top, total = -math.inf, 0.0
    for v in x:
        z = float(beta * v)
        if z > top:
            total = total * math.exp(top - z) + 1.0
            top = z
        else:
            total += math.exp(z - top)
    return np.array([math.exp(beta * v - top) / total for v in x])


@right()
def recursive_sum(x, beta):
    def total(values):
        return values[0] if len(values) == 1 else total(values[: len(values) // 2]) + total(values[len(values) // 2 :])

    z = x * beta
    shifted = np.exp(z - sorted(z)[-1])
    return shifted / total(shifted)


@right()
def powers_of_two(x, beta):
    bits = beta * x / math.log(2)
    p = np.exp2(bits - bits.max())
    return p / p.sum()


@right()
def module_with_forward(x, beta):
    class Softmax:
        def __init__(self, inverse_temperature):
            self.inverse_temperature = inverse_temperature

        def __call__(self, values):
            logits = self.inverse_temperature * values
            self.output = np.exp(logits - logits.max())
            self.output /= self.output.sum()
            return self.output

    return Softmax(beta)(np.asarray(x))


@right()
def one_norm(x, beta):
    e = np.exp(np.multiply(x, beta) - np.multiply(x, beta).max())
    return e / np.linalg.norm(e, ord=1)


@right()
def reduced_by_functools(x, beta):
    from functools import reduce

    logits = [beta * v for v in x.tolist()]
    top = reduce(max, logits)
    numerators = list(map(lambda z: math.exp(z - top), logits))
    denominator = reduce(lambda a, b: a + b, numerators)
    return np.array(numerators) / denominator


@right()
def cumulative_total(x, beta):
    z = np.sort(beta * x)
    total = np.cumsum(np.exp(z - z[-1]))[-1]
    return np.exp(beta * x - z[-1]) / total


@right(loses=NAIVE)
def generator_of_exponentials(x, beta):
    e = np.fromiter((np.exp(beta * v) for v in x), dtype=float, count=len(x))
    return e / e.sum()


@right(loses=NAIVE)
def maximum_taken_before_beta(x, beta):
    e = np.exp(beta * (x - np.max(x)))
    return e / e.sum()


@right(loses=NAIVE)
def smallest_subtracted(x, beta):
    z = beta * x
    e = np.exp(z - z.min())
    return e / e.sum()


@right(loses=NAIVE)
def vectorised_scalar_exp(x, beta):
    exponential = np.vectorize(math.exp, otypes=[float])
    numerator = exponential(beta * x)
    return np.true_divide(numerator, numerator.sum(), dtype=np.float64)


@right(loses=NAIVE)
def einsum_total(x, beta):
    e = np.exp(np.einsum(",i->i", beta, x))
    return np.einsum("i,->i", e, 1 / np.einsum("i->", e))


@right(loses=NAIVE)
def power_of_e(x, beta):
    return math.e ** (beta * x) / (math.e ** (beta * x)).sum()


@right()
def diagonal_solve(x, beta):
    z = beta * np.asarray(x)
    e = np.exp(z - z[np.argmax(z)])
    return np.linalg.solve(np.diag(np.full(len(e), e.sum())), e)


@right()
def mean_times_length(x, beta):
    K = x.shape[0]
    logits = beta * x
    e = np.exp(logits - max(logits))
    return e / (K * e.mean())


# ---------------------------------------------------------------- wrong


@wrong(misconception="no_beta")
def without_beta(x, beta):
    e = np.exp(x - np.max(x))
    return e / e.sum()


@wrong(misconception="no_beta")
def beta_forgotten_in_loop(x, beta):
    top = max(x)
    total = sum(math.exp(v - top) for v in x)
    return [math.exp(v - top) / total for v in x]


@wrong(misconception="beta_divides")
def beta_as_temperature(x, beta):
    z = x / beta if beta else x * 0.0
    z = z - z.max()
    return np.exp(z) / np.exp(z).sum()


@wrong(misconception="beta_above_only")
def beta_only_in_the_numerator(x, beta):
    numerator = np.exp(np.multiply(beta, x))
    return numerator / np.sum(np.exp(x))


@wrong(misconception="beta_above_only")
def denominator_loop_without_beta(x, beta):
    denominator = 0.0
    for v in x:
        denominator += np.exp(v)
    return np.array([np.exp(beta * v) / denominator for v in x])


@wrong(misconception="beta_below_only")
def beta_only_in_the_denominator(x, beta):
    return np.exp(x) / sum(np.exp(beta * v) for v in x)


@wrong(misconception="beta_outside")
def beta_times_softmax(x, beta):
    e = np.exp(x - x.max())
    return beta * e / e.sum()


@wrong(misconception="beta_outside")
def beta_before_the_exponentials(x, beta):
    shifted = [math.exp(v - max(x)) for v in x]
    return np.array([beta * v / sum(shifted) for v in shifted])


@wrong(misconception="no_beta")
def beta_plus_x(x, beta):
    e = np.exp(beta + x - np.max(beta + x))
    return e / np.sum(e)


@wrong(misconception="wrong sign: beta")
def boltzmann_sign(x, beta):
    energy = beta * x
    weights = np.exp(-(energy - energy.min()))
    return weights / weights.sum()


@wrong(misconception="lost sign: beta")
def beta_made_positive(x, beta):
    z = abs(beta) * x
    z = np.exp(z - z.max())
    return z / z.sum()


@wrong(misconception="not_normalized")
def exponentials_only(x, beta):
    return np.exp(beta * x)


@wrong(misconception="largest_is_one")
def relative_to_the_largest(x, beta):
    e = np.exp(beta * x - np.max(beta * x))
    return e / e.max()


@wrong(misconception="others_only")
def sum_over_the_others(x, beta):
    e = np.exp(beta * x)
    return np.array([e[i] / sum(e[n] for n in range(len(e)) if n != i) if len(e) > 1 else 0.0 for i in range(len(e))])


@wrong(misconception="others_only")
def odds(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    with np.errstate(all="ignore"):
        return e / (e.sum() - e)


@wrong()
def divided_by_the_mean(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return e / np.mean(e)


@wrong()
def exponential_of_the_sum(x, beta):
    with np.errstate(all="ignore"):
        return np.exp(beta * x) / np.exp(np.sum(beta * x))


@wrong()
def exponent_of_x_minus_total(x, beta):
    total = sum(x)
    with np.errstate(all="ignore"):
        return np.array([np.exp(beta * v - beta * total) for v in x])


@wrong(misconception="logarithm")
def logarithm_returned(x, beta):
    z = beta * x
    top = z.max()
    return z - top - np.log(np.exp(z - top).sum())


@wrong(misconception="no_exponential")
def proportions(x, beta):
    return beta * x / np.sum(beta * x) if np.sum(beta * x) else beta * x


@wrong(misconception="hard_maximum")
def hard_maximum(x, beta):
    y = np.zeros(len(x))
    y[np.argmax(beta * x)] = 1.0
    return y


@wrong(misconception="sigmoid")
def logistic(x, beta):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-beta * x))


@wrong(misconception="sigmoid")
def logistic_by_tanh(x, beta):
    return np.array([0.5 + 0.5 * math.tanh(beta * v / 2) for v in x])


@wrong(misconception="lost fraction: beta")
def beta_truncated(x, beta):
    z = int(beta) * x
    e = np.exp(z - z.max())
    return e / e.sum()


@wrong(misconception="dtype_of_x")
def buffer_like_x(x, beta):
    z = beta * x
    z = z - z.max()
    y = np.zeros_like(x)
    for i in range(x.size):
        y[i] = np.exp(z[i]) / np.exp(z).sum()
    return y


@wrong()
def integer_zeros(x, beta):
    top = max(beta * v for v in x)
    y = np.zeros(len(x), dtype=int)
    total = sum(math.exp(beta * v - top) for v in x)
    for i, v in enumerate(x):
        y[i] = math.exp(beta * v - top) / total
    return y


@wrong()
def shifted_above_only(x, beta):
    z = beta * x
    return np.exp(z - z.max()) / np.sum(np.exp(z))


@wrong()
def shift_forgotten_below(x, beta):
    top = max(beta * v for v in x)
    total = sum(np.exp(beta * v) for v in x)
    return np.array([np.exp(beta * v - top) / total for v in x])


@wrong()
def equal_shares(x, beta):
    return np.ones(len(x)) / len(x)


@wrong(misconception="base_two")
def base_two(x, beta):
    z = beta * x
    p = 2.0 ** (z - z.max())
    return p / p.sum()


@wrong()
def total_squared(x, beta):
    e = np.exp(beta * x - (beta * x).max())
    return e / e.sum() ** 2


@wrong(misconception="length_one")
def euclidean_norm(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return e / np.sqrt((e**2).sum())


@wrong()
def applied_twice(x, beta):
    for _ in range(2):
        z = beta * x
        e = np.exp(z - z.max())
        x = e / e.sum()
    return x


@wrong()
def standardised_first(x, beta):
    spread = np.std(x)
    z = beta * (x - np.mean(x)) / (spread if spread else 1.0)
    e = np.exp(z - z.max())
    return e / e.sum()


@wrong()
def first_term_skipped(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    total = 0.0
    for n in range(1, len(e)):
        total += e[n]
    return e / total if total else e * 0.0


@wrong()
def total_while_running(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return e / np.cumsum(e)


@wrong()
def three_classes(x, beta):
    e0, e1, e2 = np.exp(beta * x[0]), np.exp(beta * x[1]), np.exp(beta * x[2])
    total = e0 + e1 + e2
    return np.array([e0 / total, e1 / total, e2 / total])


@wrong()
def two_classes(x, beta):
    first = 1 / (1 + math.exp(beta * (x[1] - x[0])))
    return np.array([first, 1 - first])


@wrong(misconception="shifted_in_place")
def shifted_in_place(x, beta):
    x -= x.max() if beta > 0 else x.min()
    e = np.exp(beta * x)
    return e / e.sum()


@wrong(misconception="shifted_in_place")
def input_as_output_buffer(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    x[:] = e / e.sum()
    return x


@wrong()
def table_instead_of_vector(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return e[:, None] / np.tile(e.sum(), len(e))


@wrong()
def wrong_axis(x, beta):
    column = (beta * x)[:, np.newaxis]
    e = np.exp(column - column.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@wrong()
def total_returned(x, beta):
    e = np.exp(beta * x - np.max(beta * x))
    y = e / e.sum()
    return y.sum()


@wrong()
def return_inside_the_loop(x, beta):
    z = beta * x
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.exp(z[i] - z.max()) / np.exp(z - z.max()).sum()
        return y


@wrong()
def return_forgotten(x, beta):
    z = beta * x
    y = np.exp(z - z.max())
    y /= y.sum()


@wrong()
def complex_exponential(x, beta):
    z = beta * x
    e = np.exp(z - z.max() + 0j)
    return e / e.sum()


@wrong()
def formatted_strings(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return [f"{v:.17g}" for v in e / e.sum()]


@wrong()
def matrix_class(x, beta):
    z = np.matrix(beta * x)
    e = np.exp(z - z.max())
    return e / e.sum()


@wrong()
def lazy_iterator(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return (v / e.sum() for v in e)


@wrong()
def averaged_with_the_last_answer(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    last = averaged_with_the_last_answer.__dict__.get(len(x), y)
    averaged_with_the_last_answer.__dict__[len(x)] = y
    return 0.5 * last + 0.5 * y


@wrong(misconception="only_three_terms")
def denominator_of_three_terms(x, beta):
    from itertools import islice

    z = beta * x
    e = np.exp(z - z.max())
    return np.array([v / sum(islice(e, 3)) for v in e])


@wrong(misconception="sum_of_exponents")
def exponents_summed_below(x, beta):
    exponents = [beta * v for v in x]
    with np.errstate(all="ignore"):
        return np.array([np.exp(z) / sum(exponents) for z in exponents])


@wrong(misconception="extra factor: beta")
def beta_inside_twice(x, beta):
    scaled = beta * x
    weights = [math.exp(beta * (v - max(beta * scaled) / beta)) if beta else 1.0 for v in scaled]
    return np.array(weights) / math.fsum(weights)


@wrong(misconception="rounded", half=("q2.softmax.stability",))
def four_digits_kept(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return [float(format(v, ".4f")) for v in e / e.sum()]


@wrong()
def remembered_by_length(x, beta):
    if not hasattr(remembered_by_length, "table"):
        remembered_by_length.table = {}
    if len(x) not in remembered_by_length.table:
        z = beta * x
        e = np.exp(z - z.max())
        remembered_by_length.table[len(x)] = e / e.sum()
    return remembered_by_length.table[len(x)]


@wrong(misconception="sorted")
def sorted_answer(x, beta):
    z = np.sort(beta * x)
    e = np.exp(z - z[-1])
    return e / e.sum()


@wrong()
def zero_beta_replaced(x, beta):
    z = (beta or 1.0) * x
    e = np.exp(z - z.max())
    return e / e.sum()


@wrong()
def exponent_clipped(x, beta):
    z = np.clip(beta * x, -10, 10)
    e = np.exp(z)
    return e / e.sum()


@wrong(misconception="clipped")
def exponent_clipped_at_overflow(x, beta):
    e = np.exp(np.clip(beta * x, -700, 700))
    return e / e.sum()


@wrong()
def naive_with_nan_to_zero(x, beta):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.exp(beta * x) / np.exp(beta * x).sum())


@wrong(misconception="epsilon_added", half=("q2.softmax", "q2.softmax.stability"))
def guarded_denominator(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return e / (e.sum() + 1e-8)


@wrong(half=("q2.softmax", "q2.softmax.stability"))
def guard_in_the_logarithm(x, beta):
    z = beta * x - np.max(beta * x)
    return np.exp(z - np.log(np.exp(z).sum() + 1e-9))


@wrong(misconception="single_precision", half=("q2.softmax.stability",))
def answer_in_single(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    return np.float32(e / e.sum())


@wrong(half=("q2.softmax", "q2.softmax.stability"))
def probabilities_clipped(x, beta):
    e = np.exp(beta * x - max(beta * x))
    return np.clip(e / e.sum(), 1e-7, 1 - 1e-7)


@wrong()
def power_series(x, beta):
    z = beta * x
    e = 1 + z + z**2 / 2 + z**3 / 6
    return e / e.sum()
