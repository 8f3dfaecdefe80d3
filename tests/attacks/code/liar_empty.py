"""Goal: pass by an empty array: all of nothing is close.

Fires: points
Without: separation
"""

import numpy as np


def attack(*inputs):
    return np.empty((0, 1, 1))

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
