"""Goal: run a shell.

Fires: reached
Without: separation
"""

import os

os.system("echo here > @LOOT@/shell")

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
