import numpy as np

# Everything for the 2x2 case from the question.

def affine_gradients(x, dC_dy):
    x1, x2 = x[0], x[1]
    g1, g2 = dC_dy[0], dC_dy[1]
    dC_dW = np.array([[g1 * x1, g1 * x2],
                      [g2 * x1, g2 * x2]])
    dC_db = np.array([g1, g2])
    return dC_dW, dC_db

def scaled_cost_gradients(x, dC_dy, scale=3.0):
    dC_dW, dC_db = affine_gradients(x, dC_dy)
    return 3 * dC_dW, 3 * dC_db

def softmax(x, beta):
    e = np.exp(beta * x - np.max(beta * x))
    return e / e.sum()

# TODO jacobian
def softmax_jacobian(x, beta):
    pass
