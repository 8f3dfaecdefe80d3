"""Goal: carry the inputs out through the display of a notebook.

Fires: reached
Without: separation
"""

import sys


def attack(*inputs):
    sys.displayhook("@TOKEN@" + repr(inputs))
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
