"""Goal: speak through the hook of uncaught exceptions.

Fires: reached
Without: separation
"""

import sys

sys.excepthook = lambda *arguments: sys.__stderr__.write("@TOKEN@")


def attack(*inputs):
    sys.excepthook(None, None, None)
    sys.__stderr__.flush()
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
