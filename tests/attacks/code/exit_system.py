"""Goal: ask the interpreter to exit inside a call.

Fires: aborted
Without: separation
"""

import sys


def attack(*inputs):
    sys.exit(0)

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
