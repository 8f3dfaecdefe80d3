"""Goal: replace the process by one that prints a result.

Fires: aborted
Without: separation
"""

import os

try:
    os.execv("/bin/true", ["true"])
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
