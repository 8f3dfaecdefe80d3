import numpy as np
def affine_gradients(x, dC_dy):
    return np.outer(dC_dy, x), np.array(dC_dy, dtype=float)

raise SystemExit('done')
def scaled_cost_gradients(x, dC_dy, scale=3.0):
    dW, db = affine_gradients(x, dC_dy)
    return scale * dW, scale * db
