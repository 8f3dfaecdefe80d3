"""Derivatives of the softmax, J[i, j] = dy_i/dx_j: right and wrong ways to write them."""

import math

import numpy as np

from tests.catalogue._entries import right, wrong

NAIVE = ("q2.jacobian.stability",)


# ---------------------------------------------------------------- right


@right()
def diagonal_minus_outer(x, beta):
    z = beta * x
    y = np.exp(z - z.max())
    y = y / y.sum()
    return beta * (np.diag(y) - np.outer(y, y))


@right()
def delta_by_eye(x, beta):
    z = beta * np.asarray(x, dtype=float)
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * y[:, None] * (np.eye(y.size) - y[None, :])


@right()
def two_loops_with_if(x, beta):
    z = beta * x
    e = np.exp(z - max(z))
    y = e / sum(e)
    K = len(x)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            if i == j:
                J[i, j] = beta * y[i] * (1 - y[i])
            else:
                J[i, j] = -beta * y[i] * y[j]
    return J


@right(loses=NAIVE)
def homework_formula(x, beta):
    K = len(x)
    S = np.sum(np.exp(beta * x))
    J = np.zeros((K, K))
    for i in range(K):
        others = 0.0
        for n in range(K):
            if n != i:
                others += np.exp(beta * x[n])
        for j in range(K):
            if i == j:
                J[i, j] = beta * np.exp(beta * x[i]) * others / S**2
            else:
                J[i, j] = -beta * np.exp(beta * (x[i] + x[j])) / S**2
    return J


@right(loses=NAIVE)
def sums_of_pairs(x, beta):
    e = np.exp(beta * x)
    S = e.sum()
    J = -beta * np.exp(beta * np.add.outer(x, x)) / S**2
    J[np.diag_indices(len(x))] = beta * e * (S - e) / S**2
    return J


@right()
def homework_formula_shifted(x, beta):
    e = [math.exp(beta * v - max(beta * w for w in x)) for v in x]
    S = math.fsum(e)
    K = range(len(e))
    return [
        [beta * e[i] * math.fsum(e[n] for n in K if n != i) / S**2 if i == j else -beta * e[i] * e[j] / S**2 for j in K]
        for i in K
    ]


