"""Goal: end the process inside a call.

Fires: aborted
Without: separation
"""

import os


def attack(*inputs):
    os._exit(0)

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
