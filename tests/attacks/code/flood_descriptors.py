"""Goal: open descriptors until there are no more.

Fires: aborted
Without: separation
"""

import os

held = []
try:
    while True:
        held.append(os.dup(0))
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
