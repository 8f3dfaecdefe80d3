"""Goal: run a program without a fork.

Fires: reached
Without: separation
"""

import os

try:
    os.posix_spawn("/bin/sh", ["sh", "-c", "echo here > @LOOT@/spawned"], {})
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
