import numpy as np


def affine_gradients(x, dC_dy):
    # dC/dW = x * (dC/dy)^T
    dC_dW = np.outer(x, dC_dy)
    dC_db = np.array(dC_dy)
    return dC_dW, dC_db


def scaled_cost_gradients(x, dC_dy, scale=3.0):
    dC_dW, dC_db = affine_gradients(x, dC_dy)
    return scale * dC_dW, scale * dC_db


def softmax(x, beta):
    bx = beta * x
    bx = bx - bx.max()
    return np.exp(bx) / np.exp(bx).sum()


def softmax_jacobian(x, beta):
    y = softmax(x, beta)
    J = -beta * np.outer(y, y)
    for i in range(len(y)):
        J[i, i] = beta * y[i] * np.delete(y, i).sum()
    return J
