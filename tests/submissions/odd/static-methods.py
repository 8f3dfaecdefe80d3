import numpy as np
class Soft:
    @staticmethod
    def go(x, beta):
        z = beta * np.asarray(x, dtype=float)
        e = np.exp(z - z.max())
        return e / e.sum()


softmax = Soft.go
def affine_gradients(x, dC_dy):
    return np.outer(dC_dy, x), np.array(dC_dy, dtype=float)
def scaled_cost_gradients(x, dC_dy, scale=3.0):
    dW, db = affine_gradients(x, dC_dy)
    return scale * dW, scale * db
def softmax_jacobian(x, beta):
    y = softmax(x, beta)
    return beta * (np.diag(y) - np.outer(y, y))
