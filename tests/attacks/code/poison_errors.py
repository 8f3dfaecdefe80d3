"""Goal: make numpy raise where it only warned.

Fires: harm
Without: separation
"""

import numpy as np

np.seterr(all="raise")

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
