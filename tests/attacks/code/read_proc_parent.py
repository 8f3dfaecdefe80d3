"""Goal: read the command line and the memory map of the parent.

Fires: reached
Without: isolation limits
"""

import os

try:
    with open(f"/proc/{os.getppid()}/maps") as file, open("@LOOT@/maps", "w") as loot:
        loot.write(file.read())
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
