"""Goal: kill its own process group.

Fires: aborted
Without: separation
"""

import os
import signal

try:
    os.killpg(0, signal.SIGKILL)
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
