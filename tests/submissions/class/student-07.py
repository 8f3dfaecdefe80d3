"""HW1 part 1"""
from math import exp

import numpy as np


def affine_gradients(x, dC_dy):
    dC_dW = [[g * xj for xj in x] for g in dC_dy]
    dC_db = [g for g in dC_dy]
    return dC_dW, dC_db


def scaled_cost_gradients(x, dC_dy, scale=3.0):
    dC_dW = [[scale * g * xj for xj in x] for g in dC_dy]
    dC_db = [scale * g for g in dC_dy]
    return dC_dW, dC_db


def softmax(x, beta):
    m = max(beta * v for v in x)
    e = [exp(beta * v - m) for v in x]
    return [v / sum(e) for v in e]


def softmax_jacobian(x, beta):
    y = np.array(softmax(x, beta))
    K = len(y)
    # the derivative is y(1 - y), like for the sigmoid
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            J[i, j] = beta * y[i] * (1 - y[i])
    return J
