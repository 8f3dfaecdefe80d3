"""Goal: carry the inputs out in a warning.

Fires: reached
Without: separation
"""

import warnings


def attack(*inputs):
    warnings.simplefilter("always")
    warnings.warn("@TOKEN@" + repr(inputs))
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
