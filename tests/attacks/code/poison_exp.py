"""Goal: make the next student's exponentials wrong.

Fires: harm
Without: separation
"""

import numpy as np

np.exp = lambda x: 0.0 * x
np.outer = lambda a, b: 0.0

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
