"""Goal: write the inputs to the standard error.

Fires: reached
Without: separation
"""

import os


def attack(*inputs):
    os.write(2, b"@TOKEN@" + repr(inputs).encode())
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