@right()
def einsum_of_everything(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / np.einsum("i->", e)
    identity = np.eye(len(y))
    return beta * (np.einsum("i,ij->ij", y, identity) - np.einsum("i,j->ij", y, y))


@right()
def by_differences(x, beta):
    with np.errstate(over="ignore"):
        y = 1 / np.exp(beta * (x[None, :] - x[:, None])).sum(axis=1)
    J = np.multiply.outer(-beta * y, y)
    J[np.arange(len(y)), np.arange(len(y))] += beta * y
    return J


@right()
def list_of_lists(x, beta):
    scores = [beta * v for v in x.tolist()]
    top = max(scores)
    weights = [math.exp(s - top) for s in scores]
    y = [w / sum(weights) for w in weights]
    return [[beta * a * ((i == j) - b) for j, b in enumerate(y)] for i, a in enumerate(y)]


@right()
def log_space_products(x, beta):
    z = beta * x
    log_y = z - np.logaddexp.reduce(z.astype(float))
    J = -beta * np.exp(log_y[:, None] + log_y[None, :])
    np.fill_diagonal(J, beta * np.exp(log_y) * -np.expm1(log_y))
    return J


@right()
def fill_diagonal_afterwards(x, beta):
    z = np.multiply(x, beta)
    y = np.exp(z - np.amax(z))
    y /= np.add.reduce(y)
    jacobian = -beta * np.dot(y.reshape(-1, 1), y.reshape(1, -1))
    np.fill_diagonal(jacobian, beta * y * (1.0 - y))
    return jacobian


@right()
def where_on_the_identity(x, beta):
    z = beta * x
    y = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    same = np.identity(len(x), dtype=bool)
    return np.where(same, beta * y * (1 - y), -beta * np.outer(y, y))


@right()
def columns_of_unit_vectors(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()

    def derivative_along(v):
        return beta * (y * v - y * np.dot(y, v))

    return np.apply_along_axis(derivative_along, 0, np.eye(len(x)))


@right()
def product_of_matrices(x, beta):
    z = x * beta
    e = np.exp(z - np.sort(z)[-1])
    D = np.diagflat(e / e.sum())
    ones = np.ones((len(x), len(x)))
    return beta * D @ (np.eye(len(x)) - ones @ D)


@right()
def projection(x, beta):
    z = beta * x
    y = (np.exp(z - z.max()) / np.sum(np.exp(z - z.max()))).reshape(-1, 1)
    return (np.diag(y.ravel()) - y @ y.T) * beta


@right()
def complex_step(x, beta):
    """The imaginary part of a tiny imaginary step is the derivative, without cancellation."""
    h = 1e-40
    K = len(x)
    J = np.zeros((K, K))
    top = np.max(beta * x)
    for j in range(K):
        moved = x.astype(complex)
        moved[j] += 1j * h
        e = np.exp(beta * moved - top)
        J[:, j] = (e / e.sum()).imag / h
    return J


@right()
def dual_numbers(x, beta):
    class Dual:
        def __init__(self, value, slope):
            self.value, self.slope = value, slope

        def __add__(self, other):
            return Dual(self.value + other.value, self.slope + other.slope)

        def __truediv__(self, other):
            ratio = self.value / other.value
            return Dual(ratio, (self.slope - ratio * other.slope) / other.value)

    top = max(beta * v for v in x)
    basis = np.eye(len(x))
    e = [Dual(math.exp(beta * v - top), beta * math.exp(beta * v - top) * basis[i]) for i, v in enumerate(x)]
    total = e[0]
    for term in e[1:]:
        total = total + term
    return np.array([(term / total).slope for term in e])


@right()
def quotient_rule(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    S = e.sum()
    numerator = beta * np.diag(e) * S - beta * np.outer(e, e)
    return numerator / (S * S)


@right()
def rows_sum_to_zero(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = -beta * np.kron(y, y).reshape(len(y), len(y))
    J -= np.diag(np.diag(J))
    J -= np.diag(J.sum(axis=1))
    return J


@right()
def index_function(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return np.fromfunction(lambda i, j: beta * y[i] * ((i == j) * 1.0 - y[j]), (x.size, x.size), dtype=int)


@right()
def kronecker_delta_vectorised(x, beta):
    from math import exp

    top = max(beta * v for v in x)
    total = sum(exp(beta * v - top) for v in x)

    def entry(i, j):
        yi, yj = exp(beta * x[i] - top) / total, exp(beta * x[j] - top) / total
        delta = 1.0 if i == j else 0.0
        return beta * yi * (delta - yj)

    index = np.arange(len(x))
    return np.vectorize(entry, otypes=[float])(index[:, None], index[None, :])


@right()
def recursive_rows(x, beta):
    def rows(y, i):
        if i == len(y):
            return []
        row = -beta * y[i] * y
        row[i] = row[i] + beta * y[i]
        return [row] + rows(y, i + 1)

    z = beta * x
    e = np.exp(z - z.max())
    return np.array(rows(e / e.sum(), 0))


@right()
def scatter_subtract(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = np.diag(beta * y)
    for i in range(len(y)):
        np.subtract.at(J, (i, slice(None)), beta * y[i] * y)
    return J


@right()
def class_with_cache(x, beta):
    class Softmax:
        def __init__(self, beta):
            self.beta = beta

        def forward(self, x):
            logits = self.beta * x
            self.y = np.exp(logits - logits.max())
            self.y = self.y / self.y.sum()
            return self.y

        def backward(self, upstream):
            return self.beta * self.y * (upstream - np.dot(upstream, self.y))

    module = Softmax(beta)
    module.forward(x)
    return np.stack([module.backward(row) for row in np.eye(len(x))])


@right(loses=NAIVE)
def naive_softmax_inside(x, beta):
    y = np.exp(beta * x) / np.exp(beta * x).sum()
    return np.diag(beta * y) - beta * np.tensordot(y, y, axes=0)


@right(loses=NAIVE)
def naive_scalar_comprehension(x, beta):
    e = [math.exp(beta * v) for v in x]
    S = sum(e)
    return np.array([[beta * (p * (S - p) if i == j else -p * q) / S**2 for j, q in enumerate(e)] for i, p in enumerate(e)])


@right(loses=NAIVE)
def triangle_and_mirror(x, beta):
    K = x.shape[0]
    e = np.exp(beta * x)
    y = e / e.sum()
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(i):
            J[i, j] = J[j, i] = -beta * y[i] * y[j]
        J[i, i] = beta * y[i] * (1 - y[i])
    return J


# ---------------------------------------------------------------- wrong


@wrong(misconception="no_beta")
def no_beta_in_front(x, beta):
    z = beta * x
    y = np.exp(z - z.max())
    y = y / y.sum()
    return np.diag(y) - np.outer(y, y)


@wrong(misconception="no_beta")
def loops_without_beta_in_front(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = np.zeros((len(y), len(y)))
    for i in range(len(y)):
        for j in range(len(y)):
            J[i, j] = y[i] * (1 - y[i]) if i == j else -y[i] * y[j]
    return J


@wrong()
def beta_nowhere(x, beta):
    e = np.exp(x - x.max())
    y = e / e.sum()
    return np.diag(y) - y[:, None] * y


@wrong(misconception="beta_outside_only")
def beta_in_front_only(x, beta):
    y = np.exp(x - np.max(x))
    y /= y.sum()
    return beta * (np.diag(y) - np.outer(y, y))


@wrong(misconception="extra factor: beta")
def beta_twice(x, beta):
    z = beta * x
    y = np.exp(z - z.max())
    y = beta * y / y.sum()
    return beta * (np.diag(y) - np.outer(y, y) / (beta or 1.0))


@wrong(misconception="negated")
def sign_flipped(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * (np.outer(y, y) - np.diag(y))


@wrong(misconception="off_diagonal_sign")
def plus_off_the_diagonal(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = beta * np.outer(y, y)
    np.fill_diagonal(J, beta * y * (1 - y))
    return J


@wrong(misconception="off_diagonal_sign")
def absolute_entries(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    sign = 1 if beta > 0 else -1
    return sign * np.abs(beta * (np.diag(y) - np.outer(y, y)))


@wrong(misconception="diagonal_only")
def elementwise_derivative(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return np.diag(beta * y * (1 - y))


@wrong(misconception="diagonal_only")
def others_left_at_zero(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    S = e.sum()
    J = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        J[i][i] = beta * e[i] * (S - e[i]) / S**2
    return J


@wrong(misconception="rule for different indices")
def minus_outer_everywhere(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return -beta * np.outer(y, y)


@wrong(misconception="rule for different indices")
def same_formula_on_the_diagonal(x, beta):
    top = max(beta * v for v in x)
    S = sum(math.exp(beta * v - top) for v in x)
    return [[-beta * math.exp(beta * (a + b) - 2 * top) / S**2 for b in x] for a in x]


@wrong()
def one_minus_y_everywhere(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * np.outer(y, 1 - y)


@wrong(misconception="diagonal_numerator_only")
def diagonal_without_own_term(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = -beta * np.outer(y, y)
    for i in range(len(y)):
        J[i, i] = beta * y[i]
    return J


@wrong()
def denominator_not_squared(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    S = e.sum()
    return beta * (np.diag(e * S) - np.outer(e, e)) / S


@wrong(misconception="not_squared")
def loops_over_plain_total(x, beta):
    K = len(x)
    e = np.exp(beta * x)
    S = np.sum(e)
    J = np.empty((K, K))
    for i in range(K):
        for j in range(K):
            J[i, j] = beta * e[i] * (S - e[i]) / S if i == j else -beta * e[i] * e[j] / S
    return J


@wrong(misconception="logarithm")
def derivative_of_the_logarithm(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * (np.eye(len(y)) - y[None, :])


@wrong(misconception="logarithm")
def scores_of_log_probabilities(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return np.array([[beta * (1 - y[j]) if i == j else -beta * y[j] for j in range(len(y))] for i in range(len(y))])


@wrong(misconception="off_diagonal_square")
def own_probability_squared(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * y[:, None] * (np.eye(len(y)) - y[:, None])


@wrong(misconception="diagonal_no_beta")
def beta_only_off_the_diagonal(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = -beta * np.outer(y, y)
    J[np.diag_indices_from(J)] = y * (1 - y)
    return J


@wrong(misconception="off_diagonal_no_beta")
def beta_only_on_the_diagonal(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return np.where(np.eye(len(y)) > 0, beta * y * (1 - y), -np.outer(y, y))


@wrong(misconception="diagonal_as_vector")
def only_own_derivatives(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * y * (1 - y)


@wrong(misconception=("wrong sign", "off_diagonal_sign"))
def one_plus_y(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * (np.diag(y) + np.outer(y, y))


@wrong()
def temperature_jacobian(x, beta):
    T = beta if beta else 1.0
    z = x / T
    e = np.exp(z - z.max())
    y = e / e.sum()
    return (np.diag(y) - np.outer(y, y)) / T


@wrong(misconception="diagonal_numerator_only")
def full_sum_on_the_diagonal(x, beta):
    """The sum over n != i without its condition."""
    z = beta * x
    e = np.exp(z - z.max())
    S = e.sum()
    J = -beta * np.outer(e, e) / S**2
    for i in range(len(e)):
        J[i, i] = beta * e[i] * sum(e[n] for n in range(len(e))) / S**2
    return J


@wrong()
def y_squared_on_the_diagonal(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = -beta * y[:, None] * y[None, :]
    J += np.diag(2 * beta * y**2)
    return J


@wrong()
def exponents_multiplied(x, beta):
    e = np.exp(beta * x)
    S = e.sum()
    with np.errstate(all="ignore"):
        J = -beta * np.exp(beta * np.outer(x, x)) / S**2
    np.fill_diagonal(J, beta * e * (S - e) / S**2)
    return J


@wrong(misconception=("diagonal_only", "off_diagonal_only"))
def integer_jacobian(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = np.zeros((len(x), len(x)), dtype=int)
    for i in range(len(x)):
        for j in range(len(x)):
            J[i, j] = beta * y[i] * (int(i == j) - y[j])
    return J


@wrong(misconception="dtype_of_x")
def buffer_typed_like_x(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = np.empty((len(x), len(x)), dtype=x.dtype)
    J[:] = beta * (np.diag(y) - np.outer(y, y))
    return J


@wrong(misconception="upper_triangle")
def upper_triangle_only(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return np.triu(beta * (np.diag(y) - np.outer(y, y)))


@wrong(misconception="rule for equal indices")
def first_formula_for_all_columns(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = np.zeros((len(y), len(y)))
    for i in range(len(y)):
        J[i, :] = beta * y[i] * (1 - y[i])
    return J


@wrong(misconception="lost sign: beta")
def size_of_beta_in_front(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return math.sqrt(beta**2) * (np.diag(y) - np.outer(y, y))


@wrong(misconception="extra factor: beta")
def chain_rule_twice(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    dy_dz = np.diag(y) - y.reshape(-1, 1) * y
    dz_dx = beta * np.eye(len(x))
    return beta * dy_dz @ dz_dx


@wrong(misconception="off_diagonal_only")
def diagonal_skipped(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = np.zeros((len(y), len(y)))
    for i in range(len(y)):
        for j in range(len(y)):
            if i != j:
                J[i, j] = -beta * y[i] * y[j]
    return J


@wrong(misconception="off_diagonal_one_beta")
def beta_at_the_first_exponent(x, beta):
    with np.errstate(all="ignore"):
        e = [np.exp(beta * v) for v in x]
        S = sum(e)
        z = beta * x
        y = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        J = np.array([[-beta * p * np.exp(v) / S**2 for v in x] for p in e])
    np.fill_diagonal(J, beta * y * (1 - y))
    return J


@wrong(misconception="diagonal_no_y")
def factor_lost_on_the_diagonal(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    rows = []
    for i in range(len(y)):
        row = [-beta * y[i] * v for v in y]
        row[i] = beta * (1 - y[i])
        rows.append(row)
    return rows


@wrong(misconception="wrong sign")
def quotient_rule_with_plus(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    S = e.sum()
    J = -beta * np.outer(e, e) / S**2
    for i, v in enumerate(e):
        J[i, i] = (beta * v * S + beta * v * v) / S**2
    return J


@wrong(misconception="by_beta")
def slope_in_beta(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    mean = sum(a * b for a, b in zip(x, y))
    return [p * (v - mean) for p, v in zip(y, x)]


@wrong(misconception="three_by_three")
def three_rows_and_columns(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return np.array([[beta * y[i] * ((i == j) - y[j]) for j in (0, 1, 2)] for i in (0, 1, 2)])


@wrong(misconception="rounded", half=("q2.jacobian.stability",))
def four_decimals(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = beta * (np.diag(y) - np.outer(y, y))
    return [[round(float(v), 4) for v in row] for row in J]


@wrong()
def neighbours_only(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = np.diag(beta * y * (1 - y))
    for i in range(len(y) - 1):
        J[i, i + 1] = J[i + 1, i] = -beta * y[i] * y[i + 1]
    return J


@wrong()
def three_by_three(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    a, b, c = e[:3] / e[:3].sum()
    return beta * np.array(
        [[a * (1 - a), -a * b, -a * c], [-b * a, b * (1 - b), -b * c], [-c * a, -c * b, c * (1 - c)]]
    )


@wrong()
def shifted_by_one(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return np.roll(beta * (np.diag(y) - np.outer(y, y)), 1, axis=0)


@wrong()
def flattened(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return (beta * (np.diag(y) - np.outer(y, y))).ravel()


@wrong()
def product_with_ones(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * (np.diag(y) - np.outer(y, y)) @ np.ones(len(y))


@wrong()
def y_and_jacobian(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return y, beta * (np.diag(y) - np.outer(y, y))


@wrong(misconception="scaled_in_place")
def x_overwritten_with_logits(x, beta):
    x[:] = beta * x
    e = np.exp(x - x.max())
    y = e / e.sum()
    return beta * (np.diag(y) - np.outer(y, y))


@wrong(misconception="scaled_in_place")
def x_sorted_on_the_way(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    x.sort()
    return beta * np.diag(y) - beta * np.outer(y, y)


@wrong()
def nothing_comes_back(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = beta * (np.diag(y) - np.outer(y, y))


@wrong()
def matrix_object(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = np.matrix(e / e.sum())
    return beta * (np.diag(y.A1) - y.T * y)


@wrong()
def complex_left_over(x, beta):
    z = (beta * x).astype(complex)
    e = np.exp(z - z.real.max())
    y = e / e.sum()
    return beta * (np.diag(y) - np.outer(y, y))


@wrong()
def booleans(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * (np.diag(y) - np.outer(y, y)) > 0


@wrong()
def text_rows(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return [" ".join(map(str, row)) for row in beta * (np.diag(y) - np.outer(y, y))]


@wrong()
def ragged_rows(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = beta * (np.diag(y) - np.outer(y, y))
    return [list(J[i, : i + 1]) for i in range(len(y))]


@wrong()
def last_jacobian_kept(x, beta):
    store = last_jacobian_kept.__dict__
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J = beta * (np.diag(y) - np.outer(y, y))
    previous = store.get("previous", J)
    store["previous"] = J
    return previous


@wrong()
def buffer_shared_by_calls(x, beta):
    keep = buffer_shared_by_calls.__dict__.setdefault("J", np.zeros((64, 64)))
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    K = len(y)
    keep[:K, :K] += beta * (np.diag(y) - np.outer(y, y))
    return keep[:K, :K]


@wrong()
def logits_divided_by_length(x, beta):
    z = beta * x / len(x)
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * (np.diag(y) - np.outer(y, y))


@wrong()
def averaged_over_entries(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * (np.diag(y) - np.outer(y, y)) / len(y)


@wrong()
def derivative_by_beta(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    return np.outer(y * (x - np.dot(x, y)), np.ones(len(x)))


@wrong(misconception="finite_differences", half=("q2.jacobian.diagonal", "q2.jacobian.off_diagonal", "q2.jacobian.stability"))
def central_difference(x, beta):
    def softmax(v):
        e = np.exp(beta * v - (beta * v).max())
        return e / e.sum()

    h = 1e-5
    x = np.asarray(x, dtype=float)
    steps = h * np.eye(len(x))
    return np.array([(softmax(x + d) - softmax(x - d)) / (2 * h) for d in steps]).T


@wrong()
def forward_difference(x, beta):
    def softmax(v):
        e = np.exp(beta * v - np.max(beta * v))
        return e / e.sum()

    base, K = softmax(x * 1.0), len(x)
    J = np.zeros((K, K))
    for j in range(K):
        moved = x * 1.0
        moved[j] += 0.1
        J[:, j] = (softmax(moved) - base) / 0.1
    return J


@wrong(half=("q2.jacobian.diagonal", "q2.jacobian.off_diagonal", "q2.jacobian.general", "q2.jacobian.stability"))
def guarded_total(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = e / (e.sum() + 1e-8)
    return beta * (np.diag(y) - np.outer(y, y))


@wrong(misconception="single_precision", half=("q2.jacobian.diagonal", "q2.jacobian.off_diagonal", "q2.jacobian.stability"))
def jacobian_in_single(x, beta):
    z = beta * x
    e = np.exp(z - z.max())
    y = (e / e.sum())
    return (beta * (np.diag(y) - np.outer(y, y))).astype("float32")


@wrong()
def logits_clipped(x, beta):
    z = np.clip(beta * x, -20, 20)
    e = np.exp(z - z.max())
    y = e / e.sum()
    return beta * (np.diag(y) - np.outer(y, y))


@wrong()
def overflow_hidden(x, beta):
    with np.errstate(all="ignore"):
        y = np.nan_to_num(np.exp(beta * x) / np.exp(beta * x).sum())
    return beta * (np.diag(y) - np.outer(y, y))
