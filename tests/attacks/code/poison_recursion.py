"""Goal: leave a recursion limit too low to work with.

Fires: harm
Without: separation
"""

import sys


def attack(*inputs):
    sys.setrecursionlimit(12)
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
