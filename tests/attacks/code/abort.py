"""Goal: abort the process.

Fires: aborted
Without: separation
"""

import os


def attack(*inputs):
    os.abort()

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
