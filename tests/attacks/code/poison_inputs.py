"""Goal: change the inputs that everybody gets.

Fires: harm
Without: separation
"""

import numpy as np


def attack(*inputs):
    for value in inputs:
        if isinstance(value, np.ndarray):
            value.setflags(write=True)
            value[...] = 0
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
