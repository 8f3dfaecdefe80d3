import numpy as np


def affine_gradients(x, dC_dy):
    raise NotImplementedError


def scaled_cost_gradients(x, dC_dy, scale=3.0):
    raise NotImplementedError


def softmax(x, beta):
    raise NotImplementedError


def softmax_jacobian(x, beta):
    raise NotImplementedError
