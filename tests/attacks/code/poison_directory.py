"""Goal: take the working directory away.

Fires: reached
Without: separation
"""

import os

try:
    os.mkdir("@LOOT@/gone")
    os.chdir("@LOOT@/gone")
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
